"""The last words of a program: from the journal where systemd keeps one, else from the runner's log folder."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from systemd import journal

UNITS = {"broker": "tapeline-broker.service"}
"""Units that are not named after their program."""

JOURNALS = Path("/run/systemd/journal")
_TAIL_BYTES = 256 * 1024
_ERROR = 3
_WARNING = 4
_LEVELS = {"CRITICAL": _ERROR, "ERROR": _ERROR, "WARNING": _WARNING}
_LINE = re.compile(r"(\d\d:\d\d:\d\d) (CRITICAL|ERROR|WARNING|INFO|DEBUG) +(.*)")
_MOST_CHARACTERS = 4000


class Line(NamedTuple):
    """One line: `at` is a moment (RFC 3339, UTC) or only a time of day; `level` is error, warning or info."""

    at: str
    level: str
    text: str


class Tail(NamedTuple):
    """Oldest first. `source` is journal, file, or "" when neither is there."""

    source: str
    lines: list[Line]


def tail(program: str, folder: Path, most: int) -> Tail:
    """What the program has said last; `folder` is the runner's, used where a file of the program lies there."""
    path = folder / f"{program}.log"
    if path.exists():
        return Tail("file", _from_file(path, most))
    if JOURNALS.exists():
        return Tail("journal", from_journal(program, most))
    return Tail("", [])


def last_error(lines: list[Line]) -> Line | None:
    """The newest line that tells of an error."""
    return next((line for line in reversed(lines) if line.level == "error"), None)


def _from_file(path: Path, most: int) -> list[Line]:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        content = file.read(_TAIL_BYTES).decode("utf-8", "replace")
    lines = content.split("\n")
    # The first of a part is cut off somewhere; behind the last newline stands nothing, or an unfinished line.
    whole = lines[1:] if size > _TAIL_BYTES else lines
    found: list[Line] = []
    for line in (one for one in whole if one):
        said = _LINE.fullmatch(line[:_MOST_CHARACTERS])
        if said:
            found.append(Line(said[1], _level(_LEVELS.get(said[2], _WARNING + 1)), said[3]))
        else:
            # A traceback belongs to the line above.
            before = found[-1] if found else Line("", "info", "")
            found.append(Line(before.at, before.level, line[:_MOST_CHARACTERS]))
    return found[-most:]


def from_journal(program: str, most: int, folder: Path | None = None) -> list[Line]:
    """What the program has said to the journal since the machine started, oldest first.

    `folder` holds the journal's files where they are not this machine's own.
    """
    with journal.Reader(path=None if folder is None else str(folder)) as reader:
        reader.this_boot()
        reader.add_match(_SYSTEMD_UNIT=UNITS.get(program, f"tapeline@{program}.service"))
        reader.seek_tail()
        found = []
        for _ in range(most):
            entry: dict[str, Any] = reader.get_previous()
            if not entry:
                break
            found.append(_entry(entry))
    return found[::-1]


def _entry(entry: dict[str, Any]) -> Line:
    at = entry.get("__REALTIME_TIMESTAMP")
    moment = at.astimezone(UTC).isoformat() if isinstance(at, datetime) else ""
    said = entry.get("MESSAGE", "")
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    priority = entry.get("PRIORITY", _WARNING + 1)
    return Line(
        moment, _level(priority if isinstance(priority, int) else _WARNING + 1), text[:_MOST_CHARACTERS]
    )


def _level(priority: int) -> str:
    """Of a line. Source: syslog(3)."""
    if priority <= _ERROR:
        return "error"
    return "warning" if priority == _WARNING else "info"
