"""The box without systemd as PID 1: starts every program, restarts what dies, shows what each says.

The runner speaks systemd's notification protocol, so that a program run here takes the same path as under its
unit: it is ready when it says so, its state line is the one it reports, and one that stops petting its
watchdog is killed and started again. Source: sd_notify(3), systemd.service(5).
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from appliance.core import log

_LOG = log.get(__name__)
_WATCHDOG_S = 30.0
_STOP_S = 20.0
_BACK_OFF_S = (0.5, 1, 2, 5, 10, 30)


@dataclass
class Program:
    """One program of the box; `state` is starting, ready, stopped or failed."""

    name: str
    command: Sequence[str]
    notifies: bool = True
    state: str = "stopped"
    status: str = ""
    pid: int | None = None
    restarts: int = 0
    watched: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    petted_mono_s: float = 0.0


class Runner:
    """Runs programs until told to stop, in order; stops them in reverse order.

    `show` receives a program whenever its state or status changed.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        run: Path,
        show: Callable[[Program], None],
        output: Path | None = None,
    ) -> None:
        self._programs = programs
        self._run = run
        self._show = show
        self._output = output
        self._stopping = False
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._sockets: list[socket.socket] = []

    async def start(self, ready_s: float = 30.0) -> None:
        """Start all, each after the one before it is ready.

        Raises: TimeoutError when one is not ready in time
        """
        for program in self._programs:
            address = self._listen(program) if program.notifies else None
            self._tasks.append(asyncio.create_task(self._keep_running(program, address)))
            async with asyncio.timeout(ready_s):
                await program.ready.wait()

    async def stop(self) -> None:
        """End every program in reverse order: ask, wait, then kill."""
        self._stopping = True
        for program in reversed(self._programs):
            process = self._processes.get(program.name)
            if process is None or process.returncode is not None:
                continue
            process.terminate()
            try:
                async with asyncio.timeout(_STOP_S):
                    await process.wait()
            except TimeoutError:
                _LOG.warning("program did not stop and is killed", extra={"program": program.name})
                process.kill()
                await process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        loop = asyncio.get_running_loop()
        for listener in self._sockets:
            loop.remove_reader(listener)
            listener.close()

    async def _keep_running(self, program: Program, address: str | None) -> None:
        while not self._is_stopping():
            started_mono_s = asyncio.get_running_loop().time()
            await self._run_once(program, address)
            if self._is_stopping():
                return
            if asyncio.get_running_loop().time() - started_mono_s > _BACK_OFF_S[-1]:
                program.restarts = 0
            wait_s = _BACK_OFF_S[min(program.restarts, len(_BACK_OFF_S) - 1)]
            program.restarts += 1
            await asyncio.sleep(wait_s)

    def _is_stopping(self) -> bool:
        return self._stopping

    async def _run_once(self, program: Program, address: str | None) -> None:
        environment = _environment(address)
        program.watched = False
        self._change(program, "starting", "")
        with contextlib.ExitStack() as stack:
            output = None
            if self._output is not None:
                output = stack.enter_context((self._output / f"{program.name}.log").open("ab"))
            process = await asyncio.create_subprocess_exec(
                *program.command,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A group of its own: Ctrl-C on the terminal is for the runner, which stops all in order.
                start_new_session=True,
            )
        self._processes[program.name] = process
        program.pid = process.pid
        if not program.notifies:
            self._change(program, "ready", "")
        watchdog = asyncio.create_task(self._watch(program, process))
        code = await process.wait()
        watchdog.cancel()
        program.pid = None
        if self._stopping or code == 0:
            self._change(program, "stopped", "")
        else:
            self._change(program, "failed", _how_it_ended(code))

    async def _watch(self, program: Program, process: asyncio.subprocess.Process) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1)
            if program.watched and loop.time() - program.petted_mono_s > _WATCHDOG_S:
                _LOG.warning(
                    "program stopped petting its watchdog and is killed", extra={"program": program.name}
                )
                process.send_signal(signal.SIGABRT)
                return

    def _listen(self, program: Program) -> str:
        address = str(self._run / f"{program.name}.notify")
        Path(address).unlink(missing_ok=True)
        listener = socket.socket(
            socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
        )
        listener.bind(address)
        self._sockets.append(listener)
        asyncio.get_running_loop().add_reader(listener, self._heard, program, listener)
        return address

    def _heard(self, program: Program, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            lines = listener.recv(65536).decode("utf-8", "replace").split("\n")
            facts = dict(line.split("=", 1) for line in lines if "=" in line)
            if "WATCHDOG" in facts:
                program.watched = True
                program.petted_mono_s = asyncio.get_running_loop().time()
            if facts.get("READY") == "1":
                self._change(program, "ready", facts.get("STATUS", program.status))
            elif "STATUS" in facts:
                self._change(program, program.state, facts["STATUS"])

    def _change(self, program: Program, state: str, status: str) -> None:
        if (program.state, program.status) == (state, status):
            return
        program.state, program.status = state, status
        if state == "ready":
            program.ready.set()
        self._show(program)


def _environment(address: str | None) -> Mapping[str, str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("NOTIFY_SOCKET", "JOURNAL_STREAM")
    }
    if address is not None:
        environment["NOTIFY_SOCKET"] = address
        environment["WATCHDOG_USEC"] = str(int(_WATCHDOG_S * 1_000_000))
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def daemon_command(name: str, data: Path, *options: str) -> list[str]:
    """The command line that runs one of our daemons with this interpreter."""
    return [sys.executable, "-m", "appliance.commands.tapeline", "run", name, "--data", str(data), *options]
