"""Why is there no recording? A number and a time in, the ledger's answer in words out."""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from appliance.bus.topics import Intake
from appliance.core.text import Language, Text
from appliance.domain.access import EVERYTHING
from appliance.domain.control import VERB_TEXT, Control
from appliance.domain.ledger import MARK_TEXT, REASON_TEXT
from appliance.domain.policy import Decision
from appliance.store import calls as ledger
from appliance.store.calls import CallRow, Verdict
from appliance.store.database import Database
from appliance.store.enquiry import VERDICT_TEXT
from webadmin.api.moments import Moment, bounded
from webadmin.api.zones import ZoneName, zone_of
from webadmin.operation import Asked, Nothing
from webadmin.veil import veiled_text
from webadmin.views import MarkView, RowView, row_view
from webadmin.visitor import Visitor

_NO_PORT = Text(en="No mirror port reports to this box right now.", zh="目前没有镜像端口上报数据。")
_NO_LINK = Text(en="The mirror port {interface} has no link.", zh="镜像端口 {interface} 无链路。")
_NOTHING_YET = Text(
    en="The mirror port {interface} has link but has received nothing since the recorder started.",
    zh="镜像端口 {interface} 已连接，但自录音程序启动以来未收到任何数据。",
)
_NO_SIP = Text(
    en="The mirror port {interface} has received {packets} packets since the recorder started, but no signalling.",
    zh="自录音程序启动以来，镜像端口 {interface} 收到 {packets} 个数据包，但没有任何信令。",
)
_RECEIVES = Text(
    en="No signalling of this number was seen in this window; since the recorder started at {since} the mirror port "
    "{interface} has received {packets} packets, {sip} of them SIP messages, and {lost} were lost.",
    zh="该时段未见该号码的信令；自录音程序于 {since} 启动以来，镜像端口 {interface} 收到 {packets} 个数据包，其中 SIP 消息 {sip} 条，"
    "丢失 {lost} 个。",
)
_NOT_YET = Text(
    en="The recorder was started after that time, at {since}: what happened before was not seen by this run.",
    zh="录音程序在该时间之后（{since}）才启动，本次运行无法看到此前的情况。",
)
_NO_RECORDER = Text(en="The recorder is not running right now.", zh="录音程序目前未运行。")
_RECORDED = Text(en="Recorded: {length} s of audio.", zh="已录音：时长 {length} 秒。")
_RECORDED_BUT = Text(
    en="Recorded: {length} s of audio ({marks}).", zh="已录音：时长 {length} 秒（{marks}）。"
)
_NOT_RECORDED = Text(en="No recording: {reason}.", zh="无录音：{reason}。")
_NOT_RECORDED_STATUS = Text(
    en="No recording: {reason} (final answer {status}).", zh="无录音：{reason}（最终应答 {status}）。"
)
_LIVE_NOW = Text(
    en="A call of this number is in progress; it appears in the list when it has ended.",
    zh="该号码正在通话中，结束后将出现在列表中。",
)


class WhyQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose call, and when it was going on, give or take the window; `tz` names the zone of times in sentences."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"\S")]
    at: Moment
    window_min: Annotated[float, msgspec.Meta(ge=1, le=1440)] = 15
    tz: ZoneName = "UTC"


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """An order to the call's recording that was obeyed: what, by whom, and the reason given."""

    at: datetime
    text: str
    by: str
    why: str


class WhyRow(RowView, frozen=True, kw_only=True):
    """A call that the answer rests on, with one sentence on what became of it.

    `decided` says which recording rule decided when the call began, '' where no rules were asked.
    """

    sentence: str
    decided: str
    orders: list[OrderView]


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: `intake_note` says what the mirror port has seen, '' where that explains nothing."""

    verdict: Verdict
    explanation: str
    calls: list[WhyRow]
    intake_note: str


async def explain(asked: Asked[WhyQuery, Nothing]) -> Why:
    """Say what became of the calls of a number at a time, and why one has no recording."""
    query, language = asked.query, asked.language
    at = bounded(query.at, "at")
    assert at is not None
    scope, window = asked.visitor.scope, timedelta(minutes=query.window_min)
    zone = await asked.panel.read(zone_of, query.tz)
    answer = await asked.panel.ask(
        ledger.why, query.number, at, window, scope=scope, as_masked=asked.visitor.is_masked
    )
    decided = await asked.panel.ask(_decided, [call.call_id for call in answer.calls])
    explanation = VERDICT_TEXT[answer.verdict].render(language)
    if _is_live(asked):
        explanation = f"{explanation} {_LIVE_NOW.render(language)}"
    seen = answer.verdict in (Verdict.RECORDED, Verdict.PARTLY, Verdict.NOT_RECORDED)
    return Why(
        verdict=answer.verdict,
        explanation=explanation,
        calls=[_row(call, decided[call.call_id], asked) for call in answer.calls],
        intake_note=_intake_note(asked, at, zone) if not seen and asked.visitor.sees_box else "",
    )


def sentence(row: CallRow, language: Language) -> str:
    """What became of one call."""
    if row.reason is None:
        marks = [mark.text for mark in _marks(row, language)]
        text = _RECORDED_BUT if marks else _RECORDED
        comma = "、" if language == "zh" else ", "
        return text.render(language, length=f"{row.length_s:.0f}", marks=comma.join(marks))
    text = _NOT_RECORDED_STATUS if row.status_code and row.status_code >= 300 else _NOT_RECORDED
    return text.render(language, reason=REASON_TEXT[row.reason].render(language), status=row.status_code)


class _Decided(NamedTuple):
    policy: Decision | None
    control: list[Control]


def _decided(database: Database, call_ids: list[str]) -> dict[str, _Decided]:
    """What the rules said and what was ordered, call by call."""
    found = {}
    for call_id in call_ids:
        record = ledger.get(database, call_id, scope=EVERYTHING)
        manifest = record.manifest if record else None
        found[call_id] = _Decided(manifest.policy, manifest.control) if manifest else _Decided(None, [])
    return found


def _row(row: CallRow, decided: _Decided, asked: Asked[WhyQuery, Nothing]) -> WhyRow:
    language = asked.language
    visitor = asked.visitor
    line = row_view(row, language, visitor)
    fields = {name: getattr(line, name) for name in line.__struct_fields__}
    return WhyRow(
        **fields,
        sentence=sentence(row, language),
        decided=_shown(decided.policy.explain(language), row, visitor) if decided.policy else "",
        orders=[
            OrderView(
                at=order.at,
                text=VERB_TEXT[order.verb].render(language),
                by=order.by,
                why=_shown(order.why, row, visitor),
            )
            for order in decided.control
        ],
    )


def _shown(text: str, row: CallRow, visitor: Visitor) -> str:
    return veiled_text(text, visitor, (row.caller.number, row.callee.number))


def _marks(row: CallRow, language: Language) -> list[MarkView]:
    return [MarkView(code=mark, text=MARK_TEXT[mark].render(language)) for mark in row.marks]


def _is_live(asked: Asked[WhyQuery, Nothing]) -> bool:
    digits = "".join(letter for letter in asked.query.number if letter.isalnum()).lstrip("0").lower()
    if len(digits) < 3:
        return False
    visitor = asked.visitor
    return any(
        digits in visitor.number(party.number).lower()
        for live in asked.panel.live.seen(visitor).values()
        for party in (live.call.caller, live.call.callee)
    )


def _intake_note(asked: Asked[WhyQuery, Nothing], at: datetime, zone: ZoneInfo) -> str:
    language, live = asked.language, asked.panel.live
    recorder = live.programs.get("recorder")
    since = recorder.started_at if recorder and recorder.alive else None
    notes = []
    if since is None:
        notes.append(_NO_RECORDER.render(language))
    elif at < since:
        notes.append(_NOT_YET.render(language, since=_clock(since, zone)))
    if not live.intake:
        notes.append(_NO_PORT.render(language))
    notes += [_port_note(port, since, language, zone) for _, port in sorted(live.intake.items())]
    return ("" if language == "zh" else " ").join(notes)


def _port_note(port: Intake, since: datetime | None, language: Language, zone: ZoneInfo) -> str:
    counters = port.counters
    packets = counters.get("packets", 0)
    sip = counters.get("sip_udp", 0) + counters.get("sip_tcp", 0)
    lost = counters.get("kernel_drops", 0)
    if not port.link_up:
        text = _NO_LINK
    elif packets == 0:
        text = _NOTHING_YET
    elif sip == 0:
        text = _NO_SIP
    else:
        text = _RECEIVES
    started = _clock(since, zone) if since else "?"
    return text.render(language, interface=port.interface, packets=packets, sip=sip, lost=lost, since=started)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
