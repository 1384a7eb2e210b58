"""Who speaks in each stream of a bundle.

The manifest says so for the streams it knows. A bundle whose program was killed may hold streams younger than its
manifest: they speak for the side whose addresses they share. Source: RFC 3264 §5.1 (an address is where one
receives, so one stream's destination is mostly the other's source)
"""

from collections.abc import Sequence

from appliance.domain.bundle import Manifest
from appliance.domain.call import Side
from appliance.media.packets import AnyStream


def side_of_streams(manifest: Manifest, streams: Sequence[AnyStream]) -> list[Side]:
    """The speaker of each stream, in the same order."""
    known = {(one.source, one.destination, one.ssrc): one.side for one in manifest.streams}
    speaks: dict[str, Side] = {}
    hears: dict[str, Side] = {}
    for one in manifest.streams:
        speaks[one.source] = one.side
        hears[one.destination] = one.side.other
    found: list[Side] = []
    for stream in streams:
        side = known.get((stream.source, stream.destination, stream.ssrc)) or _guessed(
            manifest, stream, speaks, hears
        )
        speaks.setdefault(stream.source, side)
        hears.setdefault(stream.destination, side.other)
        found.append(side)
    if len(set(found)) == 1:
        found = _facing(streams, found)
    return _by_hosts(manifest, streams, found) if len(set(found)) == 1 else found


def _facing(streams: Sequence[AnyStream], found: list[Side]) -> list[Side]:
    """Set right a bundle that seems to hold one side only, although streams answer one another.

    Relays and phones that send from another port than they announced make signalling point at the wrong side;
    painted on one channel, the two would cover one another. Who answers speaks for the other side.
    """
    asked: dict[str, int] = {}
    sides = list(found)
    for index, stream in enumerate(streams):
        opposite = asked.get(stream.source)
        if opposite is not None:
            sides[index] = sides[opposite].other
        asked.setdefault(stream.destination, index)
    return sides


def _by_hosts(manifest: Manifest, streams: Sequence[AnyStream], found: list[Side]) -> list[Side]:
    """Set right a bundle whose two sides were announced at one address: who rang and who was rung both send there."""
    caller, callee = _host(manifest.call.caller.address), _host(manifest.call.callee.address)
    if caller == callee or not {caller, callee} <= {_host(stream.source) for stream in streams}:
        return found
    who = {caller: Side.CALLER, callee: Side.CALLEE}
    return [who.get(_host(stream.source), side) for stream, side in zip(streams, found, strict=True)]


def _guessed(manifest: Manifest, stream: AnyStream, speaks: dict[str, Side], hears: dict[str, Side]) -> Side:
    for table, address, heard in (
        (speaks, stream.source, False),
        (hears, stream.destination, True),
        (hears, stream.source, False),
        (speaks, stream.destination, True),
    ):
        if address in table:
            return table[address].other if heard else table[address]
    caller, callee = _host(manifest.call.caller.address), _host(manifest.call.callee.address)
    if caller != callee:
        if _host(stream.source) == caller or _host(stream.destination) == callee:
            return Side.CALLER
        if _host(stream.source) == callee or _host(stream.destination) == caller:
            return Side.CALLEE
    return Side.CALLEE if Side.CALLER in speaks.values() else Side.CALLER


def _host(address: str) -> str:
    """The host of `host`, `host:port` or `[host]:port`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
