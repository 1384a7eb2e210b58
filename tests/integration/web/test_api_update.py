"""Updates by the API: brought in pieces or fetched, judged by the real updater, refused where there is nothing to update."""

import asyncio
import base64
import http.server
import os
import subprocess
import threading
from pathlib import Path

import pytest

from appliance.core.errors import ApplianceError, Busy, Corrupt
from appliance.system import plugged
from appliance.system.plugged import Plugged, Stick
from appliance.system.slots import Rauc
from tests.rigs.patience import until, until_async
from tests.rigs.records import NOON
from webadmin.incoming import Incoming
from webadmin.pieces import NotNext


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate and a bundle that it vouches for."""
    folder = tmp_path_factory.mktemp("signed")
    key, certificate, content = folder / "key", folder / "certificate.pem", folder / "content"
    content.mkdir()
    (content / "root.img").write_bytes(os.urandom(1 << 20))
    (content / "manifest.raucm").write_text(
        "[update]\ncompatible=tapeline-x86-64\nversion=0.9.1\nbuild=fedc\n[bundle]\nformat=verity\n[image.rootfs]\nfilename=root.img\n"
    )
    subject = ["-subj", "/CN=test", "-keyout", key, "-out", certificate]
    new = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "9",
    ]
    subprocess.run([*new, *subject], check=True, capture_output=True)
    bundle = folder / "update.raucb"
    subprocess.run(
        ["rauc", "--cert", certificate, "--key", key, "bundle", content, bundle],
        check=True,
        capture_output=True,
    )
    return certificate, bundle


async def read(work, *args, **kwargs):
    return await asyncio.to_thread(work, *args, **kwargs)


@pytest.fixture
def incoming(layout, signed) -> Incoming:
    return Incoming(layout, read, Rauc(keyring=signed[0]))


async def send(incoming: Incoming, content: bytes, piece: int = 300_000) -> None:
    for start in range(0, len(content), piece):
        await incoming.take(start, len(content), content[start : start + piece])


def test_an_update_in_pieces_is_verified_when_it_is_whole(incoming, signed, layout):
    content = signed[1].read_bytes()

    async def bring():
        await send(incoming, content)
        return await incoming.bundle()

    found = asyncio.run(bring())
    assert (found.version, found.build, found.size_bytes) == ("0.9.1", "fedc", len(content))
    assert layout.update_bundle.read_bytes() == content


def test_an_upload_that_broke_goes_on_where_it_stopped(incoming, signed):
    content = signed[1].read_bytes()

    async def bring():
        await incoming.take(0, len(content), content[:1000])
        with pytest.raises(NotNext) as wrong:
            await incoming.take(5000, len(content), content[5000:6000])
        assert wrong.value.facts["received"] == 1000
        await incoming.take(1000, len(content), content[1000:])
        return await incoming.bundle()

    assert asyncio.run(bring()).version == "0.9.1"


@pytest.mark.parametrize("change", ["rubbish", "byte", "cut"])
def test_what_is_no_update_of_ours_is_thrown_away(incoming, signed, layout, change):
    content = bytearray(signed[1].read_bytes())
    if change == "rubbish":
        content = bytearray(b"rubbish" * 9999)
    elif change == "byte":
        content[-40] ^= 1
    else:
        content = content[:-5000]

    async def bring():
        with pytest.raises(Corrupt):
            await send(incoming, bytes(content))
        assert await incoming.bundle() is None

    asyncio.run(bring())
    assert list(layout.update_bundle.parent.iterdir()) == []


class Served(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(signed):
    folder = str(signed[1].parent)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *given: Served(*given, directory=folder)
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_update_is_fetched_from_an_address(incoming, address):
    async def bring():
        await incoming.fetch(f"{address}/update.raucb")
        with pytest.raises(Busy):
            await incoming.fetch(f"{address}/update.raucb")
        return await until_async(incoming.bundle, what="the update")

    assert asyncio.run(bring()).version == "0.9.1"


@pytest.mark.parametrize("path", ["/nothing.raucb", "/content/manifest.raucm"])
def test_what_cannot_be_fetched_says_why(incoming, address, path):
    async def bring() -> ApplianceError:
        await incoming.fetch(f"{address}{path}")

        async def problem():
            return incoming.problem

        return await until_async(problem, what="the problem")

    assert "fetched: HTTP 404" in asyncio.run(bring()).message() or path != "/nothing.raucb"


def test_a_machine_that_is_no_box_says_so_and_changes_nothing(web):
    admin = web.administrator()
    answer = admin.get("update").json
    assert (answer["is_box"], answer["slots"], answer["bundle"], answer["history"]) == (False, [], None, [])
    for path in ("update/install", "update/start"):
        reply = admin.post(path)
        assert reply.status in (422, 503), reply
    reset = admin.post("factory-reset", {"keep_recordings": True, "password": "wrong"})
    assert (reset.status, reset.field) == (422, "password")


def test_only_whoever_may_change_settings_updates(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    assert viewer.get("update").status == 403
    assert viewer.post("update/install").status == 403
    assert viewer.post("factory-reset", {"keep_recordings": False, "password": "x"}).status == 403
    assert web.anonymous().get("update").status == 401


def test_an_upload_by_the_api_is_judged_and_logged_once(web):
    admin = web.administrator()
    piece = base64.b64encode(b"rubbish" * 1000).decode()
    assert admin.post("update/bundle", {"offset": 7, "total": 14000, "content": piece}).code == "not-next"
    assert admin.post("update/bundle", {"offset": 0, "total": 14000, "content": piece}).json == {
        "received": 7000
    }
    last = admin.post("update/bundle", {"offset": 7000, "total": 14000, "content": piece})
    assert (last.status, last.code) == (422, "bad-bundle")
    assert admin.get("update").json["problem"]
    rows = until(lambda: admin.get("operations?operation=update.take").json["operations"], what="the log")
    assert all(piece not in str(row) for row in rows)
    assert admin.delete("update/bundle").json["problem"] == ""


def test_addresses_of_other_kinds_are_refused(web):
    admin = web.administrator()
    for url in ("file:///etc/passwd", "ftp://x/y", "http://", "javascript:1", "http://a b"):
        assert admin.post("update/fetch", {"url": url}).field == "url"


def plug(layout, folder: Path, label: str = "INSTALL") -> Path:
    """A stick that somebody has mounted there by hand, as on a machine that is no appliance."""
    folder.mkdir()
    stick = Stick(
        name="sdz1", path="/dev/sdz1", size_bytes=1 << 33, kind="vfat", label=label, mounts=[str(folder)]
    )
    plugged.write(layout, Plugged(at=NOON, sticks=[stick]))
    return folder


def test_an_update_comes_from_a_usb_stick(incoming, signed, layout, tmp_path):
    stick = plug(layout, tmp_path / "stick")
    (stick / "tapeline-0.9.1.raucb").write_bytes(signed[1].read_bytes())

    async def bring():
        await incoming.bring("sdz1", "tapeline-0.9.1.raucb", "eva")
        with pytest.raises(Busy):
            await incoming.bring("sdz1", "tapeline-0.9.1.raucb", "eva")
        await until_async(lambda: ended(incoming), what="the copy to end")
        assert incoming.problem is None
        bundle = await incoming.bundle()
        assert bundle is not None
        assert bundle.version == "0.9.1"

    asyncio.run(bring())
    assert layout.update_bundle.read_bytes() == signed[1].read_bytes()
    assert (stick / "tapeline-0.9.1.raucb").exists()


async def ended(incoming: Incoming) -> bool:
    return not incoming.is_fetching


@pytest.mark.parametrize("file", ["rubbish.raucb", "gone.raucb", "empty.raucb"])
def test_what_is_no_update_on_a_stick_is_told_and_leaves_nothing(incoming, layout, tmp_path, file):
    stick = plug(layout, tmp_path / "stick")
    (stick / "rubbish.raucb").write_bytes(os.urandom(100_000))
    (stick / "empty.raucb").touch()

    async def bring():
        await incoming.bring("sdz1", file, "eva")
        await until_async(lambda: ended(incoming), what="the copy to end")

    asyncio.run(bring())
    assert incoming.problem is not None
    assert (incoming.received, incoming.total) == (0, 0)
    assert not list(layout.update_bundle.parent.glob("*"))


def test_sticks_and_their_updates_are_listed(web, tmp_path):
    admin = web.administrator()
    assert admin.get("update").json["sticks"] == []
    assert admin.post("update/stick", {"name": "sdz1"}).status == 404
    stick = plug(web.layout, tmp_path / "stick")
    (stick / "releases").mkdir()
    for name in ("b.raucb", "a.raucb", "releases/c.raucb", "other.img", ".hidden.raucb"):
        (stick / name).write_bytes(b"12345")
    (shown,) = admin.get("update").json["sticks"]
    assert (shown["name"], shown["label"], shown["is_open"]) == ("sdz1", "INSTALL", True)
    files = admin.post("update/stick", {"name": "sdz1"}).json["files"]
    assert files == [{"file": name, "bytes": 5} for name in ("releases/c.raucb", "b.raucb", "a.raucb")]
    for hostile in ("../secret.raucb", "/etc/x.raucb", "a/../../b.raucb", "a/b/c.raucb", "b.img", ".raucb"):
        refused = admin.post("update/stick/bundle", {"name": "sdz1", "file": hostile})
        assert refused.status == 422, hostile
    assert admin.post("update/stick", {"name": "../sdz1"}).status == 422
    viewer = web.viewer(admin)
    assert viewer.post("update/stick", {"name": "sdz1"}).status == 403


def test_a_stick_that_is_not_mounted_needs_the_helper(web, tmp_path):
    admin = web.administrator()
    stick = Stick(name="sdz1", path="/dev/sdz1", size_bytes=1 << 33, kind="vfat")
    plugged.write(web.layout, Plugged(at=NOON, sticks=[stick]))
    assert admin.post("update/stick", {"name": "sdz1"}).code == "no-helper"
