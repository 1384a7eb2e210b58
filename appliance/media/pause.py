"""Pauses in a recording: a tone, silence of exactly their length, a tone; and no loss.

The packets of a pause were never written, so their sequence numbers are missing. That is nobody's loss, and is taken
out before anything is counted. The sound keeps its length: what was heard outside of a pause stays where it was.
Source: RFC 3550 §A.3 (packets lost), ITU-T O.131 in spirit (a test tone near 1 kHz)
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from appliance.core.clock import to_ns
from appliance.domain.control import Heard
from appliance.media.mix import Canvas
from appliance.media.packets import BundleMedia, MediaStream
from appliance.media.pcm import Pcm

TONE_HZ = 1000
TONE_S = 0.25
TONE_DBFS = -20.0
_S = 1_000_000_000
_SLACK_NS = 150_000_000  # packets on their way to the engine when the order came
_BLOCK = 1 << 20

Span = tuple[int, int | None]
"""A pause, nanoseconds since the epoch; None while it lasted to the end."""


def spans(heard: Heard | None) -> list[Span]:
    """The pauses of a recording in nanoseconds."""
    pauses = heard.pauses if heard is not None else ()
    return [(to_ns(begin), to_ns(end) if end is not None else None) for begin, end in pauses]


def excused(media: BundleMedia, pauses: Sequence[Span]) -> BundleMedia:
    """The media as if the senders had fallen silent during the pauses."""
    if not pauses:
        return media
    return replace(media, streams=[_excused(stream, pauses) for stream in media.streams])


def paint(canvas: Canvas, pauses: Sequence[Span], origin_ns: int) -> None:
    """Silence both sides during the pauses, with a tone at either edge; one that never ended has no tone there."""
    for begin_ns, end_ns in pauses:
        first = _frame(canvas, begin_ns - origin_ns)
        last = canvas.frames if end_ns is None else _frame(canvas, end_ns - origin_ns)
        if last <= first:
            continue
        tone = _tone(canvas.rate_hz, (last - first) // 2)
        for column in range(canvas.columns):
            for at in range(first, last, _BLOCK):
                canvas.put(column, at, np.zeros(min(_BLOCK, last - at), np.int16))
            if begin_ns >= origin_ns:
                canvas.put(column, first, tone)
            if end_ns is not None:
                canvas.put(column, last - tone.size, tone)


def _excused(stream: MediaStream, pauses: Sequence[Span]) -> MediaStream:
    if not stream.lost:
        return stream
    gaps = np.diff(stream.seq) - 1
    before_ns, after_ns = stream.arrival_ns[:-1], stream.arrival_ns[1:]
    paused = np.zeros(gaps.size, np.bool_)
    for begin_ns, end_ns in pauses:
        touched = after_ns > begin_ns - _SLACK_NS
        if end_ns is not None:
            touched &= before_ns < end_ns + _SLACK_NS
        paused |= touched
    taken = np.where(paused, gaps, 0)
    total = int(taken.sum())
    if not total:
        return stream
    seq = stream.seq - np.concatenate(([0], np.cumsum(taken)))
    return replace(stream, seq=seq, lost=stream.lost - total, expected=stream.expected - total)


def _frame(canvas: Canvas, after_ns: int) -> int:
    return min(max(round(after_ns * canvas.rate_hz / _S), 0), canvas.frames)


def _tone(rate_hz: int, longest: int) -> Pcm:
    size = min(round(rate_hz * TONE_S), longest)
    amplitude = 32768 * 10 ** (TONE_DBFS / 20) * np.sqrt(2)
    wave = amplitude * np.sin(2 * np.pi * TONE_HZ * np.arange(size) / rate_hz)
    return np.asarray(np.rint(wave), np.int16)
