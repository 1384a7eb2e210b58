"""Listening to a call in progress: the recorder's tap, decoded, to a browser, less than a second behind.

The protocol of the tap is told in `appliance/media/listening.py`. Sound is taken by the clock, so a browser that
cannot follow misses what it was too slow for and never hears the past.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from appliance.core.errors import Busy, NotFound, Unreachable
from appliance.core.files import Layout
from appliance.domain.call import ON_BOARDS
from appliance.media.live import CHANNELS, RATE_HZ, LiveDecoder, Tapped, split_frames
from webadmin import audit
from webadmin.sockets import CALL_ENDED, NOT_LIVE, TRY_LATER, GuardedSocket
from webadmin.visitor import Visitor

_ANSWER_S = 5.0
_SEND_S = 10.0
_STEP_S = 0.04
_SEND_BUFFER_BYTES = 16 * 1024
_MAX_LINE_BYTES = 256 * 1024

_tapped = msgspec.json.Decoder(Tapped)


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """The first frame: what the binary frames hold, interleaved little-endian int16, channel 0 = caller."""

    sample_rate_hz: int = RATE_HZ
    channels: int = CHANNELS


class ListenSocket(GuardedSocket):
    """The sound of a live call: one text frame that describes it, then binary frames."""

    _call_id = ""

    async def serve(self, **path: str) -> tuple[int, str]:
        """Send sound until the call ends."""
        call_id = self._call_id = path["call_id"]
        if not self.panel.live.admitted(call_id, self.visit):
            return NOT_LIVE, "no such live call"
        try:
            self.panel.listeners.enter()
        except Busy:
            return TRY_LATER, "too many listeners"
        person = self.visit.person
        name = person.name if person else ""
        try:
            self.record(call_id=call_id)
            audit.note_of(name, self.address, "live listening began", call=call_id)
            return await self._listen(call_id)
        finally:
            self.panel.listeners.leave()
            audit.note_of(name, self.address, "live listening ended", call=call_id)

    def revisited(self, visitor: Visitor) -> None:
        """Stop when the call is none of the visitor's any more."""
        if not self.panel.live.admitted(self._call_id, visitor):
            self.close(NOT_LIVE, "no such live call")

    async def _listen(self, call_id: str) -> tuple[int, str]:
        self._bound_delay()
        decoder = LiveDecoder([])
        sender: asyncio.Task[None] | None = None
        try:
            while True:
                async with tapped(self.panel.layout, call_id, is_on_board=self._is_on_board) as (
                    told,
                    reader,
                ):
                    decoder.learn(told.payloads, told.crypto, burst_ms=told.burst_ms)
                    if sender is None:
                        await self.send(msgspec.json.encode(Opening()).decode())
                        sender = asyncio.create_task(self._send_sound(decoder))
                    if await self._follow(call_id, reader, decoder, sender):
                        return CALL_ENDED, "the call has ended"
        except NotFound:
            return (NOT_LIVE, "no such live call") if sender is None else (CALL_ENDED, "the call has ended")
        except Unreachable:
            return TRY_LATER, "the recorder does not answer"
        except TimeoutError:
            return TRY_LATER, "too slow"
        finally:
            if sender is not None:
                sender.cancel()
                await asyncio.wait({sender})

    async def _follow(
        self, call_id: str, reader: asyncio.StreamReader, decoder: LiveDecoder, sender: asyncio.Task[None]
    ) -> bool:
        """Feed the decoder; True at the end of the call, False when its codecs or keys have changed."""
        codecs = self._codecs(call_id)
        buffer = bytearray()
        while True:
            received = asyncio.create_task(reader.read(64 * 1024))
            try:
                await asyncio.wait({received, sender}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not received.done():
                    received.cancel()
            if sender.done():
                sender.result()
            chunk = received.result()
            if not chunk:
                return True
            buffer += chunk
            now_mono_s = self.panel.clock.mono_s()
            for side, packet in split_frames(buffer):
                decoder.feed(side, packet, now_mono_s)
            if codecs != self._codecs(call_id) or decoder.is_locked_out:
                return False

    async def _send_sound(self, decoder: LiveDecoder) -> None:
        while True:
            sound = decoder.take(self.panel.clock.mono_s())
            if sound:
                async with asyncio.timeout(_SEND_S):  # wait_for of this Python may swallow a cancellation
                    await self.send(sound, binary=True)
            await asyncio.sleep(_STEP_S)

    @property
    def _is_on_board(self) -> bool:
        live = self.panel.live.calls.get(self._call_id)
        return live is not None and live.call.data_type in ON_BOARDS

    def _codecs(self, call_id: str) -> dict[str, str] | None:
        live = self.panel.live.calls.get(call_id)
        return live.codecs if live else None

    def _bound_delay(self) -> None:
        """What the kernel would store for a slow browser is heard late: keep it under about a second."""
        connection = self.ws_connection
        stream = getattr(connection, "stream", None)
        if stream is not None and stream.socket is not None:
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)


@asynccontextmanager
async def tapped(
    layout: Layout, call_id: str, *, is_on_board: bool = False
) -> AsyncIterator[tuple[Tapped, asyncio.StreamReader]]:
    """What is to know of a live call and the stream of its packets.

    Raises: NotFound when no such call is up, Unreachable when the recorder does not answer
    """
    path = layout.listen_lines_socket if is_on_board else layout.listen_socket
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=_MAX_LINE_BYTES)
    except OSError as error:
        raise Unreachable(peer="recorder", during="connect") from error
    try:
        yield await _greet(reader, writer, call_id), reader
    finally:
        writer.close()


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, call_id: str) -> Tapped:
    try:
        async with asyncio.timeout(_ANSWER_S):
            writer.write(f"{call_id}\n".encode())
            await writer.drain()
            line = await reader.readuntil(b"\n")
        word, _, rest = line.strip().partition(b" ")
        if word == b"ok":
            return _tapped.decode(rest)
    except (
        OSError,
        TimeoutError,
        asyncio.IncompleteReadError,
        asyncio.LimitOverrunError,
        msgspec.MsgspecError,
    ) as error:
        raise Unreachable(peer="recorder", during="listen") from error
    raise NotFound(what=call_id)
