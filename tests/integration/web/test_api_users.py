import pytest

from tests.rigs.web import PASSWORD


def test_a_new_user_chooses_a_password_before_anything_else(web):
    admin = web.administrator()
    made = admin.post("users", {"name": "Bea", "role_id": 2})
    assert made.status == 201
    assert made.json["user"]["must_change"] is True
    once = made.json["one_time_password"]
    browser = web.anonymous()
    assert browser.post("session", {"name": "bea", "password": once}).json["user"]["must_change"] is True
    assert browser.get("calls").code == "password-change-needed"
    assert browser.post("session/password", {"old_password": once, "new_password": PASSWORD}).status == 204
    assert browser.get("calls").status == 200
    assert browser.get("session").json["user"]["must_change"] is False
    assert web.anonymous().post("session", {"name": "Bea", "password": once}).status == 401


def test_a_forgotten_password_is_replaced_and_ends_the_sessions(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    (user,) = [user for user in admin.get("users").json["users"] if user["name"] == "viewer"]
    renewed = admin.post(f"users/{user['id']}/one-time-password")
    assert renewed.status == 200
    assert viewer.get("calls").status == 401
    assert web.anonymous().post("session", {"name": "viewer", "password": PASSWORD}).status == 401
    once = renewed.json["one_time_password"]
    assert web.anonymous().post("session", {"name": "viewer", "password": once}).status == 200


def test_a_removed_user_is_out_at_once(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    (user,) = [user for user in admin.get("users").json["users"] if user["name"] == "viewer"]
    assert admin.delete(f"users/{user['id']}").status == 204
    assert viewer.get("calls").status == 401
    assert [user["name"] for user in admin.get("users").json["users"]] == ["admin"]
    assert admin.delete(f"users/{user['id']}").status == 404


def test_nobody_removes_or_resets_oneself(web):
    admin = web.administrator()
    (user,) = admin.get("users").json["users"]
    for reply in (admin.delete(f"users/{user['id']}"), admin.post(f"users/{user['id']}/one-time-password")):
        assert (reply.status, reply.code) == (409, "not-yourself")


def test_a_name_is_given_once(web):
    admin = web.administrator()
    reply = admin.post("users", {"name": "ADMIN", "role_id": 2})
    assert (reply.status, reply.code) == (409, "name-taken")
    assert "ADMIN" in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "role_id"),
        ({"name": "x", "role_id": "god"}, "role_id"),
        ({"role_id": 2}, "name"),
        ({"name": None, "role_id": 2}, "name"),
    ],
)
def test_a_bad_user_is_refused_by_field(web, body, field):
    reply = web.administrator().post("users", body)
    assert (reply.status, reply.field) == (422, field)
