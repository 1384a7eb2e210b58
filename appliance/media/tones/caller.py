"""Who calls, as the exchange tells it to the telephone: by FSK or by keys, in the sound of a line.

spandsp reads FSK down to some -30 dBm0 and no further, and not when the line takes more from one of the two tones than from the
other; a tap of high impedance on a long line does both. So a limiter comes before it, as in every receiver of frequencies: what
reaches spandsp has one strength. One receiver then reads Bell 202 and V.23, whose tones differ by 100 Hz.
Source: ETSI EN 300 659-1 §6 (V.23: 1300/2100 Hz, 1200 bit/s), -3; Telcordia GR-30-CORE (Bell 202: 1200/2200 Hz); YD/T 1277.1
"""

import ctypes
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.tones import RATE_HZ, CallerForm, Identity, KeySensitivity
from appliance.media.pcm import Pcm
from appliance.media.tones import presentation
from appliance.media.tones.frames import Floats
from appliance.media.tones.keys import KeyTones
from appliance.media.tones.presentation import KeyedIdentity
from appliance.media.tones.spandsp import Detector, MessageReport, Receiver

_CLASS = 1
_STRENGTH = 6500.0
_FLOOR = 20.0
_HALF_BAND_HZ = 900.0
_ROWS_AT_ONCE = 32


class CallerIdentity(Detector):
    """The callers told on one line.

    Raises: NoTones when made
    """

    def __init__(self, form: CallerForm = CallerForm.FSK, sensitivity: KeySensitivity | None = None) -> None:
        self._modems = FskCallers(1) if form is CallerForm.FSK else None
        self._keys = KeyTones(sensitivity or KeySensitivity()) if form is CallerForm.DTMF else None
        self._reader = KeyedIdentity()
        self._fed = 0

    def feed(self, samples: Pcm) -> list[Identity]:
        """The callers told within these samples.

        Shape: int16[n]
        """
        if self._modems is not None:
            return [one.identity for one in self._modems.feed(samples.reshape(1, -1))]
        self._fed += samples.size
        assert self._keys is not None
        told = [self._reader.key(key.at, key.digit) for key in self._keys.keys(samples)]
        told.append(self._reader.moment(self._fed))
        return [one for one in told if one is not None]

    def close(self) -> None:
        """Free the detector; feeding it afterwards finds nothing."""
        if self._modems is not None:
            self._modems.close()
        if self._keys is not None:
            self._keys.close()


class Call(NamedTuple):
    """A caller on one of many lines."""

    channel: int
    identity: Identity


class FskCallers(Detector):
    """The callers told by FSK on many lines: a limiter and a receiver for each line that is listened to.

    Raises: NoTones when made or when a line is added
    """

    def __init__(self, channels: int, listening: Iterable[int] | None = None) -> None:
        self._limiter = Limiter(channels)
        self._fed = 0
        self._found: list[Call] = []
        self._lines: dict[int, Receiver] = {}
        for channel in range(channels) if listening is None else listening:
            self.listen(channel, is_wanted=True)

    def listen(self, channel: int, is_wanted: bool) -> None:  # noqa: FBT001 - the one thing that is said
        """Begin or cease to listen to a line."""
        if is_wanted and channel not in self._lines:
            self._lines[channel] = self._line(channel)
        elif not is_wanted and channel in self._lines:
            self._lines.pop(channel).close()
        self._rows = np.array(sorted(self._lines), np.intp)

    def feed(self, samples: Pcm) -> list[Call]:
        """The callers told within these samples; `at` is the end of the batch that completed the message.

        Shape: int16[channels, n]
        """
        self._fed += samples.shape[1]
        if not self._lines:
            return []
        limited = self._limiter.feed(samples, self._rows)
        address, count = limited.ctypes.data, limited.shape[1]
        for channel in self._rows.tolist():
            self._lines[channel].feed(address, count)
            address += limited.strides[0]
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """Free the receivers; feeding them afterwards finds nothing."""
        for channel in list(self._lines):
            self.listen(channel, is_wanted=False)

    def _line(self, channel: int) -> Receiver:
        def report(_user: int | None, address: int, count: int) -> None:
            found = presentation.read(ctypes.string_at(address, count), self._fed)
            if found is not None:
                self._found.append(Call(channel, found))

        kept = MessageReport(report)
        return Receiver("adsi_rx", _CLASS, kept, None, report=kept)


class Limiter:
    """The same frequencies at one strength, five samples later.

    A band-pass around a quarter of the rate makes a pair of signals a quarter of a period apart (half of its taps are zero in each,
    the rest mirror each other); divided by the length of the pair, the first one is the signal without its strength.
    """

    _TAPS = 11

    def __init__(self, channels: int) -> None:
        self._before = np.zeros((channels, self._TAPS - 1), np.int16)
        place = np.arange(self._TAPS) - self._TAPS // 2
        window = 0.54 + 0.46 * np.cos(np.pi * place / (self._TAPS // 2))
        taps = window * np.sinc(2 * _HALF_BAND_HZ / RATE_HZ * place)
        self._taps = (taps / taps.sum())[self._TAPS // 2 :].astype(np.float32)

    def feed(self, samples: Pcm, rows: npt.NDArray[np.intp]) -> Pcm:
        """The samples of some channels, all of one strength.

        Shape: int16[channels, n], intp[k] -> int16[k, n]
        """
        limited = np.empty((rows.size, samples.shape[1]), np.int16)
        for first in range(0, rows.size, _ROWS_AT_ONCE):
            some = rows[first : first + _ROWS_AT_ONCE]
            heard = np.concatenate([self._before[some], samples[some]], axis=1)
            self._before[some] = heard[:, heard.shape[1] - self._TAPS + 1 :]
            limited[first : first + _ROWS_AT_ONCE] = self._limited(heard.astype(np.float32))
        return limited

    def _limited(self, heard: Floats) -> Floats:
        middle, count = self._TAPS // 2, heard.shape[1] - self._TAPS + 1
        tap = self._taps

        def at(offset: int) -> Floats:
            return heard[:, middle + offset : middle + offset + count]

        real: Floats = tap[0] * at(0) - tap[2] * (at(2) + at(-2)) + tap[4] * (at(4) + at(-4))
        other = tap[1] * (at(1) - at(-1)) - tap[3] * (at(3) - at(-3)) + tap[5] * (at(5) - at(-5))
        other *= other
        other += real * real
        np.sqrt(other, out=other)
        other += _FLOOR
        real *= _STRENGTH
        real /= other
        return real
