"""Who did what: one structured line of the log for everything that somebody may have to answer for."""

from typing import Any

from appliance.core import log
from webadmin.operation import Asked

_logger = log.get(__name__)


def name_of(asked: Asked[Any, Any]) -> str:
    """Who asks, "" for nobody in particular."""
    person = asked.visitor.person
    return person.name if person else ""


def note(asked: Asked[Any, Any], action: str, **facts: str | float) -> None:
    """Log an action of the person who asked; `action` is constant English."""
    note_of(name_of(asked), asked.address, action, **facts)


def note_of(user: str, address: str, action: str, **facts: str | float) -> None:
    """Log an action of a named person."""
    extra = {name: one_line(str(value)) for name, value in facts.items()}
    _logger.info(action, extra={"user": one_line(user), "address": address, **extra})


def one_line(text: str) -> str:
    """What a stranger typed, unable to fake a line of the log."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]
