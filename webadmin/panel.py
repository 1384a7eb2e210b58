"""What the handlers share: the index behind its four threads, the settings in force, the live state."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from appliance.backup.desk import Desk
from appliance.bus.clock_orders import ClockAsking
from appliance.bus.command import Asking
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import Busy, SettingsUnreadable
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.settings.root import Settings
from appliance.store import people
from appliance.store.database import Database
from appliance.system.licences import Licences
from webadmin.certificate import Keeping
from webadmin.commissioning import Watch
from webadmin.corrections import Corrections
from webadmin.exports import Exports
from webadmin.fanout import Fanout
from webadmin.first_steps import FirstSteps
from webadmin.firstrun import FirstRun
from webadmin.history import Histories
from webadmin.incoming import Incoming
from webadmin.ldap_sign_in import Directory
from webadmin.live import Live
from webadmin.machine import Machine
from webadmin.names import Names
from webadmin.oplog import OperationLog
from webadmin.passwords import Passwords
from webadmin.pieces import Pieces
from webadmin.probes import Probes
from webadmin.repeats import Repeats
from webadmin.sealing import Seal
from webadmin.throttle import Throttle
from webadmin.tickets import Challenge, HalfSignedIn, Tickets

_logger = log.get(__name__)

INDEX_THREADS = 4
FILE_THREADS = 4
MAX_HEAVY = 8
MAX_CONVERSIONS = 3
MAX_LISTENERS = 8
_CLOSE_S = 10.0

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Gate:
    """Lets so many in at a time and sends the others away."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside = 0

    def enter(self) -> None:
        """Take a place.

        Raises: Busy
        """
        if self._inside >= self._most:
            raise Busy(what="webadmin")
        self._inside += 1

    def leave(self) -> None:
        """Give the place back."""
        self._inside -= 1


class Panel:
    """Made once by the program; every method belongs to the event loop's thread."""

    def __init__(self, layout: Layout, database: Database, clock: Clock) -> None:
        self.layout = layout
        self.clock = clock
        self.settings: Settings
        self.settings, self.settings_problem = storage.in_force(layout)
        self.names = Names()
        self.live = Live(self.names.of)
        self.names.listen(self.live.renamed)
        self.orders: Asking | None = None
        self.clock_orders: ClockAsking | None = None
        self.certificate: Keeping | None = None
        self.fanout = Fanout(self.live)
        self.histories = Histories(lambda: self.live.intake)
        self.live.listen(self.histories.hear)
        self.commissioning = Watch(self.live, clock)
        self.machine = Machine(clock)
        self.passwords = Passwords()
        self.throttle = Throttle(clock)
        self.repeats = Repeats(clock)
        self.seal = Seal(layout.sealing_key)
        self.directory = Directory(layout)
        self.half_signed_in: Tickets[HalfSignedIn] = Tickets(clock, tries=6)
        self.challenges: Tickets[Challenge] = Tickets(clock)
        self.first_run = FirstRun(layout, is_set_up=people.has_administrator(database))
        self.first_steps = FirstSteps(layout)
        self.licences = Licences(layout)
        self._stamp = storage.stamp(layout)
        self._database = database
        self.operations = OperationLog(layout, database)
        self._index = ThreadPoolExecutor(INDEX_THREADS, thread_name_prefix="index")
        self._heavy = ThreadPoolExecutor(1, thread_name_prefix="heavy")
        self._heavy_gate = Gate(MAX_HEAVY)
        self.conversions = Gate(MAX_CONVERSIONS)
        self.listeners = Gate(MAX_LISTENERS)
        self._files = ThreadPoolExecutor(FILE_THREADS, thread_name_prefix="file")
        self.exports = Exports(layout, clock, self.read)
        self.corrections = Corrections(layout, clock, self.read)
        self.probes = Probes(layout, clock, self.read)
        self.incoming = Incoming(layout, self.read)
        self.backup_upload = Pieces(Desk(layout).uploaded / "incoming", self.read)

    async def ask(
        self,
        question: Callable[Concatenate[Database, Given], Found],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Found:
        """Run a function of the store on one of the index's threads."""
        return await asyncio.get_running_loop().run_in_executor(
            self._index, partial(question, self._database, *args, **kwargs)
        )

    async def read(self, work: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs) -> Found:
        """Run something that touches files on one of the file threads."""
        return await asyncio.get_running_loop().run_in_executor(self._files, partial(work, *args, **kwargs))

    async def work(self, work: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs) -> Found:
        """Run something that takes seconds, one at a time.

        Raises: Busy when too much waits already
        """
        self._heavy_gate.enter()
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._heavy, partial(work, *args, **kwargs)
            )
        finally:
            self._heavy_gate.leave()

    def now(self) -> datetime:
        """The wall clock."""
        return self.clock.now()

    @property
    def database(self) -> Database:
        """The index, for what runs on the heavy thread; it closes its connection when it is done."""
        return self._database

    @property
    def timeouts(self) -> people.Timeouts:
        """When sessions end by themselves."""
        web = self.settings.web
        return people.Timeouts(
            timedelta(minutes=web.idle_timeout_min),
            timedelta(hours=web.absolute_timeout_h),
            timedelta(hours=self.settings.sign_in.confirmation_h),
        )

    async def renew_settings(self) -> None:
        """Take over settings that were saved; unreadable ones leave the old ones in force."""
        stamp = await self.read(storage.stamp, self.layout)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self.settings, self.settings_problem = await self.read(storage.in_force, self.layout)
        except SettingsUnreadable as error:
            self.settings_problem = error.message()
            _logger.error("settings unreadable", extra={"problem": error.message()})  # noqa: TRY400 - expected

    def close(self) -> None:
        """End all threads, each closing its own connection to the index."""
        self.fanout.close()
        self.exports.close()
        self.corrections.close()
        self.probes.close()
        self.incoming.close()
        together = threading.Barrier(INDEX_THREADS)
        for _ in range(INDEX_THREADS):
            self._index.submit(self._close_connection, together)
        self._index.shutdown(wait=True)
        self._files.shutdown(wait=True, cancel_futures=True)
        self._heavy.shutdown(wait=True, cancel_futures=True)
        self.passwords.close()
        self.directory.close()
        self.operations.close()

    def _close_connection(self, together: threading.Barrier) -> None:
        together.wait(_CLOSE_S)
        self._database.close()
