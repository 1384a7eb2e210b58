"""A bundle of a board → the sound of its recording: raw companded lines, already in the order of time.

An analog line is one track. Of a trunk each direction is a track, left = caller, right = callee, or both are mixed into one.
With one law and nothing to change the codes come through bit by bit.
Source: ITU-T G.711, RFC 3264 §5 in spirit (what comes before the answer)
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from appliance.core.clock import from_ns, to_ns
from appliance.domain.bundle import Manifest, Track
from appliance.domain.call import DataType, Side
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import RATE_HZ, Line
from appliance.media import pause
from appliance.media.gain import AutomaticGain
from appliance.media.mix import Canvas
from appliance.media.pcm import SILENT_CODE, Bytes, Law, Pcm, Sound, expand, summed
from appliance.media.window import silent_reason
from appliance.settings.archive import Archive, WavG711

_S = 1_000_000_000
_STEP = 1 << 16
_COLUMN = {Side.CALLER: 0, Side.CALLEE: 1}


class RenderedLines(NamedTuple):
    """Either `sound` with `starts_at` or `reason`; `tracks` in any case. `sound` is nobody's but the caller's."""

    tracks: list[Track]
    marks: list[Mark]
    reason: Reason | None = None
    sound: Sound | None = None
    starts_at: datetime | None = None


class _Voice(NamedTuple):
    line: Line
    law: Law
    codes: Bytes
    begins_ns: int

    @property
    def ends_ns(self) -> int:
        return self.begins_ns + self.codes.size * _S // RATE_HZ


def render_lines(manifest: Manifest, folder: Path, settings: Archive) -> RenderedLines:
    """Put the sound of a call on a board together.

    Raises: OSError
    """
    voices = [voice for line in manifest.lines if (voice := _read(line, folder)) is not None]
    tracks = [_track(voice) for voice in voices]
    if manifest.reason is not None:
        return RenderedLines(tracks, [], manifest.reason)
    window = _window(manifest, voices, settings)
    if window is None:
        return RenderedLines(tracks, [], silent_reason(manifest, undecodable=False))
    begin_ns, end_ns = window
    frames = round((end_ns - begin_ns) * RATE_HZ / _S)
    if frames < max(1, settings.min_length_s * RATE_HZ):
        return RenderedLines(tracks, [], Reason.TOO_SHORT)
    is_mono = manifest.mixed or all(voice.line.side is None for voice in voices)
    companded = isinstance(settings.format, WavG711)
    law = voices[0].law if companded else None
    canvas = Canvas(frames, RATE_HZ, law, folder, columns=1 if is_mono else 2)
    if is_mono and len(voices) > 1:
        _mix(canvas, voices, begin_ns)
    else:
        for voice in voices:
            _paint(canvas, 0 if is_mono else _COLUMN[voice.line.side or Side.CALLER], voice, begin_ns)
    pause.paint(canvas, pause.spans(manifest.heard), begin_ns)
    marks = [Mark.CAPTURE_LOSS] if any(voice.line.gaps for voice in voices) else []
    if not is_mono and len({voice.line.side for voice in voices}) == 1:
        marks.append(Mark.ONE_WAY)
    return RenderedLines(tracks, marks, None, canvas.sound(), from_ns(begin_ns))


def _read(line: Line, folder: Path) -> _Voice | None:
    path = folder / Path(line.file).name
    try:
        codes = np.fromfile(path, np.uint8)
    except FileNotFoundError:
        return None
    return _Voice(line, Law(line.law), codes, to_ns(line.starts_at)) if codes.size else None


def _window(manifest: Manifest, voices: Sequence[_Voice], settings: Archive) -> tuple[int, int] | None:
    """From where to where the recording goes, nanoseconds since the epoch; None when nothing is there."""
    if not voices:
        return None
    call = manifest.call
    begin_ns = min(voice.begins_ns for voice in voices)
    end_ns = max(voice.ends_ns for voice in voices)
    if call.data_type is DataType.E1:
        if call.answered_at is None:
            return None
        if not settings.early_media:
            begin_ns = max(begin_ns, to_ns(call.answered_at))
    allowed = manifest.heard
    if allowed is not None and allowed.begins_at is not None:
        begin_ns = max(begin_ns, to_ns(allowed.begins_at))
    if allowed is not None and allowed.ends_at is not None:
        end_ns = min(end_ns, to_ns(allowed.ends_at))
    return (begin_ns, end_ns) if end_ns > begin_ns else None


def _at(voice: _Voice, begin_ns: int) -> int:
    return round((voice.begins_ns - begin_ns) * RATE_HZ / _S)


def _paint(canvas: Canvas, column: int, voice: _Voice, begin_ns: int) -> None:
    at = _at(voice, begin_ns)
    if not voice.line.agc:
        canvas.put_codes(column, at, voice.codes, voice.law)
        return
    gain = AutomaticGain()
    for first in range(0, voice.codes.size, _STEP):
        piece = expand(voice.codes[first : first + _STEP], voice.law)
        canvas.put(column, at + first, gain.feed(piece[None])[0])


def _mix(canvas: Canvas, voices: Sequence[_Voice], begin_ns: int) -> None:
    """Several lines on one track."""
    gains = [AutomaticGain() if voice.line.agc else None for voice in voices]
    for first in range(0, canvas.frames, _STEP):
        count = min(_STEP, canvas.frames - first)
        pieces = [_piece(voice, first - _at(voice, begin_ns), count) for voice in voices]
        heard = [
            piece if gain is None else gain.feed(piece[None])[0]
            for piece, gain in zip(pieces, gains, strict=True)
        ]
        canvas.put(0, first, summed(heard))


def _piece(voice: _Voice, first: int, count: int) -> Pcm:
    """Samples of a line; silence where it has none."""
    codes = np.full(count, SILENT_CODE[voice.law], np.uint8)
    low, high = max(first, 0), min(first + count, voice.codes.size)
    if low < high:
        codes[low - first : high - first] = voice.codes[low:high]
    return expand(codes, voice.law)


def _track(voice: _Voice) -> Track:
    """A line as the ledger tells of it: its packets are its blocks of 20 ms, its source the channel."""
    lost = sum(gap.samples for gap in voice.line.gaps)
    return Track(
        side=voice.line.side or Side.CALLER,
        codec=voice.line.law,
        ssrc=0,
        source=str(voice.line.channel),
        destination="",
        packets=max(0, voice.codes.size - lost) // 160,
        lost=lost // 160,
        duplicates=0,
        reordered=0,
        jitter_ms=0.0,
        payload_sha256=hashlib.sha256(voice.codes.data).hexdigest(),
        first_at=voice.line.starts_at,
        last_at=voice.line.starts_at + timedelta(seconds=voice.codes.size / RATE_HZ),
    )
