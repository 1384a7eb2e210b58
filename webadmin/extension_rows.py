"""Rows of extensions, each for the binding (settings) and for the directory: planned together, done together."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from appliance.settings.recording import BoundExtension
from appliance.store.directory import Entry
from webadmin.contact_plan import Book, ContactRow, ContactWish, fingerprint, plan_contacts
from webadmin.extension_plan import Outcome, Planned, Wish, plan
from webadmin.plan_view import Shown


class ExtensionRows(NamedTuple):
    """The planned rows, the bindings as they would be, and what tells this plan from others."""

    rows: list[Shown]
    after: list[BoundExtension]
    mark: str

    @property
    def entries(self) -> list[Entry]:
        """What is to be written into the directory."""
        return [one.row.entry for one in self.rows if one.row.outcome in (Outcome.ADD, Outcome.CHANGE)]


def plan_extensions(
    bindings: Sequence[Wish],
    contacts: Sequence[ContactWish],
    present: Sequence[BoundExtension],
    known: Mapping[str, Entry],
    book: Book,
    *,
    may_change: bool,
) -> ExtensionRows:
    """What the rows would do to both. Shape: `bindings` and `contacts` are the same rows; `known` by number key."""
    said = plan_contacts(contacts, known, book, may_change=True, as_extensions=True)
    good = [
        binding._replace(name="")
        for binding, row in zip(bindings, said, strict=True)
        if row.outcome is not Outcome.REFUSED
    ]
    made = plan(good, bare(present), may_change=may_change)
    bound = iter(made.rows)
    rows = [Shown(row) if row.outcome is Outcome.REFUSED else _together(row, next(bound)) for row in said]
    mark = fingerprint((one.row for one in rows), [one.channel for one in rows])
    return ExtensionRows(rows, made.after, mark)


def bare(bound: Sequence[BoundExtension]) -> list[BoundExtension]:
    """The bindings without the names that older releases kept there: the directory has them now."""
    return [msgspec.structs.replace(one, name="") if one.name else one for one in bound]


def _together(row: ContactRow, bound: Planned) -> Shown:
    if bound.outcome is Outcome.REFUSED:
        refused = row._replace(outcome=Outcome.REFUSED, problem=bound.problem, facts=bound.facts)
        return Shown(refused, bound.channel)
    if bound.outcome is Outcome.ADD:
        outcome = Outcome.ADD
    else:
        is_same = bound.outcome is Outcome.SAME and row.outcome is Outcome.SAME
        outcome = Outcome.SAME if is_same else Outcome.CHANGE
    return Shown(row._replace(outcome=outcome), bound.channel)
