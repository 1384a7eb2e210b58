"""What the directory says of every number, in memory: live calls are put into words without asking the index.

The directory is written by this program alone, yet names change with departments, too: the revision that grows with
either is asked for once a second. Numbers that the recording rules bind are extensions of the directory, however they
came into the settings (an import, a restored revision, an older release that kept their names there).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from appliance.core import log
from appliance.core.errors import ApplianceError
from appliance.settings.recording import BoundExtension
from appliance.store import directory, rights
from appliance.store.directory import Known
from appliance.store.row import number_key

_logger = log.get(__name__)
_NOBODY = Known()

Ask = Callable[..., Awaitable[Any]]
"""Runs a function of the store on a thread."""


class Names:
    """The directory by number. `writing` is held while settings and directory are changed together."""

    def __init__(self) -> None:
        self.writing = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []
        self._known: dict[str, Known] = {}
        self._revision = -1
        self._adopted: Sequence[BoundExtension] | None = None

    def of(self, number: str) -> Known:
        """What is said of a number."""
        return self._known.get(number_key(number), _NOBODY)

    def listen(self, listener: Callable[[], None]) -> None:
        """Tell this one when anything is said otherwise."""
        self._listeners.append(listener)

    async def follow(self, ask: Ask, bound: Callable[[], Sequence[BoundExtension]]) -> None:
        """Take up what has changed; trouble with the index is logged and left for the next time."""
        try:
            async with self.writing:
                await self._adopt(ask, bound())
            await self._renew(ask)
        except ApplianceError as error:
            _logger.warning("the directory could not be read", extra={"problem": error.message()})

    async def _adopt(self, ask: Ask, bound: Sequence[BoundExtension]) -> None:
        if bound is self._adopted:
            return
        count = await ask(directory.adopt, {one.number: one.name for one in bound})
        self._adopted = bound
        if count:
            _logger.info("bound extensions joined the directory", extra={"count": count})

    async def _renew(self, ask: Ask) -> None:
        revision = await ask(rights.revision_of)
        if revision == self._revision:
            return
        before, self._known = self._known, await ask(directory.everybody)
        self._revision = revision
        if self._known != before:
            for listener in self._listeners:
                listener()
