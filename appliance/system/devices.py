"""The machine's devices as udev knows them: listed now, and watched while they come and go.

The one file that speaks with udev. What follows from the devices (which disk may be offered, what is a stick) is decided
elsewhere by plain facts, so that any machine's devices can be told in a test.
Source: libudev(3), udev(7) "properties", the kernel's Documentation/ABI/stable/sysfs-block
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyudev

from appliance.core import log

BLOCK, TTY, NET, SOUND, SPAN = "block", "tty", "net", "sound", "dahdi_spans"
WATCHED = (BLOCK, TTY, NET, SOUND, SPAN)

_MOUNTS = Path("/proc/self/mountinfo")
_ATTRIBUTES = {
    BLOCK: ("size", "ro", "removable", "queue/rotational"),
    TTY: ("type",),
    NET: ("address", "type"),
    SOUND: ("id",),
    SPAN: ("desc", "channels"),
}
_MOUNT_POINT = 4
_ESCAPED = re.compile(r"\\([0-7]{3})")
_MOST_AT_ONCE = 1000

_logger = log.get(__name__)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A device. `is_known`: udev has looked at it; before that nothing it lacks means anything.

    `above` is the device that it is a part of (a partition's disk, a span's card), "" for none; `holders` are the block devices
    made of it (array, volume); `has_hardware`: there is a device behind it, it is no creature of the kernel's.
    """

    subsystem: str
    name: str
    node: str = ""
    kind: str = ""
    above: str = ""
    is_known: bool = False
    has_hardware: bool = False
    holders: list[str] = []
    properties: dict[str, str] = {}
    attributes: dict[str, str] = {}

    def told(self, *names: str) -> str:
        """The first of these properties that says anything, without the spaces around it."""
        return next((word for name in names if (word := self.properties.get(name, "").strip())), "")

    @property
    def number(self) -> str:
        """Major and minor, as mounts name a block device."""
        return f"{self.told('MAJOR')}:{self.told('MINOR')}"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What udev said of a device: `action` is add, remove, change, …; "" when so much happened that some was lost."""

    action: str
    subsystem: str = ""
    name: str = ""


def found(*subsystems: str) -> list[Found]:
    """The devices of these kinds, by name."""
    context = pyudev.Context()
    told = [
        _told(device, subsystem)
        for subsystem in subsystems
        for device in context.list_devices(subsystem=subsystem)
    ]
    return sorted(told, key=lambda one: (one.subsystem, one.name))


def mounts(path: Path = _MOUNTS) -> dict[str, list[str]]:
    """Device number (major:minor) → where it is mounted, for whoever asks.

    Source: proc(5), mountinfo
    """
    points: dict[str, list[str]] = {}
    for line in path.read_text("utf-8", "surrogateescape").splitlines():
        words = line.split(" ")
        if len(words) > _MOUNT_POINT:
            point = _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), words[_MOUNT_POINT])
            known = points.setdefault(words[2], [])
            if point not in known:
                known.append(point)
    return points


class Watch:
    """Tells of every change while it is open; needs a running event loop and a netlink socket.

    Raises: OSError from `open`, where netlink is not to be had
    """

    def __init__(self, on_change: Callable[[Change], None], subsystems: tuple[str, ...] = WATCHED) -> None:
        self._on_change = on_change
        self._subsystems = subsystems
        self._monitor: pyudev.Monitor | None = None

    def open(self) -> "Watch":
        """Begin to listen; what changes from now on is told."""
        self._monitor = pyudev.Monitor.from_netlink(pyudev.Context())
        for subsystem in self._subsystems:
            self._monitor.filter_by(subsystem)
        self._monitor.start()
        asyncio.get_running_loop().add_reader(self._monitor.fileno(), self._read)
        return self

    def close(self) -> None:
        """Listen no more."""
        if self._monitor is not None:
            asyncio.get_running_loop().remove_reader(self._monitor.fileno())
            self._monitor = None

    def _read(self) -> None:
        assert self._monitor is not None
        for _ in range(_MOST_AT_ONCE):  # others have their turn, whatever a device that flutters does
            try:
                device = self._monitor.poll(timeout=0)
            except OSError as error:  # ENOBUFS: more came than the socket holds
                _logger.warning("some changes of devices were lost", extra={"problem": str(error)})
                self._on_change(Change(action=""))
                return
            if device is None:
                return
            told = Change(
                action=device.action or "", subsystem=device.subsystem or "", name=device.sys_name or ""
            )
            self._on_change(told)


def _told(device: pyudev.Device, subsystem: str) -> Found:
    path = Path(device.sys_path)
    above = device.parent
    is_part = device.device_type == "partition" or subsystem in (SOUND, SPAN)
    return Found(
        subsystem=subsystem,
        name=device.sys_name,
        node=device.device_node or "",
        kind=device.device_type or "",
        above=above.sys_name if is_part and above is not None else "",
        is_known=bool(device.is_initialized),
        has_hardware="/devices/virtual/" not in device.sys_path,
        holders=_names(path / "holders"),
        properties={str(name): str(value) for name, value in device.properties.items()},
        attributes={name: _attribute(device, name) for name in _ATTRIBUTES.get(subsystem, ())},
    )


def _attribute(device: pyudev.Device, name: str) -> str:
    with contextlib.suppress(KeyError, UnicodeDecodeError):
        return str(device.attributes.asstring(name)).strip()
    return ""


def _names(folder: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return sorted(path.name for path in folder.iterdir())
    return []
