"""Users and their sessions: who may sign in, and who is signed in. Written by webadmin only."""

import contextlib
import hashlib
import unicodedata
from datetime import datetime, timedelta
from typing import NamedTuple

from appliance.core.clock import from_ns, to_ns
from appliance.core.errors import Conflict, Later, NotFound
from appliance.core.text import Text
from appliance.domain.access import EVERYTHING, NOTHING, Scope
from appliance.domain.roles import GRANTED, Permission, Role
from appliance.store.database import Database
from appliance.store.models import Sessions, Users

MAX_SESSIONS = 20
ONE_TIME_LASTS = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=1)


class NameTaken(Conflict):
    """Facts: name."""

    text = Text(en="There is already a user named {name}.", zh="用户 {name} 已存在。")


class LastAdministrator(Conflict):
    """Without one nobody could change anything any more."""

    text = Text(en="The last administrator cannot be removed.", zh="不能删除最后一位管理员。")


class AlreadySetUp(Conflict):
    """The first administrator exists."""

    text = Text(
        en="This recorder has already been set up; please sign in.", zh="系统已完成初始设置，请直接登录。"
    )


class Person(NamedTuple):
    """A user without the password. `must_change`: signed in with a password that someone else made."""

    id: int
    name: str
    role: Role
    must_change: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    sessions: int = 0
    permissions: frozenset[Permission] = frozenset()
    scope: Scope = NOTHING


class Secret(NamedTuple):
    """What signing in needs to know of a person."""

    person: Person
    password_hash: str
    password_at: datetime


class Session(NamedTuple):
    """A signed-in person."""

    person: Person
    created_at: datetime
    seen_at: datetime


class Timeouts(NamedTuple):
    """When a session ends by itself."""

    idle: timedelta
    absolute: timedelta


def name_key(name: str) -> str:
    """The form in which names are compared: compatibility forms and letter case do not tell people apart."""
    return unicodedata.normalize("NFKC", name).casefold()


def has_administrator(database: Database) -> bool:
    """Whether the box was set up."""
    return database.first(Users.select(Users.id).where(Users.role == Role.ADMINISTRATOR)) is not None


def create_first(database: Database, name: str, password_hash: str, at: datetime) -> Person:
    """Create the administrator of a new box.

    Raises: AlreadySetUp
    """
    with database.write():
        if has_administrator(database):
            raise AlreadySetUp
        return _insert(database, name, Role.ADMINISTRATOR, password_hash, at, one_time=False)


def create(database: Database, name: str, role: Role, password_hash: str, at: datetime) -> Person:
    """Create a user with a one-time password.

    Raises: NameTaken
    """
    with database.write():
        return _insert(database, name, role, password_hash, at, one_time=True)


def everyone(database: Database) -> list[Person]:
    """All users by name."""
    with database.read():
        counts: dict[int, int] = {}
        for (key,) in database.rows(Sessions.select(Sessions.user_key)):
            counts[key] = counts.get(key, 0) + 1
        rows = database.rows(Users.select(*_PERSON).order_by(Users.name_key))
        return [_person(row)._replace(sessions=counts.get(row[0], 0)) for row in rows]


def find(database: Database, name: str) -> Secret | None:
    """What signing in as `name` needs, None when there is no such user."""
    columns = (*_PERSON, Users.password_hash, Users.password_at_us)
    row = database.first(Users.select(*columns).where(Users.name_key == name_key(name)))
    return Secret(_person(row), row[-2], _at(row[-1])) if row else None


def set_password(
    database: Database, user_id: int, password_hash: str, at: datetime, *, one_time: bool, keep: str = ""
) -> Person:
    """Replace a password and end all the user's sessions but the one with the token `keep`.

    Raises: NotFound
    """
    with database.write():
        person = _get(database, user_id)
        changed = {
            Users.password_hash: password_hash,
            Users.one_time: one_time,
            Users.password_at_us: _us(at),
        }
        database.run(Users.update(changed).where(Users.id == user_id))
        database.run(
            Sessions.delete().where((Sessions.user_key == user_id) & (Sessions.token_sha256 != _hashed(keep)))
        )
        return person._replace(must_change=one_time, sessions=1 if keep else 0)


def remove(database: Database, user_id: int) -> Person:
    """Delete a user and all the user's sessions.

    Raises: NotFound, LastAdministrator
    """
    with database.write():
        person = _get(database, user_id)
        administrators = database.rows(Users.select(Users.id).where(Users.role == Role.ADMINISTRATOR))
        if administrators == [(user_id,)]:
            raise LastAdministrator
        database.run(Sessions.delete().where(Sessions.user_key == user_id))
        database.run(Users.delete().where(Users.id == user_id))
        return person


def open_session(
    database: Database, user_id: int, token: str, at: datetime, timeouts: Timeouts, origin: tuple[str, str]
) -> None:
    """Sign a user in; dead sessions of all, and the user's oldest beyond `MAX_SESSIONS`, are removed.

    Shape: origin is (address, agent)
    Raises: NotFound when the user was removed meanwhile
    """
    with database.write():
        _get(database, user_id)
        database.run(
            Sessions.delete().where(
                (Sessions.seen_at_us < _us(at - timeouts.idle))
                | (Sessions.created_at_us < _us(at - timeouts.absolute))
            )
        )
        newest = Sessions.select(Sessions.token_sha256).where(Sessions.user_key == user_id)
        tokens = [row[0] for row in database.rows(newest.order_by(Sessions.created_at_us.desc()))]
        for old in tokens[MAX_SESSIONS - 1 :]:
            database.run(Sessions.delete().where(Sessions.token_sha256 == old))
        database.run(
            Sessions.insert(
                token_sha256=_hashed(token),
                user_key=user_id,
                created_at_us=_us(at),
                seen_at_us=_us(at),
                address=origin[0][:64],
                agent=origin[1][:256],
            )
        )
        database.run(Users.update({Users.signed_in_at_us: _us(at)}).where(Users.id == user_id))


def session(
    database: Database, token: str, at: datetime, timeouts: Timeouts, *, seen: bool = True
) -> Session | None:
    """Who is signed in with this token, None when nobody is (any more).

    `seen` notes that the person was active, at most once a minute so that reading costs no write; a busy index
    only loses the note.
    """
    columns = (*_PERSON, Sessions.created_at_us, Sessions.seen_at_us)
    mine = Sessions.token_sha256 == _hashed(token)
    row = database.first(Users.select(*columns).join(Sessions, on=Sessions.user_key == Users.id).where(mine))
    if row is None:
        return None
    found = Session(_person(row), _at(row[-2]), _at(row[-1]))
    if at - found.seen_at > timeouts.idle or at - found.created_at > timeouts.absolute:
        with database.write():
            database.run(Sessions.delete().where(mine))
        return None
    if seen and at - found.seen_at > min(_SEEN_EVERY, timeouts.idle / 4):
        with contextlib.suppress(Later), database.write():
            database.run(Sessions.update({Sessions.seen_at_us: _us(at)}).where(mine))
    return found


def close_session(database: Database, token: str) -> None:
    """Sign out."""
    with database.write():
        database.run(Sessions.delete().where(Sessions.token_sha256 == _hashed(token)))


_PERSON = (Users.id, Users.name, Users.role, Users.one_time, Users.created_at_us, Users.signed_in_at_us)


def _insert(
    database: Database, name: str, role: Role, password_hash: str, at: datetime, *, one_time: bool
) -> Person:
    if find(database, name) is not None:
        raise NameTaken(name=name)
    user_id = database.run(
        Users.insert(
            name=name,
            name_key=name_key(name),
            role=role,
            password_hash=password_hash,
            one_time=one_time,
            created_at_us=_us(at),
            password_at_us=_us(at),
        )
    )
    return _person((user_id, name, role, one_time, _us(at), None))


def _get(database: Database, user_id: int) -> Person:
    row = database.first(Users.select(*_PERSON).where(Users.id == user_id))
    if row is None:
        raise NotFound(what=str(user_id))
    return _person(row)


def _person(row: tuple[int, str, str, bool, int, int | None]) -> Person:
    user_id, name, role, one_time, created_at_us, signed_in_at_us = row[:6]
    signed_in_at = None if signed_in_at_us is None else _at(signed_in_at_us)
    return Person(
        user_id,
        name,
        Role(role),
        bool(one_time),
        _at(created_at_us),
        signed_in_at,
        permissions=GRANTED[Role(role)],
        scope=EVERYTHING,
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _us(at: datetime) -> int:
    return to_ns(at) // 1000


def _at(at_us: int) -> datetime:
    return from_ns(at_us * 1000)
