"""Places in the network by the program `rclone`: one way to write, list, read and delete by FTP, SFTP, SMB and S3.

What it needs to know of a place goes in by its environment, which only our own user can read; nothing is written down.
Source: rclone(1), https://rclone.org/docs/#environment-variables
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.core.errors import Later
from appliance.core.text import Text
from appliance.system.tool import ToolMissing

_REMOTE = "place"
_SHORT_S = 120.0
_CHUNK = 1 << 20
_CAREFUL = (
    "--config=/dev/null",
    "--retries=1",
    "--low-level-retries=3",
    "--contimeout=15s",
    "--timeout=60s",
    "--use-json-log",
    "--log-level=ERROR",
)

Progress = Callable[[int], None]
"""Told the bytes that are through."""


class PlaceFails(Later):
    """A place for backups cannot be used. Facts: peer, problem."""

    text = Text(en="{peer}: {problem}", zh="{peer}：{problem}")
    after_s = 60.0


class Entry(NamedTuple):
    """A file of the place."""

    name: str
    bytes: int


class Remote:
    """One place. `settings` are rclone's own words for it (`type`, `host` …), `root` the folder inside.

    Raises: PlaceFails, ToolMissing; from every method
    """

    def __init__(self, name: str, settings: Mapping[str, str], root: str) -> None:
        self._name = name
        self._root = root.strip("/")
        # Of a folder whose parent is missing some FTP servers say more than "there is none".
        self._to_make = settings["type"] == "ftp"
        self._environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            "HOME": "/nonexistent",
            f"RCLONE_CONFIG_{_REMOTE.upper()}_TYPE": settings["type"],
            **{
                f"RCLONE_CONFIG_{_REMOTE.upper()}_{key.upper()}": value
                for key, value in settings.items()
                if key != "type" and value
            },
        }

    def entries(self) -> list[Entry]:
        """The files of the folder; none while there is no folder."""
        self._prepare()
        done = self._run(["lsjson", "--files-only", self._path()], allow=(3,))
        if done.returncode == 3:
            return []
        found = msgspec.json.decode(done.stdout or b"[]", type=list[dict[str, object]])
        return [Entry(str(one["Name"]), int(str(one["Size"]))) for one in found]

    def put(self, source: Path, name: str, progress: Progress) -> None:
        """Bring a file there; under its name it is whole or not there."""
        self._prepare()
        part = f"{name}.part"
        words = [
            "copyto",
            "--ignore-times",
            "--stats=1s",
            "--stats-log-level=ERROR",
            str(source),
            self._path(part),
        ]
        self._watched(words, progress)
        self._run(["moveto", self._path(part), self._path(name)], within_s=None)

    def fetch(self, name: str, target: Path, progress: Progress) -> None:
        """Bring a file here."""
        words = [
            "copyto",
            "--ignore-times",
            "--stats=1s",
            "--stats-log-level=ERROR",
            self._path(name),
            str(target),
        ]
        self._watched(words, progress)

    def read(self, name: str) -> Iterator[bytes]:
        """What a file holds, as it comes."""
        with self._start(["cat", self._path(name)]) as process:
            assert process.stdout is not None
            while piece := process.stdout.read(_CHUNK):
                yield piece
            assert process.stderr is not None
            told = process.stderr.read()
            if process.wait():
                raise self._failed(told)

    def delete(self, name: str) -> None:
        """Remove a file; none is fine."""
        self._run(["deletefile", self._path(name)], allow=(3, 4))

    def _prepare(self) -> None:
        if not self._to_make:
            return
        levels = self._root.split("/")
        for depth in range(len(levels) if self._root else 0):
            self._run(["mkdir", f"{_REMOTE}:{'/'.join(levels[: depth + 1])}"])
        self._to_make = False

    def _path(self, name: str = "") -> str:
        return f"{_REMOTE}:" + "/".join(filter(None, (self._root, name)))

    def _start(self, words: list[str]) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                ["rclone", *_CAREFUL, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment,
            )
        except FileNotFoundError as error:
            raise ToolMissing(tool="rclone") from error

    def _run(
        self, words: list[str], *, allow: tuple[int, ...] = (), within_s: float | None = _SHORT_S
    ) -> "subprocess.CompletedProcess[bytes]":
        with self._start(words) as process:
            try:
                output, errors = process.communicate(timeout=within_s)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise PlaceFails(peer=self._name, problem="no answer") from error
            except BaseException:
                process.kill()
                raise
            if process.returncode and process.returncode not in allow:
                raise self._failed(errors)
            return subprocess.CompletedProcess(words, process.returncode, output, errors)

    def _watched(self, words: list[str], progress: Progress) -> None:
        with self._start(words) as process:
            assert process.stderr is not None
            told = b""
            try:
                for line in process.stderr:
                    moved = _stats(line)
                    if moved is None:
                        told = (told + line)[-8000:]
                    else:
                        progress(moved)
            except BaseException:
                process.kill()
                raise
            if process.wait():
                raise self._failed(told)

    def _failed(self, told: bytes) -> PlaceFails:
        return PlaceFails(peer=self._name, problem=reason(told.decode("utf-8", "replace")))


def obscured(password: str) -> str:
    """A password in the form in which rclone wants it."""
    if not password:
        return ""
    try:
        done = subprocess.run(
            ["rclone", "obscure", "-"],
            input=password.encode(),
            capture_output=True,
            timeout=_SHORT_S,
            check=True,
            env={"PATH": os.defpath, "HOME": "/nonexistent"},
        )
    except FileNotFoundError as error:
        raise ToolMissing(tool="rclone") from error
    return done.stdout.decode().strip()


def reason(told: str) -> str:
    """The sentence in what rclone wrote that says most."""
    found = []
    for line in told.splitlines():
        try:
            said = str(json.loads(line).get("msg", ""))
        except ValueError:
            said = line
        said = said.split("Failed to ", 1)[-1] if "Failed to " in said else said
        if said.strip():
            found.append(said.strip())
    return (found[-1] if found else "unknown")[:300]


def _stats(line: bytes) -> int | None:
    try:
        content = json.loads(line)
    except ValueError:
        return None
    stats = content.get("stats") if isinstance(content, dict) else None
    return int(stats.get("bytes", 0)) if isinstance(stats, dict) else None
