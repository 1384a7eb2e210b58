"""One row of the route table: an address, and per method a function, a permission and what goes in and out.

What goes in and out is read from the function's signature, `async def search(asked: Asked[CallsQuery, Nothing])
-> CallsPage`, and its first docstring line is the summary: the decoder and the OpenAPI document cannot disagree.
"""

import inspect
import re
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from tornado.web import RequestHandler

from appliance.core.text import Language
from appliance.domain.roles import Permission
from webadmin.deeds import Deed, deed_of
from webadmin.panel import Panel
from webadmin.visitor import Visitor

PARTS: Mapping[str, str] = {
    "call_id": r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}",
    "interaction_id": r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}",
    "user_id": r"[0-9]{1,9}",
    "alarm_id": r"[0-9]{1,15}",
    "session_id": r"[0-9a-f]{16}",
    "passkey_id": r"[0-9]{1,9}",
    "token_id": r"[0-9]{1,9}",
    "role_id": r"[0-9]{1,9}",
    "department_id": r"[0-9]{1,9}",
    "revision": r"[0-9]{1,18}",
    "language": r"en|zh",
    "program": r"recorder|boards|archiver|watchdog|notifier|backup|timesync|snmp|helper|webadmin|broker",
    "licence": r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}",
    "template": r"zabbix|librenms-detection|librenms-discovery",
    "list": r"blacklist|allow_list",
    "statement": r"[0-9]{1,9}",
    "search_id": r"[0-9]{1,9}",
    "note_id": r"[0-9]{1,12}",
    "bookmark_id": r"[0-9]{1,12}",
    "share_id": r"[0-9]{1,12}",
    "probe_id": r"[A-Za-z0-9_-]{16,43}",
    "channel": r"[1-9][0-9]{0,3}",
    "export_id": r"[A-Za-z0-9_-]{16,43}",
}
"""What the variable parts of an address may be; anything else is no address of ours (404)."""

_PART = re.compile(r"\{(\w+)\}")


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters, or no body."""


Query = TypeVar("Query", bound=msgspec.Struct)
Body = TypeVar("Body", bound=msgspec.Struct)


@dataclass(slots=True)
class Asked(Generic[Query, Body]):
    """One request, judged allowed and decoded.

    `is_continued` is a further range of something that was begun before. `sign_in` set by a function is the token of a new session, empty for the end of one.
    `noted` is what the function told of itself for the operation log, `actor` whom it is about when nobody is signed
    in yet; a function sets `is_quiet` when what it did is not worth a line.
    """

    panel: Panel
    visitor: Visitor
    language: Language
    address: str
    agent: str
    path: Mapping[str, str]
    query: Query
    body: Body
    host: str = ""
    protocol: str = "http"
    is_continued: bool = False
    sign_in: str | None = None
    noted: list[tuple[str, dict[str, str | float]]] = field(default_factory=list)
    actor: str = ""
    is_quiet: bool = False


Act = Callable[[Asked[Any, Any]], Awaitable[Any]]


SMALL_BODY_BYTES = 256 * 1024
LARGE_BODY_BYTES = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one address does.

    `media` is the type of an answer that is not JSON, or its types with a comma between; a body beyond `max_body_bytes` is refused before it is read.
    `for_lookers`: also for somebody who looks at the panel as another person, who may change nothing else.
    """

    act: Act
    permission: Permission
    status: int = 200
    media: str = ""
    max_body_bytes: int = SMALL_BODY_BYTES
    for_lookers: bool = False
    query: type[msgspec.Struct] = field(init=False)
    body: type[msgspec.Struct] = field(init=False)
    answer: Any = field(init=False)
    summary: str = field(init=False)

    def __post_init__(self) -> None:
        hints = typing.get_type_hints(self.act)
        query, body = typing.get_args(hints["asked"])
        object.__setattr__(self, "query", query)
        object.__setattr__(self, "body", body)
        object.__setattr__(self, "answer", hints["return"])
        object.__setattr__(self, "summary", (inspect.getdoc(self.act) or "").split("\n", maxsplit=1)[0])

    @property
    def name(self) -> str:
        """The function's file and name, as the operation log and its table of words know it."""
        return f"{self.act.__module__.rpartition('.')[2]}.{self.act.__name__}"

    def deed(self, method: str) -> Deed:
        """What it is to the operation log."""
        return deed_of(self.name, method, self.summary)


@dataclass(frozen=True, slots=True)
class Route:
    """An address below `/api/v1/`; `{name}` parts are looked up in `PARTS`."""

    path: str
    operations: Mapping[str, Operation]

    @property
    def pattern(self) -> str:
        """The regular expression of the whole address."""
        return _pattern(self.path)

    @property
    def parts(self) -> list[str]:
        """The names of the variable parts, in order."""
        return _PART.findall(self.path)


@dataclass(frozen=True, slots=True)
class SocketRoute:
    """A WebSocket's address; the first line of its handler's docstring is the summary."""

    path: str
    handler: type[RequestHandler]
    permission: Permission

    @property
    def pattern(self) -> str:
        """The regular expression of the whole address."""
        return _pattern(self.path)

    @property
    def parts(self) -> list[str]:
        """The names of the variable parts, in order."""
        return _PART.findall(self.path)

    @property
    def summary(self) -> str:
        """One line on what is sent."""
        return (inspect.getdoc(self.handler) or "").split("\n", maxsplit=1)[0]


def _pattern(path: str) -> str:
    return _PART.sub(lambda part: f"(?P<{part[1]}>{PARTS[part[1]]})", path.replace(".", r"\."))
