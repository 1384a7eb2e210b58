"""Makes a disk one for recordings. It is named once more by what the person was shown, and looked at once more before.

Raw disks are given to a unit of its own alone (`tapeline-prepare.service`): the helper leaves an order and has it started.
Source: wipefs(8), mke2fs(8), open(2) `O_EXCL` on block devices
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from appliance.core.errors import Conflict, Later, Refused
from appliance.core.files import write_atomically
from appliance.core.text import Text
from appliance.system import tool
from appliance.system.disks import LABEL, Disk, Unfit

_PATH = r"^/dev/(sd[a-z]{1,3}|vd[a-z]{1,2}|nvme[0-9]{1,2}n[0-9]{1,2}|mmcblk[0-9]{1,2})$"
_WIPE_S = 120.0
_MAKE_S = 1500.0

UNFIT_TEXT: dict[Unfit, Text] = {
    Unfit.UNKNOWN: Text(en="it was not looked at yet", zh="系统尚未识别其内容"),
    Unfit.SYSTEM: Text(en="it carries the system of a recorder", zh="盘上有录音设备的系统"),
    Unfit.MOUNTED: Text(en="it is in use", zh="正在使用中"),
    Unfit.MEMBER: Text(
        en="it belongs to an array, a pool or an encrypted volume", zh="属于磁盘阵列、存储池或加密卷"
    ),
    Unfit.READ_ONLY: Text(en="it cannot be written", zh="磁盘为只读"),
    Unfit.SMALL: Text(en="it is too small", zh="容量过小"),
}


class NotTheDisk(Conflict):
    """Under this name there is none, or another disk than the person was shown. Facts: path."""

    text = Text(
        en="{path} is no longer the disk that was shown. Look at the list again.",
        zh="{path} 已不是所显示的磁盘，请重新查看列表。",
    )


class UnfitDisk(Refused):
    """The disk may not be erased. Facts: path, why."""

    text = Text(en="{path} may not be erased: {why}.", zh="不能清除 {path}：{why}。")


class AnotherDisk(Conflict):
    """There is a disk for recordings already. Facts: path."""

    text = Text(
        en="{path} is a disk for recordings already. Take it off first.",
        zh="{path} 已是录音盘，请先将其移除。",
    )


class InUse(Later):
    """Somebody has it open. Facts: path."""

    text = Text(en="{path} is in use at the moment.", zh="{path} 正被占用。")
    after_s = 10.0


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A disk as a person was shown it."""

    path: Annotated[str, msgspec.Meta(pattern=_PATH)]
    size_bytes: Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]
    model: Annotated[str, msgspec.Meta(max_length=200)]
    serial: Annotated[str, msgspec.Meta(max_length=200)]


def fit(chosen: Chosen, disks: Sequence[Disk]) -> Disk:
    """The disk that was chosen, if it is that one still and nothing needs it.

    Raises: NotTheDisk, UnfitDisk, AnotherDisk
    """
    disk = next((one for one in disks if one.path == chosen.path), None)
    shown = (chosen.size_bytes, chosen.model, chosen.serial)
    if disk is None or shown != (disk.size_bytes, disk.model, disk.serial):
        raise NotTheDisk(path=chosen.path)
    if disk.unfit is not None:
        raise UnfitDisk(path=chosen.path, why=UNFIT_TEXT[disk.unfit])
    for one in disks:
        if one.is_prepared and one is not disk:
            raise AnotherDisk(path=one.path)
    return disk


def leave(order: Path, chosen: Chosen) -> None:
    """Leave the order for the unit that carries it out."""
    write_atomically(order, msgspec.json.encode(chosen), mode=0o600)


def problem_of(order: Path) -> Path:
    """Where the unit tells why it could not be done."""
    return order.with_suffix(".problem")


def take(order: Path) -> Chosen:
    """Take the order: it is carried out once.

    Raises: FileNotFoundError, msgspec.MsgspecError
    """
    content = order.read_bytes()
    order.unlink()
    return msgspec.json.decode(content, type=Chosen)


async def make(path: Path, owner: tuple[int, int]) -> None:
    """Everything on it is lost: an empty file system that belongs to the recorder's user.

    Raises: InUse, ToolFailed, ToolMissing
    """
    _claim(path)
    await tool.run(["wipefs", "--all", "--force", "--", str(path)], within_s=_WIPE_S)
    user, group = owner
    words = ["mkfs.ext4", "-F", "-q", "-m", "0", "-L", LABEL, "-E", f"root_owner={user}:{group}"]
    await tool.run([*words, str(path)], within_s=_MAKE_S)


def _claim(path: Path) -> None:
    """The kernel gives a disk to one alone: mounted, in an array or held by anybody, it refuses."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_EXCL | os.O_CLOEXEC))
    except OSError as error:
        raise InUse(path=str(path)) from error
