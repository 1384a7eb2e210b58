"""The exchange's list of calls (CDR), uploaded and compared with the ledger; nothing of it is stored."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from appliance.core.errors import Invalid, TooLarge
from appliance.core.text import Language, Text
from appliance.domain.reconciliation import Ledgered, Listed, Pair, read_moment, reconcile, span
from appliance.domain.statement import reason_text
from appliance.store import accounts
from webadmin import audit
from webadmin.api.zones import ZoneName, zone_of
from webadmin.authority import NeedsFullNumbers, check_whole_scope
from webadmin.operation import Asked, Nothing
from webadmin.sheet import MAX_FILE_BYTES, TableRow, read_table

MAX_CALLS = 50_000
_SHOWN = 12
_WORDS: dict[str, tuple[str, ...]] = {
    "at": ("calldate", "start", "time", "date", "begin", "时间", "日期"),
    "caller": ("src", "caller", "calling", "from", "clid", "主叫"),
    "callee": ("dst", "callee", "called", "destination", "to", "被叫"),
}

Content = Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_FILE_BYTES)]
Place = Annotated[int, msgspec.Meta(ge=0, le=15)]


class TooManyCalls(TooLarge):
    """Facts: limit."""

    text = Text(
        en="The ledger has more than {limit} calls in the time of this list; compare a shorter time.",
        zh="该时段台账超过 {limit} 通呼叫，请缩短时间范围。",
    )


class CdrOutcome(StrEnum):
    """What became of one entry."""

    MATCHED = "matched"
    ONLY_LISTED = "only_listed"
    ONLY_OURS = "only_ours"
    UNREADABLE = "unreadable"


class CdrFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An uploaded CSV or XLSX, base64."""

    content: Content


class CdrOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file again, and how to read it: the places of the columns from 0, the zone of its times.

    Units: tolerance_s seconds
    """

    content: Content
    at: Place
    caller: Place
    callee: Place
    headed: bool = True
    day_first: bool = False
    tz: ZoneName = "UTC"
    tolerance_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 5.0


class CdrPreview(msgspec.Struct, frozen=True, kw_only=True):
    """The first rows, and where the columns seem to be; null where nothing tells."""

    total: int
    columns: int
    rows: list[list[str]]
    headed: bool
    at: int | None
    caller: int | None
    callee: int | None


class CdrRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: of the list, of the ledger (`call_id`), or of both; `apart_s` is how far apart they began."""

    outcome: CdrOutcome
    line: int | None = None
    at: datetime | None = None
    caller: str = ""
    callee: str = ""
    call_id: str = ""
    recorded: bool = False
    reason_text: str = ""
    apart_s: float | None = None


class CdrAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every entry of both sides once; those of the ledger from the first to the last time of the list."""

    counts: dict[CdrOutcome, int]
    since: datetime | None
    until: datetime | None
    rows: list[CdrRow]


async def preview(asked: Asked[Nothing, CdrFile]) -> CdrPreview:
    """Look at an uploaded list before it is compared."""
    _check(asked)
    rows = await asked.panel.work(read_table, asked.body.content)
    heading = rows[0].cells if rows else ()
    found = {role: _place(heading, words) for role, words in _WORDS.items()}
    return CdrPreview(
        total=len(rows),
        columns=max((len(row.cells) for row in rows[:_SHOWN]), default=0),
        rows=[list(row.cells) for row in rows[:_SHOWN]],
        headed=any(place is not None for place in found.values()),
        at=found["at"],
        caller=found["caller"],
        callee=found["callee"],
    )


async def compare(asked: Asked[Nothing, CdrOrder]) -> CdrAnswer:
    """Compare the exchange's list with the ledger."""
    _check(asked)
    order = asked.body
    zone = await asked.panel.read(zone_of, order.tz)
    rows = await asked.panel.work(read_table, order.content)
    listed, unreadable = _read(rows[1:] if order.headed else rows, order, zone)
    period = span(listed, order.tolerance_s)
    if period is None:
        raise Invalid(
            field="at", problem=Text(en="no row has a time in this column", zh="该列中没有可识别的时间")
        )
    ours = await asked.panel.ask(accounts.calls_between, *period, MAX_CALLS + 1)
    if len(ours) > MAX_CALLS:
        raise TooManyCalls(what="", limit=MAX_CALLS)
    pairs = await asked.panel.work(reconcile, listed, ours, order.tolerance_s)
    found = [_row(pair, asked.language) for pair in pairs] + unreadable
    counts = {outcome: sum(row.outcome is outcome for row in found) for outcome in CdrOutcome}
    audit.note(asked, "list compared with the ledger", **{key.value: count for key, count in counts.items()})
    return CdrAnswer(counts=counts, since=period[0], until=period[1], rows=found)


def _check(asked: Asked[Any, Any]) -> None:
    check_whole_scope(asked)
    if asked.visitor.is_masked:
        raise NeedsFullNumbers


def _place(heading: Sequence[str], words: Sequence[str]) -> int | None:
    """The first column whose heading is, begins with, or holds one of the words, in this order of trust."""
    names = [name.lower() for name in heading]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for word in words:
            for place, name in enumerate(names):
                if fits(name, word):
                    return place
    return None


def _read(rows: Sequence[TableRow], order: CdrOrder, zone: ZoneInfo) -> tuple[list[Listed], list[CdrRow]]:
    listed: list[Listed] = []
    unreadable: list[CdrRow] = []
    for row in rows:
        cells = dict(enumerate(row.cells))
        caller, callee = cells.get(order.caller, ""), cells.get(order.callee, "")
        at = read_moment(cells.get(order.at, ""), zone, day_first=order.day_first)
        if at is None or not (caller or callee):
            unreadable.append(
                CdrRow(outcome=CdrOutcome.UNREADABLE, line=row.line, at=at, caller=caller, callee=callee)
            )
        else:
            listed.append(Listed(row.line, at, caller, callee))
    return listed, unreadable


def _row(pair: Pair, language: Language) -> CdrRow:
    listed, ours = pair.listed, pair.ledgered
    if listed is None:
        assert ours is not None
        return CdrRow(
            outcome=CdrOutcome.ONLY_OURS,
            at=ours.started_at,
            caller=ours.caller,
            callee=ours.callee,
            **_ours(ours, language),
        )
    return CdrRow(
        outcome=CdrOutcome.MATCHED if ours else CdrOutcome.ONLY_LISTED,
        line=listed.line,
        at=listed.at,
        caller=listed.caller,
        callee=listed.callee,
        apart_s=round(pair.apart_s, 3) if ours else None,
        **(_ours(ours, language) if ours else {}),
    )


def _ours(call: Ledgered, language: Language) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "recorded": not call.reason,
        "reason_text": reason_text(call.reason, language) if call.reason else "",
    }
