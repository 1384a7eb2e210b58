"""One call as the command line tells it to machines; the words of `tapeline import --json`."""

from datetime import datetime

import msgspec

from appliance.core.files import Layout
from appliance.domain.bundle import Record
from appliance.settings.paths import Paths, named
from appliance.store.calls import CallRow


class TrackReport(msgspec.Struct, frozen=True, kw_only=True):
    """One RTP stream. `payload_sha256`: of the payload bytes in sequence order without duplicates."""

    side: str
    codec: str
    ssrc: int
    packets: int
    lost: int
    payload_sha256: str


class CallReport(msgspec.Struct, frozen=True, kw_only=True):
    """One call. `call_id` is the SIP Call-ID, `id` is ours; `file` is an absolute path."""

    call_id: str
    id: str
    interaction_id: str
    caller: str
    callee: str
    direction: str
    state: str
    reason: str | None
    status_code: int | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: float
    tracks: list[TrackReport]
    file: str | None
    sha256: str | None
    format: str | None
    marks: list[str]


class RowReport(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `tapeline calls --json`: the same words, without the tracks."""

    call_id: str
    id: str
    interaction_id: str
    caller: str
    callee: str
    direction: str
    state: str
    reason: str | None
    status_code: int | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: float
    codecs: list[str]
    packets: int
    lost: int
    file: str | None
    sha256: str | None
    marks: list[str]


def report(record: Record, layout: Layout, paths: Paths) -> CallReport:
    """Everything the ledger says of a call."""
    call = record.call
    recording = record.recording
    return CallReport(
        call_id=call.sip_call_id,
        id=call.call_id,
        interaction_id=call.interaction_id,
        caller=call.caller.number,
        callee=call.callee.number,
        direction=call.direction.value,
        state="not_recorded" if recording is None else "recorded",
        reason=None if record.reason is None else record.reason.value,
        status_code=call.status_code,
        started_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        duration_s=round(call.talk_s, 6),
        tracks=[
            TrackReport(
                side=track.side.value,
                codec=track.codec,
                ssrc=track.ssrc,
                packets=track.packets,
                lost=track.lost,
                payload_sha256=track.payload_sha256,
            )
            for track in record.tracks
        ],
        file=None if recording is None else str(named(layout, paths, recording.file).absolute()),
        sha256=None if recording is None else recording.sha256,
        format=None if recording is None else recording.format,
        marks=[mark.value for mark in dict.fromkeys([*record.manifest.marks, *record.marks])],
    )


def row_report(row: CallRow, layout: Layout, paths: Paths) -> RowReport:
    """What the list of calls says of one."""
    return RowReport(
        call_id=row.sip_call_id,
        id=row.call_id,
        interaction_id=row.interaction_id,
        caller=row.caller.number,
        callee=row.callee.number,
        direction=row.direction.value,
        state="recorded" if row.recorded else "not_recorded",
        reason=None if row.reason is None else row.reason.value,
        status_code=row.status_code,
        started_at=row.started_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        duration_s=row.duration_s,
        codecs=row.codecs,
        packets=row.packets,
        lost=row.lost,
        file=str(named(layout, paths, row.file).absolute()) if row.file else None,
        sha256=row.sha256 or None,
        marks=[mark.value for mark in row.marks],
    )
