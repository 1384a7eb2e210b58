"""Deletes recordings that people asked to have deleted, or whose time is over, never one under a legal hold.

The row says `deleted` first, in the transaction that looks for a hold; the record of the archive and the files
follow. A program that dies in between finds the wish at its next start and finishes: everything here may be done twice.
A recording on a storage path that is not there waits for it: a row must not say `deleted` of a file that comes back.
Files are unlinked, not overwritten: on flash and on copying file systems an overwrite lands elsewhere.
"""

import shutil
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.archive.layout import RECORD_SUFFIX, stem_of
from appliance.archive.pipeline import Step, no_step
from appliance.core import log
from appliance.core.clock import Clock, SystemClock
from appliance.core.files import Layout, fsync_directory, write_atomically
from appliance.domain import retention
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Deletion, Expiry, Record
from appliance.domain.ledger import Reason
from appliance.settings.paths import Paths, absent, awaited, find
from appliance.store import calls, holds
from appliance.store.database import Database
from appliance.store.holds import Wish

EXPIRED_BY = "retention"
"""Who deletes when it is a policy."""

_AT_ONCE = 64
_GONE = ".gone-"

_logger = log.get(__name__)
_encoder = msgspec.json.Encoder()


class Erased(NamedTuple):
    """What became of a wish."""

    wish: Wish
    record: Record


class Eraser:
    """Does what `deletions` asks for. One archiver, one eraser."""

    def __init__(
        self, layout: Layout, database: Database, clock: Clock | None = None, paths: Paths | None = None
    ) -> None:
        self._layout = layout
        self._paths = paths or msgspec.convert({}, Paths)
        self._database = database
        self._clock = clock or SystemClock()
        self._is_swept = False
        self._absent: set[Path] = set()

    def run(self) -> list[Erased]:
        """Delete what may be deleted now, at most 64 recordings.

        Raises: Later from the index or the disk; what was begun is finished at the next call
        """
        gone = set(absent(self._layout, self._paths))
        if self._absent - gone:
            self._is_swept = False  # what was cut off when the path went can be finished
        self._absent = gone
        if not self._is_swept:
            for wish in holds.wishes(self._database, done=True):
                record = calls.get(self._database, wish.call_id, scope=EVERYTHING)
                if record is not None:
                    self._remove(record)
            self._is_swept = True
        erased: list[Erased] = []
        for wish in holds.wishes(self._database):
            if len(erased) == _AT_ONCE:
                break
            record = None if self._waits(wish.call_id) else self._mark(wish)
            if record is None:
                continue
            self._is_swept = False
            self._remove(record)
            self._is_swept = True
            erased.append(Erased(wish, record))
            _logger.info(
                "a recording was deleted",
                extra={"call": wish.call_id, "user": wish.author, "why": wish.reason},
            )
        return erased

    def expire(self, call_id: str, expiry: Expiry, step: Step = no_step) -> Record | None:
        """Delete one recording because of a policy; None when a hold came first, it is gone, or its path is not there.

        Raises: Later from the index or the disk; `finish` goes on with what was begun
        """
        if self._waits(call_id):
            return None
        at = self._clock.now()
        why = retention.why(expiry.cause, expiry.policy, expiry.keep_days, expiry.most_gib, "en")
        with self._database.write():
            record = self._gone(call_id, Reason.EXPIRED, Wish(call_id, why, EXPIRED_BY, at), expiry)
        if record is not None:
            step("marked", call_id)
            self._remove(record)
        return record

    def finish(self, call_ids: list[str]) -> None:
        """Take away the files of those that expired and whose deletion may have been cut off."""
        for call_id in call_ids:
            record = calls.get(self._database, call_id, scope=EVERYTHING)
            if record is not None and record.reason is Reason.EXPIRED:
                self._remove(record)

    def _waits(self, call_id: str) -> bool:
        """Whether the recording lies on a storage path that is not there."""
        record = calls.get(self._database, call_id, scope=EVERYTHING)
        if record is None or record.recording is None:
            return False
        return bool(awaited(self._layout, self._paths, record.recording.file, record.recording.storage))

    def _mark(self, wish: Wish) -> Record | None:
        """Make the row say `deleted`; None when a hold came first or there is nothing left to delete."""
        with self._database.write():
            if holds.wish_of(self._database, wish.call_id) is None:
                return None
            return self._gone(wish.call_id, Reason.DELETED, wish, None)

    def _gone(self, call_id: str, reason: Reason, wish: Wish, expiry: Expiry | None) -> Record | None:
        """Make the row say so, inside a writing transaction."""
        if holds.in_force(self._database, call_id) is not None:
            return None
        record = calls.get(self._database, call_id, scope=EVERYTHING)
        if record is None or record.recording is None:
            return None
        record.deletion = Deletion(
            by=wish.author,
            why=wish.reason,
            asked_at=wish.at,
            at=self._clock.now(),
            recording=record.recording,
            expiry=expiry,
        )
        record.recording = None
        record.reason = reason
        record.bundle_kept_until = None
        calls.index(self._database, record)
        return record

    def _remove(self, record: Record) -> None:
        """Take the files away; no harm when they are gone."""
        if record.deletion is None:
            return
        gone = record.deletion.recording
        record_file = f"{stem_of(record.call)}{RECORD_SUFFIX}"
        written = find(self._layout, self._paths, record_file)
        if written is not None:
            write_atomically(written, _encoder.encode(record))
        for name in (gone.file, gone.peaks_file):
            path = find(self._layout, self._paths, name) if name else None
            if path is not None:
                path.unlink()
                fsync_directory(path.parent)
        for shelf in (self._layout.spool_kept, self._layout.spool_quarantine):
            for folder in (shelf / record.call.call_id, *shelf.glob(f"{record.call.call_id}.*")):
                if folder.is_dir():
                    aside = folder.with_name(_GONE + folder.name)
                    folder.rename(aside)
                    shutil.rmtree(aside)
