"""The index as it was before another release opened it, and its way back: an index knows no way to an older release.

What was recorded meanwhile is in the archive and gets its rows again from there.
"""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from appliance.core.errors import Full
from appliance.core.files import Layout, fsync_directory
from appliance.store import calls
from appliance.store.database import open_database
from appliance.store.migrations import MIGRATIONS

_PAGES = 4096
_ROOM = 1.2
_BESIDE = ("", "-wal", "-shm")
_NAME = "index-"


def keep(layout: Layout) -> None:
    """Copy the index while it is in use; one copy of each version is kept, the newest of it.

    Raises: Full when there is no room for it
    """
    folder = layout.before_update
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "unfinished"
    unfinished.unlink(missing_ok=True)
    if not layout.index.exists():
        return
    target = folder / f"{_NAME}{_version(layout.index)}"
    target.unlink(missing_ok=True)
    if shutil.disk_usage(folder).free < layout.index.stat().st_size * _ROOM:
        raise Full(path=str(folder))
    with (
        closing(sqlite3.connect(f"file:{layout.index}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        source.backup(copy, pages=_PAGES)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.rename(target)
    fsync_directory(folder)


def put_back(layout: Layout, roots: Sequence[Path]) -> int | None:
    """Where a newer release wrote the index: take the copy, and index what the archive has beyond it.

    The newer index stays beside it. The number of records read; None when there was nothing to do.
    """
    copy = _readable(layout.before_update)
    if copy is None or _version(layout.index) <= len(MIGRATIONS):
        return None
    for suffix in _BESIDE:
        newer = layout.index.with_name(layout.index.name + suffix)
        if newer.exists():
            newer.rename(layout.before_update / f"newer-{newer.name}")
    copy.rename(layout.index)
    fsync_directory(layout.index.parent)
    database = open_database(layout)
    try:
        return calls.rebuild(database, roots, drop=False).indexed
    finally:
        database.close()


def _readable(folder: Path) -> Path | None:
    """The copy of the newest version that is known here."""
    numbers = [path.name.removeprefix(_NAME) for path in folder.glob(f"{_NAME}*")]
    known = [int(number) for number in numbers if number.isdecimal() and int(number) <= len(MIGRATIONS)]
    return folder / f"{_NAME}{max(known)}" if known else None


def _version(path: Path) -> int:
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as index:
            return int(index.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError:
        return 0
