"""The archiver's work: from ready bundles to recordings, records and rows, restartable at every step.

A batch of bundles goes through these steps; after each one a `kill -9` is harmless, because the next life finds
the bundle in `spool/work` and looks at what is there already:

    claimed   ready/ -> work/ by rename
    produced  audio and peaks stand in the bundle's folder (made by a child process)
    audio     renamed into the archive; the name depends on the manifest alone
    peaks     likewise
    record    `<name>.json` renamed into the archive beside them
    synced    one syncfs for the whole batch
    indexed   one transaction for the whole batch
    finished  the bundle is kept, removed or quarantined

The archive is the storage path in use; a path that fails is left for the other one, and what was not yet secured
there is made again. A record found in the archive is believed when its audio has the size and hash it names. A bundle leaves `work/`
only when its row is in the index, so what could not be indexed is found by looking there.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec

from appliance.archive.layout import RECORD_SUFFIX, stem_of
from appliance.archive.production import AUDIO_FILE, PEAKS_FILE, Job, Production, has_media
from appliance.archive.record import record_of
from appliance.archive.shelves import Shelves
from appliance.archive.spool import Attempts, Damage, Spool, delete
from appliance.archive.worker import Answer, Fault, Workers, fault_of
from appliance.core import log
from appliance.core.clock import Clock, SystemClock, id_time
from appliance.core.errors import BadBundle, Broken, Busy, Corrupt, Full, Later, NotFound, Unreachable
from appliance.core.files import (
    CALLS_FILE,
    MANIFEST_FILE,
    PEAKS_SUFFIX,
    REASON_FILE,
    Layout,
    Lock,
    sync_file_system,
    write_atomically,
)
from appliance.domain.bundle import KEPT_FOR_GOOD, MANIFEST_VERSION, Manifest, Record
from appliance.domain.call import Call, CallState, Party
from appliance.domain.ledger import Mark, Reason
from appliance.settings.root import Settings
from appliance.store import calls
from appliance.store.database import Database

MAX_DEATHS = 2
MAX_RESTARTS = 5
CONCLUDED_S = 2.0
"""So long at most what is ready waits for others of its batch, to be secured and indexed together."""
_RECORD_FILE = ".record"
_PART = ".part"
_AUDIO_SUFFIXES = (".wav", ".opus", ".ogg", ".flac", ".mp3")
_PLACED = (*_AUDIO_SUFFIXES, PEAKS_SUFFIX, RECORD_SUFFIX)

Recover = Callable[[Path], Manifest]
Step = Callable[[str, str], None]

_Jobs = dict[str, tuple[str, Manifest]]

_logger = log.get(__name__)
_manifests = msgspec.json.Decoder(Manifest)
_many_manifests = msgspec.json.Decoder(Annotated[list[Manifest], msgspec.Meta(min_length=1)])
_records = msgspec.json.Decoder(Record)
_encoder = msgspec.json.Encoder()


def no_step(_name: str, _call_id: str) -> None:
    """Nothing; tests pass a function that kills."""


@dataclass(slots=True)
class _Settled:
    """A bundle whose record stands in the archive; `others`: of a folder of many calls, those of the calls after the first."""

    call_id: str
    record: Record
    root: Path
    damaged: bool = False
    others: Sequence[Record] = ()

    @property
    def records(self) -> list[Record]:
        """All of them."""
        return [self.record, *self.others]


class Archiver:
    """Works on the spool of one data directory; only one may exist at a time.

    `recover` rebuilds a lost manifest from a bundle's folder, or raises Corrupt. `stalled` says after a run why
    bundles were left behind to be tried again, None when none were.
    Raises: Busy when another archiver works here
    """

    def __init__(
        self,
        layout: Layout,
        settings: Settings,
        database: Database,
        *,
        recover: Recover | None = None,
        clock: Clock | None = None,
        batch: int = 128,
        step: Step = no_step,
        workers: Workers | None = None,
        shelves: Shelves | None = None,
    ) -> None:
        self.stalled: Later | Broken | None = None
        self._settings = settings
        self._database = database
        self._recover = recover
        self._clock = clock or SystemClock()
        self._data_archive = layout.archive
        self._shelves = shelves or Shelves(layout, settings.paths, self._clock)
        self._batch = batch
        self._step = step
        self._lock = Lock(layout.archiver_lock)
        self._workers = workers or Workers(settings.archive.workers)
        self._spool = Spool(layout)
        self._spool.sweep()
        self._remover = ThreadPoolExecutor(1, "removing")
        self._removing: Future[None] | None = None
        self._left_over = set(self._spool.working())
        self._unindexed: dict[str, _Settled] = {}
        self._index_waits = False
        self._disk_waits = False
        self._interrupted = False

    def run_pending(self, limit: int | None = None) -> list[Record]:
        """Archive what is waiting, at most `limit` bundles, oldest first; the records of those that are done.

        Whatever could not be done now stays where it is and `stalled` says why. Never raises for one bundle's sake.
        """
        self._begin()
        done: list[Record] = []
        tried: set[str] = set()
        while not (self._disk_waits or self._interrupted) and (limit is None or len(tried) < limit):
            room = self._batch if limit is None else min(self._batch, limit - len(tried))
            batch = self._claim(room, tried)
            if not batch:
                break
            tried.update(batch)
            done += self._process(batch)
        self._removed()
        return done

    def process(self, call_id: str) -> Record:
        """Archive one bundle now.

        Raises: NotFound when it is neither ready nor in work, Later (Busy, Full, …) or Broken when it has to wait
        """
        self._begin()
        if not self._spool.work(call_id).is_dir() and not self._spool.claim(call_id):
            raise NotFound(what=call_id)
        self._step("claimed", call_id)
        done = self._process([call_id])
        self._removed()
        if not done:
            raise self.stalled or Busy(what=call_id)
        return done[0]

    def interrupt(self) -> None:
        """Leave the run soon, from another thread: what is being produced is begun anew at the next start."""
        self._interrupted = True
        self._workers.interrupt()

    def close(self) -> None:
        """End the children and let another archiver work here."""
        self._workers.close()
        self._remover.shutdown()
        self._lock.close()

    def _begin(self) -> None:
        self.stalled = None
        self._index_waits = False
        self._disk_waits = False

    def _claim(self, room: int, tried: set[str]) -> list[str]:
        batch = [call_id for call_id in self._spool.working() if call_id not in tried][:room]
        for call_id in self._spool.ready():
            if len(batch) >= room:
                break
            if call_id not in tried and self._spool.claim(call_id):
                self._step("claimed", call_id)
                batch.append(call_id)
        return batch

    def _process(self, batch: Sequence[str]) -> list[Record]:
        settled: list[_Settled] = []
        done: list[Record] = []
        begun_s = self._clock.mono_s()
        jobs: _Jobs = {}
        for call_id in batch:
            self._guarded(call_id, settled, partial(self._open, call_id, jobs))
        while jobs:
            again: _Jobs = {}
            for job, answer in self._workers.run(
                [
                    Job(folder=folder, manifest=manifest, settings=self._settings.archive)
                    for folder, (_, manifest) in jobs.items()
                ]
            ):
                call_id, manifest = jobs[job.folder]
                self._step("produced", call_id)
                self._guarded(call_id, settled, partial(self._settle, call_id, manifest, answer, again))
                jobs.pop(job.folder)
                if self._clock.mono_s() - begun_s >= CONCLUDED_S:
                    done += self._conclude(settled)
                    settled, begun_s = [], self._clock.mono_s()
            self._forgive(jobs)
            jobs = again
        return done + self._conclude(settled)

    def _forgive(self, unanswered: _Jobs) -> None:
        """An ordered stop is no restart that a bundle is to blame for."""
        for call_id, _ in unanswered.values():
            attempts = self._spool.attempts(call_id)
            attempts.restarts -= 1
            self._spool.note_attempts(call_id, attempts)

    def _guarded(self, call_id: str, settled: list[_Settled], act: Callable[[], _Settled | None]) -> None:
        """Do one bundle's part; what is wrong with the machine makes this bundle wait, never another one fail."""
        try:
            one = act()
        except (OSError, Later) as error:
            self._stall(call_id, fault_of(error), error if isinstance(error, Later) else None)
        else:
            if one is not None:
                settled.append(one)

    def _open(self, call_id: str, jobs: _Jobs) -> _Settled | None:
        """Look what is there already; a bundle that needs producing is put among the jobs."""
        if call_id in self._unindexed and self._shelves.is_there(self._unindexed[call_id].root):
            return self._unindexed[call_id]
        folder = self._spool.work(call_id)
        damage = self._spool.damage(call_id)
        if damage is None and (folder / CALLS_FILE).exists():
            return self._many(call_id)
        try:
            manifest = self._manifest(call_id)
        except Corrupt as error:
            return self._damaged(call_id, None, damage or self._damage_of(error.code, error.message()))
        for root in self._shelves.readable():
            record = self._filed(root, manifest)
            if record is not None and (record.reason is not Reason.DAMAGED or damage is not None):
                return _Settled(call_id, record, root, damaged=damage is not None)
        damage = damage or self._worn_out(call_id, manifest)
        if damage is not None:
            return self._damaged(call_id, manifest, damage)
        jobs[str(folder)] = (call_id, manifest)
        return None

    def _many(self, call_id: str) -> _Settled:
        """A folder of calls that nobody answered: a record of each, and nothing to produce."""
        try:
            manifests = _many_manifests.decode((self._spool.work(call_id) / CALLS_FILE).read_bytes())
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            bad = BadBundle(bundle=call_id, problem=f"{CALLS_FILE}: {error}")
            return self._damaged(call_id, None, self._damage_of(bad.code, bad.message()))
        now = self._clock.now()
        records = [
            record_of(one, Production(tracks=[], marks=[], reason=one.reason or Reason.NO_MEDIA), now)
            for one in manifests
        ]
        while True:
            placed = [self._settled(call_id, record) for record in records]
            if all(
                one.root == placed[0].root for one in placed
            ):  # a path may have failed between two of them
                return _Settled(call_id, records[0], placed[0].root, others=records[1:])

    def _worn_out(self, call_id: str, manifest: Manifest) -> Damage | None:
        """Count a bundle that an earlier life of the program left unfinished; too many lives are a damage."""
        if call_id not in self._left_over:
            return None
        self._left_over.discard(call_id)
        self._clear_other_formats(manifest)
        attempts = self._spool.attempts(call_id)
        attempts.restarts += 1
        self._spool.note_attempts(call_id, attempts)
        if attempts.restarts <= MAX_RESTARTS:
            return None
        return self._damage_of(
            "archiver-died", f"the archiver ended {attempts.restarts} times while working on it"
        )

    def _manifest(self, call_id: str) -> Manifest:
        folder = self._spool.work(call_id)
        try:
            manifest = _manifests.decode((folder / MANIFEST_FILE).read_bytes())
            if manifest.v > MANIFEST_VERSION:
                raise BadBundle(
                    bundle=call_id, problem=f"manifest version {manifest.v} is from a newer release"
                )
        except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            problem = (
                "the manifest is missing" if isinstance(error, FileNotFoundError) else f"manifest: {error}"
            )
            if self._recover is None or not has_media(folder):
                raise BadBundle(bundle=call_id, problem=problem) from error
            manifest = self._recover(folder)
            write_atomically(folder / MANIFEST_FILE, _encoder.encode(manifest))
            _logger.warning("a lost manifest was rebuilt", extra={"call": call_id, "problem": problem})
        named = manifest.call.call_id
        if named != call_id and not call_id.startswith(
            f"{named}."
        ):  # a bundle handed over twice has a number
            raise BadBundle(bundle=call_id, problem=f"the manifest is that of {named!r}")
        return manifest

    def _filed(self, root: Path, manifest: Manifest) -> Record | None:
        """The record of an earlier attempt, when everything it names is really there."""
        stem = root / stem_of(manifest.call)
        try:
            record = _records.decode(Path(f"{stem}{RECORD_SUFFIX}").read_bytes())
            if record.recording is None:
                return record
            audio = root / record.recording.file
            with audio.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        whole = found == record.recording.sha256 and (root / record.recording.peaks_file).exists()
        return record if whole else None

    def _clear_other_formats(self, manifest: Manifest) -> None:
        """Audio of an earlier attempt; the format may have been changed since, and none is named by a record."""
        stem = stem_of(manifest.call)
        for suffix in (*_AUDIO_SUFFIXES, *(f"{suffix}{_PART}" for suffix in _PLACED)):
            (self._shelves.root / f"{stem}{suffix}").unlink(missing_ok=True)

    def _settle(self, call_id: str, manifest: Manifest, answer: Answer, again: _Jobs) -> _Settled | None:
        """Turn a worker's answer into files of the archive, or put the bundle back or aside."""
        if not isinstance(answer, Fault):
            return self._file(call_id, manifest, answer.production)
        if answer.kind in ("full", "later"):
            self._stall(call_id, answer)
            return None
        if answer.kind == "died":
            attempts: Attempts = self._spool.attempts(call_id)
            attempts.deaths += 1
            self._spool.note_attempts(call_id, attempts)
            _logger.error(
                "a worker died", extra={"call": call_id, "problem": answer.problem, "deaths": attempts.deaths}
            )
            if attempts.deaths < MAX_DEATHS:
                again[str(self._spool.work(call_id))] = (call_id, manifest)
                return None
        return self._damaged(call_id, manifest, self._damage_of(answer.code, answer.problem))

    def _file(self, call_id: str, manifest: Manifest, production: Production) -> _Settled:
        """Move the files into the archive and write the record."""
        record = record_of(manifest, production, self._clock.now())
        record.bundle_kept_until = self._kept_until(record.reason, record.marks)
        return self._settled(call_id, record)

    def _settled(self, call_id: str, record: Record, *, damaged: bool = False) -> _Settled:
        """Put the files where there is a path that takes them, one path after the other."""
        while True:
            root = self._shelves.target()
            if record.recording is not None:
                storage = "" if root == self._data_archive else str(root)
                record.recording = msgspec.structs.replace(record.recording, storage=storage)
            try:
                self._place(call_id, record, root)
            except OSError as error:
                if not self._shelves.failed(root, error):
                    raise
            else:
                return _Settled(call_id, record, root, damaged=damaged)

    def _place(self, call_id: str, record: Record, root: Path) -> None:
        """Audio, peaks, then the record that names them; all or, when an error comes, none taken from the bundle."""
        folder = self._spool.work(call_id)
        target = root / stem_of(record.call)
        target.parent.mkdir(parents=True, exist_ok=True)
        moves = []
        if record.recording is not None:
            moves = [
                ("audio", folder / AUDIO_FILE, root / record.recording.file),
                ("peaks", folder / PEAKS_FILE, root / record.recording.peaks_file),
            ]
        try:
            for step, source, place in moves:
                _move(source, place)
                self._step(step, call_id)
            temporary = folder / _RECORD_FILE
            temporary.write_bytes(_encoder.encode(record))
            _move(temporary, Path(f"{target}{RECORD_SUFFIX}"))
        except OSError:
            for _, source, place in moves:
                if not source.exists() and place.exists():
                    place.rename(source)
            raise
        self._step("record", call_id)

    def _kept_until(self, reason: Reason | None, marks: Sequence[Mark]) -> datetime | None:
        if reason is Reason.UNSUPPORTED_PAYLOAD or Mark.PART_UNDECODED in marks:
            return KEPT_FOR_GOOD  # nothing but the packets holds this audio
        keep_h = self._settings.archive.keep_bundle_h
        return self._clock.now() + timedelta(hours=keep_h) if keep_h else None

    def _damage_of(self, code: str, problem: str) -> Damage:
        return Damage(at=self._clock.now(), code=code, problem=problem)

    def _damaged(self, call_id: str, manifest: Manifest | None, damage: Damage) -> _Settled:
        """The ledger's row of a bundle that is set aside; its reason is written first, so that it is found again."""
        folder = self._spool.work(call_id)
        write_atomically(folder / REASON_FILE, _encoder.encode(damage))
        _logger.error(
            "a bundle is set aside", extra={"call": call_id, "code": damage.code, "problem": damage.problem}
        )
        known = manifest or self._nameless(call_id)
        record = Record(
            manifest=known,
            marks=list(known.marks),
            reason=Reason.DAMAGED,
            bundle_kept_until=KEPT_FOR_GOOD,
            archived_at=self._clock.now(),
        )
        return self._settled(call_id, record, damaged=True)

    def _nameless(self, call_id: str) -> Manifest:
        """A manifest that knows nothing but the bundle's name, which tells the time."""
        started_at = id_time(call_id) or datetime.fromtimestamp(
            self._spool.work(call_id).stat().st_mtime, UTC
        )
        call = Call(
            call_id=call_id,
            sip_call_id="",
            interaction_id=call_id,
            caller=Party(),
            callee=Party(),
            started_at=started_at,
            state=CallState.ENDED,
        )
        return Manifest(call=call)

    def _conclude(self, settled: list[_Settled]) -> list[Record]:
        """Secure the batch, index it, and let go of its bundles."""
        if not settled:
            return []
        self._unindexed.update((one.call_id, one) for one in settled)
        if self._index_waits:
            return []
        settled = self._secured(settled)
        if not settled:
            return []
        self._step("synced", settled[0].call_id)
        try:
            calls.index_all(self._database, [record for one in settled for record in one.records])
        except (Later, Broken) as error:
            self._index_waits = True
            self.stalled = error
            _logger.warning(
                "the index cannot be written; the recordings are safe and will be indexed later",
                extra={"bundles": len(self._unindexed), "problem": error.message()},
            )
            return []
        self._step("indexed", settled[0].call_id)
        gone: list[Path] = []
        for one in settled:
            del self._unindexed[one.call_id]
            self._guarded(one.call_id, [], partial(self._finish, one, gone))
        self._remove(gone)
        return [record for one in settled for record in one.records]

    def _remove(self, gone: list[Path]) -> None:
        """Delete what was let go in a thread of its own, for the disk's journal makes whoever deletes wait; one batch at a time."""
        self._removed()
        self._removing = self._remover.submit(delete, gone)

    def _removed(self) -> None:
        if self._removing is not None:
            removing, self._removing = self._removing, None
            self._guarded("", [], removing.result)

    def _secured(self, settled: list[_Settled]) -> list[_Settled]:
        """Those whose storage path says that all is written, and is still there; the others are made again."""
        safe: list[_Settled] = []
        for root in dict.fromkeys(one.root for one in settled):
            mine = [one for one in settled if one.root == root]
            try:
                sync_file_system(root)
                if not self._shelves.is_there(root):
                    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(root))  # noqa: TRY301 - as syncfs would
            except OSError as error:
                for one in mine:
                    del self._unindexed[one.call_id]
                self._guarded(mine[0].call_id, [], partial(self._abandon, root, error))
            else:
                safe += mine
        return safe

    def _abandon(self, root: Path, error: OSError) -> None:
        if not self._shelves.failed(root, error):
            raise error

    def _finish(self, one: _Settled, gone: list[Path]) -> None:
        if one.damaged:
            self._spool.set_aside(one.call_id)
        elif one.record.bundle_kept_until is not None:
            self._spool.keep(one.call_id, one.record.bundle_kept_until)
        else:
            gone.append(self._spool.let_go(one.call_id))
        self._left_over.discard(one.call_id)
        self._step("finished", one.call_id)

    def _stall(self, call_id: str, fault: Fault, error: Later | None = None) -> None:
        _logger.warning(
            "a bundle has to wait", extra={"call": call_id, "code": fault.code, "problem": fault.problem}
        )
        self._disk_waits = True
        if error is not None:
            self.stalled = error
        elif fault.kind == "full":
            self.stalled = Full(path=str(self._shelves.root))
        else:
            self.stalled = Unreachable(peer=call_id, during=fault.problem)


def _move(source: Path, target: Path) -> None:
    """Rename, or copy to another file system: a reader never sees a part."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_name(target.name + _PART)
        try:
            shutil.copyfile(source, part)
            part.rename(target)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
