"""Recordings by the classes of retention, oldest first, and what a class holds. Reading only.

A class is what meets its conditions and none of those before it. The index `calls_recorded` holds recordings alone, so
that a walk never passes the rows of those that went long ago.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from appliance.domain.retention import REST, Kept, Policy
from appliance.settings.retention import Retention, RetentionClass
from appliance.store import departments, directory
from appliance.store.database import Database
from appliance.store.row import from_us, number_key, to_us

_DAY_US = 86_400_000_000
_ENDLESS_US = 2**62
_GIB = 1 << 30
_PAGE = 1000
_HELD = "EXISTS (SELECT 1 FROM holds WHERE holds.call_id = calls.call_id AND lifted_at_us IS NULL)"
_BY_RULE = (
    "(SELECT json_extract(CAST(record AS TEXT), '$.manifest.policy.rule') FROM records WHERE call_key = calls.id) "
    "IN (SELECT value FROM json_each(?))"
)
_TAGGED = "EXISTS (SELECT 1 FROM tags WHERE tags.call_id = calls.call_id AND tag IN (SELECT value FROM json_each(?)))"
_KEYS = (
    "SELECT numbers.id FROM numbers JOIN json_each(?) wanted ON numbers.number = wanted.value "
    "UNION SELECT numbers.id FROM numbers JOIN json_each(?) begun "
    "ON numbers.number >= begun.value AND numbers.number < begun.value || char(1114111)"
)
_OF_NUMBERS = f"(caller_key IN ({_KEYS}) OR callee_key IN ({_KEYS}))"

_encoder = msgspec.json.Encoder()


class Class(NamedTuple):
    """A class of the settings, ready to be asked for: by all that makes it, and by its own conditions alone."""

    policy: Policy
    sql: str
    values: tuple[str, ...]
    own: str
    own_values: tuple[str, ...]


class Holding(NamedTuple):
    """What a class holds. Units: bytes; `oldest` and `newest` are None when there is nothing."""

    calls: int
    bytes: int
    held: int
    oldest: datetime | None
    newest: datetime | None


def classes(database: Database, retention: Retention) -> list[Class]:
    """The classes in use in their order, that of all the rest last."""
    found: list[Class] = []
    before = "1"
    values: tuple[str, ...] = ()
    for one in retention.classes:
        if not one.enabled:
            continue
        own, own_values = _condition(database, one)
        policy = Policy(one.name, one.keep_days, one.least_days, round(one.most_gib * _GIB))
        found.append(Class(policy, f"{own} AND {before}", (*own_values, *values), own, own_values))
        before, values = f"NOT ({own}) AND {before}", (*own_values, *values)
    rest = Policy(REST, retention.keep_days, retention.least_days, round(retention.most_gib * _GIB))
    return [*found, Class(rest, before, values, "1", ())]


def holding(database: Database, one: Class, since: datetime | None = None) -> Holding:
    """What a class holds now; of calls that began since a moment."""
    row = database.execute(
        f"SELECT count(*), coalesce(sum(bytes), 0), min(started_at_us), max(started_at_us), coalesce(sum({_HELD}), 0) "  # noqa: S608 - our own words
        f"FROM calls INDEXED BY calls_recorded WHERE reason IS NULL AND started_at_us >= ? AND {one.sql}",
        (0 if since is None else to_us(since), *one.values),
    )[0]
    return Holding(
        row[0],
        row[1],
        row[4],
        None if row[2] is None else from_us(row[2]),
        None if row[3] is None else from_us(row[3]),
    )


def oldest(database: Database, one: Class, until: datetime | None = None) -> Iterator[Kept]:
    """The recordings of a class of calls that began up to a moment, the oldest first; what is deleted meanwhile does no harm."""
    for _, kept in _walk(database, (one,), until):
        yield kept


def oldest_of_all(database: Database, all_classes: Sequence[Class]) -> Iterator[tuple[Policy, Kept]]:
    """Every recording with the policy of its class, the oldest first."""
    yield from _walk(database, all_classes)


def daily_bytes(database: Database) -> dict[int, int]:
    """Bytes of the recordings there are, by the day (UTC, since the epoch) on which their calls began."""
    rows = database.execute(
        "SELECT quarter / 96, sum(bytes) FROM quarters WHERE reason = '' GROUP BY 1 HAVING sum(bytes) > 0", ()
    )
    return {int(day): int(size) for day, size in rows}


def day_of(at: datetime) -> int:
    """The day that `daily_bytes` counts a moment to."""
    return to_us(at) // _DAY_US


def _walk(
    database: Database, all_classes: Sequence[Class], until: datetime | None = None
) -> Iterator[tuple[Policy, Kept]]:
    until_us = _ENDLESS_US if until is None else to_us(until)
    at_us, key = -1, -1
    chosen: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    if len(all_classes) == 1:
        (only,) = all_classes
        which, where, asked = "0", only.sql, only.values
    else:
        cases = " ".join(f"WHEN {one.own} THEN {place}" for place, one in enumerate(all_classes))
        chosen = tuple(value for one in all_classes for value in one.own_values)
        which, where = f"CASE {cases} END", "1"
    statement = (
        f"SELECT {which}, calls.id, calls.call_id, started_at_us, bytes, {_HELD} "  # noqa: S608 - our own words
        "FROM calls INDEXED BY calls_recorded WHERE reason IS NULL AND (started_at_us, calls.id) > (?, ?) "
        "AND started_at_us <= ? "
        f"AND {where} ORDER BY started_at_us, calls.id LIMIT {_PAGE}"
    )
    while True:
        rows = database.execute(statement, (*chosen, at_us, key, until_us, *asked))
        for place, _, call_id, started_at_us, size, held in rows:
            yield all_classes[place].policy, Kept(call_id, from_us(started_at_us), size, bool(held))
        if len(rows) < _PAGE:
            return
        at_us, key = rows[-1][3], rows[-1][1]


def _condition(database: Database, one: RetentionClass) -> tuple[str, tuple[str, ...]]:
    parts: list[str] = []
    values: list[str] = []
    if one.directions:
        parts.append("direction IN (SELECT value FROM json_each(?))")
        values.append(_json([direction.value for direction in one.directions]))
    numbers = [number for number in one.extensions if not number.endswith("*")]
    begun = [number[:-1] for number in one.extensions if number.endswith("*")]
    if one.departments or one.extensions:
        keys = {key for key in map(number_key, numbers) if key}
        keys |= _of_departments(database, one.departments)
        given = [_json(sorted(keys)), _json([number_key(number) for number in begun])]
        parts.append(_OF_NUMBERS)
        values += [*given, *given]
    if one.tags:
        parts.append(_TAGGED)
        values.append(_json(one.tags))
    if one.rules:
        parts.append(_BY_RULE)
        values.append(_json(one.rules))
    return f"({' AND '.join(parts) or '1'})", tuple(values)


def _of_departments(database: Database, names: Sequence[str]) -> frozenset[str]:
    """Extensions of the departments of these names, or paths as in `Company / Sales`, and of all below."""
    if not names:
        return frozenset()
    wanted = {name.strip() for name in names}
    ids = [
        key
        for key, path in departments.paths(database).items()
        if path in wanted or path.rpartition(departments.PATH_MARK)[2] in wanted
    ]
    return directory.extension_keys(database, tuple(ids)) if ids else frozenset()


def _json(value: Any) -> str:
    return _encoder.encode(value).decode()
