"""Which calls of the ledger are one conversation, whatever order their records came in.

A record names others by our id or by a SIP Call-ID, and it may do so before or after those are indexed. So ids are
united as they become known: `merged` says into which a later id went, `ties` keeps what names a Call-ID until a call
of that name comes. The id of a conversation is the earliest of all ids in it, in any order of indexing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from appliance.domain.access import Scope
from appliance.domain.bundle import Record
from appliance.domain.interaction import Relation
from appliance.store.database import Database
from appliance.store.models import Calls, Merged, Records
from appliance.store.row import COLUMNS, CallRow, from_columns, storable, to_us
from appliance.store.scope import as_known, conversation, inside

MAX_LEGS = 200
TIE_WITHIN_US = 24 * 3600 * 1_000_000
"""How far a call of a Call-ID may have begun from the moment it was named; an old namesake is another call."""

# Written out, because this is done for every call that is archived.
_NAMED_BY = (
    "SELECT calls.interaction_id FROM ties JOIN calls ON calls.id = ties.call_key "
    "WHERE ties.sip_call_id = ? AND abs(ties.at_us - ?) <= ? AND calls.call_id <> ? "
    "UNION SELECT interaction_id FROM calls WHERE call_id = ? "
    "UNION SELECT into_id FROM merged WHERE interaction_id = ?"
)
_NAMESAKES = (
    "SELECT interaction_id FROM calls WHERE sip_call_id = ? AND abs(started_at_us - ?) <= ? AND call_id <> ?"
)
_MERGED_INTO = "SELECT into_id FROM merged WHERE interaction_id = ?"
_MOVE_CALLS = "UPDATE calls SET interaction_id = ? WHERE interaction_id = ?"
_MOVE_MERGED = "UPDATE merged SET into_id = ? WHERE into_id = ?"
_ADD_MERGED = "INSERT OR REPLACE INTO merged (interaction_id, into_id) VALUES (?, ?)"
_DROP_TIES = "DELETE FROM ties WHERE call_key = ?"
_ADD_TIE = "INSERT INTO ties (call_key, sip_call_id, at_us) VALUES (?, ?, ?)"


class Leg(NamedTuple):
    """One call of a conversation and what it knows of the others."""

    row: CallRow
    related: list[Relation]


class _CallPart(msgspec.Struct, frozen=True):
    related: list[Relation] = []


class _ManifestPart(msgspec.Struct, frozen=True):
    call: _CallPart


class _RecordPart(msgspec.Struct, frozen=True):
    manifest: _ManifestPart


_parts = msgspec.json.Decoder(_RecordPart)


def unite(database: Database, record: Record) -> str:
    """The interaction id of a call that is being indexed; calls known already are moved where they belong.

    Inside a writing transaction.
    """
    call = record.call
    own = call.call_id
    found = {own, storable(call.interaction_id)}
    found.update(relation.call_id for relation in call.related)
    found.discard("")
    named = (storable(call.sip_call_id), to_us(call.started_at), TIE_WITHIN_US)
    rows = database.execute(_NAMED_BY, (*named, own, own, own))
    for relation in call.related:
        if relation.sip_call_id:
            name = storable(relation.sip_call_id)
            rows += database.execute(_NAMESAKES, (name, to_us(relation.at), TIE_WITHIN_US, own))
    found.update(interaction_id for (interaction_id,) in rows)
    if found == {own}:
        return own  # most calls: they name nobody, nobody names them, and their id went into no other
    canonical = {_resolved(database, one) for one in found}
    first = min(canonical)
    for later in canonical - {first}:
        database.execute(_MOVE_CALLS, (first, later))
        database.execute(_MOVE_MERGED, (first, later))
        database.execute(_ADD_MERGED, (later, first))
    return first


def keep_ties(database: Database, record: Record, call_key: int) -> None:
    """Remember which Call-IDs a call names, for calls that are indexed later."""
    ties = [relation for relation in record.call.related if relation.sip_call_id]
    database.execute(_DROP_TIES, (call_key,))
    for relation in ties:
        database.execute(_ADD_TIE, (call_key, storable(relation.sip_call_id), to_us(relation.at)))


def legs(database: Database, interaction_id: str, *, scope: Scope) -> Sequence[Leg]:
    """The calls of a conversation inside the scope, oldest first; an id that was merged into another finds that one. At most 200."""
    with database.read():
        true_id = conversation(database, interaction_id, scope)
        if true_id is None:
            return []
        rows = database.rows(
            Calls.select(*COLUMNS, Records.record)
            .join(Records, on=(Calls.id == Records.call_key))
            .where((Calls.interaction_id == _resolved(database, true_id)) & inside(scope))
            .order_by(Calls.started_at_us, Calls.call_id)
            .limit(MAX_LEGS)
        )
        known = as_known(database, [from_columns(tuple(columns)) for *columns, _ in rows], scope)
    return [
        Leg(row, _parts.decode(record).manifest.call.related)
        for row, (*_, record) in zip(known, rows, strict=True)
    ]


def forget_unused(database: Database) -> None:
    """Drop merged ids of which no call is left."""
    inhabited = Calls.select(Calls.interaction_id)
    database.run(Merged.delete().where(Merged.into_id.not_in(inhabited)))


def _resolved(database: Database, interaction_id: str) -> str:
    found = database.execute(_MERGED_INTO, (interaction_id,))
    return str(found[0][0]) if found else interaction_id
