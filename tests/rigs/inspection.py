"""A root shell on a machine under test, without touching what is tested.

Kernel, start disk and both roots stay as they were built: beside them on the boot loader's partition the rig lays a second
start disk, which adds one unit in memory. Who may write there may do so, too, until the boot loader is signed.

The shell obeys lines of base64 on the second serial port and answers each with what was printed and the exit status.
"""

import base64
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.rigs.serial_line import Line

ESP = "2M"
"""Where the boot loader's partition begins, see `image/disk.cfg`."""

_HOOK = """#!/bin/sh
mkdir -p /run/systemd/system/sysinit.target.wants /run/inspection
cp /inspection/agent /run/inspection/agent
cp /inspection/inspection.service /run/systemd/system/
ln -s ../inspection.service /run/systemd/system/sysinit.target.wants/inspection.service
"""
_UNIT = """[Unit]
Description=The shell of the boot test
DefaultDependencies=no
Conflicts=shutdown.target
[Service]
ExecStart=/bin/bash /run/inspection/agent
Restart=always
RestartSec=1
TimeoutStopSec=2
"""
_AGENT = r"""
stty -F /dev/ttyS1 raw -echo
exec <>/dev/ttyS1 >&0
echo '<ready>'
while read -r line; do
    printf '%s' "$line" | base64 -d >/run/inspection/command
    bash /run/inspection/command >/run/inspection/said 2>&1 </dev/null
    status=$?
    printf '<%s:%s>\n' "$status" "$(base64 -w 0 /run/inspection/said)"
done
"""


def install(disk: Path, folder: Path) -> None:
    """Lay the second start disk beside the boot loader of a raw disk image."""
    extra = folder / "inspection.cpio"
    extra.write_bytes(
        _archive(
            {
                "inspection/agent": (0o644, _AGENT),
                "inspection/inspection.service": (0o644, _UNIT),
                "scripts/init-premount/inspection": (0o755, _HOOK),
                "scripts/init-premount/ORDER": (0o644, "/scripts/init-premount/inspection\n"),
            }
        )
    )
    menu = folder / "grub.cfg"
    subprocess.run(["mcopy", "-n", "-o", "-i", f"{disk}@@{ESP}", "::grub.cfg", menu], check=True)
    text = menu.read_text()
    assert "\ninitrd /initrd\n" in text
    menu.write_text(text.replace("\ninitrd /initrd\n", "\ninitrd /initrd ($esp)/inspection.cpio\n"))
    subprocess.run(["mcopy", "-o", "-i", f"{disk}@@{ESP}", extra, menu, "::"], check=True)


class Answer(NamedTuple):
    """What a command said, and its exit status."""

    status: int
    text: str


class Shell:
    """The other end of the second serial port."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._at = 0

    def ready(self, deadline_s: float) -> None:
        """Wait until the shell of the next start is there."""
        self._take(r"<ready>", deadline_s)

    def run(self, command: str, deadline_s: float = 120) -> Answer:
        """Run a command of bash as root."""
        self.begin(command)
        status, said = self._take(r"<(\d+):([A-Za-z0-9+/=]*)>", deadline_s).groups()
        return Answer(int(status), base64.b64decode(said).decode("utf-8", "replace"))

    def begin(self, command: str) -> None:
        """Run a command whose answer nobody waits for, such as a restart."""
        self._at = len(self._line.said)
        self._line.send(base64.b64encode(command.encode()) + b"\n")

    def ask(self, command: str, deadline_s: float = 120) -> str:
        """The output of a command that must not fail."""
        answer = self.run(command, deadline_s)
        assert answer.status == 0, f"{command}: {answer}"
        return answer.text.strip()

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _take(self, pattern: str, deadline_s: float) -> re.Match[str]:
        match = self._line.expect(pattern, deadline_s, after=self._at)
        self._at = match.end()
        return match


def _archive(files: dict[str, tuple[int, str]]) -> bytes:
    """A cpio archive of the form `newc`. Source: the kernel's Documentation/driver-api/early-userspace/buffer-format.rst"""
    folders = {str(parent) for name in files for parent in Path(name).parents if str(parent) != "."}
    entries = [(name, 0o40755, b"") for name in sorted(folders)]
    entries += [(name, 0o100000 | mode, text.encode()) for name, (mode, text) in files.items()]
    entries.append(("TRAILER!!!", 0, b""))
    made = b""
    for number, (name, mode, content) in enumerate(entries, 1):
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
        made += _padded(b"070701" + b"".join(b"%08X" % value for value in fields) + name.encode() + b"\0")
        made += _padded(content)
    return made


def _padded(part: bytes) -> bytes:
    return part + b"\0" * (-len(part) % 4)
