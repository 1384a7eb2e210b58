"""The calls of an export one after the other, newest first, without ever holding more than a few hundred."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import peewee

from appliance.store.annotations import Summary, summaries
from appliance.store.calls import CallRow
from appliance.store.database import Database
from appliance.store.models import Calls
from appliance.store.row import COLUMNS, from_columns, to_us
from appliance.store.search import conditions, inside
from webadmin.export_order import Order

_BATCH = 500
_NOTHING = Summary(tags=[], notes=0, held=False)


class Line(NamedTuple):
    """A call and what people have put on it."""

    row: CallRow
    summary: Summary


def count(database: Database, order: Order) -> int:
    """How many calls the export has."""
    chosen = Calls.select(peewee.fn.COUNT(peewee.SQL("*"))).where(_which(database, order))
    return int(database.rows(chosen)[0][0])


def lines(database: Database, order: Order) -> Iterator[Line]:
    """All of them; a call that is indexed meanwhile comes or does not, none comes twice."""
    which = _which(database, order)
    after: tuple[int, str] | None = None
    while True:
        chosen = Calls.select(*COLUMNS).where(which)
        if after is not None:
            at_us, call_id = after
            chosen = chosen.where(
                (Calls.started_at_us < at_us) | ((Calls.started_at_us == at_us) & (Calls.call_id < call_id))
            )
        found = database.rows(chosen.order_by(Calls.started_at_us.desc(), Calls.call_id.desc()).limit(_BATCH))
        rows = [from_columns(columns) for columns in found]
        if not rows:
            return
        after = (to_us(rows[-1].started_at), rows[-1].call_id)
        known = summaries(database, [row.call_id for row in rows], scope=order.person.scope)
        for row in rows:
            yield Line(row, known.get(row.call_id, _NOTHING))


def _which(database: Database, order: Order) -> Any:
    """The condition, the scope of the person included."""
    scope = order.person.scope
    if order.call_ids is None:
        return conditions(database, order.wanted, scope)
    return Calls.call_id.in_(order.call_ids) & inside(scope)
