"""Rules and orders on the calls being captured: what is decided at their beginning, started, paused and stopped since.

A call that must not be heard at a moment is *muted*: the engine writes nothing of its media then, so that nothing has
to be removed later. Its signalling and its statistics go on. New rules hold for calls that begin after them; keys and
the automatic resume change at once.
Source: RFC 4733 and RFC 6086 (keys), RFC 3261 §7.3 (headers)
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, Protocol

from appliance.bus.topics import ControlOrder
from appliance.capture.leg import Leg
from appliance.core import log
from appliance.core.clock import from_ns, to_ns
from appliance.core.text import Text
from appliance.domain.call import Direction, Side
from appliance.domain.control import (
    NO_SUCH_CALL,
    Answer,
    Control,
    ControlState,
    Verb,
    advance,
    replay,
)
from appliance.domain.ledger import Mark, Reason
from appliance.domain.policy import Action, CallFacts, Decision, Ground, Rules, bound, decide
from appliance.settings.recording import KeySource, Rulebook, compiled
from appliance.sip.message import Message
from appliance.sip.uri import split_host

_logger = log.get(__name__)

_S = 1_000_000_000
_TOGETHER_NS = 5 * _S
_SAME_PRESS_NS = _S
_LONGEST_KEY = 8
_OPPOSITE = {Direction.INCOMING: Direction.OUTGOING, Direction.OUTGOING: Direction.INCOMING}
_MARKS = {Verb.PAUSE: Mark.PAUSED, Verb.STOP: Mark.STOPPED, Verb.KEEP: Mark.KEPT}
_LOUD = frozenset({ControlState.RECORDING})

Way = Literal["rfc4733", "info", "tones"]


class Muting(Protocol):
    """What is needed of the engine."""

    def pause(self, bundle: str, *, paused: bool) -> None:
        """Keep nothing of the media from now on, or keep it again."""

    def now_ns(self) -> int:
        """The present moment of the capture."""


class _Pressed(NamedTuple):
    digits: str
    way: Way
    at_ns: int


class Supervision:
    """The rules in force and everything they need to know of the calls that are up.

    `has_room`: whether recordings may be stored now, asked for each call that begins
    `licensed`: how many calls the licence files allow at once, None for no limit, asked likewise
    """

    def __init__(
        self,
        engine: Muting,
        rulebook: Rulebook,
        has_room: Callable[[], bool] = lambda: True,
        licensed: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.over_licence = 0
        self._licensed = licensed
        self._has_room = has_room
        self._engine = engine
        self._recorded: set[str] = set()
        self._pressed: dict[tuple[str, Side], _Pressed] = {}
        self._paused: dict[str, tuple[Leg, int]] = {}
        self._rules = Rules()
        self._keys: list[tuple[str, Verb]] = []
        self._ways: frozenset[Way] = frozenset()
        self._auto_resume_ns = 0
        self._reversed = False
        self.renew(rulebook)

    def renew(self, rulebook: Rulebook) -> None:
        """Other settings: calls that are up keep what was decided for them."""
        self._rules = compiled(rulebook)
        keys = (
            (rulebook.start_key, Verb.START),
            (rulebook.stop_key, Verb.STOP),
            (rulebook.discard_key, Verb.DISCARD),
            (rulebook.pause_key, Verb.PAUSE),
            (rulebook.resume_key, Verb.RESUME),
        )
        self._keys = sorted(((key, verb) for key, verb in keys if key), key=lambda row: -len(row[0]))
        self._ways = _WAYS[rulebook.key_source]
        self._auto_resume_ns = rulebook.auto_resume_s * _S
        self._reversed = rulebook.reverse_direction

    @property
    def counters(self) -> dict[str, int]:
        """What the intake's news say of the licence; nothing while there is no limit and never was."""
        limit = bound(self._rules.licensed_calls, self._licensed())
        if limit is None and not self.over_licence:
            return {}
        return {"over_licence": self.over_licence, "licensed_calls": limit or 0}

    def admit(
        self, leg: Leg, message: Message | None, source: str = "", destination: str = "", at_ns: int = 0
    ) -> None:
        """Decide on a call that begins, or of which more is known now; before its media is bound."""
        self._recorded.discard(leg.call_id)
        if Mark.SELF_TEST in leg.marks:
            leg.policy = Decision(action=Action.RECORD, ground=Ground.SELF_TEST)
            leg.course = replay(leg.policy.begun, leg.control)
            return
        if self._reversed:
            leg.call.direction = _OPPOSITE.get(leg.call.direction, leg.call.direction)
        leg.policy = decide(
            self._facts(leg, message, source, destination),
            self._rules,
            from_ns(at_ns or leg.last_signal_ns),
            dice_of(leg.call.interaction_id),
            len(self._recorded),
            has_room=self._has_room(),
            licensed=self._licensed(),
        )
        leg.course = replay(leg.policy.begun, leg.control)
        if leg.policy.action is not Action.IGNORE:
            self._recorded.add(leg.call_id)
        if leg.policy.action is Action.ON_DEMAND:
            leg.mark(Mark.ON_DEMAND)
        if leg.policy.reason is Reason.LICENCE:
            leg.mark(Mark.OVER_LICENCE)
            self.over_licence += 1
            _logger.warning("a call over the licence is not recorded", extra={"call": leg.call_id})
        self._mute(leg)

    def resume(self, leg: Leg, policy: Decision | None, control: list[Control]) -> None:
        """What an earlier recorder decided and obeyed holds on; after `admit`, which counts the call."""
        if policy is None or leg.is_ended:
            return
        leg.policy, leg.control = policy, control
        leg.course = replay(policy.begun, control)
        if policy.action is Action.IGNORE or leg.course.state in (
            ControlState.STOPPED,
            ControlState.DISCARDED,
        ):
            self._recorded.discard(leg.call_id)
        else:
            self._recorded.add(leg.call_id)
        if leg.course.state is ControlState.PAUSED:
            self._paused[leg.call_id] = leg, to_ns(control[-1].at)
        else:
            self._paused.pop(leg.call_id, None)
        self._mute(leg)

    def order(self, leg: Leg, verb: Verb, by: str, why: str = "", at_ns: int = 0) -> Text | None:
        """Obey an order for a call that is up; why it is refused, None when it was obeyed."""
        after = advance(leg.course, verb)
        if isinstance(after, Text):
            return after
        is_loud = after.state in _LOUD
        at_ns = max(at_ns, self._engine.now_ns())
        leg.course = after
        self._mute(leg)
        if is_loud:  # what is heard begins with what is written
            at_ns = max(at_ns, self._engine.now_ns())
        leg.obeyed(Control(at=from_ns(at_ns), verb=verb, by=by, why=why[:500]))
        if verb in _MARKS:
            leg.mark(_MARKS[verb])
        if after.state is ControlState.PAUSED:
            self._paused.setdefault(leg.call_id, (leg, at_ns))
        else:
            self._paused.pop(leg.call_id, None)
        if after.state in (ControlState.STOPPED, ControlState.DISCARDED):
            self._recorded.discard(leg.call_id)
        return None

    def pressed(self, leg: Leg, digit: str, way: Way, side: Side, at_ns: int) -> None:
        """A key was pressed; several that are pressed in a row may be an order."""
        if way not in self._ways or leg.policy is None or leg.is_ended:
            return
        before = self._pressed.get((leg.call_id, side), _Pressed("", way, 0))
        gap_ns = at_ns - before.at_ns
        if before.way != way and before.digits.endswith(digit) and abs(gap_ns) < _SAME_PRESS_NS:
            return  # one press, told twice
        digits = digit if gap_ns > _TOGETHER_NS else (before.digits + digit)[-_LONGEST_KEY:]
        for key, verb in self._keys:
            if digits.endswith(key) and self.order(leg, verb, side.value, f"key {key}", at_ns) is None:
                digits = ""
                break
        self._pressed[leg.call_id, side] = _Pressed(digits, way, at_ns)

    @property
    def hears_tones(self) -> bool:
        """Whether there are keys, and tones in the audio are such."""
        return "tones" in self._ways and bool(self._keys)

    def heard(self, leg: Leg, digit: str, side: Side, at_ns: int) -> None:
        """A tone was heard in the audio. It is noted as other keys are, but not what is pressed in a pause."""
        if leg.is_ended:
            return
        if leg.notes_keys:
            leg.note("dtmf", at_ns, side, digit)
        self.pressed(leg, digit, "tones", side, at_ns)

    def tick(self, now_ns: int) -> None:
        """Resume what was paused too long."""
        if not self._auto_resume_ns:
            return
        for leg, since_ns in list(self._paused.values()):
            if now_ns - since_ns >= self._auto_resume_ns:
                self.order(leg, Verb.RESUME, "time-out", at_ns=now_ns)

    def ended(self, leg: Leg) -> None:
        """The call is over and makes room for another."""
        self._recorded.discard(leg.call_id)
        self._paused.pop(leg.call_id, None)
        for side in Side:
            self._pressed.pop((leg.call_id, side), None)

    def _mute(self, leg: Leg) -> None:
        """Bring the engine in line with the control of the call."""
        state = leg.course.state
        waits = state is ControlState.IDLE and leg.policy is not None and leg.policy.look_back
        muted = state not in _LOUD and not waits
        if muted is not leg.is_muted:
            leg.is_muted = muted
            self._engine.pause(leg.call_id, paused=muted)

    def _facts(self, leg: Leg, message: Message | None, source: str, destination: str) -> CallFacts:
        caller, callee = leg.call.caller, leg.call.callee
        names: Iterable[str] = self._rules.header_names if message is not None else ()
        return CallFacts(
            caller=caller.number,
            callee=callee.number,
            caller_forms=tuple({caller.number, caller.number_raw} - {""}),
            callee_forms=tuple({callee.number, callee.number_raw} - {""}),
            source=split_host(source or caller.address),
            destination=split_host(destination or callee.address),
            direction=leg.call.direction,
            headers={name: tuple(message.headers(name)) for name in names} if message is not None else {},
        )


class OrderDesk:
    """Where orders arrive; sessions come and go behind it."""

    def __init__(self) -> None:
        self.supervision: Supervision | None = None
        self.find: Callable[[str], Leg | None] = _nobody

    def act(self, order: ControlOrder) -> Answer:
        """Pass an order on to the call it is for."""
        leg = self.find(order.call_id)
        if leg is None or leg.is_ended or self.supervision is None:
            return NO_SUCH_CALL, None
        refusal = self.supervision.order(leg, order.verb, order.by[:100], order.why)
        _logger.info(
            "an order for a call",
            extra={"call": leg.call_id, "verb": order.verb, "by": order.by, "accepted": refusal is None},
        )
        return refusal, leg.control_now


def _nobody(_call_id: str) -> None:
    return None


def dice_of(interaction_id: str) -> float:
    """A number from [0, 1) that is the same for all legs of a conversation, so that sampling never takes half of one."""
    return int.from_bytes(hashlib.sha256(interaction_id.encode()).digest()[:6]) / 2**48


_WAYS: dict[KeySource, frozenset[Way]] = {
    KeySource.RFC4733: frozenset({"rfc4733"}),
    KeySource.INFO: frozenset({"info"}),
    KeySource.BOTH: frozenset({"rfc4733", "info"}),
    KeySource.TONES: frozenset({"tones"}),
    KeySource.ALL: frozenset({"rfc4733", "info", "tones"}),
}
