"""Lists in the order of a value that many calls share: how long they lasted, how good they were.

The calls of one value lie in the order of their time. Where very many share it (nobody answered: no second of talk;
nothing was lost: the best MOS there is) those of a month, or of a kind, are found at once, instead of going through all
of them. What lies between such stretches is walked.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from appliance.store.database import Database
from appliance.store.terms import Clause, Terms, joined, json_of, span, without_span

Row = tuple[Any, ...]
Key = tuple[float | int, ...]


class Order(NamedTuple):
    """A value that lists are ordered by: its column, and the index by it, the time, and all that filters ask for."""

    column: str
    by: str


DURATION = Order("duration_us", "calls_duration")
MOS = Order("mos", "calls_mos")


class Beyond(NamedTuple):
    """The place from which on rows are wanted, its own with `including`; an empty key is the list's begin."""

    key: Key = ()
    including: bool = False


def walk(
    database: Database, asked: Terms, order: Order, beyond: Beyond, *, down: bool, limit: int
) -> list[Row]:
    """The first rows from a place on.

    Shape: (value, started_at_us, id)
    """
    found: list[Row] = []
    for part in (_durations if order is DURATION else _scores)(database, asked, beyond, down=down):
        found += part.rows(limit - len(found))
        if len(found) >= limit:
            break
    return found


class _Part:
    """Neighbouring calls of a list."""

    def __init__(
        self, database: Database, asked: Terms, order: Order, which: Clause, beyond: Beyond, *, down: bool
    ) -> None:
        self._database = database
        self._asked = asked
        self._order = order
        self._which = which
        self._beyond = beyond
        self._turn = " DESC" if down else ""
        self._sign = ("<" if down else ">") + ("=" if beyond.including else "")

    def rows(self, limit: int) -> list[Row]:
        """The first of them."""
        column = self._order.column
        where = joined([self._which, *span(self._asked), *without_span(self._asked), *self._place()])
        by = ", ".join(f"{one}{self._turn}" for one in (column, "started_at_us", "id"))
        return self._database.execute(
            f"SELECT {column}, started_at_us, id FROM calls INDEXED BY {self._order.by} WHERE {where.sql} "  # noqa: S608 - constants
            f"ORDER BY {by} LIMIT {limit}",
            where.values,
        )

    def _place(self) -> Iterator[Clause]:
        if self._beyond.key:
            yield Clause(
                f"({self._order.column}, started_at_us, id) {self._sign} (?, ?, ?)", self._beyond.key
            )


class _OneValue(_Part):
    """Calls of one value, in the order of time: a place in it narrows the time."""

    def __init__(
        self, database: Database, asked: Terms, order: Order, value: float, beyond: Beyond, *, down: bool
    ) -> None:
        which = Clause(f"{order.column} = ?", (value,))
        if beyond.key:
            at_us = int(beyond.key[1])
            if down:
                asked = asked._replace(until_us=min(at_us + 1, _or(asked.until_us, at_us + 1)))
            else:
                asked = asked._replace(since_us=max(at_us, _or(asked.since_us, at_us)))
        super().__init__(database, asked, order, which, beyond, down=down)
        self._value = value

    def rows(self, limit: int) -> list[Row]:
        by = f"started_at_us{self._turn}, id{self._turn}"
        where = joined([*span(self._asked), *without_span(self._asked), *self._place()])
        if self._order is DURATION and self._value == 0 and self._asked.kinds is not None:
            statement = (
                "SELECT calls.started_at_us, calls.id FROM (SELECT value AS kind FROM json_each(?)) CROSS JOIN calls "  # noqa: S608
                "WHERE calls.id IN (SELECT id FROM calls INDEXED BY calls_silent WHERE kind_key = kind AND duration_us = 0 "
                f"AND {where.sql} ORDER BY {by} LIMIT {limit}) ORDER BY {by} LIMIT {limit}"
            )
            rows = self._database.execute(statement, (json_of(self._asked.kinds), *where.values))
        else:
            rows = self._database.execute(
                f"SELECT started_at_us, id FROM calls INDEXED BY {self._order.by} WHERE {self._which.sql} "  # noqa: S608
                f"AND {where.sql} ORDER BY {by} LIMIT {limit}",
                (*self._which.values, *where.values),
            )
        return [(self._value, *row) for row in rows]

    def _place(self) -> Iterator[Clause]:
        if self._beyond.key:
            yield Clause(f"(started_at_us, id) {self._sign} (?, ?)", self._beyond.key[1:])


def _durations(database: Database, asked: Terms, beyond: Beyond, *, down: bool) -> Iterator[_Part]:
    """Calls with talk are different, those without are alike."""
    place = int(beyond.key[0]) if beyond.key else None
    for has_talk in (True, False) if down else (False, True):
        own = beyond
        if place is not None and has_talk != (place > 0):
            if has_talk == down:
                continue  # lies before the place
            own = Beyond()
        if has_talk:
            spoken = _answered(database, asked)
            if spoken.kinds != ():
                yield _Part(database, *_one_bound(spoken, own, down=down), own, down=down)
        else:
            yield _OneValue(database, asked, DURATION, 0, own, down=down)


def _one_bound(asked: Terms, beyond: Beyond, *, down: bool) -> tuple[Terms, Order, Clause]:
    """Of several bounds on one side the index may take the widest: only the narrowest is left, and this is it."""
    known = beyond.key[0] if beyond.key else None
    same = "<=" if down else ">="
    lengths = tuple(
        clause
        for clause in asked.lengths
        if known is None
        or same not in clause.sql
        or (known > clause.values[0] if down else known < clause.values[0])
    )
    is_bound = any(">=" in clause.sql and clause.values[0] > 0 for clause in lengths)
    if is_bound or (known is not None and not down):
        return asked._replace(lengths=lengths), DURATION, Clause("1")
    return asked._replace(lengths=lengths), DURATION, Clause("duration_us > 0")


def _answered(database: Database, asked: Terms) -> Terms:
    """The same of answered calls: no others have talk, and to look for it among them would be to look at all."""
    if asked.kinds is None:
        return asked
    rows = database.execute(
        "SELECT id FROM kinds WHERE is_answered AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json_of(asked.kinds),),
    )
    return asked._replace(kinds=tuple(key for (key,) in rows))


def _scores(database: Database, asked: Terms, beyond: Beyond, *, down: bool) -> Iterator[_Part]:
    """Value by value: there are some hundred, most calls have one of the best."""
    value = float(beyond.key[0]) if beyond.key else None
    if value is not None:
        yield _OneValue(database, asked, MOS, value, beyond, down=down)
    most, sign = ("max", "<") if down else ("min", ">")
    while True:
        after = Clause("mos IS NOT NULL") if value is None else Clause(f"mos {sign} ?", (value,))
        ((value,),) = database.execute(
            f"SELECT {most}(mos) FROM calls INDEXED BY calls_mos WHERE {after.sql}",  # noqa: S608
            after.values,
        )
        if value is None:
            return
        yield _OneValue(database, asked, MOS, value, Beyond(), down=down)


def _or(value: int | None, other: int) -> int:
    return other if value is None else value
