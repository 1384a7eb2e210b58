"""Finding calls: which way through the index is the shortest for this question, and pages by key in both directions.

Three ways lead to a page. *Gather*: one term has few calls; they are all looked at and sorted. *Merge*: a term has
few keys; the newest of each key are merged. *Walk*: the calls are gone through in the order of the list. Which one is
taken follows from how many calls each term has, which the tallies tell, or a count that stops early.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import peewee

from appliance.core.errors import Invalid, Refused
from appliance.core.text import Text
from appliance.domain.access import Scope
from appliance.store import tallies
from appliance.store.database import Database
from appliance.store.models import Calls
from appliance.store.row import COLUMNS, CallRow, from_columns
from appliance.store.scope import as_known, inside
from appliance.store.stretches import DURATION, MOS, Beyond, Order, walk
from appliance.store.terms import (
    Clause,
    Party,
    Terms,
    all_clauses,
    joined,
    json_of,
    shown_number,
    span,
    terms,
    without_span,
)
from appliance.store.wanted import CallFilter, Match, Sort

__all__ = (
    "MAX_PAGE_SIZE",
    "CallFilter",
    "CallPage",
    "Match",
    "Sort",
    "conditions",
    "count",
    "each",
    "find",
    "inside",
)

MAX_PAGE_SIZE = 100
GATHERED = 60_000
SORTED = 30_000
"""Most calls that are put in the order of numbers, which are looked up one by one."""
SAMPLE = 30_000
SMALL_SAMPLE = 8_000
WALKED = 5_000
"""Calls that may be looked at on the way to a page that is asked for by its number."""
_SAMPLED_ANEW = 1000
_MOST_SHARES = 500
_CAPPED = 4
_MERGED_KEYS = 300
_EACH = 500
LAST = "last"

_ORDER = {
    "started_at": ("calls_time", ("started_at_us", "id")),
    "duration": (DURATION.by, (DURATION.column, "started_at_us", "id")),
    "mos": (MOS.by, (MOS.column, "started_at_us", "id")),
    "caller": ("", ("caller_key", "started_at_us", "id")),
    "callee": ("", ("callee_key", "started_at_us", "id")),
}
_BY_VALUE: dict[str, Order] = {order.by: order for order in (DURATION, MOS)}
_OF_NUMBER = "(SELECT {number} FROM numbers WHERE numbers.id = {key})"
# What a term is taken to let through while it cannot be counted cheaply.
_MANY_NUMBERS_SHARE = 0.01
_LENGTH_SHARE = 0.3
_REST_SHARE = 0.1
_CHEAP_MERGE = 20_000
# How many times as much a call costs whose row is looked into: no other index than its own knows the quality.
_LOOKED_UP = 20


class TooManyToSort(Refused):
    """Facts: limit."""

    text = Text(
        en="At most {limit} calls can be put in the order of their numbers; narrow the list first.",
        zh="按号码排序最多支持 {limit} 条通话，请先缩小查询范围。",
    )


class CallPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page and how many calls match in all; unless `is_exact` that is an estimate, never less than was seen.

    `next` and `previous` are cursors, '' at the ends of the list.
    """

    total: int
    page: int
    page_size: int
    calls: list[CallRow]
    is_exact: bool = True
    next: str = ""
    previous: str = ""


class _Cursor(NamedTuple):
    """A place in the list: rows beyond it, seen in the list's direction or (`is_back`) against it."""

    is_back: bool
    key: tuple[float | int, ...]


class _Way(NamedTuple):
    """How the rows are come by: a query of all of them, or columns and keys to be merged, or else a walk."""

    hits: Clause | None
    merge: tuple[tuple[str, ...], tuple[int, ...]] | None = None


def find(database: Database, wanted: CallFilter, *, scope: Scope, cursor: str = "") -> CallPage:
    """The page of calls inside the scope that match.

    A page beyond the end is empty; sizes beyond the bounds are bent to them. `cursor`: that of another page, or `last`.
    Raises: Invalid for a cursor that is none of this order; TooManyToSort
    """
    page = max(1, wanted.page)
    size = min(max(1, wanted.page_size), MAX_PAGE_SIZE)
    with database.read():
        asked = terms(database, wanted, scope)
        if asked.is_void:
            return CallPage(total=0, page=page, page_size=size, calls=[])
        search = _Search(database, asked, wanted.sort, size, as_masked=wanted.as_masked)
        found, is_back, fits = search.page(page, cursor)
        more = len(found) > fits
        found = found[:fits]
        if is_back:
            found.reverse()
        total, is_exact = search.total()
        calls = as_known(database, rows_of(database, [row[-1] for row in found]), scope)
    seen = len(found) + ((page - 1) * size if not cursor else 0) + more
    begins = not cursor and page == 1 if not is_back else not more
    ends = not more if not is_back else cursor == LAST
    return CallPage(
        total=total if is_exact else max(total, seen),
        page=page,
        page_size=size,
        calls=calls,
        is_exact=is_exact,
        next="" if ends or not found else _written("a", found[-1]),
        previous="" if begins or not found else _written("b", found[0]),
    )


def each(database: Database, wanted: CallFilter, *, scope: Scope) -> Iterator[list[CallRow]]:
    """All calls that match in the list's order, in pieces: memory stays the same however many they are."""
    cursor = ""
    while True:
        page = find(
            database,
            msgspec.structs.replace(wanted, page=1, page_size=MAX_PAGE_SIZE),
            scope=scope,
            cursor=cursor,
        )
        if page.calls:
            yield page.calls
        if not page.next:
            return
        cursor = page.next


def count(database: Database, wanted: CallFilter, *, scope: Scope) -> int:
    """How many calls match, exactly, however long that takes."""
    with database.read():
        asked = terms(database, wanted, scope)
        if asked.is_void:
            return 0
        # By number only few can be sorted, but any can be counted.
        sort = Sort.NEWEST if wanted.sort.removeprefix("-") in _BY_NUMBER else wanted.sort
        total, is_exact = _Search(database, asked, sort, 1, as_masked=False).total()
        if is_exact:
            return total
        whole = joined(all_clauses(asked))
        return int(database.execute(f"SELECT count(*) FROM calls WHERE {whole.sql}", whole.values)[0][0])  # noqa: S608


def conditions(database: Database, wanted: CallFilter, scope: Scope) -> Any:
    """The filter within the scope as one expression for `where`, for questions that order otherwise."""
    whole = joined(all_clauses(terms(database, wanted, scope)))
    return peewee.SQL(f"({whole.sql})", whole.values)


def rows_of(database: Database, keys: list[int]) -> list[CallRow]:
    """The lines of these calls, in this order."""
    rows = database.rows(Calls.select(Calls.id, *COLUMNS).where(Calls.id.in_(keys))) if keys else []
    by_key = {row[0]: from_columns(tuple(row[1:])) for row in rows}
    return [by_key[key] for key in keys]


class _Search:
    """One question on its way."""

    def __init__(self, database: Database, asked: Terms, sort: Sort, size: int, *, as_masked: bool) -> None:
        self._database = database
        self._asked = asked
        self._sort = sort
        self._size = size
        self._down = sort.startswith("-")
        self._index, self._key = _ORDER[sort.removeprefix("-")]
        self._by_number = shown_number(as_masked=as_masked) if not self._index else ""
        self._in_time = tallies.count(database, asked.since_us, asked.until_us, None)
        self._of_kinds = 0
        self._total: tuple[int, bool] | None = None
        self._unreviewed = self._unreviewed_share()
        self._way = self._choose()

    # -- the shortest way

    def _choose(self) -> _Way:
        asked = self._asked
        best, hits = self._most_gathered() + 1, None
        shares = [_LENGTH_SHARE] * bool(asked.lengths) + [_REST_SHARE] * bool(asked.rest)
        shares += [_MANY_NUMBERS_SHARE for party in asked.parties if party.keys is None]
        shares.append(self._unreviewed)
        merges: list[tuple[float, tuple[str, ...], tuple[int, ...]]] = []
        gatherings = [(self._in_time, self._from("INDEXED BY calls_time"))]
        for size, gathering, columns, keys in self._candidates():
            # Where counting stopped early there are more, nobody knows how many.
            likely = max(size, 1) * (_CAPPED if size > GATHERED and columns != ("kind_key",) else 1)
            share = min(1.0, likely / max(self._in_time, 1))
            shares.append(share)
            gatherings.append((likely, gathering))
            if 0 < len(keys) <= _MERGED_KEYS:
                merges.append((share, columns, keys))
            if size < best:
                best, hits = size, gathering
        if asked.is_tallied:
            self._total = (self._in_time if asked.kinds is None else self._of_kinds, True)
        if self._in_time < best and not (asked.is_tallied and self._index == "calls_time"):
            hits = self._from("INDEXED BY calls_time")
        if hits is None and self._by_number:
            raise TooManyToSort(limit=SORTED)
        if hits is not None:
            return _Way(hits)
        if self._index in _BY_VALUE:
            return self._gather_or_walk(gatherings)
        return self._merge_or_walk(shares, merges)

    def _most_gathered(self) -> int:
        """Calls that are gathered without asking whether to walk is shorter."""
        if self._by_number:
            return SORTED
        return GATHERED // _LOOKED_UP if self._index == MOS.by else GATHERED

    def _gather_or_walk(self, gatherings: list[tuple[int, Clause]]) -> _Way:
        """The way that is likely to look at fewer calls: all of one term, or those that lie between the page's calls."""
        if self._total is None:
            self._total = self._sampled()
        every = tallies.count(self._database, None, None, None)
        size, gathering = min(gatherings, key=lambda one: one[0])
        size *= _LOOKED_UP if self._index == MOS.by else 1
        return _Way(gathering if size < self._size * every / max(self._total[0], 1) else None)

    def _merge_or_walk(
        self, shares: list[float], merges: list[tuple[float, tuple[str, ...], tuple[int, ...]]]
    ) -> _Way:
        """The way that is likely to look at fewer calls until the page is full."""
        share_of_all = max(math.prod(shares), 1e-9)
        ways = [
            (len(keys) * len(columns) * self._size * share / share_of_all, columns, keys)
            for share, columns, keys in merges
        ]
        shortest = min(ways, default=None)
        # Calls of a kind or a number may all lie far back in time, which a walk would only find out on its way.
        if shortest is not None and shortest[0] < max(self._size / share_of_all, _CHEAP_MERGE):
            return _Way(None, (shortest[1], shortest[2]))
        return _Way(None)

    def _candidates(self) -> Iterator[tuple[int, Clause, tuple[str, ...], tuple[int, ...]]]:
        """For each term that an index finds: how many calls, how to get them, and the keys that could be merged."""
        asked = self._asked
        for name, clause in asked.found_by:
            way = "" if name in ("tags", "notes", "reviewed") else f"INDEXED BY {name}"
            yield self._few(clause), self._from(way), (), ()
        if asked.kinds is not None:
            self._of_kinds = tallies.count(self._database, asked.since_us, asked.until_us, asked.kinds)
            yield self._of_kinds, self._from("INDEXED BY calls_kind"), ("kind_key",), asked.kinds
        for party in asked.parties:
            if party.keys is not None:
                yield self._of_party(party), self._by_party(party), party.columns, party.keys

    def _few(self, clause: Clause) -> int:
        """How many calls a condition of its own finds, counted no further than is gathered."""
        statement = f"SELECT count(*) FROM (SELECT 1 FROM calls WHERE {clause.sql} LIMIT {GATHERED + 1})"  # noqa: S608
        return int(self._database.execute(statement, clause.values)[0][0])

    def _of_party(self, party: Party) -> int:
        size = 0
        for column in party.columns:
            whole = joined(
                [
                    Clause(f"{column} IN (SELECT value FROM json_each(?))", (json_of(party.keys or ()),)),  # noqa: S608
                    *span(self._asked),
                ]
            )
            statement = (
                f"SELECT count(*) FROM (SELECT 1 FROM calls INDEXED BY {_PARTY_INDEX[column]} WHERE {whole.sql} "  # noqa: S608
                f"LIMIT {GATHERED + 1})"
            )
            size += int(self._database.execute(statement, whole.values)[0][0])
            if size > GATHERED:
                break
        return size

    def _from(self, way: str) -> Clause:
        whole = joined(all_clauses(self._asked))
        return Clause(f"SELECT {', '.join(self._key)} FROM calls {way} WHERE {whole.sql}", whole.values)  # noqa: S608

    def _by_party(self, party: Party) -> Clause:
        """Each column by its own index; who is both caller and callee is found once."""
        parts: list[Clause] = []
        keys = json_of(party.keys or ())
        others = [
            *span(self._asked),
            *without_span(
                self._asked._replace(parties=tuple(one for one in self._asked.parties if one is not party))
            ),
        ]
        for n, column in enumerate(party.columns):
            own = [Clause(f"{column} IN (SELECT value FROM json_each(?))", (keys,))]  # noqa: S608
            own += [
                Clause(f"+{before} NOT IN (SELECT value FROM json_each(?))", (keys,))  # noqa: S608
                for before in party.columns[:n]
            ]
            whole = joined([*own, *others])
            parts.append(
                Clause(
                    f"SELECT {', '.join(self._key)} FROM calls INDEXED BY {_PARTY_INDEX[column]} WHERE {whole.sql}",  # noqa: S608
                    whole.values,
                )
            )
        return Clause(
            " UNION ALL ".join(part.sql for part in parts), tuple(v for part in parts for v in part.values)
        )

    # -- the page

    def page(self, page: int, cursor: str) -> tuple[list[tuple[Any, ...]], bool, int]:
        """One row more than fits, whether they were read against the list's direction, and how many fit."""
        place = self._place(cursor)
        offset = 0 if cursor else (page - 1) * self._size
        limit = self._size + 1
        if cursor == LAST and (total := self.total())[1]:
            limit = (total[0] % self._size or self._size) + 1
            return self._rows(place, limit, 0), place.is_back, limit - 1
        if offset and self._total is not None and self._index == "calls_time" and self._way.hits is None:
            if offset >= self._total[0]:
                return [], False, self._size
            first = tallies.at_rank(
                self._database, self._asked, self._total[0] - 1 - offset if self._down else offset
            )
            return self._rows(_Cursor(is_back=False, key=first), limit, 0, including=True), False, self._size
        if offset >= WALKED and self._index in _BY_VALUE and self._way.hits is None:
            found = self._about_value(offset, self.total()[0])
            if found is not None:
                return found, False, self._size
        columns, keys = self._way.merge or ((), ())
        passed = offset * max(1, len(columns) * len(keys))
        if passed >= WALKED and self._index == "calls_time" and self._way.hits is None:
            likely, is_exact = self.total()
            if not is_exact:
                return self._about(offset, likely), False, self._size
        return self._rows(place, limit, min(offset, 1 << 62)), place.is_back, self._size

    def _about(self, offset: int, total: int) -> list[tuple[Any, ...]]:
        """The rows at about this place of a list whose length is estimated, too: as far into the time as into the list."""
        if offset >= total:
            return []
        every = self._in_time if self._asked.kinds is None else self._of_kinds
        rank = min(every - 1, int(offset / total * every))
        first = tallies.at_rank(self._database, self._asked, every - 1 - rank if self._down else rank)
        return self._rows(_Cursor(is_back=False, key=first), self._size + 1, 0, including=True)

    def _about_value(self, offset: int, total: int) -> list[tuple[Any, ...]] | None:
        """The rows at about this place of a list in the order of a value; None when a sample says nothing of it."""
        if offset >= total:
            return []
        sample = self._of_sample(self._key[0], SMALL_SAMPLE)
        values = sorted(
            (value for (value,) in self._database.execute(sample.sql, sample.values)), reverse=self._down
        )
        if not values:
            return None
        place = int(offset / total * len(values))
        value = values[place]
        # Calls of one value lie in the order of time.
        part = (place - values.index(value)) / values.count(value)
        every = self._in_time if self._asked.kinds is None else self._of_kinds
        rank = min(every - 1, int(part * every))
        at = tallies.at_rank(self._database, self._asked, every - 1 - rank if self._down else rank)
        return self._rows(_Cursor(is_back=False, key=(value, *at)), self._size + 1, 0, including=True)

    def total(self) -> tuple[int, bool]:
        """How many, and whether that is exact."""
        if self._total is None:
            self._total = self._counted() if self._way.hits is not None else self._sampled()
        return self._total

    def _counted(self) -> tuple[int, bool]:
        if self._way.hits is None:
            return 0, False
        statement = f"SELECT count(*) FROM ({self._way.hits.sql})"  # noqa: S608
        return int(self._database.execute(statement, self._way.hits.values)[0][0]), True

    def _sampled(self) -> tuple[int, bool]:
        """The share of hits among the newest calls of the time, taken for the whole of it."""
        # Looking at the number itself costs some ten times as much as looking at its key.
        is_costly = any(party.keys is None for party in self._asked.parties)
        size = SMALL_SAMPLE if is_costly and self._in_time > SAMPLE else SAMPLE
        statement, values = self._of_sample("count(*)", size)
        if self._in_time <= size:
            return int(self._database.execute(statement, values)[0][0]), True
        # The next page, and the same list after the next call, need no sample of their own.
        key = (str(self._database.path), self._told_by_sample(size), self._in_time // _SAMPLED_ANEW)
        share = _shares.get(key)
        if share is None:
            share = int(self._database.execute(statement, values)[0][0]) / size
            if len(_shares) >= _MOST_SHARES:
                _shares.clear()
            _shares[key] = share
        return round(share * self._unreviewed * self._in_time), False

    def _unreviewed_share(self) -> float:
        """Which part of all calls the person has not reviewed who asks for those; 1 when nobody does."""
        if self._asked.unreviewed_by is None:
            return 1.0
        statement = "SELECT count(*) FROM reviewed WHERE user_key = ?"
        reviewed = int(self._database.execute(statement, (self._asked.unreviewed_by,))[0][0])
        every = tallies.count(self._database, None, None, None)
        return max(0.0, 1 - reviewed / max(every, 1))

    def _of_sample(self, what: str, size: int) -> Clause:
        """What is told of the matches among so many of the newest calls of the time."""
        when = joined(span(self._asked))
        others = joined(without_span(self._told_by_sample(size)))
        return Clause(
            f"SELECT {what} FROM calls INDEXED BY calls_time WHERE "  # noqa: S608
            "(started_at_us, id) >= (SELECT started_at_us, id FROM (SELECT started_at_us, id FROM calls "
            f"INDEXED BY calls_time WHERE {when.sql} ORDER BY started_at_us DESC, id DESC LIMIT {size}) "
            f"ORDER BY started_at_us, id LIMIT 1) AND {when.sql} AND {others.sql}",
            when.values * 2 + others.values,
        )

    def _told_by_sample(self, size: int) -> Terms:
        """The terms of which a sample of that size tells how many calls they let through.

        Who reviews does so day by day: among the newest calls may be none that is left, and before them nearly all.
        """
        return self._asked if self._in_time <= size else self._asked._replace(unreviewed_by=None)

    def _place(self, cursor: str) -> _Cursor:
        if cursor in ("", LAST):
            return _Cursor(is_back=cursor == LAST, key=())
        way, *parts = cursor.split("_")
        try:
            key = tuple(float(part) if "." in part else int(part) for part in parts)
        except ValueError as error:
            raise _no_cursor() from error
        if (
            way not in ("a", "b")
            or len(key) != len(self._key)
            or not all(abs(value) < 1 << 62 for value in key)
        ):
            raise _no_cursor()
        return _Cursor(is_back=way == "b", key=key)

    def _rows(
        self, place: _Cursor, limit: int, offset: int, *, including: bool = False
    ) -> list[tuple[Any, ...]]:
        down = self._down != place.is_back
        turn = " DESC" if down else ""
        by, marks = list(self._key), ["?"] * len(self._key)
        if self._by_number:
            # Masked people see an order of what they are shown; a call's place is that of its number, whatever its key.
            by[0] = _OF_NUMBER.format(number=self._by_number, key=self._key[0])
            marks[0] = _OF_NUMBER.format(number=self._by_number, key="?")
        order = ", ".join(f"{column}{turn}" for column in by)
        beyond = []
        if place.key:
            sign = ("<" if down else ">") + ("=" if including else "")
            beyond = [Clause(f"({', '.join(by)}) {sign} ({', '.join(marks)})", place.key)]
        columns = ", ".join(self._key)
        tail = f"ORDER BY {order} LIMIT {limit} OFFSET {offset}"
        if self._way.hits is not None:
            where = joined(beyond)
            statement = f"SELECT {columns} FROM ({self._way.hits.sql}) WHERE {where.sql} {tail}"  # noqa: S608
            return self._database.execute(statement, self._way.hits.values + where.values)
        if self._way.merge is not None:
            return self._merged(beyond, order, limit + offset)[offset:]
        if self._index in _BY_VALUE:
            start = Beyond(place.key, including)
            return walk(
                self._database, self._asked, _BY_VALUE[self._index], start, down=down, limit=limit + offset
            )[offset:]
        where = joined([*all_clauses(self._asked), *beyond])
        statement = f"SELECT {columns} FROM calls INDEXED BY {self._index} WHERE {where.sql} {tail}"  # noqa: S608
        return self._database.execute(statement, where.values)

    def _merged(self, beyond: list[Clause], order: str, limit: int) -> list[tuple[Any, ...]]:
        """The first of each key, merged."""
        if self._way.merge is None:
            return []
        columns, keys = self._way.merge
        where = joined([*all_clauses(self._asked), *beyond])
        parts, values = [], []
        for column in columns:
            index = _PARTY_INDEX.get(column, "calls_kind")
            parts.append(
                f"SELECT {', '.join(self._key)} FROM (SELECT value AS one FROM json_each(?)) CROSS JOIN calls WHERE id IN ("  # noqa: S608
                f"SELECT id FROM calls INDEXED BY {index} WHERE {column} = one AND {where.sql} "
                f"ORDER BY {order} LIMIT {limit})"
            )
            values += [json_of(keys), *where.values]
        statement = f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) ORDER BY {order} LIMIT {limit}"  # noqa: S608
        return self._database.execute(statement, tuple(values))


_shares: dict[tuple[str, Terms, int], float] = {}
"""Which part of the calls matched, by index, question and how many calls there were, in thousands."""
_BY_NUMBER = ("caller", "callee")
_PARTY_INDEX = {"caller_key": "calls_caller", "callee_key": "calls_callee"}


def _written(way: str, row: tuple[Any, ...]) -> str:
    return "_".join((way, *(repr(value) for value in row)))


def _no_cursor() -> Invalid:
    return Invalid(
        field="cursor", problem=Text(en="belongs to another list or another order", zh="不属于当前列表或排序")
    )
