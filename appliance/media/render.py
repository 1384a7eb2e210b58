"""One bundle → the sound of its recording and what the ledger says of its tracks. The media of a call, whole.

Left = caller, right = callee. Frame 0 is the answer, or the first early media when the setting wants it; the last
frame is the end of the call, but a packet that came before the end is there whole (20 ms at most). A call joined
late begins with its first media. Decisions: a G.711 file has the law of the caller (of the callee when the caller
was not heard, A-law when nobody spoke G.711) and the other side is transcoded by table; where two streams of one
side speak at once, the later one is heard; comfort noise is silence.
Source: RFC 3264 §5 (early media), RFC 3550 §5.1, RFC 3551
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from appliance.core.clock import from_ns, to_ns
from appliance.domain.bundle import Manifest, Track
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import CallQuality, StreamQuality
from appliance.media import pause
from appliance.media.apart import set_apart
from appliance.media.mix import Canvas
from appliance.media.packets import BundleMedia, MediaStream
from appliance.media.pcm import Law, Sound
from appliance.media.quality import Assessed, Spoken, assess
from appliance.media.side import side_of_streams
from appliance.media.straighten import straighten
from appliance.media.track import PayloadTable, Sorted, Strand, paint, sort_stream
from appliance.settings.archive import Archive, WavG711

_S = 1_000_000_000
_OVERSHOOT_NS = 20_000_000
_EARLY_MARK_NS = 20_000_000
_ABSURD_NS = 600 * _S
_LONGEST_NS = 48 * 3600 * _S
_ROUNDING_NS = 1000  # moments in the manifest are cut to microseconds
_COLUMN = {Side.CALLER: 0, Side.CALLEE: 1}


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """Either `sound` with `starts_at`, the moment of its first frame, or `reason`; `tracks` and `quality` in any case.

    `marks` are those that the media show; what capture knows stands in the manifest.
    """

    tracks: list[Track]
    marks: list[Mark]
    quality: CallQuality
    reason: Reason | None = None
    sound: Sound | None = None
    starts_at: datetime | None = None


def render(
    manifest: Manifest, media: BundleMedia, settings: Archive, scratch: Path | None = None
) -> Rendered:
    """Put the call's audio together.

    `scratch`: a folder on a disk for canvases too large for memory. Raises: OSError when it is full
    """
    pauses = pause.spans(manifest.heard)
    media, apart = set_apart(manifest, pause.excused(media, pauses))
    streams, jumped_ns = straighten(media.streams, clock_jumped=Mark.CLOCK_JUMP in manifest.marks)
    table = PayloadTable(manifest.payloads)
    sides = side_of_streams(manifest, streams)
    sorted_streams = [sort_stream(side, stream, table) for side, stream in zip(sides, streams, strict=True)]
    assessed = _assessed(manifest, media, sides, streams, sorted_streams)
    tracks = [
        _track(side, stream, found, quality)
        for side, stream, found, quality in zip(
            sides, media.streams, sorted_streams, assessed.streams, strict=True
        )
    ] + apart
    if manifest.reason is not None:
        return Rendered(tracks, [], assessed.call, manifest.reason)
    strands = [strand for found in sorted_streams for strand in found.strands]
    window = _window(manifest, media, streams, strands, settings, jumped_ns)
    if window is None:
        return Rendered(tracks, [], assessed.call, _silent_reason(manifest, sorted_streams))
    origin_ns, end_ns = window
    heard = [strand for strand in strands if _inside(strand, origin_ns, end_ns).any()]
    undecodable = any(
        ((found.undecodable >= origin_ns) & (found.undecodable < end_ns)).any() for found in sorted_streams
    )
    if not heard:
        reason = Reason.UNSUPPORTED_PAYLOAD if undecodable else _silent_reason(manifest, sorted_streams)
        return Rendered(tracks, [], assessed.call, reason)
    sound, failures = _sound(heard, origin_ns, end_ns, settings, scratch, pauses)
    if sound.length_s < settings.min_length_s:
        return Rendered(tracks, [], assessed.call, Reason.TOO_SHORT)
    answered_at = manifest.call.answered_at
    early = answered_at is not None and origin_ns < to_ns(answered_at) - _EARLY_MARK_NS
    marks = _marks(heard, origin_ns, end_ns, assessed, early=early, undecoded=undecodable or failures > 0)
    return Rendered(tracks, marks, assessed.call, None, sound, from_ns(origin_ns))


def _window(
    manifest: Manifest,
    media: BundleMedia,
    streams: Sequence[MediaStream],
    strands: Sequence[Strand],
    settings: Archive,
    jumped_ns: int,
) -> tuple[int, int] | None:
    """First moment of the recording and the moment after which no packet counts; None when there is no such time."""
    call = manifest.call
    first_ns = min((int(strand.at_ns.min()) for strand in strands), default=None)
    last_ns = max((stream.arrival_ns.max() for stream in streams), default=None)
    if last_ns is None or first_ns is None:
        return None
    begun_ns = to_ns(call.started_at) - _S
    if call.answered_at is not None and Mark.JOINED_LATE not in manifest.marks:
        origin_ns = to_ns(call.answered_at)
        if settings.early_media:
            early = [strand.at_ns[strand.arrival_ns >= begun_ns] for strand in strands]
            origin_ns = min([origin_ns, *(int(at_ns.min()) for at_ns in early if at_ns.size)])
    elif Mark.JOINED_LATE in manifest.marks:
        origin_ns = first_ns
    else:
        return None
    last_ns = int(last_ns)
    end_ns = last_ns + _ROUNDING_NS
    if call.ended_at is not None:
        end_ns = to_ns(call.ended_at) + _ROUNDING_NS + jumped_ns
        known = [last_ns, media.last_ns + jumped_ns, *(to_ns(message.at) for message in manifest.messages)]
        if end_ns > max(known) + _ABSURD_NS:
            end_ns = max(known) + _S
    allowed = manifest.heard
    if allowed is not None and allowed.begins_at is not None:
        origin_ns = max(origin_ns, to_ns(allowed.begins_at))
    if allowed is not None and allowed.ends_at is not None:
        end_ns = min(end_ns, to_ns(allowed.ends_at) + _ROUNDING_NS)
    end_ns = min(end_ns, origin_ns + _LONGEST_NS)
    return (origin_ns, end_ns) if end_ns > origin_ns else None


def _inside(strand: Strand, origin_ns: int, end_ns: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    ends = strand.at_ns + strand.span_ns()
    return np.asarray(
        (strand.arrival_ns < end_ns) & (ends > origin_ns) & (strand.at_ns < end_ns + _OVERSHOOT_NS)
    )


def _sound(
    heard: Sequence[Strand],
    origin_ns: int,
    end_ns: int,
    settings: Archive,
    scratch: Path | None,
    pauses: Sequence[pause.Span],
) -> tuple[Sound, int]:
    """Paint everything that is heard, earlier streams first."""
    companded = isinstance(settings.format, WavG711)
    wide = any(strand.rate_hz > 8000 for strand in heard)
    rate_hz = 16000 if wide and not companded else 8000
    last_ns = end_ns - _ROUNDING_NS
    for strand in heard:
        inside = _inside(strand, origin_ns, end_ns)
        last_ns = max(last_ns, int((strand.at_ns + strand.span_ns())[inside].max()))
    last_ns = min(last_ns, end_ns - _ROUNDING_NS + _OVERSHOOT_NS)
    frames = max(1, round((last_ns - origin_ns) * rate_hz / _S))
    canvas = Canvas(frames, rate_hz, _file_law(heard) if companded else None, scratch)
    failures = 0
    for strand in sorted(heard, key=lambda one: int(one.arrival_ns.min())):
        failures += paint(
            strand,
            canvas,
            _COLUMN[strand.side],
            origin_ns=origin_ns,
            end_ns=end_ns,
            fill=settings.loss_fill,
        )
    pause.paint(canvas, pauses, origin_ns)
    return canvas.sound(), failures


def _file_law(heard: Sequence[Strand]) -> Law:
    """The law the caller spoke most, else of the callee's, else A-law."""
    for side in Side:
        spoken = {
            law: sum(one.rows.size for one in heard if one.side is side and one.law is law) for law in Law
        }
        if any(spoken.values()):
            return max(spoken, key=lambda law: spoken[law])
    return Law.ALAW


def _assessed(
    manifest: Manifest,
    media: BundleMedia,
    sides: Sequence[Side],
    streams: Sequence[MediaStream],
    sorted_streams: Sequence[Sorted],
) -> Assessed:
    spoken = [
        Spoken(side, stream, found.encoding, found.clock_hz or 8000)
        for side, stream, found in zip(sides, streams, sorted_streams, strict=True)
    ]
    joined_late = Mark.JOINED_LATE in manifest.marks
    return assess(spoken, media, manifest.capture_drops, joined_late=joined_late)


def _marks(
    heard: Sequence[Strand],
    origin_ns: int,
    end_ns: int,
    assessed: Assessed,
    *,
    early: bool,
    undecoded: bool,
) -> list[Mark]:
    marks: list[Mark] = []
    of_side = {side: [strand for strand in heard if strand.side is side] for side in Side}
    if not all(of_side.values()):
        marks.append(Mark.ONE_WAY)
    if any(strand.missing[_inside(strand, origin_ns, end_ns)].any() for strand in heard):
        if assessed.is_lossy:
            marks.append(Mark.LOSS)
        if assessed.is_copy_lossy:
            marks.append(Mark.CAPTURE_LOSS)
    if early:
        marks.append(Mark.EARLY_MEDIA)
    if any(len({strand.payload.encoding.upper() for strand in own}) > 1 for own in of_side.values()):
        marks.append(Mark.CODEC_CHANGED)
    if any(len({strand.stream.ssrc for strand in own}) > 1 for own in of_side.values()):
        marks.append(Mark.SSRC_CHANGED)
    if undecoded:
        marks.append(Mark.PART_UNDECODED)
    return marks


_TELLING = {
    Mark.PAUSED: Reason.PAUSED,
    Mark.DISK_FULL: Reason.DISK_FULL,
    Mark.INTERRUPTED: Reason.INTERRUPTED,
    Mark.CAPTURE_LOSS: Reason.CAPTURE_LOSS,
}
"""Marks that say why nothing can be heard, the plainest first."""


def _silent_reason(manifest: Manifest, found: Sequence[Sorted]) -> Reason:
    """Why nothing can be heard."""
    call = manifest.call
    if any(one.undecodable.size for one in found) and not any(one.strands for one in found):
        return Reason.UNSUPPORTED_PAYLOAD
    for mark, reason in _TELLING.items():
        if mark in manifest.marks:
            return reason
    if call.answered_at is None and Mark.JOINED_LATE not in manifest.marks:
        return Reason.NO_ANSWER
    return Reason.NO_MEDIA


def _track(side: Side, stream: MediaStream, found: Sorted, quality: StreamQuality) -> Track:
    return Track(
        side=side,
        codec=found.encoding or f"PT {max(stream.pts, key=lambda one: stream.pts[one])}",
        ssrc=stream.ssrc,
        source=stream.source,
        destination=stream.destination,
        packets=stream.packets,
        lost=stream.lost,
        duplicates=stream.duplicates,
        reordered=stream.reordered,
        jitter_ms=stream.jitter_ms(found.clock_hz),
        payload_sha256=stream.payload_sha256,
        first_at=from_ns(stream.first_ns),
        last_at=from_ns(stream.last_ns),
        decoded=bool(found.strands) or not found.undecodable.size,
        quality=quality,
    )
