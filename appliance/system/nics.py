"""The machine's network ports as they are now, read from /sys and /proc and by two ioctls; no netlink socket is needed.

Source: netdevice(7), proc_net(5), the kernel's Documentation/ABI/testing/sysfs-class-net
"""

import contextlib
import ctypes
import errno
import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SIOCGIFCONF = 0x8912
SIOCGIFNETMASK = 0x891B
_REQUEST = struct.Struct("16sHH4s16x")  # struct ifreq: name, then sockaddr_in
_MOST_ADDRESSES = 256
_GATEWAY = 0x2
_UNKNOWN_SPEED = -1
_RESOLVED = (Path("/run/systemd/resolve/resolv.conf"), Path("/etc/resolv.conf"))


class Address(NamedTuple):
    """One address of a port with the length of its prefix; `mask` is "" for IPv6."""

    address: str
    prefix: int
    mask: str


class Nic(NamedTuple):
    """One network port. `speed_mbit` is None while the link is down or the driver does not say.

    `errors` and `dropped` are the kernel's counters of both directions since the machine started.
    """

    name: str
    mac: str
    is_physical: bool
    link_up: bool
    speed_mbit: int | None
    duplex: str
    mtu: int
    addresses: tuple[Address, ...]
    gateways: tuple[str, ...]
    received_bytes: int
    sent_bytes: int
    errors: int
    dropped: int


def nics(root: Path = Path("/")) -> list[Nic]:
    """All ports but the loopback, real ones first; a virtual one only when it has an address."""
    ways = _gateways(root / "proc/net")
    owned = _addresses(root / "proc/net")
    found = []
    for folder in sorted((root / "sys/class/net").iterdir()):
        name = folder.name
        if name == "lo" or not (folder / "address").exists():
            continue
        is_physical = (folder / "device").exists()
        own = tuple(owned.get(name, ()))
        if is_physical or own:
            found.append(_nic(folder, is_physical, own, tuple(ways.get(name, ()))))
    return sorted(found, key=lambda nic: (not nic.is_physical, nic.name))


def name_servers(files: tuple[Path, ...] = _RESOLVED) -> list[str]:
    """Whom the machine asks for names: the first file that names anybody counts.

    Source: resolv.conf(5)
    """
    for path in files:
        try:
            lines = path.read_text("ascii", "replace").splitlines()
        except OSError:
            continue
        found = [line.split()[1] for line in lines if line.startswith("nameserver") and len(line.split()) > 1]
        if found:
            return found
    return []


def _nic(folder: Path, is_physical: bool, own: tuple[Address, ...], ways: tuple[str, ...]) -> Nic:  # noqa: FBT001
    link_up = _word(folder / "carrier") == "1"
    speed = _number(folder / "speed", _UNKNOWN_SPEED) if link_up else _UNKNOWN_SPEED
    count = folder / "statistics"
    return Nic(
        name=folder.name,
        mac=_word(folder / "address"),
        is_physical=is_physical,
        link_up=link_up,
        speed_mbit=speed if speed > 0 else None,
        duplex=_word(folder / "duplex") if link_up else "",
        mtu=_number(folder / "mtu"),
        addresses=own,
        gateways=ways,
        received_bytes=_number(count / "rx_bytes"),
        sent_bytes=_number(count / "tx_bytes"),
        errors=_number(count / "rx_errors") + _number(count / "tx_errors"),
        dropped=_number(count / "rx_dropped") + _number(count / "tx_dropped"),
    )


def _addresses(folder: Path) -> dict[str, list[Address]]:
    found: dict[str, list[Address]] = {}
    for name, address in [*_ipv4(), *_ipv6(folder / "if_inet6")]:
        found.setdefault(name, []).append(address)
    return found


def _ipv4() -> Iterator[tuple[str, Address]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for label, raw in _configured(asking):
            mask = _mask(asking, label, raw)
            if mask is not None:
                name = label.partition(b":")[0].decode("ascii", "replace")
                yield (
                    name,
                    Address(socket.inet_ntoa(raw), int.from_bytes(mask).bit_count(), socket.inet_ntoa(mask)),
                )


def _configured(asking: socket.socket) -> list[tuple[bytes, bytes]]:
    """Every label that has an IPv4 address, with it."""
    room = ctypes.create_string_buffer(_MOST_ADDRESSES * _REQUEST.size)
    request = struct.pack("iP", len(room), ctypes.addressof(room))
    told, _ = struct.unpack("iP", fcntl.ioctl(asking, SIOCGIFCONF, request))
    rows = _REQUEST.iter_unpack(room.raw[: told - told % _REQUEST.size])
    return [(label.rstrip(b"\0"), raw) for label, family, _, raw in rows if family == socket.AF_INET]


def _mask(asking: socket.socket, label: bytes, raw: bytes) -> bytes | None:
    request = _REQUEST.pack(label, socket.AF_INET, 0, raw)
    try:
        answer = fcntl.ioctl(asking, SIOCGIFNETMASK, request)
    except OSError as error:
        if error.errno in {errno.ENODEV, errno.EADDRNOTAVAIL}:  # went away since it was listed
            return None
        raise
    mask: bytes = _REQUEST.unpack(answer)[3]
    return mask


def _ipv6(path: Path) -> Iterator[tuple[str, Address]]:
    for line in _lines(path):
        words = line.split()
        with contextlib.suppress(ValueError, IndexError):
            yield (
                words[5],
                Address(str(ipaddress.IPv6Address(bytes.fromhex(words[0]))), int(words[2], 16), ""),
            )


def _gateways(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _lines(folder / "route")[1:]:
        words = line.split()
        with contextlib.suppress(ValueError, IndexError):
            if int(words[3], 16) & _GATEWAY and words[1] == "00000000":
                way = socket.inet_ntoa(struct.pack("=I", int(words[2], 16)))
                found.setdefault(words[0], []).append(way)
    for line in _lines(folder / "ipv6_route"):
        words = line.split()
        with contextlib.suppress(ValueError, IndexError):
            if int(words[8], 16) & _GATEWAY and words[1] == "00":
                found.setdefault(words[9], []).append(str(ipaddress.IPv6Address(bytes.fromhex(words[4]))))
    return {name: list(dict.fromkeys(ways)) for name, ways in found.items()}


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []


def _word(path: Path) -> str:
    """A file of one word; "" where the driver refuses to say, as `carrier` of a port that is switched off."""
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""


def _number(path: Path, otherwise: int = 0) -> int:
    try:
        return int(_word(path))
    except ValueError:
        return otherwise
