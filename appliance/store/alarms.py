"""Alarms: what the watchdog found wrong, and what people answered. Two tables, one writer each, joined in reading.

A condition that stands is one row, across restarts of everything. One that comes back soon after it was cleared is the
same alarm once more (`occurrences`), with its acknowledgement: somebody is already at it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec
import peewee

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.store.database import Database
from appliance.store.models import AlarmAnswers, Alarms
from appliance.store.row import from_us, to_us

Facts = Mapping[str, int | float | str]
State = Literal["active", "acknowledged", "cleared"]

MAX_REMOVED = 1000


class AlreadyCleared(Conflict):
    """Facts: what."""

    text = Text(en="Alarm {what} is over; there is nothing to snooze.", zh="告警 {what} 已消除，无需静默。")


class Found(NamedTuple):
    """A condition as the watchdog sees it now; `code` and `subject` name it."""

    code: str
    subject: str
    severity: str
    raised: bool
    facts: Facts


class Alarm(NamedTuple):
    """One alarm with people's answer. Cleared ones have `cleared_at`, acknowledged ones `acknowledged_at`."""

    id: int
    code: str
    subject: str
    severity: str
    facts: dict[str, int | float | str]
    raised_at: datetime
    seen_at: datetime
    occurrences: int
    cleared_at: datetime | None
    acknowledged_by: str
    acknowledged_at: datetime | None
    note: str
    snoozed_by: str
    snoozed_until: datetime | None

    @property
    def state(self) -> State:
        """Cleared goes before acknowledged."""
        if self.cleared_at is not None:
            return "cleared"
        return "active" if self.acknowledged_at is None else "acknowledged"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; None and '' leave a filter out. Times are those of raising."""

    state: State | None = None
    since: datetime | None = None
    until: datetime | None = None
    code: str = ""
    severity: str = ""


_COLUMNS = (
    Alarms.id,
    Alarms.code,
    Alarms.subject,
    Alarms.severity,
    Alarms.facts,
    Alarms.raised_at_us,
    Alarms.seen_at_us,
    Alarms.occurrences,
    Alarms.cleared_at_us,
    AlarmAnswers.acknowledged_by,
    AlarmAnswers.acknowledged_at_us,
    AlarmAnswers.note,
    AlarmAnswers.snoozed_by,
    AlarmAnswers.snoozed_until_us,
)


def standing(database: Database) -> dict[tuple[str, str], int]:
    """The alarms that were not cleared: (code, subject) -> id."""
    rows = database.rows(
        Alarms.select(Alarms.code, Alarms.subject, Alarms.id).where(Alarms.cleared_at_us.is_null())
    )
    return {(code, subject): key for code, subject, key in rows}


def record(database: Database, found: Iterable[Found], at: datetime, same_within: timedelta) -> None:
    """Write down what stands and what is over, all in one transaction; a condition not named stays as it is.

    `same_within`: how long after clearing a condition is still the same alarm
    """
    with database.write():
        known = standing(database)
        for one in found:
            key = known.get((one.code, one.subject))
            if one.raised and key is None:
                _raise(database, one, at, same_within)
            elif one.raised:
                facts = _plain(one.facts)
                change = {"seen_at_us": to_us(at), "facts": facts, "severity": one.severity}
                database.run(Alarms.update(change).where(Alarms.id == key))
            elif key is not None:
                database.run(Alarms.update({"cleared_at_us": to_us(at)}).where(Alarms.id == key))


def _raise(database: Database, one: Found, at: datetime, same_within: timedelta) -> None:
    now_us = to_us(at)
    before = database.first(
        Alarms.select(Alarms.id, Alarms.cleared_at_us)
        .where((Alarms.code == one.code) & (Alarms.subject == one.subject))
        .order_by(Alarms.id.desc())
    )
    change: dict[str, Any] = {
        "severity": one.severity,
        "facts": _plain(one.facts),
        "seen_at_us": now_us,
        "cleared_at_us": None,
    }
    if before is not None and 0 <= now_us - before[1] <= to_us_length(same_within):
        change["occurrences"] = Alarms.occurrences + 1
        database.run(Alarms.update(change).where(Alarms.id == before[0]))
        return
    first = {"code": one.code, "subject": one.subject, "raised_at_us": now_us, "occurrences": 1}
    database.run(Alarms.insert({**change, **first}))


def forget(database: Database, before: datetime) -> int:
    """Remove alarms that were over before this moment, at most some at a time; how many."""
    with database.write():
        old = (
            Alarms.select(Alarms.id)
            .where(Alarms.cleared_at_us < to_us(before))
            .order_by(Alarms.cleared_at_us)
            .limit(MAX_REMOVED)
        )
        return int(database.run(Alarms.delete().where(Alarms.id.in_(old))))


def find(database: Database, wanted: Wanted, *, before: int | None, limit: int) -> list[Alarm]:
    """The newest that fit, from below the id `before`."""
    query = _joined().order_by(Alarms.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Alarms.id < before)
    if wanted.state == "cleared":
        query = query.where(Alarms.cleared_at_us.is_null(is_null=False))
    elif wanted.state is not None:
        is_new = wanted.state == "active"
        answered = AlarmAnswers.acknowledged_at_us.is_null(is_new)
        query = query.where(Alarms.cleared_at_us.is_null() & answered)
    if wanted.since is not None:
        query = query.where(Alarms.raised_at_us >= to_us(wanted.since))
    if wanted.until is not None:
        query = query.where(Alarms.raised_at_us < to_us(wanted.until))
    if wanted.code:
        query = query.where(Alarms.code == wanted.code)
    if wanted.severity:
        query = query.where(Alarms.severity == wanted.severity)
    return [_alarm(row) for row in database.rows(query)]


def get(database: Database, alarm_id: int) -> Alarm:
    """One alarm.

    Raises: NotFound
    """
    row = database.first(_joined().where(Alarms.id == alarm_id))
    if row is None:
        raise NotFound(what=str(alarm_id))
    return _alarm(row)


def counts(database: Database, at: datetime) -> tuple[int, int, int]:
    """How many stand and are unanswered, of these how many sleep, and how many stand acknowledged."""
    rows = database.rows(
        Alarms.select(AlarmAnswers.acknowledged_at_us, AlarmAnswers.snoozed_until_us)
        .join(AlarmAnswers, peewee.JOIN.LEFT_OUTER, on=(AlarmAnswers.alarm_key == Alarms.id))
        .where(Alarms.cleared_at_us.is_null())
    )
    now_us = to_us(at)
    active = [until_us for answered_us, until_us in rows if answered_us is None]
    asleep = sum(until_us is not None and until_us > now_us for until_us in active)
    return len(active), asleep, len(rows) - len(active)


def acknowledge(database: Database, alarm_id: int, author: str, note: str, at: datetime) -> Alarm:
    """Say that somebody has seen the alarm; once more changes the note and who says so.

    Raises: NotFound
    """
    with database.write():
        get(database, alarm_id)
        _answer(database, alarm_id, acknowledged_by=author, acknowledged_at_us=to_us(at), note=note)
        return get(database, alarm_id)


def snooze(database: Database, alarm_id: int, author: str, until: datetime) -> Alarm:
    """Let a standing alarm be quiet for a while without acknowledging it.

    Raises: NotFound, AlreadyCleared
    """
    with database.write():
        if get(database, alarm_id).cleared_at is not None:
            raise AlreadyCleared(what=str(alarm_id))
        _answer(database, alarm_id, snoozed_by=author, snoozed_until_us=to_us(until))
        return get(database, alarm_id)


def to_us_length(length: timedelta) -> int:
    """A length of time in microseconds."""
    return length // timedelta(microseconds=1)


def _answer(database: Database, alarm_id: int, **change: Any) -> None:
    empty = {"acknowledged_by": "", "note": "", "snoozed_by": ""}
    row = {"alarm_key": alarm_id, **empty, **change}
    database.run(
        AlarmAnswers.insert(row).on_conflict(conflict_target=[AlarmAnswers.alarm_key], update=change)
    )


def _joined() -> Any:
    return Alarms.select(*_COLUMNS).join(
        AlarmAnswers, peewee.JOIN.LEFT_OUTER, on=(AlarmAnswers.alarm_key == Alarms.id)
    )


def _alarm(row: Sequence[Any]) -> Alarm:
    (key, code, subject, severity, facts, raised, seen, occurrences, cleared, by, acknowledged, note) = row[
        :12
    ]
    sleeper, until = row[12:]
    return Alarm(
        id=key,
        code=code,
        subject=subject,
        severity=severity,
        facts=msgspec.json.decode(facts),
        raised_at=from_us(raised),
        seen_at=from_us(seen),
        occurrences=occurrences,
        cleared_at=None if cleared is None else from_us(cleared),
        acknowledged_by=by or "",
        acknowledged_at=None if acknowledged is None else from_us(acknowledged),
        note=note or "",
        snoozed_by=sleeper or "",
        snoozed_until=None if until is None else from_us(until),
    )


def _plain(facts: Facts) -> str:
    return msgspec.json.encode(facts).decode()
