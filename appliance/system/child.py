"""A child process that runs one of our modules and speaks with us over a socket pair, whole messages at a time.

Unlike the standard library's process pool it starts from a clean interpreter (no thread, no lock and no engine is
copied into it), does not import the parent's main program, and dies alone: a crash in native code or a kill is an
answer like any other. The child sees the end of its input when the parent is gone, and ends.
"""

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

_STOP_S = 2.0
_PR_SET_PDEATHSIG = 1


class Child:
    """One running child; `connection` carries its messages and can be waited for."""

    def __init__(self, module: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
        self.connection = Connection(ours.detach())
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, heard: Callable[[], None]) -> None:
        """Have the running loop call `heard` for every message that came, and for the child's end, until it is ended."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.connection.fileno(), heard)

    @property
    def process_id(self) -> int:
        """The operating system's number of the child."""
        return self._process.pid

    def kill(self) -> int:
        """End the child at once; its exit status, negative for a signal."""
        self._process.kill()
        self._hang_up()
        return self._process.wait()

    def close(self) -> int:
        """Let the child end by itself, or kill it after two seconds; its exit status."""
        self._hang_up()
        try:
            return self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            return self.kill()

    def _hang_up(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self.connection.fileno())
            self._loop = None
        self.connection.close()


def parent(descriptor: int) -> Connection:
    """The child's end: receives until `EOFError`, which says that the parent is gone."""
    return Connection(descriptor)


def end_with_parent() -> None:
    """In the child: be killed the moment the parent's starting thread ends, however busy.

    Otherwise a child that works on would write into files that the parent's next life works on, too.
    Source: prctl(2), PR_SET_PDEATHSIG
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
