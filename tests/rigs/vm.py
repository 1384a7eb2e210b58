"""A virtual machine that boots our disk image under software emulation: serial console, root shell, two network ports,
QEMU's own control socket.

The management port is user networking, reached by ports forwarded on loopback. The mirror port is a cable made of
datagrams: what is sent to it arrives as on a mirror port, and everything the machine itself says there is heard.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.rigs.inspection import Shell, install
from tests.rigs.patience import until
from tests.rigs.ports import free_port
from tests.rigs.serial_line import Line

FIRMWARE = Path("/usr/share/OVMF/OVMF_CODE_4M.fd")
FIRMWARE_STORE = Path("/usr/share/OVMF/OVMF_VARS_4M.fd")
BOOT_S = 900.0
_DISK_GIB = 12
_STANDS_STILL = "rcu_preempt kthread starved"
_SAID_OFTEN = 3
_LOOK_S = 2.0


class Cable:
    """The other end of the mirror port; one datagram is one frame."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.machine_port = free_port()
        self.socket.connect(("127.0.0.1", self.machine_port))

    @property
    def option(self) -> str:
        """What QEMU is told."""
        own = self.socket.getsockname()[1]
        return (
            "dgram,id=mirror,local.type=inet,local.host=127.0.0.1,"
            f"local.port={self.machine_port},remote.type=inet,remote.host=127.0.0.1,remote.port={own}"
        )

    def heard(self) -> list[bytes]:
        """The frames that the machine has sent since the last look."""
        frames = []
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            while True:
                frames.append(self.socket.recv(65536, socket.MSG_DONTWAIT))
        return frames

    def close(self) -> None:
        """Unplug."""
        self.socket.close()


class Vm:
    """One machine with one disk; `start` as often as it is to be powered on."""

    def __init__(self, image: Path, folder: Path, *, bios: bool = False) -> None:
        self.folder = folder
        self.disk = folder / "disk.img"
        self.bios = bios
        self.https = free_port()
        self.http = free_port()
        self.snmp = free_port()
        self.address = ""
        """Where the box has its management address; empty = where the first DHCP client of the network has it."""
        self.cable = Cable()
        self.started_mono_s = 0.0
        self.hangs = 0
        """How often the emulator, not the system in it, stood still and was reset."""
        self._process: subprocess.Popen[bytes] | None = None
        self._console: Line | None = None
        self._shell: Shell | None = None
        self._stopped = threading.Event()
        self._nurse: threading.Thread | None = None
        self._stores = folder / "firmware.fd"
        if not bios:
            shutil.copyfile(FIRMWARE_STORE, self._stores)
        subprocess.run(["cp", "--sparse=always", image, self.disk], check=True)
        with self.disk.open("r+b") as disk:
            disk.truncate(_DISK_GIB << 30)
        install(self.disk, folder)

    @property
    def console(self) -> Line:
        """The serial line of the present run."""
        assert self._console is not None
        return self._console

    @property
    def shell(self) -> Shell:
        """A root shell of the present run."""
        assert self._shell is not None
        return self._shell

    def start(self, *extra: str, clock: str = "utc") -> None:
        """Power on; returns when the machine obeys. `clock` is its real-time clock as QEMU takes it."""
        control, serial, second = (self.folder / name for name in ("control", "serial", "second"))
        for path in (control, serial, second):
            path.unlink(missing_ok=True)
        user = ",".join(["user,id=management", *(f"hostfwd={way}" for way in self._ways)])
        firmware = [] if self.bios else [
            "-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}",
            "-drive", f"if=pflash,format=raw,file={self._stores}",
        ]  # fmt: skip
        # A plain processor: for each thing that a newer one can do the kernel loads and tests modules, slowly here.
        command = [
            "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-smp", "2", "-m", "2048",
            "-nodefaults", "-display", "none", "-rtc", f"base={clock}", *firmware,
            "-drive", f"if=none,id=disk,file={self.disk},format=raw,cache=writeback,discard=unmap,detect-zeroes=unmap",
            "-device", "virtio-blk-pci,drive=disk,bootindex=0",
            "-netdev", user, "-device", "virtio-net-pci,netdev=management,romfile=,mac=52:54:00:00:00:01",
            "-netdev", self.cable.option,
            "-device", "virtio-net-pci,netdev=mirror,romfile=,mac=52:54:00:00:00:02,rx_queue_size=1024",
            "-device", "virtio-rng-pci", "-device", "i6300esb", "-action", "watchdog=reset", "-device", "qemu-xhci",
            "-chardev", f"socket,id=line,path={serial},server=on,wait=off,logfile={self.folder / 'console.log'},logappend=on",
            "-serial", "chardev:line",
            "-chardev", f"socket,id=second,path={second},server=on,wait=off", "-serial", "chardev:second",
            "-qmp", f"unix:{control},server=on,wait=off", *extra,
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self.started_mono_s = time.monotonic()
        self._console = Line(serial)
        self._shell = Shell(Line(second))
        self._stopped.clear()
        self._nurse = threading.Thread(target=self._reset_when_stuck, args=(self._console,), daemon=True)
        self._nurse.start()
        self.obeys()
        self.cable.heard()  # what the firmware said is not ours

    def obeys(self) -> None:
        """Wait until the shell of a start is there; call it after a restart as well."""
        try:
            self.shell.ready(BOOT_S)
        except AssertionError as error:
            message = f"{error!r}\n--- the console's last words:\n{self.console.said[-4000:]}"
            raise AssertionError(message) from None

    @property
    def _ways(self) -> list[str]:
        """What is reached through a port of the loopback, in QEMU's words."""
        ports = (("tcp", self.https, 443), ("tcp", self.http, 80), ("udp", self.snmp, 161))
        return [f"{kind}:127.0.0.1:{outside}-{self.address}:{inside}" for kind, outside, inside in ports]

    def moved(self, address: str) -> None:
        """The box is reached at another address from now on."""
        for way in self._ways:
            self._monitor(f"hostfwd_remove management {way.partition('-')[0]}")
        self.address = address
        for way in self._ways:
            self._monitor(f"hostfwd_add management {way}")

    def plug_stick(self, stick: Path) -> None:
        """Put a USB stick with this content into the box."""
        self.ask(
            "blockdev-add",
            driver="raw",
            **{"node-name": "stick", "file": {"driver": "file", "filename": str(stick)}},
        )
        self.ask("device_add", driver="usb-storage", id="stick", drive="stick", removable=True)

    def unplug_stick(self) -> None:
        """Pull it out; whoever has not written by now has lost."""
        self.ask("device_del", id="stick")
        until(self._is_stick_gone, 60, "the stick to be let go")

    def _is_stick_gone(self) -> bool:
        try:
            self.ask("blockdev-del", **{"node-name": "stick"})
        except AssertionError:
            return False
        return True

    def _monitor(self, command: str) -> None:
        told = self.ask("human-monitor-command", **{"command-line": command})
        assert "rror" not in str(told), f"{command}: {told}"

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
        self._stopped.set()
        if self._nurse is not None:
            self._nurse.join()
            self._nurse = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._console is not None:
            self._console.close()
            self._console = None
        if self._shell is not None:
            self._shell.close()
            self._shell = None

    def _reset_when_stuck(self, console: Line) -> None:
        """Do what a real machine's watchdog does.

        After a restart an emulated processor sometimes waits for ever with its timer's interrupt still in service, and
        the kernel, before anything of ours has run, tells of it every 20 seconds.
        """
        seen = 0
        while not self._stopped.wait(_LOOK_S):
            if console.said.count(_STANDS_STILL, seen) >= _SAID_OFTEN:
                seen = len(console.said)
                self.hangs += 1
                self.ask("system_reset")

    def close(self) -> None:
        """Power off for ever."""
        self.power_cut()
        self.cable.close()


@contextlib.contextmanager
def vm(image: Path, folder: Path, *, bios: bool = False) -> Iterator[Vm]:
    """A machine that is gone afterwards."""
    machine = Vm(image, folder, bios=bios)
    try:
        yield machine
    finally:
        machine.close()


def partition(disk: Path, label: str) -> int:
    """Where a partition begins, in bytes. Source: UEFI specification 2.10 §5.3.3 (entries of 128 bytes from block 2 on)"""
    with disk.open("rb") as file:
        file.seek(1024)
        table = file.read(128 * 128)
    for entry in (table[at : at + 128] for at in range(0, len(table), 128)):
        if entry[56:].decode("utf-16-le").rstrip("\0") == label:
            return int.from_bytes(entry[32:40], "little") * 512
    message = f"there is no partition {label}"
    raise AssertionError(message)
