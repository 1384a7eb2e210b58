"""Which calls somebody has reviewed: a person's own note, shown to nobody else. Written by webadmin only."""

from collections.abc import Iterable

import msgspec

from appliance.domain.access import Scope
from appliance.store.database import Database
from appliance.store.models import Calls
from appliance.store.scope import inside

_encoder = msgspec.json.Encoder()


def mark(
    database: Database, user_id: int, call_ids: Iterable[str], *, reviewed: bool, scope: Scope
) -> frozenset[str]:
    """Note that these calls are reviewed by a person, or not (any more); those that are in the ledger and the scope."""
    found = _found(database, call_ids, scope)
    keys = _encoder.encode(list(found)).decode()
    with database.write():
        if reviewed:
            database.execute(
                "INSERT OR IGNORE INTO reviewed (user_key, call_key) SELECT ?, id FROM calls "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (user_id, keys),
            )
        else:
            database.execute(
                "DELETE FROM reviewed WHERE user_key = ? AND call_key IN (SELECT value FROM json_each(?))",
                (user_id, keys),
            )
    return frozenset(found.values())


def among(database: Database, user_id: int, call_ids: Iterable[str], *, scope: Scope) -> frozenset[str]:
    """Those of the calls that the person has reviewed, inside the scope."""
    found = _found(database, call_ids, scope)
    rows = database.execute(
        "SELECT call_key FROM reviewed WHERE user_key = ? AND call_key IN (SELECT value FROM json_each(?))",
        (user_id, _encoder.encode(list(found)).decode()),
    )
    return frozenset(found[key] for (key,) in rows)


def _found(database: Database, call_ids: Iterable[str], scope: Scope) -> dict[int, str]:
    wanted = Calls.call_id.in_(list(call_ids))
    return dict(database.rows(Calls.select(Calls.id, Calls.call_id).where(wanted & inside(scope))))
