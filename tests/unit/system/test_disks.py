"""What udev, smartctl and the kernel write, read into one report; no disk of this machine is needed."""

import asyncio
import json

import pytest

from appliance.commands import tapeline
from appliance.system import disks
from appliance.system.disks import Disk, Part, Raid, Report, Smart, Unfit
from tests.rigs import recorded
from tests.rigs.recorded import disk, part

GIB = 1 << 30


def test_whole_disks_with_their_parts_mounts_and_arrays():
    member = part("sdb1", "sdb", **recorded.SATA, ID_FS_TYPE="linux_raid_member", holders=["md0"])
    array = part("md0", "", ID_FS_TYPE="ext4", MD_LEVEL="raid1")
    found = [
        *recorded.system(),
        disk("sdb", **recorded.SATA),
        member,
        array,
        disk("nvme0n1", 465, **recorded.NVME, rotational="0"),
        *recorded.stick("sdc"),
        disk("zram0", 0),
        disk("loop0"),
        disk("sr0"),
    ]
    mounts = {array.number: ["/srv"], found[7].number: ["/data"], found[8].number: ["/"]}
    listed = disks.disks(found, mounts)
    assert [one.path for one in listed] == ["/dev/sda", "/dev/sdb", "/dev/nvme0n1", "/dev/sdc"]
    system, mirrored, blank, stick = listed
    assert (system.unfit, sorted(system.mounts)) == (Unfit.SYSTEM, ["/", "/data"])
    assert (mirrored.raids, mirrored.mounts, mirrored.unfit) == (["/dev/md0"], ["/srv"], Unfit.MOUNTED)
    assert (blank.model, blank.serial, blank.transport) == ("Samsung SSD 980 500GB", "S64DNF0R123456", "nvme")
    assert blank.size_bytes == 465 * GIB
    assert blank.is_free
    assert blank.is_blank
    assert not blank.is_rotating
    assert stick.is_free
    assert stick.is_removable
    assert not stick.is_blank


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([disk("sdb", **recorded.SATA)], None),
        ([disk("sdb", known=False)], Unfit.UNKNOWN),
        ([disk("sdb", ro="1")], Unfit.READ_ONLY),
        ([disk("sdb", 3.9)], Unfit.SMALL),
        ([disk("sdb", ID_FS_TYPE="LVM2_member")], Unfit.MEMBER),
        ([disk("sdb"), part("sdb1", "sdb", ID_FS_TYPE="swap")], Unfit.MEMBER),
        ([disk("sdb"), part("sdb1", "sdb", ID_FS_TYPE="zfs_member")], Unfit.MEMBER),
        ([disk("sdb"), part("sdb1", "sdb", ID_FS_TYPE="crypto_LUKS")], Unfit.MEMBER),
        ([disk("sdb", holders=["md0"]), part("md0", "")], Unfit.MEMBER),
        ([disk("sdb"), part("sdb4", "sdb", ID_PART_ENTRY_NAME="root-a")], Unfit.SYSTEM),
        ([disk("sdb"), part("sdb1", "sdb", ID_FS_TYPE="ntfs", ID_FS_LABEL="Photos")], None),
    ],
)
def test_only_a_disk_that_nothing_needs_may_be_erased(found, why):
    (listed,) = disks.disks(found, {})
    assert listed.unfit is why
    assert disks.disks(found, {found[-1].number: ["/mnt"]})[0].unfit in (Unfit.MOUNTED, Unfit.SYSTEM)


def test_a_disk_for_recordings_is_known_by_its_label():
    prepared = disk("sdb", ID_FS_TYPE="ext4", ID_FS_LABEL="tapeline-rec")
    (listed,) = disks.disks([prepared], {})
    assert listed.is_prepared
    assert not listed.is_blank
    assert not disks.disks([disk("sdb", ID_FS_TYPE="vfat", ID_FS_LABEL="tapeline-rec")], {})[0].is_prepared


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
