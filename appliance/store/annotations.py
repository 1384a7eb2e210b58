"""What people put on calls: tags, notes, bookmarks. Written by webadmin only.

Everybody who may annotate may add; changing and removing notes and bookmarks is for whoever made them.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import peewee

from appliance.core.errors import Conflict, Denied, NotFound
from appliance.core.text import Text
from appliance.domain.access import Scope, masked_within
from appliance.store.database import Database
from appliance.store.models import Bookmarks, Calls, Holds, Notes, Tags
from appliance.store.row import LAST_CHARACTER, from_us, storable, to_us
from appliance.store.scope import inside

MAX_TAGS = 32
MAX_NOTES = 500
_MANY = 500


class TooMany(Conflict):
    """Facts: what, limit."""

    text = Text(en="{what} has {limit} of these already.", zh="{what} 已达上限（{limit} 个）。")


class NotYours(Denied):
    """Somebody else has written it."""

    text = Text(en="Only the author may change this.", zh="只有作者本人可以修改。")


class Tag(NamedTuple):
    """A word on a call."""

    tag: str
    author: str
    at: datetime


class Note(NamedTuple):
    """A text on a call; `position_s` is the place in the recording, None for the whole call."""

    id: int
    author: str
    at: datetime
    edited_at: datetime | None
    position_s: float | None
    text: str


class Bookmark(NamedTuple):
    """A place in the recording."""

    id: int
    author: str
    at: datetime
    position_s: float
    label: str


class Annotations(NamedTuple):
    """All of one call."""

    tags: list[Tag]
    notes: list[Note]
    bookmarks: list[Bookmark]


class Summary(NamedTuple):
    """What the list shows of a call."""

    tags: list[str]
    notes: int
    held: bool


NOTHING = Summary(tags=[], notes=0, held=False)


def tag_key(tag: str) -> str:
    """The one form of a tag: no blanks around or doubled, composed letters, lower case."""
    return storable(unicodedata.normalize("NFKC", " ".join(tag.split())).lower())


def of_call(database: Database, call_id: str) -> Annotations:
    """Everything that was put on a call."""
    with database.read():
        tags = database.rows(
            Tags.select(Tags.tag, Tags.author, Tags.at_us)
            .where(Tags.call_id == call_id)
            .order_by(Tags.at_us, Tags.tag)
        )
        notes = database.rows(
            Notes.select(
                Notes.id, Notes.author, Notes.at_us, Notes.edited_at_us, Notes.position_us, Notes.text
            )
            .where(Notes.call_id == call_id)
            .order_by(Notes.at_us, Notes.id)
        )
        bookmarks = database.rows(
            Bookmarks.select(
                Bookmarks.id, Bookmarks.author, Bookmarks.at_us, Bookmarks.position_us, Bookmarks.label
            )
            .where(Bookmarks.call_id == call_id)
            .order_by(Bookmarks.position_us, Bookmarks.id)
        )
    return Annotations(
        [Tag(tag, author, from_us(at_us)) for tag, author, at_us in tags],
        [
            Note(
                key,
                author,
                from_us(at_us),
                None if edited_us is None else from_us(edited_us),
                None if position_us is None else position_us / 1e6,
                text,
            )
            for key, author, at_us, edited_us, position_us, text in notes
        ],
        [
            Bookmark(key, author, from_us(at_us), position_us / 1e6, label)
            for key, author, at_us, position_us, label in bookmarks
        ],
    )


def summaries(database: Database, call_ids: Iterable[str], *, scope: Scope) -> dict[str, Summary]:
    """What the list shows, for calls inside the scope that have anything to show."""
    wanted = list(call_ids)
    if not scope.everything:
        known = Calls.select(Calls.call_id).where(Calls.call_id.in_(wanted) & inside(scope))
        wanted = [call_id for (call_id,) in database.rows(known)]
    tags: dict[str, list[str]] = {}
    notes: dict[str, int] = {}
    held: set[str] = set()
    for start in range(0, len(wanted), _MANY):
        part = wanted[start : start + _MANY]
        for call_id, tag in database.rows(
            Tags.select(Tags.call_id, Tags.tag).where(Tags.call_id.in_(part)).order_by(Tags.at_us, Tags.tag)
        ):
            tags.setdefault(call_id, []).append(tag)
        counted = (
            Notes.select(Notes.call_id, peewee.fn.COUNT(Notes.id))
            .where(Notes.call_id.in_(part))
            .group_by(Notes.call_id)
        )
        notes |= dict(database.rows(counted))
        in_force = Holds.select(Holds.call_id).where(Holds.call_id.in_(part) & Holds.lifted_at_us.is_null())
        held |= {call_id for (call_id,) in database.rows(in_force)}
    return {
        call_id: Summary(tags.get(call_id, []), notes.get(call_id, 0), call_id in held)
        for call_id in tags.keys() | notes.keys() | held
    }


def known_tags(
    database: Database, begin: str = "", limit: int = 50, *, scope: Scope, as_masked: bool = False
) -> list[tuple[str, int]]:
    """Tags in use on calls inside the scope with the number of these, the most used first.

    `as_masked`: without those that hold a number, whose digits could be tried out one after the other.
    """
    count = peewee.fn.COUNT(Tags.call_id)
    chosen = Tags.select(Tags.tag, count).group_by(Tags.tag).order_by(count.desc(), Tags.tag)
    if not scope.everything:
        chosen = chosen.join(Calls, on=(Calls.call_id == Tags.call_id)).where(inside(scope))
    if begin:
        first = tag_key(begin)
        chosen = chosen.where(Tags.tag.between(first, first + LAST_CHARACTER))
    if not as_masked:
        return [(tag, calls) for tag, calls in database.rows(chosen.limit(limit))]
    # Judged here, from the most used on: the file would judge every tag there is, for each letter that is typed.
    open_ones = ((tag, calls) for tag, calls in database.rows(chosen) if masked_within(tag) == tag)
    return list(islice(open_ones, limit))


def add_tag(database: Database, call_id: str, tag: str, author: str, at: datetime) -> None:
    """Put a tag on a call; no harm when it is there.

    Raises: TooMany
    """
    with database.write():
        _check_room(database, Tags, call_id, MAX_TAGS)
        row = {"call_id": call_id, "tag": tag_key(tag), "author": author, "at_us": to_us(at)}
        database.run(Tags.insert(row).on_conflict_ignore())


def remove_tag(database: Database, call_id: str, tag: str) -> None:
    """Take a tag off a call; no harm when it is not there."""
    with database.write():
        database.run(Tags.delete().where((Tags.call_id == call_id) & (Tags.tag == tag_key(tag))))


def add_note(
    database: Database, call_id: str, text: str, author: str, at: datetime, position_s: float | None = None
) -> int:
    """Write a note; its id.

    Raises: TooMany
    """
    row = {
        "call_id": call_id,
        "author": author,
        "at_us": to_us(at),
        "position_us": None if position_s is None else round(position_s * 1e6),
        "text": storable(text),
    }
    with database.write():
        _check_room(database, Notes, call_id, MAX_NOTES)
        return int(database.run(Notes.insert(row)))


def change_note(database: Database, call_id: str, note_id: int, text: str, author: str, at: datetime) -> None:
    """Write a note anew.

    Raises: NotFound, NotYours
    """
    with database.write():
        _check_own(database, Notes, call_id, note_id, author)
        database.run(
            Notes.update({"text": storable(text), "edited_at_us": to_us(at)}).where(Notes.id == note_id)
        )


def remove_note(database: Database, call_id: str, note_id: int, author: str) -> None:
    """Only whoever wrote it may.

    Raises: NotFound, NotYours
    """
    with database.write():
        _check_own(database, Notes, call_id, note_id, author)
        database.run(Notes.delete().where(Notes.id == note_id))


def add_bookmark(
    database: Database, call_id: str, position_s: float, label: str, author: str, at: datetime
) -> int:
    """Mark a place; its id.

    Raises: TooMany
    """
    row = {
        "call_id": call_id,
        "author": author,
        "at_us": to_us(at),
        "position_us": round(position_s * 1e6),
        "label": storable(label),
    }
    with database.write():
        _check_room(database, Bookmarks, call_id, MAX_NOTES)
        return int(database.run(Bookmarks.insert(row)))


def remove_bookmark(database: Database, call_id: str, bookmark_id: int, author: str) -> None:
    """Only whoever set it may.

    Raises: NotFound, NotYours
    """
    with database.write():
        _check_own(database, Bookmarks, call_id, bookmark_id, author)
        database.run(Bookmarks.delete().where(Bookmarks.id == bookmark_id))


def _check_room(database: Database, table: Any, call_id: str, limit: int) -> None:
    counted = table.select(peewee.fn.COUNT(peewee.SQL("*"))).where(table.call_id == call_id)
    if database.rows(counted)[0][0] >= limit:
        raise TooMany(what=call_id, limit=limit)


def _check_own(database: Database, table: Any, call_id: str, key: int, author: str) -> None:
    found = database.rows(table.select(table.call_id, table.author).where(table.id == key))
    if not found or found[0][0] != call_id:
        raise NotFound(what=str(key))
    if found[0][1] != author:
        raise NotYours
