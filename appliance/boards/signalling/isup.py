"""Messages of the ISDN user part, as ITU and China (GF 001-9001, YD/T) write them.

Only parameters that a recorder needs are understood; the others are walked over by their length.

Source: ITU-T Q.763 §1 (format), §3 (parameters), §4 (messages), Q.767
"""

import msgspec

from appliance.boards.signalling.number import Nature, Number, ends, nibbles
from appliance.core.errors import BadMessage

IAM, SAM, INR, INF, COT, ACM, CON, FOT, ANM = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09
REL, SUS, RES, RLC, CCR, RSC = 0x0C, 0x0D, 0x0E, 0x10, 0x11, 0x12
GRS, CGB, GRA, CPG, UCIC = 0x17, 0x18, 0x29, 0x2C, 0x2E

MESSAGES: dict[int, str] = {
    IAM: "IAM", SAM: "SAM", INR: "INR", INF: "INF", COT: "COT", ACM: "ACM", CON: "CON", FOT: "FOT", ANM: "ANM",
    REL: "REL", SUS: "SUS", RES: "RES", RLC: "RLC", CCR: "CCR", RSC: "RSC", 0x13: "BLO", 0x14: "UBL", 0x15: "BLA",
    0x16: "UBA", GRS: "GRS", CGB: "CGB", 0x19: "CGU", 0x1A: "CGBA", 0x1B: "CGUA", 0x1F: "FAR", 0x20: "FAA",
    0x21: "FRJ", 0x24: "LPA", 0x28: "PAM", GRA: "GRA", 0x2A: "CQM", 0x2B: "CQR", CPG: "CPG", 0x2D: "USR",
    UCIC: "UCIC", 0x2F: "CFN", 0x30: "OLM", 0x31: "CRG", 0x32: "NRM", 0x33: "FAC", 0x34: "UPT", 0x35: "UPA",
    0x36: "IDR", 0x37: "IRS", 0x38: "SGM", 0xFC: "CCL", 0xFD: "MPM", 0xFE: "OPR",
}  # fmt: skip

CALLED = 0x04
SUBSEQUENT = 0x05
MEDIUM = 0x02
CATEGORY = 0x09
CALLING = 0x0A
REDIRECTING = 0x0B
BACKWARD_INDICATORS = 0x11
CAUSE = 0x12
SUPERVISION = 0x15
RANGE = 0x16
SUSPENSION = 0x22
EVENT = 0x24
ORIGINAL_CALLED = 0x28

_FIXED: dict[int, tuple[tuple[int, int], ...]] = {
    IAM: ((0x06, 1), (0x07, 2), (CATEGORY, 1), (MEDIUM, 1)),
    INR: ((0x0E, 2),),
    INF: ((0x0F, 2),),
    COT: ((0x10, 1),),
    ACM: ((BACKWARD_INDICATORS, 2),),
    CON: ((BACKWARD_INDICATORS, 2),),
    SUS: ((SUSPENSION, 1),),
    RES: ((SUSPENSION, 1),),
    CPG: ((EVENT, 1),),
    CGB: ((SUPERVISION, 1),),
}
_VARIABLE: dict[int, tuple[int, ...]] = {
    IAM: (CALLED,),
    SAM: (SUBSEQUENT,),
    REL: (CAUSE,),
    GRS: (RANGE,),
    CGB: (RANGE,),
    GRA: (RANGE,),
}
_WITH_OPTIONS = frozenset({IAM, SAM, INR, INF, ACM, CON, ANM, REL, SUS, RES, RLC, CPG})

_NATURES = {1: Nature.SUBSCRIBER, 3: Nature.NATIONAL, 4: Nature.INTERNATIONAL}
_CATEGORIES = {
    **dict.fromkeys(range(1, 6), "operator"),
    10: "subscriber",
    11: "priority",
    12: "data",
    13: "test",
    15: "payphone",
}
_MEDIA = {0: "speech", 2: "unrestricted digital", 3: "3.1 kHz audio"}
HARDWARE = 1
"""Group blocking for a fault: the calls on those circuits are over. Source: ITU-T Q.763 §3.13"""
ALERTING = 1
"""Source: ITU-T Q.763 §3.21"""


class Message(msgspec.Struct, frozen=True):
    """A message of a circuit. `parameters`: the first of each kind, mandatory and optional ones alike."""

    circuit: int
    kind: int
    parameters: dict[int, bytes]

    @property
    def name(self) -> str:
        """The message's abbreviation."""
        return MESSAGES.get(self.kind, f"0x{self.kind:02X}")


def read(text: bytes) -> Message:
    """A message from its circuit code on.

    Raises: BadMessage when a mandatory part is missing; options that are cut off are left out
    """
    if len(text) < 3:
        raise BadMessage(problem="shorter than a circuit code and a message type", offset=len(text))
    circuit = int.from_bytes(text[:2], "little") & 0x0FFF
    kind = text[2]
    parameters: dict[int, bytes] = {}
    at = 3
    for parameter, length in _FIXED.get(kind, ()):
        if at + length > len(text):
            raise BadMessage(problem="a mandatory parameter is cut off", offset=at)
        parameters[parameter] = text[at : at + length]
        at += length
    for parameter in _VARIABLE.get(kind, ()):
        parameters[parameter] = _pointed(text, at)
        at += 1
    if kind in _WITH_OPTIONS and at < len(text) and text[at]:
        _options(text, at + text[at], parameters)
    return Message(circuit, kind, parameters)


def _pointed(text: bytes, at: int) -> bytes:
    if at >= len(text) or at + text[at] >= len(text):
        raise BadMessage(problem="a pointer leads beyond the message", offset=at)
    begin = at + text[at]
    end = begin + 1 + text[begin]
    if text[at] == 0 or end > len(text):
        raise BadMessage(problem="a mandatory parameter is cut off", offset=begin)
    return text[begin + 1 : end]


def _options(text: bytes, at: int, parameters: dict[int, bytes]) -> None:
    while at + 1 < len(text) and text[at]:
        end = at + 2 + text[at + 1]
        if end > len(text):
            return
        parameters.setdefault(text[at], text[at + 2 : end])
        at = end


def number(content: bytes | None, *, is_called: bool = False) -> Number | None:
    """A number with its nature; `is_called`: its second octet says nothing of presentation.

    Source: ITU-T Q.763 §3.9 (called), §3.10 (calling), §3.39 (original called), §3.44 (redirecting)
    """
    if not content or len(content) < 2:
        return None
    count = 2 * (len(content) - 2) - (content[0] >> 7)
    digits = nibbles(content[2:], max(count, 0))
    return Number(
        digits,
        _NATURES.get(content[0] & 0x7F, Nature.UNKNOWN),
        is_withheld=not is_called and content[1] >> 2 & 3 == 1,
        is_complete=ends(content[2:], max(count, 0)),
    )


def subsequent(content: bytes | None) -> Number | None:
    """More digits of the called number.

    Source: ITU-T Q.763 §3.51
    """
    if not content:
        return None
    count = max(2 * (len(content) - 1) - (content[0] >> 7), 0)
    return Number(nibbles(content[1:], count), is_complete=ends(content[1:], count))


def cause(content: bytes | None) -> int:
    """The cause of Q.850; 0 when there is none.

    Source: ITU-T Q.763 §3.12
    """
    if not content:
        return 0
    at = 1 if content[0] & 0x80 else 2
    return content[at] & 0x7F if at < len(content) else 0


def is_free(message: Message) -> bool:
    """Whether the callee's telephone rings, by the callee's status or an event.

    Source: ITU-T Q.763 §3.5, §3.21
    """
    indicators = message.parameters.get(BACKWARD_INDICATORS)
    if indicators and message.kind == ACM:
        return indicators[0] >> 2 & 3 == 1
    event = message.parameters.get(EVENT)
    return bool(event) and event is not None and event[0] & 0x7F == ALERTING


def category(content: bytes | None) -> str:
    """The calling party's, in the words of `events.CATEGORY_TEXT`.

    Source: ITU-T Q.763 §3.11
    """
    return _CATEGORIES.get(content[0], "") if content else ""


def medium(content: bytes | None) -> str:
    """What the call carries.

    Source: ITU-T Q.763 §3.54
    """
    return _MEDIA.get(content[0], "") if content else ""


def circuits(message: Message) -> range:
    """The circuits that a message about a group means, one that is reset among them.

    Source: ITU-T Q.763 §3.43: the range is one less than how many there are
    """
    content = message.parameters.get(RANGE)
    return range(message.circuit, message.circuit + 1 + (content[0] if content else 0))


def blocked(message: Message) -> list[int]:
    """The circuits whose status bit is set in a message about a group."""
    status = message.parameters.get(RANGE, b"")[1:]
    return [
        circuit
        for index, circuit in enumerate(circuits(message))
        if index // 8 < len(status) and status[index // 8] >> index % 8 & 1
    ]
