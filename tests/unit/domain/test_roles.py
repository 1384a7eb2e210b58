import pytest

from appliance.domain.roles import (
    GRANTED,
    PERMISSION_GROUPS,
    PERMISSION_TEXT,
    ROLE_TEXT,
    SENSITIVE,
    Permission,
    Power,
    Role,
    may,
)


def test_nobody_may_only_what_is_open():
    assert [permission for permission in Permission if may(None, permission)] == [Permission.OPEN]


def test_an_administrator_may_everything():
    assert all(may(GRANTED[Role.ADMINISTRATOR], permission) for permission in Permission)


def test_a_viewer_may_neither_change_settings_nor_users():
    refused = {permission for permission in Permission if not may(GRANTED[Role.VIEWER], permission)}
    assert refused >= {Permission.CONTROL, Permission.RULES, Permission.SETTINGS, Permission.USERS}
    assert refused >= {Permission.DELETE, Permission.HOLD, Permission.OPERATIONS, Permission.DIRECTORY}


@pytest.mark.parametrize("role", list(Role))
def test_a_one_time_password_opens_nothing_but_the_own_password(role):
    allowed = {
        permission for permission in Permission if may(GRANTED[role], permission, must_change_password=True)
    }
    assert allowed == {Permission.OPEN, Permission.SELF}


def test_every_role_and_permission_has_words_and_grants():
    assert set(PERMISSION_TEXT) == set(Permission)
    assert set(ROLE_TEXT) == set(Role) == set(GRANTED)


def test_everything_but_what_everybody_may_can_be_ticked():
    ticks = [one for _, members in PERMISSION_GROUPS for one in members]
    assert sorted(ticks) == sorted(set(Permission) - {Permission.OPEN, Permission.SELF})


@pytest.mark.parametrize("permission", sorted(SENSITIVE))
def test_without_a_guard_is_more_than_with_one(permission):
    free, guarded = Power(frozenset({permission})), Power(frozenset({permission}), is_guarded=True)
    assert free.exceeds(guarded)
    assert not guarded.exceeds(free)
    assert not guarded.exceeds(guarded)
    assert guarded.exceeds(Power(frozenset()))


def test_a_viewer_confirms_for_nobody():
    assert not may(GRANTED[Role.VIEWER], Permission.CONFIRM)
    assert may(GRANTED[Role.ADMINISTRATOR], Permission.CONFIRM)
