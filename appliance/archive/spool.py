"""The archiver's half of the spool: claim, set aside, keep. Where a bundle's folder stands is its state.

    ready/ --claim--> work/ --keep--> kept/ | --remove--> gone | --set aside--> quarantine/

Every move is one `rename(2)`; what an earlier life of the program left in work/ is found there again.
"""

import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.archive.layout import is_bundle_name
from appliance.core.files import (
    ATTEMPTS_FILE,
    CALLS_FILE,
    KEEP_FILE,
    LINE_SUFFIX,
    MANIFEST_FILE,
    MEDIA_FILE,
    REASON_FILE,
    Layout,
)

_GONE = ".gone-"
_CAPTURED = frozenset({MEDIA_FILE, MANIFEST_FILE, CALLS_FILE})


class Attempts(msgspec.Struct, kw_only=True):
    """How often this bundle was begun without an end: the decoding process died of it, or the whole program."""

    deaths: int = 0
    restarts: int = 0


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """`reason.json` of a bundle that cannot be processed."""

    at: datetime
    code: str
    problem: str


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """`keep.json` of an archived bundle: when it may be removed."""

    until: datetime


class Depth(NamedTuple):
    """How much work waits. Units: age of the oldest ready bundle in seconds."""

    ready: int
    working: int
    quarantined: int
    oldest_s: float


class Spool:
    """The bundles that were handed over; one archiver at a time (it holds the lock)."""

    def __init__(self, layout: Layout) -> None:
        self._ready, self._work = layout.spool_ready, layout.spool_work
        self._kept, self._quarantine = layout.spool_kept, layout.spool_quarantine

    def working(self) -> list[str]:
        """Bundles claimed and not finished, oldest first."""
        return _names(self._work)

    def ready(self) -> list[str]:
        """Bundles handed over and not yet claimed, oldest first."""
        return _names(self._ready)

    def claim(self, call_id: str) -> bool:
        """Take a bundle into work; False when it is not there, or one of the same name is still in work."""
        try:
            (self._ready / call_id).rename(self.work(call_id))
        except OSError:
            return False
        return True

    def work(self, call_id: str) -> Path:
        """The folder of a claimed bundle."""
        return self._work / call_id

    def attempts(self, call_id: str) -> Attempts:
        """What is known of earlier attempts; nothing when the note is missing or unreadable."""
        try:
            return msgspec.json.decode((self.work(call_id) / ATTEMPTS_FILE).read_bytes(), type=Attempts)
        except (OSError, msgspec.MsgspecError):
            return Attempts()

    def note_attempts(self, call_id: str, attempts: Attempts) -> None:
        """Remember for the next attempt."""
        (self.work(call_id) / ATTEMPTS_FILE).write_bytes(msgspec.json.encode(attempts))

    def damage(self, call_id: str) -> Damage | None:
        """Why this bundle is being set aside, when that was decided before."""
        try:
            return msgspec.json.decode((self.work(call_id) / REASON_FILE).read_bytes(), type=Damage)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            return Damage(at=datetime.now(UTC), code="unknown", problem=f"{REASON_FILE}: {error}")

    def keep(self, call_id: str, until: datetime) -> None:
        """Put an archived bundle by, with nothing but what was captured, until a moment."""
        folder = self.work(call_id)
        _clear(folder, _CAPTURED)
        (folder / KEEP_FILE).write_bytes(msgspec.json.encode(Keep(until=until)))
        _move(folder, self._kept)

    def let_go(self, call_id: str) -> Path:
        """An archived bundle disappears at once, half a bundle is never seen; where it is until it is deleted."""
        gone = self._work / (_GONE + call_id)
        self.work(call_id).rename(gone)
        return gone

    def sweep(self) -> None:
        """Finish removals that an earlier life of the program began."""
        for gone in self._work.glob(_GONE + "*"):
            shutil.rmtree(gone)

    def set_aside(self, call_id: str) -> None:
        """Quarantine a bundle whose reason stands beside it."""
        folder = self.work(call_id)
        _clear(folder, _CAPTURED | {REASON_FILE})
        _move(folder, self._quarantine)

    def depth(self, now: datetime) -> Depth:
        """Count the bundles in each state."""
        ready = self.ready()
        oldest_s = 0.0
        if ready:
            try:
                handed_over_s = (self._ready / ready[0]).stat().st_mtime
            except FileNotFoundError:
                handed_over_s = now.timestamp()
            oldest_s = max(0.0, now.timestamp() - handed_over_s)
        return Depth(len(ready), len(self.working()), len(_names(self._quarantine)), oldest_s)


def delete(gone: Iterable[Path]) -> None:
    """Delete bundles that were let go.

    Raises: OSError, of the last that could not be; the next start tries again
    """
    problem: OSError | None = None
    for folder in gone:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    os.unlink(entry.path)  # noqa: PTH108 - cheaper than a path object; a bundle has no folders
            folder.rmdir()
        except OSError as error:
            problem = error
    if problem is not None:
        raise problem


def _names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(e.name for e in entries if is_bundle_name(e.name) and e.is_dir(follow_symlinks=False))


def _clear(folder: Path, wanted: Iterable[str]) -> None:
    """Leave what is wanted and the lines of a board."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name not in wanted and not entry.name.endswith(LINE_SUFFIX):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink(missing_ok=True)


def _move(folder: Path, shelf: Path) -> None:
    """Rename below `shelf`; a name that is taken (a bundle handed over twice) gets a number, nothing is lost."""
    target = shelf / folder.name
    number = 1
    while target.exists():
        number += 1
        target = shelf / f"{folder.name}.{number}"
    folder.rename(target)
