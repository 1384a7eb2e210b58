"""A real time server, chronyd, on a free port of loopback. It serves this machine's own clock and touches nothing."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.system import ntp
from tests.rigs.patience import until

CHRONYD = shutil.which("chronyd") or "/usr/sbin/chronyd"


@contextmanager
def time_server(*, stratum: int = 3) -> Iterator[str]:
    """Yields `127.0.0.1:port` once it answers."""
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder:
        port = _free_port()
        lines = [
            f"port {port}",
            "bindaddress 127.0.0.1",
            "allow 127.0.0.0/8",
            f"local stratum {stratum}",
            "cmdport 0",
            f"pidfile {folder}/pid",
        ]
        configuration = Path(folder) / "chrony.conf"
        configuration.write_text("\n".join(lines) + "\n")
        # -x: never touches the clock; -d: stays in the foreground; -U: any user may start it.
        process = subprocess.Popen(
            [CHRONYD, "-x", "-d", "-U", "-u", "root", "-f", str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"127.0.0.1:{port}"
        try:
            until(
                lambda: ntp.ask([address], tries=1, timeout_s=0.5)[0],
                what="the time server to answer",
                deadline_s=30,
            )
            yield address
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
