"""Signals of two of six frequencies (MFC) between exchanges, for many timeslots at once.

Amplitudes of all six are solved for together, so that a strong one does not leak into its neighbours. A signal is told when it
was there for two frames, with the moment of the first, and is over when it was away for two.
Source: ITU-T Q.441 table 5 (frequencies and numbers), Q.455 (receivers: -5 to -35 dBm0, 7 dB between the two, ±10 Hz);
GF 002-9002 (China No. 1: the same forward, the upper four backward)
"""

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.tones import Mfc, MfcDirection
from appliance.media.pcm import Pcm
from appliance.media.tones.frames import FRAME, Floats, Frames, Framing, power_of, waves

_FREQUENCIES: dict[MfcDirection, tuple[float, ...]] = {
    MfcDirection.FORWARD: (1380, 1500, 1620, 1740, 1860, 1980),
    MfcDirection.BACKWARD: (1140, 1020, 900, 780, 660, 540),
}
_PAIRS = {
    (0, 1): 1,
    (0, 2): 2,
    (1, 2): 3,
    (0, 3): 4,
    (1, 3): 5,
    (2, 3): 6,
    (0, 4): 7,
    (1, 4): 8,
    (2, 4): 9,
    (3, 4): 10,
    (0, 5): 11,
    (1, 5): 12,
    (2, 5): 13,
    (3, 5): 14,
    (4, 5): 15,
}
_WEAKEST_DBM0 = -39.0
_TWIST = 10 ** (10 / 10)
_CLEAR_OF_OTHERS = 10 ** (6 / 10)
_SHARE = 0.6


class Signal(NamedTuple):
    """A signal on one of many channels."""

    channel: int
    mfc: Mfc


class MfcTones:
    """The signals of one direction of many voices."""

    def __init__(self, direction: MfcDirection, channels: int = 1) -> None:
        self._direction = direction
        self._framing = Framing(channels)
        self._solve = _solver(direction)
        self.is_wanted: npt.NDArray[np.bool_] = np.ones(channels, np.bool_)
        """Which channels are listened to; may be changed at any time. Shape: bool[channels]"""
        self._last = np.zeros(channels, np.int8)
        self._now = np.zeros(channels, np.int8)
        self._since = np.zeros(channels, np.int64)
        self._begun_at = np.zeros(channels, np.int64)

    def feed(self, samples: Pcm) -> list[Mfc]:
        """Signals that began or ended in one voice.

        Shape: int16[n]
        """
        return [one.mfc for one in self.feed_frames(self._framing.feed(samples.reshape(1, -1)))]

    def feed_frames(self, frames: Frames) -> list[Signal]:
        """The same of all channels, in the order of time; frames that others look at, too."""
        channels, count = frames.power.shape
        if not count:
            return []
        found: list[Signal] = []
        heard = self._heard(frames).reshape(channels, count)
        if not heard.any() and not self._now.any() and not self._last.any():
            return found
        for place in range(count):
            at = frames.first + place * FRAME
            now = heard[:, place]
            is_new = now != self._last
            self._since[is_new] = at
            # Two equal frames in a row that differ from what is in force: a change.
            for channel in np.flatnonzero((now == self._last) & (now != self._now)).tolist():
                if was := int(self._now[channel]):
                    begun_at, ended_at = int(self._begun_at[channel]), int(self._since[channel])
                    found.append(Signal(channel, Mfc(begun_at, self._direction, was, ended_at)))
                self._now[channel] = now[channel]
                if now[channel]:
                    self._begun_at[channel] = self._since[channel]
                    found.append(
                        Signal(
                            channel, Mfc(int(self._since[channel]), self._direction, int(now[channel]), None)
                        )
                    )
            self._last = now
        return found

    def _heard(self, frames: Frames) -> npt.NDArray[np.int8]:
        """The signal in each frame, 0 none; only frames that are loud enough are solved."""
        power = frames.power.reshape(-1)
        heard = np.zeros(power.size, np.int8)
        is_wanted = np.repeat(self.is_wanted, frames.power.shape[1])
        loud = np.flatnonzero((power >= 2 * power_of(_WEAKEST_DBM0)) & is_wanted)
        if not loud.size:
            return heard
        amplitudes = frames.samples.reshape(-1, FRAME)[loud] @ self._solve
        powers = np.square(amplitudes).reshape(loud.size, 6, 2).sum(axis=2) / 2
        order = np.argsort(powers, axis=1)
        rows = np.arange(loud.size)
        best, second, third = (powers[rows, order[:, place]] for place in (5, 4, 3))
        is_signal = (
            (second >= power_of(_WEAKEST_DBM0))
            & (best <= second * _TWIST)
            & (second >= third * _CLEAR_OF_OTHERS)
            & (best + second >= power[loud] * _SHARE)
        )
        pair = _table()[order[:, 5], order[:, 4]]
        heard[loud] = np.where(is_signal, pair, 0)
        return heard


@functools.cache
def _solver(direction: MfcDirection) -> Floats:
    """Amplitudes from samples by least squares, float32[160, 12]."""
    return np.ascontiguousarray(np.linalg.pinv(waves(_FREQUENCIES[direction])).T)


@functools.cache
def _table() -> npt.NDArray[np.int8]:
    """The number of each pair of frequencies, in any order, int8[6, 6]."""
    table = np.zeros((6, 6), np.int8)
    for (low, high), number in _PAIRS.items():
        table[low, high] = table[high, low] = number
    return table
