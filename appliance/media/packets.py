"""The media of one bundle as columns: the door to the engine's reader.

`read_bundle_media` reads a bundle's `media.pcap` once and returns every SIP message and, per RTP stream, one row a
distinct packet. Nothing here decodes audio and nothing here touches single packets in Python.
"""

from dataclasses import dataclass
from pathlib import Path

import capture_engine
import msgspec
import numpy as np
import numpy.typing as npt

from appliance.core.errors import BadBundle

_JITTER_GAIN = 1 / 16
_ENGINE_CLOCK_HZ = 8000
_NS_PER_S = 1_000_000_000


class SipRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One whole SIP message as it was on the wire.

    Units: at_ns in nanoseconds since 1970 UTC; for TCP the arrival of the segment that completed the message.
    Shape: source and destination are `ip:port`, IPv6 in brackets; transport is `udp` or `tcp`.
    """

    at_ns: int
    transport: str
    source: str
    destination: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MediaStream:
    """The packets of one (source, destination, SSRC), one row each, in sequence order, duplicates removed.

    Shape: `seq` int64[n] extended sequence number, strictly growing; `seq[i + 1] - seq[i] - 1` packets are lost
    between two rows. `timestamp` int64[n] extended RTP timestamp in the payload's clock; it starts at the value of
    the first packet that was *seen* and may step back (reordered sender, telephone events). `arrival_ns` int64[n], nanoseconds
    since 1970 UTC, not sorted when packets were reordered. `start` uint32[n] and `length` uint16[n] say
    where a row's payload lies in `payload`; `payload_type` uint8[n]; `marker` bool[n]. All arrays are read-only
    views and have at least one row.

    A restart of the sender (a jump that RFC 3550 §A.1 calls too large, confirmed by a second packet) begins a new
    run inside the stream: `run_starts` holds the row of each run's first packet (the first is always 0); `seq`
    goes on by one there, nothing is counted lost, and `timestamp` jumps to the new run's own value.

    `payload` is all payload bytes in sequence order without duplicates, `payload_sha256` its lower-case hex hash.
    `packets` counts distinct packets (n), `seen` all of them; `expected` = `packets` + `lost`. `duplicates` are
    packets seen again (first kept), `reordered` those that came after a later one. `pts` maps payload type -> distinct
    packets. `first_ns` and `last_ns` are the earliest and latest arrival.
    `jitter_ticks` is for a clock of 8000 Hz; ask `jitter_ms(clock_hz)` for a real unit.
    Source: RFC 3550 §5.1, §A.1, §A.3
    """

    source: str
    destination: str
    ssrc: int
    seq: npt.NDArray[np.int64]
    timestamp: npt.NDArray[np.int64]
    arrival_ns: npt.NDArray[np.int64]
    start: npt.NDArray[np.uint32]
    length: npt.NDArray[np.uint16]
    payload_type: npt.NDArray[np.uint8]
    marker: npt.NDArray[np.bool_]
    payload: memoryview
    payload_sha256: str
    packets: int
    seen: int
    duplicates: int
    reordered: int
    lost: int
    expected: int
    jitter_ticks: float
    pts: dict[int, int]
    run_starts: tuple[int, ...]
    first_ns: int
    last_ns: int

    def jitter_ms(self, clock_hz: int) -> float:
        """Interarrival jitter after the last packet, in milliseconds, for a payload clock of `clock_hz`.

        Steps between packets of one timestamp (a telephone event, a split frame) and into a new run say nothing
        about the network and are left out, as the engine does.
        Source: RFC 3550 §A.8
        """
        if clock_hz == _ENGINE_CLOCK_HZ:
            return self.jitter_ticks * 1000 / clock_hz
        order = np.argsort(self.arrival_ns, kind="stable")
        run = np.zeros(self.packets, dtype=np.int64)
        run[list(self.run_starts[1:])] = 1
        run = np.cumsum(run)[order]
        media = np.diff(self.timestamp[order])
        transit = np.abs(np.diff(self.arrival_ns[order]) * (clock_hz / _NS_PER_S) - media)
        steps = transit[(media != 0) & (np.diff(run) == 0)]
        jitter = 0.0
        for step in steps[-256:].tolist():  # what lies further back weighs less than 1e-7
            jitter += (step - jitter) * _JITTER_GAIN
        return jitter * 1000 / clock_hz


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BundleMedia:
    """Everything `media.pcap` holds. `messages` in the order they arrived, `streams` in the order they began.

    Units: `rtcp` and `other` (neither SIP, RTP nor RTCP) in packets; `first_ns`, `last_ns` the earliest and latest packet,
    0 in an empty file. `truncated` says that the last record was cut (crash while writing); what is before it is here.
    """

    messages: list[SipRecord]
    streams: list[MediaStream]
    rtcp: int
    other: int
    truncated: bool
    first_ns: int
    last_ns: int


class _Message(msgspec.Struct, frozen=True):
    at_ns: int
    transport: str
    src: str
    src_port: int
    dst: str
    dst_port: int
    data: bytes


class _Stream(msgspec.Struct, frozen=True):
    src: str
    dst: str
    ssrc: int
    packets: int
    seen: int
    duplicates: int
    reordered: int
    lost: int
    expected: int
    jitter_ticks: float
    pts: dict[int, int]
    run_starts: tuple[int, ...]
    payload_sha256: str
    first_ns: int
    last_ns: int
    seq_at: int
    timestamp_at: int
    arrival_at: int
    start_at: int
    length_at: int
    pt_at: int
    marker_at: int
    payload_at: int
    payload_bytes: int


class _Header(msgspec.Struct, frozen=True):
    messages: list[_Message]
    streams: list[_Stream]
    rtcp: int
    other: int
    truncated: bool
    first_ns: int
    last_ns: int


_HEADER = msgspec.msgpack.Decoder(_Header)


def read_bundle_media(path: Path) -> BundleMedia:
    """The SIP messages and RTP streams of the capture file at `path` (a bundle's `media.pcap`).

    The whole file is read once and is not kept open; a truncated tail is accepted and said in `truncated`.
    Memory is about twice the file's size; files above 4 GiB are refused.
    Raises: BadBundle (facts: bundle = path, problem) when the file is missing, unreadable or no capture
    """
    try:
        header, blob = capture_engine.read_media(str(path))
    except (OSError, ValueError) as problem:
        raise BadBundle(bundle=str(path), problem=str(problem)) from problem
    facts = _HEADER.decode(header)
    return BundleMedia(
        messages=[
            SipRecord(
                at_ns=message.at_ns,
                transport=message.transport,
                source=_endpoint(message.src, message.src_port),
                destination=_endpoint(message.dst, message.dst_port),
                data=message.data,
            )
            for message in facts.messages
        ],
        streams=[_stream(stream, blob) for stream in facts.streams],
        rtcp=facts.rtcp,
        other=facts.other,
        truncated=facts.truncated,
        first_ns=facts.first_ns,
        last_ns=facts.last_ns,
    )


def sorted_capture(path: Path) -> bytes:
    """The capture file at `path` with its records in time order, as a nanosecond pcap for download.

    A bundle's file is written stream by stream in blocks, so its records are not in order on disk.
    Raises: BadBundle (facts: bundle = path, problem) when the file is missing, unreadable or no capture
    """
    try:
        return capture_engine.sorted_capture(str(path))
    except (OSError, ValueError) as problem:
        raise BadBundle(bundle=str(path), problem=str(problem)) from problem


def _endpoint(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _stream(facts: _Stream, blob: bytes) -> MediaStream:
    rows = facts.packets
    return MediaStream(
        source=facts.src,
        destination=facts.dst,
        ssrc=facts.ssrc,
        seq=np.frombuffer(blob, np.int64, rows, facts.seq_at),
        timestamp=np.frombuffer(blob, np.int64, rows, facts.timestamp_at),
        arrival_ns=np.frombuffer(blob, np.int64, rows, facts.arrival_at),
        start=np.frombuffer(blob, np.uint32, rows, facts.start_at),
        length=np.frombuffer(blob, np.uint16, rows, facts.length_at),
        payload_type=np.frombuffer(blob, np.uint8, rows, facts.pt_at),
        marker=np.frombuffer(blob, np.bool_, rows, facts.marker_at),
        payload=memoryview(blob)[facts.payload_at : facts.payload_at + facts.payload_bytes],
        payload_sha256=facts.payload_sha256,
        packets=facts.packets,
        seen=facts.seen,
        duplicates=facts.duplicates,
        reordered=facts.reordered,
        lost=facts.lost,
        expected=facts.expected,
        jitter_ticks=facts.jitter_ticks,
        pts=facts.pts,
        run_starts=facts.run_starts,
        first_ns=facts.first_ns,
        last_ns=facts.last_ns,
    )
