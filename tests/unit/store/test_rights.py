import pytest

from appliance.core.errors import NotFound
from appliance.domain.access import EVERYTHING, NOTHING, ScopeKind
from appliance.domain.roles import GRANTED, Permission, Role
from appliance.store import calls, departments, directory, people, rights, roles, view_list
from appliance.store.calls import CallFilter
from appliance.store.database import open_database
from appliance.store.rights import ADMINISTRATOR, VIEWER, VIEWER_ID, Rights
from tests.rigs.records import NOON, make_record


@pytest.fixture
def database(layout):
    database = open_database(layout)
    yield database
    database.close()


def extensions(*numbers, role_id=VIEWER_ID):
    return Rights(role_id, kind=ScopeKind.EXTENSIONS, extensions=numbers)


def of_departments(*ids, role_id=VIEWER_ID):
    return Rights(role_id, kind=ScopeKind.DEPARTMENTS, departments=ids)


@pytest.fixture
def firm(database):
    """Sales with North below it, and Office; one extension in each, and a customer in Sales."""
    sales = departments.create(database, "Sales", None).id
    north = departments.create(database, "North", sales).id
    office = departments.create(database, "Office", None).id
    directory.put(
        database,
        [
            directory.Entry("8001", department_id=sales, is_extension=True),
            directory.Entry("8002", department_id=north, is_extension=True),
            directory.Entry("8003", department_id=office, is_extension=True),
            directory.Entry("+49 30 123", department_id=sales, name="a customer"),
        ],
    )
    return sales, north, office


def test_a_department_stands_for_the_extensions_of_all_below_it(database, firm):
    sales, north, office = firm
    assert rights.resolve(database, of_departments(sales)).scope.numbers == {"8001", "8002"}
    assert rights.resolve(database, of_departments(north)).scope.numbers == {"8002"}
    assert rights.resolve(database, of_departments(north, office)).scope.numbers == {"8002", "8003"}


def test_extensions_are_compared_as_numbers_are_searched(database):
    assert rights.resolve(database, extensions("+49 30-77", " ")).scope.numbers == {"493077"}


def test_a_super_administrator_may_and_sees_everything(database):
    found = rights.resolve(database, Rights(VIEWER_ID, is_super=True, kind=ScopeKind.EXTENSIONS))
    assert (found.permissions, found.scope, found.is_guarded) == (frozenset(Permission), EVERYTHING, False)


def test_what_was_worked_out_is_forgotten_with_every_change(database, firm):
    sales, north, _ = firm
    people.create_first(database, "admin", "hash", NOON)
    person = people.create(database, "head", of_departments(sales), "hash", NOON)
    assert rights.granted(database, person.id).scope.numbers == {"8001", "8002"}
    directory.put(database, [directory.Entry("8009", department_id=north, is_extension=True)])
    assert "8009" in rights.granted(database, person.id).scope.numbers
    departments.change(database, north, "North", None)
    assert rights.granted(database, person.id).scope.numbers == {"8001"}
    role = roles.create(database, "role", {Permission.HOME}, None)
    people.change(
        database, person.id, extensions("1", role_id=role.id), name="head", real_name="", is_enabled=True
    )
    assert rights.granted(database, person.id).scope.numbers == {"1"}
    assert Permission.CALLS not in rights.granted(database, person.id).permissions
    roles.change(database, role.id, "role", {Permission.CALLS}, None)
    assert Permission.CALLS in rights.granted(database, person.id).permissions


def test_what_did_not_change_is_worked_out_once(database, firm):
    person = people.create(database, "head", of_departments(firm[0]), "hash", NOON)
    assert rights.granted(database, person.id) is rights.granted(database, person.id)


def test_nobody_and_the_disabled_see_nothing(database):
    people.create_first(database, "admin", "hash", NOON)
    person = people.create(database, "leaver", VIEWER, "hash", NOON)
    people.change(database, person.id, VIEWER, name="leaver", real_name="", is_enabled=False)
    for user_id in (person.id, 999):
        assert rights.granted(database, user_id) == (frozenset(), NOTHING, False)
    assert people.find(database, "leaver") is None


def test_the_view_list_narrows_every_scope(database):
    view_list.add(database, view_list.ViewEntry("8001", "", is_enabled=True))
    view_list.add(database, view_list.ViewEntry("8002", "", is_enabled=False))
    assert rights.resolve(database, ADMINISTRATOR).scope is EVERYTHING
    view_list.switch(database, on=True)
    assert rights.resolve(database, ADMINISTRATOR).scope.numbers == {"8001"}
    assert rights.resolve(database, extensions("8001", "8003")).scope.numbers == {"8001"}
    assert rights.resolve(database, extensions("8002")).scope.numbers == frozenset()


def test_nobody_exceeds_oneself_and_a_part_never_the_whole(database, firm):
    sales, north, office = firm
    role = roles.create(database, "narrow", {Permission.CALLS}, None)
    wide = extensions("8001", "8002")
    assert not rights.exceeds(database, wide, wide)
    assert not rights.exceeds(database, wide, extensions("8002"))
    assert rights.exceeds(database, wide, extensions("8003"))
    assert rights.exceeds(database, wide, VIEWER)
    assert rights.exceeds(database, wide, of_departments(sales))  # it may grow beyond what it is today
    assert rights.exceeds(database, VIEWER, ADMINISTRATOR)
    assert not rights.exceeds(database, ADMINISTRATOR, ADMINISTRATOR)
    assert not rights.exceeds(database, of_departments(sales), of_departments(north))
    assert rights.exceeds(database, of_departments(north), of_departments(sales))
    assert not rights.exceeds(database, of_departments(sales), extensions("8002"))
    assert rights.exceeds(database, of_departments(sales), of_departments(north, office))
    assert rights.exceeds(database, extensions("8001", role_id=role.id), extensions("8001"))


def test_to_lose_the_guard_is_to_gain_rights(database):
    both = {Permission.PLAY, Permission.USERS}
    free = Rights(roles.create(database, "free", both, None).id)
    guarded = Rights(roles.create(database, "guarded", both, None, is_guarded=True).id)
    confirms = Rights(
        roles.create(database, "confirms", {*both, Permission.CONFIRM}, None, is_guarded=True).id
    )
    harmless = Rights(roles.create(database, "harmless", {Permission.USERS}, None).id)
    assert rights.exceeds(database, guarded, free)
    assert not rights.exceeds(database, free, guarded)
    assert not rights.exceeds(database, guarded, guarded)
    assert not rights.exceeds(database, guarded, harmless)
    assert rights.exceeds(database, confirms, confirms), "who is guarded makes no second person of his own"
    assert not rights.exceeds(database, ADMINISTRATOR, confirms)
    assert not rights.resolve(database, guarded._replace(is_super=True)).is_guarded


def test_a_guard_counts_at_once(database):
    role = roles.create(database, "role", {Permission.PLAY}, None)
    person = people.create(database, "clerk", Rights(role.id), "hash", NOON)
    assert not rights.granted(database, person.id).is_guarded
    roles.change(database, role.id, "role", {Permission.PLAY}, None, is_guarded=True)
    assert rights.granted(database, person.id).is_guarded


def test_a_role_that_is_missing_is_not_given(database):
    with pytest.raises(NotFound):
        people.create(database, "x", Rights(99), "hash", NOON)
    assert people.find(database, "x") is None


def test_built_in_roles_grant_what_the_program_says(database):
    built_in = {role.built_in: role.permissions for role in roles.everything(database) if role.built_in}
    assert built_in == {role: GRANTED[role] for role in Role}


def test_a_tree_has_no_ring_and_one_name_at_a_place(database, firm):
    sales, north, _ = firm
    with pytest.raises(departments.DepartmentInItself):
        departments.change(database, sales, "Sales", north)
    with pytest.raises(departments.DepartmentTaken):
        departments.create(database, "SALES", None)
    departments.create(database, "Sales", sales)
    with pytest.raises(departments.DepartmentInUse):
        departments.remove(database, north)


def test_counts_lists_and_single_calls_agree_on_a_scope(database):
    records = [make_record("8001", "111"), make_record("222", "8002"), make_record("8001", "8002")]
    calls.index_all(database, records)
    scope = rights.resolve(database, extensions("8001")).scope
    page = calls.find(database, CallFilter(), scope=scope)
    assert page.total == len(page.calls) == 2
    for record in records:
        inside = record.call.call_id in {call.call_id for call in page.calls}
        assert (calls.row(database, record.call.call_id, scope=scope) is not None) is inside
        assert (calls.get(database, record.call.call_id, scope=scope) is not None) is inside
    assert calls.find(database, CallFilter(), scope=NOTHING).total == 0


def test_looking_as_somebody_else_gives_no_more_than_both_have(database):
    people.create_first(database, "admin", "hash", NOON)
    role = roles.create(database, "deputy", {Permission.USERS, Permission.HOME}, None)
    deputy = people.create(
        database, "deputy", extensions("1", "2", role_id=role.id), "hash", NOON, one_time=False
    )
    other = people.create(database, "other", extensions("2", "3"), "hash", NOON, one_time=False)
    timeouts = people.Timeouts(idle=NOON - NOON.replace(hour=0), absolute=NOON - NOON.replace(hour=0))
    people.open_session(database, deputy.id, "token", NOON, timeouts, ("127.0.0.1", "test"))
    people.look_as(database, "token", other.id)
    session = people.session(database, "token", NOON, timeouts)
    assert (session.person.name, session.looker.name) == ("other", "deputy")
    assert session.person.scope.numbers == {"2"}
    assert session.person.permissions == {Permission.OPEN, Permission.SELF, Permission.HOME}
    people.look_as(database, "token", None)
    assert people.session(database, "token", NOON, timeouts).looker is None
