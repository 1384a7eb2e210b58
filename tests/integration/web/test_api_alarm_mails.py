from datetime import timedelta

import pytest

from appliance.store import notices
from appliance.store.database import open_database
from appliance.store.notices import Notice
from tests.rigs.records import NOON
from tests.rigs.smtp import mail_server
from tests.rigs.watchers import WebServer


def noticed(web):
    """One mail that was sent, one that failed, one that waits."""
    database = open_database(web.layout)
    for index, code in enumerate(("disk_low", "disk_full", "clock_set")):
        notice = Notice(None, "email", "raised", code, ("a@example.org",), f"title {index}", "text")
        notices.add(database, [notice], NOON + index * timedelta(hours=1))
    notices.finish(database, 1, "sent", "250 taken", NOON)
    notices.finish(database, 2, "failed", "554 no", NOON)
    database.close()


def with_mails(admin, **given):
    kept = admin.get("settings").json
    kept["settings"]["alarms"]["email"] |= {"enabled": True, "protection": "none", **given}
    reply = admin.put("settings", {"revision": kept["revision"], "settings": kept["settings"]})
    assert reply.status == 200, reply


def test_every_mail_is_listed_with_what_became_of_it(web):
    noticed(web)
    admin = web.administrator()
    found = admin.get("alarms/notices").json
    assert [(one["title"], one["state"], one["answer"]) for one in found["mails"]] == [
        ("title 2", "waiting", ""),
        ("title 1", "failed", "554 no"),
        ("title 0", "sent", "250 taken"),
    ]
    assert (found["enabled"], found["next"]) == (False, None)
    assert found["mails"][2]["receivers"] == ["a@example.org"]


def test_mails_are_found_by_time_and_kind_and_state(web):
    noticed(web)
    admin = web.administrator()

    def titles(query):
        return [one["title"] for one in admin.get(f"alarms/notices?{query}").json["mails"]]

    assert titles("kind=disk_full") == ["title 1"]
    assert titles("state=sent") == ["title 0"]
    assert titles("from=2026-11-21T12:30:00Z&to=2026-11-21T13:30:00Z") == ["title 1"]
    first = admin.get("alarms/notices?page_size=2").json
    assert titles(f"page_size=2&before={first['next']}") == ["title 0"]


def test_a_test_mail_goes_to_everybody_and_the_servers_words_are_shown(web):
    admin = web.administrator()
    assert admin.post("alarms/notices/trial").code == "unwanted"
    with mail_server() as server:
        with_mails(
            admin,
            server="127.0.0.1",
            port=server.port,
            receivers=["a@example.org"],
            escalation_receivers=["boss@example.org", "a@example.org"],
        )
        reply = admin.post("alarms/notices/trial")
        assert (reply.status, reply.json) == (
            200,
            {"answer": "250 taken as 1", "receivers": ["a@example.org", "boss@example.org"]},
        )
        server.refusal = "554 no tests"
        refused = admin.post("alarms/notices/trial")
    assert (refused.status, refused.code) == (422, "unwanted")
    assert "554 no tests" in refused.json["error"]["message"]
    dead = admin.post("alarms/notices/trial")
    assert (dead.status, dead.code) == (503, "undelivered")


@pytest.mark.parametrize("target", ["email", "snmp", "syslog", "webhook"])
def test_what_is_not_set_up_cannot_be_tried(web, target):
    reply = web.administrator().post("alarms/notices/trial", {"target": target})
    assert (reply.status, reply.code) == (422, "unwanted")


def test_a_webhook_is_tried_and_its_notices_are_listed_apart(web):
    admin, server = web.administrator(), WebServer()
    kept = admin.get("settings").json
    kept["settings"]["alarms"]["webhook"]["addresses"] = [server.address]
    assert admin.put("settings", {"revision": kept["revision"], "settings": kept["settings"]}).status == 200
    reply = admin.post("alarms/notices/trial", {"target": "webhook"})
    server.stop()
    assert reply.json == {"answer": "204 No Content", "receivers": [server.address]}
    assert [body["code"] for _, body in server.posts] == ["test"]
    noticed(web)
    assert len(admin.get("alarms/notices?target=email").json["mails"]) == 3
    found = admin.get("alarms/notices?target=webhook").json
    assert (found["mails"], found["targets"]) == ([], ["webhook"])


def test_the_password_of_the_mail_server_is_never_shown(web):
    admin = web.administrator()
    with_mails(admin, user="box", password="mail secret 7")
    assert b"mail secret 7" not in admin.get("settings").body
    assert "mail secret 7" in web.layout.secrets.read_text()
    assert "mail secret 7" not in web.layout.settings.read_text()


def test_only_who_may_change_settings_sends_test_mails(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    assert viewer.post("alarms/notices/trial").status == 403
