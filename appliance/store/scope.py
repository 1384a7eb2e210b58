"""Scopes inside questions to the ledger, and what conversations are called by people who know a part of them.

A conversation's id is the id of its first call. Whoever may not know of that call knows the conversation by the id of
its first call inside the scope.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
import peewee

from appliance.domain.access import Scope
from appliance.store.database import Database
from appliance.store.directory import named
from appliance.store.models import Calls
from appliance.store.row import CallRow

_encoder = msgspec.json.Encoder()
_KEYS_OF_NUMBERS = "(SELECT id FROM numbers WHERE number IN (SELECT value FROM json_each(?)))"


def inside(scope: Scope) -> Any:
    """The condition that at least one end of a call is in the scope."""
    if scope.everything:
        return peewee.SQL("1")
    wanted = _encoder.encode(sorted(scope.numbers)).decode()
    keys = peewee.SQL(_KEYS_OF_NUMBERS, (wanted,))
    return Calls.caller_key.in_(keys) | Calls.callee_key.in_(keys)


def as_known(database: Database, rows: list[CallRow], scope: Scope) -> list[CallRow]:
    """The rows with names from the directory and the conversation ids that somebody of this scope knows."""
    rows = named(database, rows)
    strange = {row.interaction_id for row in rows if row.interaction_id != row.call_id}
    if scope.everything or not strange:
        return rows
    found = database.rows(
        Calls.select(Calls.interaction_id, peewee.fn.MIN(Calls.call_id))
        .where(Calls.interaction_id.in_(sorted(strange)) & inside(scope))
        .group_by(Calls.interaction_id)
    )
    known = dict(found)
    return [
        msgspec.structs.replace(row, interaction_id=known.get(row.interaction_id, row.interaction_id))
        for row in rows
    ]


def conversation(database: Database, known_id: str, scope: Scope) -> str | None:
    """The true id of a conversation that somebody of this scope knows as `known_id`, None when they cannot know it."""
    if scope.everything:
        return known_id
    row = database.first(
        Calls.select(Calls.interaction_id).where((Calls.call_id == known_id) & inside(scope))
    )
    return None if row is None else str(row[0])


def admitted(database: Database, call_ids: Iterable[str], scope: Scope) -> frozenset[str]:
    """Those of the calls that are in the ledger and inside the scope."""
    wanted = peewee.SQL("(SELECT value FROM json_each(?))", (_encoder.encode(list(call_ids)).decode(),))
    rows = database.rows(Calls.select(Calls.call_id).where(Calls.call_id.in_(wanted) & inside(scope)))
    return frozenset(call_id for (call_id,) in rows)
