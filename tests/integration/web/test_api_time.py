"""The clock by the API: told by the real time keeper that asks a real server, ordered, and its settings saved."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.rigs.patience import until
from tests.rigs.time_server import time_server
from tests.rigs.timekeeping import TimeProgram


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with time_server() as address:
        yield address


def told(admin) -> dict:
    return until(lambda: admin.get("time").json["clock"], what="the time keeper's word")


def test_how_right_the_clock_is_and_was_is_told(web, server):
    admin = web.administrator()
    assert admin.get("time").json["clock"] is None
    with TimeProgram(web.layout, ["127.0.0.1:9", server]):
        clock = told(admin)
        assert clock["synchronised"]
        assert clock["server"] == server
        assert "127.0.0.1:9" in clock["failing"]
        assert [sample["server"] for sample in clock["history"]] == [server]
        assert admin.post("time/order", {"deed": "ask"}).status == 204
        until(lambda: len(admin.get("time").json["clock"]["history"]) == 2, what="the second sample")


def test_the_clock_is_set_to_the_browsers(web, server):
    admin = web.administrator()
    with TimeProgram(web.layout, [server]) as program:
        told(admin)
        wanted = datetime.now(UTC) + timedelta(hours=2)
        assert admin.post("time/order", {"deed": "set", "at": wanted.isoformat()}).status == 204
        (step,) = [offset for deed, offset in program.clock.said if deed == "step"]
        assert 7100 < step <= 7200


def test_while_calls_run_the_clock_jumps_only_when_a_person_insists(web, server):
    admin = web.administrator()
    with TimeProgram(web.layout, [server]) as program:
        told(admin)
        program.calls_run("a", "b")
        wanted = {"deed": "set", "at": (datetime.now(UTC) + timedelta(hours=2)).isoformat()}
        refused = admin.post("time/order", wanted)
        assert (refused.status, refused.code) == (409, "calls-run")
        assert "2" in refused.json["error"]["message"]
        assert not [deed for deed, _ in program.clock.said if deed == "step"]
        assert admin.post("time/order", {**wanted, "with_calls": True}).status == 204
        assert [deed for deed, _ in program.clock.said if deed == "step"] == ["step"]


def test_a_clock_that_is_not_ours_is_not_set(web, server):
    admin = web.administrator()
    with TimeProgram(web.layout, [server], is_ours=False):
        told(admin)
        refused = admin.post("time/order?lang=zh", {"deed": "step"})
        assert (refused.status, refused.code) == (409, "clock-refused")
        assert "本机时钟" in refused.json["error"]["message"]
        assert admin.post("time/order", {"deed": "ask"}).status == 204


def test_without_a_time_keeper_the_order_is_not_lost_in_silence(web):
    assert web.administrator().post("time/order", {"deed": "ask"}).status == 503


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"deed": "set"}, "at"),
        ({"deed": "set", "at": "1999-01-01T00:00:00Z"}, "at"),
        ({"deed": "set", "at": "2026-11-21T10:00:00"}, "at"),
        ({"deed": "jump"}, "deed"),
    ],
)
def test_an_order_that_is_none_is_refused_at_its_field(web, wish, field):
    refused = web.administrator().post("time/order", wish)
    assert (refused.status, refused.field) == (422, field)


def test_settings_are_saved_on_top_of_their_revision(web):
    admin = web.administrator()
    now = admin.get("time").json
    wanted = {**now["time"], "zone": "Europe/Berlin", "interval_min": 30, "servers": ["ntp.example.com"]}
    saved = admin.put("time", {"revision": now["revision"], "time": wanted})
    assert saved.status == 200, saved
    assert saved.json["time"] == wanted
    assert saved.json["utc_offset_min"] in (60, 120)
    assert admin.put("time", {"revision": now["revision"], "time": wanted}).code == "time-changed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Mars/Olympus"}, "time.zone"),
        ({"interval_min": 0}, "time.interval_min"),
        ({"servers": ["bad host"]}, "time.servers[0]"),
        ({"clock": 1}, "time.clock"),
    ],
)
def test_settings_that_cannot_be_are_refused_at_their_field(web, change, field):
    admin = web.administrator()
    now = admin.get("time").json
    refused = admin.put("time", {"revision": now["revision"], "time": {**now["time"], **change}})
    assert (refused.status, refused.field) == (422, field)


def test_who_may_not_change_settings_sees_and_orders_nothing(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    assert viewer.get("time").status == 403
    assert viewer.post("time/order", {"deed": "step"}).status == 403
