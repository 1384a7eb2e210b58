"""The configuration: read, described, saved on top of the revision it was read at; what changed, and back again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, NamedTuple

import msgspec

from appliance.core.errors import Invalid
from appliance.core.files import Layout
from appliance.core.text import Language, Text
from appliance.settings import storage
from appliance.settings.difference import Change, Sort, secret
from appliance.settings.difference import differences as worded
from appliance.settings.form import schema
from appliance.settings.revisions import Revision
from appliance.settings.root import Settings
from appliance.settings.secret import changed, hidden, unhidden
from webadmin import audit
from webadmin.operation import Asked, Nothing

MOST_CHANGES = 500
_FIRST = 3
_ON_TRIAL = Text(
    en="is changed on the network page, where it is tried before it is kept",
    zh="请在“网络”页面修改：先试用，确认后才保存",
)


class SettingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All settings with their revision; `problem` says why the file cannot be read, then this is the last good revision."""

    revision: int
    settings: dict[str, Any]
    problem: str = ""


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: labels on the way to the setting, the row inside it ("" for the setting itself), old and new words.

    `sort`: changed | added | removed | moved | secret; a secret has no words.
    """

    path: str
    label: Sequence[str]
    row: str
    sort: Sort
    old: str
    new: str


class RevisionView(msgspec.Struct, frozen=True, kw_only=True):
    """A saved state of the settings; `by` is a person or a program, "" when not known.

    `origin`: save | import | restore, then `restored` is the revision that came back. `changes` counts what differs
    from the state before, null when that is no longer kept; `first` are a few of them.
    """

    revision: int
    at: datetime
    by: str
    origin: str
    restored: int | None
    changes: int | None
    first: list[ChangeView]


class RevisionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The last twenty, the newest first."""

    revisions: list[RevisionView]


class CompareQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two states: revisions, 0 that before anything was saved. None: the settings in force, and what was before them."""

    before: Annotated[int, msgspec.Meta(ge=0)] | None = None
    after: Annotated[int, msgspec.Meta(ge=0)] | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What leads from one state to the other; of `total` changes the first 500 are told. `by`: who saved in between."""

    before: int
    after: int
    by: list[str]
    changes: list[ChangeView]
    total: int


class RestoreOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Only while this is still the revision in force; null = whatever is."""

    based_on: int | None = None


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings as they shall be; sections left out take their defaults."""

    revision: int
    settings: dict[str, Any]


async def show(asked: Asked[Nothing, Nothing]) -> SettingsAnswer:
    """The settings in force."""
    return _answer(*await asked.panel.read(storage.in_force, asked.panel.layout))


async def history(asked: Asked[Nothing, Nothing]) -> RevisionsAnswer:
    """Which states were saved, when, by whom, and what each changed."""
    return RevisionsAnswer(revisions=await asked.panel.read(_history, asked.panel.layout, asked.language))


async def compare(asked: Asked[CompareQuery, Nothing]) -> Difference:
    """What differs between two states, in words."""
    query = asked.query
    return await asked.panel.read(_compare, asked.panel.layout, query.before, query.after, asked.language)


async def restore(asked: Asked[Nothing, RestoreOrder]) -> SettingsAnswer:
    """Put an earlier state in force again, as a new revision; this also repairs a file that cannot be read."""
    panel, number = asked.panel, asked.path["revision"]
    after = await panel.read(
        storage.restore, panel.layout, int(number), audit.name_of(asked), asked.body.based_on
    )
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
    now = msgspec.to_builtins(before)
    wanted = storage.validate(unhidden({"network": now["network"], **body.settings}, now))
    if wanted.network != before.network:
        raise Invalid(field="network", problem=_ON_TRIAL)
    after = await panel.read(storage.save, panel.layout, wanted, body.revision, audit.name_of(asked))
    await panel.renew_settings()
    for path, old, new in differences(_shown(before), _shown(after)):
        if path != "revision":
            audit.note(asked, "setting changed", setting=path, old=str(old), new=str(new))
    for path in changed(msgspec.to_builtins(before), msgspec.to_builtins(after)):
        audit.note(asked, "secret changed", setting=path)
    return _answer(after)


def views(changes: Iterable[Change]) -> list[ChangeView]:
    """The first of the changes, as they are sent."""
    return [
        ChangeView(path=one.path, label=one.label, row=one.row, sort=one.sort, old=one.old, new=one.new)
        for one in islice(changes, MOST_CHANGES)
    ]


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


class _Between(NamedTuple):
    changes: list[Change]
    by: list[str]


def _history(layout: Layout, language: Language) -> list[RevisionView]:
    kept = storage.revisions(layout)
    found = []
    for place, one in enumerate(kept):
        if place + 1 < len(kept) or one.revision == 1:
            before = kept[place + 1] if place + 1 < len(kept) else storage.state(layout, 0)
            changes = _between(before, one, [one], language).changes
        else:
            changes = None
        origin, _, restored = one.origin.partition(" ")
        found.append(
            RevisionView(
                revision=one.revision,
                at=one.at,
                by=one.by,
                origin=origin or "save",
                restored=int(restored) if restored.isdecimal() else None,
                changes=None if changes is None else len(changes),
                first=views((changes or [])[:_FIRST]),
            )
        )
    return found


def _compare(layout: Layout, before: int | None, after: int | None, language: Language) -> Difference:
    newest = storage.in_force(layout)[0].revision
    last = storage.state(layout, newest if after is None else after)
    kept = storage.revisions(layout)
    if before is None:
        before = next((one.revision for one in kept if one.revision < last.revision), 0)
    first = storage.state(layout, before)
    low, high = sorted((first.revision, last.revision))
    between = [one for one in reversed(kept) if low < one.revision <= high]
    found = _between(first, last, between, language)
    return Difference(
        before=first.revision,
        after=last.revision,
        by=found.by,
        changes=views(found.changes),
        total=len(found.changes),
    )


def _between(first: Revision, last: Revision, steps: Sequence[Revision], language: Language) -> _Between:
    """From one state to the other; secrets by what each step between them says it changed, forwards only."""
    changes = list(worded(storage.migrated(first.settings), storage.migrated(last.settings), language))
    if first.revision < last.revision:
        paths = dict.fromkeys(path for one in steps for path in one.secrets)
        changes += [secret(path, language) for path in paths]
    return _Between(changes, list(dict.fromkeys(one.by for one in steps if one.by)))
