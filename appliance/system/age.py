"""Encryption of backups by the program `age`: for a public key, opened by a recovery key that fits on a line of paper.

A backup is an ordinary age file, so it can be opened without us: `age -d -i KEY backup.tar.gz.age | tar xz`.
Source: age-encryption.org/v1
"""

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from appliance.core.errors import Broken, Corrupt, Refused
from appliance.core.files import write_atomically
from appliance.core.text import Text
from appliance.system.tool import ToolMissing

_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")
_PUBLIC = re.compile(r"age1[0-9a-z]{58}")
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
_SECONDS = 20.0


class WrongKey(Refused):
    """None of the keys opens the file."""

    text = Text(
        en="This backup was made with another recovery key; enter that key.",
        zh="该备份使用其他恢复密钥加密，请输入对应的恢复密钥。",
    )


class NoKey(Refused):
    """What was typed is no recovery key."""

    text = Text(
        en="A recovery key begins with AGE-SECRET-KEY-1 and has 74 characters.",
        zh="恢复密钥以 AGE-SECRET-KEY-1 开头，共 74 个字符。",
    )


class NotSealed(Corrupt):
    """The file cannot be opened. Facts: problem."""

    text = Text(en="The backup is damaged: {problem}", zh="备份已损坏：{problem}")


class SealingFailed(Broken):
    """Facts: problem."""

    text = Text(en="The backup could not be encrypted: {problem}", zh="备份加密失败：{problem}")


def new_key() -> str:
    """A fresh recovery key."""
    return _one(_SECRET, _run(["age-keygen"], ""))


def typed_key(text: str) -> str:
    """A recovery key as a person types it: blanks and letter case do not count.

    Raises: NoKey
    """
    key = re.sub(r"\s+", "", text).upper()
    if _SECRET.fullmatch(key) is None:
        raise NoKey
    return key


def public_of(key: str) -> str:
    """The public key that files for this recovery key are encrypted for.

    Raises: NoKey
    """
    return _one(_PUBLIC, _run(["age-keygen", "-y"], f"{key}\n"))


def keys(path: Path) -> list[str]:
    """The recovery keys of a key file, the one in use first."""
    try:
        return _SECRET.findall(path.read_text("ascii"))
    except FileNotFoundError:
        return []


def keep_keys(path: Path, found: list[str]) -> None:
    """Write a key file; the first is the one in use, the others still open older backups."""
    write_atomically(path, "".join(f"{key}\n" for key in dict.fromkeys(found)).encode(), mode=0o600)


@contextlib.contextmanager
def sealing(public: str, target: Path) -> Iterator[IO[bytes]]:
    """A file to write what `target` shall hold encrypted; complete once the block has ended.

    Raises: SealingFailed, OSError
    """
    with target.open("wb") as file, tempfile.TemporaryFile() as errors:
        process = _start(["age", "-r", public], subprocess.PIPE, file, errors)
        assert process.stdin is not None
        try:
            with process.stdin:
                yield process.stdin
        except BrokenPipeError as error:
            process.wait()
            raise SealingFailed(problem=_told(errors)) from error
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.wait():
            raise SealingFailed(problem=_told(errors))
        os.fsync(file.fileno())


@contextlib.contextmanager
def opened(sealed: Path, with_keys: list[str]) -> Iterator[IO[bytes]]:
    """What an encrypted file holds, read as it is decrypted.

    Raises: WrongKey, NotSealed when what was read turns out to be damaged, at the end of the block at the latest
    """
    if not with_keys:
        raise WrongKey
    with contextlib.ExitStack() as stack:
        errors = stack.enter_context(tempfile.TemporaryFile())
        source = stack.enter_context(sealed.open("rb"))
        holder = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".key"))
        holder.write("".join(f"{key}\n" for key in with_keys))
        holder.flush()
        process = _start(["age", "-d", "-i", holder.name], source, subprocess.PIPE, errors)
        assert process.stdout is not None
        try:
            yield process.stdout
            while process.stdout.read(1 << 20):
                pass  # the end of the file is proved only when all was read
        except BaseException:
            process.kill()
            process.wait()
            problem = _told(errors)
            if "no identity matched" in problem:
                raise WrongKey from None
            raise
        finally:
            process.stdout.close()
        if process.wait():
            problem = _told(errors)
            if "no identity matched" in problem:
                raise WrongKey
            raise NotSealed(problem=problem)


def _start(words: list[str], given: object, output: object, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(words, stdin=given, stdout=output, stderr=errors, env=_ENVIRONMENT)  # type: ignore[call-overload,no-any-return]
    except FileNotFoundError as error:
        raise ToolMissing(tool=words[0]) from error


def _told(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read(4000).decode("utf-8", "replace").splitlines()
    said = [line.removeprefix("age: ").removeprefix("error: ") for line in lines if "report" not in line]
    return " ".join(said)[:300] or "age ended early"


def _run(words: list[str], given: str) -> str:
    try:
        done = subprocess.run(
            words,
            input=given,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            env=_ENVIRONMENT,
        )
    except FileNotFoundError as error:
        raise ToolMissing(tool=words[0]) from error
    return done.stdout


def _one(wanted: re.Pattern[str], told: str) -> str:
    found = wanted.search(told)
    if found is None:
        raise NoKey
    return found[0]
