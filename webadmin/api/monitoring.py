"""What the monitoring team fetches: metrics for Prometheus, and our MIB."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from appliance.core.errors import Denied, NotFound
from appliance.core.release import VERSION
from appliance.domain.condition import CONDITIONS
from appliance.domain.control import ControlState
from appliance.store import alarms, figures
from appliance.store.alarms import Alarm
from appliance.store.database import Database
from appliance.system.temperature import Sensor, sensors
from webadmin.files import BytesAnswer, FileAnswer
from webadmin.live import Live
from webadmin.machine import Machine
from webadmin.operation import Asked, Nothing

METRICS_TYPE = CONTENT_TYPE_PLAIN_0_0_4
MIB_TYPE = "text/plain; charset=utf-8"
MIB_NAME = "TAPELINE-MIB.txt"
_MOST_ALARMS = 1000
_MIB_PLACES = (
    Path("/usr/share/snmp/mibs") / MIB_NAME,
    Path(__file__).parents[2] / "rootfs/usr/share/snmp/mibs" / MIB_NAME,
)
"""On the box, and in a clone."""
TEMPLATE_TYPE = "application/yaml"
TEMPLATES = {
    "zabbix": "zabbix-template.yaml",
    "librenms-detection": "librenms-detection.yaml",
    "librenms-discovery": "librenms-discovery.yaml",
}
_TEMPLATE_PLACES = (
    Path("/usr/share/tapeline/monitoring"),
    Path(__file__).parents[2] / "rootfs/usr/share/tapeline/monitoring",
)


async def metrics(asked: Asked[Nothing, Nothing]) -> BytesAnswer:
    """Calls, mirror ports, storage, work, programs and alarms as metrics (Prometheus text format)."""
    _check(asked)
    panel = asked.panel
    standing, reasons = await panel.ask(_look)
    registry = CollectorRegistry(auto_describe=False)
    heat = await panel.read(sensors, limit_c=panel.settings.alarms.too_hot_c)
    registry.register(_Box(panel.live, panel.machine, standing, reasons, heat))
    return BytesAnswer(generate_latest(registry), METRICS_TYPE)


async def mib(asked: Asked[Nothing, Nothing]) -> FileAnswer:
    """The MIB of this recorder, for SNMP managers."""
    _check(asked)
    for path in _MIB_PLACES:
        if await asked.panel.read(path.is_file):
            return FileAnswer(path, MIB_TYPE, file_name=MIB_NAME, etag=VERSION)
    raise NotFound(what=MIB_NAME)


async def template(asked: Asked[Nothing, Nothing]) -> FileAnswer:
    """A template for a monitoring system, made for this recorder's MIB."""
    _check(asked)
    name = TEMPLATES[asked.path["template"]]
    for folder in _TEMPLATE_PLACES:
        if await asked.panel.read((folder / name).is_file):
            return FileAnswer(folder / name, TEMPLATE_TYPE, file_name=f"tapeline-{name}", etag=VERSION)
    raise NotFound(what=name)


def _check(asked: Asked[Any, Any]) -> None:
    """Both tell of the box as a whole.

    Raises: Denied
    """
    if not asked.visitor.sees_box:
        raise Denied


def _look(database: Database) -> tuple[list[Alarm], dict[str, int]]:
    found: list[Alarm] = []
    for wanted in (alarms.Wanted(state="active"), alarms.Wanted(state="acknowledged")):
        found += alarms.find(database, wanted, before=None, limit=_MOST_ALARMS)
    return found, figures.by_reason(database)


class _Box(Collector):
    """All metrics of one moment. Names follow Prometheus' rules: base units, `_total` for what only grows."""

    def __init__(
        self,
        live: Live,
        machine: Machine,
        standing: list[Alarm],
        reasons: dict[str, int],
        heat: list[Sensor],
    ) -> None:
        self._heat = heat
        self._live = live
        self._machine = machine
        self._standing = standing
        self._reasons = reasons

    def collect(self) -> Iterator[Metric]:
        """Every metric once."""
        yield InfoMetricFamily("tapeline", "The release that runs.", value={"version": VERSION})
        yield from self._calls()
        yield from self._mirror()
        yield from self._storage()
        yield from self._work()
        yield from self._programs()
        yield from self._temperatures()
        yield from self._alarms()

    def _calls(self) -> Iterator[Metric]:
        live = self._live.calls.values()
        yield GaugeMetricFamily("tapeline_calls_in_progress", "Calls that are going on.", len(live))
        yield GaugeMetricFamily(
            "tapeline_calls_being_recorded",
            "Calls that are being recorded.",
            sum(one.control is not None and one.control.state is ControlState.RECORDING for one in live),
        )
        ledger = CounterMetricFamily(
            "tapeline_calls", "Calls in the ledger by their reason; none = recorded.", labels=["reason"]
        )
        for reason, calls in sorted(self._reasons.items()):
            ledger.add_metric([reason or "none"], calls)
        yield ledger

    def _mirror(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "tapeline_mirror_link_up", "Whether the port has a link.", labels=["interface"]
        )
        counted = CounterMetricFamily(
            "tapeline_mirror_events", "The engine's counters.", labels=["interface", "counter"]
        )
        states = GaugeMetricFamily(
            "tapeline_mirror_state", "The engine's figures of this moment.", labels=["interface", "figure"]
        )
        for name, port in sorted(self._live.intake.items()):
            up.add_metric([name], port.link_up)
            for counter, value in sorted(port.counters.items()):
                if counter.endswith("_now"):
                    states.add_metric([name, counter.removesuffix("_now")], value)
                else:
                    counted.add_metric([name, counter], value)
        yield from (up, counted, states)

    def _storage(self) -> Iterator[Metric]:
        total = GaugeMetricFamily("tapeline_storage_size_bytes", "Size of the storage path.", labels=["path"])
        free = GaugeMetricFamily("tapeline_storage_free_bytes", "Free on the storage path.", labels=["path"])
        current = GaugeMetricFamily(
            "tapeline_storage_current", "Whether new recordings go there.", labels=["path"]
        )
        good = GaugeMetricFamily(
            "tapeline_storage_good", "Whether nothing is wrong with it.", labels=["path"]
        )
        for _, path in sorted(self._live.storage.items()):
            total.add_metric([path.path], path.total_bytes)
            free.add_metric([path.path], path.free_bytes)
            current.add_metric([path.path], path.current)
            good.add_metric([path.path], not path.problem)
        yield from (total, free, current, good)

    def _work(self) -> Iterator[Metric]:
        waiting = self._live.queue_view()
        if waiting is None:
            return
        work = GaugeMetricFamily("tapeline_bundles", "Captured calls by their state.", labels=["state"])
        work.add_metric(["ready"], waiting.ready)
        work.add_metric(["working"], waiting.working)
        work.add_metric(["quarantined"], waiting.quarantined)
        yield work
        yield GaugeMetricFamily(
            "tapeline_oldest_bundle_age_seconds", "How long the oldest call has waited.", waiting.oldest_s
        )

    def _programs(self) -> Iterator[Metric]:
        alive = GaugeMetricFamily("tapeline_program_up", "Whether the program runs.", labels=["program"])
        since = GaugeMetricFamily(
            "tapeline_program_start_time_seconds", "When it was started, since 1970.", labels=["program"]
        )
        for name, state in sorted(self._live.programs.items()):
            alive.add_metric([name], state.alive)
            if state.started_at is not None:
                since.add_metric([name], state.started_at.timestamp())
        yield from (alive, since)
        time = self._machine.time
        if time is not None:
            yield GaugeMetricFamily(
                "tapeline_clock_synchronised", "Whether the clock follows a server.", time.synchronised
            )
            yield GaugeMetricFamily(
                "tapeline_clock_offset_seconds", "To be added to the clock, as measured last.", time.offset_s
            )

    def _temperatures(self) -> Iterator[Metric]:
        now = GaugeMetricFamily("tapeline_temperature_celsius", "How hot it is.", labels=["sensor"])
        high = GaugeMetricFamily(
            "tapeline_temperature_high_celsius", "From here on it is too warm.", labels=["sensor"]
        )
        critical = GaugeMetricFamily(
            "tapeline_temperature_critical_celsius", "Here it may take harm.", labels=["sensor"]
        )
        for sensor in self._heat:
            now.add_metric([sensor.name], sensor.celsius)
            high.add_metric([sensor.name], sensor.high_c)
            critical.add_metric([sensor.name], sensor.critical_c)
        yield from (now, high, critical)

    def _alarms(self) -> Iterator[Metric]:
        standing = GaugeMetricFamily(
            "tapeline_alarms", "Alarms that stand; every kind is told.", labels=["code", "severity"]
        )
        counts = dict.fromkeys(CONDITIONS, 0)
        for alarm in self._standing:
            counts[alarm.code] = counts.get(alarm.code, 0) + 1
        for code, count in sorted(counts.items()):
            severity = CONDITIONS[code].severity if code in CONDITIONS else "warning"
            standing.add_metric([code, severity], count)
        yield standing
