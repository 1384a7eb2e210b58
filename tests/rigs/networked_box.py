"""A machine whose network may be changed: namespaces of its own with a real systemd-networkd, packet filter and helper.

Its ports `enp1`, `enp2`, … are veth pairs whose far ends are `far1`, `far2`, … What the kernel of a real port tells by
its `device` link is the one thing put in its place (a folder), because a veth pair has no hardware.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from appliance.core.files import Layout
from appliance.core.service import Service, run
from appliance.daemons.helper import allowed
from appliance.system import privileged
from appliance.system.doorkeeper import Doorkeeper
from appliance.system.machine import Machine
from appliance.system.privileged import network
from tests.rigs.patience import until

_ROOT = Path(__file__).parents[2]
_BUS = """<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
<allow send_type="*"/></policy></busconfig>"""
_SET_UP = """set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t sysfs -o ro sysfs /sys
mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /run/dbus
chmod 755 /run/systemd /run/systemd/network
chown -R systemd-network:systemd-network /run/systemd/netif
ip link set lo up
for number in $(seq {ports}); do
  ip link add enp$number type veth peer name far$number
  ip link set far$number up
done
printf '%s' "$BUS" >/run/bus.conf
dbus-daemon --config-file=/run/bus.conf --nofork --nopidfile &
while [ ! -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
/lib/systemd/systemd-networkd &
echo ready
wait
"""


class NetworkedBox:
    """`layout` is shared with the outside: the helper is asked by its Unix socket from anywhere."""

    def __init__(self, layout: Layout, ports: int = 2) -> None:
        self.layout = layout
        self._folder = tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp")
        self.links = Path(self._folder.name)
        for number in range(1, ports + 1):
            (self.links / f"enp{number}" / "device").mkdir(parents=True)
        self._log = (layout.data / "network.log").open("ab")
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "sh", "-c",
             _SET_UP.replace("{ports}", str(ports))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "BUS": _BUS},
        )  # fmt: skip
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == b"ready\n", self.told()
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text().split()
        self._inside = children[0]
        until(lambda: self.run("networkctl", "list").returncode == 0, what="the network program to answer")
        self._helper: subprocess.Popen[bytes] | None = None

    def told(self) -> str:
        """The log of everything inside."""
        return (self.layout.data / "network.log").read_text(errors="replace")[-3000:]

    def inside(self, *words: str) -> list[str]:
        """A command line that runs in the machine's namespaces."""
        return ["nsenter", "-t", self._inside, "-n", "-m", "-u", "--", *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.inside(*words), capture_output=True, text=True, check=False)

    def addresses(self, port: str) -> set[str]:
        """The addresses that a port has now, without those of the link itself."""
        told = self.run("ip", "-o", "addr", "show", "dev", port).stdout
        found = [line.split()[3] for line in told.splitlines()]
        return {one for one in found if not one.startswith("fe80:")}

    def host_name(self) -> str:
        return self.run("uname", "-n").stdout.strip()

    def start_helper(self) -> None:
        self.layout.helper_socket.unlink(missing_ok=True)
        words = [sys.executable, "-m", "tests.rigs.networked_box", str(self.layout.data), str(self.links)]
        self._helper = subprocess.Popen(
            self.inside(*words), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, cwd=_ROOT
        )
        until(self.layout.helper_socket.exists, what="the helper to listen")

    def kill_helper(self) -> None:
        assert self._helper is not None
        self._helper.send_signal(signal.SIGKILL)
        self._helper.wait()
        self._helper = None

    def close(self) -> None:
        if self._helper is not None:
            self.kill_helper()
        self._holder.kill()
        self._holder.wait()
        self._holder.stdout.close()
        self._log.close()
        self._folder.cleanup()


@contextlib.contextmanager
def networked_box(layout: Layout, ports: int = 2) -> Iterator[NetworkedBox]:
    made = NetworkedBox(layout, ports)
    try:
        made.start_helper()
        yield made
    finally:
        made.close()


def _serve(data: Path, links: Path) -> int:
    """The helper's own parts, told that this is an appliance and where its ports are."""
    layout = Layout(data)
    machine = Machine(
        is_appliance=True,
        links=links,
        ports_file=data / "ports",
        firewall=("nft", "-j", "-f", "-"),
        name_host=(sys.executable, "-m", "appliance.commands.tapeline", "network", "--host-name", "--data", str(data)),
        systemctl=("sh", "-c", f'echo "$@" >>{data}/systemctl.log', "systemctl"),
    )  # fmt: skip

    async def work(service: Service) -> None:
        keeper = Doorkeeper(layout, machine, privileged.make(), allowed())
        await keeper.listen()
        network.resume(keeper)
        service.ready()
        await service.stopping.wait()
        await asyncio.shield(keeper.close())

    return run("helper", work)


if __name__ == "__main__":
    sys.exit(_serve(Path(sys.argv[1]), Path(sys.argv[2])))
