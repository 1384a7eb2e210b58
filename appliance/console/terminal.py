"""A terminal of 80 columns that may be slow: whole lines in, plain text out, nothing that is drawn again.

The line is edited by the terminal driver itself (canonical mode), so that every terminal works that can erase. Of a
VT100 only one sequence is used: home and clear.
Source: termios(3), ECMA-48 (CUP, ED)
"""

import os
import select
import termios
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from appliance.core.text import Language, Text

COLUMNS = 79
_CLEAR = "\x1b[H\x1b[2J"
_MOST_BYTES = 4096
_ROOM_TO_TYPE = 4


class Gone(Exception):  # the person or the line, no error
    """The line was hung up, the input ended, or nobody typed for too long."""


class Terminal:
    """Reads and writes one terminal. `speaks_chinese`: it can show more than ASCII. Units: `idle_s` seconds."""

    def __init__(
        self, read_fd: int, write_fd: int, *, speaks_chinese: bool = False, idle_s: float = 600.0
    ) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._idle_s = idle_s
        self._waiting = b""
        self.speaks_chinese = speaks_chinese
        self.language: Language = "en"

    def text(self, text: Text, **facts: object) -> str:
        """A sentence in the language of this terminal."""
        return text.render(self.language, **facts)

    def say(self, text: Text | str = "", **facts: object) -> None:
        """One paragraph, broken where the line ends."""
        words = text if isinstance(text, str) else self.text(text, **facts)
        for line in words.split("\n"):
            for piece in wrapped(line, COLUMNS):
                self._write(piece + "\r\n")

    def clear(self) -> None:
        """An empty screen."""
        self._write(_CLEAR)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Columns as wide as they need to be; the last one is broken."""
        widths = (
            [max((width(row[at]) for row in rows), default=0) for at in range(len(rows[0]) - 1)]
            if rows
            else []
        )
        for row in rows:
            head = "".join(
                cell + " " * (wide - width(cell) + 2) for cell, wide in zip(row, widths, strict=False)
            )
            room = max(20, COLUMNS - width(head))
            for at, piece in enumerate(wrapped(row[-1], room) or [""]):
                self._write((head if at == 0 else " " * width(head)) + piece + "\r\n")

    def ask(self, prompt: Text | str, **facts: object) -> str:
        """A line that somebody typed, without the spaces around it.

        Raises: Gone
        """
        words = prompt if isinstance(prompt, str) else self.text(prompt, **facts)
        *before, last = wrapped(words, COLUMNS - _ROOM_TO_TYPE)
        for piece in before:
            self._write(piece + "\r\n")
        self._write(last + " ")
        return self._line().strip()

    def ask_secret(self, prompt: Text) -> str:
        """A line that is not shown.

        Raises: Gone
        """
        with self._unseen():  # before it is asked for: who types at once is not shown either
            self._write(self.text(prompt) + " ")
            line = self._line()
        self._write("\r\n")
        return line.strip("\r\n")

    def agreed(self, question: Text, **facts: object) -> bool:
        """Whether somebody typed y."""
        return self.ask(self.text(question, **facts) + " (y/n)").lower() in ("y", "yes")

    @contextmanager
    def _unseen(self) -> Iterator[None]:
        if not os.isatty(self._read_fd):
            yield
            return
        before = termios.tcgetattr(self._read_fd)
        hidden = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
        termios.tcsetattr(self._read_fd, termios.TCSADRAIN, hidden)
        try:
            yield
        finally:
            termios.tcsetattr(self._read_fd, termios.TCSADRAIN, before)

    def _line(self) -> str:
        while b"\n" not in self._waiting and b"\r" not in self._waiting:
            ready, _, _ = select.select([self._read_fd], [], [], self._idle_s)
            if not ready:
                raise Gone
            try:
                piece = os.read(self._read_fd, _MOST_BYTES)
            except OSError as error:  # EIO: the other end of the line is gone
                raise Gone from error
            if not piece:
                raise Gone
            self._waiting = (self._waiting + piece)[-_MOST_BYTES:]
        raw = self._waiting.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line, _, self._waiting = raw.partition(b"\n")
        return "".join(sign for sign in line.decode("utf-8", "replace") if sign.isprintable())

    def _write(self, text: str) -> None:
        encoded = text.encode("utf-8" if self.speaks_chinese else "ascii", "replace")
        while encoded:
            try:
                encoded = encoded[os.write(self._write_fd, encoded) :]
            except OSError as error:
                raise Gone from error


def width(text: str) -> int:
    """How many columns a text takes: Chinese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrapped(line: str, room: int) -> list[str]:
    """The line in pieces of at most `room` columns, broken at spaces where there are any; signs of control are dropped."""
    clean = "".join(sign if sign.isprintable() else " " for sign in line).rstrip()
    pieces: list[str] = []
    while width(clean) > room:
        cut = taken = 0
        for at, sign in enumerate(clean):
            taken += width(sign)
            if taken > room:
                break
            cut = at + 1
        space = clean.rfind(" ", 1, cut + 1)
        place = space if space > room // 2 else cut
        pieces.append(clean[:place].rstrip())
        clean = clean[place:].lstrip()
    return [*pieces, clean]
