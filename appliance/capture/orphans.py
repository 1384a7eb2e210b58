"""Media without signalling: which flows belong to one call, and which call a later message belongs to.

A call that was up before the recorder started is known by its RTP alone. Its two directions are paired by their
addresses; who rang whom is unknown, so the source of the first flow stands in for the caller until signalling comes.
Source: RFC 4961 (symmetric RTP), RFC 3551 §6 (static payload types)
"""

from typing import NamedTuple

from appliance.capture.announced import Binding
from appliance.capture.leg import Leg
from appliance.capture.seen import OrphanSeen, endpoint
from appliance.core.clock import from_ns, sortable_id
from appliance.domain.call import Call, CallState, Party, Side
from appliance.domain.ledger import Mark
from appliance.sip.sdp import STATIC, Format

PAIR_WITHIN_NS = 10_000_000_000

Address = tuple[str, int]


class _Flow(NamedTuple):
    leg: Leg
    source: Address
    destination: Address
    first_ns: int


class Orphans:
    """The calls known by their media alone."""

    def __init__(self) -> None:
        self._flows: dict[Address, _Flow] = {}
        self._of_leg: dict[str, list[_Flow]] = {}

    def __len__(self) -> int:
        return len(self._of_leg)

    def take(self, seen: OrphanSeen, call_id: str = "") -> tuple[Leg, bool, list[Binding]]:
        """The call of a flow, whether it is new (then it gets `call_id`), and what to bind for it."""
        source, destination = (seen.src, seen.src_port), (seen.dst, seen.dst_port)
        known = self._partner(seen)
        leg = known or _new_leg(seen, call_id or sortable_id(seen.first_ns))
        flow = _Flow(leg, source, destination, seen.first_ns)
        self._flows.setdefault(source, flow)
        self._flows.setdefault(destination, flow)
        self._of_leg.setdefault(leg.call_id, []).append(flow)
        formats = (STATIC.get(seen.pt) or Format(payload_type=seen.pt),)
        speaker = Side.CALLER
        if known is not None:
            speaker = known.media.speaker_between(source, destination) or (
                Side.CALLER if seen.src == self._of_leg[leg.call_id][0].source[0] else Side.CALLEE
            )
        bindings = [leg.media.hear(speaker.other, seen.dst, seen.dst_port, formats, seen.first_ns)]
        if known is None:
            bindings.append(leg.media.hear(speaker, seen.src, seen.src_port, formats, seen.first_ns))
        return leg, known is None, bindings

    def at(self, address: str, port: int) -> Leg | None:
        """The call that sends or receives media there."""
        flow = self._flows.get((address, port))
        return flow.leg if flow is not None else None

    def between(self, one: str, other: str) -> Leg | None:
        """The only call with media between two hosts that no message told of; None when there is none, or more than one."""
        found = {
            flow.leg.call_id: flow.leg
            for flow in self._flows.values()
            if {flow.source[0], flow.destination[0]} == {one, other} and not flow.leg.key
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def drop(self, leg: Leg) -> None:
        """The call is over, or known by its signalling from now on."""
        for flow in self._of_leg.pop(leg.call_id, ()):
            for address in (flow.source, flow.destination):
                if address in self._flows and self._flows[address].leg is leg:
                    del self._flows[address]

    def _partner(self, seen: OrphanSeen) -> Leg | None:
        """The call whose other direction (or next stream) this flow is."""
        for address in ((seen.src, seen.src_port), (seen.dst, seen.dst_port)):
            flow = self._flows.get(address)
            if flow is not None and {flow.source[0], flow.destination[0]} == {seen.src, seen.dst}:
                return flow.leg
        candidates = {
            flow.leg.call_id: flow.leg
            for flow in self._flows.values()
            if (flow.source[0], flow.destination[0]) == (seen.dst, seen.src)
            and abs(flow.first_ns - seen.first_ns) < PAIR_WITHIN_NS
            and len(self._of_leg[flow.leg.call_id]) == 1
        }
        return next(iter(candidates.values())) if len(candidates) == 1 else None


def _new_leg(seen: OrphanSeen, call_id: str) -> Leg:
    at = from_ns(seen.first_ns)
    call = Call(
        call_id=call_id,
        sip_call_id="",
        interaction_id=call_id,
        caller=Party(address=endpoint(seen.src, seen.src_port)),
        callee=Party(address=endpoint(seen.dst, seen.dst_port)),
        started_at=at,
        answered_at=at,
        state=CallState.UP,
    )
    leg = Leg(call, 0, seen.first_ns)
    leg.mark(Mark.JOINED_LATE)
    leg.heard.add((seen.ssrc, endpoint(seen.src, seen.src_port)))
    leg.last_media_ns = seen.first_ns
    return leg
