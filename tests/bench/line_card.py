"""Cards of lines for the bench, all of whose channels talk at once and whose every sample is known.

    python -m tests.bench.line_card run boards --data DIR

is `tapeline` with these cards in place of files that are played: the scenario of a card's settings is a `Load` here. A card
has seconds of buffers, as the kernel has; who fetches later loses samples, which are told. What it brought stands
beside the load when it is over. Each 100 ms of a channel begin with their number and the channel's, so that no stretch is like another.
"""

import resource
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Self

import msgspec
import numpy as np

from appliance.boards import reader
from appliance.commands import tapeline
from appliance.domain.line import RATE_HZ
from appliance.media.pcm import Law, compress
from appliance.settings.cards import Card
from drivers.boards.board import Channel, Codes, Description, Frame, Kind, Reading, Span
from tests.rigs import signalling as wire

BLOCK = RATE_HZ // 10
BLOCKS = 20
"""Of sound that differs; then it comes again, under other numbers."""
TIMESLOTS = [slot for slot in range(1, 32) if slot != 16]
_STAMP = (6, 3)
"""Digits of sixteen for the number of a block and for a channel, as quiet codes."""
_QUIET = 0xD0
_NS = 1_000_000_000
_FIRST, _BETWEEN_S, _KEEP_ALIVE = 10, 5.0, 100
"""The first call begins with this block; the last one begins, and ends, so much later; links say something every so many blocks."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """So many analog lines, or E1 that are tapped in both directions.

    `talk_s`: from the last call's begin to the first one's end; `patience_s`: what the card's buffers hold.
    """

    lines: int = 0
    e1: int = 0
    talk_s: float = 20.0
    patience_s: float = 4.0

    @property
    def calls(self) -> int:
        return self.lines or self.e1 * len(TIMESLOTS)

    def begins(self, call: int) -> int:
        """The block a call is answered with."""
        return _FIRST + round(_BETWEEN_S * 10 * call / self.calls)

    def ends(self, call: int) -> int:
        """The first block behind a call."""
        return self.begins(call) + round((self.talk_s + _BETWEEN_S) * 10)

    def steady(self) -> tuple[int, int]:
        """The blocks during which all calls are up."""
        return self.begins(self.calls), self.ends(0)

    def call_of(self, place: int) -> int | None:
        """The call that is heard on a channel."""
        if self.lines:
            return place
        span, slot = divmod(place, 31)
        return None if slot == 15 else span // 2 * len(TIMESLOTS) + TIMESLOTS.index(slot + 1)

    def description(self) -> Description:
        if self.lines:
            return Description("bench", (Channel(Kind.ANALOG),) * self.lines, has_volts=True)
        channels = tuple(
            Channel(Kind.DCHANNEL if slot == 16 else Kind.VOICE, "A", span, slot)
            for span in range(1, 2 * self.e1 + 1)
            for slot in range(1, 32)
        )
        return Description("bench", channels, tuple(Span(one) for one in range(1, 2 * self.e1 + 1)))


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What a card brought: when its first sample was, how many blocks, which were lost, how late it was read at worst.

    `cpu_s`: of the whole program while all calls were up, by the clock of the card: a program that is behind does no less for it.
    """

    began_ns: int
    blocks: int
    lost: list[int]
    latest_s: float
    cpu_s: float
    most_kib: int


def sound(channels: int) -> list[Codes]:
    """Blocks of 100 ms of something like speech, as A-law, each channel with its own number in it."""
    chance = np.random.default_rng(7)
    found = []
    for number in range(BLOCKS):
        swell = 400 + 5000 * np.abs(np.sin(number / 3 + np.arange(channels) / 7))
        noise = swell[:, None] * chance.standard_normal((channels, BLOCK), np.float32)
        block = compress(noise.astype(np.int16), Law.ALAW)
        block[:, _STAMP[0] : sum(_STAMP)] = _digits(np.arange(channels), _STAMP[1])
        found.append(block)
    return found


def expected(blocks: list[Codes], place: int, begin: int, samples: int) -> Codes:
    """What a channel brings from a sample on."""
    first = begin // BLOCK
    numbers = np.arange(first, (begin + samples - 1) // BLOCK + 1)
    found = np.stack([block[place] for block in blocks])[numbers % BLOCKS]
    found[:, : _STAMP[0]] = _digits(numbers, _STAMP[0])
    return found.reshape(-1)[begin - first * BLOCK :][:samples]


def _digits(numbers: np.ndarray, count: int) -> Codes:
    """Shape: uint8[numbers, count]"""
    return (_QUIET | numbers[:, None] >> 4 * np.arange(count) & 15).astype(np.uint8)


class BenchCard:
    """A card, from when it is opened."""

    def __init__(self, path: Path) -> None:
        self._told = path.with_suffix(".told")
        self._load = msgspec.json.decode(path.read_bytes(), type=Load)
        self._description = self._load.description()
        self._sound = sound(len(self._description.channels))
        self._frames = _frames(self._load)
        calls = range(self._load.calls)
        self._begins = np.array([self._load.begins(call) for call in calls])
        self._ends = np.array([self._load.ends(call) for call in calls])
        self._number = 0
        self._lost: list[int] = []
        self._latest_s = 0.0
        self._cpu_s: list[float] = []
        self._began_ns = time.time_ns() // 1000 * 1000
        self._began_s = time.monotonic()

    def describe(self) -> Description:
        return self._description

    def read(self, timeout_s: float) -> Reading | None:
        late_s = time.monotonic() - self._began_s - (self._number + 1) / 10
        if late_s < 0:
            time.sleep(min(-late_s, timeout_s))
            if -late_s > timeout_s:
                return None
        self._latest_s = max(self._latest_s, late_s)
        lost = max(int((late_s - self._load.patience_s) * 10), 0)
        self._lost += range(self._number, self._number + lost)
        number = self._number = self._number + lost
        self._number += 1
        audio = self._sound[number % BLOCKS].copy()
        audio[:, : _STAMP[0]] = _digits(np.array([number]), _STAMP[0])
        frames = [one for at in range(number - lost, number + 1) for one in self._frames.get(at, ())]
        if not number % _KEEP_ALIVE:
            frames += [(span.number, wire.RECEIVER_READY) for span in self._description.spans]
        at_ns = self._ns(number)
        if len(self._cpu_s) < 2 and number >= self._load.steady()[len(self._cpu_s)]:
            self._cpu_s.append(time.process_time())
        if number - lost <= int(self._ends[-1]) + 10 <= number:
            self._tell()
        return Reading(
            at_ns=at_ns,
            audio=audio,
            volts=self._volts(number) if self._load.lines else None,
            frames=tuple(Frame(span, 16, at_ns, octets) for span, octets in frames),
            lost=lost * BLOCK,
        )

    def close(self) -> None:
        """Nothing to let go of."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ns(self, number: int) -> int:
        return self._began_ns + number * _NS // 10

    def _volts(self, number: int) -> np.ndarray:
        is_used = (self._begins <= number) & (number < self._ends)
        return np.where(is_used, np.float32(9), np.float32(48))

    def _tell(self) -> None:
        told = Brought(
            began_ns=self._began_ns,
            blocks=self._number,
            lost=self._lost,
            latest_s=self._latest_s,
            cpu_s=self._cpu_s[1] - self._cpu_s[0],
            most_kib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        )
        part = self._told.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(told))
        part.rename(self._told)


def _frames(load: Load) -> dict[int, list[tuple[int, bytes]]]:
    """What the D-channels say: block -> spans and frames."""
    said: list[tuple[int, int, int, bytes]] = []
    for call in range(load.calls if load.e1 else 0):
        e1, index = divmod(call, len(TIMESLOTS))
        reference, slot = index + 1, wire.channel(TIMESLOTS[index])
        begin, end = load.begins(call), load.ends(call)
        parties = wire.calling(f"1380{call:07}"), wire.called(f"6295{call:04}")
        said += [
            (begin - 4, e1, 0, wire.q931(5, reference, wire.SPEECH, slot, *parties)),
            (begin - 3, e1, 1, wire.q931(2, reference, slot, back=True)),
            (begin - 2, e1, 1, wire.q931(1, reference, back=True)),
            (begin, e1, 1, wire.q931(7, reference, back=True)),
            (end, e1, 0, wire.q931(0x45, reference, wire.cause(16))),
            (end + 1, e1, 1, wire.q931(0x4D, reference, back=True)),
            (end + 2, e1, 0, wire.q931(0x5A, reference)),
        ]
    ends: dict[int, wire.Dchannel] = defaultdict(wire.Dchannel)
    found: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for at, e1, port, text in sorted(said, key=lambda one: one[0]):
        found[at].append((2 * e1 + port + 1, ends[e1].frame(port, text)))
    return found


def open_card(card: Card, _: object) -> BenchCard:
    return BenchCard(Path(card.scenario))  # type: ignore[union-attr]


if __name__ == "__main__":
    reader.open_card = open_card
    sys.exit(tapeline.main(sys.argv[1:]))
