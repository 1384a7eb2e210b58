"""Puts a network plan in force on this machine: files for systemd-networkd, rules for the packet filter. Needs root.

Source: networkctl(1), sethostname(2)
"""

import json
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from appliance.core.errors import Broken
from appliance.core.text import Text
from appliance.settings.network import Network
from appliance.system.machine import Machine
from appliance.system.network import PortPlan, mirror_ports, networkd_files, ruleset

_OURS = "*-*.net*"
_MADE = "15-*.netdev"


class FilterRefused(Broken):
    """The packet filter did not take our rules; the old ones stay. Facts: problem."""

    text = Text(
        en="The packet filter refused the new rules ({problem}); the old ones stay in force.",
        zh="防火墙拒绝了新规则（{problem}），旧规则继续有效。",
    )


class NetworkRefused(Broken):
    """The network program did not take our files. Facts: problem."""

    text = Text(
        en="The network program refused the settings ({problem}).",
        zh="网络服务拒绝了设置（{problem}）。",
    )


class Applied(NamedTuple):
    """What is left to be done: made devices (VLANs, bonds) that are no longer wanted, whether other ports mirror now."""

    stale: list[str]
    mirrors_changed: bool


def apply(network: Network, plans: Sequence[PortPlan], machine: Machine) -> Applied:
    """Close first, then address: the filter is in force before a port gets an address.

    Raises: FilterRefused
    """
    told = subprocess.run(
        machine.firewall,
        input=json.dumps(ruleset(network, plans)),
        text=True,
        capture_output=True,
        check=False,
        timeout=30,
    )
    if told.returncode:
        raise FilterRefused(problem=told.stderr.strip()[:500])
    folder = machine.networkd
    folder.mkdir(parents=True, exist_ok=True)
    files = networkd_files(network, plans)
    stale = [_device(old) for old in folder.glob(_MADE) if old.name not in files]
    for old in folder.glob(_OURS):
        if old.name not in files:
            old.unlink()
    for name, content in files.items():
        path = folder / name
        path.write_text(content)
        path.chmod(0o644)  # the network program is no root, and ours writes for nobody else
    # The recorder's unit reads it.
    machine.ports_file.parent.mkdir(parents=True, exist_ok=True)
    mirrors = f"MIRROR={','.join(mirror_ports(plans))}\n"
    before = machine.ports_file.read_text() if machine.ports_file.exists() else mirrors
    machine.ports_file.write_text(mirrors)
    return Applied(stale, mirrors != before)


def renew(machine: Machine, applied: Applied) -> None:
    """Have the running programs read their files again, and take away what was made before and is not wanted now.

    Raises: NetworkRefused
    """
    commands = [
        machine.name_host,
        (*machine.networkctl, "reload"),
        *((*machine.networkctl, "delete", name) for name in applied.stale),
    ]
    if applied.mirrors_changed:
        commands.append((*machine.systemctl, "try-restart", "tapeline@recorder.service"))
    for words in commands:
        told = subprocess.run(words, text=True, capture_output=True, check=False, timeout=30)
        # A device that is gone already is as it should be.
        if told.returncode and "delete" not in words:
            raise NetworkRefused(problem=(told.stderr or told.stdout).strip()[:500])


def name_host(name: str) -> None:
    """What the machine calls itself from now on."""
    socket.sethostname(name)


def _device(file: Path) -> str:
    return file.stem.partition("-")[2]
