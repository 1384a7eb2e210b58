"""Exports that are being prepared or wait to be fetched: one child process each, a folder each, gone with the program.

An archive or a table is prepared first and fetched then: only so its size and every offset in it are known before
the first byte leaves, a broken download goes on where it stopped, and the page can show how far it is. What is
prepared of recordings is their list, not their content, except those that are converted.
"""

import asyncio
import secrets
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import Later, NotFound
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.access import Scope
from appliance.system.child import Child
from webadmin.child_work import Failed
from webadmin.export_order import ENTRIES_FILE, TABLE_FILE, Kind, Order, Prepared, Progress, Told
from webadmin.export_zip import Archive

KEPT = timedelta(hours=2)
MOST_OF_ONE = 5
MOST_AT_WORK = 2
_MODULE = "webadmin.export_child"
_DIED = Text(en="The export ended before it was done.", zh="导出进程意外结束。")

_logger = log.get(__name__)


class TooManyExports(Later):
    """As many as the machine can bear are being prepared. Facts: limit."""

    text = Text(
        en="{limit} exports are being prepared already; wait until one of them is ready.",
        zh="已有 {limit} 个导出任务正在准备，请等待其中一个完成后再试。",
    )
    after_s = 5.0


_encoder = msgspec.json.Encoder()
_told: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)


class State(StrEnum):
    """Where an export stands."""

    PREPARING = "preparing"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True)
class Export:
    """One export of one person."""

    id: str
    owner: int
    kind: Kind
    scope: Scope
    masked: bool
    folder: Path
    begun_at: datetime
    used_at: datetime
    name: str
    state: State = State.PREPARING
    done: int = 0
    total: int = 0
    calls: int = 0
    missing: int = 0
    size: int = 0
    sent: int = 0
    peak_rss_kib: int = 0
    problem: Text | None = None
    archive: Archive | None = None
    child: Child | None = None
    readers: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def table(self) -> Path:
        """The finished table."""
        return self.folder / TABLE_FILE


class Exports:
    """All of them; its methods belong to the event loop's thread. `read` runs what touches files."""

    def __init__(self, layout: Layout, clock: Clock, read: Callable[..., Awaitable[Any]]) -> None:
        self._folder = layout.exports
        self._clock = clock
        self._read = read
        self._all: dict[str, Export] = {}
        shutil.rmtree(self._folder, ignore_errors=True)

    async def begin(self, order: Callable[[Path], Order], owner: int, name: str, *, masked: bool) -> Export:
        """Start preparing; `order` is given the folder to work in.

        Raises: TooManyExports
        """
        await self.sweep()
        if sum(one.state is State.PREPARING for one in self._all.values()) >= MOST_AT_WORK:
            raise TooManyExports(limit=MOST_AT_WORK)
        mine = sorted((one for one in self._all.values() if one.owner == owner), key=lambda one: one.used_at)
        for old in mine[: max(0, len(mine) - MOST_OF_ONE + 1)]:
            await self.drop(old.id, owner)
        key = secrets.token_urlsafe(16)
        folder = self._folder / key
        await self._read(folder.mkdir, 0o700, parents=True)
        wanted = order(folder)
        now = self._clock.now()
        export = Export(key, owner, wanted.kind, wanted.person.scope, masked, folder, now, now, name)
        self._all[key] = export
        export.child = Child(_MODULE)
        export.child.connection.send_bytes(_encoder.encode(wanted))
        export.child.listen(partial(self._hear, export))
        return export

    def find(self, key: str, owner: int) -> Export:
        """An export of this person.

        Raises: NotFound
        """
        export = self._all.get(key)
        if export is None or export.owner != owner:
            raise NotFound(what=key)
        export.used_at = self._clock.now()
        return export

    def of(self, owner: int) -> list[Export]:
        """All of a person, the newest first."""
        mine = (one for one in self._all.values() if one.owner == owner)
        return sorted(mine, key=lambda one: one.begun_at, reverse=True)

    async def laid_out(self, export: Export) -> Archive:
        """The archive's layout, made when it is first needed."""
        if export.archive is None:
            export.archive = await self._read(Archive, export.folder / ENTRIES_FILE)
        return export.archive

    async def drop(self, key: str, owner: int) -> None:
        """End an export, wherever it is, and forget it.

        Raises: NotFound
        """
        export = self.find(key, owner)
        del self._all[key]
        self._end_child(export)
        await self._read(shutil.rmtree, export.folder, ignore_errors=True)

    async def sweep(self) -> None:
        """Forget what nobody has asked for in two hours."""
        limit = self._clock.now() - KEPT
        for export in [one for one in self._all.values() if one.used_at < limit and not one.readers]:
            await self.drop(export.id, export.owner)

    def close(self) -> None:
        """End all children and remove what they made."""
        for export in self._all.values():
            self._end_child(export)
        self._all.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _hear(self, export: Export) -> None:
        assert export.child is not None
        try:
            told = _told.decode(export.child.connection.recv_bytes())
        except (EOFError, OSError, msgspec.MsgspecError):
            told = Failed(en=_DIED.en, zh=_DIED.zh)
        match told:
            case Progress():
                export.done, export.total = told.done, told.total
                return
            case Prepared():
                export.state = State.READY
                export.calls, export.missing, export.peak_rss_kib = (
                    told.calls,
                    told.missing,
                    told.peak_rss_kib,
                )
            case Failed():
                export.state = State.FAILED
                export.problem = Text(en=told.en, zh=told.zh)
                _logger.error("an export failed", extra={"export": export.kind, "problem": told.en})
        self._end_child(export)

    def _end_child(self, export: Export) -> None:
        if export.child is None:
            return
        export.child.kill()
        export.child = None
        export.ended.set()
