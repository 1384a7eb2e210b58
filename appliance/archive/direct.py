"""Calls of a capture file straight into the archive: no bundle is written, because the capture is the bundle.

The engine holds the packets of a call that is over; a plain call's recording is written from there to its place in the
archive. Nothing of this lies in the spool: what a crash cuts short is made again by reading the capture again, under
the same names (`capture.replay`). What was made is secured before the index hears of it, as in `pipeline`, but
seldom: securing writes out all that is new on the file system, the engine's nameless file, soon gone, included.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from appliance.archive.layout import RECORD_SUFFIX, stem_of
from appliance.archive.production import produce_plain
from appliance.archive.record import record_of
from appliance.archive.shelves import Shelves
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import Later
from appliance.core.files import PEAKS_SUFFIX, Layout, sync_file_system
from appliance.domain.bundle import Manifest, Record
from appliance.media.packets import Recorded
from appliance.settings.root import Settings
from appliance.store import calls
from appliance.store.database import Database

_SECURED_AT_ONCE = 5000
# Others wait for the end of a transaction.
_INDEXED_AT_ONCE = 500
_PART = ".part"

_logger = log.get(__name__)
_encoder = msgspec.json.Encoder()


class Direct:
    """The short way into the archive of one data directory; the caller holds the archiver's lock."""

    def __init__(
        self,
        layout: Layout,
        settings: Settings,
        database: Database,
        shelves: Shelves,
        clock: Clock,
        on_indexed: Callable[[list[Record]], None],
    ) -> None:
        self._archive = layout.archive
        self._settings = settings
        self._database = database
        self._shelves = shelves
        self._clock = clock
        self._on_indexed = on_indexed
        self._waiting: list[Record] = []
        self._roots: set[Path] = set()
        self._folders: dict[tuple[Path, str], Path] = {}

    def take(self, manifest: Manifest, recorded: Recorded) -> bool:
        """Archive a call that is over; False when it has to go by the spool.

        Raises: Busy, Full, Unreachable, IndexDamaged from the index, for what was to be secured before
        """
        if manifest.withheld is not None:
            return False
        if len(self._waiting) >= _SECURED_AT_ONCE:
            self.flush()
        stem = stem_of(manifest.call)
        try:
            root = self._shelves.target()
            day, _, name = stem.rpartition("/")
            folder = self._folder(root, day)
            audio, peaks = folder / f"{name}.wav", folder / f"{name}{PEAKS_SUFFIX}"
            production = produce_plain(manifest, recorded, self._settings.archive, audio, peaks)
            if production is None:
                return False
            storage = "" if root == self._archive else str(root)
            record = record_of(manifest, production, self._clock.now(), storage=storage)
            part = folder / f"{name}{RECORD_SUFFIX}{_PART}"
            part.write_bytes(_encoder.encode(record))
            part.rename(folder / f"{name}{RECORD_SUFFIX}")
        except (OSError, Later) as error:
            _logger.warning(
                "a call goes by the spool", extra={"call": manifest.call.call_id, "problem": str(error)}
            )
            return False
        self._roots.add(root)
        self._waiting.append(record)
        return True

    def flush(self) -> None:
        """Secure and index what was archived.

        Raises: OSError when it is not safely on disk; Busy, Full, Unreachable, IndexDamaged from the index
        """
        if not self._waiting:
            return
        for root in self._roots:
            sync_file_system(root)
        self._roots.clear()
        while self._waiting:
            batch = self._waiting[:_INDEXED_AT_ONCE]
            calls.index_all(self._database, batch)
            self._on_indexed(batch)
            del self._waiting[:_INDEXED_AT_ONCE]

    def _folder(self, root: Path, day: str) -> Path:
        """The folder of a day, made once."""
        found = self._folders.get((root, day))
        if found is None:
            found = self._folders[root, day] = root / day
            found.mkdir(parents=True, exist_ok=True)
        return found
