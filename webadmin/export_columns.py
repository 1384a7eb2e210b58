"""The columns of exported tables: their heads in both languages, and what stands in them."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from appliance.core.text import Language, Text
from appliance.domain.call import DATA_TYPE_TEXT, DIRECTION_TEXT
from appliance.domain.ledger import MARK_TEXT, REASON_TEXT, Mark
from appliance.domain.quality import VERDICT_TEXT
from appliance.store.calls import Name
from webadmin.export_rows import Line

Value = str | float | datetime | None


class Form(StrEnum):
    """How a value is shown."""

    TEXT = "text"
    MOMENT = "moment"
    SECONDS = "seconds"
    NUMBER = "number"


class Column(NamedTuple):
    """One column; its width is in letters."""

    head: Text
    form: Form
    width: int
    value: Callable[[Line, Language], Value]


_YES = Text(en="Yes", zh="是")
_NO = Text(en="No", zh="否")
_RECORDED = Text(en="Recorded", zh="已录音")


def _said(text: Text, language: Language) -> str:
    return text.render(language)


def _yes(value: object, language: Language) -> str:
    return _said(_YES if value else _NO, language)


def _state(line: Line, language: Language) -> str:
    reason = line.row.reason
    return _said(REASON_TEXT[reason] if reason else _RECORDED, language)


def _name(party: Name) -> str:
    """As the directory has it, else as the telephones do."""
    return party.name or party.display


def _marks(line: Line, language: Language) -> str:
    return ", ".join(_said(MARK_TEXT[mark], language) for mark in line.row.marks)


def _verdict(line: Line, language: Language) -> str:
    return _said(VERDICT_TEXT[line.row.verdict], language) if line.row.verdict else ""


COLUMNS: dict[str, Column] = {
    "started_at": Column(Text(en="Start", zh="开始时间"), Form.MOMENT, 20, lambda o, _: o.row.started_at),
    "ringing_at": Column(Text(en="Ringing", zh="振铃时间"), Form.MOMENT, 20, lambda o, _: o.row.ringing_at),
    "answered_at": Column(
        Text(en="Answered", zh="通话开始"), Form.MOMENT, 20, lambda o, _: o.row.answered_at
    ),
    "ended_at": Column(Text(en="Ended", zh="通话结束"), Form.MOMENT, 20, lambda o, _: o.row.ended_at),
    "duration": Column(Text(en="Talk time", zh="通话时长"), Form.SECONDS, 11, lambda o, _: o.row.duration_s),
    "caller": Column(Text(en="Caller", zh="主叫号码"), Form.TEXT, 18, lambda o, _: o.row.caller.number),
    "caller_name": Column(
        Text(en="Caller's name", zh="主叫姓名"), Form.TEXT, 18, lambda o, _: _name(o.row.caller)
    ),
    "caller_company": Column(
        Text(en="Caller's company", zh="主叫单位"), Form.TEXT, 18, lambda o, _: o.row.caller.company
    ),
    "caller_department": Column(
        Text(en="Caller's department", zh="主叫部门"), Form.TEXT, 18, lambda o, _: o.row.caller.department
    ),
    "callee": Column(Text(en="Callee", zh="被叫号码"), Form.TEXT, 18, lambda o, _: o.row.callee.number),
    "callee_name": Column(
        Text(en="Callee's name", zh="被叫姓名"), Form.TEXT, 18, lambda o, _: _name(o.row.callee)
    ),
    "callee_company": Column(
        Text(en="Callee's company", zh="被叫单位"), Form.TEXT, 18, lambda o, _: o.row.callee.company
    ),
    "callee_department": Column(
        Text(en="Callee's department", zh="被叫部门"), Form.TEXT, 18, lambda o, _: o.row.callee.department
    ),
    "direction": Column(
        Text(en="Direction", zh="呼叫类型"),
        Form.TEXT,
        11,
        lambda o, language: _said(DIRECTION_TEXT[o.row.direction], language),
    ),
    "data_type": Column(
        Text(en="Data type", zh="数据类型"),
        Form.TEXT,
        10,
        lambda o, language: _said(DATA_TYPE_TEXT[o.row.data_type], language),
    ),
    "state": Column(Text(en="Recording", zh="录音"), Form.TEXT, 30, _state),
    "marks": Column(Text(en="Marks", zh="标记"), Form.TEXT, 30, _marks),
    "tags": Column(Text(en="Tags", zh="标签"), Form.TEXT, 20, lambda o, _: ", ".join(o.summary.tags)),
    "notes": Column(Text(en="Notes", zh="备注数"), Form.NUMBER, 8, lambda o, _: o.summary.notes),
    "held": Column(
        Text(en="Legal hold", zh="法律保留"),
        Form.TEXT,
        11,
        lambda o, language: _yes(o.summary.held, language),
    ),
    "encrypted": Column(
        Text(en="Encrypted", zh="是否加密"),
        Form.TEXT,
        10,
        lambda o, language: _yes(
            Mark.DECRYPTED in o.row.marks or (o.row.reason and o.row.reason == "encrypted"), language
        ),
    ),
    "codecs": Column(Text(en="Codecs", zh="编码"), Form.TEXT, 14, lambda o, _: " / ".join(o.row.codecs)),
    "mos": Column(Text(en="MOS", zh="MOS"), Form.NUMBER, 7, lambda o, _: o.row.mos),
    "verdict": Column(Text(en="Quality", zh="质量判定"), Form.TEXT, 22, _verdict),
    "packets": Column(Text(en="Packets", zh="包数"), Form.NUMBER, 10, lambda o, _: o.row.packets),
    "lost": Column(Text(en="Lost", zh="丢包"), Form.NUMBER, 8, lambda o, _: o.row.lost),
    "length": Column(Text(en="Length", zh="录音长度"), Form.SECONDS, 11, lambda o, _: o.row.length_s),
    "bytes": Column(Text(en="Bytes", zh="字节数"), Form.NUMBER, 12, lambda o, _: o.row.bytes),
    "file": Column(Text(en="File", zh="文件"), Form.TEXT, 40, lambda o, _: o.row.file),
    "sha256": Column(Text(en="SHA-256", zh="SHA-256"), Form.TEXT, 20, lambda o, _: o.row.sha256),
    "call_id": Column(Text(en="Call", zh="通话编号"), Form.TEXT, 30, lambda o, _: o.row.call_id),
    "sip_call_id": Column(
        Text(en="SIP Call-ID", zh="SIP Call-ID"), Form.TEXT, 30, lambda o, _: o.row.sip_call_id
    ),
}

TOKEN_COLUMNS: dict[str, Column] = {
    "caller_token": Column(
        Text(en="Caller token", zh="主叫号码代号"), Form.TEXT, 20, lambda o, _: o.tokens and o.tokens[0]
    ),
    "callee_token": Column(
        Text(en="Callee token", zh="被叫号码代号"), Form.TEXT, 20, lambda o, _: o.tokens and o.tokens[1]
    ),
}
"""What whoever sees masked numbers gets besides: calls of one number are found, though many look the same."""

USUAL = (
    "started_at", "ringing_at", "answered_at", "ended_at", "duration", "data_type", "caller", "caller_name",
    "caller_company", "caller_department", "callee", "callee_name", "callee_company", "callee_department",
    "direction", "state", "marks", "tags", "notes", "held", "encrypted", "codecs", "mos", "verdict",
    "bytes", "sha256", "call_id",
)  # fmt: skip
"""The columns of a table when none were chosen."""
