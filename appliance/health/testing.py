"""The daily call of the box to itself: asked for at its time, its verdict read when it is there."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from appliance.core import log
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.domain.selftest import SelfTest
from appliance.settings.root import Settings
from appliance.system import door
from appliance.system.privileged.selftest import SELF_TEST, PlaceTestCall

_logger = log.get(__name__)

_LATE = timedelta(hours=2)
"""A test is not made up for when the box was off longer than this at its time."""


class SelfTests:
    """Belongs to the event loop; the call itself is made by units of its own."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._read_ns = 0
        self._asked_at: datetime | None = None
        self._asking: asyncio.Task[None] | None = None
        self.last: SelfTest | None = None

    def look(self, at: datetime, settings: Settings) -> None:
        """Read a new verdict, and ask for the test when it is due."""
        self._read()
        due_at = due(settings.alarms.self_test_at, at, ZoneInfo(settings.time.zone))
        if due_at is None or at - due_at > _LATE or self._asking is not None:
            return
        done = [self._asked_at] if self._asked_at else []
        if self.last is not None:
            done.append(self.last.at)
        if not done or max(done) < due_at:
            self._asked_at = at
            self._asking = asyncio.create_task(self._ask())

    async def close(self) -> None:
        """Ask no longer; a test that runs goes on."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask(self) -> None:
        try:
            await door.ask(self._layout, SELF_TEST, PlaceTestCall(), by="watchdog")
        except ApplianceError as error:
            _logger.warning("no test call", extra={"problem": error.message()})
        finally:
            self._asking = None

    def _read(self) -> None:
        try:
            changed_ns = self._layout.self_test.stat().st_mtime_ns
            if changed_ns == self._read_ns:
                return
            self._read_ns = changed_ns
            self.last = msgspec.json.decode(self._layout.self_test.read_bytes(), type=SelfTest)
        except FileNotFoundError:
            self.last = None
        except (OSError, msgspec.MsgspecError) as error:
            _logger.warning("the verdict of the test call cannot be read", extra={"problem": str(error)})


def due(time: str, at: datetime, zone: ZoneInfo) -> datetime | None:
    """The last moment at which the daily test was due; None when there is none."""
    if not time:
        return None
    local = at.astimezone(zone)
    moment = local.replace(hour=int(time[:2]), minute=int(time[3:]), second=0, microsecond=0)
    return moment if moment <= local else moment - timedelta(days=1)
