"""Who sits at the console: the panel's own accounts, asked without the panel, and what is written down of them."""

import asyncio
from typing import NamedTuple

import msgspec

from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.domain.operation import Kind, Module, Result
from appliance.domain.roles import Permission
from appliance.settings.root import Settings
from appliance.store import credentials, people
from appliance.store.database import Database
from appliance.store.operations import Entry, append
from webadmin import second_factor
from webadmin.passwords import Passwords, Policy, check_new, one_time_password
from webadmin.sealing import Seal, SealBroken


class Desk(NamedTuple):
    """What the console works on; `line` is the terminal's name, as `ttyS0`."""

    layout: Layout
    database: Database
    line: str


def is_set_up(desk: Desk) -> bool:
    """Whether the box has an administrator."""
    return people.has_administrator(desk.database)


def signed_in(desk: Desk, name: str, password: str) -> people.Person | None:
    """The administrator with this name and password; whoever may not change settings has no business here."""
    found = people.find(desk.database, name)
    passwords = Passwords()
    try:
        stored = found.password_hash if found else None
        right = asyncio.run(passwords.matches(stored, password))
    finally:
        passwords.close()
    if not right or found is None:
        return None
    person = found.person
    return person if person.is_enabled and Permission.SETTINGS in person.permissions else None


def factors(desk: Desk, person: people.Person) -> credentials.Factors:
    """The second factors that somebody has set up."""
    return credentials.factors(desk.database, person.id)


def gave_code(desk: Desk, person: people.Person, code: str) -> bool:
    """Whether this is the code of their authenticator app, or a recovery code; each is good for one sign-in."""
    sealed = credentials.totp(desk.database, person.id, confirmed=True)
    secret = _opened(desk, person, sealed) if sealed else ""
    if sealed is not None and secret:
        step = second_factor.step_of(secret, code, SystemClock().now(), sealed.last_step)
        if step is not None and credentials.use_totp(desk.database, person.id, step):
            return True
    return credentials.use_code(desk.database, person.id, second_factor.tidy_code(code))


def _opened(desk: Desk, person: people.Person, sealed: credentials.Sealed) -> str:
    """The app's secret; '' when the key of the box is another one: recovery codes are still good then."""
    try:
        return Seal(desk.layout.sealing_key).open(sealed.secret, str(person.id))
    except SealBroken:
        return ""


def create_first(desk: Desk, name: str, password: str, settings: Settings) -> people.Person:
    """Make the administrator of a new box; the one-time password is worth nothing from then on.

    Raises: Invalid for a password that is too easy, AlreadySetUp
    """
    rules = settings.sign_in
    check_new(
        password,
        name,
        Policy(settings.web.min_password_length, rules.password_kinds, rules.refuse_guessable),
        "password",
    )
    person = people.create_first(desk.database, name, _hashed(password), SystemClock().now())
    desk.layout.one_time_password.unlink(missing_ok=True)
    return person


def renew_password(desk: Desk, person: people.Person, *, with_factors: bool) -> str:
    """Give somebody a one-time password; all their sessions end. `with_factors`: what they have lost besides goes, too."""
    made = one_time_password()
    people.set_password(desk.database, person.id, _hashed(made), SystemClock().now(), one_time=True)
    if with_factors:
        credentials.remove_factors(desk.database, person.id)
    return made


def administrators(desk: Desk) -> list[people.Person]:
    """Those who could sign in here."""
    found = [people.find(desk.database, one.name) for one in people.everyone(desk.database)]
    return [one.person for one in found if one is not None and Permission.SETTINGS in one.person.permissions]


def note(
    desk: Desk, user: str, operation: str, module: Module, kind: Kind, *, is_right: bool = True, **facts: str
) -> None:
    """A row of the operation log; `operation` is one of those that the panel has words for."""
    entry = Entry(
        at=SystemClock().now(),
        user=user,
        address=f"console {desk.line}",
        system="",
        browser="",
        module=module.value,
        operation=operation,
        kind=kind,
        result=Result.DONE if is_right else Result.REFUSED,
        parameters=msgspec.json.encode(facts).decode(),
    )
    append(desk.database, [entry])


def _hashed(password: str) -> str:
    passwords = Passwords()
    try:
        return asyncio.run(passwords.hash(password))
    finally:
        passwords.close()
