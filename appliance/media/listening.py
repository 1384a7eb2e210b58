r"""The socket for listening to a call in progress, the same for calls of the mirror and of boards.

A Unix stream, at `Layout.listen_socket` and `Layout.listen_lines_socket`. The client sends one line, `<call_id>\n`, and gets one line back:

* `ok {...}\n`: a space and a JSON `media.live.Tapped`: `payloads`, what each RTP payload type means in the mouth of
  each side at this moment (one that is not in it is static, RFC 3551 §6), and `crypto`, the keys of SRTP that stood
  in clear signalling, by who encrypts with them. From then on come frames:
  side u8 (0 = caller speaks, 1 = callee speaks), length u16 big endian, one whole RTP packet of that length.
  The stream ends with the call. A slow reader loses packets, never the program its time.
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

from appliance.core import log
from appliance.media.live import Tapped

_logger = log.get(__name__)

_PATIENCE_S = 5.0
_CALL_ID = re.compile(r"[0-9a-z]{1,40}")

Told = Callable[[str], Tapped | None]
"""What a listener to this call is told; None when no such call is up."""
Tap = Callable[[str, int], None]
"""Sends the frames of this call into this descriptor, which it has to duplicate."""


class ListeningPost:
    """Serves listeners between `async with` and its end; from the answer on a listener is the tap's."""

    def __init__(self, path: Path, told: Told, tap: Tap) -> None:
        self._path = path
        self._told = told
        self._tap = tap
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
        told = self._told(call_id) if _CALL_ID.fullmatch(call_id) else None
        if told is None:
            writer.write(b"gone\n")
            await writer.drain()
            return
        writer.write(b"ok " + msgspec.json.encode(told) + b"\n")
        await writer.drain()
        self._tap(call_id, writer.get_extra_info("socket").fileno())
