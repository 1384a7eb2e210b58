"""The archiver: turns handed-over bundles into recordings and rows, and removes kept packets in time.

News only hint at work; every few seconds the spool itself is looked at. All work is done in one thread beside the
loop, a few bundles at a time, so that the program answers and stops in between.
"""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from appliance.archive.corrections import Corrector
from appliance.archive.erasure import Eraser
from appliance.archive.expiry import Expirer
from appliance.archive.pipeline import Archiver
from appliance.archive.reaper import Reaped, Reaper
from appliance.archive.shelves import Shelves
from appliance.archive.spool import Spool
from appliance.archive.statements import Statements
from appliance.bus.client import Bus
from appliance.bus.topics import BUNDLE, INDEXED, QUEUE, STORAGE, CallIndexed, Queue, StorageState
from appliance.capture import recovery
from appliance.core import log
from appliance.core.errors import ApplianceError, Later
from appliance.core.files import STATEMENTS_FOLDER, Layout
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.domain.bundle import Record
from appliance.domain.statement import digest
from appliance.settings import storage
from appliance.settings.paths import Shelf, roots
from appliance.settings.root import Settings
from appliance.store import calls, holds
from appliance.store.database import Database, open_database

_LOOK_S = 2.0
_AT_ONCE = 512
_REAP_S = 60.0
_LEASE_S = 120.0
_STATE_S = 60.0
_STANDSTILL_S = 3600.0
_MIB = 1 << 20
_ROOM = 1.5
_QUEUE = "archive"

_logger = log.get(__name__)


class _Work:
    """Everything the working thread owns; each method is run there and nowhere else."""

    def __init__(self, service: Service, layout: Layout) -> None:
        self._layout = layout
        self._clock = service.clock
        self._pulse = service.pulse("archiving", _STANDSTILL_S)
        self._spool = Spool(layout)
        self._database: Database | None = None
        self._archiver: Archiver | None = None
        self._shelves: Shelves | None = None
        self._reaper: Reaper | None = None
        self._eraser: Eraser | None = None
        self._expirer: Expirer | None = None
        self._corrector: Corrector | None = None
        self._reaped_mono_s = -_REAP_S
        self._settings = storage.Kept(layout)
        self._statements = Statements(layout)
        self._stated_mono_s = -_STATE_S
        self.archived = 0
        self.recorded = 0

    def look(self) -> tuple[list[Record], ApplianceError | None]:
        """One round: some bundles archived, old packets removed, and what keeps the rest waiting."""
        self._pulse.beat()
        try:
            archiver = self._ready()
        except Later as error:
            return [], error
        self._index_what_came_back()
        records = archiver.run_pending(_AT_ONCE)
        self.archived += len(records)
        self.recorded += sum(record.recording is not None for record in records)
        try:
            erased = self._eraser.run() if self._eraser else []
        except (Later, OSError) as error:
            _logger.warning("recordings wait to be deleted", extra={"problem": str(error)})
            erased = []
        found = [*records, *(one.record for one in erased), *self._expire(), *self._correct()]
        return found, archiver.stalled

    def _correct(self) -> list[Record]:
        """Past calls of which more is known now, as somebody ordered."""
        if self._corrector is None:
            return []
        try:
            return self._corrector.run()
        except (Later, OSError) as error:
            _logger.warning("past calls wait to be corrected", extra={"problem": str(error)})
            return []

    def _expire(self) -> list[Record]:
        """What the policies of retention let go in this round."""
        if self._expirer is None:
            return []
        try:
            return self._expirer.run()
        except (Later, OSError) as error:
            _logger.warning("recordings wait to expire", extra={"problem": str(error)})
            return []

    def reap(self) -> Reaped:
        """Once a minute, remove what need not be kept, and close what a recorder left that never came back."""
        if self._reaper is None or self._clock.mono_s() - self._reaped_mono_s < _REAP_S:
            return Reaped([], [])
        self._reaped_mono_s = self._clock.mono_s()
        recovery.close_orphans(self._layout, _LEASE_S, self._clock.now().timestamp())
        try:
            return self._reaper.run()
        except Later as error:
            _logger.warning("kept packets stay until the index answers", extra={"problem": str(error)})
            return Reaped([], [])

    def state(self) -> None:
        """Once a minute, or when somebody wishes it, make the statements that are due; trouble waits for the next time."""
        is_time = self._clock.mono_s() - self._stated_mono_s >= _STATE_S
        if self._database is None or self._shelves is None or not (is_time or self._statements.is_asked):
            return
        self._stated_mono_s = self._clock.mono_s()
        zone = ZoneInfo(self._settings.now.time.zone)
        folder = self._shelves.root / STATEMENTS_FOLDER
        try:
            made = self._statements.make_due(self._database, self._clock.now(), zone, folder)
        except (ApplianceError, OSError) as error:
            _logger.warning("statements have to wait", extra={"problem": str(error)})
            return
        for statement in made:
            # In the journal, which may leave the box, the newest one is an anchor of all.
            _logger.info(
                "a statement was made",
                extra={
                    "number": statement.number,
                    "seen": statement.seen,
                    "recorded": statement.recorded,
                    "sha256": digest(statement.content),
                },
            )

    def shelves(self) -> dict[Shelf, StorageState]:
        """How the storage paths are; nothing before the first round."""
        if self._shelves is None:
            return {}
        found = self._shelves.look()
        expirer = self._expirer
        for shelf, state in found.items():
            if state.current and expirer is not None:
                with contextlib.suppress(
                    Later
                ):  # the index does not answer: the figures come with the next news
                    found[shelf] = msgspec.structs.replace(
                        state,
                        days_left=expirer.days_left(state.free_bytes),
                        stopped=self._layout.recording_stopped.exists(),
                        sacrificed=expirer.sacrificed,
                    )
        return found

    def queue(self) -> Queue:
        """How much waits."""
        now = self._clock.now()
        depth = self._spool.depth(now)
        return Queue(
            at=now,
            ready=depth.ready,
            working=depth.working,
            quarantined=depth.quarantined,
            oldest_s=round(depth.oldest_s, 1),
        )

    def interrupt(self) -> None:
        """Leave the rest for the next start; the only method to be called from outside."""
        if self._archiver is not None:
            self._archiver.interrupt()

    def close(self) -> None:
        """Let go of everything."""
        if self._archiver is not None:
            self._archiver.close()
        if self._database is not None:
            self._database.close()

    def _ready(self) -> Archiver:
        is_renewed = self._settings.renewed()
        if self._database is None:
            self._database = open_database(self._layout)
        if is_renewed or self._archiver is None:
            self._start(self._settings.now, self._database)
        assert self._archiver is not None
        return self._archiver

    def _fill(self, database: Database, shelves: Shelves, paths: list[Path]) -> None:
        """A new index beside an archive that is not new is filled from its records first."""
        if not calls.is_empty(database):
            return
        present = shelves.readable()
        absent = [path for path in paths if path not in present]
        rebuilt = calls.rebuild(database, present, drop=False)
        shelves.rebuilt_without(absent)
        if rebuilt.indexed or rebuilt.unreadable:
            _logger.warning(
                "the index was rebuilt from the archive",
                extra={
                    "calls": rebuilt.indexed,
                    "unreadable": len(rebuilt.unreadable),
                    "absent": ", ".join(map(str, absent)),
                },
            )

    def _index_what_came_back(self) -> None:
        """Records below a storage path that was not there when the index was made."""
        assert self._shelves is not None
        assert self._database is not None
        for root in self._shelves.to_index():
            rebuilt = calls.rebuild(self._database, [root], drop=False)
            self._shelves.indexed(root)
            _logger.warning(
                "a storage path came back and was indexed",
                extra={"path": str(root), "calls": rebuilt.indexed},
            )

    def _start(self, settings: Settings, database: Database) -> None:
        if self._archiver is not None:
            self._archiver.close()
            self._archiver = None
        shelves = Shelves(self._layout, settings.paths, self._clock)
        if self._shelves is None:
            self._fill(database, shelves, roots(self._layout, settings.paths))
        self._shelves = shelves
        self._archiver = Archiver(
            self._layout,
            settings,
            database,
            shelves=shelves,
            recover=recovery.rebuild,
            clock=self._clock,
            step=lambda _name, _call_id: self._pulse.beat(),
        )
        low_bytes = int(settings.capture.keep_free_mib * _MIB * _ROOM)
        self._reaper = Reaper(self._layout, low_bytes, lambda: holds.held(database), self._clock)
        self._eraser = Eraser(self._layout, database, self._clock, settings.paths)
        self._corrector = Corrector(self._layout, settings.paths, database, self._clock)
        self._expirer = Expirer(self._layout, settings, database, self._eraser, shelves, self._clock)


async def main(service: Service, options: Options) -> None:
    """Archive until told to stop."""
    layout = options.layout.make()
    bus = Bus(layout.bus_socket, service.name, service.clock)
    hinted = asyncio.Event()
    bus.subscribe(BUNDLE, lambda _key, _news: hinted.set())
    work = _Work(service, layout)
    async with bus:
        service.on_status(bus.report)
        with ThreadPoolExecutor(1, "archiving") as thread:
            stopped = asyncio.create_task(_interrupt(service, work))
            try:
                await _rounds(service, bus, work, hinted, thread)
            finally:
                stopped.cancel()
                thread.submit(work.close)


async def _rounds(
    service: Service, bus: Bus, work: _Work, hinted: asyncio.Event, thread: ThreadPoolExecutor
) -> None:
    """Look, tell, wait; at once again while there is work."""
    loop = asyncio.get_running_loop()
    while not service.stopping.is_set():
        hinted.clear()
        records, problem = await loop.run_in_executor(thread, work.look)
        reaped = await loop.run_in_executor(thread, work.reap)
        if reaped.expired or reaped.sacrificed:
            _logger.info(
                "kept packets were removed",
                extra={"expired": len(reaped.expired), "for_space": len(reaped.sacrificed)},
            )
        for record in records:
            bus.hint(
                INDEXED,
                "",
                CallIndexed(
                    at=service.clock.now(),
                    call_id=record.call.call_id,
                    recorded=record.recording is not None,
                ),
            )
        await loop.run_in_executor(thread, work.state)
        shelves = await loop.run_in_executor(thread, work.shelves)
        for shelf in Shelf:
            if shelf in shelves:
                bus.set(STORAGE, shelf, shelves[shelf])
            elif shelves:
                bus.clear(STORAGE, shelf)
        bus.set(QUEUE, _QUEUE, await loop.run_in_executor(thread, work.queue))
        if not service.is_ready:
            service.ready()
        if problem:
            service.status(problem.message(), problem.message("zh"))
        else:
            service.status(
                f"{work.archived} calls archived, {work.recorded} with a recording",
                f"已归档 {work.archived} 通，其中有录音 {work.recorded} 通",
            )
        if not records:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await hinted.wait()


async def _interrupt(service: Service, work: _Work) -> None:
    await service.stopping.wait()
    work.interrupt()
