"""The life of one call, message by message: a state machine that is told everything and decides alone.

Surprising: one call may be seen on several hops of its way (proxies) and on several branches (forks).
Source: RFC 3261 §12-§17, RFC 3262, RFC 3311, RFC 3515, RFC 4028, RFC 4579, RFC 6026
"""

from typing import NamedTuple

from appliance.domain.call import Side
from appliance.sip.carried import (
    read_digit,
    read_focus,
    read_outcome,
    read_refer,
    read_session_timer_s,
)
from appliance.sip.events import (
    Answered,
    BranchLost,
    CancelAsked,
    Cause,
    Dtmf,
    Event,
    FocusSeen,
    Forked,
    Redirected,
    Reoffered,
    Ringing,
    SessionTimer,
    TransferAsked,
    TransferReported,
)
from appliance.sip.negotiation import Facts
from appliance.sip.sdp import same_media
from appliance.sip.tracked import MEMORY_NS, Seen, TrackedCall, Verdict

_SECOND_NS = 1_000_000_000
_MAX_LATE_ANSWERS = 16
# After these the caller usually tries again in the same dialog-to-be. Source: RFC 3261 §8.1.3.5, RFC 4028 §6
_RETRIED = frozenset((300, 301, 302, 305, 380, 401, 407, 413, 415, 416, 420, 421, 422, 494))
_MAGIC = "z9hG4bK"


class Ending(NamedTuple):
    """How a call ends: `by` and `verdict` where they are known."""

    cause: Cause
    at_ns: int
    by: Side | None = None
    verdict: Verdict | None = None


class Conversation(TrackedCall):
    """One call. Once `ending` is set nothing more may be told to it."""

    def __init__(self, key: int, first: Seen) -> None:
        super().__init__(key, first)
        self.ending: Ending | None = None
        self._late_answers: dict[str, Seen] = {}
        self._focus = ""

    def receive(self, seen: Seen) -> list[Event]:
        """A message of this call other than a first INVITE."""
        events = self._request(seen) if seen.message.is_request else self._response(seen)
        return events + self._conference(seen)

    def first_invite(self, seen: Seen) -> list[Event]:
        """The message that the call begins with."""
        self.begin_attempt(seen.message, seen.at_ns)
        return self._first_offer(seen) + self._conference(seen)

    def _conference(self, seen: Seen) -> list[Event]:
        """Whether the sender says that it is a conference."""
        uri = read_focus(seen.message)
        if not uri or uri == self._focus or self.ending is not None:
            return []
        self._focus = uri
        return [FocusSeen(key=self.key, call_id=self.call_id, at_ns=seen.at_ns, uri=uri)]

    def next_invite(self, seen: Seen) -> list[Event]:
        """A retransmission, a copy on another hop or branch, or the next attempt."""
        message = seen.message
        if message.cseq == self.cseq:
            self.hop_of(message)
            if self.media.session(Side.CALLER) is None:
                return self._first_offer(seen)
            self.media.note_copy(message.sdp)
            return []
        if self.is_up or message.cseq < self.cseq:
            return []
        self.begin_attempt(message, seen.at_ns)
        return self._first_offer(seen)

    def _first_offer(self, seen: Seen) -> list[Event]:
        self.is_late_offer = not seen.message.has_sdp
        return self.media.describe(seen.message.sdp, self._facts(Side.CALLER, seen, is_offer=True))

    def join(self, seen: Seen, *, is_up: bool) -> list[Event]:
        """The message that proves a call whose first INVITE was not seen."""
        if not seen.message.is_request:
            # The request came the other way.
            self.caller_ip, self.callee_ip = self.callee_ip, self.caller_ip
            self.cseq = seen.message.cseq
        self.note_tag(seen.message.to_tag)
        if is_up:
            self._answer(seen.message.to_tag, seen.at_ns, is_inferred=True)
        return self.receive(seen)

    def deadline_ns(self, setup_ns: int, session_ns: int) -> int:
        """When the call ends if nothing more is heard of it."""
        if self.is_up:
            allowed_ns = self.timer_s * _SECOND_NS + MEMORY_NS if self.timer_s else session_ns
            return self.active_ns + allowed_ns
        deadline_ns = self.started_ns + setup_ns
        if self.cancelled_ns:
            deadline_ns = min(deadline_ns, self.cancelled_ns + MEMORY_NS)
        if self.verdict is not None and not self.may_still_ring:
            deadline_ns = min(deadline_ns, self.verdict.at_ns + MEMORY_NS)
        return deadline_ns

    def time_out(self) -> Ending:
        """What the silence means."""
        if self.is_up:
            return Ending(Cause.SILENT, self.active_ns)
        if self.verdict is not None:
            return self.failure(self.verdict)
        if self.cancelled_ns:
            return Ending(Cause.CANCELLED, self.cancelled_ns, Side.CALLER)
        return Ending(Cause.NO_ANSWER, self.active_ns)

    def failure(self, verdict: Verdict) -> Ending:
        """A final answer of 300 or above that stands."""
        if self.cancelled_ns or verdict.code == 487:
            return Ending(Cause.CANCELLED, verdict.at_ns, Side.CALLER, verdict)
        return Ending(Cause.FAILED, verdict.at_ns, Side.CALLEE, verdict)

    def _facts(self, side: Side, seen: Seen, *, is_offer: bool) -> Facts:
        """`side` describes itself in this message."""
        peer = seen.source if seen.message.is_request else seen.destination
        inviter = self.inviter(seen.message, peer)
        return Facts(
            side=side,
            at_ns=seen.at_ns,
            path=seen.path,
            slot=(inviter, seen.message.cseq),
            is_offer=is_offer,
            early=not self.is_up,
            tag=self._callee_tag(seen, inviter) if side is Side.CALLEE else "",
        )

    def _callee_tag(self, seen: Seen, inviter: Side) -> str:
        tag = seen.message.to_tag if inviter is Side.CALLER else seen.message.from_tag
        return self.answered_tag if self.is_up and tag not in self.tags else tag

    def _initial_response(self, seen: Seen) -> list[Event]:
        message = seen.message
        is_stray = not self.knows_branch(message.branch)
        hop = self.hop_of(message)
        if message.status_code >= 300:
            return [] if self.is_up else self._initial_failure(seen, is_stray=is_stray)
        hop.is_proceeding = True
        events: list[Event] = []
        tag = message.to_tag
        if message.status_code > 100 and self.note_tag(tag):
            events.append(Forked(key=self.key, call_id=self.call_id, at_ns=seen.at_ns, tag=tag))
        if message.status_code >= 200:
            hop.code = message.status_code
            return events + self._initial_answer(seen)
        if self.is_up or message.status_code == 100:
            return events
        if message.status_code == 181:
            events.append(Redirected(key=self.key, call_id=self.call_id, at_ns=seen.at_ns, status_code=181))
        if message.status_code in (180, 181, 182) and not self.is_ringing:
            self.is_ringing = True
            events.append(
                Ringing(
                    key=self.key,
                    call_id=self.call_id,
                    at_ns=seen.at_ns,
                    status_code=message.status_code,
                    tag=tag,
                )
            )
        return events + self._described_by_callee(seen)

    def _described_by_callee(self, seen: Seen) -> list[Event]:
        facts = self._facts(Side.CALLEE, seen, is_offer=self.is_late_offer)
        return self.media.describe(seen.message.sdp, facts)

    def _initial_failure(self, seen: Seen, *, is_stray: bool) -> list[Event]:
        message = seen.message
        events: list[Event] = []
        if message.status_code < 400 and self.verdict is None:
            events.append(
                Redirected(
                    key=self.key,
                    call_id=self.call_id,
                    at_ns=seen.at_ns,
                    status_code=message.status_code,
                    target=message.contact,
                )
            )
        had_verdict = self.verdict
        # Peers that give CANCEL a branch of its own are answered there: 487 then ends what was cancelled.
        is_answer_to_cancel = is_stray and self.cancelled_ns > 0 and message.status_code == 487
        is_final = self.note_failure(message, seen.at_ns) or is_answer_to_cancel
        if had_verdict is not None and self.verdict is not None and had_verdict.code == self.verdict.code:
            self.verdict = had_verdict
        if is_final and self.verdict is not None and (self.cancelled_ns or self.verdict.code not in _RETRIED):
            self.ending = self.failure(self.verdict)
        return events

    def _initial_answer(self, seen: Seen) -> list[Event]:
        tag = seen.message.to_tag
        if self.is_up and tag != self.answered_tag:
            if len(self._late_answers) < _MAX_LATE_ANSWERS:
                self._late_answers[tag] = seen
            return []
        if self.is_up:
            return self._described_by_callee(seen)
        answered: list[Event] = self._answer(tag, seen.at_ns, is_inferred=False)
        events = answered + self._described_by_callee(seen)
        events += self._timer(seen)
        events += self._lose_branches(seen.at_ns)
        if not self.is_late_offer:
            events += self.media.judge_hold(Side.CALLER, tag, seen.at_ns, initial=True)
        return events

    def _answer(self, tag: str, at_ns: int, *, is_inferred: bool) -> list[Event]:
        self.is_up = True
        self.answered_tag = tag
        self.note_tag(tag)
        return [Answered(key=self.key, call_id=self.call_id, at_ns=at_ns, tag=tag, inferred=is_inferred)]

    def _lose_branches(self, at_ns: int) -> list[Event]:
        """The early media of other branches; a peer that only changed its tag goes on with the same media."""
        winner = self.media.session(Side.CALLEE, self.answered_tag)
        return [
            BranchLost(key=self.key, call_id=self.call_id, at_ns=at_ns, tag=tag, session=session)
            for tag, session in self.media.early_branches()
            if tag not in ("", self.answered_tag) and (winner is None or not same_media(winner, session))
        ]

    def _timer(self, seen: Seen) -> list[Event]:
        interval_s = read_session_timer_s(seen.message)
        if not interval_s or interval_s == self.timer_s:
            return []
        self.timer_s = interval_s
        return [SessionTimer(key=self.key, call_id=self.call_id, at_ns=seen.at_ns, interval_s=interval_s)]

    # -- within the dialog

    def _request(self, seen: Seen) -> list[Event]:
        side = self.inviter(seen.message, seen.source)
        match seen.message.method:
            case "INVITE" | "UPDATE" | "PRACK":
                return self._reoffer(seen, side)
            case "ACK":
                return self._ack(seen, side)
            case "BYE":
                return self._bye(seen, side)
            case "CANCEL":
                return self._cancel(seen)
            case _:
                return self._carry(seen, side) if self.is_first_time(side, seen.message) else []

    def _carry(self, seen: Seen, side: Side) -> list[Event]:
        """INFO, REFER and NOTIFY."""
        if seen.message.method == "INFO":
            digit = read_digit(seen.message)
            if digit is None:
                return []
            return [
                Dtmf(
                    key=self.key,
                    call_id=self.call_id,
                    at_ns=seen.at_ns,
                    side=side,
                    digit=digit.digit,
                    duration_ms=digit.duration_ms,
                )
            ]
        if seen.message.method == "NOTIFY":
            return self._reported(seen, side)
        target, replaces = read_refer(seen.message)
        return [
            TransferAsked(
                key=self.key,
                call_id=self.call_id,
                at_ns=seen.at_ns,
                side=side,
                target=target,
                replaces=replaces,
                destination=seen.destination,
            )
        ]

    def _reported(self, seen: Seen, side: Side) -> list[Event]:
        """What became of a transfer, once it is final.

        Source: RFC 3515 §2.4.4
        """
        event = seen.message.header("event").partition(";")[0].strip().lower()
        outcome = read_outcome(seen.message) if event in ("", "refer") else None
        if outcome is None or outcome[0] < 200:
            return []
        code, phrase = outcome
        return [
            TransferReported(
                key=self.key,
                call_id=self.call_id,
                at_ns=seen.at_ns,
                side=side,
                status_code=code,
                phrase=phrase,
            )
        ]

    def _reoffer(self, seen: Seen, side: Side) -> list[Event]:
        message = seen.message
        events: list[Event] = []
        if message.method == "INVITE" and side is Side.CALLER and message.cseq == self.cseq:
            return []
        if message.method == "INVITE" and not self.is_up:
            if side is Side.CALLER and self.verdict is not None:
                # Careless phones keep the To tag of the challenge in the next attempt.
                return self.next_invite(seen)
            events += self._answer(self._callee_tag(seen, side), seen.at_ns, is_inferred=True)
        is_answer = message.method == "PRACK" and self.is_late_offer and side is Side.CALLER
        if is_answer and self.media.session(Side.CALLER) is None:
            return self.media.describe(message.sdp, self._facts(side, seen, is_offer=False))
        is_new = self.media.open((side, message.cseq), message.method, message.sdp, seen.path, message.branch)
        if is_new and (message.method == "INVITE" or (message.method == "UPDATE" and message.has_sdp)):
            events.append(
                Reoffered(
                    key=self.key, call_id=self.call_id, at_ns=seen.at_ns, side=side, method=message.method
                )
            )
        return events

    def _ack(self, seen: Seen, side: Side) -> list[Event]:
        message = seen.message
        events: list[Event] = []
        if side is Side.CALLER and message.cseq == self.cseq:
            if not self.is_up:
                # The ACK of a 2xx is a transaction of its own; that of a failure repeats the INVITE's branch.
                is_proof = message.branch.startswith(_MAGIC) and not self.knows_branch(message.branch)
                if not message.to_tag or not is_proof or self.verdict is not None:
                    return []
                events += self._answer(message.to_tag, seen.at_ns, is_inferred=True)
                events += self._lose_branches(seen.at_ns)
            if message.has_sdp and self.is_late_offer and self._is_of_winner(message.to_tag):
                events += self.media.describe(message.sdp, self._facts(side, seen, is_offer=False))
                events += self.media.judge_hold(Side.CALLEE, self.answered_tag, seen.at_ns, initial=True)
            return events
        if not self._is_of_winner(self._callee_tag(seen, side)):
            return []
        facts = self._facts(side, seen, is_offer=False)
        other_tag = self.answered_tag if side is Side.CALLER else ""
        return self.media.acknowledge(message.sdp, facts, message.branch, other_tag)

    def _is_of_winner(self, tag: str) -> bool:
        return tag in ("", self.answered_tag)

    def _bye(self, seen: Seen, side: Side) -> list[Event]:
        message = seen.message
        tag = message.to_tag if side is Side.CALLER else message.from_tag
        if self.is_up and self.answered_tag and tag not in ("", self.answered_tag, self.caller_tag):
            # The caller hangs up on a branch that answered too late; the call goes on.
            self._late_answers.pop(tag, None)
            return []
        if not self.is_up and len(self.tags) > 1 and tag in self.tags:
            return []
        if self.is_up and self._late_answers and tag == self.answered_tag:
            return self._switch_branch()
        self.ending = Ending(Cause.BYE, seen.at_ns, side)
        return []

    def _switch_branch(self) -> list[Event]:
        """Two branches answered and the first of them is hung up on: the call goes on with the other."""
        self.answered_tag, late = self._late_answers.popitem()
        return self._described_by_callee(late)

    def _cancel(self, seen: Seen) -> list[Event]:
        if self.is_up or self.cancelled_ns or seen.message.cseq != self.cseq:
            return []
        if not self.is_from_caller(seen.message):
            return []
        self.cancelled_ns = seen.at_ns
        reason = ", ".join(seen.message.headers("reason"))
        return [CancelAsked(key=self.key, call_id=self.call_id, at_ns=seen.at_ns, reason=reason)]

    def _response(self, seen: Seen) -> list[Event]:
        message = seen.message
        side = self.inviter(message, seen.destination)
        if message.method == "INVITE" and side is Side.CALLER and message.cseq <= self.cseq:
            return self._initial_response(seen) if message.cseq == self.cseq else []
        if message.method == "BYE" and (message.status_code < 300 or message.status_code == 481):
            return self._bye(seen, side) if message.status_code >= 200 else []
        if message.method not in ("INVITE", "UPDATE", "PRACK") or message.status_code < 200:
            return []
        slot = (side, message.cseq)
        if message.status_code >= 300:
            if not self.media.is_open(slot, message.method) or not self.media.reject(slot):
                return []
            return self._reoffered(seen, side)
        return self._accepted(seen, side)

    def _accepted(self, seen: Seen, side: Side) -> list[Event]:
        message = seen.message
        events: list[Event] = []
        if not self.is_up and message.method == "INVITE":
            events += self._answer(self._callee_tag(seen, side), seen.at_ns, is_inferred=True)
        if message.method != "PRACK":
            events += self._timer(seen)
        if self.is_first_time(side.other, message):
            events += self._reoffered(seen, side) if message.method != "PRACK" else []
        facts = self._facts(side.other, seen, is_offer=False)
        offerer_tag = self._callee_tag(seen, side) if side is Side.CALLEE else ""
        events += self.media.accept(message.sdp, facts, offerer_tag)
        return events

    def _reoffered(self, seen: Seen, side: Side) -> list[Event]:
        return [
            Reoffered(
                key=self.key,
                call_id=self.call_id,
                at_ns=seen.at_ns,
                side=side,
                method=seen.message.method,
                status_code=seen.message.status_code,
            )
        ]
