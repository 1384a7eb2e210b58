"""What the API shows of calls, programs and the mirror port: every field always present, words in one language.

The house's own structs leave out defaults to keep files small; a page must not have to know the defaults.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from appliance.bus.topics import Health, Intake, LiveCall, ProgramState, Queue, StreamNow
from appliance.core.text import Language
from appliance.domain.call import Call, CallEvent, CallState, DataType, Direction, Party, Side
from appliance.domain.condition import CONDITIONS
from appliance.domain.control import ControlNow
from appliance.domain.interaction import Relation, RelationKind
from appliance.domain.ledger import MARK_TEXT, REASON_TEXT, Mark, Reason
from appliance.domain.quality import VERDICT_TEXT, Verdict
from appliance.domain.roles import ROLE_TEXT, Role
from appliance.store.calls import CallRow, Name
from appliance.store.directory import Known
from webadmin.veil import veiled_call
from webadmin.visitor import Visitor

Called = Callable[[str], Known]
"""What the directory says of a number."""


class PartyView(msgspec.Struct, frozen=True, kw_only=True):
    """One end of a live call; name, company and department are what the directory says."""

    number: str
    number_raw: str
    display: str
    uri: str
    address: str
    name: str
    company: str
    department: str


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a call; `ssrc` is of the stream that a key was pressed in, 0 elsewhere."""

    at: datetime
    kind: str
    side: Side | None
    detail: str
    ssrc: int


class TieView(msgspec.Struct, frozen=True, kw_only=True):
    """A tie to another call of the same conversation; `call_id` is "" when only the SIP Call-ID is known."""

    kind: RelationKind
    at: datetime
    call_id: str
    sip_call_id: str


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call as signalling tells of it."""

    call_id: str
    sip_call_id: str
    interaction_id: str
    caller: PartyView
    callee: PartyView
    direction: Direction
    data_type: DataType
    trunk: str
    state: CallState
    transport: str
    started_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    ended_by: Side | None
    status_code: int | None
    events: list[EventView]
    related: list[TieView]


class LiveCallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call in progress. `codecs`: side -> encoding name of what that side speaks; `control`: its recording."""

    at: datetime
    call: CallView
    codecs: dict[str, str]
    control: ControlNow | None


class LiveCallWithMedia(LiveCallView, frozen=True, kw_only=True):
    """A call in progress with its newest figures. `media`: side -> figures."""

    media: dict[str, StreamNow]


class ProgramView(msgspec.Struct, frozen=True, kw_only=True):
    """A program's own word on itself."""

    name: str
    at: datetime
    alive: bool
    status: str
    started_at: datetime | None
    facts: dict[str, int | float | str]


class IntakeView(msgspec.Struct, frozen=True, kw_only=True):
    """A mirror port; the counters have the engine's names."""

    interface: str
    at: datetime
    link_up: bool
    counters: dict[str, int]


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """How much work waits for the archiver."""

    at: datetime
    ready: int
    working: int
    quarantined: int
    oldest_s: float


class HealthView(msgspec.Struct, frozen=True, kw_only=True):
    """One check's finding, with the condition's words."""

    check: str
    at: datetime
    raised: bool
    code: str
    title: str
    remedy: str
    facts: dict[str, int | float | str]


class ConditionView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong right now and what to do about it."""

    code: str
    severity: str
    title: str
    remedy: str
    facts: dict[str, int | float | str]
    at: datetime


class MarkView(msgspec.Struct, frozen=True, kw_only=True):
    """What is special about a call."""

    code: Mark
    text: str


class RowView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of calls. `state` is "recorded" or "not_recorded"; `reason` says why not.

    Units: duration_s is talk time, length_s the length of the audio file
    """

    call_id: str
    sip_call_id: str
    interaction_id: str
    data_type: DataType
    caller: Name
    callee: Name
    direction: Direction
    started_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: float
    state: str
    reason: Reason | None
    reason_text: str
    status_code: int | None
    marks: list[MarkView]
    codecs: list[str]
    packets: int
    lost: int
    file: str
    format: str
    bytes: int
    sha256: str
    length_s: float
    mos: float | None
    verdict: Verdict | None
    verdict_text: str


def row_view(row: CallRow, language: Language, visitor: Visitor) -> RowView:
    """The line in the reader's language, its numbers as the reader may see them."""
    shown = visitor.row(row)
    plain = {name: getattr(shown, name) for name in row.__struct_fields__ if name != "marks"}
    return RowView(
        **plain,
        state="recorded" if row.recorded else "not_recorded",
        reason_text=REASON_TEXT[row.reason].render(language) if row.reason else "",
        marks=[MarkView(code=mark, text=MARK_TEXT[mark].render(language)) for mark in row.marks],
        verdict_text=VERDICT_TEXT[row.verdict].render(language) if row.verdict else "",
    )


def role_name(name: str, built_in: Role | None, language: Language) -> str:
    """A role's own name, that of a built-in one in the reader's language."""
    return name if built_in is None else ROLE_TEXT[built_in].render(language)


def call_view(call: Call, caller: Known, callee: Known) -> CallView:
    """The call with every field, and what the directory says of its parties."""
    return CallView(
        call_id=call.call_id,
        sip_call_id=call.sip_call_id,
        interaction_id=call.interaction_id,
        caller=_party_view(call.caller, caller),
        callee=_party_view(call.callee, callee),
        direction=call.direction,
        data_type=call.data_type,
        trunk=call.trunk,
        state=call.state,
        transport=call.transport,
        started_at=call.started_at,
        ringing_at=call.ringing_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        ended_by=call.ended_by,
        status_code=call.status_code,
        events=[event_view(event) for event in call.events],
        related=[tie_view(relation) for relation in call.related],
    )


def event_view(event: CallEvent) -> EventView:
    """The event with every field."""
    return EventView(at=event.at, kind=event.kind, side=event.side, detail=event.detail, ssrc=event.ssrc)


def tie_view(relation: Relation) -> TieView:
    """The tie with every field."""
    return TieView(
        kind=relation.kind, at=relation.at, call_id=relation.call_id, sip_call_id=relation.sip_call_id
    )


def live_view(live: LiveCall, visitor: Visitor, called: Called) -> LiveCallView:
    """The live call with every field."""
    call = _live_call_view(live.call, visitor, called)
    return LiveCallView(at=live.at, call=call, codecs=live.codecs, control=live.control)


def live_view_with_media(
    live: LiveCall, media: dict[str, StreamNow], visitor: Visitor, called: Called
) -> LiveCallWithMedia:
    """The live call with every field and its newest figures."""
    call = _live_call_view(live.call, visitor, called)
    return LiveCallWithMedia(at=live.at, call=call, codecs=live.codecs, control=live.control, media=media)


def program_view(name: str, state: ProgramState, language: Language) -> ProgramView:
    """The program with its name, its status in the reader's language."""
    return ProgramView(
        name=name,
        at=state.at,
        alive=state.alive,
        status=(state.status_zh if language == "zh" else "") or state.status,
        started_at=state.started_at,
        facts=state.facts,
    )


def intake_view(intake: Intake) -> IntakeView:
    """The port as the API shows it."""
    return IntakeView(
        interface=intake.interface, at=intake.at, link_up=intake.link_up, counters=intake.counters
    )


def queue_view(queue: Queue) -> QueueView:
    """The queue as the API shows it."""
    return QueueView(
        at=queue.at,
        ready=queue.ready,
        working=queue.working,
        quarantined=queue.quarantined,
        oldest_s=queue.oldest_s,
    )


def health_view(check: str, health: Health, language: Language) -> HealthView:
    """The finding in the reader's language; a code that is not in the table is shown as it is."""
    words = condition_view(health, language)
    return HealthView(
        check=check,
        at=health.at,
        raised=health.raised,
        code=health.code,
        title=words.title,
        remedy=words.remedy,
        facts=health.facts,
    )


def condition_view(health: Health, language: Language) -> ConditionView:
    """What is wrong and what to do, in the reader's language."""
    kind = CONDITIONS.get(health.code)
    return ConditionView(
        code=health.code,
        severity=str(kind.severity) if kind else "warning",
        title=kind.told(language, health.facts) if kind else health.code,
        remedy=kind.advice(language, health.facts) if kind else "",
        facts=health.facts,
        at=health.at,
    )


def _live_call_view(call: Call, visitor: Visitor, called: Called) -> CallView:
    caller, callee = (
        Known(*(visitor.display(said, party.number) for said in called(party.number)))
        for party in (call.caller, call.callee)
    )
    return call_view(veiled_call(call, visitor), caller, callee)


def _party_view(party: Party, known: Known) -> PartyView:
    return PartyView(
        number=party.number,
        number_raw=party.number_raw,
        display=party.display,
        uri=party.uri,
        address=party.address,
        name=known.name,
        company=known.company,
        department=known.department,
    )
