"""What is plugged into the machine now: disks, USB sticks, serial lines, network ports, cards of lines, in one report that changes with them.

The watchdog watches and writes it; the panel and the backup program read it. Root's own actions look for themselves.
"""

import re
from datetime import datetime
from itertools import groupby

import msgspec

from appliance.core.files import Layout, write_atomically
from appliance.system import devices, disks
from appliance.system.devices import BLOCK, NET, SOUND, SPAN, TTY, Found
from appliance.system.disks import Disk

STICK_KINDS = ("vfat", "exfat")
"""File systems that any machine can write, and that know no owners: nothing on a stick is ever run."""

_USB_LINES = ("ttyUSB", "ttyACM")
_ETHERNET = "1"
_CAPTURE = re.compile(r"pcmC(\d+)D(\d+)c")
_SPAN_NAME = re.compile(r"span-(\d+)")


class Stick(msgspec.Struct, frozen=True, kw_only=True):
    """A USB stick's (or disk's) file system that backups and updates may lie on. `name` is the kernel's: sdb1."""

    name: str
    path: str
    size_bytes: int
    kind: str
    label: str = ""
    model: str = ""
    serial: str = ""
    mounts: list[str] = []


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A serial line: the console speaks on it. `name` is the kernel's: ttyS0, ttyUSB0."""

    name: str
    model: str = ""
    serial: str = ""
    is_usb: bool = False


class Port(msgspec.Struct, frozen=True, kw_only=True):
    """A network port of the hardware's."""

    name: str
    model: str = ""
    driver: str = ""
    address: str = ""


class LineCard(msgspec.Struct, frozen=True, kw_only=True):
    """A board that lines could come from: the spans of a card (`dahdi`), or a sound input by the library's name (`alsa`)."""

    kind: str
    model: str
    channels: int = 1
    spans: list[int] = []
    device: str = ""


class Plugged(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, as it was at `at`."""

    at: datetime
    disks: list[Disk] = []
    sticks: list[Stick] = []
    lines: list[Line] = []
    ports: list[Port] = []
    cards: list[LineCard] = []

    def is_like(self, other: "Plugged | None") -> bool:
        """Whether nothing but the time differs."""
        return other is not None and msgspec.structs.replace(self, at=other.at) == other


def look(at: datetime) -> Plugged:
    """Ask udev and the kernel's table of mounts; milliseconds, no rights."""
    return told(at, devices.found(*devices.WATCHED), devices.mounts())


def told(at: datetime, found: list[Found], mounts: dict[str, list[str]]) -> Plugged:
    """What these devices are to the box."""
    of = {kind: [one for one in found if one.subsystem == kind] for kind in devices.WATCHED}
    return Plugged(
        at=at,
        disks=disks.disks(of[BLOCK], mounts),
        sticks=sticks(of[BLOCK], mounts),
        lines=[line for one in of[TTY] if (line := _line(one)) is not None],
        ports=[
            Port(
                name=one.name,
                model=_model(one),
                driver=one.told("ID_NET_DRIVER"),
                address=one.attributes.get("address", ""),
            )
            for one in of[NET]
            if one.has_hardware and one.attributes.get("type") == _ETHERNET
        ],
        cards=[*_spanned(of[SPAN]), *_inputs(of[SOUND])],
    )


def sticks(found: list[Found], mounts: dict[str, list[str]]) -> list[Stick]:
    """What is on a USB disk and any machine could write; a disk for recordings is none."""
    return [
        Stick(
            name=one.name,
            path=one.node,
            size_bytes=disks.size_of(one),
            kind=one.told("ID_FS_TYPE"),
            label=one.told("ID_FS_LABEL"),
            model=_model(one),
            serial=one.told("ID_SERIAL_SHORT"),
            mounts=mounts.get(one.number, []),
        )
        for one in found
        if one.told("ID_BUS") == "usb" and one.is_known and one.told("ID_FS_TYPE") in STICK_KINDS
    ]


def write(layout: Layout, report: Plugged) -> None:
    """Leave it where everybody reads it."""
    write_atomically(layout.plugged_report, msgspec.json.encode(report), mode=0o644, durable=False)


def read(layout: Layout) -> Plugged | None:
    """The last report, None while there is none."""
    try:
        return msgspec.json.decode(layout.plugged_report.read_bytes(), type=Plugged)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _spanned(found: list[Found]) -> list[LineCard]:
    names = ((_SPAN_NAME.fullmatch(one.name), one) for one in found)
    numbered = sorted(((int(name[1]), one) for name, one in names if name), key=lambda pair: pair[0])
    cards = []
    for _, group in groupby(numbered, key=lambda pair: pair[1].above):
        spans = list(group)
        channels = [one.attributes.get("channels", "") for _, one in spans]
        cards.append(
            LineCard(
                kind="dahdi",
                model=spans[0][1].attributes.get("desc", ""),
                channels=sum(int(count) for count in channels if count.isdecimal()),
                spans=[number for number, _ in spans],
            )
        )
    return cards


def _inputs(found: list[Found]) -> list[LineCard]:
    cards = {one.name: one for one in found}
    inputs = []
    for one in found:
        place = _CAPTURE.fullmatch(one.name)
        card = cards.get(f"card{place[1]}") if place else None
        if place and card is not None and (name := card.attributes.get("id", "")):
            device = f"plughw:CARD={name},DEV={place[2]}"
            inputs.append(LineCard(kind="alsa", model=_model(card) or name, device=device))
    return inputs


def _line(one: Found) -> Line | None:
    is_usb = one.name.startswith(_USB_LINES)
    # The kernel has more ttyS than the machine has ports: those without a chip are of type 0.
    is_port = one.name.startswith("ttyS") and one.attributes.get("type", "0") not in ("", "0")
    if not is_usb and not is_port:
        return None
    return Line(name=one.name, model=_model(one), serial=one.told("ID_SERIAL_SHORT"), is_usb=is_usb)


def _model(one: Found) -> str:
    maker = one.told("ID_VENDOR_FROM_DATABASE", "ID_VENDOR").replace("_", " ")
    model = one.told("ID_MODEL_FROM_DATABASE", "ID_MODEL").replace("_", " ")
    return model if model.startswith(maker) else f"{maker} {model}".strip()
