"""The index as a whole: copied while it is used, looked into aside, put back under the programs that have it open.

SQLite's own online copying does both ways: a copy is one consistent moment, and what is put back appears in one
transaction: a reader sees the old index or the new one, and a program that is killed half way has changed nothing.

Source: sqlite.org/backup.html
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from appliance.core.errors import Busy, Corrupt, Full
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.store.database import BUSY_TIMEOUT_S, open_database
from appliance.store.row import from_us

_PATIENCE_S = 120.0
_LARGE_BYTES = 1 << 30


class NoIndex(Corrupt):
    """What should be an index is none. Facts: problem."""

    text = Text(en="The index in it is damaged: {problem}", zh="其中的索引已损坏：{problem}")


class Counted(NamedTuple):
    """What an index holds; `since` and `until`: of its calls."""

    version: int
    calls: int
    recordings: int
    people: int
    holds: int
    since: datetime | None
    until: datetime | None


def copy(layout: Layout, target: Path) -> None:
    """Copy the index as it is at one moment.

    Raises: Busy, Full, NoIndex
    """
    target.unlink(missing_ok=True)
    with _translated(), _connected(layout.index) as source, _connected(target) as copied:
        source.backup(copied)


def put_back(aside: Path, layout: Layout) -> None:
    """Make the index what another one is; programs that have it open go on with the new one.

    Raises: Busy, Full, NoIndex; then nothing has changed
    """
    with _translated(), _connected(aside) as source, _connected(layout.index) as target:
        target.execute("PRAGMA journal_mode = wal")
        source.backup(target)


def count(path: Path) -> Counted:
    """What an index holds, also one of an older release.

    Raises: NoIndex
    """
    with _translated(), _connected(path) as database:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "calls" not in tables:
            raise NoIndex(problem="no calls")
        calls, recordings, since_us, until_us = database.execute(
            "SELECT count(*), sum(reason IS NULL), min(started_at_us), max(started_at_us) FROM calls"
        ).fetchone()
        people = database.execute("SELECT count(*) FROM users").fetchone()[0] if "users" in tables else 0
        holds = 0
        if "holds" in tables:
            holds = database.execute("SELECT count(*) FROM holds WHERE lifted_at_us IS NULL").fetchone()[0]
    return Counted(
        version,
        calls,
        recordings or 0,
        people,
        holds,
        None if since_us is None else from_us(since_us),
        None if until_us is None else from_us(until_us),
    )


def rehearse(aside: Layout) -> Counted:
    """Open an index aside as the programs would: bring it up to this release, check it whole, count what it holds.

    Raises: NoIndex, IndexTooNew, Full
    """
    database = open_database(aside)
    database.close()
    with _translated(), _connected(aside.index) as opened:
        thorough = "integrity_check" if aside.index.stat().st_size < _LARGE_BYTES else "quick_check"
        told = opened.execute(f"PRAGMA {thorough}(1)").fetchone()[0]
        if told != "ok":
            raise NoIndex(problem=told)
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count(aside.index)


def missing(here: Path, aside: Path) -> int:
    """How many calls of one index another one does not know.

    Raises: NoIndex, Busy
    """
    with _translated(), _connected(here) as database:
        database.execute("ATTACH DATABASE ? AS aside", (str(aside),))
        wanted = "SELECT count(*) FROM main.calls WHERE call_id NOT IN (SELECT call_id FROM aside.calls)"
        return int(database.execute(wanted).fetchone()[0])


def recorded_files(path: Path, since_us: int) -> Iterator[tuple[str, str]]:
    """The id and the file of every recording whose call began since then, the oldest first."""
    with _translated(), _connected(path) as database:
        yield from database.execute(
            "SELECT call_id, file FROM calls WHERE reason IS NULL AND started_at_us >= ? ORDER BY started_at_us, id",
            (since_us,),
        )


@contextlib.contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=max(_PATIENCE_S, BUSY_TIMEOUT_S), isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy(what="index") from error
        if code == sqlite3.SQLITE_FULL:
            raise Full(path="index") from error
        raise NoIndex(problem=str(error)) from error
