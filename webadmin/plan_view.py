"""A plan of rows as the API shows it, for contacts and extensions alike."""

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec

from appliance.core.text import Language
from appliance.store.directory import LineKind
from webadmin.contact_plan import Book, ContactRow
from webadmin.extension_plan import Outcome
from webadmin.sheet import MAX_FILE_BYTES

_MAX_ROWS_SHOWN = 500
_ORDER = {Outcome.REFUSED: 0, Outcome.CHANGE: 1, Outcome.ADD: 2, Outcome.SAME: 3}


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An uploaded CSV or XLSX, base64. `fingerprint` of a preview does what was shown; none only shows."""

    content: Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_FILE_BYTES)]
    fingerprint: Annotated[str, msgspec.Meta(max_length=64)] = ""


class PlannedView(msgspec.Struct, frozen=True, kw_only=True):
    """One row and what becomes of it; `channel` 0 = none, `department` is its path."""

    line: int
    number: str
    channel: int
    name: str
    company: str
    department: str
    kind: LineKind | None
    note: str
    outcome: Outcome
    problem: str


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, or would be: how many rows have each outcome; refused rows are shown first, at most 500 in all."""

    done: bool
    counts: dict[Literal["add", "change", "same", "refused"], int]
    rows: list[PlannedView]
    fingerprint: str


class Shown(NamedTuple):
    """A planned row with its channel, 0 = none."""

    row: ContactRow
    channel: int = 0


def plan_view(rows: Sequence[Shown], book: Book, language: Language, mark: str, *, done: bool) -> PlanView:
    """The plan in the reader's language."""
    counts = dict.fromkeys(Outcome, 0)
    for one in rows:
        counts[one.row.outcome] += 1
    shown = sorted(rows, key=lambda one: (_ORDER[one.row.outcome], one.row.line))
    return PlanView(
        done=done,
        counts={
            "add": counts[Outcome.ADD],
            "change": counts[Outcome.CHANGE],
            "same": counts[Outcome.SAME],
            "refused": counts[Outcome.REFUSED],
        },
        rows=[_view(one, book, language) for one in shown[:_MAX_ROWS_SHOWN]],
        fingerprint=mark,
    )


def _view(one: Shown, book: Book, language: Language) -> PlannedView:
    row, entry = one.row, one.row.entry
    return PlannedView(
        line=row.line,
        number=entry.number,
        channel=one.channel,
        name=entry.name,
        company=entry.company,
        department=book.path(entry.department_id),
        kind=entry.kind,
        note=entry.note,
        outcome=row.outcome,
        problem=row.problem.render(language, **row.facts) if row.problem else "",
    )
