"""A real mosquitto on a Unix socket in a folder of the test's."""

import contextlib
import getpass
import socket
import subprocess
import time
from pathlib import Path

DEADLINE_S = 60.0


class Broker:
    """Start, kill and restart one broker; its socket path stays the same."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "bus.sock"
        self._config = folder / "mosquitto.conf"
        # Without `user`, a mosquitto started by root steps down and may not write into our folder.
        self._config.write_text(
            f"user {getpass.getuser()}\n"
            f"listener 0 {self.socket}\nallow_anonymous true\npersistence false\nlog_type error\n"
            "max_queued_messages 10000\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Broker":
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(["mosquitto", "-c", str(self._config)])
        until = time.monotonic() + DEADLINE_S
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError("mosquitto does not listen")
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise RuntimeError(f"mosquitto ended with {self._process.wait(0.01)}")
        return self

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def retained(self, topic: str = "#", wait_s: int = 1) -> dict[str, str]:
        """What a newcomer would be told."""
        answer = subprocess.run(
            [
                "mosquitto_sub",
                "--unix",
                str(self.socket),
                "-t",
                topic,
                "-W",
                str(wait_s),
                "-F",
                "%r %t %p",
                "--retained-only",
            ],
            capture_output=True,
            check=False,
            timeout=DEADLINE_S,
        )
        rows = [line.split(" ", 2) for line in answer.stdout.decode().splitlines()]
        return {row[1]: row[2] for row in rows if row[0] == "1"}

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True
