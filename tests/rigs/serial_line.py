"""A serial line of a virtual machine: everything it ever said, and a way to type.

It is read all the time: QEMU stops a port whose other end does not listen, and the machine with it.
"""

import re
import socket
import threading
import time
from pathlib import Path

from tests.rigs.patience import until


class Line:
    """The other end of one serial port."""

    def __init__(self, path: Path) -> None:
        self.said = ""
        self._socket = socket.socket(socket.AF_UNIX)
        until(path.exists, what="the serial line's socket")
        self._socket.connect(str(path))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def expect(self, pattern: str, deadline_s: float, *, after: int = 0) -> re.Match[str]:
        """Wait until it has been said, from position `after` on."""
        compiled = re.compile(pattern)
        try:
            match = until(
                lambda: compiled.search(self.said, after), deadline_s, f"the line to say {pattern!r}"
            )
        except AssertionError as error:
            message = f"{error}\n--- the line's last words:\n{self.said[-3000:]}"
            raise AssertionError(message) from None
        assert match is not None
        return match

    def send(self, content: bytes) -> None:
        """Say something at once."""
        self._socket.sendall(content)

    def type(self, text: str) -> None:
        """Type slowly enough for a line without flow control."""
        for start in range(0, len(text), 16):
            self.send(text[start : start + 16].encode())
            time.sleep(0.01)

    def close(self) -> None:
        """Hang up."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        try:
            while part := self._socket.recv(65536):
                self.said += part.decode("utf-8", "replace")
        except OSError:
            return


class Sitting:
    """A person at a serial line: waits for what is shown next, and types."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._at = 0

    def see(self, wanted: str, deadline_s: float = 300) -> str:
        """What has been shown since the last look, up to this."""
        found = self._line.expect(re.escape(wanted), deadline_s, after=self._at)
        before, self._at = self._at, found.end()
        return self._line.said[before : self._at]

    def answer(self, prompt: str, words: str) -> str:
        """Wait for a prompt and answer it; what was shown before it."""
        shown = self.see(prompt)
        self._line.type(words + "\r")
        return shown

    def choose(self, prompt: str, name: str) -> None:
        """Answer with the number that a list gives to a name."""
        shown = self.see(prompt)
        number = next(
            row.split()[0] for row in shown.splitlines() if name in row and row.split()[0].isdigit()
        )
        self._line.type(number + "\r")
