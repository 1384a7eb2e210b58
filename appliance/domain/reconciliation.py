"""The exchange's list of calls beside our ledger: which calls both have, which only one of them. Pure.

Two entries are the same call when their numbers agree and they began within the tolerance of each other; each entry is
used once, those that lie closest together first, so that the order of neither list matters.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from appliance.domain.commissioning import number_key

_SUFFIX = 7
_FORMATS_DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M")
_FORMATS_MONTH_FIRST = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p")
_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")
_LATEST_S = 4_102_444_800  # 2100


class Listed(NamedTuple):
    """One line of the exchange's list."""

    line: int
    at: datetime
    caller: str
    callee: str


class Ledgered(NamedTuple):
    """One call of the ledger. The exchange may write down when it began or when it was answered."""

    call_id: str
    started_at: datetime
    answered_at: datetime | None
    caller: str
    callee: str
    reason: str


class Pair(NamedTuple):
    """A call that both have, or (with one None) only one of them. `apart_s`: how far apart they began."""

    listed: Listed | None
    ledgered: Ledgered | None
    apart_s: float = 0.0


def reconcile(listed: Sequence[Listed], ledgered: Sequence[Ledgered], tolerance_s: float) -> list[Pair]:
    """Every entry of both lists exactly once, in the order of time."""
    moments = sorted(
        (at.timestamp(), place)
        for place, call in enumerate(ledgered)
        for at in {call.started_at, call.answered_at or call.started_at}
    )
    times = [moment for moment, _ in moments]
    keys = [(_key(call.caller), _key(call.callee)) for call in ledgered]
    found: list[tuple[float, tuple[object, ...], int, int]] = []
    for row, entry in enumerate(listed):
        at = entry.at.timestamp()
        caller, callee = _key(entry.caller), _key(entry.callee)
        for place in range(bisect_left(times, at - tolerance_s), bisect_right(times, at + tolerance_s)):
            moment, call = moments[place]
            if _agree(caller, keys[call][0]) and _agree(callee, keys[call][1]):
                found.append((abs(at - moment), (entry.at, entry.line, ledgered[call].call_id), row, call))
    found.sort(key=lambda one: one[:2])
    rows: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for apart_s, _, row, call in found:
        if row not in rows and call not in taken:
            rows[row] = (call, apart_s)
            taken.add(call)
    pairs = [
        Pair(entry, ledgered[rows[row][0]], rows[row][1]) if row in rows else Pair(entry, None)
        for row, entry in enumerate(listed)
    ]
    pairs += [Pair(None, call) for place, call in enumerate(ledgered) if place not in taken]
    return sorted(pairs, key=_moment)


def read_moment(text: str, zone: tzinfo, *, day_first: bool) -> datetime | None:
    """A time as exchanges write it: ISO 8601, seconds or milliseconds since 1970, or one of the usual forms; else None.

    `zone` is that of times that name none.
    """
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, zone) if seconds < _LATEST_S else None
    found: datetime | None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _read_form(text, day_first=day_first)
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def span(listed: Sequence[Listed], tolerance_s: float) -> tuple[datetime, datetime] | None:
    """The time that the list covers, widened by the tolerance; None for an empty one."""
    if not listed:
        return None
    moments = [entry.at for entry in listed]
    slack = timedelta(seconds=tolerance_s)
    return min(moments) - slack, max(moments) + slack


def _read_form(text: str, *, day_first: bool) -> datetime | None:
    for form in (*(_FORMATS_DAY_FIRST if day_first else _FORMATS_MONTH_FIRST), *_FORMATS):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the caller's
        except ValueError:
            continue
    return None


class _Key(NamedTuple):
    whole: str
    bare: str


def _key(number: str) -> _Key:
    whole = number_key(number)
    return _Key(whole, whole.lstrip("0"))


def _agree(listed: _Key, ours: _Key) -> bool:
    """Whether two numbers may be one: equal, or both long and one the end of the other; a list may leave one out."""
    if not listed.whole or listed.whole == ours.whole:
        return True
    short, long = sorted((listed.bare, ours.bare), key=len)
    return len(short) >= _SUFFIX and long.endswith(short)


def _moment(pair: Pair) -> tuple[float, int, str]:
    if pair.listed is not None:
        return pair.listed.at.timestamp(), pair.listed.line, ""
    assert pair.ledgered is not None
    return pair.ledgered.started_at.timestamp(), 0, pair.ledgered.call_id
