"""How far a person has come in the tour through the panel; remembered for the person, whatever browser is used."""

from typing import Annotated

import msgspec

from appliance.store import searches
from webadmin.operation import Asked, Nothing

LAST_STEP = 30
_NAME = "tour"
_DONE = "done"


class Tour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`step` is where it goes on, counted from 0. `begun` tells a person who has never been asked from all others."""

    step: Annotated[int, msgspec.Meta(ge=0, le=LAST_STEP)] = 0
    begun: bool = True
    done: bool = False


async def show(asked: Asked[Nothing, Nothing]) -> Tour:
    """How far one has come."""
    person = asked.visitor.person
    assert person is not None
    kept = await asked.panel.ask(searches.preference, person.id, _NAME)
    if kept == _DONE:
        return Tour(done=True)
    return Tour(step=int(kept), begun=True) if kept.isdecimal() else Tour(begun=False)


async def remember(asked: Asked[Nothing, Tour]) -> Tour:
    """Remember how far one has come."""
    person, tour = asked.visitor.person, asked.body
    assert person is not None
    asked.is_quiet = True
    await asked.panel.ask(searches.prefer, person.id, _NAME, _DONE if tour.done else str(tour.step))
    return tour
