import contextlib
import json
import socket
import threading

import pytest

from tests.rigs.web import API, Browser
from webadmin.handler import SECURITY_HEADERS
from webadmin.operation import SMALL_BODY_BYTES


def raw(box, request, *, ends=True):
    """Bytes in, all bytes out; `ends` tells the server that nothing more will come."""
    with socket.create_connection(("127.0.0.1", box.web.port), timeout=20) as connection:
        found = b""
        with contextlib.suppress(OSError):  # the server may hang up on what is far too much
            connection.sendall(request)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                found += chunk
    return found


def test_what_is_no_json_is_400(box):
    for body in (b"{", b"\xff\xfe", b"{} {}", b'{"name": "\xff"}', b"[" * 100_000):
        reply = box.anonymous.post("session", body)
        assert reply.status in (400, 422), reply
        assert reply.code in ("not-json", "invalid")


@pytest.mark.parametrize(
    "body", [[], "x", 1, None, True, {"name": 1, "password": 2}, {"name": [], "password": {}}]
)
def test_json_of_the_wrong_shape_is_422(box, body):
    reply = box.anonymous.ask("POST", "session", json.dumps(body).encode())
    assert (reply.status, reply.code) == (422, "invalid")


def test_a_body_beyond_the_limit_is_413(box):
    body = b'{"name": "' + b"x" * SMALL_BODY_BYTES + b'"}'
    reply = box.anonymous.post("session", body)
    assert (reply.status, reply.code) == (413, "too-large")


def test_a_body_that_only_claims_to_be_large_is_refused_before_it_comes(box):
    request = f"POST {API}session HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n".encode()
    assert raw(box, request, ends=False).startswith(b"HTTP/1.1 413 ")


def test_a_chunked_body_beyond_the_limit_is_413(box):
    browser = Browser(box.web.port)
    browser.get("session")
    head = (
        f"POST {API}session HTTP/1.1\r\nHost: 127.0.0.1:{box.web.port}\r\nTransfer-Encoding: chunked\r\n"
        f"Cookie: {browser.cookie}\r\nX-CSRF-Token: {browser.token}\r\nConnection: close\r\n\r\n"
    ).encode()
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert raw(box, head + chunk * 5 + b"0\r\n\r\n", ends=False).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /api/v1/session HTTP/1.1\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%zz%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://evil.example/api/v1/session HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nCookie: " + b";" * 9000 + b"\r\n\r\n",
        b"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"GET /api/v1/calls/%2e%2e/audio HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_broken_requests_get_no_5xx_and_no_trace(box, request_bytes):
    answer = raw(box, request_bytes)
    assert not answer.startswith(b"HTTP/1.1 5") or b"not-built" in answer
    assert b"Traceback" not in answer
    assert b".py" not in answer
    assert b"Location:" not in answer
    assert box.viewer.get("session").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/assets/..%2f..%2fapp.py",
        "/%2e%2e/index.sqlite",
        "/index.sqlite",
        "/assets/../../../webadmin/app.py",
    ],
)
def test_no_address_leads_out_of_the_page(box, path):
    reply = box.anonymous.get(path)
    assert reply.status in (200, 404, 503)
    assert b"root:" not in reply.body
    assert b"import" not in reply.body[:2000] or b"<!doctype" in reply.body[:20].lower()


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example", "/https://evil.example", "/?next=//evil.example"]
)
def test_nothing_redirects(box, path):
    reply = box.anonymous.get(path)
    assert "Location" not in reply.headers
    assert not 300 <= reply.status < 400


@pytest.mark.parametrize("path", ["session", "home", "nowhere", "/", "calls/x/audio"])
def test_every_answer_carries_the_security_headers(box, path):
    reply = box.anonymous.get(path)
    for name, value in SECURITY_HEADERS.items():
        assert reply.headers[name] == value
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in reply.headers


def test_unknown_addresses_answer_in_json(box):
    for path in ("nowhere", "/api", "/api/", "/api/v2/session", "session/"):
        for method in ("GET", "POST", "DELETE"):
            reply = box.anonymous.ask(method, path, None if method == "GET" else {})
            assert (reply.status, reply.code) == (404, "not-found"), (method, path)


def test_a_strangers_headers_do_not_come_back(box):
    reply = box.viewer.get(
        "calls/x", Accept_Language="zh\tSet-Cookie: a=b", X_Forwarded_For="1.2.3.4", Host="evil.example"
    )
    assert reply.status == 404
    assert "Set-Cookie" not in reply.headers
    assert b"evil.example" not in reply.body


def test_leaving_in_the_middle_of_a_download_harms_nobody(box):
    head = f"GET {API}calls/{box.recorded}/audio?format=flac HTTP/1.1\r\nHost: x\r\nCookie: {box.viewer.cookie}\r\n\r\n".encode()

    def leave():
        with socket.create_connection(("127.0.0.1", box.web.port), timeout=20) as connection:
            connection.sendall(head)
            connection.recv(100)

    threads = [threading.Thread(target=leave) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.viewer.get("calls").status == 200
