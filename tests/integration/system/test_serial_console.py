"""The console on a serial line by pyserial: two ends of a line, unplugged, at another speed, edited by what arrives."""

import contextlib
import os
import re
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from appliance.console.serial_line import Carrier, is_screen, kernel_speed
from appliance.core.files import Layout
from appliance.store import people
from appliance.store.database import open_database
from tests.rigs.patience import until

ROOT = Path(__file__).parents[3]


class Cable:
    """A line with two ends, as an adapter and the terminal at its far end; `unplug` takes both away."""

    def __init__(self, folder: Path) -> None:
        self.near, self.far = folder / "ttyUSB0", folder / "far"
        ends = [f"pty,raw,echo=0,link={end}" for end in (self.near, self.far)]
        self._socat = subprocess.Popen(["socat", *ends], stdin=subprocess.DEVNULL)
        until(lambda: self.near.exists() and self.far.exists(), what="the line")

    def unplug(self) -> None:
        self._socat.kill()
        self._socat.wait()
        for end in (self.near, self.far):
            end.unlink(missing_ok=True)


class Terminal:
    """Somebody's terminal at the far end."""

    def __init__(self, cable: Cable) -> None:
        self._port = serial.Serial(str(cable.far), 9600, timeout=0.5)
        self.shown = ""
        self._at = 0

    def see(self, wanted: str) -> str:
        """Wait until this is shown after what was seen before; what was shown up to and with it."""

        def is_there() -> bool:
            self.shown += self._port.read(max(1, self._port.in_waiting)).decode("utf-8", "replace")
            return wanted in self.shown[self._at :]

        until(is_there, what=f"{wanted!r} on the line")
        begin = self._at
        self._at = self.shown.index(wanted, begin) + len(wanted)
        return self.shown[begin : self._at]

    def send(self, content: bytes) -> None:
        self._port.write(content)

    def type(self, text: str) -> None:
        self.send(text.encode() + b"\r")

    def close(self) -> None:
        with contextlib.suppress(OSError, serial.SerialException):
            self._port.close()


@contextlib.contextmanager
def console(layout: Layout, cable: Cable, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    words = [
        "-m",
        "appliance.commands.tapeline",
        "console",
        "--data",
        str(layout.data),
        "--port",
        str(cable.near),
    ]
    process = subprocess.Popen(
        [sys.executable, *words, *options], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    made = Cable(tmp_path)
    yield made
    made.unplug()


@pytest.fixture
def terminal(cable: Cable) -> Iterator[Terminal]:
    made = Terminal(cable)
    yield made
    made.close()


def speed_of(cable: Cable) -> int:
    fd = os.open(cable.near, os.O_RDWR | os.O_NOCTTY)
    try:
        return termios.tcgetattr(fd)[5]
    finally:
        os.close(fd)


def test_a_new_box_is_set_up_at_9600_with_what_is_typed_corrected(layout: Layout, cable, terminal) -> None:
    with console(layout, cable):
        terminal.see("on ttyUSB0")
        terminal.see("Enter = English:")
        assert speed_of(cable) == termios.B9600
        terminal.type("")
        terminal.see("the start again:")
        terminal.type("1")
        terminal.see("name [admin]:")
        terminal.send("boß\x7fs\x1b[D\x1b[As\x08s".encode())
        assert "ß\b \b" in terminal.see("s\b \bs")
        terminal.send(b"\r\n")
        terminal.see("New password:")
        terminal.type("correct horse battery")
        terminal.see("New password again:")
        terminal.type("correct horse battery")
        terminal.see("boss may sign in now")
        assert "horse" not in terminal.shown
    database = open_database(layout)
    assert people.has_administrator(database)
    database.close()


def test_a_line_typed_away_counts_for_nothing_and_the_end_of_input_begins_anew(
    layout, cable, terminal
) -> None:
    with console(layout, cable) as process:
        terminal.see("Enter = English:")
        terminal.send(b"rubbish\x15\r")
        terminal.see("\b \b")
        terminal.see("the start again:")
        terminal.send(b"\x04")
        until(lambda: process.poll() == 0, what="the sitting to end")


def test_a_terminal_at_another_speed_is_met_when_somebody_presses_a_key(layout, cable, terminal) -> None:
    with console(layout, cable, "--speed", "9600"):
        terminal.see("Enter = English:")
        terminal.send(b"\xff")  # a return at 115200 baud, as a port at 9600 hears it
        terminal.see("on ttyUSB0")
        terminal.see("Enter = English:")
        assert speed_of(cable) == termios.B115200
        terminal.send(b"\x00")
        terminal.see("Enter = English:")
        assert speed_of(cable) == termios.B38400
        terminal.type("")
        terminal.see("the start again:")
        terminal.send("中\x00".encode())  # after the first line it is writing
        terminal.type("\x7f")
        terminal.see("on ttyUSB0")
        assert speed_of(cable) == termios.B38400


def test_a_line_that_is_unplugged_ends_the_sitting_and_a_new_one_begins(layout, tmp_path) -> None:
    cable = Cable(tmp_path)
    terminal = Terminal(cable)
    with console(layout, cable) as process:
        terminal.see("Enter = English:")
        cable.unplug()
        until(lambda: process.poll() is not None, what="the console to end")
        assert process.poll() == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    terminal.close()
    again = Cable(tmp_path)
    terminal = Terminal(again)
    with console(layout, again):
        terminal.see("Enter = English:")
    terminal.close()
    again.unplug()


def test_nobody_at_the_line_for_long_is_signed_out(layout, cable, terminal) -> None:
    with console(layout, cable, "--idle", "1") as process:
        terminal.see("Enter = English:")
        until(lambda: process.poll() == 0, what="the sitting to end")


def test_a_line_is_one_program_s_alone(layout, cable, terminal) -> None:
    with console(layout, cable):
        terminal.see("Enter = English:")
        with console(layout, cable) as second:
            until(lambda: second.poll() == 0, what="the second to give up")
        terminal.type("")
        terminal.see("the start again:")


def test_a_carrier_counts_once_it_was_there() -> None:
    three_wires, modem = Carrier(), Carrier()
    assert not any(three_wires.is_lost(now=now) for now in (False, False, None))
    assert [modem.is_lost(now=now) for now in (False, True, True, False)] == [False, False, False, True]


def test_the_kernel_s_own_speed_is_spoken_on_its_line(tmp_path: Path) -> None:
    told = tmp_path / "cmdline"
    told.write_text(
        "quiet console=tty1 console=ttyS0,57600 console=ttyS0,115200n8 console=ttyS10,300 x=ttyS1,1200\n"
    )
    speeds = [kernel_speed(name, told) for name in ("ttyS0", "ttyS10", "ttyS1", "ttyUSB0", "tty1")]
    assert speeds == [115200, 300, 9600, 9600, 9600]
    assert is_screen("tty1")
    assert not any(is_screen(name) for name in ("ttyS0", "ttyUSB12", "ttyACM0", "pts"))


def test_every_console_unit_speaks_by_the_port() -> None:
    unit = (ROOT / "rootfs/usr/lib/systemd/system/tapeline-console@.service").read_text()
    assert re.search(r"^ExecStart=.* --port /dev/%I$", unit, re.MULTILINE)
