"""All detectors of all channels of a board behind one call a batch.

What looks at frames (voice, keys, tones of the exchange, MFC) does so for all channels at once; spandsp (callers by FSK, fax) is called
once a channel and batch. A batch of 100 to 200 ms costs least. Detectors of one channel can be changed while the others go on.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import msgspec

from appliance.domain.tones import (
    USUAL_RECORDING_LEVEL,
    CallerForm,
    Found,
    KeySensitivity,
    MfcDirection,
    Pattern,
)
from appliance.media.pcm import Pcm
from appliance.media.tones.caller import FskCallers
from appliance.media.tones.fax import FaxTones
from appliance.media.tones.frames import Floats, Frames, Framing
from appliance.media.tones.keypad import KeyBank
from appliance.media.tones.mfc import MfcTones
from appliance.media.tones.presentation import KeyedIdentity
from appliance.media.tones.progress import ProgressTones
from appliance.media.tones.spandsp import contiguous
from appliance.media.voice import Activity, Turn


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is listened for on one channel. Caller identity by keys needs `keys`, and is read from them."""

    keys: KeySensitivity | None = None
    caller: CallerForm | None = None
    progress: tuple[Pattern, ...] = ()
    fax: bool = False
    mfc: frozenset[MfcDirection] = frozenset()
    recording_level: int = USUAL_RECORDING_LEVEL
    voice_ms: int = 100
    silence_ms: int = 3000


class Sign(NamedTuple):
    """Something found on a channel (by its place in the batch, from 0)."""

    channel: int
    found: Found


class Heard(NamedTuple):
    """What one batch brought: also the level of the batch and the mean square of each frame of 20 ms.

    Shape: level_dbm0 float32[channels], power float32[channels, frames]
    """

    signs: list[Sign]
    turns: list[Turn]
    level_dbm0: Floats
    power: Floats


class Bank:
    """The detectors of a board.

    Offsets of what is found count samples since the bank began, for every channel, also for one that was changed later.
    Raises: NoTones when made or changed, when something of spandsp is wanted
    """

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        channels = len(wanted)
        self._channels = channels
        self._framing = Framing(channels)
        self._fed = 0
        self.activity = Activity(channels)
        self._keys = KeyBank(channels)
        self._readers: dict[int, KeyedIdentity] = {}
        self._faxes: dict[int, tuple[int, FaxTones]] = {}
        self._callers = FskCallers(channels, ())
        self._progress: dict[tuple[Pattern, ...], ProgressTones] = {}
        self._mfc: dict[MfcDirection, MfcTones] = {}
        for channel, one in enumerate(wanted):
            self.change(channel, one)

    def change(self, channel: int, wanted: Wanted) -> None:
        """Listen for other things on one channel; its detectors begin anew.

        Raises: NoTones
        """
        self._strip(channel)
        self.activity.configure(channel, wanted.recording_level, wanted.voice_ms, wanted.silence_ms)
        if wanted.keys is not None:
            self._keys.listen(channel, wanted.keys)
            if wanted.caller is CallerForm.DTMF:
                self._readers[channel] = KeyedIdentity()
        if wanted.fax:
            self._faxes[channel] = (self._fed, FaxTones())
        if wanted.caller is CallerForm.FSK:
            self._callers.listen(channel, is_wanted=True)
        if wanted.progress:
            if wanted.progress not in self._progress:
                self._progress[wanted.progress] = ProgressTones(wanted.progress, self._channels)
                self._progress[wanted.progress].is_wanted[:] = False
            self._progress[wanted.progress].is_wanted[channel] = True
        self.listen_for_registers(channel, wanted.mfc)

    def listen_for_registers(self, channel: int, directions: AbstractSet[MfcDirection]) -> None:
        """Listen for register signals of these directions and no others from now on; the other detectors go on."""
        for direction in directions:
            if direction not in self._mfc:
                self._mfc[direction] = MfcTones(direction, self._channels)
                self._mfc[direction].is_wanted[:] = False
        for direction, mfc in self._mfc.items():
            mfc.is_wanted[channel] = direction in directions

    def feed(self, samples: Pcm) -> Heard:
        """The next samples of every channel.

        Shape: int16[channels, n]
        """
        batch = contiguous(samples)
        self._fed += batch.shape[1]
        signs = self._faxes_in(batch)
        signs += [Sign(one.channel, one.identity) for one in self._callers.feed(batch)]
        frames = self._framing.feed(batch)
        signs += self._keys_in(frames)
        for progress in self._progress.values():
            signs += [Sign(one.channel, one.tone) for one in progress.feed_frames(frames)]
        for mfc in self._mfc.values():
            signs += [Sign(one.channel, one.mfc) for one in mfc.feed_frames(frames)]
        turns = self.activity.feed_frames(frames)
        return Heard(signs, turns, self.activity.level_dbm0, frames.power)

    def close(self) -> None:
        """Free all detectors."""
        for channel in range(self._channels):
            self._strip(channel)

    def _strip(self, channel: int) -> None:
        self._keys.listen(channel, None)
        began = self._faxes.pop(channel, None)
        if began is not None:
            began[1].close()
        self._readers.pop(channel, None)
        self._callers.listen(channel, is_wanted=False)
        for progress in self._progress.values():
            progress.is_wanted[channel] = False
        self.listen_for_registers(channel, frozenset())

    def _keys_in(self, frames: Frames) -> list[Sign]:
        """Keys, and callers told by keys."""
        signs: list[Sign] = []
        for channel, key in self._keys.feed_frames(frames):
            signs.append(Sign(channel, key))
            if (reader := self._readers.get(channel)) is not None:
                told = reader.key(key.at, key.digit)
                if told is not None:
                    signs.append(Sign(channel, told))
        for channel, reader in self._readers.items():
            if (one := reader.moment(self._fed)) is not None:
                signs.append(Sign(channel, one))
        return signs

    def _faxes_in(self, batch: Pcm) -> list[Sign]:
        """Signs of fax machines: a call of the library for each channel."""
        start, stride, count = batch.ctypes.data, batch.strides[0], batch.shape[1]
        return [
            Sign(channel, one._replace(at=one.at + began))
            for channel, (began, fax) in self._faxes.items()
            for one in fax.run(start + channel * stride, count)
        ]
