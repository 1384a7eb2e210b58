"""What machines read of an alarm: one JSON object, from which each notifier takes what its protocol carries."""

from datetime import datetime

import msgspec

from appliance.core.text import Text
from appliance.domain.condition import Severity
from appliance.notify import words
from appliance.store.alarms import Alarm
from appliance.store.notices import Occasion

TRIAL = Text(en="This is a test; nothing is wrong.", zh="这是一条测试通知，设备一切正常。")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm that was raised, is over, or a test (`alarm` 0). Times are UTC; `facts` fill the words of `title`."""

    device: str
    occasion: Occasion
    alarm: int
    code: str
    subject: str
    severity: str
    raised_at: datetime
    cleared_at: datetime | None
    occurrences: int
    title: Text
    remedy: Text
    facts: dict[str, int | float | str]

    @property
    def is_over(self) -> bool:
        """Whether nothing is wrong any longer."""
        return self.occasion == "cleared"


def written(device: str, alarm: Alarm, occasion: Occasion) -> tuple[str, str]:
    """The English title and the JSON of the event."""
    event = Event(
        device=device,
        occasion=occasion,
        alarm=alarm.id,
        code=alarm.code,
        subject=alarm.subject,
        severity=alarm.severity,
        raised_at=alarm.raised_at,
        cleared_at=alarm.cleared_at,
        occurrences=alarm.occurrences,
        title=Text(en=words.told(alarm, "en"), zh=words.told(alarm, "zh")),
        remedy=Text(en=words.remedy(alarm, "en"), zh=words.remedy(alarm, "zh")),
        facts=alarm.facts,
    )
    return event.title.en, msgspec.json.encode(event).decode()


def trial(device: str, at: datetime) -> Event:
    """The event that tries a target: nothing is wrong."""
    return Event(
        device=device,
        occasion="raised",
        alarm=0,
        code="test",
        subject="",
        severity=Severity.WARNING,
        raised_at=at,
        cleared_at=None,
        occurrences=1,
        title=TRIAL,
        remedy=Text(en="", zh=""),
        facts={},
    )


def read(content: str) -> Event:
    """The event of a notice that `written` made."""
    return msgspec.json.decode(content, type=Event)
