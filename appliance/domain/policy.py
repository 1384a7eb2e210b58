"""Whether a call is recorded: one pure function, and an explanation of what decided.

In this order: PBX addresses, bound extensions, blacklist, allow-list, recording time, the rules from the top (the first whose
conditions are all met decides), the recording mode; at last room on the disk and the licence, which can only take away.
A leading + of a number is passed over on both sides. `Rules` is made by `settings.recording.compiled`.
Source: RFC 3261 §7.3.1 (header names are compared without case)
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec

from appliance.core.text import Language, Text
from appliance.domain.call import Direction
from appliance.domain.control import ControlState
from appliance.domain.ledger import Reason

_WEEK_MIN = 7 * 24 * 60
_DAY_MIN = 24 * 60


class Action(StrEnum):
    """What becomes of a call: on demand means that somebody has to start its recording."""

    RECORD = "record"
    IGNORE = "ignore"
    ON_DEMAND = "on_demand"


ACTION_TEXT: dict[Action, Text] = {
    Action.RECORD: Text(en="Record", zh="录音"),
    Action.IGNORE: Text(en="Do not record", zh="不录音"),
    Action.ON_DEMAND: Text(en="Record on demand", zh="按需录音"),
}


class Ground(StrEnum):
    """What decided."""

    MODE_ALL = "mode_all"
    MODE_KEYS = "mode_keys"
    RULE = "rule"
    SAMPLED_OUT = "sampled_out"
    BLACKLIST = "blacklist"
    NOT_ALLOWED = "not_allowed"
    NOT_BOUND = "not_bound"
    OTHER_PBX = "other_pbx"
    OUT_OF_HOURS = "out_of_hours"
    LICENCE = "licence"
    NO_ROOM = "no_room"
    SELF_TEST = "self_test"
    CHANNEL_OFF = "channel_off"


GROUND_TEXT: dict[Ground, Text] = {
    Ground.MODE_ALL: Text(en="Every call is recorded.", zh="全部通话均录音。"),
    Ground.MODE_KEYS: Text(
        en="Recording waits for its start key or an order.", zh="录音等待开始按键或操作指令。"
    ),
    Ground.RULE: Text(en="Decided by the rule “{rule}”.", zh="由规则“{rule}”决定。"),
    Ground.SAMPLED_OUT: Text(
        en="The rule “{rule}” records {sample_pct} % of its calls, and this is none of them.",
        zh="规则“{rule}”抽样录音 {sample_pct}%，此通话未被抽中。",
    ),
    Ground.BLACKLIST: Text(
        en="{number} is on the blacklist (entry {pattern}).", zh="{number} 在黑名单中（条目 {pattern}）。"
    ),
    Ground.NOT_ALLOWED: Text(
        en="Neither {caller} nor {callee} is on the list of numbers to record.",
        zh="{caller} 与 {callee} 均不在录音白名单中。",
    ),
    Ground.NOT_BOUND: Text(
        en="Neither {caller} nor {callee} is a bound extension.", zh="{caller} 与 {callee} 均不是绑定分机。"
    ),
    Ground.OTHER_PBX: Text(
        en="Neither {source} nor {destination} is a PBX address.",
        zh="{source} 与 {destination} 均不是 PBX 地址。",
    ),
    Ground.OUT_OF_HOURS: Text(
        en="Outside of the recording time “{schedule}”.", zh="不在录音时段“{schedule}”内。"
    ),
    Ground.SELF_TEST: Text(en="The box's own test call is always recorded.", zh="设备自检通话始终录音。"),
    Ground.CHANNEL_OFF: Text(
        en="Channel {channel} is set not to be recorded.", zh="通道 {channel} 设置为不录音。"
    ),
    Ground.NO_ROOM: Text(
        en="Recording was stopped: the storage path had too little space, as the settings of retention want it.",
        zh="存储路径空间不足，已按录音保留设置停止录音。",
    ),
    Ground.LICENCE: Text(
        en="{licensed} calls may be recorded at once, and {live} were.",
        zh="许可并发录音 {licensed} 路，当时已有 {live} 路。",
    ),
}


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was decided when the call began, as it stays in its manifest.

    `rule` is the name of the rule that decided, "" when none did; `reason` is set when the call is not recorded;
    `channel` is that of the bound extension, 0 without one; `look_back` holds for a start on demand.
    """

    action: Action
    ground: Ground
    rule: str = ""
    reason: Reason | None = None
    facts: dict[str, str | int | float] = {}
    channel: int = 0
    look_back: bool = False

    @property
    def explanation(self) -> Text:
        """The sentence; its placeholders are filled from `facts` and `rule`."""
        return GROUND_TEXT[self.ground]

    def explain(self, language: Language) -> str:
        """The sentence, filled in."""
        return self.explanation.render(language, **{"rule": self.rule, **self.facts})

    @property
    def begun(self) -> ControlState:
        """Where the control of such a call begins."""
        return _BEGUN[self.action]


_BEGUN = {
    Action.RECORD: ControlState.RECORDING,
    Action.IGNORE: ControlState.EXCLUDED,
    Action.ON_DEMAND: ControlState.IDLE,
}


class CallFacts(NamedTuple):
    """What is known of a call when it begins.

    `numbers`: every form of each party's number; `source` and `destination`: host and port of the first INVITE;
    `headers`: lower-case name -> values, those the rules ask for
    """

    caller: str = ""
    callee: str = ""
    caller_forms: tuple[str, ...] = ()
    callee_forms: tuple[str, ...] = ()
    source: tuple[str, int] = ("", 0)
    destination: tuple[str, int] = ("", 0)
    direction: Direction = Direction.UNKNOWN
    headers: Mapping[str, tuple[str, ...]] = {}


class Pattern(NamedTuple):
    """A number, a beginning of numbers or an end of them."""

    kind: Literal["exact", "prefix", "suffix"]
    text: str
    shown: str

    def meets(self, forms: Iterable[str]) -> bool:
        """Whether one of a party's forms fits."""
        return any(self._fits(form.removeprefix("+")) for form in forms if form)

    def _fits(self, number: str) -> bool:
        if self.kind == "exact":
            return number == self.text
        return number.startswith(self.text) if self.kind == "prefix" else number.endswith(self.text)


def pattern(text: str) -> Pattern:
    """Read `5039`, `5039*` or `*5039`."""
    if text.startswith("*") and len(text) > 1:
        return Pattern("suffix", text[1:].removeprefix("+"), text)
    if text.endswith("*") and len(text) > 1:
        return Pattern("prefix", text[:-1].removeprefix("+"), text)
    return Pattern("exact", text.removeprefix("+"), text)


class Span(NamedTuple):
    """A stretch of every week, minutes after Monday 00:00; it may reach over the end of the week."""

    begin_min: int
    length_min: int


class Schedule(NamedTuple):
    """Named stretches of the week in one time zone (None: the box's own)."""

    name: str
    spans: tuple[Span, ...]
    zone: tzinfo | None = None

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in it."""
        local = at.astimezone(self.zone)
        minute = local.weekday() * _DAY_MIN + local.hour * 60 + local.minute
        return any((minute - span.begin_min) % _WEEK_MIN < span.length_min for span in self.spans)


class HeaderCondition(NamedTuple):
    """A header whose value contains a text, without case; an empty text asks for the header alone."""

    name: str
    contains: str

    def meets(self, facts: CallFacts) -> bool:
        """Whether one of the values does."""
        wanted = self.contains.lower()
        return any(wanted in value.lower() for value in facts.headers.get(self.name, ()))


class Rule(NamedTuple):
    """All conditions that are set must be met, of each list one; a rule without conditions is met by every call.

    `numbers` ask either party, `callers` and `callees` one; `trunks` are (host, port or 0) that the INVITE came from
    or went to.
    """

    name: str
    action: Action
    numbers: tuple[Pattern, ...] = ()
    callers: tuple[Pattern, ...] = ()
    callees: tuple[Pattern, ...] = ()
    trunks: tuple[tuple[str, int], ...] = ()
    directions: tuple[Direction, ...] = ()
    header: HeaderCondition | None = None
    schedule: Schedule | None = None
    sample_pct: float = 100.0

    def meets(self, facts: CallFacts, at: datetime) -> bool:
        """Whether it is this rule that decides."""
        either = (*facts.caller_forms, *facts.callee_forms)
        return (
            _none_or_met(self.numbers, either)
            and _none_or_met(self.callers, facts.caller_forms)
            and _none_or_met(self.callees, facts.callee_forms)
            and (not self.trunks or any(is_at(facts, trunk) for trunk in self.trunks))
            and (not self.directions or facts.direction in self.directions)
            and (self.header is None or self.header.meets(facts))
            and (self.schedule is None or self.schedule.covers(at))
        )


class Rules(NamedTuple):
    """The recording rules, ready to be asked; the defaults record everything.

    `licensed_calls` is 0 for no limit; `bound` is None in the work mode without bound extensions;
    `pbx`: host and port (0 = any) of the telephone systems, none for all; `allowed` is None while the allow-list is off
    """

    by_keys: bool = False
    look_back: bool = True
    licensed_calls: int = 0
    bound: Mapping[str, int] | None = None
    pbx: tuple[tuple[str, int], ...] = ()
    blacklist: tuple[Pattern, ...] = ()
    allowed: tuple[Pattern, ...] | None = None
    hours: Schedule | None = None
    rules: tuple[Rule, ...] = ()

    @property
    def header_names(self) -> frozenset[str]:
        """What has to be read of an INVITE for them."""
        return frozenset(rule.header.name for rule in self.rules if rule.header is not None)


def is_at(facts: CallFacts, place: tuple[str, int]) -> bool:
    """Whether the INVITE came from there or went there; port 0 stands for any."""
    host, port = place
    return any(end[0] == host and port in (0, end[1]) for end in (facts.source, facts.destination))


def decide(
    facts: CallFacts,
    rules: Rules,
    at: datetime,
    dice: float,
    live_calls: int,
    *,
    has_room: bool = True,
    licensed: int | None = None,
) -> Decision:
    """Whether the call is recorded, and what decided.

    `dice`: a number from [0, 1) for sampling. `live_calls`: how many calls are being recorded without this one.
    `has_room`: whether recordings may be stored at all. `licensed`: what the licence files allow, None for no limit
    """
    channel = _channel(facts, rules)
    decision = _decided(facts, rules, at, dice, channel)
    if not has_room and decision.action is not Action.IGNORE:
        return Decision(
            action=Action.IGNORE,
            ground=Ground.NO_ROOM,
            rule=decision.rule,
            reason=Reason.DISK_FULL,
            channel=channel,
        )
    limit = bound(rules.licensed_calls, licensed)
    if decision.action is Action.IGNORE or limit is None or live_calls < limit:
        return decision
    return Decision(
        action=Action.IGNORE,
        ground=Ground.LICENCE,
        rule=decision.rule,
        reason=Reason.LICENCE,
        facts={"licensed": limit, "live": live_calls},
        channel=channel,
    )


def bound(chosen: int, licensed: int | None) -> int | None:
    """How many calls may be recorded at once: the licence bounds what the settings choose (0 = no limit of theirs)."""
    if licensed is None:
        return chosen or None
    return min(chosen, licensed) if chosen else licensed


def _decided(facts: CallFacts, rules: Rules, at: datetime, dice: float, channel: int) -> Decision:
    excluded = _not_ours(facts, rules, channel) or _by_lists(facts, rules)
    if excluded is not None:
        return excluded
    if rules.hours is not None and not rules.hours.covers(at):
        return _ignored(Ground.OUT_OF_HOURS, schedule=rules.hours.name)
    for rule in rules.rules:
        if rule.meets(facts, at):
            return _by_rule(rule, rules, dice, channel)
    if rules.by_keys:
        return Decision(
            action=Action.ON_DEMAND, ground=Ground.MODE_KEYS, channel=channel, look_back=rules.look_back
        )
    return Decision(action=Action.RECORD, ground=Ground.MODE_ALL, channel=channel)


def _not_ours(facts: CallFacts, rules: Rules, channel: int) -> Decision | None:
    """Calls of telephone systems and extensions that are not to be recorded at all."""
    if rules.pbx and not any(is_at(facts, place) for place in rules.pbx):
        return _ignored(Ground.OTHER_PBX, source=facts.source[0], destination=facts.destination[0])
    if rules.bound is not None and not channel:
        return _ignored(Ground.NOT_BOUND, caller=facts.caller, callee=facts.callee)
    return None


def _by_lists(facts: CallFacts, rules: Rules) -> Decision | None:
    """What blacklist and allow-list exclude."""
    for found in rules.blacklist:
        for number, forms in ((facts.caller, facts.caller_forms), (facts.callee, facts.callee_forms)):
            if found.meets(forms):
                return _ignored(Ground.BLACKLIST, number=number, pattern=found.shown)
    either = (*facts.caller_forms, *facts.callee_forms)
    if rules.allowed is not None and not any(found.meets(either) for found in rules.allowed):
        return _ignored(Ground.NOT_ALLOWED, caller=facts.caller, callee=facts.callee)
    return None


def _by_rule(rule: Rule, rules: Rules, dice: float, channel: int) -> Decision:
    if rule.action is Action.IGNORE:
        return _ignored(Ground.RULE, rule=rule.name)
    if dice * 100 >= rule.sample_pct:
        return _ignored(Ground.SAMPLED_OUT, rule=rule.name, sample_pct=rule.sample_pct)
    return Decision(
        action=rule.action,
        ground=Ground.RULE,
        rule=rule.name,
        channel=channel,
        look_back=rule.action is Action.ON_DEMAND and rules.look_back,
    )


def _ignored(ground: Ground, rule: str = "", **facts: str | float) -> Decision:
    return Decision(action=Action.IGNORE, ground=ground, rule=rule, reason=Reason.POLICY, facts={**facts})


def _channel(facts: CallFacts, rules: Rules) -> int:
    if rules.bound is None:
        return 0
    for form in (*facts.caller_forms, *facts.callee_forms):
        found = rules.bound.get(form.removeprefix("+"))
        if found is not None:
            return found
    return 0


def _none_or_met(patterns: tuple[Pattern, ...], forms: tuple[str, ...]) -> bool:
    return not patterns or any(found.meets(forms) for found in patterns)
