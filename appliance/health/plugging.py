"""Notes what is plugged in or pulled out while it happens, so that pages show it without being loaded anew."""

from appliance.bus.client import Bus
from appliance.bus.topics import DEVICES, Devices
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.files import Layout
from appliance.system import devices, plugged
from appliance.system.devices import Change, Watch

_ANYWAY_S = 30.0
"""Looked at so often even when nothing was heard of: udev may not run, and who gave up a device tells nobody."""

_logger = log.get(__name__)


class Plugging:
    """Keeps the report of what is plugged in; `look` is called again and again and mostly does nothing."""

    def __init__(self, layout: Layout, clock: Clock, bus: Bus) -> None:
        self._layout = layout
        self._clock = clock
        self._bus = bus
        self._watch: Watch | None = None
        self._is_due = True
        self._looked_mono_s = 0.0
        self._mounts: dict[str, list[str]] = {}
        self._last: plugged.Plugged | None = None

    def open(self) -> "Plugging":
        """Begin to listen to udev."""
        try:
            self._watch = Watch(self._heard).open()
        except (OSError, ImportError) as error:
            _logger.warning("devices are looked for now and then only", extra={"problem": str(error)})
        return self

    def close(self) -> None:
        """Listen no more."""
        if self._watch is not None:
            self._watch.close()

    def look(self) -> None:
        """Renew the report when there is a reason to, and say so when it differs."""
        now_mono_s = self._clock.mono_s()
        try:
            mounts = devices.mounts()
            if not (self._is_due or mounts != self._mounts or now_mono_s - self._looked_mono_s >= _ANYWAY_S):
                return
            self._is_due, self._mounts, self._looked_mono_s = False, mounts, now_mono_s
            report = plugged.look(self._clock.now())
            if report.is_like(self._last):
                return
            plugged.write(self._layout, report)
        except (OSError, ImportError) as error:
            _logger.warning("devices cannot be looked at", extra={"problem": str(error)})
            return
        self._tell(report)

    def _heard(self, change: Change) -> None:
        if change.action in ("add", "remove"):
            _logger.info("a device", extra={"action": change.action, "device": change.name})
        self._is_due = True

    def _tell(self, report: plugged.Plugged) -> None:
        self._last = report
        self._bus.set(DEVICES, "", Devices(at=report.at))
