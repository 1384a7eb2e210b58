"""Keys (DTMF) on many lines at once, as receivers of exchanges have to hear them.

Blocks of 10 ms are asked how much of their power lies at the eight frequencies of keys (a dial tone may sound beside the first key);
three in a row are looked at closely: both frequencies are measured, so that a tone that is 1.8 % off is a key and one that is
3 % off is none, which receivers of fixed filters cannot tell. Close looks are rare, so the cost is that of one product of matrices.
Source: ITU-T Q.23; Q.24 table A-1 (levels, twist, ±1.5 % yes, ±3.5 % no, 40 ms yes, 23 ms no, interruptions of 10 ms); ETSI ES 201 235-3
"""

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.tones import FULL_SINE_DBM0, RATE_HZ, Key, KeySensitivity
from appliance.media.pcm import Pcm
from appliance.media.tones.frames import FRAME, Floats, Frames, power_of

_BLOCK = 80
_TAIL = 16 * _BLOCK
_ROWS = (697.0, 770.0, 852.0, 941.0)
_COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
_PAD = ("123A", "456B", "789C", "*0#D")
_DIAL = (400.0, 450.0)
_DIAL_TONES = (340, 462)
_MOST_DIAL = 0.5
"""A tone beside the key may be half as strong; stronger ones are voices, whose harmonics lie like keys now and then."""
_PARTS = (2 * len(_ROWS), 2 * (len(_ROWS) + len(_COLUMNS)))
_WEAKER_SHARE = 0.06
_FEWEST, _MOST, _TRIES = 3, 8, 5
_PAUSE = 3
_SHARE, _KEYS_SHARE, _CLOSE_SHARE = 0.8, 0.35, 0.85
_FARTHEST_OFF = 0.025
_OCTAVE = 0.015
"""A tone and its octave are a note of an instrument: keys that are 1.5 % off come no nearer than 0.025."""
_TWIST_MARGIN_DB = 1.0
_EDGE = 16
_POINTS = 2048
_STEP_HZ = RATE_HZ / _POINTS


class Pressed(NamedTuple):
    """A key on one of many channels."""

    channel: int
    key: Key


class KeyBank:
    """The keys of many lines, each told once when it began, within 6 ms."""

    def __init__(self, channels: int) -> None:
        self.is_wanted: npt.NDArray[np.bool_] = np.zeros(channels, np.bool_)
        """Which channels are listened to. Shape: bool[channels]"""
        self._sensitivities = [KeySensitivity()] * channels
        self._weakest = np.zeros(channels, np.float32)
        self._fewest = np.full(channels, _FEWEST, np.int64)
        self._tail: Pcm = np.zeros((channels, _TAIL), np.int16)
        self._run = np.zeros(channels, np.int64)
        self._gap = np.full(channels, _PAUSE, np.int64)
        self._is_known = np.zeros(channels, np.bool_)
        self._digits = [""] * channels
        self._space = _space()

    def listen(self, channel: int, sensitivity: KeySensitivity | None) -> None:
        """Begin to listen to a channel, or cease to (None)."""
        self.is_wanted[channel] = sensitivity is not None
        self._run[channel], self._is_known[channel], self._digits[channel] = 0, False, ""
        if sensitivity is not None:
            self._sensitivities[channel] = sensitivity
            self._weakest[channel] = power_of(sensitivity.weakest_dbm0) * _SHARE
            self._fewest[channel] = max(sensitivity.shortest_ms // 10 - 1, _FEWEST)

    def feed_frames(self, frames: Frames) -> list[Pressed]:
        """Keys that began, in the order of time."""
        channels, count = frames.power.shape
        found: list[Pressed] = []
        if not count:
            return found
        sound = frames.samples.reshape(channels, count * FRAME)
        whole = np.concatenate([self._tail, sound.astype(np.int16)], axis=1)
        self._tail = whole[:, -_TAIL:]
        flags = self._flags(frames)
        if not flags.any():
            self._rest(flags.shape[1])
            return found
        for place in range(flags.shape[1]):
            flag = flags[:, place]
            self._run = np.where(flag, self._run + 1, 0)
            self._is_known &= flag
            self._gap = np.where(flag, 0, self._gap + 1)
            for channel in np.flatnonzero(self._gap == _PAUSE).tolist():
                self._digits[channel] = ""
            due = (self._run >= self._fewest) & (self._run <= self._fewest + _TRIES) & ~self._is_known
            for channel in np.flatnonzero(due).tolist():
                run, end = int(self._run[channel]), _TAIL + (place + 1) * _BLOCK
                heard = whole[channel, end - min(run, _MOST) * _BLOCK + _EDGE : end].astype(np.float64)
                seen = _closely(heard, self._sensitivities[channel])
                if seen is None:
                    continue
                self._is_known[channel] = True
                if seen[0] != self._digits[channel]:
                    self._digits[channel] = seen[0]
                    at = frames.first + (place + 1 - run) * _BLOCK
                    found.append(Pressed(channel, Key(at, *seen)))
        return found

    def _rest(self, blocks: int) -> None:
        """So many blocks of no key on any channel, as lines nearly always are."""
        self._run[:] = 0
        self._is_known[:] = False
        before = self._gap
        self._gap = before + blocks
        for channel in np.flatnonzero((before < _PAUSE) & (self._gap >= _PAUSE)).tolist():
            self._digits[channel] = ""

    def _flags(self, frames: Frames) -> npt.NDArray[np.bool_]:
        """Which blocks of 10 ms hold little but key tones, bool[channels, blocks]."""
        channels, count = frames.power.shape
        per_frame = FRAME // _BLOCK
        flags = np.zeros((channels, count * per_frame), np.bool_)
        loud = np.repeat(
            (frames.power >= self._weakest[:, None]) & self.is_wanted[:, None], per_frame, axis=1
        )
        chosen = np.flatnonzero(loud)
        if not chosen.size:
            return flags
        blocks = frames.samples.reshape(-1, _BLOCK)[chosen]
        energy = np.einsum("bs,bs->b", blocks, blocks) + 1
        parts = np.square(blocks @ self._space)
        of_rows, of_columns, of_dial = (part.sum(axis=1) for part in np.split(parts, _PARTS, axis=1))
        of_keys = of_rows + of_columns
        flags.reshape(-1)[chosen] = (
            (of_keys + of_dial >= _SHARE * energy)
            & (of_keys >= _KEYS_SHARE * energy)
            & (np.minimum(of_rows, of_columns) >= _WEAKER_SHARE * of_keys)
        )
        return flags


def _space() -> Floats:
    """Orthonormal columns: sixteen that span keys, then what dial tones add, float32[80, 20]."""
    space = np.linalg.qr(_sines((*_ROWS, *_COLUMNS, *_DIAL), _BLOCK))[0]
    return np.ascontiguousarray(space.astype(np.float32))


def _sines(frequencies_hz: tuple[float, ...], count: int) -> npt.NDArray[np.float64]:
    angle = 2 * np.pi * np.outer(np.arange(count) / RATE_HZ, np.array(frequencies_hz))
    found: npt.NDArray[np.float64] = np.stack([np.cos(angle), np.sin(angle)], axis=2).reshape(count, -1)
    return found


@functools.cache
def _window(count: int) -> npt.NDArray[np.float64]:
    return np.hanning(count + 2)[1:-1]


def _closely(heard: npt.NDArray[np.float64], sensitivity: KeySensitivity) -> tuple[str, int] | None:
    """The key in these samples and its level (dBm0), by its measured frequencies; None when it is none."""
    spectrum = np.abs(np.fft.rfft(heard * _window(heard.size), _POINTS))
    low, high = _peak(spectrum, 640, 1010), _peak(spectrum, 1130, 1720)
    row, column = _nearest(low, _ROWS), _nearest(high, _COLUMNS)
    if row is None or column is None or abs(high / low - 2) <= _OCTAVE:
        return None
    first, last = (round(hz / _STEP_HZ) for hz in _DIAL_TONES)
    beside = first + int(np.argmax(spectrum[first:last]))
    amplitudes = np.linalg.lstsq(_sines((low, high, beside * _STEP_HZ), heard.size), heard, rcond=None)[0]
    of_low, of_high, of_dial = (np.square(amplitudes).reshape(3, 2).sum(axis=1) / 2).tolist()
    power = float(np.mean(np.square(heard))) + 1e-9
    if of_low + of_high + of_dial < _CLOSE_SHARE * power or of_dial > _MOST_DIAL * (of_low + of_high):
        return None
    if min(of_low, of_high) < power_of(sensitivity.weakest_dbm0):
        return None
    twist_db = 10 * np.log10(of_low / of_high)
    most, least = sensitivity.twist_db + _TWIST_MARGIN_DB, -sensitivity.reverse_twist_db - _TWIST_MARGIN_DB
    if not least <= twist_db <= most:
        return None
    level = 10 * np.log10((of_low + of_high) / (32767**2 / 2)) + FULL_SINE_DBM0
    return _PAD[row][column], round(level)


def _peak(spectrum: npt.NDArray[np.float64], from_hz: int, to_hz: int) -> float:
    """The frequency of the highest point between two, finer than the points; 0 when it lies at an edge."""
    first, last = round(from_hz / _STEP_HZ), round(to_hz / _STEP_HZ)
    place = first + int(np.argmax(spectrum[first:last]))
    if place in (first, last - 1):
        return 0.0
    left, top, right = np.log(spectrum[place - 1 : place + 2] + 1e-9).tolist()
    bend = left - 2 * top + right
    return (place + (0.5 * (left - right) / bend if bend else 0.0)) * _STEP_HZ


def _nearest(hz: float, of: tuple[float, ...]) -> int | None:
    """Which of the frequencies this is, None when it is too far from all."""
    place = int(np.argmin(np.abs(np.array(of) - hz)))
    return place if abs(hz / of[place] - 1) <= _FARTHEST_OFF else None
