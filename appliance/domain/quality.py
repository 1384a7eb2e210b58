"""What the packets of a call went through, and whose fault it was: the network's, or that of our copy of it.

A recorder sees a copy. What is missing in it was lost in the network, or on the way from the mirror to us; the first
harmed the people who talked, the second only the recording. `judge` tells the two apart from what can be known:
the receivers' own reports, our counters of dropped packets, and whether both directions have holes at one moment.
Pure functions. Source: RFC 3550 §6.4.1 (reports), RFC 3611 §4.7.2 (bursts and gaps), ITU-T G.107 (MOS)
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from appliance.core.text import Text
from appliance.domain.call import Side

GMIN = 16
"""Packets received in a row that end a burst. Source: RFC 3611 §4.7.2"""
_AT_ONCE_NS = 40_000_000
_AROUND_DROPS_NS = 1_000_000_000
_LONG_GAP = 5
_MINORITY = 0.1


class Verdict(StrEnum):
    """Where packets were lost that the copy lacks."""

    CLEAN = "clean"
    NETWORK = "network"
    COPY = "copy"
    BOTH = "both"
    UNKNOWN = "unknown"


VERDICT_TEXT: dict[Verdict, Text] = {
    Verdict.CLEAN: Text(en="Nothing is missing", zh="无缺失"),
    Verdict.NETWORK: Text(en="The network lost packets", zh="网络丢包"),
    Verdict.COPY: Text(en="Our copy has gaps, the call itself had none", zh="镜像副本有缺失，通话本身正常"),
    Verdict.BOTH: Text(en="The network lost packets, and our copy more", zh="网络丢包，且镜像副本另有缺失"),
    Verdict.UNKNOWN: Text(en="Packets are missing; nothing tells where", zh="有丢包，无法判断位置"),
}


class Proof(StrEnum):
    """What a verdict rests on."""

    FAR_END_HAS_IT = "far_end_has_it"
    FAR_END_LOST_IT = "far_end_lost_it"
    LOST_BEHIND_US = "lost_behind_us"
    PORT_DROPPED = "port_dropped"
    BOTH_DIRECTIONS = "both_directions"
    OTHER_DIRECTION_WHOLE = "other_direction_whole"
    NO_WITNESS = "no_witness"


PROOF_TEXT: dict[Proof, Text] = {
    Proof.FAR_END_HAS_IT: Text(
        en="The far end reports that it received {packets} packets which our copy lacks.",
        zh="对端报告已收到我们副本中缺失的 {packets} 个数据包。",
    ),
    Proof.FAR_END_LOST_IT: Text(
        en="The far end reports the loss of {packets} packets that our copy lacks, too.",
        zh="对端报告同样丢失了 {packets} 个数据包。",
    ),
    Proof.LOST_BEHIND_US: Text(
        en="The far end lost {packets} packets that passed the mirror: they were lost on their way to it.",
        zh="有 {packets} 个数据包经过镜像点后在到达对端前丢失。",
    ),
    Proof.PORT_DROPPED: Text(
        en="The capture port dropped packets at the moment when {packets} are missing.",
        zh="缺失 {packets} 个数据包时，抓包端口正在丢包。",
    ),
    Proof.BOTH_DIRECTIONS: Text(
        en="{packets} packets are missing while the other direction has a gap, too: likely the mirror.",
        zh="缺失 {packets} 个数据包时另一方向也中断，很可能是镜像端口丢包。",
    ),
    Proof.OTHER_DIRECTION_WHOLE: Text(
        en="{packets} packets are missing in one direction only; the same mirror delivered the other whole.",
        zh="仅一个方向缺失 {packets} 个数据包，同一镜像的另一方向完整。",
    ),
    Proof.NO_WITNESS: Text(
        en="{packets} packets are missing and nothing tells where: no reports of the far end, no dropped packets.",
        zh="缺失 {packets} 个数据包，没有对端报告也没有抓包丢弃记录，无法判断。",
    ),
}


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One proof and how many packets it covers; its words are in `PROOF_TEXT`."""

    proof: Proof
    packets: int


class CaptureDrops(msgspec.Struct, frozen=True, kw_only=True):
    """Packets that the port dropped before we saw them, between two looks at its counters; nobody knows whose."""

    from_at: datetime
    until_at: datetime
    packets: int


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A stream over time, for a chart: one value for each `step_s` from `starts_at`.

    `mos` and `jitter_ms` are 0.0 where nothing was received.
    """

    starts_at: datetime
    step_s: int
    lost: list[int]
    jitter_ms: list[float]
    mos: list[float]


class FarEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the receiver of a stream reported of it; `round_trip_ms` is from the mirror to it and back.

    Source: RFC 3550 §6.4.1
    """

    reports: int
    lost: int
    jitter_max_ms: float
    round_trip_ms: float | None = None


class StreamQuality(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stream.

    `mos` is of what the far end could hear: packets that only our copy lacks are not counted against it; `series`
    and `mos_worst` are of the copy as it is. `mos_assumed`: the codec's row in the E-model is no published one.
    `late` packets came more than 80 ms behind the quickest around them: a telephone would have thrown them away.
    `burst_mean` = packets lost in a row, `burst_percent` = share of the stream that lies in bursts (RFC 3611).
    """

    mos: float
    mos_worst: float
    mos_assumed: bool = False
    lost_percent: float = 0.0
    burst_mean: float = 0.0
    burst_percent: float = 0.0
    jitter_mean_ms: float = 0.0
    jitter_max_ms: float = 0.0
    late: int = 0
    verdict: Verdict = Verdict.CLEAN
    lost_network: int = 0
    lost_copy: int = 0
    evidence: list[Evidence] = []
    far_end: FarEnd | None = None
    series: Series | None = None


class SideSound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one side sounds in the recording.

    Units: `level_dbfs` = root mean square of what is not silent against a full-scale square wave; shares in percent.
    Silence: 20 ms with no sample above -42 dBFS. Clipping: 20 ms that reach full scale.
    """

    side: Side
    level_dbfs: float
    silence_percent: float
    clipping_percent: float = 0.0


class CallQuality(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The call as a whole: `mos` of its worse side, the verdict over its streams."""

    mos: float | None = None
    verdict: Verdict = Verdict.CLEAN
    evidence: list[Evidence] = []
    sounds: list[SideSound] = []


class Gap(NamedTuple):
    """Packets missing in a row, between the arrivals of the two around them."""

    from_ns: int
    until_ns: int
    packets: int


class Reported(NamedTuple):
    """The receiver's count of losses, and ours over the same sequence numbers. Neither is negative."""

    lost: int
    missing: int


class Drops(NamedTuple):
    """Packets dropped by the port within an interval."""

    from_ns: int
    until_ns: int
    packets: int


class Watched(NamedTuple):
    """What is known of one stream: who speaks, how much came, what is missing when, what its receiver says."""

    side: Side
    packets: int
    gaps: Sequence[Gap]
    reported: Reported | None = None


class Judgement(NamedTuple):
    """The verdict on one stream, and how its missing packets divide; the rest of them nobody can tell."""

    verdict: Verdict
    network: int
    copy: int
    evidence: list[Evidence]


class Bursts(NamedTuple):
    """Mean packets lost in a row; share of the stream within bursts, and share of a burst that is lost, in percent."""

    mean: float
    percent: float
    density: float


def bursts(gaps: Sequence[tuple[int, int]], expected: int) -> Bursts:
    """How losses cluster. `gaps`: (packets received before it, packets lost), in order.

    A burst begins and ends with a lost packet and holds no `GMIN` received ones in a row; a single lost packet far
    from others is none, it belongs to the gap between bursts.
    Source: RFC 3611 §4.7.2
    """
    if not gaps or expected <= 0:
        return Bursts(0.0, 0.0, 0.0)
    inside = lost_inside = 0
    lost = length = 0
    for before, missing in gaps:
        if lost and before < GMIN:
            length += before + missing
            lost += missing
            continue
        if lost > 1:
            inside += length
            lost_inside += lost
        lost = length = missing
    if lost > 1:
        inside += length
        lost_inside += lost
    mean = sum(missing for _, missing in gaps) / len(gaps)
    density = 100.0 * lost_inside / inside if inside else 0.0
    return Bursts(mean, 100.0 * inside / expected, density)


def judge(streams: Sequence[Watched], drops: Sequence[Drops] = ()) -> list[Judgement]:
    """The verdict on each stream of a call, in the same order.

    What the receiver reports decides. Of gaps it does not speak of, those while the port dropped packets are ours,
    as are those that coincide with gaps of the other direction when most do (or when they are long); a direction
    with gaps beside one without is the network's, because both come by one mirror.
    """
    return [
        _judged(stream, [one for one in streams if one.side is not stream.side], drops) for stream in streams
    ]


def together(judgements: Sequence[Judgement]) -> tuple[Verdict, list[Evidence]]:
    """The verdict on the whole call."""
    network = sum(one.network for one in judgements)
    ours = sum(one.copy for one in judgements)
    totals: dict[Proof, int] = {}
    for one in judgements:
        for proven in one.evidence:
            totals[proven.proof] = totals.get(proven.proof, 0) + proven.packets
    unknown = totals.get(Proof.NO_WITNESS, 0)
    is_behind = Proof.LOST_BEHIND_US in totals
    evidence = [Evidence(proof=proof, packets=packets) for proof, packets in totals.items()]
    return _verdict(network, ours, unknown, is_behind=is_behind), evidence


def _verdict(network: int, ours: int, unknown: int, *, is_behind: bool) -> Verdict:
    if not network + ours + unknown:
        return Verdict.NETWORK if is_behind else Verdict.CLEAN
    if unknown > network + ours:
        return Verdict.UNKNOWN
    if min(network, ours) > _MINORITY * (network + ours):
        return Verdict.BOTH
    return Verdict.COPY if ours > network else Verdict.NETWORK


def _judged(stream: Watched, others: Sequence[Watched], drops: Sequence[Drops]) -> Judgement:
    missing = sum(gap.packets for gap in stream.gaps)
    totals: dict[Proof, int] = {}
    network = ours = spoken_of = 0
    if stream.reported is not None:
        spoken_of = min(missing, stream.reported.missing)
        network = min(spoken_of, stream.reported.lost)
        ours = spoken_of - network
        totals[Proof.FAR_END_HAS_IT] = ours
        totals[Proof.FAR_END_LOST_IT] = network
        totals[Proof.LOST_BEHIND_US] = max(0, stream.reported.lost - stream.reported.missing)
    rest = missing - spoken_of
    if rest:
        dropped = min(rest, _while_dropping(stream.gaps, drops))
        rest -= dropped
        at_once = 0 if stream.reported is not None else min(rest, _at_once(stream.gaps, others))
        rest -= at_once
        ours += dropped + at_once
        totals[Proof.PORT_DROPPED] = dropped
        totals[Proof.BOTH_DIRECTIONS] = at_once
        if rest and _is_whole_beside(stream, others):
            network += rest
            totals[Proof.OTHER_DIRECTION_WHOLE] = rest
            rest = 0
        totals[Proof.NO_WITNESS] = rest
    evidence = [Evidence(proof=proof, packets=packets) for proof, packets in totals.items() if packets]
    is_behind = totals.get(Proof.LOST_BEHIND_US, 0) > 0
    return Judgement(_verdict(network, ours, rest, is_behind=is_behind), network, ours, evidence)


def _while_dropping(gaps: Sequence[Gap], drops: Sequence[Drops]) -> int:
    """Missing packets that the port's drops of the same moment can account for."""
    found = 0
    for drop in drops:
        within = sum(
            gap.packets
            for gap in gaps
            if gap.until_ns >= drop.from_ns - _AROUND_DROPS_NS
            and gap.from_ns <= drop.until_ns + _AROUND_DROPS_NS
        )
        found += min(within, drop.packets)
    return found


def _at_once(gaps: Sequence[Gap], others: Sequence[Watched]) -> int:
    """Packets missing while the other direction misses some, too; 0 when so few coincide that it may be chance."""
    holes = sorted((gap for other in others for gap in other.gaps), key=lambda gap: gap.from_ns)
    if not holes:
        return 0
    starts = [hole.from_ns for hole in holes]
    longest_ns = max(hole.until_ns - hole.from_ns for hole in holes)
    found = long = events = 0
    for gap in gaps:
        index = bisect_left(starts, gap.from_ns - longest_ns - _AT_ONCE_NS)
        hit = 0
        while index < len(holes) and starts[index] <= gap.until_ns + _AT_ONCE_NS:
            if holes[index].until_ns >= gap.from_ns - _AT_ONCE_NS:
                hit = max(hit, holes[index].packets)
            index += 1
        if hit:
            events += 1
            found += gap.packets
            if min(hit, gap.packets) >= _LONG_GAP:
                long += gap.packets
    return found if 2 * events >= len(gaps) else long


def _is_whole_beside(stream: Watched, others: Sequence[Watched]) -> bool:
    """Whether the other direction came whole, and was there to be compared with."""
    return sum(other.packets for other in others) * 2 >= stream.packets and not any(
        other.gaps for other in others
    )
