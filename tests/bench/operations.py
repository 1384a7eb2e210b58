"""`python -m tests.bench.operations --rows 1000000`: how fast the operation log answers when it is large.

Rows are made by the log's own writer, so that chain and index are what they would be; a scratch folder is removed after.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.core.files import Layout
from appliance.domain.operation import Kind, Result
from appliance.store import operations
from appliance.store.database import Database, open_database
from appliance.store.operations import Entry, Wanted
from webadmin.api.operations import MAX_EXPORTED, ROWS_A_CHECK

START = datetime(2024, 1, 1, tzinfo=UTC)
_BATCH = 2000
_ASKED = (
    ("calls.search", "calls", Kind.QUERY),
    ("calls.show", "calls", Kind.QUERY),
    ("audio.play", "calls", Kind.LISTEN),
    ("kept.capture", "calls", Kind.DOWNLOAD),
    ("session.sign_in", "sign_in", Kind.SIGN_IN),
    ("lists.add", "rules", Kind.ADD),
    ("keeping.delete", "calls", Kind.DELETE),
)
_WEIGHTS = (50, 25, 15, 4, 4, 1.9, 0.1)


def fill(database: Database, rows: int, days: int) -> float:
    """Rows a second."""
    chance = random.Random(7)
    begun = time.monotonic()
    for first in range(0, rows, _BATCH):
        operations.append(
            database, [entry(chance, n, rows, days) for n in range(first, min(first + _BATCH, rows))]
        )
    return rows / (time.monotonic() - begun)


def entry(chance: random.Random, number: int, rows: int, days: int) -> Entry:
    name, module, kind = chance.choices(_ASKED, _WEIGHTS)[0]
    person = min(199, int(chance.expovariate(0.03)))
    return Entry(
        at=START + timedelta(days=days) * (number / rows),
        user=f"person{person}",
        address=f"10.0.{person // 50}.{person % 50}",
        system="Windows 10/11",
        browser="Chrome 131",
        module=module,
        operation=name,
        kind=kind,
        result=Result.REFUSED if chance.random() < 0.002 else Result.DONE,
        parameters=f'{{"number":"{chance.randrange(13_000_000_000, 19_000_000_000)}"}}',
    )


def measure(ask: Callable[[], object], runs: int = 15) -> list[float]:
    """What each run took by the clock, shortest first; milliseconds."""
    taken = []
    for _ in range(runs):
        begun = time.monotonic()
        ask()
        taken.append((time.monotonic() - begun) * 1000)
    return sorted(taken)


def questions(days: int) -> dict[str, Wanted]:
    """Every filter of the page, the quick ranges, and mixtures."""
    end = START + timedelta(days=days)
    middle = START + timedelta(days=days / 2)
    month = {"since": middle, "until": middle + timedelta(days=30)}
    return {
        "everything": Wanted(),
        "today": Wanted(since=end - timedelta(days=1), until=end),
        "this week": Wanted(since=end - timedelta(days=7), until=end),
        "this month": Wanted(since=end - timedelta(days=30), until=end),
        "a month long ago": Wanted(**month),
        "who": Wanted(user="person3"),
        "who, seldom": Wanted(user="person150"),
        "address": Wanted(address="10.0.0.9"),
        "module": Wanted(module="calls"),
        "operation": Wanted(operation="audio.play"),
        "type, seldom": Wanted(kind="delete"),
        "result": Wanted(result="refused"),
        "refused in a month": Wanted(result="refused", **month),
        "deletions of a person": Wanted(user="person20", kind="delete"),
        "nothing fits": Wanted(user="person3", kind="delete", result="refused", address="10.0.0.9"),
        "text: digits within": Wanted(text="81234"),
        "text: a whole number": Wanted(text="13812345678"),
        "text in a month": Wanted(text="81234", **month),
    }


def pages(database: Database, rows: int, days: int) -> None:
    """First page of each question, and one nine tenths of the log further back."""
    every = []
    for name, wanted in questions(days).items():
        first = measure(lambda wanted=wanted: operations.find(database, wanted))
        deep = measure(lambda wanted=wanted: operations.find(database, wanted, before=rows // 10))
        every += first + deep
        print(
            f"{name:24} first {statistics.median(first):7.1f} ms, worst {first[-1]:7.1f}   "
            f"deep {statistics.median(deep):7.1f} ms, worst {deep[-1]:7.1f}"
        )
    every.sort()
    print(
        f"all of them: median {statistics.median(every):.1f} ms, p95 {every[int(len(every) * 0.95)]:.1f} ms"
    )


def chain(database: Database) -> None:
    """The whole chain in steps as the page follows it; others are answered between two of them."""
    checked, steps, begun = 0, [], time.monotonic()
    while True:
        step = time.monotonic()
        found = operations.check(database, checked, ROWS_A_CHECK)
        steps.append(time.monotonic() - step)
        if found.broken or found.to_id >= found.last_id:
            break
        checked = found.to_id
    state = f"broken at {found.broken.id}" if found.broken else "intact"
    print(
        f"chain {state}: {found.to_id} rows in {time.monotonic() - begun:.0f} s, longest step {max(steps) * 1000:.0f} ms"
    )


def export(database: Database, days: int) -> None:
    """Rows of a week, as a table is made of them."""
    since = START + timedelta(days=days / 2)
    wanted = Wanted(since=since, until=since + timedelta(days=7))
    begun = time.monotonic()
    rows = sum(len(piece) for piece in operations.each(database, wanted, MAX_EXPORTED))
    print(f"a week for an export: {rows} rows in {time.monotonic() - begun:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=730)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tapeline-operations-"))
    database = open_database(Layout(folder).make())
    database.script("PRAGMA synchronous = off")  # invented rows need no safe disk
    try:
        per_s = fill(database, options.rows, options.days)
        size = (folder / "index.sqlite").stat().st_size
        print(f"{options.rows} rows, {per_s:.0f} written a second, {size / options.rows:.0f} bytes a row")
        pages(database, options.rows, options.days)
        export(database, options.days)
        chain(database)
    finally:
        database.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
