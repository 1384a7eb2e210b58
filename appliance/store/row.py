"""One line of the list of calls: made from a record, kept in columns, given back as the same struct."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import peewee

from appliance.domain.bundle import Record, StreamKind
from appliance.domain.call import DataType, Direction
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import Verdict
from appliance.store.models import Calls

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
LAST_CHARACTER = "\U0010ffff"
"""What begins alike lies between that beginning and the same with this behind it."""
_SEPARATORS = re.compile(r"[\s().\-/]")
_NUMBER = re.compile(r"\+?([0-9*#]+)")


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """One party as the list shows it: `display` is what signalling called it, the rest what the directory says today."""

    number: str
    display: str
    name: str = ""
    company: str = ""
    department: str = ""


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """One call: `file` is empty exactly when there is a `reason`.

    Units: duration_s is talk time, length_s the length of the file. `mos` is that of the worse side, and like
    `verdict` None when nothing was heard.
    """

    call_id: str
    sip_call_id: str
    interaction_id: str
    caller: Name
    callee: Name
    direction: Direction
    started_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: float
    reason: Reason | None
    status_code: int | None
    marks: list[Mark]
    codecs: list[str]
    packets: int
    lost: int
    file: str
    format: str
    bytes: int
    sha256: str
    length_s: float
    mos: float | None = None
    verdict: Verdict | None = None
    data_type: DataType = DataType.IP

    @property
    def recorded(self) -> bool:
        """Whether there is a recording."""
        return self.reason is None


def number_key(number: str) -> str:
    """What a number is searched by: digits without + and separators; any other user part in lower case."""
    digits = _NUMBER.fullmatch(_SEPARATORS.sub("", number))
    if digits:
        return digits.group(1)
    return storable(number.strip().lower())


def row_of(record: Record) -> CallRow:
    """The line of the list that a record stands for."""
    call = record.call
    recording = record.recording
    tracks = [track for track in record.tracks if track.kind is StreamKind.AUDIO]
    spoken = [track.codec for track in tracks] or [
        stream.encoding for stream in record.manifest.streams if stream.kind is StreamKind.AUDIO
    ]
    return CallRow(
        call_id=call.call_id,
        sip_call_id=storable(call.sip_call_id),
        interaction_id=storable(call.interaction_id),
        caller=Name(number=storable(call.caller.number), display=storable(call.caller.display)),
        callee=Name(number=storable(call.callee.number), display=storable(call.callee.display)),
        direction=call.direction,
        started_at=call.started_at,
        ringing_at=call.ringing_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        duration_s=call.talk_s,
        reason=record.reason,
        status_code=call.status_code,
        marks=list(dict.fromkeys([*record.manifest.marks, *record.marks])),
        codecs=list(dict.fromkeys(_word(codec) for codec in spoken if _word(codec))),
        packets=sum(track.packets for track in tracks),
        lost=sum(track.lost for track in tracks),
        file=recording.file if recording else "",
        format=recording.format if recording else "",
        bytes=recording.bytes if recording else 0,
        sha256=recording.sha256 if recording else "",
        length_s=recording.length_s if recording else 0.0,
        mos=record.quality.mos if record.quality else None,
        verdict=record.quality.verdict if record.quality else None,
        data_type=call.data_type,
    )


def to_columns(row: CallRow, caller_key: int, callee_key: int, kind_key: int) -> dict[str, Any]:
    """The row as columns of `Calls`; the keys are those of `Numbers` and of `kinds`."""
    return {
        "call_id": row.call_id,
        "sip_call_id": row.sip_call_id,
        "interaction_id": row.interaction_id,
        "caller_key": caller_key,
        "callee_key": callee_key,
        "caller_number": row.caller.number,
        "caller_display": row.caller.display,
        "callee_number": row.callee.number,
        "callee_display": row.callee.display,
        "direction": row.direction.value,
        "started_at_us": to_us(row.started_at),
        "ringing_at_us": None if row.ringing_at is None else to_us(row.ringing_at),
        "answered_at_us": None if row.answered_at is None else to_us(row.answered_at),
        "ended_at_us": None if row.ended_at is None else to_us(row.ended_at),
        "duration_us": round(row.duration_s * 1e6),
        "reason": None if row.reason is None else row.reason.value,
        "status_code": row.status_code,
        "marks": _words(row.marks),
        "codecs": _words(row.codecs),
        "packets": row.packets,
        "lost": row.lost,
        "file": row.file,
        "format": row.format,
        "bytes": row.bytes,
        "sha256": row.sha256,
        "length_us": round(row.length_s * 1e6),
        "mos": row.mos,
        "verdict": row.verdict.value if row.verdict else "",
        "kind_key": kind_key,
    }


COLUMNS = (
    Calls.call_id,
    Calls.sip_call_id,
    Calls.interaction_id,
    Calls.caller_number,
    Calls.caller_display,
    Calls.callee_number,
    Calls.callee_display,
    Calls.direction,
    Calls.started_at_us,
    Calls.ringing_at_us,
    Calls.answered_at_us,
    Calls.ended_at_us,
    Calls.duration_us,
    Calls.reason,
    Calls.status_code,
    Calls.marks,
    Calls.codecs,
    Calls.packets,
    Calls.lost,
    Calls.file,
    Calls.format,
    Calls.bytes,
    Calls.sha256,
    Calls.length_us,
    Calls.mos,
    Calls.verdict,
    peewee.SQL("(SELECT data_type FROM kinds WHERE kinds.id = kind_key)"),
)
_NAMES = (*(column.name for column in COLUMNS[:-1]), "data_type")


def from_columns(columns: tuple[Any, ...]) -> CallRow:
    """The row of a selection of exactly `COLUMNS`."""
    value = dict(zip(_NAMES, columns, strict=True))
    return CallRow(
        call_id=value["call_id"],
        sip_call_id=value["sip_call_id"],
        interaction_id=value["interaction_id"],
        caller=Name(number=value["caller_number"], display=value["caller_display"]),
        callee=Name(number=value["callee_number"], display=value["callee_display"]),
        direction=Direction(value["direction"]),
        started_at=from_us(value["started_at_us"]),
        ringing_at=_moment(value["ringing_at_us"]),
        answered_at=_moment(value["answered_at_us"]),
        ended_at=_moment(value["ended_at_us"]),
        duration_s=value["duration_us"] / 1e6,
        reason=None if value["reason"] is None else Reason(value["reason"]),
        status_code=value["status_code"],
        marks=[Mark(mark) for mark in value["marks"].split()],
        codecs=value["codecs"].split(),
        packets=value["packets"],
        lost=value["lost"],
        file=value["file"],
        format=value["format"],
        bytes=value["bytes"],
        sha256=value["sha256"],
        length_s=value["length_us"] / 1e6,
        mos=value["mos"],
        verdict=Verdict(value["verdict"]) if value["verdict"] else None,
        data_type=DataType(value["data_type"] or DataType.IP),
    )


def to_us(at: datetime) -> int:
    """Aware time as microseconds since the epoch, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(at_us: int) -> datetime:
    """Microseconds since the epoch as aware UTC, exactly."""
    return _EPOCH + timedelta(microseconds=at_us)


def _moment(at_us: int | None) -> datetime | None:
    return None if at_us is None else from_us(at_us)


def _words(words: list[Any]) -> str:
    return f" {' '.join(words)} " if words else ""


def _word(text: str) -> str:
    """A codec name fit to stand between blanks."""
    return storable("".join(text.split()))


def storable(text: str) -> str:
    """Text that SQLite can hold: hostile signalling may have left half characters."""
    return text.encode("utf-8", "replace").decode("utf-8")
