"""What networks and mirrors do to frames: tunnels around them, fragments of them, copies of them, their ends cut off.

Made from the protocols' documents alone, without any code of the product; each function takes an Ethernet frame (with
or without VLAN tags, IPv4 or IPv6 in it) and gives what would be captured instead.

Source: RFC 791 §3.2, RFC 8200 §4.5, RFC 2784, RFC 2890, draft-foschiano-erspan-03, RFC 7348, RFC 2003, RFC 4213, RFC
2516, RFC 3032, Homer's HEP3 specification
"""

import itertools
import struct
from collections.abc import Callable, Iterator

OUTER = (b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02")
MACS = b"\x02\0\0\0\0\x0a\x02\0\0\0\0\x0b"
_numbers = itertools.count(1)


def checksum(data: bytes) -> int:
    """Source: RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def parts(frame: bytes) -> tuple[bytes, int, bytes]:
    """MAC addresses and tags, Ethernet type, the packet."""
    at = 12
    while frame[at : at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    return frame[:at], int.from_bytes(frame[at : at + 2]), frame[at + 2 :]


def ipv4(protocol: int, body: bytes, *, place: int = 0, number: int = 0) -> bytes:
    """An outer packet."""
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), number, place, 60, protocol, 0) + b"".join(OUTER)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def _framed(packet: bytes, kind: int = 0x0800) -> bytes:
    return MACS + struct.pack("!H", kind) + packet


def _udp(port: int, payload: bytes) -> bytes:
    return _framed(ipv4(17, struct.pack("!HHHH", 40000, port, 8 + len(payload), 0) + payload))


def gre(frame: bytes) -> bytes:
    _, kind, packet = parts(frame)
    return _framed(ipv4(47, struct.pack("!HH", 0, kind) + packet))


def gre_full(frame: bytes) -> bytes:
    """With checksum, key and sequence number, around the whole frame."""
    body = struct.pack("!HHIII", 0xB000, 0x6558, 0, 7, next(_numbers)) + frame
    return _framed(ipv4(47, body))


def erspan1(frame: bytes) -> bytes:
    return _framed(ipv4(47, struct.pack("!HH", 0, 0x88BE) + frame))


def erspan2(frame: bytes) -> bytes:
    return _framed(ipv4(47, struct.pack("!HHIII", 0x1000, 0x88BE, next(_numbers), 0x10640001, 3) + frame))


def erspan3(frame: bytes) -> bytes:
    """With the platform's subheader."""
    head = struct.pack("!HHIIIHH", 0x1000, 0x22EB, next(_numbers), 0x20640001, 9, 0, 1)
    return _framed(ipv4(47, head + bytes(8) + frame))


def vxlan(frame: bytes) -> bytes:
    return _udp(4789, b"\x08\0\0\0\0\0\x2a\0" + frame)


def vxlan_policy(frame: bytes) -> bytes:
    """With a group's number and its flag, and a reserved bit that a receiver ignores."""
    return _udp(4789, b"\x88\x40\0\x10\0\0\x2a\x01" + frame)


def ip_in_ip(frame: bytes) -> bytes:
    """IPv4 in IPv4, or 6in4."""
    _, kind, packet = parts(frame)
    return _framed(ipv4(4 if kind == 0x0800 else 41, packet))


def pppoe(frame: bytes) -> bytes:
    _, kind, packet = parts(frame)
    ppp = struct.pack("!H", 0x0021 if kind == 0x0800 else 0x0057) + packet
    return _framed(struct.pack("!BBHH", 0x11, 0, 5, len(ppp)) + ppp, 0x8864)


def mpls(frame: bytes) -> bytes:
    return _framed(struct.pack("!II", 16 << 12 | 64, 17 << 12 | 1 << 8 | 64) + parts(frame)[2], 0x8847)


def pseudowire(frame: bytes) -> bytes:
    return _framed(struct.pack("!II", 16 << 12 | 1 << 8 | 64, 0) + frame, 0x8847)


def bare_pseudowire(frame: bytes) -> bytes:
    """Without the control word, to telephones whose addresses begin like one, like IPv4 and like IPv6."""
    telephone = [b"\x00\x04\xf2", b"\x4c\x11\xae", b"\x68\x05\xca"][frame[-1] % 3]
    label = struct.pack("!I", 16 << 12 | 1 << 8 | 64)
    return _framed(label + telephone + frame[3:], 0x8847)


def tzsp(frame: bytes) -> bytes:
    return _udp(37008, b"\x01\0\0\x01\x0a\x01\xc4\0\x01" + frame)


def hep(frame: bytes, at_ns: int) -> bytes:
    """What an agent sends instead of a UDP packet."""
    _, kind, packet = parts(frame)
    head, size = (packet[:20], 4) if kind == 0x0800 else (packet[:40], 16)
    body = packet[len(head) :]
    addresses = head[12:] if size == 4 else head[8:]
    chunks = [
        (1, b"\x02" if size == 4 else b"\x0a"),
        (2, b"\x11"),
        (3 if size == 4 else 5, addresses[:size]),
        (4 if size == 4 else 6, addresses[size:]),
        (7, body[:2]),
        (8, body[2:4]),
        (9, struct.pack("!I", at_ns // 1_000_000_000)),
        (10, struct.pack("!I", at_ns % 1_000_000_000 // 1000)),
        (11, b"\x01"),
        (12, struct.pack("!I", 2001)),
        (15, body[8:]),
    ]
    rows = b"".join(struct.pack("!HHH", 0, number, 6 + len(value)) + value for number, value in chunks)
    return _udp(9060, b"HEP3" + struct.pack("!H", 6 + len(rows)) + rows)


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "gre": gre,
    "gre_full": gre_full,
    "erspan1": erspan1,
    "erspan2": erspan2,
    "erspan3": erspan3,
    "vxlan": vxlan,
    "vxlan_policy": vxlan_policy,
    "ip_in_ip": ip_in_ip,
    "pppoe": pppoe,
    "mpls": mpls,
    "pseudowire": pseudowire,
    "bare_pseudowire": bare_pseudowire,
    "tzsp": tzsp,
}


def fragments(frame: bytes, mtu: int) -> list[bytes]:
    """The frame's packet in pieces that fit into `mtu` bytes, the last one first."""
    begin, kind, packet = parts(frame)
    number = next(_numbers)
    if len(packet) <= mtu or kind not in (0x0800, 0x86DD):
        return [frame]
    head = 20 if kind == 0x0800 else 40
    step = (mtu - head - (0 if head == 20 else 8)) // 8 * 8
    made = []
    for at in range(0, len(packet) - head, step):
        piece = packet[head + at : head + at + step]
        more = head + at + step < len(packet)
        if head == 20:
            place = at // 8 | (0x2000 if more else 0)
            fixed = packet[:2] + struct.pack("!HHH", 20 + len(piece), number & 0xFFFF, place) + packet[8:10]
            fixed += b"\0\0" + packet[12:20]
            fixed = fixed[:10] + struct.pack("!H", checksum(fixed)) + fixed[12:]
        else:
            fixed = packet[:4] + struct.pack("!HB", 8 + len(piece), 44) + packet[7:40]
            fixed += struct.pack("!BBHI", packet[6], 0, at | more, number)
        made.append(begin + struct.pack("!H", kind) + fixed + piece)
    return made[::-1]


def routed(frame: bytes) -> bytes:
    """The same packet behind a router: other MAC addresses, another VLAN, TTL and checksum."""
    _, kind, packet = parts(frame)
    changed = bytearray(packet)
    changed[8 if kind == 0x0800 else 7] -= 1
    if kind == 0x0800:
        changed[10:12] = b"\0\0"
        changed[10:12] = struct.pack("!H", checksum(bytes(changed[:20])))
    return MACS[6:] + MACS[:6] + b"\x81\0\0\xc8" + struct.pack("!H", kind) + bytes(changed)


class Network:
    """One way of treating frames. `wrap`: names joined by "+", the innermost first; `twice`: copies 60 µs later."""

    def __init__(self, wrap: str = "", mtu: int = 0, snap: int = 0, *, twice: bool = False) -> None:
        self._wrap = wrap.split("+") if wrap else []
        self._mtu = mtu
        self._snap = snap
        self._twice = twice

    @property
    def is_plain(self) -> bool:
        return not (self._wrap or self._mtu or self._snap or self._twice)

    def captured(self, at_ns: int, frame: bytes) -> Iterator[tuple[int, bytes, int]]:
        """Time, bytes and length on the wire of each frame that is captured instead of this one."""
        wrapped = frame
        for name in self._wrap:
            wrapped = hep(wrapped, at_ns) if name == "hep" else WRAPPINGS[name](wrapped)
        copies = [(at_ns, wrapped), *([(at_ns + 60_000, routed(frame))] if self._twice else [])]
        for copy_ns, copy in copies:
            for index, piece in enumerate(fragments(copy, self._mtu) if self._mtu else [copy]):
                yield copy_ns + index, piece[: self._snap or None], len(piece)
