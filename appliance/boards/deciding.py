"""Rules and orders on calls of boards: what is decided at their beginning, started, paused and stopped since.

The recording rules are those of IP calls, but what speaks of SIP (PBX addresses, bound extensions) passes lines by. A
channel's own control comes first. New rules hold for calls that begin after them.
Source: ITU-T Q.23 (keys)
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from appliance.boards.calls import LineCall
from appliance.core import log
from appliance.core.clock import from_ns
from appliance.core.text import Text
from appliance.domain.call import DataType
from appliance.domain.control import ControlState, Verb, replay
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import RATE_HZ
from appliance.domain.policy import Action, CallFacts, Decision, Ground, Rules, Schedule, decide
from appliance.settings.boards import Channel, Control
from appliance.settings.recording import Rulebook, compiled, schedules_of

_logger = log.get(__name__)

_TOGETHER = 5 * RATE_HZ
_LONGEST_KEY = 8
_NO_RULES = frozenset({Control.OFF})


class _Recorded(NamedTuple):
    """Who takes a place: of the card's licence, and of the box's for this technology."""

    card: str
    technology: DataType


class Deciding:
    """The rules in force and who is being recorded.

    `has_room`: whether recordings may be stored now. `licensed`: how many calls of a technology the licence files allow
    at once on all boards together, None for no limit; a card's own number bounds its calls besides.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        has_room: Callable[[], bool] = lambda: True,
        licensed: Callable[[DataType], int | None] = lambda _: None,
    ) -> None:
        self.over_licence: Counter[str] = Counter()
        self._has_room = has_room
        self._licensed = licensed
        self._recorded: dict[str, _Recorded] = {}
        self._rules = Rules()
        self._schedules: dict[str, Schedule] = {}
        self._auto_resume = 0
        self._paused: dict[str, LineCall] = {}
        self.renew(rulebook)

    def renew(self, rulebook: Rulebook) -> None:
        """Other rules: calls that are up keep what was decided for them."""
        self._rules = compiled(rulebook)._replace(by_keys=False, bound=None, pbx=(), licensed_calls=0)
        self._schedules = schedules_of(rulebook)
        self._auto_resume = rulebook.auto_resume_s * RATE_HZ

    def recorded(self, card: str) -> dict[DataType, int]:
        """How many calls of a board take a place of the licence now."""
        return Counter(one.technology for one in self._recorded.values() if one.card == card)

    def is_open(self, channel: Channel, at: datetime) -> bool:
        """Whether the channel's schedule has it recorded at a moment."""
        schedule = self._schedules.get(channel.schedule)
        return schedule is None or schedule.covers(at)

    def admit(self, call: LineCall, channel: Channel, card: str, licensed: int, at: int) -> bool:
        """Decide on a call that begins, or of which more is known now; whether what may be stored is another thing now."""
        if call.control or call.ended is not None:
            return False  # somebody gave an order: that holds
        was = call.is_audible, call.policy is not None
        self._recorded.pop(call.call_id, None)
        call.policy = self._decided(call, channel, card, licensed, from_ns(call.ns_of(at)))
        call.course = replay(call.policy.begun, ())
        call.marks.discard(Mark.ON_DEMAND)
        if call.policy.action is not Action.IGNORE:
            self._recorded[call.call_id] = _Recorded(card, call.call.data_type)
        if call.policy.action is Action.ON_DEMAND:
            call.mark(Mark.ON_DEMAND)
        if call.policy.reason is Reason.LICENCE and Mark.OVER_LICENCE not in call.marks:
            call.mark(Mark.OVER_LICENCE)
            self.over_licence[card] += 1
            _logger.warning("a call over the licence is not recorded", extra={"call": call.call_id})
        call.is_changed = True
        return was != (call.is_audible, True)

    def order(self, call: LineCall, verb: Verb, by: str, why: str, at: int) -> Text | None:
        """Obey an order for a call that is up; why it is refused, None when it was obeyed."""
        refusal = call.obey(verb, by, why, at)
        if refusal is not None:
            return refusal
        if call.course.state in (ControlState.STOPPED, ControlState.DISCARDED):
            self._recorded.pop(call.call_id, None)
        if call.course.state is ControlState.PAUSED:
            self._paused[call.call_id] = call
        else:
            self._paused.pop(call.call_id, None)
        return None

    def pressed(self, call: LineCall, channel: Channel, digit: str, by: str, at: int) -> None:
        """A key was pressed; several that are pressed in a row may be an order."""
        if call.policy is None or call.ended is not None:
            return
        before, before_at = call.pressed
        digits = digit if at - before_at > _TOGETHER else (before + digit)[-_LONGEST_KEY:]
        for key, verb in _keys(call, channel):
            if digits.endswith(key) and self.order(call, verb, by, f"key {key}", at) is None:
                digits = ""
                break
        call.pressed = digits, at

    def tick(self, end_of: Callable[[LineCall], int]) -> None:
        """Resume what was paused too long; `end_of` gives the present position of a call's board."""
        if not self._auto_resume:
            return
        for call in list(self._paused.values()):
            at = end_of(call)
            if call.paused_at is not None and at - call.paused_at >= self._auto_resume:
                self.order(call, Verb.RESUME, "time-out", "", at)

    def ended(self, call: LineCall) -> None:
        """The call is over and makes room for another."""
        self._recorded.pop(call.call_id, None)
        self._paused.pop(call.call_id, None)

    def _decided(self, call: LineCall, channel: Channel, card: str, licensed: int, at: datetime) -> Decision:
        if channel.control in _NO_RULES:
            return _ignored(Ground.CHANNEL_OFF, call.channel, channel=call.channel)
        if not self.is_open(channel, at):
            return _ignored(Ground.OUT_OF_HOURS, call.channel, schedule=channel.schedule)
        live = sum(1 for one in self._recorded.values() if one.card == card)
        found = decide(
            _facts(call),
            self._rules._replace(licensed_calls=licensed),
            at,
            _dice(call.call_id),
            live,
            has_room=self._has_room(),
            licensed=self._places(call.call.data_type, live),
        )
        if (
            channel.control is Control.KEY
            and found.action is Action.RECORD
            and found.ground is Ground.MODE_ALL
        ):
            return Decision(
                action=Action.ON_DEMAND, ground=Ground.MODE_KEYS, channel=call.channel, look_back=True
            )
        return msgspec.structs.replace(found, channel=call.channel)

    def _places(self, technology: DataType, live: int) -> int | None:
        """How many calls a card with `live` of them may have, by what the licence leaves to this technology."""
        limit = self._licensed(technology)
        if limit is None:
            return None
        taken = sum(1 for one in self._recorded.values() if one.technology is technology)
        return live + max(0, limit - taken)


def _keys(call: LineCall, channel: Channel) -> list[tuple[str, Verb]]:
    """The longest first. The save key begins a recording that waits, and keeps one that runs."""
    save = Verb.START if call.course.state is ControlState.IDLE else Verb.KEEP
    keys = (
        (channel.save_key, save),
        (channel.stop_key, Verb.STOP),
        (channel.discard_key, Verb.DISCARD),
    )
    return sorted(((key, verb) for key, verb in keys if key), key=lambda row: -len(row[0]))


def _facts(call: LineCall) -> CallFacts:
    caller, callee = call.call.caller, call.call.callee
    return CallFacts(
        caller=caller.number,
        callee=callee.number,
        caller_forms=tuple({caller.number, caller.number_raw} - {""}),
        callee_forms=tuple({callee.number, callee.number_raw} - {""}),
        direction=call.call.direction,
    )


def _ignored(ground: Ground, channel_number: int, **facts: str | int) -> Decision:
    return Decision(
        action=Action.IGNORE, ground=ground, reason=Reason.POLICY, facts={**facts}, channel=channel_number
    )


def _dice(call_id: str) -> float:
    """A number from [0, 1) for sampling."""
    return int.from_bytes(hashlib.sha256(call_id.encode()).digest()[:6]) / 2**48
