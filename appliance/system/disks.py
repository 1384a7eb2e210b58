"""The machine's disks: what udev, smartctl and the kernel's RAID tell of them, put into one report.

Asking a disk how it feels needs root, so that report is a file that `tapeline disks --write` renews; the panel and the
watchdog read it. Which disks there are anybody may ask (`plugged.py`).
Source: smartctl(8) `--json`, the kernel's Documentation/admin-guide/md.rst (sysfs), udev's 60-persistent-storage.rules
"""

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from appliance.core.clock import SystemClock
from appliance.core.files import Layout, write_atomically
from appliance.system import devices, tool
from appliance.system.devices import BLOCK, Found
from appliance.system.tool import ToolMissing

LEAST_BYTES = 4 << 30
"""Smaller disks are not offered for recordings."""

LABEL = "tapeline-rec"
"""What a disk for recordings is called, wherever it is plugged in (`rootfs/`, data-second.mount)."""

SECOND = Path("/data/second")
"""Where it is mounted then."""

_SYSFS = Path("/sys/block")
_SECTOR = 512
_SMART_S = 60.0
_WORN_PERCENT = 90
_SMART_BYTES = 1 << 20
_REALLOCATED, _PENDING, _UNCORRECTABLE = 5, 197, 198
_VIRTUAL = ("zram", "loop", "ram", "sr", "fd", "nbd")
_SYSTEM = frozenset({"boot-a", "root-a", "boot-b", "root-b"})
_ELSEWHERE = ("swap", "crypto_LUKS", "bcache", "BitLocker")


class Unfit(StrEnum):
    """Why a disk is not offered for recordings."""

    UNKNOWN = "unknown"
    SYSTEM = "system"
    MOUNTED = "mounted"
    MEMBER = "member"
    READ_ONLY = "read_only"
    SMALL = "small"


class Smart(msgspec.Struct, frozen=True, kw_only=True):
    """What a disk says of itself; None where it does not. `worn_percent`: of a flash disk's life, may pass 100.

    `problem`: why it could not be asked, "" when it could. `bad_sectors`: replaced, waiting and unreadable ones.
    """

    passed: bool | None = None
    temperature_c: int | None = None
    power_on_h: int | None = None
    bad_sectors: int | None = None
    worn_percent: int | None = None
    problem: str = ""

    @property
    def is_failing(self) -> bool:
        """The disk itself says that it will die."""
        return self.passed is False

    @property
    def is_wearing(self) -> bool:
        """Not dying yet, but to be replaced."""
        worn = (self.worn_percent or 0) >= _WORN_PERCENT
        return not self.is_failing and (worn or (self.bad_sectors or 0) > 0)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A partition, or what lies on a disk without any; `kind` is the file system, "" for none, `name` the partition's."""

    path: str
    size_bytes: int
    kind: str = ""
    label: str = ""
    name: str = ""
    uuid: str = ""
    mounts: list[str] = []


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """One whole disk. `raids` are the arrays it or a part of it belongs to; `is_known`: udev has looked what is on it."""

    path: str
    size_bytes: int
    model: str = ""
    serial: str = ""
    transport: str = ""
    is_rotating: bool = False
    is_removable: bool = False
    is_read_only: bool = False
    is_known: bool = True
    parts: list[Part] = []
    raids: list[str] = []
    smart: Smart | None = None

    @property
    def mounts(self) -> list[str]:
        """Where anything of it is mounted."""
        return [mount for part in self.parts for mount in part.mounts]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on it."""
        return self.is_known and not any(part.kind for part in self.parts) and len(self.parts) <= 1

    @property
    def is_prepared(self) -> bool:
        """Whether it was made for recordings already."""
        return any(part.label == LABEL and part.kind == "ext4" for part in self.parts)

    @property
    def unfit(self) -> Unfit | None:
        """Why it may not be erased for recordings, the gravest reason; None when nothing on it is in use."""
        if any(part.name in _SYSTEM for part in self.parts):
            return Unfit.SYSTEM
        if self.mounts:
            return Unfit.MOUNTED
        if self.raids or any(_is_member(part.kind) for part in self.parts):
            return Unfit.MEMBER
        if not self.is_known:
            return Unfit.UNKNOWN
        if self.is_read_only:
            return Unfit.READ_ONLY
        return Unfit.SMALL if self.size_bytes < LEAST_BYTES else None

    @property
    def is_free(self) -> bool:
        """Whether it may be offered for recordings."""
        return self.unfit is None


class Raid(msgspec.Struct, frozen=True, kw_only=True):
    """One array of the kernel's. `missing` disks are those it should have and has not; `sync` is what it is doing, "" for nothing."""

    path: str
    level: str
    state: str
    disks: int
    missing: int
    sync: str = ""
    sync_percent: float | None = None
    members: list[str] = []


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything; `problem` says why nothing is known of the disks, "" when something is."""

    at: datetime
    disks: list[Disk] = []
    raids: list[Raid] = []
    problem: str = ""


async def look() -> Report:
    """Ask the machine; what cannot be told of one disk does not hide the others."""
    at = SystemClock().now()
    asked = [msgspec.structs.replace(disk, smart=await _smart(disk.path)) for disk in now()]
    return Report(at=at, disks=asked, raids=arrays())


def now() -> list[Disk]:
    """The disks that are there, without what they say of themselves."""
    return disks(devices.found(BLOCK), devices.mounts())


def write(layout: Layout, report: Report) -> None:
    """Leave the report where everybody reads it."""
    write_atomically(layout.disks_report, msgspec.json.encode(report), mode=0o644, durable=False)


def read(layout: Layout) -> Report | None:
    """The last report, None while there is none."""
    try:
        return msgspec.json.decode(layout.disks_report.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


class _Tree(NamedTuple):
    """Every block device by name, the partitions of each, and what is mounted where."""

    by_name: dict[str, Found]
    parts: dict[str, list[Found]]
    mounts: dict[str, list[str]]

    def below(self, one: Found) -> Iterator[Found]:
        """Partitions, and what is made of them: arrays, volumes."""
        made = [self.by_name[name] for name in one.holders if name in self.by_name]
        for child in [*self.parts.get(one.name, []), *made]:
            yield child
            yield from self.below(child)


def disks(found: list[Found], mounts: dict[str, list[str]]) -> list[Disk]:
    """The whole disks among these block devices."""
    tree = _Tree({one.name: one for one in found}, {}, mounts)
    for one in found:
        if one.above:
            tree.parts.setdefault(one.above, []).append(one)
    return [
        _disk(one, tree)
        for one in found
        if one.kind == "disk"
        and not one.name.startswith((*_VIRTUAL, "md", "dm-"))
        and one.attributes.get("size", "0") not in ("", "0")
    ]


def _disk(one: Found, tree: _Tree) -> Disk:
    below = list(tree.below(one))
    transport = one.told("ID_BUS") or _transport(one)
    return Disk(
        path=one.node,
        size_bytes=size_of(one),
        model=one.told("ID_MODEL_FROM_DATABASE", "ID_MODEL").replace("_", " "),
        serial=one.told("ID_SERIAL_SHORT", "ID_SCSI_SERIAL", "ID_SERIAL"),
        transport=transport,
        is_rotating=one.attributes.get("queue/rotational") == "1",
        is_removable=one.attributes.get("removable") == "1" or transport == "usb",
        is_read_only=one.attributes.get("ro") == "1",
        is_known=one.is_known,
        parts=list(_parts(one, below, tree.mounts)),
        raids=sorted({each.node for each in below if each.name.startswith("md")}),
    )


def _parts(one: Found, below: list[Found], mounts: dict[str, list[str]]) -> Iterator[Part]:
    """What may hold data: partitions, mapped volumes, or the disk itself when it is not divided."""
    for each in [one, *below]:
        kind = each.told("ID_FS_TYPE")
        if each is one and below and not kind:
            continue
        yield Part(
            path=each.node,
            size_bytes=size_of(each),
            kind=kind,
            label=each.told("ID_FS_LABEL"),
            name=each.told("ID_PART_ENTRY_NAME", "PARTNAME"),
            uuid=each.told("ID_FS_UUID"),
            mounts=mounts.get(each.number, []),
        )


def size_of(one: Found) -> int:
    """Bytes of a block device, 0 where it does not tell."""
    sectors = one.attributes.get("size", "")
    return int(sectors) * _SECTOR if sectors.isdigit() else 0


def _transport(one: Found) -> str:
    path = one.told("DEVPATH")
    return next((word for word in ("nvme", "virtio", "mmc") if f"/{word}" in path), "")


def _is_member(kind: str) -> bool:
    """Whether it belongs to something larger that may not run now: an array, a pool, an encrypted volume."""
    return kind in _ELSEWHERE or kind.endswith("_member")


async def _smart(path: str) -> Smart:
    """A disk that sleeps is left asleep; one that cannot tell (virtual, USB bridge) is only unknown."""
    # Its exit status is a set of flags that says less than what it writes.
    words = ["smartctl", "--json", "--nocheck=standby", "-H", "-A", "-i", path]
    told = b""
    try:
        async with asyncio.timeout(_SMART_S):
            async for piece in tool.stream(words, both=False, most_bytes=_SMART_BYTES):
                told += piece
    except (TimeoutError, ToolMissing) as error:
        return Smart(problem=error.message() if isinstance(error, ToolMissing) else "no answer")
    return smart(told.decode("utf-8", "replace"))


def smart(told: str) -> Smart:
    """What smartctl wrote of one disk."""
    try:
        content: dict[str, Any] = msgspec.json.decode(told, type=dict[str, Any])
    except msgspec.MsgspecError:
        return Smart(problem=told[:200] or "no answer")
    messages = content.get("smartctl", {}).get("messages", [])
    problem = "; ".join(str(one.get("string", "")) for one in messages if one.get("severity") == "error")
    table = content.get("ata_smart_attributes", {}).get("table", [])
    raw = {int(row["id"]): int(row.get("raw", {}).get("value", 0)) for row in table if "id" in row}
    nvme = content.get("nvme_smart_health_information_log", {})
    bad: int | None = None
    if raw:
        bad = sum(raw.get(number, 0) for number in (_REALLOCATED, _PENDING, _UNCORRECTABLE))
    elif nvme:
        bad = int(nvme.get("media_errors", 0))
    return Smart(
        passed=content.get("smart_status", {}).get("passed"),
        temperature_c=content.get("temperature", {}).get("current"),
        power_on_h=content.get("power_on_time", {}).get("hours"),
        bad_sectors=bad,
        worn_percent=nvme.get("percentage_used", content.get("endurance_used", {}).get("current_percent")),
        problem=problem,
    )


def arrays(root: Path = _SYSFS) -> list[Raid]:
    """The kernel's RAID arrays."""
    found = []
    for md in sorted(root.glob("md*/md")):
        state = _word(md / "array_state")
        if state in ("", "clear"):
            continue
        done, slash, of = _word(md / "sync_completed").partition(" / ")
        action = _word(md / "sync_action")
        found.append(
            Raid(
                path=f"/dev/{md.parent.name}",
                level=_word(md / "level"),
                state=state,
                disks=_number(md / "raid_disks"),
                missing=_number(md / "degraded"),
                sync="" if action in ("idle", "none") else action,
                sync_percent=round(100 * int(done) / int(of), 1)
                if slash and done.isdigit() and of.isdigit() and int(of)
                else None,
                members=sorted(f"/dev/{path.name.removeprefix('dev-')}" for path in md.glob("dev-*")),
            )
        )
    return found


def _word(path: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return path.read_text("ascii").strip()
    return ""


def _number(path: Path) -> int:
    word = _word(path)
    return int(word) if word.isdigit() else 0
