"""The line doctor: what was observed on a line, and the thresholds that follow from it.

Observations are counts in bins, so that weeks of a line are some hundred numbers that can be stored, added up, faded and drawn.
Advice says how sure it is; without enough to go by there is none. Nothing here changes a setting.
Source: ITU-T Q.552 §2 (feeding of lines), ITU-T P.56 (speech and noise), ITU-T P.59 (lengths of talk spurts and pauses)
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from appliance.core.text import Text
from appliance.domain.tones import ToneKind, recording_level, threshold_dbm0

VOLTS = range(121)
"""One bin a volt, without its sign; the last one holds all above."""
QUIETEST_DBM0 = -90
LEVELS = range(95)
"""One bin a decibel from -90 dBm0 up."""
FRAME_MS = 20
SPURTS = range(150)
"""One bin a frame of 20 ms: how long a sound lasted; the last one holds all above three seconds."""
PAUSE_MS = 200
PAUSES = range(300)
"""One bin a fifth of a second: how long it was quiet between two sounds of a call; the last one holds all above a minute."""

_NO_LINE_V = 3
_ENOUGH_VOLTS = 600
_ENOUGH_LEVELS = 3000
_ENOUGH_SPURTS = 200
_LEAST_APART_V = 8
_LEAST_APART_DB = 10
_CLICK_MS = 60
_NOISE_WIDTH_DB = 8


class Case(msgspec.Struct, kw_only=True):
    """All that was observed on a line. The lists are counts by bin, as told at the ranges above."""

    volts: list[int] = msgspec.field(default_factory=lambda: [0] * len(VOLTS))
    levels: list[int] = msgspec.field(default_factory=lambda: [0] * len(LEVELS))
    spurts: list[int] = msgspec.field(default_factory=lambda: [0] * len(SPURTS))
    pauses: list[int] = msgspec.field(default_factory=lambda: [0] * len(PAUSES))
    tones: dict[ToneKind, int] = msgspec.field(default_factory=dict)

    def faded(self) -> "Case":
        """Half of everything, so that what comes weighs more than what was."""
        return Case(
            volts=[count // 2 for count in self.volts],
            levels=[count // 2 for count in self.levels],
            spurts=[count // 2 for count in self.spurts],
            pauses=[count // 2 for count in self.pauses],
            tones={kind: count // 2 for kind, count in self.tones.items() if count > 1},
        )


def encode_cases(cases: dict[int, Case]) -> bytes:
    """Observations by channel number, as they are stored."""
    return msgspec.json.encode(cases)


def decode_cases(content: bytes) -> dict[int, Case]:
    """What `encode_cases` gave, by channel number; nothing when it cannot be read."""
    try:
        return msgspec.json.decode(content, type=dict[int, Case])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}


class Advice(msgspec.Struct, frozen=True):
    """A value for a setting and how sure it is, 0 to 1."""

    value: float
    confidence: float


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What a line is like, and what to set; None where there is not enough to go by.

    Units: V, dBm0, ms
    """

    idle_v: float | None = None
    in_use_v: float | None = None
    noise_dbm0: float | None = None
    speech_dbm0: float | None = None
    off_hook_v: Advice | None = None
    on_hook_v: Advice | None = None
    level: Advice | None = None
    voice_ms: Advice | None = None
    silence_ms: Advice | None = None


class Worry(StrEnum):
    """Why a line's settings do not fit what is observed on it."""

    IDLE_TOO_LOW = "idle_too_low"
    IN_USE_TOO_HIGH = "in_use_too_high"
    NOISE_IS_VOICE = "noise_is_voice"
    SPEECH_IS_MISSED = "speech_is_missed"
    PAUSES_END_CALLS = "pauses_end_calls"


WORRY_TEXT: dict[Worry, Text] = {
    Worry.IDLE_TOO_LOW: Text(
        en="The idle line lies below the on-hook voltage: hang-ups are missed.",
        zh="线路空闲电压低于挂机电压，可能检测不到挂机。",
    ),
    Worry.IN_USE_TOO_HIGH: Text(
        en="The line in use lies above the off-hook voltage: calls are missed.",
        zh="摘机时的线路电压高于摘机电压，可能漏录通话。",
    ),
    Worry.NOISE_IS_VOICE: Text(
        en="The line's noise counts as voice: recordings do not end.",
        zh="线路噪声被当作语音，录音可能无法结束。",
    ),
    Worry.SPEECH_IS_MISSED: Text(
        en="Most speech on this line is too faint for the recording level.",
        zh="本线路的大部分语音低于录音电平，可能漏录。",
    ),
    Worry.PAUSES_END_CALLS: Text(
        en="Pauses within calls last longer than the silence time: calls are cut in pieces.",
        zh="通话中的停顿长于静音时间，一次通话可能被分成多段录音。",
    ),
}


class Thresholds(NamedTuple):
    """What a line is set to: volts, volts, 1 to 32, milliseconds."""

    off_hook_v: float
    on_hook_v: float
    level: int
    silence_ms: int


def diagnose(case: Case) -> Diagnosis:
    """What follows from the observations."""
    idle_v, in_use_v, off_hook, on_hook = _voltages(case.volts)
    noise, speech, level = _loudness(case.levels)
    return Diagnosis(
        idle_v=idle_v,
        in_use_v=in_use_v,
        noise_dbm0=noise,
        speech_dbm0=speech,
        off_hook_v=off_hook,
        on_hook_v=on_hook,
        level=level,
        voice_ms=_voice_time(case.spurts),
        silence_ms=_silence_time(case.pauses),
    )


def worries(found: Diagnosis, now: Thresholds) -> list[Worry]:
    """Where settings and line do not fit; only what the observations are sure of."""
    told: list[Worry] = []
    if _is_sure(found.on_hook_v):
        if found.idle_v is not None and found.idle_v <= now.on_hook_v:
            told.append(Worry.IDLE_TOO_LOW)
        if found.in_use_v is not None and found.in_use_v >= now.off_hook_v:
            told.append(Worry.IN_USE_TOO_HIGH)
    if _is_sure(found.level):
        counts_from = threshold_dbm0(now.level)
        if found.noise_dbm0 is not None and found.noise_dbm0 + 2 >= counts_from:
            told.append(Worry.NOISE_IS_VOICE)
        if found.speech_dbm0 is not None and found.speech_dbm0 <= counts_from:
            told.append(Worry.SPEECH_IS_MISSED)
    if (
        _is_sure(found.silence_ms)
        and found.silence_ms is not None
        and found.silence_ms.value / 2 > now.silence_ms
    ):
        told.append(Worry.PAUSES_END_CALLS)
    return told


def _is_sure(advice: Advice | None) -> bool:
    return advice is not None and advice.confidence >= 0.5


def _voltages(counts: Sequence[int]) -> tuple[float | None, float | None, Advice | None, Advice | None]:
    """Two heaps of voltages: idle above, in use below; the thresholds stand at a third and two thirds of what lies between."""
    alive = [0] * _NO_LINE_V + list(counts[_NO_LINE_V:])
    cut = _between(alive)
    low, high = alive[:cut], [0] * cut + alive[cut:]
    if not sum(alive):
        return None, None, None, None
    if not sum(low) or not sum(high) or _middle(high) - _middle(low) < _LEAST_APART_V:
        only = float(_middle(alive))
        return (only, None, None, None) if only >= 20 else (None, only, None, None)
    top, bottom = _share(low, 0.98) + 1, _share(high, 0.02)
    idle, in_use = _middle(high), _middle(low)
    if bottom <= top:
        top, bottom = in_use, idle
    apart = bottom - top
    off_hook, on_hook = round(top + apart / 3, 1), round(top + apart * 2 / 3, 1)
    strays = sum(alive[int(off_hook) : int(on_hook) + 2]) / sum(alive)
    confidence = _enough(sum(low), _ENOUGH_VOLTS) * _enough(sum(high), _ENOUGH_VOLTS)
    confidence *= min(1.0, apart / _LEAST_APART_V) * max(0.0, 1 - 10 * strays)
    return float(idle), float(in_use), Advice(off_hook, confidence), Advice(on_hook, confidence)


def _loudness(counts: Sequence[int]) -> tuple[float | None, float | None, Advice | None]:
    """Two heaps of levels: noise below, speech above. The level is the valley's, clear of both."""
    if sum(counts) < 100:
        return None, None, None
    cut = _noise_below(counts)
    low, high = list(counts[:cut]), [0] * cut + list(counts[cut:])
    if not sum(low) or not sum(high):
        return float(_middle(counts) + QUIETEST_DBM0), None, None
    noise, speech = _noise_of(low), _middle(high)
    if speech - noise < _LEAST_APART_DB:
        return float(_middle(counts) + QUIETEST_DBM0), None, None
    clear_of_noise = min(_share(low, 0.98) + 2, speech - 3)
    valley = min(max(clear_of_noise, noise + (speech - noise) // 3), speech - 3)
    confidence = _enough(sum(high), _ENOUGH_LEVELS) * _enough(sum(low), _ENOUGH_LEVELS)
    confidence *= min(1.0, (speech - noise) / (2 * _LEAST_APART_DB))
    level = recording_level(valley + QUIETEST_DBM0)
    return float(noise + QUIETEST_DBM0), float(speech + QUIETEST_DBM0), Advice(level, confidence)


def _noise_of(low: Sequence[int]) -> int:
    """The louder of two noises, when the quieter one is the silence of the idle line."""
    cut = _between(low)
    upper = [0] * cut + list(low[cut:])
    is_two = sum(upper) * 20 >= sum(low) and _middle(upper) - _middle(low[:cut]) >= _LEAST_APART_DB
    return _middle(upper) if is_two else _middle(low)


def _noise_below(counts: Sequence[int]) -> int:
    """Where noise ends. A line that is silent on hook and noisy off hook has two noises: a narrow heap between is one, too."""
    cut = _between(counts)
    high = [0] * cut + list(counts[cut:])
    upper = _between(high)
    middle, top = [*high[:upper]], [0] * upper + high[upper:]
    if not sum(middle) or not sum(top):
        return cut
    width = _share(middle, 0.9) - _share(middle, 0.1)
    is_noise = width <= _NOISE_WIDTH_DB and _middle(top) - _middle(middle) >= _LEAST_APART_DB
    return upper if is_noise and sum(middle) * 20 >= sum(high) else cut


def _voice_time(counts: Sequence[int]) -> Advice | None:
    """Longer than clicks, shorter than nine of ten spurts of talk."""
    talk = [0 if place * FRAME_MS < _CLICK_MS else count for place, count in enumerate(counts)]
    if not sum(talk):
        return None
    wanted = _share(talk, 0.25) * FRAME_MS
    return Advice(float(min(max(wanted, 3 * FRAME_MS), 400)), _enough(sum(talk), _ENOUGH_SPURTS))


def _silence_time(counts: Sequence[int]) -> Advice | None:
    """Twice what all but one pause in two hundred last."""
    if not sum(counts):
        return None
    longest = (_share(counts, 0.995) + 1) * PAUSE_MS
    return Advice(float(min(max(2 * longest, 2000), 60_000)), _enough(sum(counts), _ENOUGH_SPURTS))


def _between(counts: Sequence[int]) -> int:
    """The bin that parts two heaps best: where the variance between them is largest (Otsu); the middle of equally good ones."""
    total, mass = sum(counts), sum(place * count for place, count in enumerate(counts))
    best, first, last, below, below_mass = -1.0, 0, 0, 0, 0
    for place, count in enumerate(counts):
        if below and below < total:
            apart = below_mass / below - (mass - below_mass) / (total - below)
            worth = below * (total - below) * apart * apart
            if worth > best:
                best, first, last = worth, place, place
            elif worth == best:
                last = place
        below += count
        below_mass += place * count
    return (first + last + 1) // 2


def _share(counts: Sequence[int], share: float) -> int:
    """The bin below which, or in which, this share of all lies; 0 of nothing."""
    wanted, seen = share * sum(counts), 0
    for place, count in enumerate(counts):
        seen += count
        if count and seen >= wanted:
            return place
    return 0


def _middle(counts: Sequence[int]) -> int:
    return _share(counts, 0.5)


def _enough(count: int, wanted: int) -> float:
    return min(1.0, count / wanted)
