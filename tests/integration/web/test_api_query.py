"""The query line, exact counts, pages by key, kept searches and columns, by the API."""

from datetime import datetime, timedelta
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import pytest


def found(box, **filters):
    reply = box.viewer.get("calls?" + urlencode(filters))
    assert reply.status == 200, reply
    return [call["call_id"] for call in reply.json["calls"]]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"extension": "1001"}, ["refused", "other_leg", "recorded"]),
        ({"extension": "100"}, []),
        ({"number": "10?1", "match": "pattern"}, ["refused", "other_leg", "recorded"]),
        ({"without_mark": "one_way"}, ["refused", "other_leg"]),
        ({"without_number": "1002"}, ["refused", "recorded"]),
        ({"data_type": "ip"}, ["refused", "other_leg", "recorded"]),
        ({"data_type": "siprec"}, []),
        ({"conference": "yes"}, []),
        ({"encrypted": "no", "recorded": "yes"}, ["recorded"]),
        ({"call_type": "internal"}, []),
        ({"tag": "nobody put this"}, []),
        ({"note": "nor this"}, []),
        ({"sort": "mos"}, []),
    ],
)
def test_more_filters_find_what_they_say(box, filters, names):
    assert found(box, **filters) == [getattr(box, name) for name in names]


def test_last_week_ends_with_sunday_where_the_caller_is(box):
    """The calls are hours old: on a Monday some of them are of last week."""
    zone = ZoneInfo("Asia/Shanghai")
    today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    expected = [
        call["call_id"]
        for call in box.viewer.get("calls").json["calls"]
        if monday - timedelta(days=7) <= datetime.fromisoformat(call["started_at"]) < monday
    ]
    assert found(box, range="last_week", tz=zone.key) == expected


def test_pages_by_key_go_there_and_back(box):
    first = box.viewer.get("calls?page_size=2").json
    assert (first["previous"], first["is_exact"], len(first["calls"])) == ("", True, 2)
    second = box.viewer.get("calls?page_size=2&cursor=" + quote(first["next"])).json
    assert [call["call_id"] for call in second["calls"]] == [box.recorded]
    assert second["next"] == ""
    assert box.viewer.get("calls?page_size=2&cursor=last").json["calls"] == second["calls"]
    assert (
        box.viewer.get("calls?page_size=2&cursor=" + quote(second["previous"])).json["calls"]
        == first["calls"]
    )


@pytest.mark.parametrize(
    "cursor", ["x", "a_1", "a_1_x", "b_1_1e999", "a_1_2_3", "a_nan_1", "a_9999999999999999999_1"]
)
def test_a_cursor_that_is_none_is_refused(box, cursor):
    reply = box.viewer.get("calls?cursor=" + quote(cursor))
    assert (reply.status, reply.field) == (422, "cursor")


def test_a_line_is_read_written_and_counted(box):
    read = box.viewer.get(
        "query/line?" + urlencode({"line": "ext:1001 -mark:one_way", "tz": "Europe/Berlin"})
    ).json
    assert read == {"filters": {"extension": "1001", "without_mark": "one_way"}, "problems": []}
    assert found(box, **read["filters"]) == [box.refused, box.other_leg]
    assert box.viewer.get("query/count?" + urlencode(read["filters"])).json == {"total": 2}
    written = box.viewer.post("query/line", {"filters": read["filters"]}).json["line"]
    assert written == "ext:1001 -mark:one_way"
    chinese = box.viewer.post("query/line", {"filters": read["filters"]}, Accept_Language="zh-CN").json[
        "line"
    ]
    assert chinese == "分机:1001 -标记:单通"


def test_what_is_wrong_in_a_line_is_told_by_its_place(box):
    read = box.viewer.get("query/line?" + urlencode({"line": "ext:1001 wether"})).json
    assert [(one["begin"], one["end"]) for one in read["problems"]] == [(9, 15)]
    assert box.viewer.get("query/line?tz=Nowhere/Land").status == 422
    assert box.viewer.post("query/line", {"filters": {"nonsense": "1"}}).status == 422


@pytest.mark.parametrize(
    ("line", "language", "offered"),
    [
        ("ex", "en", "ext:"),
        ("last", "en", "last week"),
        ("ext:1 reason:bu", "en", "reason:busy"),
        ("上", "zh-CN", "上周"),
        ("原因:忙", "zh-CN", "原因:忙线"),
        ("-ta", "en", "-tag:"),
    ],
)
def test_words_are_completed_at_the_cursor(box, line, language, offered):
    found = box.viewer.get("query/completions?" + urlencode({"line": line}), Accept_Language=language).json[
        "completions"
    ]
    assert offered in [one["insert"] for one in found]
    assert all(line[one["begin"] : one["end"]] == line.split(" ")[-1] for one in found)


def test_searches_are_kept_shared_and_forgotten(box):
    made = box.viewer.post(
        "searches", {"name": "Bad lines", "line": "oneway last week", "shared": "everyone"}
    )
    assert made.status == 201
    (mine,) = made.json["searches"]
    assert (mine["own"], mine["shared"], mine["line"]) == (True, "everyone", "oneway last week")
    assert box.viewer.post("searches", {"name": "bad LINES", "line": ""}).status == 409
    (theirs,) = box.admin.get("searches").json["searches"]
    assert (theirs["own"], theirs["id"]) == (False, mine["id"])
    path = f"searches/{mine['id']}"
    assert box.admin.delete(path).status == 404
    assert box.admin.put(path, {"name": "x", "line": ""}).status == 404
    assert box.viewer.put(path, {"name": "Bad", "line": "oneway", "shared": "nobody"}).status == 200
    assert box.admin.get("searches").json["searches"] == []
    assert box.viewer.delete(path).status == 204
    assert box.viewer.get("searches").json["searches"] == []


def test_everybody_chooses_columns_of_their_own(box):
    assert box.viewer.get("preferences/columns").json == {"columns": []}
    assert box.viewer.put("preferences/columns", {"columns": ["started", "caller"]}).status == 200
    assert box.viewer.get("preferences/columns").json == {"columns": ["started", "caller"]}
    assert box.admin.get("preferences/columns").json == {"columns": []}
    assert box.viewer.put("preferences/columns", {"columns": ["Robert'); DROP"]}).status == 422
