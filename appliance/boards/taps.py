r"""Listening to calls on boards while they are up, as `capture.listening` does it for the mirror's: one protocol, one page.

A Unix stream at `Layout.listen_lines_socket`: `<call_id>\n` in, `ok {…}\n` (a `media.live.Tapped`) or `gone\n` out, then frames:
side u8 (0 = caller, 1 = callee), length u16 big endian, an RTP packet of 20 ms that is made for the purpose. A line that
both speak on is sent for both sides. What is paused is not sent. A slow reader loses packets, never the boards their time.
Source: RFC 3550 §5.1 (the packets), RFC 3551 §6 (static payload types), unix(7)
"""

import asyncio
import contextlib
import os
import re
import socket
import struct
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from appliance.boards.calls import LineCall, Recorded
from appliance.boards.card import Card
from appliance.core import log
from appliance.domain.bundle import Payload
from appliance.domain.call import Side
from appliance.media.live import Tapped

_logger = log.get(__name__)

_PATIENCE_S = 5.0
_CALL_ID = re.compile(r"[0-9a-z]{1,40}")
_PACKET = 160
BURST_MS = 100
_TYPES = {"PCMU": 0, "PCMA": 8}
_SIDES = {Side.CALLER: (0,), Side.CALLEE: (1,), None: (0, 1)}
_HEAD = struct.Struct(">BHBBHII")

Find = Callable[[str], "tuple[Card, LineCall] | None"]


class _Tap(NamedTuple):
    socket: socket.socket
    sent: dict[str, int]


class Taps:
    """Who listens to what. Fed by the thread of the rounds; listeners come from the event loop's."""

    def __init__(self) -> None:
        self._taps: dict[str, list[_Tap]] = defaultdict(list)

    def add(self, call_id: str, descriptor: socket.socket) -> None:
        """A listener from now on; the socket is ours from here on and does not block."""
        self._taps[call_id].append(_Tap(descriptor, {}))

    def feed(self, card: Card) -> None:
        """Send what is new of the calls of a board that somebody listens to."""
        if not self._taps:
            return
        for call in list(card.calls.values()):
            for tap in list(self._taps.get(call.call_id, ())):
                if not _send(tap, call):
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


def _send(tap: _Tap, call: LineCall) -> bool:
    """Whether the listener is still there."""
    for line in call.lines:
        end = line.history.end
        at = max(tap.sent.get(line.file, end - _PACKET * BURST_MS // 20), line.history.begin, 0)
        at -= at % _PACKET
        frames = bytearray()
        while at + _PACKET <= end:
            if call.is_audible:
                frames += _frames(line, at)
            at += _PACKET
        tap.sent[line.file] = at
        try:
            tap.socket.send(frames)
        except BlockingIOError:
            continue
        except OSError:
            return False
    return True


def _frames(line: Recorded, at: int) -> bytes:
    codes = line.history.cut(line.source.place, at, at + _PACKET).tobytes()
    found = b""
    for side in _SIDES[line.source.side]:
        head = _HEAD.pack(
            side,
            12 + len(codes),
            0x80,
            _TYPES[line.source.law],
            at // _PACKET & 0xFFFF,
            at & 0xFFFF_FFFF,
            line.source.number << 1 | side,
        )
        found += head + codes
    return found


class ListeningPost:
    """Serves listeners between `async with` and its end."""

    def __init__(self, path: Path, find: Find, taps: Taps) -> None:
        self._path = path
        self._find = find
        self._taps = taps
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Open the socket, in place of one that a killed program left."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=256)
        self._path.chmod(0o660)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the door and end what is heard."""
        if self._server is not None:
            self._server.close()
        self._taps.close()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._answer(await reader.readuntil(b"\n"), writer)
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError) as error:
            _logger.info("a listener was turned away", extra={"problem": type(error).__name__})
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        call_id = line.decode("ascii", "replace").strip()
        found = self._find(call_id) if _CALL_ID.fullmatch(call_id) else None
        if found is None:
            writer.write(b"gone\n")
            await writer.drain()
            return
        _, call = found
        told = Tapped(payloads=_payloads(call), burst_ms=BURST_MS)
        writer.write(b"ok " + msgspec.json.encode(told) + b"\n")
        await writer.drain()
        own = socket.socket(fileno=os.dup(writer.get_extra_info("socket").fileno()))
        own.setblocking(False)  # noqa: FBT003 - the socket's own word
        self._taps.add(call_id, own)


def _payloads(call: LineCall) -> list[Payload]:
    """Both laws for both sides: a call may get its sound later than its listener."""
    return [
        Payload(at=call.call.started_at, side=side, payload_type=number, encoding=law, clock_hz=8000)
        for side in Side
        for law, number in _TYPES.items()
    ]
