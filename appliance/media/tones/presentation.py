"""The message that brings a caller's number and name: octets in, an identity out, or nothing.

Source: ETSI EN 300 659-3 §5 (messages and parameters); Telcordia GR-30-CORE §2.4 (SDMF, MDMF), GR-31-CORE; YD/T 1277.1
(China: the same parameters, names in GB 2312)
"""

from typing import Literal

from appliance.domain.tones import CallerForm, Identity

_SINGLE = 0x04
_MULTIPLE = 0x80

_SENT_AT = 0x01
_NUMBER = 0x02
_NUMBER_ABSENT = 0x04
_NAME = 0x07

_DIGITS = frozenset("0123456789*#ABCD+")
_WITHHELD: dict[bytes, Literal["private", "unavailable"]] = {b"P": "private", b"O": "unavailable"}
_MOST_DIGITS = 32


def read(message: bytes, at: int) -> Identity | None:
    """The identity in a message whose sum was right (type, length, body; without the sum), None when it is no such message."""
    if len(message) < 2 or message[1] != len(message) - 2:
        return None
    body = message[2:]
    if message[0] == _SINGLE:
        return _single(body, at)
    if message[0] == _MULTIPLE:
        return _multiple(body, at)
    return None


def _single(body: bytes, at: int) -> Identity | None:
    """Eight digits of the moment, then the number or the reason why there is none."""
    sent_at, rest = _moment(body[:8]), body[8:]
    if not sent_at or not rest:
        return None
    if rest in _WITHHELD:
        return Identity(at=at, sent_at=sent_at, withheld=_WITHHELD[rest], form=CallerForm.FSK)
    number = _number(rest)
    return Identity(at=at, sent_at=sent_at, number=number, form=CallerForm.FSK) if number else None


def _multiple(body: bytes, at: int) -> Identity | None:
    """Parameters of type, length and octets; unknown ones are passed over, a broken length ends all."""
    sent_at = number = name = ""
    withheld: Literal["", "private", "unavailable"] = ""
    while body:
        if len(body) < 2 or len(body) < 2 + body[1]:
            return None
        kind, value, body = body[0], body[2 : 2 + body[1]], body[2 + body[1] :]
        if kind == _SENT_AT:
            sent_at = _moment(value)
        elif kind == _NUMBER:
            number = _number(value)
        elif kind == _NUMBER_ABSENT:
            withheld = _WITHHELD.get(value, "unavailable")
        elif kind == _NAME:
            name = _name(value)
    if not (number or name or withheld):
        return None
    return Identity(
        at=at,
        number=number,
        name=name,
        sent_at=sent_at,
        withheld="" if number else withheld,
        form=CallerForm.FSK,
    )


def _moment(value: bytes) -> str:
    return value.decode("ascii") if len(value) == 8 and value.isdigit() else ""


def _number(value: bytes) -> str:
    """Digits alone: the network's own signs between them (spaces, dashes) say nothing."""
    text = "".join(sign for sign in value.decode("latin-1") if sign not in " -()")
    return text if 0 < len(text) <= _MOST_DIGITS and set(text) <= _DIGITS else ""


def _name(value: bytes) -> str:
    """ASCII or GB 2312 as China sends it; what is neither is taken for Latin-1, which EN 300 659-3 §5.2 extends."""
    try:
        text = value.decode("gb2312")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return "".join(sign for sign in text if sign.isprintable()).strip()


class KeyedIdentity:
    """A caller told by keys: `D` or `A` (sometimes nothing) before the number, `C`, `D` or `#` behind it, or a pause.

    Source: ETSI EN 300 659-1 annex A (DTMF); YD/T 1277.1 annex (China: A or D, digits, C)
    """

    PAUSE = 4000
    """Samples without a key that end a number."""
    _FEWEST = 3

    def __init__(self) -> None:
        self._began_at = 0
        self._last_at = 0
        self._digits = ""
        self._is_open = False

    def key(self, at: int, digit: str) -> Identity | None:
        """The next key; an identity when it was the last of one."""
        found = self.moment(at)
        if digit in "AD" and not self._digits:
            self._began_at, self._last_at, self._is_open = at, at, True
        elif digit in "CD#":
            found = found or self._finished()
        elif digit in "0123456789*AB" and len(self._digits) < _MOST_DIGITS:
            if not self._digits and not self._is_open:
                self._began_at = at
            self._digits += digit
            self._last_at = at
        return found

    def moment(self, at: int) -> Identity | None:
        """Time has come to this sample: an identity when the last key was long ago."""
        return (
            self._finished() if (self._digits or self._is_open) and at - self._last_at > self.PAUSE else None
        )

    def _finished(self) -> Identity | None:
        """Numbers without a code before them are believed, too, when they have a few digits; codes: B00 and B10 and the like say why none."""
        digits, self._digits, self._is_open = self._digits, "", False
        if digits.startswith("B"):
            withheld: Literal["private", "unavailable"] = "private" if digits == "B10" else "unavailable"
            return Identity(at=self._began_at, withheld=withheld, form=CallerForm.DTMF)
        if len(digits) < self._FEWEST or not digits.isdigit():
            return None
        return Identity(at=self._began_at, number=digits, form=CallerForm.DTMF)
