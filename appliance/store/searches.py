"""Searches that people keep, by name, with the query line as their content; and what else a person prefers."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.store.database import Database
from appliance.store.names import name_key
from appliance.store.row import to_us

MAX_SEARCHES = 200


class Shared(StrEnum):
    """With whom a search is shared; `ROLE` is everybody of the role that its owner has."""

    NOBODY = "nobody"
    ROLE = "role"
    EVERYONE = "everyone"


class SearchTaken(Conflict):
    """Facts: name."""

    text = Text(en="You have a search {name} already.", zh="您已有名为 {name} 的查询。")


class TooManySearches(Conflict):
    """Facts: most."""

    text = Text(en="There can be no more than {most} searches a person.", zh="每人最多保存 {most} 个查询。")


class Search(NamedTuple):
    """A kept search; `is_own` tells whose view this is."""

    id: int
    name: str
    line: str
    shared: Shared
    is_own: bool
    author: str


_VISIBLE = (
    "FROM saved_searches AS kept JOIN users ON users.id = kept.user_key WHERE kept.user_key = ? "
    "OR kept.shared = 'everyone' OR (kept.shared = 'role' AND kept.role_key = ?)"
)


def everything(database: Database, user_id: int, role_id: int) -> list[Search]:
    """Own searches and those that others share with this person, by name."""
    rows = database.execute(
        f"SELECT kept.id, kept.name, kept.line, kept.shared, kept.user_key = ?, users.name {_VISIBLE} "
        "ORDER BY kept.user_key <> ?, kept.name_key, kept.id",
        (user_id, user_id, role_id, user_id),
    )
    return [
        Search(key, name, line, Shared(shared), bool(own), author)
        for key, name, line, shared, own, author in rows
    ]


def keep(
    database: Database, user_id: int, role_id: int, name: str, line: str, shared: Shared, at: datetime
) -> int:
    """Add a search; its id.

    Raises: SearchTaken, TooManySearches
    """
    with database.write():
        names = database.execute("SELECT name_key FROM saved_searches WHERE user_key = ?", (user_id,))
        if (name_key(name),) in names:
            raise SearchTaken(name=name)
        if len(names) >= MAX_SEARCHES:
            raise TooManySearches(most=MAX_SEARCHES)
        ((key,),) = database.execute(
            "INSERT INTO saved_searches (user_key, name, name_key, line, shared, role_key, at_us) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (user_id, name, name_key(name), line, shared.value, role_id, to_us(at)),
        )
        return int(key)


def replace(
    database: Database, user_id: int, role_id: int, search_id: int, name: str, line: str, shared: Shared
) -> None:
    """Change an own search.

    Raises: NotFound (also for those of others), SearchTaken
    """
    with database.write():
        same = database.execute(
            "SELECT 1 FROM saved_searches WHERE user_key = ? AND name_key = ? AND id <> ?",
            (user_id, name_key(name), search_id),
        )
        if same:
            raise SearchTaken(name=name)
        changed = database.execute(
            "UPDATE saved_searches SET name = ?, name_key = ?, line = ?, shared = ?, role_key = ? "
            "WHERE id = ? AND user_key = ? RETURNING id",
            (name, name_key(name), line, shared.value, role_id, search_id, user_id),
        )
        if not changed:
            raise NotFound(what=str(search_id))


def forget(database: Database, user_id: int, search_id: int) -> None:
    """Delete an own search.

    Raises: NotFound (also for those of others)
    """
    with database.write():
        gone = database.execute(
            "DELETE FROM saved_searches WHERE id = ? AND user_key = ? RETURNING id", (search_id, user_id)
        )
        if not gone:
            raise NotFound(what=str(search_id))


def preference(database: Database, user_id: int, name: str) -> str:
    """What a person prefers, '' as long as they said nothing."""
    rows = database.execute("SELECT value FROM preferences WHERE user_key = ? AND name = ?", (user_id, name))
    return str(rows[0][0]) if rows else ""


def prefer(database: Database, user_id: int, name: str, value: str) -> None:
    """Keep what a person prefers."""
    with database.write():
        database.execute(
            "INSERT INTO preferences (user_key, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (user_key, name) DO UPDATE SET value = excluded.value",
            (user_id, name, value),
        )
