"""The last seconds of sound of all channels of a board: look-back, and the one store that recordings are cut from.

A recording only remembers from where to where it goes; its samples are copied out about once a second, in one piece.
Positions count samples since the board was opened; lost ones are counted, too, and are silence.
Source: ITU-T G.711 (the codes of silence)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.line import RATE_HZ
from appliance.media.pcm import SILENT_CODE, Bytes, Law

_NS_PER_SAMPLE = 1_000_000_000 // RATE_HZ


class Anchor(NamedTuple):
    """A sample whose moment is known. Units: nanoseconds since the epoch."""

    at: int
    ns: int

    def ns_of(self, at: int) -> int:
        """The moment of another sample, by the board's clock."""
        return self.ns + (at - self.at) * _NS_PER_SAMPLE


class History:
    """`end` is the position behind the newest sample; `seconds` are kept."""

    def __init__(self, laws: Sequence[Law], seconds: float) -> None:
        self.end = 0
        self._size = round(seconds * RATE_HZ)
        self._silence = np.array([SILENT_CODE[law] for law in laws], np.uint8)
        self._ring: Bytes = np.repeat(self._silence[:, None], self._size, axis=1)

    @property
    def begin(self) -> int:
        """The oldest position that is kept."""
        return max(0, self.end - self._size)

    def append(self, audio: Bytes) -> None:
        """The next samples of all channels.

        Shape: uint8[channels, n]
        """
        count = audio.shape[1]
        kept = audio[:, -self._size :]
        first = (self.end + count - kept.shape[1]) % self._size
        room = min(self._size - first, kept.shape[1])
        self._ring[:, first : first + room] = kept[:, :room]
        self._ring[:, : kept.shape[1] - room] = kept[:, room:]
        self.end += count

    def lose(self, samples: int) -> None:
        """Samples that never came, on all channels."""
        left = samples
        while left > 0:
            piece = min(left, self._size)
            self.append(np.broadcast_to(self._silence[:, None], (self._silence.size, piece)))
            left -= piece
            if left > self._size:  # nothing of it would be kept
                self.end += left - self._size
                left = self._size

    def cut(self, place: int, begin: int, end: int) -> npt.NDArray[np.uint8]:
        """A copy of one channel's samples; what is no longer kept is silence.

        Shape: uint8[end - begin]
        """
        end = min(end, self.end)
        if end <= begin:
            return np.empty(0, np.uint8)
        missing = min(max(self.begin - begin, 0), end - begin)
        begin += missing
        first, last = begin % self._size, begin % self._size + end - begin
        row = self._ring[place]
        pieces = [row[first:last]] if last <= self._size else [row[first:], row[: last - self._size]]
        if missing:
            pieces.insert(0, np.full(missing, self._silence[place], np.uint8))
        return np.concatenate(pieces)

    def silence(self, place: int, samples: int) -> npt.NDArray[np.uint8]:
        """As many codes of silence."""
        return np.full(samples, self._silence[place], np.uint8)
