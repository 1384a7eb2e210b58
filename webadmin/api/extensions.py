"""The extensions: what each is called (the directory) beside the channel it is bound to (the recording rules).

The directory alone knows names. Binding and entry are written one after the other; a binding whose entry was lost on
the way gets a new one from `webadmin.names`.
"""

from typing import Annotated, Any, NamedTuple

import msgspec

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Language, Text
from appliance.settings.recording import MAX_NUMBERS, BoundExtension, WorkMode
from appliance.settings.root import Settings
from appliance.store import contacts, departments, directory
from appliance.store.database import Database
from appliance.store.directory import Entry, LineKind
from appliance.store.names import name_key
from appliance.store.row import number_key
from webadmin import audit
from webadmin.api.contacts import Called, DepartmentId, Note, PlanOutdated, bare_number, check_department
from webadmin.authority import check_directory
from webadmin.changes import change
from webadmin.contact_plan import EXTENSION_ORDER, Book, ContactWish, contact_wishes
from webadmin.extension_plan import Outcome, Wish, plan, wishes
from webadmin.extension_rows import ExtensionRows, bare, plan_extensions
from webadmin.operation import Asked, Nothing
from webadmin.plan_view import PlanView, Table, plan_view
from webadmin.sheet import read_table
from webadmin.typed import tidy

_Number = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ExtensionRefused(Conflict):
    """Facts: number, problem (Text), and those of the problem."""

    text = Text(en="{number}: {problem}.", zh="{number}：{problem}。")

    def message(self, language: Language = "en") -> str:
        """With the problem in the reader's language."""
        facts = {**self.facts, "problem": self.facts["problem"].render(language, **self.facts)}
        return self.text.render(language, **facts)


class ExtensionsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which extensions: whose number, name, company or channel contains a text; a department counts all below it."""

    search: Annotated[str, msgspec.Meta(max_length=64)] = ""
    department: DepartmentId | None = None
    kind: LineKind | None = None
    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ExtensionQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The extension with exactly this number."""

    number: _Number


class NewExtension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One extension; without a channel it takes the next free one."""

    number: _Number
    channel: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBERS)] | None = None
    name: Called = ""
    company: Called = ""
    department_id: DepartmentId | None = None
    kind: LineKind = LineKind.IP
    note: Note = ""


class NewExtensions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Extensions to be added together; those that cannot be are reported and keep none of the others out."""

    extensions: Annotated[list[NewExtension], msgspec.Meta(min_length=1, max_length=2000)]


class Unwanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers to be removed."""

    numbers: Annotated[list[_Number], msgspec.Meta(min_length=1, max_length=MAX_NUMBERS)]


class ExtensionView(msgspec.Struct, frozen=True, kw_only=True):
    """One extension; `channel` is null for one that is not bound, `department` is a path."""

    number: str
    channel: int | None
    name: str
    company: str
    department_id: int | None
    department: str
    kind: LineKind
    note: str


class ExtensionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Extensions that match (`total` of `listed`); `bound` tells whether only they are recorded."""

    bound: bool
    listed: int
    total: int
    page: int
    page_size: int
    extensions: list[ExtensionView]


class _Known(NamedTuple):
    """The directory's part: entries by number key, the departments, and the ids that a filter admits."""

    entries: dict[str, Entry]
    book: Book
    within: frozenset[int]


async def show(asked: Asked[ExtensionsQuery, Nothing]) -> ExtensionsPage:
    """One page of the extensions, in the order of their channels."""
    check_directory(asked)
    query, recording = asked.query, asked.panel.settings.recording
    known = await asked.panel.ask(_extensions, query.department)
    channels = {number_key(one.number): one.channel for one in recording.extensions}
    entries = {number_key(one.number): Entry(one.number, one.name) for one in recording.extensions}
    entries |= known.entries
    wanted = name_key(query.search.strip())
    found = [
        (channels.get(key), entry)
        for key, entry in entries.items()
        if _fits(entry, channels.get(key), wanted)
        and (query.kind is None or (entry.kind or LineKind.IP) is query.kind)
        and (query.department is None or entry.department_id in known.within)
    ]
    found.sort(key=lambda one: (one[0] is None, one[0] or 0, one[1].number))
    begin = (query.page - 1) * query.page_size
    return ExtensionsPage(
        bound=recording.work_mode is WorkMode.BOUND,
        listed=len(entries),
        total=len(found),
        page=query.page,
        page_size=query.page_size,
        extensions=[
            _view(entry, channel, known.book) for channel, entry in found[begin : begin + query.page_size]
        ],
    )


async def add(asked: Asked[Nothing, NewExtensions]) -> PlanView:
    """Add extensions; those that are bound already are reported."""
    check_directory(asked)
    wanted = asked.body.extensions
    bindings = [Wish(line, one.number, str(one.channel or "")) for line, one in enumerate(wanted, start=1)]
    async with asked.panel.names.writing:
        known = await asked.panel.ask(_known, [one.number for one in wanted])
        for department_id in {one.department_id for one in wanted}:
            await asked.panel.ask(check_department, department_id)
        rows = [
            ContactWish(
                line,
                one.number,
                one.name,
                one.company,
                known.book.path(one.department_id),
                one.kind.value,
                one.note,
            )
            for line, one in enumerate(wanted, start=1)
        ]
        made = await _save(asked, bindings, rows, known, may_change=False)
    return await _answered(asked, made, known.book)


async def replace(asked: Asked[ExtensionQuery, NewExtension]) -> ExtensionView:
    """Change an extension's number, channel, kind or what it is called."""
    check_directory(asked)
    panel, number, body = asked.panel, asked.query.number, asked.body
    entry = Entry(
        bare_number(body.number),
        body.name.strip(),
        body.company.strip(),
        body.department_id,
        is_extension=True,
        kind=body.kind,
        note=body.note.strip(),
    )
    channels: list[int] = []

    def edit(settings: Settings) -> Settings:
        present = bare(settings.recording.extensions)
        before = next((one for one in present if number_key(one.number) == number_key(number)), None)
        others = [one for one in present if one is not before]
        channel = body.channel or (before.channel if before else "")
        planned = plan([Wish(1, entry.number, str(channel))], others, may_change=False)
        row = planned.rows[0]
        if row.problem is not None:
            raise ExtensionRefused(
                **{"what": row.number, **row.facts, "number": row.number, "problem": row.problem}
            )
        if number_key(entry.number) != number_key(number) and number_key(entry.number) in known.entries:
            raise directory.NumberKnown(number=entry.number)
        channels.append(row.channel)
        return _with(settings, planned.after)

    async with panel.names.writing:
        known = await panel.ask(_known, [number, entry.number])
        book = await panel.ask(check_department, body.department_id)
        old = known.entries.get(number_key(number))
        is_bound = any(
            number_key(one.number) == number_key(number) for one in panel.settings.recording.extensions
        )
        if not is_bound and (old is None or not old.is_extension):
            raise NotFound(what=number)
        await _change(asked, edit)
        await panel.ask(directory.renumber, number, entry)
    await _renew(asked)
    audit.note(asked, "extension changed", number=number, to=entry.number, channel=channels[-1])
    return _view(entry, channels[-1], book)


async def remove(asked: Asked[Nothing, Unwanted]) -> None:
    """Remove extensions; what they are called stays as a contact, numbers that are none are passed over."""
    check_directory(asked)
    keys = {number_key(number) for number in asked.body.numbers}

    def edit(settings: Settings) -> Settings:
        kept = [one for one in settings.recording.extensions if number_key(one.number) not in keys]
        return _with(settings, bare(kept))

    async with asked.panel.names.writing:
        await _change(asked, edit)
        await asked.panel.ask(directory.retire, asked.body.numbers)
    await _renew(asked)
    audit.note(asked, "extensions removed", count=len(keys), numbers=" ".join(sorted(keys)))


async def take_table(asked: Asked[Nothing, Table]) -> PlanView:
    """Show what a table would change, or, with the fingerprint of that preview, change it."""
    check_directory(asked)
    body, panel = asked.body, asked.panel
    table = await panel.work(read_table, body.content)
    bindings, rows = wishes(table), contact_wishes(table, EXTENSION_ORDER)
    if not body.fingerprint:
        known = await panel.ask(_known, [wish.number for wish in rows])
        present = panel.settings.recording.extensions
        made = await panel.work(_planned, bindings, rows, present, known)
        return plan_view(made.rows, known.book, asked.language, made.mark, done=False)
    async with panel.names.writing:
        known = await panel.ask(_known, [wish.number for wish in rows])
        made = await _save(asked, bindings, rows, known, may_change=True, agreed=body.fingerprint)
    return await _answered(asked, made, known.book)


def _planned(
    bindings: list[Wish], rows: list[ContactWish], present: list[BoundExtension], known: _Known
) -> ExtensionRows:
    return plan_extensions(bindings, rows, present, known.entries, known.book, may_change=True)


async def _save(
    asked: Asked[Any, Any],
    bindings: list[Wish],
    rows: list[ContactWish],
    known: _Known,
    *,
    may_change: bool,
    agreed: str = "",
) -> ExtensionRows:
    """Plan on top of the newest settings, then write both."""
    made: list[ExtensionRows] = []

    def edit(settings: Settings) -> Settings:
        present = settings.recording.extensions
        made.append(
            plan_extensions(bindings, rows, present, known.entries, known.book, may_change=may_change)
        )
        if agreed and made[-1].mark != agreed:
            raise PlanOutdated(what="")
        return _with(settings, made[-1].after)

    await _change(asked, edit)
    await asked.panel.ask(directory.put, made[-1].entries)
    return made[-1]


async def _answered(asked: Asked[Any, Any], made: ExtensionRows, book: Book) -> PlanView:
    await _renew(asked)
    counts = {str(outcome): sum(one.row.outcome is outcome for one in made.rows) for outcome in Outcome}
    audit.note(asked, "extensions added", numbers=" ".join(one.number for one in made.entries), **counts)
    return plan_view(made.rows, book, asked.language, made.mark, done=True)


class _Unchanged(Exception):
    """The bindings stay as they are: no new revision of the settings."""


async def _change(asked: Asked[Any, Any], edit: Any) -> None:
    def edited(settings: Settings) -> Settings:
        after: Settings = edit(settings)
        if after == settings:
            raise _Unchanged
        return after

    try:
        await change(asked, edited)
    except _Unchanged:
        return


async def _renew(asked: Asked[Any, Any]) -> None:
    await asked.panel.names.follow(asked.panel.ask, lambda: asked.panel.settings.recording.extensions)


def _with(settings: Settings, extensions: list[BoundExtension]) -> Settings:
    recording = msgspec.structs.replace(settings.recording, extensions=extensions)
    return msgspec.structs.replace(settings, recording=recording)


def _fits(entry: Entry, channel: int | None, wanted: str) -> bool:
    return (
        wanted in name_key(entry.number)
        or wanted in name_key(entry.name)
        or wanted in name_key(entry.company)
        or wanted == str(channel or "")
    )


def _extensions(database: Database, department_id: int | None) -> _Known:
    with database.read():
        entries = {number_key(entry.number): entry for entry in directory.extensions(database)}
        within = frozenset() if department_id is None else directory.below(database, (department_id,))
        return _Known(entries, Book(departments.paths(database)), within)


def _known(database: Database, numbers: list[str]) -> _Known:
    with database.read():
        entries = contacts.of_numbers(database, (tidy(number) for number in numbers))
        return _Known(entries, Book(departments.paths(database)), frozenset())


def _view(entry: Entry, channel: int | None, book: Book) -> ExtensionView:
    return ExtensionView(
        number=entry.number,
        channel=channel,
        name=entry.name,
        company=entry.company,
        department_id=entry.department_id,
        department=book.path(entry.department_id),
        kind=entry.kind or LineKind.IP,
        note=entry.note,
    )
