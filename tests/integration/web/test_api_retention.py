"""Retention over the API: previewed on real recordings before it is saved, saved with its version, seen at the call."""

import json

import pytest

from appliance.domain.ledger import Reason
from appliance.settings import storage
from appliance.store import calls, holds
from appliance.store.database import open_database
from appliance.system import disks
from appliance.system.disks import Disk, Part, Report, Smart
from tests.rigs.expiring import SIZE, archived, expirer, now
from tests.rigs.many_calls import Shape, fill
from tests.rigs.records import make_record


@pytest.fixture
def kept(web):
    """Four recordings of 40, 30, 20 and 1 days, the second under a hold; the ids."""
    database = open_database(web.layout)
    names = archived(web.layout, database, [40, 30.5, 20, 1])
    holds.hold(database, names[1], "case", "eva", now())
    database.close()
    return names


def test_a_preview_tells_what_would_go_and_changes_nothing(web, kept):
    admin = web.administrator()
    before = admin.get("retention").json
    assert before["preview"]["enabled"] is False
    wanted = before["retention"] | {"enabled": True, "keep_days": 15, "least_days": 0}
    preview = admin.post("retention/preview", {"retention": wanted}).json
    (rest,) = preview["classes"]
    assert (rest["calls"], rest["bytes"], rest["held"]) == (4, 4 * SIZE, 1)
    assert (preview["calls"], preview["bytes"]) == (2, 2 * SIZE)
    assert (rest["going"]["by_age"], rest["going"]["by_size"]) == (2, 0)
    assert [one["call_id"] for one in rest["going"]["sample"]] == [kept[0], kept[2]]
    assert rest["going"]["oldest"] < rest["going"]["newest"]
    assert rest["effective_days"] == 15
    assert admin.get("retention").json["retention"] == before["retention"]


def test_classes_are_previewed_apart_and_a_dry_run_is_what_happens(web, kept):
    admin = web.administrator()
    assert admin.post(f"calls/{kept[0]}/tags", {"tag": "gold"}).status == 200
    current = admin.get("retention").json
    wanted = current["retention"] | {
        "enabled": True, "keep_days": 15, "least_days": 0, "grace_h": 0,
        "classes": [{"name": "Gold", "tags": ["gold"], "keep_days": 3650}],
    }  # fmt: skip
    saved = admin.put("retention", {"version": current["version"], "retention": wanted})
    assert saved.status == 200, saved.body
    gold, rest = saved.json["preview"]["classes"]
    assert (gold["text"], gold["calls"], gold["going"]["calls"]) == ("Gold", 1, 0)
    assert [one["call_id"] for one in rest["going"]["sample"]] == [kept[2]]
    database = open_database(web.layout)
    gone = expirer(web.layout, database).run()
    assert [record.call.call_id for record in gone] == [kept[2]]
    database.close()
    told = admin.get(f"calls/{kept[2]}/annotations").json["deletion"]
    assert told["is_done"] is True
    assert "15" in told["reason"]
    assert admin.get(f"calls/{kept[2]}").json["reason"] == Reason.EXPIRED
    assert admin.put(f"calls/{kept[2]}/hold", {"reason": "late"}).code == "already-deleted"
    log = admin.get("operations?page_size=50").json["operations"]
    assert "retention.save" in {one["operation"] for one in log}


def test_an_old_version_and_nonsense_are_refused(web, kept):
    admin = web.administrator()
    current = admin.get("retention").json
    first = current["retention"] | {"keep_days": 10}
    assert admin.put("retention", {"version": current["version"], "retention": first}).status == 200
    again = admin.put("retention", {"version": current["version"], "retention": first})
    assert (again.status, again.code) == (409, "retention-changed")
    for wrong, field in (
        ({"keep_days": -1}, "retention.keep_days"),
        ({"classes": [{"name": "a"}]}, "retention.classes[0]"),
        ({"keep_days": 3, "least_days": 7}, "retention.keep_days"),
    ):
        refused = admin.post("retention/preview", {"retention": wrong})
        assert (refused.status, refused.field) == (422, field)
    assert storage.load(web.layout).retention.keep_days == 10


def test_a_new_policy_tells_when_it_begins(web, kept):
    admin = web.administrator()
    current = admin.get("retention").json
    wanted = current["retention"] | {"enabled": True, "keep_days": 15}
    saved = admin.put("retention", {"version": current["version"], "retention": wanted}).json
    assert saved["begins_at"] is not None


def test_retention_is_not_for_everybody(web, kept):
    admin = web.administrator()
    viewer = web.viewer(admin)
    assert viewer.get("retention").status == 403
    assert viewer.post("retention/preview", {"retention": {}}).status == 403
    assert viewer.get("storage").status == 403


def test_storage_tells_growth_disks_and_arrays(web, kept):
    admin = web.administrator()
    empty = admin.get("storage").json
    assert (empty["disks"], empty["asked_at"]) == ([], None)
    assert empty["archive_bytes"] == 4 * SIZE
    assert sum(day["bytes"] for day in empty["per_day"]) == 2 * SIZE
    assert len(empty["per_day"]) == 30
    spare = Disk(path="/dev/sdb", size_bytes=1 << 40, model="ST1", serial="Z9", smart=Smart(passed=False))
    system = Disk(
        path="/dev/sda",
        size_bytes=1 << 40,
        parts=[Part(path="/dev/sda1", size_bytes=1 << 40, kind="ext4", mounts=["/"])],
        smart=Smart(problem="Unable to detect device type"),
    )
    disks.write(web.layout, Report(at=now(), disks=[system, spare]))
    told = admin.get("storage").json
    first, second = told["disks"]
    assert (first["is_free"], first["smart"]["state"], first["kinds"]) == (False, "unknown", ["ext4"])
    assert (second["is_free"], second["smart"]["state"]) == (True, "failing")


def test_a_preview_of_a_large_archive_answers(web):
    database = open_database(web.layout)
    fill(database, Shape(calls=30_000, outside=5000))
    calls.index(database, make_record())
    database.close()
    wanted = {"enabled": True, "keep_days": 30, "classes": [{"name": "in", "directions": ["incoming"]}]}
    preview = web.administrator().post("retention/preview", {"retention": wanted})
    assert preview.status == 200, preview.body
    assert sum(one["calls"] for one in preview.json["classes"]) > 20_000
    assert 0 < preview.json["calls"] < 30_000
    assert json.dumps(preview.json["classes"][0]["going"]["sample"]) == "[]"
