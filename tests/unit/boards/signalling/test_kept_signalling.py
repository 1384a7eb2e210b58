"""Raw signalling that is kept: bounded, readable after a power cut, and good for repairing past calls."""

import shutil
import subprocess

import msgspec
import pytest

from appliance.boards.signalling import kept, pcapng
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.kept import Keeper, RawStreamFiles, folder_of, match, reread
from appliance.boards.signalling.rotation import Rotation, files
from appliance.settings import trunks
from tests.rigs import signalling as wire

SECOND = wire.SECOND
HOUR = 3600 * SECOND
DAY = 24 * HOUR
FOREVER = (wire.START - DAY, wire.START + 1000 * DAY)


def trunk(**settings):
    return msgspec.convert({"name": "北京 1/2", "lines": [{"first_circuit": 64}], **settings}, trunks.Trunk)


def ss7(label, **settings):
    return trunk(signalling={"kind": "ss7", "label": label}, **settings)


class Fork:
    """Hands what is heard to several at once."""

    def __init__(self, *listeners):
        self.listeners = listeners

    def __getattr__(self, name):
        def call(*args, **named):
            for listener in self.listeners:
                getattr(listener, name)(*args, **named)

        return call


def isup_call(keeper, at_ns, code=67, callee="2112345"):
    link = wire.SignallingLink((0x010203, 0x010205))
    texts = (
        (0, wire.iam(code, wire.isup_number(callee, 3), (0x0A, wire.isup_number("10876543", 3, 0x13)))),
        (1, wire.acm(code)),
        (1, wire.anm(code)),
        (0, wire.rel(code, 16)),
        (1, wire.rlc(code)),
    )
    for index, (port, text) in enumerate(texts):
        keeper.frame(port, 16, at_ns + index * SECOND, link.unit(port, 5, text))


def test_calls_that_a_wrong_setting_lost_are_repaired_from_what_was_kept(tmp_path):
    wrong, right = ss7("itu"), ss7("china")
    keeper = Keeper(tmp_path, wrong)
    isup_call(keeper, wire.START)
    keeper.close()
    assert [call.callee for call in reread(tmp_path, wrong, *FOREVER)] == []
    (call,) = reread(tmp_path, right, *FOREVER)
    assert (call.caller, call.callee, call.circuit) == ("010876543", "02112345", Circuit(0, 3))
    assert (call.begun_ns, call.ringing_ns, call.answered_ns, call.ended_ns) == tuple(
        wire.START + second * SECOND for second in (0, 1, 2, 3)
    )
    assert (call.cause, call.by_port) == (16, 0)
    assert [step.label for step in call.steps] == ["IAM", "ACM", "ANM", "REL", "RLC"]


def test_other_prefixes_repair_the_numbers_of_past_calls(tmp_path):
    keeper = Keeper(tmp_path, ss7("china"))
    isup_call(keeper, wire.START)
    keeper.close()
    (call,) = reread(tmp_path, ss7("china", national_prefix=""), *FOREVER)
    assert call.callee == "2112345"


def test_a_call_keeps_its_key_when_it_is_read_again(tmp_path):
    keeper = Keeper(tmp_path, ss7("china"))
    isup_call(keeper, wire.START)
    keeper.close()
    keys = [reread(tmp_path, ss7("china", national_prefix=prefix), *FOREVER)[0].key for prefix in ("", "0")]
    assert keys[0] == keys[1]


def test_only_calls_that_began_in_the_time_are_told(tmp_path):
    keeper = Keeper(tmp_path, ss7("china"))
    for hour in range(5):
        isup_call(keeper, wire.START + hour * HOUR, code=65 + hour)
    keeper.close()
    found = reread(tmp_path, ss7("china"), wire.START + HOUR, wire.START + 3 * HOUR)
    assert [call.begun_ns for call in found] == [wire.START + HOUR, wire.START + 2 * HOUR]
    assert all(call.ended_ns for call in found)


def test_line_and_register_signals_are_kept_over_the_change_of_files(tmp_path):
    settings = trunk(signalling={"kind": "r2"})
    keeper = Keeper(tmp_path, settings)
    line = wire.ChinaNo1(keeper, timeslot=5)
    line.idle()
    line.seize()
    line.dial("6234", "8765")
    line.answer()
    line.at_ns += 2 * HOUR
    other = wire.ChinaNo1(keeper, timeslot=6, at_ns=line.at_ns)
    other.idle()
    line.clear()
    keeper.close()
    assert len(files(folder_of(tmp_path, settings), kept.SUFFIX)) == 2
    (call,) = reread(tmp_path, settings, *FOREVER)
    assert (call.caller, call.callee, call.cause) == ("8765", "6234", 16)
    # the later file alone knows that the line was up
    files(folder_of(tmp_path, settings), kept.SUFFIX)[0][1].unlink()
    (call,) = reread(tmp_path, settings, *FOREVER)
    assert (call.is_late, call.cause) == (True, 16)


def test_fill_in_units_and_acknowledgements_are_not_kept(tmp_path):
    for settings, idle in ((ss7("china"), wire.FILL_IN), (trunk(), wire.RECEIVER_READY)):
        keeper = Keeper(tmp_path, settings)
        for _ in range(10):
            keeper.frame(0, 16, wire.START, idle)
        keeper.close()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_kept_when_that_is_set(tmp_path):
    keeper = Keeper(tmp_path, ss7("china", keep_days=0))
    isup_call(keeper, wire.START)
    keeper.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_ends_in_the_middle_is_read_up_to_there(tmp_path):
    settings = ss7("china")
    keeper = Keeper(tmp_path, settings)
    isup_call(keeper, wire.START)
    keeper.close()
    ((_, path),) = files(folder_of(tmp_path, settings), kept.SUFFIX)
    whole = path.read_bytes()
    counts = []
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        counts.append(len(list(kept.heard(folder_of(tmp_path, settings), *FOREVER))))
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 5)


def test_files_that_are_none_of_ours_are_passed_over(tmp_path):
    settings = ss7("china")
    keeper = Keeper(tmp_path, settings)
    isup_call(keeper, wire.START)
    keeper.close()
    folder = folder_of(tmp_path, settings)
    (folder / f"{wire.START - HOUR:020d}.pcapng").write_bytes(b"something else entirely, and long enough")
    (folder / "readme.txt").write_text("hello")
    assert len(reread(tmp_path, settings, *FOREVER)) == 1


def test_what_is_too_old_goes(tmp_path):
    rotation = Rotation(tmp_path, ".x", keep_days=2, keep_bytes=1 << 20)
    for day in range(6):
        rotation.begin(wire.START + day * DAY, b"head")
    rotation.close()
    # the file before the limit holds what was heard up to the next one
    assert [begun for begun, _ in files(tmp_path, ".x")] == [wire.START + day * DAY for day in (2, 3, 4, 5)]


def test_the_oldest_goes_when_there_is_too_much(tmp_path):
    rotation = Rotation(tmp_path, ".x", keep_days=None, keep_bytes=100_000)
    for index in range(100):
        at_ns = wire.START + index * SECOND
        if rotation.needs_file(at_ns):
            rotation.begin(at_ns, b"")
        rotation.write(at_ns, bytes(10_000))
    rotation.close()
    found = files(tmp_path, ".x")
    assert sum(path.stat().st_size for _, path in found) <= 110_000
    assert found[-1][1].stat().st_size > 0
    assert len(found) > 1


def test_a_folder_that_cannot_be_written_costs_no_call(tmp_path):
    (tmp_path / "file").write_text("")
    keeper = Keeper(tmp_path / "file", ss7("china"))
    isup_call(keeper, wire.START)
    keeper.flush()
    keeper.close()
    assert keeper.left_out == 5


def test_a_name_that_differs_only_in_its_signs_has_a_folder_of_its_own(tmp_path):
    names = ("北京", "上海", "a/b", "a b", "..", "A-B")
    assert len({folder_of(tmp_path, trunk(name=name)) for name in names}) == len(names)
    assert all(folder_of(tmp_path, trunk(name=name)).parent == tmp_path for name in names)


def past(key, timeslot, begun, ended):
    return kept.PastCall(key=key, circuit=Circuit(0, timeslot), from_port=0, begun_ns=begun, ended_ns=ended)


def test_a_recording_is_matched_by_key_then_by_circuit_and_time():
    calls = [past("a", 1, 0, 100), past("b", 1, 100, 200), past("c", 2, 0, 200)]
    assert match(calls, "b", Circuit(0, 1), 0, 90).key == "b"
    assert match(calls, "?", Circuit(0, 1), 10, 110).key == "a"
    assert match(calls, "?", Circuit(0, 1), 150, 400) is None
    assert match(calls, "c", Circuit(0, 1), 500, 600) is None


def test_tshark_opens_what_is_kept(tmp_path):
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    settings = ss7("china")
    keeper = Keeper(tmp_path, settings)
    isup_call(keeper, wire.START)
    keeper.close()
    ((_, path),) = files(folder_of(tmp_path, settings), kept.SUFFIX)
    told = subprocess.run(
        ["tshark", "-r", str(path), "-o", "mtp3.standard:Chinese ITU", "-T", "fields", "-e", "frame.interface_name", "-e", "frame.time_epoch", "-e", "isup.message_type"],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout.splitlines()  # fmt: skip
    assert told[0].split("\t")[:2] == ["e1-1 port-0 timeslot-16", f"{wire.START // SECOND}.000000000"]
    assert [line.split("\t")[2] for line in told] == ["1", "6", "9", "12", "16"]


# ---- raw streams ----------------------------------------------------------------------------------------------------


def streams(tmp_path, stream, **settings):
    return RawStreamFiles(tmp_path, trunk(raw=[{"stream": stream, **settings}]), 0)


def test_frames_of_a_raw_stream_are_written_as_they_are(tmp_path):
    raw = streams(tmp_path, "hdlc")
    for index in range(3):
        raw.frame(1, 16, wire.START + index, bytes([index, 7]))
    raw.close()
    (path,) = tmp_path.rglob("*.pcapng")
    assert [octets for _, _, octets in pcapng.read(path)] == [b"\0\7", b"\1\7", b"\2\7"]


@pytest.mark.parametrize(("stream", "idle", "unit"), [
    ("ss7_64k", wire.FILL_IN, wire.signal_unit(b"\x85abcdef")),
    ("ss7_2m", wire.long_signal_unit(b""), wire.long_signal_unit(bytes(300))),
    ("ss7_2m", wire.long_signal_unit(b""), wire.long_signal_unit(bytes(256))),
])  # fmt: skip
def test_fill_in_units_of_a_raw_stream_are_left_out(tmp_path, stream, idle, unit):
    raw = streams(tmp_path, stream)
    for octets in (idle, unit, idle):
        raw.frame(0, 1, wire.START, octets)
    raw.close()
    (path,) = tmp_path.rglob("*.pcapng")
    assert [octets for _, _, octets in pcapng.read(path)] == [unit]


def test_octets_of_a_timeslot_are_written_without_bridging_gaps(tmp_path):
    raw = streams(tmp_path, "transparent", timeslots=[3])
    at_ns = wire.START
    for index in range(10):
        raw.octets(0, 3, at_ns, bytes([index]) * 800)
        at_ns += SECOND // 10
        if index == 4:
            at_ns += 3 * SECOND
    raw.close()
    found = sorted(tmp_path.rglob("*.raw"))
    assert [int(path.stem) for path in found] == [wire.START, wire.START + SECOND // 2 + 3 * SECOND]
    assert [path.stat().st_size for path in found] == [4000, 4000]


def test_a_raw_stream_keeps_within_its_bounds(tmp_path):
    raw = streams(tmp_path, "transparent", timeslots=[3], most_mib=1)
    for index in range(400):
        raw.octets(0, 3, wire.START + index * SECOND, bytes(8000))
    raw.close()
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.raw")) <= (1 << 20)
