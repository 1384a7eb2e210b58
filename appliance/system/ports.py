"""Puts a network plan in force on this machine: files for systemd-networkd, rules for the packet filter. Needs root."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from appliance.core.errors import Broken
from appliance.core.text import Text
from appliance.settings.network import Network
from appliance.system.network import PortPlan, mirror_ports, networkd_files, ruleset

NETWORKD = Path("/run/systemd/network")
PORTS_FILE = Path("/run/tapeline/ports")
FIREWALL = "/usr/libexec/tapeline-firewall"
_OURS = "*-*.net*"


class FilterRefused(Broken):
    """The packet filter did not take our rules; the old ones stay. Facts: problem."""

    text = Text(
        en="The packet filter refused the new rules ({problem}); the old ones stay in force.",
        zh="防火墙拒绝了新规则（{problem}），旧规则继续有效。",
    )


def apply(network: Network, plans: Sequence[PortPlan], folder: Path = NETWORKD) -> None:
    """Close first, then address: the filter is in force before a port gets an address.

    Raises: FilterRefused
    """
    told = subprocess.run(
        [FIREWALL], input=json.dumps(ruleset(network, plans)), text=True, capture_output=True, check=False
    )
    if told.returncode:
        raise FilterRefused(problem=told.stderr.strip()[:500])
    folder.mkdir(parents=True, exist_ok=True)
    files = networkd_files(network, plans)
    for old in folder.glob(_OURS):
        if old.name not in files:
            old.unlink()
    for name, content in files.items():
        (folder / name).write_text(content)
    # The recorder's unit reads it.
    PORTS_FILE.parent.mkdir(exist_ok=True)
    PORTS_FILE.write_text(f"MIRROR={','.join(mirror_ports(plans))}\n")
