"""Orders to a live recording from the page: through the bus to whoever records, and its answer back."""

from datetime import timedelta

import pytest

from appliance.domain.bundle import Manifest
from appliance.domain.control import Control, Verb
from appliance.domain.ledger import Reason
from appliance.domain.policy import Action, Decision, Ground
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.obedience import Recorder
from tests.rigs.patience import until
from tests.rigs.records import NOON, make_record
from tests.rigs.web import PASSWORD

CALL_ID = "0livecall"


def order(browser, verb, why="", call_id=CALL_ID, language="en"):
    return browser.post(f"live/{call_id}/control?lang={language}", {"verb": verb, "why": why})


def control(browser):
    live = browser.get("live").json["calls"]
    return live[0]["control"] if live else None


def test_orders_are_obeyed_and_the_page_sees_the_new_state(web, layout):
    admin = web.administrator()
    with Recorder(layout, CALL_ID) as recorder:
        until(lambda: control(admin), what="the call is live")
        assert control(admin)["verbs"] == ["pause", "stop", "keep", "discard"]
        paused = order(admin, "pause", "card number")
        assert (paused.status, paused.json["control"]["state"]) == (202, "paused")
        until(lambda: control(admin)["state"] == "paused", what="the news")
        assert order(admin, "resume").status == 202
        assert order(admin, "keep", "complaint").json["control"]["kept"] is True
        assert order(admin, "stop").json["control"]["state"] == "stopped"
        assert recorder.orders == [
            (CALL_ID, Verb.PAUSE, "admin", "card number"),
            (CALL_ID, Verb.RESUME, "admin", ""),
            (CALL_ID, Verb.KEEP, "admin", "complaint"),
            (CALL_ID, Verb.STOP, "admin", ""),
        ]


def test_what_the_recording_cannot_obey_is_a_conflict_in_the_readers_language(web, layout):
    admin = web.administrator()
    with Recorder(layout, CALL_ID):
        until(lambda: control(admin), what="the call is live")
        order(admin, "stop")
        sentences = set()
        for language in ("en", "zh"):
            reply = order(admin, "start", language=language)
            assert (reply.status, reply.code) == (409, "control-refused")
            sentences.add(reply.json["error"]["message"])
        assert len(sentences) == 2


def test_a_discard_without_a_reason_never_reaches_the_recorder(web, layout):
    admin = web.administrator()
    with Recorder(layout, CALL_ID) as recorder:
        until(lambda: control(admin), what="the call is live")
        reply = order(admin, "discard", "  ")
        assert (reply.status, reply.field) == (422, "why")
        assert recorder.orders == []
        assert order(admin, "discard", "wrong person").json["control"]["state"] == "discarded"


def test_a_call_that_is_not_live_is_not_found(web):
    assert order(web.administrator(), "pause", call_id="0nosuchcall").status == 404


def test_a_recorder_that_does_not_answer_is_said_to_be_late(web, layout):
    admin = web.administrator()
    with Recorder(layout, CALL_ID, obeys=False):
        until(lambda: control(admin), what="the call is live")
        reply = order(admin, "pause")
        assert (reply.status, reply.code) == (503, "timed-out")
        assert reply.headers["Retry-After"]


def test_without_a_broker_the_order_is_refused_at_once(web, layout, broker):
    admin = web.administrator()
    with Recorder(layout, CALL_ID):
        until(lambda: control(admin), what="the call is live")
        broker.kill()
        until(lambda: order(admin, "pause").code == "unreachable", what="the loss is noticed")
        assert order(admin, "pause").status == 503


def test_a_viewer_sees_the_state_and_may_not_change_it(web, layout):
    admin = web.administrator()
    viewer = web.viewer(admin)
    with Recorder(layout, CALL_ID) as recorder:
        until(lambda: control(viewer), what="the call is live")
        assert control(viewer)["state"] == "recording"
        assert order(viewer, "pause").status == 403
        assert recorder.orders == []


@pytest.mark.parametrize("body", [{}, {"verb": "explode"}, {"verb": "pause", "why": "x" * 201}])
def test_an_order_that_makes_no_sense_is_refused(box, body):
    assert box.admin.post("live/0call/control", body).status == 422


def test_why_names_the_rule_that_decided_and_who_ordered_what(web, layout):
    record = make_record("5039", "1001", talk_s=0, reason=Reason.POLICY, codecs=())
    decision = Decision(
        action=Action.IGNORE,
        ground=Ground.BLACKLIST,
        reason=Reason.POLICY,
        facts={"number": "5039", "pattern": "503*"},
    )
    paused = Control(at=NOON + timedelta(seconds=1), verb=Verb.PAUSE, by="alice", why="card number")
    manifest = {name: getattr(record.manifest, name) for name in Manifest.__struct_fields__}
    record.manifest = Manifest(**{**manifest, "policy": decision, "control": [paused]})
    database = open_database(layout)
    calls.index_all(database, [record])
    database.close()
    admin = web.administrator()
    for language, words in (("en", "blacklist"), ("zh", "黑名单")):
        told = admin.get(f"why?number=5039&at=2026-11-21T12:00:00Z&lang={language}").json["calls"][0]
        assert words in told["decided"]
        assert "503*" in told["decided"]
        assert [(one["by"], one["why"]) for one in told["orders"]] == [("alice", "card number")]
    shown = admin.get(f"calls/{record.call.call_id}").json
    assert [(one["verb"], one["by"], one["why"]) for one in shown["manifest"]["control"]] == [
        ("pause", "alice", "card number")
    ]


def test_what_decided_tells_no_whole_number_to_whoever_may_not_see_it(web, layout):
    record = make_record("4930123456", "1001", talk_s=0, reason=Reason.POLICY, codecs=())
    record.manifest.policy = Decision(
        action=Action.IGNORE,
        ground=Ground.BLACKLIST,
        reason=Reason.POLICY,
        facts={"number": "4930123456", "pattern": "4930*"},
    )
    database = open_database(layout)
    calls.index_all(database, [record])
    database.close()
    admin = web.administrator()
    address = f"calls/{record.call.call_id}"
    assert "4930123456" in admin.get(address).json["decided"]
    role = admin.post("roles", {"name": "masked", "permissions": ["calls"]}).json["id"]
    once = admin.post("users", {"name": "mia", "role_id": role, "scope": {"kind": "everything"}}).json
    masked = web.anonymous()
    assert masked.post("session", {"name": "mia", "password": once["one_time_password"]}).status == 200
    change = {"old_password": once["one_time_password"], "new_password": PASSWORD}
    assert masked.post("session/password", change).status == 204
    reply = masked.get(address)
    assert "blacklist" in reply.json["decided"]
    assert "4930123456" not in reply.body.decode()
