"""Messages of the telephone user part as spoken in China: Q.723 with the national additions.

No other decoder is at hand to compare with, so the tests work frames out from the text of the standard. National
networks differ in what `chg` and the additions to an initial address hold; a message that holds one of the additions
whose form the standard leaves open keeps what was read before it.

Source: GF 001-9001 (MPT, 1990), ITU-T Q.723 §2 (label), §3 (formats)
"""

import msgspec

from appliance.boards.signalling.number import Nature, Number, ends, nibbles
from appliance.core.errors import BadMessage

IAM, IAI, SAM, SAO = 0x11, 0x21, 0x31, 0x41
GSM, COT, CCF = 0x12, 0x32, 0x42
GRQ = 0x13
ACM, CHG = 0x14, 0x24
ANU, ANC, ANN, CBK, CLF, RAN, FOT, CCL = 0x06, 0x16, 0x26, 0x36, 0x46, 0x56, 0x66, 0x76
RLG, BLO, BLA, UBL, UBA, CCR, RSC = 0x17, 0x27, 0x37, 0x47, 0x57, 0x67, 0x77
HGB, GRS, GRA = 0x58, 0x98, 0xA8
EUM = 0xF5
SLB, STB = 0x1E, 0x2E

MESSAGES: dict[int, str] = {
    IAM: "IAM", IAI: "IAI", SAM: "SAM", SAO: "SAO", GSM: "GSM", COT: "COT", CCF: "CCF", GRQ: "GRQ", ACM: "ACM",
    CHG: "CHG", 0x15: "SEC", 0x25: "CGC", 0x35: "NNC", 0x45: "ADI", 0x55: "CFL", 0x65: "SSB", 0x75: "UNN",
    0x85: "LOS", 0x95: "SST", 0xA5: "ACB", 0xB5: "DPN", 0xC5: "MPR", EUM: "EUM", ANU: "ANU", ANC: "ANC", ANN: "ANN",
    CBK: "CBK", CLF: "CLF", RAN: "RAN", FOT: "FOT", CCL: "CCL", RLG: "RLG", BLO: "BLO", BLA: "BLA", UBL: "UBL",
    UBA: "UBA", CCR: "CCR", RSC: "RSC", 0x18: "MGB", 0x28: "MBA", 0x38: "MGU", 0x48: "MUA", HGB: "HGB", 0x68: "HBA",
    0x78: "HGU", 0x88: "HUA", GRS: "GRS", GRA: "GRA", 0xB8: "SGB", 0xC8: "SBA", 0xD8: "SGU", 0xE8: "SUA",
    0x1A: "ACC", 0x2C: "MPM", 0x1D: "OPR", SLB: "SLB", STB: "STB", 0x1F: "MAL",
}  # fmt: skip

REFUSALS: dict[int, int] = {
    0x15: 42, 0x25: 34, 0x35: 42, 0x45: 28, 0x55: 31, 0x65: 17, 0x75: 1, 0x85: 27, 0x95: 4, 0xA5: 21, 0xB5: 58,
    0xC5: 5, EUM: 31, SLB: 17, STB: 17, CCF: 41,
}  # fmt: skip
"""Signals that say why a call cannot be set up: heading -> cause of Q.850. Source: ITU-T Q.699 (interworking)"""

_NATURES = {0: Nature.SUBSCRIBER, 2: Nature.NATIONAL, 3: Nature.INTERNATIONAL}
_CATEGORIES = {
    **dict.fromkeys(range(1, 10), "operator"),
    10: "subscriber",
    11: "priority",
    12: "data",
    13: "test",
    **dict.fromkeys((16, 17, 18, 19, 24), "subscriber"),
    20: "priority",
    21: "priority",
}
_CLOSED_GROUP_OCTETS = 5
_GROUP = 8


class Message(msgspec.Struct, frozen=True):
    """A message of a circuit.

    `called` of subsequent addresses holds the new digits only; `status` the circuits of a group message whose bit is set.
    """

    circuit: int
    kind: int
    called: Number | None = None
    calling: Number | None = None
    original_called: Number | None = None
    category: str = ""
    is_free: bool = False
    range: int = 0
    status: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The message's abbreviation."""
        return MESSAGES.get(self.kind, f"0x{self.kind:02X}")


class _Reader:
    """Walks over the octets of one message.

    Raises: BadMessage where they end too early
    """

    def __init__(self, octets: bytes, at: int) -> None:
        self.octets = octets
        self.at = at

    def octet(self) -> int:
        if self.at >= len(self.octets):
            raise BadMessage(problem="cut off", offset=self.at)
        self.at += 1
        return self.octets[self.at - 1]

    def signals(self, count: int) -> tuple[str, bool]:
        """`count` address signals and whether one of them ends the number; half an octet of filler follows an odd count."""
        length = (count + 1) // 2
        field = self.octets[self.at : self.at + length]
        if len(field) < length:
            raise BadMessage(problem="an address is cut off", offset=len(self.octets))
        self.at += length
        return nibbles(field, count), ends(field, count)

    def line(self, *, is_calling: bool) -> Number:
        """A calling line identity or original called address: indicators, count, digits.

        Source: ITU-T Q.723 §3.3.2: A, B nature of address; C presentation restricted; D incomplete
        """
        head = self.octet()
        digits, _ = self.signals(head >> 4)
        return Number(digits, _NATURES.get(head & 3, Nature.UNKNOWN), is_calling and bool(head & 4))


def read(text: bytes) -> Message:
    """A message from its circuit code (two octets, the low one first) on.

    Raises: BadMessage
    """
    if len(text) < 3:
        raise BadMessage(problem="shorter than a circuit code and a heading", offset=len(text))
    circuit = int.from_bytes(text[:2], "little") & 0x0FFF
    kind = text[2]
    reader = _Reader(text, 3)
    if kind in (IAM, IAI):
        return _initial(circuit, kind, reader)
    if kind in (SAM, SAO):
        digits, is_complete = reader.signals(reader.octet() >> 4 if kind == SAM else 1)
        return Message(circuit, kind, called=Number(digits, is_complete=is_complete))
    if kind == GSM:
        return _setup_information(circuit, reader)
    if kind == ACM:
        return Message(circuit, kind, is_free=bool(reader.octet() & 4))
    if kind & 0x0F == _GROUP:
        return _group(circuit, kind, reader)
    return Message(circuit, kind)


def _group(circuit: int, kind: int, reader: _Reader) -> Message:
    """About as many circuits as the range says and one more.

    Source: ITU-T Q.723 §3.10
    """
    span = reader.octet()
    status = reader.octets[reader.at :]
    circuits = tuple(
        circuit + index
        for index in range(span + 1)
        if index // 8 < len(status) and status[index // 8] >> index % 8 & 1
    )
    return Message(circuit, kind, range=span, status=circuits)


def _initial(circuit: int, kind: int, reader: _Reader) -> Message:
    """An initial address; what an IAI adds stands in the order of its indicator bits.

    Source: ITU-T Q.723 §3.3.1 (IAM), §3.3.2 (IAI)
    """
    category = _CATEGORIES.get(reader.octet() & 0x3F, "")
    nature = _NATURES.get(reader.octet() & 3, Nature.UNKNOWN)
    count = reader.octet() >> 4
    digits, is_complete = reader.signals(count)
    called = Number(digits, nature, is_complete=is_complete)
    calling = original = None
    if kind == IAI:
        added = reader.octet()
        for bit, octets in ((0x01, 1), (0x02, _CLOSED_GROUP_OCTETS), (0x04, 1), (0x08, 1)):
            if added & bit:
                reader.at += octets
        if added & 0x10:
            calling = reader.line(is_calling=True)
        if added & 0x20:
            original = reader.line(is_calling=False)
    return Message(circuit, kind, called, calling, original, category)


def _setup_information(circuit: int, reader: _Reader) -> Message:
    """The answer to a general request.

    Source: ITU-T Q.723 §3.4.1
    """
    held = reader.octet()
    category = _CATEGORIES.get(reader.octet() & 0x3F, "") if held & 0x01 else ""
    calling = reader.line(is_calling=True) if held & 0x02 else None
    original = None
    if (
        held & 0x08 and not held & 0x04
    ):  # the identity of a trunk between them has no length that is known everywhere
        original = reader.line(is_calling=False)
    return Message(circuit, GSM, calling=calling, original_called=original, category=category)
