"""What a board is to the programs: plain data in batches, so that their cost is per batch and not per channel.

A board is read about ten times a second, all its channels at once. Channels are told by their *place* on the board,
0 and up: the row of every array here. Which number a channel has in the box is a setting.
Source: ITU-T G.711 (companded samples), G.704 (timeslots), Q.421 (ABCD bits); DAHDI's user.h for what cards can tell
"""

from enum import StrEnum
from typing import NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

RATE_HZ = 8000

Codes = npt.NDArray[np.uint8]
Volts = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint8]


class Fault(StrEnum):
    """Why a board cannot be read. `GONE` was unplugged, `REFUSED` belongs to another program or is not allowed."""

    GONE = "gone"
    REFUSED = "refused"
    BROKEN = "broken"
    MISSING = "missing"


class BoardFault(Exception):
    """The one thing a driver raises: what kind of fault, and its own words on it. The board is to be opened anew."""

    def __init__(self, fault: Fault, problem: str) -> None:
        super().__init__(f"{fault}: {problem}")
        self.fault = fault
        self.problem = problem


class Kind(StrEnum):
    """What a channel carries. `CLEAR` is 64 kbit/s that nobody interprets."""

    ANALOG = "analog"
    VOICE = "voice"
    DCHANNEL = "dchannel"
    CLEAR = "clear"


class Channel(NamedTuple):
    """A channel; its place is its index in `Description.channels`.

    `span` and `timeslot` are 0 on analog lines. `law`: "A" or "mu"; what is no sound has one, too.
    """

    kind: Kind
    law: str = "A"
    span: int = 0
    timeslot: int = 0
    name: str = ""


class Span(NamedTuple):
    """An E1 port: its number on the board, and what its framer says of it."""

    number: int
    name: str = ""
    framing: str = ""


class Description(NamedTuple):
    """What was found; it holds until the board is closed. `has_volts`: whether readings tell line voltage."""

    model: str
    channels: tuple[Channel, ...]
    spans: tuple[Span, ...] = ()
    serial: str = ""
    has_volts: bool = False


class Event(StrEnum):
    """Something on one channel. The word behind says what `LineEvent.value` holds.

    RING a ring signal begins, RING_END it ends; POLARITY reversed (value "+" or "-"); HOOK "on" or "off" where the card
    itself tells; BITS four letters 0 or 1 (ABCD); PULSE a digit that was dialled by pulses; OVERRUN samples were lost.
    """

    RING = "ring"
    RING_END = "ring_end"
    POLARITY = "polarity"
    HOOK = "hook"
    BITS = "bits"
    PULSE = "pulse"
    OVERRUN = "overrun"


class LineEvent(NamedTuple):
    """An event at a place. Units: nanoseconds since the epoch."""

    place: int
    at_ns: int
    event: Event
    value: str = ""


class SpanEvent(NamedTuple):
    """What alarms a span has now, of the words los, lof, ais, rai, red, yellow, blue; none: it is well."""

    span: int
    at_ns: int
    alarms: frozenset[str]


class Frame(NamedTuple):
    """A frame of a D channel or signalling link, without flags and check sum."""

    span: int
    timeslot: int
    at_ns: int
    octets: bytes


class Reading(NamedTuple):
    """What came since the last one.

    `at_ns`: wall clock of the first sample. `lost`: samples missing before it on every channel.
    `volts`: NaN where not known, None on boards that cannot tell. `bits`: ABCD as they are now, A = 8.
    Shape: audio (channels, samples), companded by each channel's law, rows of D channels meaningless; volts and bits
    (channels,)
    """

    at_ns: int
    audio: Codes
    volts: Volts | None = None
    bits: Bits | None = None
    events: tuple[LineEvent, ...] = ()
    spans: tuple[SpanEvent, ...] = ()
    frames: tuple[Frame, ...] = ()
    lost: int = 0


class Board(Protocol):
    """An open board. All methods belong to one thread; `read` may be called in another one than the rest of a program."""

    def describe(self) -> Description:
        """What was found when it was opened."""

    def read(self, timeout_s: float) -> Reading | None:
        """The next reading, about 100 ms of sound; None when nothing came in time.

        A board whose `read` returns None for seconds is silent, which is for the caller to judge.
        Raises: BoardFault
        """

    def close(self) -> None:
        """Let go of the device; may be called twice."""

    def __enter__(self) -> Self:
        """Itself."""

    def __exit__(self, *_: object) -> None:
        """Close it."""
