"""Tones of the exchange: dial, ring-back, busy, congestion, and tones of somebody's own, for many lines at once.

Each frame of 20 ms is asked how much of its power lies at the frequencies of a tone; three frames vote, so that a click neither
makes nor breaks one. What changes is then read as a rhythm, line by line, so work is done where something changes.
Source: ITU-T E.180; the patterns are in domain/tones.py
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.tones import PATTERNS, Country, Pattern, Tone
from appliance.media.pcm import Pcm
from appliance.media.tones.frames import FRAME, FRAME_MS, Floats, Frames, Framing, power_of, waves
from appliance.media.tones.rhythm import NEVER, Rhythm

_WEAKEST_DBM0 = -43.0
_SHARE = 0.75
_LEAST_OF_TWO = 0.05
_LOUD_BESIDE = 1 / 8
_QUIET = 0


class Sounding(NamedTuple):
    """A tone on one of many channels."""

    channel: int
    tone: Tone


class _Chord:
    """Frequencies that sound together: the space of all such frames, and of each frequency alone."""

    def __init__(self, frequencies_hz: tuple[int, ...], tolerance_hz: int) -> None:
        edges = [
            tuple(float(hz + sign * tolerance_hz * 0.75) for sign in (-1, 1))
            if tolerance_hz
            else (float(hz),)
            for hz in frequencies_hz
        ]
        self.all = _space(tuple(hz for pair in edges for hz in pair))
        self.each = [_space(pair) for pair in edges] if len(edges) > 1 else []


def _space(frequencies_hz: tuple[float, ...]) -> Floats:
    """Orthonormal columns that span the waves of these frequencies, float32[160, k]."""
    return np.ascontiguousarray(np.linalg.qr(waves(frequencies_hz).astype(np.float64))[0].astype(np.float32))


class ProgressTones:
    """The tones of many lines that hear the same patterns."""

    def __init__(self, patterns: Sequence[Pattern] | Country = Country.CHINA, channels: int = 1) -> None:
        if isinstance(patterns, Country):
            patterns = PATTERNS[patterns]
        keys = list(dict.fromkeys((one.frequencies_hz, one.tolerance_hz) for one in patterns))
        self._chords = [_Chord(*key) for key in keys]
        grouped = {
            place + 1: tuple(one for one in patterns if (one.frequencies_hz, one.tolerance_hz) == key)
            for place, key in enumerate(keys)
        }
        self.is_wanted: npt.NDArray[np.bool_] = np.ones(channels, np.bool_)
        """Which channels are listened to; may be changed at any time. Shape: bool[channels]"""
        self._framing = Framing(channels)
        self._rhythms = [Rhythm(grouped) for _ in range(channels)]
        self._votes = np.zeros((channels, 2), np.int8)
        self._state = np.zeros(channels, np.int8)
        self._since = np.zeros(channels, np.int64)
        self._deadline = np.full(channels, NEVER, np.int64)
        self._power = np.zeros(channels, np.float32)
        self._tone_power = np.zeros(channels, np.float32)
        self._loud = np.zeros(channels, np.int64)

    def feed(self, samples: Pcm) -> list[Tone]:
        """Tones of one line that were recognised or are over.

        Shape: int16[n]
        """
        return [one.tone for one in self.feed_frames(self._framing.feed(samples.reshape(1, -1)))]

    def feed_frames(self, frames: Frames) -> list[Sounding]:
        """The same of all channels, in the order of time; frames that others look at, too."""
        channels, count = frames.power.shape
        found: list[Sounding] = []
        if not count:
            return found
        heard = np.concatenate([self._votes, self._heard(frames).reshape(channels, count)], axis=1)
        self._votes = heard[:, -2:]
        for place in range(count):
            before, middle, after = heard[:, place], heard[:, place + 1], heard[:, place + 2]
            # The middle frame's state is what two of the three say.
            now = np.where(before == after, before, middle)
            at = frames.first + (place - 1) * FRAME
            self._listen(now, self._power, at, found)
            self._power = frames.power[:, place]
        return found

    def _listen(self, now: npt.NDArray[np.int8], power: Floats, at: int, found: list[Sounding]) -> None:
        """One frame of all channels."""
        is_tone = now != _QUIET
        np.copyto(self._tone_power, power, where=is_tone)
        self._loud += ~is_tone & (power > self._tone_power * _LOUD_BESIDE)
        is_changed = now != self._state
        is_due = at - self._since >= self._deadline
        for channel in np.flatnonzero(is_changed | is_due).tolist():
            rhythm = self._rhythms[channel]
            frames = (at - int(self._since[channel])) // FRAME
            if is_due[channel]:
                tones = rhythm.lasts(int(self._state[channel]), frames, int(self._loud[channel]))
                found.extend(Sounding(channel, tone) for tone in tones)
            if is_changed[channel]:
                tones = rhythm.changes(int(self._state[channel]), int(now[channel]), at, frames * FRAME_MS)
                found.extend(Sounding(channel, tone) for tone in tones)
                self._state[channel] = now[channel]
                self._since[channel] = at
                self._loud[channel] = 0
            self._deadline[channel] = rhythm.deadline

    def _heard(self, frames: Frames) -> npt.NDArray[np.int8]:
        """The chord in each frame, counted from 1, 0 none; only frames that are loud enough are asked."""
        power = frames.power.reshape(-1)
        heard = np.zeros(power.size, np.int8)
        is_wanted = np.repeat(self.is_wanted, frames.power.shape[1])
        loud = np.flatnonzero((power >= power_of(_WEAKEST_DBM0)) & is_wanted)
        if not loud.size:
            return heard
        samples = frames.samples.reshape(-1, FRAME)[loud]
        energy = power[loud] * FRAME
        best = np.full(loud.size, _SHARE, np.float32)
        chosen = np.zeros(loud.size, np.int8)
        for place, chord in enumerate(self._chords):
            share = np.square(samples @ chord.all).sum(axis=1) / energy
            is_better = share > best
            for space in chord.each:
                some = np.flatnonzero(is_better)
                parts = np.square(samples[some] @ space).sum(axis=1) / energy[some]
                is_better[some] = parts > _LEAST_OF_TWO
            best[is_better] = share[is_better]
            chosen[is_better] = place + 1
        heard[loud] = chosen
        return heard
