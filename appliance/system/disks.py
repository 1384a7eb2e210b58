"""The machine's disks: what lsblk, smartctl and the kernel's RAID tell of them, put into one report.

Asking needs root, so the report is a file that `tapeline disks --write` renews; the panel and the watchdog read it.
Source: lsblk(8) `--json`, smartctl(8) `--json`, the kernel's Documentation/admin-guide/md.rst (sysfs)
"""

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from appliance.core.clock import SystemClock
from appliance.core.errors import Corrupt
from appliance.core.files import Layout, write_atomically
from appliance.system import tool
from appliance.system.tool import ToolFailed, ToolMissing

LEAST_BYTES = 4 << 30
"""Smaller disks are not offered for recordings."""

_COLUMNS = "NAME,PATH,TYPE,SIZE,MODEL,SERIAL,ROTA,RM,RO,TRAN,FSTYPE,LABEL,UUID,MOUNTPOINTS"
_SYSFS = Path("/sys/block")
_LSBLK_S = 30.0
_SMART_S = 60.0
_WORN_PERCENT = 90
_SMART_BYTES = 1 << 20
_REALLOCATED, _PENDING, _UNCORRECTABLE = 5, 197, 198
_VIRTUAL = ("zram", "loop", "ram", "sr", "fd", "nbd")


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
    """A partition, or what lies on a disk without any; `kind` is the file system, "" for none."""

    path: str
    size_bytes: int
    kind: str = ""
    label: str = ""
    uuid: str = ""
    mounts: list[str] = []


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """One whole disk. `raids` are the arrays it or a part of it belongs to."""

    path: str
    size_bytes: int
    model: str = ""
    serial: str = ""
    transport: str = ""
    is_rotating: bool = False
    is_removable: bool = False
    is_read_only: bool = False
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
        return not any(part.kind for part in self.parts) and len(self.parts) <= 1

    @property
    def is_free(self) -> bool:
        """Whether it may be offered for recordings: nothing on it is in use."""
        return (
            not (self.mounts or self.raids or self.is_read_only)
            and self.size_bytes >= LEAST_BYTES
            and not any(part.kind in ("swap", "LVM2_member", "crypto_LUKS") for part in self.parts)
        )


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
    raids = arrays()
    try:
        told = await tool.run(["lsblk", "--json", "--bytes", "--output", _COLUMNS], within_s=_LSBLK_S)
        found = disks(told)
    except (ToolFailed, ToolMissing, Corrupt) as error:
        return Report(at=at, raids=raids, problem=error.message())
    asked = [msgspec.structs.replace(disk, smart=await _smart(disk.path)) for disk in found]
    return Report(at=at, disks=asked, raids=raids)


def write(layout: Layout, report: Report) -> None:
    """Leave the report where everybody reads it."""
    write_atomically(layout.disks_report, msgspec.json.encode(report), mode=0o644, durable=False)


def read(layout: Layout) -> Report | None:
    """The last report, None while there is none."""
    try:
        return msgspec.json.decode(layout.disks_report.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


class _Node(msgspec.Struct):
    path: str
    type: str
    size: int | None = None
    model: str | None = None
    serial: str | None = None
    rota: bool = False
    rm: bool = False
    ro: bool = False
    tran: str | None = None
    fstype: str | None = None
    label: str | None = None
    uuid: str | None = None
    mountpoints: list[str | None] = []
    children: list["_Node"] = []


class _Told(msgspec.Struct):
    blockdevices: list[_Node]


def disks(told: str) -> list[Disk]:
    """The whole disks of what lsblk wrote.

    Raises: Corrupt
    """
    try:
        nodes = msgspec.json.decode(told, type=_Told).blockdevices
    except msgspec.MsgspecError as error:
        raise Corrupt(problem=str(error)) from error
    return [
        Disk(
            path=node.path,
            size_bytes=node.size or 0,
            model=(node.model or "").strip(),
            serial=(node.serial or "").strip(),
            transport=node.tran or "",
            is_rotating=node.rota,
            is_removable=node.rm or node.tran == "usb",
            is_read_only=node.ro,
            parts=list(_parts(node)),
            raids=sorted({one.path for one in _below(node) if one.type.startswith("raid")}),
        )
        for node in nodes
        if node.type == "disk" and node.size and not node.path.removeprefix("/dev/").startswith(_VIRTUAL)
    ]


def _parts(node: _Node) -> Iterator[Part]:
    """What may hold data: partitions, mapped volumes, or the disk itself when it is not divided."""
    for one in [node, *_below(node)]:
        if one is node and node.children and not one.fstype:
            continue
        yield Part(
            path=one.path,
            size_bytes=one.size or 0,
            kind=one.fstype or "",
            label=one.label or "",
            uuid=one.uuid or "",
            mounts=[mount for mount in one.mountpoints if mount],
        )


def _below(node: _Node) -> Iterator[_Node]:
    for child in node.children:
        yield child
        yield from _below(child)


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
