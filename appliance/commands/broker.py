"""`tapeline broker`: becomes mosquitto with our configuration, as systemd starts it."""

import argparse
from pathlib import Path

from appliance.core.files import Layout
from appliance.system.broker import become


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="the data directory, made if missing"
    )


def execute(chosen: argparse.Namespace) -> int:
    """Never returns: this process is the broker from here on."""
    become(Layout(chosen.data.absolute()).make())
    return 1
