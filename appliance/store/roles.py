"""Roles: which permissions go together, the two built-in ones and those that administrators make."""

from collections.abc import Iterable
from typing import NamedTuple

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.domain.roles import Permission, Power, Role
from appliance.store.database import Database
from appliance.store.models import Departments, Roles, Users
from appliance.store.names import name_key
from appliance.store.rights import role_permissions


class RoleTaken(Conflict):
    """Facts: name."""

    text = Text(en="There is already a role named {name}.", zh="角色 {name} 已存在。")


class RoleBuiltIn(Conflict):
    """Facts: name."""

    text = Text(
        en="The role {name} is built in; make a role of your own instead.",
        zh="角色 {name} 为内置角色，请另建角色。",
    )


class RoleInUse(Conflict):
    """Facts: name, people."""

    text = Text(en="{people} people have the role {name}.", zh="仍有 {people} 个用户使用角色 {name}。")


class RoleRow(NamedTuple):
    """A role. `built_in` roles can be neither changed nor removed; `people` counts who has it."""

    id: int
    name: str
    permissions: frozenset[Permission]
    department_id: int | None = None
    built_in: Role | None = None
    people: int = 0
    is_guarded: bool = False

    @property
    def power(self) -> Power:
        """What the role gives."""
        return Power(self.permissions, self.is_guarded)


def everything(database: Database) -> list[RoleRow]:
    """All roles, the built-in ones first, then by name."""
    with database.read():
        counts: dict[int, int] = {}
        for (key,) in database.rows(Users.select(Users.role_key)):
            counts[key] = counts.get(key, 0) + 1
        rows = database.rows(Roles.select(*_ROLE).order_by(Roles.built_in == "", Roles.name_key, Roles.id))
    return [_role(row)._replace(people=counts.get(row[0], 0)) for row in rows]


def get(database: Database, role_id: int) -> RoleRow:
    """One role.

    Raises: NotFound
    """
    row = database.first(Roles.select(*_ROLE).where(Roles.id == role_id))
    if row is None:
        raise NotFound(what=str(role_id))
    return _role(row)


def create(
    database: Database,
    name: str,
    permissions: Iterable[Permission],
    department_id: int | None,
    *,
    is_guarded: bool = False,
) -> RoleRow:
    """Add a role.

    Raises: RoleTaken, NotFound when there is no such department
    """
    with database.write():
        row = _columns(database, None, name, permissions, department_id)
        row[Roles.is_guarded] = is_guarded
        return get(database, database.run(Roles.insert(row)))


def change(
    database: Database,
    role_id: int,
    name: str,
    permissions: Iterable[Permission],
    department_id: int | None,
    *,
    is_guarded: bool = False,
) -> RoleRow:
    """Change a role and with it what its people may do.

    Raises: NotFound, RoleBuiltIn, RoleTaken
    """
    with database.write():
        _own(database, role_id)
        row = _columns(database, role_id, name, permissions, department_id)
        row[Roles.is_guarded] = is_guarded
        database.run(Roles.update(row).where(Roles.id == role_id))
        return get(database, role_id)


def remove(database: Database, role_id: int) -> RoleRow:
    """Delete a role that nobody has.

    Raises: NotFound, RoleBuiltIn, RoleInUse
    """
    with database.write():
        role = _own(database, role_id)
        people = len(database.rows(Users.select(Users.id).where(Users.role_key == role_id)))
        if people:
            raise RoleInUse(name=role.name, people=people)
        database.run(Roles.delete().where(Roles.id == role_id))
        return role


_ROLE = (Roles.id, Roles.name, Roles.permissions, Roles.department_key, Roles.built_in, Roles.is_guarded)


def _own(database: Database, role_id: int) -> RoleRow:
    role = get(database, role_id)
    if role.built_in is not None:
        raise RoleBuiltIn(name=role.name)
    return role


def _columns(
    database: Database,
    own_id: int | None,
    name: str,
    permissions: Iterable[Permission],
    department_id: int | None,
) -> dict[object, object]:
    same = database.first(Roles.select(Roles.id).where(Roles.name_key == name_key(name)))
    if same is not None and same[0] != own_id:
        raise RoleTaken(name=name)
    if (
        department_id is not None
        and database.first(Departments.select(Departments.id).where(Departments.id == department_id)) is None
    ):
        raise NotFound(what=str(department_id))
    wanted = set(permissions)
    return {
        Roles.name: name,
        Roles.name_key: name_key(name),
        Roles.permissions: " ".join(one for one in Permission if one in wanted),
        Roles.department_key: department_id,
    }


def _role(row: tuple[int, str, str, int | None, str, bool]) -> RoleRow:
    role_id, name, words, department_id, built_in, is_guarded = row
    return RoleRow(
        role_id,
        name,
        role_permissions(built_in, words),
        department_id,
        Role(built_in) if built_in else None,
        is_guarded=bool(is_guarded),
    )
