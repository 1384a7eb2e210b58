"""The installer's list over the API: kept, judged by live news and by the ledger, begun anew, ended."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import (
    CALL,
    INDEXED,
    INTAKE,
    MEDIA,
    REGISTERED,
    CallIndexed,
    Intake,
    LiveCall,
    LiveMedia,
    Registered,
    Registrations,
    StreamNow,
)
from appliance.domain.call import CallState
from appliance.domain.ledger import Reason
from appliance.store import calls as ledger
from appliance.store.database import open_database
from tests.rigs.patience import until, until_async
from tests.rigs.records import make_call, make_record
from tests.rigs.web import Web

LIST = {"extensions": [{"number": "1001", "name": "Reception"}, {"number": "1002"}, {"number": "8001"}]}
ENOUGH = StreamNow(packets=100, lost=1, jitter_ms=1.0)


def indexed(layout, *records):
    database = open_database(layout)
    ledger.index_all(database, records)
    database.close()


def standings(reply):
    assert reply.status == 200, reply
    return {row["number"]: row["standing"] for row in reply.json["rows"]}


def test_nothing_is_commissioned_at_first(web):
    answer = web.administrator().get("commissioning").json
    assert (answer["started_at"], answer["rows"], answer["total"]) == (None, [], 0)


def test_a_list_is_kept_and_each_line_says_what_is_missing(web):
    admin = web.administrator()
    saved = admin.put("commissioning", LIST)
    assert saved.status == 200, saved
    assert saved.json["started_by"] == "admin"
    assert saved.json["box"]
    rows = admin.get("commissioning").json["rows"]
    assert [(row["number"], row["name"]) for row in rows] == [
        ("1001", "Reception"),
        ("1002", ""),
        ("8001", ""),
    ]
    assert {row["causes"][0]["code"] for row in rows} == {"no_recorder"}
    chinese = admin.get("commissioning", Accept_Language="zh").json["rows"][0]["causes"][0]["text"]
    assert chinese != rows[0]["causes"][0]["text"]


def test_an_extension_turns_green_while_it_talks_and_stays_green(web):
    admin = web.administrator()
    assert admin.put("commissioning", LIST).status == 200
    now = datetime.now(UTC)
    call = make_call("1001", "8001", at=now, call_id="a", state=CallState.UP, ended_at=None)

    async def has(wanted):
        answer = await asyncio.to_thread(admin.get, "commissioning")
        return standings(answer) == wanted

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus:
            counters = {"packets": 100, "sip_udp": 4, "rtp": 90}
            bus.set(INTAKE, "eth1", Intake(at=now, interface="eth1", link_up=True, counters=counters))
            bus.set(CALL, "a", LiveCall(at=now, call=call))
            await until_async(lambda: has({"1001": "running", "1002": "waiting", "8001": "running"}))
            both = {"caller": ENOUGH, "callee": ENOUGH}
            bus.hint(MEDIA, "", LiveMedia(at=now, calls={"a": both}))
            passed = {"1001": "passed", "1002": "waiting", "8001": "passed"}
            await until_async(lambda: has(passed))
            bus.clear(CALL, "a")

            async def is_over():
                row = (await asyncio.to_thread(admin.get, "commissioning")).json["rows"][0]
                return row["call"]["is_over"]

            await until_async(is_over)
            assert await has(passed), "what was seen live must not be lost until the ledger has it"
            record = make_record("1001", "8001", at=now, call_id="a", codecs=("PCMA", "PCMA"))
            await asyncio.to_thread(indexed, web.layout, record)
            bus.hint(INDEXED, "", CallIndexed(at=now, call_id="a", recorded=True))

            async def says_the_ledger():
                row = (await asyncio.to_thread(admin.get, "commissioning")).json["rows"][0]
                return row["call"]["spoken"] == 1500

            await until_async(says_the_ledger)
            assert await has(passed)

    asyncio.run(run())
    answer = admin.get("commissioning").json
    assert (answer["passed"], answer["total"], answer["interface"]) == (2, 3, "eth1")


def test_encrypted_audio_is_said_to_be_encrypted(web):
    admin = web.administrator()
    admin.put("commissioning", LIST)
    now = datetime.now(UTC)
    call = make_call("1001", "8001", at=now, call_id="a", state=CallState.UP, ended_at=None)

    async def causes():
        row = (await asyncio.to_thread(admin.get, "commissioning")).json["rows"][0]
        return [cause["code"] for cause in row["causes"]] == ["encrypted"]

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus:
            bus.set(CALL, "a", LiveCall(at=now, call=call, encrypted=True))
            await until_async(causes)

    asyncio.run(run())


def test_the_ledger_alone_is_enough_after_a_restart(layout, free_port, broker):
    with Web(layout, free_port) as web:
        admin = web.administrator()
        admin.put("commissioning", LIST)
    later = datetime.now(UTC) + timedelta(seconds=1)
    before = later - timedelta(hours=1)
    indexed(
        layout,
        make_record("1001", "0", at=later, codecs=("PCMA", "PCMA")),
        make_record("1002", "0", at=later, codecs=("PCMA",)),
        make_record("8001", "0", at=before, codecs=("PCMA", "PCMA")),
    )
    with Web(layout, free_port) as web:
        answer = admin.get("commissioning")
        assert standings(answer) == {"1001": "passed", "1002": "failed", "8001": "failed"}
        rows = {row["number"]: row for row in answer.json["rows"]}
        assert [cause["code"] for cause in rows["1002"]["causes"]] == ["not_to"]
        assert rows["8001"]["call"] is None, "a call before the start proves nothing"


def test_a_number_added_later_is_judged_by_the_calls_since_the_start(web):
    admin = web.administrator()
    started = admin.put("commissioning", {"extensions": [{"number": "1001"}]}).json["started_at"]
    at = datetime.now(UTC) + timedelta(seconds=1)
    indexed(web.layout, make_record("1001", "8001", at=at, codecs=("PCMA", "PCMA")))
    answer = admin.put("commissioning", {"extensions": [{"number": "8001"}]})
    assert standings(answer) == {"8001": "passed"}
    assert answer.json["started_at"] == started


def test_a_new_start_forgets_what_was_seen(web):
    admin = web.administrator()
    admin.put("commissioning", LIST)
    indexed(
        web.layout,
        make_record("1001", "8001", at=datetime.now(UTC), codecs=("PCMA", "PCMA"), reason=Reason.NO_MEDIA),
    )
    assert standings(admin.put("commissioning", LIST))["1001"] == "passed"
    again = admin.post("commissioning/reset")
    assert standings(again)["1001"] != "passed"
    assert len(again.json["rows"]) == 3


def test_an_empty_list_ends_it(web):
    admin = web.administrator()
    admin.put("commissioning", LIST)
    assert admin.put("commissioning", {"extensions": []}).json["started_at"] is None
    assert admin.post("commissioning/reset").json["rows"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"extensions": [{"number": "1"}, {"number": " +1"}]}, "extensions[1].number"),
        ({"extensions": [{"number": " "}]}, "extensions[0].number"),
        ({"extensions": [{"number": "1\n2"}]}, "extensions[0].number"),
        ({"extensions": [{"number": "1", "name": "x" * 101}]}, "extensions[0].name"),
        ({"extensions": [{"number": "1", "colour": "red"}]}, "extensions[0]"),
        ({"extensions": [{"number": str(number)} for number in range(2001)]}, "extensions"),
        ({"extensions": None}, "extensions"),
        ({}, ""),
    ],
)
def test_a_list_that_is_wrong_is_refused_with_its_place(box, body, field):
    reply = box.admin.put("commissioning", body)
    assert reply.status == 422, json.dumps(reply.json)
    assert reply.field.startswith(field)
    assert box.admin.get("commissioning").json["total"] == 0


def test_the_calls_go_on_when_the_index_is_busy_for_a_moment(web):
    admin = web.administrator()
    admin.put("commissioning", LIST)
    database = open_database(web.layout)
    try:
        with database.write():
            assert admin.get("commissioning").json["total"] == 3
    finally:
        database.close()
    assert until(lambda: admin.get("commissioning").json["total"] == 3)


def test_a_telephone_that_registers_is_shown_before_it_is_called(web):
    admin = web.administrator()
    assert admin.put("commissioning", LIST).status == 200
    now = datetime.now(UTC)

    async def rows():
        return {
            row["number"]: row for row in (await asyncio.to_thread(admin.get, "commissioning")).json["rows"]
        }

    async def is_told():
        return (await rows())["8001"]["registered"] is not None

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus:
            news = Intake(at=now, interface="eth1", link_up=True, counters={"packets": 9, "sip_udp": 4})
            bus.set(INTAKE, "eth1", news)
            seen = [Registered(number="8001", at=now, address="10.0.0.5:5060")]
            await until_async(lambda: hinted(bus, Registrations(at=now, seen=seen)))
            return await rows()

    async def hinted(bus, news):
        bus.hint(REGISTERED, "", news)  # told to whoever listens at that moment
        return await is_told()

    found = asyncio.run(run())
    assert found["8001"]["registered"]["address"] == "10.0.0.5:5060"
    assert [cause["code"] for cause in found["8001"]["causes"]] == ["only_registered"]
    assert [cause["code"] for cause in found["1002"]["causes"]] == ["not_registered"]
