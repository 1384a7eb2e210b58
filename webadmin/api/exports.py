"""Exports of many calls at once: recordings as a ZIP archive, lists as XLSX or CSV; of ticked calls or of a whole query."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal

import msgspec

from appliance.core.errors import ApplianceError, Invalid, Later, NotFound
from appliance.core.text import Text
from appliance.domain.roles import Permission
from appliance.store.calls import CallFilter
from webadmin import audit
from webadmin.api.audio import Wanted
from webadmin.api.calls import CallsQuery, Ticked, wanted_of
from webadmin.api.zones import zone_of
from webadmin.export_columns import COLUMNS
from webadmin.export_order import Kind, Order
from webadmin.export_zip import ExportGone
from webadmin.exports import Export, Owner, Pace, State, owner_of
from webadmin.files import CSV_TYPE, XLSX_TYPE, FileAnswer, RangedAnswer
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET
from webadmin.zip_aes import Lock

MOST_CONVERTED = 5_000
SHORTEST_PASSWORD = 12
_NAMELESS = "{date}_{time}_{id}"
"""Names of files can be read without the password; numbers stand in the index inside."""

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

Zone = Annotated[str, msgspec.Meta(max_length=64)]
Password = Annotated[str, msgspec.Meta(max_length=64, extra=SECRET)]


class NotReady(Later):
    """It is still being prepared."""

    text = Text(en="The export is still being prepared.", zh="导出仍在准备中。")


class RecordingsOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ticked calls, or all of a query when none are named; `format` converts, `password` encrypts (AES-256)."""

    call_ids: Ticked | None = None
    query: CallsQuery = CallsQuery()
    format: Wanted | None = None
    password: Password = ""
    tz: Zone = "UTC"


class TableOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ticked calls, or all of a query when none are named; `columns` in their order, the usual ones when empty."""

    kind: Literal["xlsx", "csv"] = "xlsx"
    call_ids: Ticked | None = None
    query: CallsQuery = CallsQuery()
    columns: Annotated[list[str], msgspec.Meta(max_length=64)] = []
    tz: Zone = "UTC"


class RepeatOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`password` encrypts the archive; without one it is that of before, as long as the panel's memory has it."""

    password: Password = ""


class ExportView(msgspec.Struct, frozen=True, kw_only=True):
    """How an export stands.

    `size_bytes` is that of what is ready, before that of what there is so far (0: unknown); `sent_bytes` is how far its
    download came, `left_s` how long preparing it or downloading it may still take, null while nothing tells.
    `needs_password`: the password went with the panel's memory, to make it again asks for one.
    """

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
    left_s: float | None
    encrypted: bool
    needs_password: bool
    problem: str


class ExportList(msgspec.Struct, frozen=True, kw_only=True):
    """One's own exports, the newest first."""

    exports: list[ExportView]


AnyAsked = (
    Asked[Nothing, Nothing]
    | Asked[Nothing, RecordingsOrder]
    | Asked[Nothing, TableOrder]
    | Asked[Nothing, RepeatOrder]
)


async def begin_recordings(asked: Asked[Nothing, RecordingsOrder]) -> ExportView:
    """Prepare a ZIP archive of recordings, with an index of the calls in it; masked numbers have tokens beside them."""
    body = asked.body
    wanted = msgspec.structs.replace(wanted_of(body.query, asked.visitor, asked.panel.now()), recorded=True)
    if body.query.recorded == "no":
        raise Invalid(field="query", problem=Text(en="has no recordings", zh="没有录音"))
    order = _order(
        asked, Kind.ZIP, wanted, body.call_ids, tz=body.tz, columns=[], audio_format=body.format or ""
    )
    lock: Lock | None = None
    if body.password:
        order, lock = _locked(order, body.password)
    return _view(await _begin(asked, order, lock), asked)


async def begin_table(asked: Asked[Nothing, TableOrder]) -> ExportView:
    """Prepare a table of calls.

    Whoever sees masked numbers gets two columns besides, "Caller token" and "Callee token": equal for equal numbers.
    """
    body = asked.body
    unknown = [name for name in body.columns if name not in COLUMNS]
    if unknown:
        raise Invalid(
            field="columns", problem=Text(en="{name} is not known", zh="未知列 {name}"), name=unknown[0]
        )
    wanted = wanted_of(body.query, asked.visitor, asked.panel.now())
    order = _order(
        asked, Kind(body.kind), wanted, body.call_ids, tz=body.tz, columns=body.columns, audio_format=""
    )
    return _view(await _begin(asked, order), asked)


async def show(asked: Asked[Nothing, Nothing]) -> ExportList:
    """One's own exports."""
    exports = asked.panel.exports
    await exports.sweep()
    mine = exports.of(_owner(asked))
    for one in mine:
        await exports.look(one)
    return ExportList(exports=[_view(one, asked) for one in mine])


async def state(asked: Asked[Nothing, Nothing]) -> ExportView:
    """How an export stands."""
    export = asked.panel.exports.find(asked.path["export_id"], _owner(asked))
    await asked.panel.exports.look(export)
    return _view(export, asked)


async def again(asked: Asked[Nothing, RepeatOrder]) -> ExportView:
    """Prepare the same calls once more, in place of what was prepared before."""
    exports = asked.panel.exports
    old = _theirs(asked)
    order = msgspec.structs.replace(old.order, person=asked.visitor.person, language=asked.language)
    lock = Lock(old.lock.password) if old.lock else None
    if asked.body.password or old.needs_password:
        order, lock = _locked(order, asked.body.password)
    new = await _begin(asked, order, lock)
    if old in exports.of(old.owner):  # the oldest may have made room
        await exports.drop(old.id, old.owner)
    return _view(new, asked)


async def cancel(asked: Asked[Nothing, Nothing]) -> None:
    """End an export and forget it."""
    await asked.panel.exports.drop(asked.path["export_id"], _owner(asked))


async def fetch(asked: Asked[Nothing, Nothing]) -> RangedAnswer | FileAnswer:
    """The archive or the table, by ranges where asked."""
    exports = asked.panel.exports
    export = _theirs(asked)
    await exports.look(export)
    if export.state is State.PREPARING:
        raise NotReady
    if export.state is State.FAILED:
        raise ExportGone(what=export.name)
    if not asked.is_continued:
        audit.note(asked, "export fetched", export=export.id, kind=export.kind, calls=export.calls)
    if export.kind is not Kind.ZIP:
        return FileAnswer(export.file, _TYPES[export.kind], file_name=export.name, etag=export.id)
    archive = export.archive
    assert archive is not None
    export.readers += 1
    export.pace = Pace()

    def done(problem: ApplianceError | None) -> None:
        export.readers -= 1
        if problem is not None:
            exports.lost(export, problem)

    sent = partial(exports.sent, export)
    return RangedAnswer(archive, _ZIP_TYPE, file_name=export.name, etag=export.id, sent=sent, done=done)


def _theirs(asked: AnyAsked) -> Export:
    """An export of the asker's, whose rights are judged again."""
    visitor = asked.visitor
    export = asked.panel.exports.find(asked.path["export_id"], _owner(asked))
    if export.scope != visitor.scope or export.masked < visitor.is_masked:
        raise NotFound(what=export.id)  # rights have shrunk since: what was prepared is not theirs any more
    visitor.demand(_NEEDS[export.kind])
    return export


def _order(
    asked: Asked[Nothing, RecordingsOrder] | Asked[Nothing, TableOrder],
    kind: Kind,
    wanted: CallFilter,
    call_ids: list[str] | None,
    *,
    tz: str,
    columns: list[str],
    audio_format: str,
) -> Order:
    panel, person = asked.panel, asked.visitor.person
    assert person is not None
    if audio_format and call_ids is not None and len(call_ids) > MOST_CONVERTED:
        raise Invalid(
            field="call_ids",
            problem=Text(
                en="at most {limit} recordings are converted at once", zh="一次最多转换 {limit} 个录音"
            ),
            limit=MOST_CONVERTED,
        )
    return Order(
        kind=kind,
        data=str(panel.layout.data),
        paths=panel.settings.paths,
        person=person,
        language=asked.language,
        tz=tz,
        columns=columns,
        call_ids=call_ids,
        wanted=wanted,
        format=audio_format,
        template=panel.settings.web.download_name,
    )


def _locked(order: Order, password: str) -> tuple[Order, Lock]:
    """The same archive, to be opened with a password only; its files' names tell no numbers."""
    if order.kind is not Kind.ZIP:
        raise Invalid(field="password", problem=Text(en="is for archives only", zh="仅适用于压缩包"))
    _check_password(password)
    return msgspec.structs.replace(order, template=_NAMELESS), Lock(password)


def _check_password(password: str) -> None:
    """Refuse what is guessed soon, and what one program turns into other bytes than the next."""
    if len(password) < SHORTEST_PASSWORD:
        problem = Text(en="must have at least {limit} characters", zh="至少 {limit} 个字符")
        raise Invalid(field="password", problem=problem, limit=SHORTEST_PASSWORD)
    if not (password.isascii() and password.isprintable()):
        problem = Text(
            en="may only have letters without accents, digits, signs and spaces",
            zh="只能使用英文字母、数字、英文符号和空格",
        )
        raise Invalid(field="password", problem=problem)


async def _begin(asked: AnyAsked, order: Order, lock: Lock | None = None) -> Export:
    panel = asked.panel
    name = f"calls_{panel.now().astimezone(zone_of(order.tz)):%Y-%m-%d_%H-%M-%S}.{order.kind}"
    export = await panel.exports.begin(order, name, masked=asked.visitor.is_masked, lock=lock)
    ticked = -1 if order.call_ids is None else len(order.call_ids)
    is_encrypted = lock is not None
    audit.note(
        asked, "export begun", export=export.id, kind=order.kind, ticked=ticked, encrypted=is_encrypted
    )
    return export


def _owner(asked: AnyAsked) -> Owner:
    person = asked.visitor.person
    assert person is not None
    return owner_of(person)


def _view(export: Export, asked: AnyAsked) -> ExportView:
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
        size_bytes=export.size,
        sent_bytes=export.sent,
        left_s=asked.panel.exports.left_s(export),
        encrypted=export.encrypted,
        needs_password=export.needs_password,
        problem=export.problem.render(asked.language) if export.problem is not None else "",
    )
