"""Passive dialog tracking: messages in any order come in, facts about calls go out.

The tracker owns no clock: time is that of the packets (`at_ns`), and `tick` must be called now and then.
One call is told by Call-ID and the caller's tag, however many hops and branches of it pass.
Source: RFC 3261 §12-§17, RFC 3891, RFC 3911, RFC 4028
"""

from collections import OrderedDict

from appliance.sip.carried import read_dialog
from appliance.sip.conversation import Conversation, Ending
from appliance.sip.events import Cause, Ended, Event, JoinedLate, Joins, Replaces, Started
from appliance.sip.message import Message
from appliance.sip.tracked import MEMORY_NS, EndedCalls, Seen

_SECOND_NS = 1_000_000_000
_MAX_CALLS_PER_ID = 8
_METHODS = frozenset(("INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY"))
_CERTAIN = (Cause.BYE, Cause.FAILED, Cause.CANCELLED)


class Tracker:
    """All calls of one capture point.

    `setup_timeout_s`: an INVITE without a final answer ends after this. `session_timeout_s`: a call that is up
    ends when neither signalling nor `touch` showed life for so long (or for the negotiated Session-Expires
    plus 32 s, where there is one). `max_calls`: beyond it the least recently active call is ended (unanswered
    ones first), so that memory is bounded. `max_joined`: calls that are told by late signalling alone; so many
    at once after a start, one more each second: nobody can fill the ledger with BYEs of calls that never were.
    `unreadable_sdp` counts descriptions that were none, `unjoined` messages of calls beyond that limit.
    """

    def __init__(
        self,
        *,
        setup_timeout_s: float = 200.0,
        session_timeout_s: float = 7200.0,
        max_calls: int = 20000,
        max_joined: int = 5000,
    ) -> None:
        self._setup_ns = int(setup_timeout_s * _SECOND_NS)
        self._session_ns = int(session_timeout_s * _SECOND_NS)
        self._max_calls = max_calls
        self._last_key = 0
        self._by_id: dict[str, list[Conversation]] = {}
        # In order of activity, so that the idlest is found at once.
        self._unanswered: OrderedDict[int, Conversation] = OrderedDict()
        self._up: OrderedDict[int, Conversation] = OrderedDict()
        self._ended = EndedCalls(max_calls, self._session_ns)
        self._due_ns: int | None = None
        self._cleaned_ns = 0
        self._max_joined = max_joined
        self._joinable = max_joined
        self._joined_ns = 0
        self.unreadable_sdp = 0
        self.unjoined = 0

    def __len__(self) -> int:
        """Calls that have begun and not ended."""
        return len(self._unanswered) + len(self._up)

    def feed(
        self, message: Message, at_ns: int, transport: str, source: str, destination: str
    ) -> list[Event]:
        """One message as it passed; addresses are "ip:port", IPv6 in brackets. Never raises."""
        if message.method not in _METHODS:
            return []
        seen = Seen(message, at_ns, transport, source, destination)
        if message.is_request and message.method == "INVITE" and not message.to_tag:
            return self._first_invite(seen)
        call = self._find(message)
        if call is not None:
            return self._settle(call, call.receive(seen), at_ns)
        return [] if self._ended.absorbs(message, at_ns) else self._join(seen)

    def tick(self, now_ns: int) -> list[Event]:
        """What time alone brought about: time-outs, and descriptions that waited for a better one."""
        if now_ns - self._cleaned_ns > MEMORY_NS // 4 or now_ns < self._cleaned_ns:
            self._cleaned_ns = now_ns
            self._ended.forget_old(now_ns)
        if self._due_ns is None or now_ns < self._due_ns:
            return []
        events: list[Event] = []
        self._due_ns = None
        for call in [*self._unanswered.values(), *self._up.values()]:
            events += call.media.settle(now_ns)
            if call.deadline_ns(self._setup_ns, self._session_ns) <= now_ns:
                events += self._finish(call, call.time_out(), now_ns)
            else:
                self._note_due(call)
        return events

    def touch(self, key: int, at_ns: int) -> None:
        """Media of this call was seen: it lives. An unknown key is ignored."""
        call = self._up.get(key) or self._unanswered.get(key)
        if call is not None:
            self._mark_active(call, at_ns)

    def end(self, key: int, at_ns: int) -> list[Event]:
        """End a call for a reason that signalling does not know (media time-out, stop); [] when already over."""
        call = self._up.get(key) or self._unanswered.get(key)
        return [] if call is None else self._finish(call, Ending(Cause.STOPPED, at_ns), at_ns)

    def shift(self, jump_ns: int) -> None:
        """The wall clock was set: move every deadline with it."""
        for call in [*self._unanswered.values(), *self._up.values()]:
            call.shift(jump_ns)
        self._ended.shift(jump_ns)
        self._cleaned_ns += jump_ns
        if self._due_ns is not None:
            self._due_ns += jump_ns

    # -- finding and making

    def _find(self, message: Message) -> Conversation | None:
        calls = self._by_id.get(message.call_id)
        if not calls:
            return None
        tags = (message.from_tag, message.to_tag)
        for call in calls:
            if call.caller_tag in tags:
                return call
        return next((call for call in calls if tags[0] in call.tags or tags[1] in call.tags), None)

    def _find_inviting(self, seen: Seen) -> Conversation | None:
        calls = self._by_id.get(seen.message.call_id, [])
        for call in calls:
            if call.caller_tag == seen.message.from_tag:
                return call
        # Some phones take a new tag when they answer a challenge.
        for call in calls:
            if call.verdict is not None and not call.is_up and call.source == seen.source:
                call.caller_tag = seen.message.from_tag
                return call
        return None

    def _first_invite(self, seen: Seen) -> list[Event]:
        call = self._find_inviting(seen)
        if call is not None:
            return self._settle(call, call.next_invite(seen), seen.at_ns)
        if self._ended.absorbs(seen.message, seen.at_ns):
            return []
        events = self._make_room(seen)
        call = self._create(seen)
        events.append(
            Started(
                key=call.key,
                call_id=call.call_id,
                at_ns=seen.at_ns,
                invite=seen.message,
                transport=seen.transport,
                source=seen.source,
                destination=seen.destination,
            )
        )
        events += self._named_dialogs(call, seen)
        return events + self._settle(call, call.first_invite(seen), seen.at_ns)

    def _join(self, seen: Seen) -> list[Event]:
        """A call whose INVITE was not seen, if this message proves that there is one."""
        message = seen.message
        if not message.from_tag or not message.to_tag:
            return []
        if message.is_request:
            is_up = True
            is_proof = message.method in ("INVITE", "BYE", "UPDATE")
            is_proof = is_proof or (message.method == "ACK" and message.has_sdp)
        else:
            is_up = message.status_code >= 200
            is_proof = message.method == "INVITE" and 180 <= message.status_code < 300
        if not is_proof:
            return []
        if not self._may_join(seen.at_ns):
            self.unjoined += 1
            return []
        events = self._make_room(seen)
        call = self._create(seen)
        events.append(
            JoinedLate(
                key=call.key,
                call_id=call.call_id,
                at_ns=seen.at_ns,
                message=message,
                transport=seen.transport,
                source=seen.source,
                destination=seen.destination,
                answered=is_up,
                is_initial=not is_up,
            )
        )
        return events + self._settle(call, call.join(seen, is_up=is_up), seen.at_ns)

    def _may_join(self, at_ns: int) -> bool:
        """Take one from the allowance of late calls, which fills up by one each second."""
        passed_s = max(0, at_ns - self._joined_ns) // _SECOND_NS
        if passed_s or at_ns < self._joined_ns:
            self._joinable = min(self._max_joined, self._joinable + passed_s)
            self._joined_ns = at_ns
        if not self._joinable:
            return False
        self._joinable -= 1
        return True

    def _make_room(self, seen: Seen) -> list[Event]:
        """End the idlest calls when there are too many, in all or under one Call-ID."""
        events: list[Event] = []
        namesakes = self._by_id.get(seen.message.call_id, [])
        if len(namesakes) >= _MAX_CALLS_PER_ID:
            events += self._finish(namesakes[0], Ending(Cause.EVICTED, namesakes[0].active_ns), seen.at_ns)
        if len(self) >= self._max_calls:
            idlest = next(iter((self._unanswered or self._up).values()))
            events += self._finish(idlest, Ending(Cause.EVICTED, idlest.active_ns), seen.at_ns)
        return events

    def _create(self, seen: Seen) -> Conversation:
        self._last_key += 1
        call = Conversation(self._last_key, seen)
        self._by_id.setdefault(call.call_id, []).append(call)
        self._unanswered[call.key] = call
        return call

    def _named_dialogs(self, call: Conversation, seen: Seen) -> list[Event]:
        """The dialogs that an INVITE takes over or joins."""
        events: list[Event] = []
        for header, kind in (("replaces", Replaces), ("join", Joins)):
            named = read_dialog(seen.message, header)
            if named is None:
                continue
            tags = (named.to_tag, named.from_tag)
            others = [one for one in self._by_id.get(named.call_id, ()) if one is not call]
            exact = [one for one in others if one.caller_tag in tags]
            events.append(
                kind(
                    key=call.key,
                    call_id=call.call_id,
                    at_ns=seen.at_ns,
                    other_call_id=named.call_id,
                    to_tag=named.to_tag,
                    from_tag=named.from_tag,
                    other_key=(exact or others)[0].key if others else 0,
                )
            )
        return events

    # -- keeping and ending

    def _settle(self, call: Conversation, events: list[Event], at_ns: int) -> list[Event]:
        """Draw the consequences of a message that a call has taken in."""
        if call.is_up and call.key in self._unanswered:
            self._up[call.key] = self._unanswered.pop(call.key)
        if call.ending is not None:
            return events + self._finish(call, call.ending, at_ns)
        self._mark_active(call, at_ns)
        self._note_due(call)
        return events

    def _mark_active(self, call: Conversation, at_ns: int) -> None:
        call.active_ns = max(call.active_ns, at_ns)
        (self._up if call.is_up else self._unanswered).move_to_end(call.key)

    def _note_due(self, call: Conversation) -> None:
        due_ns = call.deadline_ns(self._setup_ns, self._session_ns)
        settle_ns = call.media.due_ns()
        if settle_ns is not None:
            due_ns = min(due_ns, settle_ns)
        if self._due_ns is None or due_ns < self._due_ns:
            self._due_ns = due_ns

    def _finish(self, call: Conversation, ending: Ending, now_ns: int) -> list[Event]:
        events = call.media.settle()
        (self._up if call.is_up else self._unanswered).pop(call.key)
        calls = self._by_id[call.call_id]
        calls.remove(call)
        if not calls:
            del self._by_id[call.call_id]
        self.unreadable_sdp += call.media.unreadable
        self._ended.remember(call, now_ns, is_certain=ending.cause in _CERTAIN)
        verdict = ending.verdict
        ended = Ended(
            key=call.key,
            call_id=call.call_id,
            at_ns=ending.at_ns,
            cause=ending.cause,
            answered=call.is_up,
            by=ending.by,
            status_code=verdict.code if verdict else 0,
            phrase=verdict.phrase if verdict else "",
        )
        return [*events, ended]
