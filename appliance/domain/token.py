"""Numbers and names as tokens, for people who help or count without seeing whom anybody called.

The same number is the same token everywhere (`n:3f9a01c2b47d5e60`), so that a call can be followed through logs and
exports, and nobody without the key can go back. What looks like a number and is none (a counter, a size) becomes a
token as well: a helper loses little by that, and a customer nothing.
"""

import hmac
import re

_SIP_USER = re.compile(r"(?P<scheme>\b(?:sips?|tel):)(?P<user>[^@;>\s\"',)]+)")
# A run of digits as long as an extension's or more, that is part of no time, address, identifier or fraction.
_NUMBER = re.compile(r"(?<![\w.:#/-])\+?\d{3,20}(?![\w:/-]|\.\d)", re.ASCII)
# 64 bits: that any two of ten million numbers share a token has odds of 1 to 370 000 (n² / 2 · 2⁶⁴).
_LENGTH = 16


class Tokens:
    """Makes tokens with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, number: str) -> str:
        """The token of one number or name, "" of none; a leading + makes no difference."""
        if not number:
            return ""
        digest = hmac.digest(self._key, number.removeprefix("+").lower().encode(), "sha256")
        return f"n:{digest.hex()[:_LENGTH]}"

    def text(self, text: str) -> str:
        """The text with every number in it as a token."""
        named = _SIP_USER.sub(lambda found: found["scheme"] + self.of(found["user"]), text)
        return _NUMBER.sub(lambda found: self.of(found[0]), named)
