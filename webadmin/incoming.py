"""An update on its way to the box: piece by piece from a browser, or fetched from an address; verified when it is whole.

Pieces are appended at the offset they name, so an upload that broke goes on where it stopped. Nothing is installed
here: the helper verifies once more.
"""

import asyncio
import shutil
from pathlib import Path

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from appliance.core import log
from appliance.core.errors import ApplianceError, Busy, Conflict, Full, Unreachable
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.update import Bundle
from appliance.system.slots import Rauc
from webadmin.files import Read

MOST_BYTES = 2 << 30
_SPARE_BYTES = 1 << 30
_FETCH_S = 6 * 3600.0
_CONNECT_S = 30.0

_logger = log.get(__name__)


class NotNext(Conflict):
    """A piece that does not follow what is there. Facts: received."""

    text = Text(
        en="The next piece begins at {received}.",
        zh="下一段应从 {received} 开始。",
    )


class NotFetched(Unreachable):
    """Facts: peer, problem."""

    text = Text(en="The update could not be fetched: {problem}", zh="无法下载更新包：{problem}")


class Incoming:
    """The one update that is being brought; `problem` says why the last one was none."""

    def __init__(self, layout: Layout, read: Read, rauc: Rauc | None = None) -> None:
        self._layout = layout
        self._part = layout.update_bundle.with_name("incoming")
        self._read = read
        self._rauc = rauc or Rauc()
        self._fetching: asyncio.Task[None] | None = None
        self._verified: tuple[int, Bundle] | None = None
        self.total = 0
        self.received = 0
        self.problem: ApplianceError | None = None

    @property
    def is_fetching(self) -> bool:
        """Whether an address is being read."""
        return self._fetching is not None and not self._fetching.done()

    async def bundle(self) -> Bundle | None:
        """The verified update that lies on the box."""
        stamp = await self._read(_stamp, self._layout.update_bundle)
        if stamp is None:
            self._verified = None
            return None
        if self._verified is None or self._verified[0] != stamp:
            try:
                self._verified = (stamp, await self._rauc.inspect(self._layout.update_bundle))
            except ApplianceError as error:
                self.problem = error
                return None
        return self._verified[1]

    async def take(self, offset: int, total: int, piece: bytes) -> int:
        """Take the next piece; the first one at 0 begins anew. How much is there now.

        Raises: Busy, Full, NotNext, BadBundle when the last piece came and it is no update of ours
        """
        if self.is_fetching:
            raise Busy(what="update")
        if offset == 0:
            await self._begin(total)
        if offset != self.received or total != self.total or offset + len(piece) > total:
            raise NotNext(received=self.received)
        await self._read(_append, self._part, offset, piece)
        self.received += len(piece)
        if self.received == self.total:
            await self._whole()
        return self.received

    async def fetch(self, url: str) -> None:
        """Begin to read an address; what becomes of it is told by `received` and `problem`.

        Raises: Busy
        """
        if self.is_fetching:
            raise Busy(what="update")
        await self._begin(0)
        self._fetching = asyncio.create_task(self._fetch(url))

    async def drop(self) -> None:
        """Forget what was brought, and what is being brought."""
        self.close()
        self.received = self.total = 0
        self.problem = None
        await self._read(_remove, self._part, self._layout.update_bundle)

    def close(self) -> None:
        """End what is under way."""
        if self._fetching is not None:
            self._fetching.cancel()

    async def _begin(self, total: int) -> None:
        self.problem = None
        self.total, self.received = total, 0
        await self._read(_make_room, self._part, total)

    async def _fetch(self, url: str) -> None:
        client = SimpleAsyncHTTPClient(force_instance=True, max_body_size=MOST_BYTES)
        loop = asyncio.get_running_loop()
        try:
            with await self._read(self._part.open, "wb") as file:

                def keep(piece: bytes) -> None:
                    # Small pieces on the loop's thread: the page cache takes them at once.
                    file.write(piece)
                    self.received += len(piece)

                def head(line: str) -> None:
                    name, _, value = line.partition(":")
                    if name.strip().lower() == "content-length" and value.strip().isdecimal():
                        self.total = int(value)

                await client.fetch(
                    HTTPRequest(
                        url,
                        streaming_callback=keep,
                        header_callback=head,
                        connect_timeout=_CONNECT_S,
                        request_timeout=_FETCH_S,
                        max_redirects=5,
                    )
                )
            await self._whole()
        except (HTTPClientError, OSError, ValueError) as error:
            _logger.info("no update was fetched", extra={"problem": str(error)})
            self.problem = NotFetched(peer=url, problem=str(error) or type(error).__name__, during="fetch")
        except ApplianceError as error:
            self.problem = error
        finally:
            loop.call_soon(client.close)

    async def _whole(self) -> None:
        try:
            found = await self._rauc.inspect(self._part)
        except ApplianceError as error:
            self.problem = error
            await self._read(_remove, self._part)
            self.received = self.total = 0
            raise
        await self._read(self._part.rename, self._layout.update_bundle)
        stamp = await self._read(_stamp, self._layout.update_bundle)
        self._verified = (stamp, found)
        self.received = self.total = 0


def _stamp(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _make_room(part: Path, total: int) -> None:
    part.parent.mkdir(exist_ok=True)
    part.unlink(missing_ok=True)
    if shutil.disk_usage(part.parent).free < total + _SPARE_BYTES:
        raise Full(path=str(part.parent))
    part.touch(mode=0o640)


def _append(part: Path, offset: int, piece: bytes) -> None:
    with part.open("r+b") as file:
        file.seek(offset)
        file.write(piece)
        file.truncate()


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
