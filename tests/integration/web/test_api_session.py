import re
from datetime import UTC, datetime, timedelta

import pytest

from appliance.core.clock import ManualClock
from tests.rigs.web import PASSWORD, Web


def test_a_new_box_is_set_up_with_its_one_time_password_once(web):
    browser = web.anonymous()
    assert browser.get("session").json["first_run"] is True
    shown = web.one_time_password
    reply = browser.post("setup", {"one_time_password": shown, "name": "Anna", "password": PASSWORD})
    assert reply.status == 200
    assert reply.json["user"]["name"] == "Anna"
    assert reply.json["user"]["role"] == "Administrator"
    assert reply.json["first_run"] is False
    assert not web.layout.one_time_password.exists()
    assert browser.get("home").status == 200
    again = web.anonymous().post("setup", {"one_time_password": shown, "name": "Eve", "password": PASSWORD})
    assert (again.status, again.code) == (409, "already-set-up")


def test_a_wrong_one_time_password_sets_nothing_up(web):
    reply = web.anonymous().post(
        "setup", {"one_time_password": "0000-0000-0000-0000", "name": "Eve", "password": PASSWORD}
    )
    assert (reply.status, reply.code) == (401, "wrong-one-time-password")
    assert web.anonymous().get("session").json["first_run"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "password"),
        ({"name": ""}, "name"),
        ({"name": " \t"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"name": 1}, "name"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_bad_administrator_is_refused_by_field(web, body, field):
    whole = {"one_time_password": web.one_time_password, "name": "anna", "password": PASSWORD} | body
    reply = web.anonymous().post("setup", whole)
    assert (reply.status, reply.field) == (422, field)
    assert web.layout.one_time_password.exists()


def test_signing_in_and_out(web):
    web.administrator()
    browser = web.anonymous()
    assert browser.get("session").json["user"] is None
    assert browser.post("session", {"name": "ADMIN", "password": PASSWORD}).status == 200
    assert browser.get("session").json["user"]["name"] == "admin"
    cookie = browser.cookie
    assert browser.delete("session").status == 204
    assert browser.get("home").status == 401
    assert browser.get("home", Cookie=cookie).status == 401


def test_signing_in_changes_the_cookie_and_the_token(web):
    web.administrator()
    browser = web.anonymous()
    browser.get("session")
    before = (browser.cookie, browser.token)
    browser.post("session", {"name": "admin", "password": PASSWORD})
    assert browser.cookie != before[0]
    assert browser.token != before[1]
    assert web.anonymous().get("home", Cookie=before[0]).status == 401


def test_the_cookie_is_for_this_site_and_no_script(web):
    reply = web.anonymous().get("session")
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert re.match(r"tapeline=[\w-]{43};", cookie)


def test_wrong_name_and_wrong_password_look_alike(web):
    web.administrator()
    wrong_name = web.anonymous().post("session", {"name": "nobody", "password": PASSWORD})
    wrong_password = web.anonymous().post("session", {"name": "admin", "password": "wrong wrong wrong"})
    assert (wrong_name.status, wrong_name.body) == (401, wrong_password.body)


def test_guessing_is_throttled_with_a_time_to_wait(web):
    web.administrator()
    browser = web.anonymous()
    replies = [browser.post("session", {"name": "admin", "password": "wrong wrong wrong"}) for _ in range(8)]
    refused = [reply for reply in replies if reply.status == 429]
    assert refused
    assert all(int(reply.headers["Retry-After"]) >= 1 and reply.code == "throttled" for reply in refused)
    right = browser.post("session", {"name": "admin", "password": PASSWORD})
    assert right.status == 429


def test_changing_the_password_ends_the_other_sessions_only(web):
    here = web.administrator()
    there = web.administrator()
    change = {"old_password": PASSWORD, "new_password": "another good password"}
    assert here.post("session/password", change).status == 204
    assert here.get("home").status == 200
    assert there.get("home").status == 401
    assert web.anonymous().post("session", {"name": "admin", "password": PASSWORD}).status == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"old_password": "wrong wrong wrong", "new_password": "another good password"}, "old_password"),
        ({"old_password": PASSWORD, "new_password": "short"}, "new_password"),
        ({"old_password": PASSWORD, "new_password": PASSWORD}, "new_password"),
        ({"old_password": PASSWORD}, "new_password"),
    ],
)
def test_a_bad_password_change_names_its_field(web, change, field):
    reply = web.administrator().post("session/password", change)
    assert (reply.status, reply.field) == (422, field)


@pytest.fixture
def timed(layout, free_port, broker):
    clock = ManualClock(datetime.now(UTC))
    with Web(layout, free_port, clock) as web:
        yield web, clock


def test_an_idle_session_ends(timed):
    web, clock = timed
    browser = web.administrator()
    clock.at += timedelta(minutes=29)
    assert browser.get("home").status == 200
    clock.at += timedelta(minutes=29)
    assert browser.get("home").status == 200
    clock.at += timedelta(minutes=31)
    assert browser.get("home").status == 401


def test_a_busy_session_ends_after_half_a_day(timed):
    web, clock = timed
    browser = web.administrator()
    for _ in range(36):
        clock.at += timedelta(minutes=20)
        last = browser.get("home").status
    assert last == 200
    clock.at += timedelta(minutes=1)
    assert browser.get("home").status == 401


def test_a_one_time_password_of_a_user_lasts_a_week(timed):
    web, clock = timed
    admin = web.administrator()
    once = admin.post("users", {"name": "late", "role_id": 2}).json["one_time_password"]
    clock.at += timedelta(days=8)
    assert web.anonymous().post("session", {"name": "late", "password": once}).status == 401


def test_a_restart_keeps_sessions_and_forgets_no_administrator(layout, free_port, broker):
    with Web(layout, free_port) as web:
        browser = web.administrator()
    with Web(layout, free_port):
        assert browser.get("home").status == 200
        assert browser.get("session").json["first_run"] is False
