"""Addresses that a network translates: the same telephone inside and outside.

Media and signalling name one, packets carry the other, depending on which side of the translation is mirrored.
Source: RFC 2663 §2.6 (translation of addresses, ports kept)
"""

import ipaddress
from collections.abc import Iterable

from appliance.sip.uri import split_host


class Aliases:
    """A table made from lines like `10.0.0.5=203.0.113.7`; lines that are no pair of addresses are in `unusable`."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self.unusable: list[str] = []
        self._inside: dict[str, str] = {}
        self._group: dict[str, tuple[str, ...]] = {}
        for line in lines:
            inside, _, outside = line.partition("=")
            try:
                pair = str(ipaddress.ip_address(inside.strip())), str(ipaddress.ip_address(outside.strip()))
            except ValueError:
                self.unusable.append(line)
                continue
            inside, outside = pair
            inside = self._inside.get(inside, inside)
            group = dict.fromkeys(
                (*self._group.get(inside, (inside,)), *self._group.get(outside, (outside,)))
            )
            for address in group:
                self._inside[address] = inside
                self._group[address] = tuple(group)

    def others(self, address: str) -> tuple[str, ...]:
        """What else this address is called."""
        return tuple(one for one in self._group.get(address, ()) if one != address)

    def inside(self, place: str) -> str:
        """`ip:port` with the inside address where there is one; IPv6 in brackets."""
        if not self._inside:
            return place
        host, port = split_host(place)
        known = self._inside.get(host)
        if known is None or known == host:
            return place
        return f"[{known}]:{port}" if ":" in known else f"{known}:{port}"
