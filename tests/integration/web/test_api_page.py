from contextlib import asynccontextmanager

import pytest

from appliance.store.database import open_database
from tests.rigs.web import Web
from webadmin.app import application, server
from webadmin.panel import Panel

HASHED = "/assets/main-abc123.js"


@pytest.fixture
def dist(tmp_path):
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Tapeline</title>")
    (folder / "assets" / "main-abc123.js").write_text("whole")
    (folder / "assets" / "main-abc123.js.gz").write_bytes(b"packed")
    (folder / "assets" / "main-abc123.js.br").write_bytes(b"pressed")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@asynccontextmanager
async def opened(layout, clock):
    database = open_database(layout)
    panel = Panel(layout, database, clock)
    try:
        yield panel
    finally:
        panel.close()
        database.close()


@pytest.fixture
def browser(layout, free_port, dist):
    async def program(service, options):
        async with opened(options.layout, service.clock) as panel:
            http = server(application(panel, dist))
            http.listen(options.port, "127.0.0.1")
            service.ready()
            await service.stopping.wait()
            http.stop()
            await http.close_all_connections()

    with Web(layout, free_port, program=program) as web:
        yield web.anonymous()


def test_the_page_itself_is_asked_for_every_time(browser):
    reply = browser.get("/")
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-cache")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    again = browser.get("/", If_None_Match=reply.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_files_with_a_hash_are_kept_for_ever(browser):
    reply = browser.get(HASHED)
    assert (reply.status, reply.body) == (200, b"whole")
    assert "immutable" in reply.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"pressed"),
        ("gzip", "gzip", b"packed"),
        ("br;q=0, gzip;q=0.5", "gzip", b"packed"),
        ("deflate", None, b"whole"),
        ("", None, b"whole"),
    ],
)
def test_a_browser_gets_the_form_it_likes(browser, accepted, encoding, body):
    reply = browser.get(HASHED, Accept_Encoding=accepted)
    assert (reply.headers["Content-Encoding"], reply.body) == (encoding, body)
    assert reply.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("view", ["/calls", "/calls/0abc", "/why?number=1", "/settings/archive"])
def test_a_view_is_served_by_the_page(browser, view):
    assert browser.get(view).body.startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/",
        "/assets/none.js",
        "/x.png",
    ],
)
def test_nothing_else_is_served(browser, path):
    reply = browser.get(path)
    assert (reply.status, reply.code) == (404, "not-found")
    assert b"secret" not in reply.body.replace(path.encode(), b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_page_is_only_read(browser, method):
    reply = browser.ask(method, "/", {})
    assert (reply.status, reply.code) == (405, "method-not-allowed")


def test_head_of_the_page(browser):
    reply = browser.ask("HEAD", HASHED)
    assert (reply.status, reply.body, reply.headers["Content-Length"]) == (200, b"", "5")
