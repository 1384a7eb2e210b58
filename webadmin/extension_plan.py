"""What adding rows to the bound extensions would do, row by row: pure, so that it can be shown before it is done.

A row whose number is known changes that extension, one that says the same is passed over, and nothing is dropped in
silence: every row that cannot be taken keeps its line and its reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.settings.recording import MAX_NUMBERS, BoundExtension
from appliance.store.row import number_key
from webadmin.changes import decoded
from webadmin.sheet import TableRow
from webadmin.typed import tidy


class Outcome(StrEnum):
    """What becomes of one row."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    REFUSED = "refused"


class Wish(NamedTuple):
    """One row as it was given; no channel means the next free one. `line` is where it stands."""

    line: int
    number: str
    channel: str = ""
    name: str = ""


class Planned(NamedTuple):
    """One row and what becomes of it; `channel` is 0 for a refused row without a good one."""

    line: int
    number: str
    channel: int
    name: str
    outcome: Outcome
    problem: Text | None
    facts: Mapping[str, str | int]


class Plan(NamedTuple):
    """All rows, and the extensions as they would be."""

    rows: list[Planned]
    after: list[BoundExtension]

    def count(self, outcome: Outcome) -> int:
        """How many rows have it."""
        return sum(row.outcome is outcome for row in self.rows)


NO_NUMBER = Text(en="no extension number", zh="缺少分机号")
BAD_NUMBER = Text(en="“{value}” is no extension number", zh="“{value}”不是有效的分机号")
BAD_CHANNEL = Text(en="“{value}” is no channel (1 to {most})", zh="“{value}”不是有效的通道号（1 至 {most}）")
TWICE = Text(en="the extension stands in line {line} already", zh="分机号与第 {line} 行重复")
KNOWN = Text(en="the extension is bound already, to channel {channel}", zh="分机已绑定到通道 {channel}")
TAKEN = Text(en="channel {channel} belongs to extension {other}", zh="通道 {channel} 已分配给分机 {other}")
FULL = Text(en="no channel is left", zh="没有可用的通道")

NUMBER_WORDS = (
    "extension", "number", "ext", "phone", "telephone", "分机", "分机号", "分机号码", "号码", "电话", "电话号码", "手机",
)  # fmt: skip
NAME_WORDS = ("name", "user", "contact", "姓名", "名称", "使用人", "联系人")
CHANNEL_WORDS = ("channel", "channel no", "channel no.", "channel number", "通道", "通道号", "通道编号")
_COLUMNS: dict[str, tuple[str, ...]] = {
    "number": NUMBER_WORDS,
    "channel": CHANNEL_WORDS,
    "name": NAME_WORDS,
}


def wishes(rows: Sequence[TableRow]) -> list[Wish]:
    """The rows of an uploaded table; without a heading the columns are extension, channel, name."""
    places = {"number": 0, "channel": 1, "name": 2}
    headed = heading(rows[0].cells) if rows else None
    if headed:
        places, rows = headed, rows[1:]
    return [
        Wish(
            row.line,
            cell_of(row, places, "number"),
            cell_of(row, places, "channel"),
            cell_of(row, places, "name"),
        )
        for row in rows
    ]


def plan(asked: Iterable[Wish], present: Sequence[BoundExtension], *, may_change: bool) -> Plan:
    """What these rows would do. Without `may_change` a number that is known already is refused."""
    return _Planner(present, may_change=may_change).run(list(asked))


class _Planner:
    """The extensions as they become, row by row."""

    def __init__(self, present: Sequence[BoundExtension], *, may_change: bool) -> None:
        self._after = {_key(one.number): one for one in present}
        self._holders = {one.channel: one.number for one in present}
        self._next = 1
        self._may_change = may_change
        self._lines: dict[str, int] = {}

    def run(self, asked: Sequence[Wish]) -> Plan:
        """Rows that name a channel are served first, so that those without one do not take it."""
        done: dict[int, Planned] = {}
        for named in (True, False):
            for place, wish in enumerate(asked):
                if bool(wish.channel) is named:
                    done[place] = self._one(wish)
        rows = [done[place] for place in range(len(asked))]
        return Plan(rows, sorted(self._after.values(), key=lambda one: one.channel))

    def _one(self, wish: Wish) -> Planned:
        number = tidy(wish.number)
        try:
            made, known = self._made(wish, number)
        except _RowRefused as refused:
            return Planned(
                wish.line, number[:64], 0, wish.name[:64], Outcome.REFUSED, refused.problem, refused.facts
            )
        self._take(wish.line, made, known)
        change = Outcome.SAME if made == known else Outcome.CHANGE
        outcome = Outcome.ADD if known is None else change
        return Planned(wish.line, made.number, made.channel, made.name, outcome, None, {})

    def _made(self, wish: Wish, number: str) -> tuple[BoundExtension, BoundExtension | None]:
        """The extension as this row wants it, and as it was."""
        key = _key(number)
        if not number:
            raise _RowRefused(NO_NUMBER)
        if key in self._lines:
            raise _RowRefused(TWICE, line=self._lines[key])
        known = self._after.get(key)
        if known is not None and not self._may_change:
            raise _RowRefused(KNOWN, channel=known.channel)
        channel = self._channel(wish, known)
        holder = self._holders.get(channel)
        if holder is not None and _key(holder) != key:
            raise _RowRefused(TAKEN, channel=channel, other=holder)
        return _extension(number, channel, wish.name or (known.name if known else "")), known

    def _channel(self, wish: Wish, known: BoundExtension | None) -> int:
        """The channel asked for, the one it has, or the next free."""
        if wish.channel:
            text = wish.channel
            if text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MAX_NUMBERS:
                return int(text)
            raise _RowRefused(BAD_CHANNEL, value=text[:40], most=MAX_NUMBERS)
        if known is not None:
            return known.channel
        while self._next in self._holders:
            self._next += 1
        if self._next > MAX_NUMBERS:
            raise _RowRefused(FULL)
        return self._next

    def _take(self, line: int, made: BoundExtension, known: BoundExtension | None) -> None:
        if known is not None:
            del self._holders[known.channel]
            self._next = min(self._next, known.channel)
        key = _key(made.number)
        self._lines[key] = line
        self._holders[made.channel] = made.number
        self._after[key] = made


class _RowRefused(Exception):
    """Why a row cannot be taken."""

    def __init__(self, problem: Text, **facts: str | int) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.facts = facts


def _extension(number: str, channel: int, name: str) -> BoundExtension:
    content: dict[str, Any] = {"number": number, "channel": channel, "name": name[:64]}
    # What begins like a formula would be one in the table that somebody exports later.
    if number.startswith(("=", "@", "-")) or not number.isprintable():
        raise _RowRefused(BAD_NUMBER, value=number[:40])
    try:
        return decoded(content, BoundExtension)
    except Invalid as error:
        raise _RowRefused(BAD_NUMBER, value=number[:40]) from error


def _key(number: str) -> str:
    return number_key(number)


def heading(
    cells: Sequence[str], columns: Mapping[str, tuple[str, ...]] = MappingProxyType(_COLUMNS)
) -> dict[str, int] | None:
    """Where the columns stand, as a table's first row says; None when it is no heading."""
    said = [cell.lower().strip(" :：*") for cell in cells]
    found = {
        name: place for name, words in columns.items() for place, cell in enumerate(said) if cell in words
    }
    return found if "number" in found else None


def cell_of(row: TableRow, places: Mapping[str, int], name: str) -> str:
    """What stands in a column, '' when there is none."""
    place = places.get(name)
    return row.cells[place] if place is not None and place < len(row.cells) else ""
