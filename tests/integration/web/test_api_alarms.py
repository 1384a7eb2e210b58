from datetime import timedelta

import pytest

from appliance.store import alarms
from appliance.store.alarms import Found
from appliance.store.database import open_database
from tests.rigs.records import NOON

SAME = timedelta(minutes=15)
LOW = Found("disk_low", "low", "warning", True, {"free_mib": 7})
GONE = Found("program_down", "archiver", "critical", True, {"program": "archiver"})


@pytest.fixture
def raised(web):
    """Two alarms that stand and one that is over."""
    database = open_database(web.layout)
    alarms.record(database, [LOW, GONE], NOON, SAME)
    alarms.record(database, [Found("clock_set", "", "warning", True, {"jump_s": 3})], NOON + SAME, SAME)
    alarms.record(database, [Found("clock_set", "", "warning", False, {})], NOON + 2 * SAME, SAME)
    database.close()
    return web


def test_a_box_without_alarms_says_so(web):
    admin = web.administrator()
    found = admin.get("alarms").json
    assert (found["alarms"], found["next"]) == ([], None)
    assert found["counts"] == {"active": 0, "snoozed": 0, "acknowledged": 0}
    assert "{" not in "".join(kind["text"] for kind in found["kinds"])


def test_alarms_come_in_the_readers_language_with_what_to_do(raised):
    admin = raised.administrator()
    over, gone, low = admin.get("alarms").json["alarms"]
    assert (low["title"], low["state"], low["severity"]) == (
        "Little disk space is left: 7 MiB",
        "active",
        "warning",
    )
    assert "log" in gone["remedy"]
    assert (over["state"], over["cleared_at"]) == ("cleared", "2026-11-21T12:30:00Z")
    assert admin.get("alarms?lang=zh&kind=disk_low").json["alarms"][0]["title"] == "磁盘剩余空间不足：7 MiB"


def test_an_acknowledged_alarm_has_a_name_a_note_and_a_row_in_the_operation_log(raised):
    admin = raised.administrator()
    low = admin.get("alarms?kind=disk_low").json["alarms"][0]
    reply = admin.put(f"alarms/{low['id']}/acknowledgement", {"note": " ordered "})
    assert (reply.status, reply.json["state"], reply.json["note"]) == (200, "acknowledged", "ordered")
    assert reply.json["acknowledged_by"] == "admin"
    assert admin.get("alarms/count").json == {"active": 1, "snoozed": 0, "acknowledged": 1}
    assert [one["code"] for one in admin.get("alarms?state=acknowledged").json["alarms"]] == ["disk_low"]
    (row,) = admin.get("operations?operation=alarms.acknowledge").json["operations"]
    assert (row["operation_text"], row["module"]) == ("Acknowledge an alarm", "alarms")
    assert (row["parameters"]["code"], row["parameters"]["note"]) == ("disk_low", "ordered")


def test_a_snoozed_alarm_is_quiet_and_still_unanswered(raised):
    admin = raised.administrator()
    over, gone, _ = admin.get("alarms").json["alarms"]
    reply = admin.put(f"alarms/{gone['id']}/snooze", {"minutes": 60})
    assert (reply.json["state"], reply.json["snoozed_by"]) == ("active", "admin")
    assert admin.get("alarms/count").json == {"active": 2, "snoozed": 1, "acknowledged": 0}
    refused = admin.put(f"alarms/{over['id']}/snooze", {"minutes": 60})
    assert (refused.status, refused.code) == (409, "already-cleared")
    assert admin.put(f"alarms/{gone['id']}/snooze", {"minutes": 0}).status == 422


def test_pages_by_key_and_filters(raised):
    admin = raised.administrator()
    first = admin.get("alarms?page_size=2").json
    rest = admin.get(f"alarms?page_size=2&before={first['next']}").json
    assert ([one["code"] for one in rest["alarms"]], rest["next"]) == (["disk_low"], None)
    late = admin.get("alarms?from=2026-11-21T12:01:00Z").json["alarms"]
    assert [one["code"] for one in late] == ["clock_set"]
    assert [one["code"] for one in admin.get("alarms?severity=critical").json["alarms"]] == ["program_down"]
    assert admin.get("alarms?state=cleared&to=2026-11-21T12:01:00Z").json["alarms"] == []
    assert admin.put("alarms/999/acknowledgement", {"note": ""}).status == 404


def test_only_who_sees_the_whole_box_sees_its_alarms(raised):
    admin = raised.administrator()
    role = admin.post("roles", {"name": "night", "permissions": ["home", "alarms"]})
    assert role.status == 201, role
    scope = {"kind": "extensions", "extensions": ["1001"]}
    made = admin.post("users", {"name": "part", "role_id": role.json["id"], "scope": scope})
    assert made.status == 201, made
    part = raised.anonymous()
    once = made.json["one_time_password"]
    assert part.post("session", {"name": "part", "password": once}).status == 200
    change = {"old_password": once, "new_password": "a long enough phrase"}
    assert part.post("session/password", change).status == 204
    for reply in (
        part.get("alarms"),
        part.get("alarms/count"),
        part.put("alarms/1/acknowledgement", {"note": "x"}),
        part.put("alarms/1/snooze", {"minutes": 5}),
    ):
        assert (reply.status, reply.code) == (403, "denied")
    assert admin.get("alarms/count").json["acknowledged"] == 0
