"""The table of news: topic ↔ struct ↔ retained ↔ quality. Nothing else may spell a topic.

`state/` is retained and idempotent, `event/` is a hint whose loss costs only time. Every payload carries `at`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

import msgspec

from appliance.domain.call import Call

News = TypeVar("News", bound="msgspec.Struct")


class ProgramState(msgspec.Struct, frozen=True, kw_only=True):
    """A daemon's own word on itself; the broker publishes `alive=False` for one that died (last will).

    `status` is English; `status_zh` is empty where there is nothing to translate.
    """

    at: datetime
    alive: bool
    status: str = ""
    status_zh: str = ""
    started_at: datetime | None = None
    facts: dict[str, int | float | str] = {}


class LiveCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call in progress; an empty payload on its topic clears it."""

    at: datetime
    call: Call
    codecs: dict[str, str] = {}


class StreamNow(msgspec.Struct, frozen=True, kw_only=True):
    """Running figures of one side of one live call."""

    packets: int
    lost: int
    jitter_ms: float


class LiveMedia(msgspec.Struct, frozen=True, kw_only=True):
    """Running figures of all live calls at once: call_id -> side -> figures. Not retained."""

    at: datetime
    calls: dict[str, dict[str, StreamNow]]


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """Counters of one mirror port, by the engine's names, and its link."""

    at: datetime
    interface: str
    link_up: bool
    counters: dict[str, int]


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """How much work waits: bundles ready, in work, quarantined."""

    at: datetime
    ready: int
    working: int
    quarantined: int
    oldest_s: float = 0.0


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """One check's finding: code of a condition, whether it is raised, facts for its text."""

    at: datetime
    raised: bool
    code: str
    facts: dict[str, int | float | str] = {}


class BundleReady(msgspec.Struct, frozen=True, kw_only=True):
    """A hint that the spool has work."""

    at: datetime
    call_id: str


class CallIndexed(msgspec.Struct, frozen=True, kw_only=True):
    """A call's row is in the index, with a recording or with a reason."""

    at: datetime
    call_id: str
    recorded: bool


class Topic(NamedTuple, Generic[News]):
    """One row of the table. `path` has at most one `+`, filled by `at(key)`."""

    path: str
    payload: type[News]
    retained: bool
    qos: int

    def at(self, key: str = "") -> str:
        """The topic of one subject."""
        return self.path.replace("+", key)

    def key(self, topic: str) -> str:
        """The subject a received topic is about."""
        return topic.removeprefix(self.path.split("+", maxsplit=1)[0])


PROGRAM = Topic("state/program/+", ProgramState, retained=True, qos=1)
CALL = Topic("state/call/+", LiveCall, retained=True, qos=1)
INTAKE = Topic("state/intake/+", Intake, retained=True, qos=0)
QUEUE = Topic("state/queue/+", Queue, retained=True, qos=0)
HEALTH = Topic("state/health/+", Health, retained=True, qos=1)
MEDIA = Topic("event/media", LiveMedia, retained=False, qos=0)
BUNDLE = Topic("event/bundle", BundleReady, retained=False, qos=0)
INDEXED = Topic("event/recording", CallIndexed, retained=False, qos=0)

Receiver = Callable[[str, msgspec.Struct | None], None]
