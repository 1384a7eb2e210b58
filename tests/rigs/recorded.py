"""Devices as udev tells them (`udevadm info --export-db`), shortened to what is asked for; sizes in sectors of 512 bytes."""

from typing import Any

from appliance.system.devices import BLOCK, NET, TTY, Found

SECTORS_OF_GIB = (1 << 30) // 512


def disk(name: str, gib: float = 100, **more: Any) -> Found:
    """A whole disk that udev has looked at; more properties by their names, `known`, `holders`, `removable`, `ro`."""
    return _block(name, "disk", "", gib, more)


def part(name: str, above: str, gib: float = 100, **more: Any) -> Found:
    """A partition, or with an empty `above` what is made of others."""
    return _block(name, "partition" if above else "disk", above, gib, more)


def _block(name: str, kind: str, above: str, gib: float, more: dict[str, Any]) -> Found:
    given = dict(more)
    attributes = {
        "size": str(int(gib * SECTORS_OF_GIB)),
        "ro": given.pop("ro", "0"),
        "removable": given.pop("removable", "0"),
        "queue/rotational": given.pop("rotational", "1"),
    }
    is_known, holders = given.pop("known", True), given.pop("holders", [])
    major, minor = _NUMBERS.setdefault(name, (8, len(_NUMBERS)))
    properties = {
        "DEVNAME": f"/dev/{name}",
        "DEVTYPE": kind,
        "MAJOR": str(major),
        "MINOR": str(minor),
        **given,
    }
    properties.setdefault("DEVPATH", f"/devices/pci0000:00/0000:00:1f.2/ata1/block/{name}")
    return Found(
        subsystem=BLOCK,
        name=name,
        node=f"/dev/{name}",
        kind=kind,
        above=above,
        is_known=is_known,
        has_hardware=True,
        holders=holders,
        properties=properties,
        attributes=attributes,
    )


_NUMBERS: dict[str, tuple[int, int]] = {}

SATA = {
    "ID_BUS": "ata", "ID_TYPE": "disk", "ID_MODEL": "ST4000VN008-2DR166", "ID_SERIAL": "ST4000VN008-2DR166_ZGY0A1B2",
    "ID_SERIAL_SHORT": "ZGY0A1B2", "ID_ATA_ROTATION_RATE_RPM": "5980",
}  # fmt: skip
NVME = {
    "ID_MODEL": "Samsung SSD 980 500GB", "ID_SERIAL_SHORT": "S64DNF0R123456",
    "ID_SERIAL": "Samsung_SSD_980_500GB_S64DNF0R123456",
    "DEVPATH": "/devices/pci0000:00/0000:00:1d.0/0000:02:00.0/nvme/nvme0/nvme0n1",
}  # fmt: skip
USB = {
    "ID_BUS": "usb", "ID_VENDOR": "Kingston", "ID_MODEL": "DataTraveler_3.0", "ID_SERIAL_SHORT": "E0D55EA573F4F3E1",
    "ID_USB_DRIVER": "usb-storage",
}  # fmt: skip


def system() -> list[Found]:
    """The disk of a box that runs: two slots with the running root held by dm-verity, and the data."""
    names = ("bios", "esp", "boot-a", "root-a", "boot-b", "root-b", "data")
    kinds = ("", "vfat", "squashfs", "squashfs", "squashfs", "squashfs", "ext4")
    whole = disk("sda", 120, **SATA, ID_PART_TABLE_TYPE="gpt")
    parts = [
        part(
            f"sda{place}", "sda", 1, **SATA, ID_PART_ENTRY_NAME=name, ID_FS_TYPE=kind,
            holders=["dm-0"] if name == "root-a" else [],
        )
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True), 1)
    ]  # fmt: skip
    return [whole, *parts, part("dm-0", "", 1, ID_FS_TYPE="squashfs", DM_NAME="root")]


def stick(name: str = "sdz", label: str = "INSTALL", kind: str = "vfat") -> list[Found]:
    """A USB stick with one partition."""
    whole = disk(name, 16, **USB, removable="1")
    return [
        whole,
        part(f"{name}1", name, 16, **USB, ID_FS_TYPE=kind, ID_FS_LABEL=label, ID_FS_UUID="1A2B-3C4D"),
    ]


def adapter(name: str = "ttyUSB0") -> Found:
    """A serial adapter."""
    properties = {
        "ID_BUS": "usb", "ID_VENDOR": "FTDI", "ID_VENDOR_FROM_DATABASE": "Future Technology Devices International, Ltd",
        "ID_MODEL": "FT232R_USB_UART", "ID_MODEL_FROM_DATABASE": "FT232 Serial (UART) IC", "ID_SERIAL_SHORT": "A50285BI",
    }  # fmt: skip
    return Found(
        subsystem=TTY, name=name, node=f"/dev/{name}", is_known=True, has_hardware=True, properties=properties
    )


def chip(name: str, kind: str) -> Found:
    """A serial port of the board; of kind 0 there is none."""
    return Found(
        subsystem=TTY,
        name=name,
        node=f"/dev/{name}",
        is_known=True,
        has_hardware=True,
        attributes={"type": kind},
    )


def card(name: str = "enp2s0") -> Found:
    """A network card."""
    properties = {
        "ID_NET_DRIVER": "igb", "ID_VENDOR_FROM_DATABASE": "Intel Corporation",
        "ID_MODEL_FROM_DATABASE": "I210 Gigabit Network Connection",
    }  # fmt: skip
    return Found(
        subsystem=NET, name=name, is_known=True, has_hardware=True, properties=properties,
        attributes={"address": "00:25:90:aa:bb:cc", "type": "1"},
    )  # fmt: skip
