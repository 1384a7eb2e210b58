"""Roles: what people may do, ticked permission by permission."""

from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Language, Text
from appliance.domain.roles import PERMISSION_GROUPS, PERMISSION_TEXT, Permission, Role
from appliance.store import roles
from appliance.store.roles import RoleRow
from webadmin import audit
from webadmin.api.departments import DepartmentId
from webadmin.authority import check_permissions
from webadmin.operation import Asked, Nothing
from webadmin.views import role_name

RoleName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]


class PermissionView(msgspec.Struct, frozen=True, kw_only=True):
    """One tick."""

    code: Permission
    text: str


class PermissionGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The ticks of one part of the menu."""

    text: str
    permissions: list[PermissionView]


class RoleView(msgspec.Struct, frozen=True, kw_only=True):
    """A role; one that is `built_in` can be neither changed nor removed. `people` counts who has it."""

    id: int
    name: str
    built_in: Role | None
    permissions: list[Permission]
    department_id: int | None
    people: int


class RoleList(msgspec.Struct, frozen=True, kw_only=True):
    """All roles, the built-in ones first, and the tree of ticks."""

    roles: list[RoleView]
    groups: list[PermissionGroup]


class RoleWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role as it shall be; a department says whose role it is and limits nothing."""

    name: RoleName
    permissions: Annotated[list[Permission], msgspec.Meta(max_length=64)]
    department_id: DepartmentId | None = None


async def show(asked: Asked[Nothing, Nothing]) -> RoleList:
    """All roles, and what can be ticked."""
    found = await asked.panel.ask(roles.everything)
    language = asked.language
    return RoleList(
        roles=[_view(one, language) for one in found],
        groups=[
            PermissionGroup(
                text=title.render(language),
                permissions=[
                    PermissionView(code=one, text=PERMISSION_TEXT[one].render(language)) for one in members
                ],
            )
            for title, members in PERMISSION_GROUPS
        ],
    )


async def create(asked: Asked[Nothing, RoleWanted]) -> RoleView:
    """Add a role."""
    body = asked.body
    wanted = _ticked(asked)
    made = await asked.panel.ask(roles.create, body.name.strip(), wanted, body.department_id)
    audit.note(asked, "role created", subject=made.name, permissions=_words(wanted))
    return _view(made, asked.language)


async def replace(asked: Asked[Nothing, RoleWanted]) -> RoleView:
    """Change a role, at once for everybody who has it."""
    body, role_id = asked.body, int(asked.path["role_id"])
    before = await asked.panel.ask(roles.get, role_id)
    check_permissions(asked, before.permissions)
    wanted = _ticked(asked)
    changed = await asked.panel.ask(roles.change, role_id, body.name.strip(), wanted, body.department_id)
    audit.note(asked, "role changed", subject=changed.name, permissions=_words(wanted))
    return _view(changed, asked.language)


async def remove(asked: Asked[Nothing, Nothing]) -> None:
    """Delete a role that nobody has."""
    role_id = int(asked.path["role_id"])
    check_permissions(asked, (await asked.panel.ask(roles.get, role_id)).permissions)
    role = await asked.panel.ask(roles.remove, role_id)
    audit.note(asked, "role removed", subject=role.name)


def _ticked(asked: Asked[Nothing, RoleWanted]) -> frozenset[Permission]:
    """The wanted permissions.

    Raises: Invalid when nothing is ticked, BeyondYourRights
    """
    wanted = frozenset(asked.body.permissions) - {Permission.OPEN, Permission.SELF}
    if not wanted:
        raise Invalid(field="permissions", problem=Text(en="must name at least one", zh="至少选择一项"))
    check_permissions(asked, wanted)
    return wanted


def _words(permissions: frozenset[Permission]) -> str:
    return " ".join(one for one in Permission if one in permissions)


def _view(role: RoleRow, language: Language) -> RoleView:
    return RoleView(
        id=role.id,
        name=role_name(role.name, role.built_in, language),
        built_in=role.built_in,
        permissions=[
            one
            for one in Permission
            if one in role.permissions and one not in (Permission.OPEN, Permission.SELF)
        ],
        department_id=role.department_id,
        people=role.people,
    )
