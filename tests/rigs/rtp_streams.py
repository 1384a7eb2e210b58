"""Bundle media made by hand: streams from packets, packets from samples, and streams out of captures of others."""

import hashlib
import struct
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from appliance.core.clock import from_ns
from appliance.domain.bundle import Manifest, Payload, Stream
from appliance.domain.call import Call, Party, Side
from appliance.domain.ledger import Mark
from appliance.media.packets import BundleMedia, MediaStream

START_NS = 1_790_000_000_000_000_000
MS = 1_000_000
S = 1_000_000_000
CALLER, CALLEE = Side.CALLER, Side.CALLEE
PORTS = {CALLER: ("10.0.0.1:4000", "10.0.0.2:5000"), CALLEE: ("10.0.0.2:5000", "10.0.0.1:4000")}


class Packet(NamedTuple):
    """One RTP packet with extended sequence number and timestamp."""

    seq: int
    timestamp: int
    arrival_ns: int
    payload_type: int
    payload: bytes
    marker: bool = False


def at(offset_s: float) -> datetime:
    """A moment of the test's call."""
    return from_ns(START_NS + round(offset_s * S))


def talk(
    payloads: Iterable[bytes],
    payload_type: int = 8,
    *,
    start_s: float = 0.0,
    ticks: int = 160,
    clock_hz: int = 8000,
    seq: int = 1000,
    timestamp: int = 50_000,
    ppm: float = 0.0,
    delays_ns: np.ndarray | None = None,
) -> list[Packet]:
    """Packets sent by a clock that is fast by `ppm`, each arriving `delays_ns` after it was sent."""
    step_ns = ticks / clock_hz * S / (1 + ppm * 1e-6)
    return [
        Packet(
            seq + index,
            timestamp + index * ticks,
            START_NS
            + round(start_s * S + index * step_ns)
            + (int(delays_ns[index]) if delays_ns is not None else 0),
            payload_type,
            payload,
        )
        for index, payload in enumerate(payloads)
    ]


def chop(content: bytes, size: int = 160) -> list[bytes]:
    """Equal payloads; what is left over is dropped."""
    return [content[index : index + size] for index in range(0, len(content) - size + 1, size)]


def stream(packets: list[Packet], side: Side = CALLER, ssrc: int | None = None, ports=None) -> MediaStream:
    """What the engine's reader makes of these packets, given in order of arrival or not."""
    order = sorted(packets, key=lambda one: one.arrival_ns)
    rows: dict[int, Packet] = {}
    for packet in order:
        rows.setdefault(packet.seq, packet)
    kept = [rows[seq] for seq in sorted(rows)]
    payload = b"".join(packet.payload for packet in kept)
    length = np.array([len(packet.payload) for packet in kept], np.uint16)
    start = np.concatenate(([0], np.cumsum(length, dtype=np.int64)[:-1])).astype(np.uint32)
    expected = kept[-1].seq - kept[0].seq + 1
    highest = np.maximum.accumulate([packet.seq for packet in order])
    source, destination = ports or PORTS[side]
    return MediaStream(
        source=source,
        destination=destination,
        ssrc=ssrc if ssrc is not None else 11 + (side is CALLEE),
        seq=np.array([packet.seq for packet in kept], np.int64),
        timestamp=np.array([packet.timestamp for packet in kept], np.int64),
        arrival_ns=np.array([packet.arrival_ns for packet in kept], np.int64),
        start=start,
        length=length,
        payload_type=np.array([packet.payload_type for packet in kept], np.uint8),
        marker=np.array([packet.marker for packet in kept], np.bool_),
        payload=memoryview(payload),
        payload_sha256=hashlib.sha256(payload).hexdigest(),
        packets=len(kept),
        seen=len(packets),
        duplicates=len(packets) - len(kept),
        reordered=int(sum(packet.seq < top for packet, top in zip(order, highest, strict=True))),
        lost=expected - len(kept),
        expected=expected,
        jitter_ticks=0.0,
        pts=dict(Counter(packet.payload_type for packet in kept)),
        run_starts=(0,),
        first_ns=min(packet.arrival_ns for packet in kept),
        last_ns=max(packet.arrival_ns for packet in kept),
    )


def media(*streams: MediaStream) -> BundleMedia:
    """A bundle of these streams and nothing else."""
    return BundleMedia(
        messages=[],
        streams=list(streams),
        rtcp=0,
        other=0,
        truncated=False,
        first_ns=min((one.first_ns for one in streams), default=0),
        last_ns=max((one.last_ns for one in streams), default=0),
    )


def payload(side: Side, payload_type: int, encoding: str, clock_hz: int = 8000, fmtp: str = "", at_s=-1.0):
    """One line of a session description."""
    return Payload(
        at=at(at_s), side=side, payload_type=payload_type, encoding=encoding, clock_hz=clock_hz, fmtp=fmtp
    )


def manifest(
    streams: Iterable[tuple[Side, MediaStream]],
    *,
    talk_s: tuple[float, float] | None = (0.0, 10.0),
    payloads: Iterable[Payload] = (),
    marks: Iterable[Mark] = (),
    started_s: float = -5.0,
) -> Manifest:
    """The manifest of a call answered and ended at these seconds (None = never answered)."""
    call = Call(
        call_id="c" * 20,
        sip_call_id="x@y",
        interaction_id="c" * 20,
        caller=Party(number="100", address="10.0.0.1"),
        callee=Party(number="200", address="10.0.0.2"),
        started_at=at(started_s),
        answered_at=at(talk_s[0]) if talk_s else None,
        ended_at=at(talk_s[1]) if talk_s else None,
    )
    return Manifest(
        call=call,
        complete=True,
        payloads=list(payloads),
        streams=[
            Stream(
                side=side,
                source=one.source,
                destination=one.destination,
                ssrc=one.ssrc,
                payload_type=int(one.payload_type[0]),
                encoding="",
                clock_hz=8000,
                packets=one.packets,
                bytes=len(one.payload),
                expected=one.expected,
                lost=one.lost,
                duplicates=0,
                reordered=0,
                jitter_ms=0.0,
                first_at=from_ns(one.first_ns),
                last_at=from_ns(one.last_ns),
            )
            for side, one in streams
        ],
        marks=list(marks),
    )


def captured(path: Path, payload_types: Iterable[int]) -> list[MediaStream]:
    """The RTP streams with these payload types in a classic pcap of Ethernet or SLL and IPv4.

    Source: RFC 3550 §5.1
    """
    raw = path.read_bytes()
    order = "<" if raw[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    scale = 1 if b"\x3c\xb2" in raw[:4] or b"\xb2\x3c" in raw[:4] else 1000
    link = struct.unpack_from(order + "I", raw, 20)[0]
    head = {1: 14, 113: 16}[link]
    wanted = set(payload_types)
    found: dict[tuple[str, str, int], list[Packet]] = {}
    offset = 24
    while offset + 16 <= len(raw):
        seconds, fraction, size, _ = struct.unpack_from(order + "IIII", raw, offset)
        frame = raw[offset + 16 : offset + 16 + size]
        offset += 16 + size
        ip = frame[head:]
        if len(ip) < 40 or ip[0] >> 4 != 4 or ip[9] != 17 or frame[head - 2 : head] != b"\x08\x00":
            continue
        ip = ip[: int.from_bytes(ip[2:4], "big")]
        udp = ip[(ip[0] & 15) * 4 :]
        source_port, destination_port = struct.unpack_from(">HH", udp)
        rtp = udp[8:]
        if len(rtp) < 12 or rtp[0] >> 6 != 2 or rtp[1] & 127 not in wanted:
            continue
        seq, timestamp, ssrc = struct.unpack_from(">HII", rtp, 2)
        key = (f"{_dotted(ip[12:16])}:{source_port}", f"{_dotted(ip[16:20])}:{destination_port}", ssrc)
        packet = Packet(
            seq, timestamp, seconds * S + fraction * scale, rtp[1] & 127, rtp[12:], bool(rtp[1] >> 7)
        )
        found.setdefault(key, []).append(packet)
    return [
        stream(_extended(packets), ssrc=ssrc, ports=(source, destination))
        for (source, destination, ssrc), packets in found.items()
    ]


def _extended(packets: list[Packet]) -> list[Packet]:
    """Sequence numbers and timestamps without wrap-around."""
    result = [packets[0]]
    for packet in packets[1:]:
        last = result[-1]
        seq = last.seq + (packet.seq - last.seq + 0x8000) % 0x10000 - 0x8000
        step = (packet.timestamp - last.timestamp + 0x80000000) % 0x100000000 - 0x80000000
        result.append(packet._replace(seq=seq, timestamp=last.timestamp + step))
    return result


def _dotted(address: bytes) -> str:
    return ".".join(map(str, address))
