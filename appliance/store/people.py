"""Users and their sessions: who may sign in, and who is signed in. Written by webadmin only."""

import contextlib
import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from appliance.core.errors import Conflict, Later, NotFound
from appliance.core.text import Text
from appliance.domain.access import NOTHING, Scope, ScopeKind
from appliance.domain.roles import Permission, Power, Role
from appliance.store.database import Database
from appliance.store.models import Roles, Sessions, Users
from appliance.store.names import name_key
from appliance.store.rights import ADMINISTRATOR, ADMINISTRATOR_ID, VIEWER, Rights, give, granted, of_user
from appliance.store.row import from_us, to_us

MAX_SESSIONS = 20
ONE_TIME_LASTS = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=1)

__all__ = (
    "ADMINISTRATOR",
    "MAX_SESSIONS",
    "ONE_TIME_LASTS",
    "VIEWER",
    "AlreadySetUp",
    "Confirmation",
    "LastAdministrator",
    "NameTaken",
    "Person",
    "Rights",
    "Secret",
    "Session",
    "Timeouts",
    "change",
    "close_session",
    "confirm",
    "create",
    "create_first",
    "everyone",
    "find",
    "get",
    "has_administrator",
    "look_as",
    "name_key",
    "of_user",
    "open_session",
    "remove",
    "session",
    "set_password",
)


class NameTaken(Conflict):
    """Facts: name."""

    text = Text(en="There is already a user named {name}.", zh="用户 {name} 已存在。")


class LastAdministrator(Conflict):
    """Without one who sees and may do everything nobody could mend anything any more."""

    text = Text(
        en="The last administrator cannot be removed, disabled or given fewer rights.",
        zh="不能删除、停用最后一位管理员，也不能减少其权限。",
    )


class AlreadySetUp(Conflict):
    """The first administrator exists."""

    text = Text(
        en="This recorder has already been set up; please sign in.", zh="系统已完成初始设置，请直接登录。"
    )


class Person(NamedTuple):
    """A user without the password. `must_change`: signed in with a password that someone else made.

    `built_in` names the role when it is one of the box itself. `permissions`, `scope` and `is_guarded` (a second person
    confirms what is sensitive) are worked out for somebody who is to act; in the list of all people they are empty.
    """

    id: int
    name: str
    must_change: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    real_name: str
    role_id: int
    role_name: str
    built_in: Role | None
    is_super: bool
    is_enabled: bool
    kind: ScopeKind
    sessions: int = 0
    permissions: frozenset[Permission] = frozenset()
    scope: Scope = NOTHING
    is_guarded: bool = False

    @property
    def power(self) -> Power:
        """What the person may do."""
        return Power(self.permissions, self.is_guarded)


class Secret(NamedTuple):
    """What signing in needs to know of a person."""

    person: Person
    password_hash: str
    password_at: datetime


class Confirmation(NamedTuple):
    """The second person of a session: since when, and until when at the latest."""

    name: str
    real_name: str
    at: datetime
    until: datetime


class Session(NamedTuple):
    """A signed-in person; `looker` is who really is when the panel is looked at as somebody else sees it.

    `held` says what must be mended before anything else: '' | password | second_factor.
    """

    person: Person
    created_at: datetime
    seen_at: datetime
    looker: Person | None = None
    held: str = ""
    confirmation: Confirmation | None = None


class Timeouts(NamedTuple):
    """When a session, and the confirmation by a second person in it, end by themselves."""

    idle: timedelta
    absolute: timedelta
    confirmed: timedelta = timedelta(hours=8)


def has_administrator(database: Database) -> bool:
    """Whether the box was set up."""
    return database.first(Users.select(Users.id).where(_ADMINISTRATES)) is not None


def create_first(database: Database, name: str, password_hash: str, at: datetime) -> Person:
    """Create the administrator of a new box.

    Raises: AlreadySetUp
    """
    with database.write():
        if has_administrator(database):
            raise AlreadySetUp
        return _insert(database, name, ADMINISTRATOR, password_hash, at, one_time=False)


def create(
    database: Database,
    name: str,
    rights: Rights,
    password_hash: str,
    at: datetime,
    *,
    real_name: str = "",
    one_time: bool = True,
) -> Person:
    """Create a user, with a one-time password unless told otherwise.

    Raises: NameTaken, NotFound when role or departments do not exist
    """
    with database.write():
        return _insert(database, name, rights, password_hash, at, one_time=one_time, real_name=real_name)


def get(database: Database, user_id: int) -> Person:
    """One user with permissions and scope.

    Raises: NotFound
    """
    return _acting(database, _get(database, user_id))


def change(
    database: Database, user_id: int, rights: Rights, *, name: str, real_name: str, is_enabled: bool
) -> Person:
    """Change a user; a disabled one is signed out everywhere.

    Raises: NotFound, NameTaken, LastAdministrator
    """
    with database.write():
        _get(database, user_id)
        same = database.first(Users.select(Users.id).where(Users.name_key == name_key(name)))
        if same is not None and same[0] != user_id:
            raise NameTaken(name=name)
        changed = {
            Users.name: name,
            Users.name_key: name_key(name),
            Users.real_name: real_name,
            Users.is_enabled: is_enabled,
        }
        database.run(Users.update(changed).where(Users.id == user_id))
        give(database, user_id, rights)
        _check_administrator_left(database)
        if not is_enabled:
            database.run(Sessions.delete().where(Sessions.user_key == user_id))
            _unconfirm(database, user_id)
        return _acting(database, _get(database, user_id))


def look_as(database: Database, token: str, user_id: int | None) -> None:
    """Let the session with this token look at the panel as another user sees it; None ends that.

    Raises: NotFound
    """
    with database.write():
        if user_id is not None:
            _get(database, user_id)
        mine = Sessions.token_sha256 == _hashed(token)
        database.run(Sessions.update({Sessions.as_user_key: user_id}).where(mine))


def everyone(database: Database) -> list[Person]:
    """All users by name."""
    with database.read():
        counts: dict[int, int] = {}
        for (key,) in database.rows(Sessions.select(Sessions.user_key)):
            counts[key] = counts.get(key, 0) + 1
        rows = database.rows(_people(*_PERSON).order_by(Users.name_key))
        return [_person(row)._replace(sessions=counts.get(row[0], 0)) for row in rows]


def find(database: Database, name: str) -> Secret | None:
    """What signing in as `name` needs, None when there is no such user, or none that may sign in."""
    columns = (*_PERSON, Users.password_hash, Users.password_at_us)
    row = database.first(_people(*columns).where((Users.name_key == name_key(name)) & Users.is_enabled))
    return Secret(_acting(database, _person(row)), row[-2], from_us(row[-1])) if row else None


def set_password(
    database: Database, user_id: int, password_hash: str, at: datetime, *, one_time: bool, keep: str = ""
) -> Person:
    """Replace a password and end all the user's sessions but the one with the token `keep`, and all confirmations.

    Raises: NotFound
    """
    with database.write():
        person = _get(database, user_id)
        changed = {
            Users.password_hash: password_hash,
            Users.one_time: one_time,
            Users.password_at_us: to_us(at),
        }
        database.run(Users.update(changed).where(Users.id == user_id))
        database.run(
            Sessions.delete().where((Sessions.user_key == user_id) & (Sessions.token_sha256 != _hashed(keep)))
        )
        _unconfirm(database, user_id)
        return person._replace(must_change=one_time, sessions=1 if keep else 0)


def remove(database: Database, user_id: int) -> Person:
    """Delete a user and all the user's sessions.

    Raises: NotFound, LastAdministrator
    """
    with database.write():
        person = _get(database, user_id)
        database.run(Sessions.delete().where(Sessions.user_key == user_id))
        database.run(Users.delete().where(Users.id == user_id))
        _check_administrator_left(database)
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
                (Sessions.seen_at_us < to_us(at - timeouts.idle))
                | (Sessions.created_at_us < to_us(at - timeouts.absolute))
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
                created_at_us=to_us(at),
                seen_at_us=to_us(at),
                address=origin[0][:64],
                agent=origin[1][:256],
            )
        )
        database.run(Users.update({Users.signed_in_at_us: to_us(at)}).where(Users.id == user_id))


def session(
    database: Database, token: str, at: datetime, timeouts: Timeouts, *, seen: bool = True
) -> Session | None:
    """Who is signed in with this token, None when nobody is (any more).

    `seen` notes that the person was active, at most once a minute so that reading costs no write; a busy index
    only loses the note.
    """
    columns = (
        *_PERSON,
        Sessions.confirmed_by_key,
        Sessions.confirmed_at_us,
        Sessions.held,
        Sessions.as_user_key,
        Sessions.created_at_us,
        Sessions.seen_at_us,
    )
    mine = Sessions.token_sha256 == _hashed(token)
    row = database.first(_people(*columns).join(Sessions, on=Sessions.user_key == Users.id).where(mine))
    if row is None or not _person(row).is_enabled:
        return None
    second_id, confirmed_at_us, held, as_user_id, created_at_us, seen_at_us = row[len(_PERSON) :]
    own = Session(_acting(database, _person(row)), from_us(created_at_us), from_us(seen_at_us), held=held)
    found = _looking(database, own, as_user_id)
    if at - found.seen_at > timeouts.idle or at - found.created_at > timeouts.absolute:
        with database.write():
            database.run(Sessions.delete().where(mine))
        return None
    if seen and at - found.seen_at > min(_SEEN_EVERY, timeouts.idle / 4):
        with contextlib.suppress(Later), database.write():
            database.run(Sessions.update({Sessions.seen_at_us: to_us(at)}).where(mine))
    if second_id is None or not found.person.is_guarded or found.looker is not None:
        return found
    confirmed_at = from_us(confirmed_at_us)
    until = min(confirmed_at + timeouts.confirmed, found.created_at + timeouts.absolute)
    if at >= until or Permission.CONFIRM not in granted(database, second_id).permissions:
        return found
    second = _get(database, second_id)
    return found._replace(confirmation=Confirmation(second.name, second.real_name, confirmed_at, until))


def confirm(database: Database, token: str, second_id: int | None, at: datetime) -> None:
    """Note the second person who has confirmed the session with this token; None takes that back.

    Raises: NotFound when the second person was removed or disabled meanwhile
    """
    with database.write():
        if second_id is not None and not _get(database, second_id).is_enabled:
            raise NotFound(what=str(second_id))
        changed = {Sessions.confirmed_by_key: second_id, Sessions.confirmed_at_us: to_us(at)}
        database.run(Sessions.update(changed).where(Sessions.token_sha256 == _hashed(token)))


def close_session(database: Database, token: str) -> None:
    """Sign out."""
    with database.write():
        database.run(Sessions.delete().where(Sessions.token_sha256 == _hashed(token)))


_PERSON = (
    Users.id,
    Users.name,
    Users.one_time,
    Users.created_at_us,
    Users.signed_in_at_us,
    Users.real_name,
    Users.role_key,
    Roles.name,
    Roles.built_in,
    Users.is_super,
    Users.is_enabled,
    Users.scope_kind,
)
_ADMINISTRATES = Users.is_enabled & (
    Users.is_super | ((Users.role_key == ADMINISTRATOR_ID) & (Users.scope_kind == ScopeKind.EVERYTHING.value))
)


def _people(*columns: Any) -> Any:
    return Users.select(*columns).join(Roles, on=Roles.id == Users.role_key)


def _looking(database: Database, session: Session, as_user_id: int | None) -> Session:
    """The session as it looks: as its own person, or through the eyes of another while it may."""
    own = session.person
    if as_user_id is None or Permission.USERS not in own.permissions:
        return session
    other = _acting(database, _get(database, as_user_id))
    shown = other._replace(
        must_change=False,
        permissions=other.permissions & own.permissions,
        scope=other.scope.within(own.scope),
        is_guarded=other.is_guarded or own.is_guarded,
    )
    return session._replace(person=shown, looker=own)


def _acting(database: Database, person: Person) -> Person:
    found = granted(database, person.id)
    return person._replace(permissions=found.permissions, scope=found.scope, is_guarded=found.is_guarded)


def _unconfirm(database: Database, second_id: int) -> None:
    """Take back what a person has confirmed: the password is another one, or the person is disabled."""
    theirs = Sessions.confirmed_by_key == second_id
    database.run(Sessions.update({Sessions.confirmed_by_key: None}).where(theirs))


def _insert(
    database: Database,
    name: str,
    rights: Rights,
    password_hash: str,
    at: datetime,
    *,
    one_time: bool,
    real_name: str = "",
) -> Person:
    if database.first(Users.select(Users.id).where(Users.name_key == name_key(name))) is not None:
        raise NameTaken(name=name)
    user_id = database.run(
        Users.insert(
            name=name,
            name_key=name_key(name),
            password_hash=password_hash,
            one_time=one_time,
            created_at_us=to_us(at),
            password_at_us=to_us(at),
            real_name=real_name,
            role_key=rights.role_id,
            is_super=rights.is_super,
            is_enabled=True,
            scope_kind=rights.kind.value,
        )
    )
    give(database, user_id, rights)
    return _acting(database, _get(database, user_id))


def _check_administrator_left(database: Database) -> None:
    if not has_administrator(database):
        raise LastAdministrator


def _get(database: Database, user_id: int) -> Person:
    row = database.first(_people(*_PERSON).where(Users.id == user_id))
    if row is None:
        raise NotFound(what=str(user_id))
    return _person(row)


def _person(row: tuple[Any, ...]) -> Person:
    user_id, name, one_time, created_at_us, signed_in_at_us, real_name, role_id, role_name, built_in = row[:9]
    is_super, is_enabled, kind = row[9:12]
    return Person(
        id=user_id,
        name=name,
        must_change=bool(one_time),
        created_at=from_us(created_at_us),
        last_sign_in_at=None if signed_in_at_us is None else from_us(signed_in_at_us),
        real_name=real_name,
        role_id=role_id,
        role_name=role_name,
        built_in=Role(built_in) if built_in else None,
        is_super=bool(is_super),
        is_enabled=bool(is_enabled),
        kind=ScopeKind(kind),
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
