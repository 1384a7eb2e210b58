"""The line doctor: what was observed on a channel, what does not fit its parameters, and what they had better be."""

import msgspec

from appliance.core.files import Layout
from appliance.domain.doctor import (
    LEVELS,
    QUIETEST_DBM0,
    VOLTS,
    WORRY_TEXT,
    Advice,
    Case,
    Thresholds,
    Worry,
    decode_cases,
    diagnose,
    worries,
)
from appliance.settings.boards import Channel, channel_of, channels_of
from webadmin.api.boards import place_of
from webadmin.operation import Asked, Nothing

_ADVISED = ("off_hook_v", "on_hook_v", "level", "voice_ms", "silence_ms")
_WHOLE = ("level", "voice_ms", "silence_ms")


class AdviceView(msgspec.Struct, frozen=True, kw_only=True):
    """A better value for a parameter: what it is now, what it had better be, how sure that is (0 to 1)."""

    parameter: str
    now: float
    value: float
    confidence: float


class WorryView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that does not fit, in a word for machines and in a sentence."""

    code: Worry
    text: str


class HistogramView(msgspec.Struct, frozen=True, kw_only=True):
    """How often each value was seen; the first bin stands for `first`, each further one for one more."""

    first: int
    counts: list[int]


class DoctorView(msgspec.Struct, frozen=True, kw_only=True):
    """One channel as the line doctor knows it; null and empty where there is not enough to go by. Units: V, dBm0."""

    idle_v: float | None
    in_use_v: float | None
    noise_dbm0: float | None
    speech_dbm0: float | None
    worries: list[WorryView]
    advice: list[AdviceView]
    volts: HistogramView
    levels: HistogramView


async def show(asked: Asked[Nothing, Nothing]) -> DoctorView:
    """What was observed on a channel, and the parameters that follow from it."""
    panel = asked.panel
    board, place = place_of(asked)
    number = place.number
    case = await panel.read(_observed, panel.layout, board, number)
    now = channel_of(channels_of(panel.settings.boards), number)
    found = diagnose(case)
    told = worries(found, Thresholds(now.off_hook_v, now.on_hook_v, now.level, now.silence_ms))
    return DoctorView(
        idle_v=found.idle_v,
        in_use_v=found.in_use_v,
        noise_dbm0=found.noise_dbm0,
        speech_dbm0=found.speech_dbm0,
        worries=[WorryView(code=one, text=WORRY_TEXT[one].render(asked.language)) for one in told],
        advice=[_advice(name, now, one) for name in _ADVISED if (one := getattr(found, name)) is not None],
        volts=HistogramView(first=VOLTS[0], counts=case.volts if any(case.volts) else []),
        levels=HistogramView(first=QUIETEST_DBM0 + LEVELS[0], counts=case.levels if any(case.levels) else []),
    )


def _advice(name: str, now: Channel, advice: Advice) -> AdviceView:
    value = round(advice.value) if name in _WHOLE else advice.value
    return AdviceView(
        parameter=name, now=getattr(now, name), value=value, confidence=round(advice.confidence, 2)
    )


def _observed(layout: Layout, board: str, number: int) -> Case:
    """What the program of the boards wrote down; nothing when there is nothing, or nothing that can be read."""
    try:
        content = layout.line_cases(board).read_bytes()
    except OSError:
        return Case()
    return decode_cases(content).get(number, Case())
