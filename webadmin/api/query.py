"""The query line: read into filters, written from them, completed; exact counts; kept searches; columns of the list."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from appliance.core.problem import invalid
from appliance.domain.roles import Permission
from appliance.store import directory, searches
from appliance.store import search as ledger
from appliance.store.departments import Department
from appliance.store.searches import Search, Shared
from webadmin.api.annotations import known_tags
from webadmin.api.calls import CallsQuery, wanted_of
from webadmin.api.departments import known_departments
from webadmin.api.zones import ZoneName, zone_of
from webadmin.operation import Asked, Nothing
from webadmin.query_line import MAX_LINE, read, words_of, write
from webadmin.query_words import BARE, BY_FIELD, BY_WORD, KEYS, RANGES, plain
from webadmin.visitor import Visitor

Line = Annotated[str, msgspec.Meta(max_length=MAX_LINE)]
SearchName = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
ColumnName = Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[a-z_]+$")]
_MOST = 12


class LineQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line, and whose clock its times are told by."""

    line: Line = ""
    tz: ZoneName = "UTC"


class ProblemView(msgspec.Struct, frozen=True, kw_only=True):
    """Signs `begin` up to `end` of the line were not understood."""

    begin: int
    end: int
    text: str


class LineRead(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of the list, named as its parameters are, and what could not be understood."""

    filters: dict[str, str | int | float]
    problems: list[ProblemView]


class FiltersGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Filters as the list's parameters name them."""

    filters: dict[Annotated[str, msgspec.Meta(max_length=32)], str | int | float]


class LineWritten(msgspec.Struct, frozen=True, kw_only=True):
    """The line in the reader's language."""

    line: str


class CompletionQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line and where the cursor stands in it."""

    line: Line = ""
    at: Annotated[int, msgspec.Meta(ge=0, le=MAX_LINE)] = MAX_LINE


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """Put `insert` in the place of the signs `begin` to `end`; `label` says what it means."""

    begin: int
    end: int
    insert: str
    label: str


class Completions(msgspec.Struct, frozen=True, kw_only=True):
    """What could stand at the cursor, the likeliest first."""

    completions: list[Completion]


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls match."""

    total: int


class SearchView(msgspec.Struct, frozen=True, kw_only=True):
    """A kept search; only one's own can be changed."""

    id: int
    name: str
    line: str
    shared: Shared
    own: bool
    author: str


class SearchList(msgspec.Struct, frozen=True, kw_only=True):
    """Own searches, then those that others share."""

    searches: list[SearchView]


class SearchWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A search as it shall be kept."""

    name: SearchName
    line: Line
    shared: Shared = Shared.NOBODY


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The columns of the list in their order; none: those that everybody has at first."""

    columns: Annotated[list[ColumnName], msgspec.Meta(max_length=40)]


async def read_line(asked: Asked[LineQuery, Nothing]) -> LineRead:
    """What a query line asks."""
    zone = await asked.panel.read(zone_of, asked.query.tz)
    found = read(asked.query.line, zone, await _department_ids(asked))
    return LineRead(
        filters=found.filters,
        problems=[
            ProblemView(begin=one.begin, end=one.end, text=one.render(asked.language))
            for one in found.problems
        ],
    )


async def write_line(asked: Asked[Nothing, FiltersGiven]) -> LineWritten:
    """The query line that asks for these filters."""
    names = {key: name for name, key in (await _department_ids(asked)).items()}
    try:
        msgspec.convert(asked.body.filters, CallsQuery, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error
    return LineWritten(line=write(asked.body.filters, asked.language, names))


async def complete(asked: Asked[CompletionQuery, Nothing]) -> Completions:
    """What could stand at the cursor of a query line."""
    line, at = asked.query.line, min(asked.query.at, len(asked.query.line))
    word = next((one for one in words_of(line) if one.begin <= at <= one.end), None)
    begin, end = (word.begin, word.end) if word else (at, at)
    typed = line[begin:at]
    minus = "-" if typed.startswith("-") else ""
    head, colon, value = typed.removeprefix("-").replace("：", ":", 1).partition(":")
    key = BY_WORD.get(head.casefold()) if colon else None
    found: Iterable[tuple[str, str]]
    also: dict[str, str] = {}
    if key is None:
        found = () if colon else _words(asked, minus=minus)
        value = head
    elif key.values is not None:
        chinese = asked.language == "zh"
        found = [
            (f"{head}:{text.zh if chinese else one}", text.render(asked.language))
            for one, text in key.values.items()
        ]
        # Whoever reads Chinese may write English all the same, and the other way round.
        also = {
            f"{head}:{text.zh if chinese else one}": f"{one} {text.en} {text.zh}"
            for one, text in key.values.items()
        }
    else:
        found = [(f"{head}:{_quoted(one)}", label) for one, label in await _values(asked, key.field, value)]
    wanted = plain(value.strip('"'))
    fits = [
        (insert, label)
        for insert, label in found
        if wanted in plain(f"{insert.partition(':')[2] or insert} {label} {also.get(insert, '')}")
    ]
    fits.sort(key=lambda one: not plain(one[0].partition(":")[2] or one[0]).startswith(wanted))
    return Completions(
        completions=[
            Completion(begin=begin, end=end, insert=minus + insert, label=label)
            for insert, label in fits[:_MOST]
        ]
    )


async def count(asked: Asked[CallsQuery, Nothing]) -> Counted:
    """How many calls match, exactly."""
    wanted = wanted_of(asked.query, asked.visitor)
    return Counted(total=await asked.panel.ask(ledger.count, wanted, scope=asked.visitor.scope))


async def show_searches(asked: Asked[Nothing, Nothing]) -> SearchList:
    """The searches that one has kept or that others share."""
    return await _list(asked)


async def keep_search(asked: Asked[Nothing, SearchWanted]) -> SearchList:
    """One more search of one's own, or shared; its line is its content."""
    person, body = asked.visitor.person, asked.body
    assert person is not None
    await asked.panel.ask(
        searches.keep,
        person.id,
        person.role_id,
        body.name.strip(),
        body.line.strip(),
        body.shared,
        asked.panel.now(),
    )
    return await _list(asked)


async def replace_search(asked: Asked[Nothing, SearchWanted]) -> SearchList:
    """Change a search of one's own."""
    person, body = asked.visitor.person, asked.body
    assert person is not None
    await asked.panel.ask(
        searches.replace,
        person.id,
        person.role_id,
        int(asked.path["search_id"]),
        body.name.strip(),
        body.line.strip(),
        body.shared,
    )
    return await _list(asked)


async def forget_search(asked: Asked[Nothing, Nothing]) -> None:
    """Delete a search of one's own."""
    person = asked.visitor.person
    assert person is not None
    await asked.panel.ask(searches.forget, person.id, int(asked.path["search_id"]))


async def show_columns(asked: Asked[Nothing, Nothing]) -> Columns:
    """The columns that one has chosen for the list of calls."""
    person = asked.visitor.person
    assert person is not None
    return Columns(columns=(await asked.panel.ask(searches.preference, person.id, "columns")).split())


async def choose_columns(asked: Asked[Nothing, Columns]) -> Columns:
    """Choose the columns of the list of calls."""
    person = asked.visitor.person
    assert person is not None
    await asked.panel.ask(searches.prefer, person.id, "columns", " ".join(asked.body.columns))
    return asked.body


async def _list(asked: Asked[Any, Any]) -> SearchList:
    person = asked.visitor.person
    assert person is not None
    found = await asked.panel.ask(searches.everything, person.id, person.role_id)
    return SearchList(searches=[_view(one, asked.visitor) for one in found])


def _view(one: Search, visitor: Visitor) -> SearchView:
    """One's own as it was typed; numbers in those of others as the list shows them, by which it finds them, too."""
    shown = str if one.is_own else visitor.typed
    return SearchView(
        id=one.id,
        name=shown(one.name),
        line=shown(one.line),
        shared=one.shared,
        own=one.is_own,
        author=one.author,
    )


async def _department_ids(asked: Asked[Any, Any]) -> dict[str, int]:
    person = asked.visitor.person
    assert person is not None
    return _named(await asked.panel.ask(known_departments, person.id))


def _named(known: list[Department]) -> dict[str, int]:
    """Departments that the visitor may know of, by name; two of one name by their path as far as it is known."""
    every = {one.id: one for one in known}
    counts: dict[str, int] = {}
    for one in every.values():
        counts[one.name.casefold()] = counts.get(one.name.casefold(), 0) + 1
    return {
        (one.name if counts[one.name.casefold()] == 1 else _path(one, every)): one.id
        for one in every.values()
    }


def _path(one: Department, every: dict[int, Department]) -> str:
    names = [one.name]
    while one.parent_id is not None and one.parent_id in every and len(names) < len(every):
        one = every[one.parent_id]
        names.append(one.name)
    return "/".join(reversed(names))


def _words(asked: Asked[Any, Any], *, minus: str) -> Iterable[tuple[str, str]]:
    chinese = asked.language == "zh"
    for key in KEYS:
        if minus and not key.without:
            continue
        word = next((word for word in key.words if (word > "\u2e7f") == chinese), key.words[0])
        yield f"{word}:", key.text.render(asked.language)
    if minus:
        return
    for text in RANGES.values():
        yield text.render(asked.language), text.render(asked.language)
    for word, (field, value) in BARE.items():
        if (word > "\u2e7f") == chinese:
            values = {str(one): text for one, text in (BY_FIELD[field].values or {}).items()}
            label = (
                BY_FIELD[field].text
                if field in ("recorded", "conference", "encrypted", "reviewed")
                else values[value]
            )
            yield word, label.render(asked.language)


async def _values(asked: Asked[Any, Any], field: str, begin: str) -> list[tuple[str, str]]:
    """Values that the box itself knows, as far as the visitor may know them."""
    scope = asked.visitor.scope
    if field == "department":
        return [(name, name) for name in await _department_ids(asked)]
    if field == "tag" and asked.visitor.may(Permission.CALLS):
        tags = await known_tags(asked, begin.strip('"'))
        return [(tag, f"{tag} ({calls})") for tag, calls in tags]
    if field == "extension" and not asked.visitor.is_masked:
        known = await asked.panel.ask(directory.extensions)
        return [
            (one.number, f"{one.number} {one.name}".strip()) for one in known if scope.admits((one.number,))
        ]
    return []


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value or ":" in value else value
