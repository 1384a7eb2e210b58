import io
import wave

import numpy as np
import pytest

from appliance.store import holds
from appliance.store.database import open_database


@pytest.fixture
def call(playground):
    return f"calls/{playground.recorded}"


def annotations(box, who=None):
    reply = (who or box.admin).get(f"calls/{box.recorded}/annotations")
    assert reply.status == 200, reply
    return reply.json


def test_a_tag_is_put_on_and_taken_off_and_offered_again(playground, call):
    box = playground
    assert box.viewer.post(f"{call}/tags", {"tag": " Billing "}).status == 200
    assert [tag["tag"] for tag in annotations(box)["tags"]] == ["billing"]
    assert annotations(box)["tags"][0]["author"] == "viewer"
    assert box.admin.get("tags?begin=bi").json == {"tags": [{"tag": "billing", "calls": 1}]}
    listed = box.viewer.get(f"annotations?ids={box.recorded},{box.refused}").json["calls"]
    assert listed == {box.recorded: {"tags": ["billing"], "notes": 0, "held": False, "reviewed": False}}
    assert box.viewer.delete(f"{call}/tags?tag=BILLING").status == 200
    assert annotations(box)["tags"] == []


@pytest.mark.parametrize("tag", ["", "   ", "a,b"])
def test_a_tag_must_be_a_word(playground, call, tag):
    reply = playground.viewer.post(f"{call}/tags", {"tag": tag})
    assert (reply.status, reply.field) == (422, "tag")


def test_a_note_belongs_to_its_author(playground, call):
    box = playground
    made = box.viewer.post(f"{call}/notes", {"text": " called back ", "position_s": 1.5})
    assert made.status == 201
    (note,) = made.json["notes"]
    assert (note["text"], note["position_s"], note["author"], note["is_own"]) == (
        "called back",
        1.5,
        "viewer",
        True,
    )
    path = f"{call}/notes/{note['id']}"
    assert annotations(box)["notes"][0]["is_own"] is False
    assert box.admin.put(path, {"text": "no"}).code == "not-yours"
    assert box.admin.delete(path).code == "not-yours"
    assert box.viewer.put(path, {"text": "called back twice"}).json["notes"][0]["edited_at"]
    assert box.viewer.put(path, {"text": " "}).field == "text"
    assert box.viewer.delete(f"calls/{box.refused}/notes/{note['id']}").status == 404
    assert box.viewer.delete(path).json["notes"] == []


def test_a_bookmark_marks_a_place(playground, call):
    box = playground
    made = box.viewer.post(f"{call}/bookmarks", {"position_s": 2.25, "label": "the offer"})
    (mark,) = made.json["bookmarks"]
    assert (mark["position_s"], mark["label"]) == (2.25, "the offer")
    assert box.viewer.delete(f"{call}/bookmarks/{mark['id']}").json["bookmarks"] == []
    assert box.viewer.post(f"{call}/bookmarks", {"position_s": -1}).status == 422


def test_unknown_calls_have_no_annotations(playground):
    for method, path, body in (
        ("GET", "annotations", None),
        ("POST", "tags", {"tag": "x"}),
        ("POST", "notes", {"text": "x"}),
        ("PUT", "hold", {"reason": "xxx"}),
        ("POST", "deletion", {"reason": "xxx"}),
    ):
        assert playground.admin.ask(method, f"calls/nowhere/{path}", body).status == 404, path


def test_holding_and_deleting_are_not_for_viewers(playground, call):
    for method, path in (("PUT", "hold"), ("DELETE", "hold"), ("POST", "deletion")):
        assert playground.viewer.ask(method, f"{call}/{path}", {"reason": "xxx"}).status == 403


def test_a_held_call_is_not_deleted_and_says_why(playground, call):
    box = playground
    held = box.admin.put(f"{call}/hold", {"reason": "case 7"})
    assert (held.status, held.json["hold"]["reason"], held.json["hold"]["author"]) == (200, "case 7", "admin")
    assert box.admin.put(f"{call}/hold", {"reason": "case 8"}).code == "already-held"
    refused = box.admin.post(f"{call}/deletion", {"reason": "space"})
    assert (refused.status, refused.code) == (409, "held")
    assert "case 7" in refused.json["error"]["message"]
    lifted = box.admin.delete(f"{call}/hold").json
    assert lifted["hold"] is None
    assert [one["lifted_by"] for one in lifted["holds"]] == ["admin"]
    assert box.admin.delete(f"{call}/hold").status == 404


def test_a_deletion_needs_a_reason_and_a_second_step(playground, call):
    box = playground
    assert box.admin.post(f"{call}/deletion", {"reason": " "}).field == "reason"
    first = box.admin.post(f"{call}/deletion", {"reason": "asked by the customer"}).json
    assert first["asked"] is False
    assert first["bytes"] == len(box.file)
    wrong = box.admin.post(f"{call}/deletion", {"reason": "other", "confirmation": first["confirmation"]})
    assert (wrong.status, wrong.field) == (422, "confirmation")
    database = open_database(box.web.layout)
    assert holds.wish_of(database, box.recorded) is None
    body = {"reason": "asked by the customer", "confirmation": first["confirmation"]}
    assert box.admin.post(f"{call}/deletion", body).json["asked"] is True
    wish = holds.wish_of(database, box.recorded)
    assert (wish.reason, wish.author) == ("asked by the customer", "admin")
    told = annotations(box)["deletion"]
    assert (told["author"], told["is_done"]) == ("admin", False)
    # A hold that comes before the archiver did it wins.
    assert box.admin.put(f"{call}/hold", {"reason": "case 9"}).json["deletion"] is None
    assert holds.wishes(database) == []
    database.close()
    assert box.admin.delete(f"{call}/hold").status == 200


def test_the_evidence_tells_a_changed_file_from_the_real_one(playground, call):
    box = playground
    path = next(box.web.layout.archive.rglob("*.wav"))
    good = box.viewer.get(f"{call}/evidence").json
    assert good["matches"] is True
    assert good["found"] == good["expected"]
    changed = bytearray(box.file)
    changed[100] ^= 1
    path.write_bytes(changed)
    bad = box.viewer.get(f"{call}/evidence").json
    path.write_bytes(box.file)
    assert (bad["matches"], bad["found"] == bad["expected"]) == (False, False)
    assert box.viewer.get(f"calls/{box.refused}/evidence").code == "no-recording"


def region(box, query, **headers):
    return box.viewer.get(f"calls/{box.recorded}/audio?{query}", **headers)


def test_a_region_is_exactly_these_seconds(box):
    reply = region(box, "from=0.5&to=1.75&download=1")
    assert "_0.5-1.8s.wav" in reply.headers["Content-Disposition"]
    with wave.open(io.BytesIO(reply.body)) as file:
        assert file.getnframes() == 10_000
        samples = np.frombuffer(file.readframes(10_000), np.int16).reshape(-1, 2)
    assert np.array_equal(samples, box.sound[4000:14_000])


def test_a_player_may_jump_in_a_region(box):
    whole = region(box, "from=1&to=2").body
    part = region(box, "from=1&to=2", Range="bytes=1000-1999")
    assert (part.status, part.body) == (206, whole[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"


@pytest.mark.parametrize("wanted", ["opus", "flac", "mp3", "wav_g711"])
def test_a_region_is_had_in_any_format(box, wanted):
    reply = region(box, f"from=1&to=2&format={wanted}")
    assert reply.status == 200
    assert 0 < len(reply.body) < len(box.file)


@pytest.mark.parametrize(
    ("query", "field"), [("from=2&to=1", "to"), ("from=99", "from"), ("from=-1", "from")]
)
def test_a_region_outside_the_recording_is_refused(box, query, field):
    reply = region(box, query)
    assert (reply.status, reply.field) == (422, field)


def test_a_window_of_the_waveform_is_finer(box):
    reply = box.viewer.get(f"calls/{box.recorded}/peaks?from=1&to=1.5&peaks=1000")
    assert (reply.status, reply.body[:4]) == (200, b"TPK1")
    assert int.from_bytes(reply.body[20:24], "little") == 4
    long = box.viewer.get(f"calls/{box.recorded}/peaks?from=0&to=1&peaks=9")
    assert (long.status, long.field) == (422, "peaks")


def test_what_one_has_reviewed_is_ones_own_business(playground):
    box = playground
    ids = [box.recorded, box.refused]
    assert box.viewer.put("reviewed", {"call_ids": [*ids, "nowhere"]}).json == {"calls": 2}
    assert annotations(box, box.viewer)["reviewed"] is True
    assert annotations(box, box.admin)["reviewed"] is False
    seen = box.viewer.get(f"annotations?ids={','.join(ids)}").json["calls"]
    assert [one["reviewed"] for one in seen.values()] == [True, True]
    assert box.admin.get(f"annotations?ids={','.join(ids)}").json == {"calls": {}}
    assert box.viewer.put("reviewed", {"call_ids": [box.refused], "reviewed": False}).json == {"calls": 1}
    found = box.viewer.get("calls?reviewed=yes&page_size=100").json
    assert [one["call_id"] for one in found["calls"]] == [box.recorded]
    assert box.admin.get("calls?reviewed=yes").json["calls"] == []
    every = box.admin.get("query/count").json["total"]
    assert box.viewer.get("query/count?reviewed=no").json["total"] == every - 1
    assert box.admin.get("query/count?reviewed=no").json["total"] == every
    assert box.viewer.put("reviewed", {"call_ids": ids, "reviewed": "soon"}).status == 422
    assert box.viewer.get("calls?reviewed=maybe").status == 422


def test_who_looks_as_somebody_else_sees_their_own_marks_and_changes_none(playground):
    box = playground
    box.viewer.put("reviewed", {"call_ids": [box.recorded]})
    (viewer,) = [one for one in box.admin.get("users").json["users"] if one["name"] == "viewer"]
    assert box.admin.post("look", {"user_id": viewer["id"]}).status == 204
    try:
        assert annotations(box, box.admin)["reviewed"] is False
        assert box.admin.get("calls?reviewed=yes").json["calls"] == []
        assert box.admin.put("reviewed", {"call_ids": [box.recorded]}).code == "only-looking"
    finally:
        assert box.admin.delete("look").status == 204
