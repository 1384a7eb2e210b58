"""Who may sign in: made, changed, given a new one-time password, looked through and removed by an administrator."""

from datetime import datetime
from typing import Annotated

import msgspec

from appliance.core.errors import Conflict, Invalid
from appliance.core.text import Language, Text
from appliance.domain.access import Scope, ScopeKind
from appliance.store import calls as ledger
from appliance.store import directory, people, rights
from appliance.store.database import Database
from appliance.store.names import name_key
from appliance.store.rights import Rights
from appliance.store.row import number_key
from webadmin import audit
from webadmin.api.session import UserName
from webadmin.authority import check_rights, check_user
from webadmin.operation import Asked, Nothing
from webadmin.passwords import one_time_password
from webadmin.views import role_name

MAX_MEMBERS = 5000
MAX_CHOICES = 100

RealName = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
DepartmentId = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
Number = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\S")]


class NotYourself(Conflict):
    """One cannot remove the ground one stands on."""

    text = Text(en="You cannot do this to yourself.", zh="不能对自己执行此操作。")


class UserScope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose calls may be known: all, those of departments (ids) with all below them, or of single extensions."""

    kind: ScopeKind = ScopeKind.EVERYTHING
    departments: Annotated[list[DepartmentId], msgspec.Meta(max_length=MAX_MEMBERS)] = []
    extensions: Annotated[list[Number], msgspec.Meta(max_length=MAX_MEMBERS)] = []


class UserScopeView(msgspec.Struct, frozen=True, kw_only=True):
    """Whose calls a person may know of; only the members of `kind` are filled."""

    kind: ScopeKind
    departments: list[int]
    extensions: list[str]


class UserView(msgspec.Struct, frozen=True, kw_only=True):
    """A person; `must_change` until a password of one's own was chosen. `sessions` counts open ones."""

    id: int
    name: str
    real_name: str
    role_id: int
    role_name: str
    is_super: bool
    is_enabled: bool
    scope: UserScopeView
    must_change: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    sessions: int


class UsersQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose name or real name contains a text."""

    search: Annotated[str, msgspec.Meta(max_length=64)] = ""


class UserList(msgspec.Struct, frozen=True, kw_only=True):
    """Everyone who fits, by name."""

    users: list[UserView]


class NewUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to let in, to do what, and whose calls to see."""

    name: UserName
    real_name: RealName = ""
    role_id: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    is_super: bool = False
    scope: UserScope = UserScope()


class UserChange(NewUser, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as they shall be; a disabled one is signed out and cannot sign in."""

    is_enabled: bool = True


class UserWithPassword(msgspec.Struct, frozen=True, kw_only=True):
    """The person and the password for the first sign-in; it is shown this once and lasts a week."""

    user: UserView
    one_time_password: str


class ScopeAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scope that is being put together."""

    is_super: bool = False
    scope: UserScope = UserScope()


class ScopeSize(msgspec.Struct, frozen=True, kw_only=True):
    """What a scope gives: how many numbers (null = all) and how many calls of the ledger as it is now."""

    extensions: int | None
    calls: int


class ExtensionChoice(msgspec.Struct, frozen=True, kw_only=True):
    """An extension that a scope may name."""

    number: str
    name: str


class ExtensionChoices(msgspec.Struct, frozen=True, kw_only=True):
    """The first extensions that fit, by number; those of the directory and the bound ones."""

    extensions: list[ExtensionChoice]


class _Listed(msgspec.Struct, frozen=True):
    person: people.Person
    rights: Rights


async def show(asked: Asked[UsersQuery, Nothing]) -> UserList:
    """Everyone who may sign in; somebody with a part of the rights sees those with no more than that."""
    assert asked.visitor.person is not None
    wanted = name_key(asked.query.search.strip())
    listed = await asked.panel.ask(_everyone, asked.visitor.person.id)
    return UserList(
        users=[
            user_view(one.person, one.rights, asked.language)
            for one in listed
            if wanted in name_key(one.person.name) or wanted in name_key(one.person.real_name)
        ]
    )


async def create(asked: Asked[Nothing, NewUser]) -> UserWithPassword:
    """Let somebody in with a one-time password."""
    panel, body = asked.panel, asked.body
    given = rights_of(body)
    await check_rights(asked, given)
    password = one_time_password()
    password_hash = await panel.passwords.hash(password)
    person = await panel.ask(
        people.create, body.name.strip(), given, password_hash, panel.now(), real_name=body.real_name.strip()
    )
    audit.note(asked, "user created", subject=person.name, **_facts(person, given))
    return UserWithPassword(user=user_view(person, given, asked.language), one_time_password=password)


async def replace(asked: Asked[Nothing, UserChange]) -> UserView:
    """Change somebody's names, role and scope, or disable them."""
    user_id, body = int(asked.path["user_id"]), asked.body
    given = rights_of(body)
    await check_user(asked, user_id)
    await check_rights(asked, given)
    if not body.is_enabled:
        _check_other(asked, user_id)
    person = await asked.panel.ask(
        people.change,
        user_id,
        given,
        name=body.name.strip(),
        real_name=body.real_name.strip(),
        is_enabled=body.is_enabled,
    )
    audit.note(asked, "user changed", subject=person.name, **_facts(person, given))
    return user_view(person, given, asked.language)


async def renew_password(asked: Asked[Nothing, Nothing]) -> UserWithPassword:
    """Replace somebody's password by a one-time password and end all their sessions."""
    panel, user_id = asked.panel, int(asked.path["user_id"])
    _check_other(asked, user_id)
    await check_user(asked, user_id)
    password = one_time_password()
    password_hash = await panel.passwords.hash(password)
    person = await panel.ask(people.set_password, user_id, password_hash, panel.now(), one_time=True)
    given = await panel.ask(rights.of_user, user_id)
    audit.note(asked, "password renewed", subject=person.name)
    return UserWithPassword(user=user_view(person, given, asked.language), one_time_password=password)


async def remove(asked: Asked[Nothing, Nothing]) -> None:
    """Remove somebody, at once."""
    user_id = int(asked.path["user_id"])
    _check_other(asked, user_id)
    await check_user(asked, user_id)
    person = await asked.panel.ask(people.remove, user_id)
    audit.note(asked, "user removed", subject=person.name)


async def size(asked: Asked[Nothing, ScopeAsked]) -> ScopeSize:
    """How many extensions and calls a scope would give."""
    body = asked.body
    wanted = Rights(
        rights.VIEWER_ID,
        body.is_super,
        body.scope.kind,
        tuple(body.scope.departments),
        tuple(body.scope.extensions),
    )
    scope: Scope = (await asked.panel.ask(rights.resolve, wanted)).scope.within(asked.visitor.scope)
    page = await asked.panel.ask(ledger.find, ledger.CallFilter(page_size=1), scope=scope)
    return ScopeSize(extensions=None if scope.everything else len(scope.numbers), calls=page.total)


async def choices(asked: Asked[UsersQuery, Nothing]) -> ExtensionChoices:
    """Extensions that a scope may name."""
    wanted = name_key(asked.query.search.strip())
    listed = {one.number: one.name for one in asked.panel.settings.recording.extensions}
    listed |= {one.number: one.name for one in await asked.panel.ask(directory.extensions)}
    found = [
        ExtensionChoice(number=number, name=name)
        for number, name in sorted(listed.items())
        if (wanted in name_key(number) or wanted in name_key(name))
        and asked.visitor.scope.admits((number_key(number),))
    ]
    return ExtensionChoices(extensions=found[:MAX_CHOICES])


def rights_of(body: NewUser) -> Rights:
    """The rights that a form asks for.

    Raises: Invalid when a part of the calls was wanted and no part was named
    """
    scope = body.scope
    named = {ScopeKind.DEPARTMENTS: scope.departments, ScopeKind.EXTENSIONS: scope.extensions}
    if not body.is_super and scope.kind in named and not named[scope.kind]:
        raise Invalid(
            field=f"scope.{scope.kind.value}", problem=Text(en="must name at least one", zh="至少选择一项")
        )
    return Rights(
        body.role_id,
        body.is_super,
        scope.kind,
        tuple(scope.departments) if scope.kind is ScopeKind.DEPARTMENTS else (),
        tuple(scope.extensions) if scope.kind is ScopeKind.EXTENSIONS else (),
    )


def user_view(person: people.Person, given: Rights, language: Language) -> UserView:
    """The person with every field."""
    return UserView(
        id=person.id,
        name=person.name,
        real_name=person.real_name,
        role_id=person.role_id,
        role_name=role_name(person.role_name, person.built_in, language),
        is_super=person.is_super,
        is_enabled=person.is_enabled,
        scope=UserScopeView(
            kind=given.kind, departments=list(given.departments), extensions=list(given.extensions)
        ),
        must_change=person.must_change,
        created_at=person.created_at,
        last_sign_in_at=person.last_sign_in_at,
        sessions=person.sessions,
    )


def _everyone(database: Database, own_id: int) -> list[_Listed]:
    with database.read():
        own = rights.of_user(database, own_id)
        listed = [_Listed(one, rights.of_user(database, one.id)) for one in people.everyone(database)]
        return [
            one for one in listed if one.person.id == own_id or not rights.exceeds(database, own, one.rights)
        ]


def _facts(person: people.Person, given: Rights) -> dict[str, str]:
    return {
        "role": person.role_name,
        "is_super": str(given.is_super),
        "is_enabled": str(person.is_enabled),
        "scope": given.kind.value,
        "members": ", ".join([*map(str, given.departments), *given.extensions]),
    }


def _check_other(asked: Asked[Nothing, Nothing] | Asked[Nothing, UserChange], user_id: int) -> None:
    assert asked.visitor.person is not None
    if asked.visitor.person.id == user_id:
        raise NotYourself
