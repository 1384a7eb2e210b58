"""RTP payloads → 16-bit mono samples: the table of encodings, and one decoder object a stream.

G.711 goes by table, everything else through FFmpeg (PyAV), frame by frame, so that a rubbish payload costs only
itself. A lost packet is not told to the decoder: what is heard instead is the track's business. Comfort noise
(RFC 3389) and the silence descriptors inside speech codecs are silence here, because a recorder does not invent
sound. Source: RFC 3551 §4.5 and §6, RFC 4867, RFC 7587, RFC 5574, RFC 3952, RFC 4749
"""

import io
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

import av
import av.error
import numpy as np
import numpy.typing as npt

from appliance.core.errors import UnsupportedPayload
from appliance.domain.bundle import Payload
from appliance.media.amr import AmrPacking
from appliance.media.pcm import Law, Pcm, expansion

LONGEST_PAYLOAD_BYTES = 8192
LONGEST_PAYLOAD_S = 0.5
_PCM_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_NOTHING: Pcm = np.empty(0, np.int16)


class Content(StrEnum):
    """What packets of a payload type are to a recording."""

    AUDIO = "audio"
    SILENCE = "silence"
    EVENT = "event"
    UNSUPPORTED = "unsupported"


class Decoder(Protocol):
    """One stream's decoder; it keeps state from packet to packet."""

    @property
    def rate_hz(self) -> int:
        """Of the samples, which need not be the RTP clock."""

    @property
    def clock_hz(self) -> int:
        """Of the RTP timestamps."""

    @property
    def failures(self) -> int:
        """Payloads, or frames of one, that could not be decoded."""

    def decode(self, payload: bytes) -> Pcm:
        """The samples of one payload, fewer or none when it is rubbish. Never raises."""


class _Table:
    """G.711, any rate."""

    def __init__(self, payload: Payload) -> None:
        self.rate_hz = self.clock_hz = _pcm_rate(payload)
        self.failures = 0
        self._law = Law(payload.encoding.upper())
        self._channels = payload.channels

    def decode(self, payload: bytes) -> Pcm:
        samples = expansion(self._law)[np.frombuffer(payload[:LONGEST_PAYLOAD_BYTES], np.uint8)]
        return _mono(samples, self._channels)


class _Linear:
    """16 bits, network order. Source: RFC 3551 §4.5.11."""

    def __init__(self, payload: Payload) -> None:
        self.rate_hz = self.clock_hz = _pcm_rate(payload)
        self.failures = 0
        self._channels = payload.channels

    def decode(self, payload: bytes) -> Pcm:
        whole = payload[: min(len(payload), LONGEST_PAYLOAD_BYTES) // 2 * 2]
        return _mono(np.frombuffer(whole, ">i2").astype(np.int16), self._channels)


class _Ffmpeg:
    """Any codec of FFmpeg; `units` cuts a payload into what the codec calls a packet, None for silence.

    They may raise UnsupportedPayload for what they cannot read.
    """

    def __init__(
        self,
        context: av.AudioCodecContext,
        *,
        rate_hz: int,
        clock_hz: int,
        units: Callable[[bytes], Iterable[bytes | None]],
        silence_samples: int = 0,
        owner: object = None,
    ) -> None:
        self.rate_hz, self.clock_hz, self.failures = rate_hz, clock_hz, 0
        self._context = context
        self._units = units
        self._silence = np.zeros(silence_samples, np.int16)
        self._owner = owner
        self._most = int(rate_hz * LONGEST_PAYLOAD_S)

    def decode(self, payload: bytes) -> Pcm:
        pieces: list[Pcm] = []
        total = 0
        for unit in self._readable(payload[:LONGEST_PAYLOAD_BYTES]):
            if total >= self._most:
                break
            if not unit:
                pieces.append(self._silence)
                total += self._silence.size
                continue
            try:
                frames = self._context.decode(av.Packet(unit))
            except av.error.FFmpegError:
                self.failures += 1
                continue
            pieces.extend(_samples(frame) for frame in frames)
            total += sum(frame.samples for frame in frames)
        if not pieces:
            return _NOTHING
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def _readable(self, payload: bytes) -> Iterator[bytes | None]:
        try:
            yield from self._units(payload)
        except UnsupportedPayload:
            self.failures += 1


class _Ilbc:
    """iLBC of either frame length; the payload's size tells which, `mode` only when both fit.

    FFmpeg's decoder gives full-scale noise for its first frame, so each one decodes its first payload twice.

    Source: RFC 3952 §4.2, §5
    """

    def __init__(self, payload: Payload) -> None:
        self.rate_hz = self.clock_hz = 8000
        self._short = "mode=20" in payload.fmtp.replace(" ", "").lower()
        self._decoders: dict[int, _Ffmpeg] = {}

    @property
    def failures(self) -> int:
        """Of both frame lengths."""
        return sum(decoder.failures for decoder in self._decoders.values())

    def decode(self, payload: bytes) -> Pcm:
        order = (38, 50) if self._short else (50, 38)
        size = next((size for size in order if len(payload) % size == 0), order[0])
        if size not in self._decoders:
            context = _context("ilbc", 8000)
            context.bit_rate = 15200 if size == 38 else 13330
            self._decoders[size] = _Ffmpeg(context, rate_hz=8000, clock_hz=8000, units=partial(_equal, size))
            self._decoders[size].decode(payload[:size])
        return self._decoders[size].decode(payload)


def _g722(_payload: Payload) -> Decoder:
    """The clock is 8000 although the sound has 16 kHz. Source: RFC 3551 §4.5.2."""
    return _Ffmpeg(_context("g722", 16000), rate_hz=16000, clock_hz=8000, units=_whole)


def _g726(payload: Payload) -> Decoder:
    """Little-endian packing, or big-endian with the prefix AAL2. Source: RFC 3551 §4.5.4.

    Only a demuxer can tell FFmpeg's decoder the bits a sample, so the context is borrowed from one.
    """
    name, _, kbps = payload.encoding.upper().rpartition("-")
    bits = int(kbps) // 8
    container = av.open(
        io.BytesIO(bytes(4 * bits)),
        format="g726" if name.startswith("AAL2") else "g726le",
        options={"code_size": str(bits)},
    )
    units = partial(_multiple, bits if bits in (3, 5) else 1)
    context = container.streams.audio[0].codec_context
    return _Ffmpeg(context, rate_hz=8000, clock_hz=8000, units=units, owner=container)


def _g729(_payload: Payload) -> Decoder:
    """Frames of 10 bytes, then perhaps a silence descriptor of 2. Source: RFC 3551 §4.5.6."""
    return _Ffmpeg(
        _context("g729", 8000), rate_hz=8000, clock_hz=8000, units=_g729_frames, silence_samples=80
    )


def _g723(_payload: Payload) -> Decoder:
    return _Ffmpeg(
        _context("g723_1", 8000), rate_hz=8000, clock_hz=8000, units=_g723_frames, silence_samples=240
    )


def _gsm(_payload: Payload) -> Decoder:
    """Frames of 33 bytes. Source: RFC 3551 §4.5.8."""
    return _Ffmpeg(_context("gsm", 8000), rate_hz=8000, clock_hz=8000, units=partial(_equal, 33))


def _opus(_payload: Payload) -> Decoder:
    """Always 48 kHz, whatever the sender's bandwidth; stereo is mixed down. Source: RFC 7587 §4.1."""
    return _Ffmpeg(_context("libopus", 48000), rate_hz=48000, clock_hz=48000, units=_whole)


def _speex(payload: Payload) -> Decoder:
    """One frame a packet, as telephones send it. Source: RFC 5574 §3.1."""
    if payload.clock_hz not in (8000, 16000, 32000):
        raise _unsupported(payload)
    context = _context("speex", payload.clock_hz)
    return _Ffmpeg(context, rate_hz=payload.clock_hz, clock_hz=payload.clock_hz, units=_whole)


def _amr(payload: Payload) -> Decoder:
    """Either width, by OpenCORE: FFmpeg's own narrowband decoder loses a third of the level.

    Source: RFC 4867 §3.6
    """
    wide = payload.encoding.upper() == "AMR-WB"
    rate_hz = 16000 if wide else 8000
    packing = AmrPacking(wide=wide, fmtp=payload.fmtp, channels=payload.channels)
    return _Ffmpeg(
        _context("libopencore_amrwb" if wide else "libopencore_amrnb", rate_hz),
        rate_hz=rate_hz,
        clock_hz=rate_hz,
        units=packing.speech,
        silence_samples=rate_hz // 50,
    )


_DECODERS: dict[str, Callable[[Payload], Decoder]] = {
    "PCMA": _Table,
    "PCMU": _Table,
    "L16": _Linear,
    "G722": _g722,
    "G726-16": _g726,
    "G726-24": _g726,
    "G726-32": _g726,
    "G726-40": _g726,
    "AAL2-G726-16": _g726,
    "AAL2-G726-24": _g726,
    "AAL2-G726-32": _g726,
    "AAL2-G726-40": _g726,
    "G729": _g729,
    "G723": _g723,
    "GSM": _gsm,
    "ILBC": _Ilbc,
    "OPUS": _opus,
    "SPEEX": _speex,
    "AMR": _amr,
    "AMR-WB": _amr,
}

ENCODINGS = frozenset(_DECODERS)
"""What can be played, by its name in SDP in capitals."""

_NOT_AUDIO: dict[str, Content] = {
    "TELEPHONE-EVENT": Content.EVENT,
    "TONE": Content.EVENT,
    "CN": Content.SILENCE,
}

STATIC: dict[int, tuple[str, int, int]] = {
    0: ("PCMU", 8000, 1),
    3: ("GSM", 8000, 1),
    4: ("G723", 8000, 1),
    5: ("DVI4", 8000, 1),
    6: ("DVI4", 16000, 1),
    7: ("LPC", 8000, 1),
    8: ("PCMA", 8000, 1),
    9: ("G722", 8000, 1),
    10: ("L16", 44100, 2),
    11: ("L16", 44100, 1),
    12: ("QCELP", 8000, 1),
    13: ("CN", 8000, 1),
    14: ("MPA", 90000, 1),
    15: ("G728", 8000, 1),
    16: ("DVI4", 11025, 1),
    17: ("DVI4", 22050, 1),
    18: ("G729", 8000, 1),
}
"""Payload types that need no rtpmap: encoding, clock, channels. Source: RFC 3551 §6 table 4"""


def content(encoding: str) -> Content:
    """What packets of this encoding are; unsupported when nothing here decodes them."""
    name = encoding.upper()
    return _NOT_AUDIO.get(name) or (Content.AUDIO if name in _DECODERS else Content.UNSUPPORTED)


def decoder(payload: Payload) -> Decoder:
    """A new decoder for one stream of this payload format.

    Raises: UnsupportedPayload when there is none for the encoding, or not for these parameters
    """
    make = _DECODERS.get(payload.encoding.upper())
    if make is None:
        raise _unsupported(payload)
    return make(payload)


def companding(payload: Payload) -> Law | None:
    """The law of payloads that are telephone G.711 as it stands: one channel of 8 kHz."""
    name = payload.encoding.upper()
    return (
        Law(name) if name in ("PCMA", "PCMU") and payload.clock_hz == 8000 and payload.channels == 1 else None
    )


def _unsupported(payload: Payload) -> UnsupportedPayload:
    return UnsupportedPayload(encoding=f"{payload.encoding}/{payload.clock_hz}/{payload.channels}")


def _pcm_rate(payload: Payload) -> int:
    if payload.clock_hz not in _PCM_RATES_HZ or payload.channels not in (1, 2):
        raise _unsupported(payload)
    return payload.clock_hz


def _context(codec: str, rate_hz: int) -> av.AudioCodecContext:
    context = av.CodecContext.create(codec, "r")
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate = rate_hz
    context.layout = "mono"
    context.thread_count = 1
    return context


def _samples(frame: av.AudioFrame) -> Pcm:
    """The first channel of a frame as 16 bits, whatever the codec's own sample format."""
    found: npt.NDArray[Any] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    one = found[0] if frame.format.is_planar else found.reshape(-1, channels)[:, 0]
    if one.dtype == np.int16:
        return np.ascontiguousarray(one, np.int16)
    loud = np.rint(np.nan_to_num(one, nan=0.0, posinf=1.0, neginf=-1.0) * 32768)
    return np.asarray(np.clip(loud, -32768, 32767), np.int16)


def _mono(samples: Pcm, channels: int) -> Pcm:
    if channels == 1:
        return samples
    whole = samples[: samples.size // channels * channels].reshape(-1, channels)
    return np.asarray(whole.mean(axis=1), np.int16)


def _whole(payload: bytes) -> Iterator[bytes]:
    if payload:
        yield payload


def _equal(size: int, payload: bytes) -> Iterator[bytes]:
    for at in range(0, len(payload) - size + 1, size):
        yield payload[at : at + size]


def _multiple(size: int, payload: bytes) -> Iterator[bytes]:
    """Whole groups of `size` bytes, at most 600 bytes at a time."""
    end = len(payload) // size * size
    for at in range(0, end, 600):
        yield payload[at : min(at + 600, end)]


def _g729_frames(payload: bytes) -> Iterator[bytes | None]:
    yield from _equal(10, payload)
    if len(payload) % 10 == 2:
        yield None


def _g723_frames(payload: bytes) -> Iterator[bytes | None]:
    """Frames by their first two bits: 24 bytes, 20, a silence descriptor of 4, or 1 for nothing.

    Source: RFC 3551 §4.5.3
    """
    at = 0
    while at < len(payload):
        kind = payload[at] & 3
        size = (24, 20, 4, 1)[kind]
        if at + size > len(payload):
            return
        yield payload[at : at + size] if kind < 2 else None
        at += size
