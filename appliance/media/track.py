"""The packets of one stream → strands, one a payload format, each placed on the wall clock and painted on a canvas.

G.711 goes in long slices without being decoded; everything else is decoded packet by packet and resampled stretch
by stretch, so an hour needs no more memory than the canvas. Telephone events and comfort noise are silence, and
their packets count as received. Source: RFC 3550 §5.1, RFC 3551 §4.1, RFC 4733 §2.5, RFC 3389 §4
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.core.clock import from_ns, to_ns
from appliance.core.errors import UnsupportedPayload
from appliance.domain.bundle import Payload
from appliance.domain.call import Side
from appliance.media import decode
from appliance.media.decode import Content, Decoder
from appliance.media.mix import Canvas
from appliance.media.packets import MediaStream
from appliance.media.pcm import SILENCE_DBFS, Law, Pcm, Resampler, level_dbfs
from appliance.media.timeline import Floats, Ints, Placement, Rows, place
from appliance.media.window import OVERSHOOT_NS
from appliance.settings.archive import LossFill

_EPOCH = from_ns(0)
_NO_ROWS: Ints = np.empty(0, np.int64)
_PROBED_ROWS = 64
_MOST_FORMATS = 16


class Format(NamedTuple):
    """What makes two payload types the same audio."""

    encoding: str
    clock_hz: int
    channels: int
    fmtp: str


class PayloadTable:
    """What each payload type means, side by side and from when on.

    A type that the speaker's own description does not name is looked up in the other side's, then in RFC 3551.
    """

    def __init__(self, payloads: Iterable[Payload]) -> None:
        self._entries: dict[tuple[Side, int], list[Payload]] = {}
        for payload in sorted(payloads, key=lambda one: one.at):
            self._entries.setdefault((payload.side, payload.payload_type), []).append(payload)

    def meanings(self, side: Side, payload_type: int) -> list[Payload]:
        """In order of time; the first also holds for what came before it. Empty when nobody knows."""
        for speaker in (side, side.other):
            if found := self._entries.get((speaker, payload_type)):
                return found
        if payload_type not in decode.STATIC:
            return []
        encoding, clock_hz, channels = decode.STATIC[payload_type]
        static = Payload(
            at=_EPOCH,
            side=side,
            payload_type=payload_type,
            encoding=encoding,
            clock_hz=clock_hz,
            channels=channels,
        )
        return [static]

    def rows(self, side: Side, stream: MediaStream) -> list[tuple[Payload | None, Ints]]:
        """The rows of a stream by what their payload type meant when they came."""
        found: dict[Format | None, tuple[Payload | None, list[Ints]]] = {}
        for payload_type in stream.pts:
            if len(stream.pts) == 1:
                rows = np.arange(stream.packets)
            else:
                rows = np.flatnonzero(stream.payload_type == payload_type)
            meanings = self.meanings(side, payload_type)
            since = [to_ns(meaning.at) for meaning in meanings[1:]]
            version = np.searchsorted(since, stream.arrival_ns[rows], side="right") if since else None
            for index, meaning in enumerate(meanings or [None]):
                own = rows if version is None else rows[version == index]
                if own.size:
                    found.setdefault(format_of(meaning), (meaning, []))[1].append(own)
        return [
            (meaning, parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts)))
            for meaning, parts in found.values()
        ]


@dataclass(slots=True, eq=False)
class Strand:
    """The audio packets of one stream in one format, with their places.

    Shape: rows, missing (packets lost before the row), start, length int64[n]; `law` is set for telephone G.711
    """

    side: Side
    stream: MediaStream
    payload: Payload
    law: Law | None
    rate_hz: int
    rows: Ints
    missing: Ints
    start: Ints
    length: Ints
    arrival_ns: Ints
    placement: Placement
    at_ns: Ints

    @property
    def packets(self) -> int:
        """How many rows."""
        return self.rows.size

    @property
    def ssrc(self) -> int:
        """Its stream's number."""
        return self.stream.ssrc

    @property
    def arrives_ns(self) -> int:
        """Arrival of its earliest packet."""
        return int(self.arrival_ns.min())

    def span_ns(self) -> Ints:
        """How long each G.711 row lasts; 20 ms for others, which is near enough for choosing the window."""
        return self.length * 125_000 if self.law else np.full(self.rows.size, 20_000_000)

    def begins_ns(self, since_ns: int | None = None) -> int | None:
        """The first moment of what arrived then or later; None when nothing did."""
        at_ns = self.at_ns if since_ns is None else self.at_ns[self.arrival_ns >= since_ns]
        return int(at_ns.min()) if at_ns.size else None

    def until_ns(self, window_ns: tuple[int, int]) -> int | None:
        """The last moment of what counts within the window; None when nothing does."""
        inside = self._inside(window_ns)
        return int((self.at_ns + self.span_ns())[inside].max()) if inside.any() else None

    def lacks(self, window_ns: tuple[int, int]) -> bool:
        """Whether packets are missing within the window."""
        return bool(self.missing[self._inside(window_ns)].any())

    def _inside(self, window_ns: tuple[int, int]) -> npt.NDArray[np.bool_]:
        origin_ns, end_ns = window_ns
        ends = self.at_ns + self.span_ns()
        return np.asarray(
            (self.arrival_ns < end_ns) & (ends > origin_ns) & (self.at_ns < end_ns + OVERSHOOT_NS)
        )


class Sorted(NamedTuple):
    """A stream's packets by what can be done with them."""

    strands: list[Strand]
    encoding: str
    clock_hz: int
    undecodable: Ints
    """Arrival of each audio packet that nothing here decodes, nanoseconds."""


def sort_stream(side: Side, stream: MediaStream, table: PayloadTable) -> Sorted:
    """Find the formats of a stream and place the packets of those that can be decoded."""
    strands: list[Strand] = []
    undecodable: list[Ints] = []
    names: list[tuple[bool, int, str, int]] = []
    missing = np.cumsum(np.diff(stream.seq, prepend=stream.seq[:1] - 1) - 1)
    for meaning, rows in table.rows(side, stream):
        kind = decode.content(meaning.encoding) if meaning else Content.UNSUPPORTED
        if meaning:
            heard = kind in (Content.AUDIO, Content.UNSUPPORTED)
            names.append((heard, rows.size, meaning.encoding, meaning.clock_hz))
        if kind is Content.AUDIO and meaning and len(strands) < _MOST_FORMATS:
            try:
                strands.append(_strand(side, stream, meaning, rows, missing))
                continue
            except UnsupportedPayload:
                kind = Content.UNSUPPORTED
        if kind in (Content.AUDIO, Content.UNSUPPORTED):
            undecodable.append(stream.arrival_ns[rows])
    _, _, encoding, clock_hz = max(names, default=(False, 0, "", 8000))
    return Sorted(strands, encoding, clock_hz, np.concatenate(undecodable) if undecodable else _NO_ROWS)


def paint(strand: Strand, canvas: Canvas, column: int, *, origin_ns: int, end_ns: int, fill: LossFill) -> int:
    """Put a strand's audio where it belongs; what arrived at `end_ns` or later is left out.

    Returns the number of payloads that could not be decoded.
    """
    frames = strand.placement.frames(origin_ns, canvas.rate_hz)
    reach = strand.span_ns() * canvas.rate_hz // 1_000_000_000 + (0 if strand.law else canvas.rate_hz)
    wanted = (strand.arrival_ns < end_ns) & (frames + reach > 0) & (frames < canvas.frames)
    picked = np.flatnonzero(wanted)
    if not picked.size:
        return 0
    if strand.law and canvas.rate_hz == strand.rate_hz:
        _paint_codes(strand, canvas, column, frames[picked], picked, fill)
        return 0
    return _paint_decoded(strand, canvas, column, frames, picked, fill)


def _paint_codes(
    strand: Strand, canvas: Canvas, column: int, frames: Ints, picked: Ints, fill: LossFill
) -> None:
    """Slices of payload as long as packets follow one another both in the stream and in time."""
    assert strand.law
    start, length = strand.start[picked], strand.length[picked]
    ends = frames + length
    codes = np.frombuffer(strand.stream.payload, np.uint8)
    joined = (frames[1:] == ends[:-1]) & (start[1:] == start[:-1] + length[:-1])
    edges = [0, *(np.flatnonzero(~joined) + 1).tolist(), picked.size]
    for first, last in pairwise(edges):
        if first:
            _bridge(
                strand, canvas, column, int(ends[first - 1]), int(frames[first]), int(picked[first]), fill
            )
        part = codes[int(start[first]) : int(start[last - 1] + length[last - 1])]
        canvas.put_codes(column, int(frames[first]), part, strand.law)


def _paint_decoded(
    strand: Strand, canvas: Canvas, column: int, frames: Ints, picked: Ints, fill: LossFill
) -> int:
    """Decode row by row; a stretch of joined rows goes through one resampler."""
    decoder = decode.decoder(strand.payload)
    native = strand.placement.frames(int(strand.placement.base_ns[0]), strand.rate_hz)
    stretch: _Stretch | None = None
    for row, samples in _decoded(strand, decoder, picked):
        if not samples.size:
            continue
        if stretch is None or native[row] != stretch.next_native or strand.placement.inserted[row]:
            end = stretch.close() if stretch else 0
            if stretch:
                _bridge(strand, canvas, column, end, int(frames[row]), row, fill)
            stretch = _Stretch(canvas, column, strand.rate_hz, int(frames[row]), int(native[row]))
        stretch.add(samples)
    if stretch:
        stretch.close()
    return decoder.failures


class _Stretch:
    """Samples without a gap, resampled on their way to the canvas."""

    def __init__(self, canvas: Canvas, column: int, rate_hz: int, at: int, native: int) -> None:
        self._canvas, self._column, self._rate_hz = canvas, column, rate_hz
        self._at, self._done = at, 0
        self._first_native = native
        self.next_native = native
        self._resampler = None if rate_hz == canvas.rate_hz else Resampler(rate_hz, canvas.rate_hz)

    def add(self, samples: Pcm) -> None:
        self.next_native += samples.size
        self._put(self._resampler.feed(samples) if self._resampler else samples)

    def close(self) -> int:
        """The frame after the last."""
        if self._resampler:
            self._put(self._resampler.finish())
        return self._at + self._length()

    def _length(self) -> int:
        return (self.next_native - self._first_native) * self._canvas.rate_hz // self._rate_hz

    def _put(self, samples: Pcm) -> None:
        ready = samples[: max(0, self._length() - self._done)]
        self._canvas.put(self._column, self._at + self._done, ready)
        self._done += ready.size


def _bridge(strand: Strand, canvas: Canvas, column: int, end: int, at: int, row: int, fill: LossFill) -> None:
    """What is heard between two stretches: a lengthened pause, a concealed loss, or silence (left as it is)."""
    if at <= end:
        return
    if strand.placement.inserted[row] > 0:
        canvas.repeat(column, end, at - end)
    elif fill is LossFill.CONCEAL and strand.missing[row]:
        canvas.conceal(column, end, at - end)


def format_of(payload: Payload | None) -> Format | None:
    """The format of a payload type's meaning; None when it has none."""
    if payload is None:
        return None
    return Format(payload.encoding.upper(), payload.clock_hz, payload.channels, payload.fmtp)


def _strand(side: Side, stream: MediaStream, payload: Payload, rows: Ints, missing: Ints) -> Strand:
    """Raises: UnsupportedPayload."""
    law = decode.companding(payload)
    decoder = decode.decoder(payload)
    whole = rows.size == stream.packets
    start = stream.start.astype(np.int64) if whole else stream.start[rows].astype(np.int64)
    length = stream.length.astype(np.int64) if whole else stream.length[rows].astype(np.int64)
    arrival_ns = stream.arrival_ns if whole else stream.arrival_ns[rows]
    lost = np.diff(missing[rows], prepend=missing[rows[:1]])
    spoken = length if law else _spoken(stream, start, length, decoder)
    facts = Rows(stream.timestamp[rows], arrival_ns, lost, spoken, decoder.clock_hz)

    def loudness(first: int, last: int) -> Floats:
        fresh = decode.decoder(payload)
        pieces = (fresh.decode(_bytes(stream, start, length, row)) for row in range(first, last))
        return np.array([level_dbfs(piece) if piece.size else SILENCE_DBFS for piece in pieces])

    placement = place(facts, loudness)
    return Strand(
        side=side,
        stream=stream,
        payload=payload,
        law=law,
        rate_hz=decoder.rate_hz,
        rows=rows,
        missing=lost,
        start=start,
        length=length,
        arrival_ns=arrival_ns,
        placement=placement,
        at_ns=placement.at_ns(),
    )


def _spoken(stream: MediaStream, start: Ints, length: Ints, decoder: Decoder) -> Ints:
    """The length of each row's audio in ticks, as the first rows tell for each payload size."""
    known: dict[int, int] = {}
    for row in range(min(length.size, _PROBED_ROWS)):
        samples = decoder.decode(_bytes(stream, start, length, row))
        if samples.size:
            known[int(length[row])] = samples.size * decoder.clock_hz // decoder.rate_hz
    usual = int(np.median(list(known.values()))) if known else decoder.clock_hz // 50
    spoken = np.full(length.size, max(usual, 1))
    for size, ticks in known.items():
        spoken[length == size] = ticks
    return spoken


def _decoded(strand: Strand, decoder: Decoder, picked: Ints) -> Iterator[tuple[int, Pcm]]:
    for row in picked.tolist():
        yield row, decoder.decode(_bytes(strand.stream, strand.start, strand.length, row))


def _bytes(stream: MediaStream, start: Ints, length: Ints, row: int) -> bytes:
    first = int(start[row])
    return bytes(stream.payload[first : first + int(length[row])])
