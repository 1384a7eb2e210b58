"""Exports of many calls at once: recordings as a ZIP archive, lists as XLSX or CSV; of ticked calls or of a whole query."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from appliance.core.errors import Denied, Invalid, Later, NotFound
from appliance.core.text import Text
from appliance.domain.roles import Permission
from appliance.store.calls import CallFilter
from webadmin import audit
from webadmin.api.audio import Wanted
from webadmin.api.calls import CallsQuery, wanted_of
from webadmin.api.zones import zone_of
from webadmin.export_columns import COLUMNS
from webadmin.export_order import Kind, Order
from webadmin.exports import Export, State
from webadmin.files import CSV_TYPE, XLSX_TYPE, FileAnswer, RangedAnswer
from webadmin.operation import Asked, Nothing

MOST_TICKED = 10_000
MOST_CONVERTED = 5_000
_ZIP_TYPE = "application/zip"
_TYPES = {
    Kind.XLSX: XLSX_TYPE,
    Kind.CSV: CSV_TYPE,
}
_NEEDS = {
    Kind.ZIP: Permission.DOWNLOAD,
    Kind.XLSX: Permission.EXPORT,
    Kind.CSV: Permission.EXPORT,
}

CallId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$")]
Ticked = Annotated[list[CallId], msgspec.Meta(max_length=MOST_TICKED)]
Zone = Annotated[str, msgspec.Meta(max_length=64)]


class NotReady(Later):
    """It is still being prepared."""

    text = Text(en="The export is still being prepared.", zh="导出仍在准备中。")


class RecordingsOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ticked calls, or all of a query when none are named; `format` converts."""

    call_ids: Ticked | None = None
    query: CallsQuery = CallsQuery()
    format: Wanted | None = None
    tz: Zone = "UTC"


class TableOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ticked calls, or all of a query when none are named; `columns` in their order, the usual ones when empty."""

    kind: Literal["xlsx", "csv"] = "xlsx"
    call_ids: Ticked | None = None
    query: CallsQuery = CallsQuery()
    columns: Annotated[list[str], msgspec.Meta(max_length=64)] = []
    tz: Zone = "UTC"


class ExportView(msgspec.Struct, frozen=True, kw_only=True):
    """How an export stands. `size_bytes` is known when it is ready, `sent_bytes` is how far its download came."""

    id: str
    kind: Kind
    state: State
    name: str
    begun_at: datetime
    done: int
    total: int
    calls: int
    missing: int
    size_bytes: int
    sent_bytes: int
    problem: str


class ExportList(msgspec.Struct, frozen=True, kw_only=True):
    """One's own exports, the newest first."""

    exports: list[ExportView]


async def begin_recordings(asked: Asked[Nothing, RecordingsOrder]) -> ExportView:
    """Prepare a ZIP archive of recordings, with an index of the calls in it."""
    body = asked.body
    wanted = msgspec.structs.replace(wanted_of(body.query, asked.visitor, asked.panel.now()), recorded=True)
    if body.query.recorded == "no":
        raise Invalid(field="query", problem=Text(en="has no recordings", zh="没有录音"))
    return await _begin(
        asked, Kind.ZIP, wanted, body.call_ids, tz=body.tz, columns=[], audio_format=body.format or ""
    )


async def begin_table(asked: Asked[Nothing, TableOrder]) -> ExportView:
    """Prepare a table of calls."""
    body = asked.body
    unknown = [name for name in body.columns if name not in COLUMNS]
    if unknown:
        raise Invalid(
            field="columns", problem=Text(en="{name} is not known", zh="未知列 {name}"), name=unknown[0]
        )
    wanted = wanted_of(body.query, asked.visitor, asked.panel.now())
    return await _begin(
        asked, Kind(body.kind), wanted, body.call_ids, tz=body.tz, columns=body.columns, audio_format=""
    )


async def show(asked: Asked[Nothing, Nothing]) -> ExportList:
    """One's own exports."""
    await asked.panel.exports.sweep()
    return ExportList(exports=[_view(one, asked) for one in asked.panel.exports.of(_owner(asked))])


async def state(asked: Asked[Nothing, Nothing]) -> ExportView:
    """How an export stands."""
    export = asked.panel.exports.find(asked.path["export_id"], _owner(asked))
    if export.kind is Kind.ZIP and export.state is State.READY:
        await asked.panel.exports.laid_out(export)
    return _view(export, asked)


async def cancel(asked: Asked[Nothing, Nothing]) -> None:
    """End an export and forget it."""
    await asked.panel.exports.drop(asked.path["export_id"], _owner(asked))


async def fetch(asked: Asked[Nothing, Nothing]) -> RangedAnswer | FileAnswer:
    """The archive or the table, by ranges where asked."""
    exports, visitor = asked.panel.exports, asked.visitor
    export = exports.find(asked.path["export_id"], _owner(asked))
    if export.scope != visitor.scope or export.masked < visitor.is_masked:
        raise NotFound(what=export.id)  # rights have shrunk since: what was prepared is not theirs any more
    if not visitor.may(_NEEDS[export.kind]):
        raise Denied
    if export.state is not State.READY:
        raise NotReady
    if not asked.is_continued:
        audit.note(asked, "export fetched", export=export.id, kind=export.kind, calls=export.calls)
    if export.kind is not Kind.ZIP:
        return FileAnswer(export.table, _TYPES[export.kind], file_name=export.name, etag=export.id)
    archive = await exports.laid_out(export)
    export.readers += 1

    def sent(position: int) -> None:
        export.sent = position
        export.used_at = asked.panel.now()

    def done() -> None:
        export.readers -= 1

    return RangedAnswer(archive, _ZIP_TYPE, file_name=export.name, etag=export.id, sent=sent, done=done)


async def _begin(
    asked: Asked[Nothing, RecordingsOrder] | Asked[Nothing, TableOrder],
    kind: Kind,
    wanted: CallFilter,
    call_ids: list[str] | None,
    *,
    tz: str,
    columns: list[str],
    audio_format: str,
) -> ExportView:
    panel, person = asked.panel, asked.visitor.person
    assert person is not None
    zone = zone_of(tz)
    if audio_format and call_ids is not None and len(call_ids) > MOST_CONVERTED:
        raise Invalid(
            field="call_ids",
            problem=Text(
                en="at most {limit} recordings are converted at once", zh="一次最多转换 {limit} 个录音"
            ),
            limit=MOST_CONVERTED,
        )

    def order(folder: Path) -> Order:
        return Order(
            kind=kind,
            data=str(panel.layout.data),
            paths=panel.settings.paths,
            folder=str(folder),
            person=person,
            language=asked.language,
            tz=tz,
            columns=columns,
            call_ids=call_ids,
            wanted=wanted,
            format=audio_format,
            template=panel.settings.web.download_name,
        )

    suffix = {Kind.ZIP: ".zip", Kind.XLSX: ".xlsx", Kind.CSV: ".csv"}[kind]
    name = f"calls_{panel.now().astimezone(zone):%Y-%m-%d_%H-%M-%S}{suffix}"
    export = await panel.exports.begin(order, person.id, name, masked=asked.visitor.is_masked)
    audit.note(
        asked, "export begun", export=export.id, kind=kind, ticked=-1 if call_ids is None else len(call_ids)
    )
    return _view(export, asked)


def _owner(asked: Asked[Nothing, Nothing]) -> int:
    person = asked.visitor.person
    assert person is not None
    return person.id


def _view(
    export: Export,
    asked: Asked[Nothing, Nothing] | Asked[Nothing, RecordingsOrder] | Asked[Nothing, TableOrder],
) -> ExportView:
    size = 0
    if export.state is State.READY:
        size = export.archive.size if export.archive else 0
        if export.kind is not Kind.ZIP:
            size = export.table.stat().st_size
    return ExportView(
        id=export.id,
        kind=export.kind,
        state=export.state,
        name=export.name,
        begun_at=export.begun_at,
        done=export.done,
        total=export.total,
        calls=export.calls,
        missing=export.missing,
        size_bytes=size,
        sent_bytes=export.sent,
        problem=export.problem.render(asked.language) if export.problem else "",
    )
