"""The places of this machine that privileged actions touch, named once, so that tests put others in their place."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """Where and with what the machine is changed; `is_appliance` allows it at all."""

    is_appliance: bool = False
    networkd: Path = Path("/run/systemd/network")
    ports_file: Path = Path("/run/tapeline/ports")
    links: Path = Path("/sys/class/net")
    firewall: tuple[str, ...] = ("/usr/libexec/tapeline-firewall",)
    networkctl: tuple[str, ...] = ("networkctl",)
    name_host: tuple[str, ...] = ("systemctl", "restart", "tapeline-hostname.service")
    systemctl: tuple[str, ...] = ("systemctl",)
    busctl: tuple[str, ...] = ("busctl",)
    rauc: tuple[str, ...] = ("rauc",)
    update_state: Path = Path("/data/system/update/state.json")
    reset_order: Path = Path("/data/system/factory-reset")
    prepare_order: Path = Path("/data/system/prepare-disk.json")
    media: Path = Path("/run/media")
