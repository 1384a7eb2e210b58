"""Which calls are legs of one conversation through a B2BUA that is seen on both sides.

A leg that names its predecessor (Session-ID, charging id, Call-ID in a header) belongs to it while that call
lives. Without such a name it must follow within seconds, come from where the earlier leg went to, and share
a number with exactly one candidate.
Source: RFC 7989, RFC 7315 §5.6, RFC 3261 §20.21
"""

from collections import OrderedDict
from typing import NamedTuple

from appliance.sip.message import Message
from appliance.sip.parties import Parties
from appliance.sip.tracked import ip_of

_SECOND_NS = 1_000_000_000
# Shorter ones are too likely to be part of another by chance.
_MIN_CALL_ID = 8
_MIN_LOCAL_PART = 16
_MIN_NUMBER = 2
# Below this many digits only equal numbers match; above it prefixes (trunk access, country) may differ.
_MIN_SUFFIX = 7
_MAX_SAME_PLACE = 64
_MAX_NAMES = 4
_CALL_ID_HEADERS = ("x-call-id", "x-cid", "x-callid", "x-original-call-id", "x-parent-call-id", "in-reply-to")


class _Leg(NamedTuple):
    our_call_id: str
    interaction_id: str
    at_ns: int
    destination: str
    caller: str
    callee: str
    names: tuple[str, ...]


class Belongs(NamedTuple):
    """Where a new call belongs: `leg_of` is the call it follows, "" when there is none.

    `named` are Call-IDs that it names as its predecessors' and that are not (or no longer) known here.
    """

    interaction_id: str
    leg_of: str
    named: tuple[str, ...]


class LegMatcher:
    """Remembers recent calls and recognises the next leg of one of them.

    `interaction_s`: how long after its predecessor a leg may start. `max_calls` bounds the memory.
    """

    def __init__(self, *, interaction_s: float = 5.0, max_calls: int = 20000) -> None:
        self._window_ns = int(interaction_s * _SECOND_NS)
        self._max_calls = max_calls
        self._legs: OrderedDict[str, _Leg] = OrderedDict()
        self._by_name: dict[str, str] = {}
        self._by_place: dict[str, OrderedDict[str, _Leg]] = {}

    def add(
        self, our_call_id: str, invite: Message, who: Parties, at_ns: int, source: str, destination: str
    ) -> Belongs:
        """The interaction of a new call: `our_call_id` itself, or that of the earlier leg it belongs to."""
        names = _names(invite)
        earlier = self._named(invite, names) or self._following(who, at_ns, source, destination)
        interaction_id = earlier.interaction_id if earlier else our_call_id
        leg = _Leg(
            our_call_id, interaction_id, at_ns, destination, who.caller.number, who.callee.number, names
        )
        if len(self._legs) >= self._max_calls:
            self.forget(next(iter(self._legs)))
        self._legs[our_call_id] = leg
        for name in names:
            self._by_name.setdefault(name, our_call_id)
        place = self._by_place.setdefault(ip_of(destination), OrderedDict())
        place[our_call_id] = leg
        if earlier is not None:
            return Belongs(interaction_id, earlier.our_call_id, ())
        return Belongs(interaction_id, "", _predecessors(invite))

    def forget(self, our_call_id: str) -> None:
        """The call is over for good; it will not be matched any more."""
        leg = self._legs.pop(our_call_id, None)
        if leg is None:
            return
        for name in leg.names:
            if self._by_name.get(name) == our_call_id:
                del self._by_name[name]
        ip = ip_of(leg.destination)
        self._by_place[ip].pop(our_call_id, None)
        if not self._by_place[ip]:
            del self._by_place[ip]

    def _named(self, invite: Message, names: tuple[str, ...]) -> _Leg | None:
        """The leg that this one names, or whose Call-ID its own contains ("b2b-<call-id>", "<call-id>-2")."""
        wanted = list(names)
        wanted += ["call-id:" + value for value in _predecessors(invite)]
        for call_id in (invite.call_id, invite.call_id.partition("@")[0]):
            for cut in ("_", "-", "."):
                wanted += ["call-id:" + call_id.partition(cut)[2], "call-id:" + call_id.rpartition(cut)[0]]
        for name in wanted:
            found = self._by_name.get(name)
            if found is not None and found in self._legs:
                return self._legs[found]
        return None

    def _following(self, who: Parties, at_ns: int, source: str, destination: str) -> _Leg | None:
        """The one recent leg that went to where this one comes from and shares a number with it."""
        best: list[_Leg] = []
        best_score = 1
        place = self._by_place.get(ip_of(source), OrderedDict())
        for index, leg in enumerate(reversed(place.values())):
            if index == _MAX_SAME_PLACE or at_ns - leg.at_ns > self._window_ns:
                break
            # On one machine the address says nothing, so the port must chain, too.
            is_chained = leg.destination == source or ip_of(source) != ip_of(destination)
            score = _score(leg, who) if is_chained and leg.at_ns <= at_ns else 0
            if score > best_score:
                best, best_score = [leg], score
            elif score == best_score:
                best.append(leg)
        if not best:
            return None
        is_clear = best_score == 2 or len({leg.interaction_id for leg in best}) == 1
        return best[0] if is_clear else None


def _score(leg: _Leg, who: Parties) -> int:
    """How many of the two numbers agree."""
    return int(_is_same(leg.caller, who.caller.number)) + int(_is_same(leg.callee, who.callee.number))


def _predecessors(invite: Message) -> tuple[str, ...]:
    """Call-IDs that headers name as those of earlier legs.

    Source: RFC 3261 §20.21
    """
    found = [value.strip() for header in _CALL_ID_HEADERS for value in invite.headers(header)]
    return tuple(
        value for value in dict.fromkeys(found) if len(value) >= _MIN_CALL_ID and value != invite.call_id
    )[:_MAX_NAMES]


def _names(invite: Message) -> tuple[str, ...]:
    """What identifies this conversation beyond one leg.

    Source: RFC 7989 §5 (the nil UUID names nothing), RFC 7315 §5.6 (icid-value)
    """
    names: list[str] = []
    if len(invite.call_id) >= _MIN_CALL_ID:
        names.append("call-id:" + invite.call_id)
    local = invite.call_id.partition("@")[0]
    if local != invite.call_id and len(local) >= _MIN_LOCAL_PART:
        names.append("call-id:" + local)
    session = invite.header("session-id").partition(";")[0].strip().lower()
    if len(session) == 32 and session.strip("0"):
        names.append("session-id:" + session)
    for word in invite.header("p-charging-vector").split(";"):
        name, _, value = word.partition("=")
        if name.strip().lower() == "icid-value" and value.strip(' "'):
            names.append("icid:" + value.strip(' "'))
    return tuple(names[:_MAX_NAMES])


def _is_same(one: str, other: str) -> bool:
    """Whether two normalised numbers are the same telephone, as far as one can tell."""
    if one == other:
        return len(one) >= _MIN_NUMBER and any(character.isdigit() for character in one)
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    shorter = shorter.lstrip("+").lstrip("0")
    return len(shorter) >= _MIN_SUFFIX and shorter.isdigit() and longer.endswith(shorter)
