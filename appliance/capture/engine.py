"""The only place in the recorder that touches `capture_engine`: typed configuration, events and statistics.

Bytes cross the border as MessagePack and are decoded here, once, into structs. Sides are 0 (caller) and 1 (callee)
on the border and `Side` above it. Contract: `drivers/engine/README.md`.
Source: RFC 3550 §6.4.1 and §A.1-A.8 (statistics), RFC 4733 (telephone events)
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import capture_engine
import msgspec

from appliance.core.errors import EngineDead, Invalid
from appliance.core.files import MEDIA_FILE, Layout
from appliance.core.text import Text
from appliance.domain.call import Side
from appliance.settings.capture import Capture

_MIB = 1024 * 1024
_SIDES = (Side.CALLER, Side.CALLEE)
_NUMBERS = {Side.CALLER: 0, Side.CALLEE: 1}


class SipSeen(msgspec.Struct, frozen=True, tag_field="t", tag="sip"):
    """One whole SIP message; `id` is good for `keep` until the next `poll`."""

    id: int
    at_ns: int
    transport: str
    src: str
    src_port: int
    dst: str
    dst_port: int
    data: bytes
    vlan: int | None = None
    whole: bool = True

    @property
    def source(self) -> str:
        """Sender as ip:port, IPv6 in brackets."""
        return endpoint(self.src, self.src_port)

    @property
    def destination(self) -> str:
        """Receiver as ip:port, IPv6 in brackets."""
        return endpoint(self.dst, self.dst_port)


class StreamSeen(msgspec.Struct, frozen=True, tag_field="t", tag="stream"):
    """The first packet of an SSRC in a bundle; `side` speaks."""

    bundle: str
    side: int
    ssrc: int
    pt: int
    src: str
    dst: str
    at_ns: int


class DtmfSeen(msgspec.Struct, frozen=True, tag_field="t", tag="dtmf"):
    """One telephone event, reported once."""

    bundle: str
    side: int
    digit: str
    at_ns: int
    duration_ms: int


class OrphanSeen(msgspec.Struct, frozen=True, tag_field="t", tag="orphan"):
    """RTP that no description announced."""

    src: str
    src_port: int
    dst: str
    dst_port: int
    ssrc: int
    pt: int
    packets: int
    first_ns: int


class DiskChanged(msgspec.Struct, frozen=True, tag_field="t", tag="disk"):
    """Media is not written while the disk is full."""

    full: bool
    free_bytes: int


class LinkChanged(msgspec.Struct, frozen=True, tag_field="t", tag="link"):
    """The interface went down or came back."""

    up: bool


class FileProblem(msgspec.Struct, frozen=True):
    """A capture file that could not be read to its end."""

    path: str
    problem: str
    offset: int = 0


class SourceEnded(msgspec.Struct, frozen=True, tag_field="t", tag="end"):
    """Every capture file was read as far as it can be."""

    errors: list[FileProblem] = []


EngineEvent = SipSeen | StreamSeen | DtmfSeen | OrphanSeen | DiskChanged | LinkChanged | SourceEnded


class StreamCount(msgspec.Struct, frozen=True):
    """Statistics of one RTP stream of a bundle; `side` speaks.

    Units: `jitter_ticks` in ticks of `clock_hz`, `bytes` of payload
    """

    side: int
    src: str
    dst: str
    ssrc: int
    pt: int
    packets: int
    bytes: int
    expected: int
    lost: int
    duplicates: int
    reordered: int
    jitter_ticks: float
    clock_hz: int
    first_ns: int
    last_ns: int
    pts: dict[int, int] = {}
    clock_changes: int = 0
    rtcp_packets: int = 0

    @property
    def speaker(self) -> Side:
        """Who is heard in it."""
        return _SIDES[self.side]

    @property
    def jitter_ms(self) -> float:
        """Jitter in milliseconds; 0.0 while the clock is unknown."""
        return self.jitter_ticks * 1000 / self.clock_hz if self.clock_hz else 0.0


class BoundPayload(NamedTuple):
    """A payload type that will be spoken to a bound address."""

    payload_type: int
    clock_hz: int
    is_event: bool


_EVENTS = msgspec.msgpack.Decoder(list[EngineEvent])
_COUNTS = msgspec.msgpack.Decoder(list[StreamCount])
_COUNTS_OF_BUNDLES = msgspec.msgpack.Decoder(dict[str, list[StreamCount]])
_COUNTERS = msgspec.msgpack.Decoder(dict[str, int])


def endpoint(address: str, port: int) -> str:
    """An address and port as one word, IPv6 in brackets."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def side_of(number: int) -> Side:
    """The border's number of a side as a `Side`."""
    return _SIDES[number]


class PacketEngine:
    """A running engine. `poll`, `close` and `stop` may block and release the interpreter lock meanwhile."""

    def __init__(self, config: dict[str, object]) -> None:
        try:
            self._engine = capture_engine.Engine(msgspec.json.encode(config))
        except OSError as error:
            raise EngineDead(problem=str(error)) from error
        except ValueError as error:
            raise Invalid(
                field="capture", problem=Text(en="{detail}", zh="{detail}"), detail=str(error)
            ) from error

    def poll(self, timeout_ms: int) -> list[EngineEvent]:
        """The next batch of events, [] on time-out.

        Raises: EngineDead when the engine's thread has ended
        """
        try:
            return _EVENTS.decode(self._engine.poll(timeout_ms))
        except RuntimeError as error:
            raise EngineDead(problem=str(error)) from error

    def keep(self, bundle: str, message_ids: list[int]) -> None:
        """Write the packets of these messages of the last batch into the bundle's media file."""
        self._engine.keep(bundle, message_ids)

    def bind(
        self,
        bundle: str,
        listener: Side,
        address: str,
        port: int,
        rtcp_port: int,
        payloads: Iterable[BoundPayload],
    ) -> None:
        """Announce where `listener` receives; what arrives there is spoken by the other side.

        Raises: ValueError for what is no IP address
        """
        self._engine.bind(
            bundle, _NUMBERS[listener], address, port, rtcp_port, [tuple(row) for row in payloads]
        )

    def release(self, bundle: str, linger_ms: int) -> None:
        """End the bundle's claims to its addresses after `linger_ms` of capture time."""
        self._engine.release(bundle, linger_ms)

    def close(self, bundle: str) -> list[StreamCount]:
        """Write out and secure the media file; the final statistics."""
        return _COUNTS.decode(self._engine.close(bundle))

    def streams(self) -> dict[str, list[StreamCount]]:
        """The present statistics of every open bundle."""
        return _COUNTS_OF_BUNDLES.decode(self._engine.streams())

    def tap(self, bundle: str, descriptor: int) -> None:
        """Copy the bundle's packets to an open socket until its reader goes away."""
        self._engine.tap(bundle, descriptor)

    def counters(self) -> dict[str, int]:
        """The intake's counters by the engine's names."""
        return _COUNTERS.decode(self._engine.counters())

    def now_ns(self) -> int:
        """The time of the newest packet of a file, or the wall clock of a ring."""
        return self._engine.now_ns()

    def stop(self) -> None:
        """End the engine's threads; what was captured is written out first."""
        self._engine.stop()


def on_interface(interface: str, settings: Capture, layout: Layout, fanout_group: int) -> PacketEngine:
    """An engine that listens to a mirror port.

    Raises: EngineDead when the interface does not exist or may not be captured
    """
    source: dict[str, object] = {
        "kind": "ring",
        "interface": interface,
        "ring_bytes": settings.ring_mib * _MIB,
        "block_bytes": _MIB,
        "threads": settings.threads,
        "fanout_group": fanout_group & 0xFFFF,
    }
    return PacketEngine(_config(source, settings, layout, fsync_s=settings.fsync_s))


def on_files(paths: Iterable[Path], settings: Capture, layout: Layout) -> PacketEngine:
    """An engine that reads capture files one after the other, as fast as it is polled.

    Nothing is secured against power loss on the way: the captures are still there.
    Raises: EngineDead when the first file cannot be opened
    """
    source: dict[str, object] = {"kind": "file", "paths": [str(path) for path in paths]}
    return PacketEngine(_config(source, settings, layout, fsync_s=0.0))


def _config(
    source: dict[str, object], settings: Capture, layout: Layout, fsync_s: float
) -> dict[str, object]:
    return {
        "source": source,
        "spool": str(layout.spool_open),
        "media_file": MEDIA_FILE,
        "sip_ports": settings.sip_ports,
        "sip_anywhere": settings.sip_anywhere,
        "batch_messages": 512,
        "batch_ms": 250,
        "hold_s": settings.hold_s,
        "hold_bytes": settings.hold_mib * _MIB,
        "orphan_after_s": settings.join_late_after_s,
        "max_flows": 65536,
        "max_tcp_streams": 8192,
        "max_tcp_bytes": 256 * 1024,
        "max_message_bytes": 65536,
        "max_events": 200_000,
        "write_block_bytes": 64 * 1024,
        "flush_s": settings.flush_s,
        "fsync_s": fsync_s,
        "min_free_bytes": settings.keep_free_mib * _MIB,
    }
