"""Backups over the API, with the real backup program beside the panel."""

import base64

import pytest

from appliance.settings import storage
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs import keeping as rig
from tests.rigs.patience import until
from tests.rigs.records import NOON, make_record
from tests.rigs.web import PASSWORD

# The MQTT library leaves a refused Unix socket to the garbage collector.
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def keeping(web):
    """The panel with a call, and the backup program beside it."""
    database = open_database(web.layout)
    calls.index(database, make_record(at=NOON, call_id="first"))
    database.close()
    with rig.keeping(web.layout):
        yield web


def settled(admin, kind):
    """The answer once nothing waits and the newest thing done is of this kind."""
    found = {}

    def is_done():
        found.update(admin.get("backups").json)
        runs = found["runs"]
        return not (found["waiting"] or found["job"]) and runs and runs[0]["kind"] == kind

    until(is_done, what=f"{kind} to be done", deadline_s=120)
    return found


def test_a_backup_is_made_downloaded_rehearsed_and_restored(keeping):
    admin = keeping.administrator()
    assert admin.post("backups").status == 202
    found = settled(admin, "make")
    run = found["runs"][0]
    assert (run["is_good"], run["calls"], run["by"]) == (True, 1, "admin")
    (place,) = found["places"]
    (one,) = place["backups"]
    assert (place["place"], one["is_own"], one["is_here"], one["kind"]) == ("box", True, True, "plain")
    content = admin.get(f"backups/file?place=box&name={one['name']}")
    assert content.status == 200
    assert content.body.startswith(b"age-encryption.org/v1")
    assert len(content.body) == one["bytes"]
    database = open_database(keeping.layout)
    database.execute("DELETE FROM calls WHERE call_id = 'first'", ())
    chosen = {"place": "box", "name": one["name"]}
    assert admin.post("backups/restore", {"name": one["name"]}).status == 404
    assert admin.post("backups/rehearsal", chosen).status == 202
    rehearsal = settled(admin, "rehearse")["rehearsal"]
    assert (rehearsal["calls"], rehearsal["here_calls"], rehearsal["people"]) == (1, 0, 1)
    assert admin.post("backups/restore", {"name": one["name"]}).status == 202
    until(keeping.layout.restored.exists, what="it is restored", deadline_s=120)
    assert [row[0] for row in database.execute("SELECT call_id FROM calls", ())] == ["first"]
    database.close()


def test_the_recovery_key_is_shown_once_to_who_knows_the_password(keeping):
    admin = keeping.administrator()
    assert admin.get("backups").json["key_shown_at"] is None
    assert admin.post("backups/key", {"password": "wrong"}).field == "password"
    shown = admin.post("backups/key", {"password": PASSWORD})
    assert shown.json["recovery_key"].startswith("AGE-SECRET-KEY-1")
    again = admin.post("backups/key", {"password": PASSWORD})
    assert (again.status, again.code) == (409, "key-shown")
    fresh = admin.post("backups/key/renewal", {"password": PASSWORD}).json["recovery_key"]
    assert fresh != shown.json["recovery_key"]
    log = admin.get("operations?page_size=100").body.decode()
    assert fresh not in log
    assert PASSWORD not in log


def test_what_fails_is_told_in_the_readers_language(keeping):
    admin = keeping.administrator()
    revision = admin.get("settings").json["revision"]
    wanted = {"backup": {"ftp": {"enabled": True, "server": "127.0.0.1", "port": 1, "password": "s3cret"}}}
    assert admin.put("settings", {"revision": revision, "settings": wanted}).status == 200
    assert admin.post("backups/trial", {"place": "ftp"}).status == 202
    run = settled(admin, "try")["runs"][0]
    assert run["is_good"] is False
    assert run["problem"]
    assert "s3cret" not in admin.get("settings").body.decode()
    assert storage.load(keeping.layout).backup.ftp.password == "s3cret"
    assert admin.post("backups/trial", {"place": "moon"}).status == 404


def test_backups_are_for_the_administrator_with_all_rights_alone(web):
    admin = web.administrator()
    role = admin.post("roles", {"name": "Setter", "permissions": ["settings", "home", "live"]})
    assert role.status == 201, role.body
    viewer = web.viewer(admin)
    assert viewer.get("backups").status == 403
    made = admin.post("users", {"name": "olga", "role_id": role.json["id"]})
    once = made.json["one_time_password"]
    olga = web.anonymous()
    assert olga.post("session", {"name": "olga", "password": once}).status == 200
    assert olga.post("session/password", {"old_password": once, "new_password": PASSWORD}).status == 204
    for reply in (
        olga.get("backups"),
        olga.post("backups"),
        olga.post("backups/key", {"password": PASSWORD}),
        olga.get("backups/file?place=box&name=tapeline-a-20261121T000000Z-plain.tar.gz.age"),
    ):
        assert (reply.status, reply.code) == (403, "only-for-owners")


@pytest.mark.parametrize("name", ["tapeline-..", "tapeline-index.sqlite", "tapeline-a.tar"])
def test_only_backups_are_downloaded(web, name):
    assert web.administrator().get(f"backups/file?place=box&name={name}").status in (404, 422)


def uploaded(admin, content, name, piece=1_000_000):
    """Bring a file as the page does; the last answer."""
    reply = None
    for start in range(0, len(content), piece):
        part = base64.b64encode(content[start : start + piece]).decode()
        body = {"name": name, "offset": start, "total": len(content), "content": part}
        reply = admin.post("backups/upload", body)
        if reply.status != 200:
            return reply
    return reply


def test_a_backup_from_a_pc_is_tried_and_restored(keeping):
    admin = keeping.administrator()
    admin.post("backups")
    found = settled(admin, "make")
    (one,) = found["places"][0]["backups"]
    content = admin.get(f"backups/file?place=box&name={one['name']}").body
    admin.post("backups/remove", {"place": "box", "name": one["name"]})
    settled(admin, "delete")
    database = open_database(keeping.layout)
    database.execute("DELETE FROM calls WHERE call_id = 'first'", ())
    assert found["upload"] is None
    assert uploaded(admin, content, one["name"], piece=len(content) // 3 + 1).json["received"] == len(content)
    upload = admin.get("backups").json["upload"]
    assert upload == {"name": one["name"], "bytes": len(content), "received": 0, "total": 0}
    assert admin.post("backups/upload/rehearsal").status == 202
    rehearsal = settled(admin, "rehearse")["rehearsal"]
    assert (rehearsal["name"], rehearsal["calls"], rehearsal["is_own"]) == (one["name"], 1, True)
    assert admin.post("backups/restore", {"name": one["name"]}).status == 202
    until(keeping.layout.restored.exists, what="it is restored", deadline_s=120)
    assert [row[0] for row in database.execute("SELECT call_id FROM calls", ())] == ["first"]
    database.close()


def test_an_upload_that_broke_goes_on_and_what_is_no_backup_is_refused(web):
    admin = web.administrator()
    content = b"age-encryption.org/v1\n" + bytes(3000)
    assert admin.post("backups/upload/rehearsal").status == 404
    refused = uploaded(admin, b"PK" + bytes(5000), "photos.zip")
    assert (refused.status, refused.code) == (422, "no-backup")
    assert admin.get("backups").json["upload"] is None
    first = {"name": "renamed (1).age", "offset": 0, "total": len(content)}
    begun = admin.post("backups/upload", first | {"content": base64.b64encode(content[:1000]).decode()})
    assert begun.json == {"received": 1000}
    assert admin.get("backups").json["upload"]["received"] == 1000
    wrong = first | {"offset": 2000, "content": base64.b64encode(content[2000:]).decode()}
    refused = admin.post("backups/upload", wrong)
    assert (refused.status, refused.code) == (409, "not-next")
    rest = first | {"offset": 1000, "content": base64.b64encode(content[1000:]).decode()}
    assert admin.post("backups/upload", rest).json["received"] == len(content)
    assert admin.get("backups").json["upload"]["name"] == "tapeline-upload.age"
    assert admin.delete("backups/upload").json["upload"] is None
    too_much = first | {"total": 1 << 62, "content": "YQ=="}
    assert admin.post("backups/upload", too_much).status == 422
    viewer = web.viewer(admin)
    assert viewer.post("backups/upload", first | {"content": "YQ=="}).status == 403
