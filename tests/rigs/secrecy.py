"""Looking for a secret in what a running box has written."""

import subprocess
from pathlib import Path


def told_in(folder: Path, secret: str) -> list[str]:
    """Files below the folder that hold the secret as it is.

    Read by a program of its own: a process that opens and closes the file of its own open index itself gives away
    SQLite's locks on it, and another's last connection then takes the log away under it.
    """
    found = subprocess.run(
        ["grep", "-rlaF", "-e", secret, folder], check=False, capture_output=True, text=True
    )
    assert found.returncode in (0, 1), found.stderr
    return found.stdout.splitlines()
