"""Samples of many voices cut into frames of 20 ms, for detectors that look at all voices at once.

One conversion and one sum of squares serve all of them; batches of whole frames are not copied.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.tones import FULL_SINE_DBM0, RATE_HZ
from appliance.media.pcm import Pcm

Floats = npt.NDArray[np.float32]

FRAME = 160
FRAME_MS = FRAME * 1000 // RATE_HZ
_FULL_POWER = 32767.0**2 / 2


class Frames(NamedTuple):
    """Whole frames of all channels.

    `first` is the offset of the first frame's first sample.
    Shape: samples float32[channels, frames, 160], power float32[channels, frames] (mean square around the mean)
    """

    first: int
    samples: Floats
    power: Floats


class Framing:
    """Cuts batches of any length into whole frames and keeps the rest for the next."""

    def __init__(self, channels: int) -> None:
        self._rest: Pcm = np.empty((channels, 0), np.int16)
        self._first = 0

    def feed(self, samples: Pcm) -> Frames:
        """The frames that these samples complete, maybe none.

        Shape: int16[channels, n]
        """
        whole = np.concatenate([self._rest, samples], axis=1) if self._rest.shape[1] else samples
        count = whole.shape[1] // FRAME
        end = count * FRAME
        self._rest = whole[:, end:].copy()
        cut = whole[:, :end].astype(np.float32).reshape(whole.shape[0], count, FRAME)
        first, self._first = self._first, self._first + end
        mean = cut.mean(axis=2)
        power = np.einsum("cfs,cfs->cf", cut, cut) / FRAME - mean * mean
        return Frames(first, cut, np.maximum(power, 0))


def power_of(level_dbm0: float) -> float:
    """The mean square of samples at a level."""
    return float(_FULL_POWER * 10 ** ((level_dbm0 - FULL_SINE_DBM0) / 10))


def dbm0_of(power: Floats) -> Floats:
    """The level of a mean square, not below -90 dBm0; same shape."""
    level: Floats = np.maximum(10 * np.log10(power / _FULL_POWER + 1e-12) + FULL_SINE_DBM0, -90)
    return level.astype(np.float32)


def waves(frequencies_hz: tuple[float, ...]) -> Floats:
    """Cosine and sine of each frequency over one frame.

    Shape: float32[160, 2 * n]
    """
    angle = 2 * np.pi * np.outer(np.arange(FRAME) / RATE_HZ, np.array(frequencies_hz))
    return np.stack([np.cos(angle), np.sin(angle)], axis=2).reshape(FRAME, -1).astype(np.float32)
