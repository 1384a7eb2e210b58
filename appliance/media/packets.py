"""The media of one bundle as columns: the door to the engine's reader.

`read_bundle_media` reads a bundle's `media.pcap` once and returns every SIP message and, per RTP stream, one
row a distinct packet. Nothing here decodes audio, and no single packet is touched in Python.
"""

from dataclasses import dataclass, field
from pathlib import Path

import capture_engine
import msgspec
import numpy as np
import numpy.typing as npt

from appliance.core.errors import BadBundle

_JITTER_GAIN = 1 / 16
# What lies further back than this weighs less than 1e-7.
_JITTER_STEPS = 256
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
    """The packets of one (source, destination, SSRC): a row each, in sequence order, duplicates removed.

    Shape: all arrays have n >= 1 rows and are read-only views.
    `seq` int64[n]: extended sequence number, strictly growing; between two rows `seq[i + 1] - seq[i] - 1` are lost.
    `timestamp` int64[n]: RTP timestamp in the payload's clock, counted on over its 32-bit wrap; the first row has
    the value of its packet. It may stand still or step back (telephone events, split frames).
    `arrival_ns` int64[n]: nanoseconds since 1970 UTC, unsorted where packets were reordered.
    `start` uint32[n], `length` uint16[n]: where the row's bytes lie in `payload`; a length may be 0.
    `payload_type` uint8[n], `marker` bool[n].

    A restart of the sender (a jump that RFC 3550 §A.1 calls too large, or packets that were here seconds ago,
    confirmed by a second one) begins a new run inside the stream: `run_starts` holds the row of each run's first packet (the first is always 0). `seq` goes
    on by one there, nothing is counted lost, and `timestamp` begins anew with the value of its packet.

    `payload` is all payload bytes in this order, `payload_sha256` its lower-case hex hash.
    `packets` = n; `seen` = `packets` + `duplicates` + `strays`; `expected` = `packets` + `lost`. Duplicates are packets
    seen again (the first is kept), reordered ones came after a later one, strays are single packets far outside the
    sequence and left out. `pts` maps payload type to distinct packets. `first_ns`, `last_ns`: earliest and
    latest arrival. `jitter_ticks` is for a clock of 8000 Hz; `jitter_ms(clock_hz)` is what people want to see.
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
    strays: int = 0
    lost: int
    expected: int
    jitter_ticks: float
    pts: dict[int, int]
    run_starts: tuple[int, ...]
    first_ns: int
    last_ns: int

    def jitter_ms(self, clock_hz: int) -> float:
        """Interarrival jitter after the last packet, in milliseconds, for a payload clock of `clock_hz`.

        Packets that repeat the timestamp before them (telephone events, split frames) were not sent at the moment
        it names, and the step into a new run says nothing about the network: both are left out, as in the engine.
        Source: RFC 3550 §A.8
        """
        if clock_hz == _ENGINE_CLOCK_HZ:
            return self.jitter_ticks * 1000 / clock_hz
        order = np.argsort(self.arrival_ns, kind="stable")
        run = np.zeros(self.packets, np.int64)
        run[list(self.run_starts[1:])] = 1
        run, timestamp, arrival_ns = np.cumsum(run)[order], self.timestamp[order], self.arrival_ns[order]
        fresh = np.concatenate(([True], (np.diff(timestamp) != 0) | (np.diff(run) != 0)))
        run, timestamp, arrival_ns = run[fresh], timestamp[fresh], arrival_ns[fresh]
        steps = np.abs(np.diff(arrival_ns) * (clock_hz / _NS_PER_S) - np.diff(timestamp))[np.diff(run) == 0]
        jitter = 0.0
        for step in steps[-_JITTER_STEPS:].tolist():
            jitter += (step - jitter) * _JITTER_GAIN
        return jitter * 1000 / clock_hz


class SentReport(msgspec.Struct, frozen=True):
    """A sender report as it passed by. Units: `ntp` in 1/2^32 s since 1900. Source: RFC 3550 §6.4.1."""

    at_ns: int
    src: str
    dst: str
    ssrc: int
    ntp: int
    packets: int


class ReceivedReport(msgspec.Struct, frozen=True):
    """What `reporter` says it received of `ssrc`, as it passed by.

    Units: `fraction_lost` in 1/256 since the last report, `lost` in packets so far (negative after duplicates),
    `highest` = extended sequence number, `last_report` = middle 32 bits of the sender report's `ntp` it answers
    (0 = none), `delay` since that in 1/65536 s. Source: RFC 3550 §6.4.1
    """

    at_ns: int
    src: str
    dst: str
    reporter: int
    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter_ticks: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BundleMedia:
    """Everything `media.pcap` holds: messages in order of arrival, streams in the order they began.

    Units: `rtcp` and `other` (neither SIP, RTP nor RTCP) in packets; `first_ns`, `last_ns` are the earliest and
    latest packet, 0 in an empty file. `truncated`: the last record was cut (a crash while writing); all before it
    is here. The reports stand in the order of the file, which is nearly that of time.
    """

    messages: list[SipRecord]
    streams: list[MediaStream]
    rtcp: int
    other: int
    truncated: bool
    first_ns: int
    last_ns: int
    sent_reports: list[SentReport] = field(default_factory=list)
    received_reports: list[ReceivedReport] = field(default_factory=list)


NO_MEDIA = BundleMedia(messages=[], streams=[], rtcp=0, other=0, truncated=False, first_ns=0, last_ns=0)


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
    strays: int
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
    sent_reports: list[SentReport]
    received_reports: list[ReceivedReport]
    other: int
    truncated: bool
    first_ns: int
    last_ns: int


_HEADER = msgspec.msgpack.Decoder(_Header)


class PlainFacts(msgspec.Struct, frozen=True, array_like=True):
    """What the engine says of a stream that nothing harmed: one format, nothing missing, every packet in its place.

    Units: moments in nanoseconds since 1970 UTC, ticks of 8000 Hz. `arrival_ns`: earliest and latest packet, `base_ns`:
    the moment of the first sample, `begins_ns`: arrival of the first packet of the sequence, `span_ns`: from the first
    sample of the first to that of the last. `lateness`: (middle, least lateness) of each ten seconds, nanoseconds from `base_ns`;
    `course`: (number, packets, sum of changes of transit time in nanoseconds) of each step of `step_s`.
    """

    arrival_ns: tuple[int, int]
    base_ns: int
    begins_ns: int
    span_ns: int
    ticks: int
    lateness: list[tuple[int, int]]
    step_s: int
    course: list[tuple[int, int, int]]
    is_late: bool


class PlainStream(msgspec.Struct, frozen=True, array_like=True):
    """A stream that nothing harmed, in short; fields as in `MediaStream`. The payload's hash is told with the recording.

    `arrivals` is empty when the ends reported nothing.
    """

    source: str
    destination: str
    ssrc: int
    packets: int
    seen: int
    duplicates: int
    reordered: int
    strays: int
    expected: int
    jitter_ticks: float
    pts: dict[int, int]
    first_ns: int
    last_ns: int
    plain: PlainFacts
    first_seq: int
    arrivals: bytes

    @property
    def seq(self) -> npt.NDArray[np.int64]:
        """As of a `MediaStream`: no number is missing."""
        return np.arange(self.first_seq, self.first_seq + self.packets, dtype=np.int64)

    @property
    def arrival_ns(self) -> npt.NDArray[np.int64]:
        """As of a `MediaStream`, but there only when the ends reported."""
        return np.frombuffer(self.arrivals, np.int64)

    @property
    def lost(self) -> int:
        """Nothing is missing."""
        return 0

    def jitter_ms(self, clock_hz: int) -> float:
        """Interarrival jitter after the last packet, in milliseconds. Source: RFC 3550 §A.8."""
        assert clock_hz == _ENGINE_CLOCK_HZ
        return self.jitter_ticks * 1000 / clock_hz


AnyStream = MediaStream | PlainStream


class Reports(msgspec.Struct, frozen=True):
    """What the ends said of their streams, in the order of the file."""

    sent_reports: list[SentReport]
    received_reports: list[ReceivedReport]


NO_REPORTS = Reports([], [])
_REPORTS = msgspec.msgpack.Decoder(Reports)


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """A file all of whose streams are plain and whose messages speak of no keys. `reports` is empty when there are none."""

    streams: list[PlainStream]
    rtcp: int
    other: int
    truncated: bool
    first_ns: int
    last_ns: int
    reports: bytes

    def told(self) -> Reports:
        """What the ends said."""
        return _REPORTS.decode(self.reports) if self.reports else NO_REPORTS


_OUTLINE = msgspec.msgpack.Decoder(Outline)


class Recorded:
    """One media file in the engine's memory; its packets come to Python only when they are asked for.

    `outline` is None when the file has to be read as columns (`bundle_media`).
    """

    def __init__(self, media: capture_engine.Media) -> None:
        self.engine = media
        outline = media.outline()
        self.outline = None if outline is None else _OUTLINE.decode(outline)

    def bundle_media(self) -> BundleMedia:
        """Everything as columns."""
        return _bundle_media(*self.engine.columns())

    def save(self, path: Path) -> None:
        """Write the file's bytes. Raises: OSError."""
        self.engine.save(str(path))


def open_recorded(path: Path) -> Recorded:
    """The capture file at `path` (a bundle's `media.pcap`), read once into the engine.

    Raises: BadBundle (facts: bundle = path, problem) when the file is missing, unreadable or no capture
    """
    try:
        return Recorded(capture_engine.Media(str(path)))
    except (OSError, ValueError) as problem:
        raise BadBundle(bundle=str(path), problem=str(problem)) from problem


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
    return _bundle_media(header, blob)


def _bundle_media(header: bytes, blob: bytes) -> BundleMedia:
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
        sent_reports=facts.sent_reports,
        received_reports=facts.received_reports,
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
        strays=facts.strays,
        lost=facts.lost,
        expected=facts.expected,
        jitter_ticks=facts.jitter_ticks,
        pts=facts.pts,
        run_starts=facts.run_starts,
        first_ns=facts.first_ns,
        last_ns=facts.last_ns,
    )
