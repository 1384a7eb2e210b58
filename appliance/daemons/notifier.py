"""The notifier: tells people of alarms. It reads the table of alarms and owns the table of notices.

A program of its own, so that a mail server that hangs holds up no check, and the only other one beside the panel that
may talk to the network. Planning and sending take turns in threads of their own.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

from appliance.bus.client import Bus
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.notify import Undelivered, Unwanted, email
from appliance.notify.planning import HOUR, TARGET, alive, alive_since, plan
from appliance.settings.root import Settings
from appliance.settings.storage import Kept
from appliance.store import alarms, notices
from appliance.store.database import Database, open_database

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
        self.failing = ""

    def round(self, settings: Settings) -> None:
        """Plan and send.

        Raises: ApplianceError of the index
        """
        if self._database is None:
            self._database = open_database(self._layout)
        self._plan(self._database, settings)
        self._send(self._database, settings)

    def close(self) -> None:
        """Let go of the index."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _plan(self, database: Database, settings: Settings) -> None:
        wanted, at, zone = settings.alarms.email, self._clock.now(), ZoneInfo(settings.time.zone)
        if not wanted.enabled:
            return
        newest = alarms.find(database, alarms.Wanted(), before=None, limit=_LOOKED_AT)
        standing = alarms.find(database, alarms.Wanted(state="active"), before=None, limit=_LOOKED_AT)
        looked_at = list({one.id: one for one in [*newest, *standing]}.values())
        told = notices.last_of(database, TARGET, [one.id for one in looked_at])
        recent = notices.since(database, TARGET, at - HOUR)
        made = plan(wanted, looked_at, told, len(recent), at, zone)
        if wanted.alive_at:
            is_told = "alive" in notices.since(database, TARGET, alive_since(wanted, at, zone))
            daily = alive(wanted, sum(one.cleared_at is None for one in looked_at), is_told, at, zone)
            made += [daily] if daily else []
        if made:
            notices.add(database, made, at)
        notices.forget(database, at - timedelta(days=settings.alarms.keep_days))

    def _send(self, database: Database, settings: Settings) -> None:
        notifier = email.make(settings.alarms.email)
        for kept in notices.due(database, self._clock.now()):
            try:
                answer = notifier.send(kept.notice.receivers, kept.notice.title, kept.notice.content)
            except Unwanted as error:
                notices.finish(database, kept.id, "failed", str(error.facts["answer"]), self._clock.now())
                _logger.warning("a notice is refused", extra={"problem": error.message()})
            except Undelivered as error:
                self.failing = str(error.facts["answer"])
                at = self._clock.now()
                if at - kept.at >= GIVE_UP_AFTER:
                    notices.finish(database, kept.id, "failed", self.failing, at)
                else:
                    notices.postpone(database, kept.id, self.failing, at + notices.wait_after(kept.attempts))
                _logger.warning("a notice could not be sent", extra={"problem": error.message()})
                return  # the others would wait for the same server
            else:
                self.failing = ""
                notices.finish(database, kept.id, "sent", answer, self._clock.now())


async def main(service: Service, options: Options) -> None:
    """Tell people of alarms until told to stop."""
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


def _report(service: Service, settings: Settings, failing: str) -> None:
    if not settings.alarms.email.enabled:
        service.status("switched off", "已关闭")
    elif failing:
        service.status(f"mails cannot be sent: {failing}", f"邮件无法发送：{failing}")
    else:
        service.status("mails are sent", "邮件告警正常")
