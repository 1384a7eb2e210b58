"""Bundles as a capture program leaves them, made byte by byte: a manifest and a media file of G.711 (or worse)."""

import struct
from datetime import timedelta
from pathlib import Path

import msgspec

from appliance.core.clock import to_ns
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE
from appliance.domain.bundle import Manifest, Payload, Stream
from appliance.domain.call import Side
from tests.rigs.records import NOON, make_call

CALLER, CALLEE = ("10.0.0.1", 4000), ("10.0.0.2", 5000)
SSRC = {Side.CALLER: 0x11111111, Side.CALLEE: 0x22222222}
_PCAP = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101)


def payload_of(side, number):
    """20 ms of A-law that names its side and place."""
    return bytes((number * 7 + index * (3 if side is Side.CALLER else 5)) & 0xFF for index in range(160))


def packet(at_ns, source, destination, data):
    """One pcap record: raw IPv4, UDP."""
    udp = struct.pack(">HHHH", source[1], destination[1], 8 + len(data), 0) + data
    head = struct.pack(
        ">BBHHHBBH4s4s",
        0x45,
        0,
        20 + len(udp),
        0,
        0,
        64,
        17,
        0,
        bytes(map(int, source[0].split("."))),
        bytes(map(int, destination[0].split("."))),
    )
    size = len(head) + len(udp)
    return struct.pack("<IIII", at_ns // 10**9, at_ns % 10**9, size, size) + head + udp


def pcap(records):
    """A media file of these records."""
    return b"".join([_PCAP, *records])


def rtp(side, number, payload_type, data):
    return struct.pack(">BBHII", 0x80, payload_type, 1000 + number, 160 * number, SSRC[side]) + data


def media_of(start_ns, talk_s, payload_type=8, sides=tuple(Side)):
    """A whole media file."""
    records = [_PCAP]
    for number in range(int(talk_s * 50)):
        for side in sides:
            ends = (CALLER, CALLEE) if side is Side.CALLER else (CALLEE, CALLER)
            data = rtp(side, number, payload_type, payload_of(side, number))
            records.append(packet(start_ns + number * 20_000_000, *ends, data))
    return b"".join(records)


def make_manifest(
    at=NOON, talk_s=1.0, encoding="PCMA", payload_type=8, sides=tuple(Side), reason=None, **more
):
    call = make_call(at=at, talk_s=talk_s, **more)
    names = {
        Side.CALLER: (f"{CALLER[0]}:{CALLER[1]}", f"{CALLEE[0]}:{CALLEE[1]}"),
        Side.CALLEE: (f"{CALLEE[0]}:{CALLEE[1]}", f"{CALLER[0]}:{CALLER[1]}"),
    }
    first_at = call.answered_at or at
    streams = [
        Stream(
            side=side,
            source=names[side][0],
            destination=names[side][1],
            ssrc=SSRC[side],
            payload_type=payload_type,
            encoding=encoding,
            clock_hz=8000,
            packets=int(talk_s * 50),
            bytes=int(talk_s * 8000),
            expected=int(talk_s * 50),
            lost=0,
            duplicates=0,
            reordered=0,
            jitter_ms=0.0,
            first_at=first_at,
            last_at=first_at + timedelta(seconds=talk_s),
        )
        for side in sides
    ]
    payloads = [
        Payload(at=at, side=side, payload_type=payload_type, encoding=encoding, clock_hz=8000)
        for side in Side
    ]
    return Manifest(call=call, complete=True, payloads=payloads, streams=streams, reason=reason)


def make_bundle(layout, talk_s=1.0, media=None, manifest=None, **more) -> Path:
    """Put one bundle into `ready/`; `media=b""` for none, `manifest=b"…"` for other bytes than its own."""
    own = make_manifest(talk_s=talk_s, **more)
    folder = layout.spool_open / own.call.call_id
    folder.mkdir(parents=True)
    content = msgspec.json.encode(own) if manifest is None else manifest
    if content:
        (folder / MANIFEST_FILE).write_bytes(content)
    if media is None:
        start_ns = to_ns(own.call.answered_at or own.call.started_at)
        payload_type = own.payloads[0].payload_type
        media = media_of(start_ns, talk_s, payload_type, tuple(stream.side for stream in own.streams))
    if media:
        (folder / MEDIA_FILE).write_bytes(media)
    # Handed over whole, as a recorder does: an archiver may be at work.
    return folder.rename(layout.spool_ready / own.call.call_id)
