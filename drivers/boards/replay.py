"""Files played as a board: sound, line voltage, ABCD bits, D channels, alarms and faults, told by a scenario file.

A scenario is JSON (`Scenario` below is its form); times are seconds after the board was opened, files lie beside it:

    {"model": "demo", "volts": true, "repeat_s": 60, "channels": [
        {"volts": [[0, 48], [5, 9], [20, 48]], "play": [{"at_s": 5.2, "file": "talk.wav"}],
         "events": [{"at_s": 2, "event": "ring"}, {"at_s": 3, "event": "ring_end"}]}]}

Sound is WAV of 8 kHz, one channel, G.711 or 16 bits, or a file of bare G.711 codes (any other suffix). Played in real time
it is as patient as a card with four seconds of buffers: what is fetched later is lost and told as such. Played fast, nothing
is lost and its clock runs ahead; ten seconds behind its end it goes on in real time. After `repeat_s` everything comes once more, without it there is silence.
Source: ITU-T G.711; RFC 2361 A.3 (WAVE_FORMAT_ALAW, WAVE_FORMAT_MULAW)
"""

import struct
import time
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self, TypeVar

import msgspec
import numpy as np

from drivers.boards.board import (
    RATE_HZ,
    BoardFault,
    Channel,
    Codes,
    Description,
    Event,
    Fault,
    Frame,
    Kind,
    LineEvent,
    Reading,
    Span,
    SpanEvent,
)
from drivers.boards.g711 import SILENT, codes

BLOCK = RATE_HZ // 10
BUFFERED_S = 4.0
_AFTER = 10 * RATE_HZ
_NS = 1_000_000_000
_LAWS = {6: "A", 7: "mu"}
_PCM = 1

_WELL: frozenset[str] = frozenset()

Value = TypeVar("Value")
Seconds = Annotated[float, msgspec.Meta(ge=0)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of a scenario."""


class Play(_Part, frozen=True, kw_only=True):
    """A sound on a channel; what begins later covers what was there."""

    at_s: Seconds
    file: str


class Happening(_Part, frozen=True, kw_only=True):
    """A line event."""

    at_s: Seconds
    event: Event
    value: str = ""


class Played(_Part, frozen=True, kw_only=True):
    """A channel. `volts`: from each moment on, in V; `bits`: likewise ABCD, A = 8."""

    kind: Kind = Kind.ANALOG
    law: Literal["A", "mu"] = "A"
    span: int = 0
    timeslot: int = 0
    name: str = ""
    play: list[Play] = []
    volts: list[tuple[Seconds, float]] = []
    bits: list[tuple[Seconds, int]] = []
    events: list[Happening] = []


class PlayedFrame(_Part, frozen=True, kw_only=True):
    """A frame of a D channel, in hexadecimal, without its check sum."""

    at_s: Seconds
    span: int
    timeslot: int = 16
    octets: str


class Alarm(_Part, frozen=True, kw_only=True):
    """What alarms a span has from a moment on."""

    at_s: Seconds
    span: int
    alarms: list[str]


class Loss(_Part, frozen=True, kw_only=True):
    """Samples that the card loses on all channels."""

    at_s: Seconds
    samples: Annotated[int, msgspec.Meta(ge=1, le=600 * RATE_HZ)]


class PlayedSpan(_Part, frozen=True, kw_only=True):
    """An E1 port."""

    number: int
    name: str = ""
    framing: str = ""


class Scenario(_Part, frozen=True, kw_only=True):
    """A whole board. At `gone_at_s` it is unplugged; opened again, it begins anew."""

    model: str = "replay"
    serial: str = ""
    volts: bool = False
    channels: Annotated[list[Played], msgspec.Meta(min_length=1, max_length=4096)]
    spans: list[PlayedSpan] = []
    frames: list[PlayedFrame] = []
    alarms: list[Alarm] = []
    losses: list[Loss] = []
    gone_at_s: Seconds | None = None
    repeat_s: Annotated[float, msgspec.Meta(ge=1)] | None = None


class _Piece(NamedTuple):
    place: int
    at: int
    codes: Codes


class ReplayBoard:
    """One scenario, played once from when it is made.

    Raises: BoardFault when a file of it cannot be read
    """

    def __init__(self, path: Path, *, real_time: bool = True) -> None:
        self._scenario = read(path)
        channels = self._scenario.channels
        self._silence = np.array([[SILENT[one.law]] for one in channels], np.uint8)
        self._pieces = sorted(
            (
                _Piece(place, round(one.at_s * RATE_HZ), _sound(path.parent / one.file, channel.law))
                for place, channel in enumerate(channels)
                for one in channel.play
            ),
            key=lambda piece: piece.at,
        )
        self._fast_until = 0 if real_time else self._length() + _AFTER
        self._begun_ns = time.time_ns()
        self._begun_s = time.monotonic()
        self._taken = 0
        self._lost = 0
        self._told_alarms: dict[int, frozenset[str]] = {}
        self._is_open = True

    def describe(self) -> Description:
        """What the scenario names."""
        scenario = self._scenario
        return Description(
            model=scenario.model,
            channels=tuple(
                Channel(one.kind, one.law, one.span, one.timeslot, one.name) for one in scenario.channels
            ),
            spans=tuple(Span(one.number, one.name, one.framing) for one in scenario.spans),
            serial=scenario.serial,
            has_volts=scenario.volts,
        )

    def read(self, timeout_s: float) -> Reading | None:
        """The next 100 ms, when they are due.

        Raises: BoardFault at the scenario's `gone_at_s`
        """
        if not self._is_open:
            raise BoardFault(Fault.GONE, "closed")
        if not self._wait(timeout_s):
            return None
        gone_at_s = self._scenario.gone_at_s
        if gone_at_s is not None and self._taken >= gone_at_s * RATE_HZ:
            self.close()
            raise BoardFault(Fault.GONE, "unplugged by the scenario")
        self._lose()
        begin, end = self._taken, self._taken + BLOCK
        self._taken = end
        lost, self._lost = self._lost, 0
        return Reading(
            at_ns=self._ns(begin),
            audio=self._audio(begin, end),
            volts=self._volts(begin) if self._scenario.volts else None,
            bits=self._bits(begin),
            events=self._events(begin, end),
            spans=self._alarms(begin),
            frames=self._frames(begin, end),
            lost=lost,
        )

    def close(self) -> None:
        """No more readings."""
        self._is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _length(self) -> float:
        """Where its last piece ends; a scenario that repeats never does; in samples."""
        scenario = self._scenario
        if scenario.repeat_s is not None:
            return float("inf")
        moments = [one.at_s for one in scenario.frames]
        moments += [one.at_s for one in scenario.alarms]
        moments += [one.at_s for one in scenario.losses]
        for channel in scenario.channels:
            moments += [one.at_s for one in channel.events]
            moments += [at_s for at_s, _ in (*channel.volts, *channel.bits)]
        ends = [piece.at + piece.codes.size for piece in self._pieces]
        return max([*(at_s * RATE_HZ for at_s in moments), *ends], default=0)

    def _ns(self, sample: int) -> int:
        return self._begun_ns + sample * _NS // RATE_HZ

    def _wait(self, timeout_s: float) -> bool:
        """Whether the next block is due now; a board that is not read in time loses samples."""
        if self._taken < self._fast_until:
            self._begun_s = time.monotonic() - (self._taken + BLOCK) / RATE_HZ
            return True
        due_s = self._begun_s + (self._taken + BLOCK) / RATE_HZ
        late_s = time.monotonic() - due_s
        if late_s > BUFFERED_S:
            lost = int((late_s - BUFFERED_S) * RATE_HZ) // BLOCK * BLOCK
            self._taken += lost
            self._lost += lost
        if late_s < 0:
            time.sleep(min(-late_s, timeout_s))
        return -late_s <= timeout_s

    def _lose(self) -> None:
        for one in self._scenario.losses:
            at = round(one.at_s * RATE_HZ)
            if self._taken <= at < self._taken + BLOCK:
                self._taken += one.samples
                self._lost += one.samples

    def _turns(self, begin: int, end: int) -> list[int]:
        """Where in the scenario a stretch begins; twice when it goes over its end."""
        if self._scenario.repeat_s is None:
            return [begin]
        length = round(self._scenario.repeat_s * RATE_HZ)
        first = begin % length
        return [first] if first + end - begin <= length else [first, first - length]

    def _audio(self, begin: int, end: int) -> Codes:
        block = np.repeat(self._silence, end - begin, axis=1)
        for first in self._turns(begin, end):
            for piece in self._pieces:
                if piece.at >= first + block.shape[1]:
                    break
                at = piece.at - first
                low, high = max(at, 0), min(at + piece.codes.size, block.shape[1])
                if low < high:
                    block[piece.place, low:high] = piece.codes[low - at : high - at]
        return block

    def _at_s(self, begin: int) -> float:
        seconds = begin / RATE_HZ
        return seconds if self._scenario.repeat_s is None else seconds % self._scenario.repeat_s

    def _volts(self, begin: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        now_s = self._at_s(begin)
        return np.array(
            [_latest(one.volts, now_s, float("nan")) for one in self._scenario.channels], np.float32
        )

    def _bits(self, begin: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]] | None:
        if not any(one.bits for one in self._scenario.channels):
            return None
        now_s = self._at_s(begin)
        return np.array([_latest(one.bits, now_s, 0) for one in self._scenario.channels], np.uint8)

    def _within(self, at_s: float, begin: int, end: int) -> int | None:
        """The sample of a moment of the scenario, when it lies in the stretch."""
        at = round(at_s * RATE_HZ)
        for first in self._turns(begin, end):
            if first <= at < first + end - begin:
                return begin + at - first
        return None

    def _events(self, begin: int, end: int) -> tuple[LineEvent, ...]:
        found = [
            LineEvent(place, self._ns(at), one.event, one.value)
            for place, channel in enumerate(self._scenario.channels)
            for one in channel.events
            if (at := self._within(one.at_s, begin, end)) is not None
        ]
        found += [
            LineEvent(place, self._ns(at), Event.BITS, f"{bits & 15:04b}")
            for place, channel in enumerate(self._scenario.channels)
            for at_s, bits in channel.bits
            if (at := self._within(at_s, begin, end)) is not None
        ]
        return tuple(sorted(found, key=lambda event: event.at_ns))

    def _alarms(self, begin: int) -> tuple[SpanEvent, ...]:
        now_s = self._at_s(begin)
        found = []
        for span in self._scenario.spans:
            changes = [
                (one.at_s, frozenset(one.alarms)) for one in self._scenario.alarms if one.span == span.number
            ]
            alarms = _latest(changes, now_s, _WELL)
            if alarms != self._told_alarms.get(span.number, frozenset()):
                self._told_alarms[span.number] = alarms
                found.append(SpanEvent(span.number, self._ns(begin), alarms))
        return tuple(found)

    def _frames(self, begin: int, end: int) -> tuple[Frame, ...]:
        return tuple(
            Frame(one.span, one.timeslot, self._ns(at), bytes.fromhex(one.octets))
            for one in self._scenario.frames
            if (at := self._within(one.at_s, begin, end)) is not None
        )


def read(path: Path) -> Scenario:
    """The scenario of a file.

    Raises: BoardFault
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Scenario)
    except OSError as error:
        raise BoardFault(Fault.MISSING, str(error)) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BoardFault(Fault.BROKEN, f"{path.name}: {error}") from error


def _latest(changes: list[tuple[float, Value]], now_s: float, before: Value) -> Value:
    """The value of the last change that lies not after a moment."""
    found = before
    for at_s, value in changes:
        if at_s <= now_s:
            found = value
    return found


def _sound(path: Path, law: str) -> Codes:
    """The G.711 codes of a file, by the channel's law.

    Raises: BoardFault
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BoardFault(Fault.MISSING, str(error)) from error
    if path.suffix != ".wav":
        return np.frombuffer(content, np.uint8)
    try:
        kind, rate_hz, channels, data = _wav(content)
    except (struct.error, KeyError) as error:
        raise BoardFault(Fault.BROKEN, f"{path.name} is no WAV") from error
    if rate_hz != RATE_HZ or channels != 1 or kind not in (_PCM, *_LAWS):
        raise BoardFault(Fault.BROKEN, f"{path.name} is not one channel of 8 kHz, G.711 or 16 bits")
    if _LAWS.get(kind) == law:
        return np.frombuffer(data, np.uint8)
    if kind != _PCM:
        raise BoardFault(Fault.BROKEN, f"{path.name} has another law than its channel")
    values = np.frombuffer(data[: len(data) & ~1], "<i2").astype(np.int64)
    return codes(law)[values + 32768]


def _wav(content: bytes) -> tuple[int, int, int, bytes]:
    """Kind of codes, rate, channels and data."""
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        chunks.setdefault(name, content[at + 8 : at + 8 + size])
        at += 8 + size + (size & 1)
    kind, channels, rate_hz = struct.unpack_from("<HHI", chunks[b"fmt "])
    return kind, rate_hz, channels, chunks[b"data"]
