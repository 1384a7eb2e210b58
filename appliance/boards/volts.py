"""Line voltage of all channels of a board: who lifts, who hangs up, whose line is dead. Vectorised over the channels.

Between its two thresholds a line stays as it was. A short break while it is in use is a flash, not a hang-up.
Source: ITU-T Q.552 §2 (states of a line); ETSI EN 300 001 (flash, loss of battery)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.boards.triggers import Edge, Seen
from appliance.domain.line import RATE_HZ

LIFT = RATE_HZ // 10
"""A line that is in use for so long was lifted; samples."""
HANG_UP = RATE_HZ * 8 // 10
"""Shorter is a flash."""
DEAD = 2 * RATE_HZ
DEAD_V = 2.0
"""Cards tell less than 3 V as none."""

_IDLE, _IN_USE, _NO_LINE = 0, 1, 2
_SEEN = {_IDLE: Seen.ON_HOOK, _IN_USE: Seen.OFF_HOOK, _NO_LINE: Seen.NO_LINE}


class Thresholds(NamedTuple):
    """Of one channel, in volts."""

    off_hook_v: float
    on_hook_v: float


class Changed(NamedTuple):
    """An edge on a channel, or a reversal of its polarity (`edge` None)."""

    place: int
    edge: Edge | None
    at: int


class Voltages:
    """What the voltages of a board say. `volts` and `is_dead`: as they are now.

    Shape: volts float32[channels], is_dead bool[channels]
    """

    def __init__(self, thresholds: Sequence[Thresholds]) -> None:
        count = len(thresholds)
        self._off = np.array([one.off_hook_v for one in thresholds], np.float32)
        self._on = np.array([one.on_hook_v for one in thresholds], np.float32)
        self._state = np.zeros(count, np.int8)
        self._heads_for = np.zeros(count, np.int8)
        self._since = np.zeros(count, np.int64)
        self._sign = np.zeros(count, np.int8)
        self.volts = np.full(count, np.nan, np.float32)

    @property
    def is_dead(self) -> npt.NDArray[np.bool_]:
        """Which lines have no voltage."""
        dead: npt.NDArray[np.bool_] = self._state == _NO_LINE
        return dead

    def configure(self, place: int, thresholds: Thresholds) -> None:
        """Other thresholds for one channel."""
        self._off[place], self._on[place] = thresholds

    def feed(self, volts: npt.NDArray[np.float32], begin: int, end: int) -> list[Changed]:
        """What changed, by the voltages that held from `begin` to `end`; NaN changes nothing.

        Shape: float32[channels]
        """
        self.volts = volts
        known = ~np.isnan(volts)
        size = np.abs(np.where(known, volts, 0))
        points = np.full(volts.size, -1, np.int8)
        points[known & (size >= self._on)] = _IDLE
        points[known & (size <= self._off)] = _IN_USE
        points[known & (size <= DEAD_V)] = _NO_LINE
        found = self._reversals(volts, known & (size > DEAD_V), begin)
        changing = (points >= 0) & (points != self._state)
        fresh = changing & (points != self._heads_for)
        self._since[fresh] = begin
        self._heads_for = np.where(changing, points, self._state).astype(np.int8)
        waited = end - self._since
        needed = np.select([points == _IN_USE, points == _NO_LINE], [LIFT, DEAD], HANG_UP)
        needed[self._state == _NO_LINE] = LIFT
        ready = changing & (waited >= needed)
        for place in np.flatnonzero(ready).tolist():
            at = int(self._since[place])
            found.append(Changed(place, Edge(_SEEN[int(points[place])], at), at))
        self._state[ready] = points[ready]
        return found

    def _reversals(
        self, volts: npt.NDArray[np.float32], known: npt.NDArray[np.bool_], begin: int
    ) -> list[Changed]:
        sign = np.where(known, np.where(volts < 0, -1, 1), 0).astype(np.int8)
        turned = (sign != 0) & (self._sign != 0) & (sign != self._sign)
        self._sign = np.where(sign != 0, sign, self._sign).astype(np.int8)
        return [Changed(place, None, begin) for place in np.flatnonzero(turned).tolist()]
