"""Thermometers of a machine, read from a folder that looks like the kernel's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.core.clock import ManualClock
from appliance.health import Seen, make
from appliance.notify.mib import Seen as Told
from appliance.notify.mib import Tree
from appliance.system.snmp import TREE
from appliance.system.temperature import Sensor, Thermometer, sensors

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def write(folder: Path, **files: str | int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(f"{content}\n")


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    chips, zones = tmp_path / "hwmon", tmp_path / "thermal"
    write(
        chips / "hwmon0",
        name="coretemp",
        temp1_input=55_000,
        temp1_label="Package id 0",
        temp1_max=80_000,
        temp1_crit=100_000,
        temp2_input=54_000,
        temp2_label="Core 0",
        temp2_crit=100_000,
        fan1_input=1200,
    )
    write(chips / "hwmon1", name="drivetemp", temp1_input=41_000)
    write(
        chips / "hwmon2",
        name="broken",
        temp1_input=-274_000,
        temp2_input="",
        temp3_input=60_000,
        temp3_fault=1,
    )
    write(chips / "hwmon3", name="nct", temp1_input=30_000, temp1_max=0, temp1_crit=0)
    write(chips / "hwmon4", name="acpitz", temp1_input=27_800)
    write(zones / "thermal_zone0", type="acpitz", temp=27_800)
    write(
        zones / "thermal_zone1",
        type="soc-thermal",
        temp=48_000,
        trip_point_0_type="passive",
        trip_point_0_temp=70_000,
        trip_point_1_type="critical",
        trip_point_1_temp=95_000,
    )
    write(zones / "cooling_device0", type="Fan", cur_state=0)
    return tmp_path


def test_every_sensible_sensor_is_told_once_with_its_own_limits(sysfs):
    found = {one.name: one[1:] for one in sensors(sysfs)}
    assert found == {
        "coretemp Package id 0": (55.0, 80.0, 100.0),
        "coretemp Core 0": (54.0, 90.0, 100.0),
        "drivetemp": (41.0, 85.0, 95.0),
        "nct": (30.0, 85.0, 95.0),
        "acpitz": (27.8, 85.0, 95.0),
        "soc-thermal": (48.0, 85.0, 95.0),
    }


def test_a_setting_stands_for_limits_that_are_not_named_only(sysfs):
    found = {one.name: one.critical_c for one in sensors(sysfs, limit_c=60)}
    assert found["drivetemp"] == 60
    assert found["coretemp Core 0"] == 100


def test_two_of_a_kind_are_told_apart_and_a_machine_without_any_is_well(tmp_path):
    assert sensors(tmp_path / "none") == []
    for number in range(3):
        write(tmp_path / f"hwmon/hwmon{number}", name="nvme", temp1_input=40_000 + number)
    assert [one.name for one in sensors(tmp_path)] == ["nvme", "nvme (2)", "nvme (3)"]


def test_the_watchdog_looks_now_and_then_and_at_once_after_another_setting(sysfs):
    clock = ManualClock(NOW)
    thermometer = Thermometer(clock, sysfs)
    (before,) = [one for one in thermometer.sensors(0) if one.name == "drivetemp"]
    write(sysfs / "hwmon/hwmon1", temp1_input=99_000)
    assert before in thermometer.sensors(0)
    assert before not in thermometer.sensors(70)
    write(sysfs / "hwmon/hwmon1", temp1_input=41_000)
    clock.at_mono_s += 31
    assert Sensor("drivetemp", 41.0, 60.0, 70.0) in thermometer.sensors(70)


def test_warm_and_too_hot_are_two_alarms_and_neither_flutters():
    check = make("temperature")

    def raised(celsius: float) -> set[str]:
        seen = Seen(
            at=NOW,
            watched_s=60,
            programs={},
            intake={},
            queues={},
            free_bytes=1,
            low_bytes=0,
            sensors=[Sensor("coretemp Core 0", celsius, 80.0, 100.0)],
        )
        found = check.findings(seen)
        assert {one.subject for one in found} == {"coretemp_Core_0.hot", "coretemp_Core_0.too_hot"}
        return {one.code for one in found if one.raised}

    assert raised(79.0) == set()
    assert raised(80.0) == {"hot"}
    assert raised(78.0) == {"hot"}
    assert raised(101.0) == {"too_hot"}
    assert raised(98.0) == {"too_hot"}
    assert raised(96.0) == {"hot"}
    assert raised(76.0) == set()


def test_managers_read_tenths_of_a_degree():
    told = Told("box", {}, {}, {}, {}, None, None, {}, [], [Sensor("CPU", 55.25, 80.0, 100.0)])
    root = tuple(int(part) for part in TREE.split("."))
    values = [Tree(told).get((*root, 1, 8, 1, column, 1)) for column in (2, 3, 4, 5)]
    assert [value.text for value in values if value] == ["CPU", "552", "800", "1000"]
