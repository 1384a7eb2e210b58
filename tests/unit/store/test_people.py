from datetime import UTC, datetime, timedelta

import pytest

from appliance.core.errors import NotFound
from appliance.domain.roles import Permission
from appliance.store import people, roles
from appliance.store.database import open_database
from appliance.store.people import Timeouts

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TIMEOUTS = Timeouts(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
ORIGIN = ("127.0.0.1", "test")


@pytest.fixture
def database(layout):
    database = open_database(layout)
    yield database
    database.close()


@pytest.fixture
def admin(database):
    return people.create_first(database, "Admin", "hash", NOON)


def sign_in(database, person, token="token", at=NOON):
    people.open_session(database, person.id, token, at, TIMEOUTS, ORIGIN)


def test_a_box_is_set_up_once(database, admin):
    assert people.has_administrator(database)
    with pytest.raises(people.AlreadySetUp):
        people.create_first(database, "other", "hash", NOON)


def test_names_differing_in_case_or_width_are_one_name(database, admin):
    assert people.find(database, "ADMIN").person.id == admin.id
    assert people.find(database, "Ａｄｍｉｎ").person.id == admin.id
    with pytest.raises(people.NameTaken):
        people.create(database, "aDMIN", people.VIEWER, "hash", NOON)


def test_a_session_is_found_by_its_token_only(database, admin):
    sign_in(database, admin)
    assert people.session(database, "token", NOON, TIMEOUTS).person.name == "Admin"
    assert people.session(database, "other", NOON, TIMEOUTS) is None
    assert people.session(database, "", NOON, TIMEOUTS) is None


def test_the_token_itself_is_never_stored(database, admin, layout):
    sign_in(database, admin, token="very-secret-token")
    database.script("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"very-secret-token" not in layout.index.read_bytes()


def test_an_idle_session_ends(database, admin):
    sign_in(database, admin)
    assert people.session(database, "token", NOON + timedelta(minutes=30), TIMEOUTS, seen=False)
    assert people.session(database, "token", NOON + timedelta(minutes=31), TIMEOUTS) is None
    assert people.session(database, "token", NOON, TIMEOUTS) is None


def test_activity_keeps_a_session_until_its_absolute_end(database, admin):
    sign_in(database, admin)
    for minutes in range(0, 12 * 60, 20):
        assert people.session(database, "token", NOON + timedelta(minutes=minutes), TIMEOUTS)
    assert people.session(database, "token", NOON + timedelta(hours=12, seconds=1), TIMEOUTS) is None


def test_looking_without_being_seen_does_not_prolong(database, admin):
    sign_in(database, admin)
    people.session(database, "token", NOON + timedelta(minutes=29), TIMEOUTS, seen=False)
    assert people.session(database, "token", NOON + timedelta(minutes=31), TIMEOUTS) is None


def test_signing_out_ends_one_session(database, admin):
    sign_in(database, admin, "one")
    sign_in(database, admin, "two")
    people.close_session(database, "one")
    assert people.session(database, "one", NOON, TIMEOUTS) is None
    assert people.session(database, "two", NOON, TIMEOUTS)


def test_a_new_password_ends_the_other_sessions(database, admin):
    sign_in(database, admin, "mine")
    sign_in(database, admin, "theirs")
    people.set_password(database, admin.id, "new", NOON, one_time=False, keep="mine")
    assert people.session(database, "mine", NOON, TIMEOUTS)
    assert people.session(database, "theirs", NOON, TIMEOUTS) is None
    assert people.find(database, "admin").password_hash == "new"


def test_only_so_many_sessions_are_kept_the_oldest_go_first(database, admin):
    for number in range(people.MAX_SESSIONS + 3):
        sign_in(database, admin, f"token-{number}", NOON + timedelta(seconds=number))
    at = NOON + timedelta(minutes=1)
    alive = [
        n for n in range(people.MAX_SESSIONS + 3) if people.session(database, f"token-{n}", at, TIMEOUTS)
    ]
    assert alive == list(range(3, people.MAX_SESSIONS + 3))


def test_a_removed_user_is_signed_out_and_gone(database, admin):
    viewer = people.create(database, "viewer", people.VIEWER, "hash", NOON)
    sign_in(database, viewer)
    people.remove(database, viewer.id)
    assert people.session(database, "token", NOON, TIMEOUTS) is None
    assert people.find(database, "viewer") is None
    with pytest.raises(NotFound):
        sign_in(database, viewer)


def test_the_last_administrator_stays(database, admin):
    with pytest.raises(people.LastAdministrator):
        people.remove(database, admin.id)
    second = people.create(database, "second", people.ADMINISTRATOR, "hash", NOON)
    people.remove(database, admin.id)
    with pytest.raises(people.LastAdministrator):
        people.remove(database, second.id)


def test_a_number_of_a_removed_user_is_not_given_again(database, admin):
    first = people.create(database, "first", people.VIEWER, "hash", NOON)
    people.remove(database, first.id)
    assert people.create(database, "second", people.VIEWER, "hash", NOON).id > first.id


def test_everyone_is_listed_with_open_sessions(database, admin):
    people.create(database, "Zoe", people.VIEWER, "hash", NOON)
    sign_in(database, admin, "one")
    sign_in(database, admin, "two")
    listed = people.everyone(database)
    assert [(person.name, person.sessions, person.must_change) for person in listed] == [
        ("Admin", 2, False),
        ("Zoe", 0, True),
    ]
    assert listed[0].last_sign_in_at == NOON


@pytest.fixture
def confirmed(database, admin):
    """A session of somebody with a guarded role, and its second person, who has just confirmed it."""
    role = roles.create(database, "guarded", {Permission.PLAY}, None, is_guarded=True)
    clerk = people.create(database, "clerk", people.Rights(role.id), "hash", NOON, one_time=False)
    second = people.create(database, "second", people.ADMINISTRATOR, "hash", NOON, real_name="Sec Ond")
    sign_in(database, clerk)
    people.confirm(database, "token", second.id, NOON)
    assert people.session(database, "token", NOON, TIMEOUTS).confirmation.name == "second"
    return clerk, second


def confirmation(database, at=NOON, timeouts=TIMEOUTS):
    return people.session(database, "token", at, timeouts).confirmation


def test_a_confirmation_ends_by_time_and_never_after_its_session(database, confirmed):
    short = Timeouts(idle=timedelta(hours=24), absolute=timedelta(hours=12), confirmed=timedelta(hours=2))
    assert confirmation(database, timeouts=short).until == NOON + timedelta(hours=2)
    last = NOON + timedelta(hours=2) - timedelta(microseconds=1)
    assert confirmation(database, last, short).real_name == "Sec Ond"
    assert confirmation(database, NOON + timedelta(hours=2), short) is None
    long = short._replace(confirmed=timedelta(hours=24))
    assert confirmation(database, timeouts=long).until == NOON + timedelta(hours=12)


@pytest.mark.parametrize("what", ["password", "disabled", "removed", "demoted", "taken back"])
def test_a_confirmation_falls_with_the_second_person(database, confirmed, what):
    _, second = confirmed

    def change(rights, *, is_enabled):
        names = {"name": "second", "real_name": ""}
        people.change(database, second.id, rights, is_enabled=is_enabled, **names)

    if what == "password":
        people.set_password(database, second.id, "other", NOON, one_time=False)
    elif what == "disabled":
        change(people.ADMINISTRATOR, is_enabled=False)
        assert confirmation(database) is None
        change(people.ADMINISTRATOR, is_enabled=True)
    elif what == "removed":
        people.remove(database, second.id)
    elif what == "demoted":
        change(people.VIEWER, is_enabled=True)
    else:
        people.confirm(database, "token", None, NOON)
    assert confirmation(database) is None


def test_a_confirmation_is_of_one_session_and_of_guarded_roles_only(database, confirmed):
    clerk, second = confirmed
    sign_in(database, clerk, "other")
    assert people.session(database, "other", NOON, TIMEOUTS).confirmation is None
    roles.change(database, clerk.role_id, "guarded", {Permission.PLAY}, None)
    assert people.session(database, "token", NOON, TIMEOUTS).person.is_guarded is False
    assert confirmation(database) is None
    sign_in(database, second, "third")
    people.look_as(database, "third", clerk.id)
    roles.change(database, clerk.role_id, "guarded", {Permission.PLAY}, None, is_guarded=True)
    looking = people.session(database, "third", NOON, TIMEOUTS)
    assert (looking.person.is_guarded, looking.confirmation) == (True, None)


def test_whoever_is_gone_confirms_nothing(database, confirmed):
    _, second = confirmed
    people.remove(database, second.id)
    with pytest.raises(NotFound):
        people.confirm(database, "token", second.id, NOON)
