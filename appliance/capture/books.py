"""The books of the calls on a mirror port: who is up, who lingers, and by what a message or a flow finds its call.

Source: RFC 3261 §12 (dialogs are told by Call-ID and tags), RFC 3550 §5.2 (a flow without signalling, by its SSRC)
"""

from collections import OrderedDict

from appliance.capture.leg import Leg
from appliance.domain.ledger import Mark
from appliance.sip.message import Message

MAX_RECENT = 20_000
REST_NS = 10_000_000_000
"""A telephone that goes on sending is heard at once when its call leaves the books; so late on a machine that does much else."""
_KEPT_NS = 120_000_000_000
"""Audio without signalling is told a minute after it began at the latest (`join_late_after_s`)."""


class Books:
    """Calls from their beginning until their bundle is handed over, and for a while what they left behind.

    `legs` are those by our own id. Units: times in nanoseconds since the epoch, as captured.
    """

    def __init__(self) -> None:
        self.legs: dict[str, Leg] = {}
        self._by_key: dict[int, Leg] = {}
        self._by_sip_id: dict[str, list[Leg]] = {}
        self._closing: dict[str, Leg] = {}
        self._lingering: dict[tuple[str, int], Leg] = {}
        self._bound: dict[tuple[str, int], Leg] = {}
        self._other_media: dict[tuple[str, int], str] = {}
        self._recent_calls: OrderedDict[str, None] = OrderedDict()
        self._recent_streams: OrderedDict[tuple[int, str], int] = OrderedDict()

    def open(self, leg: Leg) -> None:
        """A call begins, or one whose signalling was never seen becomes known by it."""
        self.legs[leg.call_id] = leg
        if leg.key:
            self._by_key[leg.key] = leg
        if leg.call.sip_call_id:
            of_id = self._by_sip_id.setdefault(leg.call.sip_call_id, [])
            if leg not in of_id:
                of_id.append(leg)

    def part(self, leg: Leg) -> None:
        """It was taken for another's by mistake; to be called before its dialog is forgotten."""
        self._by_key.pop(leg.key, None)
        of_id = self._by_sip_id.get(leg.call.sip_call_id, [])
        if leg in of_id:
            of_id.remove(leg)
        if not of_id:
            self._by_sip_id.pop(leg.call.sip_call_id, None)

    def announce(self, leg: Leg) -> None:
        """Its descriptions may name other media than audio now."""
        for address in leg.media.others:
            self._other_media[address] = leg.call_id

    def bound(self, leg: Leg, address: str, port: int) -> None:
        """Its media is awaited there."""
        self._bound[address, port] = leg

    def has_media(self, address: str, port: int, ssrc: int) -> bool:
        """Whether a stream to or from there is that of a call that is up, or of one that ended just now and had it."""
        place = address, port
        lingering = self._lingering.get(place)
        return place in self._bound or (
            lingering is not None and any(ssrc == heard for heard, _ in lingering.heard)
        )

    def end(self, leg: Leg, close_at_ns: int) -> None:
        """It is over; stragglers may come until it is closed."""
        leg.close_at_ns = close_at_ns
        self._by_key.pop(leg.key, None)
        self._closing[leg.call_id] = leg
        for binding in leg.media.bindings.values():
            place = binding.address, binding.port
            self._lingering[place] = leg
            if self._bound.get(place) is leg:
                del self._bound[place]

    def take_due(self, now_ns: int | None) -> list[Leg]:
        """Calls whose linger has passed (all that are over when None); they leave the books."""
        due = [leg for leg in self._closing.values() if now_ns is None or leg.close_at_ns <= now_ns]
        for leg in due:
            self._forget(leg)
        return due

    @property
    def live(self) -> list[Leg]:
        """Calls that are not over."""
        return [leg for leg in self.legs.values() if not leg.is_ended]

    def of_key(self, key: int) -> Leg | None:
        """The call that the dialog tracker means."""
        return self._by_key.get(key)

    def of_message(self, message: Message) -> Leg | None:
        """The call a message belongs to. Two calls may share a Call-ID; then the caller's tag tells."""
        legs = self._by_sip_id.get(message.call_id)
        if not legs:
            return None
        if len(legs) > 1:
            tags = (message.from_tag, message.to_tag)
            for leg in reversed(legs):
                if leg.caller_tag in tags:
                    return leg
        return legs[-1]

    def has_sip_id(self, sip_call_id: str) -> bool:
        """Whether a call of this Call-ID is known."""
        return sip_call_id in self._by_sip_id

    def was_closed(self, sip_call_id: str) -> bool:
        """Whether a call of this Call-ID left the books lately."""
        return sip_call_id in self._recent_calls

    def is_rest(self, ssrc: int, source: str, first_ns: int) -> bool:
        """Whether a telephone only went on sending when its call had ended in order.

        What begins later is another call: there are telephones whose SSRC is always the same.
        """
        closed_ns = self._recent_streams.get((ssrc, source))
        return closed_ns is not None and first_ns <= closed_ns + REST_NS

    def is_other_media(self, address: str, port: int) -> bool:
        """Whether this was announced, but for no audio."""
        return (address, port) in self._other_media

    def _forget(self, leg: Leg) -> None:
        del self._closing[leg.call_id]
        del self.legs[leg.call_id]
        for binding in leg.media.bindings.values():
            if self._lingering.get((binding.address, binding.port)) is leg:
                del self._lingering[binding.address, binding.port]
        for address in leg.media.others:
            if self._other_media.get(address) == leg.call_id:
                del self._other_media[address]
        sip_call_id = leg.call.sip_call_id
        of_id = self._by_sip_id.get(sip_call_id)
        if of_id is not None:
            of_id.remove(leg)
            if not of_id:
                del self._by_sip_id[sip_call_id]
            self._recent_calls[sip_call_id] = None
            if len(self._recent_calls) > MAX_RECENT:
                self._recent_calls.popitem(last=False)
        if Mark.NO_BYE not in leg.marks:
            self._remember_streams(leg)

    def _remember_streams(self, leg: Leg) -> None:
        recent = self._recent_streams
        for stream in leg.heard:
            recent[stream] = leg.close_at_ns
            recent.move_to_end(stream)
        while len(recent) > MAX_RECENT or (
            recent and next(iter(recent.values())) + _KEPT_NS < leg.close_at_ns
        ):
            recent.popitem(last=False)
