"""The index: one SQLite file in WAL mode, opened by several programs, every write `BEGIN IMMEDIATE`.

A database is a plain value that queries are run *on* (`database.run(query)`): models are bound to no global
connection. The library keeps one connection a thread, so one `Database` may be shared by a thread pool.
Library errors leave this file only in our classes; nothing above needs to know SQLite's codes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import peewee

from appliance.core import log
from appliance.core.errors import Broken, Busy, Full, Unreachable
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.access import masked_within
from appliance.store.migrations import MIGRATIONS

BUSY_TIMEOUT_S = 5.0

_logger = log.get(__name__)


class IndexDamaged(Broken):
    """The file is no intact database; recordings are untouched. Facts: path, problem."""

    text = Text(
        en="The index {path} is damaged ({problem}). Recordings are safe: move the file away, the archiver makes a new one.",
        zh="索引 {path} 已损坏（{problem}）。录音文件不受影响：请移走该文件，归档程序会自动重建。",
    )


class IndexTooNew(Broken):
    """A newer release wrote this index. Facts: path, version, known."""

    text = Text(
        en="The index {path} has version {version}, but this release knows only {known}. Install the newer release.",
        zh="索引 {path} 的版本为 {version}，而本版本仅支持到 {known}。请安装更新的版本。",
    )


class Query(Protocol):
    """Anything the query builder makes."""

    def execute(self, database: Any) -> Any:
        """Run on this connection."""


class Database:
    """One index file.

    Raises: Busy, Full, Unreachable (try again), IndexDamaged; from every method that touches the file
    """

    def __init__(self, path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self.sqlite = peewee.SqliteDatabase(
            str(path),
            pragmas=(
                ("journal_mode", "wal"),
                ("synchronous", "full"),  # a bundle is let go once its row is committed
                ("foreign_keys", 1),
                ("temp_store", "memory"),
                ("cache_size", -16_384),
                ("mmap_size", 1 << 28),
                ("journal_size_limit", 1 << 26),
            ),
            timeout=busy_timeout_s,
        )
        self.sqlite.register_function(masked_within, deterministic=True)

    @contextmanager
    def write(self) -> Iterator[None]:
        """One writing transaction: the lock is taken at the start, so it never fails half way for want of it."""
        with self._translated(), self.sqlite.atomic("IMMEDIATE"):
            yield

    @contextmanager
    def read(self) -> Iterator[None]:
        """Several queries that see one and the same state."""
        with self._translated(), self.sqlite.atomic():
            yield

    def run(self, query: Query) -> Any:
        """Execute one query: an id, a count, or an iterable of rows, as the builder defines."""
        with self._translated():
            return query.execute(self.sqlite)

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """All rows of a selection as tuples in the order of its columns."""
        with self._translated():
            return list(query.tuples().execute(self.sqlite))

    def first(self, query: Any) -> tuple[Any, ...] | None:
        """The first row of a selection, or None."""
        found = self.rows(query.limit(1))
        return found[0] if found else None

    def execute(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Execute a statement written by hand, for the few places where building it costs too much."""
        with self._translated():
            return list(self.sqlite.execute_sql(statement, values))  # type: ignore[no-untyped-call]

    def script(self, statement: str) -> None:
        """Execute one plain statement (schema, pragmas)."""
        with self._translated():
            self.sqlite.execute_sql(statement)  # type: ignore[no-untyped-call]

    def number(self, statement: str) -> int:
        """Execute one plain statement whose only result is an integer."""
        with self._translated():
            row = self.sqlite.execute_sql(statement).fetchone()  # type: ignore[no-untyped-call]
            return int(row[0])

    def close(self) -> None:
        """Close this thread's connection."""
        self.sqlite.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except peewee.DatabaseError as error:
            cause: BaseException = error
            while isinstance(inner := getattr(cause, "orig", None), BaseException):
                cause = inner  # the library may wrap twice
            code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Busy(what=self.path.name) from error
            if code == sqlite3.SQLITE_FULL:
                raise Full(path=str(self.path)) from error
            if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY):
                raise Unreachable(peer=str(self.path), during=str(cause)) from error
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise IndexDamaged(path=str(self.path), problem=str(cause)) from error
            raise


def open_database(layout: Layout, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Database:
    """Open the index, creating it or bringing it up to this release's version first.

    Raises: Busy, Full, Unreachable, IndexDamaged, IndexTooNew
    """
    database = Database(layout.index, busy_timeout_s)
    try:
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: Database) -> None:
    """Apply what is missing, each step in a transaction of its own; several programs may do this at once."""
    is_old = _version(database) > 0
    for number, step in enumerate(MIGRATIONS, start=1):
        if _version(database) >= number:
            continue
        with database.write():
            if _version(database) < number:
                for place, statement in enumerate(step.STATEMENTS, start=1):
                    if is_old:  # a large index takes minutes, and whoever waits wants to see it move
                        _logger.info(
                            "index is brought up to date",
                            extra={"version": number, "step": place, "of": len(step.STATEMENTS)},
                        )
                    database.script(statement)
                database.script(f"PRAGMA user_version = {number}")
    version = _version(database)
    if version > len(MIGRATIONS):
        raise IndexTooNew(path=str(database.path), version=version, known=len(MIGRATIONS))


def _version(database: Database) -> int:
    return database.number("PRAGMA user_version")
