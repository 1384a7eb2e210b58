"""How hot the machine is: the sensors that the kernel shows, with the limits that they name themselves.

Source: Documentation/hwmon/sysfs-interface.rst and Documentation/driver-api/thermal/sysfs-api.rst of the kernel
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from appliance.core.clock import Clock

SYSFS = Path("/sys/class")
USUAL_LIMIT_C = 95.0
"""For sensors that name no limit, unless the settings say another."""

_LOWEST_C, _HIGHEST_C = -40.0, 150.0
_LEAST_LIMIT_C = 30.0
_WARM_BELOW_C = 10.0
_MOST = 64
_EVERY_S = 30.0
_STILL_THE_LIMIT = ("critical", "hot")


class Sensor(NamedTuple):
    """One sensor. `high_c`: from here on it is too warm, `critical_c`: here the machine may take harm or stop."""

    name: str
    celsius: float
    high_c: float
    critical_c: float


def sensors(sysfs: Path = SYSFS, limit_c: float = 0.0) -> list[Sensor]:
    """Every sensor that tells something sensible; `limit_c` stands for limits that are not named (0 = the usual)."""
    limit_c = limit_c or USUAL_LIMIT_C
    found: dict[str, Sensor] = {}
    chips = set()
    for chip, sensor in _of_hwmon(sysfs / "hwmon", limit_c):
        chips.add(chip)
        _add(found, sensor)
    for chip, sensor in _of_zones(sysfs / "thermal", limit_c):
        if chip not in chips:  # the kernel shows many zones as chips, too
            _add(found, sensor)
    return sorted(found.values())


class Thermometer:
    """Reads the sensors now and then: some of them take their time."""

    def __init__(self, clock: Clock, sysfs: Path = SYSFS) -> None:
        self._clock = clock
        self._sysfs = sysfs
        self._read: list[Sensor] = []
        self._known = (0.0, -_EVERY_S)

    def sensors(self, limit_c: float) -> list[Sensor]:
        """As they were read within the last half minute."""
        now, (limit_before_c, read_mono_s) = self._clock.mono_s(), self._known
        if now - read_mono_s >= _EVERY_S or limit_c != limit_before_c:
            self._read, self._known = sensors(self._sysfs, limit_c), (limit_c, now)
        return self._read


def _add(found: dict[str, Sensor], sensor: Sensor) -> None:
    name, number = sensor.name, 1
    while name in found:
        number += 1
        name = f"{sensor.name} ({number})"
    if len(found) < _MOST:
        found[name] = sensor._replace(name=name)


def _of_hwmon(folder: Path, limit_c: float) -> Iterator[tuple[str, Sensor]]:
    for chip in _within(folder, "hwmon"):
        name = _text(chip / "name") or chip.name
        for file in sorted(chip.glob("temp*_input")):
            prefix = file.name.removesuffix("_input")
            celsius = _celsius(file)
            if celsius is None or _text(chip / f"{prefix}_fault") == "1":
                continue
            label = _text(chip / f"{prefix}_label")
            high, critical = _limit(chip / f"{prefix}_max"), _limit(chip / f"{prefix}_crit")
            yield name, _sensor(f"{name} {label}".strip(), celsius, high, critical, limit_c)


def _of_zones(folder: Path, limit_c: float) -> Iterator[tuple[str, Sensor]]:
    for zone in _within(folder, "thermal_zone"):
        name = _text(zone / "type") or zone.name
        celsius = _celsius(zone / "temp")
        if celsius is None:
            continue
        trips = {}
        for file in sorted(zone.glob("trip_point_*_type")):
            limit = _limit(zone / file.name.replace("_type", "_temp"))
            if limit is not None and _text(file) in _STILL_THE_LIMIT:
                trips[_text(file)] = limit
        yield (
            name.replace("-", "_"),
            _sensor(name, celsius, trips.get("hot"), trips.get("critical"), limit_c),
        )


def _sensor(name: str, celsius: float, high: float | None, critical: float | None, limit_c: float) -> Sensor:
    if critical is None:
        critical = high + _WARM_BELOW_C if high is not None else limit_c
    if high is None or high >= critical:
        high = critical - _WARM_BELOW_C
    return Sensor(name, celsius, high, critical)


def _within(folder: Path, prefix: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.startswith(prefix))
    except OSError:
        return []


def _text(path: Path) -> str:
    """What a file of the kernel says; a sensor that fails to answer says nothing."""
    try:
        return " ".join(path.read_text("ascii", errors="replace").split())[:60]
    except OSError:
        return ""


def _celsius(path: Path) -> float | None:
    """Units: the file's are thousandths of a degree."""
    try:
        celsius = int(_text(path)) / 1000
    except ValueError:
        return None
    return celsius if _LOWEST_C < celsius < _HIGHEST_C else None


def _limit(path: Path) -> float | None:
    limit = _celsius(path)
    return limit if limit is not None and limit >= _LEAST_LIMIT_C else None
