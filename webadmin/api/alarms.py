"""Alarms: what stands, what was seen by somebody, what is over; acknowledged and snoozed by those who see the box."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from appliance.core.errors import Denied
from appliance.core.text import Language
from appliance.domain.condition import CONDITIONS, Severity
from appliance.store import alarms
from appliance.store.alarms import Alarm, State, Wanted
from webadmin import audit
from webadmin.operation import Asked, Nothing

_PLACE = re.compile(r"\{\w+\}")


class AlarmsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for; `before` is the id of the last alarm of the page before. Times are those of raising."""

    state: State | None = None
    since: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = msgspec.field(default=None, name="to")
    kind: Annotated[str, msgspec.Meta(max_length=64)] = ""
    severity: Severity | None = None
    before: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done about it, or nothing said."""

    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Snooze(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how long the alarm shall be quiet."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=10_080)]


class AlarmView(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm; `seen_at` is when it was last found so, `snoozed_until` null once that is past."""

    id: int
    code: str
    subject: str
    severity: str
    title: str
    remedy: str
    facts: dict[str, int | float | str]
    state: Literal["active", "acknowledged", "cleared"]
    raised_at: datetime
    seen_at: datetime
    cleared_at: datetime | None
    occurrences: int
    acknowledged_by: str
    acknowledged_at: datetime | None
    note: str
    snoozed_by: str
    snoozed_until: datetime | None


class AlarmCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many stand unanswered, how many of these are snoozed, and how many stand acknowledged."""

    active: int
    snoozed: int
    acknowledged: int


class AlarmKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of trouble to filter by."""

    code: str
    text: str


class AlarmsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms, newest first; `next` goes into `before` for older ones."""

    alarms: list[AlarmView]
    next: int | None
    counts: AlarmCounts
    kinds: list[AlarmKind]


async def show(asked: Asked[AlarmsQuery, Nothing]) -> AlarmsPage:
    """Search the alarms of the box."""
    _check(asked)
    query = asked.query
    wanted = Wanted(
        state=query.state,
        since=query.since,
        until=query.until,
        code=query.kind,
        severity=query.severity or "",
    )
    rows = await asked.panel.ask(alarms.find, wanted, before=query.before, limit=query.page_size + 1)
    page = rows[: query.page_size]
    return AlarmsPage(
        alarms=[_view(one, asked) for one in page],
        next=page[-1].id if len(rows) > query.page_size else None,
        counts=await _counts(asked),
        kinds=kinds(asked.language),
    )


async def count(asked: Asked[Nothing, Nothing]) -> AlarmCounts:
    """How many alarms stand."""
    _check(asked)
    return await _counts(asked)


async def acknowledge(asked: Asked[Nothing, Acknowledgement]) -> AlarmView:
    """Say that somebody has seen an alarm, with a note; once more to change the note."""
    _check(asked)
    alarm_id, note, now = int(asked.path["alarm_id"]), asked.body.note.strip(), asked.panel.now()
    found = await asked.panel.ask(alarms.acknowledge, alarm_id, audit.name_of(asked), note, now)
    audit.note(asked, "alarm acknowledged", alarm=found.id, code=found.code, note=note)
    return _view(found, asked)


async def snooze(asked: Asked[Nothing, Snooze]) -> AlarmView:
    """Let an alarm be quiet for a while."""
    _check(asked)
    alarm_id, now = int(asked.path["alarm_id"]), asked.panel.now()
    until = now + timedelta(minutes=asked.body.minutes)
    found = await asked.panel.ask(alarms.snooze, alarm_id, audit.name_of(asked), until)
    audit.note(asked, "alarm snoozed", alarm=found.id, code=found.code, minutes=asked.body.minutes)
    return _view(found, asked)


def kinds(language: Language) -> list[AlarmKind]:
    """Every kind of trouble, its sentence with the facts left open."""
    return [
        AlarmKind(code=code, text=_PLACE.sub("…", kind.title.render(language)))
        for code, kind in CONDITIONS.items()
    ]


def _check(asked: Asked[Any, Any]) -> None:
    """Alarms tell of the box as a whole.

    Raises: Denied
    """
    if not asked.visitor.sees_box:
        raise Denied


async def _counts(asked: Asked[Any, Any]) -> AlarmCounts:
    active, snoozed, acknowledged = await asked.panel.ask(alarms.counts, asked.panel.now())
    return AlarmCounts(active=active, snoozed=snoozed, acknowledged=acknowledged)


def _view(one: Alarm, asked: Asked[Any, Any]) -> AlarmView:
    language, now = asked.language, asked.panel.now()
    kind = CONDITIONS.get(one.code)
    person = asked.visitor.person
    is_own = person is not None and one.acknowledged_by == person.name
    sleeps = one.snoozed_until is not None and one.snoozed_until > now and one.state == "active"
    return AlarmView(
        id=one.id,
        code=one.code,
        subject=one.subject,
        severity=one.severity,
        title=kind.told(language, one.facts) if kind else one.code,
        remedy=kind.advice(language, one.facts) if kind else "",
        facts=one.facts,
        state=one.state,
        raised_at=one.raised_at,
        seen_at=one.seen_at,
        cleared_at=one.cleared_at,
        occurrences=one.occurrences,
        acknowledged_by=one.acknowledged_by,
        acknowledged_at=one.acknowledged_at,
        note=one.note if is_own else asked.visitor.typed(one.note),
        snoozed_by=one.snoozed_by if sleeps else "",
        snoozed_until=one.snoozed_until if sleeps else None,
    )
