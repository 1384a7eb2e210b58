import asyncio
import threading
from datetime import UTC, datetime

from appliance.bus.client import Bus
from appliance.bus.topics import STORAGE, StorageState
from appliance.core.files import STORAGE_MARK_FILE
from appliance.store.database import open_database
from tests.rigs.patience import until, until_async


def test_a_locked_index_delays_writing_and_not_reading(web):
    admin = web.administrator()
    locked, release = threading.Event(), threading.Event()

    def hold():
        database = open_database(web.layout)
        with database.write():
            locked.set()
            release.wait(60)
        database.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert locked.wait(20)
        assert admin.get("calls").status == 200
        reply = admin.post("users", {"name": "late", "role_id": 2})
        assert (reply.status, reply.code) == (503, "busy")
        assert int(reply.headers["Retry-After"]) >= 1
    finally:
        release.set()
        thread.join()
    assert admin.post("users", {"name": "late", "role_id": 2}).status == 201


def test_a_recording_that_was_taken_away_is_not_found(box):
    path = box.web.layout.archive / box.viewer.get(f"calls/{box.recorded}").json["recording"]["file"]
    moved = path.rename(path.with_suffix(".away"))
    try:
        for query in ("", "?format=flac"):
            reply = box.viewer.get(f"calls/{box.recorded}/audio{query}")
            assert reply.status in (404, 422), reply
    finally:
        moved.rename(path)


def test_a_damaged_recording_is_no_failure_of_the_server(box):
    path = box.web.layout.archive / box.viewer.get(f"calls/{box.recorded}").json["recording"]["file"]
    path.write_bytes(b"RIFF\x00\x00\x00\x00WAVEdamaged")
    try:
        assert box.viewer.get(f"calls/{box.recorded}/audio?format=flac").status == 422
    finally:
        path.write_bytes(box.file)
    assert box.viewer.get(f"calls/{box.recorded}/audio").body == box.file


def test_a_recording_on_the_second_storage_path_is_played_and_one_that_is_away_is_told(playground, tmp_path):
    admin, web, call_id = playground.admin, playground.web, playground.recorded
    kept = admin.get("settings").json
    kept["settings"]["paths"]["second"] = str(tmp_path / "b")
    reply = admin.put("settings", {"revision": kept["revision"], "settings": kept["settings"]})
    assert reply.status == 200, reply
    content = admin.get(f"calls/{call_id}/audio").body
    second = tmp_path / "b"
    web.layout.archive.rename(second)
    web.layout.archive.mkdir()
    (second / STORAGE_MARK_FILE).write_text("mark\n")
    until(lambda: admin.get(f"calls/{call_id}/audio").status == 200, 30, "the file on the second path")
    assert admin.get(f"calls/{call_id}/audio").body == content
    assert admin.get(f"calls/{call_id}/peaks").status == 200
    second.rename(tmp_path / "away")
    reply = admin.get(f"calls/{call_id}/audio")
    assert (reply.status, reply.code) == (503, "recording-away")
    assert str(second) in reply.json["error"]["message"]


def test_home_shows_both_storage_paths(web):
    admin = web.administrator()
    at = datetime(2026, 11, 21, tzinfo=UTC)

    async def run():
        async with Bus(web.layout.bus_socket, "archiver") as bus:
            bus.set(STORAGE, "first", StorageState(at=at, path="/a", current=False, problem="missing"))
            bus.set(STORAGE, "second", StorageState(at=at, path="/b", current=True, instead_since=at))

            async def both():
                return len((await asyncio.to_thread(admin.get, "home")).json["storage"]["paths"]) == 2

            await until_async(both, 30, "both paths on the overview")
            return admin.get("home").json["storage"]["paths"]

    first, second = asyncio.run(run())
    assert (first["shelf"], first["problem"], first["current"]) == ("first", "missing", False)
    assert (second["shelf"], second["path"], second["current"]) == ("second", "/b", True)
    assert second["instead_since"] == "2026-11-21T00:00:00Z"
