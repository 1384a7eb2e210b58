"""The tree of departments: what scopes and the directory refer to."""

from typing import Annotated

import msgspec

from appliance.domain.access import ScopeKind
from appliance.store import departments, directory, rights
from appliance.store.database import Database
from appliance.store.departments import Department
from webadmin import audit
from webadmin.authority import check_whole_scope
from webadmin.operation import Asked, Nothing

DepartmentName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
DepartmentId = Annotated[int, msgspec.Meta(ge=1, le=2**31)]


class DepartmentView(msgspec.Struct, frozen=True, kw_only=True):
    """A department. `extensions` counts those directly in it, `people` those whose scope names it.

    `parent_id` is null at the top, which for somebody with a part of the tree is the top of that part.
    """

    id: int
    parent_id: int | None
    name: str
    extensions: int
    people: int


class DepartmentList(msgspec.Struct, frozen=True, kw_only=True):
    """All departments that the asker may know of, by name; the tree follows from `parent_id`."""

    departments: list[DepartmentView]


class DepartmentWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A department as it shall be; without a parent it stands at the top."""

    name: DepartmentName
    parent_id: DepartmentId | None = None


async def show(asked: Asked[Nothing, Nothing]) -> DepartmentList:
    """The departments."""
    person = asked.visitor.person
    assert person is not None
    known = await asked.panel.ask(known_departments, person.id)
    ids = {one.id for one in known}
    return DepartmentList(
        departments=[
            _view(one._replace(parent_id=one.parent_id if one.parent_id in ids else None)) for one in known
        ]
    )


async def create(asked: Asked[Nothing, DepartmentWanted]) -> DepartmentView:
    """Add a department."""
    check_whole_scope(asked)
    body = asked.body
    made = await asked.panel.ask(departments.create, body.name.strip(), body.parent_id)
    audit.note(asked, "department created", subject=made.name)
    return _view(made)


async def replace(asked: Asked[Nothing, DepartmentWanted]) -> DepartmentView:
    """Rename a department, or move it with all below it: scopes that name one above it change with it."""
    check_whole_scope(asked)
    body, department_id = asked.body, int(asked.path["department_id"])
    changed = await asked.panel.ask(departments.change, department_id, body.name.strip(), body.parent_id)
    audit.note(asked, "department changed", subject=changed.name)
    return _view(changed)


async def remove(asked: Asked[Nothing, Nothing]) -> None:
    """Delete a department that nothing refers to any more."""
    check_whole_scope(asked)
    name = await asked.panel.ask(departments.remove, int(asked.path["department_id"]))
    audit.note(asked, "department removed", subject=name)


def known_departments(database: Database, user_id: int) -> list[Department]:
    """All departments, or those in the scope of somebody who sees a part."""
    with database.read():
        own = rights.of_user(database, user_id)
        every = departments.everything(database)
        if own.sees_everything:
            return every
        mine = (
            directory.below(database, own.departments) if own.kind is ScopeKind.DEPARTMENTS else frozenset()
        )
        return [one for one in every if one.id in mine]


def _view(one: Department) -> DepartmentView:
    return DepartmentView(
        id=one.id, parent_id=one.parent_id, name=one.name, extensions=one.extensions, people=one.people
    )
