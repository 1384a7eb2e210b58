"""The ledger in the index: write a record's row, read it back, rebuild all from the archive's records.

This file is the door for the rest of the house; searching, figures and enquiries stand in files of their own.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.core.files import Layout
from appliance.domain.bundle import Record
from appliance.store.database import Database
from appliance.store.enquiry import Answer, Verdict, why
from appliance.store.figures import HomeFigures, home
from appliance.store.models import Calls, Numbers, Records
from appliance.store.row import COLUMNS, CallRow, Name, from_columns, number_key, row_of, to_columns
from appliance.store.search import CallFilter, CallPage, Match, Sort, find

__all__ = (
    "Answer",
    "CallFilter",
    "CallPage",
    "CallRow",
    "HomeFigures",
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
    "rebuild",
    "row",
    "row_of",
    "why",
)

_REBUILD_BATCH = 500
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
    with database.write():
        for record in records:
            _index(database, record)


def get(database: Database, call_id: str) -> Record | None:
    """The whole record of one call."""
    found = database.first(
        Records.select(Records.record)
        .join(Calls, on=(Calls.id == Records.call_key))
        .where(Calls.call_id == call_id)
    )
    return None if found is None else _decoder.decode(found[0])


def row(database: Database, call_id: str) -> CallRow | None:
    """The list's line of one call."""
    found = database.first(Calls.select(*COLUMNS).where(Calls.call_id == call_id))
    return None if found is None else from_columns(found)


def rebuild(database: Database, layout: Layout) -> Rebuilt:
    """Make the index agree with the records of the archive; the programs may go on meanwhile.

    A record written while this runs is indexed by the archiver itself, and rows are dropped only for calls that
    were known before the archive was read.
    """
    known = {call_id for (call_id,) in database.rows(Calls.select(Calls.call_id))}
    indexed = 0
    unreadable: list[Path] = []
    batch: list[Record] = []
    for path in _record_files(layout.archive):
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
    return Rebuilt(indexed, len(known), unreadable)


def _record_files(archive: Path) -> Iterator[Path]:
    for year in sorted(archive.glob("[0-9][0-9][0-9][0-9]")):
        for day in sorted(year.glob("[0-9][0-9]/[0-9][0-9]")):
            yield from sorted(day.glob("*.json"))


def _index(database: Database, record: Record) -> None:
    line = row_of(record)
    columns = to_columns(line, _number(database, line.caller.number), _number(database, line.callee.number))
    found = database.first(Calls.select(Calls.id).where(Calls.call_id == line.call_id))
    if found is None:
        key = database.run(Calls.insert(columns))
    else:
        key = found[0]
        database.run(Calls.update(columns).where(Calls.id == key))
    database.run(Records.insert(call_key=key, record=_encoder.encode(record)).on_conflict_replace())


def _number(database: Database, number: str) -> int:
    key = number_key(number)
    found = database.first(Numbers.select(Numbers.id).where(Numbers.number == key))
    if found is not None:
        return int(found[0])
    return int(database.run(Numbers.insert(number=key, reversed=key[::-1])))
