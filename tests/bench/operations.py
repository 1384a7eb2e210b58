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


def measure(ask: Callable[[], object], runs: int = 15) -> tuple[float, float, float]:
    """Median and worst of the clock, and the median of the processor; milliseconds."""
    taken, used = [], []
    for _ in range(runs):
        begun, before = time.monotonic(), time.thread_time()
        ask()
        taken.append((time.monotonic() - begun) * 1000)
        used.append((time.thread_time() - before) * 1000)
    return statistics.median(taken), max(taken), statistics.median(used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=730)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tapeline-operations-"))
    database = open_database(Layout(folder).make())
    try:
        per_s = fill(database, options.rows, options.days)
        size = (folder / "index.sqlite").stat().st_size
        print(f"{options.rows} rows, {per_s:.0f} written a second, {size / options.rows:.0f} bytes a row")
        middle = START + timedelta(days=options.days / 2)
        month = {"since": middle, "until": middle + timedelta(days=30)}
        questions = {
            "newest page": (Wanted(), None),
            "deep page": (Wanted(), options.rows // 10),
            "a person": (Wanted(user="person150"), None),
            "a person, deep": (Wanted(user="person3"), options.rows // 10),
            "a month": (Wanted(**month), None),
            "a month, refused": (Wanted(result="refused", **month), None),
            "deletions of a person": (Wanted(user="person20", kind="delete"), None),
            "nothing fits": (
                Wanted(user="person3", kind="delete", result="refused", address="10.0.0.9"),
                None,
            ),
            "digits within": (Wanted(text="81234"), None),
            "a whole number": (Wanted(text="13812345678"), None),
        }
        for name, (wanted, before) in questions.items():
            median, worst, used = measure(lambda w=wanted, b=before: operations.find(database, w, before=b))
            print(f"{name:24} {median:8.1f} ms median {worst:8.1f} ms worst {used:8.1f} ms of the processor")
        begun = time.monotonic()
        found = operations.check(database, 0, 200_000)
        print(
            f"chain                    {found.to_id / (time.monotonic() - begun):8.0f} rows verified a second"
        )
    finally:
        database.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
