"""Exports under a panel that is killed, as a process of its own: what was ready is there again, what was not says so."""

import io
import os
import signal
import struct
import zipfile
from datetime import timedelta

import pytest

from appliance.store import calls
from appliance.store.database import open_database
from tests.integration.web.conftest import fill
from tests.rigs.daemons import daemons
from tests.rigs.patience import until
from tests.rigs.records import NOON, make_record
from tests.rigs.secrecy import told_in
from tests.rigs.sevenzip import unlocked
from tests.rigs.web import PASSWORD, Browser

LOCK, OTHER_LOCK = "right-horse battery", "left-horse battery"
LONG_S = 6 * 3600

pytestmark = pytest.mark.timeout(600)


class Panel:
    """The panel as a program, and the people before it."""

    def __init__(self, box, layout, port):
        self.box, self.layout, self.port = box, layout, port
        self.start()
        self.admin = Browser(port)
        once = layout.one_time_password.read_text().strip()
        begun = {"one_time_password": once, "name": "admin", "password": PASSWORD}
        assert self.admin.post("setup", begun).status == 200
        made = self.admin.post("users", {"name": "viewer", "role_id": 2}).json
        self.viewer_id = made["user"]["id"]
        self.viewer = Browser(port)
        once = made["one_time_password"]
        assert self.viewer.post("session", {"name": "viewer", "password": once}).status == 200
        change = {"old_password": once, "new_password": PASSWORD}
        assert self.viewer.post("session/password", change).status == 204

    def start(self):
        self.box.start("webadmin", "--port", str(self.port))

    def restart(self, number=signal.SIGKILL):
        self.box.kill("webadmin", number)
        self.start()

    def begun(self, what, **body):
        reply = self.viewer.post(f"exports/{what}", body)
        assert reply.status == 202, reply
        return reply.json["id"]

    def ready(self, key):
        def look():
            found = self.viewer.get(f"exports/{key}").json
            assert found["state"] != "failed", found
            return found["state"] == "ready" and found

        return until(look, deadline_s=120, what="the export")

    def listed(self):
        return {one["id"]: one for one in self.viewer.get("exports").json["exports"]}


@pytest.fixture
def panel(layout, free_port):
    with daemons(layout) as box:
        box.broker()
        yield Panel(box, layout, free_port)


@pytest.fixture
def recorded(layout):
    """The id of a call with its recording."""
    return fill(layout)[0]


def file_of(layout, record):
    path = layout.archive / record.recording.file
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def long_call(layout):
    """The id and file of a call so long that to convert it takes longer than a test; its file has no blocks on the disk."""
    record = make_record("5550009", "1001", call_id="long", talk_s=LONG_S, at=NOON + timedelta(hours=3))
    size = LONG_S * 8000 * 4
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 8000, 32000, 4, 16)
    head = struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size)
    path = file_of(layout, record)
    path.write_bytes(head)
    os.truncate(path, len(head) + size)
    database = open_database(layout)
    calls.index(database, record)
    database.close()
    return record.call.call_id, path


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_what_was_ready_is_there_again_and_a_broken_download_goes_on(layout, recorded, panel, number):
    table = panel.begun("tables", kind="csv")
    archive = panel.begun("recordings", call_ids=[recorded])
    before = [panel.ready(key) for key in (table, archive)]
    rows = panel.viewer.get(f"exports/{table}/file").body
    first = panel.viewer.get(f"exports/{archive}/file", Range="bytes=0-9999")
    panel.restart(number)
    assert list(panel.listed()) == [archive, table], "the newest first, as before"
    for told in before:
        again = panel.viewer.get(f"exports/{told['id']}").json
        same = ("name", "kind", "state", "calls", "missing", "size_bytes", "begun_at", "encrypted")
        assert [again[name] for name in same] == [told[name] for name in same]
    assert panel.viewer.get(f"exports/{table}/file").body == rows
    rest = panel.viewer.get(f"exports/{archive}/file", Range="bytes=10000-", If_Range=first.headers["ETag"])
    assert rest.status == 206
    with zipfile.ZipFile(io.BytesIO(first.body + rest.body)) as found:
        assert found.testzip() is None
        assert len(found.namelist()) == 3
    assert panel.viewer.delete(f"exports/{table}").status == 204
    assert not (layout.exports / table).exists()


def test_what_was_being_prepared_says_so_and_is_made_again(layout, recorded, panel):
    call_id, path = long_call(layout)
    key = panel.begun("recordings", call_ids=[call_id], format="opus")
    folder = layout.exports / key
    until(lambda: list(folder.glob("*.opus")), what="the conversion")
    panel.restart()
    told = [panel.viewer.get(f"exports/{key}?lang={language}").json for language in ("en", "zh")]
    assert [one["state"] for one in told] == ["failed"] * 2
    assert "restarted; make it again" in told[0]["problem"]
    assert "请重新生成" in told[1]["problem"]
    assert not told[0]["needs_password"]
    assert [one.name for one in folder.iterdir()] == ["export.json"], "what was half made takes no room"
    assert panel.viewer.get(f"exports/{key}/file").code == "export-gone"
    panel.restart()
    assert panel.listed()[key]["state"] == "failed", "told until it is forgotten"
    path.unlink()
    anew = panel.viewer.post(f"exports/{key}/again").json["id"]
    after = panel.ready(anew)
    assert (after["calls"], after["missing"]) == (1, 1)
    assert list(panel.listed()) == [anew]


def test_the_password_of_an_archive_is_not_written_down_and_asked_for_again(
    layout, recorded, panel, tmp_path
):
    key = panel.begun("recordings", call_ids=[recorded], password=LOCK)
    panel.ready(key)
    assert told_in(layout.data, LOCK) == []
    panel.restart()
    told = panel.listed()[key]
    assert (told["state"], told["encrypted"], told["needs_password"]) == ("failed", True, True)
    assert "with a password" in told["problem"]
    assert panel.viewer.get(f"exports/{key}/file").code == "export-gone"
    for given in ({}, {"password": "short"}):
        refused = panel.viewer.post(f"exports/{key}/again", given)
        assert (refused.status, refused.field) == (422, "password"), "never in clear what was to be locked"
    anew = panel.viewer.post(f"exports/{key}/again", {"password": OTHER_LOCK}).json
    assert not anew["needs_password"]
    assert panel.ready(anew["id"])["encrypted"]
    body = panel.viewer.get(f"exports/{anew['id']}/file").body
    assert b"4930123456" not in body, "names of files tell no numbers"
    assert unlocked(body, LOCK, tmp_path / "old") is None
    assert len(unlocked(body, OTHER_LOCK, tmp_path / "new")) == 3
    assert told_in(layout.data, OTHER_LOCK) == []


def test_rights_are_judged_anew_and_the_oldest_makes_room(layout, recorded, panel):
    keys = [panel.begun("tables", kind="csv")]
    panel.ready(keys[0])
    keys.append(panel.begun("recordings", call_ids=[recorded]))
    panel.ready(keys[1])
    panel.restart()
    assert panel.admin.get("exports").json["exports"] == []
    assert [panel.admin.get(f"exports/{key}/file").status for key in keys] == [404, 404]
    for _ in range(4):
        panel.ready(panel.begun("tables", kind="csv"))
    assert len(panel.listed()) == 5, "those of before count"
    assert len(set(keys) & set(panel.listed())) == 1
    left = next(iter(set(keys) & set(panel.listed())))
    body = {
        "name": "viewer",
        "real_name": "",
        "role_id": 2,
        "is_enabled": True,
        "scope": {"kind": "extensions", "extensions": ["1002"]},
    }
    assert panel.admin.put(f"users/{panel.viewer_id}", body).status == 200
    panel.restart()
    assert panel.viewer.get(f"exports/{left}/file").status == 404
    assert panel.viewer.post(f"exports/{left}/again").status == 404
