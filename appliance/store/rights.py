"""What a person may do and see, worked out from role, departments and directory, and kept until one of them changes."""

import weakref
from typing import NamedTuple

from appliance.core.errors import NotFound
from appliance.domain.access import EVERYTHING, NOTHING, Scope, ScopeKind
from appliance.domain.roles import GRANTED, Permission, Power, Role
from appliance.store import directory, view_list
from appliance.store.database import Database
from appliance.store.models import Departments, RightsState, Roles, ScopeDepartments, ScopeExtensions, Users
from appliance.store.row import number_key

ADMINISTRATOR_ID = 1
VIEWER_ID = 2
_MOST_KEPT = 1000


class Rights(NamedTuple):
    """What was given to a person: a role, and whose calls. `is_super` overrides both: everything.

    Shape: `departments` are ids, `extensions` numbers as they were typed; only those of `kind` count
    """

    role_id: int
    is_super: bool = False
    kind: ScopeKind = ScopeKind.EVERYTHING
    departments: tuple[int, ...] = ()
    extensions: tuple[str, ...] = ()

    @property
    def sees_everything(self) -> bool:
        """Whether no call is outside."""
        return self.is_super or self.kind is ScopeKind.EVERYTHING


ADMINISTRATOR = Rights(ADMINISTRATOR_ID, is_super=True)
VIEWER = Rights(VIEWER_ID)


class Granted(NamedTuple):
    """What follows from the rights."""

    permissions: frozenset[Permission]
    scope: Scope
    is_guarded: bool = False


REFUSED = Granted(frozenset(), NOTHING)


class _Kept:
    """What was worked out under one revision."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        self.by_user: dict[int, Granted] = {}


_kept: weakref.WeakKeyDictionary[Database, _Kept] = weakref.WeakKeyDictionary()


def revision_of(database: Database) -> int:
    """Grows with every change of rights, departments and directory."""
    return int(database.rows(RightsState.select(RightsState.revision))[0][0])


def granted(database: Database, user_id: int) -> Granted:
    """What a user may do and see; a disabled or unknown one nothing."""
    # Read before anything else: what is worked out may be newer than its revision, but never older.
    revision = revision_of(database)
    kept = _kept.get(database)
    if kept is None or kept.revision != revision:
        kept = _kept[database] = _Kept(revision)
    found = kept.by_user.get(user_id)
    if found is None:
        if len(kept.by_user) >= _MOST_KEPT:
            kept.by_user.clear()
        found = kept.by_user[user_id] = _granted(database, user_id)
    return found


def resolve(database: Database, rights: Rights) -> Granted:
    """What somebody with these rights may do and see.

    Raises: NotFound when there is no such role
    """
    power = _power(database, rights)
    return Granted(power.permissions, _scope(database, rights), power.is_guarded)


def of_user(database: Database, user_id: int) -> Rights:
    """What was given to a user.

    Raises: NotFound
    """
    row = database.first(
        Users.select(Users.role_key, Users.is_super, Users.scope_kind).where(Users.id == user_id)
    )
    if row is None:
        raise NotFound(what=str(user_id))
    members = ScopeDepartments.select(ScopeDepartments.department_key)
    numbers = ScopeExtensions.select(ScopeExtensions.number).order_by(ScopeExtensions.number_key)
    return Rights(
        row[0],
        bool(row[1]),
        ScopeKind(row[2]),
        tuple(key for (key,) in database.rows(members.where(ScopeDepartments.user_key == user_id))),
        tuple(number for (number,) in database.rows(numbers.where(ScopeExtensions.user_key == user_id))),
    )


def exceeds(database: Database, own: Rights, wanted: Rights) -> bool:
    """Whether `wanted` holds anything that `own` does not: nobody may give away, or rule over, more than that.

    Raises: NotFound when there is no such role
    """
    if own.is_super:
        return False
    if wanted.is_super or _power(database, wanted).exceeds(_power(database, own)):
        return True
    if own.kind is ScopeKind.EVERYTHING:
        return False
    if wanted.kind is ScopeKind.EVERYTHING:
        return True
    if wanted.kind is ScopeKind.DEPARTMENTS:
        return own.kind is not ScopeKind.DEPARTMENTS or not set(wanted.departments) <= directory.below(
            database, own.departments
        )
    return not _own_numbers(database, wanted) <= _own_numbers(database, own)


def give(database: Database, user_id: int, rights: Rights) -> None:
    """Replace what was given to a user. Inside a writing transaction.

    Raises: NotFound when role or a department do not exist
    """
    if database.first(Roles.select(Roles.id).where(Roles.id == rights.role_id)) is None:
        raise NotFound(what=str(rights.role_id))
    changed = {
        Users.role_key: rights.role_id,
        Users.is_super: rights.is_super,
        Users.scope_kind: rights.kind.value,
    }
    database.run(Users.update(changed).where(Users.id == user_id))
    database.run(ScopeDepartments.delete().where(ScopeDepartments.user_key == user_id))
    database.run(ScopeExtensions.delete().where(ScopeExtensions.user_key == user_id))
    for department_id in dict.fromkeys(rights.departments if rights.kind is ScopeKind.DEPARTMENTS else ()):
        if database.first(Departments.select(Departments.id).where(Departments.id == department_id)) is None:
            raise NotFound(what=str(department_id))
        database.run(ScopeDepartments.insert(user_key=user_id, department_key=department_id))
    wanted = {number_key(number): number for number in rights.extensions if number_key(number)}
    for key, number in wanted.items() if rights.kind is ScopeKind.EXTENSIONS else ():
        database.run(ScopeExtensions.insert(user_key=user_id, number_key=key, number=number))


def _granted(database: Database, user_id: int) -> Granted:
    row = database.first(Users.select(Users.is_enabled).where(Users.id == user_id))
    if row is None or not row[0]:
        return REFUSED
    return resolve(database, of_user(database, user_id))


def _power(database: Database, rights: Rights) -> Power:
    columns = (Roles.built_in, Roles.permissions, Roles.is_guarded)
    row = database.first(Roles.select(*columns).where(Roles.id == rights.role_id))
    if row is None:
        raise NotFound(what=str(rights.role_id))
    if rights.is_super:
        return Power(frozenset(Permission))
    return Power(role_permissions(*row[:2]), bool(row[2]))


def role_permissions(built_in: str, words: str) -> frozenset[Permission]:
    """What a role's row grants; words of a release that knew more are passed over."""
    if built_in:
        return GRANTED[Role(built_in)]
    named = {Permission(word) for word in words.split() if word in Permission.__members__.values()}
    return frozenset({*named, Permission.OPEN, Permission.SELF})


def _scope(database: Database, rights: Rights) -> Scope:
    shown = view_list.shown(database)
    if rights.sees_everything:
        return EVERYTHING if shown is None else Scope(numbers=shown)
    own = _own_numbers(database, rights)
    return Scope(numbers=own if shown is None else own & shown)


def _own_numbers(database: Database, rights: Rights) -> frozenset[str]:
    if rights.kind is ScopeKind.DEPARTMENTS:
        return directory.extension_keys(database, rights.departments)
    return frozenset(key for key in map(number_key, rights.extensions) if key)
