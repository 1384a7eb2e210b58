"""One's own account: second factors, passkeys, open sessions, tokens for programs."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.domain.roles import SENSITIVE, Permission, Power
from appliance.store import credentials, sessions, tokens
from appliance.store.credentials import Passkey
from appliance.store.people import Person
from appliance.store.sessions import Open
from appliance.store.tokens import Token
from webadmin import audit, second_factor
from webadmin.agents import named
from webadmin.api.session import PasskeyOptions, Password, needs_factor, prove
from webadmin.authority import check_power
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET
from webadmin.tickets import Challenge
from webadmin.visitor import new_token

TOKEN_MARK = "tl_"  # noqa: S105 - what leaked tokens are found by
_NO_TOKEN = frozenset({Permission.OPEN, Permission.SELF, Permission.CONFIRM})

Label = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
]


class FactorRequired(Conflict):
    """The settings want a second factor of this person, and this is the last."""

    text = Text(
        en="You must have a second factor; set another one up first.",
        zh="必须启用双重验证，请先设置其他方式。",
    )


class AppExists(Conflict):
    """An authenticator app is in force."""

    text = Text(
        en="An authenticator app is already set up; remove it first.", zh="已设置验证器应用，请先将其移除。"
    )


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """An open session. `method`: local | ldap | passkey, with +app, +recovery or +passkey for a second factor."""

    id: str
    user_id: int
    user: str
    created_at: datetime
    seen_at: datetime
    address: str
    system: str
    browser: str
    method: str
    is_this: bool


class PasskeyView(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey; it works at `host` only."""

    id: int
    name: str
    host: str
    created_at: datetime
    used_at: datetime | None


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its value."""

    id: int
    user_id: int
    user: str
    name: str
    permissions: list[Permission]
    created_at: datetime
    expires_at: datetime
    is_expired: bool
    used_at: datetime | None
    used_from: str


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one's own account. `source`: local | ldap."""

    name: str
    source: str
    totp_since: datetime | None
    recovery_codes: int
    must_have_factor: bool
    passkeys: list[PasskeyView]
    sessions: list[SessionView]
    tokens: list[TokenView]
    grantable: list[Permission]
    token_longest_d: int


class WithPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's own password once more."""

    password: Password


class AppSecret(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator app scans (`picture`, an image as data address) or is typed in (`secret`)."""

    secret: str
    uri: str
    picture: str


class AppCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first code of the app."""

    code: Annotated[str, msgspec.Meta(min_length=6, max_length=16, extra=SECRET)]


class RecoveryCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Each serves once instead of the app; they are shown this once."""

    codes: list[str]


class NewPasskey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `navigator.credentials.create` gave, as JSON, and what its owner calls it."""

    ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=64, extra=SECRET)]
    name: Label
    credential: dict[str, Any]


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of one's own rights, for a while."""

    name: Label
    permissions: Annotated[list[Permission], msgspec.Meta(min_length=1, max_length=50)]
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)]
    password: Password


class TokenWithValue(msgspec.Struct, frozen=True, kw_only=True):
    """The token and its value, which is shown this once."""

    token: TokenView
    value: str


async def show(asked: Asked[Nothing, Nothing]) -> AccountView:
    """One's own account."""
    panel, person = asked.panel, _person(asked)
    factors = await panel.ask(credentials.factors, person.id)
    settings = panel.settings.sign_in
    never = SENSITIVE if person.is_guarded else frozenset()
    granted = (
        []
        if asked.visitor.held or person.must_change
        else [one for one in Permission if one in person.permissions - _NO_TOKEN - never]
    )
    return AccountView(
        name=person.name,
        source=await panel.ask(credentials.source, person.id),
        totp_since=factors.totp_since,
        recovery_codes=factors.recovery_codes,
        must_have_factor=needs_factor(panel, person),
        passkeys=[_passkey(one) for one in factors.passkeys],
        sessions=[session_view(one, asked) for one in await panel.ask(sessions.listed, person.id)],
        tokens=[token_view(one, panel.now()) for one in await panel.ask(tokens.listed, person.id)],
        grantable=granted,
        token_longest_d=settings.token_longest_d,
    )


async def end_session(asked: Asked[Nothing, Nothing]) -> None:
    """End one of one's own sessions."""
    handle = asked.path["session_id"]
    if await asked.panel.ask(sessions.owner, handle) != _person(asked).id:
        raise NotFound(what=handle)
    await asked.panel.ask(sessions.end, handle)
    audit.note(asked, "session ended", session=handle)


async def end_other_sessions(asked: Asked[Nothing, Nothing]) -> None:
    """End all of one's own sessions but this one."""
    count = await asked.panel.ask(sessions.end_others, _person(asked).id, asked.visitor.token)
    audit.note(asked, "other sessions ended", count=count)


async def begin_app(asked: Asked[Nothing, WithPassword]) -> AppSecret:
    """Begin to set up an authenticator app; it is in force after its first code."""
    panel, person = asked.panel, _person(asked)
    await prove(asked, asked.body.password, "password")
    if (await panel.ask(credentials.factors, person.id)).totp_since is not None:
        raise AppExists
    secret = second_factor.new_secret()
    sealed = await panel.read(panel.seal.close, secret, str(person.id))
    await panel.ask(credentials.begin_totp, person.id, sealed)
    uri = second_factor.uri(secret, person.name)
    return AppSecret(secret=secret, uri=uri, picture=second_factor.picture(uri))


async def confirm_app(asked: Asked[Nothing, AppCode]) -> RecoveryCodes:
    """Put the authenticator app in force with its first code."""
    panel, person = asked.panel, _person(asked)
    sealed = await panel.ask(credentials.totp, person.id, confirmed=False)
    if sealed is None:
        raise NotFound(what="totp")
    panel.throttle.begin(f"\0totp {person.id}", asked.address)
    secret = await panel.read(panel.seal.open, sealed.secret, str(person.id))
    step = second_factor.step_of(secret, asked.body.code, panel.now(), sealed.last_step)
    if step is None:
        raise second_factor.WrongFirstCode
    panel.throttle.succeeded(f"\0totp {person.id}", asked.address)
    codes = second_factor.new_codes()
    await panel.ask(credentials.confirm_totp, person.id, step, panel.now(), codes)
    await panel.ask(sessions.release, person.id, "second_factor")
    audit.note(asked, "authenticator app set up")
    return RecoveryCodes(codes=codes)


async def remove_app(asked: Asked[Nothing, WithPassword]) -> None:
    """Remove the authenticator app and its recovery codes."""
    panel, person = asked.panel, _person(asked)
    await prove(asked, asked.body.password, "password")
    factors = await panel.ask(credentials.factors, person.id)
    if needs_factor(panel, person) and not factors.passkeys:
        raise FactorRequired
    await panel.ask(credentials.remove_totp, person.id)
    audit.note(asked, "authenticator app removed")


async def renew_codes(asked: Asked[Nothing, WithPassword]) -> RecoveryCodes:
    """New recovery codes; the old ones end."""
    panel, person = asked.panel, _person(asked)
    await prove(asked, asked.body.password, "password")
    if (await panel.ask(credentials.factors, person.id)).totp_since is None:
        raise NotFound(what="totp")
    codes = second_factor.new_codes()
    await panel.ask(credentials.replace_codes, person.id, codes)
    audit.note(asked, "recovery codes renewed")
    return RecoveryCodes(codes=codes)


async def passkey_options(asked: Asked[Nothing, WithPassword]) -> PasskeyOptions:
    """Begin to register a passkey."""
    panel, person = asked.panel, _person(asked)
    await prove(asked, asked.body.password, "password")
    known = (await panel.ask(credentials.factors, person.id)).passkeys
    place = second_factor.site(asked.protocol, asked.host)
    challenge, options = second_factor.registration(place, person.id, person.name, known)
    return PasskeyOptions(ticket=panel.challenges.put(Challenge(person.id, challenge)), options=options)


async def add_passkey(asked: Asked[Nothing, NewPasskey]) -> PasskeyView:
    """Register a passkey."""
    panel, person, body = asked.panel, _person(asked), asked.body
    waiting = panel.challenges.take(body.ticket)
    place = second_factor.site(asked.protocol, asked.host)
    if waiting.user_id != person.id:
        raise second_factor.WrongPasskey(problem="another person's")
    made = second_factor.registered(place, waiting.challenge, body.credential)
    names = (place.host, body.name.strip())
    found = await panel.ask(
        credentials.add_passkey, person.id, made.credential, made.public_key, made.uses, names, panel.now()
    )
    await panel.ask(sessions.release, person.id, "second_factor")
    audit.note(asked, "passkey registered", passkey=found.name)
    return _passkey(found)


async def remove_passkey(asked: Asked[Nothing, Nothing]) -> None:
    """Forget one of one's own passkeys."""
    panel, person = asked.panel, _person(asked)
    factors = await panel.ask(credentials.factors, person.id)
    if needs_factor(panel, person) and factors.totp_since is None and len(factors.passkeys) == 1:
        raise FactorRequired
    name = await panel.ask(credentials.remove_passkey, person.id, int(asked.path["passkey_id"]))
    audit.note(asked, "passkey removed", passkey=name)


async def add_token(asked: Asked[Nothing, NewToken]) -> TokenWithValue:
    """Make a token for a program."""
    panel, person, body = asked.panel, _person(asked), asked.body
    wanted = frozenset(body.permissions)
    await prove(asked, body.password, "password")
    check_power(asked, Power(wanted - _NO_TOKEN))
    now = panel.now()
    days = min(body.days, panel.settings.sign_in.token_longest_d)
    value = TOKEN_MARK + new_token()
    found = await panel.ask(
        tokens.create,
        person.id,
        value,
        body.name.strip(),
        wanted - _NO_TOKEN,
        (now, now + timedelta(days=days)),
    )
    audit.note(asked, "token made", name=found.name, days=days)
    return TokenWithValue(token=token_view(found, now), value=value)


async def revoke_token(asked: Asked[Nothing, Nothing]) -> None:
    """Revoke one of one's own tokens."""
    token_id = int(asked.path["token_id"])
    if await asked.panel.ask(tokens.owner, token_id) != _person(asked).id:
        raise NotFound(what=str(token_id))
    audit.note(asked, "token revoked", name=await asked.panel.ask(tokens.revoke, token_id))


def session_view(one: Open, asked: Asked[Any, Any]) -> SessionView:
    """A session as its owner or an administrator sees it."""
    system, browser = named(one.agent)
    return SessionView(
        id=one.handle,
        user_id=one.user_id,
        user=one.user,
        created_at=one.created_at,
        seen_at=one.seen_at,
        address=one.address,
        system=system,
        browser=browser,
        method=one.method,
        is_this=one.handle == sessions.handle_of(asked.visitor.token),
    )


def token_view(one: Token, now: datetime) -> TokenView:
    """A token as its owner or an administrator sees it."""
    return TokenView(
        id=one.id,
        user_id=one.user_id,
        user=one.user,
        name=one.name,
        permissions=[permission for permission in Permission if permission in one.permissions],
        created_at=one.created_at,
        expires_at=one.expires_at,
        is_expired=one.expires_at <= now,
        used_at=one.used_at,
        used_from=one.used_from,
    )


def _person(asked: Asked[Any, Any]) -> Person:
    assert asked.visitor.person is not None
    return asked.visitor.person


def _passkey(one: Passkey) -> PasskeyView:
    return PasskeyView(
        id=one.id, name=one.name, host=one.host, created_at=one.created_at, used_at=one.used_at
    )
