"""Lines and trunks through the real programs: a replay board is the hardware, everything behind it is the box's own."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from appliance.core.files import LINE_SUFFIX, Layout
from appliance.domain.bundle import Record
from appliance.domain.call import DataType, Direction, Side
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import RATE_HZ
from appliance.media.live import Tapped, parse_rtp, split_frames
from appliance.media.pcm import SILENT_CODE, Law, expand, summed
from appliance.settings.storage import load, save, validate
from drivers.boards.replay import BUFFERED_S
from tests.rigs.daemons import Daemons, daemons, recorded
from tests.rigs.lines import Pri, Scenario, codes, keys, pri_settings, speech
from tests.rigs.patience import until


@pytest.fixture
def running(layout: Layout) -> Iterator[Daemons]:
    with daemons(layout) as made:
        made.broker()
        yield made


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    folder = tmp_path / "scenario"
    folder.mkdir()
    return Scenario(folder)


def use(
    layout: Layout, scenario: Path, *, real_time: bool = False, card: dict | None = None, **boards: object
) -> None:
    """Settings with this board."""
    settings = load(layout)
    content = msgspec.to_builtins(settings)
    content["capture"]["keep_free_mib"] = 16
    content["boards"] = {
        "cards": [
            {
                "kind": "replay",
                "name": "test",
                "scenario": str(scenario),
                "real_time": real_time,
                **(card or {}),
            }
        ],
        **boards,
    }
    save(layout, validate(content), settings.revision)


def rows(layout: Layout, count: int) -> list[Record]:
    """The ledger's rows when there are so many, by channel."""

    def enough() -> list[Record]:
        found = recorded(layout)
        return found if len(found) >= count else []

    found = until(enough, 120, f"{count} rows")
    return sorted(found, key=lambda one: one.manifest.policy.channel if one.manifest.policy else 0)


def sound(layout: Layout, record: Record) -> list[bytes]:
    """The G.711 codes of each track of a recording."""
    assert record.recording is not None, record.reason
    content = (layout.archive / record.recording.file).read_bytes()
    data = content[content.index(b"data") + 8 :][
        : round(record.recording.length_s * RATE_HZ) * record.recording.channels
    ]
    return [data[track :: record.recording.channels] for track in range(record.recording.channels)]


def test_an_analog_line_is_in_the_archive_bit_by_bit(layout, running, scenario):
    said = speech(4)
    scenario.line((8.5, 14), rings=(2, 7), talk=(9, said), keys=(13, keys("42")))
    scenario.line(rings=(2,))
    scenario.line((3, 7), talk=(3, speech(3, seed=2)))
    use(layout, scenario.write(), channels=[{"number": 1, "name": "Front desk", "extension": "801"}])
    running.start("archiver")
    running.start("boards")
    answered, unanswered, outgoing = rows(layout, 3)
    (track,) = sound(layout, answered)
    assert codes(said) in track
    call = answered.call
    assert (call.data_type, call.direction) == (DataType.ANALOG, Direction.INCOMING)
    assert (call.callee.number, call.callee.display) == ("801", "Front desk")
    assert [event.detail for event in call.events if event.kind == "dtmf"] == ["4", "2"]
    assert answered.recording.length_s == 6.5
    assert (unanswered.reason, unanswered.recording) == (Reason.NO_ANSWER, None)
    assert outgoing.call.direction is Direction.OUTGOING
    assert not answered.marks
    assert not list(layout.spool_lines.iterdir())


def test_both_directions_of_a_trunk_are_joined(layout, running, scenario):
    trunk = Pri(scenario, 1, 2, 3)
    left, right = speech(5, seed=3), speech(5, seed=4)
    trunk.call(2, "13800138000", "62951234", begin_s=1, answer_s=4, end_s=10)
    trunk.speak(4, 0, 2, left)
    trunk.speak(4.5, 1, 2, right)
    trunk.call(3, "801", "110", begin_s=11, answer_s=None, end_s=14, port=1, cause=17, ended_by=1)
    use(layout, scenario.write(), trunks=[pri_settings()])
    running.start("archiver")
    running.start("boards")
    talk, busy = rows(layout, 2)
    caller, callee = sound(layout, talk)
    assert codes(left) in caller
    assert codes(right) in callee
    call = talk.call
    assert (call.data_type, call.direction) == (DataType.E1, Direction.INCOMING)
    assert (call.caller.number, call.callee.number) == ("13800138000", "62951234")
    assert (call.answered_at - call.started_at).total_seconds() == pytest.approx(3, abs=0.2)
    assert call.ended_by is Side.CALLER
    assert [message.transport for message in talk.manifest.messages[:1]] == ["q931"]
    # the place of the answer in the recording: both began to speak then
    at = caller.index(codes(left)[:800])
    assert at / RATE_HZ == pytest.approx(3, abs=0.2)
    assert callee.index(codes(right)[:800]) - at == RATE_HZ // 2
    assert (busy.reason, busy.call.direction) == (Reason.BUSY, Direction.OUTGOING)
    assert any((layout.signalling).rglob("*.pcapng"))


def test_timeslots_of_a_trunk_are_written_as_they_are_beside_its_calls(layout, running, scenario):
    trunk = Pri(scenario, 1, 2, 3)
    said = [speech(5, seed=5), speech(5, seed=6)]
    trunk.call(2, "13800138000", "62951234", begin_s=1, answer_s=2, end_s=9)
    for port in (0, 1):
        trunk.speak(3, port, 2, said[port])
    raw = [{"timeslots": [2], "stream": "transparent"}, {"timeslots": [16], "stream": "hdlc"}]
    use(layout, scenario.write(), trunks=[pri_settings(raw=raw)])
    running.start("archiver")
    running.start("boards")
    (record,) = rows(layout, 1)
    assert record.reason is None

    def contents(stream: int, timeslot: int, port: int) -> bytes:
        folder = f"stream-{stream}/port-{port}-timeslot-{timeslot:02}"
        return b"".join(path.read_bytes() for path in layout.signalling.rglob(f"{folder}/*"))

    for port in (0, 1):
        until(lambda port=port: codes(said[port]) in contents(1, 2, port), 60, f"what port {port} heard")
    until(lambda: b"13800138000" in contents(2, 16, 0), 60, "the frame with both numbers")
    assert b"13800138000" not in contents(2, 16, 1)


@pytest.mark.parametrize(
    ("tracks", "channels"), [("mixed", 1), ("incoming", 1), ("outgoing", 1), ("stereo", 2)]
)
def test_what_of_a_trunk_is_recorded_can_be_chosen(layout, running, scenario, tracks, channels):
    trunk = Pri(scenario, 1)
    comes, goes = speech(3, seed=5), speech(3, seed=6)
    trunk.call(1, "801", "110", begin_s=1, answer_s=3, end_s=8, port=1)
    trunk.speak(4, 0, 1, comes)
    trunk.speak(4, 1, 1, goes)
    use(layout, scenario.write(), trunks=[pri_settings()], channels=[{"number": 1, "tracks": tracks}])
    running.start("archiver")
    running.start("boards")
    (record,) = rows(layout, 1)
    found = sound(layout, record)
    assert len(found) == channels
    assert any(codes(comes) in track for track in found) is (tracks in ("incoming", "stereo"))
    assert any(codes(goes) in track for track in found) is (tracks in ("outgoing", "stereo"))
    if tracks == "stereo":
        assert codes(goes) in found[0]  # who calls is on the left
    if tracks == "mixed":
        assert len(set(found[0][-3 * RATE_HZ :])) > 1


def test_several_channels_are_mixed_into_one_recording(layout, running, scenario):
    said = [
        (2, speech(5, seed=21, amplitude=20_000)),
        (3, speech(6, seed=22, amplitude=20_000)),
        (4, speech(3, seed=23)),
    ]
    for at_s, samples in said:
        scenario.line((at_s, at_s + samples.size / RATE_HZ), talk=(at_s, samples))
    quiet = {"control": "off"}
    mixing = {"number": 1, "look_back_s": 0, "mixed_with": [2, 3]}
    use(layout, scenario.write(), channels=[mixing, {"number": 2, **quiet}, {"number": 3, **quiet}])
    running.start("archiver")
    running.start("boards")
    mix, *others = rows(layout, 3)
    expected = np.zeros(7 * RATE_HZ, np.int64)  # from the first that lifts to the last that hangs up
    for at_s, samples in said:
        line = np.full(expected.size, SILENT_CODE[Law.ALAW], np.uint8)
        line[(at_s - 2) * RATE_HZ :][: samples.size] = np.frombuffer(codes(samples), np.uint8)
        expected += expand(line, Law.ALAW)
    assert np.abs(expected).max() > 32767, "too loud in places"
    (track,) = sound(layout, mix)
    assert track == codes(np.clip(expected, -32768, 32767).astype(np.int16))
    assert [(one.source, one.codec) for one in mix.tracks] == [("1", "PCMA"), ("2", "PCMA"), ("3", "PCMA")]
    assert [(one.reason, one.recording) for one in others] == [(Reason.POLICY, None)] * 2


def test_a_killed_program_loses_no_more_than_its_last_second(layout, running, scenario):
    scenario.line((1, 3600), talk=(0, speech(60)))
    use(layout, scenario.write(), real_time=True)
    running.start("boards")

    def stored() -> int:
        return sum(path.stat().st_size for path in layout.spool_lines.rglob(f"*{LINE_SUFFIX}"))

    until(lambda: stored() > 3 * RATE_HZ, what="three seconds on the disk")
    running.kill("boards", signal.SIGKILL)
    before = stored()
    running.start("archiver")
    running.start("boards")
    found = rows(layout, 1)[0]
    assert {Mark.INTERRUPTED} <= set(found.marks)
    (track,) = sound(layout, found)
    assert len(track) == before
    said = codes(speech(60))
    assert track in bytes([0xD5]) * RATE_HZ + said
    assert not found.manifest.complete


def test_a_board_that_is_pulled_out_ends_its_calls_and_is_told(layout, running, scenario):
    scenario.line((1, 3600), talk=(1, speech(20)))
    scenario.more["gone_at_s"] = 6
    use(layout, scenario.write(), channels=[{"number": 1, "look_back_s": 0}])
    running.start("archiver")
    running.start("boards")
    found = rows(layout, 1)[0]
    assert Mark.BOARD_GONE in found.marks
    (track,) = sound(layout, found)
    assert track == codes(speech(20))[: 5 * RATE_HZ]
    # It is opened again: the next life of the board brings the next call, and the program never ended.
    assert len(rows(layout, 2)) >= 2
    assert running.ended("boards") is None


def test_an_alarm_of_a_span_marks_the_calls_it_hits(layout, running, scenario):
    trunk = Pri(scenario, 1, 2)
    for timeslot in (1, 2):
        trunk.call(
            timeslot,
            "801",
            "110",
            begin_s=1 + 6 * (timeslot - 1),
            answer_s=2 + 6 * (timeslot - 1),
            end_s=5 + 6 * (timeslot - 1),
        )
        trunk.speak(2 + 6 * (timeslot - 1), 0, timeslot, speech(2))
    scenario.more["alarms"] = [
        {"at_s": 3, "span": 2, "alarms": ["los"]},
        {"at_s": 4, "span": 2, "alarms": []},
    ]
    use(layout, scenario.write(), trunks=[pri_settings()])
    running.start("archiver")
    running.start("boards")
    hit, unhit = rows(layout, 2)
    assert Mark.TRUNK_ALARM in hit.marks
    assert Mark.TRUNK_ALARM not in unhit.marks


def test_samples_that_the_card_lost_are_a_mark_and_silence(layout, running, scenario):
    said = speech(8)
    scenario.line((2, 12), talk=(2, said))
    scenario.more["losses"] = [{"at_s": 5, "samples": 8000}]
    use(layout, scenario.write(), channels=[{"number": 1, "look_back_s": 0}])
    running.start("archiver")
    running.start("boards")
    found = rows(layout, 1)[0]
    assert Mark.CAPTURE_LOSS in found.marks
    (track,) = sound(layout, found)
    assert set(track[3 * RATE_HZ : 4 * RATE_HZ]) == {0xD5}
    assert track[4 * RATE_HZ : 8 * RATE_HZ] == codes(said)[4 * RATE_HZ :]


def test_a_program_that_was_not_let_run_tells_what_it_missed_and_keeps_all_else_in_its_place(
    layout, running, scenario
):
    said = speech(20)
    scenario.line((2, 22), talk=(2, said))
    use(layout, scenario.write(), real_time=True, channels=[{"number": 1, "look_back_s": 0}])
    running.start("archiver")
    running.start("boards")
    until(lambda: any(path.stat().st_size > RATE_HZ for path in layout.spool_lines.rglob(f"*{LINE_SUFFIX}")))
    os.kill(running.pid("boards"), signal.SIGSTOP)
    stopped_s = time.monotonic()
    until(lambda: time.monotonic() - stopped_s > BUFFERED_S + 3, what="more than the board's buffers hold")
    os.kill(running.pid("boards"), signal.SIGCONT)
    found = rows(layout, 1)[0]
    assert Mark.CAPTURE_LOSS in found.marks
    (track,) = sound(layout, found)
    (line,) = found.manifest.lines
    wanted = np.frombuffer(codes(said), np.uint8).copy()
    for gap in line.gaps:
        wanted[gap.at : gap.at + gap.samples] = SILENT_CODE[Law.ALAW]
    assert sum(gap.samples for gap in line.gaps) > 2 * RATE_HZ
    assert track[: wanted.size] == wanted.tobytes()[: len(track)]
    assert len(track) >= wanted.size


def test_a_recording_that_is_discarded_leaves_no_sound(layout, running, scenario):
    scenario.line((2, 10), talk=(2, speech(3)), keys=(6, keys("*3")))
    use(layout, scenario.write())
    running.start("archiver")
    running.start("boards")
    found = rows(layout, 1)[0]
    assert (found.reason, found.recording) == (Reason.DISCARDED, None)
    assert not list((layout.data / "spool").rglob(f"*{LINE_SUFFIX}"))


def test_faint_speech_is_raised_where_that_is_wished(layout, running, scenario):
    faint = speech(8, amplitude=250)
    for _ in range(2):
        scenario.line((2, 11), talk=(2, faint))
    use(layout, scenario.write(), channels=[{"number": 1, "agc": True}])
    running.start("archiver")
    running.start("boards")
    raised, plain = (sound(layout, one)[0] for one in rows(layout, 2))
    assert codes(faint) in plain

    def size(track: bytes) -> float:
        with_sign = np.frombuffer(track, np.uint8) ^ 0xD5
        return float(np.mean(with_sign & 0x7F))

    assert size(raised) > 1.2 * size(plain)


@pytest.mark.parametrize("mixed_with", [[], [2]])
def test_a_call_can_be_listened_to_while_it_is_up(layout, running, scenario, mixed_with):
    one, two = speech(60), speech(60, seed=2)
    scenario.line((1, 3600), talk=(0, one))
    scenario.line((1, 3600), talk=(0, two))
    channels = [{"number": 1, "mixed_with": mixed_with}, {"number": 2, "control": "off"}]
    use(layout, scenario.write(), real_time=True, channels=channels)
    running.start("boards")
    name = until(
        lambda: next(
            (path.name for path in layout.spool_lines.iterdir() if list(path.glob(f"*{LINE_SUFFIX}"))), None
        ),
        what="a call",
    )
    with socket.socket(socket.AF_UNIX) as ear:
        ear.settimeout(60)
        ear.connect(str(layout.listen_lines_socket))
        ear.sendall(f"{name}\n".encode())
        stream = ear.makefile("rb")
        word, _, told = stream.readline().partition(b" ")
        assert word == b"ok"
        assert {one.encoding for one in msgspec.json.decode(told, type=Tapped).payloads} == {"PCMA", "PCMU"}
        buffer, heard = bytearray(), {0: b"", 1: b""}
        while len(heard[0]) < RATE_HZ // 2:
            buffer += stream.read1(4096)
            for side, packet in split_frames(buffer):
                rtp = parse_rtp(packet)
                assert rtp is not None
                heard[side] += rtp.payload
    said = [expand(np.frombuffer(codes(samples), np.uint8), Law.ALAW) for samples in (one, two)]
    assert heard[0] in codes(summed(said) if mixed_with else one)
    with socket.socket(socket.AF_UNIX) as ear:
        ear.settimeout(60)
        ear.connect(str(layout.listen_lines_socket))
        ear.sendall(b"0000nobody\n")
        assert ear.recv(10) == b"gone\n"


def test_other_settings_begin_anew_and_close_what_was_up(layout, running, scenario):
    scenario.line((1, 3600), talk=(0, speech(60)))
    use(layout, scenario.write(), real_time=True)
    running.start("archiver")
    running.start("boards")
    until(lambda: list(layout.spool_lines.rglob(f"*{LINE_SUFFIX}")), what="sound")
    use(layout, scenario.write(), real_time=True, channels=[{"number": 1, "enabled": False}])
    found = rows(layout, 1)[0]
    assert Mark.INTERRUPTED in found.marks
    assert running.stop("boards") == 0


def test_a_scenario_that_cannot_be_read_is_a_fault_and_no_crash(layout, running, scenario):
    scenario.line()
    path = scenario.write()
    path.write_text(json.dumps({"channels": "none"}))
    use(layout, path)
    running.start("boards")
    until(lambda: "a board cannot be read" in running.log("boards"), what="the fault in the log")
    assert running.ended("boards") is None
    assert running.stop("boards") == 0
