"""What is wished for of backups, what is being done and what was: files, for an index that is being replaced holds nothing.

The panel and the command line leave wishes; the backup program alone takes them, and writes everything else here.
"""

import contextlib
import secrets
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from appliance.core import log
from appliance.core.clock import SystemClock, sortable_id, to_ns
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.domain.backup import Head, Summary

MOST_RUNS = 100
_KEY_MODE = 0o600

_logger = log.get(__name__)

Kept = TypeVar("Kept")
PlaceName = Annotated[str, msgspec.Meta(max_length=16, pattern=r"^[a-z0-9]+$")]
BackupName = Annotated[str, msgspec.Meta(max_length=160, pattern=r"^(tapeline-[A-Za-z0-9.-]+)?$")]


class Make(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A backup now, in every place that is switched on."""


class List(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Look what is in the places."""


class Try(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Write to a place, read back, delete."""

    place: PlaceName


class Delete(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Remove a backup."""

    place: PlaceName
    name: BackupName


class Fetch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Bring a backup here, so that it can be downloaded."""

    place: PlaceName
    name: BackupName


class Rehearse(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Restore a backup aside and tell what it holds. `key`: a recovery key that this box does not know.

    `file` is a path of this machine, instead of place and name.
    """

    place: PlaceName = "box"
    name: BackupName = ""
    key: str = ""
    file: str = ""


class Restore(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Make the box what the rehearsed backup holds. `keep_network`: network and storage paths stay those of this box."""

    keep_network: bool = True


class Forget(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Throw the rehearsal away."""


Deed = Make | List | Try | Delete | Fetch | Rehearse | Restore | Forget


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants."""

    id: str
    at: datetime
    by: str
    deed: Deed


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is being done; `step` is a word of `STEP_TEXT`. Units: bytes, 0 of 0 where it cannot be told."""

    id: str
    kind: str
    by: str
    began_at: datetime
    step: str = ""
    subject: str = ""
    done: int = 0
    whole: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What was done. `problem` is None when all went well; `places`: name of a place → what went wrong there."""

    id: str
    kind: str
    by: str
    began_at: datetime
    ended_at: datetime
    subject: str = ""
    bytes: int = 0
    calls: int = 0
    problem: Text | None = None
    places: dict[str, Text | None] = {}

    @property
    def is_good(self) -> bool:
        """Whether all went well."""
        return self.problem is None and not any(self.places.values())


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A backup in a place."""

    name: str
    bytes: int


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What was in a place when it was looked at last; `problem`: why it could not be looked at.

    `label` is the stick's, `free_bytes` the room there was; None where nobody tells
    """

    at: datetime
    label: str = ""
    free_bytes: int | None = None
    backups: list[Stored] = []
    problem: Text | None = None


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was restored aside. `here_calls`: calls of this box now; `missing` of them are not in the backup.

    Units: `audio_bytes` of the recordings it brings along
    """

    at: datetime
    place: str
    name: str
    bytes: int
    head: Head
    calls: int
    recordings: int
    people: int
    holds: int
    since: datetime | None
    until: datetime | None
    audio_files: int
    audio_bytes: int
    here_calls: int
    missing: int
    is_own: bool


class State(msgspec.Struct, kw_only=True):
    """Everything that is remembered."""

    made_at: datetime | None = None
    tried_at: datetime | None = None
    runs: list[Run] = []
    shelves: dict[str, Shelf] = {}


STEP_TEXT: dict[str, Text] = {
    "": Text(en="Beginning", zh="准备中"),
    "index": Text(en="Copying the index", zh="复制索引"),
    "pack": Text(en="Packing and encrypting", zh="打包并加密"),
    "prove": Text(en="Restoring it aside as a proof", zh="试恢复以验证"),
    "upload": Text(en="Bringing it to {subject}", zh="正在存放到 {subject}"),
    "verify": Text(en="Reading it back from {subject}", zh="从 {subject} 读回校验"),
    "list": Text(en="Looking into {subject}", zh="正在查看 {subject}"),
    "fetch": Text(en="Fetching it from {subject}", zh="从 {subject} 取回"),
    "open": Text(en="Opening and proving it", zh="打开并校验"),
    "undo": Text(en="Keeping the present state", zh="保存当前状态"),
    "settings": Text(en="Settings and keys", zh="设置与密钥"),
    "place": Text(en="Index", zh="索引"),
    "audio": Text(en="Recordings", zh="录音"),
    "rebuild": Text(en="Calls made since the backup", zh="备份之后的通话"),
}


class Desk:
    """The folder. Made by whoever comes first; all of it belongs to the recorder's user."""

    def __init__(self, layout: Layout) -> None:
        self._folder = layout.backup_desk
        self.work = self._folder / "work"
        self.fetched = self._folder / "fetched"
        self.uploaded = self._folder / "uploaded"
        self.rehearsal = self._folder / "rehearsal"
        self.journal = self._folder / "restoring.json"
        self._wishes = self._folder / "wishes"

    def make(self) -> "Desk":
        """Create what is missing."""
        for path in (self._wishes, self.work, self.fetched, self.uploaded, self.rehearsal):
            path.mkdir(parents=True, exist_ok=True)
        return self

    def ask(self, deed: Deed, by: str) -> Wish:
        """Leave a wish."""
        self.make()
        at = SystemClock().now()
        wish = Wish(id=f"{sortable_id(to_ns(at))}{secrets.token_hex(2)}", at=at, by=by, deed=deed)
        write_atomically(self._wishes / f"{wish.id}.json", msgspec.json.encode(wish), mode=_KEY_MODE)
        return wish

    def wishes(self) -> list[Wish]:
        """What waits, the oldest first; what cannot be read is thrown away."""
        found = []
        for path in sorted(self._wishes.glob("*.json")):
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=Wish))
            except (msgspec.MsgspecError, UnicodeDecodeError, OSError) as error:
                _logger.warning("a wish cannot be read", extra={"wish": path.name, "problem": str(error)})
                path.unlink(missing_ok=True)
        return found

    def granted(self, wish: Wish) -> None:
        """It is done, or cannot be."""
        (self._wishes / f"{wish.id}.json").unlink(missing_ok=True)

    def job(self) -> Job | None:
        """What is being done now."""
        return _read(self._folder / "job.json", Job)

    def tell(self, job: Job | None) -> None:
        """Say what is being done."""
        path = self._folder / "job.json"
        if job is None:
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, msgspec.json.encode(job), durable=False)

    def state(self) -> State:
        """What is remembered."""
        return _read(self._folder / "state.json", State) or State()

    def remember(self, state: State) -> None:
        """Write it down."""
        state.runs = state.runs[:MOST_RUNS]
        write_atomically(self._folder / "state.json", msgspec.json.encode(state))

    def key_was_shown(self, at: datetime | None) -> None:
        """The recovery key was shown to a person; None: there is a new one, not shown yet."""
        path = self._folder / "key-shown.json"
        if at is None:
            path.unlink(missing_ok=True)
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, msgspec.json.encode(at))

    def key_shown_at(self) -> datetime | None:
        """When the recovery key in use was shown."""
        return _read(self._folder / "key-shown.json", datetime)

    def summary(self) -> Summary | None:
        """What the watchdog goes by."""
        return _read(self._folder / "summary.json", Summary)

    def summarise(self, summary: Summary) -> None:
        """Write it down."""
        write_atomically(self._folder / "summary.json", msgspec.json.encode(summary), durable=False)

    def rehearsed(self) -> Rehearsed | None:
        """The backup that was restored aside, None while there is none."""
        return _read(self.rehearsal / "rehearsed.json", Rehearsed)


def _read(path: Path, kind: type[Kept]) -> Kept | None:
    with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(path.read_bytes(), type=kind)
    return None
