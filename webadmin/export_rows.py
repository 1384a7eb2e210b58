"""The calls of an export, one after the other."""

from collections.abc import Iterator
from typing import NamedTuple

from appliance.store import walk
from appliance.store.annotations import Summary
from appliance.store.calls import CallRow
from appliance.store.database import Database
from webadmin.export_order import Order


class Line(NamedTuple):
    """A call and what people have put on it; `tokens` stand for caller and callee where their numbers are masked."""

    row: CallRow
    summary: Summary
    tokens: tuple[str, str] | None = None


def count(database: Database, order: Order) -> int:
    """How many calls the export has."""
    return walk.count(database, order.wanted, order.call_ids, order.person.scope)


def lines(database: Database, order: Order) -> Iterator[Line]:
    """All of them, newest first."""
    for row, summary in walk.walk(database, order.wanted, order.call_ids, order.person.scope):
        yield Line(row, summary)
