"""Signing in and out, the first administrator, one's own password."""

from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.domain.roles import Permission
from appliance.store import people
from webadmin import audit
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET
from webadmin.passwords import check_new
from webadmin.refusals import WrongPassword
from webadmin.views import role_name
from webadmin.visitor import Visitor, new_token

_SETUP = "\0setup"

UserName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1024, extra=SECRET)]


class SessionUser(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in. `must_change`: only the own password may be changed until that was done.

    `sees_box`: figures of the box as a whole are shown. `looker` is the administrator who looks at the panel as this user sees it, '' when the user is there in person.
    """

    name: str
    real_name: str
    role: str
    sees_everything: bool
    sees_box: bool
    looker: str
    must_change: bool
    permissions: list[Permission]


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a page must know before anything else; `csrf_token` goes into the header of every write."""

    first_run: bool
    user: SessionUser | None
    csrf_token: str
    min_password_length: int
    idle_timeout_min: int


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name and password."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Password


class Setup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The administrator of a new box."""

    one_time_password: Annotated[str, msgspec.Meta(min_length=1, max_length=64, extra=SECRET)]
    name: UserName
    password: Password


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password so far and the new one."""

    old_password: Password
    new_password: Password


async def show(asked: Asked[Nothing, Nothing]) -> SessionAnswer:
    """Who is signed in, and the token for writes."""
    visitor = asked.visitor
    if not visitor.token:
        visitor = Visitor(new_token())
        asked.sign_in = visitor.token
    return _answer(asked, visitor)


async def sign_in(asked: Asked[Nothing, SignIn]) -> SessionAnswer:
    """Sign in with name and password."""
    panel, body = asked.panel, asked.body
    asked.actor = body.name
    key = people.name_key(body.name)
    panel.throttle.begin(key, asked.address)
    secret = await panel.ask(people.find, body.name)
    if not await panel.passwords.matches(secret.password_hash if secret else None, body.password):
        audit.note_of(body.name, asked.address, "sign-in failed")
        raise WrongPassword
    assert secret is not None
    if secret.person.must_change and panel.now() - secret.password_at > people.ONE_TIME_LASTS:
        audit.note_of(body.name, asked.address, "sign-in failed, one-time password too old")
        raise WrongPassword
    panel.throttle.succeeded(key, asked.address)
    return await _open(asked, secret.person, "signed in")


async def sign_out(asked: Asked[Nothing, Nothing]) -> None:
    """End this session."""
    await asked.panel.ask(people.close_session, asked.visitor.token)
    audit.note(asked, "signed out")
    asked.sign_in = ""


async def set_up(asked: Asked[Nothing, Setup]) -> SessionAnswer:
    """Create the administrator of a new box and sign in."""
    panel, body = asked.panel, asked.body
    asked.actor = body.name
    if not panel.first_run.is_pending:
        raise people.AlreadySetUp
    panel.throttle.begin(_SETUP, asked.address)
    if not panel.first_run.matches(body.one_time_password):
        audit.note_of(body.name, asked.address, "set-up failed")
        raise WrongPassword
    panel.throttle.succeeded(_SETUP, asked.address)
    name = body.name.strip()
    check_new(body.password, name, panel.settings.web.min_password_length, "password")
    password_hash = await panel.passwords.hash(body.password)
    person = await panel.ask(people.create_first, name, password_hash, panel.now())
    await panel.read(panel.first_run.done)
    return await _open(asked, person, "set up")


async def change_password(asked: Asked[Nothing, PasswordChange]) -> None:
    """Change one's own password; all other sessions of the same person end."""
    panel, body, person = asked.panel, asked.body, asked.visitor.person
    assert person is not None
    key = people.name_key(person.name)
    panel.throttle.begin(key, asked.address)
    secret = await panel.ask(people.find, person.name)
    if not await panel.passwords.matches(secret.password_hash if secret else None, body.old_password):
        audit.note(asked, "password change failed")
        raise Invalid(field="old_password", problem=Text(en="is wrong", zh="不正确"))
    panel.throttle.succeeded(key, asked.address)
    check_new(body.new_password, person.name, panel.settings.web.min_password_length, "new_password")
    if body.new_password == body.old_password:
        raise Invalid(
            field="new_password", problem=Text(en="must differ from the old one", zh="不能与原密码相同")
        )
    password_hash = await panel.passwords.hash(body.new_password)
    await panel.ask(
        people.set_password, person.id, password_hash, panel.now(), one_time=False, keep=asked.visitor.token
    )
    audit.note(asked, "password changed")


async def _open(
    asked: Asked[Nothing, SignIn] | Asked[Nothing, Setup], person: people.Person, action: str
) -> SessionAnswer:
    panel = asked.panel
    token = new_token()
    origin = (asked.address, audit.one_line(asked.agent))
    await panel.ask(people.open_session, person.id, token, panel.now(), panel.timeouts, origin)
    if asked.visitor.person is not None:
        await panel.ask(people.close_session, asked.visitor.token)
    audit.note_of(person.name, asked.address, action)
    asked.sign_in = token
    return _answer(asked, Visitor(token, person))


def _answer(
    asked: Asked[Nothing, Nothing] | Asked[Nothing, SignIn] | Asked[Nothing, Setup], visitor: Visitor
) -> SessionAnswer:
    person = visitor.person
    user = None
    if person is not None:
        granted = {Permission.OPEN, Permission.SELF} if person.must_change else person.permissions
        user = SessionUser(
            name=person.name,
            real_name=person.real_name,
            role=role_name(person.role_name, person.built_in, asked.language),
            sees_everything=visitor.scope.everything,
            sees_box=visitor.sees_box,
            looker=visitor.looker.name if visitor.looker else "",
            must_change=person.must_change,
            permissions=[permission for permission in Permission if permission in granted],
        )
    web = asked.panel.settings.web
    return SessionAnswer(
        first_run=asked.panel.first_run.is_pending,
        user=user,
        csrf_token=visitor.csrf_token,
        min_password_length=web.min_password_length,
        idle_timeout_min=web.idle_timeout_min,
    )
