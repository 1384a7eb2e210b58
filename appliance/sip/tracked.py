"""One call while it lives, and the memory of those that have ended.

Source: RFC 3261 §12, §16.7, §17
"""

from typing import NamedTuple

from appliance.domain.call import Side
from appliance.sip.message import Message
from appliance.sip.negotiation import Negotiation

MEMORY_NS = 32_000_000_000
"""64*T1: as long as retransmissions may come. Source: RFC 3261 §17.1.1.2"""

_MAX_HOPS = 64
_MAX_TAGS = 64
_MAX_SEEN = 256
_MAX_ENDED_PER_ID = 8


class Verdict(NamedTuple):
    """A final answer that is not yet the end: the caller may try again, or another branch may do better."""

    code: int
    phrase: str
    at_ns: int


class _Hop:
    """One client transaction of the INVITE, as the proxies between made it. `depth`: Via values."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.code = 0
        self.phrase = ""
        self.is_proceeding = False


def ip_of(place: str) -> str:
    """The address of "ip:port"."""
    return place.rpartition(":")[0] or place


class Seen:
    """One message with the circumstances of its passing; `path` names the hop, in either direction."""

    __slots__ = ("at_ns", "destination", "message", "path", "source", "transport")

    def __init__(self, message: Message, at_ns: int, transport: str, source: str, destination: str) -> None:
        self.message = message
        self.at_ns = at_ns
        self.transport = transport
        self.source = source
        self.destination = destination
        path = frozenset((ip_of(source), ip_of(destination)))
        # On one machine only the ports tell one hop from the next.
        self.path = path if len(path) == 2 else frozenset((source, destination))


class TrackedCall:
    """What the tracker knows of a call. `cseq` is that of the first INVITE's latest attempt, -1 if never seen."""

    def __init__(self, key: int, first: Seen) -> None:
        message, at_ns = first.message, first.at_ns
        self.key = key
        self.call_id = message.call_id
        self.caller_tag = message.from_tag
        self.cseq = -1
        self.started_ns = at_ns
        self.active_ns = at_ns
        self.source = first.source
        self.caller_ip = ip_of(first.source)
        self.callee_ip = ip_of(first.destination)
        self.is_up = False
        self.is_ringing = False
        self.is_late_offer = False
        self.answered_tag = ""
        self.tags: dict[str, None] = {}
        self.verdict: Verdict | None = None
        self.cancelled_ns = 0
        self.timer_s = 0
        self.media = Negotiation(key, message.call_id, first.path)
        self._hops: dict[str, _Hop] = {}
        self._seen: dict[tuple[Side, str, int], None] = {}

    def shift(self, jump_ns: int) -> None:
        """Move all times with the clock."""
        self.started_ns += jump_ns
        self.active_ns += jump_ns
        if self.cancelled_ns:
            self.cancelled_ns += jump_ns
        if self.verdict is not None:
            self.verdict = self.verdict._replace(at_ns=self.verdict.at_ns + jump_ns)
        self.media.shift(jump_ns)

    def inviter(self, message: Message, peer: str) -> Side:
        """Which side sent the request (of which `message` may be a response).

        `peer`: where the request came from, or the response goes to; decides only where the tags do not.
        """
        sender, recipient = message.from_tag, message.to_tag
        if sender != recipient:
            if sender == self.caller_tag:
                return Side.CALLER
            if recipient == self.caller_tag:
                return Side.CALLEE
            if sender and sender in self.tags:
                return Side.CALLEE
            if recipient and recipient in self.tags:
                return Side.CALLER
        address = ip_of(peer)
        if address == self.callee_ip != self.caller_ip:
            return Side.CALLEE
        return Side.CALLER

    def is_first_time(self, side: Side, message: Message) -> bool:
        """Whether this request was not seen before; notes it."""
        what = (side, message.method, message.cseq)
        if what in self._seen:
            return False
        if len(self._seen) >= _MAX_SEEN:
            del self._seen[next(iter(self._seen))]
        self._seen[what] = None
        return True

    def note_tag(self, tag: str) -> bool:
        """Note a tag of the callee's side; True when it is a further branch of a fork."""
        if not tag or tag in self.tags or len(self.tags) >= _MAX_TAGS:
            return False
        self.tags[tag] = None
        return len(self.tags) > 1

    def begin_attempt(self, message: Message, at_ns: int) -> None:
        """Note a first INVITE, or the next one after an answer that asks for it."""
        self.cseq = message.cseq
        self.started_ns = at_ns
        self.verdict = None
        self._hops.clear()
        self.hop_of(message)

    def knows_branch(self, branch: str) -> bool:
        """Whether an INVITE (or a response to it) passed with this branch."""
        return branch in self._hops

    def hop_of(self, message: Message) -> _Hop:
        """The transaction that an INVITE, its CANCEL or a response belongs to; made when it is new."""
        hop = self._hops.get(message.branch)
        if hop is None:
            hop = _Hop(message.via_count)
            if len(self._hops) < _MAX_HOPS:
                self._hops[message.branch] = hop
        return hop

    def is_from_caller(self, message: Message) -> bool:
        """Whether a CANCEL ends the call rather than one branch of a forking proxy behind the first hop."""
        hop = self._hops.get(message.branch)
        return hop is None or hop.depth <= self._least_depth()

    def _least_depth(self) -> int:
        return min((hop.depth for hop in self._hops.values()), default=0)

    def note_failure(self, message: Message, at_ns: int) -> bool:
        """Note a final answer >= 300; True when the caller's own transaction (or all that we see) has failed.

        Source: RFC 3261 §16.7 (which of several answers is forwarded)
        """
        hop = self.hop_of(message)
        hop.code, hop.phrase = message.status_code, message.phrase
        least = self._least_depth()
        roots = [one for one in self._hops.values() if one.depth == least]
        failed = [one for one in roots if one.code]
        best = min(failed or [hop], key=lambda one: (one.code < 600, one.code))
        self.verdict = Verdict(best.code, best.phrase, at_ns)
        return len(failed) == len(roots)

    @property
    def may_still_ring(self) -> bool:
        """Whether some branch answered provisionally and has no final answer."""
        return any(hop.is_proceeding and not hop.code for hop in self._hops.values())


class _Ended(NamedTuple):
    caller_tag: str
    tags: frozenset[str]
    cseq: int
    until_ns: int
    is_certain: bool


class EndedCalls:
    """Calls that are over, remembered to absorb what still trickles in.

    An end that was concluded rather than seen is remembered longer (`doubt_ns`), so that a BYE in the end
    does not look like another call; but a description in it proves that the call still lives.
    """

    def __init__(self, max_calls: int, doubt_ns: int) -> None:
        self._max_calls = max_calls
        self._doubt_ns = max(doubt_ns, MEMORY_NS)
        self._ended: dict[str, list[_Ended]] = {}

    def remember(self, call: TrackedCall, now_ns: int, *, is_certain: bool) -> None:
        """Bury a call."""
        until_ns = now_ns + (MEMORY_NS if is_certain else self._doubt_ns)
        ended = self._ended.pop(call.call_id, [])[-_MAX_ENDED_PER_ID + 1 :]
        ended.append(_Ended(call.caller_tag, frozenset(call.tags), call.cseq, until_ns, is_certain))
        self._ended[call.call_id] = ended
        if len(self._ended) > self._max_calls:
            del self._ended[next(iter(self._ended))]

    def absorbs(self, message: Message, at_ns: int) -> bool:
        """Whether this message is an echo of an ended call."""
        return any(
            one.until_ns >= at_ns and _is_echo(one, message) for one in self._ended.get(message.call_id, ())
        )

    def forget_old(self, now_ns: int) -> None:
        """Drop what is remembered no longer."""
        for call_id in [
            call_id for call_id, ended in self._ended.items() if all(one.until_ns < now_ns for one in ended)
        ]:
            del self._ended[call_id]

    def shift(self, jump_ns: int) -> None:
        """Move the deadlines with the clock."""
        for call_id, ended in self._ended.items():
            self._ended[call_id] = [one._replace(until_ns=one.until_ns + jump_ns) for one in ended]


def _is_echo(ended: _Ended, message: Message) -> bool:
    if message.is_request and message.method == "INVITE" and not message.to_tag:
        return ended.caller_tag == message.from_tag and message.cseq <= ended.cseq
    tags = (message.from_tag, message.to_tag)
    if ended.caller_tag not in tags and not any(tag in ended.tags for tag in tags):
        return False
    if ended.is_certain or not message.is_request:
        return True
    return not (message.method in ("INVITE", "UPDATE") and message.has_sdp)
