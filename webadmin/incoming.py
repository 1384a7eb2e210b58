"""An update on its way to the box: piece by piece from a browser, from an address or a USB stick; verified when it is whole.

Nothing is installed here: the helper verifies once more.
"""

import asyncio
from pathlib import Path

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from appliance.core import log
from appliance.core.errors import ApplianceError, Busy, Unreachable
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.update import Bundle
from appliance.system import sticks
from appliance.system.slots import BadBundle, Rauc
from webadmin.files import Read
from webadmin.pieces import Pieces

MOST_BYTES = 2 << 30
_COPY_BYTES = 4 << 20
_FETCH_S = 6 * 3600.0
_CONNECT_S = 30.0

_logger = log.get(__name__)


class NotFetched(Unreachable):
    """Facts: peer, problem."""

    text = Text(en="The update could not be fetched: {problem}", zh="无法下载更新包：{problem}")


class Incoming:
    """The one update that is being brought; `problem` says why the last one was none."""

    def __init__(self, layout: Layout, read: Read, rauc: Rauc | None = None) -> None:
        self._layout = layout
        self._pieces = Pieces(layout.update_bundle.with_name("incoming"), read)
        self._read = read
        self._rauc = rauc or Rauc()
        self._fetching: asyncio.Task[None] | None = None
        self._verified: tuple[int, Bundle] | None = None
        self.problem: ApplianceError | None = None

    @property
    def total(self) -> int:
        """How much is to come, 0 where nobody says."""
        return self._pieces.total

    @property
    def received(self) -> int:
        """How much is there."""
        return self._pieces.received

    @property
    def is_fetching(self) -> bool:
        """Whether an address or a stick is being read."""
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
            self.problem = None
        await self._pieces.take(offset, total, piece)
        if self._pieces.is_whole:
            await self._whole()
        return self.received

    async def fetch(self, url: str) -> None:
        """Begin to read an address; what becomes of it is told by `received` and `problem`.

        Raises: Busy
        """
        if self.is_fetching:
            raise Busy(what="update")
        self.problem = None
        await self._pieces.begin(0)
        self._fetching = asyncio.create_task(self._fetch(url))

    async def bring(self, stick: str, file: str, by: str) -> None:
        """Begin to copy a file of a USB stick, which is let go afterwards.

        Raises: Busy
        """
        if self.is_fetching:
            raise Busy(what="update")
        self.problem = None
        await self._pieces.begin(0)
        self._fetching = asyncio.create_task(self._bring(stick, file, by))

    async def drop(self) -> None:
        """Forget what was brought, and what is being brought."""
        self.close()
        self.problem = None
        await self._pieces.drop()
        await self._read(_remove, self._layout.update_bundle)

    def close(self) -> None:
        """End what is under way."""
        if self._fetching is not None:
            self._fetching.cancel()

    async def _bring(self, stick: str, file: str, by: str) -> None:
        try:
            async with sticks.opened(self._layout, stick, by=by) as (_, place):
                await self._copy(place / file)
            await self._whole()
        except (OSError, ValueError) as error:
            self.problem = NotFetched(peer=file, problem=str(error), during="copy")
        except ApplianceError as error:
            self.problem = error
        finally:
            if self.problem is not None:
                await self._pieces.drop()

    async def _copy(self, source: Path) -> None:
        """By pieces: the page sees how far it is, and a stick that is slow holds nobody up."""
        with await self._read(source.open, "rb") as file:
            total = (await self._read(source.stat)).st_size
            if not 0 < total <= MOST_BYTES:
                raise BadBundle(problem=f"{total} bytes")
            offset = 0
            while piece := await self._read(file.read, _COPY_BYTES):
                await self._pieces.take(offset, total, piece)
                offset += len(piece)

    async def _fetch(self, url: str) -> None:
        client = SimpleAsyncHTTPClient(force_instance=True, max_body_size=MOST_BYTES)
        loop = asyncio.get_running_loop()
        try:
            with await self._read(self._pieces.part.open, "wb") as file:

                def keep(piece: bytes) -> None:
                    # Small pieces on the loop's thread: the page cache takes them at once.
                    file.write(piece)
                    self._pieces.received += len(piece)

                def head(line: str) -> None:
                    name, _, value = line.partition(":")
                    if name.strip().lower() == "content-length" and value.strip().isdecimal():
                        self._pieces.total = int(value)

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
            found = await self._rauc.inspect(self._pieces.part)
        except ApplianceError as error:
            self.problem = error
            await self._pieces.drop()
            raise
        await self._read(self._pieces.part.rename, self._layout.update_bundle)
        stamp = await self._read(_stamp, self._layout.update_bundle)
        self._verified = (stamp, found)
        self._pieces.forget()


def _stamp(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
