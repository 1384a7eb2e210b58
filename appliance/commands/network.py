"""`tapeline network`: puts the network settings in force, as systemd does at every start."""

import argparse
import sys
from pathlib import Path

from appliance.core.files import Layout
from appliance.settings import storage
from appliance.settings.network import ROLE_TEXT
from appliance.system import ports
from appliance.system.machine import Machine
from appliance.system.network import mirror_ports, physical_ports, plan
from appliance.system.privileged.network import on_trial


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--host-name", action="store_true", help="only give the machine its name")
    parser.add_argument("--show", action="store_true", help="only tell what each port would become")


def execute(chosen: argparse.Namespace) -> int:
    """0 = in force (or told)."""
    layout = Layout(chosen.data.absolute())
    if chosen.host_name:
        trial = on_trial(layout)
        ports.name_host((trial.network if trial else storage.in_force(layout)[0].network).host_name)
        return 0
    network = storage.in_force(layout)[0].network
    plans = plan(network, physical_ports())
    for one in plans:
        sys.stdout.write(f"{one.name:<16} {ROLE_TEXT[one.role].en}\n")
    if not chosen.show:
        ports.apply(network, plans, Machine(is_appliance=True))
        sys.stdout.write(f"recorded: {', '.join(mirror_ports(plans)) or 'nothing'}\n")
    return 0
