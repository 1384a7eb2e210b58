import threading

from appliance.store.database import open_database


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
