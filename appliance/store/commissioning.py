"""The installer's list, kept until it is emptied, and the calls of the ledger that bear on it. Written by webadmin."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from appliance.domain.bundle import Record
from appliance.domain.commissioning import Extension, NumberBook
from appliance.store.database import Database
from appliance.store.models import Calls, Commissioned, Records
from appliance.store.row import from_us, to_us

MAX_CALLS = 20_000
_BATCH = 200
_ONLY = 1

_list = msgspec.json.Decoder(list[Extension])
_encoder = msgspec.json.Encoder()
_record = msgspec.json.Decoder(Record)


class Commissioning(NamedTuple):
    """A list being worked through."""

    started_at: datetime
    started_by: str
    extensions: list[Extension]


def load(database: Database) -> Commissioning | None:
    """The commissioning that goes on, None when there is none."""
    found = database.first(
        Commissioned.select(Commissioned.started_at_us, Commissioned.started_by, Commissioned.extensions)
    )
    if found is None:
        return None
    return Commissioning(from_us(found[0]), found[1], _list.decode(found[2]))


def save(database: Database, commissioning: Commissioning) -> None:
    """Keep it, replacing the former one."""
    row = {
        "id": _ONLY,
        "started_at_us": to_us(commissioning.started_at),
        "started_by": commissioning.started_by,
        "extensions": _encoder.encode(commissioning.extensions).decode(),
    }
    with database.write():
        database.run(Commissioned.delete())
        database.run(Commissioned.insert(row))


def end(database: Database) -> None:
    """Forget it; no harm when there is none."""
    with database.write():
        database.run(Commissioned.delete())


def records_since(database: Database, commissioning: Commissioning) -> list[Record]:
    """The ledger's calls of the listed extensions since the start; of very many calls, the newest `MAX_CALLS`."""
    book = NumberBook(commissioning.extensions)
    newest = (
        Calls.select(Calls.id, Calls.caller_number, Calls.callee_number)
        .where(Calls.started_at_us >= to_us(commissioning.started_at))
        .order_by(Calls.started_at_us.desc())
        .limit(MAX_CALLS)
    )
    keys = [
        key
        for key, caller, callee in database.rows(newest)
        if book.find(caller) is not None or book.find(callee) is not None
    ]
    found: list[Record] = []
    for start in range(0, len(keys), _BATCH):
        batch = Records.select(Records.record).where(Records.call_key.in_(keys[start : start + _BATCH]))
        found += [_record.decode(blob) for (blob,) in database.rows(batch)]
    return found
