"""Two systems side by side: which one runs, what lies in the other, and what a start of it means. Pure.

A system that was written into the other slot is on trial when it first starts: it stays only once it has recorded a call
of its own; otherwise, or when it never comes up, the one before runs again.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

HISTORY = 50


class SlotState(StrEnum):
    """What is known of a slot: `good` has proved itself, `bad` is not started any more."""

    GOOD = "good"
    BAD = "bad"


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two places for a system. `version` and `installed_at` are those of the last update, "" from the factory."""

    name: str
    is_running: bool
    state: SlotState
    version: str = ""
    build: str = ""
    installed_at: str = ""


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A signed update that was verified."""

    version: str
    build: str
    size_bytes: int


class What(StrEnum):
    """An entry of the history."""

    INSTALLED = "installed"
    NOT_INSTALLED = "not_installed"
    STARTED = "started"
    COMMITTED = "committed"
    RETURNED = "returned"
    RESET = "reset"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened; `detail` is the cause, a program's own words in English."""

    at: datetime
    what: What
    version: str = ""
    slot: str = ""
    by: str = ""
    detail: str = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """The next start is to be of `slot`; `origin` is where to return to."""

    slot: str
    version: str
    origin: str
    since: datetime
    by: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """An installation under way."""

    percent: int
    step: str
    since: datetime


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """When the other system is to be started, and who wants it."""

    at: datetime
    by: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is remembered of updates, written by root alone."""

    running: str = ""
    slots: list[Slot] = msgspec.field(default_factory=list)
    progress: Progress | None = None
    problem: str = ""
    wanted_by: str = ""
    """Who ordered the installation."""
    waiting: Bundle | None = None
    """The system in the other slot, installed and not started yet."""
    plan: Plan | None = None
    trial: Trial | None = None
    history: list[Event] = msgspec.field(default_factory=list)

    def noted(self, event: Event) -> "State":
        """With one more entry, the newest first."""
        return msgspec.structs.replace(self, history=[event, *self.history][:HISTORY])


class Verdict(StrEnum):
    """What a start means."""

    ORDINARY = "ordinary"
    ON_TRIAL = "on_trial"
    CAME_BACK = "came_back"


def verdict(trial: Trial | None, running: str) -> Verdict:
    """Whether the slot that runs is the one on trial, or the one that was returned to."""
    if trial is None:
        return Verdict.ORDINARY
    return Verdict.ON_TRIAL if trial.slot == running else Verdict.CAME_BACK


def other(slot: str) -> str:
    """The slot that does not run."""
    return "B" if slot == "A" else "A"
