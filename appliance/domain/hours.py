"""Hours of the day and days of the week in the box's time zone, over midnight where the end is before the begin."""

from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Hours(NamedTuple):
    """Begin and end as 07:30, equal = all day; `days` by their English names, none = every day."""

    begin: str = "00:00"
    end: str = "00:00"
    days: tuple[str, ...] = ()


def is_open(hours: Hours, at: datetime, zone: tzinfo) -> bool:
    """Whether the moment lies within; hours that go over midnight belong to the day they begin on."""
    return opened_at(hours, at, zone) is not None


def opened_at(hours: Hours, at: datetime, zone: tzinfo) -> datetime | None:
    """When the hours that the moment lies in began, None outside of them."""
    local = at.astimezone(zone)
    begin, end = time.fromisoformat(hours.begin), time.fromisoformat(hours.end)
    now, day = local.time(), local.date()
    if begin < end:
        inside = begin <= now < end
    else:
        # Equal: all day; otherwise over midnight, and after it they belong to the day before.
        inside = begin == end or now >= begin or now < end
        if now < begin:
            day -= timedelta(days=1)
    weekday = local.weekday() if begin == end else day.weekday()
    if not inside or (hours.days and _DAYS[weekday] not in hours.days):
        return None
    return datetime.combine(day, begin, zone)
