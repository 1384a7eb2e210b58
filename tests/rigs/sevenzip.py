"""Locked archives, opened by 7-Zip: the reader that people have."""

import shutil
import subprocess
from pathlib import Path

SEVEN_ZIP = shutil.which("7zz") or "7z"


def extract(archive: Path, password: str, into: Path) -> "subprocess.CompletedProcess[str]":
    """What 7-Zip says of it, and its status; the files are in the folder then."""
    words = [SEVEN_ZIP, "x", "-y", f"-p{password}", f"-o{into}", str(archive)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def unlocked(content: bytes, password: str, folder: Path) -> dict[str, bytes] | None:
    """The files of a locked archive by their names; None when it does not open."""
    folder.mkdir(parents=True, exist_ok=True)
    archive, into = folder / "locked.zip", folder / "opened"
    archive.write_bytes(content)
    done = extract(archive, password, into)
    return {one.name: one.read_bytes() for one in into.iterdir()} if done.returncode == 0 else None
