"""Links to one recording for people without a user. Written by webadmin only.

A link dies by its end, by being revoked, and with the right of whoever made it: that is judged at every use, so the
row keeps who that was, not what they were allowed then.
"""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from appliance.core.errors import NotFound
from appliance.store.database import Database
from appliance.store.models import Shares
from appliance.store.row import from_us, storable, to_us


class Share(NamedTuple):
    """A link. `span`: the seconds of the recording it shows, None for all; `password_hash` "" = no password."""

    id: int
    call_id: str
    user_id: int
    author: str
    at: datetime
    expires_at: datetime
    password_hash: str
    span: tuple[float, float] | None
    note: str
    opens: int
    opened_at: datetime | None
    revoked_at: datetime | None

    def is_alive(self, now: datetime) -> bool:
        """Whether time and revocation allow it."""
        return self.revoked_at is None and now < self.expires_at


_COLUMNS = (
    Shares.id,
    Shares.call_id,
    Shares.user_key,
    Shares.author,
    Shares.at_us,
    Shares.expires_at_us,
    Shares.password_hash,
    Shares.from_us,
    Shares.to_us,
    Shares.note,
    Shares.opens,
    Shares.opened_at_us,
    Shares.revoked_at_us,
)


def add(database: Database, token: str, share: Share) -> int:
    """Keep a new link (its `id`, `opens` and times of use are not looked at); the id."""
    row = {
        "token_sha256": _digest(token),
        "call_id": share.call_id,
        "user_key": share.user_id,
        "author": share.author,
        "at_us": to_us(share.at),
        "expires_at_us": to_us(share.expires_at),
        "password_hash": share.password_hash,
        "from_us": None if share.span is None else round(share.span[0] * 1e6),
        "to_us": None if share.span is None else round(share.span[1] * 1e6),
        "note": storable(share.note),
        "opens": 0,
    }
    with database.write():
        return int(database.run(Shares.insert(row)))


def by_token(database: Database, token: str) -> Share | None:
    """The link behind an address, dead or alive."""
    found = database.rows(Shares.select(*_COLUMNS).where(Shares.token_sha256 == _digest(token)))
    return _share(found[0]) if found else None


def by_id(database: Database, share_id: int) -> Share | None:
    """One link."""
    found = database.rows(Shares.select(*_COLUMNS).where(Shares.id == share_id))
    return _share(found[0]) if found else None


def listed(
    database: Database, *, call_id: str = "", user_id: int | None = None, limit: int = 200
) -> list[Share]:
    """Links, the newest first: of one call, of one person, or all."""
    chosen = Shares.select(*_COLUMNS).order_by(Shares.at_us.desc(), Shares.id.desc()).limit(limit)
    if call_id:
        chosen = chosen.where(Shares.call_id == call_id)
    if user_id is not None:
        chosen = chosen.where(Shares.user_key == user_id)
    return [_share(row) for row in database.rows(chosen)]


def opened(database: Database, share_id: int, at: datetime) -> None:
    """Count a use."""
    with database.write():
        database.run(
            Shares.update({"opens": Shares.opens + 1, "opened_at_us": to_us(at)}).where(Shares.id == share_id)
        )


def revoke(database: Database, share_id: int, at: datetime) -> None:
    """End a link; no harm when it has ended.

    Raises: NotFound
    """
    with database.write():
        if by_id(database, share_id) is None:
            raise NotFound(what=str(share_id))
        database.run(
            Shares.update({"revoked_at_us": to_us(at)}).where(
                (Shares.id == share_id) & Shares.revoked_at_us.is_null()
            )
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _share(row: tuple[Any, ...]) -> Share:
    key, call_id, user, author, at, expires, password_hash, start, stop, note, opens, opened_at, revoked = row
    return Share(
        key,
        call_id,
        user,
        author,
        from_us(at),
        from_us(expires),
        password_hash,
        None if start is None or stop is None else (start / 1e6, stop / 1e6),
        note,
        opens,
        None if opened_at is None else from_us(opened_at),
        None if revoked is None else from_us(revoked),
    )
