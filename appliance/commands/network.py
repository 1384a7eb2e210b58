"""`tapeline network`: puts the network settings in force, as systemd does at every start."""

import argparse
import sys
from pathlib import Path

from appliance.core.files import Layout
from appliance.settings import storage
from appliance.settings.network import ROLE_TEXT
from appliance.system import ports
from appliance.system.network import mirror_ports, physical_ports, plan


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--show", action="store_true", help="only tell what each port would become")


def execute(chosen: argparse.Namespace) -> int:
    """0 = in force (or told)."""
    network = storage.load(Layout(chosen.data.absolute())).network
    plans = plan(network, physical_ports())
    for one in plans:
        sys.stdout.write(f"{one.name:<16} {ROLE_TEXT[one.role].en}\n")
    if not chosen.show:
        ports.apply(network, plans)
        sys.stdout.write(f"recorded: {', '.join(mirror_ports(plans)) or 'nothing'}\n")
    return 0
