"""How many calls of which kinds there are when, from what triggers keep; and which call stands at a place of the list.

Whole days and whole quarters of an hour are sums; only the calls of the quarters that a time cuts through are counted.
"""

from typing import Any

from appliance.core.errors import NotFound
from appliance.store.database import Database
from appliance.store.terms import Terms, json_of

QUARTER_US = 900_000_000
DAY_US = 86_400_000_000
_QUARTERS_A_DAY = DAY_US // QUARTER_US

_OF_KINDS = " AND kind_key IN (SELECT value FROM json_each(?))"


def count(
    database: Database, since_us: int | None, until_us: int | None, kinds: tuple[int, ...] | None
) -> int:
    """Calls of these kinds (None: of all) in a time."""
    if since_us is not None and until_us is not None and since_us >= until_us:
        return 0
    upper = _before(database, until_us, kinds)
    return upper - (0 if since_us is None else _before(database, since_us, kinds))


def at_rank(database: Database, asked: Terms, rank: int) -> tuple[int, int]:
    """`started_at_us` and `id` of the call that has `rank` matching calls of the asked time before it.

    Raises: NotFound beyond the last
    """
    left = rank + (0 if asked.since_us is None else _before(database, asked.since_us, asked.kinds))
    kinds, values = _kinds(asked.kinds)
    day, left = _step(
        database,
        f"SELECT day, sum(calls) FROM day_tallies WHERE 1{kinds} GROUP BY day ORDER BY day",  # noqa: S608
        values,
        left,
    )
    quarter, left = _step(
        database,
        f"SELECT quarter, sum(calls) FROM tallies WHERE quarter BETWEEN ? AND ?{kinds} GROUP BY quarter ORDER BY quarter",  # noqa: S608
        (day * _QUARTERS_A_DAY, (day + 1) * _QUARTERS_A_DAY - 1, *values),
        left,
    )
    rows = database.execute(
        "SELECT started_at_us, id FROM calls INDEXED BY calls_time WHERE started_at_us >= ? AND started_at_us < ?"  # noqa: S608
        f"{kinds} ORDER BY started_at_us, id LIMIT 1 OFFSET ?",
        (quarter * QUARTER_US, (quarter + 1) * QUARTER_US, *values, left),
    )
    if not rows:
        raise NotFound(what=str(rank))
    return int(rows[0][0]), int(rows[0][1])


def _step(database: Database, statement: str, values: tuple[Any, ...], left: int) -> tuple[int, int]:
    for place, calls in database.execute(statement, values):
        if left < calls:
            return int(place), left
        left -= calls
    raise NotFound(what=str(left))


def _before(database: Database, at_us: int | None, kinds: tuple[int, ...] | None) -> int:
    """Calls of these kinds that began before a moment."""
    which, values = _kinds(kinds)
    if at_us is None:
        return int(
            database.execute(f"SELECT coalesce(sum(calls), 0) FROM day_tallies WHERE 1{which}", values)[0][0]  # noqa: S608
        )
    day, quarter = at_us // DAY_US, at_us // QUARTER_US
    ((total,),) = database.execute(
        f"SELECT (SELECT coalesce(sum(calls), 0) FROM day_tallies WHERE day < ?{which}) "  # noqa: S608
        f"+ (SELECT coalesce(sum(calls), 0) FROM tallies WHERE quarter >= ? AND quarter < ?{which}) "
        f"+ (SELECT count(*) FROM calls INDEXED BY calls_time WHERE started_at_us >= ? AND started_at_us < ?{which})",
        (day, *values, day * _QUARTERS_A_DAY, quarter, *values, quarter * QUARTER_US, at_us, *values),
    )
    return int(total)


def _kinds(kinds: tuple[int, ...] | None) -> tuple[str, tuple[str, ...]]:
    return ("", ()) if kinds is None else (_OF_KINDS, (json_of(kinds),))
