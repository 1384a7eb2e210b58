"""Which calls belong to one conversation, and how the later came out of the earlier one.

Told of every call and of what happens in it, it answers with links between calls, and knows the interaction of each
call even after the call has ended: a transfer is often carried out when the call it was asked in is over. When in
doubt calls stay apart.
Source: RFC 3515, RFC 3891, RFC 3892, RFC 3911, RFC 5589 (transfers), RFC 3326 (taken elsewhere), RFC 4579 (conferences)
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from appliance.domain.call import Side
from appliance.domain.interaction import RelationKind
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.carried import is_taken_elsewhere
from appliance.sip.legs import LegMatcher
from appliance.sip.message import Message
from appliance.sip.parties import Parties, normalise
from appliance.sip.tracked import MEMORY_NS, ip_of
from appliance.sip.uri import read_address, read_uri

_SECOND_NS = 1_000_000_000
_PICKUP_NS = 2 * _SECOND_NS
_PARKED_NS = 3600 * _SECOND_NS
_MAX_REFERS = 4096
_MAX_RECENT = 256


class Link(NamedTuple):
    """`call_id` came to be related to another call, which has our id, or only its SIP Call-ID when we do not know it."""

    call_id: str
    kind: RelationKind
    at_ns: int
    other_call_id: str = ""
    other_sip_call_id: str = ""


class _Kin:
    """What is remembered of one call. Addresses without port."""

    __slots__ = (
        "answered_ns",
        "call_id",
        "callee",
        "caller",
        "destination",
        "focus",
        "is_open",
        "key",
        "sip_call_id",
        "source",
    )

    def __init__(
        self,
        call_id: str,
        event: events.Started | events.JoinedLate,
        who: Parties,
        source: str,
        destination: str,
    ) -> None:
        self.call_id = call_id
        self.key = event.key
        self.sip_call_id = event.call_id
        self.caller = who.caller.number
        self.callee = who.callee.number
        self.source = ip_of(source)
        self.destination = ip_of(destination)
        self.answered_ns = 0
        self.focus = ""
        self.is_open = True


class _Refer:
    """A transfer that was asked for; `done` once a call has come of it."""

    __slots__ = ("at_ns", "by", "by_number", "call_id", "carrier", "done", "replaces", "target")

    def __init__(self, call_id: str, event: events.TransferAsked, by_number: str, carrier: str) -> None:
        self.call_id = call_id
        self.at_ns = event.at_ns
        self.by = event.side
        self.by_number = by_number
        self.carrier = carrier
        self.target = _number_of(event.target)
        self.replaces = event.replaces
        self.done = ""


class Kinship:
    """All conversations of one capture point.

    `pickup_codes`: what is dialled to take a call that rings elsewhere (by its beginning). `park_numbers`: where calls
    are parked. `max_calls` bounds what is remembered of calls that have ended.
    """

    def __init__(
        self,
        *,
        interaction_s: float = 5.0,
        max_calls: int = 20000,
        aliases: Aliases | None = None,
        pickup_codes: Sequence[str] = (),
        park_numbers: Sequence[str] = (),
    ) -> None:
        self._matcher = LegMatcher(interaction_s=interaction_s, max_calls=max_calls)
        self._max_calls = max_calls
        self._aliases = aliases or Aliases()
        self._pickup_codes = tuple(code for code in pickup_codes if code)
        self._park_numbers = frozenset(park_numbers)
        self._calls: dict[str, _Kin] = {}
        self._by_key: dict[int, _Kin] = {}
        self._by_sip_id: dict[str, list[_Kin]] = {}
        self._over: OrderedDict[str, None] = OrderedDict()
        self._interaction: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        self._refers: deque[_Refer] = deque(maxlen=_MAX_REFERS)
        self._focus: dict[str, OrderedDict[str, None]] = {}
        self._elsewhere: deque[tuple[int, _Kin]] = deque(maxlen=_MAX_RECENT)
        self._pickers: deque[tuple[int, _Kin]] = deque(maxlen=_MAX_RECENT)

    def __len__(self) -> int:
        """Calls that are remembered."""
        return len(self._calls)

    # -- interactions

    def interaction_of(self, call_id: str) -> str:
        """The id of the first call of the conversation; the call's own when it stands alone."""
        return self._interaction.get(call_id, call_id)

    def unite(self, one: str, other: str) -> list[str]:
        """Two calls are of one conversation; the calls whose interaction id changed by that."""
        ids = sorted({self.interaction_of(one), self.interaction_of(other)})
        if len(ids) == 1:
            return []
        first, later = ids
        moved = self._members.pop(later, {later})
        self._members.setdefault(first, {first}).update(moved)
        for call_id in moved:
            self._interaction[call_id] = first
        return sorted(moved)

    # -- what happens

    def begin(self, call_id: str, event: events.Started, who: Parties) -> list[Link]:
        """A new call; what it follows from."""
        source = self._aliases.inside(event.source)
        destination = self._aliases.inside(event.destination)
        kin = self._remember(_Kin(call_id, event, who, source, destination))
        links = self._after_transfer(kin, event.invite, event.at_ns)
        belongs = self._matcher.add(call_id, event.invite, who, event.at_ns, source, destination)
        if belongs.leg_of and belongs.leg_of not in {link.other_call_id for link in links}:
            links.append(Link(call_id, RelationKind.LEG_OF, event.at_ns, belongs.leg_of))
        for name in belongs.named:
            links.append(self._link_by_name(kin, RelationKind.LEG_OF, event.at_ns, name))
        return links

    def begin_late(self, call_id: str, event: events.JoinedLate, who: Parties) -> None:
        """A call whose beginning was not seen."""
        self._remember(_Kin(call_id, event, who, event.source, event.destination))

    def take(self, event: events.Event) -> list[Link]:
        """Something happened in a call; what it is related to by that."""
        kin = self._by_key.get(event.key)
        act = _ACTS.get(type(event))
        return act(self, kin, event) if kin is not None and act is not None else []

    def forget(self, call_id: str) -> None:
        """The call is over for good: nothing follows from it any more but what it announced."""
        self._matcher.forget(call_id)
        kin = self._calls.get(call_id)
        if kin is None:
            return
        kin.is_open = False
        self._by_key.pop(kin.key, None)
        self._leave_conference(kin)
        self._over[call_id] = None
        if len(self._over) > self._max_calls:
            self._drop(self._over.popitem(last=False)[0])

    def shift(self, jump_ns: int) -> None:
        """The wall clock was set."""
        for refer in self._refers:
            refer.at_ns += jump_ns

    # -- keeping

    def _remember(self, kin: _Kin) -> _Kin:
        self._calls[kin.call_id] = kin
        self._by_key[kin.key] = kin
        self._by_sip_id.setdefault(kin.sip_call_id, []).append(kin)
        return kin

    def _drop(self, call_id: str) -> None:
        kin = self._calls.pop(call_id)
        same = self._by_sip_id[kin.sip_call_id]
        same.remove(kin)
        if not same:
            del self._by_sip_id[kin.sip_call_id]
        first = self._interaction.pop(call_id, call_id)
        members = self._members.get(first)
        if members is not None:
            members.discard(call_id)
            if len(members) <= 1:
                del self._members[first]

    def _named(self, sip_call_id: str, besides: _Kin) -> _Kin | None:
        """The newest call of that Call-ID, one that is going on before one that is over."""
        others = [one for one in self._by_sip_id.get(sip_call_id, ()) if one is not besides]
        return max(others, key=lambda one: (one.is_open, one.call_id), default=None)

    def _link_by_name(self, kin: _Kin, kind: RelationKind, at_ns: int, sip_call_id: str) -> Link:
        other = self._named(sip_call_id, kin)
        if other is not None:
            return Link(kin.call_id, kind, at_ns, other.call_id)
        return Link(kin.call_id, kind, at_ns, "", sip_call_id)

    def _is_going_on(self, call_id: str) -> bool:
        """Whether any call of its conversation is not over."""
        members: Iterable[str] = self._members.get(self.interaction_of(call_id), (call_id,))
        return any(member in self._calls and self._calls[member].is_open for member in members)

    # -- transfers

    def _transfer_asked(self, kin: _Kin, event: events.TransferAsked) -> list[Link]:
        by_number = kin.caller if event.side is Side.CALLER else kin.callee
        carrier = ip_of(self._aliases.inside(event.destination))
        self._refers.append(_Refer(kin.call_id, event, by_number, carrier))
        if not event.replaces:
            return []
        other = self._named(event.replaces, kin)
        if other is None:
            return [Link(kin.call_id, RelationKind.CONSULTATION, event.at_ns, "", event.replaces)]
        return [Link(other.call_id, RelationKind.CONSULTATION, event.at_ns, kin.call_id)]

    def _after_transfer(self, kin: _Kin, invite: Message, at_ns: int) -> list[Link]:
        """The call in which this one was asked for, or was parked.

        Source: RFC 3515 §2.4.4, RFC 3892 §2 (Referred-By), RFC 5589 §6
        """
        dialled = {_number_of(invite.request_uri), kin.callee} - {""}
        referred_by = _number_of(read_address(invite.header("referred-by")).uri.raw)
        for refer in reversed(self._refers):
            if at_ns - refer.at_ns > _PARKED_NS:
                break
            if refer.replaces or refer.done:
                continue
            if refer.target in self._park_numbers:
                if kin.destination == refer.carrier and self._is_unparking(refer, dialled):
                    refer.done = kin.call_id
                    return [Link(kin.call_id, RelationKind.PICKED_UP, at_ns, refer.call_id)]
                continue
            is_named = bool(referred_by) and referred_by == refer.by_number
            is_carried = kin.source == refer.carrier or is_named
            if is_carried and refer.target in dialled and 0 <= at_ns - refer.at_ns <= MEMORY_NS:
                refer.done = kin.call_id
                return [Link(kin.call_id, RelationKind.TRANSFERRED_FROM, at_ns, refer.call_id)]
        return []

    def _is_unparking(self, parked: _Refer, dialled: set[str]) -> bool:
        """Whether the number dialled fetches this parked call: its own slot, or any slot while only it is parked."""
        if not dialled & self._park_numbers or not self._is_going_on(parked.call_id):
            return False
        waiting = {
            self.interaction_of(one.call_id)
            for one in self._refers
            if one.target in self._park_numbers and not one.done and self._is_going_on(one.call_id)
        }
        return parked.target in dialled or len(waiting) == 1

    def _replaces(self, kin: _Kin, event: events.Replaces) -> list[Link]:
        """Attended transfer, pick-up of a ringing call, or plainly another telephone that takes over."""
        links: list[Link] = []
        asked = next((one for one in reversed(self._refers) if one.replaces == event.other_call_id), None)
        if asked is not None:
            asked.done = kin.call_id
            links.append(Link(kin.call_id, RelationKind.TRANSFERRED_FROM, event.at_ns, asked.call_id))
        other = self._by_key.get(event.other_key)
        is_ringing = other is not None and not other.answered_ns and asked is None
        kind = RelationKind.PICKED_UP if is_ringing else RelationKind.REPLACES
        if other is not None:
            links.append(Link(kin.call_id, kind, event.at_ns, other.call_id))
        else:
            links.append(self._link_by_name(kin, kind, event.at_ns, event.other_call_id))
        return links

    def _joins(self, kin: _Kin, event: events.Joins) -> list[Link]:
        other = self._by_key.get(event.other_key)
        if other is not None:
            return [Link(kin.call_id, RelationKind.JOINED, event.at_ns, other.call_id)]
        return [self._link_by_name(kin, RelationKind.JOINED, event.at_ns, event.other_call_id)]

    # -- conferences

    def _conference(self, kin: _Kin, event: events.FocusSeen) -> list[Link]:
        self._leave_conference(kin)
        kin.focus = event.uri
        calls = self._focus.setdefault(event.uri, OrderedDict())
        first = next(iter(calls), "")
        calls[kin.call_id] = None
        return [Link(kin.call_id, RelationKind.CONFERENCE, event.at_ns, first)] if first else []

    def _leave_conference(self, kin: _Kin) -> None:
        calls = self._focus.get(kin.focus)
        if calls is not None:
            calls.pop(kin.call_id, None)
            if not calls:
                del self._focus[kin.focus]
        kin.focus = ""

    # -- pick-up by a code

    def _is_pickup(self, kin: _Kin) -> bool:
        return kin.callee.startswith(self._pickup_codes) if self._pickup_codes else False

    def _picking_up(self, picker: _Kin, at_ns: int) -> list[Link]:
        """A pick-up code was answered: the ringing call that was taken away at the same moment, if it is one only."""
        _forget_before(self._elsewhere, at_ns - _PICKUP_NS)
        rang = [one for _, one in self._elsewhere if self._fits(picker, one)]
        if not rang:
            self._pickers.append((at_ns, picker))
            return []
        if len({self.interaction_of(one.call_id) for one in rang}) > 1:
            return []
        return [Link(picker.call_id, RelationKind.PICKED_UP, at_ns, rang[0].call_id)]

    def _answered(self, kin: _Kin, event: events.Answered) -> list[Link]:
        kin.answered_ns = event.at_ns
        return self._picking_up(kin, event.at_ns) if self._is_pickup(kin) else []

    def _cancelled(self, kin: _Kin, event: events.CancelAsked) -> list[Link]:
        """A ringing call that another telephone has taken: by a pick-up code, if one was answered just now."""
        if not is_taken_elsewhere(event.reason):
            return []
        at_ns = event.at_ns
        _forget_before(self._pickers, at_ns - _PICKUP_NS)
        self._elsewhere.append((at_ns, kin))
        pickers = [one for _, one in self._pickers if self._fits(one, kin)]
        if len(pickers) != 1:
            return []
        self._pickers = deque((row for row in self._pickers if row[1] is not pickers[0]), maxlen=_MAX_RECENT)
        return [Link(pickers[0].call_id, RelationKind.PICKED_UP, at_ns, kin.call_id)]

    def _fits(self, picker: _Kin, ringing: _Kin) -> bool:
        """Whether both are calls of one exchange, and what is dialled behind the code names who rang."""
        if picker.destination != ringing.source or picker is ringing:
            return False
        code = max((code for code in self._pickup_codes if picker.callee.startswith(code)), key=len)
        wanted = picker.callee.removeprefix(code)
        return not wanted or ringing.callee == wanted


def _number_of(uri: str) -> str:
    found = read_uri(uri)
    return normalise(found.user, found.params.get("phone-context", ""))


def _forget_before(recent: deque[tuple[int, _Kin]], limit_ns: int) -> None:
    while recent and recent[0][0] < limit_ns:
        recent.popleft()


_ACTS: dict[type[events.Event], Callable[[Kinship, _Kin, Any], list[Link]]] = {
    events.TransferAsked: Kinship._transfer_asked,  # noqa: SLF001 - the table belongs to the class
    events.Replaces: Kinship._replaces,  # noqa: SLF001
    events.Joins: Kinship._joins,  # noqa: SLF001
    events.FocusSeen: Kinship._conference,  # noqa: SLF001
    events.Answered: Kinship._answered,  # noqa: SLF001
    events.CancelAsked: Kinship._cancelled,  # noqa: SLF001
}
