"""The directory looked through: filters, and pages by key in both directions."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.store import directory
from appliance.store.database import Database
from appliance.store.directory import Entry, LineKind
from appliance.store.row import number_key

MAX_PAGE_SIZE = 200
LAST = "last"
_BATCH = 1000
_COLUMNS = "number, name, company, department_key, is_extension, kind, note, number_key"
_encoder = msgspec.json.Encoder()


class Which(StrEnum):
    """Which numbers of the directory."""

    ALL = "all"
    CONTACTS = "contacts"
    EXTENSIONS = "extensions"


class Wanted(NamedTuple):
    """Filters; all that are given must hold. `search` may stand in any column, `department_id` counts all below it."""

    search: str = ""
    number: str = ""
    name: str = ""
    company: str = ""
    department_id: int | None = None
    which: Which = Which.ALL


class Page(NamedTuple):
    """One page by number; `next` and `previous` are cursors, "" at the ends."""

    total: int
    entries: list[Entry]
    next: str = ""
    previous: str = ""


class _Where(NamedTuple):
    sql: str
    values: tuple[Any, ...]

    def beyond(self, mark: str, key: str) -> "_Where":
        return _Where(f"{self.sql} AND number_key {mark} ?", (*self.values, key))


def look(database: Database, wanted: Wanted, *, size: int, page: int = 1, cursor: str = "") -> Page:
    """A page of the directory. `cursor` goes before `page`: that of another page, or `last`.

    Raises: Invalid for a cursor that is none
    """
    size = min(max(1, size), MAX_PAGE_SIZE)
    if cursor and cursor != LAST and cursor[0] not in "ab":
        raise Invalid(field="cursor", problem=Text(en="is no place in this list", zh="不是有效的分页位置"))
    with database.read():
        where = _where(database, wanted)
        total = int(_select(database, where, "count(*)", "")[0][0])
        is_back = cursor == LAST or cursor.startswith("b")
        narrowed, offset = where, 0
        if cursor and cursor != LAST:
            narrowed = where.beyond("<" if is_back else ">", cursor[1:])
        elif not cursor:
            offset = (max(1, page) - 1) * size
        # The last page is as long as pages by number would leave it.
        most = (total % size or size) if cursor == LAST else size
        order = f"ORDER BY number_key {'DESC' if is_back else 'ASC'} LIMIT {most + 1} OFFSET {offset}"
        rows = _select(database, narrowed, _COLUMNS, order)
    more, rows = len(rows) > most, rows[:most]
    if is_back:
        rows.reverse()
    begins = not more if is_back else not cursor and offset == 0
    ends = cursor == LAST if is_back else not more
    return Page(
        total,
        [_entry(row) for row in rows],
        "" if ends or not rows else f"a{rows[-1][-1]}",
        "" if begins or not rows else f"b{rows[0][-1]}",
    )


def of_numbers(database: Database, numbers: Iterable[str]) -> dict[str, Entry]:
    """The entries of these numbers, by key."""
    keys = _encoder.encode(sorted({number_key(number) for number in numbers})).decode()
    where = _Where("number_key IN (SELECT value FROM json_each(?))", (keys,))
    return {row[-1]: _entry(row) for row in _select(database, where, _COLUMNS, "")}


def walk(database: Database, wanted: Wanted) -> Iterator[Entry]:
    """All that match, by number, without ever holding more than a few hundred."""
    where = _where(database, wanted)
    after = ""
    while True:
        rows = _select(database, where.beyond(">", after), _COLUMNS, f"ORDER BY number_key LIMIT {_BATCH}")
        yield from (_entry(row) for row in rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1][-1]


def _where(database: Database, wanted: Wanted) -> _Where:
    terms: list[str] = ["1"]
    values: list[Any] = []
    for column, text in (("name", wanted.name), ("company", wanted.company)):
        if text.strip():
            terms.append(f"instr(lower({column}), lower(?)) > 0")
            values.append(text.strip())
    if wanted.number.strip():
        terms.append("instr(number_key, ?) > 0")
        values.append(number_key(wanted.number))
    if wanted.search.strip():
        text = wanted.search.strip()
        terms.append(
            "(instr(number_key, ?) > 0 OR instr(lower(name), lower(?)) > 0 OR instr(lower(company), lower(?)) > 0 "
            "OR instr(lower(note), lower(?)) > 0)"
        )
        values += [number_key(text), text, text, text]
    if wanted.department_id is not None:
        ids = directory.below(database, (wanted.department_id,))
        terms.append("department_key IN (SELECT value FROM json_each(?))")
        values.append(_encoder.encode(sorted(ids)).decode())
    if wanted.which is not Which.ALL:
        terms.append("is_extension" if wanted.which is Which.EXTENSIONS else "NOT is_extension")
    return _Where(" AND ".join(terms), tuple(values))


def _select(database: Database, where: _Where, columns: str, order: str) -> list[tuple[Any, ...]]:
    statement = f"SELECT {columns} FROM directory WHERE {where.sql} {order}"  # noqa: S608 - constants only
    return database.execute(statement, where.values)


def _entry(row: tuple[Any, ...]) -> Entry:
    number, name, company, department_id, is_extension, kind, note, _ = row
    return Entry(
        number, name, company, department_id, bool(is_extension), LineKind(kind) if kind else None, note
    )
