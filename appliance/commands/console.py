"""`tapeline console`: the box's menu on a terminal, as it stands on the screen and on every serial line."""

import argparse
import os
import sys
from pathlib import Path

from appliance.console.menu import Console
from appliance.console.people import Desk
from appliance.console.terminal import Gone, Terminal
from appliance.core.files import Layout
from appliance.store.database import open_database


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--line", default="", help="what the terminal is called (its device's name)")
    parser.add_argument(
        "--idle", type=float, default=600.0, metavar="S", help="sign out after so long without a key (600)"
    )


def execute(chosen: argparse.Namespace) -> int:
    """One sitting after the other until the line is gone: 0."""
    layout = Layout(chosen.data.absolute()).make()
    line = chosen.line or _own_line()
    # The kernel's own screens have no Chinese signs.
    is_screen = line.startswith("tty") and line[3:].isdigit()
    database = open_database(layout)
    try:
        while True:
            terminal = Terminal(
                sys.stdin.fileno(), sys.stdout.fileno(), speaks_chinese=not is_screen, idle_s=chosen.idle
            )
            Console(terminal, Desk(layout, database, line)).sit()
    except Gone:
        return 0
    finally:
        database.close()


def _own_line() -> str:
    return Path(os.ttyname(sys.stdin.fileno())).name if sys.stdin.isatty() else "pipe"
