r"""Listening to calls on boards while they are up: what `media.listening` promises, made of samples.

A packet of 20 ms is made for the purpose. A line that both speak on is sent for both sides, lines that are mixed as their sum.
What is paused is not sent.
Source: RFC 3550 §5.1 (the packets), RFC 3551 §6 (static payload types)
"""

import os
import socket
import struct
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from appliance.boards.calls import LineCall, Recorded
from appliance.boards.card import Card
from appliance.domain.bundle import Payload
from appliance.domain.call import Side
from appliance.media.live import Tapped
from appliance.media.pcm import SILENT_CODE, Bytes, Law, compress, expand, summed

_PACKET = 160
BURST_MS = 100
_TYPES = {"PCMU": 0, "PCMA": 8}
_SIDES = {Side.CALLER: (0,), Side.CALLEE: (1,), None: (0, 1)}
_HEAD = struct.Struct(">BHBBHII")

Find = Callable[[str], tuple[Card, LineCall] | None]
"""A call that is up, and its board."""


class _Tap(NamedTuple):
    socket: socket.socket
    sent: dict[int, int]


class Taps:
    """Who listens to what. Fed by the thread of the rounds; listeners come from the event loop's."""

    def __init__(self) -> None:
        self._taps: dict[str, list[_Tap]] = defaultdict(list)

    def add(self, call_id: str, descriptor: int) -> None:
        """A listener from now on. The stream behind `descriptor` is written to without waiting, through a duplicate."""
        own = socket.socket(fileno=os.dup(descriptor))
        own.setblocking(False)  # noqa: FBT003 - the socket's own word
        self._taps[call_id].append(_Tap(own, {}))

    def feed(self, card: Card) -> None:
        """Send what is new of the calls of a board that somebody listens to."""
        if not self._taps:
            return
        for call in list(card.calls.values()):
            for tap in list(self._taps.get(call.call_id, ())):
                lines = [line for line in call.lines if not card.is_withheld(call, line)]
                if not _send(tap, lines, is_audible=call.is_audible):
                    tap.socket.close()
                    self._drop(call.call_id, tap)

    def ended(self, call_id: str) -> None:
        """A call is over: so is the listening."""
        for tap in self._taps.pop(call_id, ()):
            tap.socket.close()

    def gone(self, card: Card) -> None:
        """A board is gone, and its calls with it."""
        for call in card.calls.values():
            self.ended(call.call_id)

    def close(self) -> None:
        """End every listening."""
        for call_id in list(self._taps):
            self.ended(call_id)

    def _drop(self, call_id: str, tap: _Tap) -> None:
        self._taps[call_id].remove(tap)
        if not self._taps[call_id]:
            del self._taps[call_id]


def _send(tap: _Tap, lines: Sequence[Recorded], *, is_audible: bool) -> bool:
    """Whether the listener is still there."""
    for side in (0, 1):
        heard = [line for line in lines if side in _SIDES[line.source.side]]
        if not heard:
            continue
        first = heard[0]
        end = first.history.end
        at = max(tap.sent.get(side, end - _PACKET * BURST_MS // 20), first.history.begin, 0)
        at -= at % _PACKET
        frames = bytearray()
        while at + _PACKET <= end:
            if is_audible:
                frames += _frame(side, heard, at)
            at += _PACKET
        tap.sent[side] = at
        try:
            tap.socket.send(frames)
        except BlockingIOError:
            continue
        except OSError:
            return False
    return True


def _frame(side: int, lines: Sequence[Recorded], at: int) -> bytes:
    """What is heard on one side: one line as it is, or the sum of several. `at` is of the first one's board."""
    first = lines[0]
    law = Law(first.source.law)
    codes = [_codes(line, line.place_of(first.anchor.ns_of(at))) for line in lines]
    if len(lines) == 1:
        sound = codes[0]
    else:
        pieces = [expand(one, Law(line.source.law)) for one, line in zip(codes, lines, strict=True)]
        sound = compress(summed(pieces), law)
    head = _HEAD.pack(
        side,
        12 + _PACKET,
        0x80,
        _TYPES[law],
        at // _PACKET & 0xFFFF,
        at & 0xFFFF_FFFF,
        first.source.number << 1 | side,
    )
    return head + sound.tobytes()


def _codes(line: Recorded, at: int) -> Bytes:
    """A packet of a line; silence for what is not there yet."""
    found = line.history.cut(line.source.place, at, at + _PACKET)
    return np.pad(found, (0, _PACKET - found.size), constant_values=SILENT_CODE[Law(line.source.law)])


def told(find: Find, call_id: str) -> Tapped | None:
    """What a listener has to know. Both laws for both sides: a call may get its sound later than its listener."""
    found = find(call_id)
    if found is None:
        return None
    _, call = found
    payloads = [
        Payload(at=call.call.started_at, side=side, payload_type=number, encoding=law, clock_hz=8000)
        for side in Side
        for law, number in _TYPES.items()
    ]
    return Tapped(payloads=payloads, burst_ms=BURST_MS)
