"""Fax machines on a line, by spandsp: the calling tone, the answering tone and the flags before a message.

Source: ITU-T T.30 §4 (CNG 1100 Hz, CED 2100 Hz, preamble: flags of V.21 channel 2)
"""

from appliance.domain.tones import Fax, FaxKind
from appliance.media.pcm import Pcm
from appliance.media.tones.spandsp import Detector, Receiver, ToneReport, contiguous

_CNG = 1
_CED_OR_PREAMBLE = 7
_KINDS = {1: FaxKind.CNG, 2: FaxKind.CED, 6: FaxKind.PREAMBLE}
_ANSWERS = (2, 3, 4, 5)


class FaxTones(Detector):
    """Fax machines in one voice; each sign is told when it begins.

    Raises: NoTones when made
    """

    def __init__(self) -> None:
        self._fed = 0
        self._found: list[Fax] = []
        self._sounding: FaxKind | None = None
        report = ToneReport(self._heard)
        self._receivers = [
            Receiver("modem_connect_tones_rx", kind, report, None, report=report)
            for kind in (_CNG, _CED_OR_PREAMBLE)
        ]

    def feed(self, samples: Pcm) -> list[Fax]:
        """What began within these samples, to the block.

        Shape: int16[n]
        """
        block = contiguous(samples)
        return self.run(block.ctypes.data, block.size)

    def run(self, address: int, count: int) -> list[Fax]:
        """The same of samples in memory."""
        for receiver in self._receivers:
            receiver.feed(address, count)
        self._fed += count
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """Free the detector; feeding it afterwards finds nothing."""
        for receiver in self._receivers:
            receiver.close()

    def _heard(self, _user: int | None, code: int, _level: int, _after: int) -> None:
        kind = FaxKind.CED if code in _ANSWERS else _KINDS.get(code)
        if kind is not None and kind is not self._sounding:
            self._found.append(Fax(self._fed, kind))
        self._sounding = kind
