"""Samples: G.711 companding, levels, resampling, and the sound that encoders take.

A stereo sound is either 16-bit linear or companded G.711; the latter is never expanded on the way into a G.711
file, so that what a telephone sent is what the file holds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

import av
import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]
Bytes = npt.NDArray[np.uint8]

BLOCK_FRAMES = 1 << 16
SILENCE_DBFS = -96.0


class Law(StrEnum):
    """How G.711 bends amplitudes; the value is the encoding name in SDP.

    Source: ITU-T G.711, RFC 3551 §4.5.14
    """

    ALAW = "PCMA"
    ULAW = "PCMU"


SILENT_CODE = {Law.ALAW: 0xD5, Law.ULAW: 0xFF}


@cache
def expansion(law: Law) -> Pcm:
    """The linear value of each of the 256 codes.

    Shape: int16[256]
    Source: ITU-T G.711 tables 1 and 2
    """
    code = np.arange(256)
    if law is Law.ALAW:
        code ^= 0x55
        exponent = code >> 4 & 7
        magnitude = ((code & 15) << 4) + np.where(exponent == 0, 8, 0x108)
        magnitude <<= np.maximum(exponent - 1, 0)
        return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)
    code ^= 0xFF
    magnitude = (((code & 15) << 3) + 0x84 << (code >> 4 & 7)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


@cache
def _compression(law: Law) -> Bytes:
    """The code of each 16-bit value, indexed by the value taken as unsigned."""
    value = np.arange(65536).astype(np.uint16).view(np.int16).astype(np.int32)
    if law is Law.ALAW:
        value >>= 3
        mask = np.where(value >= 0, 0xD5, 0x55)
        value = np.where(value >= 0, value, -value - 1)
        segment = np.searchsorted(0x1F | (1 << np.arange(5, 13)) - 1, value)
        code = segment << 4 | value >> np.maximum(segment, 1) & 15
    else:
        value >>= 2
        mask = np.where(value >= 0, 0xFF, 0x7F)
        value = np.minimum(np.abs(value), 8159) + 33
        segment = np.searchsorted((1 << np.arange(6, 14)) - 1, value)
        code = segment << 4 | value >> segment + 1 & 15
    return (np.where(segment > 7, 0x7F, code) ^ mask).astype(np.uint8)


@cache
def transcoding(source: Law, target: Law) -> bytes:
    """A table for `bytes.translate` from one law to the other; the two zeros of µ-law both become silence."""
    return compress(expansion(source), target).tobytes()


def expand(codes: Bytes, law: Law) -> Pcm:
    """G.711 codes as linear samples; same shape."""
    return expansion(law)[codes]


def compress(samples: Pcm, law: Law) -> Bytes:
    """Linear samples as G.711 codes; same shape."""
    return _compression(law)[samples.view(np.uint16)]


def summed(voices: Sequence[Pcm]) -> Pcm:
    """Voices heard together: their sum, held where it would be too loud.

    Shape: int16[n] each, all of one length, at least one
    """
    total = voices[0].astype(np.int32)
    for one in voices[1:]:
        total += one
    return np.clip(total, -32768, 32767).astype(np.int16)


def level_dbfs(samples: Pcm) -> float:
    """Root mean square against a full-scale square wave, not below `SILENCE_DBFS`."""
    if not samples.size:
        return SILENCE_DBFS
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(SILENCE_DBFS, 10 * float(np.log10(power / 32768**2))) if power else SILENCE_DBFS


def resample(samples: Pcm, source_hz: int, target_hz: int) -> Pcm:
    """One channel at another rate, aligned with the original and exactly as long.

    Shape: int16[n] -> int16[round(n * target_hz / source_hz)]
    """
    if source_hz == target_hz or not samples.size:
        return samples
    wanted = round(samples.size * target_hz / source_hz)
    resampler = Resampler(source_hz, target_hz)
    pieces = [resampler.feed(block) for block in np.array_split(samples, samples.size // BLOCK_FRAMES + 1)]
    found = np.concatenate([*pieces, resampler.finish()])[:wanted]
    return np.pad(found, (0, wanted - found.size)) if found.size < wanted else found


class Resampler:
    """One channel, block by block."""

    def __init__(self, source_hz: int, target_hz: int) -> None:
        self._source_hz = source_hz
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=target_hz)

    def feed(self, samples: Pcm) -> Pcm:
        """What is ready after these samples; the filter keeps a few milliseconds back."""
        if not samples.size:
            return samples
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate = self._source_hz
        return joined(self._resampler.resample(frame))

    def finish(self) -> Pcm:
        """What the filter kept back."""
        return joined(self._resampler.resample(None))


def joined(frames: list[av.AudioFrame]) -> Pcm:
    """Frames of one 16-bit channel as one array."""
    found: list[npt.NDArray[Any]] = [frame.to_ndarray().reshape(-1) for frame in frames]
    return np.concatenate(found) if found else np.empty(0, np.int16)


class Source(Protocol):
    """A sound of known length that can be read once or often, in blocks."""

    @property
    def sample_rate_hz(self) -> int:
        """Frames a second."""

    @property
    def channels(self) -> int:
        """Samples in a frame."""

    @property
    def frames(self) -> int:
        """Length."""

    @property
    def law(self) -> Law | None:
        """The law of the codes it already holds, None for linear samples."""

    def pcm(self) -> Iterator[Pcm]:
        """Linear blocks of shape (n, channels)."""

    def companded(self, law: Law) -> Iterator[Bytes]:
        """Blocks of G.711 codes of shape (n, channels)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A whole sound in memory (or in a mapped scratch file, see `mix.canvas`).

    Shape: samples (frames, channels), uint8 codes of `law`, or int16 when `law` is None; column 0 = caller
    """

    samples: Bytes | Pcm
    sample_rate_hz: int
    law: Law | None = None

    @property
    def channels(self) -> int:
        """Samples in a frame."""
        return int(self.samples.shape[1])

    @property
    def frames(self) -> int:
        """Length."""
        return int(self.samples.shape[0])

    @property
    def length_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate_hz

    def pcm(self) -> Iterator[Pcm]:
        """Linear blocks of shape (n, channels)."""
        for at in range(0, self.frames, BLOCK_FRAMES):
            block = self.samples[at : at + BLOCK_FRAMES]
            yield expansion(self.law)[block] if self.law else block.view(np.int16)

    def companded(self, law: Law) -> Iterator[Bytes]:
        """Blocks of G.711 codes of shape (n, channels)."""
        if law == self.law:
            for at in range(0, self.frames, 8 * BLOCK_FRAMES):
                yield self.samples[at : at + 8 * BLOCK_FRAMES].view(np.uint8)
            return
        for block in self.pcm():
            yield compress(block, law)
