"""The page about the box itself: true of this machine, for those alone who may see the box as a whole."""

import os
import shutil
import socket

import pytest

from appliance.core.release import VERSION
from tests.rigs.daemons import Daemons
from tests.rigs.patience import until


def program(answer, name):
    return next(one for one in answer["programs"] if one["name"] == name)


def test_what_is_told_is_true_of_this_machine(box):
    answer = box.admin.get("system").json
    names = {name for _, name in socket.if_nameindex()} - {"lo"}
    assert {nic["name"] for nic in answer["nics"]} <= names
    assert all(nic["role"] in ("management", "mirror", "both", "off") for nic in answer["nics"])
    assert answer["system"]["version"] == VERSION
    assert answer["system"]["processors"] == os.cpu_count()
    assert answer["system"]["uptime_s"] > 0
    assert answer["system"]["clock"]["state"] == "unknown"
    usage = shutil.disk_usage(box.web.layout.data)
    assert [disk["total_bytes"] for disk in answer["disks"]] == [usage.total]
    assert len(answer["disks"][0]["uses"]) == 2


def test_a_build_without_a_limit_says_so_and_a_limit_is_told(web):
    admin = web.administrator()
    licence = admin.get("system").json["licences"][0]
    assert (licence["technology"], licence["limit"], licence["state"]) == ("ip", None, "unlimited")
    assert "nlimited" in licence["state_text"]
    assert "不限" in admin.get("system?lang=zh").json["licences"][0]["state_text"]
    change = {"revision": 0, "settings": {"recording": {"licensed_calls": 30}}}
    assert admin.put("settings", change).status == 200
    licence = admin.get("system").json["licences"][0]
    assert (licence["limit"], licence["state"]) == (30, "limited")


def test_the_panel_sees_itself_and_what_stands_still(box):
    answer = box.admin.get("system").json
    own = program(answer, "webadmin")
    assert own["process_id"] == os.getpid()
    assert own["memory_bytes"] > 0
    assert own["state"] == "running"
    assert program(answer, "archiver")["state"] == "stopped"
    assert program(answer, "archiver")["process_id"] is None
    assert "timesync" not in {one["name"] for one in answer["programs"]}


def test_last_error_and_tail_come_from_the_log_folder(web):
    admin = web.administrator()
    web.layout.logs.mkdir()
    (web.layout.logs / "archiver.log").write_text(
        "10:00:00 INFO    x: ready\n10:00:01 ERROR   x: disk refused file=13800138000.wav\n"
    )
    assert program(admin.get("system").json, "archiver")["last_error"]["text"].startswith("x: disk refused")
    tail = admin.get("system/programs/archiver/log?lines=1").json
    assert tail["source"] == "file"
    assert [line["level"] for line in tail["lines"]] == ["error"]
    assert admin.get("system/programs/archiver/log?lines=0").status == 422
    assert admin.get("system/programs/passwd/log").status == 404
    words = [row["operation"] for row in admin.get("operations").json["operations"]]
    assert "system.show_log" in words


@pytest.mark.parametrize("path", ["system", "system/programs/recorder/log"])
def test_it_is_nothing_for_people_without_the_permission(box, path):
    assert box.viewer.get(path).status == 403
    assert box.anonymous.get(path).status == 401


def test_a_program_that_died_and_came_back_is_counted(web):
    admin = web.administrator()
    daemons = Daemons(web.layout)

    def watchdog():
        return program(admin.get("system").json, "watchdog")

    try:
        daemons.start("watchdog")
        until(lambda: watchdog()["state"] == "running", what="the watchdog to be told of")
        assert (watchdog()["process_id"], watchdog()["restarts"]) == (daemons.pid("watchdog"), 0)
        until(lambda: watchdog()["cpu_percent"] is not None, what="its share of a processor")
        daemons.kill("watchdog")
        until(lambda: watchdog()["state"] == "stopped", what="its end to be told")
        daemons.start("watchdog")
        until(lambda: watchdog()["state"] == "running", what="its new life")
        assert watchdog()["process_id"] == daemons.pid("watchdog")
        assert watchdog()["restarts"] == 1
        assert admin.get("system/programs/watchdog/log").json["lines"]
    finally:
        daemons.close()


def test_channels_of_the_wall_are_those_of_the_scope_with_their_names(web):
    admin = web.administrator()
    bound = [{"number": "2002", "channel": 2, "name": "Bob"}, {"number": "2001", "channel": 1}]
    assert admin.post("extensions", {"extensions": bound}).status == 200

    def told(browser):
        return [
            (one["channel"], one["number"], one["name"])
            for one in browser.get("live/channels").json["channels"]
        ]

    assert told(admin) == [(1, "2001", ""), (2, "2002", "Bob")]
    viewer = web.viewer(admin)
    users = admin.get("users").json["users"]
    user = next(one for one in users if one["name"] == "viewer")
    change = {
        "name": "viewer",
        "role_id": user["role_id"],
        "scope": {"kind": "extensions", "extensions": ["2002"]},
    }
    assert admin.put(f"users/{user['id']}", change).status == 200
    assert told(viewer) == [(2, "2002", "Bob")]
