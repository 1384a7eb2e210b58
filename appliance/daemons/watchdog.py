"""The watchdog: follows the news, runs the checks, publishes findings and keeps the alarms.

It restarts nothing; systemd does. Alarms are written by a thread of their own: a busy, full or damaged index never
holds up the checks, and what could not be written is written as soon as that is possible.
"""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from appliance.backup.desk import Desk
from appliance.bus.client import Bus
from appliance.bus.topics import (
    HEALTH,
    INTAKE,
    PROGRAM,
    QUEUE,
    STORAGE,
    TIME,
    Health,
    Intake,
    ProgramState,
    Queue,
    StorageState,
    TimeState,
)
from appliance.core import log
from appliance.core.clock import JumpDetector
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.domain.condition import CONDITIONS, Severity
from appliance.health import CHECKS, Check, Finding, Seen, make
from appliance.settings import storage
from appliance.settings.alarms import Alarms
from appliance.store import alarms
from appliance.store.database import Database, open_database
from appliance.system import disks

_EVERY_S = 2.0
_PULSE_S = 30.0
_MIB = 1 << 20
_TOLD_EVERY_S = 60.0
"""How often facts and time of an alarm that stands are written down again."""
_SETTLED_S = 120.0
"""How long after a start silence about a condition that stood before says nothing: checks need time to see it."""

T = TypeVar("T")
_logger = log.get(__name__)


class _News:
    """The newest of everything the programs said."""

    def __init__(self, service: Service, bus: Bus) -> None:
        self.programs: dict[str, ProgramState] = {}
        self.intake: dict[str, Intake] = {}
        self.queues: dict[str, Queue] = {}
        self.storage: dict[str, StorageState] = {}
        self.time: dict[str, TimeState] = {}
        self._service = service
        self._since_mono_s: float | None = None
        bus.subscribe(PROGRAM, lambda key, news: _keep(self.programs, key, news))
        bus.subscribe(INTAKE, lambda key, news: _keep(self.intake, key, news))
        bus.subscribe(QUEUE, lambda key, news: _keep(self.queues, key, news))
        bus.subscribe(STORAGE, lambda key, news: _keep(self.storage, key, news))
        bus.subscribe(TIME, lambda key, news: _keep(self.time, key, news))
        bus.on_connection(self._connection)

    @property
    def watched_s(self) -> float:
        """Seconds since the broker was reached, 0.0 without one."""
        return 0.0 if self._since_mono_s is None else self._service.clock.mono_s() - self._since_mono_s

    def _connection(self, is_up: bool) -> None:  # noqa: FBT001 - the bus calls it so
        self._since_mono_s = self._service.clock.mono_s() if is_up else None
        if is_up:  # state that its owner no longer has would stay for ever
            self.programs.clear()
            self.intake.clear()
            self.queues.clear()
            self.storage.clear()
            self.time.clear()


class _Findings:
    """Publishes each finding when it changes."""

    def __init__(self, service: Service, bus: Bus) -> None:
        self._service = service
        self._bus = bus
        self._said: dict[str, Finding] = {}

    @property
    def raised(self) -> int:
        """How many conditions stand."""
        return sum(finding.raised for finding in self._said.values())

    def publish(self, check: str, findings: list[Finding]) -> None:
        """Say what is new; a subject that is gone is cleared."""
        keyed = {f"{check}.{finding.subject}" if finding.subject else check: finding for finding in findings}
        for key in [key for key in self._said if key.split(".", 1)[0] == check and key not in keyed]:
            del self._said[key]
            self._bus.clear(HEALTH, key)
        for key, finding in keyed.items():
            before = self._said.get(key)
            self._said[key] = finding
            if (
                before is not None
                and before.raised == finding.raised
                and (not finding.raised or before.facts == finding.facts)
            ):
                continue
            if finding.raised and (before is None or not before.raised):
                _logger.warning("a condition is raised", extra={"condition": finding.code, **finding.facts})
            elif before is not None and before.raised and not finding.raised:
                _logger.info("a condition is over", extra={"condition": finding.code, **finding.facts})
            self._bus.set(
                HEALTH,
                key,
                Health(
                    at=self._service.clock.now(),
                    raised=finding.raised,
                    code=finding.code,
                    facts=finding.facts,
                ),
            )


class _Look(NamedTuple):
    """When the checks looked; `watched_s` is how long the news had been followed."""

    at: datetime
    mono_s: float
    watched_s: float


class _AlarmBook:
    """Brings the table of alarms in line with the newest findings."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="alarms")
        self._database: Database | None = None
        self._writing: asyncio.Future[None] | None = None
        self._written: dict[tuple[str, str], bool] | None = None
        self._own: set[tuple[str, str]] = set()
        self._next_mono_s = 0.0
        self.problem = ""

    def keep(self, findings: list[Finding], look: _Look, wanted: Alarms) -> None:
        """Have the findings written down unless the last ones still are; never waits, never raises."""
        if self._writing is not None and not self._writing.done():
            return
        self._writing = asyncio.get_running_loop().run_in_executor(
            self._thread, self._write, findings, look, wanted
        )

    async def close(self) -> None:
        """Wait for what is being written."""
        if self._writing is not None:
            await self._writing
        await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
        self._thread.shutdown()

    def _write(self, findings: list[Finding], look: _Look, wanted: Alarms) -> None:
        try:
            if self._database is None:
                self._database = open_database(self._layout)
            self._bring_in_line(self._database, findings, look, wanted)
        except ApplianceError as error:
            if error.code != self.problem:
                _logger.error("alarms cannot be written down", extra={"problem": error.message()})  # noqa: TRY400 - expected
            self.problem = error.code
            self._let_go()
        else:
            self.problem = ""

    def _bring_in_line(
        self, database: Database, findings: list[Finding], look: _Look, wanted: Alarms
    ) -> None:
        now = {(one.code, one.subject): _found(one) for one in findings}
        states = {key: one.raised for key, one in now.items()}
        self._own |= {key for key, raised in states.items() if raised}
        is_time = look.mono_s >= self._next_mono_s
        if is_time or states != self._written:
            standing = alarms.standing(database)
            # What stood before a start is over once the checks had time to see it again.
            may_end = standing.keys() if look.watched_s >= _SETTLED_S else standing.keys() & self._own
            write = [
                one
                for key, one in now.items()
                if (one.raised and (is_time or key not in standing)) or (not one.raised and key in may_end)
            ]
            write += [
                alarms.Found(*key, Severity.WARNING, raised=False, facts={})
                for key in may_end
                if key not in now
            ]
            if write:
                alarms.record(database, write, look.at, timedelta(minutes=wanted.same_within_min))
            self._written = states
        if is_time:
            alarms.forget(database, look.at - timedelta(days=wanted.keep_days))
            self._next_mono_s = look.mono_s + _TOLD_EVERY_S

    def _let_go(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


async def main(service: Service, options: Options) -> None:
    """Check every two seconds until told to stop."""
    layout = options.layout.make()
    settings = storage.Kept(layout)
    checks: dict[str, Check] = {name: make(name) for name in CHECKS}
    jumps = JumpDetector(service.clock)
    desk = Desk(layout)
    bus = Bus(layout.bus_socket, service.name, service.clock)
    bus.own(HEALTH)
    news = _News(service, bus)
    findings = _Findings(service, bus)
    book = _AlarmBook(layout)
    pulse = service.pulse("checks", _PULSE_S)
    async with bus:
        service.on_status(bus.report)
        service.ready()
        while not await service.sleep(_EVERY_S):
            pulse.beat()
            settings.renewed()
            seen = Seen(
                at=service.clock.now(),
                watched_s=news.watched_s,
                programs=news.programs,
                intake=news.intake,
                queues=news.queues,
                storage=news.storage,
                free_bytes=shutil.disk_usage(layout.data).free,
                low_bytes=settings.now.capture.keep_free_mib * _MIB,
                jump_s=jumps.jump_s(),
                settings_problem=settings.problem,
                index_problem=book.problem,
                settings_revision=settings.now.revision,
                time=next(iter(news.time.values()), None),
                disks=disks.read(layout),
                warn_days=settings.now.retention.warn_days,
                backup=desk.summary(),
                work=_work(settings.now),
                recorded_at=news.recorded_at,
                self_test=tests.last,
                refused_sign_ins=book.refused_sign_ins,
                stuck_notices=book.stuck_notices,
            )
            found = {name: check.findings(seen) for name, check in checks.items()}
            for name, of_check in found.items():
                findings.publish(name, of_check)
            everything = [finding for of_check in found.values() for finding in of_check]
            look = _Look(seen.at, service.clock.mono_s(), seen.watched_s)
            book.keep(everything, look, settings.now.alarms)
            if findings.raised:
                service.status(f"conditions: {findings.raised}", f"异常 {findings.raised} 项")
            else:
                service.status("all is well", "一切正常")
        await book.close()


def _found(finding: Finding) -> alarms.Found:
    kind = CONDITIONS.get(finding.code)
    severity = kind.severity if kind else Severity.WARNING
    return alarms.Found(finding.code, finding.subject, severity, finding.raised, finding.facts)


def _keep(kept: dict[str, T], key: str, news: T | None) -> None:
    if news is None:
        kept.pop(key, None)
    else:
        kept[key] = news
