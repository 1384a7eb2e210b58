"""The recording rules but for the long lists: read, saved, and asked about a call that somebody imagines."""

import hashlib
from datetime import datetime
from typing import Annotated, Any

import msgspec

from appliance.core.errors import Conflict, Invalid
from appliance.core.text import Language, Text
from appliance.domain.call import DataType, Direction
from appliance.domain.ledger import REASON_TEXT, Reason
from appliance.domain.policy import ACTION_TEXT, Action, CallFacts, Decision, Ground, Rules, decide
from appliance.settings import storage
from appliance.settings.address import NO_ENDPOINT, endpoint
from appliance.settings.form import schema
from appliance.settings.recording import Rulebook, compiled
from appliance.settings.root import Settings
from webadmin import audit
from webadmin.api.moments import Moment, bounded
from webadmin.api.settings import differences
from webadmin.changes import change
from webadmin.operation import Asked, Nothing
from webadmin.typed import tidy

LONG = ("extensions", "blacklist", "allow_list")
"""What has a page and an address of its own."""

_MAX_DIFFERENCE = 120


class RulesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The rules without the long lists, whose lengths are told; `version` changes with what is in `rules`."""

    version: str
    rules: dict[str, Any]
    counts: dict[str, int]


class RulesChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules as they shall be; refused when they are no longer those of `version`."""

    version: str
    rules: dict[str, Any]


class ImaginedCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call to decide about, and the rules to ask: those given, or those in force.

    `at` is now when it is left out; `trunk` is where the INVITE came from (ip or ip:port); `headers` by name;
    `live_calls` of other recordings count against the licence.
    """

    caller: Annotated[str, msgspec.Meta(max_length=64)] = ""
    callee: Annotated[str, msgspec.Meta(max_length=64)] = ""
    at: Moment | None = None
    direction: Direction = Direction.UNKNOWN
    trunk: Annotated[str, msgspec.Meta(max_length=64)] = ""
    headers: Annotated[
        dict[
            Annotated[str, msgspec.Meta(min_length=1, max_length=64)],
            Annotated[str, msgspec.Meta(max_length=200)],
        ],
        msgspec.Meta(max_length=20),
    ] = {}
    live_calls: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    rules: dict[str, Any] | None = None


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the call and what decides it. `rule` is the deciding rule's name, '' for none.

    `sample_pct` below 100: only this share of such calls; `passed` are the rules that were asked before and do not fit.
    """

    action: Action
    action_text: str
    ground: Ground
    explanation: str
    rule: str
    passed: list[str]
    reason: Reason | None
    reason_text: str
    channel: int
    look_back: bool
    sample_pct: float


async def show(asked: Asked[Nothing, Nothing]) -> RulesAnswer:
    """The rules in force."""
    return _answer(await asked.panel.read(storage.load, asked.panel.layout))


async def describe(asked: Asked[Nothing, Nothing]) -> dict[str, Any]:  # noqa: ARG001 - as all operations
    """The JSON Schema of the rules, with labels in both languages."""
    whole = schema()
    return {"$schema": whole["$schema"], "$ref": "#/$defs/Rulebook", "$defs": whole["$defs"]}


async def save(asked: Asked[Nothing, RulesChange]) -> RulesAnswer:
    """Replace the rules; the long lists stay as they are."""
    body = asked.body
    before: list[Settings] = []

    def edit(settings: Settings) -> Settings:
        if _version(settings.recording) != body.version:
            raise RulesChanged(what="")
        before.append(settings)
        return msgspec.structs.replace(settings, recording=_joined(body.rules, settings.recording))

    saved = await change(asked, edit)
    for path, old, new in differences(_short(before[-1].recording), _short(saved.recording)):
        audit.note(
            asked,
            "rules changed",
            setting=path,
            old=str(old)[:_MAX_DIFFERENCE],
            new=str(new)[:_MAX_DIFFERENCE],
        )
    return _answer(saved)


async def explain(asked: Asked[Nothing, ImaginedCall]) -> Explained:
    """Say whether such a call is recorded and which rule decides it."""
    body, language = asked.body, asked.language
    recording = asked.panel.settings.recording
    if body.rules is not None:
        recording = _joined(body.rules, recording)
    rules, facts = compiled(recording), _facts(body)
    at = bounded(body.at, "at") or asked.panel.now()
    if not body.trunk:
        rules = rules._replace(pbx=())  # a call that comes from nowhere comes from the PBX
    panel = asked.panel
    licensed = (await panel.read(panel.licences.at, panel.now().date())).limit(DataType.IP)
    decision = decide(facts, rules, at, 0.0, body.live_calls, licensed=licensed)
    return _explained(decision, rules, facts, at, language)


class RulesChanged(Conflict):
    """Somebody else changed the rules since they were read."""

    text = Text(en="The rules were changed by somebody else meanwhile.", zh="录音规则已被其他人修改。")


def _answer(settings: Settings) -> RulesAnswer:
    recording = settings.recording
    return RulesAnswer(
        version=_version(recording),
        rules=_short(recording),
        counts={name: len(getattr(recording, name)) for name in LONG},
    )


def _short(recording: Rulebook) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.to_builtins(recording)
    return {name: value for name, value in content.items() if name not in LONG}


def _version(recording: Rulebook) -> str:
    return hashlib.sha256(msgspec.json.encode(_short(recording))).hexdigest()[:16]


def _joined(rules: dict[str, Any], current: Rulebook) -> Rulebook:
    """These rules with the long lists in force.

    Raises: Invalid, its field being the path within the settings
    """
    for name in LONG:
        if name in rules:
            raise Invalid(field=name, problem=Text(en="has an address of its own", zh="请使用单独的接口"))
    read = storage.validate({"recording": rules}).recording
    return msgspec.structs.replace(read, **{name: getattr(current, name) for name in LONG})


def _facts(body: ImaginedCall) -> CallFacts:
    place = endpoint(body.trunk) if body.trunk else ("", 0)
    if place is None:
        raise Invalid(field="trunk", problem=NO_ENDPOINT)
    caller, callee = tidy(body.caller), tidy(body.callee)
    return CallFacts(
        caller=caller,
        callee=callee,
        caller_forms=tuple(dict.fromkeys((caller, body.caller.strip()))),
        callee_forms=tuple(dict.fromkeys((callee, body.callee.strip()))),
        source=place,
        direction=body.direction,
        headers={name.lower(): (value,) for name, value in body.headers.items()},
    )


def _explained(
    decision: Decision, rules: Rules, facts: CallFacts, at: datetime, language: Language
) -> Explained:
    passed = []
    sample_pct = 100.0
    for rule in rules.rules if decision.ground in _AFTER_RULES else ():
        if rule.meets(facts, at):
            sample_pct = rule.sample_pct if rule.action is not Action.IGNORE else 100.0
            break
        passed.append(rule.name)
    return Explained(
        action=decision.action,
        action_text=ACTION_TEXT[decision.action].render(language),
        ground=decision.ground,
        explanation=decision.explain(language),
        rule=decision.rule,
        passed=passed,
        reason=decision.reason,
        reason_text=REASON_TEXT[decision.reason].render(language) if decision.reason else "",
        channel=decision.channel,
        look_back=decision.look_back,
        sample_pct=sample_pct,
    )


_AFTER_RULES = frozenset({Ground.RULE, Ground.SAMPLED_OUT, Ground.MODE_ALL, Ground.MODE_KEYS, Ground.LICENCE})
