"""Capture files of signalling: one interface a direction of a timeslot, times in nanoseconds; any analyser opens them.

A file that ends in the middle of a block, because the power went, is read up to there.

Source: draft-ietf-opsawg-pcapng §3, §4.1 (section), §4.2 (interface), §4.3 (packet); link types of tcpdump.org
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec

from appliance.core.errors import BadCapture

LAPD = 203
MTP2 = 140
OURS = 147
"""Reserved for private use: line and register signals, and HDLC frames of which nothing is known."""

_SECTION = 0x0A0D0D0A
_INTERFACE = 1
_PACKET = 6
_ORDER = 0x1A2B3C4D
_NAME = 2
_RESOLUTION = 9
_NANOSECONDS = 9
_END = struct.pack("<HH", 0, 0)
_MOST_BLOCK = 1 << 20


class Source(msgspec.Struct, frozen=True):
    """Where something was heard, and what kind of thing it is (a link type)."""

    e1: int
    port: int
    timeslot: int
    link_type: int

    @property
    def name(self) -> str:
        """As it stands in the file."""
        return f"e1-{self.e1 + 1} port-{self.port} timeslot-{self.timeslot}"


def section() -> bytes:
    """The head of a file."""
    return _block(_SECTION, struct.pack("<IHHq", _ORDER, 1, 0, -1))


def interface(source: Source) -> bytes:
    """The description of a source; the first one of a file is number 0."""
    name = source.name.encode()
    options = struct.pack("<HH", _NAME, len(name)) + _padded(name)
    options += struct.pack("<HH", _RESOLUTION, 1) + bytes([_NANOSECONDS, 0, 0, 0]) + _END
    return _block(_INTERFACE, struct.pack("<HHI", source.link_type, 0, 0) + options)


def packet(number: int, at_ns: int, octets: bytes) -> bytes:
    """Something heard from the source of this number."""
    length = len(octets)
    head = struct.pack("<IIIII", number, at_ns >> 32, at_ns & 0xFFFFFFFF, length, length)
    return _block(_PACKET, head + _padded(octets))


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)


def read(path: Path) -> Iterator[tuple[int, Source, bytes]]:
    """What a file of ours holds: time, source, octets.

    Raises: BadCapture when it is none of ours; OSError
    """
    content = path.read_bytes()
    sources: dict[int, Source] = {}
    at = 0
    if len(content) >= 12 and struct.unpack_from("<I4xI", content) != (_SECTION, _ORDER):
        raise BadCapture(path=str(path), problem="not written by this program")
    while at + 12 <= len(content):
        kind, length = struct.unpack_from("<II", content, at)
        if length < 12 or length % 4 or length > _MOST_BLOCK:
            raise BadCapture(path=str(path), problem=f"a block of {length} bytes at byte {at}")
        if at + length > len(content):
            return
        body = content[at + 8 : at + length - 4]
        at += length
        if kind == _INTERFACE:
            found = _source(body)
            if found is not None:
                sources[len(sources)] = found
        elif kind == _PACKET and len(body) >= 20:
            number, high, low, size = struct.unpack_from("<IIII", body)
            source = sources.get(number)
            if source is not None and 20 + size <= len(body):
                yield high << 32 | low, source, body[20 : 20 + size]


def _source(body: bytes) -> Source | None:
    if len(body) < 8:
        return None
    link_type = struct.unpack_from("<H", body)[0]
    at = 8
    while at + 4 <= len(body):
        option, length = struct.unpack_from("<HH", body, at)
        if option == _NAME:
            return _named(body[at + 4 : at + 4 + length], link_type)
        at += 4 + length + -length % 4
    return None


def _named(name: bytes, link_type: int) -> Source | None:
    try:
        parts = dict(part.rsplit("-", 1) for part in name.decode("ascii").split())
        return Source(int(parts["e1"]) - 1, int(parts["port"]), int(parts["timeslot"]), link_type)
    except (ValueError, KeyError):
        return None
