"""Past calls of a trunk corrected from the panel: planned by a child, agreed to, carried out by the real archiver."""

from datetime import timedelta

import msgspec
import pytest

from appliance.domain.access import EVERYTHING
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.daemons import Daemons
from tests.rigs.past_calls import AT, heard, recorded, trunk
from tests.rigs.patience import until

SPAN = {"trunk": "北京", "since": AT.isoformat(), "until": (AT + timedelta(hours=1)).isoformat()}


@pytest.fixture
def database(web):
    made = open_database(web.layout)
    yield made
    made.close()


def signed_in(web):
    """The administrator, once the panel knows the trunk."""
    admin = web.administrator()
    until(lambda: admin.get("boards/corrections").json["trunks"], 60, "the trunk")
    return admin


def planned(admin, **span):
    reply = admin.post("boards/corrections", {**SPAN, **span})
    assert reply.status == 202, reply

    def ready():
        found = admin.get("boards/corrections").json["plan"]
        return found if found["state"] != "reading" else None

    return until(ready, 60, "the plan")


def known(database, record):
    call = calls.get(database, record.call.call_id, scope=EVERYTHING).call
    return call.caller.number, call.callee.number


def test_a_plan_is_looked_at_and_then_carried_out_by_the_archiver(web, database):
    heard(web.layout, trunk(web.layout, "itu"))
    record, _ = recorded(web.layout, database)
    other, _ = recorded(web.layout, database, call_id="another00000")
    other.manifest.lines = [
        msgspec.structs.replace(line, channel=line.channel + 1) for line in other.manifest.lines
    ]
    calls.index(database, other)
    admin = signed_in(web)
    assert planned(admin)["changes"] == 0, "it is still read as it was"
    trunk(web.layout, "china")
    plan = planned(admin)
    assert (plan["state"], plan["calls"], plan["changes"], plan["left"]) == ("ready", 1, 1, 0)
    page = admin.get("boards/corrections/rows").json
    (row,) = page["rows"]
    assert (page["total"], row["call_id"], row["is_left"]) == (1, record.call.call_id, False)
    assert (row["before"]["caller"], row["after"]["caller"], row["after"]["callee"]) == (
        "",
        "01087654321",
        "02112345",
    )
    assert known(database, record) == ("", ""), "a plan changes nothing"
    assert admin.post("boards/corrections/order", {"id": "another"}).status == 404
    assert admin.post("boards/corrections/order", {"id": plan["id"]}).status == 202
    assert admin.get("boards/corrections").json["ordered"]["ended_at"] is None
    plan = planned(admin)
    refused = admin.post("boards/corrections/order", {"id": plan["id"]})
    assert (refused.status, refused.code) == (409, "at-work")
    programs = Daemons(web.layout)
    try:
        programs.start("archiver")
        ended = until(
            lambda: (
                (found := admin.get("boards/corrections").json["ordered"]) and found["ended_at"] and found
            ),
            120,
            "the corrections",
        )
    finally:
        programs.close()
    assert (ended["done"], ended["corrected"], ended["by"]) == (1, 1, "admin")
    assert known(database, record) == ("01087654321", "02112345")
    assert known(database, other) == ("", "")
    logged = [row["operation_text"] for row in admin.get("operations").json["operations"]]
    assert "Correct past calls of a trunk" in logged


def test_a_recording_with_its_caller_on_the_other_track_is_shown_as_left(web, database):
    heard(web.layout, trunk(web.layout, "china"), port=1)
    recorded(web.layout, database)
    admin = signed_in(web)
    plan = planned(admin)
    assert (plan["changes"], plan["left"]) == (0, 1)
    assert admin.get("boards/corrections/rows").json["rows"][0]["is_left"]
    assert admin.post("boards/corrections/order", {"id": plan["id"]}).status == 404, "nothing to correct"
    assert admin.delete("boards/corrections").json["plan"] is None
    assert admin.get("boards/corrections/rows").status == 404


def test_what_cannot_be_planned_is_refused(web):
    trunk(web.layout, "china")
    admin = signed_in(web)
    for wanted, field in (
        ({"trunk": "上海"}, "trunk"),
        ({"since": SPAN["until"]}, "until"),
        ({"since": "2026-11-21T10:00:00"}, "since"),
    ):
        reply = admin.post("boards/corrections", {**SPAN, **wanted})
        assert (reply.status, reply.field) == (422, field), (wanted, reply)
    viewer = web.viewer(admin)
    assert viewer.get("boards/corrections").status == 403
    assert viewer.post("boards/corrections", SPAN).status == 403
