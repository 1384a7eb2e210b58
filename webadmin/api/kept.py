"""The captured packets of a call while they are kept: the ladder with whole messages, and the capture itself."""

from datetime import datetime
from pathlib import Path

import msgspec

from appliance.core import log
from appliance.core.clock import from_ns
from appliance.core.errors import BadBundle, NotFound
from appliance.core.files import MEDIA_FILE, Layout
from appliance.core.text import Text
from appliance.domain.bundle import Message, Record
from appliance.media.packets import SipRecord, read_bundle_media, sorted_capture
from appliance.store import calls as ledger
from webadmin import audit
from webadmin.authority import check_full_numbers
from webadmin.files import BytesAnswer
from webadmin.operation import Asked, Nothing

_logger = log.get(__name__)

CAPTURE_TYPE = "application/vnd.tcpdump.pcap"


class NoLongerKept(NotFound):
    """The packets were removed after archiving, as the settings say, or none were captured."""

    text = Text(
        en="The packets of this call are no longer kept (setting “Keep the captured packets for”).",
        zh="该通话的原始数据包已不再保留（见设置“原始数据包保留”）。",
    )


class LadderStep(msgspec.Struct, frozen=True, kw_only=True):
    """One SIP message between two addresses; `raw` is its text while the packets are kept.

    Whoever sees numbers in part only gets no texts: a message names them in too many places to hide them all.
    """

    at: datetime
    source: str
    destination: str
    transport: str
    label: str
    cseq: str
    has_sdp: bool
    raw: str | None


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """All SIP messages of a call in the order they were seen."""

    messages: list[LadderStep]


async def ladder(asked: Asked[Nothing, Nothing]) -> Ladder:
    """The SIP messages of a call."""
    record = await _record(asked)
    media = await asked.panel.read(media_file, asked.panel.layout, record.call.call_id)
    texts: list[SipRecord] = []
    if media is not None and not asked.visitor.is_masked:
        try:
            texts = await asked.panel.work(_messages, media)
        except BadBundle as error:
            _logger.warning("packets unreadable", extra={"call": record.call.call_id, "problem": str(error)})
    return Ladder(messages=steps(record.manifest.messages, texts))


async def capture(asked: Asked[Nothing, Nothing]) -> BytesAnswer:
    """The packets of a call as a capture file; they hold all numbers, so whoever must not see them gets none.

    Raises: NeedsFullNumbers, NoLongerKept, BadBundle
    """
    check_full_numbers(asked)
    call_id = (await _record(asked)).call.call_id
    media = await asked.panel.read(media_file, asked.panel.layout, call_id)
    if media is None:
        raise NoLongerKept(what=call_id)
    try:
        content = await asked.panel.work(sorted_capture, media)
    except BadBundle as error:
        raise BadBundle(bundle=call_id, problem=error.facts["problem"]) from error
    audit.note(asked, "packets downloaded", call=call_id)
    return BytesAnswer(content, CAPTURE_TYPE, file_name=f"{call_id}.pcap")


def media_file(layout: Layout, call_id: str) -> Path | None:
    """Where the call's packets are, None when they are gone."""
    for folder in (layout.spool_kept, layout.spool_quarantine):
        path = folder / call_id / MEDIA_FILE
        if path.is_file():
            return path
    return None


def steps(messages: list[Message], texts: list[SipRecord]) -> list[LadderStep]:
    """The manifest's messages, each with its text where the packets hold it.

    A retransmission has the same text: a message is found by its moment and addresses.
    """
    waiting: dict[tuple[datetime, str, str], list[bytes]] = {}
    for text in texts:
        waiting.setdefault((from_ns(text.at_ns), text.source, text.destination), []).append(text.data)
    found = []
    for message in messages:
        same = waiting.get((message.at, message.source, message.destination))
        found.append(
            LadderStep(
                at=message.at,
                source=message.source,
                destination=message.destination,
                transport=message.transport,
                label=message.label,
                cseq=message.cseq,
                has_sdp=message.has_sdp,
                raw=same.pop(0).decode("utf-8", "replace") if same else None,
            )
        )
    return found


def _messages(media: Path) -> list[SipRecord]:
    return read_bundle_media(media).messages


async def _record(asked: Asked[Nothing, Nothing]) -> Record:
    call_id = asked.path["call_id"]
    record = await asked.panel.ask(ledger.get, call_id, scope=asked.visitor.scope)
    if record is None:
        raise NotFound(what=call_id)
    return record
