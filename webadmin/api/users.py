"""Who may sign in: made, given a new one-time password and removed by an administrator."""

from datetime import datetime

import msgspec

from appliance.core.errors import Conflict
from appliance.core.text import Text
from appliance.domain.roles import Role
from appliance.store import people
from webadmin import audit
from webadmin.api.session import UserName
from webadmin.operation import Asked, Nothing
from webadmin.passwords import one_time_password


class NotYourself(Conflict):
    """One cannot remove the ground one stands on."""

    text = Text(en="You cannot do this to yourself.", zh="不能对自己执行此操作。")


class UserView(msgspec.Struct, frozen=True, kw_only=True):
    """A person; `must_change` until a password of one's own was chosen. `sessions` counts open ones."""

    id: int
    name: str
    role: Role
    must_change: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    sessions: int


class UserList(msgspec.Struct, frozen=True, kw_only=True):
    """Everyone, by name."""

    users: list[UserView]


class NewUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to let in."""

    name: UserName
    role: Role


class UserWithPassword(msgspec.Struct, frozen=True, kw_only=True):
    """The person and the password for the first sign-in; it is shown this once and lasts a week."""

    user: UserView
    one_time_password: str


async def show(asked: Asked[Nothing, Nothing]) -> UserList:
    """Everyone who may sign in."""
    return UserList(users=[_view(person) for person in await asked.panel.ask(people.everyone)])


async def create(asked: Asked[Nothing, NewUser]) -> UserWithPassword:
    """Let somebody in with a one-time password."""
    panel, body = asked.panel, asked.body
    password = one_time_password()
    password_hash = await panel.passwords.hash(password)
    person = await panel.ask(people.create, body.name.strip(), body.role, password_hash, panel.now())
    audit.note(asked, "user created", subject=person.name, role=person.role)
    return UserWithPassword(user=_view(person), one_time_password=password)


async def renew_password(asked: Asked[Nothing, Nothing]) -> UserWithPassword:
    """Replace somebody's password by a one-time password and end all their sessions."""
    panel, user_id = asked.panel, int(asked.path["user_id"])
    _check_other(asked, user_id)
    password = one_time_password()
    password_hash = await panel.passwords.hash(password)
    person = await panel.ask(people.set_password, user_id, password_hash, panel.now(), one_time=True)
    audit.note(asked, "password renewed", subject=person.name)
    return UserWithPassword(user=_view(person), one_time_password=password)


async def remove(asked: Asked[Nothing, Nothing]) -> None:
    """Remove somebody, at once."""
    user_id = int(asked.path["user_id"])
    _check_other(asked, user_id)
    person = await asked.panel.ask(people.remove, user_id)
    audit.note(asked, "user removed", subject=person.name)


def _check_other(asked: Asked[Nothing, Nothing], user_id: int) -> None:
    assert asked.visitor.person is not None
    if asked.visitor.person.id == user_id:
        raise NotYourself


def _view(person: people.Person) -> UserView:
    return UserView(
        id=person.id,
        name=person.name,
        role=person.role,
        must_change=person.must_change,
        created_at=person.created_at,
        last_sign_in_at=person.last_sign_in_at,
        sessions=person.sessions,
    )
