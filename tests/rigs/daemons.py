"""The real programs of the box as child processes of a test: started, killed, started again, looked at."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.store import calls
from appliance.store.database import open_database
from appliance.system import broker
from appliance.system.runner import daemon_command
from tests.rigs.patience import until


class Daemons:
    """`start` returns once the program said READY=1; every program left is stopped by `close`."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._log = layout.data / "log"
        self._log.mkdir(exist_ok=True)

    def broker(self) -> None:
        self._spawn("broker", broker.prepare(self.layout), os.environ.copy())
        until(self._answers, what="the broker to answer")

    def _answers(self) -> bool:
        """Whether the broker takes connections: its socket has a name before it does."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.layout.bus_socket))
            except OSError:
                return False
        return True

    def start(self, name: str, *options: str, ready_s: float = 90.0, by: Sequence[str] = ()) -> None:
        """`by`: another command line for it."""
        address = self.layout.run / f"{name}.notify"
        address.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind(str(address))
            listener.settimeout(0.2)
            # As the unit has it: sums of many lines are small, and threads of the mathematics only wait for one another.
            environment = dict(os.environ, NOTIFY_SOCKET=str(address), OPENBLAS_NUM_THREADS="1")
            command = [*by] or daemon_command(name, self.layout.data, *options)
            process = self._spawn(name, command, environment)
            end = time.monotonic() + ready_s
            while time.monotonic() < end:
                with contextlib.suppress(TimeoutError):
                    if b"READY=1" in listener.recv(65536):
                        return
                if process.poll() is not None:
                    break
        message = f"{name} did not get ready: {self.log(name)[-2000:]}"
        raise AssertionError(message)

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self._log / f"{name}.log").open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                cwd=Path(__file__).parents[2],
            )
        self._running[name] = process
        return process

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def ended(self, name: str) -> int | None:
        """The exit code of one that ended by itself, None while it runs."""
        return self._running[name].poll()

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; the exit code."""
        process = self._running.pop(name)
        process.send_signal(number)
        return process.wait(60)

    def stop(self, name: str) -> int:
        return self.kill(name, signal.SIGTERM)

    def log(self, name: str) -> str:
        return (self._log / f"{name}.log").read_text(errors="replace")

    def close(self) -> None:
        for name in reversed(list(self._running)):
            process = self._running.pop(name)
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def daemons(layout: Layout) -> Iterator[Daemons]:
    made = Daemons(layout)
    try:
        yield made
    finally:
        made.close()


def recorded(layout: Layout) -> list[Record]:
    """Every record of the index, oldest first."""
    database = open_database(layout)
    try:
        page = calls.find(database, calls.CallFilter(page_size=100, sort="started_at"), scope=EVERYTHING)
        found = [calls.get(database, row.call_id, scope=EVERYTHING) for row in page.calls]
        return [record for record in found if record is not None]
    finally:
        database.close()


def record_of(layout: Layout, sip_call_id: str, deadline_s: float = 60.0) -> Record:
    """The ledger's record of one SIP call, waiting until it is there."""

    def find() -> Record | None:
        return next((record for record in recorded(layout) if record.call.sip_call_id == sip_call_id), None)

    record = until(find, deadline_s, f"the ledger row of {sip_call_id}")
    assert record is not None
    return record


def tapeline(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    command = [sys.executable, "-m", "appliance.commands.tapeline", *words]
    return subprocess.run(
        command, check=check, capture_output=True, text=True, timeout=600, cwd=Path(__file__).parents[2]
    )


def imported(data: Path, *captures: Path) -> list[dict]:
    """`tapeline import … --json`: one object a call."""
    done = tapeline("import", *map(str, captures), "--data", str(data), "--json")
    return [json.loads(line) for line in done.stdout.splitlines()]
