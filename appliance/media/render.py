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
from operator import itemgetter
from pathlib import Path

from appliance.core.clock import from_ns
from appliance.domain.bundle import Manifest, Track
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import CallQuality, StreamQuality
from appliance.media import pause
from appliance.media.apart import set_apart
from appliance.media.mix import Canvas
from appliance.media.packets import AnyStream, BundleMedia, MediaStream
from appliance.media.pcm import Sound
from appliance.media.quality import Assessed, Spoken, assess
from appliance.media.side import side_of_streams
from appliance.media.straighten import straighten
from appliance.media.track import PayloadTable, Sorted, Strand, paint, sort_stream
from appliance.media.window import (
    Window,
    ended_ns,
    file_law,
    frames_of,
    is_early,
    marks_of,
    silent_reason,
    window,
)
from appliance.settings.archive import Archive, WavG711

COLUMN = {Side.CALLER: 0, Side.CALLEE: 1}


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """Either `sound` with `starts_at`, the moment of its first frame, or `reason`; `tracks` and `quality` in any case.

    `marks` are those that the media show; what capture knows stands in the manifest. `ended_at` is set when the clock was
    set in mid-call: the end of the call on the clock of its beginning.
    """

    tracks: list[Track]
    marks: list[Mark]
    quality: CallQuality
    reason: Reason | None = None
    sound: Sound | None = None
    starts_at: datetime | None = None
    ended_at: datetime | None = None


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
        track_of(
            side,
            stream,
            stream.payload_sha256,
            found.encoding or f"PT {max(stream.pts.items(), key=itemgetter(1))[0]}",
            found.clock_hz,
            quality,
            decoded=bool(found.strands) or not found.undecodable.size,
        )
        for side, stream, found, quality in zip(
            sides, media.streams, sorted_streams, assessed.streams, strict=True
        )
    ] + apart
    if manifest.reason is not None:
        return Rendered(tracks, [], assessed.call, manifest.reason)
    strands = [strand for found in sorted_streams for strand in found.strands]
    unsupported = any(one.undecodable.size for one in sorted_streams) and not strands
    last_ns = max((int(stream.arrival_ns.max()) for stream in streams), default=0)
    clock_marks = [Mark.CLOCK_JUMP] if jumped_ns else []
    ended_at = _ended_at(manifest, last_ns, jumped_ns)

    def silent(reason: Reason) -> Rendered:
        return Rendered(tracks, clock_marks, assessed.call, reason, ended_at=ended_at)

    window_ns = window(manifest, strands, settings, last_ns, media.last_ns, jumped_ns)
    if window_ns is None:
        return silent(silent_reason(manifest, undecodable=unsupported))
    origin_ns, end_ns = window_ns
    heard = [strand for strand in strands if strand.until_ns(window_ns) is not None]
    undecodable = any(
        ((found.undecodable >= origin_ns) & (found.undecodable < end_ns)).any() for found in sorted_streams
    )
    if not heard:
        return silent(silent_reason(manifest, undecodable=undecodable or unsupported))
    sound, failures = _sound(heard, window_ns, settings, scratch, pauses)
    if sound.length_s < settings.min_length_s:
        return silent(Reason.TOO_SHORT)
    marks = marks_of(
        heard,
        window_ns,
        is_lossy=assessed.is_lossy,
        is_copy_lossy=assessed.is_copy_lossy,
        early=is_early(manifest, window_ns),
        undecoded=undecodable or failures > 0,
    )
    return Rendered(tracks, [*marks, *clock_marks], assessed.call, None, sound, from_ns(origin_ns), ended_at)


def _ended_at(manifest: Manifest, last_ns: int, jumped_ns: int) -> datetime | None:
    """The end of a call during which the clock was set, as its first clock would tell it; None of any other."""
    call = manifest.call
    if not jumped_ns or call.ended_at is None:
        return None
    return max(from_ns(ended_ns(manifest, last_ns, jumped_ns)), call.answered_at or call.started_at)


def _sound(
    heard: Sequence[Strand],
    window_ns: Window,
    settings: Archive,
    scratch: Path | None,
    pauses: Sequence[pause.Span],
) -> tuple[Sound, int]:
    """Paint everything that is heard, earlier streams first."""
    companded = isinstance(settings.format, WavG711)
    wide = any(strand.rate_hz > 8000 for strand in heard)
    rate_hz = 16000 if wide and not companded else 8000
    frames = frames_of(heard, window_ns, rate_hz)
    canvas = Canvas(frames, rate_hz, file_law(heard) if companded else None, scratch)
    origin_ns, end_ns = window_ns
    failures = 0
    for strand in sorted(heard, key=lambda one: one.arrives_ns):
        failures += paint(
            strand,
            canvas,
            COLUMN[strand.side],
            origin_ns=origin_ns,
            end_ns=end_ns,
            fill=settings.loss_fill,
        )
    pause.paint(canvas, pauses, origin_ns)
    return canvas.sound(), failures


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


def track_of(
    side: Side,
    stream: AnyStream,
    payload_sha256: str,
    codec: str,
    clock_hz: int,
    quality: StreamQuality | None,
    *,
    decoded: bool = True,
) -> Track:
    """A stream as the ledger tells of it."""
    return Track(
        side=side,
        codec=codec,
        ssrc=stream.ssrc,
        source=stream.source,
        destination=stream.destination,
        packets=stream.packets,
        lost=stream.lost,
        duplicates=stream.duplicates,
        reordered=stream.reordered,
        jitter_ms=stream.jitter_ms(clock_hz),
        payload_sha256=payload_sha256,
        first_at=from_ns(stream.first_ns),
        last_at=from_ns(stream.last_ns),
        decoded=decoded,
        quality=quality,
    )
