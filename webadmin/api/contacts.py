"""The directory of numbers: whose they are; looked through, added singly or from a table, changed, removed, exported.

What is said here stands beside every call of the number, old ones too. Whoever may change it sees all calls and whole
numbers: an extension's department decides who may hear its calls.
"""

from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from appliance.core.errors import Conflict, Invalid
from appliance.core.text import Text
from appliance.store import contacts, departments, directory
from appliance.store.contacts import Wanted, Which
from appliance.store.database import Database
from appliance.store.directory import Entry, LineKind
from webadmin import audit, contact_table
from webadmin.authority import check_directory
from webadmin.contact_plan import (
    MOST_LETTERS,
    MOST_OF_NOTE,
    Book,
    ContactRow,
    ContactWish,
    contact_wishes,
    fingerprint,
    is_number,
    plan_contacts,
)
from webadmin.extension_plan import Outcome
from webadmin.files import CSV_TYPE, XLSX_TYPE, BytesAnswer
from webadmin.operation import Asked, Nothing
from webadmin.plan_view import PlanView, Shown, Table, plan_view
from webadmin.sheet import read_table
from webadmin.typed import tidy

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
Number = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=MOST_LETTERS, pattern=r"^[^\s\x00-\x1f\x7f=@-][^\x00-\x1f\x7f]*$"),
]
Called = Annotated[str, msgspec.Meta(max_length=MOST_LETTERS, pattern=_NO_CONTROLS)]
Note = Annotated[str, msgspec.Meta(max_length=MOST_OF_NOTE, pattern=_NO_CONTROLS)]
DepartmentId = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
_Words = Annotated[str, msgspec.Meta(max_length=64)]
_MEDIA = {
    "csv": CSV_TYPE,
    "xlsx": XLSX_TYPE,
}


class PlanOutdated(Conflict):
    """What was agreed to is no longer what would be done."""

    text = Text(
        en="The directory was changed meanwhile; look at the preview again.",
        zh="通讯录已被修改，请重新预览。",
    )


class ContactFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which contacts: `search` in any column, `department` with all below it; all that are given must hold."""

    search: _Words = ""
    number: _Words = ""
    name: _Words = ""
    company: _Words = ""
    department: DepartmentId | None = None
    which: Which = Which.ALL


class ContactsQuery(ContactFilter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of contacts by number. `cursor` goes before `page`: `next` or `previous` of a page, or `last`."""

    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, msgspec.Meta(max_length=80)] = ""


class ContactsExport(ContactFilter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which contacts as which kind of table."""

    format: Literal["csv", "xlsx"] = "xlsx"


class ContactQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contact with this number."""

    number: Number


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose number it is."""

    number: Number
    name: Called = ""
    company: Called = ""
    department_id: DepartmentId | None = None
    note: Note = ""


class NewContacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Contacts to be added together; those that are known already are reported and keep none of the others out."""

    contacts: Annotated[list[Contact], msgspec.Meta(min_length=1, max_length=2000)]


class UnwantedContacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers to be removed."""

    numbers: Annotated[list[Number], msgspec.Meta(min_length=1, max_length=2000)]


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """One number of the directory; `department` is its path, `kind` is null for numbers that are no extension here."""

    number: str
    name: str
    company: str
    department_id: int | None
    department: str
    is_extension: bool
    kind: LineKind | None
    note: str


class ContactsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts that match; `next` and `previous` are cursors of the pages beside this one, "" at the ends."""

    total: int
    page: int
    page_size: int
    next: str
    previous: str
    contacts: list[ContactView]


class RemovedContacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is gone: added again as they are they are back."""

    contacts: list[ContactView]


class _Looked(NamedTuple):
    page: contacts.Page
    book: Book


class _Done(NamedTuple):
    rows: list[ContactRow]
    book: Book
    mark: str


async def show(asked: Asked[ContactsQuery, Nothing]) -> ContactsPage:
    """One page of the contacts."""
    check_directory(asked)
    query = asked.query
    looked = await asked.panel.ask(_look, query)
    return ContactsPage(
        total=looked.page.total,
        page=query.page,
        page_size=query.page_size,
        next=looked.page.next,
        previous=looked.page.previous,
        contacts=[contact_view(entry, looked.book) for entry in looked.page.entries],
    )


async def add(asked: Asked[Nothing, NewContacts]) -> PlanView:
    """Add contacts; those that are known already are reported."""
    check_directory(asked)
    done = await asked.panel.ask(_add, asked.body.contacts)
    await _renew(asked)
    _note(asked, done.rows)
    return _shown(done, asked, done=True)


async def replace(asked: Asked[ContactQuery, Contact]) -> ContactView:
    """Change a contact; an extension keeps its number here."""
    check_directory(asked)
    after, book = await asked.panel.ask(_replace, asked.query.number, asked.body)
    await _renew(asked)
    audit.note(asked, "contact changed", number=asked.query.number, to=after.number, name=after.name)
    return contact_view(after, book)


async def remove(asked: Asked[Nothing, UnwantedContacts]) -> RemovedContacts:
    """Remove contacts; extensions are refused, and then nothing is removed."""
    check_directory(asked)
    gone, book = await asked.panel.ask(_remove, asked.body.numbers)
    await _renew(asked)
    audit.note(
        asked, "contacts removed", count=len(gone), numbers=" ".join(entry.number for entry in gone[:200])
    )
    return RemovedContacts(contacts=[contact_view(entry, book) for entry in gone])


async def take_table(asked: Asked[Nothing, Table]) -> PlanView:
    """Show what a table would change, or, with the fingerprint of that preview, change it."""
    check_directory(asked)
    body, panel = asked.body, asked.panel
    rows = contact_wishes(await panel.work(read_table, body.content))
    done = await panel.work(_take, panel.database, rows, body.fingerprint)
    if body.fingerprint:
        await _renew(asked)
        _note(asked, done.rows)
    return _shown(done, asked, done=bool(body.fingerprint))


async def export(asked: Asked[ContactsExport, Nothing]) -> BytesAnswer:
    """The contacts as a table that an import understands."""
    check_directory(asked)
    query, panel = asked.query, asked.panel
    write = contact_table.csv_of if query.format == "csv" else contact_table.xlsx_of
    content = await panel.work(write, panel.database, _wanted(query), asked.language)
    return BytesAnswer(content, _MEDIA[query.format], file_name=f"contacts.{query.format}")


def contact_view(entry: Entry, book: Book) -> ContactView:
    """The entry with every field."""
    return ContactView(
        number=entry.number,
        name=entry.name,
        company=entry.company,
        department_id=entry.department_id,
        department=book.path(entry.department_id),
        is_extension=entry.is_extension,
        kind=entry.kind,
        note=entry.note,
    )


def check_department(database: Database, department_id: int | None) -> Book:
    """The departments, this one among them.

    Raises: Invalid
    """
    paths = departments.paths(database)
    if department_id is not None and department_id not in paths:
        raise Invalid(field="department_id", problem=Text(en="there is no such department", zh="部门不存在"))
    return Book(paths)


def bare_number(number: str) -> str:
    """A number as the directory holds it.

    Raises: Invalid
    """
    tidied = tidy(number)
    if not is_number(tidied):
        raise Invalid(field="number", problem=Text(en="is no telephone number", zh="不是有效的号码"))
    return tidied


def _wanted(query: ContactFilter) -> Wanted:
    return Wanted(query.search, query.number, query.name, query.company, query.department, query.which)


def _look(database: Database, query: ContactsQuery) -> _Looked:
    page = contacts.look(database, _wanted(query), size=query.page_size, page=query.page, cursor=query.cursor)
    return _Looked(page, Book(departments.paths(database)))


def _add(database: Database, wanted: list[Contact]) -> _Done:
    with database.write():
        book = Book(departments.paths(database))
        wishes = [
            ContactWish(line, one.number, one.name, one.company, note=one.note)
            for line, one in enumerate(wanted, start=1)
        ]
        known = contacts.of_numbers(database, (tidy(one.number) for one in wanted))
        rows = []
        for row, one in zip(plan_contacts(wishes, known, book, may_change=False), wanted, strict=True):
            check_department(database, one.department_id)
            taken = row.outcome is not Outcome.REFUSED
            rows.append(
                row._replace(entry=row.entry._replace(department_id=one.department_id)) if taken else row
            )
        return _written(database, rows, book)


def _replace(database: Database, number: str, body: Contact) -> tuple[Entry, Book]:
    with database.write():
        book = check_department(database, body.department_id)
        entry = Entry(
            bare_number(body.number),
            body.name.strip(),
            body.company.strip(),
            body.department_id,
            note=body.note.strip(),
        )
        return directory.replace(database, number, entry), book


def _remove(database: Database, numbers: list[str]) -> tuple[list[Entry], Book]:
    with database.write():
        return directory.remove(database, numbers), Book(departments.paths(database))


def _take(database: Database, wishes: list[ContactWish], agreed: str) -> _Done:
    """The plan, done when it is the one that was agreed to."""
    try:
        with database.write() if agreed else database.read():
            book = Book(departments.paths(database))
            known = contacts.of_numbers(database, (tidy(wish.number) for wish in wishes))
            rows = plan_contacts(wishes, known, book, may_change=True)
            if not agreed:
                return _Done(rows, book, fingerprint(rows))
            if fingerprint(rows) != agreed:
                raise PlanOutdated(what="")
            return _written(database, rows, book)
    finally:
        database.close()


def _written(database: Database, rows: list[ContactRow], book: Book) -> _Done:
    directory.put(database, [row.entry for row in rows if row.outcome in (Outcome.ADD, Outcome.CHANGE)])
    return _Done(rows, book, fingerprint(rows))


async def _renew(asked: Asked[Any, Any]) -> None:
    """Live calls are called by their new names at once."""
    await asked.panel.names.follow(asked.panel.ask, lambda: asked.panel.settings.recording.extensions)


def _note(asked: Asked[Any, Any], rows: list[ContactRow]) -> None:
    counts = {str(outcome): sum(row.outcome is outcome for row in rows) for outcome in Outcome}
    numbers = " ".join(row.entry.number for row in rows if row.outcome in (Outcome.ADD, Outcome.CHANGE))
    audit.note(asked, "contacts added", numbers=numbers, **counts)


def _shown(made: _Done, asked: Asked[Any, Any], *, done: bool) -> PlanView:
    rows = [Shown(row) for row in made.rows]
    return plan_view(rows, made.book, asked.language, made.mark, done=done)
