"""`tapeline console`: the box's menu on a terminal, as it stands on the screen and on every serial line."""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from appliance.console.menu import Console
from appliance.console.people import Desk
from appliance.console.serial_line import Line, OtherSpeed, SerialTerminal, is_screen, kernel_speed
from appliance.console.terminal import Gone, Terminal
from appliance.core.files import Layout
from appliance.store.database import open_database


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--line", default="", help="what the terminal is called (its device's name)")
    parser.add_argument(
        "--port",
        type=Path,
        metavar="DEVICE",
        help="speak on this serial port; without it, and on the kernel's screens, on the standard input",
    )
    parser.add_argument(
        "--speed",
        type=int,
        default=0,
        metavar="BAUD",
        help="of the port; without it the kernel's on this line, else 9600",
    )
    parser.add_argument(
        "--idle", type=float, default=600.0, metavar="S", help="sign out after so long without a key (600)"
    )


def execute(chosen: argparse.Namespace) -> int:
    """One sitting after the other until the line is gone: 0."""
    layout = Layout(chosen.data.absolute()).make()
    port: Path | None = chosen.port
    name = chosen.line or (port.name if port else _own_line())
    database = open_database(layout)
    try:
        if port is None or is_screen(port.name):
            _on_input(name, chosen.idle, lambda one: Console(one, Desk(layout, database, name)).sit())
        else:
            with contextlib.closing(Line(port, chosen.speed or kernel_speed(port.name))) as line:
                _on_line(line, chosen.idle, lambda one: Console(one, Desk(layout, database, name)).sit())
    except Gone:
        return 0
    finally:
        database.close()
    return 0


def _on_input(name: str, idle_s: float, sit: Callable[[Terminal], None]) -> None:
    while True:
        # The kernel's own screens have no Chinese signs.
        sit(
            Terminal(
                sys.stdin.fileno(), sys.stdout.fileno(), speaks_chinese=not is_screen(name), idle_s=idle_s
            )
        )


def _on_line(line: Line, idle_s: float, sit: Callable[[Terminal], None]) -> None:
    while True:
        with contextlib.suppress(OtherSpeed):  # it begins anew so that the first screen can be read
            sit(SerialTerminal(line, idle_s=idle_s))


def _own_line() -> str:
    return Path(os.ttyname(sys.stdin.fileno())).name if sys.stdin.isatty() else "pipe"
