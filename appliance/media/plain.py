"""The quick way: a call of unharmed telephone audio becomes its WAV file without a packet or a sample in Python.

The engine knows of each stream whether anything harmed it (`PlainFacts`) and where it belongs; here is decided, by the
same functions as in `render`, what of it is heard; the engine then writes the file and its peaks in one go. Whatever
is not plain goes the general way, and both make the same file (`tests/property/test_two_ways_of_rendering.py`).
Source: RFC 3550 §5.1, RFC 3551 §4.5.14
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from appliance.core.clock import from_ns, to_ns
from appliance.domain.bundle import Manifest, Payload, StreamKind, Track
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from appliance.media import pause
from appliance.media.decode import companding
from appliance.media.encoders import Written, wav_g711
from appliance.media.packets import Outline, PlainStream, Recorded
from appliance.media.pcm import SILENT_CODE, Law, expansion, transcoding
from appliance.media.quality import Assessed, Loudness, Spoken, assess, side_sound
from appliance.media.render import COLUMN, Rendered, track_of
from appliance.media.side import side_of_streams
from appliance.media.timeline import is_steady
from appliance.media.track import PayloadTable, format_of
from appliance.media.window import (
    OVERSHOOT_NS,
    Window,
    file_law,
    frames_of,
    is_early,
    marks_of,
    silent_reason,
    window,
)
from appliance.settings.archive import Archive, WavG711

_RATE_HZ = 8000
_S = 1_000_000_000
_TICK_NS = _S // _RATE_HZ


class PlainPiece(NamedTuple):
    """A plain stream with its format. `number` is the engine's."""

    number: int
    media: Recorded
    stream: PlainStream
    side: Side
    payload: Payload
    law: Law

    @property
    def ssrc(self) -> int:
        """Its stream's number."""
        return self.stream.ssrc

    @property
    def packets(self) -> int:
        """How many it has."""
        return self.stream.packets

    @property
    def arrives_ns(self) -> int:
        """Arrival of its earliest packet."""
        return self.stream.plain.arrival_ns[0]

    @property
    def ends_ns(self) -> int:
        """The moment after the last sample."""
        return self.stream.plain.base_ns + self.stream.plain.ticks * _TICK_NS

    def begins_ns(self, since_ns: int | None = None) -> int | None:
        """The first moment of what arrived then or later, which is all of it."""
        assert since_ns is None or since_ns <= self.arrives_ns
        return self.stream.plain.base_ns

    def until_ns(self, window_ns: Window) -> int | None:
        """The last moment of what counts within the window; None when nothing does."""
        facts = self.stream.plain
        if facts.arrival_ns[1] < window_ns[1] and self.ends_ns < window_ns[1] + OVERSHOOT_NS:
            return self.ends_ns if self.ends_ns > window_ns[0] else None
        count, until_ns = self.media.engine.extent(self.number, *window_ns)
        return until_ns if count else None

    def lacks(self, window_ns: Window) -> bool:  # noqa: ARG002
        """Whether packets are missing within the window: nowhere."""
        return False


class Finished(NamedTuple):
    """What was rendered, and the file that was written of it."""

    rendered: Rendered
    written: Written | None = None
    frames: int = 0


def render_plain(
    manifest: Manifest, media: Recorded, settings: Archive, audio: Path, peaks: Path
) -> Finished | None:
    """The recording in `audio` and its waveform in `peaks`; None when the call has to go the general way.

    Raises: TooLarge, OSError
    """
    outline = media.outline
    if outline is None or not isinstance(settings.format, WavG711) or pause.spans(manifest.heard):
        return None
    pieces = _pieces(manifest, media, outline)
    if pieces is None:
        return None
    assessed = assess(
        [Spoken(one.side, one.stream, one.payload.encoding, _RATE_HZ) for one in pieces],
        outline.told(),
        manifest.capture_drops,
        joined_late=Mark.JOINED_LATE in manifest.marks,
    )

    def silent(reason: Reason) -> Finished:
        tracks = _tracks(pieces, assessed, media.engine.payload_hashes())
        return Finished(Rendered(tracks, [], assessed.call, reason))

    if manifest.reason is not None:
        return silent(manifest.reason)
    last_ns = max((one.stream.plain.arrival_ns[1] for one in pieces), default=0)
    window_ns = window(manifest, pieces, settings, last_ns, outline.last_ns, 0)
    heard = [one for one in pieces if window_ns and one.until_ns(window_ns) is not None]
    if window_ns is None or not heard:
        return silent(silent_reason(manifest, undecodable=False))
    frames = frames_of(heard, window_ns, _RATE_HZ)
    if frames / _RATE_HZ < settings.min_length_s:
        return silent(Reason.TOO_SHORT)
    marks = marks_of(
        heard,
        window_ns,
        is_lossy=False,
        is_copy_lossy=False,
        early=is_early(manifest, window_ns),
        undecoded=False,
    )
    written, hashes, loudness = _write(media, heard, window_ns, frames, audio, peaks)
    sounds = [side_sound(side, one) for side, one in zip(Side, loudness, strict=True)]
    quality = msgspec.structs.replace(assessed.call, sounds=sounds)
    rendered = Rendered(_tracks(pieces, assessed, hashes), marks, quality, starts_at=from_ns(window_ns[0]))
    return Finished(rendered, written, frames)


def _tracks(pieces: Sequence[PlainPiece], assessed: Assessed, hashes: Sequence[str]) -> list[Track]:
    return [
        track_of(one.side, one.stream, sha256, one.payload.encoding, _RATE_HZ, quality)
        for one, sha256, quality in zip(pieces, hashes, assessed.streams, strict=True)
    ]


def _pieces(manifest: Manifest, media: Recorded, outline: Outline) -> list[PlainPiece] | None:
    """Every stream with its format; None when one is no telephone audio, or has to be moved to stay in time."""
    if any(one.kind is not StreamKind.AUDIO for one in manifest.streams):
        return None
    table = PayloadTable(manifest.payloads)
    begun_ns = to_ns(manifest.call.started_at) - _S
    found = []
    sides = side_of_streams(manifest, outline.streams)
    for number, (side, stream) in enumerate(zip(sides, outline.streams, strict=True)):
        (payload_type,) = stream.pts
        meanings = table.meanings(side, payload_type)
        is_clear = len({format_of(one) for one in meanings}) == 1
        law = companding(meanings[0]) if is_clear else None
        facts = stream.plain
        if law is None or facts.is_late or facts.arrival_ns[0] < begun_ns:
            return None
        if not is_steady(facts.lateness, facts.span_ns, _RATE_HZ):
            return None
        found.append(PlainPiece(number, media, stream, side, meanings[0], law))
    return found


def _write(
    media: Recorded, heard: Sequence[PlainPiece], window_ns: Window, frames: int, audio: Path, peaks: Path
) -> tuple[Written, list[str], list[Loudness]]:
    law = file_law(heard)
    sha256, size, hashes, loudness = media.engine.render(
        str(audio),
        str(peaks),
        wav_g711.head(law, 2, _RATE_HZ, frames),
        frames,
        window_ns,
        SILENT_CODE[law],
        law is Law.ULAW,
        expansion(law).tobytes(),
        [
            (
                one.number,
                COLUMN[one.side],
                int(np.rint((one.stream.plain.base_ns - window_ns[0]) * (_RATE_HZ / _S))),
                None if one.law is law else transcoding(one.law, law),
            )
            for one in sorted(heard, key=lambda one: one.arrives_ns)
        ],
    )
    return Written(size, sha256), hashes, [Loudness(*one) for one in loudness]
