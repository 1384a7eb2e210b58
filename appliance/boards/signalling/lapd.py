"""Data links of D-channels (LAPD): what a frame is, and each message of a link once.

A tap hears every frame, also those that are sent again because their acknowledgement was lost or late. `Link` follows one
direction of one D-channel: sequence numbers tell what was there before and how many frames never reached us.

Source: ITU-T Q.921 §2, §3 (frames, addresses, control fields), §5.5 (setting up), §5.6 (transfer)
"""

from enum import Enum

import msgspec

from appliance.core.errors import BadMessage

CALL_CONTROL = 0
"""The service access point of call control; 63 is that of the link's own management."""
BROADCAST = 127
_MODULUS = 128
_SABME = 0x6F
_UA = 0x63
_UI = 0x03
_POLL = 0x10
_REPEATS = 64
"""How far back a frame may be sent again: windows are 7 on primary access, and never more than 127."""


class Kind(Enum):
    """What a frame is for."""

    INFORMATION = "I"
    SUPERVISORY = "S"
    UNNUMBERED = "U"


class Frame(msgspec.Struct, frozen=True):
    """`send` is N(S), of information frames only; `control` the control field of unnumbered frames without the poll bit."""

    sapi: int
    tei: int
    kind: Kind
    payload: bytes
    send: int = 0
    control: int = 0


def read(octets: bytes) -> Frame:
    """A frame without flags and check sequence.

    Raises: BadMessage
    """
    if len(octets) < 3:
        raise BadMessage(problem="shorter than an address and a control field", offset=len(octets))
    first, second, control = octets[0], octets[1], octets[2]
    if first & 1 or not second & 1:
        raise BadMessage(problem="the address has not two octets", offset=0)
    sapi, tei = first >> 2, second >> 1
    if control & 1 == 0:
        if len(octets) < 4:
            raise BadMessage(problem="the control field is cut off", offset=3)
        return Frame(sapi, tei, Kind.INFORMATION, octets[4:], send=control >> 1)
    if control & 2 == 0:
        if len(octets) < 4:
            raise BadMessage(problem="the control field is cut off", offset=3)
        return Frame(sapi, tei, Kind.SUPERVISORY, b"")
    return Frame(sapi, tei, Kind.UNNUMBERED, octets[3:], control=control & ~_POLL)


class Link:
    """One direction of one D-channel: counts what came, came twice and did not come.

    `messages` counts new ones, `repeated` those that were heard before, `lost` sequence numbers that were never heard.
    """

    def __init__(self) -> None:
        self.messages = 0
        self.repeated = 0
        self.lost = 0
        self._expected: dict[tuple[int, int], int] = {}
        self._recent: dict[tuple[int, int], dict[int, bytes]] = {}

    def accept(self, frame: Frame) -> bytes | None:
        """The frame's message when it is new and belongs to call control; None else."""
        if frame.kind is Kind.UNNUMBERED:
            if frame.control == _UI and frame.sapi == CALL_CONTROL:
                self.messages += 1
                return frame.payload
            return None
        if frame.kind is Kind.SUPERVISORY or frame.sapi != CALL_CONTROL:
            return None
        address = (frame.sapi, frame.tei)
        recent = self._recent.setdefault(address, {})
        expected = self._expected.get(address)
        ahead = 0 if expected is None else (frame.send - expected) % _MODULUS
        is_behind = ahead >= _MODULUS - _REPEATS
        if is_behind and recent.get(frame.send) == frame.payload:
            self.repeated += 1
            return None
        if not is_behind:
            self.lost += ahead
            self._expected[address] = (frame.send + 1) % _MODULUS
        recent[frame.send] = frame.payload
        self.messages += 1
        return frame.payload

    def begins_anew(self, frame: Frame) -> bool:
        """Whether this frame sets up the link again, or says that it is."""
        return frame.kind is Kind.UNNUMBERED and frame.control in (_SABME, _UA)

    def reset(self, tei: int) -> None:
        """Numbering of this link starts at 0 again; it does so in both directions."""
        for address in [one for one in self._expected if one[1] == tei]:
            self._expected[address] = 0
            self._recent[address].clear()
