"""The family of checks: what was seen goes in, findings come out. Each kind is a file; the register is `CHECKS`.

A check may remember what it saw before, but it reads no clock, no disk and no news by itself: the watchdog hands
it everything in a `Seen`. So each is tested by telling it a story.
"""

import importlib
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple, Protocol

import msgspec

from appliance.bus.topics import BoardState, Intake, ProgramState, Queue, StorageState, TimeState
from appliance.domain.backup import Summary
from appliance.domain.hours import Hours
from appliance.domain.licence import UNLIMITED, Licensed
from appliance.domain.selftest import SelfTest
from appliance.system.disks import Report
from appliance.system.temperature import Sensor

CHECKS: tuple[str, ...] = (
    "programs",
    "disk",
    "backlog",
    "intake",
    "mirror",
    "boards",
    "clock",
    "timesync",
    "licence",
    "licences",
    "storage",
    "disks",
    "temperature",
    "backup",
    "settings",
    "index",
    "recordings",
    "selftest",
    "sign_ins",
    "notices",
)


class Work(NamedTuple):
    """When calls are to be expected, and after how many minutes without a recording somebody wants to know."""

    hours: Hours
    zone: tzinfo
    silent_min: int


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known at one moment.

    Units: `watched_s` is how long news have been followed without a break, 0.0 without a broker; `low_bytes` is the
    free space at which the recorder stops audio; `jump_s` is how far the wall clock was set since the last time;
        a storage path that is full within `warn_days` is worth a warning (0: never); `recorded_at` is the last new
        recording, or when we began to look; `refused_sign_ins` counts by address, `stuck_notices` target -> problem
    """

    at: datetime
    watched_s: float
    programs: Mapping[str, ProgramState]
    intake: Mapping[str, Intake]
    queues: Mapping[str, Queue]
    free_bytes: int
    low_bytes: int
    jump_s: float = 0.0
    storage: Mapping[str, StorageState] = {}
    boards: Mapping[str, BoardState] = {}
    settings_problem: str = ""
    settings_revision: int = 0
    index_problem: str = ""
    time: TimeState | None = None
    disks: Report | None = None
    warn_days: int = 0
    backup: Summary | None = None
    work: Work | None = None
    recorded_at: datetime | None = None
    self_test: SelfTest | None = None
    refused_sign_ins: Mapping[str, int] = {}
    stuck_notices: Mapping[str, str] = {}
    licensed: Licensed = UNLIMITED
    device: str = ""
    sensors: Sequence[Sensor] = ()


class Finding(NamedTuple):
    """One thing that is, or is no longer, wrong. `code` is a key of `CONDITIONS`, `subject` tells alike ones apart."""

    code: str
    raised: bool
    facts: dict[str, int | float | str]
    subject: str = ""


class Check(Protocol):
    """One kind of check."""

    def findings(self, seen: Seen) -> list[Finding]:
        """What is right or wrong now; every code this check knows, for every subject it knows."""


def make(name: str) -> Check:
    """The check of a registered name."""
    check: Check = importlib.import_module(f"appliance.health.{name}").make()
    return check
