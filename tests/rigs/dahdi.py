"""The kernel side of DAHDI at the border of its system calls, by structures of its own: spans, channels, blocks, events.

A clock that the test moves fills the blocks of every channel; what is not fetched in time is dropped and told, as the kernel does.
Source: DAHDI 3.1 include/dahdi/user.h, drivers/dahdi/dahdi-base.c (dahdi_chan_read, __putbuf_chunk, dahdi_specchan_open)
"""

import ctypes
import errno
import os
import select
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_INT, _CHAR, _UNSIGNED = ctypes.c_int, ctypes.c_char, ctypes.c_uint32
OPEN_CHANNEL, SET_BUFFERS, BUFFER_EVENTS = 0x4004DA26, 0x4018DA1B, 0x4004DA69
GET_PARAMETERS, SPAN_STATE, GET_EVENT, GET_BITS = 0xC088DA05, 0xC13ADA0A, 0x8004DA08, 0x8004DA2B
GET_STATS, FLUSH, SPAN_CONFIG, CHANNEL_CONFIG, STARTUP = (
    0x800CDA3C,
    0x4004DA03,
    0x4024DA12,
    0x404CDA13,
    0x4004DA63,
)
CLEAR, HDLC, CAS, EXCHANGE, MTP2 = 0x80, 0x380, 0x8000, 0x2004, 0x100380
E1_ABLE, LINE_ABLE = 0x8080, 0x2007
E1_FRAMING = 0x740
SAMPLE_NS = 125_000


class Parameters(ctypes.Structure):
    """struct dahdi_params"""

    _fields_ = [
        *((name, _INT) for name in ["channel", "span", "position", "signalling", "able", "off_hook", "rx", "tx", "tx_hook", "rx_hook", "law", "idle"]),
        ("name", _CHAR * 40),
        ("timings", _INT * 11),
        ("alarms", _UNSIGNED),
    ]  # fmt: skip


class SpanState(ctypes.Structure):
    """struct dahdi_spaninfo"""

    _pack_ = 1
    _fields_ = [
        ("span", _INT), ("name", _CHAR * 20), ("description", _CHAR * 40), ("alarms", _INT), ("levels", _INT * 2),
        ("counts", _INT * 4), ("errors", _UNSIGNED * 5), ("missed", _INT), ("source", _INT), ("configured", _INT),
        ("channels", _INT), ("spans", _INT), ("lbo", _INT), ("framing", _INT), ("lbo_name", _CHAR * 40),
        ("location", _CHAR * 40), ("maker", _CHAR * 40), ("device", _CHAR * 40), ("irq", _INT), ("able", _INT),
        ("kind", _CHAR * 6),
    ]  # fmt: skip


class LineConfiguration(ctypes.Structure):
    """struct dahdi_lineconfig"""

    _fields_ = [("span", _INT), ("name", _CHAR * 20), ("lbo", _INT), ("framing", _INT), ("clock", _INT)]


class ChannelConfiguration(ctypes.Structure):
    """struct dahdi_chanconfig"""

    _fields_ = [
        ("channel", _INT), ("name", _CHAR * 40), ("signalling", _INT), ("law", _INT), ("master", _INT), ("idle", _INT),
        ("network", _CHAR * 16),
    ]  # fmt: skip


@dataclass
class FakeChannel:
    """A channel. `sounds` gives the octets from a sample on; a D channel's frames are put into `blocks` by the test."""

    number: int
    span: int
    position: int
    able: int
    signalling: int = 0
    law: int = 1
    bits: int = 0
    volts: int | None = None
    owner: int | None = None
    is_owned_elsewhere: bool = False
    stands_still: bool = False
    size: int = 0
    count: int = 0
    partial: bytearray = field(default_factory=bytearray)
    blocks: deque[bytes] = field(default_factory=deque)
    events: deque[int] = field(default_factory=deque)
    is_dropping: bool = False
    dropped: int = 0
    woken: bool = False


@dataclass
class FakeSpan:
    """A span of so many channels."""

    number: int
    channels: int
    able: int = 0
    framing: int = 0
    alarms: int = 0
    is_started: bool = False
    clock: int = 0


class FakeKernel:
    """What the driver takes for the machine; time stands still but for `run`, and while the driver waits."""

    def __init__(self, sounds: Callable[[int, int, int], bytes]) -> None:
        """`sounds`: the octets of a channel (number) from a sample on, so many."""
        self.sounds = sounds
        self.spans: dict[int, FakeSpan] = {}
        self.channels: dict[int, FakeChannel] = {}
        self.samples = 0
        self.now_ns = 1_000_000_000
        self.is_gone = False
        self.lies: dict[int, Callable[[bytearray], None]] = {}
        """What is done to the answer of a request."""
        self.read_lie: Callable[[int], int] | None = None
        self.reads = 0
        self.agenda: list[tuple[int, Callable[[], None]]] = []
        """What happens at a sample."""
        self._fds: dict[int, FakeChannel | None] = {}
        self._next = 100

    def add(self, channels: int, able: int, *, framing_able: int = 0) -> FakeSpan:
        """One more span, its channels numbered on."""
        span = FakeSpan(len(self.spans) + 1, channels, framing_able)
        self.spans[span.number] = span
        for position in range(1, channels + 1):
            number = len(self.channels) + 1
            self.channels[number] = FakeChannel(number, span.number, position, able)
        return span

    def run(self, samples: int) -> None:
        """Let time pass, eight samples at a time."""
        for _ in range(samples // 8):
            while self.agenda and self.agenda[0][0] <= self.samples:
                self.agenda.pop(0)[1]()
            for channel in self.channels.values():
                if channel.owner is not None and not channel.stands_still:
                    self._put(channel)
            self.samples += 8
            self.now_ns += 8 * SAMPLE_NS

    def happen(self, number: int, *events: int) -> None:
        """Queue events."""
        self.channels[number].events.extend(events)
        self.channels[number].woken = True

    def deliver(self, number: int, frame: bytes) -> None:
        """A frame of a D channel with two octets of check sum."""
        self.channels[number].blocks.append(frame + b"\xf0\xb8")
        self.channels[number].woken = True

    # The system calls.

    def open(self, path: str) -> int:
        if path not in ("/dev/dahdi/ctl", "/dev/dahdi/channel"):
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        self._next += 1
        self._fds[self._next] = None
        return self._next

    def close(self, fd: int) -> None:
        channel = self._fds.pop(fd)
        if channel is not None:
            channel.owner = None
            channel.blocks.clear()
            channel.events.clear()

    @property
    def is_all_closed(self) -> bool:
        return not self._fds

    def ioctl(self, fd: int, request: int, argument: bytearray) -> None:
        assert len(argument) == request >> 16 & 0x3FFF, hex(request)
        channel = self._fds[fd]
        if self.is_gone and channel is not None:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        acts = {
            GET_PARAMETERS: self._parameters, SPAN_STATE: self._state, SPAN_CONFIG: self._frame, STARTUP: self._start,
            CHANNEL_CONFIG: self._use,
        }  # fmt: skip
        if request == OPEN_CHANNEL:
            self._specify(fd, int.from_bytes(argument, "little"))
        elif request in acts:
            acts[request](argument)
        else:
            self._of_channel(channel, request, argument)
        if request in self.lies:
            self.lies[request](argument)

    def read(self, fd: int, into: memoryview) -> int:
        self.reads += 1
        channel = self._fds[fd]
        assert channel is not None
        if self.is_gone:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        if channel.events:
            raise OSError(500, "Unknown error 500")
        if not channel.blocks:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        block = channel.blocks.popleft()
        size = min(len(into), len(block))
        into[:size] = block[:size]
        return size if self.read_lie is None else self.read_lie(size)

    def waiter(self) -> "FakeWaiter":
        return FakeWaiter(self)

    def mono_ns(self) -> int:
        return self.now_ns

    def wall_ns(self) -> int:
        return 1_700_000_000_000_000_000 + self.now_ns

    # What they do.

    def _put(self, channel: FakeChannel) -> None:
        if channel.signalling & HDLC == HDLC:
            return
        if len(channel.blocks) >= channel.count:
            channel.dropped += 8
            if not channel.is_dropping:
                channel.is_dropping = True
                channel.events.append(29)
                channel.woken = True
            return
        channel.is_dropping = False
        channel.partial += self.sounds(channel.number, self.samples, 8)
        if len(channel.partial) >= channel.size:
            channel.blocks.append(bytes(channel.partial))
            channel.partial.clear()
            channel.woken = True

    def _specify(self, fd: int, number: int) -> None:
        channel = self.channels.get(number)
        if channel is None:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if not channel.signalling:
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
        if channel.owner is not None or channel.is_owned_elsewhere:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        channel.owner = fd
        channel.size, channel.count = 160, 4
        channel.partial.clear()
        self._fds[fd] = channel

    def _parameters(self, argument: bytearray) -> None:
        told = Parameters.from_buffer(argument)
        channel = self.channels.get(told.channel)
        if channel is None:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        told.span, told.position, told.able = channel.span, channel.position, channel.able
        told.signalling, told.law = channel.signalling, channel.law
        told.name = f"FAKE/{channel.span}/{channel.position}".encode()

    def _state(self, argument: bytearray) -> None:
        told = SpanState.from_buffer(argument)
        span = self.spans.get(told.span)
        if span is None or self.is_gone:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        told.name, told.description = b"FAKE/1", f"Fake span {span.number}".encode()
        told.maker, told.device, told.location = b"Nobody", b"Card of tests", b"PCI Bus 01 Slot 05"
        told.alarms, told.channels, told.spans = span.alarms, span.channels, len(self.spans)
        told.framing, told.able, told.kind = span.framing, span.able, b"E1" if span.able else b"FXO"

    def _frame(self, argument: bytearray) -> None:
        told = LineConfiguration.from_buffer(argument)
        span = self.spans[told.span]
        if told.framing & ~span.able:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        span.framing, span.clock = told.framing, told.clock

    def _start(self, argument: bytearray) -> None:
        self.spans[int.from_bytes(argument, "little")].is_started = True

    def _use(self, argument: bytearray) -> None:
        told = ChannelConfiguration.from_buffer(argument)
        channel = self.channels[told.channel]
        able = channel.able | (HDLC if channel.able & CLEAR else 0)
        if told.signalling & ~able:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        channel.signalling = told.signalling
        channel.law = told.law or channel.law

    def _of_channel(self, channel: FakeChannel | None, request: int, argument: bytearray) -> None:
        assert channel is not None, hex(request)
        value = int.from_bytes(argument[:4], "little")
        if request == SET_BUFFERS:
            words = [int.from_bytes(argument[at : at + 4], "little") for at in range(0, 24, 4)]
            if not (16 <= words[3] <= 8192 and words[2] <= 32 and words[2] * words[3] <= 32768):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            channel.count, channel.size = words[2], words[3]
            channel.partial.clear()
            channel.blocks.clear()
        elif request == FLUSH:
            assert value == 1
            channel.partial.clear()
            channel.blocks.clear()
        elif request == GET_EVENT:
            argument[:] = (channel.events.popleft() if channel.events else 0).to_bytes(4, "little")
        elif request == GET_BITS:
            argument[:] = (channel.bits | 0xB0).to_bytes(4, "little")
        elif request == GET_STATS:
            if channel.volts is None:
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
            argument[:] = channel.volts.to_bytes(4, "little", signed=True) * 3
        else:
            assert request == BUFFER_EVENTS, hex(request)


class FakeWaiter:
    """Edge-triggered: a channel is told once for each time it was woken. Waiting lets time pass."""

    def __init__(self, kernel: FakeKernel) -> None:
        self._kernel = kernel
        self._fds: list[int] = []

    def register(self, fd: int, eventmask: int) -> None:
        assert eventmask & select.EPOLLET
        self._fds.append(fd)

    def poll(self, timeout: float | None = None, maxevents: int = -1) -> Sequence[tuple[int, int]]:
        kernel = self._kernel
        end_ns = kernel.now_ns + int((timeout or 0) * 1e9)
        while not (found := self._found()) and kernel.now_ns < end_ns:
            kernel.run(8)
        return found[:maxevents]

    def close(self) -> None:
        self._fds.clear()

    def _found(self) -> list[tuple[int, int]]:
        found = []
        for fd in self._fds:
            channel = self._kernel._fds.get(fd)
            if self._kernel.is_gone:
                found.append((fd, select.EPOLLERR | select.EPOLLHUP | select.EPOLLPRI))
            elif channel is not None and channel.woken:
                channel.woken = False
                mask = (select.EPOLLIN if channel.blocks else 0) | (select.EPOLLPRI if channel.events else 0)
                if mask:
                    found.append((fd, mask))
        return found
