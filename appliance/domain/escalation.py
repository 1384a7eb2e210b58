"""What to do about a program that stays down: start it anew, then the whole box, then the other system. Pure.

PID 1 restarts what dies; this is for what stays down all the same. Each step is taken rarely enough that a box that
cannot be helped keeps recording what it can, instead of restarting for ever.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class Step(StrEnum):
    """From the mildest to the last."""

    PROGRAM = "program"
    BOX = "box"
    OTHER_SYSTEM = "other_system"


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was taken, because of which program."""

    at: datetime
    step: Step
    program: str


NEEDED = frozenset({"recorder", "archiver", "webadmin"})
"""Without these the box is of no use; for others nothing but themselves is started anew."""

DOWN_FOR = timedelta(seconds=60)
PROGRAM_EVERY = timedelta(minutes=3)
PROGRAM_TRIES = 3
WITHIN = timedelta(minutes=30)
UP_FOR = timedelta(minutes=15)
BOX_EVERY = timedelta(hours=24)
OTHER_EVERY = timedelta(days=7)
MOST_KEPT = 50


def next_step(
    down: Mapping[str, datetime],
    taken: Sequence[Taken],
    at: datetime,
    up_for: timedelta,
    *,
    may_restart: bool,
    has_other: bool,
) -> Taken | None:
    """The step that is due now, if any. `down`: program → since when; `up_for`: how long the box has run."""
    for program, since in sorted(down.items(), key=lambda one: one[1]):
        tries = [one for one in taken if one.program == program and at - one.at < min(WITHIN, up_for)]
        restarts = [one for one in tries if one.step is Step.PROGRAM]
        last = max((one.at for one in restarts), default=None)
        if at - since < DOWN_FOR or (last is not None and at - last < PROGRAM_EVERY):
            continue
        if len(restarts) < PROGRAM_TRIES:
            return Taken(at=at, step=Step.PROGRAM, program=program)
        if program in NEEDED and may_restart and up_for >= UP_FOR:
            if not _lately(taken, Step.BOX, at, BOX_EVERY):
                return Taken(at=at, step=Step.BOX, program=program)
            if has_other and not _lately(taken, Step.OTHER_SYSTEM, at, OTHER_EVERY):
                return Taken(at=at, step=Step.OTHER_SYSTEM, program=program)
    return None


def _lately(taken: Sequence[Taken], step: Step, at: datetime, within: timedelta) -> bool:
    return any(one.step is step and at - one.at < within for one in taken)
