"""The notifier: tells people and machines of alarms, and the syslog server of what our books hold.

It reads the tables of alarms, operations and calls, and owns those of notices and of how far was told. A program of
its own, so that a server that hangs holds up no check. Everything takes turns in one thread.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

from appliance.bus.client import Bus
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout, write_atomically
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.notify import Notifier, Undelivered, Unwanted, email, snmp, syslog, webhook
from appliance.notify.books import forward
from appliance.notify.planning import HOUR, alive, alive_since, plan
from appliance.notify.rules import EMAIL, SNMP, SYSLOG, WEBHOOK, rules
from appliance.notify.syslog import Carrier
from appliance.settings.root import Settings
from appliance.settings.storage import Kept
from appliance.store import alarms, notices
from appliance.store.database import Database, open_database
from appliance.system import syslogd
from appliance.system.attendant import Attendant
from appliance.system.syslogd import Carrying

_logger = log.get(__name__)

_LOOK_S = 2.0
_PULSE_S = 600.0
_LOOKED_AT = 200
GIVE_UP_AFTER = timedelta(hours=24)


class Work:
    """One round: what is due is put into the queue, and what waits in it is tried. Runs on a single thread."""

    def __init__(self, layout: Layout, clock: Clock) -> None:
        self._layout = layout
        self._clock = clock
        self._database: Database | None = None
        self._carrier = Carrier(layout.syslog_socket)
        self._carrying = Carrying()
        self._rsyslog = Attendant(
            layout.syslog_settings, syslogd.command, clock, self._said, silence_s=syslogd.SILENCE_S
        )
        self.failing: dict[str, str] = {}

    def round(self, settings: Settings) -> None:
        """Plan and send.

        Raises: ApplianceError of the index
        """
        if self._database is None:
            self._database = open_database(self._layout)
        self._attend(settings)
        self._plan(self._database, settings)
        self._send(self._database, settings)
        try:
            forward(self._database, settings, self._carrier, self._layout)
        except Undelivered as error:
            self.failing[SYSLOG] = str(error.facts["answer"])

    def close(self) -> None:
        """Let go of the index and of the carrier."""
        self._carrier.close()
        self._rsyslog.close()
        if self._database is not None:
            self._database.close()
            self._database = None

    def _said(self, line: str) -> None:
        self._carrying = syslogd.fares(line, self._carrying)

    def _attend(self, settings: Settings) -> None:
        wanted = settings.monitoring.syslog
        if not (wanted.enabled and wanted.server):
            self._rsyslog.keep(None)
            self.failing.pop(SYSLOG, None)
            return
        if wanted.authority:
            write_atomically(self._layout.syslog_authority, wanted.authority.encode(), durable=False)
        self._rsyslog.keep(syslogd.configuration(wanted, self._layout))
        carrying = self._carrying
        if self._rsyslog.problem or (carrying.waiting and carrying.problem):
            self.failing[SYSLOG] = self._rsyslog.problem or carrying.problem
        else:
            self.failing.pop(SYSLOG, None)

    def _plan(self, database: Database, settings: Settings) -> None:
        at, zone = self._clock.now(), ZoneInfo(settings.time.zone)
        wanted = rules(settings)
        known = {_peer(rule.target, receiver) for rule in wanted for receiver in rule.receivers} | {SYSLOG}
        for peer in self.failing.keys() - known:
            del self.failing[peer]
        if not wanted:
            return
        newest = alarms.find(database, alarms.Wanted(), before=None, limit=_LOOKED_AT)
        standing = alarms.find(database, alarms.Wanted(state="active"), before=None, limit=_LOOKED_AT)
        looked_at = list({one.id: one for one in [*newest, *standing]}.values())
        for rule in wanted:
            told = notices.last_of(database, rule.target, [one.id for one in looked_at])
            recent = notices.since(database, rule.target, at - HOUR)
            made = plan(rule, looked_at, told, len(recent), at, zone)
            if rule.alive_at:
                is_told = "alive" in notices.since(database, rule.target, alive_since(rule, at, zone))
                daily = alive(rule, sum(one.cleared_at is None for one in looked_at), is_told, at, zone)
                made += [daily] if daily else []
            if made:
                notices.add(database, made, at)
        notices.forget(database, at - timedelta(days=settings.alarms.keep_days))

    def _send(self, database: Database, settings: Settings) -> None:
        notifiers: Mapping[str, Notifier] = {
            EMAIL: email.make(settings.alarms.email),
            SNMP: snmp.make(settings.monitoring.snmp),
            SYSLOG: syslog.make(self._layout),
            WEBHOOK: webhook.make(settings.alarms.webhook),
        }
        dead: set[tuple[str, tuple[str, ...]]] = set()
        for kept in notices.due(database, self._clock.now()):
            notice = kept.notice
            if (notice.target, notice.receivers) in dead:
                continue  # it would wait for the same server
            try:
                answer = notifiers[notice.target].send(notice.receivers, notice.title, notice.content)
            except Unwanted as error:
                notices.finish(database, kept.id, "failed", str(error.facts["answer"]), self._clock.now())
                _logger.warning("a notice is refused", extra={"problem": error.message()})
            except Undelivered as error:
                dead.add((notice.target, notice.receivers))
                problem = str(error.facts["answer"])
                self.failing |= {_peer(notice.target, one): problem for one in notice.receivers}
                at = self._clock.now()
                if at - kept.at >= GIVE_UP_AFTER:
                    notices.finish(database, kept.id, "failed", problem, at)
                else:
                    notices.postpone(database, kept.id, problem, at + notices.wait_after(kept.attempts))
                _logger.warning("a notice could not be sent", extra={"problem": error.message()})
            else:
                for one in notice.receivers:
                    self.failing.pop(_peer(notice.target, one), None)
                notices.finish(database, kept.id, "sent", answer, self._clock.now())


async def main(service: Service, options: Options) -> None:
    """Tell people and machines until told to stop."""
    layout = options.layout.make()
    kept = Kept(layout)
    bus = Bus(layout.bus_socket, service.name, service.clock)
    work = Work(layout, service.clock)
    pulse = service.pulse("telling", _PULSE_S)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="notices") as thread:
        async with bus:
            service.on_status(bus.report)
            service.ready()
            while not await service.sleep(_LOOK_S):
                pulse.beat()
                kept.renewed()
                try:
                    await loop.run_in_executor(thread, work.round, kept.now)
                except ApplianceError as error:
                    service.status(f"waits for the index: {error.code}", f"等待索引：{error.code}")
                    await loop.run_in_executor(thread, work.close)
                else:
                    _report(service, kept.now, work.failing)
        await loop.run_in_executor(thread, work.close)


def _peer(target: str, receiver: str) -> str:
    return f"{target} {receiver}"


def _report(service: Service, settings: Settings, failing: Mapping[str, str]) -> None:
    syslog_wanted = settings.monitoring.syslog.enabled and settings.monitoring.syslog.server
    if failing:
        en = "; ".join(f"{peer}: {problem}" for peer, problem in failing.items())
        service.status(f"cannot be told: {en}", f"无法送达：{en}")
    elif rules(settings) or syslog_wanted:
        service.status("everybody is told", "通知发送正常")
    else:
        service.status("switched off", "已关闭")
