"""Notices and records as lines for the syslog server, handed to the carrier (`system/syslogd.py`).

Source: RFC 5424 §6 (line, structured data), RFC 5674 (alarms in syslog)
"""

import os
import socket
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from appliance.core.files import Layout
from appliance.core.release import VERSION
from appliance.notify import Undelivered, event
from appliance.notify.event import Event
from appliance.system.snmp import TREE

_ENTERPRISE = TREE.split(".")[6]
_OURS = f"tapeline@{_ENTERPRISE}"
_ORIGIN: Mapping[str, str] = {"software": "Tapeline", "swVersion": VERSION, "enterpriseId": _ENTERPRISE}
_TIMEOUT_S = 5.0
_MOST_VALUE = 1000
_BOM = "\ufeff"


class Facility(IntEnum):
    """Where a collector files our lines."""

    CALLS = 20
    ALARMS = 21
    OPERATIONS = 22


class Level(IntEnum):
    """How bad it is (RFC 5424 §6.2.1)."""

    CRITICAL = 2
    WARNING = 4
    NOTICE = 5
    INFORMATIONAL = 6


class Line(NamedTuple):
    """One line; `name` is the stable word for its kind, `data` SD-ID -> parameters, `text` for people."""

    at: datetime
    host: str
    facility: Facility
    level: Level
    name: str
    data: Mapping[str, Mapping[str, str]]
    text: str

    def written(self) -> bytes:
        """The line as RFC 5424 wants it."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
        elements = "".join(
            _element(name, parameters) for name, parameters in {**self.data, "origin": _ORIGIN}.items()
        )
        head = f"<{self.facility * 8 + self.level}>1 {at} {_word(self.host)} tapeline - {self.name} "
        return f"{head}{elements} {_BOM}{_one_line(self.text)}".encode()


class Carrier:
    """The way to the carrier's socket; opened anew whenever it was lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None

    def put(self, line: bytes) -> None:
        """Hand over one line; returns once the carrier has taken it.

        Raises: Undelivered
        """
        try:
            if self._socket is None:
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
                self._socket.settimeout(_TIMEOUT_S)
                self._socket.connect(os.fspath(self._path))
            self._socket.send(line)
        except OSError as error:
            self.close()
            raise Undelivered(peer="rsyslog", answer=error.strerror or str(error)) from error

    def close(self) -> None:
        """Let go of the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class SyslogNotifier:
    """Hands alarms to the carrier."""

    def __init__(self, layout: Layout) -> None:
        self._carrier = Carrier(layout.syslog_socket)

    def send(self, receivers: tuple[str, ...], title: str, content: str) -> str:
        """Hand over one alarm.

        Raises: Undelivered
        """
        del receivers, title
        try:
            self._carrier.put(alarm_line(event.read(content)).written())
        finally:
            self._carrier.close()
        return "handed to the carrier"


def alarm_line(told: Event) -> Line:
    """An alarm that was raised or is over."""
    at = told.cleared_at if told.is_over and told.cleared_at else told.raised_at
    severity = "cleared" if told.is_over else told.severity
    level = Level.CRITICAL if severity == "critical" else Level.WARNING
    data = {
        "alarm": {
            "resource": told.subject or told.device,
            "probableCause": told.code,
            "perceivedSeverity": severity,
        },
        _OURS: {
            "alarm": str(told.alarm),
            "count": str(told.occurrences),
            **{
                _word(key, 32): str(value)
                for key, value in told.facts.items()
                if key not in ("alarm", "count")
            },
        },
    }
    return Line(
        at,
        told.device,
        Facility.ALARMS,
        Level.NOTICE if told.is_over else level,
        "ALM-CLEAR" if told.is_over else "ALM-RAISE",
        data,
        told.title.en,
    )


def record(
    at: datetime, host: str, facility: Facility, name: str, facts: Mapping[str, object], text: str
) -> Line:
    """A row of one of our books: an operation or a call; what is empty is left out."""
    told = {_word(key, 32): str(value) for key, value in facts.items() if value not in (None, "")}
    return Line(at, host, facility, Level.INFORMATIONAL, name, {_OURS: told}, text)


def make(layout: Layout) -> SyslogNotifier:
    """The notifier `syslog`."""
    return SyslogNotifier(layout)


def _element(name: str, parameters: Mapping[str, str]) -> str:
    return "".join(["[", name, *(f' {key}="{_escaped(value)}"' for key, value in parameters.items()), "]"])


def _escaped(value: str) -> str:
    plain = _one_line(value)[:_MOST_VALUE]
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


def _one_line(text: str) -> str:
    return "".join(" " if unicodedata.category(one) == "Cc" else one for one in text)


def _word(text: str, most: int = 255) -> str:
    """Printable ASCII without what would end a word there."""
    kept = "".join(one if "!" <= one <= "~" and one not in '="]' else "-" for one in text)
    return kept[:most] or "-"
