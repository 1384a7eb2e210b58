"""Devices by a real udev: heard while they come and go, and what our rules make of them."""

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.system import devices, plugged
from tests.rigs.broker import Broker
from tests.rigs.patience import until
from tests.rigs.udevd import RULES, Udev, udev

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Udev]:
    with udev(tmp_path_factory.mktemp("udev")) as made:
        yield made


@contextlib.contextmanager
def running(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.wait()


def test_what_comes_and_goes_is_heard(machine: Udev, tmp_path: Path) -> None:
    log = tmp_path / "heard"
    with running(machine.python("tests.rigs.watching", log=log)):
        until(lambda: "listening" in log.read_text(), what="the watch to begin")
        machine.run("ip", "link", "add", "tl-plug0", "type", "veth")
        machine.run("ip", "link", "del", "tl-plug0")

        def heard() -> list[str]:
            told = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
            return [one["action"] for one in told if one["name"] == "tl-plug0"]

        until(lambda: heard()[:1] == ["add"] and "remove" in heard(), what="both to be heard")
        assert "Traceback" not in log.read_text()


def test_the_watchdog_tells_it_on_and_keeps_the_report(machine: Udev, layout, tmp_path: Path) -> None:
    broker = Broker(layout.run).start()
    log = tmp_path / "told"
    try:
        with running(machine.python("tests.rigs.watching", str(layout.data), log=log)):
            until(lambda: "telling" in log.read_text(), what="the program to run")
            until(lambda: plugged.read(layout) is not None, what="the first report")
            first = plugged.read(layout)
            machine.run("mkdir", "-p", "/run/tl-plug")
            machine.run("mount", "-t", "tmpfs", "tmpfs", "/run/tl-plug")
            machine.run("umount", "/run/tl-plug")
            until(lambda: log.read_text().count("news") >= 1, what="the news on the bus")
            assert first is not None
            assert layout.plugged_report.stat().st_mode & 0o777 == 0o644
    finally:
        broker.kill()


def test_this_machine_is_listed_as_the_kernel_tells_it() -> None:
    listed = {one.name for one in devices.found(devices.BLOCK) if one.kind == "disk"}
    assert listed == {path.name for path in Path("/sys/block").iterdir()}
    nets = {one.name for one in devices.found(devices.NET)}
    assert "lo" in nets
    assert all(one.node.startswith("/dev/") for one in devices.found(devices.TTY) if one.node)


def test_mounts_are_named_by_device_with_spaces_in_their_paths(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "36 35 8:17 / /run/media/my\\040stick rw,noatime shared:1 - vfat /dev/sdb1 rw\n"
        "37 35 8:17 / /mnt/again rw - vfat /dev/sdb1 rw\n"
        "38 35 0:5 / /数据 rw - tmpfs tmpfs rw\n"
    )
    assert devices.mounts(table) == {"8:17": ["/run/media/my stick", "/mnt/again"], "0:5": ["/数据"]}


def test_a_serial_adapter_gets_a_console_by_our_rule(machine: Udev) -> None:
    rule = (RULES / "70-tapeline-console.rules").read_text()
    assert "ttyUSB[0-9]*|ttyACM[0-9]*" in rule
    machine.write("70-tapeline-console.rules", rule.replace("ttyUSB[0-9]*|ttyACM[0-9]*", "ttyS0"))
    told = machine.run("udevadm", "test", "--action=add", "/sys/class/tty/ttyS0")
    assert "SYSTEMD_WANTS=tapeline-console@ttyS0.service" in told
    assert not complaints(told)


def test_a_disk_for_recordings_is_mounted_by_our_rule(machine: Udev) -> None:
    machine.write("65-label.rules", 'SUBSYSTEM=="block", ENV{ID_FS_LABEL}="tapeline-rec"\n')
    rule = (RULES / "60-tapeline-second.rules").read_text()
    machine.write("66-tapeline-second.rules", rule)
    block = min(Path("/sys/block").iterdir())
    told = machine.run("udevadm", "test", "--action=add", str(block))
    assert "SYSTEMD_WANTS=data-second.mount" in told
    assert not complaints(told)


def complaints(told: str) -> list[str]:
    """What udev does not like about rules of ours."""
    return re.findall(r".*tapeline\S*\.rules:\d+.*(?:[Ii]nvalid|[Uu]nknown|ignoring).*", told)
