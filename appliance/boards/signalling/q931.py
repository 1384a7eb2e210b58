"""Call control messages of ISDN: the elements a recorder needs, whatever else is in them.

Reading never stops at an unknown element: its length is known. Elements that are cut off end the reading of the message,
those before them count.

Source: ITU-T Q.931 §4.2–4.5 (messages and elements), §4.5.3 (codeset shift); Q.850 (causes)
"""

import msgspec

from appliance.boards.signalling.number import Nature, Number
from appliance.core.errors import BadMessage

_CALL_CONTROL = 0x08
ALERTING = 0x01
CALL_PROCEEDING = 0x02
PROGRESS = 0x03
SETUP = 0x05
CONNECT = 0x07
SETUP_ACKNOWLEDGE = 0x0D
CONNECT_ACKNOWLEDGE = 0x0F
DISCONNECT = 0x45
RESTART = 0x46
RELEASE = 0x4D
RESTART_ACKNOWLEDGE = 0x4E
RELEASE_COMPLETE = 0x5A
INFORMATION = 0x7B
STATUS = 0x7D

MESSAGES: dict[int, str] = {
    ALERTING: "ALERTING",
    CALL_PROCEEDING: "CALL PROCEEDING",
    PROGRESS: "PROGRESS",
    SETUP: "SETUP",
    CONNECT: "CONNECT",
    SETUP_ACKNOWLEDGE: "SETUP ACKNOWLEDGE",
    CONNECT_ACKNOWLEDGE: "CONNECT ACKNOWLEDGE",
    0x20: "USER INFORMATION",
    0x21: "SUSPEND REJECT",
    0x22: "RESUME REJECT",
    0x24: "HOLD",
    0x25: "SUSPEND",
    0x26: "RESUME",
    0x28: "HOLD ACKNOWLEDGE",
    0x2D: "SUSPEND ACKNOWLEDGE",
    0x2E: "RESUME ACKNOWLEDGE",
    0x30: "HOLD REJECT",
    0x31: "RETRIEVE",
    0x33: "RETRIEVE ACKNOWLEDGE",
    0x37: "RETRIEVE REJECT",
    DISCONNECT: "DISCONNECT",
    RESTART: "RESTART",
    RELEASE: "RELEASE",
    RESTART_ACKNOWLEDGE: "RESTART ACKNOWLEDGE",
    RELEASE_COMPLETE: "RELEASE COMPLETE",
    0x60: "SEGMENT",
    0x62: "FACILITY",
    0x64: "REGISTER",
    0x6E: "NOTIFY",
    0x75: "STATUS ENQUIRY",
    0x79: "CONGESTION CONTROL",
    INFORMATION: "INFORMATION",
    STATUS: "STATUS",
}

BEARER = 0x04
CAUSE = 0x08
CALL_STATE = 0x14
CHANNEL = 0x18
PROGRESS_INDICATOR = 0x1E
DISPLAY = 0x28
KEYPAD = 0x2C
CALLING = 0x6C
CALLED = 0x70
REDIRECTING = 0x74
RESTART_INDICATOR = 0x79
SENDING_COMPLETE = 0xA1

_NATURES = {1: Nature.INTERNATIONAL, 2: Nature.NATIONAL, 4: Nature.SUBSCRIBER}
_BEARERS = {
    0x00: "speech",
    0x08: "unrestricted digital",
    0x09: "restricted digital",
    0x10: "3.1 kHz audio",
    0x11: "7 kHz audio",
    0x18: "video",
}
_MORE = 0x80


class Message(msgspec.Struct, frozen=True):
    """`reference` is None in messages that belong to no call; `is_from_destination`: sent by the side that was called.

    Shape: `elements` of the first codeset, the first of each kind; single octets are their own key (type 2: 0xA1)
    """

    reference: int | None
    is_from_destination: bool
    kind: int
    elements: dict[int, bytes]

    @property
    def name(self) -> str:
        """The message as the standard writes it."""
        return MESSAGES.get(self.kind, f"0x{self.kind:02X}")


class Channel(msgspec.Struct, frozen=True):
    """Which B-channels are meant. `interface` None: the one of this D-channel; `numbers` empty: none or any."""

    numbers: tuple[int, ...]
    interface: int | None = None
    is_exclusive: bool = False


def read(octets: bytes) -> Message | None:
    """A message of call control; None for those of other protocols on the same link.

    Raises: BadMessage
    """
    if not octets:
        raise BadMessage(problem="empty", offset=0)
    if octets[0] != _CALL_CONTROL:
        return None
    if len(octets) < 2:
        raise BadMessage(problem="no call reference", offset=1)
    length = octets[1] & 15
    if len(octets) < 3 + length:
        raise BadMessage(problem="cut off before the message type", offset=len(octets))
    reference: int | None = None
    is_from_destination = False
    if length:
        value = octets[2 : 2 + length]
        is_from_destination = value[0] >= _MORE
        reference = int.from_bytes(value, "big") & ~(_MORE << 8 * (length - 1))
    at = 3 + length
    return Message(reference, is_from_destination, octets[2 + length], _elements(octets, at))


def _elements(octets: bytes, at: int) -> dict[int, bytes]:
    """Those of codeset 0; the others are walked over."""
    elements: dict[int, bytes] = {}
    locked = codeset = 0
    end = len(octets)
    while at < end:
        kind = octets[at]
        at += 1
        if kind >= _MORE:
            if kind & 0xF0 == 0x90:
                codeset = kind & 7
                if not kind & 8:
                    locked = codeset
                continue
            if codeset == 0:
                elements.setdefault(kind, b"")
        else:
            if at >= end or at + 1 + octets[at] > end:
                break
            length = octets[at]
            if codeset == 0:
                elements.setdefault(kind, octets[at + 1 : at + 1 + length])
            at += 1 + length
        codeset = locked
    return elements


def _beyond(content: bytes, at: int) -> int:
    """Where the group of octets that begins at `at` ends: its last octet has the extension bit set."""
    while at < len(content) and content[at] < _MORE:
        at += 1
    return at + 1


def number(content: bytes | None) -> Number | None:
    """A calling, called or redirecting number; None when there is none or no digit fits.

    Source: ITU-T Q.931 §4.5.8, §4.5.10, Q.952 (redirecting)
    """
    if not content:
        return None
    digits_at = _beyond(content, 0)
    is_withheld = digits_at > 1 and len(content) > 1 and content[1] >> 5 & 3 == 1
    digits = _text(content[digits_at:])
    return Number(digits, _NATURES.get(content[0] >> 4 & 7, Nature.UNKNOWN), is_withheld)


def keypad(content: bytes | None) -> str:
    """What was pressed."""
    return _text(content) if content else ""


def _text(content: bytes) -> str:
    """Digits and signs of the telephone's keys; anything else is no part of a number."""
    return "".join(chr(octet & 0x7F) for octet in content if chr(octet & 0x7F) in "0123456789*#+ABCDabcd")


def cause(content: bytes | None) -> int:
    """The cause of Q.850; 0 when there is none.

    Source: ITU-T Q.850 §2.1
    """
    if not content:
        return 0
    at = _beyond(content, 0)
    return content[at] & 0x7F if at < len(content) else 0


def call_state(content: bytes | None) -> int | None:
    """The number of the state of Q.931 §2 that the sender is in.

    Source: ITU-T Q.931 §4.5.7
    """
    return content[0] & 0x3F if content else None


def bearer(content: bytes | None) -> str:
    """What the call carries, as `speech`."""
    return _BEARERS.get(content[0] & 0x1F, "") if content else ""


def display(content: bytes | None) -> str:
    """A text for the telephone's display; exchanges in China write it in GB 18030."""
    if not content:
        return ""
    if content[0] >= _MORE and all(octet < _MORE for octet in content[1:]):
        content = content[1:]
    for encoding in ("utf-8", "gb18030"):
        try:
            found = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "".join(sign for sign in found if sign.isprintable()).strip()
    return ""


def progress(content: bytes | None) -> int | None:
    """The description of progress: 1 not end-to-end ISDN, 8 in-band information."""
    return content[1] & 0x7F if content and len(content) > 1 else None


def channel(content: bytes | None) -> Channel | None:
    """Which channels a message means; None when it does not say.

    Source: ITU-T Q.931 §4.5.13
    """
    if not content:
        return None
    first = content[0]
    at = _beyond(content, 0)
    interface: int | None = None
    if first & 0x40:
        end = _beyond(content, at)
        interface = 0
        for octet in content[at:end]:
            interface = interface << 7 | octet & 0x7F
        at = end
    is_exclusive = bool(first & 0x08)
    selection = first & 3
    if not first & 0x20:  # a basic interface has two B-channels and no more to say
        return Channel((selection,) if selection in (1, 2) else (), interface, is_exclusive)
    if selection != 1 or at >= len(content):
        return Channel((), interface, is_exclusive)
    is_map = bool(content[at] & 0x10)
    at = _beyond(content, at)
    rest = content[at:]
    if is_map:
        bits = int.from_bytes(rest[:4], "big")
        return Channel(
            tuple(index for index in range(1, 32) if bits >> (index - 1) & 1), interface, is_exclusive
        )
    return Channel(tuple(octet & 0x7F for octet in rest), interface, is_exclusive)


def restarts_all(content: bytes | None) -> bool:
    """Whether a restart means every channel of the interface, or of all of them, not only those it names.

    Source: ITU-T Q.931 §4.5.25
    """
    return bool(content) and content is not None and content[0] & 7 != 0
