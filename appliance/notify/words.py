"""What people read of an alarm: a title and a text in both languages, with the time zone of the box."""

from zoneinfo import ZoneInfo

from appliance.core.text import Language, Text
from appliance.domain.condition import CONDITIONS
from appliance.store.alarms import Alarm
from appliance.store.notices import Occasion

OCCASIONS: dict[Occasion, Text] = {
    "raised": Text(en="Alarm", zh="告警"),
    "escalated": Text(en="Nobody has acknowledged", zh="告警无人确认"),
    "cleared": Text(en="Over", zh="告警消除"),
    "alive": Text(en="Daily sign of life", zh="每日运行通知"),
}


def written(device: str, alarm: Alarm, occasion: Occasion, zone: ZoneInfo) -> tuple[str, str]:
    """Title and text of a notice about an alarm."""
    begin = OCCASIONS[occasion]
    title = f"[{device}] {begin.en}: {told(alarm, 'en')} / {begin.zh}：{told(alarm, 'zh')}"
    return title, "\n".join(_paragraph(device, alarm, occasion, language, zone) for language in ("en", "zh"))


def sign_of_life(device: str, standing: int) -> tuple[str, str]:
    """Title and text of the daily notice; `standing` is how many alarms are not over."""
    begin = OCCASIONS["alive"]
    en = f"{device}: this box is alive. Alarms that stand: {standing}.\n"
    zh = f"{device}：设备运行正常。当前未消除告警：{standing}。\n"
    return f"[{device}] {begin.en} / {begin.zh}", en + zh


def told(alarm: Alarm, language: Language) -> str:
    """What is wrong, in one line."""
    kind = CONDITIONS.get(alarm.code)
    return kind.told(language, alarm.facts) if kind else alarm.code


def remedy(alarm: Alarm, language: Language) -> str:
    """What to do about it, "" for a kind that is no longer known."""
    kind = CONDITIONS.get(alarm.code)
    return kind.advice(language, alarm.facts) if kind else ""


def _paragraph(device: str, alarm: Alarm, occasion: Occasion, language: Language, zone: ZoneInfo) -> str:
    raised = f"{alarm.raised_at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
    is_english = language == "en"
    lines = [
        f"{device}: {OCCASIONS[occasion].render(language)}",
        told(alarm, language),
        f"Raised: {raised}" if is_english else f"发生时间：{raised}",
    ]
    if alarm.cleared_at is not None:
        over = f"{alarm.cleared_at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
        lines.append(f"Over: {over}" if is_english else f"消除时间：{over}")
    elif alarm.code in CONDITIONS:
        lines.append(remedy(alarm, language))
    return "\n".join(lines) + "\n"
