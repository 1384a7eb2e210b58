"""The stereo canvas that both sides are painted on: column 0 = caller, column 1 = callee.

It begins silent and has its final length. It holds codes of one G.711 law, so that codes of that law go in
untouched, or linear samples. A canvas too large for memory lies in an unlinked scratch file.
"""

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.media.pcm import SILENT_CODE, Bytes, Law, Pcm, Sound, compress, expand, transcoding

_MAPPED_BYTES = 256 << 20
_CONCEALED_S = 0.06
_REPEATED_S = 0.02


class Canvas:
    """What is written outside is clipped; what is written later covers what was there."""

    def __init__(
        self, frames: int, rate_hz: int, law: Law | None, scratch: Path | None = None, columns: int = 2
    ) -> None:
        self.columns = columns
        self.frames, self.rate_hz, self.law = frames, rate_hz, law
        dtype = np.dtype(np.uint8 if law else np.int16)
        shape = (frames, columns)
        self._samples: npt.NDArray[np.uint8] | npt.NDArray[np.int16]
        if frames * columns * dtype.itemsize > _MAPPED_BYTES:
            with tempfile.TemporaryFile(dir=scratch) as file:
                self._samples = np.memmap(file, dtype, "w+", shape=shape)
            if law:
                self._samples[:] = SILENT_CODE[law]
        else:
            self._samples = np.full(shape, SILENT_CODE[law] if law else 0, dtype)

    def sound(self) -> Sound:
        """What is on it now, not a copy."""
        return Sound(self._samples, self.rate_hz, self.law)

    def put(self, column: int, at: int, samples: Pcm) -> None:
        """Paint linear samples."""
        self._put(column, at, compress(samples, self.law) if self.law else samples)

    def put_codes(self, column: int, at: int, codes: Bytes, law: Law) -> None:
        """Paint G.711 codes, untouched when the law is the canvas's own, else by table."""
        if self.law is None:
            self._put(column, at, expand(codes, law))
        elif law is self.law:
            self._put(column, at, codes)
        else:
            translated = codes.tobytes().translate(transcoding(law, self.law))
            self._put(column, at, np.frombuffer(translated, np.uint8))

    def repeat(self, column: int, at: int, count: int) -> None:
        """Fill `count` frames with a copy of those before: a pause made a little longer."""
        if 0 < count <= at and at + count <= self.frames:
            self._samples[at : at + count, column] = self._samples[at - count : at, column]

    def conceal(self, column: int, at: int, count: int) -> None:
        """Fill a loss with the last 20 ms over and over, fading to silence within 60 ms.

        Source: ITU-T G.711 Appendix I in spirit; without its pitch search
        """
        period = min(round(self.rate_hz * _REPEATED_S), at)
        fade = round(self.rate_hz * _CONCEALED_S)
        count = min(count, fade, self.frames - at)
        if period <= 0 or count <= 0:
            return
        before = self._samples[at - period : at, column]
        heard: Pcm = expand(before.view(np.uint8), self.law) if self.law else before.view(np.int16)
        gain = 1 - np.arange(1, count + 1) / fade
        repeated = np.tile(heard, -(-count // period))[:count]
        self.put(column, at, np.asarray(repeated * gain, np.int16))

    def _put(self, column: int, at: int, samples: Pcm | Bytes) -> None:
        first, last = max(at, 0), min(at + samples.size, self.frames)
        if first < last:
            self._samples[first:last, column] = samples[first - at : last - at]
