"""What people prove with beside the password: authenticator apps, recovery codes, passkeys, one-time links."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.store.database import Database
from appliance.store.row import from_us, to_us

MAX_PASSKEYS = 20
_MAX_HISTORY = 24


class TooManyPasskeys(Conflict):
    """Facts: limit."""

    text = Text(en="At most {limit} passkeys a person.", zh="每人最多 {limit} 个通行密钥。")


class PasskeyKnown(Conflict):
    """The same credential was registered before."""

    text = Text(en="This passkey is registered already.", zh="该通行密钥已注册。")


class Passkey(NamedTuple):
    """A WebAuthn credential; `host` is the name of the site it was made for, `uses` its signature counter."""

    id: int
    user_id: int
    credential: bytes
    public_key: bytes
    uses: int
    host: str
    name: str
    created_at: datetime
    used_at: datetime | None


class Factors(NamedTuple):
    """The second factors of a person."""

    totp_since: datetime | None
    recovery_codes: int
    passkeys: list[Passkey]

    @property
    def any(self) -> bool:
        """Whether a password alone is not enough."""
        return self.totp_since is not None or bool(self.passkeys)


class Sealed(NamedTuple):
    """The secret of an authenticator app, encrypted; codes up to `last_step` were used."""

    secret: bytes
    last_step: int


class Link(NamedTuple):
    """A one-time link that is still good."""

    user_id: int
    user: str
    expires_at: datetime


def source(database: Database, user_id: int) -> str:
    """Who knows the password: local | ldap.

    Raises: NotFound
    """
    rows = database.execute("SELECT source FROM users WHERE id = ?", (user_id,))
    if not rows:
        raise NotFound(what=str(user_id))
    return str(rows[0][0])


def set_source(database: Database, user_id: int, known_by: str) -> None:
    """Say who knows the password from now on."""
    with database.write():
        database.execute("UPDATE users SET source = ? WHERE id = ?", (known_by, user_id))


def factors(database: Database, user_id: int) -> Factors:
    """What a person has beside the password."""
    with database.read():
        totp = database.execute("SELECT confirmed_at_us FROM totp WHERE user_key = ?", (user_id,))
        codes = database.execute("SELECT count(*) FROM recovery_codes WHERE user_key = ?", (user_id,))
        statement = f"SELECT {_PASSKEY} FROM passkeys WHERE user_key = ? ORDER BY id"  # noqa: S608 - constant
        keys = [_passkey(row) for row in database.execute(statement, (user_id,))]
    return Factors(_at(totp[0][0]) if totp else None, codes[0][0], keys)


def begin_totp(database: Database, user_id: int, sealed: bytes) -> None:
    """Keep a secret that is to be confirmed by its first code."""
    with database.write():
        database.execute(
            "INSERT INTO totp (user_key, secret) VALUES (?, ?) "
            "ON CONFLICT (user_key) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE confirmed_at_us IS NULL",
            (user_id, sealed),
        )


def totp(database: Database, user_id: int, *, confirmed: bool) -> Sealed | None:
    """The secret in force, or the one that waits to be confirmed."""
    condition = "IS NOT NULL" if confirmed else "IS NULL"
    rows = database.execute(
        f"SELECT secret, last_step FROM totp WHERE user_key = ? AND confirmed_at_us {condition}",  # noqa: S608
        (user_id,),
    )
    return Sealed(bytes(rows[0][0]), rows[0][1]) if rows else None


def confirm_totp(database: Database, user_id: int, step: int, at: datetime, codes: list[str]) -> None:
    """Put a secret in force with its recovery codes."""
    with database.write():
        database.execute(
            "UPDATE totp SET confirmed_at_us = ?, last_step = ? WHERE user_key = ?",
            (to_us(at), step, user_id),
        )
        _replace_codes(database, user_id, codes)


def use_totp(database: Database, user_id: int, step: int) -> bool:
    """Take note of a code; False when it, or a later one, was used before."""
    with database.write():
        rows = database.execute(
            "UPDATE totp SET last_step = ? WHERE user_key = ? AND last_step < ? RETURNING user_key",
            (step, user_id, step),
        )
        return bool(rows)


def replace_codes(database: Database, user_id: int, codes: list[str]) -> None:
    """New recovery codes; the old ones end."""
    with database.write():
        _replace_codes(database, user_id, codes)


def use_code(database: Database, user_id: int, code: str) -> bool:
    """Use a recovery code up; False when it is none (any more)."""
    with database.write():
        rows = database.execute(
            "DELETE FROM recovery_codes WHERE user_key = ? AND code_sha256 = ? RETURNING user_key",
            (user_id, hashed(code)),
        )
        return bool(rows)


def remove_totp(database: Database, user_id: int) -> None:
    """Take the authenticator app away, and the recovery codes with it."""
    with database.write():
        database.execute("DELETE FROM totp WHERE user_key = ?", (user_id,))
        database.execute("DELETE FROM recovery_codes WHERE user_key = ?", (user_id,))


def remove_factors(database: Database, user_id: int) -> None:
    """Take every second factor away, for somebody who lost them."""
    with database.write():
        for table in ("totp", "recovery_codes", "passkeys"):
            database.execute(f"DELETE FROM {table} WHERE user_key = ?", (user_id,))  # noqa: S608 - constants


def add_passkey(
    database: Database,
    user_id: int,
    credential: bytes,
    public_key: bytes,
    uses: int,
    names: tuple[str, str],
    at: datetime,
) -> Passkey:
    """Keep a passkey.

    Shape: names are (host, what its owner calls it)
    Raises: TooManyPasskeys, PasskeyKnown
    """
    with database.write():
        count = database.execute("SELECT count(*) FROM passkeys WHERE user_key = ?", (user_id,))[0][0]
        if count >= MAX_PASSKEYS:
            raise TooManyPasskeys(limit=MAX_PASSKEYS)
        if database.execute("SELECT id FROM passkeys WHERE credential = ?", (credential,)):
            raise PasskeyKnown
        rows = database.execute(
            "INSERT INTO passkeys (user_key, credential, public_key, uses, host, name, created_at_us) "  # noqa: S608
            f"VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING {_PASSKEY}",
            (user_id, credential, public_key, uses, *names, to_us(at)),
        )
        return _passkey(rows[0])


def passkey(database: Database, credential: bytes) -> Passkey | None:
    """The passkey with this credential id."""
    statement = f"SELECT {_PASSKEY} FROM passkeys WHERE credential = ?"  # noqa: S608 - constant
    rows = database.execute(statement, (credential,))
    return _passkey(rows[0]) if rows else None


def used_passkey(database: Database, passkey_id: int, uses: int, at: datetime) -> None:
    """Take note of a use."""
    with database.write():
        database.execute(
            "UPDATE passkeys SET uses = ?, used_at_us = ? WHERE id = ?", (uses, to_us(at), passkey_id)
        )


def remove_passkey(database: Database, user_id: int, passkey_id: int) -> str:
    """Forget a passkey of this person; its name.

    Raises: NotFound
    """
    with database.write():
        rows = database.execute(
            "DELETE FROM passkeys WHERE id = ? AND user_key = ? RETURNING name", (passkey_id, user_id)
        )
        if not rows:
            raise NotFound(what=str(passkey_id))
        return str(rows[0][0])


def make_link(database: Database, user_id: int, token: str, expires_at: datetime) -> None:
    """Keep a one-time link; an earlier one of the same person ends."""
    with database.write():
        database.execute("DELETE FROM reset_links WHERE user_key = ?", (user_id,))
        database.execute(
            "INSERT INTO reset_links (token_sha256, user_key, expires_at_us) VALUES (?, ?, ?)",
            (hashed(token), user_id, to_us(expires_at)),
        )


def link(database: Database, token: str, at: datetime) -> Link | None:
    """Whom a one-time link is for; None when it was used or is too old."""
    rows = database.execute(
        "SELECT l.user_key, u.name, l.expires_at_us FROM reset_links l JOIN users u ON u.id = l.user_key "
        "WHERE l.token_sha256 = ? AND l.expires_at_us > ? AND u.is_enabled",
        (hashed(token), to_us(at)),
    )
    return Link(rows[0][0], rows[0][1], from_us(rows[0][2])) if rows else None


def use_link(database: Database, token: str) -> bool:
    """Use a one-time link up; False when somebody else was quicker."""
    with database.write():
        rows = database.execute(
            "DELETE FROM reset_links WHERE token_sha256 = ? RETURNING user_key", (hashed(token),)
        )
        return bool(rows)


def history(database: Database, user_id: int, most: int) -> list[str]:
    """Hashes of the password in force and of those before it, newest first."""
    now = database.execute("SELECT password_hash FROM users WHERE id = ?", (user_id,))
    before = database.execute(
        "SELECT password_hash FROM password_history WHERE user_key = ? ORDER BY id DESC LIMIT ?",
        (user_id, most),
    )
    return list(dict.fromkeys(row[0] for row in [*now, *before] if row[0]))[: most + 1]


def remember(database: Database, user_id: int, password_hash: str) -> None:
    """Keep a password that is about to be replaced; of old ones only the newest."""
    with database.write():
        database.execute(
            "INSERT INTO password_history (user_key, password_hash) VALUES (?, ?)", (user_id, password_hash)
        )
        database.execute(
            "DELETE FROM password_history WHERE user_key = ? AND id NOT IN "
            "(SELECT id FROM password_history WHERE user_key = ? ORDER BY id DESC LIMIT ?)",
            (user_id, user_id, _MAX_HISTORY),
        )


def hashed(token: str) -> str:
    """All that is kept of a secret that a machine has made."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


_PASSKEY = "id, user_key, credential, public_key, uses, host, name, created_at_us, used_at_us"


def _replace_codes(database: Database, user_id: int, codes: list[str]) -> None:
    database.execute("DELETE FROM recovery_codes WHERE user_key = ?", (user_id,))
    for code in codes:
        database.execute(
            "INSERT INTO recovery_codes (user_key, code_sha256) VALUES (?, ?)", (user_id, hashed(code))
        )


def _passkey(row: tuple[object, ...]) -> Passkey:
    key_id, user_id, credential, public_key, uses, host, name, created_at_us, used_at_us = row
    assert isinstance(key_id, int)
    assert isinstance(user_id, int)
    assert isinstance(credential, bytes)
    assert isinstance(public_key, bytes)
    assert isinstance(uses, int)
    assert isinstance(created_at_us, int)
    assert used_at_us is None or isinstance(used_at_us, int)
    created_at = from_us(created_at_us)
    return Passkey(
        key_id, user_id, credential, public_key, uses, str(host), str(name), created_at, _at(used_at_us)
    )


def _at(at_us: int | None) -> datetime | None:
    return None if at_us is None else from_us(at_us)
