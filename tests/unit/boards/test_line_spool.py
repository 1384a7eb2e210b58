"""Bundles of lines on the disk: a full disk, an end that is known late, what a killed program leaves."""

from datetime import timedelta

import msgspec
import pytest

from appliance.boards.spool import Block, Spool, close_all, file_name
from appliance.core.clock import from_ns
from appliance.core.files import MANIFEST_FILE
from appliance.domain.bundle import Manifest
from appliance.domain.call import Call, CallState, DataType, Party
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import Gap, Line

BEGAN = from_ns(1_800_000_000_000_000_000)
NAME = "01m7zw8jvdpkjxgycwev"
FILE = file_name(1)


def manifest(state=CallState.UP):
    call = Call(
        call_id=NAME, sip_call_id="", interaction_id=NAME, caller=Party(), callee=Party(), started_at=BEGAN,
        answered_at=BEGAN, state=state, data_type=DataType.ANALOG,
    )  # fmt: skip
    return Manifest(call=call, lines=[Line(file=FILE, law="PCMA", starts_at=BEGAN, channel=1)])


@pytest.fixture
def spool(layout):
    made = Spool(layout, 0)
    yield made
    made.close()


def block(codes):
    return Block(NAME, FILE, codes, 0xD5)


def ready(layout):
    folder = layout.spool_ready / NAME
    told = msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)
    return (folder / FILE).read_bytes(), told


def test_what_was_written_is_handed_over_by_one_rename(layout, spool):
    spool.write([block(b"abc"), block(b"def")])
    assert spool.finish([manifest()]) == []
    codes, told = ready(layout)
    assert codes == b"abcdef"
    assert told.lines[0].gaps == []
    assert not list(layout.spool_lines.iterdir())


def test_what_a_full_disk_refused_is_silence_in_its_place(layout, spool):
    spool.write([block(b"aaaa")])
    spool.is_full = True
    spool.write([block(b"bbbb"), block(b"cc")])
    spool.is_full = False
    spool.write([block(b"dd")])
    spool.finish([manifest()])
    codes, told = ready(layout)
    assert codes == b"aaaa" + bytes([0xD5]) * 6 + b"dd"
    assert told.lines[0].gaps == [Gap(at=4, samples=6)]
    assert Mark.DISK_FULL in told.marks


def test_a_disk_that_stays_full_is_told_too(layout, spool):
    spool.write([block(b"aaaa")])
    spool.is_full = True
    spool.write([block(b"bbbb")])
    spool.finish([manifest()])
    codes, told = ready(layout)
    assert codes == b"aaaa"
    assert told.lines[0].gaps == [Gap(at=4, samples=4)]


def test_too_little_room_counts_as_full(layout):
    spool = Spool(layout, 1 << 60)
    spool.look()
    assert spool.is_full
    spool.keep_free_bytes = 0
    spool.look()
    assert not spool.is_full


def test_what_lies_beyond_the_end_of_a_call_is_cut_off(layout, spool):
    spool.write([block(b"abcdef")])
    spool.shorten(NAME, FILE, 4)
    spool.finish([manifest()])
    assert ready(layout)[0] == b"abcd"


def test_a_call_that_may_not_be_recorded_leaves_no_sound(layout, spool):
    spool.write([block(b"abcdef")])
    spool.drop(NAME)
    assert not list(layout.spool_lines.rglob(FILE))


def test_an_earlier_life_is_closed_where_its_sound_ends(layout, spool):
    spool.renew({NAME: Spool.encode(manifest())})
    spool.write([block(bytes(16_000))])
    assert close_all(layout) == 1
    codes, told = ready(layout)
    assert len(codes) == 16_000
    assert told.call.ended_at == BEGAN + timedelta(seconds=2)
    assert told.call.state is CallState.ENDED
    assert Mark.INTERRUPTED in told.marks
    assert not told.complete


def test_a_call_that_only_rang_is_closed_with_a_reason(layout, spool):
    call = manifest(CallState.RINGING)
    call.call.answered_at = None
    call.lines.clear()
    spool.renew({NAME: Spool.encode(call)})
    assert close_all(layout) == 1
    told = msgspec.json.decode((layout.spool_ready / NAME / MANIFEST_FILE).read_bytes(), type=Manifest)
    assert told.reason is Reason.INTERRUPTED


def test_a_damaged_manifest_is_handed_over_for_the_archiver_to_judge(layout, spool):
    spool.renew({NAME: b"{"})
    spool.write([block(b"abc")])
    assert close_all(layout) == 1
    assert (layout.spool_ready / NAME / FILE).read_bytes() == b"abc"
