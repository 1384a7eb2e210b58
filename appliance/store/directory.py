"""Whose number it is: names, companies and departments by number, and which extensions a department has."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.store.database import Database
from appliance.store.models import Directory, RightsState
from appliance.store.row import CallRow, Name, number_key

MAX_ENTRIES = 100_000

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
_PUT = (  # written out: a table brings twenty thousand rows, and the ledger's writer waits meanwhile
    "INSERT INTO directory (number_key, number, name, company, department_key, is_extension, kind, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number_key) DO UPDATE SET number = excluded.number, "
    "name = excluded.name, company = excluded.company, department_key = excluded.department_key, "
    "is_extension = excluded.is_extension, kind = excluded.kind, note = excluded.note"
)
_KNOWN = (
    "SELECT number_key, directory.name, company, coalesce(departments.name, '') "
    "FROM directory LEFT JOIN departments ON departments.id = department_key"
)
_KNOWN_OF = f"{_KNOWN} WHERE number_key IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants only


class NumberKnown(Conflict):
    """Facts: number."""

    text = Text(en="{number} stands in the directory already.", zh="号码 {number} 已在通讯录中。")


class IsExtension(Conflict):
    """Facts: number."""

    text = Text(
        en="{number} is an extension: change its number or remove it under “Extensions”.",
        zh="{number} 是分机，请在“分机”页面修改号码或删除。",
    )


class DirectoryFull(Conflict):
    """Facts: most."""

    text = Text(en="The directory holds at most {most} numbers.", zh="通讯录最多保存 {most} 个号码。")


class LineKind(StrEnum):
    """What an extension is connected by."""

    IP = "ip"
    ANALOG = "analog"
    E1 = "e1"


LINE_KIND_TEXT: dict[LineKind, Text] = {
    LineKind.IP: Text(en="IP", zh="IP"),
    LineKind.ANALOG: Text(en="Analog", zh="模拟"),
    LineKind.E1: Text(en="Digital (E1)", zh="数字（E1）"),
}


class Entry(NamedTuple):
    """One number of the directory; `kind` is None for numbers that are no extension here."""

    number: str
    name: str = ""
    company: str = ""
    department_id: int | None = None
    is_extension: bool = False
    kind: LineKind | None = None
    note: str = ""


class Known(NamedTuple):
    """What is said of a number; the department's own name, without those above it."""

    name: str = ""
    company: str = ""
    department: str = ""


def put(database: Database, entries: Iterable[Entry]) -> None:
    """Write entries, replacing older ones of the same numbers, all or none.

    Raises: DirectoryFull
    """
    with database.write():
        for entry in entries:
            kind = entry.kind.value if entry.kind else ""
            database.execute(
                _PUT, (number_key(entry.number), *entry[:4], entry.is_extension, kind, entry.note)
            )
        _check_room(database)
        _touch(database)


def replace(database: Database, number: str, entry: Entry) -> Entry:
    """Replace the entry of a number, which may become another; what it is as an extension stays.

    Raises: NotFound, NumberKnown, IsExtension when an extension should get another number
    """
    with database.write():
        before = find(database, number)
        if before is None:
            raise NotFound(what=number)
        if number_key(entry.number) != number_key(number):
            if before.is_extension:
                raise IsExtension(number=before.number)
            if find(database, entry.number) is not None:
                raise NumberKnown(number=entry.number)
            _delete(database, [number_key(number)])
        after = entry._replace(is_extension=before.is_extension, kind=before.kind)
        put(database, [after])
        return after


def remove(database: Database, numbers: Iterable[str]) -> list[Entry]:
    """Delete entries; those that there were. Unknown numbers are passed over.

    Raises: IsExtension, and nothing is deleted
    """
    with database.write():
        found = [entry for number in numbers if (entry := find(database, number)) is not None]
        for entry in found:
            if entry.is_extension:
                raise IsExtension(number=entry.number)
        _delete(database, [number_key(entry.number) for entry in found])
        return found


def renumber(database: Database, number: str, entry: Entry) -> None:
    """Put an entry in the place of that of a number, which may be unknown.

    Raises: NumberKnown when its own number belongs to another entry
    """
    with database.write():
        check_free(database, number, entry.number)
        if number_key(entry.number) != number_key(number):
            _delete(database, [number_key(number)])
        put(database, [entry])


def check_free(database: Database, number: str, wanted: str) -> None:
    """Refuse a number for the entry of another when there is an entry of its own.

    Raises: NumberKnown
    """
    if number_key(wanted) != number_key(number) and find(database, wanted) is not None:
        raise NumberKnown(number=wanted)


def retire(database: Database, numbers: Iterable[str]) -> None:
    """These are extensions no longer: what is known of them stays as a contact, a bare number goes."""
    with database.write():
        for number in numbers:
            entry = find(database, number)
            if entry is None:
                continue
            if entry.name or entry.company or entry.note:
                put(database, [entry._replace(is_extension=False, kind=None)])
            else:
                _delete(database, [number_key(number)])


def adopt(database: Database, bound: Mapping[str, str]) -> int:
    """Make these numbers extensions where they are none yet; the names given count where none is known.

    Answers how many were new. Raises: DirectoryFull
    """
    with database.read():
        known = {number_key(one.number) for one in extensions(database)}
    missing = {number: name for number, name in bound.items() if number_key(number) not in known}
    if missing:
        with database.write():
            fresh = []
            for number, name in missing.items():
                entry = find(database, number) or Entry(number)
                fresh.append(
                    entry._replace(name=entry.name or name, is_extension=True, kind=entry.kind or LineKind.IP)
                )
            put(database, fresh)
    return len(missing)


def known(database: Database, keys: Iterable[str]) -> dict[str, Known]:
    """What the directory says of these numbers, by key; of unknown ones nothing."""
    wanted = _encoder.encode(sorted(set(keys))).decode()
    rows = database.execute(_KNOWN_OF, (wanted,))
    return {key: Known(*said) for key, *said in rows}


def everybody(database: Database) -> dict[str, Known]:
    """What the directory says of all numbers, by key."""
    return {key: Known(*said) for key, *said in database.execute(_KNOWN, ())}


def named(database: Database, rows: list[CallRow]) -> list[CallRow]:
    """The rows with what the directory says of their parties; one question for all of them."""
    keys = {number_key(party.number) for row in rows for party in (row.caller, row.callee)}
    found = known(database, keys)
    if not found:
        return rows
    return [
        msgspec.structs.replace(row, caller=_named(row.caller, found), callee=_named(row.callee, found))
        for row in rows
    ]


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


def _named(party: Name, found: Mapping[str, Known]) -> Name:
    said = found.get(number_key(party.number))
    if said is None:
        return party
    return Name(
        number=party.number,
        display=party.display,
        name=said.name,
        company=said.company,
        department=said.department,
    )


def _delete(database: Database, keys: list[str]) -> None:
    for key in keys:
        database.run(Directory.delete().where(Directory.number_key == key))


def _check_room(database: Database) -> None:
    if database.number("SELECT count(*) FROM directory") > MAX_ENTRIES:
        raise DirectoryFull(most=MAX_ENTRIES)


def _touch(database: Database) -> None:
    """Names alone move no trigger, but whoever keeps names must hear of new ones."""
    database.run(RightsState.update({RightsState.revision: RightsState.revision + 1}))
