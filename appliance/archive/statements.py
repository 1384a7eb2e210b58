"""The book of statements: one file each, its signature beside it, every one naming the one before by hash.

Only the archiver adds to it; whoever wants one at once leaves a wish that the archiver finds. The key is made when
there is none. `openssl pkeyutl -verify -rawin` proves a statement without us: what is signed is the file's content
after a line of its own.

Source: RFC 8032 (Ed25519)
"""

import platform
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from appliance.core.errors import Broken
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.domain.statement import (
    PREFIX,
    Occasion,
    Statement,
    digest,
    midnight,
    midnights,
    printed,
    read_statement,
)
from appliance.store import accounts
from appliance.store.database import Database

_DAY = timedelta(days=1)
MOST_AT_ONCE = 400
"""A box that was off for a year has this many to make up for."""

_NAME = re.compile(r"^([0-9]{6})\.json$")


class BadKey(Broken):
    """The key of the statements is not one. Facts: path."""

    text = Text(
        en="{path} holds no Ed25519 key; put the right one back, or move it away for a new one.",
        zh="{path} 不是有效的 Ed25519 密钥；请恢复原密钥，或移走该文件以生成新密钥。",
    )


class Flaw(StrEnum):
    """What is wrong with a statement."""

    UNREADABLE = "unreadable"
    SIGNATURE = "signature"
    CHAIN = "chain"
    MISSING = "missing"
    LEDGER = "ledger"


FLAW_TEXT: dict[Flaw, Text] = {
    Flaw.UNREADABLE: Text(en="the file cannot be read", zh="文件无法读取"),
    Flaw.SIGNATURE: Text(en="the signature does not fit: the file was changed", zh="签名不符：文件已被修改"),
    Flaw.CHAIN: Text(en="it does not follow from the statement before it", zh="与上一份声明不衔接"),
    Flaw.MISSING: Text(en="the statement is missing", zh="声明缺失"),
    Flaw.LEDGER: Text(
        en="the ledger now holds fewer calls of this time than were stated",
        zh="台账中该时段的呼叫少于声明数量",
    ),
}


class Kept(NamedTuple):
    """One statement of the book; `statement` is None when it cannot be read. `flaw`: None for one that is as it was made."""

    number: int
    statement: Statement | None
    content: bytes
    signature: bytes
    flaw: Flaw | None


class Statements:
    """The statements of one data directory."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._folder = layout.statements

    def ask(self) -> None:
        """Wish for a statement of everything since the last midnight's; the archiver makes it within seconds."""
        self._folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._wish, b"", durable=False)

    @property
    def is_asked(self) -> bool:
        """Whether somebody wishes for one."""
        return self._wish.exists()

    def public_key(self) -> bytes | None:
        """The public key as PEM, None while there has been no statement."""
        try:
            return (self._folder / "public.pem").read_bytes()
        except FileNotFoundError:
            return None

    def followed(self) -> Iterator[Kept]:
        """Every statement in order, each proved by its signature and by the one before it."""
        key = self._public()
        previous, expected = "", 1
        for number in self._numbers():
            while expected < number:
                yield Kept(expected, None, b"", b"", Flaw.MISSING)
                previous, expected = "?", expected + 1
            kept = self._read(number, key, previous)
            previous, expected = digest(kept.content), number + 1
            yield kept

    def one(self, number: int) -> Kept | None:
        """One statement, not proved; None when there is none of this number."""
        if not self._path(number, "json").is_file():
            return None
        return self._read(number, None, None)

    def printed(self, kept: Kept) -> str:
        """A readable statement as text; "" for one that cannot be read."""
        if kept.statement is None:
            return ""
        key = self._public()
        return printed(kept.statement, kept.content, kept.signature, _hex(key) if key else "-")

    def make_due(
        self, database: Database, now: datetime, zone: tzinfo, copy_to: Path | None
    ) -> list[Statement]:
        """The statements of all days that are over and have none, and the one that was wished for.

        `copy_to`: a folder of the archive that gets each one's text, too.
        Raises: BadKey, OSError, and what the index raises
        """
        made: list[Statement] = []
        daily = self._last_daily()
        since = daily.until if daily else midnight(accounts.earliest(database) or now - _DAY, zone)
        since = min(since, midnight(now, zone))  # of a clock that was ahead
        for until in midnights(since, now, zone):
            if len(made) >= MOST_AT_ONCE:
                break
            # What was there before the first one is told in one piece.
            if daily is None and until < midnight(now, zone):
                continue
            daily = self._make(database, Occasion.DAILY, (since, until), now, zone, daily, copy_to)
            made.append(daily)
            since = until
        if self._wish.exists() and since < now:
            made.append(self._make(database, Occasion.ASKED, (since, now), now, zone, daily, copy_to))
        self._wish.unlink(missing_ok=True)
        return made

    @property
    def _wish(self) -> Path:
        return self._folder / "asked"

    def _make(
        self,
        database: Database,
        occasion: Occasion,
        period: tuple[datetime, datetime],
        now: datetime,
        zone: tzinfo,
        daily: Statement | None,
        copy_to: Path | None,
    ) -> Statement:
        since, until = period
        newest = max(self._numbers(), default=0)
        found = accounts.account(database, since, until)
        before = accounts.before(database, since)
        statement = Statement(
            number=newest + 1,
            occasion=occasion,
            box=platform.node(),
            made_at=now,
            zone=str(zone),
            since=since,
            until=until,
            seen=found.seen,
            recorded=found.recorded,
            reasons=found.reasons,
            late=max(0, before - daily.total) if daily else before,
            total=before + found.seen,
            previous=digest(self._content(newest)) if newest else "",
        )
        key = self._private()
        content = statement.content
        signature = key.sign(PREFIX + content)
        text = printed(statement, content, signature, _hex(key.public_key())).encode()
        # The statement itself comes last: without its signature it would look like a forgery.
        write_atomically(self._path(statement.number, "sig"), signature)
        write_atomically(self._path(statement.number, "txt"), text)
        write_atomically(self._path(statement.number, "json"), content)
        if copy_to is not None:
            copy_to.mkdir(parents=True, exist_ok=True)
            write_atomically(copy_to / f"statement-{statement.number:06d}.txt", text)
        return statement

    def _read(self, number: int, key: Ed25519PublicKey | None, previous: str | None) -> Kept:
        content, signature = b"", b""
        try:
            content = self._content(number)
            signature = self._path(number, "sig").read_bytes()
            statement = read_statement(content)
        except (OSError, msgspec.DecodeError):
            return Kept(number, None, content, signature, Flaw.UNREADABLE)
        flaw = None
        if key is not None and not _proves(key, signature, content):
            flaw = Flaw.SIGNATURE
        elif previous is not None and (statement.number, statement.previous) != (number, previous):
            flaw = Flaw.CHAIN
        return Kept(number, statement, content, signature, flaw)

    def _last_daily(self) -> Statement | None:
        """The newest statement of a day that can be read."""
        for number in reversed(self._numbers()):
            statement = self._read(number, None, None).statement
            if statement is not None and statement.occasion is Occasion.DAILY:
                return statement
        return None

    def _content(self, number: int) -> bytes:
        return self._path(number, "json").read_bytes()

    def _numbers(self) -> list[int]:
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        return sorted(int(found[1]) for found in map(_NAME.match, names) if found)

    def _path(self, number: int, kind: str) -> Path:
        return self._folder / f"{number:06d}.{kind}"

    def _public(self) -> Ed25519PublicKey | None:
        pem = self.public_key()
        if pem is None:
            return None
        try:
            key = load_pem_public_key(pem)
        except ValueError as error:
            raise BadKey(path=str(self._folder / "public.pem")) from error
        if not isinstance(key, Ed25519PublicKey):
            raise BadKey(path=str(self._folder / "public.pem"))
        return key

    def _private(self) -> Ed25519PrivateKey:
        path = self._layout.statement_key
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except FileNotFoundError:
            key = Ed25519PrivateKey.generate()
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_atomically(path, pem, mode=0o600)
        except (ValueError, TypeError) as error:
            raise BadKey(path=str(path)) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise BadKey(path=str(path))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        if self.public_key() != public:
            write_atomically(self._folder / "public.pem", public)
        return key


def against_ledger(database: Database, kept: Kept) -> Kept:
    """The same, found wrong when the ledger holds fewer calls than it says."""
    statement = kept.statement
    if kept.flaw is None and statement is not None:
        found = accounts.account(database, statement.since, statement.until)
        if found.seen < statement.seen:
            return kept._replace(flaw=Flaw.LEDGER)
    return kept


def _proves(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, PREFIX + content)
    except InvalidSignature:
        return False
    return True


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
