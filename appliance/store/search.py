"""Finding calls: filters, number search, sorting and paging, fast at millions of rows.

Numbers stand in a table of their own, each once; a number search first finds the few numbers that match (by
the index, the index of reversed numbers, or the trigram index) and then their calls. When very many numbers
match, reading the calls in order is cheaper than collecting them by number, and is what is asked for.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
import peewee

from appliance.domain.access import MASK, SHOWN_AFTER, SHOWN_BEFORE, Scope, masked
from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import Verdict
from appliance.store.database import Database
from appliance.store.models import Calls, Numbers
from appliance.store.row import COLUMNS, CallRow, from_columns, number_key, to_us
from appliance.store.scope import as_known, conversation, inside

MAX_PAGE_SIZE = 100
FEW_NUMBERS = 1000
TRIGRAM = 3
_LAST_CHARACTER = "\U0010ffff"
_NO_CONVERSATION = "-"
_SHOWN = (
    f"CASE WHEN number = '' THEN '' WHEN length(number) >= {SHOWN_BEFORE + SHOWN_AFTER + 1} "
    f"THEN substr(number, 1, {SHOWN_BEFORE}) || '{MASK}' || substr(number, -{SHOWN_AFTER}) "
    f"ELSE '{MASK}' || substr(number, -max(1, length(number) / 4)) END"
)
"""As `appliance.domain.access.masked`; a property test holds them together."""


class Match(StrEnum):
    """How a number is compared."""

    PREFIX = "prefix"
    SUFFIX = "suffix"
    CONTAINS = "contains"
    EXACT = "exact"


class Sort(StrEnum):
    """Order of the list; ties by call_id in the same direction."""

    NEWEST = "-started_at"
    OLDEST = "started_at"
    LONGEST = "-duration"
    SHORTEST = "duration"


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls; everything given must hold.

    `started_from` is inclusive, `started_until` exclusive; `number` is either party. Units: talk seconds
    `as_masked`: numbers are compared in the form that is shown to people who see them in part only, so that nobody can
    try out the hidden digits; a number typed in full finds all that look like it.
    """

    started_from: datetime | None = None
    started_until: datetime | None = None
    number: str = ""
    caller: str = ""
    callee: str = ""
    match: Match = Match.CONTAINS
    direction: Direction | None = None
    recorded: bool | None = None
    reason: Reason | None = None
    mark: Mark | None = None
    codec: str = ""
    min_s: float | None = None
    max_s: float | None = None
    max_mos: float | None = None
    verdict: Verdict | None = None
    interaction_id: str = ""
    sip_call_id: str = ""
    sort: Sort = Sort.NEWEST
    page: int = 1
    page_size: int = 25
    as_masked: bool = False


class CallPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page and how many calls match in all."""

    total: int
    page: int
    page_size: int
    calls: list[CallRow]


def find(database: Database, wanted: CallFilter, *, scope: Scope) -> CallPage:
    """The page of calls inside the scope that match.

    A page beyond the end is empty; sizes beyond the bounds are bent to them.
    """
    page = max(1, wanted.page)
    page_size = min(max(1, wanted.page_size), MAX_PAGE_SIZE)
    with database.read():
        condition = conditions(database, wanted, scope)
        total = int(database.rows(Calls.select(peewee.fn.COUNT(peewee.SQL("*"))).where(condition))[0][0])
        rows: list[tuple[Any, ...]] = []
        if total > (page - 1) * page_size:
            rows = database.rows(
                Calls.select(*COLUMNS)
                .where(condition)
                .order_by(*_order(wanted.sort))
                .limit(page_size)
                .offset((page - 1) * page_size)
            )
        calls = as_known(database, [from_columns(row) for row in rows], scope)
    return CallPage(total=total, page=page, page_size=page_size, calls=calls)


def conditions(database: Database, wanted: CallFilter, scope: Scope) -> Any:
    """The filter within the scope as one expression for `where`."""
    whole: Any = peewee.SQL("1")
    if wanted.interaction_id:
        known = conversation(database, wanted.interaction_id, scope)
        wanted = msgspec.structs.replace(wanted, interaction_id=known or _NO_CONVERSATION)
    parts = [*_span(wanted), *_nature(wanted), *_parties(database, wanted)]
    if not scope.everything:
        parts.append(inside(scope))
    for index, part in enumerate(parts):
        whole = part if index == 0 else whole & part
    return whole


def _span(wanted: CallFilter) -> Iterator[Any]:
    """When and how long."""
    if wanted.started_from is not None:
        yield Calls.started_at_us >= to_us(wanted.started_from)
    if wanted.started_until is not None:
        yield Calls.started_at_us < to_us(wanted.started_until)
    if wanted.min_s is not None:
        yield Calls.duration_us >= _bounded_us(wanted.min_s)
    if wanted.max_s is not None:
        yield Calls.duration_us <= _bounded_us(wanted.max_s)


def _nature(wanted: CallFilter) -> Iterator[Any]:
    """What kind of call, and what became of it."""
    for column, value in (
        (Calls.direction, wanted.direction),
        (Calls.reason, wanted.reason),
        (Calls.interaction_id, wanted.interaction_id),
        (Calls.sip_call_id, wanted.sip_call_id),
        (Calls.verdict, wanted.verdict),
    ):
        if value:
            yield column == str(value)
    if wanted.max_mos is not None:
        yield Calls.mos <= wanted.max_mos
    if wanted.recorded is not None:
        yield Calls.reason.is_null(wanted.recorded)
    if wanted.mark is not None:
        yield Calls.marks != ""  # lets the partial index of marked calls serve
        yield _has_word(Calls.marks, wanted.mark)
    if wanted.codec:
        yield _has_word(Calls.codecs, wanted.codec)


def _parties(database: Database, wanted: CallFilter) -> Iterator[Any]:
    """Who."""
    for number, columns in (
        (wanted.number, (Calls.caller_key, Calls.callee_key)),
        (wanted.caller, (Calls.caller_key,)),
        (wanted.callee, (Calls.callee_key,)),
    ):
        if number.strip():
            key = number_key(number)
            numbers = _masked_numbers(key, wanted.match) if wanted.as_masked else _numbers(key, wanted.match)
            yield _party(database, numbers, columns)


def _party(database: Database, numbers: Any, columns: tuple[Any, ...]) -> Any:
    few = len(database.rows(numbers.limit(FEW_NUMBERS + 1))) <= FEW_NUMBERS
    whole: Any = None
    for column in columns:
        # A plus sign before a column tells SQLite not to use its index (it changes nothing else).
        one = (column if few else peewee.NodeList((peewee.SQL("+"), column))).in_(numbers.clone())
        whole = one if whole is None else whole | one
    return whole


def _numbers(key: str, match: Match) -> Any:
    numbers = Numbers.select(Numbers.id)
    if match is Match.EXACT:
        return numbers.where(Numbers.number == key)
    if match is Match.PREFIX:
        return numbers.where(Numbers.number.between(key, key + _LAST_CHARACTER))
    if match is Match.SUFFIX:
        return numbers.where(Numbers.reversed.between(key[::-1], key[::-1] + _LAST_CHARACTER))
    within = peewee.fn.INSTR(Numbers.number, key) > 0
    if len(key) < TRIGRAM:
        return numbers.where(within)
    phrase = '"' + key.replace('"', '""').replace("\0", " ") + '"'
    hits = peewee.SQL("(SELECT rowid FROM numbers_trigram WHERE numbers_trigram MATCH ?)", (phrase,))
    return numbers.where(Numbers.id.in_(hits), within)


def _masked_numbers(key: str, match: Match) -> Any:
    """The numbers whose shown form matches what was typed, or that would be shown just as what was typed."""
    shown = peewee.SQL(_SHOWN)
    alike = peewee.Expression(shown, peewee.OP.EQ, masked(key))
    if match is Match.PREFIX:
        found = peewee.fn.INSTR(shown, key) == 1
    elif match is Match.SUFFIX:
        found = peewee.fn.SUBSTR(shown, -len(key)) == key
    elif match is Match.CONTAINS:
        found = (peewee.fn.INSTR(shown, key) > 0) | alike
    else:
        found = alike
    return Numbers.select(Numbers.id).where(found)


def _has_word(column: Any, word: str) -> Any:
    return peewee.fn.INSTR(column, f" {word} ") > 0


def _order(sort: Sort) -> tuple[Any, ...]:
    if sort is Sort.NEWEST:
        return (Calls.started_at_us.desc(), Calls.call_id.desc())
    if sort is Sort.OLDEST:
        return (Calls.started_at_us.asc(), Calls.call_id.asc())
    if sort is Sort.LONGEST:
        return (Calls.duration_us.desc(), Calls.started_at_us.desc(), Calls.call_id.desc())
    return (Calls.duration_us.asc(), Calls.started_at_us.asc(), Calls.call_id.asc())


def _bounded_us(seconds: float) -> int:
    """Seconds as microseconds within what SQLite's integers hold."""
    return round(min(max(seconds, -1e9), 1e9) * 1e6)
