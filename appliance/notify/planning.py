"""What is to be told of alarms now: a pure function of the alarms, what was told before, the settings and the time.

An alarm is told once, and once more when it is over; unacknowledged for long, it is told to those above. Outside the
hours of the settings nothing is told: what still stands when they begin is told then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from appliance.core.text import Language
from appliance.domain.condition import CONDITIONS, Severity
from appliance.settings.alarms import Email
from appliance.settings.recording import Weekday
from appliance.store.alarms import Alarm
from appliance.store.notices import Notice, Occasion

TARGET = "email"
HOUR = timedelta(hours=1)
_LATE = timedelta(hours=2)
"""A daily mail is not made up for when the box was off longer than this."""
_WORDS: dict[Occasion, tuple[str, str]] = {
    "raised": ("Alarm", "告警"),
    "escalated": ("Nobody has acknowledged", "告警无人确认"),
    "cleared": ("Over", "告警消除"),
    "alive": ("Daily sign of life", "每日运行通知"),
}


def is_open(settings: Email, at: datetime, zone: ZoneInfo) -> bool:
    """Whether mails may be sent at this moment; hours that go over midnight belong to the day they begin on."""
    local = at.astimezone(zone)
    begin, end = time.fromisoformat(settings.begin), time.fromisoformat(settings.end)
    now, day = local.time(), local.weekday()
    if begin < end:
        inside = begin <= now < end
    elif begin > end:
        inside = now >= begin or now < end
        if now < end:
            day = (day - 1) % 7
    else:
        inside = True
    return inside and (not settings.days or list(Weekday)[day] in settings.days)


def plan(
    settings: Email,
    alarms: Sequence[Alarm],
    told: Mapping[int, tuple[Occasion, datetime]],
    sent_in_hour: int,
    at: datetime,
    zone: ZoneInfo,
) -> list[Notice]:
    """The notices that are due, the oldest alarm first, never more than the settings allow per hour."""
    if not settings.enabled or not is_open(settings, at, zone):
        return []
    found = []
    for alarm in sorted(alarms, key=lambda one: one.raised_at):
        occasion = _occasion(settings, alarm, told.get(alarm.id), at)
        if occasion is not None:
            receivers = settings.escalation_receivers if occasion == "escalated" else settings.receivers
            found.append(_notice(settings, alarm, occasion, tuple(receivers), zone))
    room = max(0, settings.most_per_hour - sent_in_hour)
    return [notice for notice in found if notice.receivers][:room]


def alive(settings: Email, standing: int, told_today: bool, at: datetime, zone: ZoneInfo) -> Notice | None:  # noqa: FBT001 - a plain fact
    """The daily mail that says the box can still send mails, once it is time."""
    if not settings.enabled or not settings.alive_at or told_today or not settings.receivers:
        return None
    late = at - alive_since(settings, at, zone)
    if late > _LATE:
        return None
    content = (
        f"{settings.device_name}: this box is alive. Alarms that stand: {standing}.\n"
        f"{settings.device_name}：设备运行正常。当前未消除告警：{standing}。\n"
    )
    title = f"[{settings.device_name}] {_WORDS['alive'][0]} / {_WORDS['alive'][1]}"
    return Notice(None, TARGET, "alive", "", tuple(settings.receivers), title, content)


def alive_since(settings: Email, at: datetime, zone: ZoneInfo) -> datetime:
    """The last moment at which the daily mail was due."""
    local = at.astimezone(zone)
    moment = local.replace(
        hour=int(settings.alive_at[:2]), minute=int(settings.alive_at[3:]), second=0, microsecond=0
    )
    return moment if moment <= local else moment - timedelta(days=1)


def _occasion(
    settings: Email, alarm: Alarm, told: tuple[Occasion, datetime] | None, at: datetime
) -> Occasion | None:
    if settings.only_critical and alarm.severity != Severity.CRITICAL:
        return None
    if alarm.cleared_at is not None:
        return "cleared" if told and told[0] != "cleared" and settings.tell_cleared else None
    if alarm.acknowledged_at is not None or (alarm.snoozed_until is not None and alarm.snoozed_until > at):
        return None
    if told is None or told[0] == "cleared":
        return "raised"
    waited = timedelta(minutes=settings.escalate_after_min)
    return "escalated" if told[0] == "raised" and waited and at - told[1] >= waited else None


def _notice(
    settings: Email, alarm: Alarm, occasion: Occasion, receivers: tuple[str, ...], zone: ZoneInfo
) -> Notice:
    begin_en, begin_zh = _WORDS[occasion]
    title = f"[{settings.device_name}] {begin_en}: {_title(alarm, 'en')} / {begin_zh}：{_title(alarm, 'zh')}"
    content = "\n".join(_paragraph(settings, alarm, occasion, language, zone) for language in ("en", "zh"))
    return Notice(alarm.id, TARGET, occasion, alarm.code, receivers, title, content)


def _title(alarm: Alarm, language: Language) -> str:
    kind = CONDITIONS.get(alarm.code)
    return kind.title.render(language, **alarm.facts) if kind else alarm.code


def _paragraph(settings: Email, alarm: Alarm, occasion: Occasion, language: Language, zone: ZoneInfo) -> str:
    kind = CONDITIONS.get(alarm.code)
    raised = f"{alarm.raised_at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
    is_english = language == "en"
    lines = [
        f"{settings.device_name}: {_WORDS[occasion][0 if is_english else 1]}",
        _title(alarm, language),
        f"Raised: {raised}" if is_english else f"发生时间：{raised}",
    ]
    if alarm.cleared_at is not None:
        over = f"{alarm.cleared_at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
        lines.append(f"Over: {over}" if is_english else f"消除时间：{over}")
    elif kind:
        lines.append(kind.remedy.render(language, **alarm.facts))
    return "\n".join(lines) + "\n"
