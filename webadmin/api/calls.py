"""The ledger: the list with its filters, and everything known of one call."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from appliance.core.errors import NotFound
from appliance.core.text import Language
from appliance.domain.bundle import Decryption, Manifest, Message, Record, Recording, Track
from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import PROOF_TEXT, VERDICT_TEXT, CallQuality, Evidence, SideSound, Verdict
from appliance.store import calls as ledger
from appliance.store.calls import CallFilter, CallRow, Match, Sort
from webadmin.api import kept
from webadmin.api.moments import Moment, bounded
from webadmin.operation import Asked, Nothing
from webadmin.views import EventView, RowView, event_view, row_view

Digits = Annotated[str, msgspec.Meta(max_length=128)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]


class CallsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Filters; all that are given must hold. `number` is either party, `min_s` and `max_s` are talk seconds."""

    started_from: Moment | None = msgspec.field(name="from", default=None)
    started_until: Moment | None = msgspec.field(name="to", default=None)
    number: Digits = ""
    caller: Digits = ""
    callee: Digits = ""
    match: Match = Match.CONTAINS
    direction: Direction | None = None
    recorded: Literal["yes", "no"] | None = None
    reason: Reason | None = None
    mark: Mark | None = None
    codec: Annotated[str, msgspec.Meta(max_length=64)] = ""
    min_s: Seconds | None = None
    max_s: Seconds | None = None
    max_mos: Annotated[float, msgspec.Meta(ge=1, le=5)] | None = None
    verdict: Verdict | None = None
    interaction_id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    sort: Sort = Sort.NEWEST
    page: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, msgspec.Meta(ge=1, le=100)] = 25


class CallsPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the list; `total` counts all calls that match."""

    total: int
    page: int
    page_size: int
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
        CallFilter(
            started_from=bounded(query.started_from, "from"),
            started_until=bounded(query.started_until, "to"),
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
        ),
    )
    return CallsPage(
        total=page.total,
        page=page.page,
        page_size=page.page_size,
        calls=[row_view(row, asked.language) for row in page.calls],
    )


async def show(asked: Asked[Nothing, Nothing]) -> CallDetail:
    """Everything known of one call."""
    row, record = await row_and_record(asked)
    same = CallFilter(interaction_id=row.interaction_id, sort=Sort.OLDEST, page_size=100)
    legs = await asked.panel.ask(ledger.find, same)
    others = [leg for leg in legs.calls if leg.call_id != row.call_id]
    media = await asked.panel.read(kept.media_file, asked.panel.layout, row.call_id)
    return _detail(row, record, others, asked.language, has_bundle=media is not None)


async def row_of(asked: Asked[Any, Nothing]) -> CallRow:
    """The list's line of the call in the address.

    Raises: NotFound
    """
    call_id = asked.path["call_id"]
    row = await asked.panel.ask(ledger.row, call_id)
    if row is None:
        raise NotFound(what=call_id)
    return row


async def row_and_record(asked: Asked[Any, Nothing]) -> tuple[CallRow, Record]:
    """Line and record of the call in the address.

    Raises: NotFound
    """
    row = await row_of(asked)
    record = await asked.panel.ask(ledger.get, row.call_id)
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
    row: CallRow, record: Record, others: list[CallRow], language: Language, *, has_bundle: bool
) -> CallDetail:
    line = row_view(row, language)
    return CallDetail(
        **{name: getattr(line, name) for name in line.__struct_fields__},
        manifest=record.manifest,
        tracks=record.tracks,
        messages=[message_view(message) for message in record.manifest.messages],
        events=[event_view(event) for event in record.call.events],
        recording=record.recording,
        quality=_quality_view(record.quality, language) if record.quality else None,
        decryption=record.decryption,
        bundle_available=has_bundle,
        bundle_kept_until=record.bundle_kept_until,
        legs=[row_view(other, language) for other in others],
        decided=record.manifest.policy.explain(language) if record.manifest.policy else "",
    )
