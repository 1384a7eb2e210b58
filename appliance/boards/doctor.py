"""What the line doctor observes on all lines of a board; the advice is in `domain/doctor.py`.

Called once a batch, vectorised over the channels. A sound is what lies nine decibels above the line's own noise, so that it does not
depend on the settings that are to be advised.
"""

import numpy as np
import numpy.typing as npt

from appliance.domain.doctor import FRAME_MS, LEVELS, PAUSE_MS, PAUSES, QUIETEST_DBM0, SPURTS, VOLTS, Case
from appliance.domain.tones import ToneKind
from appliance.media.tones.frames import Floats, dbm0_of, power_of

_ABOVE_NOISE_DB = 9
_NOISE_SHARE = 0.2
_USUAL_NOISE_DBM0 = -50.0
_EVERY_BATCHES = 300
_LONGEST_PAUSE = PAUSES[-1] * PAUSE_MS // FRAME_MS
IDLE_V = 22.0
"""Whatever the settings say: lines in use have less than 20 V, idle ones at least 24 V, on the smallest exchanges, too."""
_HANGOVER = 10
"""Quiet frames that end a sound; shorter ones lie between syllables."""

Counts = npt.NDArray[np.int64]


class Ward:
    """The cases of all lines of a board."""

    def __init__(self, channels: int) -> None:
        self._volts: Counts = np.zeros((channels, len(VOLTS)), np.int64)
        self._levels: Counts = np.zeros((channels, len(LEVELS)), np.int64)
        self._spurts: Counts = np.zeros((channels, len(SPURTS)), np.int64)
        self._pauses: Counts = np.zeros((channels, len(PAUSES)), np.int64)
        self._tones: list[dict[ToneKind, int]] = [{} for _ in range(channels)]
        self._rows = np.arange(channels)
        self._loud_from = np.full(channels, power_of(_USUAL_NOISE_DBM0 + _ABOVE_NOISE_DB), np.float32)
        self._loud = np.zeros(channels, np.int64)
        self._quiet = np.full(channels, _LONGEST_PAUSE, np.int64)
        self._batches = 0
        self._is_idle = np.zeros(channels, np.bool_)

    def observe(self, power: Floats, volts: npt.NDArray[np.float32] | None = None) -> None:
        """One batch: the mean square of each frame of 20 ms, and the voltages where the board tells them (NaN unknown).

        A line whose voltage says that it is idle is listened to no further: ringing and hum of idle lines are no noise of calls.

        Shape: power float32[channels, frames], volts float32[channels]
        """
        if volts is not None:
            known = np.flatnonzero(~np.isnan(volts))
            bins = np.minimum(np.rint(np.abs(volts[known])).astype(np.int64), VOLTS[-1])
            self._volts[known, bins] += 1
            self._is_idle = np.abs(volts) >= IDLE_V
        levels = np.clip(np.rint(dbm0_of(power)) - QUIETEST_DBM0, 0, LEVELS[-1]).astype(np.int64)
        np.add.at(self._levels, (self._rows[:, None], levels), ~self._is_idle[:, None])
        loud = (power >= self._loud_from[:, None]) & ~self._is_idle[:, None]
        if loud.any() or self._loud.any():
            for place in range(power.shape[1]):
                self._frame(loud[:, place])
        else:
            self._quiet = np.minimum(self._quiet + power.shape[1], _LONGEST_PAUSE)
        self._batches += 1
        if self._batches % _EVERY_BATCHES == 0:
            self._learn_noise()

    def toned(self, channel: int, kind: ToneKind) -> None:
        """A tone of the exchange was recognised."""
        tones = self._tones[channel]
        tones[kind] = tones.get(kind, 0) + 1

    def case(self, channel: int) -> Case:
        """What was observed so far, to be diagnosed, drawn or stored."""
        return Case(
            volts=self._volts[channel].tolist(),
            levels=self._levels[channel].tolist(),
            spurts=self._spurts[channel].tolist(),
            pauses=self._pauses[channel].tolist(),
            tones=dict(self._tones[channel]),
        )

    def take_up(self, channel: int, case: Case) -> None:
        """Go on with what was stored; a case of other bins is left out."""
        for held, stored in (
            (self._volts, case.volts),
            (self._levels, case.levels),
            (self._spurts, case.spurts),
            (self._pauses, case.pauses),
        ):
            if len(stored) == held.shape[1]:
                held[channel] = stored
        self._tones[channel] = dict(case.tones)
        self._learn_noise()

    def _frame(self, is_loud: npt.NDArray[np.bool_]) -> None:
        """Lengths of sounds (with the gaps between syllables) and of the pauses between them."""
        begins = np.flatnonzero(is_loud & (self._quiet >= _HANGOVER))
        pauses = self._quiet[begins] * FRAME_MS // PAUSE_MS
        known = pauses < PAUSES[-1]
        self._pauses[begins[known], pauses[known]] += 1
        self._quiet = np.where(is_loud, 0, np.minimum(self._quiet + 1, _LONGEST_PAUSE))
        ends = np.flatnonzero((self._quiet == _HANGOVER) & (self._loud > 0))
        self._spurts[ends, np.minimum(self._loud[ends], SPURTS[-1])] += 1
        self._loud = np.where(self._quiet >= _HANGOVER, 0, self._loud + is_loud)

    def _learn_noise(self) -> None:
        """The level that a fifth of all frames do not pass is the noise."""
        sums = np.cumsum(self._levels, axis=1)
        total = sums[:, -1]
        noise = np.argmax(sums >= total[:, None] * _NOISE_SHARE, axis=1) + QUIETEST_DBM0
        loud_from = np.array([power_of(level + _ABOVE_NOISE_DB) for level in noise.tolist()], np.float32)
        self._loud_from = np.where(total > 0, loud_from, self._loud_from)
