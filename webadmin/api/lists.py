"""The blacklist and the allow-list: looked through, one entry added, changed or removed."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.settings.recording import NumberEntry, Rulebook
from appliance.settings.root import Settings
from webadmin import audit
from webadmin.changes import change, decoded
from webadmin.operation import Asked, Nothing
from webadmin.typed import tidy


class NumberListed(Conflict):
    """Facts: number."""

    text = Text(en="{number} is on the list already.", zh="{number} 已在名单中。")


class ListQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which entries: whose number or note contains a text, which are in force; newest first."""

    number: Annotated[str, msgspec.Meta(max_length=64)] = ""
    state: Literal["all", "enabled", "disabled"] = "all"
    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class EntryQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The entry with exactly this number."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry shall say: a number, a beginning (5039*) or an end (*5039) of numbers."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""
    enabled: bool = True


class Switch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether only listed numbers are recorded."""

    on: bool


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One entry."""

    number: str
    note: str
    enabled: bool
    created_at: datetime | None


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that match (`total` of `listed`); `on` tells whether the list is in force at all."""

    on: bool
    listed: int
    total: int
    page: int
    page_size: int
    entries: list[EntryView]


async def show(asked: Asked[ListQuery, Nothing]) -> ListPage:
    """One page of a list."""
    query, which = asked.query, asked.path["list"]
    recording = asked.panel.settings.recording
    listed = _entries(recording, which)
    wanted = tidy(query.number).strip("*").lower()
    found = [
        entry
        for entry in reversed(listed)
        if (not wanted or wanted in entry.number.lower() or wanted in entry.note.lower())
        and (query.state == "all" or entry.enabled is (query.state == "enabled"))
    ]
    begin = (query.page - 1) * query.page_size
    return ListPage(
        on=which == "blacklist" or recording.allow_list_on,
        listed=len(listed),
        total=len(found),
        page=query.page,
        page_size=query.page_size,
        entries=[_view(entry) for entry in found[begin : begin + query.page_size]],
    )


async def add(asked: Asked[Nothing, Entry]) -> EntryView:
    """Put a number on the list."""
    which, entry = asked.path["list"], _entry(asked.body, asked.panel.now())

    def edit(settings: Settings) -> Settings:
        listed = _entries(settings.recording, which)
        _check_free(listed, entry.number)
        return _with(settings, which, [*listed, entry])

    await change(asked, edit)
    audit.note(asked, "list entry added", list=which, number=entry.number)
    return _view(entry)


async def replace(asked: Asked[EntryQuery, Entry]) -> EntryView:
    """Change an entry."""
    which, number = asked.path["list"], asked.query.number
    made: list[NumberEntry] = []

    def edit(settings: Settings) -> Settings:
        listed = _entries(settings.recording, which)
        at = _place(listed, number)
        entry = _entry(asked.body, listed[at].created_at)
        if entry.number != number:
            _check_free(listed, entry.number)
        made.append(entry)
        return _with(settings, which, [*listed[:at], entry, *listed[at + 1 :]])

    await change(asked, edit)
    audit.note(asked, "list entry changed", list=which, number=number, to=made[-1].number)
    return _view(made[-1])


async def remove(asked: Asked[EntryQuery, Nothing]) -> None:
    """Take a number off the list."""
    which, number = asked.path["list"], asked.query.number

    def edit(settings: Settings) -> Settings:
        listed = _entries(settings.recording, which)
        at = _place(listed, number)
        return _with(settings, which, [*listed[:at], *listed[at + 1 :]])

    await change(asked, edit)
    audit.note(asked, "list entry removed", list=which, number=number)


async def switch(asked: Asked[Nothing, Switch]) -> Switch:
    """Record only the numbers of the allow-list, or all again."""
    wanted = asked.body.on

    def edit(settings: Settings) -> Settings:
        recording = msgspec.structs.replace(settings.recording, allow_list_on=wanted)
        return msgspec.structs.replace(settings, recording=recording)

    await change(asked, edit)
    audit.note(asked, "allow-list switched", on=str(wanted))
    return asked.body


def _entries(recording: Rulebook, which: str) -> list[NumberEntry]:
    return recording.blacklist if which == "blacklist" else recording.allow_list


def _with(settings: Settings, which: str, entries: list[NumberEntry]) -> Settings:
    recording = msgspec.structs.replace(settings.recording, **{which: entries})
    return msgspec.structs.replace(settings, recording=recording)


def _entry(body: Entry, created_at: datetime | None) -> NumberEntry:
    content = {
        "number": tidy(body.number),
        "note": body.note.strip(),
        "enabled": body.enabled,
        "created_at": created_at,
    }
    return decoded(content, NumberEntry)


def _place(entries: list[NumberEntry], number: str) -> int:
    for at, entry in enumerate(entries):
        if entry.number == number:
            return at
    raise NotFound(what=number)


def _check_free(entries: list[NumberEntry], number: str) -> None:
    if any(entry.number == number for entry in entries):
        raise NumberListed(what=number, number=number)


def _view(entry: NumberEntry) -> EntryView:
    return EntryView(number=entry.number, note=entry.note, enabled=entry.enabled, created_at=entry.created_at)
