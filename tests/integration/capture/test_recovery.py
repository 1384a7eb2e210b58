"""What a killed recorder leaves becomes a bundle that says so, whatever is missing of it."""

import os

import msgspec
import pytest

from appliance.capture.recovery import close_all, close_orphans, rebuild
from appliance.core.clock import from_ns, sortable_id, to_ns
from appliance.core.errors import BadBundle
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout, Lock
from appliance.domain.bundle import Manifest
from appliance.domain.call import Call, CallState, Party, Side
from appliance.domain.ledger import Mark, Reason
from tests.rigs.wire import EPOCH_NS, Wire

CALL_ID = sortable_id(EPOCH_NS)


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path).make()
    (layout.spool_open / CALL_ID).mkdir()
    return layout


@pytest.fixture
def folder(layout):
    return layout.spool_open / CALL_ID


def answered_call(end_s=4.0):
    wire = Wire()
    call = wire.call("killed@x")
    call.invite(0)
    call.ring(0.5)
    call.answer(1)
    call.talk(1, end_s)
    return wire, call


def ready(layout):
    return msgspec.json.decode((layout.spool_ready / CALL_ID / MANIFEST_FILE).read_bytes(), type=Manifest)


def at(moment):
    return (to_ns(moment) - EPOCH_NS) / 1e9


def test_a_lost_manifest_is_told_again_by_the_packets(layout, folder):
    wire, call = answered_call()
    wire.write(folder / MEDIA_FILE, as_bundle=True)
    assert close_all(layout) == [CALL_ID]
    manifest = ready(layout)
    assert manifest.complete
    assert manifest.marks == [Mark.INTERRUPTED]
    assert manifest.reason is None
    assert manifest.call.call_id == CALL_ID
    assert manifest.call.sip_call_id == "killed@x"
    assert (manifest.call.caller.number, manifest.call.callee.number) == ("1001", "1002")
    assert [
        at(x) for x in (manifest.call.started_at, manifest.call.ringing_at, manifest.call.answered_at)
    ] == [0, 0.5, 1]
    assert at(manifest.call.ended_at) == pytest.approx(3.98)
    assert {stream.side: (stream.ssrc, stream.packets, stream.encoding) for stream in manifest.streams} == {
        Side.CALLER: (call.ssrcs[0], 150, "PCMA"),
        Side.CALLEE: (call.ssrcs[1], 150, "PCMA"),
    }
    assert len(manifest.messages) == 5
    assert not folder.exists()


def test_a_stale_manifest_is_completed_and_keeps_what_only_it_knows(layout, folder):
    wire, _ = answered_call()
    wire.write(folder / MEDIA_FILE, as_bundle=True)
    stale = Manifest(
        call=Call(
            call_id=CALL_ID,
            sip_call_id="killed@x",
            interaction_id="another",
            caller=Party(number="1001"),
            callee=Party(number="1002"),
            started_at=from_ns(EPOCH_NS),
        ),
        interface="eth5",
        marks=[Mark.CAPTURE_LOSS],
    )
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(stale))
    close_all(layout)
    manifest = ready(layout)
    assert (manifest.interface, manifest.call.interaction_id) == ("eth5", "another")
    assert set(manifest.marks) == {Mark.CAPTURE_LOSS, Mark.INTERRUPTED}
    assert at(manifest.call.answered_at) == 1
    assert manifest.call.state is CallState.ENDED


def test_a_manifest_torn_in_half_counts_as_lost(layout, folder):
    wire, _ = answered_call()
    wire.write(folder / MEDIA_FILE, as_bundle=True)
    (folder / MANIFEST_FILE).write_bytes(b'{"v":1,"call":{"call_id":"')
    close_all(layout)
    assert ready(layout).call.sip_call_id == "killed@x"


def test_a_finished_manifest_is_handed_over_as_it_is(layout, folder):
    finished = Manifest(
        call=Call(
            call_id=CALL_ID,
            sip_call_id="done@x",
            interaction_id=CALL_ID,
            caller=Party(),
            callee=Party(),
            started_at=from_ns(EPOCH_NS),
            state=CallState.ENDED,
        ),
        complete=True,
        reason=Reason.BUSY,
    )
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(finished))
    close_all(layout)
    assert ready(layout) == finished


@pytest.mark.parametrize("cut", [1, 15, 16, 17, 100, 5000])
def test_a_torn_tail_costs_no_more_than_the_last_packet(layout, folder, cut):
    wire, _ = answered_call()
    path = wire.write(folder / MEDIA_FILE, as_bundle=True)
    os.truncate(path, path.stat().st_size - cut)
    close_all(layout)
    manifest = ready(layout)
    record_bytes = 16 + 20 + 8 + 12 + 160
    assert sum(stream.packets for stream in manifest.streams) == 300 - -(-cut // record_bytes)
    assert manifest.marks == [Mark.INTERRUPTED]


def test_a_call_that_was_ringing_is_interrupted_before_any_audio(layout, folder):
    wire = Wire()
    call = wire.call("ringing@x")
    call.invite(0)
    call.ring(0.5)
    wire.write(folder / MEDIA_FILE, as_bundle=True)
    close_all(layout)
    assert ready(layout).reason is Reason.INTERRUPTED


def test_a_folder_without_anything_still_is_a_row(layout):
    close_all(layout)
    manifest = ready(layout)
    assert manifest.reason is Reason.INTERRUPTED
    assert abs(at(manifest.call.started_at)) < 0.001


def test_media_without_signalling_is_a_recording(layout, folder):
    wire = Wire()
    wire.call("unseen@x").talk(0, 3)
    wire.write(folder / MEDIA_FILE, as_bundle=True)
    close_all(layout)
    manifest = ready(layout)
    assert set(manifest.marks) == {Mark.JOINED_LATE, Mark.INTERRUPTED}
    assert manifest.reason is None
    assert {stream.side for stream in manifest.streams} == set(Side)


def test_what_cannot_be_read_at_all_is_handed_over_for_the_archiver_to_set_aside(layout, folder):
    (folder / MEDIA_FILE).write_bytes(b"no capture at all, but something" * 10)
    with pytest.raises(BadBundle):
        rebuild(folder)
    assert close_all(layout) == [CALL_ID]
    assert (layout.spool_ready / CALL_ID / MEDIA_FILE).exists()
    assert not (layout.spool_ready / CALL_ID / MANIFEST_FILE).exists()


def test_bundles_of_a_running_recorder_are_left_alone(layout, folder):
    held = Lock(layout.capture_lock)
    assert close_orphans(layout, 0, now_s=2e9 * 10) == []
    assert folder.exists()
    held.close()
    assert close_orphans(layout, 0, now_s=2e9 * 10) == [CALL_ID]


def test_only_bundles_that_were_left_long_ago_are_closed(layout, folder):
    changed_s = folder.stat().st_mtime
    assert close_orphans(layout, 60, now_s=changed_s + 59) == []
    assert close_orphans(layout, 60, now_s=changed_s + 61) == [CALL_ID]


def test_closing_twice_changes_nothing(layout, folder):
    answered_call()[0].write(folder / MEDIA_FILE, as_bundle=True)
    close_all(layout)
    before = (layout.spool_ready / CALL_ID / MANIFEST_FILE).read_bytes()
    assert close_all(layout) == []
    assert (layout.spool_ready / CALL_ID / MANIFEST_FILE).read_bytes() == before
