"""Capture files written packet by packet, for what reads them. Independent of the engine's own writer."""

import struct
from ipaddress import IPv6Address, ip_address
from pathlib import Path

START_NS = 1_700_000_000_000_000_000
MS = 1_000_000


def rtp_packet(seq, timestamp, payload, ssrc=7, payload_type=8, marker=False):
    head = struct.pack(">BBHII", 0x80, marker << 7 | payload_type, seq & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
    return head + payload


def udp_packet(source, destination, payload):
    """An IP packet; the ends are (address, port). Checksums are absent in version 4, wrong in version 6."""
    addresses = [ip_address(source[0]), ip_address(destination[0])]
    udp = struct.pack(">HHHH", source[1], destination[1], 8 + len(payload), 0) + payload
    return _ip(addresses, 17, udp)


def tcp_segment(source, destination, seq, payload):
    addresses = [ip_address(source[0]), ip_address(destination[0])]
    tcp = struct.pack(">HHIIBBHHH", source[1], destination[1], seq, 1, 5 << 4, 0x18, 65535, 0, 0) + payload
    return _ip(addresses, 6, tcp)


def _ip(addresses, protocol, body):
    source, destination = (address.packed for address in addresses)
    if isinstance(addresses[0], IPv6Address):
        return struct.pack(">IHBB16s16s", 6 << 28, len(body), protocol, 64, source, destination) + body
    head = (0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0)
    return struct.pack(">BBHHHBBH4s4s", *head, source, destination) + body


class CaptureFile:
    """Records in the order they are added, `at_ms` after a fixed moment; nanosecond pcap of raw IP."""

    def __init__(self):
        self.content = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65575, 101)

    def add(self, at_ms, packet):
        at_ns = START_NS + round(at_ms * MS)
        seconds, fraction = divmod(at_ns, 1_000_000_000)
        self.content += struct.pack("<IIII", seconds, fraction, len(packet), len(packet)) + packet
        return self

    def write(self, path: Path) -> Path:
        path.write_bytes(self.content)
        return path
