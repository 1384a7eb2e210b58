"""Who did what: a line of the system's log, and a row of the operation log for every request that matters."""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import ApplianceError
from appliance.domain.operation import Result
from appliance.store.operations import Entry
from webadmin.agents import named
from webadmin.deeds import Deed
from webadmin.operation import Asked
from webadmin.oplog import OperationLog
from webadmin.parameters import as_json, cut, plain
from webadmin.visitor import Visitor

_logger = log.get(__name__)
_OF_LOGGING = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime"}
"""Names that a line of the log has for itself and refuses from others, as `name`, `module`, `process`."""
_MAX_NOTES = 20
_FAILED = 500


class Origin(NamedTuple):
    """From where somebody asks."""

    address: str
    agent: str


def name_of(asked: Asked[Any, Any]) -> str:
    """Who asks, the real person behind a look as somebody else; "" for nobody in particular."""
    actor = asked.visitor.actor
    return actor.name if actor else asked.actor


def note(asked: Asked[Any, Any], action: str, **facts: str | float) -> None:
    """Log an action of the person who asked; `action` is constant English. It joins the request's row of the log."""
    visitor = asked.visitor
    if visitor.looker is not None and visitor.person is not None:
        facts = {**facts, "looking_as": visitor.person.name}
    asked.noted.append((action, facts))
    note_of(name_of(asked), asked.address, action, **facts)


def note_of(user: str, address: str, action: str, **facts: str | float) -> None:
    """Log an action of a named person in the system's log only."""
    extra = {
        (f"{name}_" if name in _OF_LOGGING else name): one_line(str(value)) for name, value in facts.items()
    }
    _logger.info(action, extra={"user": one_line(user), "address": address, **extra})


def record(
    operations: OperationLog,
    clock: Clock,
    what: tuple[str, Deed],
    visitor: Visitor,
    origin: Origin,
    *,
    parameters: Mapping[str, Any] | None = None,
    actor: str = "",
    error: ApplianceError | None = None,
    status: int = 200,
) -> None:
    """Add a row to the operation log.

    Shape: what is (name of the operation, its deed)
    """
    system, browser = named(origin.agent)
    name, deed = what
    given = dict(parameters or {})
    if visitor.looker is not None and visitor.person is not None:
        given["looking_as"] = visitor.person.name
    if visitor.via:
        given["token"] = visitor.via
    if visitor.confirmation is not None:
        given["second_person"] = visitor.confirmation.name
    result = Result.DONE if status < 400 else Result.REFUSED if status < _FAILED else Result.FAILED
    operations.add(
        Entry(
            at=clock.now(),
            user=cut(visitor.actor.name if visitor.actor else actor),
            address=origin.address,
            system=system,
            browser=browser,
            module=deed.module.value,
            operation=name,
            kind=deed.kind,
            result=result,
            parameters=as_json(given),
            error=_error(error, status),
        )
    )


def told(asked: Asked[Any, Any]) -> dict[str, Any]:
    """What a request asked for and what its function told: the parameters of its row, without secrets."""
    found: dict[str, Any] = {**asked.path, **plain(asked.query), **plain(asked.body)}
    for action, facts in asked.noted[:_MAX_NOTES]:
        if len(asked.noted) == 1:
            fresh = {name: _short(value) for name, value in facts.items()}
            found.update({name: value for name, value in fresh.items() if found.get(name) != value})
        else:
            found.setdefault("notes", []).append({"what": action, **{k: _short(v) for k, v in facts.items()}})
    if len(asked.noted) > _MAX_NOTES:
        found["notes"].append({"what": f"\u2026 {len(asked.noted)}"})
    return found


def one_line(text: str) -> str:
    """What a stranger typed, unable to fake a line of the log."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]


def _short(value: str | float) -> str | float:
    return cut(value) if isinstance(value, str) else value


def _error(error: ApplianceError | None, status: int) -> str:
    if status < 400:
        return ""
    if error is None:
        return msgspec.json.encode({"code": "internal", "en": "Internal error.", "zh": "内部错误。"}).decode()
    said = {"code": error.code, "en": cut(error.message("en")), "zh": cut(error.message("zh"))}
    return msgspec.json.encode(said).decode()
