"""The bound extensions, each with its channel: looked through, added singly, in numbers or from a table, removed."""

import hashlib
from typing import Annotated, Literal

import msgspec

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Language, Text
from appliance.settings.recording import MAX_NUMBERS, BoundExtension, WorkMode
from appliance.settings.root import Settings
from webadmin import audit
from webadmin.changes import change
from webadmin.extension_plan import Outcome, Plan, Planned, Wish, plan, wishes
from webadmin.operation import Asked, Nothing
from webadmin.sheet import MAX_FILE_BYTES, read_table

_MAX_ROWS_SHOWN = 500
_Number = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ExtensionRefused(Conflict):
    """Facts: number, problem (Text), and those of the problem."""

    text = Text(en="{number}: {problem}.", zh="{number}：{problem}。")

    def message(self, language: Language = "en") -> str:
        """With the problem in the reader's language."""
        facts = {**self.facts, "problem": self.facts["problem"].render(language, **self.facts)}
        return self.text.render(language, **facts)


class ExtensionsChanged(Conflict):
    """Somebody else changed the list since it was looked at."""

    text = Text(
        en="The extensions were changed meanwhile; look at the preview again.",
        zh="分机列表已被修改，请重新预览。",
    )


class ExtensionsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which extensions: whose number, name or channel contains a text; in the order of the channels."""

    search: Annotated[str, msgspec.Meta(max_length=64)] = ""
    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ExtensionQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The extension with exactly this number."""

    number: _Number


class NewExtension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One extension; without a channel it takes the next free one."""

    number: _Number
    channel: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBERS)] | None = None
    name: Annotated[str, msgspec.Meta(max_length=64)] = ""


class NewExtensions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Extensions to be added together; those that cannot be are reported and keep none of the others out."""

    extensions: Annotated[list[NewExtension], msgspec.Meta(min_length=1, max_length=2000)]


class Unwanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers to be removed."""

    numbers: Annotated[list[_Number], msgspec.Meta(min_length=1, max_length=MAX_NUMBERS)]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An uploaded CSV or XLSX, base64. `fingerprint` of a preview does what was shown; none only shows."""

    content: Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_FILE_BYTES)]
    fingerprint: Annotated[str, msgspec.Meta(max_length=64)] = ""


class ExtensionView(msgspec.Struct, frozen=True, kw_only=True):
    """One bound extension."""

    number: str
    channel: int
    name: str


class ExtensionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Extensions that match (`total` of `listed`); `bound` tells whether only they are recorded."""

    bound: bool
    listed: int
    total: int
    page: int
    page_size: int
    extensions: list[ExtensionView]


class PlannedView(msgspec.Struct, frozen=True, kw_only=True):
    """One row and what becomes of it; `channel` 0 = none."""

    line: int
    number: str
    channel: int
    name: str
    outcome: Outcome
    problem: str


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, or would be: how many rows have each outcome; refused rows are shown first, at most 500 in all."""

    done: bool
    counts: dict[Literal["add", "change", "same", "refused"], int]
    rows: list[PlannedView]
    fingerprint: str


async def show(asked: Asked[ExtensionsQuery, Nothing]) -> ExtensionsPage:
    """One page of the bound extensions."""
    query, recording = asked.query, asked.panel.settings.recording
    wanted = query.search.strip().lower()
    found = [
        one
        for one in sorted(recording.extensions, key=lambda one: one.channel)
        if wanted in one.number.lower() or wanted in one.name.lower() or wanted == str(one.channel)
    ]
    begin = (query.page - 1) * query.page_size
    return ExtensionsPage(
        bound=recording.work_mode is WorkMode.BOUND,
        listed=len(recording.extensions),
        total=len(found),
        page=query.page,
        page_size=query.page_size,
        extensions=[_view(one) for one in found[begin : begin + query.page_size]],
    )


async def add(asked: Asked[Nothing, NewExtensions]) -> PlanView:
    """Bind extensions; those that are bound already are reported."""
    rows = [
        Wish(line, one.number, str(one.channel or ""), one.name.strip())
        for line, one in enumerate(asked.body.extensions, start=1)
    ]
    made: list[Plan] = []

    def edit(settings: Settings) -> Settings:
        made.append(plan(rows, settings.recording.extensions, may_change=False))
        return _with(settings, made[-1].after)

    saved = await change(asked, edit)
    _note(asked, made[-1])
    return _plan_view(made[-1], saved.recording.extensions, asked.language, done=True)


async def replace(asked: Asked[ExtensionQuery, NewExtension]) -> ExtensionView:
    """Change an extension's number, channel or name."""
    number, body = asked.query.number, asked.body
    made: list[Planned] = []

    def edit(settings: Settings) -> Settings:
        present = settings.recording.extensions
        before = next((one for one in present if one.number == number), None)
        if before is None:
            raise NotFound(what=number)
        others = [one for one in present if one is not before]
        wish = Wish(1, body.number, str(body.channel or before.channel), body.name.strip())
        planned = plan([wish], others, may_change=False)
        row = planned.rows[0]
        if row.problem is not None:
            raise ExtensionRefused(
                **{"what": row.number, **row.facts, "number": row.number, "problem": row.problem}
            )
        made.append(row)
        return _with(settings, planned.after)

    await change(asked, edit)
    audit.note(asked, "extension changed", number=number, to=made[-1].number, channel=made[-1].channel)
    return ExtensionView(number=made[-1].number, channel=made[-1].channel, name=made[-1].name)


async def remove(asked: Asked[Nothing, Unwanted]) -> None:
    """Unbind extensions; numbers that are not bound are passed over."""
    numbers = set(asked.body.numbers)

    def edit(settings: Settings) -> Settings:
        kept = [one for one in settings.recording.extensions if one.number not in numbers]
        return _with(settings, kept)

    await change(asked, edit)
    audit.note(asked, "extensions removed", count=len(numbers), numbers=" ".join(sorted(numbers)))


async def take_table(asked: Asked[Nothing, Table]) -> PlanView:
    """Show what a table would change, or, with the fingerprint of that preview, change it."""
    body, panel = asked.body, asked.panel
    rows = wishes(await panel.work(read_table, body.content))
    if not body.fingerprint:
        present = panel.settings.recording.extensions
        planned = await panel.work(_planned, rows, present)
        return _plan_view(planned, present, asked.language, done=False)
    made: list[Plan] = []

    def edit(settings: Settings) -> Settings:
        if _fingerprint(settings.recording.extensions) != body.fingerprint:
            raise ExtensionsChanged(what="")
        made.append(_planned(rows, settings.recording.extensions))
        return _with(settings, made[-1].after)

    saved = await change(asked, edit)
    _note(asked, made[-1])
    return _plan_view(made[-1], saved.recording.extensions, asked.language, done=True)


def _planned(rows: list[Wish], present: list[BoundExtension]) -> Plan:
    return plan(rows, present, may_change=True)


def _with(settings: Settings, extensions: list[BoundExtension]) -> Settings:
    recording = msgspec.structs.replace(settings.recording, extensions=extensions)
    return msgspec.structs.replace(settings, recording=recording)


def _note(asked: Asked[Nothing, NewExtensions] | Asked[Nothing, Table], made: Plan) -> None:
    counts = {str(outcome): made.count(outcome) for outcome in Outcome}
    numbers = " ".join(row.number for row in made.rows if row.outcome in (Outcome.ADD, Outcome.CHANGE))
    audit.note(asked, "extensions added", numbers=numbers, **counts)


def _fingerprint(extensions: list[BoundExtension]) -> str:
    return hashlib.sha256(msgspec.json.encode(extensions)).hexdigest()[:16]


def _plan_view(made: Plan, present: list[BoundExtension], language: Language, *, done: bool) -> PlanView:
    order = {Outcome.REFUSED: 0, Outcome.CHANGE: 1, Outcome.ADD: 2, Outcome.SAME: 3}
    rows = sorted(made.rows, key=lambda row: (order[row.outcome], row.line))
    return PlanView(
        done=done,
        counts={
            "add": made.count(Outcome.ADD),
            "change": made.count(Outcome.CHANGE),
            "same": made.count(Outcome.SAME),
            "refused": made.count(Outcome.REFUSED),
        },
        rows=[_planned_view(row, language) for row in rows[:_MAX_ROWS_SHOWN]],
        fingerprint=_fingerprint(present),
    )


def _planned_view(row: Planned, language: Language) -> PlannedView:
    return PlannedView(
        line=row.line,
        number=row.number,
        channel=row.channel,
        name=row.name,
        outcome=row.outcome,
        problem=row.problem.render(language, **row.facts) if row.problem else "",
    )


def _view(extension: BoundExtension) -> ExtensionView:
    return ExtensionView(number=extension.number, channel=extension.channel, name=extension.name)
