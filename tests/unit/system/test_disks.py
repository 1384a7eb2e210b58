"""What lsblk, smartctl and the kernel write, read into one report; no disk of this machine is needed."""

import asyncio
import json

from appliance.commands import tapeline
from appliance.system import disks
from appliance.system.disks import Disk, Part, Raid, Report, Smart

GIB = 1 << 30


def node(path, kind="disk", size=100 * GIB, children=(), **more):
    return {
        "name": path.rpartition("/")[2], "path": path, "type": kind, "size": size, "model": None, "serial": None,
        "rota": True, "rm": False, "ro": False, "tran": None, "fstype": None, "label": None, "uuid": None,
        "mountpoints": [None], "children": list(children),
    } | more  # fmt: skip


def told(*nodes):
    return json.dumps({"blockdevices": list(nodes)})


def test_whole_disks_with_their_parts_mounts_and_arrays():
    array = node("/dev/md0", "raid1", fstype="ext4", mountpoints=["/data"])
    found = disks.disks(
        told(
            node(
                "/dev/sda",
                model="ST4000 ",
                serial="Z1",
                tran="sata",
                children=[node("/dev/sda1", "part", fstype="linux_raid_member", children=[array])],
            ),
            node("/dev/sdb", rota=False, tran="nvme"),
            node("/dev/sdc", tran="usb", children=[node("/dev/sdc1", "part", fstype="vfat", label="STICK")]),
            node("/dev/zram0", size=0),
            node("/dev/loop0", "loop"),
            node("/dev/sr0", "rom"),
        )
    )
    assert [disk.path for disk in found] == ["/dev/sda", "/dev/sdb", "/dev/sdc"]
    system, blank, stick = found
    assert (system.model, system.raids, system.mounts) == ("ST4000", ["/dev/md0"], ["/data"])
    assert not system.is_free
    assert blank.is_free
    assert blank.is_blank
    assert not blank.is_rotating
    assert stick.is_free
    assert stick.is_removable
    assert not stick.is_blank


def test_a_disk_in_use_in_any_way_is_never_offered():
    whole = Part(path="/dev/sdb", size_bytes=100 * GIB)
    free = Disk(path="/dev/sdb", size_bytes=100 * GIB, parts=[whole])
    assert free.is_free
    for changed in (
        {"parts": [Part(path="/dev/sdb1", size_bytes=1, kind="ext4", mounts=["/"])]},
        {"parts": [Part(path="/dev/sdb1", size_bytes=1, kind="swap")]},
        {"raids": ["/dev/md0"]},
        {"is_read_only": True},
        {"size_bytes": GIB},
    ):
        made = {"path": "/dev/sdb", "size_bytes": 100 * GIB, "parts": [whole]} | changed
        assert not Disk(**made).is_free, changed


def test_smart_of_a_dying_disk_of_a_worn_flash_disk_and_of_one_that_does_not_tell():
    dying = {
        "smart_status": {"passed": False},
        "temperature": {"current": 41},
        "power_on_time": {"hours": 20000},
        "ata_smart_attributes": {
            "table": [
                {"id": 5, "raw": {"value": 12}},
                {"id": 197, "raw": {"value": 3}},
                {"id": 9, "raw": {"value": 20000}},
            ]
        },
    }
    found = disks.smart(json.dumps(dying))
    assert found == Smart(passed=False, temperature_c=41, power_on_h=20000, bad_sectors=15)
    assert found.is_failing
    assert not found.is_wearing
    worn = disks.smart(
        json.dumps(
            {
                "smart_status": {"passed": True},
                "nvme_smart_health_information_log": {"percentage_used": 93, "media_errors": 0},
            }
        )
    )
    assert worn.is_wearing
    assert not worn.is_failing
    error = {"smartctl": {"messages": [{"string": "Unable to detect device type", "severity": "error"}]}}
    unknown = disks.smart(json.dumps(error))
    assert (unknown.passed, unknown.problem) == (None, "Unable to detect device type")
    assert not unknown.is_failing
    assert not unknown.is_wearing
    assert disks.smart("Segmentation fault").problem == "Segmentation fault"


def test_a_degraded_array_that_is_being_repaired(tmp_path):
    md = tmp_path / "md0" / "md"
    md.mkdir(parents=True)
    for name, word in {
        "level": "raid1", "array_state": "clean", "raid_disks": "2", "degraded": "1",
        "sync_action": "recover", "sync_completed": "250 / 1000",
    }.items():  # fmt: skip
        (md / name).write_text(f"{word}\n")
    (md / "dev-sda1").mkdir()
    (md / "dev-sdb1").mkdir()
    (tmp_path / "md1" / "md").mkdir(parents=True)
    assert disks.arrays(tmp_path) == [
        Raid(
            path="/dev/md0", level="raid1", state="clean", disks=2, missing=1,
            sync="recover", sync_percent=25.0, members=["/dev/sda1", "/dev/sdb1"],
        )
    ]  # fmt: skip


def test_this_machine_answers_and_its_report_is_read_back(layout, capsys):
    report = asyncio.run(disks.look())
    assert report.problem == ""
    assert tapeline.main(["disks", "--data", str(layout.data)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [disk["path"] for disk in shown["disks"]] == [disk.path for disk in report.disks]
    assert disks.read(layout) is None
    assert tapeline.main(["disks", "--data", str(layout.data), "--write"]) == 0
    kept = disks.read(layout)
    assert isinstance(kept, Report)
    assert [disk.path for disk in kept.disks] == [disk.path for disk in report.disks]
    assert layout.disks_report.stat().st_mode & 0o777 == 0o644
    layout.disks_report.write_text("{")
    assert disks.read(layout) is None
