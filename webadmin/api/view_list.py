"""The view list: while it is on, nobody is shown calls of other numbers. Recording goes on as the rules say."""

from typing import Annotated

import msgspec

from appliance.store import view_list
from appliance.store.view_list import ViewEntry
from webadmin import audit
from webadmin.authority import check_whole_scope
from webadmin.operation import Asked, Nothing

_Number = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]


class ViewListQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries whose number or note contains a text, or that are (not) in force."""

    search: Annotated[str, msgspec.Meta(max_length=64)] = ""
    enabled: bool | None = None


class ViewListEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number whose calls are shown; a disabled entry counts as absent."""

    number: _Number
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""
    enabled: bool = True


class ViewListEntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One number of the list."""

    number: str
    note: str
    enabled: bool


class ViewListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The list by number; `on` when it is in force."""

    on: bool
    entries: list[ViewListEntryView]


class ViewListSwitch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the list is in force."""

    on: bool


class ViewListNumber(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The entry of this number."""

    number: _Number


async def show(asked: Asked[ViewListQuery, Nothing]) -> ViewListAnswer:
    """The numbers whose calls are shown."""
    check_whole_scope(asked)
    panel, query = asked.panel, asked.query
    wanted = query.search.strip().lower()
    return ViewListAnswer(
        on=await panel.ask(view_list.is_on),
        entries=[
            ViewListEntryView(number=one.number, note=one.note, enabled=one.is_enabled)
            for one in await panel.ask(view_list.entries)
            if (wanted in one.number.lower() or wanted in one.note.lower())
            and query.enabled in (None, one.is_enabled)
        ],
    )


async def add(asked: Asked[Nothing, ViewListEntry]) -> ViewListEntryView:
    """Add a number to the view list."""
    check_whole_scope(asked)
    await asked.panel.ask(view_list.add, _entry(asked.body))
    audit.note(asked, "number added to the view list", number=asked.body.number)
    return _view(asked.body)


async def replace(asked: Asked[ViewListNumber, ViewListEntry]) -> ViewListEntryView:
    """Change an entry of the view list."""
    check_whole_scope(asked)
    await asked.panel.ask(view_list.replace, asked.query.number, _entry(asked.body))
    audit.note(asked, "view list changed", number=asked.body.number)
    return _view(asked.body)


async def remove(asked: Asked[ViewListNumber, Nothing]) -> None:
    """Take a number off the view list."""
    check_whole_scope(asked)
    await asked.panel.ask(view_list.remove, asked.query.number)
    audit.note(asked, "number removed from the view list", number=asked.query.number)


async def switch(asked: Asked[Nothing, ViewListSwitch]) -> None:
    """Put the view list in force, or out of force."""
    check_whole_scope(asked)
    await asked.panel.ask(view_list.switch, on=asked.body.on)
    audit.note(asked, "view list switched", on=str(asked.body.on))


def _entry(body: ViewListEntry) -> ViewEntry:
    return ViewEntry(body.number.strip(), body.note.strip(), body.enabled)


def _view(body: ViewListEntry) -> ViewListEntryView:
    return ViewListEntryView(number=body.number.strip(), note=body.note.strip(), enabled=body.enabled)
