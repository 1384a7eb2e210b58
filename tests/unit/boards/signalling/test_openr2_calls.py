"""Calls that openr2 made, heard as a tap hears them: line signals and the sound of both directions (`tests/data/openr2`)."""

import json
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.domain.call import DataType, Direction, Side
from appliance.domain.ledger import Reason
from appliance.domain.line import RATE_HZ
from tests.rigs.lines import Outcome, boards_of, play

DATA = Path(__file__).parents[3] / "data/openr2"
CALLER, CALLEE = "2187654321", "66778899"
TIMESLOT = 5
TRUNK = {
    "name": "R2",
    "lines": [{"first_span": 1, "second_span": 2}],
    "signalling": {"kind": "r2", "registers": "itu"},
}
SET_UP = ["SEIZURE", "SEIZURE ACKNOWLEDGED", "A-5", "II-1", *["A-5"] * 10, "A-3", "II-1"]


def capture(folder: Path, course: str) -> dict[str, float]:
    """A call's board in `folder`; when openr2 told what of it, in seconds."""
    with tarfile.open(DATA / f"{course}.tar.xz") as archive:
        for one in archive:
            if one.isfile():
                (folder / Path(one.name).name).write_bytes(archive.extractfile(one).read())
    bits: list[list[tuple[float, int]]] = [[], []]
    for line in (folder / "bits.txt").read_text().splitlines():
        port, at_s, abcd = line.split()
        bits[int(port)].append((float(at_s), int(abcd)))
    channels = [
        {"kind": "voice", "span": 1 + port, "timeslot": TIMESLOT, "bits": changes, "play": [{"at_s": 0, "file": f"{port}.g711"}]}
        for port, changes in enumerate(bits)
    ]  # fmt: skip
    scenario = {"channels": channels, "spans": [{"number": 1}, {"number": 2}]}
    (folder / "scenario.json").write_text(json.dumps(scenario))
    told = [line.split(" ", 1) for line in (folder / "told.txt").read_text().splitlines()]
    assert f"callee offered {CALLER} {CALLEE} National Subscriber" in [what for _, what in told]
    return {what: float(at_s) for at_s, what in told}


def heard(folder: Path) -> Outcome:
    (call,), _ = play(folder / "scenario.json", boards_of(trunks=[TRUNK]), 12)
    found = call.call.call
    assert found.data_type is DataType.E1
    assert found.direction is Direction.INCOMING
    assert (found.caller.number, found.callee.number) == (CALLER, CALLEE)
    return call


def after(moment, told: dict[str, float], outcome: Outcome) -> float:
    """Seconds of the capture."""
    return told["callee seized"] + (moment - outcome.call.call.started_at) / timedelta(seconds=1)


def labels(outcome: Outcome) -> list[str]:
    return [step.label for step in outcome.call.messages]


def test_a_call_that_was_answered(tmp_path):
    told = capture(tmp_path, "answered")
    outcome = heard(tmp_path)
    call = outcome.call.call
    assert outcome.call.started == told["callee seized"] * RATE_HZ
    assert after(call.answered_at, told, outcome) == pytest.approx(told["caller answered"], abs=0.001)
    assert after(call.ended_at, told, outcome) == pytest.approx(told["caller hangs up"], abs=0.001)
    assert told["callee seized"] < after(call.ringing_at, told, outcome) < told["callee answers"]
    assert call.ended_by is Side.CALLER
    assert outcome.call.reason is None
    assert labels(outcome) == [*SET_UP, "B-6", "ANSWER", "CLEAR-FORWARD", "RELEASE-GUARD"]


def test_both_directions_of_the_talk_are_recorded_to_the_sample(tmp_path):
    told = capture(tmp_path, "answered")
    outcome = heard(tmp_path)
    talk = slice(round(told["caller answered"] * RATE_HZ), round(told["caller hangs up"] * RATE_HZ))
    begin = outcome.call.lines[0].begin
    for port, line in enumerate(outcome.call.lines):
        assert line.source.side is (Side.CALLER, Side.CALLEE)[port]
        spoken = (tmp_path / f"{port}.g711").read_bytes()
        assert outcome.lines[line.source.number] == spoken[begin : talk.stop]
        assert len(set(spoken[talk])) > 200, "there is talk"


@pytest.mark.parametrize(
    ("course", "reason", "by", "last"),
    [
        ("busy", Reason.BUSY, Side.CALLEE, "B-3"),
        ("congestion", Reason.FAILED, Side.CALLEE, "B-4"),
        ("unallocated", Reason.FAILED, Side.CALLEE, "B-5"),
        ("cancelled", Reason.CANCELLED, Side.CALLER, "B-6"),
    ],
)
def test_a_call_that_was_not_answered(tmp_path, course, reason, by, last):
    told = capture(tmp_path, course)
    outcome = heard(tmp_path)
    call = outcome.call.call
    assert call.answered_at is None
    assert (call.ringing_at is not None) == (course == "cancelled")
    assert after(call.ended_at, told, outcome) == pytest.approx(told["callee ended"], abs=0.001)
    assert (outcome.call.reason, call.ended_by) == (reason, by)
    assert labels(outcome) == [*SET_UP, last, "CLEAR-FORWARD", "RELEASE-GUARD"]
