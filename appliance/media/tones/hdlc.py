"""Frames in the raw octets of a 64 kbit/s timeslot, by spandsp.

The first bit on the line is the highest of an octet, as E1 cards deliver it.
Source: ISO/IEC 13239 §4 (flags, zero insertion, FCS 16); ITU-T Q.921 §2, Q.703 §2
"""

import ctypes

from appliance.media.tones.spandsp import Detector, FrameReport, Receiver

_FLAGS_BEFORE = 1
_NO_CRC_32 = 0
_TELL_BROKEN = 1


class HdlcBits(Detector):
    """The frames of one timeslot, without their check sequence; broken ones are counted, not told.

    Raises: NoTones when made
    """

    def __init__(self) -> None:
        self.broken = 0
        self._found: list[bytes] = []
        report = FrameReport(self._came)
        self._receiver = Receiver(
            "hdlc_rx", _NO_CRC_32, _TELL_BROKEN, _FLAGS_BEFORE, report, None, report=report, put="hdlc_rx_put"
        )

    def feed(self, octets: bytes) -> list[bytes]:
        """The frames that ended within these octets, in order."""
        buffer = ctypes.create_string_buffer(octets, len(octets))
        self._receiver.feed(ctypes.addressof(buffer), len(octets))
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """Free the detector; feeding it afterwards finds nothing."""
        self._receiver.close()

    def _came(self, _user: int | None, address: int | None, count: int, is_whole: int) -> None:
        if count < 0 or not address:
            return
        if is_whole:
            self._found.append(ctypes.string_at(address, count))
        else:
            self.broken += 1
