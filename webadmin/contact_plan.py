"""What adding rows to the directory would do, row by row: pure, so that it can be shown before it is done.

As with extensions nothing is dropped in silence. An empty cell leaves what is known; a department is named by its path
(`Company / Sales`) or, where only one has it, by its own name.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from appliance.core.text import Text
from appliance.store.departments import PATH_MARK
from appliance.store.directory import LINE_KIND_TEXT, Entry, LineKind
from appliance.store.names import name_key
from appliance.store.row import number_key
from webadmin.extension_plan import (
    CHANNEL_WORDS,
    NAME_WORDS,
    NO_NUMBER,
    NUMBER_WORDS,
    TWICE,
    Outcome,
    cell_of,
    heading,
)
from webadmin.sheet import TableRow
from webadmin.typed import tidy

MOST_LETTERS = 64
MOST_OF_NOTE = 200

CONTACT_ORDER = ("number", "name", "company", "department", "note")
EXTENSION_ORDER = ("number", "channel", "name", "company", "department", "kind", "note")
"""The columns of tables without a heading."""

BAD_CONTACT = Text(en="“{value}” is no telephone number", zh="“{value}”不是有效的号码")
IN_DIRECTORY = Text(en="the number stands in the directory already", zh="号码已在通讯录中")
TOO_LONG = Text(en="“{value}…” is longer than {most} letters", zh="“{value}…”超过 {most} 个字符")
NO_DEPARTMENT = Text(en="there is no department “{value}”", zh="部门“{value}”不存在")
MANY_DEPARTMENTS = Text(
    en="several departments are called “{value}”; write the path, as in Company / Sales",
    zh="存在多个名为“{value}”的部门，请填写完整路径，例如“公司 / 销售部”",
)
NO_KIND = Text(en="“{value}” is no type of extension", zh="“{value}”不是有效的分机类型")

_COLUMNS: dict[str, tuple[str, ...]] = {
    "number": NUMBER_WORDS,
    "channel": CHANNEL_WORDS,
    "name": NAME_WORDS,
    "company": ("company", "organisation", "organization", "business", "公司", "公司名称", "单位", "单位名称", "企业", "企业名称"),
    "department": ("department", "dept", "dept.", "部门", "部门名称"),
    "kind": ("type", "kind", "类型", "分机类型", "线路类型"),
    "note": ("note", "notes", "remark", "remarks", "备注", "说明"),
}  # fmt: skip
_KINDS: dict[str, LineKind] = {
    **{
        word.lower(): kind for kind, text in LINE_KIND_TEXT.items() for word in (kind.value, text.en, text.zh)
    },
    **dict.fromkeys(("voip", "sip", "网络"), LineKind.IP),
    **dict.fromkeys(("analogue", "模拟线"), LineKind.ANALOG),
    **dict.fromkeys(("digital", "数字", "e1 / digital"), LineKind.E1),
}


class ContactWish(NamedTuple):
    """One row as it was given; `line` is where it stands."""

    line: int
    number: str
    name: str = ""
    company: str = ""
    department: str = ""
    kind: str = ""
    note: str = ""


class ContactRow(NamedTuple):
    """One row and what becomes of it; a refused one holds what was typed."""

    line: int
    entry: Entry
    before: Entry | None
    outcome: Outcome
    problem: Text | None = None
    facts: Mapping[str, str | int] = {}


class Book:
    """The departments by what people call them."""

    def __init__(self, paths: Mapping[int, str]) -> None:
        self._paths = paths
        self._by_path = {_path_key(path): key for key, path in paths.items()}
        self._by_name: dict[str, list[int]] = {}
        for key, path in paths.items():
            self._by_name.setdefault(name_key(path.rpartition(PATH_MARK)[2]), []).append(key)

    def path(self, department_id: int | None) -> str:
        """A department's path, '' for none."""
        return "" if department_id is None else self._paths.get(department_id, "")

    def find(self, text: str) -> int | None:
        """The department that is meant; '' means none.

        Raises: RowRefused
        """
        if not text.strip():
            return None
        exact = self._by_path.get(_path_key(text))
        if exact is not None:
            return exact
        named = self._by_name.get(name_key(text.strip()), [])
        if len(named) == 1:
            return named[0]
        raise RowRefused(MANY_DEPARTMENTS if named else NO_DEPARTMENT, value=text[:40])


class RowRefused(Exception):
    """Why a row cannot be taken."""

    def __init__(self, problem: Text, **facts: str | int) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.facts = facts


def contact_wishes(rows: Sequence[TableRow], usual: Sequence[str] = CONTACT_ORDER) -> list[ContactWish]:
    """The rows of an uploaded table; `usual` is the order of the columns where no heading names them."""
    places = {name: place for place, name in enumerate(usual)}
    headed = heading(rows[0].cells, _COLUMNS) if rows else None
    if headed:
        places, rows = headed, rows[1:]
    return [
        ContactWish(row.line, *(cell_of(row, places, name) for name in ContactWish._fields[1:]))
        for row in rows
    ]


def plan_contacts(
    asked: Iterable[ContactWish],
    known: Mapping[str, Entry],
    book: Book,
    *,
    may_change: bool,
    as_extensions: bool = False,
) -> list[ContactRow]:
    """What these rows would do. Shape: `known` by number key. Without `may_change` a known number is refused."""
    lines: dict[str, int] = {}
    found = []
    for wish in asked:
        number = tidy(wish.number)
        key = number_key(number)
        before = known.get(key)
        try:
            # Of extensions the planner of bindings says so: a row that it refuses has not taken the number.
            if key in lines and not as_extensions:
                raise RowRefused(TWICE, line=lines[key])  # noqa: TRY301 - every refusal of a row is caught here
            after = _entry(wish, number, before, book, as_extensions=as_extensions)
            if before is not None and not may_change:
                raise RowRefused(IN_DIRECTORY)  # noqa: TRY301
        except RowRefused as refused:
            typed = Entry(number[:MOST_LETTERS], wish.name[:MOST_LETTERS], wish.company[:MOST_LETTERS])
            found.append(
                ContactRow(wish.line, typed, before, Outcome.REFUSED, refused.problem, refused.facts)
            )
            continue
        lines[key] = wish.line
        outcome = Outcome.ADD if before is None else Outcome.SAME if after == before else Outcome.CHANGE
        found.append(ContactRow(wish.line, after, before, outcome))
    return found


def is_number(number: str) -> bool:
    """Whether it can stand in the directory: what begins like a formula would be one in an exported table."""
    return (
        0 < len(number) <= MOST_LETTERS
        and not number.startswith(("=", "@", "-"))
        and all(letter.isprintable() and not letter.isspace() for letter in number)
    )


def fingerprint(rows: Iterable[ContactRow], *more: object) -> str:
    """Tells a plan from any other: whoever agreed to one has not agreed to another."""
    content = [(row.line, row.entry, row.before, row.outcome) for row in rows]
    return hashlib.sha256(msgspec.json.encode([content, more])).hexdigest()[:16]


def _entry(wish: ContactWish, number: str, before: Entry | None, book: Book, *, as_extensions: bool) -> Entry:
    if not number:
        raise RowRefused(NO_NUMBER)
    if not is_number(number):
        raise RowRefused(BAD_CONTACT, value=number[:40])
    was = before or Entry(number)
    entry = Entry(
        number=was.number if before else number,
        name=_words(wish.name, MOST_LETTERS) or was.name,
        company=_words(wish.company, MOST_LETTERS) or was.company,
        department_id=book.find(wish.department) if wish.department.strip() else was.department_id,
        is_extension=was.is_extension,
        kind=was.kind,
        note=_words(wish.note, MOST_OF_NOTE) or was.note,
    )
    if not as_extensions:
        return entry
    return entry._replace(is_extension=True, kind=_kind(wish.kind) or was.kind or LineKind.IP)


def _words(text: str, most: int) -> str:
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if len(plain) > most:
        raise RowRefused(TOO_LONG, value=plain[:20], most=most)
    return plain


def _kind(text: str) -> LineKind | None:
    word = text.strip().lower()
    if not word:
        return None
    if word not in _KINDS:
        raise RowRefused(NO_KIND, value=text[:40])
    return _KINDS[word]


def _path_key(path: str) -> str:
    return "/".join(name_key(part.strip()) for part in path.strip().strip("/").split("/"))
