"""The places that backups are brought to: folders of this machine, and servers that rclone speaks with."""

import asyncio
import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from appliance.backup.packing import check_room
from appliance.core.errors import Later, NotFound
from appliance.core.files import Layout, fsync_directory
from appliance.core.text import Text
from appliance.domain.backup import named
from appliance.settings.backup import PLACES, Backup, FtpProtection
from appliance.system import sticks
from appliance.system.plugged import Stick
from appliance.system.rclone import Entry, Progress, Remote, obscured

_CHUNK = 1 << 20
_TRIAL = "tapeline-trial.txt"
_WHO = "backup"


class NotTheSame(Later):
    """What came back from a place is not what was brought there. Facts: place."""

    text = Text(
        en="The backup read back from {place} is not the one that was written.",
        zh="从 {place} 读回的备份与写入的不一致。",
    )
    after_s = 60.0


class Place(Protocol):
    """Somewhere that holds backups.

    Raises: Later, Broken, OSError from every method
    """

    def entries(self) -> list[Entry]:
        """The backups there; other files are not ours."""

    def put(self, source: Path, name: str, progress: Progress) -> None:
        """Bring a file there; under its name it is whole or not there."""

    def fetch(self, name: str, target: Path, progress: Progress) -> None:
        """Bring a file here."""

    def sha256(self, name: str) -> str:
        """The hash of a file there, from reading it."""

    def delete(self, name: str) -> None:
        """Remove a file; none is fine."""

    def attempt(self) -> None:
        """Write, read back and delete a small file."""

    def free_bytes(self) -> int | None:
        """How much room there is, None where nobody tells."""


class Folder:
    """A folder of this machine; `label` is what the stick is called that it lies on."""

    def __init__(self, path: Path, label: str = "") -> None:
        self.path = path
        self.label = label

    def entries(self) -> list[Entry]:
        """The backups in it."""
        if not self.path.is_dir():
            return []
        found = [path for path in self.path.iterdir() if named(path.name) is not None and path.is_file()]
        return [Entry(path.name, path.stat().st_size) for path in sorted(found)]

    def put(self, source: Path, name: str, progress: Progress) -> None:
        """Copy, or link where that is possible."""
        self.path.mkdir(parents=True, exist_ok=True)
        part = self.path / f".{name}.part"
        part.unlink(missing_ok=True)
        try:
            os.link(source, part)
        except OSError:
            check_room(self.path, source.stat().st_size)
            _copy(source, part, progress)
        part.replace(self.path / name)
        fsync_directory(self.path)

    def fetch(self, name: str, target: Path, progress: Progress) -> None:
        """Copy, or link where that is possible."""
        target.unlink(missing_ok=True)
        try:
            os.link(self.path / name, target)
        except FileNotFoundError as error:
            raise NotFound(what=name) from error
        except OSError:
            _copy(self.path / name, target, progress)

    def sha256(self, name: str) -> str:
        """Read it."""
        with (self.path / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def delete(self, name: str) -> None:
        """Unlink it."""
        (self.path / name).unlink(missing_ok=True)

    def attempt(self) -> None:
        """Whether the folder takes files."""
        self.path.mkdir(parents=True, exist_ok=True)
        path = self.path / _TRIAL
        path.write_bytes(b"trial")
        path.unlink()

    def free_bytes(self) -> int | None:
        """Of the file system that it lies on, or will."""
        there = next((path for path in (self.path, *self.path.parents) if path.is_dir()), None)
        return shutil.disk_usage(there).free if there else None


class Server:
    """A folder of a server."""

    def __init__(self, name: str, remote: Remote) -> None:
        self._name = name
        self._remote = remote

    def entries(self) -> list[Entry]:
        """The backups in it."""
        return sorted(entry for entry in self._remote.entries() if named(entry.name) is not None)

    def put(self, source: Path, name: str, progress: Progress) -> None:
        """Upload."""
        self._remote.put(source, name, progress)

    def fetch(self, name: str, target: Path, progress: Progress) -> None:
        """Download."""
        if name not in {entry.name for entry in self._remote.entries()}:
            raise NotFound(what=name)
        self._remote.fetch(name, target, progress)

    def sha256(self, name: str) -> str:
        """Read it all over the network: the server's own word would not do."""
        digest = hashlib.sha256()
        for piece in self._remote.read(name):
            digest.update(piece)
        return digest.hexdigest()

    def delete(self, name: str) -> None:
        """Remove it there."""
        self._remote.delete(name)

    def attempt(self) -> None:
        """Whether the server takes files and gives them back."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(os.urandom(1000))
            file.flush()
            source = Path(file.name)
            self._remote.put(source, _TRIAL, lambda _: None)
            came_back = b"".join(self._remote.read(_TRIAL))
            self._remote.delete(_TRIAL)
            if came_back != source.read_bytes():
                raise NotTheSame(place=self._name)

    def free_bytes(self) -> int | None:
        """Servers do not tell."""
        return None


def enabled(settings: Backup) -> list[str]:
    """The places that are switched on."""
    return [name for name in PLACES if getattr(settings, name).enabled]


@contextlib.contextmanager
def opened(layout: Layout, settings: Backup, name: str) -> Iterator[Place]:
    """A place of the settings, whether switched on or not. A USB stick is mounted for as long as it is open.

    Raises: NotFound for an unknown one, NoStick, InUse, ToolMissing
    """
    if name == "box":
        yield Folder(layout.backups)
    elif name == "usb":
        with _stick(layout) as (stick, path):
            yield Folder(path / settings.usb.folder, stick.label or stick.model)
    elif name in PLACES:
        with tempfile.TemporaryDirectory(prefix="tapeline-place-") as scratch:
            words, root = _WORDS[name](settings, Path(scratch))
            yield Server(PLACES[name].en, Remote(PLACES[name].en, words, root))
    else:
        raise NotFound(what=name)


@contextlib.contextmanager
def _stick(layout: Layout) -> Iterator[tuple[Stick, Path]]:
    """The first stick, opened from a program's thread."""
    with asyncio.Runner() as runner:
        held = sticks.opened(layout, by=_WHO, writable=True)
        found = runner.run(held.__aenter__())
        try:
            yield found
        finally:
            runner.run(held.__aexit__(None, None, None))


def _ftp(settings: Backup, _scratch: Path) -> tuple[dict[str, str], str]:
    place = settings.ftp
    protection = place.ftp_protection
    words = {
        "type": "ftp",
        "host": place.server,
        "port": str(place.port or (990 if protection is FtpProtection.IMPLICIT else 21)),
        "user": place.user or "anonymous",
        "pass": obscured(place.password or "anonymous"),
        "explicit_tls": "true" if protection is FtpProtection.EXPLICIT else "",
        "tls": "true" if protection is FtpProtection.IMPLICIT else "",
        "no_check_certificate": "" if place.verify else "true",
        "concurrency": "1",
    }
    return words, place.folder


def _sftp(settings: Backup, scratch: Path) -> tuple[dict[str, str], str]:
    place = settings.sftp
    words = {
        "type": "sftp",
        "host": place.server,
        "port": str(place.port or 22),
        "user": place.user,
        "pass": obscured(place.password) if not place.private_key else "",
        "shell_type": "none",
        "disable_hashcheck": "true",
        "set_modtime": "false",
    }
    if place.private_key:
        key = scratch / "key"
        key.touch(mode=0o600)
        key.write_text(place.private_key.strip() + "\n", "ascii")
        words["key_file"] = str(key)
    if place.host_key:
        known = scratch / "known_hosts"
        kind, _, rest = place.host_key.strip().partition(" ")
        port = place.port or 22
        hosts = place.server if port == 22 else f"[{place.server}]:{port}"
        known.write_text(f"{hosts} {kind} {rest.split(' ')[0]}\n", "ascii")
        words["known_hosts_file"] = str(known)
        words["host_key_algorithms"] = kind
    return words, place.folder


def _smb(settings: Backup, _scratch: Path) -> tuple[dict[str, str], str]:
    place = settings.smb
    words = {
        "type": "smb",
        "host": place.server,
        "port": str(place.port or 445),
        "user": place.user or "guest",
        "pass": obscured(place.password),
        "domain": place.domain or "WORKGROUP",
    }
    return words, f"{place.share}/{place.folder.strip('/')}"


def _s3(settings: Backup, _scratch: Path) -> tuple[dict[str, str], str]:
    place = settings.s3
    words = {
        "type": "s3",
        "provider": "Other" if place.endpoint else "AWS",
        "endpoint": place.endpoint,
        "region": place.region,
        "access_key_id": place.access_key,
        "secret_access_key": place.secret_key,
        "no_check_bucket": "true",
        "force_path_style": "true" if place.endpoint else "false",
    }
    return words, f"{place.bucket}/{place.folder.strip('/')}"


_WORDS = {"ftp": _ftp, "sftp": _sftp, "smb": _smb, "s3": _s3}


def _copy(source: Path, target: Path, progress: Progress) -> None:
    done = 0
    with source.open("rb") as given, target.open("wb") as taken:
        while piece := given.read(_CHUNK):
            taken.write(piece)
            done += len(piece)
            progress(done)
        taken.flush()
        os.fsync(taken.fileno())
    shutil.copymode(source, target)
