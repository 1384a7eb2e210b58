"""Automatic gain: quiet lines are brought up and loud ones down to one speech level, for one track or many at once.

The gain follows the voice alone: it stands still while nobody talks, so that pauses do not fill with noise, goes down fast, up
slowly, and nothing is ever clipped: peaks are held under the ceiling by a look at the frame that is coming.
Source: ITU-T P.56 (active speech level); ITU-T G.169 (automatic level control: speed, range, no gain in pauses)
"""

import msgspec
import numpy as np

from appliance.media.pcm import Pcm
from appliance.media.tones.frames import FRAME, Floats, power_of

_DOWN_DB_S = 60.0
_UP_DB_S = 8.0
_MEMORY_S = 0.4
_FRAMES_S = 50
_CEILING = 30000.0


class GainControl(msgspec.Struct, frozen=True):
    """Where speech is brought to, how far, and what is too quiet to be speech; dBm0 and dB."""

    wanted_dbm0: float = -20.0
    most_up_db: float = 24.0
    most_down_db: float = 12.0
    gate_dbm0: float = -48.0


_USUAL = GainControl()


class AutomaticGain:
    """The gain of each channel; fed in order, in blocks of any length."""

    def __init__(self, channels: int = 1, control: GainControl = _USUAL) -> None:
        self._control = control
        self._speech = np.full(channels, power_of(control.wanted_dbm0), np.float64)
        self._gain_db = np.zeros(channels, np.float64)
        self._applied = np.ones(channels, np.float64)

    @property
    def gain_db(self) -> Floats:
        """The gain now, float32[channels]."""
        return self._gain_db.astype(np.float32)

    def feed(self, samples: Pcm) -> Pcm:
        """The same samples, levelled; nothing is delayed.

        Shape: int16[channels, n] -> int16[channels, n]
        """
        out = np.empty_like(samples)
        for begin in range(0, samples.shape[1], FRAME):
            piece = samples[:, begin : begin + FRAME].astype(np.float32)
            out[:, begin : begin + FRAME] = self._levelled(piece)
        return out

    def _levelled(self, piece: Floats) -> Pcm:
        """One frame (or a part of one) of all channels."""
        control = self._control
        share = piece.shape[1] / FRAME
        power = np.square(piece).mean(axis=1, dtype=np.float64)
        talks = power >= power_of(control.gate_dbm0)
        memory = 1 - np.exp(-share / (_MEMORY_S * _FRAMES_S))
        self._speech = np.where(talks, self._speech + memory * (power - self._speech), self._speech)
        wanted_db = np.clip(
            10 * np.log10(power_of(control.wanted_dbm0) / np.maximum(self._speech, 1e-3)),
            -control.most_down_db,
            control.most_up_db,
        )
        step_db = np.clip(
            wanted_db - self._gain_db, -_DOWN_DB_S * share / _FRAMES_S, _UP_DB_S * share / _FRAMES_S
        )
        self._gain_db = np.where(talks, self._gain_db + step_db, self._gain_db)
        gain = 10 ** (self._gain_db / 20)
        peak = np.abs(piece).max(axis=1)
        gain = np.minimum(gain, _CEILING / np.maximum(peak, 1.0))
        before = np.minimum(self._applied, _CEILING / np.maximum(peak, 1.0))
        self._applied = gain
        ramp = np.linspace(0, 1, piece.shape[1] + 1)[1:]
        curve = before[:, None] + (gain - before)[:, None] * ramp
        levelled: Pcm = np.clip(np.rint(piece * curve), -32768, 32767).astype(np.int16)
        return levelled
