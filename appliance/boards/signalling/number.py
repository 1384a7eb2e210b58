"""A telephone number as signalling carries it: digits and what they count as.

Source: ITU-T Q.931 §4.5.8, Q.763 §3.9, Q.723 §3.3.1
"""

from enum import StrEnum

import msgspec

from appliance.core.errors import BadMessage

_SIGNALS = "0123456789ABCDE"
"""Address signals 0 to 14; 11 and 12 are the operators' codes, 15 ends the number and is not part of it."""
_END = 15
MOST_DIGITS = 64
"""No number is longer; what would be is not let grow for ever."""


class Nature(StrEnum):
    """From where a number must be dialled to be understood."""

    UNKNOWN = "unknown"
    SUBSCRIBER = "subscriber"
    NATIONAL = "national"
    INTERNATIONAL = "international"


class Number(msgspec.Struct, frozen=True):
    """Digits without any prefix. `is_complete`: the sender said that nothing follows."""

    digits: str
    nature: Nature = Nature.UNKNOWN
    is_withheld: bool = False
    is_complete: bool = False


NOBODY = Number("")


def dialled(number: Number, *, national: str, international: str) -> str:
    """The number as somebody here would dial it, with the prefixes of the settings."""
    prefix = ""
    if number.nature is Nature.NATIONAL:
        prefix = national
    elif number.nature is Nature.INTERNATIONAL:
        prefix = international
    if not number.digits or number.digits.startswith(prefix):
        return number.digits
    return prefix + number.digits


def nibbles(octets: bytes, count: int) -> str:
    """`count` address signals from half octets, the low half first; reading stops at the signal that ends a number.

    Raises: BadMessage when there are fewer
    """
    if count > 2 * len(octets):
        raise BadMessage(problem="the number is cut off", offset=0)
    digits: list[str] = []
    for index in range(count):
        octet = octets[index >> 1]
        signal = octet >> 4 if index & 1 else octet & 15
        if signal == _END:
            break
        digits.append(_SIGNALS[signal])
    return "".join(digits)


def ends(octets: bytes, count: int) -> bool:
    """Whether the signal that ends a number stands among the first `count`."""
    return any((octet & 15) == _END for octet in octets[: (count + 1) // 2]) or any(
        (octet >> 4) == _END for octet in octets[: count // 2]
    )
