"""Whose number it is: names, companies and departments by number, and which extensions a department has."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from appliance.store.database import Database
from appliance.store.models import Directory
from appliance.store.row import number_key

_encoder = msgspec.json.Encoder()

# Written out: the query builder has no words for walking a tree.
_BELOW = (
    "WITH RECURSIVE below (id) AS (SELECT value FROM json_each(?) "
    "UNION SELECT departments.id FROM departments JOIN below ON departments.parent_key = below.id) "
)
_DEPARTMENTS_BELOW = f"{_BELOW} SELECT id FROM below"  # noqa: S608 - constants only
_EXTENSIONS_OF = (
    "SELECT number_key FROM directory WHERE is_extension AND department_key IN (SELECT id FROM below)"
)
_EXTENSIONS_BELOW = f"{_BELOW} {_EXTENSIONS_OF}"


class LineKind(StrEnum):
    """What an extension is connected by."""

    IP = "ip"
    ANALOG = "analog"
    E1 = "e1"


class Entry(NamedTuple):
    """One number of the directory; `kind` is None for numbers that are no extension here."""

    number: str
    name: str = ""
    company: str = ""
    department_id: int | None = None
    is_extension: bool = False
    kind: LineKind | None = None
    note: str = ""


def put(database: Database, entries: Iterable[Entry]) -> None:
    """Write entries, replacing older ones of the same numbers, all or none."""
    with database.write():
        for entry in entries:
            row = {
                Directory.number_key: number_key(entry.number),
                Directory.number: entry.number,
                Directory.name: entry.name,
                Directory.company: entry.company,
                Directory.department_key: entry.department_id,
                Directory.is_extension: entry.is_extension,
                Directory.kind: entry.kind.value if entry.kind else "",
                Directory.note: entry.note,
            }
            changed = {column: value for column, value in row.items() if column is not Directory.number_key}
            database.run(
                Directory.insert(row).on_conflict(conflict_target=[Directory.number_key], update=changed)
            )


def find(database: Database, number: str) -> Entry | None:
    """The entry of a number."""
    row = database.first(Directory.select(*_ENTRY).where(Directory.number_key == number_key(number)))
    return None if row is None else _entry(row)


def extensions(database: Database) -> list[Entry]:
    """All extensions by number."""
    rows = database.rows(
        Directory.select(*_ENTRY).where(Directory.is_extension).order_by(Directory.number_key)
    )
    return [_entry(row) for row in rows]


def below(database: Database, department_ids: Iterable[int]) -> frozenset[int]:
    """These departments and all below them."""
    rows = database.execute(_DEPARTMENTS_BELOW, (_encoder.encode(list(department_ids)).decode(),))
    return frozenset(key for (key,) in rows)


def extension_keys(database: Database, department_ids: Iterable[int]) -> frozenset[str]:
    """The keys of the extensions of these departments and all below them."""
    rows = database.execute(_EXTENSIONS_BELOW, (_encoder.encode(list(department_ids)).decode(),))
    return frozenset(key for (key,) in rows)


_ENTRY = (
    Directory.number,
    Directory.name,
    Directory.company,
    Directory.department_key,
    Directory.is_extension,
    Directory.kind,
    Directory.note,
)


def _entry(row: tuple[str, str, str, int | None, bool, str, str]) -> Entry:
    number, name, company, department_id, is_extension, kind, note = row
    return Entry(
        number, name, company, department_id, bool(is_extension), LineKind(kind) if kind else None, note
    )
