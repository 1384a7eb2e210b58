"""Past calls of trunks, corrected by their kept signalling: what would change, then the order to change it.

For those who see all calls and whole numbers, and may change settings.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from appliance.boards.signalling.kept import kept_since_ns
from appliance.core.clock import from_ns
from appliance.core.errors import Invalid
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.settings import trunks
from webadmin import audit
from webadmin.authority import check_full_numbers, check_whole_scope
from webadmin.correction_order import CorrectionRow
from webadmin.corrections import Plan, PlanState
from webadmin.operation import Asked, Nothing

PAGE = 50


class KeptTrunk(msgspec.Struct, frozen=True, kw_only=True):
    """A trunk of the settings; `since` is when its oldest kept signalling was heard, null when nothing is kept."""

    name: str
    since: datetime | None


class CorrectionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan. `calls` are those the signalling knows of, `changes` those that would be corrected, `left` those that stay as they are."""

    id: str
    state: PlanState
    trunk: str
    since: datetime
    until: datetime
    by: str
    percent: int
    calls: int
    changes: int
    left: int
    problem: str


class CorrectionOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What was ordered and how far it came; `corrected` are those of the `done` that were still there. Carried out while `ended_at` is null."""

    by: str
    at: datetime
    trunk: str
    since: datetime
    until: datetime
    total: int
    done: int
    corrected: int
    ended_at: datetime | None


class CorrectionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The trunks, the present plan, and the order that is carried out or was last."""

    trunks: list[KeptTrunk]
    plan: CorrectionPlan | None
    ordered: CorrectionOrder | None


class CorrectionWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls of a trunk that began in a time."""

    trunk: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    since: datetime
    until: datetime


class CorrectionAgreed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The plan that was looked at."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=43)]


class CorrectionRowsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of the preview, from 1."""

    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1


class CorrectionRows(msgspec.Struct, frozen=True, kw_only=True):
    """Calls before and after, the newest first."""

    rows: list[CorrectionRow]
    total: int
    page: int
    page_size: int


async def show(asked: Asked[Nothing, Nothing]) -> CorrectionsAnswer:
    """Trunks whose signalling is kept, the present plan, and how far the newest order came."""
    _check(asked)
    return await _answer(asked)


async def plan(asked: Asked[Nothing, CorrectionWanted]) -> CorrectionsAnswer:
    """Read kept signalling again as the trunk is set now, to see what would change of past calls."""
    _check(asked)
    body = asked.body
    if all(one.name != body.trunk for one in asked.panel.settings.boards.trunks):
        raise Invalid(field="trunk", problem=Text(en="is the name of no trunk", zh="没有此名称的中继"))
    for name in ("since", "until"):
        if getattr(body, name).tzinfo is None:
            raise Invalid(field=name, problem=Text(en="needs a time zone", zh="缺少时区"))
    if body.since >= body.until:
        raise Invalid(field="until", problem=Text(en="has to be after the beginning", zh="必须晚于开始时间"))
    await asked.panel.corrections.begin(body.trunk, body.since, body.until, _name(asked))
    audit.note(
        asked,
        "past calls are read again",
        trunk=body.trunk,
        since=body.since.isoformat(),
        until=body.until.isoformat(),
    )
    return await _answer(asked)


async def drop(asked: Asked[Nothing, Nothing]) -> CorrectionsAnswer:
    """Forget the plan."""
    _check(asked)
    await asked.panel.corrections.drop()
    return await _answer(asked)


async def rows(asked: Asked[CorrectionRowsQuery, Nothing]) -> CorrectionRows:
    """A page of what the plan would change, before and after."""
    _check(asked)
    page, work = asked.query.page, asked.panel.corrections
    found = await work.rows((page - 1) * PAGE, PAGE)
    total = work.plan.changes + work.plan.left if work.plan is not None else 0
    return CorrectionRows(rows=found, total=total, page=page, page_size=PAGE)


async def order(asked: Asked[Nothing, CorrectionAgreed]) -> CorrectionsAnswer:
    """Correct the calls of the plan; the archiver does it beside its work."""
    _check(asked)
    done = await asked.panel.corrections.order(asked.body.id, _name(asked))
    audit.note(
        asked,
        "past calls are corrected",
        trunk=done.trunk,
        since=done.since.isoformat(),
        until=done.until.isoformat(),
        calls=done.changes,
    )
    return await _answer(asked)


def _check(asked: Asked[Any, Any]) -> None:
    check_whole_scope(asked)
    check_full_numbers(asked)


def _name(asked: Asked[Any, Any]) -> str:
    assert asked.visitor.person is not None
    return asked.visitor.person.name


async def _answer(asked: Asked[Any, Any]) -> CorrectionsAnswer:
    panel = asked.panel
    known: list[KeptTrunk] = await panel.read(_kept, panel.layout, panel.settings.boards.trunks)
    present, ordered = panel.corrections.plan, await panel.corrections.newest()
    return CorrectionsAnswer(
        trunks=known,
        plan=_view(present, asked) if present is not None else None,
        ordered=msgspec.convert(ordered, CorrectionOrder, from_attributes=True)
        if ordered is not None
        else None,
    )


def _kept(layout: Layout, known: list[trunks.Trunk]) -> list[KeptTrunk]:
    found = []
    for one in known:
        ns = kept_since_ns(layout.signalling, one)
        found.append(KeptTrunk(name=one.name, since=from_ns(ns) if ns is not None else None))
    return found


def _view(found: Plan, asked: Asked[Any, Any]) -> CorrectionPlan:
    return CorrectionPlan(
        id=found.id,
        state=found.state,
        trunk=found.trunk,
        since=found.since,
        until=found.until,
        by=found.by,
        percent=found.percent,
        calls=found.calls,
        changes=found.changes,
        left=found.left,
        problem=found.problem.render(asked.language) if found.problem is not None else "",
    )
