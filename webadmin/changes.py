"""Changes of a part of the settings: read, edit, save; tried again when somebody else saved in between."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from appliance.core.errors import Busy, Conflict
from appliance.core.problem import invalid
from appliance.settings import storage
from appliance.settings.field import Section
from appliance.settings.root import Settings
from webadmin import audit
from webadmin.operation import Asked

_TRIES = 8
_PAUSE_S = 0.05

Part = TypeVar("Part", bound=Section)

Edit = Callable[[Settings], Settings]
"""From the settings in force to those wanted; raises what the person who asked is to be told."""


async def change(asked: Asked[Any, Any], edit: Edit) -> Settings:
    """Save what `edit` makes of the settings in force, whatever others save meanwhile.

    Raises: what `edit` raises, Invalid, and Conflict or Busy when others never stop saving
    """
    panel = asked.panel
    attempt = 0
    while True:
        current = await panel.read(storage.load, panel.layout)
        try:
            saved = await panel.read(
                storage.save, panel.layout, edit(current), current.revision, audit.name_of(asked)
            )
        except (Conflict, Busy) as error:
            attempt += 1
            # An edit's own refusals are conflicts, too, but of another class; they are the answer.
            if type(error) not in (Conflict, Busy) or attempt == _TRIES:
                raise
            await asyncio.sleep(_PAUSE_S * attempt)
            continue
        await panel.renew_settings()
        return saved


def decoded(content: dict[str, Any], into: type[Part]) -> Part:
    """A part of the settings from plain data.

    Raises: Invalid
    """
    try:
        return msgspec.convert(content, into)
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error
