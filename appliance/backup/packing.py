"""What a backup holds, packed and taken out again: a gzipped tar inside an age file.

Shape: `head.json` first, then the index, settings, secrets, keys, certificate, statements, recordings where wanted, at last
`end.json` with the hash of every other file. Names inside are fixed; anything else in it is refused, never written.
"""

import contextlib
import gzip
import hashlib
import io
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from appliance.core.errors import Corrupt, Full
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.backup import VERSION, End, Head, Held
from appliance.settings.paths import Paths, find
from appliance.store import snapshot
from appliance.system import age

Progress = Callable[[int, int], None]
"""Told how many bytes are done of how many."""

HEAD = "head.json"
END = "end.json"
_SMALL_BYTES = 64 << 20
_CHUNK = 1 << 20
_LEVEL = 1
_STATEMENT = re.compile(r"statements/([0-9]{6}\.(json|sig|txt)|public\.pem)")
_REVISION = re.compile(r"revisions/[0-9]{1,18}\.json")
_AUDIO = re.compile(r"archive/[0-9]{4}/[0-9]{2}/[0-9]{2}/[A-Za-z0-9+_.#@-]{1,200}")


class Odd(Corrupt):
    """A backup holds what no backup holds, or lacks what it must have. Facts: problem."""

    text = Text(en="This is no whole backup: {problem}", zh="不是完整的备份：{problem}")


class TooNew(Corrupt):
    """Facts: release."""

    text = Text(
        en="The backup was made by the newer release {release}; install that one first.",
        zh="备份由更新的版本 {release} 生成，请先升级。",
    )


class Wanted(NamedTuple):
    """What goes into a backup. `audio_since`: recordings of calls from then on, None for no recordings."""

    head: Head
    audio_since_us: int | None


class Found(NamedTuple):
    """What a backup turned out to hold. Units: bytes of its recordings."""

    head: Head
    files: dict[str, Held]
    audio_files: int
    audio_bytes: int


def small_files(layout: Layout) -> dict[str, Path]:
    """Everything but index and recordings, by its name inside."""
    found = {
        layout.settings.name: layout.settings,
        layout.secrets.name: layout.secrets,
        layout.sealing_key.name: layout.sealing_key,
        layout.statement_key.name: layout.statement_key,
        layout.backup_key.name: layout.backup_key,
        layout.token_key.name: layout.token_key,
        layout.operations_anchor.name: layout.operations_anchor,
        "tls/certificate.pem": layout.tls_certificate,
        "tls/key.pem": layout.tls_key,
    }
    for path in sorted(layout.statements.glob("*")):
        found[f"statements/{path.name}"] = path
    for path in sorted(layout.settings_revisions.glob("*.json")):
        found[f"revisions/{path.name}"] = path
    return {name: path for name, path in found.items() if path.is_file() and is_known(name, layout)}


def is_known(name: str, layout: Layout) -> bool:
    """Whether a backup may hold a file of this name."""
    fixed = {
        HEAD, END, layout.index.name, layout.settings.name, layout.secrets.name, layout.sealing_key.name,
        layout.statement_key.name, layout.backup_key.name, layout.token_key.name, layout.operations_anchor.name,
        "tls/certificate.pem", "tls/key.pem",
    }  # fmt: skip
    return name in fixed or any(kind.fullmatch(name) for kind in (_STATEMENT, _REVISION, _AUDIO))


def pack(
    layout: Layout, paths: Paths, index: Path, wanted: Wanted, target: Path, public: str, progress: Progress
) -> End:
    """Write a backup; `index` is a copy that nobody changes.

    A recording that goes away meanwhile is left out, as the ledger will say. Raises: Full, SealingFailed, OSError
    """
    audio = list(_audio(layout, paths, index, wanted.audio_since_us))
    small = small_files(layout)
    whole = index.stat().st_size + sum(path.stat().st_size for _, path in audio)
    check_room(target.parent, whole)
    held: dict[str, Held] = {}
    done = 0

    def add(archive: tarfile.TarFile, name: str, path: Path) -> None:
        nonlocal done
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            size = os.fstat(file.fileno()).st_size
            reader = _Hashing(file, size, lambda more: progress(done + more, whole))
            info = tarfile.TarInfo(name)
            info.size, info.mode = size, 0o600
            archive.addfile(info, reader)
            held[name] = Held(bytes=size, sha256=reader.digest)
            done += size

    with (
        age.sealing(public, target) as sealed,
        gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=_LEVEL) as packed,
        tarfile.open(mode="w|", fileobj=packed, format=tarfile.PAX_FORMAT) as archive,
    ):
        _put(archive, HEAD, msgspec.json.encode(wanted.head))
        add(archive, layout.index.name, index)
        for name, path in (*small.items(), *audio):
            add(archive, name, path)
        end = End(files=held)
        _put(archive, END, msgspec.json.encode(end))
    return end


def unpack(
    sealed: Path,
    keys: list[str],
    into: Path,
    layout: Layout,
    progress: Progress,
    place: Callable[[str], Path | None] | None = None,
) -> Found:
    """Take a backup out below `into` and prove every file's hash; recordings go where `place` says, or are only read.

    Raises: Odd, TooNew, WrongKey, NotSealed, Full
    """
    head: Head | None = None
    end: End | None = None
    seen: dict[str, Held] = {}
    audio_bytes = 0
    size = sealed.stat().st_size
    with age.opened(sealed, keys) as plain, _readable():
        counted = _Counted(plain)
        with gzip.GzipFile(fileobj=counted) as packed, tarfile.open(mode="r|", fileobj=packed) as archive:
            for info in archive:
                file = archive.extractfile(info) if info.isreg() else None
                if file is None or not is_known(info.name, layout) or info.name in seen or end is not None:
                    raise Odd(problem=repr(info.name)[:100])
                if info.name in (HEAD, END):
                    content = file.read(_SMALL_BYTES)
                    if info.name == HEAD:
                        head = _head(content)
                    else:
                        end = msgspec.json.decode(content, type=End)
                    continue
                if head is None:
                    raise Odd(problem=f"{HEAD} is not the first file")
                is_audio = info.name.startswith("archive/")
                target = (place(info.name) if place else None) if is_audio else into / info.name
                seen[info.name] = _take(file, target)
                audio_bytes += info.size if is_audio else 0
                progress(min(counted.through, size), size)
    if head is None or end is None:
        raise Odd(problem="it was cut off")
    if end.files != seen:
        wrong = sorted(name for name in {*end.files, *seen} if end.files.get(name) != seen.get(name))
        raise Odd(problem=", ".join(wrong)[:200])
    if layout.index.name not in seen:
        raise Odd(problem="no index")
    audio = sum(name.startswith("archive/") for name in seen)
    return Found(head, seen, audio, audio_bytes)


def check_room(folder: Path, wanted_bytes: int) -> None:
    """Refuse to begin what would fill the disk.

    Raises: Full
    """
    if shutil.disk_usage(folder).free < wanted_bytes + _SMALL_BYTES:
        raise Full(path=str(folder))


def sha256_of(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _head(content: bytes) -> Head:
    version = msgspec.json.decode(content, type=dict[str, object]).get("v")
    if isinstance(version, int) and version > VERSION:
        raise TooNew(release=str(msgspec.json.decode(content, type=dict[str, object]).get("release")))
    return msgspec.json.decode(content, type=Head)


def _audio(layout: Layout, paths: Paths, index: Path, since_us: int | None) -> Iterator[tuple[str, Path]]:
    if since_us is None:
        return
    for _, file in snapshot.recorded_files(index, since_us):
        stem = file.rpartition(".")[0]
        for name in (file, f"{stem}.peaks", f"{stem}.json"):
            path = find(layout, paths, name)
            if path is not None and _AUDIO.fullmatch(f"archive/{name}"):
                yield f"archive/{name}", path


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def _take(file: IO[bytes], target: Path | None) -> Held:
    """Read a file through, and write it where it is wanted: under its name it is whole or not there."""
    sha256 = hashlib.sha256()
    size = 0
    with contextlib.ExitStack() as stack:
        part = None
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            out = stack.enter_context(part.open("wb"))
            os.fchmod(out.fileno(), 0o640 if "archive" in target.parts else 0o600)
        while piece := file.read(_CHUNK):
            sha256.update(piece)
            size += len(piece)
            if part is not None:
                out.write(piece)
    if part is not None and target is not None:
        part.replace(target)
    return Held(bytes=size, sha256=sha256.hexdigest())


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (
        tarfile.TarError,
        zlib.error,
        EOFError,
        msgspec.MsgspecError,
        UnicodeDecodeError,
        OSError,
    ) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Odd(problem=str(error)[:200] or "it was cut off") from error


class _Hashing(io.RawIOBase):
    """A file that is hashed while it is read, never beyond the size it had when it was opened."""

    def __init__(self, file: IO[bytes], size: int, tell: Callable[[int], None]) -> None:
        self._file = file
        self._left = size
        self._through = 0
        self._tell = tell
        self._sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        wanted = self._left if size < 0 else min(size, self._left)
        piece = self._file.read(min(wanted, _CHUNK) if size < 0 else wanted)
        self._left -= len(piece)
        self._through += len(piece)
        self._sha256.update(piece)
        self._tell(self._through)
        return piece

    @property
    def digest(self) -> str:
        """Of what was read."""
        return self._sha256.hexdigest()


class _Counted(io.RawIOBase):
    """A pipe that counts what came through."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.through = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._file.read(size)
        self.through += len(piece)
        return piece
