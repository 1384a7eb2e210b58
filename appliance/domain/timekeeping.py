"""Which time server is believed, and what is done about the difference. Pure.

Source: RFC 5905 §11.2.1 (the servers whose intervals share a point are the truthful ones)
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from appliance.core.text import Text

STEP_BEYOND_S = 0.5
"""A larger difference cannot be slewed away in reasonable time (500 ppm: 17 minutes a half second)."""

LEAVE_BELOW_S = 0.0005
SYNCHRONISED_WITHIN_S = 0.1


class ClockDeed(StrEnum):
    """What somebody may want of the clock: ask the servers now, go at once to what they say, or be set by hand."""

    ASK = "ask"
    STEP = "step"
    SET = "set"


class Trouble(StrEnum):
    """Why the clock follows no server."""

    SILENCE = "no server answers"
    CONTRADICTION = "the servers contradict each other"
    TOO_FAR = "the difference is too large"


TROUBLE_TEXT: dict[Trouble, Text] = {
    Trouble.SILENCE: Text(en=Trouble.SILENCE.value, zh="时间服务器无应答"),
    Trouble.CONTRADICTION: Text(en=Trouble.CONTRADICTION.value, zh="各时间服务器互相矛盾"),
    Trouble.TOO_FAR: Text(en=Trouble.TOO_FAR.value, zh="时间偏差过大"),
}


class ServerTrouble(StrEnum):
    """Why one server is of no use."""

    NAMELESS = "its name cannot be resolved"
    SILENT = "no answer came"
    LOST = "is not synchronised itself"


SERVER_TROUBLE_TEXT: dict[ServerTrouble, Text] = {
    ServerTrouble.NAMELESS: Text(en=ServerTrouble.NAMELESS.value, zh="域名无法解析"),
    ServerTrouble.SILENT: Text(en=ServerTrouble.SILENT.value, zh="未收到应答"),
    ServerTrouble.LOST: Text(en=ServerTrouble.LOST.value, zh="该服务器自身未同步"),
}
_TOLD: dict[str, Text] = {
    str(one): text for one, text in (*TROUBLE_TEXT.items(), *SERVER_TROUBLE_TEXT.items())
}


def trouble_of(problem: str) -> Text:
    """What a program said is wrong, as a sentence; words of others stay as they are."""
    return _TOLD.get(problem) or Text(en=problem, zh=problem)


class Sample(NamedTuple):
    """One server's answer. Units: seconds; `offset_s` is what must be added to our clock, `distance_s` its doubt."""

    server: str
    offset_s: float
    distance_s: float
    stratum: int


class Act(StrEnum):
    """What is done about a difference."""

    LEAVE = "leave"
    SLEW = "slew"
    STEP = "step"
    WAIT = "wait"


def believed(samples: Sequence[Sample]) -> Sample | None:
    """The nearest of the servers that agree with most others; None without any, or when no majority agrees.

    Two servers that contradict each other are no majority: neither is believed.
    """
    if not samples:
        return None
    edges = sorted(
        [(sample.offset_s - sample.distance_s, 0) for sample in samples]
        + [(sample.offset_s + sample.distance_s, 1) for sample in samples]
    )
    best = inside = 0
    low = high = 0.0
    for index, (at, is_end) in enumerate(edges):
        if is_end:
            inside -= 1
            continue
        inside += 1
        if inside > best:
            best, low, high = inside, at, edges[index + 1][0]
    if best * 2 <= len(samples):
        return None
    agreeing = [
        sample
        for sample in samples
        if sample.offset_s - sample.distance_s <= high and sample.offset_s + sample.distance_s >= low
    ]
    return min(agreeing, key=lambda sample: (sample.distance_s, sample.stratum))


def act(offset_s: float, *, may_step: bool) -> Act:
    """What to do about a difference; while calls run the clock is never stepped."""
    if abs(offset_s) < LEAVE_BELOW_S:
        return Act.LEAVE
    if abs(offset_s) <= STEP_BEYOND_S:
        return Act.SLEW
    return Act.STEP if may_step else Act.WAIT
