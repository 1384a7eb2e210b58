"""Tokens for programs: each a part of its owner's rights for a while."""

import contextlib
from datetime import datetime, timedelta
from typing import NamedTuple

from appliance.core.clock import from_ns, to_ns
from appliance.core.errors import Conflict, Later, NotFound
from appliance.core.text import Text
from appliance.domain.roles import Permission
from appliance.store import people
from appliance.store.credentials import hashed
from appliance.store.database import Database
from appliance.store.people import Person

MAX_TOKENS = 50
_SEEN_EVERY = timedelta(minutes=1)


class TooManyTokens(Conflict):
    """Facts: limit."""

    text = Text(en="At most {limit} tokens a person.", zh="每人最多 {limit} 个令牌。")


class Token(NamedTuple):
    """A token without its value."""

    id: int
    user_id: int
    user: str
    name: str
    permissions: frozenset[Permission]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_from: str


class Bearer(NamedTuple):
    """Who a token stands for, with the rights that both have."""

    person: Person
    name: str


def create(
    database: Database,
    user_id: int,
    value: str,
    name: str,
    permissions: frozenset[Permission],
    times: tuple[datetime, datetime],
) -> Token:
    """Keep a token.

    Shape: times are (now, the end)
    Raises: TooManyTokens
    """
    with database.write():
        count = database.execute("SELECT count(*) FROM api_tokens WHERE user_key = ?", (user_id,))[0][0]
        if count >= MAX_TOKENS:
            raise TooManyTokens(limit=MAX_TOKENS)
        at, end = (to_ns(time) // 1000 for time in times)
        rows = database.execute(
            "INSERT INTO api_tokens (user_key, token_sha256, name, permissions, created_at_us, expires_at_us) "
            "VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (user_id, hashed(value), name, " ".join(sorted(permissions)), at, end),
        )
        found = [token for token in listed(database, user_id) if token.id == rows[0][0]]
        return found[0]


def listed(database: Database, user_id: int | None = None) -> list[Token]:
    """Tokens of one person or of all, newest first."""
    rows = database.execute(
        "SELECT t.id, t.user_key, u.name, t.name, t.permissions, t.created_at_us, t.expires_at_us, t.used_at_us, "
        "t.used_from FROM api_tokens t JOIN users u ON u.id = t.user_key WHERE (? IS NULL OR t.user_key = ?) "
        "ORDER BY t.id DESC LIMIT 1000",
        (user_id, user_id),
    )
    return [
        Token(
            row[0],
            row[1],
            row[2],
            row[3],
            _permissions(row[4]),
            from_ns(row[5] * 1000),
            from_ns(row[6] * 1000),
            None if row[7] is None else from_ns(row[7] * 1000),
            row[8],
        )
        for row in rows
    ]


def owner(database: Database, token_id: int) -> int:
    """Whose token it is.

    Raises: NotFound
    """
    rows = database.execute("SELECT user_key FROM api_tokens WHERE id = ?", (token_id,))
    if not rows:
        raise NotFound(what=str(token_id))
    return int(rows[0][0])


def revoke(database: Database, token_id: int) -> str:
    """End a token; its name.

    Raises: NotFound
    """
    with database.write():
        rows = database.execute("DELETE FROM api_tokens WHERE id = ? RETURNING name", (token_id,))
        if not rows:
            raise NotFound(what=str(token_id))
        return str(rows[0][0])


def bearer(database: Database, value: str, at: datetime, address: str) -> Bearer | None:
    """Whom a token stands for, None when it stands for nobody (any more). Its use is noted once a minute."""
    at_us = to_ns(at) // 1000
    rows = database.execute(
        "SELECT id, user_key, name, permissions, used_at_us, used_from FROM api_tokens "
        "WHERE token_sha256 = ? AND expires_at_us > ?",
        (hashed(value), at_us),
    )
    if not rows:
        return None
    token_id, user_id, name, permissions, used_at_us, used_from = rows[0]
    try:
        person = people.get(database, user_id)
    except NotFound:
        return None
    if not person.is_enabled:
        return None
    if (
        used_from != address
        or used_at_us is None
        or at_us - used_at_us > _SEEN_EVERY / timedelta(microseconds=1)
    ):
        with contextlib.suppress(Later), database.write():
            database.execute(
                "UPDATE api_tokens SET used_at_us = ?, used_from = ? WHERE id = ?",
                (at_us, address[:64], token_id),
            )
    return Bearer(person._replace(permissions=person.permissions & _permissions(permissions)), name)


def _permissions(words: str) -> frozenset[Permission]:
    known = set(Permission)
    return frozenset(Permission(word) for word in words.split() if word in known)
