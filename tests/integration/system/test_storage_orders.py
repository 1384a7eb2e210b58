"""A disk for recordings and USB sticks through the door: what is refused, what PID 1 is told, and a real file system made."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from appliance.commands import disks as command
from appliance.core.errors import ApplianceError, Conflict, Later, NotFound, Refused
from appliance.core.files import Layout
from appliance.system import door, formatting, sticks
from appliance.system import plugged as report
from appliance.system.doorkeeper import Doorkeeper
from appliance.system.formatting import Chosen
from appliance.system.machine import Machine
from appliance.system.privileged import storage
from tests.rigs import recorded
from tests.rigs.plugged_box import SECOND, PluggedBox
from tests.rigs.records import NOON

CHOSEN = {"path": "/dev/sdb", "size_bytes": 500 << 30, "model": "ST4000VN008-2DR166", "serial": "ZGY0A1B2"}


@pytest.fixture
def machine(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PluggedBox:
    return PluggedBox(layout, tmp_path, monkeypatch)


def refusal(machine: PluggedBox, **changed: Any) -> str:
    with pytest.raises(ApplianceError) as refused:
        machine.ask(storage.PREPARE, storage.Prepare(**CHOSEN | changed))
    assert machine.told == []
    assert not machine.machine.prepare_order.exists()
    return refused.value.code


def test_a_disk_is_erased_by_a_unit_of_its_own_and_mounted(machine: PluggedBox) -> None:
    machine.found.append(SECOND)
    machine.ask(storage.PREPARE, storage.Prepare(**CHOSEN))
    assert machine.told == ["systemctl start tapeline-prepare.service", "systemctl start data-second.mount"]
    assert formatting.take(machine.machine.prepare_order) == Chosen(**CHOSEN)
    with pytest.raises(FileNotFoundError):
        formatting.take(machine.machine.prepare_order)


def test_another_disk_than_was_shown_is_never_erased(machine: PluggedBox) -> None:
    assert refusal(machine) == "not-the-disk"
    machine.found.append(SECOND)
    assert refusal(machine, serial="ZGY0A1B3") == "not-the-disk"
    assert refusal(machine, size_bytes=1) == "not-the-disk"
    assert refusal(machine, path="/dev/../etc/passwd") == "invalid"
    assert refusal(machine, path="/dev/sdb1") == "invalid"


def test_the_disk_of_the_system_and_what_is_in_use_are_never_erased(machine: PluggedBox) -> None:
    system = {"path": "/dev/sda", "size_bytes": 120 << 30}
    assert refusal(machine, **system) == "unfit-disk"
    machine.found.append(SECOND)
    machine.mounts = {SECOND.number: ["/mnt"]}
    assert refusal(machine) == "unfit-disk"
    machine.mounts = {}
    machine.found.append(recorded.disk("sdc", ID_FS_TYPE="ext4", ID_FS_LABEL="tapeline-rec"))
    assert refusal(machine) == "another-disk"


def test_the_unit_s_own_reason_is_told(machine: PluggedBox) -> None:
    machine.found.append(SECOND)
    machine.fails.write_text("prepare")
    formatting.problem_of(machine.machine.prepare_order).write_text("the disk is dead")
    with pytest.raises(ApplianceError) as refused:
        machine.ask(storage.PREPARE, storage.Prepare(**CHOSEN))
    assert "the disk is dead" in refused.value.message()
    assert machine.told == ["systemctl start tapeline-prepare.service"]


def test_the_disk_is_taken_on_and_off_and_kept_while_it_is_used(machine: PluggedBox) -> None:
    with pytest.raises(NotFound):
        machine.ask(storage.TAKE_ON, storage.TakeOn())
    machine.found.append(recorded.disk("sdc", ID_FS_TYPE="ext4", ID_FS_LABEL="tapeline-rec"))
    machine.ask(storage.TAKE_ON, storage.TakeOn())
    machine.ask(storage.TAKE_OFF, storage.TakeOff())
    assert machine.told == ["systemctl start data-second.mount", "systemctl stop data-second.mount"]
    machine.fails.write_text("stop")
    with pytest.raises(Later) as busy:
        machine.ask(storage.TAKE_OFF, storage.TakeOff())
    assert busy.value.code == "in-use"


def test_a_stick_is_mounted_without_programs_and_devices_to_be_read_only(machine: PluggedBox) -> None:
    machine.found += recorded.stick("sdz")
    opened = machine.ask(storage.OPEN_STICK, storage.OpenStick(name="sdz1"))
    assert opened.path == "/run/media/sdz1"
    busctl, systemctl = machine.told
    owner = machine.layout.data.stat()
    assert (
        f"Options s ro,nosuid,nodev,noexec,noatime,uid={owner.st_uid},gid={owner.st_gid},umask=077" in busctl
    )
    assert "What s /dev/sdz1 Type s vfat" in busctl
    assert "BindsTo as 1 dev-sdz1.device" in busctl
    assert systemctl == "systemctl start run-media-sdz1.mount"
    machine.mounts = {machine.found[-1].number: ["/run/media/sdz1"]}
    machine.ask(storage.OPEN_STICK, storage.OpenStick(name="sdz1"))
    assert len(machine.told) == 2, "whoever reads or writes there lets it be read"
    machine.ask(storage.OPEN_STICK, storage.OpenStick(name="sdz1", writable=True))
    assert machine.told[2] == "systemctl stop run-media-sdz1.mount"
    assert "Options s rw,nosuid,nodev,noexec" in machine.told[3]
    machine.ask(storage.CLOSE_STICK, storage.CloseStick(name="sdz1"))
    assert machine.told[-1] == "systemctl stop run-media-sdz1.mount"


def test_only_sticks_are_opened(machine: PluggedBox) -> None:
    machine.found += [
        SECOND,
        recorded.disk("sdy", **recorded.USB, ID_FS_TYPE="ext4", ID_FS_LABEL="tapeline-rec"),
    ]
    for name in ("sda7", "sdb", "sdy", "sdq1"):
        with pytest.raises(NotFound):
            machine.ask(storage.OPEN_STICK, storage.OpenStick(name=name))
    with pytest.raises(ApplianceError):
        machine.ask(storage.OPEN_STICK, storage.OpenStick(name="../sdb"))
    machine.found += recorded.stick("sdz")
    machine.mounts = {machine.found[-1].number: ["/home/eva"]}
    with pytest.raises(Later):
        machine.ask(storage.OPEN_STICK, storage.OpenStick(name="sdz1"))
    assert machine.told == []


def test_a_stick_is_let_go_whatever_happens_while_it_is_open(machine: PluggedBox) -> None:
    machine.found += recorded.stick("sdz")
    report.write(machine.layout, report.look(NOON))

    async def test() -> None:
        async with machine.helper():
            with pytest.raises(Conflict):
                await use()

    async def use() -> None:
        async with sticks.opened(machine.layout, by="eva") as (stick, place):
            assert (stick.label, str(place)) == ("INSTALL", "/run/media/sdz1")
            machine.mounts = {machine.found[-1].number: [str(place)]}
            raise Conflict(what="It")

    asyncio.run(test())
    assert machine.told[-1] == "systemctl stop run-media-sdz1.mount"


def test_a_machine_that_is_no_appliance_formats_nothing(layout: Layout) -> None:
    async def test() -> None:
        keeper = Doorkeeper(
            layout, Machine(), {one.name: one for one in storage.ACTIONS}, frozenset({os.geteuid()})
        )
        await keeper.listen()
        try:
            for action, wish in (
                (storage.PREPARE, storage.Prepare(**CHOSEN)),
                (storage.OPEN_STICK, storage.OpenStick(name="sdz1")),
            ):
                with pytest.raises(Refused) as refused:
                    await door.ask(layout, action, wish, by="eva")
                assert refused.value.code == "not-here"
        finally:
            await keeper.close()

    asyncio.run(test())


def test_a_disk_that_held_data_becomes_an_empty_one_of_the_recorder_s_user(tmp_path: Path) -> None:
    disk = tmp_path / "disk.img"
    with disk.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run(["mkfs.vfat", "-n", "PHOTOS", str(disk)], check=True, capture_output=True)
    asyncio.run(formatting.make(disk, (4711, 4712)))
    told = subprocess.run(
        ["blkid", "-p", "-o", "export", str(disk)], check=True, capture_output=True, text=True
    )
    assert {"LABEL=tapeline-rec", "TYPE=ext4"} <= set(told.stdout.split())
    root = subprocess.run(
        ["debugfs", "-R", "stat /", str(disk)], check=True, capture_output=True, text=True
    ).stdout
    assert "4711" in root
    assert "4712" in root
    subprocess.run(["fsck.ext4", "-n", "-f", str(disk)], check=True, capture_output=True)


def test_a_disk_that_somebody_holds_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(Later):
        asyncio.run(formatting.make(tmp_path / "gone", (0, 0)))


def test_the_unit_looks_once_more_and_tells_why_not(machine: PluggedBox, tmp_path: Path) -> None:
    order = machine.machine.prepare_order
    assert command.prepare(machine.layout.data, order) == 1, "there is no order"
    formatting.leave(order, Chosen(**CHOSEN))
    assert order.stat().st_mode & 0o777 == 0o600
    assert command.prepare(machine.layout.data, order) == 1
    assert "no longer the disk" in formatting.problem_of(order).read_text()
    assert not order.exists()
    order.write_text('{"path": "/etc/passwd", "size_bytes": 1, "model": "", "serial": ""}')
    assert command.prepare(machine.layout.data, order) == 1
