"""Which spans and channels there are, and how they are to be used: found and set by the kernel driver's own requests.

In place of `dahdi_cfg`, which knows no channel beyond 1024. What stands right already is not touched, and what another
program holds open is left to it.
Source: DAHDI 3.1 include/dahdi/user.h; ITU-T G.704 (timeslots), Q.703 (MTP2), Q.921 (HDLC)
"""

import errno
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from drivers.boards import dahdi_kernel as kernel
from drivers.boards.board import BoardFault, Fault
from drivers.boards.dahdi_kernel import ChannelFacts, Line, Signalling, SpanFacts, System

_A_LAW = 2
_BITS_TIMESLOT = 16
_REPEATED = 1 << 20
_NO_SUCH = (errno.EINVAL, errno.ENXIO, errno.ENODEV)


class Carries(StrEnum):
    """How the lines of an E1 port are signalled.

    `ISDN`: frames on the signalling timeslots; `SS7` likewise, repeated ones left out where the card is able to; `CAS`: bits
    beside each timeslot; `NOTHING`: every timeslot is a voice channel.
    """

    ISDN = "isdn"
    SS7 = "ss7"
    CAS = "cas"
    NOTHING = "none"


class Use(NamedTuple):
    """What an E1 port carries, and on which timeslots its signalling is."""

    carries: Carries = Carries.NOTHING
    timeslots: frozenset[int] = frozenset()


class Wish(NamedTuple):
    """What a board is to be: its spans (none: all), and how its first, second … E1 port is used, from 0 on.

    `sets_up`: no other program has done so.
    """

    spans: frozenset[int] = frozenset()
    uses: Mapping[int, Use] = MappingProxyType({})
    crc4: bool = False
    sets_up: bool = True


def find_spans(system: System, control: int) -> list[SpanFacts]:
    """Every span, by number.

    Raises: BoardFault, OSError
    """
    found: list[SpanFacts] = []
    for number in range(1, kernel.MOST_SPANS + 1):
        if found and len(found) >= found[-1].spans:
            break
        try:
            found.append(kernel.span_facts(system, control, number))
        except OSError as error:
            if error.errno not in _NO_SUCH:
                raise
    return found


def find_channels(system: System, control: int, spans: Iterable[SpanFacts]) -> list[ChannelFacts]:
    """The channels of spans, by span and place.

    Raises: BoardFault, OSError
    """
    left = {span.number: span.channels for span in spans}
    found: list[ChannelFacts] = []
    for number in range(1, kernel.MOST_CHANNELS + 1):
        if not any(left.values()):
            break
        with suppress(_Nowhere):
            one = _channel(system, control, number)
            if left.get(one.span):
                left[one.span] -= 1
                found.append(one)
    return sorted(found, key=lambda one: (one.span, one.position))


class _Nowhere(Exception):
    """There is no such channel."""


def _channel(system: System, control: int, number: int) -> ChannelFacts:
    try:
        return kernel.channel_facts(system, control, number)
    except OSError as error:
        if error.errno in _NO_SUCH:
            raise _Nowhere from error
        raise


def chosen(system: System, control: int, wish: Wish) -> tuple[list[SpanFacts], list[ChannelFacts]]:
    """The spans and channels of a board, set up.

    Raises: BoardFault when a span is not there, when another program uses it; OSError
    """
    there = find_spans(system, control)
    spans = [span for span in there if not wish.spans or span.number in wish.spans]
    missing = wish.spans - {span.number for span in spans}
    if missing or not spans:
        told = ", ".join(str(number) for number in sorted(missing)) or "any"
        raise BoardFault(Fault.MISSING, f"there is no span {told}")
    channels = find_channels(system, control, spans)
    if wish.sets_up:
        _set_up(system, control, wish, spans, channels)
        spans = [kernel.span_facts(system, control, span.number) for span in spans]
        channels = find_channels(system, control, spans)
    usable = [one for one in channels if one.used_as is not Signalling.NONE]
    return spans, usable


def _set_up(
    system: System, control: int, wish: Wish, spans: Sequence[SpanFacts], channels: Sequence[ChannelFacts]
) -> None:
    clocks: dict[str, int] = {}
    digital = [span for span in spans if span.is_digital]
    uses = {span.number: wish.uses.get(place, Use()) for place, span in enumerate(digital)}
    for span in digital:
        clock = clocks[span.location] = clocks.get(span.location, 0) + 1
        framing = _framing(uses[span.number], crc4=wish.crc4)
        if span.framing != framing:
            kernel.frame_span(system, control, span.number, framing, clock)
    for channel in channels:
        use = uses.get(channel.span)
        wanted = _line_use(channel) if use is None else _timeslot_use(use, channel)
        _use(system, control, channel, wanted, 0 if use is None else _A_LAW)
    for span in spans:
        kernel.number(system, control, kernel.STARTUP, span.number)


def _framing(use: Use, *, crc4: bool) -> Line:
    framing = Line.HDB3
    if use.carries is not Carries.CAS:
        framing |= Line.CCS
    return framing | Line.CRC4 if crc4 else framing


def _line_use(channel: ChannelFacts) -> Signalling:
    """What the port of a line should be; nothing in an empty socket."""
    ports = (Signalling.EXCHANGE, Signalling.TELEPHONE)
    return next((use for use in ports if channel.able & use == use), Signalling.NONE)


def _timeslot_use(use: Use, channel: ChannelFacts) -> Signalling:
    """What a timeslot should be; nothing where there are only bits."""
    if use.carries is Carries.CAS:
        return Signalling.NONE if channel.position == _BITS_TIMESLOT else Signalling.CAS
    if use.carries is Carries.NOTHING or channel.position not in use.timeslots:
        return Signalling.CLEAR
    leaves_out = use.carries is Carries.SS7 and channel.able & _REPEATED
    return Signalling.MTP2 if leaves_out else Signalling.HDLC


def _use(system: System, control: int, channel: ChannelFacts, use: Signalling, law: int) -> None:
    """Have a channel used so.

    Raises: BoardFault when another program has it; OSError
    """
    if channel.used_as == use and (not law or channel.law == "A"):
        return
    if channel.used_as:
        system.close(open_channel(system, channel.number))  # whoever has it keeps it as it is
    kernel.use_channel(system, control, channel.number, use, law)


def open_channel(system: System, number: int) -> int:
    """A channel of one's own.

    Raises: BoardFault when another program has it; OSError
    """
    fd = system.open(kernel.CHANNEL)
    try:
        kernel.number(system, fd, kernel.SPECIFY, number)
    except OSError as error:
        system.close(fd)
        raise kernel.fault_of(error, f"channel {number}") from error
    return fd
