"""The tree of departments."""

from typing import NamedTuple

from appliance.core.errors import Conflict, NotFound
from appliance.core.text import Text
from appliance.store.database import Database
from appliance.store.models import Departments, Directory, Roles, ScopeDepartments
from appliance.store.names import name_key

MAX_DEPARTMENTS = 5000
PATH_MARK = " / "


class DepartmentTaken(Conflict):
    """Facts: name."""

    text = Text(en="There is already a department {name} at this place.", zh="该位置已存在部门 {name}。")


class DepartmentInItself(Conflict):
    """A department cannot stand below itself."""

    text = Text(en="A department cannot be moved below itself.", zh="部门不能移动到其自身之下。")


class DepartmentInUse(Conflict):
    """Facts: name, departments, extensions, people, roles (counts)."""

    text = Text(
        en="{name} is still in use: {departments} departments below it, {extensions} numbers, scopes of {people} "
        "people, {roles} roles.",
        zh="部门 {name} 仍在使用：下级部门 {departments} 个，号码 {extensions} 个，用户数据权限 {people} 个，角色 {roles} 个。",
    )


class TooManyDepartments(Conflict):
    """Facts: most."""

    text = Text(en="There can be no more than {most} departments.", zh="部门数量不能超过 {most} 个。")


class Department(NamedTuple):
    """A department; `extensions` counts those directly in it, `people` whose scope names it."""

    id: int
    parent_id: int | None
    name: str
    extensions: int = 0
    people: int = 0


def everything(database: Database) -> list[Department]:
    """All departments by name; parents stand in no order."""
    with database.read():
        extensions = _counts(
            database, Directory.select(Directory.department_key).where(Directory.is_extension)
        )
        people = _counts(database, ScopeDepartments.select(ScopeDepartments.department_key))
        rows = database.rows(
            Departments.select(Departments.id, Departments.parent_key, Departments.name).order_by(
                Departments.name_key, Departments.id
            )
        )
    return [
        Department(key, parent, name, extensions.get(key, 0), people.get(key, 0))
        for key, parent, name in rows
    ]


def paths(database: Database) -> dict[int, str]:
    """Every department's names from the top down, as in `Company / Sales`."""
    rows = {
        key: (parent, str(name))
        for key, parent, name in database.rows(
            Departments.select(Departments.id, Departments.parent_key, Departments.name)
        )
    }
    found: dict[int, str] = {}
    for key in rows:
        names: list[str] = []
        at: int | None = key
        while at is not None:
            parent, name = rows[at]
            names.append(name)
            at = parent
        found[key] = PATH_MARK.join(reversed(names))
    return found


def create(database: Database, name: str, parent_id: int | None) -> Department:
    """Add a department.

    Raises: NotFound, DepartmentTaken, TooManyDepartments
    """
    with database.write():
        if len(_parents(database)) >= MAX_DEPARTMENTS:
            raise TooManyDepartments(most=MAX_DEPARTMENTS)
        _check(database, None, name, parent_id)
        key = database.run(Departments.insert(name=name, name_key=name_key(name), parent_key=parent_id))
        return Department(key, parent_id, name)


def change(database: Database, department_id: int, name: str, parent_id: int | None) -> Department:
    """Rename or move a department with all below it.

    Raises: NotFound, DepartmentTaken, DepartmentInItself
    """
    with database.write():
        _get(database, department_id)
        _check(database, department_id, name, parent_id)
        parents = _parents(database)
        above = parent_id
        while above is not None:
            if above == department_id:
                raise DepartmentInItself
            above = parents[above]
        changed = {
            Departments.name: name,
            Departments.name_key: name_key(name),
            Departments.parent_key: parent_id,
        }
        database.run(Departments.update(changed).where(Departments.id == department_id))
        return Department(department_id, parent_id, name)


def remove(database: Database, department_id: int) -> str:
    """Delete a department that nothing refers to any more; its name.

    Raises: NotFound, DepartmentInUse
    """
    with database.write():
        name = _get(database, department_id)
        used = {
            "departments": Departments.select(Departments.id).where(Departments.parent_key == department_id),
            "extensions": Directory.select(Directory.id).where(Directory.department_key == department_id),
            "people": ScopeDepartments.select(ScopeDepartments.user_key).where(
                ScopeDepartments.department_key == department_id
            ),
            "roles": Roles.select(Roles.id).where(Roles.department_key == department_id),
        }
        counts = {what: len(database.rows(query)) for what, query in used.items()}
        if any(counts.values()):
            raise DepartmentInUse(name=name, **counts)
        database.run(Departments.delete().where(Departments.id == department_id))
        return name


def _check(database: Database, own_id: int | None, name: str, parent_id: int | None) -> None:
    if parent_id is not None:
        _get(database, parent_id)
    here = Departments.parent_key.is_null() if parent_id is None else Departments.parent_key == parent_id
    same = database.first(
        Departments.select(Departments.id).where(here & (Departments.name_key == name_key(name)))
    )
    if same is not None and same[0] != own_id:
        raise DepartmentTaken(name=name)


def _get(database: Database, department_id: int) -> str:
    row = database.first(Departments.select(Departments.name).where(Departments.id == department_id))
    if row is None:
        raise NotFound(what=str(department_id))
    return str(row[0])


def _parents(database: Database) -> dict[int, int | None]:
    return dict(database.rows(Departments.select(Departments.id, Departments.parent_key)))


def _counts(database: Database, keys: object) -> dict[int, int]:
    counts: dict[int, int] = {}
    for (key,) in database.rows(keys):
        counts[key] = counts.get(key, 0) + 1
    return counts
