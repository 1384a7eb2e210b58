"""The one writer of the operation log: a thread of its own, small batches, an anchor after each.

A page never waits for it. What could not be written yet is kept and tried again; a normal stop writes everything
before it ends. Each entry also stands in the system's journal (`audit.py`), which is another pair of eyes.
"""

import queue
import threading
import time

import msgspec

from appliance.core import log
from appliance.core.errors import ApplianceError, Broken, Later
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.store import operations
from appliance.store.database import Database
from appliance.store.operations import Anchors, Entry, Head, load_anchors

_logger = log.get(__name__)

MAX_BATCH = 256
_GATHER_S = 0.05
_AGAIN_S = 0.5
_TELL_EVERY = 1000
_MAX_KEPT = 100
_CLOSE_S = 30.0


class OperationLogEnded(Broken):
    """The writer's thread has ended: nobody may go on doing what is not written down."""

    text = Text(en="The operation log is no longer written.", zh="操作日志已停止写入。")


class _Flush:
    """Asks the thread to tell when everything before it is written."""

    def __init__(self) -> None:
        self.done = threading.Event()


class OperationLog:
    """Takes entries from any thread; `close` writes what is left."""

    def __init__(self, layout: Layout, database: Database) -> None:
        self._layout = layout
        self._database = database
        self._queue: queue.SimpleQueue[Entry | _Flush | None] = queue.SimpleQueue()
        self._anchors = load_anchors(layout) or Anchors(newest=Head(id=0, hash=operations.START.hex()))
        self._told = 0
        self._thread = threading.Thread(target=self._run, name="operations", daemon=True)
        self._thread.start()

    def add(self, entry: Entry) -> None:
        """Have it written soon."""
        self._queue.put(entry)

    def flush(self) -> None:
        """Wait until everything added so far is written (or cannot be, for ten seconds)."""
        mark = _Flush()
        self._queue.put(mark)
        mark.done.wait(10.0)

    def check(self) -> None:
        """Make sure that the thread still writes.

        Raises: OperationLogEnded
        """
        if not self._thread.is_alive():
            raise OperationLogEnded

    def close(self) -> None:
        """Write what is left and end the thread."""
        self._queue.put(None)
        self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        try:
            self._compare()
            goes_on = True
            while goes_on:
                goes_on = self._step()
        finally:
            self._database.close()

    def _step(self) -> bool:
        """Write one batch; False when the end was asked for."""
        entries: list[Entry] = []
        flushes: list[_Flush] = []
        waited: float | None = None
        goes_on = True
        while len(entries) < MAX_BATCH:
            try:
                found = self._queue.get(timeout=waited)
            except queue.Empty:
                break
            if found is None:
                goes_on = False
                break
            if isinstance(found, _Flush):
                flushes.append(found)
                break
            entries.append(found)
            waited = _GATHER_S
        if entries:
            self._write(entries, tries=None if goes_on else int(_CLOSE_S / _AGAIN_S / 2))
        for mark in flushes:
            mark.done.set()
        if not goes_on:
            self._tell()
        return goes_on

    def _write(self, entries: list[Entry], tries: int | None) -> None:
        while tries is None or tries > 0:
            tries = None if tries is None else tries - 1
            try:
                self._compare()
                newest = operations.append(self._database, entries)
            except Later as error:
                _logger.warning("operations wait to be written", extra={"problem": str(error)})
                time.sleep(_AGAIN_S)
                continue
            except ApplianceError as error:
                _logger.critical("operations could not be written", extra={"problem": str(error)})
                return
            self._anchor(newest)
            return
        _logger.critical("operations were not written", extra={"count": len(entries)})

    def _compare(self) -> None:
        """Keep the anchor that the log contradicts: what came before must not be forgotten by going on."""
        try:
            found = operations.head(self._database)
        except ApplianceError as error:
            _logger.warning("the operation log cannot be read", extra={"problem": str(error)})
            return
        if found == self._anchors.newest:
            return
        if found.id > self._anchors.newest.id and operations.holds(self._database, self._anchors.newest):
            self._anchor(found)  # the program ended between the rows and their anchor
            return
        _logger.critical(
            "the operation log was changed from outside",
            extra={"expected": self._anchors.newest.id, "found": found.id},
        )
        self._anchors.kept = [*self._anchors.kept, self._anchors.newest][-_MAX_KEPT:]
        self._anchor(found)

    def _anchor(self, newest: Head) -> None:
        self._anchors.newest = newest
        try:
            write_atomically(
                self._layout.operations_anchor, msgspec.json.encode(self._anchors), mode=0o640, durable=False
            )
        except OSError as error:
            _logger.warning("the anchor cannot be written", extra={"problem": str(error)})
        if newest.id >= self._told + _TELL_EVERY:
            self._tell()

    def _tell(self) -> None:
        newest = self._anchors.newest
        self._told = newest.id
        _logger.info("operation log", extra={"newest": newest.id, "sealed": newest.hash})
