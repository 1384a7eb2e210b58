"""A call's packets and sound → the figures of its quality: per stream over time, per side, and the verdict.

All of it is arithmetic on the columns of the bundle; no packet is touched one by one, and the sound is judged from
the peaks of its waveform and a sample in 23, so a call costs little more to archive with than without.
Source: RFC 3550 §6.4.1 and §A.8 (jitter, reports), ITU-T G.107 (MOS), RFC 3611 §4.7.2 (bursts)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.core.clock import from_ns, to_ns
from appliance.domain import emodel
from appliance.domain.call import Side
from appliance.domain.quality import (
    CallQuality,
    CaptureDrops,
    Drops,
    FarEnd,
    Gap,
    Judgement,
    Proof,
    Reported,
    Series,
    SideSound,
    StreamQuality,
    Watched,
    bursts,
    judge,
    together,
)
from appliance.media.packets import (
    AnyStream,
    BundleMedia,
    MediaStream,
    PlainFacts,
    PlainStream,
    ReceivedReport,
    Reports,
)
from appliance.media.pcm import SILENCE_DBFS, Sound, expansion
from appliance.media.peaks import Pairs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

STEP_S = 5
MOST_STEPS = 1440
_S = 1_000_000_000
_MS = 1_000_000
_STEP_NOT_JITTER_NS = 500 * _MS
_LATE_NS = 80 * _MS
_NEAR_PACKETS = 100
_EVERY = 23  # shares no factor with the period of a test tone; 350 samples a second tell a level well
_SILENT_PEAK = 1  # of 128: -42 dBFS
_FULL_PEAK = 125  # of 128; G.711 ends at 32124 (µ-law) and 32256 (A-law)


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """The quality of each stream, in the order given, and of the call; `is_lossy` and `is_copy_lossy` for its marks."""

    streams: list[StreamQuality]
    call: CallQuality
    is_lossy: bool
    is_copy_lossy: bool


class Course(NamedTuple):
    """A stream over time, step by step; steps without packets are left out.

    Shape: all arrays [steps]. `places` = which steps these are, `edges` = the first row of each, `heard` = packets,
    `moved_ns` = the changes of transit time of its packets, all added up, `thrown` = packets that came too late
    """

    begins_ns: int
    step_s: int
    places: Ints
    edges: Ints
    heard: Ints
    moved_ns: Floats
    thrown: Ints


class Spoken(NamedTuple):
    """A stream with what is known of it: who speaks, in what."""

    side: Side
    stream: AnyStream
    encoding: str
    clock_hz: int


def assess(
    spoken: Sequence[Spoken],
    media: BundleMedia | Reports,
    drops: Sequence[CaptureDrops] = (),
    *,
    joined_late: bool = False,
) -> Assessed:
    """Everything the packets of a call say of its quality.

    `joined_late`: the receivers had lost packets before we came, so that only the growth of their counts is ours
    to compare.
    """
    missing = [_missing(one.stream) for one in spoken]
    reports = [_reports_of(one.stream, media.received_reports) for one in spoken]
    watched = [
        Watched(
            one.side,
            one.stream.packets,
            _gaps(one.stream, lost),
            _reported(one.stream, lost, found, joined_late=joined_late),
        )
        for one, lost, found in zip(spoken, missing, reports, strict=True)
    ]
    judged = judge(watched, [Drops(to_ns(one.from_at), to_ns(one.until_at), one.packets) for one in drops])
    far_ends = [_far_end(one, found, media) for one, found in zip(spoken, reports, strict=True)]
    delay_ms = _delay_ms(spoken, far_ends)
    qualities = [
        _stream(one, lost, verdict, far_end, delay_ms)
        for one, lost, verdict, far_end in zip(spoken, missing, judged, far_ends, strict=True)
    ]
    verdict, evidence = together(judged)
    gone = sum(int(lost.sum()) for lost in missing if lost is not None)
    ours = sum(one.copy for one in judged)
    call = CallQuality(mos=_worse_side(spoken, qualities), verdict=verdict, evidence=evidence)
    return Assessed(qualities, call, is_lossy=gone > ours, is_copy_lossy=ours > 0)


def sounds(sound: Sound, peaks: Pairs) -> list[SideSound]:
    """How each side sounds. `peaks`: the finest level of the waveform, 20 ms each. Shape: int8 (channels, n, 2)."""
    return [side_sound(side, _listen(sound, column, peaks[column])) for column, side in enumerate(Side)]


class Loudness(NamedTuple):
    """What `side_sound` is made of: peaks in all, those that are no silence, those at full scale; samples, their power."""

    peaks: int
    loud: int
    clipped: int
    picked: int
    power: int


def side_sound(side: Side, heard: Loudness) -> SideSound:
    """The figures of one side."""
    share = heard.loud / heard.peaks if heard.peaks else 0.0
    power = heard.power / max(1, heard.picked) / 32768.0**2
    level = 10.0 * math.log10(power / share) if power and share else SILENCE_DBFS
    return SideSound(
        side=side,
        level_dbfs=round(max(SILENCE_DBFS, level), 1),
        silence_percent=round(100.0 * (1.0 - share), 1),
        clipping_percent=round(100.0 * heard.clipped / heard.peaks if heard.peaks else 0.0, 2),
    )


def _listen(sound: Sound, column: int, pairs: npt.NDArray[np.int8]) -> Loudness:
    low, high = pairs[:, 0], pairs[:, 1]
    # A minimum is the floor of the true value: -1 stands for -256 … -1.
    loud = (high >= _SILENT_PEAK) | (low < -_SILENT_PEAK)
    clipped = (high >= _FULL_PEAK) | (low <= -_FULL_PEAK - 1)
    picked = sound.samples[::_EVERY, column]
    values = (expansion(sound.law)[picked] if sound.law else picked).astype(np.int64)
    return Loudness(
        peaks=loud.size,
        loud=int(np.count_nonzero(loud)),
        clipped=int(np.count_nonzero(clipped)),
        picked=values.size,
        power=int(values @ values),
    )


def _columns(stream: AnyStream) -> MediaStream:
    assert isinstance(stream, MediaStream), "an outline is made of whole streams only"
    return stream


def _missing(stream: AnyStream) -> Ints | None:
    """Packets missing before each row; None when none are."""
    if not stream.lost:
        return None
    seq = _columns(stream).seq
    return np.diff(seq, prepend=seq[:1] - 1) - 1


def _gaps(heard: AnyStream, missing: Ints | None) -> list[Gap]:
    if missing is None:
        return []
    stream = _columns(heard)
    rows = np.flatnonzero(missing)
    before, after = stream.arrival_ns[rows - 1], stream.arrival_ns[rows]
    first, last = np.minimum(before, after), np.maximum(before, after)
    return list(map(Gap, first.tolist(), last.tolist(), missing[rows].tolist()))


def _reports_of(stream: AnyStream, reports: Sequence[ReceivedReport]) -> list[ReceivedReport]:
    """The reports on a stream by its receiver, in order of time."""
    if not reports:
        return []
    found = [one for one in reports if one.ssrc == stream.ssrc]
    host = stream.destination.rpartition(":")[0]
    there = [one for one in found if one.src.rpartition(":")[0] == host]
    return sorted(there or found, key=lambda one: one.at_ns)


def _reported(
    stream: AnyStream, missing: Ints | None, reports: Sequence[ReceivedReport], *, joined_late: bool
) -> Reported | None:
    """The receiver's count of losses beside ours over the same sequence numbers.

    A receiver may count from the second of two packets in sequence on only; what was lost before, it does not know of.
    Source: RFC 3550 appendix A.1 (probation), A.3
    """
    if not reports or (joined_late and len(reports) < 2):
        return None
    first, last = reports[0], reports[-1]
    until = _row_behind(stream, last)
    begin = _row_behind(stream, first) if joined_late else 0
    lost = max(0, last.lost - (first.lost if joined_late else 0))
    if until <= begin:
        return None
    if missing is None:
        return Reported(lost, 0)
    gone = int(missing[begin:until].sum())
    if not joined_late:
        gone = min(gone, max(lost, int(missing[_row_in_sequence(missing) : until].sum())))
    return Reported(lost, gone)


def _row_in_sequence(missing: Ints) -> int:
    """The first row that follows the one before it without a gap."""
    rows = np.flatnonzero(missing[1:] == 0)
    return int(rows[0]) + 1 if rows.size else missing.size


def _row_behind(stream: AnyStream, report: ReceivedReport) -> int:
    """The first row after the highest number that the report speaks of.

    The receiver counts wraps since its own beginning, so only the lower 16 bits compare: the number nearest to what
    had passed us by then is meant. One far from it says that ours were counted anew (restart, pause of the recording).
    """
    passed = int(np.searchsorted(stream.arrival_ns, report.at_ns, side="right"))
    near = int(stream.seq[max(0, passed - 1)])
    ahead = ((report.highest - near + 0x8000) & 0xFFFF) - 0x8000
    highest = near + (ahead if abs(ahead) <= _NEAR_PACKETS else 0)
    return int(np.searchsorted(stream.seq, highest, side="right"))


def _far_end(
    spoken: Spoken, reports: Sequence[ReceivedReport], media: BundleMedia | Reports
) -> FarEnd | None:
    if not reports:
        return None
    sent = {
        (one.ntp >> 16) & 0xFFFFFFFF: one.at_ns
        for one in media.sent_reports
        if one.ssrc == spoken.stream.ssrc
    }
    trips = [
        (one.at_ns - sent[one.last_report]) / _MS - one.delay * 1000 / 65536
        for one in reports
        if one.last_report and one.last_report in sent
    ]
    sane = [trip for trip in trips if 0.0 <= trip < 10_000.0]
    return FarEnd(
        reports=len(reports),
        lost=max(0, reports[-1].lost),
        jitter_max_ms=round(max(one.jitter_ticks for one in reports) * 1000 / spoken.clock_hz, 1),
        round_trip_ms=round(float(np.median(sane)), 1) if sane else None,
    )


def _delay_ms(spoken: Sequence[Spoken], far_ends: Sequence[FarEnd | None]) -> float:
    """One way from end to end, when the way from the mirror to both ends and back is known; else 0.0."""
    trips = [
        max(
            (
                far_end.round_trip_ms
                for one, far_end in zip(spoken, far_ends, strict=True)
                if one.side is side and far_end and far_end.round_trip_ms is not None
            ),
            default=None,
        )
        for side in Side
    ]
    known = [trip for trip in trips if trip is not None]
    return sum(known) / 2 if len(known) == len(trips) else 0.0


def _stream(
    spoken: Spoken, missing: Ints | None, judged: Judgement, far_end: FarEnd | None, delay_ms: float
) -> StreamQuality:
    stream = spoken.stream
    codec = emodel.impairment(spoken.encoding)
    if isinstance(stream, PlainStream):
        return _whole(stream.plain, stream.packets, codec, judged, far_end, delay_ms)
    course = _course(stream, spoken.clock_hz)
    edges, heard, thrown = course.edges, course.heard, course.thrown
    jitter_ms = course.moved_ns / (heard * _MS)
    nothing = np.zeros(edges.size, np.int64)
    lost = nothing if missing is None else np.add.reduceat(missing, edges)
    holes = nothing if missing is None else np.add.reduceat(missing > 0, edges, dtype=np.int64)
    best = round(emodel.mos(emodel.rating(codec, delay_ms=delay_ms)), 2)
    mos = np.full(edges.size, best)
    for index in np.flatnonzero(lost + thrown).tolist():
        mos[index] = _mos(
            codec, int(lost[index]), int(thrown[index]), int(holes[index]), int(heard[index]), delay_ms
        )
    total = int(lost.sum())
    found = bursts(_runs_of_loss(missing), stream.packets + total)
    heard_lost = total - judged.copy + _lost_behind(judged)
    late_total = int(thrown.sum())
    events = max(1, round(heard_lost / found.mean)) if found.mean else heard_lost
    return StreamQuality(
        mos=_mos(codec, heard_lost, late_total, events, stream.packets, delay_ms)
        if heard_lost or late_total
        else best,
        mos_worst=float(mos.min()),
        mos_assumed=codec.assumed,
        lost_percent=round(100.0 * total / (stream.packets + total), 3),
        burst_mean=round(found.mean, 2),
        burst_percent=round(found.percent, 2),
        jitter_mean_ms=round(float(course.moved_ns.sum()) / (stream.packets * _MS), 2),
        jitter_max_ms=round(float(jitter_ms.max()), 2),
        late=late_total,
        verdict=judged.verdict,
        lost_network=judged.network,
        lost_copy=judged.copy,
        evidence=judged.evidence,
        far_end=far_end,
        series=_series(course, lost, jitter_ms, mos),
    )


def _lost_behind(judged: Judgement) -> int:
    """Packets that passed us and did not arrive."""
    return sum(one.packets for one in judged.evidence if one.proof is Proof.LOST_BEHIND_US)


def _mos(codec: emodel.Impairment, lost: int, late: int, holes: int, heard: int, delay_ms: float) -> float:
    """MOS of so many packets. Late ones came but were of no use."""
    percent = 100.0 * min(1.0, (lost + late) / max(1, heard + lost))
    ratio = emodel.burst_ratio(percent, lost / holes if holes else 1.0)
    return round(emodel.mos(emodel.rating(codec, percent, ratio, delay_ms)), 2)


def _transit(stream: MediaStream, clock_hz: int) -> tuple[npt.NDArray[np.bool_] | None, Floats]:
    """Which rows were late (None = none), and the change of transit time before each row, in nanoseconds.

    Packets that repeat a timestamp and steps of more than half a second (a sender that paused, a new run) say
    nothing about the network. Source: RFC 3550 §6.4.1 (D)
    """
    steps = np.zeros(stream.packets)
    if stream.packets < 2:
        return None, steps
    ticks = np.diff(stream.timestamp)
    moved = np.diff(stream.arrival_ns) - ticks * (_S / clock_hz)
    moved[(ticks == 0) | (np.abs(moved) > _STEP_NOT_JITTER_NS)] = 0.0
    steps[1:] = moved
    lag = np.cumsum(steps)
    if float(lag.max() - lag.min()) <= _LATE_NS:
        return None, steps
    block = 250
    edges = np.arange(0, stream.packets, block)
    floor = np.minimum.reduceat(lag, edges)
    around = np.minimum(floor, np.minimum(np.append(floor[1:], np.inf), np.append(np.inf, floor[:-1])))
    late = lag - np.repeat(around, block)[: stream.packets] > _LATE_NS
    return late, steps


def _edges(stream: MediaStream) -> tuple[Ints, Ints, int]:
    """The first row of each step of time that has packets, which step that is, and the length of a step."""
    begin_ns = int(stream.arrival_ns[0])
    came = np.maximum.accumulate(stream.arrival_ns)
    span_ns = int(came[-1]) - begin_ns
    step_s = STEP_S
    while span_ns >= MOST_STEPS * step_s * _S:
        step_s *= 2
    bounds = np.arange(begin_ns, begin_ns + span_ns + 1, step_s * _S)
    edges = np.searchsorted(came, bounds)
    places = np.flatnonzero(np.diff(edges, append=stream.packets))
    return edges[places], places, step_s


def _whole(
    facts: PlainFacts,
    packets: int,
    codec: emodel.Impairment,
    judged: Judgement,
    far_end: FarEnd | None,
    delay_ms: float,
) -> StreamQuality:
    """A stream of which nothing is missing or late: the same figures without arrays."""
    best = round(emodel.mos(emodel.rating(codec, delay_ms=delay_ms)), 2)
    behind = _lost_behind(judged)
    steps = facts.course[-1][0] + 1
    jitter_ms, mos = [0.0] * steps, [0.0] * steps
    most = 0.0
    moved_ns = 0
    for place, heard, moved in facts.course:
        mean_ms = moved / (heard * _MS)
        jitter_ms[place] = round(mean_ms * 10) / 10
        mos[place] = best
        most = max(most, mean_ms)
        moved_ns += moved
    return StreamQuality(
        mos=_mos(codec, behind, 0, behind, packets, delay_ms) if behind else best,
        mos_worst=best,
        mos_assumed=codec.assumed,
        jitter_mean_ms=round(moved_ns / (packets * _MS), 2),
        jitter_max_ms=round(most, 2),
        verdict=judged.verdict,
        evidence=judged.evidence,
        far_end=far_end,
        series=Series(
            starts_at=from_ns(facts.begins_ns),
            step_s=facts.step_s,
            lost=[0] * steps,
            jitter_ms=jitter_ms,
            mos=mos,
        ),
    )


def _course(stream: MediaStream, clock_hz: int) -> Course:
    late, steps_ns = _transit(stream, clock_hz)
    edges, places, step_s = _edges(stream)
    return Course(
        begins_ns=int(stream.arrival_ns[0]),
        step_s=step_s,
        places=places,
        edges=edges,
        heard=np.diff(edges, append=stream.packets),
        moved_ns=np.add.reduceat(np.abs(steps_ns), edges),
        thrown=np.zeros(edges.size, np.int64)
        if late is None
        else np.add.reduceat(late, edges, dtype=np.int64),
    )


def _series(course: Course, lost: Ints, jitter_ms: Floats, mos: Floats) -> Series:
    """Steps without packets stay at 0."""
    columns = np.zeros((3, int(course.places[-1]) + 1))
    columns[:, course.places] = lost, jitter_ms.round(1), mos
    return Series(
        starts_at=from_ns(course.begins_ns),
        step_s=course.step_s,
        lost=columns[0].astype(np.int64).tolist(),
        jitter_ms=columns[1].tolist(),
        mos=columns[2].tolist(),
    )


def _runs_of_loss(missing: Ints | None) -> list[tuple[int, int]]:
    """(received before, lost) of every hole."""
    if missing is None:
        return []
    rows = np.flatnonzero(missing)
    return list(zip(np.diff(rows, prepend=0).tolist(), missing[rows].tolist(), strict=True))


def _worse_side(spoken: Sequence[Spoken], qualities: Sequence[StreamQuality]) -> float | None:
    """MOS of the side that was heard worse, the streams of a side weighed by their packets."""
    found: list[float] = []
    for side in Side:
        own = [
            (quality.mos, one.stream.packets)
            for one, quality in zip(spoken, qualities, strict=True)
            if one.side is side
        ]
        if own:
            found.append(sum(mos * packets for mos, packets in own) / sum(packets for _, packets in own))
    return round(min(found), 2) if found else None
