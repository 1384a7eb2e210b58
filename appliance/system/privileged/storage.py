"""Disks and sticks: a disk made one for recordings, taken on and off; a stick opened for as long as it is needed.

PID 1 mounts, a unit of its own formats: the helper itself touches no device.
"""

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import msgspec

from appliance.core.errors import NotFound
from appliance.core.text import Text
from appliance.system import devices, disks, formatting, plugged, tool
from appliance.system.devices import BLOCK
from appliance.system.door import Action, Nothing, Order, Wish
from appliance.system.formatting import Chosen, InUse
from appliance.system.plugged import Stick
from appliance.system.tool import ToolFailed

PREPARE_UNIT = "tapeline-prepare.service"
MOUNT_UNIT = "data-second.mount"
_PREPARE_S = 1800.0
_MOUNT_S = 120.0
_STICK_OPTIONS = "nosuid,nodev,noexec,noatime"


class Prepare(Wish, Chosen, frozen=True, kw_only=True):
    """Erase this disk and make it the one for recordings."""


class TakeOn(Wish, frozen=True, kw_only=True):
    """Mount the disk for recordings that is plugged in."""


class TakeOff(Wish, frozen=True, kw_only=True):
    """Let the disk for recordings go, so that it can be pulled out."""


class OpenStick(Wish, frozen=True, kw_only=True):
    """Mount a stick, to be read only unless it is to be written."""

    name: Annotated[str, msgspec.Meta(pattern=r"^sd[a-z]{1,3}[0-9]{0,3}$")]
    writable: bool = False


class CloseStick(Wish, frozen=True, kw_only=True):
    """Let a stick go, so that it can be pulled out."""

    name: Annotated[str, msgspec.Meta(pattern=r"^sd[a-z]{1,3}[0-9]{0,3}$")]


class Opened(msgspec.Struct, frozen=True):
    """Where the stick is now."""

    path: str


async def prepare(wish: Prepare, order: Order) -> Nothing:
    """Refuse what is in use; leave the order; have it carried out; mount.

    Raises: NotTheDisk, UnfitDisk, AnotherDisk, ToolFailed
    """
    chosen = Chosen(path=wish.path, size_bytes=wish.size_bytes, model=wish.model, serial=wish.serial)
    formatting.fit(chosen, await asyncio.to_thread(disks.now))
    await asyncio.to_thread(formatting.leave, order.machine.prepare_order, chosen)
    try:
        await _systemctl(order, "start", PREPARE_UNIT, within_s=_PREPARE_S)
    except ToolFailed as error:
        raise await asyncio.to_thread(
            _told, formatting.problem_of(order.machine.prepare_order), error
        ) from error
    await _systemctl(order, "start", MOUNT_UNIT, within_s=_MOUNT_S)
    return Nothing()


async def take_on(wish: TakeOn, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Mount it.

    Raises: NotFound, ToolFailed
    """
    if not any(disk.is_prepared for disk in await asyncio.to_thread(disks.now)):
        raise NotFound(what=disks.LABEL)
    await _systemctl(order, "start", MOUNT_UNIT, within_s=_MOUNT_S)
    return Nothing()


async def take_off(wish: TakeOff, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Give it up; a program that reads or writes there right now keeps it.

    Raises: InUse
    """
    await _given_up(order, MOUNT_UNIT, disks.LABEL)
    return Nothing()


async def open_stick(wish: OpenStick, order: Order) -> Opened:
    """Mount it as the recorder's user's; nothing on it is ever run.

    Raises: NotFound, InUse, ToolFailed
    """
    stick = await asyncio.to_thread(_stick, wish.name)
    place = str(order.machine.media / stick.name)
    if stick.mounts and stick.mounts != [place]:
        raise InUse(path=stick.path)
    unit = _unit(place)
    if stick.mounts:
        if not wish.writable:
            return Opened(place)  # whoever writes there lets it be read as well
        await _given_up(order, unit, stick.path)
    owner = order.layout.data.stat()
    options = (
        f"{'rw' if wish.writable else 'ro'},{_STICK_OPTIONS},uid={owner.st_uid},gid={owner.st_gid},umask=077"
    )
    await tool.run([*order.machine.busctl, *_transient(unit, stick, options)])
    try:
        await _systemctl(order, "start", unit, within_s=_MOUNT_S)  # waits for what was begun
    except ToolFailed:
        await _systemctl(order, "reset-failed", unit, forgiving=True)
        raise
    return Opened(place)


async def close_stick(wish: CloseStick, order: Order) -> Nothing:
    """Give it up; somebody else who reads or writes there right now keeps it.

    Raises: InUse
    """
    place = str(order.machine.media / wish.name)
    if place in [mount for mounts in (await asyncio.to_thread(devices.mounts)).values() for mount in mounts]:
        await _given_up(order, _unit(place), f"/dev/{wish.name}")
    return Nothing()


def _told(path: Path, error: ToolFailed) -> ToolFailed:
    """What the unit itself says went wrong, where it says anything."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return ToolFailed(tool="mkfs", problem=path.read_text("utf-8")[:500])
    return error


def _stick(name: str) -> Stick:
    found = plugged.sticks(devices.found(BLOCK), devices.mounts())
    stick = next((one for one in found if one.name == name), None)
    if stick is None:
        raise NotFound(what=name)
    return stick


def _unit(place: str) -> str:
    """The name of a mount's unit; ours hold nothing that systemd would escape."""
    return place.strip("/").replace("/", "-") + ".mount"


def _transient(unit: str, stick: Stick, options: str) -> list[str]:
    """The words for busctl: a mount that goes when the stick goes.

    Source: org.freedesktop.systemd1(5) `StartTransientUnit`, systemd.mount(5), busctl(1)
    """
    properties = [
        ["Description", "s", f"USB stick {stick.name}"],
        ["What", "s", stick.path],
        ["Type", "s", stick.kind],
        ["Options", "s", options],
        ["BindsTo", "as", "1", f"dev-{stick.name}.device"],
        ["CollectMode", "s", "inactive-or-failed"],
    ]
    manager = "org.freedesktop.systemd1"
    place = [manager, "/org/freedesktop/systemd1", f"{manager}.Manager"]
    flat = [word for one in properties for word in one]
    return [
        "call",
        *place,
        "StartTransientUnit",
        "ssa(sv)a(sa(sv))",
        unit,
        "replace",
        str(len(properties)),
        *flat,
        "0",
    ]


async def _given_up(order: Order, unit: str, what: str) -> None:
    try:
        await _systemctl(order, "stop", unit, within_s=_MOUNT_S)
    except ToolFailed as error:
        raise InUse(path=what) from error


async def _systemctl(
    order: Order, verb: str, unit: str, *, within_s: float = 20.0, forgiving: bool = False
) -> None:
    try:
        await tool.run([*order.machine.systemctl, verb, unit], within_s=within_s)
    except ToolFailed:
        if not forgiving:
            raise


PREPARE = Action(
    "disk-prepare",
    Text(en="Make a disk one for recordings", zh="将磁盘格式化为录音盘"),
    Prepare,
    Nothing,
    prepare,
    within_s=_PREPARE_S + _MOUNT_S,
    alone="disk",
)
TAKE_ON = Action(
    "disk-take-on",
    Text(en="Take the disk for recordings on", zh="挂载录音盘"),
    TakeOn,
    Nothing,
    take_on,
    within_s=_MOUNT_S,
    alone="disk",
)
TAKE_OFF = Action(
    "disk-take-off",
    Text(en="Take the disk for recordings off", zh="移除录音盘"),
    TakeOff,
    Nothing,
    take_off,
    within_s=_MOUNT_S,
    alone="disk",
)
OPEN_STICK = Action(
    "stick-open",
    Text(en="Open a USB stick", zh="打开 U 盘"),
    OpenStick,
    Opened,
    open_stick,
    within_s=_MOUNT_S,
    alone="stick",
)
CLOSE_STICK = Action(
    "stick-close",
    Text(en="Close a USB stick", zh="关闭 U 盘"),
    CloseStick,
    Nothing,
    close_stick,
    within_s=_MOUNT_S,
    alone="stick",
)
ACTIONS = (PREPARE, TAKE_ON, TAKE_OFF, OPEN_STICK, CLOSE_STICK)
