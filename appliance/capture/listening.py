r"""The socket for listening to a call in progress.

A Unix stream at `Layout.listen_socket`. The client sends one line, `<call_id>\n`, and gets one line back:

* `ok {...}\n`: a space and a JSON `media.live.Tapped`: `payloads`, what each RTP payload type means in the mouth of
  each side at this moment (one that is not in it is static, RFC 3551 §6), and `crypto`, the keys of SRTP that stood
  in clear signalling, by who encrypts with them. From then on the engine writes frames:
  side u8 (0 = caller speaks, 1 = callee speaks), length u16 big endian, one whole RTP packet of that length.
  The stream ends with the call. A slow reader loses packets, never the recorder its time.
* `gone\n`: no such call is up; the stream ends.

Source: RFC 3550 §5.1 (the packets), unix(7)
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from appliance.capture.leg import Leg
from appliance.core import log
from appliance.media.live import Tapped

_logger = log.get(__name__)

_PATIENCE_S = 5.0
_CALL_ID = re.compile(r"[0-9a-z]{1,40}")

Tap = Callable[[str, int], None]


class ListeningPost:
    """Serves listeners between `async with` and its end; taps belong to the engine from the answer on."""

    def __init__(self, path: Path, find: Callable[[str], Leg | None], tap: Tap) -> None:
        self._path = path
        self._find = find
        self._tap = tap
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Open the socket, in place of one that a killed recorder left."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=256)
        self._path.chmod(0o660)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the door; running taps end with their calls."""
        if self._server is not None:
            self._server.close()
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
        leg = self._find(call_id) if _CALL_ID.fullmatch(call_id) else None
        if leg is None or leg.is_ended:
            writer.write(b"gone\n")
            await writer.drain()
            return
        told = Tapped(payloads=leg.media.payloads, crypto=leg.media.crypto)
        writer.write(b"ok " + msgspec.json.encode(told) + b"\n")
        await writer.drain()
        self._tap(call_id, writer.get_extra_info("socket").fileno())
