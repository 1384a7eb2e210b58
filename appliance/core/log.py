"""Logging with structured fields: to journald under systemd, one readable line each elsewhere.

Messages are constant English; facts go into `extra={"call": …}`. Nothing else in the project prints logs.
"""

import logging
import os
import sys
from typing import Any

from systemd.journal import JournalHandler

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def get(name: str) -> logging.Logger:
    """The logger of one module; pass `__name__`."""
    return logging.getLogger(name)


def configure(program: str, level: int = logging.INFO) -> None:
    """Send this process's log to the journal, or to standard error outside systemd."""
    handler: logging.Handler
    if os.environ.get("JOURNAL_STREAM"):
        handler = JournalHandler(SYSLOG_IDENTIFIER=f"tapeline-{program}")
        handler.setFormatter(_Line("%(levelname)s:%(name)s:%(message)s"))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Line("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("tornado.access", "peewee"):  # peewee would tell every statement with its values
        logging.getLogger(name).setLevel(logging.WARNING)


class _Line(logging.Formatter):
    """The facts stand behind the message: neither handler would tell them otherwise."""

    def __init__(self, form: str) -> None:
        super().__init__(form, "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record) + "".join(f" {name}={value}" for name, value in _facts(record).items())


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}
