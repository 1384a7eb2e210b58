"""An archive of finished recordings whose calls are old, and an expirer in a child that may be killed at a step."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from appliance.archive.erasure import Eraser
from appliance.archive.expiry import Expirer
from appliance.archive.layout import stem_of
from appliance.archive.pipeline import Step, no_step
from appliance.archive.shelves import Shelves
from appliance.core.clock import Clock, SystemClock
from appliance.core.files import Layout
from appliance.domain.bundle import Record
from appliance.settings import storage
from appliance.settings.root import Settings
from appliance.store import calls
from appliance.store.database import Database, open_database
from tests.rigs.records import make_record

STEPS = ("noted", "marked", "removed")
SIZE = 1000


def archived(
    layout: Layout, database: Database, ages_days: list[float], *, root: Path | None = None, first: int = 0
) -> list[str]:
    """Recordings with their files and rows; the ids, the oldest first."""
    root = root or layout.archive
    names = []
    for place, age in enumerate(sorted(ages_days, reverse=True), first):
        at = SystemClock().now() - timedelta(days=age)
        record = make_record(at=at, call_id=f"call{place:03d}", size=SIZE)
        stem = stem_of(record.call)
        record.recording = msgspec.structs.replace(
            record.recording, file=f"{stem}.wav", peaks_file=f"{stem}.peaks"
        )
        (root / stem).parent.mkdir(parents=True, exist_ok=True)
        (root / f"{stem}.wav").write_bytes(bytes(SIZE))
        (root / f"{stem}.peaks").write_bytes(b"peaks")
        (root / f"{stem}.json").write_bytes(msgspec.json.encode(record))
        calls.index(database, record)
        names.append(record.call.call_id)
    return names


def save(layout: Layout, **retention: object) -> Settings:
    """Save settings of retention that take effect at once."""
    current = storage.load(layout)
    content = msgspec.to_builtins(current) | {"retention": {"enabled": True, "grace_h": 0} | retention}
    return storage.save(layout, storage.validate(content), current.revision)


def expirer(layout: Layout, database: Database, step: Step = no_step, clock: Clock | None = None) -> Expirer:
    """One as the archiver makes it."""
    settings, clock = storage.load(layout), clock or SystemClock()
    shelves = Shelves(layout, settings.paths, clock)
    eraser = Eraser(layout, database, clock, settings.paths)
    return Expirer(layout, settings, database, eraser, shelves, clock, step)


def record_of(layout: Layout, name: str) -> Record:
    """The record as it stands in the archive."""
    (path,) = layout.archive.rglob(f"{name}_*.json")
    return msgspec.json.decode(path.read_bytes(), type=Record)


def expire_in_a_child(layout: Layout, die_at: str = "", count: int = 1) -> int:
    """One round in another process, which is killed the `count`th time it comes to a step; its exit status."""
    words = [sys.executable, "-m", "tests.rigs.expiring", str(layout.data), die_at, str(count)]
    return subprocess.run(words, check=False, timeout=120).returncode


def main() -> None:
    layout, die_at, left = Layout(Path(sys.argv[1])), sys.argv[2], [int(sys.argv[3])]

    def step(name: str, _call_id: str) -> None:
        if name == die_at:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    database = open_database(layout)
    expirer(layout, database, step).run()
    database.close()


def now() -> datetime:
    """The present."""
    return SystemClock().now()


if __name__ == "__main__":
    main()
