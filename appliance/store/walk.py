"""Many calls one after the other, newest first, without ever holding more than a few hundred: for exports."""

from collections.abc import Iterator, Sequence
from typing import Any

import peewee

from appliance.domain.access import Scope
from appliance.store.annotations import NOTHING, Summary, summaries
from appliance.store.database import Database
from appliance.store.models import Calls
from appliance.store.row import COLUMNS, CallRow, from_columns, to_us
from appliance.store.scope import as_known
from appliance.store.search import CallFilter, conditions, inside

_BATCH = 500


def count(database: Database, wanted: CallFilter, call_ids: Sequence[str] | None, scope: Scope) -> int:
    """How many calls inside the scope match; `call_ids` names them instead of the filter."""
    which = _which(database, wanted, call_ids, scope)
    return int(database.rows(Calls.select(peewee.fn.COUNT(peewee.SQL("*"))).where(which))[0][0])


def walk(
    database: Database, wanted: CallFilter, call_ids: Sequence[str] | None, scope: Scope
) -> Iterator[tuple[CallRow, Summary]]:
    """All of them with what people have put on them; one that is indexed meanwhile comes or not, none comes twice."""
    which = _which(database, wanted, call_ids, scope)
    after: tuple[int, str] | None = None
    while True:
        chosen = Calls.select(*COLUMNS).where(which)
        if after is not None:
            at_us, call_id = after
            chosen = chosen.where(
                (Calls.started_at_us < at_us) | ((Calls.started_at_us == at_us) & (Calls.call_id < call_id))
            )
        found = database.rows(chosen.order_by(Calls.started_at_us.desc(), Calls.call_id.desc()).limit(_BATCH))
        rows = as_known(database, [from_columns(columns) for columns in found], scope)
        if not rows:
            return
        after = (to_us(rows[-1].started_at), rows[-1].call_id)
        known = summaries(database, [row.call_id for row in rows], scope=scope)
        for row in rows:
            yield row, known.get(row.call_id, NOTHING)


def _which(database: Database, wanted: CallFilter, call_ids: Sequence[str] | None, scope: Scope) -> Any:
    if call_ids is None:
        return conditions(database, wanted, scope)
    return Calls.call_id.in_(list(call_ids)) & inside(scope)
