"""How loud many lines are, and who talks: levels and the machine of talk and silence, all lines at once.

A line talks after `voice_ms` above its threshold and is silent after `silence_ms` below it; the moments told are those
where the voice began and where it ended, not where that was known. Frames of 20 ms hold a whole period of mains hum at 50 Hz.
Source: ITU-T P.56 §5 (hangover, thresholds); levels: ITU-T G.711 §4
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.tones import USUAL_RECORDING_LEVEL, threshold_dbm0
from appliance.media.pcm import Pcm
from appliance.media.tones.frames import FRAME, FRAME_MS, Floats, Frames, Framing, dbm0_of, power_of


class Turn(NamedTuple):
    """A line began or ceased to talk. `at` is the sample offset where it did."""

    channel: int
    at: int
    is_talking: bool


class Activity:
    """Levels and talk of all channels of a board."""

    def __init__(
        self,
        channels: int,
        recording_level: int = USUAL_RECORDING_LEVEL,
        voice_ms: int = 100,
        silence_ms: int = 3000,
    ) -> None:
        self._framing = Framing(channels)
        self._threshold = np.full(channels, power_of(threshold_dbm0(recording_level)), np.float32)
        self._voice = np.full(channels, _frames(voice_ms), np.int32)
        self._silence = np.full(channels, _frames(silence_ms), np.int32)
        self._against = np.zeros(channels, np.int32)
        self._for = np.zeros(channels, np.int32)
        self._first_loud = np.zeros(channels, np.int64)
        self._last_loud = np.zeros(channels, np.int64)
        self.level_dbm0: Floats = np.full(channels, -90, np.float32)
        """Of each channel's last fed samples. Shape: float32[channels]"""
        self.is_talking: npt.NDArray[np.bool_] = np.zeros(channels, np.bool_)
        """Shape: bool[channels]"""

    def configure(self, channel: int, recording_level: int, voice_ms: int, silence_ms: int) -> None:
        """Other parameters for one channel, from its next frame on. Level 1 to 32."""
        self._threshold[channel] = power_of(threshold_dbm0(recording_level))
        self._voice[channel] = _frames(voice_ms)
        self._silence[channel] = _frames(silence_ms)

    def feed(self, samples: Pcm) -> list[Turn]:
        """Who began or ceased to talk within these samples.

        Shape: int16[channels, n]
        """
        return self.feed_frames(self._framing.feed(samples))

    def feed_frames(self, frames: Frames) -> list[Turn]:
        """The same of frames that others look at, too."""
        count = frames.power.shape[1]
        turns: list[Turn] = []
        if not count:
            return turns
        self.level_dbm0 = dbm0_of(frames.power.mean(axis=1))
        loud = frames.power >= self._threshold[:, None]
        if not (loud.any() or self.is_talking.any()):
            self._for = np.maximum(self._for - count, 0)
            self._against += count
            return turns
        for place in range(count):
            self._listen(loud[:, place], frames.first + place * FRAME, turns)
        return turns

    def _listen(self, loud: npt.NDArray[np.bool_], at: int, turns: list[Turn]) -> None:
        """One frame of all channels.

        A short dip does not undo what speaks for a voice: the count goes down by one for each quiet frame instead.
        """
        begins = loud & (self._for == 0) & ~self.is_talking
        self._first_loud[begins] = at
        self._for = np.where(loud, self._for + 1, np.maximum(self._for - 1, 0))
        self._last_loud[loud] = at + FRAME
        self._against = np.where(loud, 0, self._against + 1)
        begun = ~self.is_talking & (self._for >= self._voice) & loud
        ended = self.is_talking & (self._against >= self._silence)
        changed = begun | ended
        if not changed.any():
            return
        for channel in np.flatnonzero(changed).tolist():
            is_talking = bool(begun[channel])
            moment = self._first_loud if is_talking else self._last_loud
            turns.append(Turn(channel, int(moment[channel]), is_talking))
        self.is_talking = (self.is_talking | begun) & ~ended
        self._for[changed] = 0


def _frames(milliseconds: int) -> int:
    return max(-(-milliseconds // FRAME_MS), 1)
