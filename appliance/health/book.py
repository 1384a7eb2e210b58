"""The table of alarms, brought in line with what the checks find by a thread of its own.

A busy, full or damaged index never holds up the checks, and what could not be written is written as soon as that is
possible. What the index alone knows (refused sign-ins, notices that do not get through) is read on the way.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple

from appliance.core import log
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.domain.condition import CONDITIONS, Severity
from appliance.health import Finding
from appliance.settings.alarms import Alarms
from appliance.store import alarms, notices, operations
from appliance.store.database import Database, open_database

_logger = log.get(__name__)

_TOLD_EVERY_S = 60.0
"""How often facts and time of an alarm that stands are written down again."""

_SETTLED_S = 120.0
"""How long after a start silence about a condition that stood before says nothing: checks need time to see it."""

_LATELY = timedelta(minutes=10)
_IN_VAIN = 3


class Look(NamedTuple):
    """When the checks looked; `watched_s` is how long the news had been followed."""

    at: datetime
    mono_s: float
    watched_s: float


class AlarmBook:
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
        self.refused_sign_ins: dict[str, int] = {}
        self.stuck_notices: dict[str, str] = {}

    def keep(self, findings: list[Finding], look: Look, wanted: Alarms) -> None:
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

    def _write(self, findings: list[Finding], look: Look, wanted: Alarms) -> None:
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

    def _bring_in_line(self, database: Database, findings: list[Finding], look: Look, wanted: Alarms) -> None:
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
            self.refused_sign_ins = operations.refused_sign_ins(database, look.at - _LATELY)
            self.stuck_notices = notices.stuck(database, _IN_VAIN)
            alarms.forget(database, look.at - timedelta(days=wanted.keep_days))
            self._next_mono_s = look.mono_s + _TOLD_EVERY_S

    def _let_go(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _found(finding: Finding) -> alarms.Found:
    kind = CONDITIONS.get(finding.code)
    severity = kind.severity if kind else Severity.WARNING
    return alarms.Found(finding.code, finding.subject, severity, finding.raised, finding.facts)
