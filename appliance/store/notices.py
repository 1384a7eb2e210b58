"""Notices of alarms: what is to be told to whom, what became of it, in the words of the server that took it.

The table is the queue and the record at once: what waits survives a restart and a power cut, and what was sent or
failed stays to be looked up.
"""

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from appliance.store.database import Database
from appliance.store.models import Notices
from appliance.store.row import from_us, to_us

State = Literal["waiting", "sent", "failed"]
Occasion = Literal["raised", "cleared", "escalated", "alive"]

TARGETS = ("email", "snmp", "syslog", "webhook")
MAX_WAITING = 5000
MAX_ANSWER = 500
MAX_REMOVED = 1000


class Notice(NamedTuple):
    """Something to be told; `content` is the text for people, `receivers` are as the target knows them."""

    alarm_id: int | None
    target: str
    occasion: Occasion
    code: str
    receivers: tuple[str, ...]
    title: str
    content: str


class Kept(NamedTuple):
    """A notice in the table. `answer` is what the server said last, `done_at` set once it was sent or given up."""

    id: int
    notice: Notice
    at: datetime
    state: State
    attempts: int
    done_at: datetime | None
    answer: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; None and '' leave a filter out."""

    target: str = ""
    since: datetime | None = None
    until: datetime | None = None
    code: str = ""
    state: State | None = None


_COLUMNS = (
    Notices.id,
    Notices.alarm_key,
    Notices.target,
    Notices.occasion,
    Notices.code,
    Notices.receivers,
    Notices.title,
    Notices.content,
    Notices.at_us,
    Notices.state,
    Notices.attempts,
    Notices.done_at_us,
    Notices.answer,
)


def add(database: Database, notices: list[Notice], at: datetime) -> int:
    """Put notices into the queue, as long as it is not full; how many there was room for."""
    with database.write():
        waiting = database.number("SELECT count(*) FROM notices WHERE state = 'waiting'")
        taken = notices[: max(0, MAX_WAITING - waiting)]
        for one in taken:
            row = {
                "alarm_key": one.alarm_id,
                "target": one.target,
                "occasion": one.occasion,
                "code": one.code,
                "receivers": " ".join(one.receivers),
                "title": one.title,
                "content": one.content,
                "at_us": to_us(at),
                "due_at_us": to_us(at),
                "state": "waiting",
                "attempts": 0,
                "answer": "",
            }
            database.run(Notices.insert(row))
    return len(taken)


def due(database: Database, at: datetime, limit: int = 20) -> list[Kept]:
    """What waits and may be tried now, the oldest first."""
    query = Notices.select(*_COLUMNS).where((Notices.state == "waiting") & (Notices.due_at_us <= to_us(at)))
    return [_kept(row) for row in database.rows(query.order_by(Notices.due_at_us, Notices.id).limit(limit))]


def finish(
    database: Database, notice_id: int, state: Literal["sent", "failed"], answer: str, at: datetime
) -> None:
    """The notice was sent, or is given up."""
    change = {"state": state, "answer": answer[:MAX_ANSWER], "done_at_us": to_us(at)}
    with database.write():
        database.run(
            Notices.update({**change, "attempts": Notices.attempts + 1}).where(Notices.id == notice_id)
        )


def postpone(database: Database, notice_id: int, answer: str, until: datetime) -> None:
    """The notice could not be sent now; it is tried again at that moment."""
    change = {"answer": answer[:MAX_ANSWER], "due_at_us": to_us(until), "attempts": Notices.attempts + 1}
    with database.write():
        database.run(Notices.update(change).where(Notices.id == notice_id))


def stuck(database: Database, tries: int) -> dict[str, str]:
    """Targets with notices that wait after so many tries in vain, and what the server said last."""
    query = Notices.select(Notices.target, Notices.answer).where(
        (Notices.state == "waiting") & (Notices.attempts >= tries)
    )
    return dict(database.rows(query.order_by(Notices.id)))


def last_of(database: Database, target: str, alarm_ids: list[int]) -> dict[int, tuple[Occasion, datetime]]:
    """What a target was last told of each of these alarms, and when."""
    rows = database.rows(
        Notices.select(Notices.alarm_key, Notices.occasion, Notices.at_us)
        .where((Notices.target == target) & Notices.alarm_key.in_(alarm_ids))
        .order_by(Notices.id)
    )
    return {alarm_id: (occasion, from_us(at_us)) for alarm_id, occasion, at_us in rows}


def since(database: Database, target: str, at: datetime) -> list[Occasion]:
    """The occasions of everything that a target was told from this moment on."""
    query = Notices.select(Notices.occasion).where((Notices.target == target) & (Notices.at_us >= to_us(at)))
    return [occasion for (occasion,) in database.rows(query)]


def find(database: Database, wanted: Wanted, *, before: int | None, limit: int) -> list[Kept]:
    """The newest that fit, from below the id `before`."""
    query = Notices.select(*_COLUMNS).order_by(Notices.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Notices.id < before)
    if wanted.target:
        query = query.where(Notices.target == wanted.target)
    if wanted.since is not None:
        query = query.where(Notices.at_us >= to_us(wanted.since))
    if wanted.until is not None:
        query = query.where(Notices.at_us < to_us(wanted.until))
    if wanted.code:
        query = query.where(Notices.code == wanted.code)
    if wanted.state is not None:
        query = query.where(Notices.state == wanted.state)
    return [_kept(row) for row in database.rows(query)]


def forget(database: Database, before: datetime) -> int:
    """Remove what was sent or given up before this moment, at most some at a time; how many."""
    old = Notices.select(Notices.id).where(Notices.done_at_us < to_us(before)).limit(MAX_REMOVED)
    with database.write():
        return int(database.run(Notices.delete().where(Notices.id.in_(old))))


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: half a minute, doubling to an hour."""
    return min(timedelta(seconds=30 << min(attempts, 10)), timedelta(hours=1))


def _kept(row: Any) -> Kept:
    (
        key,
        alarm_id,
        target,
        occasion,
        code,
        receivers,
        title,
        content,
        at_us,
        state,
        attempts,
        done,
        answer,
    ) = row
    notice = Notice(alarm_id, target, occasion, code, tuple(receivers.split()), title, content)
    return Kept(key, notice, from_us(at_us), state, attempts, None if done is None else from_us(done), answer)
