"""Keys (DTMF) in the sound of one speaker, by spandsp.

Source: ITU-T Q.23, Q.24 (push-button receivers); ETSI ES 201 235-3
"""

from appliance.domain.tones import RATE_HZ, Key, KeySensitivity
from appliance.media.pcm import Pcm
from appliance.media.tones.spandsp import Detector, Receiver, ToneReport, contiguous, library

_USUAL = KeySensitivity()
_BLOCK = 102
_BEFORE = 2 * _BLOCK


class KeyTones(Detector):
    """Keys of one voice, each told once when it began.

    The library sees a key after two of its blocks of 12.75 ms; one that has to last longer is held back until it has.
    Raises: NoTones when made
    """

    def __init__(self, sensitivity: KeySensitivity = _USUAL) -> None:
        self._shortest = sensitivity.shortest_ms * RATE_HZ // 1000
        self._changed_at = 0
        self._held: Key | None = None
        self._found: list[Key] = []
        self._fed = 0
        report = ToneReport(self._changed)
        self._receiver = Receiver("dtmf_rx", None, None, report=report)
        functions = library()
        # A dial tone never lies under the keys of a call, and its filter would cost more than the detector.
        functions.dtmf_rx_parms(
            self._receiver.state,
            0,
            sensitivity.twist_db,
            sensitivity.reverse_twist_db,
            sensitivity.weakest_dbm0,
        )
        functions.dtmf_rx_set_realtime_callback(self._receiver.state, report, None)

    def feed(self, samples: Pcm) -> str:
        """The keys whose tones were recognised within these samples, each once: 0-9, *, #, A-D.

        Shape: int16[n]
        """
        return "".join(key.digit for key in self.keys(samples))

    def keys(self, samples: Pcm) -> list[Key]:
        """The same with the moments they began.

        Shape: int16[n]
        """
        block = contiguous(samples)
        return self.run(block.ctypes.data, block.size)

    def run(self, address: int, count: int) -> list[Key]:
        """The same of samples in memory, for those who feed many detectors."""
        self._receiver.feed(address, count)
        self._fed += count
        if self._held is not None and self._fed - self._held.at >= self._shortest:
            self._found.append(self._held)
            self._held = None
        if not self._found:
            return []
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """Free the detector; feeding it afterwards finds nothing."""
        self._receiver.close()

    def _changed(self, _user: int | None, digit: int, level: int, after: int) -> None:
        """A key began (its code) or ended (0), `after` so many samples since the last change."""
        self._changed_at += after
        if self._held is not None:
            if self._changed_at - self._held.at >= self._shortest:
                self._found.append(self._held)
            self._held = None
        if digit:
            self._held = Key(max(self._changed_at - _BEFORE, 0), chr(digit), level)
