"""Roles: what people may do, ticked permission by permission."""

from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Language, Text
from appliance.domain.roles import PERMISSION_GROUPS, PERMISSION_TEXT, SENSITIVE, Permission, Power, Role
from appliance.store import roles
from appliance.store.roles import RoleRow
from webadmin import audit
from webadmin.api.departments import DepartmentId
from webadmin.authority import check_power
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
    """A role; one that is `built_in` can be neither changed nor removed. `people` counts who has it.

    `is_guarded`: its people may do what is sensitive only after a second person has confirmed.
    """

    id: int
    name: str
    built_in: Role | None
    permissions: list[Permission]
    is_guarded: bool
    department_id: int | None
    people: int


class RoleList(msgspec.Struct, frozen=True, kw_only=True):
    """All roles, the built-in ones first, the tree of ticks, and which of them a guard is over."""

    roles: list[RoleView]
    groups: list[PermissionGroup]
    sensitive: list[Permission]


class RoleWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role as it shall be; a department says whose role it is and limits nothing.

    `is_guarded` null leaves it as it is, so that a program that does not know of it takes no guard away.
    """

    name: RoleName
    permissions: Annotated[list[Permission], msgspec.Meta(max_length=64)]
    department_id: DepartmentId | None = None
    is_guarded: bool | None = None


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
        sensitive=[one for one in Permission if one in SENSITIVE],
    )


async def create(asked: Asked[Nothing, RoleWanted]) -> RoleView:
    """Add a role."""
    body = asked.body
    wanted = _ticked(asked, is_guarded=bool(body.is_guarded))
    made = await asked.panel.ask(
        roles.create,
        body.name.strip(),
        wanted.permissions,
        body.department_id,
        is_guarded=wanted.is_guarded,
    )
    audit.note(asked, "role created", subject=made.name, **_facts(wanted))
    return _view(made, asked.language)


async def replace(asked: Asked[Nothing, RoleWanted]) -> RoleView:
    """Change a role, at once for everybody who has it."""
    body, role_id = asked.body, int(asked.path["role_id"])
    before = await asked.panel.ask(roles.get, role_id)
    check_power(asked, before.power)
    wanted = _ticked(asked, is_guarded=before.is_guarded if body.is_guarded is None else body.is_guarded)
    changed = await asked.panel.ask(
        roles.change,
        role_id,
        body.name.strip(),
        wanted.permissions,
        body.department_id,
        is_guarded=wanted.is_guarded,
    )
    audit.note(asked, "role changed", subject=changed.name, **_facts(wanted))
    return _view(changed, asked.language)


async def remove(asked: Asked[Nothing, Nothing]) -> None:
    """Delete a role that nobody has."""
    role_id = int(asked.path["role_id"])
    check_power(asked, (await asked.panel.ask(roles.get, role_id)).power)
    role = await asked.panel.ask(roles.remove, role_id)
    audit.note(asked, "role removed", subject=role.name)


def _ticked(asked: Asked[Nothing, RoleWanted], *, is_guarded: bool) -> Power:
    """What the role shall give.

    Raises: Invalid when nothing is ticked, BeyondYourRights
    """
    wanted = Power(frozenset(asked.body.permissions) - {Permission.OPEN, Permission.SELF}, is_guarded)
    if not wanted.permissions:
        raise Invalid(field="permissions", problem=Text(en="must name at least one", zh="至少选择一项"))
    check_power(asked, wanted)
    return wanted


def _facts(power: Power) -> dict[str, str]:
    words = " ".join(one for one in Permission if one in power.permissions)
    return {"permissions": words, "is_guarded": str(power.is_guarded)}


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
        is_guarded=role.is_guarded,
        department_id=role.department_id,
        people=role.people,
    )
