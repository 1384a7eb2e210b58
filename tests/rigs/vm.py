"""A virtual machine that boots our disk image under software emulation, with its serial console, its two network
ports and QEMU's own control socket.

The management port is user networking, reached by ports forwarded on loopback; the mirror port is a tap device in a
namespace of the rig's own, so that packets can be sent into it as a switch would.
"""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.rigs.patience import until
from tests.rigs.ports import free_port

FIRMWARE = Path("/usr/share/OVMF/OVMF_CODE_4M.fd")
FIRMWARE_STORE = Path("/usr/share/OVMF/OVMF_VARS_4M.fd")
BOOT_S = 420.0


class Console:
    """The serial line: everything it ever said, and a way to type."""

    def __init__(self, path: Path) -> None:
        self.said = ""
        self._socket = socket.socket(socket.AF_UNIX)
        until(path.exists, what="the console's socket")
        self._socket.connect(str(path))
        self._socket.setblocking(False)

    def read(self) -> str:
        """Take in what has come since; returns all that was ever said."""
        with contextlib.suppress(BlockingIOError):
            while part := self._socket.recv(65536):
                self.said += part.decode("utf-8", "replace")
        return self.said

    def expect(self, pattern: str, deadline_s: float = BOOT_S, *, after: int = 0) -> re.Match[str]:
        """Wait until the console has said it, from position `after` on."""
        compiled = re.compile(pattern)

        def found() -> re.Match[str] | None:
            return compiled.search(self.read(), after)

        try:
            match = until(found, deadline_s, f"the console to say {pattern!r}")
        except AssertionError as error:
            message = f"{error}\n--- the console's last words:\n{self.said[-3000:]}"
            raise AssertionError(message) from None
        assert match is not None
        return match

    def type(self, text: str) -> None:
        """Type slowly enough for a serial line without flow control."""
        for start in range(0, len(text), 16):
            self._socket.sendall(text[start : start + 16].encode())
            time.sleep(0.01)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class Vm:
    """One machine with one disk; `start` as often as it is to be powered on."""

    def __init__(self, image: Path, folder: Path, *, disk_gib: int = 12, bios: bool = False) -> None:
        self.folder = folder
        self.disk = folder / "disk.qcow2"
        self.bios = bios
        self.https = free_port()
        self.http = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._console: Console | None = None
        self._stores = folder / "firmware.fd"
        if not bios:
            shutil.copyfile(FIRMWARE_STORE, self._stores)
        subprocess.run(
            ["qemu-img", "create", "-q", "-f", "qcow2", "-b", image, "-F", "raw", self.disk, f"{disk_gib}G"],
            check=True,
        )

    @property
    def console(self) -> Console:
        """The serial line of the present run."""
        assert self._console is not None
        return self._console

    def start(self, *extra: str, namespace: str = "", tap: str = "") -> None:
        """Power on. `tap` is a device in `namespace` that the second port is joined to."""
        control, serial = self.folder / "control", self.folder / "serial"
        for path in (control, serial):
            path.unlink(missing_ok=True)
        user = f"user,id=management,restrict=off,hostfwd=tcp:127.0.0.1:{self.https}-:443,hostfwd=tcp:127.0.0.1:{self.http}-:80"
        mirror = f"tap,id=mirror,ifname={tap},script=no,downscript=no" if tap else "hubport,id=mirror,hubid=9"
        firmware = [] if self.bios else [
            "-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}",
            "-drive", f"if=pflash,format=raw,file={self._stores}",
        ]  # fmt: skip
        command = [
            *(["ip", "netns", "exec", namespace] if namespace else []),
            "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "2048",
            "-nodefaults", "-display", "none", *firmware,
            "-drive", f"if=none,id=disk,file={self.disk},format=qcow2,cache=writeback,discard=unmap,detect-zeroes=unmap",
            "-device", "virtio-blk-pci,drive=disk,bootindex=0",
            "-netdev", user, "-device", "virtio-net-pci,netdev=management,romfile=,mac=52:54:00:00:00:01",
            "-netdev", mirror, "-device", "virtio-net-pci,netdev=mirror,romfile=,mac=52:54:00:00:00:02,rx_queue_size=1024",
            "-device", "virtio-rng-pci", "-device", "i6300esb", "-action", "watchdog=reset", "-device", "qemu-xhci",
            "-chardev", f"socket,id=line,path={serial},server=on,wait=off,logfile={self.folder / 'console.log'},logappend=on",
            "-serial", "chardev:line", "-qmp", f"unix:{control},server=on,wait=off", *extra,
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._console = Console(serial)

    def ask(self, command: str, **arguments: object) -> object:
        """One command of QEMU's control protocol."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.folder / "control"))
            stream = control.makefile("rw")
            stream.readline()
            for request in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                stream.write(json.dumps(request) + "\n")
                stream.flush()
                answer = json.loads(stream.readline())
                while "event" in answer:
                    answer = json.loads(stream.readline())
            assert "error" not in answer, answer
            return answer["return"]

    def power_cut(self) -> None:
        """Everything that was not on the disk is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._console is not None:
            self._console.read()
            self._console.close()
            self._console = None

    def wait_off(self, deadline_s: float = 120) -> None:
        """Wait until it has powered itself off."""
        assert self._process is not None
        self._process.wait(deadline_s)


@contextlib.contextmanager
def vm(image: Path, folder: Path, *, bios: bool = False) -> Iterator[Vm]:
    """A machine that is gone afterwards."""
    machine = Vm(image, folder, bios=bios)
    try:
        yield machine
    finally:
        machine.power_cut()
