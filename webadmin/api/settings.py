"""The configuration: read, described, saved on top of the revision it was read at."""

from typing import Any

import msgspec

from appliance.settings import storage
from appliance.settings.form import schema
from appliance.settings.root import Settings
from appliance.settings.secret import hidden, unhidden
from webadmin import audit
from webadmin.operation import Asked, Nothing


class SettingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All settings with their revision."""

    revision: int
    settings: dict[str, Any]


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings as they shall be; sections left out take their defaults."""

    revision: int
    settings: dict[str, Any]


async def show(asked: Asked[Nothing, Nothing]) -> SettingsAnswer:
    """The settings in force."""
    return _answer(await asked.panel.read(storage.load, asked.panel.layout))


async def describe(asked: Asked[Nothing, Nothing]) -> dict[str, Any]:  # noqa: ARG001 - as all operations
    """The JSON Schema of the settings, with labels in both languages."""
    return schema()


async def save(asked: Asked[Nothing, SettingsChange]) -> SettingsAnswer:
    """Replace the settings."""
    panel, body = asked.panel, asked.body
    before = await panel.read(storage.load, panel.layout)
    wanted = storage.validate(unhidden(body.settings, msgspec.to_builtins(before)))
    after = await panel.read(storage.save, panel.layout, wanted, body.revision)
    await panel.renew_settings()
    for path, old, new in differences(_shown(before), _shown(after)):
        if path != "revision":
            audit.note(asked, "setting changed", setting=path, old=str(old), new=str(new))
    return _answer(after)


def differences(before: Any, after: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """What changed between two plain settings: (dotted path, old, new)."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [] if before == after else [(path, before, after)]
    found = []
    for key in dict.fromkeys([*before, *after]):
        inner = f"{path}.{key}" if path else str(key)
        found += differences(before.get(key), after.get(key), inner)
    return found


def _answer(settings: Settings) -> SettingsAnswer:
    return SettingsAnswer(revision=settings.revision, settings=_shown(settings))


def _shown(settings: Settings) -> dict[str, Any]:
    return hidden(msgspec.to_builtins(settings))
