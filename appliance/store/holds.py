"""Legal holds, and wishes to delete recordings. Written by webadmin; the archiver and the reaper ask.

Whoever removes anything of a call asks here first, in the transaction that removes it. The index refuses by itself,
too: a wish to delete a held call cannot be written down, nor can its row become `deleted`.
"""

from datetime import datetime
from typing import NamedTuple

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.domain.ledger import GONE, Reason
from appliance.store.database import Database
from appliance.store.models import Calls, Deletions, Holds
from appliance.store.row import from_us, to_us


class Held(Conflict):
    """The call is under a legal hold. Facts: what, reason, author."""

    text = Text(
        en="Call {what} is under a legal hold ({reason}, set by {author}); it cannot be deleted.",
        zh="通话 {what} 处于法律保留状态（{reason}，由 {author} 设置），不能删除。",
    )


class AlreadyHeld(Conflict):
    """Facts: what."""

    text = Text(en="Call {what} is already under a legal hold.", zh="通话 {what} 已处于法律保留状态。")


class AlreadyDeleted(Conflict):
    """Facts: what."""

    text = Text(en="The recording of call {what} has been deleted.", zh="通话 {what} 的录音已被删除。")


class Hold(NamedTuple):
    """A hold, in force until `lifted_at`."""

    call_id: str
    reason: str
    author: str
    at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class Wish(NamedTuple):
    """Somebody wants the recording of a call deleted."""

    call_id: str
    reason: str
    author: str
    at: datetime


_WISH = (Deletions.call_id, Deletions.reason, Deletions.author, Deletions.at_us)


def in_force(database: Database, call_id: str) -> Hold | None:
    """The hold that protects this call now."""
    found = [hold for hold in history(database, call_id) if hold.lifted_at is None]
    return found[0] if found else None


def history(database: Database, call_id: str) -> list[Hold]:
    """All holds of a call, the newest first."""
    rows = database.rows(
        Holds.select(
            Holds.call_id, Holds.reason, Holds.author, Holds.at_us, Holds.lifted_by, Holds.lifted_at_us
        )
        .where(Holds.call_id == call_id)
        .order_by(Holds.at_us.desc(), Holds.id.desc())
    )
    return [
        Hold(call_id, reason, author, from_us(at_us), by, None if lifted_us is None else from_us(lifted_us))
        for call_id, reason, author, at_us, by, lifted_us in rows
    ]


def held(database: Database) -> frozenset[str]:
    """Every call that is under a hold."""
    return frozenset(
        call_id
        for (call_id,) in database.rows(Holds.select(Holds.call_id).where(Holds.lifted_at_us.is_null()))
    )


def hold(database: Database, call_id: str, reason: str, author: str, at: datetime) -> None:
    """Put a call under a hold; a deletion that was asked for and not yet done is withdrawn.

    Raises: NotFound, AlreadyHeld, AlreadyDeleted
    """
    with database.write():
        found = database.first(Calls.select(Calls.reason).where(Calls.call_id == call_id))
        if found is None:
            raise NotFound(what=call_id)
        if found[0] in GONE:
            raise AlreadyDeleted(what=call_id)
        if in_force(database, call_id) is not None:
            raise AlreadyHeld(what=call_id)
        database.run(Deletions.delete().where(Deletions.call_id == call_id))
        database.run(
            Holds.insert({"call_id": call_id, "reason": reason, "author": author, "at_us": to_us(at)})
        )


def lift(database: Database, call_id: str, author: str, at: datetime) -> None:
    """End the hold of a call.

    Raises: NotFound when there is none
    """
    with database.write():
        changed = database.run(
            Holds.update({"lifted_by": author, "lifted_at_us": to_us(at)}).where(
                (Holds.call_id == call_id) & Holds.lifted_at_us.is_null()
            )
        )
        if not changed:
            raise NotFound(what=call_id)


def ask_deletion(database: Database, wish: Wish) -> None:
    """Write down that a recording is to be deleted; asking again changes nothing.

    Raises: NotFound, Held, AlreadyDeleted
    """
    with database.write():
        found = database.first(Calls.select(Calls.reason).where(Calls.call_id == wish.call_id))
        if found is None:
            raise NotFound(what=wish.call_id)
        if found[0] in GONE:
            raise AlreadyDeleted(what=wish.call_id)
        protection = in_force(database, wish.call_id)
        if protection is not None:
            raise Held(what=wish.call_id, reason=protection.reason, author=protection.author)
        row = {
            "call_id": wish.call_id,
            "reason": wish.reason,
            "author": wish.author,
            "at_us": to_us(wish.at),
        }
        database.run(Deletions.insert(row).on_conflict_ignore())


def wish_of(database: Database, call_id: str) -> Wish | None:
    """Who asked for this call's recording to be deleted, also after it was done."""
    found = database.rows(Deletions.select(*_WISH).where(Deletions.call_id == call_id))
    return _wish(found[0]) if found else None


def wishes(database: Database, *, done: bool = False) -> list[Wish]:
    """What is still to be deleted, the oldest first; with `done` what was."""
    is_deleted = Calls.reason == Reason.DELETED.value
    rows = database.rows(
        Deletions.select(*_WISH)
        .join(Calls, on=(Calls.call_id == Deletions.call_id))
        .where(is_deleted if done else Calls.reason.is_null())
        .order_by(Deletions.at_us, Deletions.call_id)
    )
    return [_wish(row) for row in rows]


def _wish(row: tuple[str, str, str, int]) -> Wish:
    return Wish(row[0], row[1], row[2], from_us(row[3]))
