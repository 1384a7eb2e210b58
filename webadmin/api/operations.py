"""The operation log: searched, exported, and followed link by link."""

import csv
import io
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, BinaryIO, Literal, NamedTuple, cast
from zoneinfo import ZoneInfo

import msgspec
import xlsxwriter

from appliance.core.text import Language, Text
from appliance.domain.access import masked
from appliance.domain.operation import KIND_TEXT, MODULE_TEXT, RESULT_TEXT, Kind, Module, Result
from appliance.store import operations
from appliance.store.database import Database
from appliance.store.operations import Entry, Logged, Wanted
from webadmin.api.zones import zone_of
from webadmin.authority import check_whole_scope
from webadmin.deeds import OPERATION_TEXT
from webadmin.files import CSV_TYPE, XLSX_TYPE, StreamAnswer
from webadmin.operation import Asked, Nothing
from webadmin.table_cell import harmless

MAX_EXPORTED = 1_000_000
TABLE_TYPES = f"{XLSX_TYPE}, text/csv"

HEADS: tuple[tuple[Text, int], ...] = (
    (Text(en="No.", zh="序号"), 9),
    (Text(en="Time", zh="时间"), 20),
    (Text(en="User", zh="用户"), 16),
    (Text(en="Address", zh="IP 地址"), 18),
    (Text(en="Operating system", zh="操作系统"), 16),
    (Text(en="Browser", zh="浏览器"), 14),
    (Text(en="Module", zh="模块"), 18),
    (Text(en="Operation", zh="操作"), 28),
    (Text(en="Kind", zh="操作类型"), 12),
    (Text(en="Result", zh="结果"), 12),
    (Text(en="Parameters", zh="请求参数"), 60),
    (Text(en="Error", zh="错误信息"), 40),
    (Text(en="Seal (SHA-256)", zh="校验值 (SHA-256)"), 66),
)
"""The columns of an exported table with their widths in letters."""

_CHUNK_BYTES = 256 * 1024
ROWS_A_CHECK = 50_000
_NUMBER = re.compile(r"(?<![\w.:-])\+?\d{5,}(?![\w.:-])")


class OperationsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for; `before` is the id of the last row of the page before."""

    since: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = msgspec.field(default=None, name="to")
    user: Annotated[str, msgspec.Meta(max_length=64)] = ""
    address: Annotated[str, msgspec.Meta(max_length=64)] = ""
    module: Module | None = None
    operation: Annotated[str, msgspec.Meta(max_length=64)] = ""
    kind: Kind | None = None
    result: Result | None = None
    text: Annotated[str, msgspec.Meta(max_length=100)] = ""
    before: Annotated[int, msgspec.Meta(ge=1)] | None = None
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ExportQuery(OperationsQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same rows as a table; times in the zone `tz`."""

    format: Literal["csv", "xlsx"] = "xlsx"
    tz: Annotated[str, msgspec.Meta(max_length=64)] = "UTC"


class VerifyQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The row up to which the chain was followed before; 0 = from the beginning."""

    after: Annotated[int, msgspec.Meta(ge=0)] = 0


class ErrorView(msgspec.Struct, frozen=True, kw_only=True):
    """Why it did not succeed."""

    code: str
    message: str


class OperationView(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `hash` seals it together with the row before it."""

    id: int
    at: datetime
    user: str
    address: str
    system: str
    browser: str
    module: str
    module_text: str
    operation: str
    operation_text: str
    kind: Kind
    kind_text: str
    result: Result
    result_text: str
    parameters: dict[str, Any]
    error: ErrorView | None
    hash: str


class OperationsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Rows, newest first; `next` goes into `before` for older ones. `users` are those of late, for a filter."""

    operations: list[OperationView]
    next: int | None
    newest: int
    users: list[str]


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The chain holds up to row `checked`; `broken` is the first row that is not as it was written.

    `what`: changed | removed | replaced (does not fit the anchor) | truncated (rows at the end are missing)
    """

    checked: int
    newest: int
    done: bool
    sealed: str
    broken: int | None
    what: Literal["", "changed", "removed", "replaced", "truncated"]


async def show(asked: Asked[OperationsQuery, Nothing]) -> OperationsPage:
    """Search the operation log; it names calls of everybody, so only for people who may know of all."""
    check_whole_scope(asked)
    panel, query = asked.panel, asked.query
    await panel.read(panel.operations.flush)
    rows = await panel.ask(operations.find, _wanted(query), before=query.before, limit=query.page_size + 1)
    page = rows[: query.page_size]
    newest = await panel.ask(operations.head)
    return OperationsPage(
        operations=[_view(one, asked) for one in page],
        next=page[-1].id if len(rows) > query.page_size else None,
        newest=newest.id,
        users=await panel.ask(operations.names),
    )


async def export(asked: Asked[ExportQuery, Nothing]) -> StreamAnswer:
    """The rows as a table, CSV or Excel."""
    check_whole_scope(asked)
    panel, query = asked.panel, asked.query
    wanted = _wanted(query)
    await panel.read(panel.operations.flush)
    shape = _Shape(query.format, zone_of(query.tz), asked.language, asked.visitor.is_masked)
    file = await panel.work(_table, panel.database, wanted, shape)
    suffix, media = (".csv", CSV_TYPE) if query.format == "csv" else (".xlsx", XLSX_TYPE)
    name = f"operations-{panel.now().astimezone(shape.zone):%Y%m%d-%H%M%S}{suffix}"
    return StreamAnswer(_chunks(file), media, file_name=name, done=file.close)


async def verify(asked: Asked[VerifyQuery, Nothing]) -> Verification:
    """Follow the chain of the log, some thousand rows at a time."""
    panel, after = asked.panel, asked.query.after
    await panel.read(panel.operations.flush)
    anchors = await panel.read(operations.load_anchors, panel.layout)
    remembered = [anchors.newest, *anchors.kept] if anchors else []
    found = await panel.ask(operations.check, after, ROWS_A_CHECK, remembered)
    return Verification(
        checked=found.to_id,
        newest=found.last_id,
        done=found.broken is not None or found.to_id >= found.last_id,
        sealed=found.hash.hex(),
        broken=found.broken.id if found.broken else None,
        what=cast(Any, found.broken.what if found.broken else ""),
    )


class _Shape(NamedTuple):
    """How a table shall look."""

    format: Literal["csv", "xlsx"]
    zone: ZoneInfo
    language: Language
    is_masked: bool


def _wanted(query: OperationsQuery) -> Wanted:
    return Wanted(
        since=query.since,
        until=query.until,
        user=query.user,
        address=query.address,
        module=query.module or "",
        operation=query.operation,
        kind=query.kind or "",
        result=query.result or "",
        text=query.text,
    )


def _table(database: Database, wanted: Wanted, shape: _Shape) -> BinaryIO:
    """The whole table in a file without a name, at its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    try:
        rows = (one for piece in operations.each(database, wanted, MAX_EXPORTED) for one in piece)
        (_write_csv if shape.format == "csv" else _write_xlsx)(file, rows, shape)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    finally:
        database.close()
    return file


def _write_csv(file: BinaryIO, rows: Iterator[Logged], shape: _Shape) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([head.render(shape.language) for head, _ in HEADS])
    for row in rows:
        at, *others = _cells(row, shape)
        writer.writerow([row.id, at.isoformat(sep=" ", timespec="seconds"), *map(harmless, others)])
    text.flush()
    text.detach()


def _write_xlsx(file: BinaryIO, rows: Iterator[Logged], shape: _Shape) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(MODULE_TEXT[Module.OPERATIONS].render(shape.language))
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.freeze_panes(1, 0)
        for column, (head, width) in enumerate(HEADS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head.render(shape.language), bold)
        line = 0
        for line, row in enumerate(rows, start=1):
            at, *others = _cells(row, shape)
            sheet.write_number(line, 0, row.id)
            sheet.write_datetime(line, 1, at.replace(tzinfo=None), moment)
            for column, cell in enumerate(others, start=2):
                sheet.write_string(line, column, cell)
        sheet.autofilter(0, 0, line, len(HEADS) - 1)


def _cells(row: Logged, shape: _Shape) -> tuple[Any, ...]:
    entry, language = row.entry, shape.language
    error = _error(entry, language, is_masked=shape.is_masked)
    return (
        entry.at.astimezone(shape.zone),
        entry.user,
        entry.address,
        entry.system,
        entry.browser,
        _module(entry, language),
        _operation(entry, language),
        KIND_TEXT[entry.kind].render(language),
        RESULT_TEXT[entry.result].render(language),
        _shown(entry.parameters, is_masked=shape.is_masked) if entry.parameters != "{}" else "",
        error.message if error else "",
        row.hash.hex(),
    )


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk


def _view(row: Logged, asked: Asked[Any, Any]) -> OperationView:
    entry, language, is_masked = row.entry, asked.language, asked.visitor.is_masked
    return OperationView(
        id=row.id,
        at=entry.at,
        user=entry.user,
        address=entry.address,
        system=entry.system,
        browser=entry.browser,
        module=entry.module,
        module_text=_module(entry, language),
        operation=entry.operation,
        operation_text=_operation(entry, language),
        kind=entry.kind,
        kind_text=KIND_TEXT[entry.kind].render(language),
        result=entry.result,
        result_text=RESULT_TEXT[entry.result].render(language),
        parameters=_decoded(_shown(entry.parameters, is_masked=is_masked)),
        error=_error(entry, language, is_masked=is_masked),
        hash=row.hash.hex(),
    )


def _module(entry: Entry, language: Language) -> str:
    return MODULE_TEXT[Module(entry.module)].render(language) if entry.module in set(Module) else entry.module


def _operation(entry: Entry, language: Language) -> str:
    text = OPERATION_TEXT.get(entry.operation)
    return text.render(language) if text else entry.operation


def _error(entry: Entry, language: Language, *, is_masked: bool) -> ErrorView | None:
    if not entry.error:
        return None
    found = _decoded(entry.error)
    message = _shown(str(found.get(language, entry.error)), is_masked=is_masked)
    return ErrorView(code=str(found.get("code", "")), message=message)


def _shown(text: str, *, is_masked: bool) -> str:
    """The text for somebody who may not see numbers in full."""
    return _NUMBER.sub(lambda found: masked(found[0]), text) if is_masked else text


def _decoded(text: str) -> dict[str, Any]:
    """What was written as JSON; a row that somebody has damaged must still be shown."""
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {"?": text}
