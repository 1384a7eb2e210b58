import pytest

from appliance.domain.roles import GRANTED, PERMISSION_TEXT, ROLE_TEXT, Permission, Role, may


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
