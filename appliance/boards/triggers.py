"""When a call begins, is answered and ends on a line that has no signalling of its own: one pure machine a channel.

What was measured comes in as edges, in their order; what becomes of it goes out as acts. Units: samples, 8000 a second,
since the board was opened. An act never lies before the one before it.

    idle ──ring──► ringing ──off hook / voice──► up ──on hook / silence──► idle
      └────────────off hook / voice──────────────┘      no line: as on hook
    ringing ──no ring for eight seconds──► idle, not answered

Source: ITU-T Q.552 (line states), E.180 (the longest pause of ringing), ETSI EN 300 001 (lost battery)
"""

from enum import StrEnum
from typing import NamedTuple

from appliance.domain.line import RATE_HZ

RING_PAUSE = 8 * RATE_HZ
"""Without another ring for so long, the caller gave up."""
ANSWER_BY_VOICE = 5 * RATE_HZ
"""Voice that lasts so long after a ring is talk, not a caller's identity sent between two rings."""
TAIL = RATE_HZ // 2
"""A recording by voice goes on for so long after the last loud sample."""


class Bounds(StrEnum):
    """What the beginning and the end of a call are told by."""

    VOLTAGE = "voltage"
    VOICE = "voice"
    ALWAYS = "always"
    NOTHING = "nothing"


class Plan(NamedTuple):
    """What holds for a channel. `longest`: after so many samples a recording that nobody ends goes on as another."""

    bounds: Bounds
    longest: int


class Seen(StrEnum):
    """What was measured. `OPEN` and `CLOSED` tell the schedule of a line that is always recorded."""

    OFF_HOOK = "off_hook"
    ON_HOOK = "on_hook"
    NO_LINE = "no_line"
    RING = "ring"
    RING_END = "ring_end"
    VOICE = "voice"
    SILENCE = "silence"
    OPEN = "open"
    CLOSED = "closed"
    TICK = "tick"


class Edge(NamedTuple):
    """A measurement and when it began to hold; a tick comes about once a second."""

    seen: Seen
    at: int


class Did(StrEnum):
    """What happened to the call. `CUT`: it goes on as another one, without a gap."""

    BEGAN = "began"
    ANSWERED = "answered"
    ENDED = "ended"
    CUT = "cut"


class Act(NamedTuple):
    """`rang`: it came in; None where that cannot be known."""

    did: Did
    at: int
    rang: bool | None = None


class Phase(StrEnum):
    """Where the line stands."""

    IDLE = "idle"
    RINGING = "ringing"
    UP = "up"


class Standing(NamedTuple):
    """The machine: its phase, when the last act was, the last ring, since when somebody talks (None: silence)."""

    phase: Phase = Phase.IDLE
    last: int = 0
    rang: int = 0
    talks: int | None = None


def step(plan: Plan, now: Standing, edge: Edge) -> tuple[Standing, tuple[Act, ...]]:
    """The machine after an edge, and what happened."""
    now = _noted(now, edge)
    if now.phase is Phase.IDLE:
        return _idle(plan, now, edge)
    if now.phase is Phase.RINGING:
        return _ringing(plan, now, edge)
    return _up(plan, now, edge)


def gone(now: Standing, at: int) -> tuple[Standing, tuple[Act, ...]]:
    """The board is gone, or the channel was switched off: a call that is up ends."""
    if now.phase is Phase.IDLE:
        return Standing(last=max(now.last, at)), ()
    return _ended(now._replace(talks=None), at)


def _noted(now: Standing, edge: Edge) -> Standing:
    """What is remembered whatever the phase."""
    if edge.seen is Seen.VOICE:
        return now._replace(talks=edge.at)
    if edge.seen is Seen.SILENCE:
        return now._replace(talks=None)
    if edge.seen in (Seen.RING, Seen.RING_END):
        return now._replace(rang=max(now.rang, edge.at))
    return now


def _idle(plan: Plan, now: Standing, edge: Edge) -> tuple[Standing, tuple[Act, ...]]:
    if plan.bounds is Bounds.NOTHING:
        return now, ()
    if plan.bounds is Bounds.ALWAYS:
        return _begun(now, edge.at, Phase.UP, rang=None) if edge.seen is Seen.OPEN else (now, ())
    if edge.seen is Seen.RING:
        return _begun(now, edge.at, Phase.RINGING, rang=True)
    if plan.bounds is Bounds.VOLTAGE and edge.seen is Seen.OFF_HOOK:
        return _begun(now, edge.at, Phase.UP, rang=False)
    if plan.bounds is Bounds.VOICE and edge.seen is Seen.VOICE:
        return _begun(now, edge.at, Phase.UP, rang=None)
    return now, ()


def _ringing(plan: Plan, now: Standing, edge: Edge) -> tuple[Standing, tuple[Act, ...]]:
    if plan.bounds is Bounds.VOLTAGE:
        if edge.seen is Seen.OFF_HOOK:
            return _answered(now, edge.at)
        if edge.seen is Seen.NO_LINE:
            return _ended(now, edge.at)
    elif now.talks is not None and edge.at - max(now.rang, now.last) >= ANSWER_BY_VOICE:
        return _answered(now, max(now.talks, now.rang))
    if edge.at - now.rang >= RING_PAUSE and edge.seen is Seen.TICK:
        return _ended(now, now.rang)
    return now, ()


def _up(plan: Plan, now: Standing, edge: Edge) -> tuple[Standing, tuple[Act, ...]]:
    if plan.bounds is Bounds.VOLTAGE and edge.seen in (Seen.ON_HOOK, Seen.NO_LINE):
        return _ended(now, edge.at)
    if plan.bounds is Bounds.VOICE and edge.seen is Seen.SILENCE:
        return _ended(now, edge.at + TAIL)
    if plan.bounds is Bounds.ALWAYS and edge.seen is Seen.CLOSED:
        return _ended(now, edge.at)
    if plan.bounds in (Bounds.ALWAYS, Bounds.VOICE) and edge.at - now.last >= plan.longest:
        at = now.last + plan.longest
        return now._replace(last=at), (Act(Did.CUT, at),)
    return now, ()


def _begun(now: Standing, at: int, phase: Phase, *, rang: bool | None) -> tuple[Standing, tuple[Act, ...]]:
    at = max(at, now.last)
    began = Act(Did.BEGAN, at, rang)
    acts = (began,) if phase is Phase.RINGING else (began, Act(Did.ANSWERED, at, rang))
    return now._replace(phase=phase, last=at), acts


def _answered(now: Standing, at: int) -> tuple[Standing, tuple[Act, ...]]:
    at = max(at, now.last)
    return now._replace(phase=Phase.UP, last=at), (Act(Did.ANSWERED, at, rang=True),)


def _ended(now: Standing, at: int) -> tuple[Standing, tuple[Act, ...]]:
    at = max(at, now.last)
    return now._replace(phase=Phase.IDLE, last=at), (Act(Did.ENDED, at),)
