"""Figures of the home page, summed from the maintained statement; those of a part of the calls from the calls."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import msgspec

from appliance.domain.access import Scope
from appliance.domain.ledger import Reason
from appliance.store.database import Database
from appliance.store.row import from_us, to_us
from appliance.store.terms import within

MAX_DAYS = 366
_GROWTH_DAYS = 7
_QUARTER_US = 900_000_000


class HourFigures(msgspec.Struct, kw_only=True):
    """One hour of today's clock."""

    hour: int
    calls: int = 0
    recordings: int = 0


class DayFigures(msgspec.Struct, kw_only=True):
    """One day of the place's calendar."""

    date: date
    calls: int = 0
    recordings: int = 0
    bytes: int = 0


class HomeFigures(msgspec.Struct, kw_only=True):
    """What the index contributes to the home page; days and hours are those of the asked time zone.

    Units: bytes_per_day is the mean of the last days that had recordings, at most a week, today left out
    """

    calls_today: int
    recordings_today: int
    not_recorded_today: int
    per_hour: list[HourFigures]
    per_day: list[DayFigures]
    archive_bytes: int
    bytes_per_day: int
    reasons_today: dict[Reason, int]


def home(database: Database, now: datetime, days: int, zone: tzinfo, *, scope: Scope) -> HomeFigures:
    """Figures of today and of the last `days` days, today included; a repeated hour of the clock counts once."""
    today = now.astimezone(zone).date()
    days = min(max(days, 1), MAX_DAYS)
    first = today - timedelta(days=max(days, _GROWTH_DAYS + 1) - 1)
    midnight = datetime(first.year, first.month, first.day, tzinfo=zone)
    with database.read():
        quarters, archive_bytes = _statement(database, to_us(midnight), scope)
    per_day = {
        first + timedelta(days=n): DayFigures(date=first + timedelta(days=n))
        for n in range((today - first).days + 1)
    }
    per_hour = [HourFigures(hour=hour) for hour in range(24)]
    reasons: dict[Reason, int] = {}
    clock: dict[int, datetime] = {}
    for quarter, reason, calls, size in quarters:
        at = clock.get(quarter)
        if at is None:
            at = clock[quarter] = from_us(quarter * _QUARTER_US).astimezone(zone)
        day = per_day.get(at.date())
        if day is None:
            continue
        recordings = 0 if reason else calls
        day.calls += calls
        day.recordings += recordings
        day.bytes += size
        if at.date() == today:
            per_hour[at.hour].calls += calls
            per_hour[at.hour].recordings += recordings
            if reason and calls:
                reasons[Reason(reason)] = reasons.get(Reason(reason), 0) + calls
    figures = list(per_day.values())
    return HomeFigures(
        calls_today=figures[-1].calls,
        recordings_today=figures[-1].recordings,
        not_recorded_today=figures[-1].calls - figures[-1].recordings,
        per_hour=per_hour,
        per_day=figures[-days:],
        archive_bytes=archive_bytes,
        bytes_per_day=_growth_bytes(figures[-_GROWTH_DAYS - 1 :]),
        reasons_today=reasons,
    )


def by_reason(database: Database) -> dict[str, int]:
    """Calls of the whole ledger by their reason, '' = recorded."""
    rows = database.execute(
        "SELECT reason, sum(calls) FROM day_tallies JOIN kinds ON kinds.id = kind_key GROUP BY reason", ()
    )
    return {reason: int(calls) for reason, calls in rows}


def _statement(database: Database, since_us: int, scope: Scope) -> tuple[list[tuple[Any, ...]], int]:
    """Quarter, reason ('' = recorded), calls and bytes since a quarter's begin, and the bytes of all times.

    Whoever sees a part of the calls sees no bytes.
    """
    if scope.everything:
        quarters = database.execute(
            "SELECT quarter, reason, calls, bytes FROM quarters WHERE quarter >= ?",
            (since_us // _QUARTER_US,),
        )
        # The sums of days are a tenth of those of quarters, and kept by the same writes.
        return quarters, database.number("SELECT coalesce(sum(bytes), 0) FROM day_tallies")
    # The covering index knows of calls, not of bytes: what the disk holds is told to people who see all of it.
    whose = within(database, scope).clause()
    own = database.execute(
        "SELECT quarter, reason, sum(calls), 0 FROM ("  # noqa: S608 - constants
        f"SELECT started_at_us / {_QUARTER_US} AS quarter, kind_key, count(*) AS calls FROM calls INDEXED BY calls_time "
        f"WHERE started_at_us >= ? AND {whose.sql} GROUP BY 1, 2) "
        "JOIN kinds ON kinds.id = kind_key GROUP BY quarter, reason",
        (since_us, *whose.values),
    )
    return own, 0


def _growth_bytes(figures: list[DayFigures]) -> int:
    """Mean of the full days since the first with recordings; today's own bytes while there is none."""
    full = figures[:-1]
    while full and full[0].bytes == 0:
        full.pop(0)
    if not full:
        return figures[-1].bytes
    return sum(day.bytes for day in full) // len(full)
