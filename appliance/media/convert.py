"""An archived recording → another format, in blocks, so that an hour begins to download at once.

Source: RFC 2361 (WAV format codes); everything else is read by FFmpeg
"""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import av
import av.error
import numpy as np
from av.container import InputContainer

from appliance.core.errors import BadBundle
from appliance.media.encoders import Encoder, Written, make
from appliance.media.pcm import BLOCK_FRAMES, Bytes, Law, Pcm, Sound, Source, compress, joined
from appliance.settings.archive import Format

_LAWS = {6: Law.ALAW, 7: Law.ULAW}
_LINEAR = 1
_RUN_UP_S = 1.0


class Region(NamedTuple):
    """A part of a recording. Units: seconds from its beginning, `stop_s` not included."""

    start_s: float
    stop_s: float


def convert(
    path: Path, target: Format, *, sample_rate_hz: int, length_s: float, region: Region | None = None
) -> tuple[Encoder, Iterator[bytes]]:
    """The encoder (for its suffix and media type) and the new file's bytes in order; of a region, where one is given.

    Units: the recording's own rate and length, as its record says
    Raises: BadBundle when the file cannot be read as audio, TooLarge; both before the first byte
    """
    encoder = make(target)
    rate_hz = encoder.rate_hz or sample_rate_hz
    return encoder, encoder.chunks(source(path, rate_hz, length_s, region))


def convert_file(
    path: Path, target: Format, output: Path, *, sample_rate_hz: int, length_s: float
) -> Written:
    """The same into a file, whose header then holds the exact length.

    Raises: BadBundle, TooLarge, OSError
    """
    encoder = make(target)
    return encoder.write(source(path, encoder.rate_hz or sample_rate_hz, length_s), output)


def open_wav(path: Path) -> Sound | None:
    """A WAV of G.711 or 16-bit PCM, mapped, not read; None when it is something else.

    Raises: OSError
    """
    with path.open("rb") as file:
        riff = file.read(12)
        if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
            return None
        form = b""
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"fmt ":
                form = file.read(size)
            elif name == b"data":
                return _mapped(path, form, file.tell(), size)
            else:
                file.seek(size + (size & 1), 1)
    return None


def _mapped(path: Path, form: bytes, offset: int, size: int) -> Sound | None:
    if len(form) < 16:
        return None
    code, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", form)
    law = _LAWS.get(code)
    if channels < 1 or not ((law and bits == 8) or (code == _LINEAR and bits == 16)):
        return None
    dtype = np.dtype(np.uint8 if law else "<i2")
    frames = min(size, path.stat().st_size - offset) // (channels * dtype.itemsize)
    if not frames:
        return None
    samples = np.memmap(path, dtype, "r", offset, (frames, channels))
    return Sound(samples.view(np.ndarray), rate_hz, law)


def source(path: Path, rate_hz: int, length_s: float, region: Region | None = None) -> Source:
    """A recording or a region of it, to be read in blocks at a rate.

    Raises: BadBundle when the file cannot be read as audio
    """
    start_s, stop_s = region or (0.0, length_s)
    start, stop = round(start_s * rate_hz), round(min(stop_s, length_s) * rate_hz)
    sound = open_wav(path)
    if sound and sound.sample_rate_hz == rate_hz:
        return sound if region is None else Sound(sound.samples[start:stop], rate_hz, sound.law)
    try:
        with av.open(str(path)) as container:
            channels = container.streams.audio[0].channels
    except (av.error.FFmpegError, IndexError) as problem:
        raise BadBundle(bundle=path.name, problem=str(problem)) from problem
    return _Decoded(path, rate_hz, min(channels, 2), max(0, stop - start), start)


class _Decoded:
    """A compressed recording from frame `start` on, decoded while it is read, exactly as long as it should be."""

    law: Law | None = None

    def __init__(self, path: Path, rate_hz: int, channels: int, frames: int, start: int) -> None:
        self._path = path
        self._start = start
        self.sample_rate_hz, self.channels, self.frames = rate_hz, channels, frames

    def pcm(self) -> Iterator[Pcm]:
        left = self.frames
        for block in self._blocks():
            if left <= 0:
                return
            if block.size:
                yield block[:left]
            left -= min(left, block.shape[0])
        for _ in range(math.ceil(left / BLOCK_FRAMES)):
            yield np.zeros((min(left, BLOCK_FRAMES), self.channels), np.int16)
            left -= BLOCK_FRAMES

    def companded(self, law: Law) -> Iterator[Bytes]:
        for block in self.pcm():
            yield compress(np.ascontiguousarray(block), law)

    def _blocks(self) -> Iterator[Pcm]:
        layout = "stereo" if self.channels > 1 else "mono"
        resampler = av.AudioResampler(format="s16", layout=layout, rate=self.sample_rate_hz)
        skip: int | None = None
        try:
            with av.open(str(self._path)) as container:
                self._jump(container)
                for frame in container.decode(audio=0):
                    if skip is None:
                        skip = self._start - round((frame.time or 0.0) * self.sample_rate_hz)
                    block = joined(resampler.resample(frame)).reshape(-1, self.channels)
                    yield block[skip:]
                    skip = max(0, skip - block.shape[0])
        except av.error.FFmpegError as problem:
            raise BadBundle(bundle=self._path.name, problem=str(problem)) from problem
        yield joined(resampler.resample(None)).reshape(-1, self.channels)[skip or 0 :]

    def _jump(self, container: InputContainer) -> None:
        """Begin a little before the start, where the format tells exactly where that is; MP3 does not."""
        start_s = self._start / self.sample_rate_hz - _RUN_UP_S
        if start_s > 0 and container.format.name != "mp3":
            container.seek(round(start_s * av.time_base))
