"""Retention: its settings, and on the real recordings what they would delete, before they are saved and at any time."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from appliance.archive.expiry import begins_at
from appliance.core.errors import Conflict
from appliance.core.text import Language, Text
from appliance.domain.access import EVERYTHING
from appliance.domain.retention import (
    REST_TEXT,
    Cause,
    Going,
    due,
    effective_days,
    growth_bytes,
    youngest_due,
)
from appliance.settings import storage
from appliance.settings.form import schema
from appliance.settings.retention import Retention
from appliance.settings.root import Settings
from appliance.store import calls
from appliance.store import retention as stored
from appliance.store.calls import CallRow
from appliance.store.database import Database
from webadmin import audit
from webadmin.api.settings import differences
from webadmin.authority import check_whole_scope
from webadmin.changes import change
from webadmin.operation import Asked, Nothing

_SAMPLE = 10
_GROWTH_DAYS = 28
_GIB = 1 << 30


class RetentionChanged(Conflict):
    """Somebody else saved in between."""

    text = Text(
        en="The retention settings were changed by someone else meanwhile.",
        zh="录音保留设置已被他人修改。",
    )


class SampleView(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that would go; numbers as whoever asks may see them."""

    call_id: str
    at: datetime
    caller: str
    callee: str
    bytes: int
    cause: Cause


class GoingView(msgspec.Struct, frozen=True, kw_only=True):
    """What would go of a class: how much, for which cause, from when to when, and the first of them."""

    calls: int
    bytes: int
    by_age: int
    by_size: int
    oldest: datetime | None
    newest: datetime | None
    sample: list[SampleView]


class ClassView(msgspec.Struct, frozen=True, kw_only=True):
    """A class: what it holds now, how long its recordings really stay (null = for ever), what would go now.

    `text` is its name, or what the rest is called. Units: bytes_per_day of the last four weeks
    """

    name: str
    text: str
    keep_days: int
    least_days: int
    most_gib: float
    calls: int
    bytes: int
    held: int
    oldest: datetime | None
    newest: datetime | None
    bytes_per_day: int
    effective_days: int | None
    going: GoingView


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the policies would delete now; `enabled` says whether they are in use at all."""

    at: datetime
    enabled: bool
    calls: int
    bytes: int
    classes: list[ClassView]


class RetentionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The settings with their version, and their preview. `begins_at`: when they begin to take anything, null when they do."""

    version: str
    retention: dict[str, Any]
    begins_at: datetime | None
    preview: Preview


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of retention to be tried."""

    retention: dict[str, Any]


class RetentionChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings as they shall be; refused when they are no longer those of `version`."""

    version: str
    retention: dict[str, Any]


async def show(asked: Asked[Nothing, Nothing]) -> RetentionAnswer:
    """The settings of retention, and what they would delete now."""
    check_whole_scope(asked)
    return await _answer(asked, await asked.panel.read(storage.load, asked.panel.layout))


async def describe(asked: Asked[Nothing, Nothing]) -> dict[str, Any]:  # noqa: ARG001 - as all operations
    """The JSON Schema of the settings of retention, with labels in both languages."""
    whole = schema()
    return {"$schema": whole["$schema"], "$ref": "#/$defs/Retention", "$defs": whole["$defs"]}


async def preview(asked: Asked[Nothing, Wanted]) -> Preview:
    """What other settings would delete now; nothing is changed."""
    check_whole_scope(asked)
    return await _preview(asked, _decoded(asked.body.retention))


async def save(asked: Asked[Nothing, RetentionChange]) -> RetentionAnswer:
    """Replace the settings of retention."""
    check_whole_scope(asked)
    wanted = _decoded(asked.body.retention)
    before: list[Settings] = []

    def edit(settings: Settings) -> Settings:
        if _version(settings.retention) != asked.body.version:
            raise RetentionChanged
        before.append(settings)
        return msgspec.structs.replace(settings, retention=wanted)

    saved = await change(asked, edit)
    for path, old, new in differences(
        msgspec.to_builtins(before[-1].retention), msgspec.to_builtins(saved.retention)
    ):
        audit.note(asked, "retention changed", setting=f"retention.{path}", old=str(old), new=str(new))
    return await _answer(asked, saved)


def _decoded(content: dict[str, Any]) -> Retention:
    return storage.validate({"retention": content}).retention


def _version(retention: Retention) -> str:
    return hashlib.sha256(msgspec.json.encode(retention)).hexdigest()[:16]


async def _answer(asked: Asked[Any, Any], settings: Settings) -> RetentionAnswer:
    begins = await asked.panel.read(begins_at, asked.panel.layout, settings)
    return RetentionAnswer(
        version=_version(settings.retention),
        retention=msgspec.to_builtins(settings.retention),
        begins_at=begins if settings.retention.enabled and begins > asked.panel.now() else None,
        preview=await _preview(asked, settings.retention),
    )


async def _preview(asked: Asked[Any, Any], retention: Retention) -> Preview:
    now = asked.panel.now()
    found = await asked.panel.ask(_looked, retention, now, asked.language)
    classes = [
        msgspec.structs.replace(
            view, going=msgspec.structs.replace(view.going, sample=_sample(asked, rows, going))
        )
        for view, rows, going in found
    ]
    return Preview(
        at=now,
        enabled=retention.enabled,
        calls=sum(one.going.calls for one in classes),
        bytes=sum(one.going.bytes for one in classes),
        classes=classes,
    )


def _sample(asked: Asked[Any, Any], rows: list[CallRow], going: dict[str, Going]) -> list[SampleView]:
    return [
        SampleView(
            call_id=row.call_id,
            at=row.started_at,
            caller=row.caller.number,
            callee=row.callee.number,
            bytes=row.bytes,
            cause=going[row.call_id].cause,
        )
        for row in map(asked.visitor.row, rows)
    ]


def _looked(
    database: Database, retention: Retention, now: datetime, language: Language
) -> list[tuple[ClassView, list[CallRow], dict[str, Going]]]:
    found = []
    with database.read():
        for one in stored.classes(database, retention):
            whole = stored.holding(database, one)
            recent = stored.holding(database, one, now - timedelta(days=_GROWTH_DAYS))
            days = max(1, min(_GROWTH_DAYS, (now - whole.oldest).days)) if whole.oldest else 1
            per_day = growth_bytes([recent.bytes // days])
            going, first = _going(one, database, whole.bytes, now)
            view = ClassView(
                name=one.policy.name,
                text=one.policy.name or REST_TEXT.render(language),
                keep_days=one.policy.keep_days,
                least_days=one.policy.least_days,
                most_gib=one.policy.most_bytes / _GIB,
                calls=whole.calls,
                bytes=whole.bytes,
                held=whole.held,
                oldest=whole.oldest,
                newest=whole.newest,
                bytes_per_day=per_day,
                effective_days=effective_days(one.policy, per_day),
                going=going,
            )
            rows = [calls.row(database, name, scope=EVERYTHING) for name in first]
            found.append((view, [row for row in rows if row is not None], first))
    return found


def _going(
    one: stored.Class, database: Database, total_bytes: int, now: datetime
) -> tuple[GoingView, dict[str, Going]]:
    first: dict[str, Going] = {}
    count = size = by_age = 0
    oldest = newest = None
    until = youngest_due(one.policy, total_bytes, now)
    for going in due(one.policy, stored.oldest(database, one, until), total_bytes, now):
        if count < _SAMPLE:
            first[going.kept.call_id] = going
        count += 1
        size += going.kept.bytes
        by_age += going.cause is Cause.AGE
        oldest, newest = oldest or going.kept.at, going.kept.at
    view = GoingView(
        calls=count,
        bytes=size,
        by_age=by_age,
        by_size=count - by_age,
        oldest=oldest,
        newest=newest,
        sample=[],
    )
    return view, first
