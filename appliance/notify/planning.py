"""What is to be told of alarms now: a pure function of the alarms, what was told before, the rule and the time.

An alarm is told once, and once more when it is over; unacknowledged for long, it is told to those above. Outside the
hours of the rule nothing is told: what still stands when they begin is told then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from appliance.domain.condition import Severity
from appliance.domain.hours import is_open
from appliance.notify import words
from appliance.notify.rules import Rule
from appliance.store.alarms import Alarm
from appliance.store.notices import Notice, Occasion

HOUR = timedelta(hours=1)
_LATE = timedelta(hours=2)
"""A daily notice is not made up for when the box was off longer than this."""


def plan(
    rule: Rule,
    alarms: Sequence[Alarm],
    told: Mapping[int, tuple[Occasion, datetime]],
    sent_in_hour: int,
    at: datetime,
    zone: ZoneInfo,
) -> list[Notice]:
    """The notices that are due, the oldest alarm first, never more alarms than the rule allows per hour."""
    if not is_open(rule.hours, at, zone):
        return []
    found: list[Notice] = []
    room = max(0, rule.most_per_hour - sent_in_hour)
    for alarm in sorted(alarms, key=lambda one: one.raised_at):
        occasion = _occasion(rule, alarm, told.get(alarm.id), at)
        receivers = rule.escalation_receivers if occasion == "escalated" else rule.receivers
        if occasion is None or not receivers:
            continue
        if room == 0:
            break
        room -= 1
        title, content = rule.write(alarm, occasion)
        found += [
            Notice(alarm.id, rule.target, occasion, alarm.code, group, title, content)
            for group in ([(one,) for one in receivers] if rule.is_each_alone else [receivers])
        ]
    return found


def alive(rule: Rule, standing: int, told_today: bool, at: datetime, zone: ZoneInfo) -> Notice | None:  # noqa: FBT001 - a plain fact
    """The daily notice that says the box can still send, once it is time."""
    if not rule.alive_at or told_today or not rule.receivers:
        return None
    if at - alive_since(rule, at, zone) > _LATE:
        return None
    title, content = words.sign_of_life(rule.device_name, standing)
    return Notice(None, rule.target, "alive", "", rule.receivers, title, content)


def alive_since(rule: Rule, at: datetime, zone: ZoneInfo) -> datetime:
    """The last moment at which the daily notice was due."""
    local = at.astimezone(zone)
    moment = local.replace(
        hour=int(rule.alive_at[:2]), minute=int(rule.alive_at[3:]), second=0, microsecond=0
    )
    return moment if moment <= local else moment - timedelta(days=1)


def _occasion(
    rule: Rule, alarm: Alarm, told: tuple[Occasion, datetime] | None, at: datetime
) -> Occasion | None:
    if rule.only_critical and alarm.severity != Severity.CRITICAL:
        return None
    if alarm.cleared_at is not None:
        return "cleared" if told and told[0] != "cleared" and rule.tell_cleared else None
    if alarm.acknowledged_at is not None or (alarm.snoozed_until is not None and alarm.snoozed_until > at):
        return None
    if told is None or told[0] == "cleared":
        return "raised"
    is_over_due = rule.escalate_after and at - told[1] >= rule.escalate_after
    return "escalated" if told[0] == "raised" and is_over_due else None
