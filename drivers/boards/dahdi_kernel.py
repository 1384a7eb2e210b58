"""What the kernel driver of telephony cards is asked and what it answers: requests, structures, the system calls.

The numbers are those of the driver's interface, written down anew; nothing of its headers is here. All strings come from
cards and other programs and are read as such.
Source: DAHDI 3.1 include/dahdi/user.h and wctdm_user.h; ioctl(2), asm-generic/ioctl.h
"""

import ctypes
import errno
import fcntl
import os
import select
import struct
import time
from collections.abc import Sequence
from enum import IntEnum, IntFlag
from typing import NamedTuple, Protocol

from drivers.boards.board import BoardFault, Fault

CONTROL = "/dev/dahdi/ctl"
CHANNEL = "/dev/dahdi/channel"
EVENT_WAITS = 500
"""What read(2) answers while an event is queued."""
MOST_SPANS = 512
MOST_CHANNELS = 8192

_MAGIC = 0xDA
_GONE = (errno.ENODEV, errno.ENXIO)
_REFUSED = (errno.EBUSY, errno.EACCES, errno.EPERM)


_calls = ctypes.PyDLL(None, use_errno=True)
_read, _ioctl = _calls.read, _calls.ioctl
_read.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
_read.restype = ctypes.c_ssize_t
_ioctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)


def _request(direction: int, number: int, size: int) -> int:
    return direction << 30 | size << 16 | _MAGIC << 8 | number


_INT = struct.Struct("=i")
_PARAMETERS = struct.Struct("=12i40s11iI")
_SPAN = struct.Struct("=i20s40s7i5I7i40s40s40s40s2i6s")
_BUFFERS = struct.Struct("=6i")
_LINE = struct.Struct("=i20s3i")
_SIGNALLING = struct.Struct("=i40s4i16s")
_VOLTAGES = struct.Struct("=3i")

_OUT, _IN, _BOTH = 1, 2, 3
FLUSH = _request(_OUT, 3, _INT.size)
PARAMETERS = _request(_BOTH, 5, _PARAMETERS.size)
EVENT = _request(_IN, 8, _INT.size)
SPAN = _request(_BOTH, 10, _SPAN.size)
SPAN_CONFIGURATION = _request(_OUT, 18, _LINE.size)
CHANNEL_CONFIGURATION = _request(_OUT, 19, _SIGNALLING.size)
BUFFERS = _request(_OUT, 27, _BUFFERS.size)
SPECIFY = _request(_OUT, 38, _INT.size)
BITS = _request(_IN, 43, _INT.size)
VOLTAGES = _request(_IN, 60, _VOLTAGES.size)
STARTUP = _request(_OUT, 99, _INT.size)
BUFFER_EVENTS = _request(_OUT, 105, _INT.size)

_SLOW = frozenset((SPAN_CONFIGURATION, CHANNEL_CONFIGURATION, SPECIFY, STARTUP))
FLUSH_READ = 1


class Signalling(IntFlag):
    """How a channel is used: what a driver calls its signalling, in bits that are also what a channel is able to."""

    NONE = 0
    FROM_EXCHANGE = 1 << 13
    FROM_TELEPHONE = 1 << 12
    EXCHANGE = 1 << 2 | FROM_EXCHANGE
    """The port of an analog line: it sees what an exchange does (kewlstart)."""
    TELEPHONE = 1 << 5 | FROM_TELEPHONE
    """The port of a telephone."""
    CLEAR = 1 << 7
    HDLC = 1 << 9 | 1 << 8 | CLEAR
    MTP2 = 1 << 20 | HDLC
    """HDLC of which a frame that repeats the one before is left out."""
    CAS = 1 << 15


class Line(IntFlag):
    """How an E1 port frames and codes."""

    AMI = 1 << 6
    CCS = 1 << 8
    HDB3 = 1 << 9
    CRC4 = 1 << 10


class Happened(IntEnum):
    """Events of a channel that say something here."""

    NONE = 0
    ON_HOOK = 1
    RING_OR_OFF_HOOK = 2
    ALARM = 4
    NO_ALARM = 5
    BITS = 13
    POLARITY = 17
    RING_BEGINS = 18
    REMOVED = 20
    OVERRUN = 29


PULSED_DIGIT = 1 << 16

_ALARMS = {
    1 << 2: "yellow",
    1 << 3: "red",
    1 << 4: "blue",
    1 << 5: "los",
    1 << 8: "los",
    1 << 9: "lof",
}
_A_LAW = 2


class SpanFacts(NamedTuple):
    """A port, or all lines of an analog card. `able`: what framing it knows; 0 on analog ones."""

    number: int
    name: str
    description: str
    alarms: frozenset[str]
    channels: int
    spans: int
    framing: Line
    able: Line
    device: str
    location: str

    @property
    def is_digital(self) -> bool:
        """Whether it has timeslots."""
        return self.able != 0


class ChannelFacts(NamedTuple):
    """A channel: its number in the machine, and its place on its span, 1 and up."""

    number: int
    span: int
    position: int
    used_as: Signalling
    able: Signalling
    law: str
    name: str


class Waiter(Protocol):
    """What of select.epoll is used."""

    def register(self, fd: int, eventmask: int) -> None:
        """Wait for this one, too."""

    def poll(self, timeout: float | None = None, maxevents: int = -1) -> Sequence[tuple[int, int]]:
        """Those that have something, and what."""

    def close(self) -> None:
        """Let go."""


class System:
    """The system calls, as the kernel has them. Raises: OSError from each."""

    def open(self, path: str) -> int:
        """Open for reading, without waiting."""
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def close(self, fd: int) -> None:
        """Close it."""
        os.close(fd)

    def ioctl(self, fd: int, request: int, argument: bytearray) -> None:
        """Ask; the answer stands in `argument`. What a card may take its time for gives up the interpreter's lock."""
        if request in _SLOW:
            fcntl.ioctl(fd, request, argument, True)  # noqa: FBT003 - the call knows it by place only
        else:
            _told(_ioctl(fd, request, ctypes.addressof(ctypes.c_char.from_buffer(argument))))

    def read(self, fd: int, into: memoryview) -> int:
        """One block or frame; how many octets it has.

        Without giving up the interpreter's lock: it never waits, and behind a busy thread each of hundreds of reads a
        block would wait for its turn.
        """
        return _told(_read(fd, ctypes.addressof(ctypes.c_char.from_buffer(into)), len(into)))

    def waiter(self) -> Waiter:
        """What waits for many of them."""
        return select.epoll()

    def mono_ns(self) -> int:
        """The clock that is never set."""
        return time.monotonic_ns()

    def wall_ns(self) -> int:
        """Nanoseconds since the epoch."""
        return time.time_ns()


def _told(result: int) -> int:
    """What a system call answered.

    Raises: OSError
    """
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def fault_of(error: OSError, what: str) -> BoardFault:
    """What a failed system call says of the board."""
    if error.errno in _GONE:
        fault = Fault.GONE
    elif error.errno in _REFUSED:
        fault = Fault.REFUSED
    elif error.errno == errno.ENOENT:
        fault = Fault.MISSING
    else:
        fault = Fault.BROKEN
    return BoardFault(fault, f"{what}: {error.strerror or error}")


def number(system: System, fd: int, request: int, value: int = 0) -> int:
    """A request with one number, and the number it gives back.

    Raises: OSError
    """
    argument = bytearray(_INT.pack(value))
    system.ioctl(fd, request, argument)
    return int(_INT.unpack(argument)[0])


def span_facts(system: System, control: int, at: int) -> SpanFacts:
    """A span by its number.

    Raises: OSError, EINVAL where there is none; BoardFault when the answer is none
    """
    return read_span(_asked(system, control, SPAN, _SPAN.size, at))


def read_span(content: bytes | bytearray) -> SpanFacts:
    """A span as the kernel tells it.

    Raises: BoardFault
    """
    if len(content) != _SPAN.size:
        raise BoardFault(Fault.BROKEN, f"a span of {len(content)} octets")
    words = _SPAN.unpack(content)
    found, name, description, alarms = words[:4]
    channels, spans, framing = words[18], words[19], words[21]
    location, maker, device, able = words[23], words[24], words[25], words[27]
    if not (0 < found <= MOST_SPANS and 0 <= channels <= MOST_CHANNELS and 0 < spans <= MOST_SPANS):
        raise BoardFault(Fault.BROKEN, f"span {found} of {spans} with {channels} channels")
    return SpanFacts(
        found,
        _text(name),
        _text(description),
        frozenset(word for bit, word in _ALARMS.items() if alarms & bit),
        channels,
        spans,
        Line(framing & 0x7FF),
        Line(able & 0x7FF),
        " ".join(word for word in (_text(maker), _text(device)) if word),
        _text(location),
    )


def channel_facts(system: System, control: int, at: int) -> ChannelFacts:
    """A channel by its number.

    Raises: OSError, EINVAL where there is none; BoardFault when the answer is none
    """
    return read_channel(_asked(system, control, PARAMETERS, _PARAMETERS.size, at))


def read_channel(content: bytes | bytearray) -> ChannelFacts:
    """A channel as the kernel tells it.

    Raises: BoardFault
    """
    if len(content) != _PARAMETERS.size:
        raise BoardFault(Fault.BROKEN, f"a channel of {len(content)} octets")
    words = _PARAMETERS.unpack(content)
    found, span, position, used_as, able = words[:5]
    if not (0 < found <= MOST_CHANNELS and 0 <= span <= MOST_SPANS and 0 <= position <= MOST_CHANNELS):
        raise BoardFault(Fault.BROKEN, f"channel {found} at {position} of span {span}")
    law = "A" if words[10] == _A_LAW else "mu"
    known = (1 << 31) - 1
    return ChannelFacts(
        found, span, position, Signalling(used_as & known), Signalling(able & known), law, _text(words[12])
    )


def frame_span(system: System, control: int, span: int, framing: Line, clock: int) -> None:
    """Set a port's framing; `clock`: the how-manieth source of the card's clock it is, 0 for none.

    Raises: OSError
    """
    system.ioctl(control, SPAN_CONFIGURATION, bytearray(_LINE.pack(span, b"", 0, framing, clock)))


def use_channel(system: System, control: int, at: int, used_as: Signalling, law: int) -> None:
    """Set what a channel is used as. `law`: 0 as its card has it, 2 A-law.

    Raises: OSError, EINVAL when it is not able to
    """
    idle = 0b1101 if used_as is Signalling.CAS else 0
    system.ioctl(
        control, CHANNEL_CONFIGURATION, bytearray(_SIGNALLING.pack(at, b"", used_as, law, 0, idle, b""))
    )


def set_buffers(system: System, fd: int, count: int, size: int) -> None:
    """How much the kernel keeps for a channel, in blocks and octets.

    Raises: OSError
    """
    system.ioctl(fd, BUFFERS, bytearray(_BUFFERS.pack(0, 0, count, size, 0, 0)))


def line_volts(system: System, fd: int) -> float:
    """The voltage of an analog line now.

    Raises: OSError where the card cannot tell
    """
    argument = bytearray(_VOLTAGES.size)
    system.ioctl(fd, VOLTAGES, argument)
    return int(_VOLTAGES.unpack(argument)[2]) / 1000


def _asked(system: System, control: int, request: int, size: int, at: int) -> bytearray:
    """What is told of the thing with this number, which the request begins with."""
    argument = bytearray(size)
    _INT.pack_into(argument, 0, at)
    system.ioctl(control, request, argument)
    return argument


def _text(content: bytes) -> str:
    words = content.partition(b"\0")[0].decode("utf-8", "replace")
    return "".join(letter for letter in words if letter.isprintable()).strip()
