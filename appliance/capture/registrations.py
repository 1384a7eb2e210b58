"""Telephones that register, so that whoever sets the box up sees which of them the mirror brings before they are called.

A storm costs next to nothing: a REGISTER is not read as a message, its To is compared as bytes, and of those that are
new a bounded number a second is looked at.

Source: RFC 3261 §10.2 (To names the address of record), §7.3.3 (compact form)
"""

import re
from collections import OrderedDict
from typing import NamedTuple

from appliance.sip.parties import normalise
from appliance.sip.uri import read_address

MAX_KNOWN = 20_000
MOST_A_SECOND = 200
AGAIN_S = 60
"""A telephone that stays where it is is told again after so long."""

_S = 1_000_000_000
_BEGINNING = b"REGISTER "
_TO = re.compile(rb"\r?\n(?:to|t)[ \t]*:[ \t]*([^\r\n]{1,512})", re.IGNORECASE)


class Registration(NamedTuple):
    """A REGISTER was seen for a number, from an address."""

    number: str
    at_ns: int
    address: str


class Registrations:
    """REGISTER requests of one mirror port. Times are those of the packets."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[int, str]] = OrderedDict()
        self._new: dict[str, Registration] = {}
        self._second = 0
        self._looked_at = 0

    def take(self, data: bytes, at_ns: int, address: str) -> bool:
        """Whether a message is a REGISTER request; then it is taken in, as far as there is time for it."""
        if not data.startswith(_BEGINNING):
            return False
        found = _TO.search(data)
        if found is None:
            return True
        key = found[1]
        known = self._known.get(key)
        if known is not None and known[1] == address and 0 <= at_ns - known[0] < AGAIN_S * _S:
            return True
        if at_ns // _S != self._second:
            self._second, self._looked_at = at_ns // _S, 0
        if self._looked_at < MOST_A_SECOND:
            self._looked_at += 1
            self._look(key, at_ns, address)
        return True

    def take_new(self) -> list[Registration]:
        """Those that have come since the last time."""
        found, self._new = list(self._new.values()), {}
        return found

    def _look(self, key: bytes, at_ns: int, address: str) -> None:
        self._known[key] = (at_ns, address)
        self._known.move_to_end(key)
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        number = normalise(read_address(key.decode("utf-8", "replace")).uri.user)
        if number and (number in self._new or len(self._new) < MAX_KNOWN):
            self._new[number] = Registration(number, at_ns, address)
