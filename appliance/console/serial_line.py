"""The console on a serial line by pyserial: speed, flow and carrier are ours, and so is the editing of what is typed.

A terminal at another speed is noticed by what arrives when somebody presses Enter; the next speed is tried then, as getty
does on a BREAK. A carrier that was there and is gone is a sitting that is over.
Source: pyserial's documentation (pyserial API), getty(8), the kernel's Documentation/admin-guide/serial-console.rst
"""

import contextlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import serial

from appliance.console.terminal import Gone, Terminal, width

SPEEDS = (9600, 115200, 38400, 19200, 57600)
"""What is tried, baud; the first one is spoken where nothing else was said."""

_KERNEL = Path("/proc/cmdline")
_SCREEN = re.compile(r"tty[0-9]+")
_LOOK_S = 0.5
_WRITE_S = 60.0
_MOST_BYTES = 4096
_CR, _LF, _ESC = 0x0D, 0x0A, 0x1B
_ERASE = (0x08, 0x7F)
_KILL = (0x15, 0x03)
_END = 0x04
_FIRST_PRINTABLE, _FIRST_HIGH = 0x20, 0x80
_CONTINUES = 0xC0
_FINAL = range(0x40, 0x7F)


class OtherSpeed(Exception):  # no error: the sitting begins anew
    """What arrived was no writing: the line speaks at another speed from now on."""


class Carrier:
    """Tells when whoever was there has hung up; a line without a carrier (three wires) never tells."""

    def __init__(self) -> None:
        self._was_there = False

    def is_lost(self, *, now: bool | None) -> bool:
        """`now` is whether there is one, None where the line cannot tell."""
        self._was_there = self._was_there or now is True
        return self._was_there and now is False


def is_screen(name: str) -> bool:
    """Whether it is one of the kernel's own screens, no line."""
    return _SCREEN.fullmatch(name) is not None


def kernel_speed(name: str, cmdline: Path = _KERNEL) -> int:
    """The speed at which the kernel itself speaks on this line, 9600 where it says nothing."""
    found = re.findall(rf"(?:^|\s)console={re.escape(name)},([0-9]+)", cmdline.read_text("ascii", "replace"))
    return int(found[-1]) if found and 0 < int(found[-1]) <= max(serial.Serial.BAUDRATES) else SPEEDS[0]


class Line:
    """One serial port, ours alone; `speed` is the one spoken now.

    Raises: Gone when it cannot be had
    """

    def __init__(self, path: Path, speed: int) -> None:
        try:
            self._port = serial.Serial(
                str(path),
                speed,
                timeout=_LOOK_S,
                write_timeout=_WRITE_S,
                xonxoff=True,  # a VT100 says so when it cannot follow
                exclusive=True,
            )
        except (serial.SerialException, OSError, ValueError) as error:
            raise Gone from error
        self._carrier = Carrier()
        self._has_carrier = True
        self._waiting = bytearray()

    @property
    def speed(self) -> int:
        """Baud."""
        return int(self._port.baudrate)

    def next_speed(self) -> None:
        """Speak at the next speed; what waited was at another one."""
        ways = [*SPEEDS, *([] if self.speed in SPEEDS else [self.speed])]
        with _gone():
            self._port.baudrate = ways[(ways.index(self.speed) + 1) % len(ways)]
            self._port.reset_input_buffer()
        self._waiting.clear()

    def byte(self, within_s: float) -> int:
        """The next byte.

        Raises: Gone when nobody typed for so long, or the line is gone
        """
        end = time.monotonic() + within_s
        while not self._waiting:
            with _gone():
                self._waiting += self._port.read(max(1, min(_MOST_BYTES, self._port.in_waiting)))
            if self._waiting:
                break
            if self._carrier.is_lost(now=self._told()) or time.monotonic() >= end:
                raise Gone
        return self._waiting.pop(0)

    def write(self, content: bytes) -> None:
        """Say it all.

        Raises: Gone
        """
        with _gone():
            self._port.write(content)

    def close(self) -> None:
        """Let go of it."""
        with contextlib.suppress(serial.SerialException, OSError):
            self._port.close()

    def _told(self) -> bool | None:
        if not self._has_carrier:
            return None
        try:
            return bool(self._port.cd)
        except OSError:  # no modem lines at all
            self._has_carrier = False
            return None


class SerialTerminal(Terminal):
    """One sitting at a serial line."""

    def __init__(self, line: Line, *, idle_s: float = 600.0) -> None:
        super().__init__(-1, -1, speaks_chinese=True, idle_s=idle_s)
        self._serial = line
        self._shows = True
        self._is_fresh = True
        self._after_return = False

    @contextmanager
    def _unseen(self) -> Iterator[None]:
        self._shows = False
        try:
            yield
        finally:
            self._shows = True

    def _write(self, text: str) -> None:
        self._serial.write(text.encode("utf-8", "replace"))

    def _line(self) -> str:
        """What was typed.

        Raises: Gone, OtherSpeed while nothing was typed yet
        """
        typed = bytearray()
        while (byte := self._next()) != _CR:
            if byte in _ERASE:
                self._rub_out(typed, one=True)
            elif byte in _KILL:
                self._rub_out(typed, one=False)
            elif byte == _END and not typed:
                raise Gone
            elif byte == _ESC:
                self._skip_sequence()
            elif byte >= _FIRST_PRINTABLE and len(typed) < _MOST_BYTES:
                typed.append(byte)
                if self._shows:
                    self._serial.write(bytes([byte]))
        self._is_fresh = False
        if self._shows:
            self._serial.write(b"\r\n")
        return "".join(sign for sign in typed.decode("utf-8", "replace") if sign.isprintable())

    def _next(self) -> int:
        """The next byte; the end of a line is always one return, whatever the terminal sends."""
        while True:
            byte = self._serial.byte(self._idle_s)
            if self._is_fresh and (byte == 0 or byte >= _FIRST_HIGH):
                self._serial.next_speed()
                raise OtherSpeed
            is_second = byte == _LF and self._after_return
            self._after_return = byte == _CR
            if not is_second:
                return _CR if byte == _LF else byte

    def _rub_out(self, typed: bytearray, *, one: bool) -> None:
        while typed:
            begin = len(typed) - 1
            while begin and typed[begin] & _CONTINUES == _FIRST_HIGH:
                begin -= 1
            columns = width(typed[begin:].decode("utf-8", "replace"))
            del typed[begin:]
            if self._shows:
                self._serial.write(b"\b \b" * columns)
            if one:
                return

    def _skip_sequence(self) -> None:
        """Arrows and other keys of a terminal mean nothing here."""
        if self._next() in b"[O":
            while self._next() not in _FINAL:
                pass


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except (
        serial.SerialException,
        OSError,
        TypeError,
    ) as error:  # TypeError: pyserial's port that was closed
        raise Gone from error
