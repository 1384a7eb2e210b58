"""`make bench`, section search: lists, counts, home figures and statistics over millions of invented calls.

`--calls 10000000` needs about 6 GB below the folder for scratch files and some minutes to write them; `--data` keeps
them for the next time.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING, Scope
from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.store import calls, departments, directory
from appliance.store.database import Database, open_database
from appliance.store.search import count, find
from appliance.store.statistics import Period
from appliance.store.wanted import CallFilter, CallType, Match, Sort
from tests.rigs.many_calls import BEGIN, DAYS, FIRST_EXTENSION, Shape, fill
from tests.rigs.records import make_record
from webadmin import statistics as tables
from webadmin.statistics import Reader, Subject

END = BEGIN + timedelta(days=DAYS)
_RUNS = 3
DEPARTMENTS = 40
CPU_MS: list[float] = []


def questions(luck: random.Random) -> Iterator[tuple[str, CallFilter]]:
    """Filters as people set them, with other values each time."""
    extension = str(FIRST_EXTENSION + luck.randrange(2000))
    month = BEGIN + timedelta(days=luck.randrange(700))
    day = {"started_from": month, "started_until": month + timedelta(days=1)}
    span = {"started_from": month, "started_until": month + timedelta(days=30)}
    digits = "".join(luck.choice("0123456789") for _ in range(11))
    yield "everything", CallFilter()
    yield "a day", CallFilter(**day)
    yield "a month", CallFilter(**span)
    for length in (2, 3, 4, 5, 7):
        yield f"number contains {length} digits", CallFilter(number=digits[:length])
    yield "contains 3 digits, a month", CallFilter(number=digits[:3], **span)
    yield "contains 4 digits, one way", CallFilter(number=digits[:4], mark=Mark.ONE_WAY)
    yield "contains 3 digits, one way", CallFilter(number=digits[:3], mark=Mark.ONE_WAY)
    yield "begins with 1391", CallFilter(number="1391", match=Match.PREFIX)
    yield "ends with 4 digits", CallFilter(caller=digits[:4], match=Match.SUFFIX)
    yield "pattern 13?9*1", CallFilter(number="13?9*1", match=Match.PATTERN)
    yield "extension", CallFilter(extension=extension)
    yield "extension, longest first", CallFilter(extension=extension, sort=Sort.LONGEST)
    yield "extension, missed", CallFilter(extension=extension, call_type=CallType.MISSED)
    yield "extension, a month", CallFilter(extension=extension, **span)
    yield "recorded", CallFilter(recorded=True)
    yield "not recorded, missed, a month", CallFilter(recorded=False, call_type=CallType.MISSED, **span)
    yield "missed and recorded (none)", CallFilter(recorded=True, call_type=CallType.MISSED)
    yield "encrypted", CallFilter(reason=Reason.ENCRYPTED)
    yield "one way", CallFilter(mark=Mark.ONE_WAY)
    yield "longer than an hour", CallFilter(min_s=1200)
    yield "longest of a month", CallFilter(sort=Sort.LONGEST, **span)
    yield "longest", CallFilter(sort=Sort.LONGEST)
    yield "longest outgoing", CallFilter(sort=Sort.LONGEST, direction=Direction.OUTGOING)
    yield "worst quality", CallFilter(sort=Sort.WORST)
    yield "mos below 3", CallFilter(max_mos=3.0)
    yield "G722 and loss (none)", CallFilter(codec="G722", mark=Mark.LOSS)
    yield "5 minutes and more, outgoing", CallFilter(min_s=300, direction=Direction.OUTGOING)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of the wall clock; those of the processor are gathered beside it."""
    begin, used = time.perf_counter(), time.thread_time()
    work()
    CPU_MS.append((time.thread_time() - used) * 1000)
    return (time.perf_counter() - begin) * 1000


def lists(database: Database, scope: Scope, name: str, runs: int) -> None:
    """First page, last page, next of the last but one, each with its total."""
    CPU_MS.clear()
    luck = random.Random(1)
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(runs):
        for title, wanted in questions(luck):
            first = timed(lambda wanted=wanted: find(database, wanted, scope=scope))
            last = timed(lambda wanted=wanted: find(database, wanted, scope=scope, cursor="last"))
            found.setdefault(title, []).append((first, last))
    every = sorted(value for pairs in found.values() for pair in pairs for value in pair)
    print(
        f"lists, {name}: {len(every)} pages, median {statistics.median(every):.1f} ms, p95 {every[int(len(every) * 0.95)]:.1f} ms, worst {every[-1]:.1f} ms"
    )
    used = sorted(CPU_MS)
    print(
        f"    of the processor: median {statistics.median(used):.1f} ms, p95 {used[int(len(used) * 0.95)]:.1f} ms, worst {used[-1]:.1f} ms"
    )
    for title, pairs in sorted(found.items(), key=lambda one: -max(max(pair) for pair in one[1]))[:8]:
        print(
            f"    {title:<34} first {max(p[0] for p in pairs):7.1f} ms   last {max(p[1] for p in pairs):7.1f} ms"
        )


def deep(database: Database) -> None:
    """Pages by number in the middle of everything, and by key from there."""
    wanted = CallFilter(recorded=True, page_size=100)
    total = find(database, wanted, scope=EVERYTHING).total
    times = []
    for part in (0.1, 0.5, 0.9):
        page = msgspec.structs.replace(wanted, page=int(total * part / 100))
        times.append(timed(lambda page=page: find(database, page, scope=EVERYTHING)))
    print(f"deep pages by number (of {total} recorded): worst {max(times):.1f} ms")


def counts(database: Database) -> None:
    """The tallies and the home page."""
    month = {
        "started_from": BEGIN + timedelta(days=200, minutes=7),
        "started_until": BEGIN + timedelta(days=500, minutes=3),
    }
    for title, wanted in (
        ("of everything", CallFilter()),
        ("of missed in 300 days", CallFilter(call_type=CallType.MISSED, **month)),
    ):
        print(
            f"count {title}: {min(timed(lambda wanted=wanted: count(database, wanted, scope=EVERYTHING)) for _ in range(_RUNS)):.1f} ms"
        )
    zone = ZoneInfo("Asia/Shanghai")
    print(
        f"home figures: {min(timed(lambda: calls.home(database, END, 14, zone, scope=EVERYTHING)) for _ in range(_RUNS)):.1f} ms"
    )


def sums(database: Database, scope: Scope, name: str) -> None:
    """Every table of statistics of a month, asked for the first time and again."""
    zone = ZoneInfo("Asia/Shanghai")
    since = datetime(2026, 10, 1, tzinfo=zone)
    month = Period(since, since + timedelta(days=31), zone)
    reader = Reader("zh", scope, str)
    for subject in Subject:
        CPU_MS.clear()
        first, again = (
            timed(lambda subject=subject: tables.table(database, subject, month, reader)) for _ in range(2)
        )
        print(
            f"statistics of a month, {name}, {subject.value:<12} {first:7.0f} ms, again {again:7.0f} ms, "
            f"of the processor {CPU_MS[0]:.0f} and {CPU_MS[1]:.0f} ms"
        )


def sorted_by_number(database: Database) -> None:
    """The calls of a day in the order of their callers."""
    since = END - timedelta(days=40)
    wanted = CallFilter(started_from=since, started_until=since + timedelta(days=1), sort=Sort.CALLER)
    CPU_MS.clear()
    took = [timed(lambda: find(database, wanted, scope=EVERYTHING)) for _ in range(_RUNS)]
    print(f"a day by caller: {min(took):.1f} ms, of the processor {min(CPU_MS):.1f} ms")


def indexing(database: Database) -> None:
    """Calls written by the archiver's way into the full index, in batches as it does."""
    records = [
        make_record(caller=f"139{n:08d}", callee=str(FIRST_EXTENSION + n), at=END + timedelta(seconds=n))
        for n in range(1000)
    ]
    took = timed(lambda: [calls.index_all(database, records[n : n + 50]) for n in range(0, 1000, 50)])
    print(f"indexing: {1000 / took * 1000:.0f} calls/s in batches of 50")


def directory_of(database: Database) -> None:
    """Departments with the extensions in them, and their names."""
    if directory.extensions(database):
        return
    tree = [departments.create(database, f"Department {n}", None).id for n in range(DEPARTMENTS)]
    directory.put(
        database,
        [
            directory.Entry(
                str(FIRST_EXTENSION + n),
                name=f"Person {n}",
                department_id=tree[n % DEPARTMENTS],
                is_extension=True,
            )
            for n in range(2000)
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=_RUNS)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="tapeline-search-"))
    database = open_database(Layout(folder).make())
    try:
        if calls.is_empty(database):
            print(
                f"writing {options.calls} calls: {timed(lambda: fill(database, Shape(options.calls))) / 1000:.0f} s"
            )
        directory_of(database)
        few = Scope(numbers=frozenset(str(FIRST_EXTENSION + n) for n in range(300, 350)))
        many = Scope(numbers=frozenset(str(FIRST_EXTENSION + n) for n in range(2000)))
        for scope, name in (
            (EVERYTHING, "all calls"),
            (few, "scope of 50 extensions"),
            (many, "scope of 2000 extensions"),
        ):
            lists(database, scope, name, options.runs)
        deep(database)
        counts(database)
        sorted_by_number(database)
        for scope, name in ((EVERYTHING, "all calls"), (few, "scope of 50 extensions")):
            sums(database, scope, name)
        indexing(database)
    finally:
        database.close()
        if options.data is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
