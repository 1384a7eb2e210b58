"""Whether a name and a password belong together: the recorder's own people, then those of the directory server."""

from datetime import datetime
from typing import NamedTuple

from appliance.core import log
from appliance.domain.access import ScopeKind
from appliance.settings.sign_in import Ldap, group_role
from appliance.store import credentials, departments, people, rights, roles
from appliance.store.database import Database
from appliance.store.names import name_key
from appliance.store.people import Person
from appliance.store.rights import Rights
from webadmin.ldap_sign_in import Found, same_dn
from webadmin.panel import Panel

_logger = log.get(__name__)

LOCAL = "local"
LDAP = "ldap"


class Proved(NamedTuple):
    """Somebody whose password was right; `password_at` None when the recorder does not know it."""

    person: Person
    source: str
    password_at: datetime | None


async def by_password(panel: Panel, name: str, password: str) -> Proved | None:
    """Who it is, None when name and password do not belong together.

    Raises: DirectoryUnreachable and DirectoryRefuses, for people of the directory only
    """
    settings = panel.settings.sign_in.ldap
    secret = await panel.ask(people.find, name)
    source = await panel.ask(credentials.source, secret.person.id) if secret else ""
    asks_directory = settings.enabled and source != LOCAL
    if not asks_directory:
        usable = secret.password_hash if secret and source == LOCAL else None
        if not await panel.passwords.matches(usable, password):
            return None
        assert secret is not None
        is_late = secret.person.must_change and panel.now() - secret.password_at > people.ONE_TIME_LASTS
        return None if is_late else Proved(secret.person, LOCAL, secret.password_at)
    found = await panel.directory.prove(settings, name, password)
    if found is None:
        return None
    person = await panel.ask(_admitted, settings, name.strip(), found, panel.now())
    return Proved(person, LDAP, None) if person else None


def rights_for(database: Database, settings: Ldap, found: Found) -> Rights | None:
    """What the settings give to a person of the directory: the first group that fits, else the role for others."""
    for group in map(group_role, settings.groups):
        if any(same_dn(group.group, own) for own in found.groups):
            return _rights(database, group.role, group.department)
    return _rights(database, settings.role, "") if settings.role else None


def _admitted(database: Database, settings: Ldap, name: str, found: Found, at: datetime) -> Person | None:
    """The user, made or brought up to date; None for people who have no right here or were disabled."""
    given = rights_for(database, settings, found)
    if given is None:
        _logger.warning("no group of the directory fits", extra={"user": name[:64]})
        return None
    known = people.find(database, name)
    if known is None:
        if not settings.provision:
            return None
        try:
            made = people.create(
                database, name, given, "", at, real_name=found.full_name[:64], one_time=False
            )
        except people.NameTaken:
            return None  # disabled here
        credentials.set_source(database, made.id, LDAP)
        return made
    if rights.of_user(database, known.person.id) != given:
        with database.write():
            rights.give(database, known.person.id, given)
    return people.get(database, known.person.id)


def _rights(database: Database, role: str, department: str) -> Rights | None:
    """Shape: role is a name (of the built-in ones in English), department a path with / between."""
    found = [one for one in roles.everything(database) if name_key(one.name) == name_key(role)]
    if not found:
        _logger.warning("a role of the directory settings does not exist", extra={"role": role})
        return None
    if not department:
        return Rights(found[0].id)
    paths = {"/".join(name_key(part) for part in one.path): one.id for one in _with_paths(database)}
    wanted = "/".join(name_key(part.strip()) for part in department.strip("/").split("/"))
    if wanted not in paths:
        _logger.warning(
            "a department of the directory settings does not exist", extra={"department": department}
        )
        return None
    return Rights(found[0].id, kind=ScopeKind.DEPARTMENTS, departments=(paths[wanted],))


class _Path(NamedTuple):
    id: int
    path: tuple[str, ...]


def _with_paths(database: Database) -> list[_Path]:
    every = {one.id: one for one in departments.everything(database)}

    def path(department_id: int | None) -> tuple[str, ...]:
        found = every.get(department_id) if department_id is not None else None
        return (*path(found.parent_id), found.name) if found else ()

    return [_Path(one, path(one)) for one in every]
