"""Exports that are being prepared or wait to be fetched: one child process each, a folder each.

An archive or a table is prepared first and fetched then: only so its size and every offset in it are known before
the first byte leaves, a broken download goes on where it stopped, and the page can show how far it is. What is
prepared of recordings is their list, not their content, except those that are converted.

What is ready outlives the panel: after a restart its owner finds it again. What was being prepared, and archives whose
password was in memory only, are told as failed and can be made again.
"""

import asyncio
import secrets
from collections import deque
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
from appliance.core.errors import ApplianceError, Later, NotFound
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.access import Scope
from appliance.store.people import Person
from appliance.system.child import Child
from webadmin import export_record
from webadmin.child_work import Failed, failed, refused
from webadmin.export_order import ENTRIES_FILE, TABLE_FILE, Kind, Order, Prepared, Progress, Told
from webadmin.export_zip import Archive, ExportGone
from webadmin.zip_aes import Lock

KEPT = timedelta(hours=2)
MOST_OF_ONE = 5
MOST_AT_WORK = 2
_MODULE = "webadmin.export_child"
_DIED = Failed(en="The export ended before it was done.", zh="导出进程意外结束。")
_INTERRUPTED = Failed(
    en="It was not ready when the admin panel was restarted; make it again.",
    zh="管理后台重启时该导出尚未就绪，请重新生成。",
)
_PASSWORD_GONE = Failed(
    en="The admin panel was restarted, and the password of this archive was in its memory only; make it again with a password.",
    zh="管理后台已重启，该压缩包的密码仅保存在内存中；请重新设置密码并生成。",
)
_PACE_OVER_S = 20.0
_PACE_FROM_S = 2.0
_PACE_EVERY_S = 0.25

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


class Pace:
    """How fast it went lately, and so how long the rest will take."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def reached(self, at_s: float, done: int) -> None:
        """That much was done at that moment; less than before is a new beginning."""
        seen = self._seen
        if seen and done < seen[-1][1]:
            seen.clear()
        if not seen or at_s - seen[-1][0] >= _PACE_EVERY_S:
            seen.append((at_s, done))
        while at_s - seen[0][0] > _PACE_OVER_S and len(seen) > 2:
            seen.popleft()

    def left_s(self, at_s: float, total: int) -> float | None:
        """Seconds until all is done; None while too little is known, or nothing moves."""
        if not self._seen:
            return None
        (began_s, first), (last_s, last) = self._seen[0], self._seen[-1]
        is_known = last_s - began_s >= _PACE_FROM_S and at_s - last_s <= _PACE_OVER_S
        if not is_known or not first < last < total:
            return None
        return max(0.0, (total - last) * (last_s - began_s) / (last - first) - (at_s - last_s))


Owner = tuple[int, datetime]
"""A person's number and when the account was made: numbers are given again, and a restored backup has people of its own."""


def owner_of(person: Person) -> Owner:
    """Who a person is to exports."""
    return person.id, person.created_at


@dataclass(slots=True)
class Export:
    """One export of one person."""

    id: str
    order: Order
    masked: bool
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
    pace: Pace = field(default_factory=Pace)
    problem: Failed | None = None
    encrypted: bool = False
    lock: Lock | None = None
    archive: Archive | None = None
    child: Child | None = None
    readers: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> Kind:
        """What comes out."""
        return self.order.kind

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        return owner_of(self.order.person)

    @property
    def needs_password(self) -> bool:
        """Whether it can be made again only by somebody who gives a password."""
        return self.encrypted and self.lock is None

    @property
    def scope(self) -> Scope:
        """Whose calls are in it."""
        return self.order.person.scope

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return Path(self.order.folder)

    @property
    def file(self) -> Path:
        """The finished table, or the list of what is in the archive."""
        return self.folder / (ENTRIES_FILE if self.kind is Kind.ZIP else TABLE_FILE)


class Exports:
    """All of them; its methods belong to the event loop's thread. `read` runs what touches files."""

    def __init__(self, layout: Layout, clock: Clock, read: Callable[..., Awaitable[Any]]) -> None:
        self._folder = layout.exports
        self._clock = clock
        self._read = read
        left = (self._restored(one) for one in export_record.found(layout))
        self._all = {one.id: one for one in left if one is not None}

    async def begin(self, order: Order, name: str, *, masked: bool, lock: Lock | None = None) -> Export:
        """Start preparing; the order is given a folder to work in. The lock stays in memory only.

        Raises: TooManyExports
        """
        await self.sweep()
        if sum(one.state is State.PREPARING for one in self._all.values()) >= MOST_AT_WORK:
            raise TooManyExports(limit=MOST_AT_WORK)
        owner = owner_of(order.person)
        mine = sorted((one for one in self._all.values() if one.owner == owner), key=lambda one: one.used_at)
        for old in mine[: max(0, len(mine) - MOST_OF_ONE + 1)]:
            await self.drop(old.id, owner)
        key = secrets.token_urlsafe(16)
        wanted = msgspec.structs.replace(order, folder=str(self._folder / key))
        now, encrypted = self._clock.now(), lock is not None
        export = self._all[key] = Export(key, wanted, masked, now, now, name, encrypted=encrypted, lock=lock)
        record = export_record.Record(
            order=wanted, name=name, masked=masked, encrypted=encrypted, begun_at=now
        )
        try:
            await self._read(export_record.begin, export.folder, record)
        except OSError as error:
            self._fail(export, failed(error, str(self._folder)))
            return export
        export.child = Child(_MODULE)
        export.child.connection.send_bytes(_encoder.encode(wanted))
        export.child.listen(partial(self._hear, export))
        return export

    def find(self, key: str, owner: Owner) -> Export:
        """An export of this person.

        Raises: NotFound
        """
        export = self._all.get(key)
        if export is None or export.owner != owner:
            raise NotFound(what=key)
        export.used_at = self._clock.now()
        return export

    def of(self, owner: Owner) -> list[Export]:
        """All of a person, the newest first."""
        mine = (one for one in self._all.values() if one.owner == owner)
        return sorted(mine, key=lambda one: one.begun_at, reverse=True)

    async def look(self, export: Export) -> None:
        """See whether what was ready is still there, and how large it is."""
        await self._read(export_record.used, export.folder, export.used_at)
        if export.state is not State.READY:
            return
        try:
            size = (await self._read(export.file.stat)).st_size
            if export.kind is Kind.ZIP:
                size = (await self.laid_out(export)).size
        except (OSError, OverflowError, msgspec.MsgspecError, UnicodeDecodeError):
            self.lost(export, ExportGone(what=export.name))
        else:
            export.size = size

    async def laid_out(self, export: Export) -> Archive:
        """The archive's layout, made when it is first needed.

        Raises: OSError; OverflowError, MsgspecError and UnicodeDecodeError for a list that is damaged
        """
        if export.archive is None:
            export.archive = await self._read(Archive, export.file, export.lock)
        return export.archive

    def lost(self, export: Export, error: ApplianceError) -> None:
        """It was ready, and can be given out no more."""
        self._fail(export, refused(error))

    def sent(self, export: Export, position: int) -> None:
        """A download came that far."""
        export.sent = position
        export.used_at = self._clock.now()
        export.pace.reached(self._clock.mono_s(), position)

    def left_s(self, export: Export) -> float | None:
        """Seconds until it is prepared, or until what is being fetched has arrived; None when nobody can know."""
        now_s = self._clock.mono_s()
        if export.state is State.PREPARING:
            return export.pace.left_s(now_s, export.total)
        return export.pace.left_s(now_s, export.size) if export.readers else None

    async def drop(self, key: str, owner: Owner) -> None:
        """End an export, wherever it is, and forget it.

        Raises: NotFound
        """
        await self._forget(self.find(key, owner))

    async def sweep(self) -> None:
        """Forget what nobody has asked for in two hours."""
        for export in [one for one in self._all.values() if self._is_over(one.used_at) and not one.readers]:
            await self._forget(export)

    def close(self) -> None:
        """End all children; what is ready waits for the panel's next life."""
        for export in self._all.values():
            self._end_child(export)
        self._all.clear()

    async def _forget(self, export: Export) -> None:
        self._all.pop(export.id, None)
        self._end_child(export)
        await self._read(export_record.remove, export.folder)

    def _is_over(self, used_at: datetime) -> bool:
        return used_at < self._clock.now() - KEPT

    def _restored(self, left: export_record.Found) -> Export | None:
        """What an earlier life left, as far as it can be given out; None, and no more of it, when its time is over."""
        record, prepared = left.record, left.prepared
        used_at = min(left.used_at, self._clock.now())
        export = Export(left.id, record.order, record.masked, record.begun_at, used_at, record.name)
        if self._is_over(used_at):
            export_record.remove(export.folder)
            return None
        export.encrypted = record.encrypted
        if prepared is not None and not record.encrypted:
            export.state, export.calls, export.missing = State.READY, prepared.calls, prepared.missing
            return export
        export.state = State.FAILED
        export.problem = _PASSWORD_GONE if record.encrypted else _INTERRUPTED
        export_record.empty(export.folder)
        return export

    def _hear(self, export: Export) -> None:
        assert export.child is not None
        try:
            told = _told.decode(export.child.connection.recv_bytes())
        except (EOFError, OSError, msgspec.MsgspecError):
            told = _DIED
        match told:
            case Progress():
                export.done, export.total, export.size = told.done, told.total, told.size
                export.pace.reached(self._clock.mono_s(), told.done)
            case Prepared():
                export.state = State.READY
                export.calls, export.missing, export.peak_rss_kib = (
                    told.calls,
                    told.missing,
                    told.peak_rss_kib,
                )
                self._end_child(export)
            case Failed():
                self._fail(export, told)

    def _fail(self, export: Export, problem: Failed) -> None:
        export.state = State.FAILED
        export.problem = problem
        export.archive = None
        _logger.error("an export failed", extra={"export": export.kind, "problem": problem.en})
        self._end_child(export)

    def _end_child(self, export: Export) -> None:
        if export.child is None:
            return
        export.child.kill()
        export.child = None
        export.ended.set()
