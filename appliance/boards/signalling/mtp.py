"""Signalling links of SS7: signal units of level 2, each once, and the label of level 3 with both sizes of point code.

Links send fill-in units without end while they have nothing to say; a passive receiver forgets them first of all.

Source: ITU-T Q.703 §2 (signal units), Q.703 Annex A (2 Mbit/s), Q.704 §2, §14.2 (label, service information), GF 001-9001 (24 bits)
"""

from enum import Enum

import msgspec

from appliance.core.errors import BadMessage
from appliance.settings.trunks import Label

TUP = 4
ISUP = 5
_REPEATS = 0.5
"""Share of the sequence numbers that a link may send again."""


class Unit(Enum):
    """What a signal unit is for."""

    FILL_IN = "FISU"
    STATUS = "LSSU"
    MESSAGE = "MSU"


class SignalUnit(msgspec.Struct, frozen=True):
    """`content` is the service information octet and field of a message, the status field of a status unit."""

    kind: Unit
    forward: int
    content: bytes


class Routed(msgspec.Struct, frozen=True):
    """A message of a user part; `text` begins with the circuit code."""

    service: int
    destination: int
    origin: int
    text: bytes


def read(octets: bytes, *, is_extended: bool = False) -> SignalUnit:
    """A signal unit without flags and check bits.

    `is_extended`: sequence numbers of 12 bits, as links of 2 Mbit/s have.

    Raises: BadMessage
    """
    header = 6 if is_extended else 3
    if len(octets) < header:
        raise BadMessage(problem="shorter than the header of a signal unit", offset=len(octets))
    if is_extended:
        forward = (octets[2] | octets[3] << 8) & 0x0FFF
        length = (octets[4] | octets[5] << 8) & 0x01FF
    else:
        forward = octets[1] & 0x7F
        length = octets[2] & 0x3F
    if length == 0:
        return SignalUnit(Unit.FILL_IN, forward, b"")
    content = octets[header:]
    if length == 63 and not is_extended:
        length = max(length, len(content))
    if len(content) < length:
        raise BadMessage(problem="shorter than its length indicator", offset=len(octets))
    return SignalUnit(Unit.STATUS if length <= 2 else Unit.MESSAGE, forward, content[:length])


def is_fill_in(octets: bytes) -> bool:
    """Whether it is one of the units that a link of 64 kbit/s repeats for ever; the quick way to nine tenths of all."""
    return len(octets) >= 3 and octets[2] & 0x3F == 0


def route(content: bytes, label: Label) -> Routed:
    """The label of a message.

    Shape: ITU: 14 + 14 bits, 4 of selection; China: 24 + 24 bits, the selection in an octet of its own. The telephone
        user part has no selection of its own: it is the low end of the circuit code.
    Raises: BadMessage
    """
    service = content[0] & 0x0F
    size = 4 if label is Label.ITU else 6
    if len(content) < 1 + size:
        raise BadMessage(problem="the label is cut off", offset=len(content))
    if label is Label.ITU:
        bits = int.from_bytes(content[1:5], "little")
        destination, origin = bits & 0x3FFF, bits >> 14 & 0x3FFF
        if service == TUP:
            # Twelve bits of circuit follow the point codes at once; its text is made to begin as the 24-bit one does.
            if len(content) < 6:
                raise BadMessage(problem="the circuit code is cut off", offset=len(content))
            circuit = bits >> 28 | content[5] << 4
            return Routed(service, destination, origin, circuit.to_bytes(2, "little") + content[6:])
        return Routed(service, destination, origin, content[5:])
    destination = int.from_bytes(content[1:4], "little")
    origin = int.from_bytes(content[4:7], "little")
    return Routed(service, destination, origin, content[7:] if service == TUP else content[8:])


def point_code(code: int, label: Label) -> str:
    """As it is written: 3-8-3 bits internationally, 8-8-8 in China."""
    if label is Label.ITU:
        return f"{code >> 11}-{code >> 3 & 0xFF}-{code & 7}"
    return f"{code >> 16}-{code >> 8 & 0xFF}-{code & 0xFF}"


def parsed_point_code(text: str, label: Label) -> int | None:
    """The number behind `1-2-3` or `258`; None when the field is empty or does not fit."""
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    if len(parts) == 1:
        return parts[0]
    if len(parts) != 3:
        return None
    shifts = (11, 3, 0) if label is Label.ITU else (16, 8, 0)
    return sum(part << shift for part, shift in zip(parts, shifts, strict=True))


class Link:
    """One direction of one link: messages that are sent again, and those that never came.

    A link sends again when a message was not acknowledged, or for want of anything newer (preventive cyclic
    retransmission).

    Source: ITU-T Q.703 §5, §6
    """

    def __init__(self, *, is_extended: bool = False) -> None:
        self.messages = 0
        self.repeated = 0
        self.lost = 0
        self._modulus = 4096 if is_extended else 128
        self._expected: int | None = None
        self._recent: dict[int, bytes] = {}

    def accept(self, unit: SignalUnit) -> bytes | None:
        """The message of a unit when it is new."""
        if unit.kind is not Unit.MESSAGE:
            return None
        most = int(self._modulus * _REPEATS)
        ahead = 0 if self._expected is None else (unit.forward - self._expected) % self._modulus
        is_behind = ahead >= most
        if is_behind and self._recent.get(unit.forward) == unit.content:
            self.repeated += 1
            return None
        if not is_behind:
            self.lost += ahead
            self._expected = (unit.forward + 1) % self._modulus
        self._recent[unit.forward] = unit.content
        self.messages += 1
        return unit.content

    def reset(self) -> None:
        """The link is aligned anew: its numbers begin again."""
        self._expected = None
        self._recent.clear()
