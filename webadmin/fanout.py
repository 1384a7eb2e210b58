"""News to many pages: each reader has a small table of the newest news, emptied into at most ten frames a second.

A slow reader costs nothing but its own freshness: news with the same key replace each other, and one who falls
too far behind is sent away to come back and be told everything anew.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import msgspec

from webadmin.live import Audience, Live, Say

FRAME_S = 0.1
MAX_PENDING = 8192
SEND_S = 15.0
QUIET_S = 5.0
"""An empty frame at least so often: a page that hears nothing for longer knows that the line is dead."""

_encoder = msgspec.json.Encoder()


class TooSlow(Exception):
    """The reader cannot follow."""


class Reader:
    """One page's connection."""

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self._pending: dict[tuple[str, str], bytes] = {}
        self._wake = asyncio.Event()
        self._is_too_slow = False
        self._is_closed = False

    @property
    def kind(self) -> object:
        """Readers of one kind are told the very same."""
        visitor = self.audience.visitor
        return self.audience.language, visitor.scope, visitor.is_masked, visitor.sees_box

    def offer(self, key: tuple[str, str], news: bytes) -> None:
        """Queue news; an older one of the same key is forgotten, and everything when `hello` comes."""
        if key[0] == "hello":
            self._pending.clear()
        self._pending.pop(key, None)
        if len(self._pending) >= MAX_PENDING:
            self._is_too_slow = True
        else:
            self._pending[key] = news
        self._wake.set()

    def close(self) -> None:
        """End `run`."""
        self._is_closed = True
        self._wake.set()

    async def run(self, send: Callable[[bytes], Awaitable[None]]) -> None:
        """Send frames until closed. Shape: a frame is a JSON array of news.

        Raises: TooSlow, and whatever `send` raises
        """
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(QUIET_S):
                    await self._wake.wait()
            self._wake.clear()
            if self._is_closed:
                return
            if self._is_too_slow:
                raise TooSlow
            frame = b"[" + b",".join(self._pending.values()) + b"]"
            self._pending.clear()
            try:
                async with asyncio.timeout(SEND_S):  # wait_for of this Python may swallow a cancellation
                    await send(frame)
            except TimeoutError as error:
                raise TooSlow from error
            await asyncio.sleep(FRAME_S)


class Fanout:
    """All pages that listen."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._readers: set[Reader] = set()
        live.listen(self._tell)

    def __len__(self) -> int:
        return len(self._readers)

    def add(self, reader: Reader) -> None:
        """Tell a new reader everything known, and all news from now on."""
        self._readers.add(reader)
        self.greet(reader)

    def greet(self, reader: Reader) -> None:
        """Tell a reader everything anew: a new one, or one whose rights have changed."""
        reader.offer(("hello", ""), _encoder.encode(self._live.hello(reader.audience)))

    def remove(self, reader: Reader) -> None:
        """Forget a reader."""
        self._readers.discard(reader)

    def close(self) -> None:
        """End all readers."""
        for reader in self._readers:
            reader.close()

    def _tell(self, key: tuple[str, str], say: Say) -> None:
        encoded: dict[object, bytes | None] = {}
        for reader in self._readers:
            kind = reader.kind
            if kind not in encoded:
                said = say(reader.audience)
                encoded[kind] = None if said is None else _encoder.encode(said)
            news = encoded[kind]
            if news is not None:
                reader.offer(key, news)
