"""Cards of analog lines and E1 ports through the kernel driver DAHDI: its channels opened, read only, all of them in step.

Nothing is ever written to a channel and no line is seized: an analog port on hook passes what is on the line, an E1 port
hears one direction. One board is one clock: the ports of one card, or of cards that are synchronised.
Source: DAHDI 3.1 include/dahdi/user.h, drivers/dahdi/dahdi-base.c (buffers, events); epoll(7), edge-triggered
"""

import errno
import select
from contextlib import suppress
from typing import Self

import numpy as np

from drivers.boards import dahdi_kernel as kernel
from drivers.boards.board import (
    RATE_HZ,
    Bits,
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
    Volts,
)
from drivers.boards.dahdi_kernel import ChannelFacts, Happened, Line, Signalling, SpanFacts, System
from drivers.boards.dahdi_setup import Wish, chosen, open_channel
from drivers.boards.g711 import SILENT
from drivers.boards.pace import Pace

BLOCK = RATE_HZ // 10
_BLOCKS = 32
"""What the kernel keeps for us: 3.2 s, of 4 s at most."""
_FRAME_OCTETS = 1024
_FRAMES = 32
_CHECK_OCTETS = 2
_WAITED_NS = 5_000_000
_STANDS_STILL_NS = 500_000_000
_LOOK_NS = 1_000_000_000
_ALL_AGAIN = 64
_MOST_AT_ONCE = 4096
_MOST_EVENTS = 1000
"""Of one channel at a time; the kernel keeps 64."""
_BITS = 0xF
"""Some drivers leave the bits of the neighbour above them."""
_TOLD: dict[int, tuple[Event, str]] = {
    Happened.RING_BEGINS: (Event.RING, ""),
    Happened.ON_HOOK: (Event.HOOK, "on"),
}
_WAKE = select.EPOLLIN | select.EPOLLPRI | select.EPOLLET
_BROKEN_OFF = select.EPOLLERR | select.EPOLLHUP


class DahdiBoard:
    """The channels of some spans.

    Raises: BoardFault when they are not there, not ours, or not to be understood
    """

    def __init__(self, wish: Wish, system: System | None = None) -> None:
        self._system = system or System()
        self._control = -1
        self._fds: list[int] = []
        try:
            self._waiter = self._system.waiter()
        except OSError as error:
            raise kernel.fault_of(error, "DAHDI") from error
        try:
            self._control = self._system.open(kernel.CONTROL)
            self._spans, self._channels = chosen(self._system, self._control, wish)
            self._kinds = [_kind(one, self._spans) for one in self._channels]
            self._sounds = frozenset(
                place for place, kind in enumerate(self._kinds) if kind is not Kind.DCHANNEL
            )
            self._open()
        except OSError as error:
            self.close()
            raise kernel.fault_of(error, "DAHDI") from error
        except BoardFault:
            self.close()
            raise

    def describe(self) -> Description:
        """The spans by their numbers in the machine, the channels in their order."""
        first = self._spans[0]
        digital = {span.number for span in self._spans if span.is_digital}
        return Description(
            model=first.device or first.description or "DAHDI",
            channels=tuple(
                Channel(
                    kind,
                    one.law,
                    one.span if one.span in digital else 0,
                    one.position if one.span in digital else 0,
                    one.name,
                )
                for kind, one in zip(self._kinds, self._channels, strict=True)
            ),
            spans=tuple(
                Span(span.number, span.description or span.name, _framing(span.framing))
                for span in self._spans
                if span.is_digital
            ),
            serial=first.location,
            has_volts=bool(self._metered),
        )

    def read(self, timeout_s: float) -> Reading | None:
        """The next 100 ms of all channels; a channel that stands still while others go on is silent.

        Raises: BoardFault
        """
        if not self._fds:
            raise BoardFault(Fault.GONE, "closed")
        deadline_ns = self._system.mono_ns() + int(timeout_s * 1e9)
        try:
            while True:
                self._fetch()
                if not self._wanted or self._is_late():
                    return self._reading()
                left_ns = deadline_ns - self._system.mono_ns()
                if left_ns <= 0:
                    return None
                self._wait(left_ns / 1e9)
        except OSError as error:
            raise kernel.fault_of(error, "DAHDI") from error

    def close(self) -> None:
        """Let go of every channel."""
        fds, self._fds = [*self._fds, self._control], []
        self._control = -1
        for fd in fds:
            if fd >= 0:
                with suppress(OSError):
                    self._system.close(fd)
        self._waiter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> None:
        if not self._sounds:
            raise BoardFault(Fault.MISSING, "no channel that could be heard")
        system = self._system
        for place, channel in enumerate(self._channels):
            fd = open_channel(system, channel.number)
            self._fds.append(fd)
            is_sound = place in self._sounds
            kernel.set_buffers(system, fd, *((_BLOCKS, BLOCK) if is_sound else (_FRAMES, _FRAME_OCTETS)))
            kernel.number(system, fd, kernel.BUFFER_EVENTS, 1)
        self._places = {fd: place for place, fd in enumerate(self._fds)}
        # Whoever opened it decides what its law is: told only now.
        self._channels = [
            kernel.channel_facts(system, self._control, channel.number) for channel in self._channels
        ]
        self._silence: Codes = np.array([[SILENT[channel.law]] for channel in self._channels], np.uint8)
        self._positive = [True] * len(self._fds)
        self._bits: Bits = np.zeros(len(self._fds), np.uint8)
        self._signalled = [place for place, one in enumerate(self._channels) if one.used_as is Signalling.CAS]
        for place in self._signalled:
            self._bits[place] = kernel.number(system, self._fds[place], kernel.BITS) & _BITS
        self._metered = [place for place in self._ports_of_lines() if self._tells_volts(place)]
        self._alarms: dict[int, frozenset[str]] = {}
        self._look_at_ns = 0
        self._events: list[LineEvent] = []
        self._changes: list[SpanEvent] = []
        self._frames: list[Frame] = []
        self._frame = memoryview(bytearray(_FRAME_OCTETS))
        self._pace = Pace(BLOCK)
        self._rounds = 0
        self._standing: set[int] = set()
        self._is_behind = self._has_waited = False
        self._kept_rounds: int | None = None
        """After an overrun: so many rounds more are of what the kernel kept from before it."""
        for fd in self._fds:
            self._waiter.register(fd, _WAKE)
        self._restart()

    def _ports_of_lines(self) -> list[int]:
        return [place for place, one in enumerate(self._channels) if one.used_as & Signalling.FROM_EXCHANGE]

    def _tells_volts(self, place: int) -> bool:
        try:
            kernel.line_volts(self._system, self._fds[place])
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise
            return False
        return True

    def _restart(self) -> None:
        """All channels anew from the same moment."""
        for place in self._sounds:
            kernel.number(self._system, self._fds[place], kernel.FLUSH, kernel.FLUSH_READ)
        self._ready: set[int] = set(range(len(self._fds))) - self._standing
        self._begin_round()

    def _begin_round(self) -> None:
        self._audio: Codes = np.empty((len(self._fds), BLOCK), np.uint8)
        self._rows = self._audio.reshape(-1).data
        self._wanted = set(self._sounds - self._standing)
        self._first_ns = 0
        self._rounds += 1

    def _fetch(self) -> None:
        """Read what is ready and still wanted."""
        probing = self._is_behind or self._rounds % _ALL_AGAIN == 0
        for place in [place for place in self._ready if place not in self._sounds]:
            self._ready.discard(place)
            self._take_frames(place)
        for place in sorted(self._ready & self._standing):
            self._standing.discard(place)
            self._ready.discard(place)
            kernel.number(self._system, self._fds[place], kernel.FLUSH, kernel.FLUSH_READ)
        for place in sorted(self._ready & self._wanted):
            if not self._read(place, self._rows[place * BLOCK : (place + 1) * BLOCK]):
                self._ready.discard(place)
                if self._kept_rounds is not None:
                    self._begin_anew()
                    return
                continue
            if not probing:
                self._ready.discard(place)
            self._wanted.discard(place)
            if not self._first_ns:
                self._first_ns = self._system.mono_ns()

    def _read(self, place: int, into: memoryview) -> int:
        """A block or a frame; 0 when there is none.

        Raises: BoardFault, OSError
        """
        for _ in range(_MOST_EVENTS):
            try:
                count = self._system.read(self._fds[place], into)
            except BlockingIOError:
                return 0
            except OSError as error:
                if error.errno != kernel.EVENT_WAITS:
                    raise
                self._drain(place)
                continue
            if not 0 < count <= len(into) or (place in self._sounds and count != BLOCK):
                raise BoardFault(Fault.BROKEN, f"{count} octets of channel {self._channels[place].number}")
            return count
        raise BoardFault(Fault.BROKEN, f"events of channel {self._channels[place].number} have no end")

    def _take_frames(self, place: int) -> None:
        channel = self._channels[place]
        for _ in range(_MOST_AT_ONCE):
            count = self._read(place, self._frame)
            if not count:
                return
            if count > _CHECK_OCTETS:
                octets = bytes(self._frame[: count - _CHECK_OCTETS])
                self._frames.append(Frame(channel.span, channel.position, self._system.wall_ns(), octets))
        self._ready.add(place)

    def _wait(self, timeout_s: float) -> None:
        """Until something is there; in short turns while some channels wait for others."""
        if self._first_ns:
            timeout_s = min(timeout_s, _STANDS_STILL_NS / 2e9)
        began_ns = self._system.mono_ns()
        for fd, mask in self._waiter.poll(timeout_s, _MOST_AT_ONCE):
            place = self._places.get(fd)
            if place is None or mask & _BROKEN_OFF:
                raise BoardFault(Fault.GONE, "the card was taken out")
            if mask & select.EPOLLPRI:
                self._drain(place)
            if mask & select.EPOLLIN:
                self._ready.add(place)
        if self._system.mono_ns() - began_ns > _WAITED_NS:
            self._has_waited = True

    def _is_late(self) -> bool:
        """Whether some channels have waited long enough for others, which then stand still."""
        if not self._first_ns or self._system.mono_ns() - self._first_ns < _STANDS_STILL_NS:
            return False
        # It may be us who stood still: what lies ready by now is no channel's fault.
        self._ready |= self._wanted
        self._fetch()
        if not self._first_ns:
            return False
        now_ns = self._system.wall_ns()
        for place in self._wanted:
            self._audio[place] = self._silence[place]
            self._events.append(LineEvent(place, now_ns, Event.OVERRUN))
        self._standing |= self._wanted
        self._wanted.clear()
        return True

    def _reading(self) -> Reading:
        now_ns = self._system.mono_ns()
        at_ns, lost = self._pace.take(now_ns, has_waited=self._has_waited)
        self._has_waited = False
        self._is_behind = self._pace.is_behind(now_ns)
        if self._is_behind:  # more may lie ready that nobody is woken for again
            self._ready |= self._sounds - self._standing
        for place in (*(self._standing), *(set(range(len(self._fds))) - self._sounds)):
            self._audio[place] = self._silence[place]
        if now_ns >= self._look_at_ns:
            self._look_at_ns = now_ns + _LOOK_NS
            self._look()
        events, self._events = self._events, []
        changes, self._changes = self._changes, []
        frames, self._frames = self._frames, []
        found = Reading(
            at_ns=at_ns + self._system.wall_ns() - now_ns,
            audio=self._audio,
            volts=self._volts() if self._metered else None,
            bits=self._bits.copy() if self._signalled else None,
            events=tuple(events),
            spans=tuple(changes),
            frames=tuple(frames),
            lost=lost,
        )
        if self._kept_rounds is not None:
            self._kept_rounds -= 1
        if self._kept_rounds == 0:
            self._begin_anew()
        else:
            self._begin_round()
        return found

    def _begin_anew(self) -> None:
        """What comes from now on is from after the gap."""
        self._kept_rounds, self._is_behind = None, False
        self._pace.has_gap = True
        self._restart()

    def _look(self) -> None:
        """What alarms the ports have."""
        for span in self._spans:
            try:
                alarms = kernel.span_facts(self._system, self._control, span.number).alarms
            except OSError as error:
                raise BoardFault(Fault.GONE, f"span {span.number}: {error.strerror}") from error
            if span.is_digital and alarms != self._alarms.get(span.number, frozenset()):
                self._alarms[span.number] = alarms
                self._changes.append(SpanEvent(span.number, self._system.wall_ns(), alarms))

    def _volts(self) -> Volts:
        volts = np.full(len(self._fds), np.nan, np.float32)
        for place in self._metered:
            try:
                volts[place] = kernel.line_volts(self._system, self._fds[place])
            except OSError as error:
                if error.errno == errno.ENODEV:
                    raise
        return volts

    def _drain(self, place: int) -> None:
        """Take every event of a channel."""
        for _ in range(_MOST_EVENTS):
            word = kernel.number(self._system, self._fds[place], kernel.EVENT)
            if word == Happened.NONE:
                return
            self._happened(place, word)
        raise BoardFault(Fault.BROKEN, f"events of channel {self._channels[place].number} have no end")

    def _happened(self, place: int, word: int) -> None:
        told = _TOLD.get(word)
        if told is not None:
            self._tell(place, *told)
        elif word == Happened.REMOVED:
            raise BoardFault(Fault.GONE, "the card was taken out")
        elif word in (Happened.ALARM, Happened.NO_ALARM):
            self._look_at_ns = 0
        elif word == Happened.BITS:
            self._bits_changed(place)
        elif word == Happened.OVERRUN:
            self._was_overrun(place)
        elif word == Happened.POLARITY:
            self._positive[place] = not self._positive[place]
            self._tell(place, Event.POLARITY, "+" if self._positive[place] else "-")
        elif word == Happened.RING_OR_OFF_HOOK:
            is_line = self._channels[place].used_as & Signalling.FROM_EXCHANGE
            self._tell(place, *((Event.RING_END, "") if is_line else (Event.HOOK, "off")))
        elif word & kernel.PULSED_DIGIT and chr(word & 0x7F) in "0123456789":
            self._tell(place, Event.PULSE, chr(word & 0x7F))

    def _was_overrun(self, place: int) -> None:
        """What the kernel keeps is taken first, then all begin anew: so that they stay in step.

        It is told of one channel for all: whoever is too slow is not to be given more to do.
        """
        if place in self._sounds:
            if self._kept_rounds is not None:
                return
            self._kept_rounds, self._is_behind = _BLOCKS, True
            self._ready |= self._sounds - self._standing
        self._tell(place, Event.OVERRUN)

    def _bits_changed(self, place: int) -> None:
        """Some drivers say so for nothing."""
        bits = kernel.number(self._system, self._fds[place], kernel.BITS) & _BITS
        if bits != self._bits[place]:
            self._bits[place] = bits
            self._tell(place, Event.BITS, f"{bits:04b}")

    def _tell(self, place: int, event: Event, value: str = "") -> None:
        self._events.append(LineEvent(place, self._system.wall_ns(), event, value))


def _kind(channel: ChannelFacts, spans: list[SpanFacts]) -> Kind:
    if channel.used_as & Signalling.HDLC == Signalling.HDLC:
        return Kind.DCHANNEL
    is_digital = any(span.number == channel.span and span.is_digital for span in spans)
    return Kind.VOICE if is_digital else Kind.ANALOG


def _framing(framing: Line) -> str:
    known = ((Line.HDB3, "HDB3"), (Line.AMI, "AMI"), (Line.CCS, "CCS"), (Line.CRC4, "CRC4"))
    return "/".join(word for bit, word in known if framing & bit)
