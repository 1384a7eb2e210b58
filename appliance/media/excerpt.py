"""A WAV that is not written anywhere: any bytes of it can be asked for, so that players may jump within it.

Source: Microsoft "Multiple Channel Audio Data and WAVE Files" (2007); RFC 2361 for the format codes of G.711
"""

from pathlib import Path

import numpy as np

from appliance.media.convert import Region, open_wav, source
from appliance.media.encoders import riff
from appliance.media.pcm import Law, Sound, expand

_CODE = {Law.ALAW: 6, Law.ULAW: 7}
_LINEAR = 1


class Excerpt:
    """A sound as a WAV file: G.711 as it is unless `linear` is wanted, everything else 16 bits."""

    media_type = "audio/wav"

    def __init__(self, sound: Sound, *, linear: bool) -> None:
        self._sound = sound
        self._is_linear = linear or sound.law is None
        sample_bytes = 2 if self._is_linear else 1
        self._frame_bytes = sample_bytes * sound.channels
        self._data_bytes = sound.frames * self._frame_bytes
        self._head = riff.header(
            _LINEAR if self._is_linear or sound.law is None else _CODE[sound.law],
            sound.channels,
            sound.sample_rate_hz,
            bits=8 * sample_bytes,
            block_bytes=self._frame_bytes,
            frames=sound.frames,
            data_bytes=self._data_bytes,
            bytes_a_second=sound.sample_rate_hz * self._frame_bytes,
        )
        self.size = len(self._head) + self._data_bytes + (self._data_bytes & 1)

    def read(self, start: int, stop: int) -> bytes:
        """The bytes `start` to `stop` of the file, the last not included."""
        head = self._head[start:stop]
        first = max(0, start - len(self._head))
        last = min(self._data_bytes, stop - len(self._head))
        if last <= first:
            body = b""
        else:
            frame = first // self._frame_bytes
            block = self._sound.samples[frame : -(-last // self._frame_bytes)]
            if self._is_linear and self._sound.law is not None:
                block = expand(block.view(np.uint8), self._sound.law)
            skip = frame * self._frame_bytes
            body = block.tobytes()[first - skip : last - skip]
        content = head + body
        return content + b"\0" * (min(stop, self.size) - start - len(content))


def excerpt(path: Path, region: Region | None, *, linear: bool) -> Excerpt | None:
    """A recording or a region of it; None when the file is no WAV that can be entered anywhere.

    Raises: OSError, TooLarge
    """
    sound = open_wav(path)
    if sound is None:
        return None
    if region is not None:
        start, stop = (round(at * sound.sample_rate_hz) for at in region)
        sound = Sound(sound.samples[start:stop], sound.sample_rate_hz, sound.law)
    return Excerpt(sound, linear=linear)


def sound_of(path: Path, region: Region, *, sample_rate_hz: int, length_s: float) -> Sound:
    """A short region of any recording in memory.

    Raises: BadBundle, OSError
    """
    found = source(path, sample_rate_hz, length_s, region)
    if isinstance(found, Sound):
        return found
    blocks = list(found.pcm())
    samples = np.concatenate(blocks) if blocks else np.empty((0, found.channels), np.int16)
    return Sound(samples, sample_rate_hz)
