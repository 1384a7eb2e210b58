"""How far each of our books has been told to the syslog server, and the rows that come next.

A book is read by its row numbers, which only ever grow; where nobody has read yet, reading begins at its end.
"""

from typing import Literal

from appliance.store import operations
from appliance.store.database import Database
from appliance.store.models import Calls, Forwarded
from appliance.store.operations import Logged
from appliance.store.row import COLUMNS, CallRow, from_columns

Book = Literal["operations", "calls"]
BOOKS: tuple[Book, ...] = ("operations", "calls")


def position(database: Database, book: Book) -> int:
    """The number of the last row that was told; a book that nobody has read begins with its next row."""
    found = database.first(Forwarded.select(Forwarded.last).where(Forwarded.book == book))
    if found is not None:
        return int(found[0])
    last = database.number(f"SELECT coalesce(max(id), 0) FROM {book}")  # noqa: S608 - a constant
    advance(database, book, last)
    return last


def advance(database: Database, book: Book, last: int) -> None:
    """All rows up to this one were told."""
    with database.write():
        database.run(Forwarded.insert(book=book, last=last).on_conflict_replace())


def leave(database: Database, book: Book) -> None:
    """Nobody reads the book any more."""
    with database.write():
        database.run(Forwarded.delete().where(Forwarded.book == book))


def operations_after(database: Database, last: int, limit: int) -> list[Logged]:
    """The rows of the operation log that come next, oldest first."""
    return operations.after(database, last, limit)


def calls_after(database: Database, last: int, limit: int) -> list[tuple[int, CallRow]]:
    """The calls that were indexed next, with the number of their row."""
    query = Calls.select(Calls.id, *COLUMNS).where(Calls.id > last).order_by(Calls.id).limit(limit)
    return [(row[0], from_columns(row[1:])) for row in database.rows(query)]
