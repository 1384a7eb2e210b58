"""What the packet engine reports: events in the order they happened, and statistics of streams.

Sides are numbers on the border, 0 = caller and 1 = callee, and `Side` above it. Contract: `drivers/engine/README.md`.
Source: RFC 3550 §6.4.1 and §A.1-A.8 (statistics), RFC 4733 (telephone events)
"""

from typing import NamedTuple

import msgspec

from appliance.domain.call import Side

SIDES = (Side.CALLER, Side.CALLEE)
"""By their numbers on the border."""


def endpoint(address: str, port: int) -> str:
    """An address and port as one word, IPv6 in brackets."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def side_of(number: int) -> Side:
    """The border's number of a side as a `Side`."""
    return SIDES[number]


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
    interface: str | None = None

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
    """One telephone event, reported once; one pressed in a pause (`paused`) may be an order but is never stored."""

    bundle: str
    side: int
    digit: str
    at_ns: int
    duration_ms: int
    paused: bool = False
    ssrc: int = 0


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
    interface: str = ""


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

    Units: `jitter_ticks` in ticks of `clock_hz`, `bytes` of payload, `snapped` in packets whose end was not captured
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
    snapped: int = 0

    @property
    def speaker(self) -> Side:
        """Who is heard in it."""
        return SIDES[self.side]

    @property
    def jitter_ms(self) -> float:
        """Jitter in milliseconds; 0.0 while the clock is unknown."""
        return self.jitter_ticks * 1000 / self.clock_hz if self.clock_hz else 0.0


class _NetSeen(msgspec.Struct, frozen=True):
    """Counts of packets and streams, as `bus.topics.NetCount` tells them."""

    packets: int
    sip: int
    rtp: int
    streams: int
    one_way: int


class VlanSeen(_NetSeen, frozen=True):
    """What came of one VLAN; None: without a tag."""

    vlan: int | None = None


class SubnetSeen(_NetSeen, frozen=True):
    """What came of one subnet, as address/bits."""

    subnet: str = ""


class NetsSeen(msgspec.Struct, frozen=True):
    """What came of each VLAN and each subnet, the heaviest first."""

    vlans: list[VlanSeen] = []
    subnets: list[SubnetSeen] = []


class BoundPayload(NamedTuple):
    """A payload type that will be spoken to a bound address."""

    payload_type: int
    clock_hz: int
    is_event: bool
