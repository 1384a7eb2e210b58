"""Offer and answer of one call as a listener on the wire sees them: who receives where, who holds whom.

Surprising: behind a proxy that relays media, the same description passes twice with different addresses. Then
only the copies on the path of the first INVITE count (`path` = the two addresses of the packet), so that
one conversation is not recorded twice; a copy from elsewhere is used when no better one comes within a second.
Source: RFC 3264, RFC 3261 §13.2.1 and §14, RFC 3262 §5, RFC 3311, RFC 6337
"""

from typing import NamedTuple

from appliance.core.errors import BadMessage
from appliance.domain.call import Side
from appliance.sip.events import EarlyMedia, Event, Held, MediaDescribed, Resumed
from appliance.sip.sdp import Media, Session, read_sdp, same_media

_WAIT_NS = 1_000_000_000
_MAX_BRANCHES = 64
_MAX_OFFERS = 8

Path = frozenset[str]


class Facts(NamedTuple):
    """Circumstances of one description. `slot` names its transaction: side and CSeq of the request.

    `tag` is the callee's, "" for a description of the caller.
    """

    side: Side
    at_ns: int
    path: Path
    slot: tuple[Side, int]
    is_offer: bool
    early: bool
    tag: str


class _Described:
    def __init__(self, raw: bytes, session: Session, path: Path, slot: tuple[Side, int]) -> None:
        self.raw = raw
        self.session = session
        self.path = path
        self.slot = slot


class _Offer:
    """A request that opened an exchange in mid-dialog; `raw` is b"" when the other side is to offer."""

    def __init__(self, method: str, raw: bytes, path: Path, branch: str) -> None:
        self.method = method
        self.raw = raw
        self.path = path
        self.branches = {branch}
        self.is_accepted = False


class Negotiation:
    """The descriptions of one call. `unreadable` counts those that were none."""

    def __init__(self, key: int, call_id: str, path: Path) -> None:
        self._key = key
        self._call_id = call_id
        self._path = path
        self._described: dict[tuple[Side, str], _Described] = {}
        self._deferred: dict[tuple[Side, str], tuple[int, bytes, Facts]] = {}
        self._offers: dict[tuple[Side, int], _Offer] = {}
        self._held: set[Side] = set()
        self._is_rewritten = False
        self.unreadable = 0

    def session(self, side: Side, tag: str = "") -> Session | None:
        """What `side` said last (on this branch, for the callee)."""
        known = self._described.get((side, tag))
        return known.session if known else None

    def early_branches(self) -> list[tuple[str, Session]]:
        """Tag and description of every branch of the callee."""
        return [(tag, known.session) for (side, tag), known in self._described.items() if side is Side.CALLEE]

    def describe(self, raw: bytes, facts: Facts, *, patient: bool = True) -> list[Event]:
        """Take note of a description; no event when nothing changed or a better copy is awaited."""
        if not raw or self._is_copy(raw, facts):
            return []
        where = (facts.side, facts.tag)
        if patient and self._is_rewritten and facts.path != self._path:
            self._deferred.setdefault(where, (facts.at_ns + _WAIT_NS, raw, facts))
            return []
        known = self._described.get(where)
        session = self._read(raw) if known is not None or len(self._described) < _MAX_BRANCHES else None
        if session is None:
            return []
        self._deferred.pop(where, None)
        self._described[where] = _Described(raw, session, facts.path, facts.slot)
        if known is not None and known.session.media == session.media:
            return []
        return self._report(session, facts, is_first=known is None)

    def _is_copy(self, raw: bytes, facts: Facts) -> bool:
        """Whether this is what we know already: the same again, or as another hop rewrote it."""
        where = (facts.side, facts.tag)
        known = self._described.get(where)
        if known is None:
            return False
        is_on_path = facts.path == self._path
        if known.raw == raw:
            known.slot = facts.slot
            if is_on_path:
                known.path = facts.path
                self._deferred.pop(where, None)
            return True
        return known.slot == facts.slot and known.path != facts.path and not is_on_path

    def _report(self, session: Session, facts: Facts, *, is_first: bool) -> list[Event]:
        described = MediaDescribed(
            key=self._key,
            call_id=self._call_id,
            at_ns=facts.at_ns,
            side=facts.side,
            session=session,
            is_offer=facts.is_offer,
            early=facts.early,
            tag=facts.tag,
        )
        if facts.early and facts.side is Side.CALLEE and is_first:
            early = EarlyMedia(key=self._key, call_id=self._call_id, at_ns=facts.at_ns, tag=facts.tag)
            return [early, described]
        return [described]

    def _read(self, raw: bytes) -> Session | None:
        try:
            return read_sdp(raw)
        except BadMessage:
            self.unreadable += 1
            return None

    def note_copy(self, raw: bytes) -> None:
        """The first offer was seen on another path, too; learn whether the proxy between relays media."""
        known = self._described.get((Side.CALLER, ""))
        if known is None or self._is_rewritten or not raw or raw == known.raw:
            return
        session = self._read(raw)
        self._is_rewritten = session is not None and not same_media(known.session, session)

    def due_ns(self) -> int | None:
        """When a deferred description must be used, None while there is none."""
        return min((due_ns for due_ns, _, _ in self._deferred.values()), default=None)

    def settle(self, now_ns: int | None = None) -> list[Event]:
        """Use the descriptions that waited long enough, or all when no time is given."""
        ready = [
            (raw, facts)
            for due_ns, raw, facts in self._deferred.values()
            if now_ns is None or due_ns <= now_ns
        ]
        return [event for raw, facts in ready for event in self._settle_one(raw, facts)]

    def _settle_one(self, raw: bytes, facts: Facts) -> list[Event]:
        self._deferred.pop((facts.side, facts.tag), None)
        return self.describe(raw, facts, patient=False)

    def shift(self, jump_ns: int) -> None:
        """Move the deadlines with the clock."""
        self._deferred = {
            where: (due_ns + jump_ns, raw, facts) for where, (due_ns, raw, facts) in self._deferred.items()
        }

    def open(self, slot: tuple[Side, int], method: str, raw: bytes, path: Path, branch: str) -> bool:
        """Note a re-INVITE, UPDATE or PRACK; False when it was known (retransmission or another path)."""
        known = self._offers.get(slot)
        if known is not None and known.method == method:
            if len(known.branches) < _MAX_BRANCHES:
                known.branches.add(branch)
            if path == self._path != known.path and raw:
                known.raw, known.path = raw, path
            return False
        if len(self._offers) >= _MAX_OFFERS:
            del self._offers[next(iter(self._offers))]
        self._offers[slot] = _Offer(method, raw, path, branch)
        return True

    def accept(self, answer: bytes, facts: Facts, offerer_tag: str) -> list[Event]:
        """The request of `facts.slot` was accepted: its offer counts, and so does the answer of `facts.side`."""
        offer = self._offers.get(facts.slot)
        if offer is None:
            return self.describe(answer, facts)
        is_first, offer.is_accepted = not offer.is_accepted, True
        if not offer.raw:
            return self.describe(answer, facts._replace(is_offer=True))
        asked = facts._replace(side=facts.side.other, path=offer.path, is_offer=True, tag=offerer_tag)
        events = self.describe(offer.raw, asked) if is_first else []
        events += self.describe(answer, facts)
        return events + self.judge_hold(facts.side.other, facts.tag or offerer_tag, facts.at_ns)

    def acknowledge(self, answer: bytes, facts: Facts, branch: str, other_tag: str) -> list[Event]:
        """ACK of a re-INVITE by `facts.side`: the answer to a late offer, or the proof of a 2xx not seen."""
        offer = self._offers.get(facts.slot)
        if answer:
            events = self.describe(answer, facts)
            return events + self.judge_hold(facts.side.other, facts.tag or other_tag, facts.at_ns)
        if offer is None or offer.is_accepted or not offer.raw or branch in offer.branches:
            return []
        return self.accept(b"", facts._replace(side=facts.side.other, tag=other_tag), facts.tag)

    def is_open(self, slot: tuple[Side, int], method: str) -> bool:
        """Whether this request is known and not rejected."""
        offer = self._offers.get(slot)
        return offer is not None and offer.method == method

    def reject(self, slot: tuple[Side, int]) -> bool:
        """The request was refused (RFC 3261 §14.1): all stays as it was. False when that is known."""
        return self._offers.pop(slot, None) is not None

    def judge_hold(self, offerer: Side, tag: str, at_ns: int, *, initial: bool = False) -> list[Event]:
        """Who holds whom after an exchange.

        An answer only mirrors an offer that stops media, so it speaks for itself only when the offer did not.
        Source: RFC 3264 §8.4, RFC 6337 §5.3
        """
        offer = self._audio(offerer, tag)
        answer = self._audio(offerer.other, tag)
        if offer is None:
            return []
        is_plain = offer.direction == "sendrecv" and not offer.is_null
        holds = {offerer: _holds(offer, initial=initial)}
        if offer.direction == "recvonly" and offerer.other in self._held:
            holds[offerer] = False
        if answer is not None and (is_plain or (answer.direction == "sendrecv" and not answer.is_null)):
            holds[offerer.other] = _holds(answer, initial=initial)
        events: list[Event] = []
        for side, is_holding in holds.items():
            if is_holding and side not in self._held:
                self._held.add(side)
                events.append(Held(key=self._key, call_id=self._call_id, at_ns=at_ns, side=side))
            elif not is_holding and side in self._held:
                self._held.discard(side)
                events.append(Resumed(key=self._key, call_id=self._call_id, at_ns=at_ns, side=side))
        return events

    def _audio(self, side: Side, tag: str) -> Media | None:
        known = self._described.get((side, tag if side is Side.CALLEE else ""))
        return known.session.audio if known else None


def _holds(media: Media, *, initial: bool) -> bool:
    """Whether its owner stops the other's media. A call may begin one-way (intercom) without being held."""
    if media.is_null or media.direction == "inactive":
        return True
    return not initial and media.direction in ("sendonly", "recvonly")
