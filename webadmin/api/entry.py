"""Other people's ways in: one-time links, open sessions, tokens, lost second factors; a trial of the directory server."""

import secrets
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from appliance.core.errors import Conflict, Denied
from appliance.core.text import Text
from appliance.settings import storage
from appliance.settings.sign_in import Ldap
from appliance.store import credentials, people, roles, sessions, tokens
from webadmin import audit
from webadmin.api.account import SessionView, TokenView, session_view, token_view
from webadmin.api.session import Password
from webadmin.authority import check_user
from webadmin.new_password import accepted, policy
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET
from webadmin.proof import LOCAL, rights_for

LINK_PAGE = "/reset"
_RESET = "\0reset"

LinkToken = Annotated[str, msgspec.Meta(min_length=20, max_length=100, extra=SECRET)]


class LinkGone(Denied):
    """The link was used, is too old, or was replaced by a newer one."""

    text = Text(
        en="This link was used or is too old; ask an administrator for a new one.",
        zh="该链接已使用或已过期，请联系管理员重新获取。",
    )


class NotTheirs(Conflict):
    """The directory server knows the password."""

    text = Text(
        en="The directory server keeps this person's password; change it there.",
        zh="该用户的密码由目录服务器管理，请在目录服务器中修改。",
    )


class NotYourOwn(Conflict):
    """A link for oneself would make the old password needless."""

    text = Text(en="Change your own password on your account's page.", zh="请在个人账户页面修改自己的密码。")


class LinkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The address to be handed over, below this site; it serves once and is shown this once."""

    path: str
    expires_at: datetime


class LinkQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands behind the # of a one-time link."""

    token: LinkToken


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a link is for."""

    name: str
    expires_at: datetime
    min_password_length: int


class Reset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The link's token and the new password."""

    token: LinkToken
    password: Password


class SessionList(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in where, the last seen first."""

    sessions: list[SessionView]


class TokenList(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody's tokens, newest first."""

    tokens: list[TokenView]


class LdapTrial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name to look for, with a password to try where wanted; the saved settings are used."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Annotated[str, msgspec.Meta(max_length=1024, extra=SECRET)] = ""


class LdapResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the directory server says. `proved` null when no password was tried; `role` '' when none fits."""

    found: bool
    dn: str
    full_name: str
    groups: list[str]
    proved: bool | None
    role: str


async def make_link(asked: Asked[Nothing, Nothing]) -> LinkAnswer:
    """Make a one-time link with which somebody chooses a new password."""
    panel, user_id = asked.panel, int(asked.path["user_id"])
    person = await panel.ask(people.get, user_id)
    await _check_other(asked, user_id)
    if await panel.ask(credentials.source, user_id) != LOCAL:
        raise NotTheirs
    token = secrets.token_urlsafe(32)
    expires_at = panel.now() + timedelta(hours=panel.settings.sign_in.reset_link_h)
    await panel.ask(credentials.make_link, user_id, token, expires_at)
    panel.throttle.forgive(people.name_key(person.name))
    audit.note(asked, "reset link made", subject=person.name)
    # Behind a #, so that it stands in no log of a server or proxy.
    return LinkAnswer(path=f"{LINK_PAGE}#{token}", expires_at=expires_at)


async def show_link(asked: Asked[Nothing, LinkQuestion]) -> LinkView:
    """Whom a one-time link is for."""
    panel = asked.panel
    asked.is_quiet = True
    panel.throttle.begin(_RESET, asked.address)
    found = await panel.ask(credentials.link, asked.body.token, panel.now())
    if found is None:
        raise LinkGone
    panel.throttle.succeeded(_RESET, asked.address)
    return LinkView(
        name=found.user, expires_at=found.expires_at, min_password_length=policy(panel).min_length
    )


async def reset(asked: Asked[Nothing, Reset]) -> None:
    """Choose a new password with a one-time link; all the person's sessions end."""
    panel, body = asked.panel, asked.body
    panel.throttle.begin(_RESET, asked.address)
    found = await panel.ask(credentials.link, body.token, panel.now())
    if found is None:
        raise LinkGone
    panel.throttle.succeeded(_RESET, asked.address)
    asked.actor = found.user
    password_hash = await accepted(asked, found.user_id, found.user, body.password, "password")
    is_ours = await panel.ask(credentials.use_link, body.token)
    if not is_ours:
        raise LinkGone
    await panel.ask(people.set_password, found.user_id, password_hash, panel.now(), one_time=False)
    audit.note(asked, "password reset by link")


async def remove_factors(asked: Asked[Nothing, Nothing]) -> None:
    """Take the second factors away from somebody who lost them."""
    panel, user_id = asked.panel, int(asked.path["user_id"])
    person = await panel.ask(people.get, user_id)
    await _check_other(asked, user_id)
    await panel.ask(credentials.remove_factors, user_id)
    audit.note(asked, "second factors removed", subject=person.name)


async def list_sessions(asked: Asked[Nothing, Nothing]) -> SessionList:
    """Who is signed in where."""
    found = await asked.panel.ask(sessions.listed)
    return SessionList(sessions=[session_view(one, asked) for one in found])


async def end_session(asked: Asked[Nothing, Nothing]) -> None:
    """Sign somebody out."""
    handle = asked.path["session_id"]
    user_id = await asked.panel.ask(sessions.owner, handle)
    await check_user(asked, user_id)
    person = await asked.panel.ask(people.get, user_id)
    await asked.panel.ask(sessions.end, handle)
    audit.note(asked, "session of somebody ended", subject=person.name, session=handle)


async def list_tokens(asked: Asked[Nothing, Nothing]) -> TokenList:
    """Everybody's tokens."""
    now = asked.panel.now()
    return TokenList(tokens=[token_view(one, now) for one in await asked.panel.ask(tokens.listed)])


async def revoke_token(asked: Asked[Nothing, Nothing]) -> None:
    """Revoke somebody's token."""
    token_id = int(asked.path["token_id"])
    user_id = await asked.panel.ask(tokens.owner, token_id)
    await check_user(asked, user_id)
    person = await asked.panel.ask(people.get, user_id)
    name = await asked.panel.ask(tokens.revoke, token_id)
    audit.note(asked, "token of somebody revoked", subject=person.name, name=name)


async def try_ldap(asked: Asked[Nothing, LdapTrial]) -> LdapResult:
    """Ask the directory server for a person, as a sign-in would."""
    panel, body = asked.panel, asked.body
    settings: Ldap = (await panel.read(storage.load, panel.layout)).sign_in.ldap
    found = await panel.directory.look(settings, body.name)
    if found is None:
        return LdapResult(found=False, dn="", full_name="", groups=[], proved=None, role="")
    proved = None
    if body.password:
        proved = await panel.directory.prove(settings, body.name, body.password) is not None
    given = await panel.ask(rights_for, settings, found)
    return LdapResult(
        found=True,
        dn=found.dn,
        full_name=found.full_name,
        groups=list(found.groups),
        proved=proved,
        role=(await panel.ask(roles.get, given.role_id)).name if given else "",
    )


async def _check_other(asked: Asked[Nothing, Nothing], user_id: int) -> None:
    assert asked.visitor.person is not None
    if asked.visitor.person.id == user_id:
        raise NotYourOwn
    await check_user(asked, user_id)
