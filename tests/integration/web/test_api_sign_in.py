import itertools
import json
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from appliance.core.clock import ManualClock
from tests.rigs.authenticator import USER_PRESENT, Authenticator
from tests.rigs.broker import Broker
from tests.rigs.secrecy import told_in
from tests.rigs.web import PASSWORD, Web

BETTER = "a much better sentence 77"


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture
def timed(layout, free_port, clock):
    broker = Broker(layout.run).start()
    with Web(layout, free_port, clock) as web:
        yield web
    broker.kill()


def setting(admin, **changes):
    answer = admin.get("settings").json
    answer.pop("problem")
    answer["settings"]["sign_in"] |= changes
    reply = admin.put("settings", answer)
    assert reply.status == 200, reply.body
    return reply.json


def with_app(browser):
    return browser.post("account/app", {"password": PASSWORD}).json["secret"]


def confirmed(browser, clock):
    """The app's secret and the recovery codes."""
    secret = with_app(browser)
    reply = browser.post("account/app/confirm", {"code": pyotp.TOTP(secret).at(clock.now())})
    assert reply.status == 200, reply.body
    return secret, reply.json["codes"]


def half(web, name="admin"):
    browser = web.anonymous()
    reply = browser.post("session", {"name": name, "password": PASSWORD})
    assert reply.status == 200
    assert reply.json["user"] is None
    return browser, reply.json["second"]


def test_a_second_factor_is_asked_for_and_every_code_serves_once(timed, clock):
    admin = timed.administrator()
    secret, codes = confirmed(admin, clock)
    assert len(set(codes)) == 10
    browser, second = half(timed)
    assert (second["app"], second["recovery"]) == (True, True)
    assert browser.get("home").status == 401
    code = pyotp.TOTP(secret).at(clock.now())
    wrong = browser.post("session/second", {"ticket": second["ticket"], "code": code})
    assert (wrong.status, wrong.code) == (401, "wrong-code"), "the code that set the app up was used"
    clock.at += timedelta(seconds=30)
    code = pyotp.TOTP(secret).at(clock.now())
    reply = browser.post("session/second", {"ticket": second["ticket"], "code": f" {code[:3]} {code[3:]} "})
    assert reply.json["user"]["name"] == "admin"
    browser.token = reply.json["csrf_token"]
    assert browser.get("home").status == 200
    assert admin.get("account").json["sessions"][0]["method"] == "local+app"
    other, second = half(timed)
    again = other.post("session/second", {"ticket": second["ticket"], "code": code})
    assert again.code == "wrong-code"


def test_a_recovery_code_serves_once(timed, clock):
    admin = timed.administrator()
    _, codes = confirmed(admin, clock)
    for expected in (200, 401):
        browser, second = half(timed)
        reply = browser.post("session/second", {"ticket": second["ticket"], "code": codes[0].upper()})
        assert reply.status == expected
    assert admin.get("account").json["recovery_codes"] == 9


def test_a_ticket_dies_of_wrong_codes_and_of_age(timed, clock):
    confirmed(timed.administrator(), clock)
    browser, second = half(timed)
    said = {
        browser.post("session/second", {"ticket": second["ticket"], "code": "000000"}).code for _ in range(12)
    }
    assert said <= {"wrong-code", "ticket-expired", "throttled"}
    clock.at_mono_s += 3600
    assert browser.post("session/second", {"ticket": second["ticket"], "code": "1"}).code == "ticket-expired"


def test_no_secret_of_the_app_lies_readable_in_the_index(timed, clock):
    admin = timed.administrator()
    secret, _ = confirmed(admin, clock)
    assert told_in(timed.layout.data, secret) == []
    assert timed.layout.sealing_key.stat().st_mode & 0o777 == 0o600


def test_the_app_is_set_up_and_removed_with_the_password_only(timed, clock):
    admin = timed.administrator()
    assert admin.post("account/app", {"password": "something else"}).field == "password"
    confirmed(admin, clock)
    assert admin.post("account/app", {"password": PASSWORD}).code == "app-exists"
    assert admin.post("account/app/remove", {"password": "something else"}).status == 422
    assert admin.post("account/app/remove", {"password": PASSWORD}).status == 204
    assert timed.anonymous().post("session", {"name": "admin", "password": PASSWORD}).json["second"] is None


def test_who_must_have_a_second_factor_may_do_nothing_before(timed, clock):
    admin = timed.administrator()
    viewer = timed.viewer(admin)
    setting(admin, second_factor="administrators")
    again = timed.anonymous()
    reply = again.post("session", {"name": "admin", "password": PASSWORD})
    assert (reply.json["user"]["must_enrol"], reply.json["user"]["permissions"]) == (True, ["open", "self"])
    assert again.get("home").code == "second-factor-needed"
    secret, _ = confirmed(again, clock)
    assert again.get("home").status == 200
    assert again.post("account/app/remove", {"password": PASSWORD}).code == "factor-required"
    assert viewer.get("home").status == 200
    assert secret


def site(web):
    return f"http://127.0.0.1:{web.port}"


def with_passkey(web, browser):
    key = Authenticator(site(web))
    begun = browser.post("account/passkeys/options", {"password": PASSWORD}).json
    reply = browser.post(
        "account/passkeys",
        {"ticket": begun["ticket"], "name": "Key", "credential": key.make(begun["options"])},
    )
    assert reply.status == 201, reply.body
    return key


def test_a_passkey_is_a_second_factor_and_a_way_in_alone(web):
    admin = web.administrator()
    key = with_passkey(web, admin)
    browser, second = half(web)
    assert second["app"] is False
    reply = browser.post(
        "session/second", {"ticket": second["ticket"], "credential": key.prove(second["options"])}
    )
    assert reply.json["user"]["name"] == "admin"
    alone = web.anonymous()
    begun = alone.post("session/passkey/options").json
    proof = key.prove(begun["options"])
    reply = alone.post("session/passkey", {"ticket": begun["ticket"], "credential": proof})
    assert reply.json["user"]["name"] == "admin"
    replayed = web.anonymous().post("session/passkey", {"ticket": begun["ticket"], "credential": proof})
    assert replayed.code == "ticket-expired"


@pytest.mark.parametrize(
    "damage", ["origin", "signature", "unverified", "unknown", "counter", "junk", "challenge"]
)
def test_a_false_proof_of_a_passkey_lets_nobody_in(web, damage):
    admin = web.administrator()
    key = with_passkey(web, admin)
    key.uses = 5
    browser = web.anonymous()
    begun = browser.post("session/passkey/options").json
    assert (
        browser.post(
            "session/passkey", {"ticket": begun["ticket"], "credential": key.prove(begun["options"])}
        ).status
        == 200
    )
    stranger = web.anonymous()
    begun = stranger.post("session/passkey/options").json
    if damage == "origin":
        key.origin = "http://evil.example"
    elif damage == "unverified":
        key.flags = USER_PRESENT
    elif damage == "unknown":
        key.credential = bytes(32)
    elif damage == "counter":
        key.uses = 1
    elif damage == "challenge":
        begun["options"]["challenge"] = "AAAA"
    proof = key.prove(begun["options"])
    if damage == "signature":
        proof["response"]["signature"] = "AAAA"
    elif damage == "junk":
        proof = {"id": 7, "response": []}
    reply = stranger.post("session/passkey", {"ticket": begun["ticket"], "credential": proof})
    assert (reply.status, reply.code) == (401, "wrong-passkey")


def test_a_link_for_a_new_password_serves_once_and_ends_all_sessions(timed, clock):
    admin = timed.administrator()
    viewer = timed.viewer(admin)
    users = {user["name"]: user["id"] for user in admin.get("users").json["users"]}
    made = admin.post(f"users/{users['viewer']}/reset-link")
    assert made.status == 201
    token = made.json["path"].removeprefix("/reset#")
    stranger = timed.anonymous()
    assert stranger.post("reset/link", {"token": token}).json["name"] == "viewer"
    assert stranger.post("reset", {"token": token, "password": "password1234"}).field == "password"
    assert stranger.post("reset", {"token": token, "password": PASSWORD}).field == "password"
    assert stranger.post("reset", {"token": token, "password": BETTER}).status == 204
    assert stranger.post("reset", {"token": token, "password": BETTER + "!"}).code == "link-gone"
    assert viewer.get("home").status == 401
    assert stranger.post("session", {"name": "viewer", "password": BETTER}).status == 200
    late = admin.post(f"users/{users['viewer']}/reset-link").json["path"].removeprefix("/reset#")
    clock.at += timedelta(hours=25)
    assert timed.anonymous().post("reset", {"token": late, "password": BETTER + "?"}).code == "link-gone"


def test_a_newer_link_ends_the_older_and_nobody_makes_one_for_himself(web):
    admin = web.administrator()
    web.viewer(admin)
    users = {user["name"]: user["id"] for user in admin.get("users").json["users"]}
    old, new = (admin.post(f"users/{users['viewer']}/reset-link").json["path"][7:] for _ in range(2))
    assert web.anonymous().post("reset/link", {"token": old}).code == "link-gone"
    assert web.anonymous().post("reset/link", {"token": new}).status == 200
    assert admin.post(f"users/{users['admin']}/reset-link").code == "not-your-own"
    assert old not in admin.get("operations").body.decode()


def test_earlier_passwords_do_not_come_back(web):
    admin = web.administrator()
    words = [PASSWORD, "first red lantern 41", "second blue umbrella 52", "third green bicycle 63"]
    for old, new in itertools.pairwise(words):
        assert admin.post("session/password", {"old_password": old, "new_password": new}).status == 204
    back = admin.post("session/password", {"old_password": words[-1], "new_password": words[1]})
    assert (back.status, back.field) == (422, "new_password")
    setting(admin, password_history=1)
    again = admin.post("session/password", {"old_password": words[-1], "new_password": words[1]})
    assert again.status == 204


def test_an_old_password_must_be_changed(timed, clock):
    admin = timed.administrator()
    setting(admin, password_age_d=30)
    clock.at += timedelta(days=31)
    admin = timed.anonymous()
    reply = admin.post("session", {"name": "admin", "password": PASSWORD})
    assert reply.json["user"]["must_change"] is True
    assert admin.get("home").code == "password-change-needed"
    change = {"old_password": PASSWORD, "new_password": BETTER}
    assert admin.post("session/password", change).status == 204
    assert admin.get("home").status == 200


def test_a_name_is_locked_when_that_is_wanted_and_a_link_unlocks_it(timed, clock):
    admin = timed.administrator()
    timed.viewer(admin)
    setting(admin, lockout_after=3, lockout_min=60)
    stranger = timed.anonymous()
    for _ in range(3):
        stranger.post("session", {"name": "viewer", "password": "guess"})
    clock.at_mono_s += 1800
    locked = stranger.post("session", {"name": "viewer", "password": PASSWORD})
    assert (locked.status, locked.code) == (429, "throttled")
    users = {user["name"]: user["id"] for user in admin.get("users").json["users"]}
    admin.post(f"users/{users['viewer']}/reset-link")
    assert stranger.post("session", {"name": "viewer", "password": PASSWORD}).status == 200


def test_sessions_are_listed_and_ended_by_their_owner_and_by_an_administrator(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    second = web.anonymous()
    second.post("session", {"name": "viewer", "password": PASSWORD})
    mine = viewer.get("account").json["sessions"]
    assert [one["is_this"] for one in mine].count(True) == 1
    other = next(one["id"] for one in mine if not one["is_this"])
    every = admin.get("sessions").json["sessions"]
    admins = next(one["id"] for one in every if one["user"] == "admin")
    assert viewer.delete(f"account/sessions/{admins}").status == 404
    assert viewer.delete(f"sessions/{admins}").status == 403
    assert viewer.delete(f"account/sessions/{other}").status == 204
    assert second.get("home").status == 401
    assert viewer.post("account/sessions/end-others").status == 204
    assert viewer.get("home").status == 200
    last = viewer.get("account").json["sessions"][0]["id"]
    assert admin.delete(f"sessions/{last}").status == 204
    assert viewer.get("home").status == 401


def bearer(web, value, path, method="GET", body=None):
    return web.anonymous().ask(method, path, body, Authorization=f"Bearer {value}", X_CSRF_Token="")


def test_a_token_carries_a_part_of_its_owners_rights_for_a_while(timed, clock):
    admin = timed.administrator()
    wish = {"name": "reports", "permissions": ["calls", "rules"], "days": 7, "password": PASSWORD}
    made = admin.post("account/tokens", wish)
    assert made.status == 201, made.body
    value = made.json["value"]
    assert bearer(timed, value, "calls").status == 200
    assert bearer(timed, value, "home").status == 403
    assert bearer(timed, value, "lists/blacklist", "POST", {"number": "1"}).status == 201
    for path in ("account", "users"):
        assert bearer(timed, value, path).status in (401, 403)
    assert bearer(
        timed, value, "session/password", "POST", {"old_password": "x", "new_password": "y"}
    ).status in (401, 403)
    shown = admin.get("account").json["tokens"][0]
    assert (shown["name"], shown["used_from"]) == ("reports", "127.0.0.1")
    row = admin.get("operations?operation=lists.add").json["operations"][0]
    assert (row["user"], row["parameters"]["token"]) == ("admin", "reports")
    assert value not in json.dumps(admin.get("operations").json)
    clock.at += timedelta(days=8)
    assert bearer(timed, value, "calls").status == 401


def test_a_revoked_token_and_a_false_one_open_nothing(web):
    admin = web.administrator()
    wish = {"name": "x", "permissions": ["calls"], "days": 7, "password": PASSWORD}
    made = admin.post("account/tokens", wish).json
    assert admin.delete(f"account/tokens/{made['token']['id']}").status == 204
    for value in (made["value"], "", "tl_" + "x" * 43, "x" * 5000):
        assert bearer(web, value, "calls").status == 401
    assert admin.post("account/tokens", wish | {"password": "wrong"}).field == "password"
    assert admin.post("account/tokens", wish | {"permissions": []}).status == 422


def test_nobody_gives_a_token_more_than_is_his(web):
    viewer = web.viewer(web.administrator())
    wish = {"name": "x", "permissions": ["settings"], "days": 7, "password": PASSWORD}
    assert viewer.post("account/tokens", wish).status == 403


def test_the_password_of_the_directory_server_is_kept_apart_and_never_shown(web):
    admin = web.administrator()
    ldap = admin.get("settings").json["settings"]["sign_in"]["ldap"]
    shown = setting(admin, ldap=ldap | {"bind_password": "hidden word"})
    assert shown["settings"]["sign_in"]["ldap"]["bind_password"] == "••••••••"
    assert "hidden word" not in web.layout.settings.read_text()
    assert "hidden word" in web.layout.secrets.read_text()
    assert web.layout.secrets.stat().st_mode & 0o777 == 0o600
    kept = setting(admin, lockout_after=9)
    assert "hidden word" in web.layout.secrets.read_text()
    assert "hidden word" not in json.dumps(kept)
    assert "hidden word" not in json.dumps(admin.get("operations").json)
    setting(admin, ldap=ldap | {"bind_password": ""})
    assert "hidden word" not in web.layout.secrets.read_text()
