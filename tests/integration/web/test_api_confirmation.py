"""Four eyes: a guarded role opens what is sensitive only after a second person has confirmed in the same browser."""

import asyncio
import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pyotp
import pytest
from argon2 import PasswordHasher
from tornado.httpclient import HTTPClientError

from appliance.core.clock import ManualClock
from appliance.domain.roles import SENSITIVE, Permission
from appliance.store import people, roles
from appliance.store.database import open_database
from tests.integration.web.conftest import fill, new_layout
from tests.rigs.authenticator import Authenticator
from tests.rigs.broker import Broker
from tests.rigs.patience import until
from tests.rigs.ports import free_port
from tests.rigs.web import PASSWORD, Browser, Web
from webadmin import sockets

NEEDED = (403, "second-person-needed")
DONE = (200, 201, 202, 204)
GUARDED = [
    Permission(one) for one in ("home", "live", "calls", "annotate", "full_numbers", *sorted(SENSITIVE))
]
HASHED = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


class Office(NamedTuple):
    """A box with one recording; `clerk` needs a second person, `boss` may be one."""

    web: Web
    clock: ManualClock
    admin: Browser
    clerk: Browser
    boss: Browser
    recorded: str
    role_id: int


@pytest.fixture
def office():
    layout, clock = new_layout(), ManualClock(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    recorded = fill(layout)[0]
    database = open_database(layout)
    guarded = roles.create(database, "Clerks", GUARDED, None, is_guarded=True).id
    confirms = roles.create(database, "Second persons", (Permission.HOME, Permission.CONFIRM), None).id
    layout.one_time_password.unlink(missing_ok=True)
    given = {"admin": people.ADMINISTRATOR, "clerk": people.Rights(guarded), "boss": people.Rights(confirms)}
    cookies = {name: come(database, name, rights, clock.now()) for name, rights in given.items()}
    database.close()
    broker = Broker(layout.run).start()
    with Web(layout, free_port(), clock) as web:
        admin, clerk, boss = (browser(web, cookies[name]) for name in given)
        yield Office(web, clock, admin, clerk, boss, recorded, guarded)
    broker.kill()
    shutil.rmtree(layout.data)


def come(database, name, rights, at):
    """A person with the usual password, and the token of an open session: no hash is worked out for it."""
    person = people.create(database, name, rights, HASHED, at, one_time=False)
    timeouts = people.Timeouts(timedelta(hours=1), timedelta(hours=1))
    people.open_session(database, person.id, f"token-of-{name}", at, timeouts, ("127.0.0.1", "test"))
    return f"token-of-{name}"


def browser(web, token):
    came = web.anonymous()
    came.cookie = f"tapeline={token}"
    return came


def joined(office, name, role_id):
    """Somebody more, as those who are there from the begin."""
    database = open_database(office.web.layout)
    token = come(database, name, people.Rights(role_id), office.clock.now())
    database.close()
    return browser(office.web, token)


def made(admin, name, permissions, **more):
    reply = admin.post("roles", {"name": name, "permissions": permissions, **more})
    assert reply.status == 201, reply
    return reply.json["id"]


def confirm(browser, name="boss", password=PASSWORD):
    return browser.post("session/confirmation", {"name": name, "password": password})


def deeds(office):
    """A sensitive deed for every permission but listening, which is a socket's."""
    call = f"calls/{office.recorded}"
    return {
        "play": ("GET", f"{call}/audio", None),
        "download": ("POST", "exports/recordings", {"call_ids": [office.recorded]}),
        "export": ("POST", "exports/tables", {"kind": "csv"}),
        "share": ("POST", f"{call}/shares", {"hours": 1}),
        "delete": ("POST", f"{call}/deletion", {"reason": "for the test"}),
    }


def outcomes(office, browser):
    replies = {what: browser.ask(*deed) for what, deed in deeds(office).items()}
    return {
        what: (reply.status, "" if reply.status in DONE else reply.code) for what, reply in replies.items()
    }


def hears(browser):
    """The status with which the socket of a live call answers."""

    async def run():
        try:
            async with browser.socket("live/0call/audio"):
                return 101
        except HTTPClientError as error:
            return error.code

    return asyncio.run(run())


def user_id(office, name):
    return next(one["id"] for one in office.admin.get("users").json["users"] if one["name"] == name)


def newest(office, **filters):
    asked = "&".join(f"{name}={value}" for name, value in filters.items())
    rows = until(lambda: office.admin.get(f"operations?{asked}").json["operations"], what="a row of the log")
    return rows[0]


def test_every_sensitive_permission_has_a_deed_here(office):
    assert {*deeds(office), "listen_live"} == SENSITIVE


def test_nothing_sensitive_is_done_before_a_second_person_confirms(office):
    clerk = office.clerk
    assert clerk.get(f"calls/{office.recorded}").status == 200
    assert set(outcomes(office, clerk).values()) == {NEEDED}
    assert hears(clerk) == 403
    user = clerk.get("session").json["user"]
    assert (set(user["awaits"]), user["confirmation"]) == (SENSITIVE, None)
    assert not SENSITIVE & set(user["permissions"])
    assert "annotate" in user["permissions"]
    for query in ("?download=1", "?format=mp3"):
        assert clerk.get(f"calls/{office.recorded}/audio{query}").code == NEEDED[1]
    for path in ("peaks", "pcap", "evidence", "shares"):
        assert clerk.get(f"calls/{office.recorded}/{path}").code == NEEDED[1], path

    answer = confirm(clerk)
    assert answer.status == 200, answer
    user = answer.json["user"]
    assert user == clerk.get("session").json["user"]
    assert (user["name"], user["awaits"], user["confirmation"]["name"]) == ("clerk", [], "boss")
    assert set(user["permissions"]) >= SENSITIVE
    assert hears(clerk) == 101
    assert {status for status, _ in outcomes(office, clerk).values()} <= set(DONE)
    other = office.web.anonymous()
    other.post("session", {"name": "clerk", "password": PASSWORD})
    assert set(outcomes(office, other).values()) == {NEEDED}, "the other browser has no second person"


@pytest.mark.parametrize(
    ("name", "password", "expected"),
    [
        ("boss", "not the password", (401, "wrong-password")),
        ("nobody", PASSWORD, (401, "wrong-password")),
        ("clerk", PASSWORD, (409, "must-be-another")),
        ("CLERK", PASSWORD, (409, "must-be-another")),
        ("plain", PASSWORD, (403, "may-not-confirm")),
        ("fresh", None, (403, "must-sign-in-first")),
        ("gone", PASSWORD, (401, "wrong-password")),
    ],
)
def test_who_cannot_be_the_second_person(office, name, password, expected):
    admin, role_id = office.admin, made(office.admin, "Others", ["home", "confirm"])
    if name == "plain":
        joined(office, "plain", 2)
    elif name == "fresh":
        password = admin.post("users", {"name": name, "role_id": role_id}).json["one_time_password"]
    elif name == "gone":
        joined(office, name, role_id)
        body = {"name": name, "role_id": role_id, "is_enabled": False}
        assert admin.put(f"users/{user_id(office, name)}", body).status == 200
    reply = confirm(office.clerk, name, password)
    assert (reply.status, reply.code) == expected
    assert office.clerk.get("session").json["user"]["confirmation"] is None
    row = newest(office, operation="confirmation.give")
    assert (row["user"], row["result"], row["parameters"]["name"]) == ("clerk", "refused", name)
    assert PASSWORD not in json.dumps(row)


def test_guessing_the_second_persons_password_is_slowed_down_as_at_the_sign_in(office):
    answers = [confirm(office.clerk, password=f"guess {index}").code for index in range(7)]
    assert answers[:5] == ["wrong-password"] * 5
    assert answers[-1] == "throttled"
    assert confirm(office.clerk).code == "throttled"
    answer = office.web.anonymous().post("session", {"name": "boss", "password": PASSWORD})
    assert answer.code == "throttled", "both doors count together"


def test_a_locked_name_confirms_nothing(office):
    settings = office.admin.get("settings").json
    settings.pop("problem")
    settings["settings"]["sign_in"] |= {"lockout_after": 2, "lockout_min": 10}
    assert office.admin.put("settings", settings).status == 200
    for _ in range(2):
        office.clock.at_mono_s += 1
        confirm(office.clerk, password="guess")
    assert confirm(office.clerk).code == "throttled"
    office.clock.at_mono_s += 601
    assert confirm(office.clerk).status == 200


def test_the_second_persons_second_factor_is_asked_for(office):
    clock = office.clock
    secret = office.boss.post("account/app", {"password": PASSWORD}).json["secret"]
    code = pyotp.TOTP(secret).at(clock.now())
    assert office.boss.post("account/app/confirm", {"code": code}).status == 200
    clock.at += timedelta(minutes=1)
    clerk = office.clerk
    half = confirm(clerk)
    second = half.json["second"]
    assert (half.status, second["app"], half.json["user"]["name"]) == (200, True, "clerk")
    assert half.json["user"]["confirmation"] is None
    code = pyotp.TOTP(secret).at(clock.now())
    body = {"ticket": second["ticket"], "code": code}
    assert office.web.anonymous().post("session/second", body).code == "ticket-expired", "it opens no session"

    ticket = confirm(clerk).json["second"]["ticket"]
    other = office.web.anonymous()
    other.post("session", {"name": "clerk", "password": PASSWORD})
    stolen = other.post("session/confirmation/second", {"ticket": ticket, "code": code})
    assert stolen.code == "ticket-expired", "a ticket is of one session"

    ticket = confirm(clerk).json["second"]["ticket"]
    wrong = clerk.post("session/confirmation/second", {"ticket": ticket, "code": "000000"})
    assert (wrong.status, wrong.code) == (401, "wrong-code")
    row = newest(office, operation="confirmation.give_second", result="refused")
    assert row["parameters"]["name"] == "boss"
    answer = clerk.post("session/confirmation/second", {"ticket": ticket, "code": code})
    assert answer.json["user"]["confirmation"]["name"] == "boss"
    row = newest(office, operation="confirmation.give_second", result="done")
    assert row["parameters"] == {"name": "boss", "method": "local+app"}


def test_a_ticket_of_a_sign_in_confirms_nothing(office):
    secret = office.boss.post("account/app", {"password": PASSWORD}).json["secret"]
    code = pyotp.TOTP(secret).at(office.clock.now())
    office.boss.post("account/app/confirm", {"code": code})
    office.clock.at += timedelta(minutes=1)
    begun = office.web.anonymous().post("session", {"name": "boss", "password": PASSWORD})
    body = {"ticket": begun.json["second"]["ticket"], "code": pyotp.TOTP(secret).at(office.clock.now())}
    assert office.clerk.post("session/confirmation/second", body).code == "ticket-expired"


def test_a_passkey_serves_the_second_person(office):
    key = Authenticator(f"http://127.0.0.1:{office.web.port}")
    begun = office.boss.post("account/passkeys/options", {"password": PASSWORD}).json
    body = {"ticket": begun["ticket"], "name": "Key", "credential": key.make(begun["options"])}
    assert office.boss.post("account/passkeys", body).status == 201
    second = confirm(office.clerk).json["second"]
    body = {"ticket": second["ticket"], "credential": key.prove(second["options"])}
    answer = office.clerk.post("session/confirmation/second", body)
    assert answer.json["user"]["confirmation"]["name"] == "boss", answer


def test_a_second_person_who_lacks_a_wanted_factor_signs_in_first(office):
    settings = office.admin.get("settings").json
    settings.pop("problem")
    settings["settings"]["sign_in"]["second_factor"] = "everyone"
    assert office.admin.put("settings", settings).status == 200
    assert confirm(office.clerk).code == "must-sign-in-first"


def test_a_confirmation_ends_by_time(office):
    answer = confirm(office.clerk).json["user"]["confirmation"]
    assert answer["until"] == "2026-11-21T17:00:00Z"
    for _ in range(17):  # the session is used meanwhile, or it would end of itself
        office.clock.at += timedelta(minutes=28)
        assert office.clerk.get("session").json["user"]["confirmation"]
    office.clock.at += timedelta(minutes=5)
    assert set(outcomes(office, office.clerk).values()) == {NEEDED}
    assert confirm(office.clerk).status == 200


@pytest.mark.parametrize("what", ["password", "disabled", "demoted", "removed", "ended"])
def test_a_confirmation_falls_away(office, what):
    assert confirm(office.clerk).status == 200
    path, other = f"users/{user_id(office, 'boss')}", made(office.admin, "Nothing", ["home"])
    if what == "password":
        change = {"old_password": PASSWORD, "new_password": "a much better sentence 77"}
        assert office.boss.post("session/password", change).status == 204
    elif what == "disabled":
        body = {"name": "boss", "role_id": other, "is_enabled": False}
        assert office.admin.put(path, body).status == 200
    elif what == "demoted":
        assert office.admin.put(path, {"name": "boss", "role_id": other}).status == 200
    elif what == "removed":
        assert office.admin.delete(path).status == 204
    else:
        assert office.clerk.delete("session/confirmation").status == 204
        row = newest(office, operation="confirmation.end")
        assert (row["user"], row["parameters"]["second_person"]) == ("clerk", "boss")
    assert set(outcomes(office, office.clerk).values()) == {NEEDED}


def test_signing_in_anew_begins_without_a_second_person(office):
    clerk = office.clerk
    assert confirm(clerk).status == 200
    old = clerk.cookie
    assert clerk.post("session", {"name": "clerk", "password": PASSWORD}).status == 200
    assert set(outcomes(office, clerk).values()) == {NEEDED}
    assert office.web.anonymous().get("calls", Cookie=old).status == 401
    assert confirm(clerk).status == 200
    handle = next(one["id"] for one in clerk.get("account").json["sessions"] if one["is_this"])
    assert office.admin.delete(f"sessions/{handle}").status == 204
    assert clerk.get("calls").status == 401


def test_what_was_prepared_with_four_eyes_is_not_fetched_with_two(office):
    clerk = office.clerk
    confirm(clerk)
    export = clerk.post("exports/tables", {"kind": "csv"}).json["id"]
    until(lambda: clerk.get(f"exports/{export}").json["state"] == "ready", what="the export is ready")
    assert clerk.get(f"exports/{export}/file").status == 200
    assert clerk.delete("session/confirmation").status == 204
    for method, path in (("GET", f"exports/{export}/file"), ("POST", f"exports/{export}/again")):
        reply = clerk.ask(method, path, None if method == "GET" else {})
        assert (reply.status, reply.code) == NEEDED


def test_listening_ends_with_the_confirmation(office, monkeypatch):
    monkeypatch.setattr(sockets, "RECHECK_S", 0.05)
    monkeypatch.setattr("webadmin.listen.ListenSocket.serve", _waits)
    clerk = office.clerk
    confirm(clerk)

    async def run():
        async with clerk.socket("live/0call/audio") as connection:
            await asyncio.to_thread(clerk.delete, "session/confirmation")
            async with asyncio.timeout(60):
                assert await connection.read_message() is None
            return connection.close_code

    assert asyncio.run(run()) == sockets.NOT_ALLOWED


async def _waits(_self, **_path):
    await asyncio.Event().wait()


def test_the_log_names_both(office):
    clerk = office.clerk
    confirm(clerk)
    row = newest(office, operation="confirmation.give", result="done")
    assert (row["user"], row["parameters"]) == ("clerk", {"name": "boss", "method": "local"})
    outcomes(office, clerk)
    for operation in ("audio.play", "exports.begin_recordings", "exports.begin_table", "shares.add"):
        row = newest(office, operation=operation, result="done")
        assert (row["user"], row["parameters"]["second_person"]) == ("clerk", "boss"), operation
    clerk.delete("session/confirmation")
    clerk.get(f"calls/{office.recorded}/audio")
    row = newest(office, operation="audio.play", result="refused")
    assert "second_person" not in row["parameters"]


def test_a_program_of_a_guarded_role_does_nothing_sensitive(office):
    clerk = office.clerk
    confirm(clerk)
    wish = {"name": "program", "permissions": ["calls", "play"], "days": 7, "password": PASSWORD}
    assert clerk.post("account/tokens", wish).code == "beyond-your-rights"
    assert not SENSITIVE & set(clerk.get("account").json["grantable"])
    assert clerk.post("account/tokens", wish | {"permissions": ["calls"]}).status == 201

    body = {"name": "Clerks", "permissions": GUARDED, "is_guarded": False}
    assert office.admin.put(f"roles/{office.role_id}", body).status == 200
    token = clerk.post("account/tokens", wish).json["value"]
    call = f"calls/{office.recorded}/audio"
    program = office.web.anonymous()
    assert program.get(call, Authorization=f"Bearer {token}").status == 200
    assert office.admin.put(f"roles/{office.role_id}", body | {"is_guarded": True}).status == 200
    reply = program.get(call, Authorization=f"Bearer {token}")
    assert (reply.status, reply.code) == NEEDED
    assert program.get("calls", Authorization=f"Bearer {token}").status == 200
    own = {"name": "boss", "password": PASSWORD}
    reply = program.post("session/confirmation", own, Authorization=f"Bearer {token}")
    assert reply.status in (401, 403), "a program is confirmed by nobody"


def test_whoever_needs_nobody_is_told_so(office):
    assert confirm(office.admin).code == "nothing-to-confirm"
    assert confirm(office.boss).code == "nothing-to-confirm"
    assert (
        office.web.anonymous().post("session/confirmation", {"name": "boss", "password": PASSWORD}).status
        == 401
    )


def test_looking_shows_what_the_other_finds_at_first(office):
    admin = office.admin
    confirm(office.clerk)
    assert admin.post("look", {"user_id": user_id(office, "clerk")}).status == 204
    user = admin.get("session").json["user"]
    assert (user["is_guarded"], set(user["awaits"]), user["looker"]) == (True, SENSITIVE, "admin")
    assert admin.get(f"calls/{office.recorded}/audio").code == NEEDED[1]
    assert confirm(admin).code == "only-looking"
    assert admin.delete("look").status == 204
    assert admin.get(f"calls/{office.recorded}/audio").status == 200


def test_nobody_frees_himself_of_the_guard(office):
    admin = office.admin
    role_id = made(admin, "Deputies", ["home", "users", "calls", "play", "confirm"], is_guarded=True)
    deputy = joined(office, "deputy", role_id)
    assert confirm(deputy).status == 200
    guarded = {"name": "x", "permissions": ["calls", "play"], "is_guarded": True}
    refused = [
        deputy.put(
            f"roles/{role_id}", {"name": "Deputies", "permissions": ["users", "play"], "is_guarded": False}
        ),
        deputy.post("roles", {"name": "y", "permissions": ["play"]}),
        deputy.post("roles", guarded | {"permissions": ["confirm"]}),
        deputy.post("users", {"name": "puppet", "role_id": role_id}),
        deputy.post("users", {"name": "puppet", "role_id": 2}),
        deputy.post(f"users/{user_id(office, 'boss')}/one-time-password"),
        deputy.post(f"users/{user_id(office, 'boss')}/reset-link"),
        deputy.delete(f"users/{user_id(office, 'boss')}/second-factor"),
    ]
    assert {(reply.status, reply.code) for reply in refused} == {(403, "beyond-your-rights")}
    head = joined(office, "head", made(admin, "Heads", ["users", "calls", "play"], is_guarded=True))
    role = made(admin, "Below", ["calls", "play"], is_guarded=True)
    body = {"name": "Below", "permissions": ["calls", "play"]}
    assert head.put(f"roles/{role}", body | {"is_guarded": False}).code == "beyond-your-rights"
    assert head.put(f"roles/{role}", body).json["is_guarded"] is True
    made_by_deputy = deputy.post("roles", guarded)
    assert made_by_deputy.status == 201, made_by_deputy
    assert deputy.post("users", {"name": "helper", "role_id": made_by_deputy.json["id"]}).status == 201


def test_a_program_that_does_not_know_of_guards_takes_none_away(office):
    body = {"name": "Clerks", "permissions": GUARDED}
    assert office.admin.put(f"roles/{office.role_id}", body).json["is_guarded"] is True
    row = newest(office, operation="roles.replace")
    assert row["parameters"]["is_guarded"] == "True"
    listed = office.admin.get("roles").json
    assert set(listed["sensitive"]) == SENSITIVE
    assert {one["name"] for one in listed["roles"] if one["is_guarded"]} == {"Clerks"}
