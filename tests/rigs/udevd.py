"""A real udev in namespaces of its own: what comes and goes there is heard there, and nothing of the machine is touched."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.rigs.patience import until

_ROOT = Path(__file__).parents[2]
RULES = _ROOT / "rootfs/usr/lib/udev/rules.d"
_SET_UP = """set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t sysfs -o ro sysfs /sys
mount --bind /dev /dev
mount -o remount,bind,ro /dev
mkdir -p /run/udev/rules.d
ip link set lo up
/lib/systemd/systemd-udevd >&2 &
while ! udevadm control --ping >&2; do sleep 0.1; done
echo ready
wait
"""


class Udev:
    """`inside` runs something where this udev is the machine's."""

    def __init__(self, log: Path) -> None:
        self._log = log.open("ab")
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _SET_UP],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == b"ready\n", log.read_text(errors="replace")
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text().split()
        self._inside = children[0]

    def inside(self, *words: str) -> list[str]:
        """A command line that runs in there."""
        return ["nsenter", "-t", self._inside, "-n", "-m", "--", *words]

    def run(self, *words: str) -> str:
        done = subprocess.run(self.inside(*words), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def write(self, name: str, content: str) -> None:
        """Another file of rules, before everything else that udev knows."""
        subprocess.run(
            self.inside("sh", "-c", f"cat >/run/udev/rules.d/{name}"),
            input=content.encode(),
            check=True,
        )

    def python(self, module: str, *words: str, log: Path) -> "subprocess.Popen[bytes]":
        """A module of ours in there."""
        with log.open("ab") as told:
            return subprocess.Popen(
                self.inside(sys.executable, "-m", module, *words),
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                cwd=_ROOT,
            )

    def close(self) -> None:
        self._holder.kill()
        self._holder.wait()
        self._holder.stdout.close()
        self._log.close()


@contextlib.contextmanager
def udev(folder: Path) -> Iterator[Udev]:
    made = Udev(folder / "udev.log")
    try:
        yield made
    finally:
        made.close()


def wait_for(log: Path, words: str) -> None:
    """Until a program has told this."""
    until(lambda: words in log.read_text(errors="replace"), what=f"{words!r} in {log.name}")
