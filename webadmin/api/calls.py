"""The ledger: the list with its filters, and everything known of one call."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec

from appliance.core.errors import NotFound
from appliance.core.text import Language
from appliance.domain.bundle import Decryption, Manifest, Message, Record, Recording, Track
from appliance.domain.call import DataType, Direction
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import PROOF_TEXT, VERDICT_TEXT, CallQuality, Evidence, SideSound, Verdict
from appliance.store import calls as ledger
from appliance.store.annotations import tag_key
from appliance.store.calls import CallFilter, CallRow, Match, Sort
from appliance.store.wanted import CallType
from webadmin.api import kept
from webadmin.api.moments import Moment, bounded
from webadmin.api.zones import ZoneName, zone_of
from webadmin.operation import Asked, Nothing
from webadmin.query_line import span_of
from webadmin.veil import veiled_call, veiled_manifest, veiled_recording
from webadmin.views import EventView, RowView, event_view, row_view
from webadmin.visitor import Visitor

Digits = Annotated[str, msgspec.Meta(max_length=128)]
Words = Annotated[str, msgspec.Meta(max_length=128)]
YesNo = Literal["yes", "no"]
Span = Literal["today", "yesterday", "week", "last_week", "month", "last_month", "year"]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]
CallId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$")]
Ticked = Annotated[list[CallId], msgspec.Meta(max_length=10_000)]


class CallsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Filters; all that are given must hold. `number` is either party, `min_s` and `max_s` are talk seconds."""

    started_from: Moment | None = msgspec.field(name="from", default=None)
    started_until: Moment | None = msgspec.field(name="to", default=None)
    number: Digits = ""
    caller: Digits = ""
    callee: Digits = ""
    match: Match = Match.CONTAINS
    range: Span | None = None
    tz: ZoneName = "UTC"
    extension: Digits = ""
    name: Words = ""
    company: Words = ""
    department: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None
    data_type: DataType | None = None
    call_type: CallType | None = None
    conference: YesNo | None = None
    encrypted: YesNo | None = None
    direction: Direction | None = None
    recorded: YesNo | None = None
    reason: Reason | None = None
    mark: Mark | None = None
    codec: Annotated[str, msgspec.Meta(max_length=64)] = ""
    trunk: Words = ""
    tag: Words = ""
    note: Words = ""
    reviewed: YesNo | None = None
    without_number: Digits = ""
    without_mark: Mark | None = None
    without_reason: Reason | None = None
    without_tag: Words = ""
    min_s: Seconds | None = None
    max_s: Seconds | None = None
    max_mos: Annotated[float, msgspec.Meta(ge=1, le=5)] | None = None
    verdict: Verdict | None = None
    interaction_id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    sort: Sort = Sort.NEWEST
    page: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, msgspec.Meta(ge=1, le=100)] = 25
    cursor: Annotated[str, msgspec.Meta(max_length=100)] = ""


class CallsPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the list; `total` counts all calls that match, or estimates them where `is_exact` is false.

    `next` and `previous`: what to give as `cursor` for the pages beside this one, "" at the ends.
    """

    total: int
    is_exact: bool
    page: int
    page_size: int
    next: str
    previous: str
    calls: list[RowView]


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the SIP ladder without its text."""

    at: datetime
    source: str
    destination: str
    transport: str
    label: str
    cseq: str
    has_sdp: bool


class EvidenceView(msgspec.Struct, frozen=True, kw_only=True):
    """One proof of a verdict in words."""

    proof: str
    packets: int
    text: str


class QualityView(msgspec.Struct, frozen=True, kw_only=True):
    """How good the call was and whose fault it was; the streams' own figures stand in `tracks`."""

    mos: float | None
    verdict: Verdict
    verdict_text: str
    evidence: list[EvidenceView]
    sounds: list[SideSound]


class CallDetail(RowView, frozen=True, kw_only=True):
    """A call with all that is known of it; `legs` are the other legs of the same conversation.

    `decided` says which recording rule decided when the call began, '' where no rules were asked
    """

    manifest: Manifest
    tracks: list[Track]
    messages: list[MessageView]
    events: list[EventView]
    recording: Recording | None
    quality: QualityView | None
    decryption: Decryption | None
    bundle_available: bool
    bundle_kept_until: datetime | None
    legs: list[RowView]
    decided: str


async def search(asked: Asked[CallsQuery, Nothing]) -> CallsPage:
    """Find calls."""
    query = asked.query
    page = await asked.panel.ask(
        ledger.find,
        wanted_of(query, asked.visitor, asked.panel.now()),
        scope=asked.visitor.scope,
        cursor=query.cursor,
    )
    actor, said = asked.visitor.actor, msgspec.json.encode(query).decode()
    asked.is_quiet = asked.panel.repeats.is_repeat(
        actor.name if actor else "",
        repr(asked.visitor.looker is None),
        asked.visitor.via,
        asked.address,
        said,
    )
    return CallsPage(
        total=page.total,
        is_exact=page.is_exact,
        next=page.next,
        previous=page.previous,
        page=page.page,
        page_size=page.page_size,
        calls=[row_view(row, asked.language, asked.visitor) for row in page.calls],
    )


def wanted_of(query: CallsQuery, visitor: Visitor, now: datetime | None = None) -> CallFilter:
    """What a query asks the ledger for; exports ask for the same. Hidden digits of numbers cannot be searched for.

    A time by name is that of the zone's calendar at `now`, and goes before times that are given as such.
    Raises: Invalid
    """
    since, until = bounded(query.started_from, "from"), bounded(query.started_until, "to")
    if query.range is not None:
        since, until = span_of(query.range, now or datetime.now(UTC), zone_of(query.tz))
    return CallFilter(
        started_from=since,
        started_until=until,
        extension=query.extension,
        name=query.name,
        company=query.company,
        department=query.department,
        data_type=query.data_type,
        call_type=query.call_type,
        conference=None if query.conference is None else query.conference == "yes",
        encrypted=None if query.encrypted is None else query.encrypted == "yes",
        trunk=query.trunk,
        tag=tag_key(query.tag),
        note=query.note,
        reviewed=None if query.reviewed is None else query.reviewed == "yes",
        reader=visitor.actor.id if visitor.actor else 0,
        without_number=query.without_number,
        without_mark=query.without_mark,
        without_reason=query.without_reason,
        without_tag=tag_key(query.without_tag),
        number=query.number,
        caller=query.caller,
        callee=query.callee,
        match=query.match,
        direction=query.direction,
        recorded=None if query.recorded is None else query.recorded == "yes",
        reason=query.reason,
        mark=query.mark,
        codec=query.codec,
        min_s=query.min_s,
        max_s=query.max_s,
        max_mos=query.max_mos,
        verdict=query.verdict,
        interaction_id=query.interaction_id,
        sort=query.sort,
        page=query.page,
        page_size=query.page_size,
        as_masked=visitor.is_masked,
    )


async def show(asked: Asked[Nothing, Nothing]) -> CallDetail:
    """Everything known of one call."""
    row, record = await row_and_record(asked)
    same = CallFilter(interaction_id=row.interaction_id, sort=Sort.OLDEST, page_size=100)
    legs = await asked.panel.ask(ledger.find, same, scope=asked.visitor.scope)
    others = [leg for leg in legs.calls if leg.call_id != row.call_id]
    media = await asked.panel.read(kept.media_file, asked.panel.layout, row.call_id)
    return _detail(row, record, others, asked, has_bundle=media is not None)


async def row_of(asked: Asked[Any, Any]) -> CallRow:
    """The list's line of the call in the address.

    Raises: NotFound
    """
    call_id = asked.path["call_id"]
    row = await asked.panel.ask(ledger.row, call_id, scope=asked.visitor.scope)
    if row is None:
        raise NotFound(what=call_id)
    return row


async def row_and_record(asked: Asked[Any, Any]) -> tuple[CallRow, Record]:
    """Line and record of the call in the address.

    Raises: NotFound
    """
    row = await row_of(asked)
    record = await asked.panel.ask(ledger.get, row.call_id, scope=asked.visitor.scope)
    if record is None:
        raise NotFound(what=row.call_id)
    return row, record


def message_view(message: Message) -> MessageView:
    """The step with every field."""
    return MessageView(
        at=message.at,
        source=message.source,
        destination=message.destination,
        transport=message.transport,
        label=message.label,
        cseq=message.cseq,
        has_sdp=message.has_sdp,
    )


def _quality_view(quality: CallQuality, language: Language) -> QualityView:
    return QualityView(
        mos=quality.mos,
        verdict=quality.verdict,
        verdict_text=VERDICT_TEXT[quality.verdict].render(language),
        evidence=[_evidence_view(one, language) for one in quality.evidence],
        sounds=quality.sounds,
    )


def _evidence_view(evidence: Evidence, language: Language) -> EvidenceView:
    text = PROOF_TEXT[evidence.proof].render(language, packets=evidence.packets)
    return EvidenceView(proof=evidence.proof, packets=evidence.packets, text=text)


def _detail(
    row: CallRow, record: Record, others: list[CallRow], asked: Asked[Nothing, Nothing], *, has_bundle: bool
) -> CallDetail:
    language, visitor = asked.language, asked.visitor
    line = row_view(row, language, visitor)
    manifest = veiled_manifest(record.manifest, visitor, {leg.call_id for leg in others}, row.interaction_id)
    return CallDetail(
        **{name: getattr(line, name) for name in line.__struct_fields__},
        manifest=manifest,
        tracks=record.tracks,
        messages=[message_view(message) for message in record.manifest.messages],
        events=[event_view(event) for event in veiled_call(record.call, visitor).events],
        recording=veiled_recording(record.recording, record.call, visitor) if record.recording else None,
        quality=_quality_view(record.quality, language) if record.quality else None,
        decryption=record.decryption,
        bundle_available=has_bundle,
        bundle_kept_until=record.bundle_kept_until,
        legs=[row_view(other, language, visitor) for other in others],
        decided=manifest.policy.explain(language) if manifest.policy else "",
    )
