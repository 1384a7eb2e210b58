"""The operation log and the ledger, told to the syslog server row by row.

Each row is handed over before its number is written down: after a power cut the last ones may come twice, none is
missing. `row` in the structured data is the number, by which a collector sees both.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from appliance.core.files import Layout
from appliance.domain.access import masked
from appliance.notify import Undelivered
from appliance.notify.syslog import Carrier, Facility, Line, record
from appliance.settings.monitoring import CallNumbers, Syslog
from appliance.settings.root import Settings
from appliance.store import forwarding
from appliance.store.database import Database
from appliance.store.forwarding import BOOKS, Book
from appliance.store.operations import Logged
from appliance.store.row import CallRow, number_key
from appliance.system.token_key import tokens

AT_ONCE = 500
"""Rows that are handed over before the position is written down."""


class Row(NamedTuple):
    """A line and the number of the row that it tells."""

    number: int
    line: Line


def forward(database: Database, settings: Settings, carrier: Carrier, layout: Layout) -> int:
    """Hand over what is new in the books that are wanted, some rows at a time; how many.

    Raises: Undelivered; what was handed over before is not told again
    """
    wanted = settings.monitoring.syslog
    told = 0
    for book in BOOKS:
        if not _is_wanted(wanted, book):
            forwarding.leave(database, book)
            continue
        before = last = forwarding.position(database, book)
        try:
            for row in _READ[book](database, before, settings, layout):
                carrier.put(row.line.written())
                last, told = row.number, told + 1
        finally:
            if last != before:
                forwarding.advance(database, book, last)
    return told


def _operations(database: Database, after: int, settings: Settings, _layout: Layout) -> list[Row]:
    return [
        Row(one.id, _operation(one, settings.alarms.email.device_name))
        for one in forwarding.operations_after(database, after, AT_ONCE)
    ]


def _operation(logged: Logged, host: str) -> Line:
    entry = logged.entry
    facts = {
        "row": logged.id,
        "user": entry.user,
        "ip": entry.address,
        "system": entry.system,
        "browser": entry.browser,
        "module": entry.module,
        "kind": entry.kind,
        "operation": entry.operation,
        "result": entry.result,
        "parameters": entry.parameters if entry.parameters != "{}" else "",
        "error": entry.error,
        "hash": logged.hash.hex(),
    }
    name = f"AUD-{entry.kind.upper().replace('_', '-')}"
    text = f"{entry.user or 'somebody'} from {entry.address or 'the box'}: {entry.operation}, {entry.result}"
    return record(entry.at, host, Facility.OPERATIONS, name, facts, text)


def _calls(database: Database, after: int, settings: Settings, layout: Layout) -> list[Row]:
    new = forwarding.calls_after(database, after, AT_ONCE)
    shown = _shown(settings.monitoring.syslog, layout) if new else str
    return [Row(number, _call(number, row, settings.alarms.email.device_name, shown)) for number, row in new]


def _shown(syslog: Syslog, layout: Layout) -> Callable[[str], str]:
    """How a number is told.

    Raises: Undelivered without the key of the tokens: then lines wait, for no other way was agreed to
    """
    match syslog.call_numbers:
        case CallNumbers.WHOLE:
            return str
        case CallNumbers.MASKED:
            return masked
    try:
        made = tokens(layout)
    except OSError as error:
        answer = f"the key of the tokens cannot be read ({error.strerror})"
        raise Undelivered(peer="syslog", answer=answer) from error
    return lambda number: made.of(number_key(number))


def _call(number: int, row: CallRow, host: str, shown: Callable[[str], str]) -> Line:
    caller, callee = shown(row.caller.number), shown(row.callee.number)
    facts: Mapping[str, object] = {
        "row": number,
        "callId": row.call_id,
        "caller": caller,
        "callee": callee,
        "direction": row.direction,
        "startedAt": row.started_at.isoformat(),
        "answeredAt": row.answered_at and row.answered_at.isoformat(),
        "durationMs": round(row.duration_s * 1000),
        "reason": row.reason,
        "marks": ",".join(row.marks),
        "mos": row.mos,
        "sha256": row.sha256,
        "bytes": row.bytes or None,
    }
    at: datetime = row.ended_at or row.started_at
    what = "recorded" if row.recorded else f"not recorded: {row.reason}"
    name = "CALL-RECORDED" if row.recorded else "CALL-MISSING"
    return record(at, host, Facility.CALLS, name, facts, f"{caller or '?'} to {callee or '?'}, {what}")


_READ: Mapping[Book, Callable[[Database, int, Settings, Layout], list[Row]]] = {
    "operations": _operations,
    "calls": _calls,
}


def _is_wanted(syslog: Syslog, book: Book) -> bool:
    is_on = syslog.enabled and bool(syslog.server)
    return is_on and (syslog.operations if book == "operations" else syslog.calls)
