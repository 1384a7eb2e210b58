"""Who calls, as the exchange tells it to the telephone: by FSK or by keys, in the sound of a line.

spandsp reads FSK down to some -30 dBm0 and no further, while a tap of high impedance may bring less; so the sound is brought
to one level before, ten milliseconds at a time. Bell 202 and V.23 differ by 100 Hz in their tones: a receiver for each
listens, and what both read is told once.
Source: ETSI EN 300 659-1 §6 (V.23: 1300/2100 Hz, 1200 bit/s), -3; Telcordia GR-30-CORE (Bell 202: 1200/2200 Hz); YD/T 1277.1
"""

import ctypes
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.domain.tones import RATE_HZ, CallerForm, Identity, KeySensitivity
from appliance.media.pcm import Pcm
from appliance.media.tones import presentation
from appliance.media.tones.frames import power_of
from appliance.media.tones.keys import KeyTones
from appliance.media.tones.presentation import KeyedIdentity
from appliance.media.tones.spandsp import Detector, MessageReport, Receiver, contiguous

_CLASS = 1
_CLIP = 2
_STANDARDS = (_CLASS, _CLIP)
_FRAME = 80
_WANTED_DBM0 = -14.0
_MOST_GAIN_DB = 40.0
_RISE = 1.6
_SAME_S = 3


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
    """The callers told by FSK on many lines: one leveller, two receivers for each line that is listened to.

    Raises: NoTones when made or when a line is added
    """

    def __init__(self, channels: int, listening: Iterable[int] | None = None) -> None:
        self._leveller = Leveller(channels)
        self._fed = 0
        self._found: list[Call] = []
        self._lines: dict[int, _Line] = {}
        self._last: dict[int, Identity] = {}
        for channel in range(channels) if listening is None else listening:
            self.listen(channel, is_wanted=True)

    def listen(self, channel: int, is_wanted: bool) -> None:  # noqa: FBT001 - the one thing that is said
        """Begin or cease to listen to a line."""
        if is_wanted and channel not in self._lines:
            self._lines[channel] = _Line(channel, self._told)
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
        levelled = contiguous(self._leveller.feed(samples, self._rows))
        address, count = levelled.ctypes.data, levelled.shape[1]
        for channel in self._rows.tolist():
            for receiver in self._lines[channel].receivers:
                receiver.feed(address, count)
            address += levelled.strides[0]
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """Free the receivers; feeding them afterwards finds nothing."""
        for channel in list(self._lines):
            self.listen(channel, is_wanted=False)

    def _told(self, channel: int, message: bytes) -> None:
        """A message with a right sum came; the same again within seconds is the other receiver's."""
        found = presentation.read(message, self._fed)
        if found is None:
            return
        last = self._last.get(channel)
        if last is not None and found.at - last.at < _SAME_S * RATE_HZ and _said(found) == _said(last):
            return
        self._last[channel] = found
        self._found.append(Call(channel, found))


def _said(one: Identity) -> tuple[str, ...]:
    return one.number, one.name, one.sent_at, one.withheld


class _Line:
    """The receivers of one line."""

    def __init__(self, channel: int, told: Callable[[int, bytes], None]) -> None:
        def report(_user: int | None, address: int, count: int) -> None:
            told(channel, ctypes.string_at(address, count))

        kept = MessageReport(report)
        self.receivers = [Receiver("adsi_rx", standard, kept, None, report=kept) for standard in _STANDARDS]

    def close(self) -> None:
        for receiver in self.receivers:
            receiver.close()


class Leveller:
    """Brings signals of steady strength to one level, whatever the line takes away; noise alone is brought up, too.

    The gain drops at once and rises over a few frames, so that the first bits of a message are not clipped.
    """

    def __init__(self, channels: int) -> None:
        self._gain = np.ones(channels, np.float32)
        self._wanted = power_of(_WANTED_DBM0) ** 0.5
        self._most = 10 ** (_MOST_GAIN_DB / 20)

    def feed(self, samples: Pcm, rows: npt.NDArray[np.intp]) -> Pcm:
        """The samples of some channels, levelled.

        Shape: int16[channels, n], intp[k] -> int16[k, n]
        """
        count = samples.shape[1]
        frames = -(-count // _FRAME)
        heard = np.zeros((rows.size, frames * _FRAME), np.float32)
        heard[:, :count] = samples[rows]
        cut = heard.reshape(rows.size, frames, _FRAME)
        power = np.einsum("cfs,cfs->cf", cut, cut) / _FRAME
        if rest := count % _FRAME:
            power[:, -1] *= _FRAME / rest
        wanted = np.clip(self._wanted / np.sqrt(power + 1.0), 0.05, self._most)
        course = np.empty((rows.size, frames, 1), np.float32)
        gain = self._gain[rows]
        for place in range(frames):
            gain = np.minimum(wanted[:, place], gain * _RISE)
            course[:, place, 0] = gain
        self._gain[rows] = gain
        cut *= course
        np.clip(cut, -32768, 32767, out=cut)
        return heard.astype(np.int16)[:, :count]
