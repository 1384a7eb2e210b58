"""Statistics of a time: by extension, person, department, hour and weekday, trunk, quality, destination.

Each is one question to the index, the scope inside it; what has no scope is summed from the tallies. Times begin and
end on days of a place's calendar, which quarters of an hour divide in every time zone.
"""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import msgspec

from appliance.domain.access import Scope
from appliance.domain.call import Direction
from appliance.store import departments, directory, operations, rights
from appliance.store.database import Database
from appliance.store.row import from_us, number_key, to_us
from appliance.store.tallies import QUARTER_US
from appliance.store.terms import Clause, joined, within

_encoder = msgspec.json.Encoder()


class Period(NamedTuple):
    """Days from `since` up to `until`; hours and weekdays are those of `zone`."""

    since: datetime
    until: datetime
    zone: tzinfo


class Sums(msgspec.Struct, kw_only=True):
    """Calls of one line of a table.

    Units: talk in seconds
    """

    incoming: int = 0
    outgoing: int = 0
    unanswered: int = 0
    recordings: int = 0
    talk_s: float = 0.0

    def add(self, other: "Sums") -> None:
        """Take another line's calls in."""
        self.incoming += other.incoming
        self.outgoing += other.outgoing
        self.unanswered += other.unanswered
        self.recordings += other.recordings
        self.talk_s += other.talk_s


class ExtensionSums(NamedTuple):
    """What one configured extension did."""

    entry: directory.Entry
    sums: Sums


class DepartmentSums(NamedTuple):
    """What the extensions of one department did; a call between two of them counts at each."""

    name: str
    sums: Sums
    plays: int
    downloads: int
    listened_s: float


class PersonSums(NamedTuple):
    """What one user did, from the operation log; listened is the length of what was played."""

    name: str
    real_name: str
    sign_ins: int
    plays: int
    downloads: int
    listened_s: float


class KindSums(NamedTuple):
    """Calls that have something in common."""

    key: str
    calls: int
    answered: int
    recordings: int
    talk_s: float


def by_extension(database: Database, period: Period, *, scope: Scope) -> list[ExtensionSums]:
    """Every configured extension inside the scope, by number, also those without a call."""
    with database.read():
        own = [entry for entry in directory.extensions(database) if scope.admits((number_key(entry.number),))]
        sums = _of_numbers(database, period, [number_key(entry.number) for entry in own])
    return [ExtensionSums(entry, sums.get(number_key(entry.number), Sums())) for entry in own]


def by_department(database: Database, period: Period, *, scope: Scope) -> list[DepartmentSums]:
    """Every department that has extensions inside the scope, by name."""
    with database.read():
        names = {one.id: one.name for one in departments.everything(database)}
        totals: dict[int, Sums] = {}
        of_number: dict[str, int] = {}
        for one in by_extension(database, period, scope=scope):
            if one.entry.department_id in names:
                totals.setdefault(one.entry.department_id, Sums()).add(one.sums)
                of_number[number_key(one.entry.number)] = one.entry.department_id
        heard = _heard(database, period, of_number)
    found = []
    for key, sums in totals.items():
        plays, downloads, listened = heard.get(key, (0, 0, 0.0))
        found.append(DepartmentSums(names[key], sums, plays, downloads, listened))
    return sorted(found, key=lambda one: one.name)


def by_person(database: Database, period: Period, *, scope: Scope) -> list[PersonSums]:
    """Every user; somebody with a scope knows of users whose scope lies inside it, and what they did with its calls."""
    with database.read():
        inside = _inside(database, scope)
        rows = database.execute(
            "SELECT user, deed, count(*), coalesce(sum(length_us), 0) FROM ("  # noqa: S608 - constants
            f"SELECT user, {_DEED} AS deed, "
            "(SELECT length_us FROM calls WHERE call_id = json_extract(parameters, '$.call_id')) AS length_us "
            f"FROM operations WHERE {_LOGGED} AND (operation = 'session.sign_in' OR EXISTS (SELECT 1 FROM calls WHERE "
            f"call_id = json_extract(parameters, '$.call_id') AND {inside.sql}))) GROUP BY user, deed",
            (*_logged(database, period), *inside.values),
        )
        users = database.execute("SELECT id, name, real_name FROM users ORDER BY name_key", ())
    done: dict[str, dict[str, tuple[int, int]]] = {}
    for user, deed, times, length_us in rows:
        done.setdefault(operations.folded(user), {})[deed] = (times, length_us)
    found = []
    for key, name, real_name in users:
        if not scope.covers(rights.granted(database, key).scope):
            continue
        own = done.get(operations.folded(name), {})
        plays, heard_us = own.get("play", (0, 0))
        found.append(
            PersonSums(
                name,
                real_name,
                own.get("sign_in", (0, 0))[0],
                plays,
                own.get("download", (0, 0))[0],
                heard_us / 1e6,
            )
        )
    return found


def by_hour(database: Database, period: Period, *, scope: Scope) -> list[list[int]]:
    """Calls by weekday (Monday first) and hour of the place's clock.

    Shape: 7 x 24
    """
    span = (to_us(period.since), to_us(period.until))
    if scope.everything:
        rows = database.execute(
            "SELECT quarter, sum(calls) FROM tallies WHERE quarter >= ? AND quarter < ? GROUP BY quarter",
            (span[0] // QUARTER_US, -(-span[1] // QUARTER_US)),
        )
    else:
        inside = _inside(database, scope)
        rows = database.execute(
            f"SELECT started_at_us / {QUARTER_US}, count(*) FROM calls INDEXED BY calls_time "  # noqa: S608 - constants
            f"WHERE started_at_us >= ? AND started_at_us < ? AND {inside.sql} GROUP BY 1",
            (*span, *inside.values),
        )
    grid = [[0] * 24 for _ in range(7)]
    for quarter, calls in rows:
        at = from_us(quarter * QUARTER_US).astimezone(period.zone)
        grid[at.weekday()][at.hour] += calls
    return grid


def by_kind(database: Database, period: Period, column: str, *, scope: Scope) -> list[KindSums]:
    """Calls by what kinds name: trunk, grade or verdict; the most first."""
    kinds = {
        key: (str(value), bool(answered), not reason)
        for key, value, answered, reason in database.execute(
            f"SELECT id, {column}, is_answered, reason FROM kinds",  # noqa: S608 - a column of ours
            (),
        )
    }
    found: dict[str, list[float]] = {}
    for key, calls, talk_us in _kinds(database, period, scope):
        value, answered, recorded = kinds[key]
        sums = found.setdefault(value, [0, 0, 0, 0.0])
        sums[0] += calls
        sums[1] += calls * answered
        sums[2] += calls * recorded
        sums[3] += talk_us / 1e6
    lines = [KindSums(value, int(a), int(b), int(c), d) for value, (a, b, c, d) in found.items() if a]
    return sorted(lines, key=lambda one: (-one.calls, one.key))


def destinations(database: Database, period: Period, *, scope: Scope) -> list[tuple[str, int, float]]:
    """Numbers that were called out to, how often, and how long."""
    inside = _inside(database, scope)
    rows = database.execute(
        "SELECT number, calls, talk_us FROM (SELECT callee_key, count(*) AS calls, sum(duration_us) AS talk_us "  # noqa: S608
        "FROM calls INDEXED BY calls_time WHERE started_at_us >= ? AND started_at_us < ? "
        f"AND kind_key IN (SELECT id FROM kinds WHERE direction = ?) AND {inside.sql} GROUP BY callee_key) "
        "JOIN numbers ON numbers.id = callee_key",
        (to_us(period.since), to_us(period.until), Direction.OUTGOING.value, *inside.values),
    )
    return [(number, calls, talk_us / 1e6) for number, calls, talk_us in rows]


_LOGGED = (
    "id BETWEEN ? AND ? AND at_us >= ? AND at_us < ? AND result = 'done' "
    "AND operation IN ('session.sign_in', 'audio.play', 'kept.capture')"
)
# A recording that is saved is a download, any other reading of it was listening.
_DEED = (
    "CASE WHEN operation = 'session.sign_in' THEN 'sign_in' WHEN operation = 'kept.capture' "
    "OR coalesce(json_extract(parameters, '$.download'), 0) THEN 'download' ELSE 'play' END"
)


def _logged(database: Database, period: Period) -> tuple[int, int, int, int]:
    since, until = to_us(period.since), to_us(period.until)
    ((first, last),) = database.execute(
        "SELECT min(first_id), max(last_id) FROM operation_days WHERE day BETWEEN ? AND ?",
        (since // 86_400_000_000, until // 86_400_000_000),
    )
    return (first or 1, last or 0, since, until)


def _heard(
    database: Database, period: Period, of_number: dict[str, int]
) -> dict[int, tuple[int, int, float]]:
    """Plays, downloads and seconds played of the calls of departments."""
    rows = database.execute(
        f"SELECT {_DEED}, a.number, b.number, length_us FROM operations "  # noqa: S608
        "JOIN calls ON call_id = json_extract(parameters, '$.call_id') "
        f"JOIN numbers a ON a.id = caller_key JOIN numbers b ON b.id = callee_key WHERE {_LOGGED.replace('id BETWEEN', 'operations.id BETWEEN')}",
        _logged(database, period),
    )
    found: dict[int, tuple[int, int, float]] = {}
    for deed, caller, callee, length_us in rows:
        for key in {of_number[number] for number in (caller, callee) if number in of_number}:
            plays, downloads, listened = found.get(key, (0, 0, 0.0))
            is_play = deed == "play"
            found[key] = (
                plays + is_play,
                downloads + (not is_play),
                listened + (length_us / 1e6 if is_play else 0),
            )
    return found


def _of_numbers(database: Database, period: Period, keys: Iterable[str]) -> dict[str, Sums]:
    found: dict[str, Sums] = {}
    for column, index in (("caller_key", "calls_caller"), ("callee_key", "calls_callee")):
        rows = database.execute(
            "SELECT number, calls, unanswered, recordings, talk_us FROM ("  # noqa: S608 - constants
            f"SELECT {column} AS own, count(*) AS calls, "
            "sum(kind_key IN (SELECT id FROM kinds WHERE NOT is_answered)) AS unanswered, "
            "sum(kind_key IN (SELECT id FROM kinds WHERE reason = '')) AS recordings, sum(duration_us) AS talk_us "
            f"FROM calls INDEXED BY {index} WHERE {column} IN (SELECT id FROM numbers WHERE number IN (SELECT value FROM json_each(?))) "
            f"AND started_at_us >= ? AND started_at_us < ? GROUP BY {column}) JOIN numbers ON numbers.id = own",
            (_encoder.encode(list(keys)).decode(), to_us(period.since), to_us(period.until)),
        )
        is_out = column == "caller_key"
        for number, calls, unanswered, recordings, talk_us in rows:
            found.setdefault(number, Sums()).add(
                Sums(
                    incoming=0 if is_out else calls,
                    outgoing=calls if is_out else 0,
                    unanswered=0 if is_out else unanswered,
                    recordings=recordings,
                    talk_s=talk_us / 1e6,
                )
            )
    return found


def _kinds(database: Database, period: Period, scope: Scope) -> list[tuple[Any, ...]]:
    span = (to_us(period.since), to_us(period.until))
    if scope.everything:
        return database.execute(
            "SELECT kind_key, sum(calls), sum(talk_us) FROM tallies WHERE quarter >= ? AND quarter < ? GROUP BY kind_key",
            (span[0] // QUARTER_US, -(-span[1] // QUARTER_US)),
        )
    inside = _inside(database, scope)
    return database.execute(
        "SELECT kind_key, count(*), sum(duration_us) FROM calls INDEXED BY calls_time "  # noqa: S608 - constants
        f"WHERE started_at_us >= ? AND started_at_us < ? AND {inside.sql} GROUP BY kind_key",
        (*span, *inside.values),
    )


def _inside(database: Database, scope: Scope) -> Clause:
    return joined([] if scope.everything else [within(database, scope).clause()])
