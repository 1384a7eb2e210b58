"""What detectors find in the sound of a line, and the tones that exchanges send, by country.

Offsets are samples since the detector began, 8000 a second; a line that lost samples is fed silence for them, so an
offset is a moment. Levels are dBm0: a sine that fills 16 bits is +3.14.
Source: ITU-T G.711 §4 (levels); the tables name theirs
"""

from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec

from appliance.core.text import Text

RATE_HZ = 8000
FULL_SINE_DBM0 = 3.14

RECORDING_LEVELS = range(1, 33)
USUAL_RECORDING_LEVEL = 16
_LOUDEST_DBM0 = -12.0
_STEP_DB = 1.5


def threshold_dbm0(recording_level: int) -> float:
    """The level that counts as voice for the settings' 1 (least sensitive, -12 dBm0) to 32 (-58.5 dBm0)."""
    return _LOUDEST_DBM0 - _STEP_DB * (recording_level - 1)


def recording_level(wanted_dbm0: float) -> int:
    """The most sensitive setting whose threshold is not below the wanted one."""
    step = int((_LOUDEST_DBM0 - wanted_dbm0) // _STEP_DB) + 1
    return min(max(step, RECORDING_LEVELS[0]), RECORDING_LEVELS[-1])


class Key(NamedTuple):
    """A key (DTMF) that began, 0-9 * # A-D; `at` is its first sample, within 13 ms."""

    at: int
    digit: str
    level_dbm0: int


class KeySensitivity(msgspec.Struct, frozen=True):
    """What counts as a key: the weakest of its two tones, and how far they may differ.

    Twist is the low tone over the high one, reverse twist the high one over the low one. Units: dBm0, dB, ms
    Source: ITU-T Q.24 table A-1
    """

    weakest_dbm0: int = -35
    twist_db: int = 8
    reverse_twist_db: int = 4
    shortest_ms: int = 25


KEY_SENSITIVITIES = range(1, 10)
USUAL_KEY_SENSITIVITY = 6


def key_sensitivity(step: int) -> KeySensitivity:
    """The steps of the settings, 1 to 9: larger hears weaker keys, smaller takes less speech for keys."""
    return KeySensitivity(weakest_dbm0=-17 - 3 * step, shortest_ms=25 if step > 3 else 38)


class CallerForm(StrEnum):
    """How the exchange tells the caller before or between the rings."""

    FSK = "fsk"
    DTMF = "dtmf"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """A caller, as the exchange told it; empty where it did not.

    `sent_at` is what the exchange's clock said, "MMDDHHMM"; `withheld` why there is no number: "" there is one,
    "private" the caller wished so, "unavailable" the network did not know
    """

    at: int
    number: str = ""
    name: str = ""
    sent_at: str = ""
    withheld: Literal["", "private", "unavailable"] = ""
    form: CallerForm


class ToneKind(StrEnum):
    """What an exchange says with a tone, and the tones of fax machines."""

    DIAL = "dial"
    RINGBACK = "ringback"
    BUSY = "busy"
    CONGESTION = "congestion"
    CUSTOM = "custom"


TONE_KIND_TEXT: dict[ToneKind, Text] = {
    ToneKind.DIAL: Text(en="Dial tone", zh="拨号音"),
    ToneKind.RINGBACK: Text(en="Ring-back tone", zh="回铃音"),
    ToneKind.BUSY: Text(en="Busy tone", zh="忙音"),
    ToneKind.CONGESTION: Text(en="Congestion tone", zh="拥塞音"),
    ToneKind.CUSTOM: Text(en="Own tone", zh="自定义单音"),
}


class Tone(NamedTuple):
    """A tone of the exchange: told when it is recognised (`ended_at` None) and again when it is over."""

    at: int
    kind: ToneKind
    ended_at: int | None


class FaxKind(StrEnum):
    """Signs of fax machines: the caller's, the answerer's, and what goes before their messages."""

    CNG = "cng"
    CED = "ced"
    PREAMBLE = "preamble"


FAX_KIND_TEXT: dict[FaxKind, Text] = {
    FaxKind.CNG: Text(en="Calling fax machine", zh="主叫传真机"),
    FaxKind.CED: Text(en="Answering fax machine", zh="应答传真机"),
    FaxKind.PREAMBLE: Text(en="Message of a fax machine", zh="传真报文"),
}


class Fax(NamedTuple):
    """A fax machine was recognised, `at` this sample."""

    at: int
    kind: FaxKind


class MfcDirection(StrEnum):
    """Who sends: the side that calls (high frequencies) or the side that is called (low ones)."""

    FORWARD = "forward"
    BACKWARD = "backward"


class Mfc(NamedTuple):
    """A signal of two of six frequencies: 1 to 15 as numbered by the standard, told when it is over, too.

    Source: ITU-T Q.441 table 5; GF 002-9002 (No. 1) uses the first four backward frequencies
    """

    at: int
    direction: MfcDirection
    signal: int
    ended_at: int | None


Found = Key | Identity | Tone | Fax | Mfc


class Pattern(msgspec.Struct, frozen=True):
    """A tone and its rhythm.

    `on_ms` and `off_ms` are what is accepted; `off_ms` None is a tone without pauses, recognised after the lower
    bound of `on_ms`. `cycles` is how many times it sounds before it is believed. Frequencies are heard together, each as far off
    as `tolerance_hz`
    """

    kind: ToneKind
    frequencies_hz: tuple[int, ...]
    on_ms: tuple[int, int]
    off_ms: tuple[int, int] | None = None
    tolerance_hz: int = 15
    cycles: int = 1


class Country(StrEnum):
    """Whose tones a line hears."""

    CHINA = "cn"
    ITU = "itu"
    US = "us"


COUNTRY_TEXT: dict[Country, Text] = {
    Country.CHINA: Text(en="China", zh="中国"),
    Country.ITU: Text(en="ITU recommendation, most of Europe", zh="国际电联建议（欧洲多数国家）"),
    Country.US: Text(en="United States, Canada", zh="美国、加拿大"),
}

_FOREVER_MS = 1 << 30

PATTERNS: dict[Country, tuple[Pattern, ...]] = {
    # GB/T 3380-1982 (tones of telephone exchanges): 450 Hz ±25; ring-back 1 s of 5, busy 0.35 s of 0.7, congestion 0.7 s
    # of 1.4. The same in ITU-T E.180 Supplement 2 (1994), China.
    Country.CHINA: (
        Pattern(ToneKind.DIAL, (450,), (1500, _FOREVER_MS), None, 25),
        Pattern(ToneKind.RINGBACK, (450,), (850, 1200), (3000, 5000), 25),
        Pattern(ToneKind.BUSY, (450,), (250, 450), (250, 450), 25, 2),
        Pattern(ToneKind.CONGESTION, (450,), (560, 820), (560, 840), 25, 2),
    ),
    # ITU-T E.180 (1998) §§5–8: 400 to 450 Hz, 425 preferred; ring-back 0.67–1.5 s on, 3–5 s off; busy and congestion have a
    # period of 300–1100 ms and are told apart by speed where both are used (ETSI EG 201 120: 0.5/0.5 and 0.25/0.25).
    Country.ITU: (
        Pattern(ToneKind.DIAL, (425,), (1800, _FOREVER_MS), None, 30),
        Pattern(ToneKind.RINGBACK, (425,), (620, 1600), (2600, 5400), 30),
        Pattern(ToneKind.BUSY, (425,), (340, 600), (340, 660), 30, 2),
        Pattern(ToneKind.CONGESTION, (425,), (150, 330), (120, 330), 30, 2),
    ),
    # ITU-T E.180 Supplement 2 (1994), United States; Telcordia GR-506-CORE §17: ±0.5 %. Busy 0.5/0.5, reorder 0.25/0.25 (0.2/0.3, 0.3/0.2).
    Country.US: (
        Pattern(ToneKind.DIAL, (350, 440), (800, _FOREVER_MS), None, 6),
        Pattern(ToneKind.RINGBACK, (440, 480), (800, 2400), (2600, 5000), 6),
        Pattern(ToneKind.BUSY, (480, 620), (400, 620), (400, 620), 6, 2),
        Pattern(ToneKind.CONGESTION, (480, 620), (160, 360), (160, 360), 6, 2),
    ),
}


def custom_tone(
    frequencies_hz: tuple[int, ...], on_ms: int, off_ms: int | None, tolerance_hz: int = 15
) -> Pattern:
    """A tone of somebody's own: a single burst of `on_ms` when `off_ms` is 0, without end when None, else a rhythm."""
    off = None if off_ms is None else (int(off_ms * 0.75), int(off_ms * 1.25) if off_ms else _FOREVER_MS)
    longest = _FOREVER_MS if off_ms is None else int(on_ms * 1.25)
    return Pattern(
        ToneKind.CUSTOM,
        frequencies_hz,
        (int(on_ms * 0.75), longest),
        off,
        tolerance_hz,
        2 if off_ms else 1,
    )
