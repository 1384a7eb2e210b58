"""Who is signed in where: listed and ended; and why a session may do nothing before something was mended."""

from datetime import datetime
from typing import NamedTuple

from appliance.core.clock import from_ns
from appliance.core.errors import NotFound
from appliance.store.credentials import hashed
from appliance.store.database import Database

_HANDLE = 16


class Open(NamedTuple):
    """An open session; `handle` names it without giving it away. `method`: password | passkey | … ."""

    handle: str
    user_id: int
    user: str
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str
    method: str


def handle_of(token: str) -> str:
    """The handle of the session with this token."""
    return hashed(token)[:_HANDLE]


def listed(database: Database, user_id: int | None = None) -> list[Open]:
    """Open sessions of one person or of all, the last seen first."""
    rows = database.execute(
        "SELECT substr(s.token_sha256, 1, 16), s.user_key, u.name, s.created_at_us, s.seen_at_us, s.address, s.agent, "
        "s.method FROM sessions s JOIN users u ON u.id = s.user_key WHERE (? IS NULL OR s.user_key = ?) "
        "ORDER BY s.seen_at_us DESC LIMIT 1000",
        (user_id, user_id),
    )
    return [
        Open(row[0], row[1], row[2], from_ns(row[3] * 1000), from_ns(row[4] * 1000), row[5], row[6], row[7])
        for row in rows
    ]


def owner(database: Database, handle: str) -> int:
    """Whose session it is.

    Raises: NotFound
    """
    rows = database.execute("SELECT user_key FROM sessions WHERE substr(token_sha256, 1, 16) = ?", (handle,))
    if not rows:
        raise NotFound(what=handle)
    return int(rows[0][0])


def end(database: Database, handle: str) -> None:
    """End a session."""
    with database.write():
        database.execute("DELETE FROM sessions WHERE substr(token_sha256, 1, 16) = ?", (handle,))


def end_others(database: Database, user_id: int, keep: str) -> int:
    """End all sessions of a person but the one with the token `keep`; how many."""
    with database.write():
        rows = database.execute(
            "DELETE FROM sessions WHERE user_key = ? AND token_sha256 <> ? RETURNING user_key",
            (user_id, hashed(keep)),
        )
        return len(rows)


def mark(database: Database, token: str, *, method: str, held: str) -> None:
    """Say how a session was opened, and what must be mended in it before anything else."""
    with database.write():
        database.execute(
            "UPDATE sessions SET method = ?, held = ? WHERE token_sha256 = ?", (method, held, hashed(token))
        )


def release(database: Database, user_id: int, held: str) -> None:
    """What had to be mended was mended."""
    with database.write():
        database.execute("UPDATE sessions SET held = '' WHERE user_key = ? AND held = ?", (user_id, held))
