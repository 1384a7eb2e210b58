"""The exchange's list over the API: looked at, compared with the ledger, and refused when it is none."""

import base64
from datetime import timedelta

import pytest

from appliance.domain.ledger import Reason
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.records import NOON, make_record

LIST = """calldate,src,dst,duration
2026-11-21 20:00:02,+4930123456,1001,30
2026-11-21 20:10:00,1002,1001,5
not a time,1,2,3
"""


def encoded(text):
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def filled(web):
    database = open_database(web.layout)
    records = [
        make_record("4930123456", "1001", at=NOON, call_id="both"),
        make_record("1003", "1001", at=NOON + timedelta(minutes=5), call_id="ours", reason=Reason.BUSY),
        make_record("1003", "1001", at=NOON + timedelta(hours=5), call_id="later"),
    ]
    calls.index_all(database, records)
    database.close()
    return web


ORDER = {"content": encoded(LIST), "at": 0, "caller": 1, "callee": 2, "tz": "Asia/Shanghai"}


def test_a_list_is_looked_at_and_its_columns_are_guessed(web):
    answer = web.administrator().post("cdr/preview", {"content": encoded(LIST)})
    assert answer.status == 200, answer
    assert answer.json["rows"][1] == ["2026-11-21 20:00:02", "+4930123456", "1001", "30"]
    places = {name: answer.json[name] for name in ("at", "caller", "callee", "headed", "total", "columns")}
    assert places == {"at": 0, "caller": 1, "callee": 2, "headed": True, "total": 4, "columns": 4}
    chinese = web.administrator().post(
        "cdr/preview", {"content": encoded("主叫号码,被叫号码,开始时间\n1,2,3\n")}
    )
    assert [chinese.json[name] for name in ("at", "caller", "callee")] == [2, 0, 1]


def test_each_call_is_in_both_or_in_one_of_them(filled):
    answer = filled.administrator().post("cdr/comparison", ORDER)
    assert answer.status == 200, answer
    assert answer.json["counts"] == {"matched": 1, "only_listed": 1, "only_ours": 1, "unreadable": 1}
    by_outcome = {row["outcome"]: row for row in answer.json["rows"]}
    both = by_outcome["matched"]
    assert (both["call_id"], both["line"], both["apart_s"], both["recorded"]) == ("both", 2, 0.0, True)
    assert by_outcome["only_listed"]["line"] == 3
    assert (by_outcome["only_ours"]["call_id"], by_outcome["only_ours"]["recorded"]) == ("ours", False)
    assert by_outcome["only_ours"]["reason_text"]
    assert by_outcome["unreadable"]["line"] == 4


def test_the_zone_of_the_list_matters(filled):
    counts = filled.administrator().post("cdr/comparison", {**ORDER, "tz": "Europe/Berlin"}).json["counts"]
    assert counts["matched"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"at": 3},
        {"at": 99},
        {"tz": "Mars/Base"},
        {"tolerance_s": -1},
        {"content": base64.b64encode(b"\xd0\xcf\x11\xe0").decode()},
    ],
)
def test_what_cannot_be_compared_is_refused(filled, changes):
    answer = filled.administrator().post("cdr/comparison", {**ORDER, **changes})
    assert 400 <= answer.status < 500, answer


def test_whoever_sees_a_part_of_the_calls_compares_nothing(filled):
    admin = filled.administrator()
    viewer = filled.viewer(admin)
    assert viewer.post("cdr/comparison", ORDER).status == 200
    person = next(one for one in admin.get("users").json["users"] if one["name"] != "admin")
    scope = {"kind": "extensions", "departments": [], "extensions": ["1001"]}
    changed = {name: person[name] for name in ("name", "real_name", "role_id", "is_super", "is_enabled")}
    assert admin.put(f"users/{person['id']}", {**changed, "scope": scope}).status == 200
    assert viewer.post("cdr/comparison", ORDER).status == 403
    assert viewer.post("cdr/preview", {"content": encoded(LIST)}).status == 403
    assert viewer.get("statements").status == 403
