"""The watchdog: follows the news, runs the checks, publishes findings and keeps the alarms.

What dies is started again by systemd; what stays down all the same is the escalation's business.
"""

import shutil
import time
from typing import TypeVar
from zoneinfo import ZoneInfo

from appliance.backup.desk import Desk
from appliance.bus.client import Bus
from appliance.bus.topics import (
    BOARD,
    HEALTH,
    INDEXED,
    INTAKE,
    PROGRAM,
    QUEUE,
    STORAGE,
    TIME,
    BoardState,
    CallIndexed,
    Health,
    Intake,
    ProgramState,
    Queue,
    StorageState,
    TimeState,
)
from appliance.core import log
from appliance.core.clock import JumpDetector
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.domain.hours import Hours
from appliance.health import CHECKS, Check, Finding, Seen, Work, make
from appliance.health.book import AlarmBook, Look
from appliance.health.escalating import Escalation
from appliance.health.plugging import Plugging
from appliance.health.testing import SelfTests
from appliance.settings import storage
from appliance.settings.root import Settings
from appliance.system import disks
from appliance.system.licences import Licences
from appliance.system.temperature import Thermometer

_EVERY_S = 2.0
_PULSE_S = 30.0
_MIB = 1 << 20

T = TypeVar("T")
_logger = log.get(__name__)


class _News:
    """The newest of everything the programs said."""

    def __init__(self, service: Service, bus: Bus) -> None:
        self.programs: dict[str, ProgramState] = {}
        self.intake: dict[str, Intake] = {}
        self.queues: dict[str, Queue] = {}
        self.storage: dict[str, StorageState] = {}
        self.boards: dict[str, BoardState] = {}
        self.time: dict[str, TimeState] = {}
        self._service = service
        self._since_mono_s: float | None = None
        self.recorded_at = service.clock.now()
        bus.subscribe(PROGRAM, lambda key, news: _keep(self.programs, key, news))
        bus.subscribe(INTAKE, lambda key, news: _keep(self.intake, key, news))
        bus.subscribe(QUEUE, lambda key, news: _keep(self.queues, key, news))
        bus.subscribe(STORAGE, lambda key, news: _keep(self.storage, key, news))
        bus.subscribe(BOARD, lambda key, news: _keep(self.boards, key, news))
        bus.subscribe(INDEXED, self._indexed)
        bus.subscribe(TIME, lambda key, news: _keep(self.time, key, news))
        bus.on_connection(self._connection)

    @property
    def watched_s(self) -> float:
        """Seconds since the broker was reached, 0.0 without one."""
        return 0.0 if self._since_mono_s is None else self._service.clock.mono_s() - self._since_mono_s

    def _indexed(self, _: str, news: CallIndexed | None) -> None:
        if news is not None and news.recorded:
            self.recorded_at = news.at

    def _connection(self, is_up: bool) -> None:  # noqa: FBT001 - the bus calls it so
        self._since_mono_s = self._service.clock.mono_s() if is_up else None
        if is_up:  # state that its owner no longer has would stay for ever
            self.programs.clear()
            self.intake.clear()
            self.queues.clear()
            self.storage.clear()
            self.boards.clear()
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
    book = AlarmBook(layout)
    tests = SelfTests(layout)
    escalation = Escalation(layout)
    licences = Licences(layout)
    thermometer = Thermometer(service.clock)
    plugging = Plugging(layout, service.clock, bus).open()
    pulse = service.pulse("checks", _PULSE_S)
    async with bus:
        service.on_status(bus.report)
        service.ready()
        while not await service.sleep(_EVERY_S):
            pulse.beat()
            plugging.look()
            settings.renewed()
            tests.look(service.clock.now(), settings.now)
            seen = Seen(
                at=service.clock.now(),
                watched_s=news.watched_s,
                programs=news.programs,
                intake=news.intake,
                queues=news.queues,
                storage=news.storage,
                boards=news.boards,
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
                licensed=licences.at(service.clock.now().date()),
                device=licences.device,
                sensors=thermometer.sensors(settings.now.alarms.too_hot_c),
            )
            found = {name: check.findings(seen) for name, check in checks.items()}
            for name, of_check in found.items():
                findings.publish(name, of_check)
            escalation.look(
                found,
                seen.at,
                time.clock_gettime(time.CLOCK_BOOTTIME),
                may_restart=settings.now.alarms.restart_box,
            )
            everything = [finding for of_check in found.values() for finding in of_check]
            look = Look(seen.at, service.clock.mono_s(), seen.watched_s)
            book.keep(everything, look, settings.now.alarms)
            if findings.raised:
                service.status(f"conditions: {findings.raised}", f"异常 {findings.raised} 项")
            else:
                service.status("all is well", "一切正常")
        plugging.close()
        await escalation.close()
        await tests.close()
        await book.close()


def _work(settings: Settings) -> Work | None:
    alarms = settings.alarms
    if not alarms.no_recording_min:
        return None
    hours = Hours(alarms.work_begin, alarms.work_end, tuple(alarms.work_days))
    return Work(hours, ZoneInfo(settings.time.zone), alarms.no_recording_min)


def _keep(kept: dict[str, T], key: str, news: T | None) -> None:
    if news is None:
        kept.pop(key, None)
    else:
        kept[key] = news
