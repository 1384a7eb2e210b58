"""What changed in the settings, who did it, the way back, and the way to another box."""

import json

import pytest

PASSPHRASE = "a long passphrase"


def save(browser, **parts):
    """Save parts of the settings on top of those in force."""
    kept = browser.get("settings").json
    wanted = kept["settings"]
    for name, part in parts.items():
        wanted[name] = {**wanted[name], **part}
    saved = browser.put("settings", {"revision": kept["revision"], "settings": wanted})
    assert saved.status == 200, saved
    return saved.json


def exported(browser, passphrase=""):
    """The file as it lies on a disk."""
    reply = browser.post("settings/export", {"passphrase": passphrase})
    assert reply.status == 200, reply
    assert reply.headers["Content-Disposition"].startswith("attachment; filename=")
    return json.loads(reply.body)


def bring(browser, content, **more):
    return browser.post("settings/import", {"content": content, **more})


def test_the_history_says_who_changed_what_in_the_readers_language(web):
    admin = web.administrator()
    other = web.viewer(admin, "helper", "administrator")
    save(admin, capture={"ring_mib": 128})
    save(other, capture={"ring_mib": 256, "interface": "eth1"}, alarms={"email": {"password": "s3cret"}})
    newest, first = admin.get("settings/revisions").json["revisions"]
    assert [(one["revision"], one["by"], one["origin"]) for one in (newest, first)] == [
        (2, "helper", "save"),
        (1, "admin", "save"),
    ]
    assert (first["changes"], first["first"][0]["old"], first["first"][0]["new"]) == (1, "64 MiB", "128 MiB")
    assert newest["changes"] == 3
    told = admin.get("settings/difference?before=1&after=2&lang=zh").json
    assert told["by"] == ["helper"]
    assert [(" › ".join(one["label"]), one["sort"], one["new"]) for one in told["changes"]] == [
        ("录音采集 › 镜像端口", "changed", "eth1"),
        ("录音采集 › 抓包环形缓冲", "changed", "256 MiB"),
        ("告警 › 邮件告警 › 授权密码", "secret", ""),
    ]
    assert "s3cret" not in str(told)
    both = admin.get("settings/difference?before=0").json
    assert (both["before"], both["after"], both["by"]) == (0, 2, ["admin", "helper"])
    back = admin.get("settings/difference?before=2&after=1").json
    assert [(one["old"], one["new"]) for one in back["changes"]] == [
        ("eth1", "(empty)"),
        ("256 MiB", "128 MiB"),
    ]
    assert admin.get("settings/difference").json["before"] == 1
    assert admin.get("settings/difference?before=77").status == 404
    assert web.viewer(admin).get("settings/difference").status == 403


def test_a_page_of_its_own_that_changes_settings_is_named_too(web):
    admin = web.administrator()
    assert admin.post("lists/blacklist", {"number": "10086", "note": "carrier"}).status == 201
    (newest,) = admin.get("settings/revisions").json["revisions"]
    assert newest["by"] == "admin"
    (change,) = newest["first"]
    assert (change["path"], change["row"], change["sort"]) == ("recording.blacklist", "10086", "added")
    assert "carrier" in change["new"]


def test_going_back_is_told_as_such_and_stops_when_somebody_was_quicker(web):
    admin = web.administrator()
    save(admin, capture={"ring_mib": 128})
    save(admin, capture={"ring_mib": 256})
    late = admin.post("settings/revisions/1/restore", {"based_on": 1})
    assert (late.status, late.code) == (409, "conflict")
    reply = admin.post("settings/revisions/1/restore", {"based_on": 2})
    assert (reply.status, reply.json["settings"]["capture"]["ring_mib"]) == (200, 128)
    newest = admin.get("settings/revisions").json["revisions"][0]
    assert (newest["revision"], newest["origin"], newest["restored"]) == (3, "restore", 1)


def test_the_very_first_change_is_undone_as_any_other(web):
    admin = web.administrator()
    save(admin, capture={"ring_mib": 128})
    reply = admin.post("settings/revisions/0/restore", {"based_on": 1})
    assert (reply.status, reply.json["settings"]["capture"]["ring_mib"]) == (200, 64)
    assert admin.get("settings/revisions").json["revisions"][0]["restored"] == 0


def test_an_export_comes_back_after_a_look_at_what_it_changes(web):
    admin = web.administrator()
    save(admin, capture={"ring_mib": 128, "interface": "eth1"}, web={"idle_timeout_min": 45})
    file = exported(admin)
    assert (file["kind"], file["revision"], file["secrets"]) == ("tapeline-settings", 1, None)
    admin.post("settings/revisions/1/restore")
    save(admin, capture={"ring_mib": 64, "interface": ""}, web={"idle_timeout_min": 30})
    before = admin.get("settings").json
    look = bring(admin, file).json
    assert (look["done"], look["revision"], look["total"], look["problems"]) == (
        False,
        before["revision"],
        3,
        [],
    )
    assert [(part["name"], part["changes"]) for part in look["parts"]] == [("capture", 2), ("web", 1)]
    assert admin.get("settings").json == before
    assert bring(admin, file, apply=True, revision=before["revision"] - 1).status == 409
    done = bring(admin, file, apply=True, revision=before["revision"], sections=["capture"]).json
    assert (done["done"], done["total"], done["revision"]) == (True, 2, before["revision"] + 1)
    after = admin.get("settings").json["settings"]
    assert (after["capture"]["interface"], after["web"]["idle_timeout_min"]) == ("eth1", 30)
    assert admin.get("settings/revisions").json["revisions"][0]["origin"] == "import"
    logged = [
        (row["operation"], row["parameters"])
        for row in admin.get("operations?module=settings").json["operations"]
    ]
    assert [name for name, _ in logged if name.startswith("settings_file")] == [
        "settings_file.take",
        "settings_file.take",
        "settings_file.export",
    ]
    assert "content" not in str(logged)


def test_secrets_leave_only_encrypted_and_the_passphrase_is_never_logged(web):
    admin = web.administrator()
    save(admin, alarms={"email": {"password": "s3cret-of-mail"}})
    assert "s3cret-of-mail" not in str(exported(admin))
    file = exported(admin, PASSPHRASE)
    assert "s3cret-of-mail" not in str(file)
    save(admin, alarms={"email": {"password": "another"}})
    locked = bring(admin, file).json
    assert (locked["secrets"], locked["total"]) == ("locked", 0)
    wrong = bring(admin, file, passphrase="not the passphrase")
    assert (wrong.status, wrong.field) == (422, "passphrase")
    opened = bring(admin, file, passphrase=PASSPHRASE).json
    assert opened["secrets"] == "open"
    assert [(one["path"], one["sort"]) for one in opened["changes"]] == [("alarms.email.password", "secret")]
    done = bring(admin, file, passphrase=PASSPHRASE, apply=True, revision=opened["revision"])
    assert done.status == 200
    assert "s3cret-of-mail" in web.layout.secrets.read_text()
    assert PASSPHRASE not in str(admin.get("operations").json)
    short = admin.post("settings/export", {"passphrase": "short"})
    assert (short.status, short.field) == (422, "passphrase")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_field_that_does_not_fit_is_told_by_its_label(web, language):
    admin = web.administrator()
    file = exported(admin)
    file["settings"]["capture"] |= {"ring_mib": 1, "threads": 2}
    file["settings"]["paths"]["current"] = "third"
    look = admin.post(f"settings/import?lang={language}", {"content": file}).json
    assert [(one["path"], one["label"]) for one in look["problems"]] == [
        ("capture.ring_mib", "Capture ring" if language == "en" else "抓包环形缓冲"),
        ("paths.current", "Current storage path" if language == "en" else "当前存储路径"),
    ]
    assert all(one["message"] for one in look["problems"])
    assert [one["path"] for one in look["changes"]] == ["capture.threads"]


@pytest.mark.parametrize("content", [{}, {"kind": "x"}, {"kind": "tapeline-settings", "settings": 1}])
def test_what_is_no_export_changes_nothing(box, content):
    reply = bring(box.admin, content)
    assert (reply.status, reply.code) == (422, "invalid")


def test_only_who_may_change_settings_takes_them_away_or_brings_them(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    assert viewer.post("settings/export").status == 403
    assert bring(viewer, exported(admin)).status == 403
