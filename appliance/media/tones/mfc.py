"""Signals of two of six frequencies (MFC) between exchanges, for many timeslots at once.

Amplitudes of all six are solved for together, so that a strong one does not leak into its neighbours. Windows of 20 ms are looked
at every 10 ms: two exchanges in one room answer so soon that a signal, and the pause behind it, is no longer than 40. It is told
when it was there in two windows, with the moment of the first, and is over when it was away in two.
Source: ITU-T Q.441 table 5 (frequencies and numbers), Q.455 (receivers: -5 to -35 dBm0, 7 dB between the two, ±10 Hz);
GF 002-9002 (China No. 1: the same forward, the upper four backward)
"""

import functools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

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
_HOP = FRAME // 2


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
        self._half: Floats = np.zeros((channels, _HOP), np.float32)

    def feed(self, samples: Pcm) -> list[Mfc]:
        """Signals that began or ended in one voice.

        Shape: int16[n]
        """
        return [one.mfc for one in self.feed_frames(self._framing.feed(samples.reshape(1, -1)))]

    def feed_frames(self, frames: Frames) -> list[Signal]:
        """The same of all channels, in the order of time; frames that others look at, too."""
        count = frames.power.shape[1]
        if not count:
            return []
        chosen = np.flatnonzero(self.is_wanted | (self._now > 0) | (self._last > 0))
        before = self._half
        if not chosen.size:
            before[:] = 0  # who listens from the next batch on begins with silence
            return []
        self._half = frames.samples[:, -1, _HOP:].copy()
        flat = frames.samples[chosen].reshape(chosen.size, count * FRAME)
        joined = np.concatenate([before[chosen], flat], axis=1)
        heard = self._heard(sliding_window_view(joined, FRAME, axis=1)[:, ::_HOP], self.is_wanted[chosen])
        found: list[Signal] = []
        last, since = self._last[chosen], self._since[chosen]
        for place in range(heard.shape[1]):
            now = heard[:, place]
            since[now != last] = frames.first + (place - 1) * _HOP
            # Two equal windows in a row that differ from what is in force: a change.
            for row in np.flatnonzero((now == last) & (now != self._now[chosen])).tolist():
                found += self._change(int(chosen[row]), int(now[row]), int(since[row]))
            last = now
        self._last[chosen], self._since[chosen] = last, since
        return found

    def _change(self, channel: int, signal: int, at: int) -> Iterator[Signal]:
        """What was in force ends there, and the signal begins; 0: none."""
        if was := int(self._now[channel]):
            yield Signal(channel, Mfc(int(self._begun_at[channel]), self._direction, was, at))
        self._now[channel] = signal
        if signal:
            self._begun_at[channel] = at
            yield Signal(channel, Mfc(at, self._direction, signal, None))

    def _heard(self, windows: Floats, is_wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
        """The signal in each window, 0 none; only windows that are loud enough are solved.

        Shape: windows float32[channels, n, 160], is_wanted bool[channels] -> int8[channels, n]
        """
        power = np.square(windows).mean(axis=2) - np.square(windows.mean(axis=2))
        heard = np.zeros(power.shape, np.int8)
        loud = (power >= 2 * power_of(_WEAKEST_DBM0)) & is_wanted[:, None]
        if not loud.any():
            return heard
        amplitudes = windows[loud] @ self._solve
        powers = np.square(amplitudes).reshape(-1, 6, 2).sum(axis=2) / 2
        order = np.argsort(powers, axis=1)
        rows = np.arange(len(powers))
        best, second, third = (powers[rows, order[:, place]] for place in (5, 4, 3))
        is_signal = (
            (second >= power_of(_WEAKEST_DBM0))
            & (best <= second * _TWIST)
            & (second >= third * _CLEAR_OF_OTHERS)
            & (best + second >= power[loud] * _SHARE)
        )
        heard[loud] = np.where(is_signal, _table()[order[:, 5], order[:, 4]], 0)
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
