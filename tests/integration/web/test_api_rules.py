"""Recording rules by API: saved on top of what was read, and explained for a call that somebody imagines."""

import pytest


@pytest.fixture
def admin(web):
    return web.administrator()


def saved(admin, **changes):
    read = admin.get("rules").json
    reply = admin.put("rules", {"version": read["version"], "rules": {**read["rules"], **changes}})
    assert reply.status == 200, reply
    return reply.json


def explained(admin, **call):
    reply = admin.post("rules/explain", call)
    assert reply.status == 200, reply
    return reply.json


def test_rules_are_read_and_saved_without_the_long_lists(admin):
    admin.post("lists/blacklist", {"number": "1001"})
    read = admin.get("rules").json
    assert not {"blacklist", "allow_list", "extensions"} & set(read["rules"])
    assert read["counts"] == {"blacklist": 1, "allow_list": 0, "extensions": 0}
    after = saved(admin, mode="keys", rules=[{"name": "VIP", "callers": ["5039*"]}])
    assert (after["rules"]["mode"], after["rules"]["rules"][0]["callers"]) == ("keys", ["5039*"])
    assert admin.get("rules").json == after
    assert admin.get("lists/blacklist").json["entries"][0]["number"] == "1001"


def test_a_number_listed_meanwhile_does_not_disturb_who_edits_rules(admin):
    read = admin.get("rules").json
    admin.post("lists/blacklist", {"number": "1001"})
    changed = {**read["rules"], "look_back": False}
    assert admin.put("rules", {"version": read["version"], "rules": changed}).status == 200
    assert admin.get("rules").json["counts"]["blacklist"] == 1


def test_rules_changed_meanwhile_are_a_conflict(admin):
    read = admin.get("rules").json
    saved(admin, mode="keys")
    reply = admin.put("rules", {"version": read["version"], "rules": read["rules"]})
    assert (reply.status, reply.code) == (409, "rules-changed")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mode": "sometimes"}, "recording.mode"),
        ({"blacklist": []}, "blacklist"),
        ({"rules": [{"name": ""}]}, "recording.rules[0].name"),
        ({"rules": [{"name": "a"}, {"name": "a"}]}, "recording.rules[1].name"),
        ({"rules": [{"name": "a", "schedule": "none"}]}, "recording.rules[0].schedule"),
        ({"rules": [{"name": "a", "trunks": ["x"]}]}, "recording.rules[0].trunks[0]"),
        ({"schedules": [{"name": "a", "windows": [{"days": []}]}]}, "recording.schedules[0].windows[0].days"),
        ({"time_zone": "Mars/Base"}, "recording.time_zone"),
        ({"start_key": "*1", "stop_key": "*1"}, "recording.stop_key"),
        ({"unknown": 1}, "recording.unknown"),
    ],
)
def test_wrong_rules_are_refused_with_their_path(admin, change, field):
    read = admin.get("rules").json
    for path, body in (
        ("rules", {"version": read["version"], "rules": change}),
        ("rules/explain", {"rules": change}),
    ):
        ask = admin.put if path == "rules" else admin.post
        for language in ("en", "zh"):
            reply = ask(f"{path}?lang={language}", body)
            assert (reply.status, reply.field) == (422, field)


def test_every_ground_is_explained(admin):
    assert explained(admin, caller="1", callee="2")["ground"] == "mode_all"
    admin.post("lists/blacklist", {"number": "5039*"})
    told = explained(admin, caller="+50391234", callee="2")
    assert (told["action"], told["ground"], told["reason"]) == ("ignore", "blacklist", "policy")
    assert "5039*" in told["explanation"]
    assert told["reason_text"]
    admin.put("lists/allow_list/switch", {"on": True})
    assert explained(admin, caller="1", callee="2")["ground"] == "not_allowed"
    admin.post("lists/allow_list", {"number": "*2"})
    assert explained(admin, caller="1", callee="2")["ground"] == "mode_all"
    saved(admin, licensed_calls=1)
    assert explained(admin, caller="1", callee="2", live_calls=1)["ground"] == "licence"
    saved(admin, work_mode="bound")
    assert explained(admin, caller="1", callee="2")["ground"] == "not_bound"
    admin.post("extensions", {"extensions": [{"number": "1", "channel": 7}]})
    assert explained(admin, caller="1", callee="2")["channel"] == 7


def test_the_first_rule_that_fits_decides_and_the_others_are_named(admin):
    saved(
        admin,
        rules=[
            {"name": "off", "enabled": False, "action": "ignore"},
            {"name": "trunk", "trunks": ["192.0.2.1"], "action": "on_demand"},
            {"name": "queue", "header_name": "X-Queue", "header_contains": "sales", "sample_pct": 10},
            {"name": "incoming", "directions": ["incoming"], "action": "ignore"},
        ],
    )
    told = explained(admin, caller="1", trunk="192.0.2.1:5060")
    assert (told["rule"], told["action"], told["passed"]) == ("trunk", "on_demand", [])
    told = explained(admin, caller="1", headers={"x-queue": "Sales EU"})
    assert (told["rule"], told["sample_pct"], told["passed"]) == ("queue", 10, ["trunk"])
    told = explained(admin, caller="1", direction="incoming")
    assert (told["rule"], told["action"]) == ("incoming", "ignore")
    told = explained(admin, caller="1")
    assert (told["ground"], told["passed"]) == ("mode_all", ["trunk", "queue", "incoming"])


def test_a_schedule_is_asked_for_the_moment_of_the_call(admin):
    hours = {"name": "office", "windows": [{"days": ["friday"], "begin": "08:00", "end": "18:00"}]}
    saved(admin, schedules=[hours], recording_time="office", time_zone="Asia/Shanghai")
    assert explained(admin, at="2026-11-20T01:00:00Z")["ground"] == "mode_all"  # Friday 09:00 there
    assert explained(admin, at="2026-11-20T11:00:00Z")["ground"] == "out_of_hours"


def test_rules_that_are_not_saved_are_explained(admin):
    draft = {**admin.get("rules").json["rules"], "rules": [{"name": "draft", "action": "ignore"}]}
    assert explained(admin, caller="1", rules=draft)["rule"] == "draft"
    assert explained(admin, caller="1")["rule"] == ""


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ({"trunk": "nowhere"}, "trunk"),
        ({"caller": "x" * 65}, "caller"),
        ({"at": "yesterday"}, "at"),
        ({"direction": "up"}, "direction"),
        ({"live_calls": -1}, "live_calls"),
        ({"headers": {"": "x"}}, "headers"),
    ],
)
def test_a_wrong_question_is_refused_at_its_field(admin, call, field):
    reply = admin.post("rules/explain", call)
    assert (reply.status, reply.field.partition("[")[0]) == (422, field)


def test_the_schema_describes_the_rules(box):
    schema = box.admin.get("rules/schema").json
    rulebook = schema["$defs"][schema["$ref"].rpartition("/")[2]]["properties"]
    assert rulebook["mode"]["x-choices"]["all"]["zh"] == "全部录音"
    assert {name: rulebook[name]["x-page"] for name in ("extensions", "blacklist", "allow_list", "rules", "schedules")} == {
        "extensions": "extensions", "blacklist": "lists", "allow_list": "lists", "rules": "rules", "schedules": "rules",
    }  # fmt: skip
    assert (
        box.admin.get("settings/schema").json["$defs"]["Settings"]["properties"]["recording"]["x-page"]
        == "rules"
    )
