"""The view list: while it is switched on, calls of its numbers are all that anybody is shown.

It limits looking, never recording; the recording allow-list is a part of the recording rules.
"""

from typing import NamedTuple

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.store.database import Database
from appliance.store.models import RightsState, ViewList
from appliance.store.row import number_key


class NumberListed(Conflict):
    """Facts: number."""

    text = Text(en="{number} stands in the list already.", zh="号码 {number} 已在名单中。")


class ViewEntry(NamedTuple):
    """One number; a disabled entry counts as absent."""

    number: str
    note: str
    is_enabled: bool


def is_on(database: Database) -> bool:
    """Whether the list is in force."""
    return bool(database.rows(RightsState.select(RightsState.has_view_list))[0][0])


def switch(database: Database, *, on: bool) -> None:
    """Put it in force, or out of force."""
    with database.write():
        database.run(RightsState.update({RightsState.has_view_list: on}))


def shown(database: Database) -> frozenset[str] | None:
    """The keys of the numbers that are shown, None while the list is not in force."""
    if not is_on(database):
        return None
    rows = database.rows(ViewList.select(ViewList.number_key).where(ViewList.is_enabled))
    return frozenset(key for (key,) in rows)


def entries(database: Database) -> list[ViewEntry]:
    """All entries by number."""
    rows = database.rows(
        ViewList.select(ViewList.number, ViewList.note, ViewList.is_enabled).order_by(ViewList.number_key)
    )
    return [ViewEntry(number, note, bool(enabled)) for number, note, enabled in rows]


def add(database: Database, entry: ViewEntry) -> None:
    """Add a number.

    Raises: NumberListed
    """
    key = number_key(entry.number)
    with database.write():
        if database.first(ViewList.select(ViewList.number).where(ViewList.number_key == key)) is not None:
            raise NumberListed(number=entry.number)
        database.run(
            ViewList.insert(number_key=key, number=entry.number, note=entry.note, is_enabled=entry.is_enabled)
        )


def replace(database: Database, number: str, entry: ViewEntry) -> None:
    """Replace the entry of a number.

    Raises: NotFound, NumberListed
    """
    with database.write():
        remove(database, number)
        add(database, entry)


def remove(database: Database, number: str) -> None:
    """Take a number off.

    Raises: NotFound
    """
    with database.write():
        if not database.run(ViewList.delete().where(ViewList.number_key == number_key(number))):
            raise NotFound(what=number)
