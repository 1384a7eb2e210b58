"""The box's clock: how right it is and was, its settings, and what a person may have done about it at once."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from appliance.bus.topics import TimeState
from appliance.core.errors import Conflict, Invalid, Unreachable
from appliance.core.problem import invalid
from appliance.core.text import Language, Text
from appliance.domain.timekeeping import ClockDeed, trouble_of
from appliance.settings.root import Settings
from appliance.settings.time import Time, zones
from webadmin import audit
from webadmin.api.settings import differences
from webadmin.changes import change
from webadmin.operation import Asked, Nothing

LARGEST_STEP = timedelta(days=3660)
_TOO_FAR = Text(en="is more than ten years away from the box's clock", zh="与设备时钟相差超过十年")
_NEEDED = Text(en="is needed to set the clock", zh="设置时钟时需要填写")


class TimeChanged(Conflict):
    """Somebody else saved in between."""

    text = Text(en="The time settings were changed by someone else meanwhile.", zh="时间设置已被他人修改。")


class CallsRun(Conflict):
    """A jump of the clock would give running calls wrong times. Facts: calls."""

    text = Text(
        en="{calls} calls are running; a jump of the clock would give them wrong times.",
        zh="当前有 {calls} 路通话，时钟跳变会使其时间错误。",
    )


class ClockRefused(Conflict):
    """The time keeper's own words."""

    def __init__(self, words: Text = Conflict.text) -> None:
        super().__init__()
        self._words = words

    def message(self, language: Language = "en") -> str:
        """What the time keeper said."""
        return self._words.render(language)


class TimeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Settings, the box's own time, the zones there are; `clock` is the time keeper's word, null while it says nothing."""

    revision: int
    time: Time
    now: datetime
    utc_offset_min: int
    zones: list[str]
    clock: TimeState | None
    calls: int


class TimeChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Time settings as they shall be, upon the revision they were made from."""

    revision: int
    time: dict[str, Any]


class ClockWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`set` wants `at`, the right time at the moment of sending. `with_calls`: although calls run."""

    deed: ClockDeed
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    with_calls: bool = False


async def show(asked: Asked[Nothing, Nothing]) -> TimeAnswer:
    """How right the clock is, and its settings."""
    return await _answer(asked)


async def _answer(asked: Asked[Any, Any]) -> TimeAnswer:
    panel = asked.panel
    now = panel.now()
    time = panel.settings.time
    return TimeAnswer(
        revision=panel.settings.revision,
        time=time,
        now=now,
        utc_offset_min=_offset_min(now, time.zone),
        zones=sorted(zones()),
        clock=_in_words(panel.machine.time, asked.language),
        calls=len(panel.live.calls),
    )


def _in_words(time: TimeState | None, language: Language) -> TimeState | None:
    if time is None:
        return None
    return msgspec.structs.replace(
        time,
        problem=trouble_of(time.problem).render(language),
        failing={server: trouble_of(why).render(language) for server, why in time.failing.items()},
    )


async def save(asked: Asked[Nothing, TimeChange]) -> TimeAnswer:
    """Save the time settings; the time keeper takes them up at once."""
    panel, body = asked.panel, asked.body
    if body.revision != panel.settings.revision:
        raise TimeChanged(what="Settings", revision=panel.settings.revision)
    before = panel.settings.time
    try:
        wanted = msgspec.convert(body.time, Time)
    except msgspec.ValidationError as error:
        found = invalid(str(error), "time")
        field = found.facts["field"]
        raise Invalid(**{**found.facts, "field": field if field == "time" else f"time.{field}"}) from error

    def edit(settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, time=wanted)

    await change(asked, edit)
    for path, old, new in differences(msgspec.to_builtins(before), msgspec.to_builtins(wanted)):
        audit.note(asked, "setting changed", setting=f"time.{path}", old=str(old), new=str(new))
    return await _answer(asked)


async def order(asked: Asked[Nothing, ClockWish]) -> None:
    """Ask the servers now, go at once to what they say, or set the clock by hand.

    Raises: CallsRun, ClockRefused, Unreachable, TimedOut
    """
    panel, wish = asked.panel, asked.body
    offset_s = 0.0
    if wish.deed is ClockDeed.SET:
        if wish.at is None:
            raise Invalid(field="at", problem=_NEEDED)
        offset = wish.at.astimezone(UTC) - panel.now()
        if abs(offset) > LARGEST_STEP:
            raise Invalid(field="at", problem=_TOO_FAR)
        offset_s = offset.total_seconds()
    if panel.clock_orders is None:
        raise Unreachable(peer="timesync", during=wish.deed.value)
    by = audit.name_of(asked)
    reply = await panel.clock_orders.order(wish.deed, by, offset_s=offset_s, with_calls=wish.with_calls)
    if reply.refusal is not None:
        raise ClockRefused(reply.refusal)
    if not reply.accepted:
        raise CallsRun(what="", calls=reply.calls)
    if wish.deed is not ClockDeed.ASK:
        audit.note(asked, "clock ordered", deed=wish.deed.value, offset_s=round(offset_s, 3))


def _offset_min(now: datetime, zone: str) -> int:
    offset = now.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return round(offset.total_seconds() / 60)
