"""The ledger in the index: write a record's row, read it back, rebuild all from the archive's records.

This file is the door for the rest of the house; searching, figures and enquiries stand in files of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.domain.access import Scope
from appliance.domain.bundle import Record
from appliance.store import kinds
from appliance.store.database import Database
from appliance.store.enquiry import Answer, Verdict, why
from appliance.store.figures import HomeFigures, home
from appliance.store.interactions import Leg, forget_unused, keep_ties, legs, unite
from appliance.store.models import Calls, Records
from appliance.store.row import COLUMNS, CallRow, Name, from_columns, number_key, row_of, to_columns
from appliance.store.scope import as_known, inside
from appliance.store.search import CallFilter, CallPage, Match, Sort, find

__all__ = (
    "Answer",
    "CallFilter",
    "CallPage",
    "CallRow",
    "HomeFigures",
    "Leg",
    "Match",
    "Name",
    "Rebuilt",
    "Sort",
    "Verdict",
    "find",
    "get",
    "home",
    "index",
    "index_all",
    "is_empty",
    "legs",
    "rebuild",
    "row",
    "row_of",
    "why",
)

_REBUILD_BATCH = 500

# Written out, because building these four from the models costs more than all else that archiving a call does here.
_CALL_COLUMNS = tuple(field.column_name for field in Calls._meta.sorted_fields if field.name != "id")  # noqa: SLF001 - the models' public register
_UPSERT_CALL = (
    f"INSERT INTO calls ({', '.join(_CALL_COLUMNS)}) VALUES ({', '.join('?' * len(_CALL_COLUMNS))}) "  # noqa: S608
    f"ON CONFLICT (call_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _CALL_COLUMNS)} "
    "RETURNING id"
)
_REPLACE_RECORD = "INSERT OR REPLACE INTO records (call_key, record) VALUES (?, ?)"
_ADD_NUMBER = "INSERT OR IGNORE INTO numbers (number, reversed) VALUES (?, ?) RETURNING id"
_KEY_OF_NUMBER = "SELECT id FROM numbers WHERE number = ?"

_decoder = msgspec.json.Decoder(Record)
_encoder = msgspec.json.Encoder()


class Rebuilt(NamedTuple):
    """What a rebuild did: rows written, rows dropped because their record is gone, records not readable."""

    indexed: int
    dropped: int
    unreadable: list[Path]


def index(database: Database, record: Record) -> None:
    """Write one call's row, replacing an older one.

    Raises: Busy, Full, Unreachable, IndexDamaged
    """
    index_all(database, (record,))


def index_all(database: Database, records: Iterable[Record]) -> None:
    """Write the rows of many calls in one transaction: all or none."""
    keys: dict[str, int] = {}
    known: dict[kinds.Kind, int] = {}
    with database.write():
        for record in records:
            _index(database, record, keys, known)


def get(database: Database, call_id: str, *, scope: Scope) -> Record | None:
    """The whole record of one call; one outside the scope is as unknown as any other."""
    found = database.first(
        Records.select(Records.record)
        .join(Calls, on=(Calls.id == Records.call_key))
        .where((Calls.call_id == call_id) & inside(scope))
    )
    return None if found is None else _decoder.decode(found[0])


def row(database: Database, call_id: str, *, scope: Scope) -> CallRow | None:
    """The list's line of one call; one outside the scope is as unknown as any other."""
    found = database.first(Calls.select(*COLUMNS).where((Calls.call_id == call_id) & inside(scope)))
    return None if found is None else as_known(database, [from_columns(found)], scope)[0]


def is_empty(database: Database) -> bool:
    """Whether no call is known."""
    return database.first(Calls.select(Calls.id)) is None


def rebuild(database: Database, roots: Sequence[Path], *, drop: bool = True) -> Rebuilt:
    """Make the index agree with the records below the storage paths; the programs may go on meanwhile.

    A record written while this runs is indexed by the archiver itself, and rows are dropped only for calls that
    were known before the archive was read, and only with `drop`: not when a storage path is missing among `roots`.
    """
    known: set[str] = set()
    if drop:
        known.update(call_id for (call_id,) in database.rows(Calls.select(Calls.call_id)))
    indexed = 0
    unreadable: list[Path] = []
    batch: list[Record] = []
    for path in (path for root in roots for path in _record_files(root)):
        try:
            batch.append(_decoder.decode(path.read_bytes()))
        except (msgspec.MsgspecError, OSError):
            unreadable.append(path)
            continue
        known.discard(batch[-1].call.call_id)
        indexed += 1
        if len(batch) == _REBUILD_BATCH:
            index_all(database, batch)
            batch.clear()
    index_all(database, batch)
    with database.write():
        for call_id in known:
            database.run(Calls.delete().where(Calls.call_id == call_id))
        forget_unused(database)
    return Rebuilt(indexed, len(known), unreadable)


def _record_files(archive: Path) -> Iterator[Path]:
    for year in sorted(archive.glob("[0-9][0-9][0-9][0-9]")):
        for day in sorted(year.glob("[0-9][0-9]/[0-9][0-9]")):
            yield from sorted(day.glob("*.json"))


def _index(database: Database, record: Record, keys: dict[str, int], known: dict[kinds.Kind, int]) -> None:
    line = msgspec.structs.replace(row_of(record), interaction_id=unite(database, record))
    columns = to_columns(
        line,
        _number(database, line.caller.number, keys),
        _number(database, line.callee.number, keys),
        kinds.key_of(database, kinds.kind_of(record, line), known),
    )
    ((call_key,),) = database.execute(_UPSERT_CALL, tuple(columns[name] for name in _CALL_COLUMNS))
    database.execute(_REPLACE_RECORD, (call_key, _encoder.encode(record)))
    keep_ties(database, record, call_key)


def _number(database: Database, number: str, keys: dict[str, int]) -> int:
    key = number_key(number)
    if key not in keys:
        added = database.execute(_ADD_NUMBER, (key, key[::-1]))
        ((keys[key],),) = added or database.execute(_KEY_OF_NUMBER, (key,))
    return keys[key]
