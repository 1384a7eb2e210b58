import asyncio
import re

import pytest
from tornado.httpclient import HTTPClientError

from appliance.domain.roles import GRANTED, Permission, Role, may
from tests.rigs.web import Browser
from webadmin.operation import PARTS
from webadmin.routes import ROUTES, SOCKETS

CANDIDATES = (
    "0nosuchcall",
    "999999",
    "4096",
    "zabbix",
    "en",
    "blacklist",
    "recorder",
    "0000000000000000",
    "no-such-link-no-such-link-no-such-link-no-such",
)


def stranger(part):
    """What fits a variable part of an address and names nothing there is."""
    fitting = [one for one in CANDIDATES if re.fullmatch(PARTS[part], one)]
    return fitting[0] if fitting else "x"


OPERATIONS = [
    (route.path, method, operation.permission)
    for route in ROUTES
    for method, operation in route.operations.items()
]
SIGNING = {
    ("session", "POST"),
    ("session", "DELETE"),
    ("setup", "POST"),
    ("session/password", "POST"),
    ("account/sessions/end-others", "POST"),
}


def filled(path):
    return re.sub(r"\{(\w+)\}", lambda part: stranger(part[1]), path)


def person(box, role):
    return {None: box.anonymous, Role.VIEWER: box.viewer, Role.ADMINISTRATOR: box.admin}[role]


@pytest.mark.parametrize("role", [None, *Role], ids=str)
@pytest.mark.parametrize(("path", "method", "permission"), OPERATIONS, ids=str)
def test_every_row_asks_for_its_permission(box, path, method, permission, role):
    if (path, method) in SIGNING:
        pytest.skip("signing in and out is tested on its own")
    reply = person(box, role).ask(method, filled(path), {} if method != "GET" else None)
    if may(GRANTED[role] if role else None, permission):
        # The helper and the time keeper do not run in this test.
        is_missed = reply.status == 503 and reply.code in ("no-helper", "timed-out", "unreachable")
        assert reply.status in (200, 202, 204, 404, 409, 422, 429) or is_missed, reply
    elif role is None:
        assert (reply.status, reply.code) == (401, "sign-in-needed")
    else:
        assert (reply.status, reply.code) == (403, "denied")


@pytest.mark.parametrize(("path", "method", "permission"), OPERATIONS, ids=str)
def test_a_one_time_password_opens_nothing_else(box, path, method, permission):
    if permission in (Permission.OPEN, Permission.SELF):
        return
    browser = newcomer(box)
    reply = browser.ask(method, filled(path), {} if method != "GET" else None)
    assert (reply.status, reply.code) == (403, "password-change-needed")


_newcomers: dict[int, Browser] = {}


def newcomer(box):
    """Somebody signed in with a one-time password."""
    if box.web.port not in _newcomers:
        made = box.admin.post("users", {"name": "newcomer", "role_id": 1}).json
        browser = box.web.anonymous()
        signed_in = browser.post("session", {"name": "newcomer", "password": made["one_time_password"]})
        assert signed_in.json["user"]["must_change"] is True
        assert signed_in.json["user"]["permissions"] == ["open", "self"]
        _newcomers[box.web.port] = browser
    return _newcomers[box.web.port]


async def opened(browser, path, **headers):
    async with browser.socket(path, **headers) as connection:
        return await connection.read_message()


@pytest.mark.parametrize("socket", SOCKETS, ids=lambda socket: socket.path)
def test_a_socket_lets_nobody_in_without_permission(box, socket):
    for browser, status in ((box.anonymous, 401), (newcomer(box), 403)):
        with pytest.raises(HTTPClientError) as caught:
            asyncio.run(opened(browser, filled(socket.path)))
        assert caught.value.code == status


@pytest.mark.parametrize("socket", SOCKETS, ids=lambda socket: socket.path)
def test_a_socket_refuses_pages_of_other_sites(box, socket):
    with pytest.raises(HTTPClientError) as caught:
        asyncio.run(opened(box.admin, filled(socket.path), Origin="https://evil.example"))
    assert caught.value.code == 403


@pytest.mark.parametrize(("path", "method", "permission"), OPERATIONS, ids=str)
def test_a_write_without_the_token_is_refused(box, path, method, permission):
    if method == "GET":
        return
    for headers in (
        {"X_CSRF_Token": ""},
        {"X_CSRF_Token": "0" * 64},
        {"X_CSRF_Token": box.viewer.token},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
    ):
        reply = box.admin.ask(method, filled(path), {}, **headers)
        assert (reply.status, reply.code) == (403, "bad-token"), headers


def test_an_expired_or_invented_cookie_is_nobody(box):
    for cookie in ("tapeline=invented", "tapeline=" + "x" * 5000, 'tapeline="a b"', "other=1"):
        assert box.anonymous.get("home", Cookie=cookie).status == 401


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_in_json(box, method):
    reply = box.admin.ask(method, "home", {})
    assert (reply.status, reply.code) == (405, "method-not-allowed")


def test_the_allowed_methods_are_named(box):
    reply = box.admin.ask("PUT", "session", {})
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, POST, DELETE, HEAD")
