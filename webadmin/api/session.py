"""Signing in and out, the first administrator, one's own password."""

from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec

from appliance.core.errors import Conflict, Invalid
from appliance.core.text import Text
from appliance.domain.roles import Permission
from appliance.settings.sign_in import SecondFactor as Wanted
from appliance.store import credentials, people, sessions
from webadmin import audit, second_factor
from webadmin.first_steps import BEGUN
from webadmin.new_password import accepted, policy
from webadmin.operation import Asked, Nothing
from webadmin.panel import Panel
from webadmin.parameters import SECRET
from webadmin.passwords import check_new
from webadmin.proof import LOCAL, Proved, by_password
from webadmin.refusals import WrongOneTimePassword, WrongPassword
from webadmin.tickets import Challenge, HalfSignedIn, TicketExpired
from webadmin.views import role_name
from webadmin.visitor import Visitor, new_token

_SETUP = "\0setup"
_PASSKEY = "\0passkey"


class NotHere(Conflict):
    """The directory server knows the password."""

    text = Text(
        en="This password belongs to the directory server and is changed there.",
        zh="该密码由目录服务器管理，请在目录服务器中修改。",
    )


UserName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1024, extra=SECRET)]


class ConfirmationView(msgspec.Struct, frozen=True, kw_only=True):
    """The second person who has confirmed this session."""

    name: str
    real_name: str
    at: datetime
    until: datetime


class SessionUser(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in. `must_change`: only the own password may be changed until that was done.

    `sees_box`: figures of the box as a whole are shown. `looker` is the administrator who looks at the panel as this user sees it, '' when the user is there in person.
    `first_steps`: this person may go on with the first steps of a new box, which nobody has ended yet.
    `is_guarded`: the role needs a second person for what is sensitive; `awaits` is what opens once one has confirmed.
    """

    name: str
    real_name: str
    role: str
    sees_everything: bool
    sees_box: bool
    looker: str
    must_change: bool
    must_enrol: bool
    first_steps: bool
    permissions: list[Permission]
    is_guarded: bool
    awaits: list[Permission]
    confirmation: ConfirmationView | None


class SecondAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The password was right; the second factor is awaited. `options`: for a passkey, where there is one."""

    ticket: str
    app: bool
    recovery: bool
    options: dict[str, Any] | None


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a page must know before anything else; `csrf_token` goes into the header of every write."""

    first_run: bool
    user: SessionUser | None
    csrf_token: str
    min_password_length: int
    idle_timeout_min: int
    second: SecondAsked | None


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name and password."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Password


class Setup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The administrator of a new box."""

    one_time_password: Annotated[str, msgspec.Meta(min_length=1, max_length=64, extra=SECRET)]
    name: UserName
    password: Password


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The other half of a sign-in: a code (of the app, or a recovery code) or a passkey's answer."""

    ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=64, extra=SECRET)]
    code: Annotated[str, msgspec.Meta(max_length=32, extra=SECRET)] = ""
    credential: dict[str, Any] | None = None


class PasskeyAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `navigator.credentials.get` gave, as JSON."""

    ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=64, extra=SECRET)]
    credential: dict[str, Any]


class PasskeyOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What `navigator.credentials` needs (`parseRequestOptionsFromJSON`)."""

    ticket: str
    options: dict[str, Any]


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password so far and the new one."""

    old_password: Password
    new_password: Password


async def show(asked: Asked[Nothing, Nothing]) -> SessionAnswer:
    """Who is signed in, and the token for writes."""
    visitor = asked.visitor
    if not visitor.token and not visitor.via:
        visitor = Visitor(new_token())
        asked.sign_in = visitor.token
    return answer_for(asked, visitor)


async def sign_in(asked: Asked[Nothing, SignIn]) -> SessionAnswer:
    """Sign in with name and password."""
    asked.actor = asked.body.name
    came = await first_half(asked)
    if not came.factors.any:
        return await _open(asked, came.person, came.method, came.held)
    return ask_second(asked, came)


async def give_second(asked: Asked[Nothing, SecondFactor]) -> SessionAnswer:
    """Finish a sign-in with the second factor."""
    half = take_half(asked)
    asked.actor = half.name
    method = await second_half(asked, half)
    audit.note(asked, "second factor given", factor=method)
    person = await asked.panel.ask(people.get, half.user_id)
    if not person.is_enabled:
        raise WrongPassword
    return await _open(asked, person, f"{half.method}+{method}", half.held)


async def passkey_options(asked: Asked[Nothing, Nothing]) -> PasskeyOptions:
    """Begin to sign in with a passkey alone."""
    asked.is_quiet = True
    challenge, options = second_factor.request(second_factor.site(asked.protocol, asked.host), [])
    return PasskeyOptions(ticket=asked.panel.challenges.put(Challenge(0, challenge)), options=options)


async def by_passkey(asked: Asked[Nothing, PasskeyAnswer]) -> SessionAnswer:
    """Sign in with a passkey alone: the device has verified its owner."""
    panel, body = asked.panel, asked.body
    challenge = panel.challenges.take(body.ticket)
    _throttle(panel, _PASSKEY, asked.address)
    user_id = await _by_passkey(asked, body.credential, challenge.challenge, 0)
    panel.throttle.succeeded(_PASSKEY, asked.address)
    person = await panel.ask(people.get, user_id)
    asked.actor = person.name
    if not person.is_enabled:
        raise WrongPassword
    return await _open(asked, person, "passkey", "")


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
        raise WrongOneTimePassword
    panel.throttle.succeeded(_SETUP, asked.address)
    name = body.name.strip()
    check_new(body.password, name, policy(panel), "password")
    password_hash = await panel.passwords.hash(body.password)
    person = await panel.ask(people.create_first, name, password_hash, panel.now())
    await panel.read(panel.first_steps.keep, BEGUN)
    await panel.read(panel.first_run.done)
    return await _open(asked, person, "local", "")


async def change_password(asked: Asked[Nothing, PasswordChange]) -> None:
    """Change one's own password; all other sessions of the same person end."""
    panel, body, person = asked.panel, asked.body, asked.visitor.person
    assert person is not None
    if await panel.ask(credentials.source, person.id) != LOCAL:
        raise NotHere
    await prove(asked, body.old_password, "old_password")
    password_hash = await accepted(asked, person.id, person.name, body.new_password, "new_password")
    await panel.ask(
        people.set_password, person.id, password_hash, panel.now(), one_time=False, keep=asked.visitor.token
    )
    await panel.ask(sessions.release, person.id, "password")
    if asked.visitor.held == "password" and await _lacks_factor(panel, person):
        await panel.ask(sessions.mark, asked.visitor.token, method="password", held="second_factor")
    audit.note(asked, "password changed")


class Came(NamedTuple):
    """Somebody whose password was right; `held` is what must be mended before anything else."""

    person: people.Person
    method: str
    held: str
    factors: credentials.Factors


async def first_half(asked: Asked[Nothing, SignIn]) -> Came:
    """Who it is by name and password.

    Raises: Throttled, WrongPassword, DirectoryUnreachable, DirectoryRefuses
    """
    panel, body = asked.panel, asked.body
    key = people.name_key(body.name)
    _throttle(panel, key, asked.address)
    proved = await by_password(panel, body.name, body.password)
    if proved is None:
        audit.note_of(body.name, asked.address, "sign-in failed")
        raise WrongPassword
    panel.throttle.succeeded(key, asked.address)
    factors = await panel.ask(credentials.factors, proved.person.id)
    return Came(proved.person, proved.source, _held(panel, proved, has_factor=factors.any), factors)


def ask_second(asked: Asked[Nothing, SignIn], came: Came, session: str = "") -> SessionAnswer:
    """Ask for the second factor; `session` is the handle of the one that is to be confirmed."""
    place = second_factor.site(asked.protocol, asked.host)
    known = [passkey for passkey in came.factors.passkeys if passkey.host == place.host]
    challenge, options = second_factor.request(place, known) if known else (b"", None)
    asked.is_quiet = True  # the row comes with the second half
    half = HalfSignedIn(came.person.id, came.person.name, came.held, came.method, challenge, session)
    second = SecondAsked(
        ticket=asked.panel.half_signed_in.put(half),
        app=came.factors.totp_since is not None,
        recovery=came.factors.recovery_codes > 0,
        options=options,
    )
    return msgspec.structs.replace(answer_for(asked, asked.visitor), second=second)


def take_half(asked: Asked[Nothing, SecondFactor], session: str = "") -> HalfSignedIn:
    """Who has begun with this ticket, for this very purpose.

    Raises: TicketExpired
    """
    half = asked.panel.half_signed_in.take(asked.body.ticket)
    if half.session != session:
        raise TicketExpired
    return half


async def second_half(asked: Asked[Nothing, SecondFactor], half: HalfSignedIn) -> str:
    """Judge the second factor: app | recovery | passkey.

    Raises: Throttled, WrongCode, WrongPasskey
    """
    panel, body = asked.panel, asked.body
    key = people.name_key(half.name)
    _throttle(panel, key, asked.address)
    if body.credential is not None:
        if not half.challenge:
            raise second_factor.WrongPasskey(problem="none is known")
        await _by_passkey(asked, body.credential, half.challenge, half.user_id)
        method = "passkey"
    else:
        method = await _by_code(panel, half.user_id, body.code)
    panel.throttle.succeeded(key, asked.address)
    panel.half_signed_in.drop(body.ticket)
    return method


async def prove(asked: Asked[Any, Any], password: str, field: str) -> None:
    """Check that the person who is signed in still sits there: what follows cannot be undone by closing a tab.

    Raises: Throttled, Invalid
    """
    panel, person = asked.panel, asked.visitor.person
    assert person is not None
    key = people.name_key(person.name)
    _throttle(panel, key, asked.address)
    proved = await by_password(panel, person.name, password)
    if proved is None or proved.person.id != person.id:
        audit.note(asked, "password was wrong")
        raise Invalid(field=field, problem=Text(en="is wrong", zh="不正确"))
    panel.throttle.succeeded(key, asked.address)


def _throttle(panel: Panel, key: str, address: str) -> None:
    sign_in = panel.settings.sign_in
    panel.throttle.lock_after, panel.throttle.lock_s = sign_in.lockout_after, sign_in.lockout_min * 60.0
    panel.throttle.begin(key, address)


def _held(panel: Panel, proved: Proved, *, has_factor: bool) -> str:
    """What must be mended before anything else."""
    age_d = panel.settings.sign_in.password_age_d
    is_old = proved.password_at is not None and panel.now() - proved.password_at > timedelta(days=age_d)
    if age_d and is_old:
        return "password"
    return "" if has_factor or not needs_factor(panel, proved.person) else "second_factor"


async def _lacks_factor(panel: Panel, person: people.Person) -> bool:
    return needs_factor(panel, person) and not (await panel.ask(credentials.factors, person.id)).any


def needs_factor(panel: Panel, person: people.Person) -> bool:
    """Whether the settings want a second factor of this person."""
    wanted = panel.settings.sign_in.second_factor
    if wanted is Wanted.ADMINISTRATORS:
        return bool({Permission.SETTINGS, Permission.USERS} & person.permissions)
    return wanted is Wanted.EVERYONE


async def _by_code(panel: Panel, user_id: int, code: str) -> str:
    """Raises: WrongCode."""
    sealed = await panel.ask(credentials.totp, user_id, confirmed=True)
    if sealed is not None:
        secret = await panel.read(panel.seal.open, sealed.secret, str(user_id))
        step = second_factor.step_of(secret, code, panel.now(), sealed.last_step)
        if step is not None and await panel.ask(credentials.use_totp, user_id, step):
            return "app"
    is_recovery = await panel.ask(credentials.use_code, user_id, second_factor.tidy_code(code))
    if is_recovery:
        return "recovery"
    raise second_factor.WrongCode


async def _by_passkey(asked: Asked[Any, Any], answer: dict[str, Any], challenge: bytes, user_id: int) -> int:
    """Whose passkey it is; `user_id` 0 lets anybody come, but only with a device that knows its owner.

    Raises: WrongPasskey
    """
    panel = asked.panel
    known = await panel.ask(credentials.passkey, second_factor.credential_of(answer))
    if known is None or (user_id and known.user_id != user_id):
        raise second_factor.WrongPasskey(problem="unknown")
    place = second_factor.site(asked.protocol, asked.host)
    uses = second_factor.proved(place, challenge, answer, known, alone=not user_id)
    await panel.ask(credentials.used_passkey, known.id, uses, panel.now())
    return known.user_id


async def _open(asked: Asked[Any, Any], person: people.Person, method: str, held: str) -> SessionAnswer:
    panel = asked.panel
    token = new_token()
    origin = (asked.address, audit.one_line(asked.agent))
    await panel.ask(people.open_session, person.id, token, panel.now(), panel.timeouts, origin)
    await panel.ask(sessions.mark, token, method=method, held=held)
    if asked.visitor.actor is not None:
        await panel.ask(people.close_session, asked.visitor.token)
    asked.actor = person.name
    audit.note_of(person.name, asked.address, "signed in", method=method)
    asked.sign_in = token
    return answer_for(asked, Visitor(token, person, held=held))


def answer_for(asked: Asked[Any, Any], visitor: Visitor) -> SessionAnswer:
    """What a page must know of this visitor."""
    person = visitor.person
    user = None
    if person is not None:
        granted = (
            {Permission.OPEN, Permission.SELF}
            if person.must_change or visitor.held
            else person.permissions - visitor.awaited
        )
        confirmation = visitor.confirmation
        user = SessionUser(
            name=person.name,
            real_name=person.real_name,
            role=role_name(person.role_name, person.built_in, asked.language),
            sees_everything=visitor.scope.everything,
            sees_box=visitor.sees_box,
            looker=visitor.looker.name if visitor.looker else "",
            must_change=person.must_change or visitor.held == "password",
            must_enrol=visitor.held == "second_factor",
            first_steps=asked.panel.first_steps.now.is_open
            and visitor.looker is None
            and visitor.sees_box
            and Permission.SETTINGS in granted,
            permissions=[permission for permission in Permission if permission in granted],
            is_guarded=person.is_guarded,
            awaits=[permission for permission in Permission if permission in visitor.awaited],
            confirmation=ConfirmationView(**confirmation._asdict()) if confirmation else None,
        )
    web = asked.panel.settings.web
    return SessionAnswer(
        first_run=asked.panel.first_run.is_pending,
        user=user,
        csrf_token=visitor.csrf_token,
        min_password_length=web.min_password_length,
        idle_timeout_min=web.idle_timeout_min,
        second=None,
    )
