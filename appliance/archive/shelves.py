"""Which storage path takes the next recording: the chosen one, or the other when that is full or gone.

A path outside the data directory carries a mark with an identity, so that an unmounted folder or another disk is
never mistaken for it. A change-over is written into the settings (the page shows what is true) and remembered with its cause.
"""

import errno
import os
import secrets
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.bus.topics import StorageState
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import ApplianceError, Later
from appliance.core.files import STORAGE_MARK_FILE, Layout, write_atomically
from appliance.core.text import Text
from appliance.settings import storage
from appliance.settings.paths import Paths, Shelf, other, root_of, roots

_MIB = 1 << 20
_SLACK = 1.1
_STEADY_S = 60.0
_RETRY_S = 30.0
_TRIAL_FILE = ".tapeline-trial"
_TRIAL = bytes(65536)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)

_logger = log.get(__name__)


class StorageGone(Later):
    """No storage path can take a recording; bundles wait in the spool. Facts: path, problem."""

    text = Text(
        en="The storage path {path} cannot be used ({problem}); calls wait to be archived.",
        zh="存储路径 {path} 不可用（{problem}），通话等待归档。",
    )
    after_s = 2.0


class Problem(StrEnum):
    """What is wrong with a path; the words are those of the conditions."""

    FULL = "full"
    EXHAUSTED = "exhausted"
    MISSING = "missing"
    OTHER_DISK = "other_disk"
    READ_ONLY = "read_only"
    FAILED = "failed"


_RANK = {None: 0, Problem.FULL: 1, Problem.EXHAUSTED: 2}
_UNUSABLE = 3


class Standing(NamedTuple):
    """How a path is now. Units: bytes, 0 where they cannot be told."""

    root: Path
    problem: Problem | None
    detail: str = ""
    total_bytes: int = 0
    free_bytes: int = 0

    @property
    def rank(self) -> int:
        """0 good, 1 below its limit, 2 nothing goes in, 3 not usable."""
        return _RANK.get(self.problem, _UNUSABLE)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """The mark that a path was given, and whether a disk was mounted there then."""

    mark: str
    mounted: bool


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change-over that stands."""

    was: Shelf
    now: Shelf
    at: datetime
    why: str


class Note(msgspec.Struct, kw_only=True):
    """`storage.json`. `unindexed`: paths that were not there when the index was rebuilt."""

    changed: Change | None = None
    identities: dict[str, Identity] = {}
    unindexed: list[str] = []


class _Trouble(NamedTuple):
    problem: Problem
    detail: str
    at_mono_s: float


class Shelves:
    """The storage paths of one archiver."""

    def __init__(self, layout: Layout, paths: Paths, clock: Clock) -> None:
        self._layout = layout
        self._paths = paths
        self._clock = clock
        self._current = paths.current
        self._trouble: dict[Path, _Trouble] = {}
        self._good_since_mono_s: float | None = None
        self._note = self._read()
        known = {str(root) for root in roots(layout, paths)}
        self._note.identities = {path: one for path, one in self._note.identities.items() if path in known}
        self._note.unindexed = [path for path in self._note.unindexed if path in known]
        if self._note.changed is not None and self._note.changed.now is not paths.current:
            self._note.changed = None  # somebody has chosen since

    @property
    def root(self) -> Path:
        """The path in use."""
        found = root_of(self._layout, self._paths, self._current)
        assert found is not None
        return found

    @property
    def has_alternative(self) -> bool:
        """Whether the other path would take recordings without trouble when this one is full."""
        there = self._alternative()
        return there is not None and there.rank == 0

    def target(self) -> Path:
        """The path for the next recording; changes over where that is needed and allowed.

        Raises: StorageGone
        """
        now = self.standing(self.root)
        if now.rank == 0:
            return now.root
        there = self._alternative()
        if there is not None and there.rank < now.rank and (there.rank == 0 or now.rank > 1):
            self._change(other(self._current), f"{now.problem} {now.detail}".strip())
            return there.root
        if now.rank < _UNUSABLE:
            return now.root  # full, and nothing better: what still goes in goes in
        raise StorageGone(path=str(now.root), problem=now.detail or now.problem)

    def failed(self, root: Path, error: OSError) -> bool:
        """Note that writing below `root` failed; True when another path is to be tried now.

        Raises: StorageGone when no path is left
        """
        if error.errno in _NO_SPACE:
            problem = Problem.EXHAUSTED
        elif self._trial(root) is None:
            return False  # the path takes what it is given: the fault lies elsewhere
        else:
            problem = Problem.FAILED
        detail = os.strerror(error.errno) if error.errno else str(error)
        self._trouble[root] = _Trouble(problem, detail, self._clock.mono_s())
        _logger.warning("writing to a storage path failed", extra={"path": str(root), "problem": detail})
        return self.target() != root

    def readable(self) -> list[Path]:
        """The paths whose files can be read now, the one in use first."""
        found = [root for root in roots(self._layout, self._paths) if self._presence(root) is None]
        return sorted(found, key=lambda root: root != self.root)

    def is_there(self, root: Path) -> bool:
        """Whether the right disk is mounted at a path."""
        return self._presence(root) is None

    def look(self) -> dict[Shelf, StorageState]:
        """How the paths are now; changes back where the settings say so, and repeats what could not be saved."""
        self._go_back()
        if self._current is not self._paths.current:
            self._save()
        found = {}
        for shelf in Shelf:
            root = root_of(self._layout, self._paths, shelf)
            if root is not None:
                found[shelf] = self._state(shelf, self.standing(root))
        return found

    def standing(self, root: Path) -> Standing:
        """How one path is."""
        away = self._presence(root)
        if away is not None:
            return away
        try:
            usage = os.statvfs(root)
        except OSError as error:
            return Standing(root, Problem.FAILED, error.strerror or "")
        sizes = (usage.f_blocks * usage.f_frsize, usage.f_bavail * usage.f_frsize)
        if usage.f_flag & os.ST_RDONLY:
            return Standing(root, Problem.READ_ONLY, os.strerror(errno.EROFS), *sizes)
        trouble = self._trouble.get(root)
        if trouble is not None:
            still = self._still(root, trouble, sizes[1])
            if still is not None:
                return Standing(root, still.problem, still.detail, *sizes)
        return Standing(
            root, Problem.FULL if sizes[1] < self._paths.keep_free_mib * _MIB else None, "", *sizes
        )

    def rebuilt_without(self, absent: list[Path]) -> None:
        """Remember that the index lacks the records of these paths."""
        self._note.unindexed = [str(path) for path in absent]
        self._write()

    def to_index(self) -> list[Path]:
        """The paths that have come back and whose records the index lacks."""
        return [Path(path) for path in self._note.unindexed if self.is_there(Path(path))]

    def indexed(self, root: Path) -> None:
        """The index holds the records of this path again."""
        self._note.unindexed.remove(str(root))
        self._write()

    def _alternative(self) -> Standing | None:
        root = root_of(self._layout, self._paths, other(self._current))
        return self.standing(root) if root is not None and self._paths.change_over else None

    def _still(self, root: Path, trouble: _Trouble, free_bytes: int) -> _Trouble | None:
        """A failure that stands; every half minute it is looked whether it is over."""
        now_mono_s = self._clock.mono_s()
        if now_mono_s - trouble.at_mono_s < _RETRY_S:
            return trouble
        detail = self._trial(root)
        if trouble.problem is Problem.EXHAUSTED and free_bytes < _SLACK * self._paths.keep_free_mib * _MIB:
            detail = trouble.detail
        if detail is None:
            del self._trouble[root]
            return None
        self._trouble[root] = _Trouble(trouble.problem, detail, now_mono_s)
        return self._trouble[root]

    def _presence(self, root: Path) -> Standing | None:
        """What is wrong with the place itself; None when the right disk is there."""
        if root == self._layout.archive:
            return None
        if str(root) in self._paths.older:
            return None if root.is_dir() else Standing(root, Problem.MISSING)
        try:
            mark = (root / STORAGE_MARK_FILE).read_text("ascii").strip()
        except FileNotFoundError:
            mark = ""
        except (OSError, UnicodeDecodeError) as error:
            return Standing(root, Problem.FAILED, str(getattr(error, "strerror", "") or error))
        return self._recognised(root, mark)

    def _recognised(self, root: Path, mark: str) -> Standing | None:
        """Whether this is the disk that was used before; a path not used before is taken into use."""
        known = self._note.identities.get(str(root))
        if known is not None and mark:
            return None if mark == known.mark else Standing(root, Problem.OTHER_DISK)
        is_mount = os.path.ismount(root)
        if not root.is_dir() or (known is not None and (known.mounted or not is_mount)):
            return Standing(root, Problem.MISSING)
        return self._adopt(root, mark, is_mount=is_mount)

    def _adopt(self, root: Path, mark: str, *, is_mount: bool) -> Standing | None:
        """Take a path into use: give it a mark, or remember the one it has."""
        if not mark:
            mark = secrets.token_hex(16)
            try:
                write_atomically(root / STORAGE_MARK_FILE, mark.encode() + b"\n")
            except OSError as error:
                problem = Problem.READ_ONLY if error.errno == errno.EROFS else Problem.FAILED
                return Standing(root, problem, error.strerror or "")
        self._note.identities[str(root)] = Identity(mark=mark, mounted=is_mount)
        self._write()
        return None

    def _change(self, to: Shelf, why: str, *, is_back: bool = False) -> None:
        was = self._current
        self._current = to
        self._good_since_mono_s = None
        self._note.changed = (
            None if is_back else Change(was=was, now=to, at=self._clock.now(), why=why or "unknown")
        )
        _logger.warning(
            "recordings go to another storage path from now on",
            extra={
                "from_path": str(root_of(self._layout, self._paths, was)),
                "path": str(self.root),
                "why": why,
            },
        )
        self._write()
        self._save()

    def _go_back(self) -> None:
        changed = self._note.changed
        if changed is None or not self._paths.change_back:
            return
        root = root_of(self._layout, self._paths, changed.was)
        former = self.standing(root) if root is not None else None
        if former is None or former.rank or former.free_bytes < _SLACK * self._paths.keep_free_mib * _MIB:
            self._good_since_mono_s = None
            return
        if self._good_since_mono_s is None:
            self._good_since_mono_s = self._clock.mono_s()
        elif self._clock.mono_s() - self._good_since_mono_s >= _STEADY_S:
            self._change(changed.was, "usable again", is_back=True)

    def _save(self) -> None:
        """Make the settings say what is true. When that cannot be now, `look` tries again."""
        try:
            now = storage.load(self._layout)
            if now.paths != self._paths:
                return  # these are no longer the settings we go by
            chosen = msgspec.structs.replace(self._paths, current=self._current)
            storage.save(self._layout, msgspec.structs.replace(now, paths=chosen), now.revision, "archiver")
            self._paths = chosen
        except (ApplianceError, OSError) as error:
            _logger.warning("the storage path in use cannot be saved yet", extra={"problem": str(error)})

    def _state(self, shelf: Shelf, standing: Standing) -> StorageState:
        changed = self._note.changed
        is_current = shelf is self._current
        return StorageState(
            at=self._clock.now(),
            path=str(standing.root),
            current=is_current,
            problem=standing.problem or "",
            detail=standing.detail,
            total_bytes=standing.total_bytes,
            free_bytes=standing.free_bytes,
            instead_since=changed.at if changed is not None and is_current else None,
        )

    def _trial(self, root: Path) -> str | None:
        """Why a small file cannot be written and secured below a path; None when it can."""
        path = root / _TRIAL_FILE
        try:
            write_atomically(path, _TRIAL)
            path.unlink()
        except OSError as error:
            return error.strerror or str(error)
        return None

    def _read(self) -> Note:
        try:
            return msgspec.json.decode(self._layout.storage_note.read_bytes(), type=Note)
        except FileNotFoundError:
            return Note()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            _logger.warning("the note of the storage paths is lost", extra={"problem": str(error)})
            return Note()

    def _write(self) -> None:
        try:
            write_atomically(self._layout.storage_note, msgspec.json.encode(self._note))
        except OSError as error:
            _logger.warning("the note of the storage paths cannot be written", extra={"problem": str(error)})
