"""The first steps of a new recorder: where they stand, what was put off, and their end."""

from typing import Annotated

import msgspec

from webadmin import audit
from webadmin.first_steps import FirstStep, FirstStepsState
from webadmin.operation import Asked, Nothing

_ALL = msgspec.Meta(max_length=len(FirstStep))


class FirstStepsChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where somebody stands now; `is_open` false ends the steps, true opens them again."""

    is_open: bool
    step: FirstStep
    seen: Annotated[list[FirstStep], _ALL]
    later: Annotated[list[FirstStep], _ALL]


async def show(asked: Asked[Nothing, Nothing]) -> FirstStepsState:
    """How far the first steps have come."""
    return asked.panel.first_steps.now


async def remember(asked: Asked[Nothing, FirstStepsChange]) -> FirstStepsState:
    """Remember how far the first steps have come."""
    panel, body = asked.panel, asked.body
    before = panel.first_steps.now
    seen = sorted(set(body.seen), key=_ORDER.index)
    later = sorted(set(body.later) - set(body.seen), key=_ORDER.index)
    progress = FirstStepsState(
        is_open=body.is_open,
        step=body.step,
        seen=seen,
        later=later,
        ended_at=before.ended_at if body.is_open else (before.ended_at or panel.now()),
    )
    if progress.is_open == before.is_open:
        asked.is_quiet = True  # each "next" is no line of the log, the end is
    else:
        audit.note(
            asked,
            "first steps opened" if progress.is_open else "first steps ended",
            put_off=", ".join(step.value for step in later),
        )
    await panel.read(panel.first_steps.keep, progress)
    return progress


_ORDER = list(FirstStep)
