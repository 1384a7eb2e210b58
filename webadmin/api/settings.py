"""The configuration: read, described, saved on top of the revision it was read at."""

from datetime import datetime
from typing import Any

import msgspec

from appliance.settings import storage
from appliance.settings.form import schema
from appliance.settings.root import Settings
from appliance.settings.secret import hidden, unhidden
from webadmin import audit
from webadmin.operation import Asked, Nothing


class SettingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All settings with their revision; `problem` says why the file cannot be read, then this is the last good revision."""

    revision: int
    settings: dict[str, Any]
    problem: str = ""


class RevisionView(msgspec.Struct, frozen=True, kw_only=True):
    """A saved state of the settings; `by` is a person or a program, "" when not known."""

    revision: int
    at: datetime
    by: str


class RevisionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The last twenty, the newest first."""

    revisions: list[RevisionView]


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings as they shall be; sections left out take their defaults."""

    revision: int
    settings: dict[str, Any]


async def show(asked: Asked[Nothing, Nothing]) -> SettingsAnswer:
    """The settings in force."""
    return _answer(*await asked.panel.read(storage.in_force, asked.panel.layout))


async def history(asked: Asked[Nothing, Nothing]) -> RevisionsAnswer:
    """Which states were saved, when and by whom."""
    kept = await asked.panel.read(storage.revisions, asked.panel.layout)
    return RevisionsAnswer(
        revisions=[RevisionView(revision=one.revision, at=one.at, by=one.by) for one in kept]
    )


async def restore(asked: Asked[Nothing, Nothing]) -> SettingsAnswer:
    """Put an earlier state in force again, as a new revision; this also repairs a file that cannot be read."""
    panel, number = asked.panel, asked.path["revision"]
    after = await panel.read(storage.restore, panel.layout, int(number), audit.name_of(asked))
    await panel.renew_settings()
    audit.note(asked, "settings restored", revision=number)
    return _answer(after)


async def describe(asked: Asked[Nothing, Nothing]) -> dict[str, Any]:  # noqa: ARG001 - as all operations
    """The JSON Schema of the settings, with labels in both languages."""
    return schema()


async def save(asked: Asked[Nothing, SettingsChange]) -> SettingsAnswer:
    """Replace the settings."""
    panel, body = asked.panel, asked.body
    before, _ = await panel.read(storage.in_force, panel.layout)
    wanted = storage.validate(unhidden(body.settings, msgspec.to_builtins(before)))
    after = await panel.read(storage.save, panel.layout, wanted, body.revision, audit.name_of(asked))
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


def _answer(settings: Settings, problem: str = "") -> SettingsAnswer:
    return SettingsAnswer(revision=settings.revision, settings=_shown(settings), problem=problem)


def _shown(settings: Settings) -> dict[str, Any]:
    return hidden(msgspec.to_builtins(settings))
