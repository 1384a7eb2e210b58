from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest

from tests.rigs.records import NOON

ROW = {
    "call_id", "sip_call_id", "interaction_id", "data_type", "caller", "callee", "direction", "started_at", "ringing_at",
    "answered_at", "ended_at", "duration_s", "state", "reason", "reason_text", "status_code", "marks", "codecs",
    "packets", "lost", "file", "format", "bytes", "sha256", "length_s", "mos", "verdict", "verdict_text",
}  # fmt: skip


def found(box, **filters):
    reply = box.viewer.get("calls?" + urlencode(filters))
    assert reply.status == 200, reply
    return [call["call_id"] for call in reply.json["calls"]]


def test_the_list_has_every_field_of_the_contract_newest_first(box):
    page = box.viewer.get("calls").json
    assert (page["total"], page["page"], page["page_size"]) == (3, 1, 25)
    assert [call["call_id"] for call in page["calls"]] == [box.refused, box.other_leg, box.recorded]
    assert all(set(call) == ROW for call in page["calls"])
    busy = page["calls"][0]
    assert (busy["state"], busy["reason"], busy["reason_text"], busy["status_code"]) == (
        "not_recorded", "busy", "Busy", 486,
    )  # fmt: skip
    recorded = page["calls"][2]
    assert (recorded["state"], recorded["reason"], recorded["data_type"]) == ("recorded", None, "ip")
    assert recorded["marks"] == [{"code": "one_way", "text": "One side only"}]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"number": "4930"}, ["recorded"]),
        ({"number": "1001", "match": "exact"}, ["refused", "other_leg", "recorded"]),
        ({"number": "3456", "match": "suffix"}, ["recorded"]),
        ({"number": "3456", "match": "prefix"}, []),
        ({"callee": "1002"}, ["other_leg"]),
        ({"caller": "müller"}, []),
        ({"number": "MÜLLER"}, ["refused"]),
        ({"recorded": "yes"}, ["recorded"]),
        ({"recorded": "no"}, ["refused", "other_leg"]),
        ({"reason": "busy"}, ["refused"]),
        ({"mark": "one_way"}, ["recorded"]),
        ({"codec": "PCMA"}, ["other_leg", "recorded"]),
        ({"min_s": "5"}, ["other_leg"]),
        ({"max_s": "0"}, ["refused"]),
        ({"direction": "incoming"}, []),
        ({"sort": "started_at"}, ["recorded", "other_leg", "refused"]),
        ({"sort": "callee"}, ["recorded", "other_leg", "refused"]),
        ({"sort": "-callee"}, ["refused", "other_leg", "recorded"]),
        ({"sort": "caller"}, ["other_leg", "refused", "recorded"]),
        ({"data_type": "ip"}, ["refused", "other_leg", "recorded"]),
        ({"data_type": "analog"}, []),
        ({"page": "2", "page_size": "2"}, ["recorded"]),
        ({"page": "9"}, []),
        ({"from": (NOON + timedelta(minutes=1)).isoformat()}, ["refused"]),
        ({"to": NOON.isoformat()}, []),
        (
            {"from": NOON.isoformat(), "to": (NOON + timedelta(minutes=1)).isoformat()},
            ["other_leg", "recorded"],
        ),
    ],
)
def test_filters_find_what_they_say(box, filters, names):
    assert found(box, **filters) == [getattr(box, name) for name in names]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page_size=101", "page_size"),
        ("page=1&page=2", "page"),
        ("from=yesterday", "from"),
        ("from=0001-01-01T00:00:00Z", "from"),
        ("to=9999-12-31T23:59:59Z", "to"),
        ("reason=weather", "reason"),
        ("nonsense=1", "nonsense"),
        ("number=" + "1" * 129, "number"),
        ("number=%00", "number"),
        ("number=%ff", "number"),
        ("min_s=-1", "min_s"),
        ("min_s=nan", "min_s"),
        ("recorded=true", "recorded"),
    ],
)
def test_a_wrong_filter_is_refused_by_name_in_both_languages(box, query, field):
    english = box.viewer.get("calls?" + query)
    chinese = box.viewer.get("calls?" + query, Accept_Language="zh-CN")
    assert (english.status, english.field, chinese.status) == (422, field, 422)
    assert english.json["error"]["message"] != chinese.json["error"]["message"]


def test_the_parameter_decides_the_language_before_the_header(box):
    reply = box.viewer.get("calls?reason=busy&lang=zh", Accept_Language="en")
    assert reply.json["calls"][0]["reason_text"] == "忙线"


@pytest.mark.parametrize("number", ["' OR 1=1 --", '"*" NEAR(', "%", "_", "*", "💥", "\\", "a" * 128])
def test_hostile_numbers_are_just_numbers_nobody_has(box, number):
    assert found(box, number=number) == []


def test_one_call_in_full(box):
    call = box.viewer.get(f"calls/{box.recorded}").json
    assert set(call) > ROW
    assert call["manifest"]["call"]["call_id"] == box.recorded
    assert call["tracks"][0]["codec"] == "PCMA"
    assert [message["label"] for message in call["messages"]] == ["INVITE", "200 OK"]
    assert call["messages"][1]["has_sdp"] is False
    assert call["recording"]["sample_rate_hz"] == 8000
    assert call["bundle_available"] is False
    assert [leg["call_id"] for leg in call["legs"]] == [box.other_leg]


def test_a_call_without_recording_says_why(box):
    call = box.viewer.get(f"calls/{box.refused}", Accept_Language="zh").json
    assert (call["recording"], call["reason"], call["reason_text"]) == (None, "busy", "忙线")


@pytest.mark.parametrize("part", ["", "/audio", "/peaks", "/ladder", "/pcap"])
@pytest.mark.parametrize(
    "call_id",
    ["0unknown", "..%2f..%2fsettings.json", "%2e%2e", "a%00b", "-x", "x" * 70, "a%0d%0aSet-Cookie:x"],
)
def test_a_call_that_is_none_is_not_found(box, call_id, part):
    reply = box.viewer.get(f"calls/{call_id}{part}")
    assert (reply.status, reply.code) == (404, "not-found")
    assert "Set-Cookie" not in reply.headers


def test_the_ladder_of_a_call_whose_packets_are_gone_has_no_texts(box):
    steps = box.viewer.get(f"calls/{box.recorded}/ladder").json["messages"]
    assert [(step["label"], step["raw"]) for step in steps] == [("INVITE", None), ("200 OK", None)]


def test_packets_no_longer_kept_are_refused_with_the_reason(box):
    reply = box.viewer.get(f"calls/{box.recorded}/pcap")
    assert (reply.status, reply.code) == (404, "no-longer-kept")
    assert "no longer kept" in reply.json["error"]["message"]


def test_why_a_call_was_not_recorded_is_said_in_words(box):
    at = quote((NOON + timedelta(hours=1)).isoformat())
    answer = box.viewer.get(f"why?number=m%C3%BCller&at={at}").json
    assert answer["verdict"] == "not_recorded"
    assert [call["call_id"] for call in answer["calls"]] == [box.refused]
    assert answer["calls"][0]["sentence"] == "No recording: Busy (final answer 486)."
    assert answer["intake_note"] == ""


def test_why_a_recorded_call_is_said_to_be_recorded(box):
    at = quote(NOON.isoformat())
    answer = box.viewer.get(f"why?number=0049-30123456&at={at}&lang=zh").json
    assert answer["verdict"] == "recorded"
    assert answer["calls"][0]["sentence"] == "已录音：时长 3 秒（单通）。"


def test_why_a_number_was_never_seen_says_what_the_mirror_port_does(box):
    at = quote(NOON.isoformat())
    answer = box.viewer.get(f"why?number=777777&at={at}").json
    assert (answer["verdict"], answer["calls"]) == ("never_seen", [])
    assert "No mirror port reports" in answer["intake_note"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("at=2026-11-21T12:00:00Z", "number"),
        ("number=1", "at"),
        ("number=&at=2026-11-21T12:00:00Z", "number"),
        ("number=1&at=0001-01-01T00:00:00Z", "at"),
        ("number=1&at=2026-11-21T12:00:00Z&window_min=0", "window_min"),
        ("number=1&at=2026-11-21T12:00:00Z&window_min=inf", "window_min"),
    ],
)
def test_a_wrong_question_is_refused_by_name(box, query, field):
    reply = box.viewer.get("why?" + query)
    assert (reply.status, reply.field) == (422, field)


def test_home_counts_what_the_ledger_has(box):
    home = box.viewer.get("home?days=7&tz=Europe/Berlin").json
    assert len(home["per_hour"]) == 24
    assert len(home["per_day"]) == 7
    assert home["storage"]["total_bytes"] >= home["storage"]["free_bytes"] > 0
    assert home["storage"]["archive_bytes"] == len(box.file)
    assert (home["live_now"], home["intake"], home["queue"], home["conditions"]) == (0, [], None, [])


@pytest.mark.parametrize(
    "zone", ["Nowhere/Land", "../../etc/passwd", "/etc/localtime", "A" * 65, "", "Europe"]
)
def test_a_place_that_is_none_is_refused(box, zone):
    reply = box.viewer.get("home?tz=" + quote(zone, safe=""))
    assert (reply.status, reply.field) == (422, "tz")
