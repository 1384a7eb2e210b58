"""An index of millions of invented calls, written as rows: for measuring searches, counts and statistics.

A firm of 2000 extensions in two years: office hours, weekends, busy and rare numbers, calls that nobody answered, calls
that were not recorded and why, marks, codecs, quality. The records themselves (JSON) are not written.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.store.database import Database
from appliance.store.kinds import Kind, grade_of, key_of
from appliance.store.models import Calls

BEGIN = datetime(2024, 11, 18, tzinfo=UTC)
DAYS = 733
FIRST_EXTENSION = 8000
_CHUNK = 50_000
_HOURS = np.array(
    [1, 1, 1, 1, 1, 2, 5, 20, 60, 90, 95, 80, 50, 75, 90, 85, 70, 40, 15, 8, 5, 3, 2, 1], dtype=float
)
_WEEKDAYS = np.array([1.0, 1.05, 1.0, 0.95, 0.9, 0.15, 0.08])
_CITIES = ("010", "021", "0755", "020", "0571", "028", "027", "0512")


class Shape(NamedTuple):
    """How many of what."""

    calls: int
    extensions: int = 2000
    outside: int = 1_000_000
    seed: int = 7


class _Outcome(NamedTuple):
    share: float
    answered: bool
    reason: Reason | None
    marks: tuple[Mark, ...]
    codecs: tuple[str, ...]
    mos: float | None


_OUTCOMES = (
    _Outcome(0.52, True, None, (), ("PCMA",), 4.4),
    _Outcome(0.10, True, None, (), ("G722",), 4.4),
    _Outcome(0.06, True, None, (Mark.LOSS,), ("PCMA",), 3.6),
    _Outcome(0.02, True, None, (Mark.LOSS,), ("PCMA",), 2.4),
    _Outcome(0.03, True, None, (Mark.HELD,), ("PCMA",), 4.3),
    _Outcome(0.01, True, None, (Mark.ONE_WAY,), ("PCMU",), 4.2),
    _Outcome(0.002, True, None, (Mark.NO_BYE, Mark.CAPTURE_LOSS), ("G729",), 3.2),
    _Outcome(0.008, True, None, (Mark.DECRYPTED,), ("opus",), 4.4),
    _Outcome(0.14, False, Reason.NO_ANSWER, (), (), None),
    _Outcome(0.05, False, Reason.BUSY, (), (), None),
    _Outcome(0.03, False, Reason.CANCELLED, (), (), None),
    _Outcome(0.015, False, Reason.FAILED, (), (), None),
    _Outcome(0.01, True, Reason.POLICY, (), ("PCMA",), None),
    _Outcome(0.004, True, Reason.NO_MEDIA, (), (), None),
    _Outcome(0.001, True, Reason.ENCRYPTED, (), ("PCMA",), None),
)


def fill(database: Database, shape: Shape) -> None:
    """Write the calls into an empty index; its indexes and tallies are made once, at the end."""
    random = np.random.default_rng(shape.seed)
    outside = _numbers(database, shape, random)
    kinds = {}
    with database.write():
        for outcome in _OUTCOMES:
            for direction in (Direction.INCOMING, Direction.OUTGOING, Direction.INTERNAL):
                kinds[outcome, direction] = key_of(database, _kind(outcome, direction), {})
        held = database.execute(
            "SELECT name, type, sql FROM sqlite_master WHERE tbl_name = 'calls' AND sql NOT NULL", ()
        )
        apart = [(name, kind, sql) for name, kind, sql in held if kind in ("index", "trigger")]
        for name, kind, _sql in apart:
            database.script(f"DROP {kind} {name}")
        columns = [field.column_name for field in Calls._meta.sorted_fields]
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO calls ({', '.join(columns)}) VALUES ({marks})"
        connection = database.sqlite.connection()
        for rows in _chunks(shape, random, outside, kinds):
            connection.executemany(statement, rows)
        sums = "count(*), sum(duration_us), sum(bytes) FROM calls GROUP BY 1, 2"
        database.script(f"INSERT INTO tallies SELECT started_at_us / 900000000, kind_key, {sums}")
        database.script(f"INSERT INTO day_tallies SELECT started_at_us / 86400000000, kind_key, {sums}")
        database.script(
            "INSERT INTO quarters SELECT started_at_us / 900000000, coalesce(reason, ''), count(*), sum(bytes) "
            "FROM calls GROUP BY 1, 2"
        )
        for statement in import_module("appliance.store.migrations.0016_occupancy").FILL:
            database.script(statement)
        for _name, _kind_of, sql in apart:
            database.script(sql)
    database.script("ANALYZE")


def _kind(outcome: _Outcome, direction: Direction) -> Kind:
    return Kind(
        data_type="ip",
        direction=direction.value,
        reason=outcome.reason.value if outcome.reason else "",
        is_answered=outcome.answered,
        is_automatic=False,
        is_conference=False,
        verdict="" if outcome.mos is None else "network" if Mark.LOSS in outcome.marks else "clean",
        grade=grade_of(outcome.mos),
        marks=f" {' '.join(sorted(outcome.marks))} " if outcome.marks else "",
        codecs=f" {' '.join(sorted(outcome.codecs))} " if outcome.codecs else "",
        trunk="" if direction is Direction.INTERNAL else "10.20.0.1",
    )


def _numbers(database: Database, shape: Shape, random: np.random.Generator) -> list[str]:
    """Extensions have the first keys, the others follow; those are returned."""
    count = shape.outside
    mobile = random.integers(13_000_000_000, 20_000_000_000, count)
    fixed = random.integers(20_000_000, 90_000_000, count)
    city = random.integers(0, len(_CITIES), count)
    is_mobile = random.random(count) < 0.7
    outside = list(
        dict.fromkeys(
            str(m) if kind else f"{_CITIES[c]}{f}"
            for m, f, c, kind in zip(
                mobile.tolist(), fixed.tolist(), city.tolist(), is_mobile.tolist(), strict=True
            )
        )
    )
    own = [str(FIRST_EXTENSION + n) for n in range(shape.extensions)]
    with database.write():
        database.sqlite.connection().executemany(
            "INSERT INTO numbers (id, number, reversed) VALUES (?, ?, ?)",
            ((key, number, number[::-1]) for key, number in enumerate([*own, *outside], start=1)),
        )
    return outside


def _chunks(
    shape: Shape,
    random: np.random.Generator,
    outside: list[str],
    kinds: dict[tuple[_Outcome, Direction], int],
) -> Iterator[Iterator[tuple[Any, ...]]]:
    days = np.array([_WEEKDAYS[(BEGIN + timedelta(days=n)).weekday()] for n in range(DAYS)])
    per_hour = np.outer(days, _HOURS).ravel()
    per_hour = np.floor(per_hour / per_hour.sum() * shape.calls).astype(int)
    per_hour[: shape.calls - per_hour.sum()] += 1
    hours = np.repeat(np.arange(len(per_hour)), per_hour)
    begin_us = int(BEGIN.timestamp()) * 1_000_000
    for first in range(0, len(hours), _CHUNK):
        part = hours[first : first + _CHUNK]
        yield _rows(shape, random, outside, kinds, first, begin_us + part * 3_600_000_000)


def _rows(shape, random, outside, kinds, first, hours_us):  # type: ignore[no-untyped-def]
    count = len(hours_us)
    started = np.sort(hours_us + random.integers(0, 3_600_000_000, count))
    chosen = random.choice(len(_OUTCOMES), count, p=np.array([one.share for one in _OUTCOMES]))
    way = random.choice(3, count, p=[0.45, 0.35, 0.20])
    own = (shape.extensions * random.random(count) ** 1.5).astype(int)
    other_own = random.integers(0, shape.extensions, count)
    stranger = (len(outside) * random.random(count) ** 2).astype(int)
    talk = random.exponential(160, count) + 1
    ring = random.exponential(8, count) + 0.5
    ways = (Direction.INCOMING, Direction.OUTGOING, Direction.INTERNAL)
    for n, (at, outcome_n, way_n, one, two, far, talk_s, ring_s) in enumerate(
        zip(
            started.tolist(), chosen.tolist(), way.tolist(), own.tolist(), other_own.tolist(), stranger.tolist(),
            talk.tolist(), ring.tolist(), strict=True,
        ),
        start=first,
    ):  # fmt: skip
        outcome, direction = _OUTCOMES[outcome_n], ways[way_n]
        inside, outer = (one + 1, str(FIRST_EXTENSION + one)), (far + shape.extensions + 1, outside[far])
        if direction is Direction.INCOMING:
            caller, callee = outer, inside
        elif direction is Direction.OUTGOING:
            caller, callee = inside, outer
        else:
            caller, callee = inside, (two + 1, str(FIRST_EXTENSION + two))
        call_id = f"{at // 1000:012x}-{n:08x}"
        answered = at + int(ring_s * 1e6) if outcome.answered else None
        duration = int(talk_s * 1e6) if outcome.answered else 0
        recorded = outcome.reason is None
        size = duration // 1_000_000 * 16_000 if recorded else 0
        yield (
            n + 1, call_id, f"{n:x}@10.20.0.1", call_id, caller[0], callee[0], caller[1], "", callee[1], "",
            direction.value, at, at + 300_000, answered, at + int(ring_s * 1e6) + duration, duration,
            None if recorded else outcome.reason.value, 200 if outcome.answered else 480,
            f" {' '.join(outcome.marks)} " if outcome.marks else "", f" {' '.join(outcome.codecs)} " if outcome.codecs else "",
            duration // 20_000, 0, f"{call_id}.wav" if recorded else "", "wav_g711" if recorded else "", size,
            "ab" * 32 if recorded else "", duration if recorded else 0, outcome.mos,
            "" if outcome.mos is None else "network" if Mark.LOSS in outcome.marks else "clean",
            kinds[outcome, direction],
        )  # fmt: skip
