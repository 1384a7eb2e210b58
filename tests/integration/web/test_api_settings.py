import pytest


def test_settings_are_read_changed_and_in_force(web):
    admin = web.administrator()
    before = admin.get("settings").json
    assert before["revision"] == 0
    wanted = before["settings"]
    wanted["web"]["min_password_length"] = 16
    saved = admin.put("settings", {"revision": 0, "settings": wanted})
    assert (saved.status, saved.json["revision"]) == (200, 1)
    assert admin.get("settings").json == saved.json
    assert admin.get("session").json["min_password_length"] == 16


def test_saving_on_an_old_revision_is_a_conflict(web):
    admin = web.administrator()
    settings = admin.get("settings").json["settings"]
    assert admin.put("settings", {"revision": 0, "settings": settings}).status == 200
    reply = admin.put("settings", {"revision": 0, "settings": settings})
    assert (reply.status, reply.code) == (409, "conflict")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"capture": {"ring_mib": 1}}, "capture.ring_mib"),
        ({"capture": {"sip_ports": [5060, 0]}}, "capture.sip_ports[1]"),
        ({"capture": {"interface": "eth0; rm -rf /"}}, "capture.interface"),
        ({"capture": {"service_addresses": ["nonsense"]}}, "capture.service_addresses[0]"),
        ({"archive": {"format": {"kind": "exe"}}}, "archive.format.kind"),
        ({"archive": {"format": {"kind": "opus", "bitrate_kbps": 1}}}, "archive.format.bitrate_kbps"),
        ({"web": {"unknown": 1}}, "web.unknown"),
        ({"web": None}, "web"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_path(box, change, field):
    for language in ("en", "zh"):
        reply = box.admin.put(f"settings?lang={language}", {"revision": 0, "settings": change})
        assert (reply.status, reply.field) == (422, field)


def test_the_schema_has_the_labels(box):
    schema = box.admin.get("settings/schema").json
    assert schema["$defs"]["Capture"]["properties"]["ring_mib"]["x-text"] == {
        "en": "Capture ring",
        "zh": "抓包环形缓冲",
    }


def test_settings_saved_by_another_program_are_taken_over(web):
    admin = web.administrator()
    saved = admin.put("settings", {"revision": 0, "settings": {"web": {"idle_timeout_min": 45}}})
    assert saved.status == 200
    assert admin.get("session").json["idle_timeout_min"] == 45


def test_an_earlier_state_is_listed_and_put_back(web):
    admin = web.administrator()
    before = admin.get("settings").json
    for revision, port in enumerate(("eth0", "eth1")):
        wanted = before["settings"] | {"capture": before["settings"]["capture"] | {"interface": port}}
        assert admin.put("settings", {"revision": revision, "settings": wanted}).status == 200
    listed = admin.get("settings/revisions").json["revisions"]
    assert [one["revision"] for one in listed] == [2, 1]
    assert {one["by"] for one in listed} == {admin.get("session").json["user"]["name"]}
    reply = admin.post("settings/revisions/1/restore", {})
    assert (reply.status, reply.json["revision"]) == (200, 3)
    assert reply.json["settings"]["capture"]["interface"] == "eth0"
    assert admin.post("settings/revisions/77/restore", {}).status == 404
    assert web.viewer(admin).get("settings/revisions").status == 403


def test_a_damaged_file_is_told_and_repaired(web):
    admin = web.administrator()
    before = admin.get("settings").json
    assert before["problem"] == ""
    assert admin.put("settings", {"revision": 0, "settings": before["settings"]}).status == 200
    web.layout.settings.write_text("{ not json")
    told = admin.get("settings").json
    assert (told["revision"], told["settings"]) == (1, before["settings"] | {"revision": 1})
    assert "settings.json" in told["problem"]
    assert admin.post("settings/revisions/1/restore", {}).status == 200
    assert admin.get("settings").json["problem"] == ""
