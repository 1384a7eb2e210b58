"""Backups as facts: what one is called and holds, when the next is due, which may go. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

import msgspec

from appliance.core.text import Text

VERSION = 2
"""Of what a backup may hold; 2 has the key of the tokens."""
KEPT_UNDO = 3
RETRY_AFTER = timedelta(hours=1)

_NAME = re.compile(
    r"tapeline-(?P<box>[a-z0-9-]{1,40})-(?P<at>[0-9]{8}T[0-9]{6}Z)-(?P<kind>plain|audio|undo)\.tar\.gz\.age"
)
_AT = "%Y%m%dT%H%M%SZ"


class Kind(StrEnum):
    """What a backup is: without or with recordings, or the state before a restore."""

    PLAIN = "plain"
    AUDIO = "audio"
    UNDO = "undo"


KIND_TEXT: dict[Kind, Text] = {
    Kind.PLAIN: Text(en="Without recordings", zh="不含录音"),
    Kind.AUDIO: Text(en="With recordings", zh="含录音"),
    Kind.UNDO: Text(en="State before a restore", zh="恢复前的状态"),
}


class Named(NamedTuple):
    """What a backup's name says."""

    name: str
    box: str
    at: datetime
    kind: Kind


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a backup."""

    bytes: int
    sha256: str


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first file of a backup: what it is. `since` and `until`: of its calls, None where there are none."""

    v: int
    made_at: datetime
    box: str
    release: str
    kind: Kind
    revision: int
    calls: int
    recordings: int
    since: datetime | None
    until: datetime | None


class End(msgspec.Struct, frozen=True, kw_only=True):
    """The last file of a backup: every other one with its hash. A backup without it was cut off."""

    files: dict[str, Held]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What the watchdog wants to know. `expected`: backups are made by schedule; `due_at`: since when one is due."""

    at: datetime
    expected: bool
    made_at: datetime | None = None
    tried_at: datetime | None = None
    due_at: datetime | None = None
    problem: Text | None = None


def slug(host: str) -> str:
    """The name of the box as it stands in names of backups."""
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:40].strip("-") or "box"


def name_of(box: str, at: datetime, kind: Kind) -> str:
    """What a backup of this moment is called."""
    return f"tapeline-{box}-{at.astimezone(UTC).strftime(_AT)}-{kind}.tar.gz.age"


def named(name: str) -> Named | None:
    """What a name says; None for a file that is no backup of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        at = datetime.strptime(found["at"], _AT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Named(name, found["box"], at, Kind(found["kind"]))


def outdated(names: Iterable[str], box: str, keep: int, keep_months: int) -> list[str]:
    """Which backups of this box may go, the oldest first: all but the newest, and the newest of each of the last months.

    Backups of other boxes and other files are never among them.
    """
    own = sorted(
        (one for one in map(named, names) if one is not None and one.box == box),
        key=lambda one: one.at,
        reverse=True,
    )
    undo = [one for one in own if one.kind is Kind.UNDO]
    made = [one for one in own if one.kind is not Kind.UNDO]
    newest_of_month: dict[str, str] = {}
    for one in made:
        newest_of_month.setdefault(f"{one.at:%Y%m}", one.name)
    kept = {one.name for one in made[: max(1, keep)]} | set(list(newest_of_month.values())[:keep_months])
    gone = [one for one in made if one.name not in kept] + undo[KEPT_UNDO:]
    return [one.name for one in sorted(gone, key=lambda one: one.at)]


class Schedule(NamedTuple):
    """When backups are made. Shape: weekdays 0 = Monday, none = every day; `at` minutes after midnight."""

    days: frozenset[int]
    at_min: int
    every_h: int
    zone: tzinfo


def moments(schedule: Schedule, since: datetime, until: datetime) -> list[datetime]:
    """Every scheduled moment after `since` and not after `until`, in order, as UTC."""
    found = []
    day = since.astimezone(schedule.zone).date()
    last = until.astimezone(schedule.zone).date()
    while day <= last:
        if not schedule.days or day.weekday() in schedule.days:
            minutes: Sequence[int] = (schedule.at_min,)
            if schedule.every_h:
                minutes = range(0, 24 * 60, schedule.every_h * 60)
            midnight = datetime(day.year, day.month, day.day, tzinfo=schedule.zone)
            # Wall-clock time: a skipped hour is that much later, a repeated one counts once.
            wall = [midnight.replace(hour=one // 60, minute=one % 60).astimezone(UTC) for one in minutes]
            found += [at for at in wall if since < at <= until]
        day += timedelta(days=1)
    return sorted(set(found))


def is_due(schedule: Schedule, made_at: datetime | None, tried_at: datetime | None, now: datetime) -> bool:
    """Whether a backup is to be made now; what was missed is made up for once, what failed is tried again each hour."""
    since = made_at if made_at is not None and made_at <= now else now - timedelta(days=8)
    if made_at is None and tried_at is None:
        since = now - timedelta(minutes=1)  # switched on just now: not for what lies before
    if not moments(schedule, since, now):
        return False
    return (
        tried_at is None
        or tried_at > now
        or tried_at < moments(schedule, since, now)[-1]
        or (now - tried_at >= RETRY_AFTER)
    )


def next_at(schedule: Schedule, now: datetime) -> datetime | None:
    """The next scheduled moment."""
    found = moments(schedule, now, now + timedelta(days=8))
    return found[0] if found else None
