"""A trunk of China No. 1 through the real programs: line signals and register tones played, recordings with both numbers."""

from pathlib import Path

import msgspec
import numpy as np

from appliance.boards.signalling.kept import folder_of, heard
from appliance.core.files import Layout
from appliance.domain.call import DataType, Side
from appliance.settings.storage import load, save, validate
from tests.rigs import signalling
from tests.rigs.daemons import daemons, recorded
from tests.rigs.lines import Scenario, speech
from tests.rigs.patience import until

RATE_HZ = 8000
SECOND = signalling.SECOND


class Tapped:
    """What the two directions of one timeslot bring; takes the place of a trunk before the generator."""

    def __init__(self, seconds: float) -> None:
        self.bits_of: list[list[tuple[float, int]]] = [[], []]
        self.sound = [np.zeros(round(seconds * RATE_HZ)) for _ in range(2)]
        self.tones = 0

    def bits(self, port: int, timeslot: int, at_ns: int, abcd: int) -> None:
        self.bits_of[port].append(((at_ns - signalling.START) / SECOND, abcd))

    def tone(self, port: int, timeslot: int, at_ns: int, signal: int, *, is_forward: bool) -> None:
        self.tones += 1
        plan = signalling.FORWARD if is_forward else signalling.BACKWARD
        begin = (at_ns - signalling.START) * RATE_HZ // SECOND
        at = np.arange(RATE_HZ * 90 // 1000) / RATE_HZ
        wave = sum(3000 * np.sin(2 * np.pi * plan[one] * at) for one in signalling.PAIRS[signal - 1])
        self.sound[port][begin : begin + at.size] += wave

    def speak(self, port: int, at_ns: int, samples: np.ndarray) -> None:
        begin = (at_ns - signalling.START) * RATE_HZ // SECOND
        self.sound[port][begin : begin + samples.size] += samples


def test_a_call_of_china_no_1_has_both_numbers_whatever_is_said_after(layout: Layout, tmp_path: Path) -> None:
    tapped = Tapped(30)
    line = signalling.ChinaNo1(tapped, timeslot=5, port=1)
    line.idle()
    line.wait(1000)
    line.seize()
    line.dial("62345678", "13800138000", ask_after=3)
    line.wait(2000)
    line.answer()
    answered_ns = line.at_ns
    registered = tapped.tones
    line.wait(600)
    for signal in (1, 3, 4, 6, 15):  # speech at its worst
        for is_forward in (True, False):
            for port in (0, 1):
                if is_forward or signal < 7:
                    tapped.tone(port, 5, line.at_ns, signal, is_forward=is_forward)
            line.wait(100)
    for port in (0, 1):
        tapped.speak(port, line.at_ns, speech(5, seed=port + 1))
    line.wait(6000)
    ended_ns = line.at_ns
    line.clear()
    line.wait(2000)
    assert line.at_ns - signalling.START < 28 * SECOND

    scenario = Scenario(tmp_path)
    scenario.more["spans"] = [{"number": 1}, {"number": 2}]
    for port in (0, 1):
        name = scenario.sound(f"port-{port}", tapped.sound[port].astype(np.int16))
        scenario.channels.append({"kind": "voice", "span": port + 1, "timeslot": 5, "bits": tapped.bits_of[port], "play": [{"at_s": 0, "file": name}]})  # fmt: skip
    content = msgspec.to_builtins(load(layout))
    content["capture"]["keep_free_mib"] = 16
    content["boards"] = {
        "cards": [{"kind": "replay", "name": "test", "scenario": str(scenario.write()), "real_time": False}],
        "trunks": [
            {"name": "SS1", "lines": [{"first_span": 1, "second_span": 2}], "signalling": {"kind": "r2"}}
        ],
    }
    save(layout, validate(content), load(layout).revision)
    with daemons(layout) as running:
        running.broker()
        running.start("boards")
        running.start("archiver")
        (record,) = until(lambda: recorded(layout) or None, 240, "the call in the ledger")
    call = record.call
    assert (call.caller.number, call.callee.number, call.data_type) == (
        "13800138000",
        "62345678",
        DataType.E1,
    )
    assert record.recording is not None
    assert call.answered_at is not None
    assert call.ended_at is not None
    talk_s = (ended_ns - answered_ns) / SECOND
    assert abs((call.ended_at - call.answered_at).total_seconds() - talk_s) < 0.2
    assert call.ended_by is Side.CALLER
    labels = [step.label for step in record.manifest.messages]
    assert labels == [
        "SEIZURE", "SEIZURE ACKNOWLEDGED", "A-6", "KA 1", "ANI 13800138000", "A-3", "KD 3", "KB 1", "ANSWER",
        "CLEAR-FORWARD", "RELEASE-GUARD",
    ]  # fmt: skip
    (trunk,) = load(layout).boards.trunks
    kept = [octets for _, _, octets in heard(folder_of(layout.signalling, trunk), 0, 1 << 62)]
    assert sum(octets[0] in (2, 3) for octets in kept) == registered  # register signals, and none of the talk
