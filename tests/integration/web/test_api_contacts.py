"""Contacts by API: added, found, changed, removed and put back, taken from tables and given as tables; and their
names beside calls, finished and live."""

import asyncio
import base64
import io

import openpyxl
import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import CALL, LiveCall
from appliance.domain.call import Party
from appliance.domain.roles import Permission
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.patience import until
from tests.rigs.records import NOON, make_call, make_record

CSV = "号码,姓名,单位,部门,备注\n13812340001,张三,客户公司,,老客户\n1001,李四,,销售部,\n"


@pytest.fixture
def admin(web):
    return web.administrator()


def add(admin, *contacts):
    reply = admin.post("contacts", {"contacts": list(contacts)})
    assert reply.status == 200, reply
    return reply.json


def listed(admin, query=""):
    return [(one["number"], one["name"]) for one in admin.get(f"contacts?{query}").json["contacts"]]


def table(admin, content, fingerprint=""):
    raw = content.encode() if isinstance(content, str) else content
    return admin.post(
        "contacts/table", {"content": base64.b64encode(raw).decode(), "fingerprint": fingerprint}
    )


def department(admin, name, parent=None):
    return admin.post("departments", {"name": name, "parent_id": parent}).json["id"]


def test_a_contact_is_added_found_changed_removed_and_put_back(admin):
    sales = department(admin, "Sales")
    north = department(admin, "North", sales)
    made = add(
        admin,
        {
            "number": "+49 (30) 12-34",
            "name": "Alice",
            "company": "Müller",
            "department_id": north,
            "note": "x",
        },
        {"number": "1002", "name": "Bob"},
    )
    assert made["counts"] == {"add": 2, "change": 0, "same": 0, "refused": 0}
    assert made["rows"][0]["department"] == "Sales / North"
    assert listed(admin) == [("1002", "Bob"), ("+49301234", "Alice")]
    for query in ("search=alice", "number=3012", "name=LIC", "company=ller", f"department={sales}"):
        assert listed(admin, query) == [("+49301234", "Alice")], query
    assert listed(admin, "name=alice&company=nobody") == []
    body = {"number": "1003", "name": "Bobby", "company": "", "department_id": None, "note": ""}
    changed = admin.put("contacts/entry?number=1002", body)
    assert (changed.status, changed.json["number"], changed.json["name"]) == (200, "1003", "Bobby")
    gone = admin.post("contacts/remove", {"numbers": ["1003", "4930 1234", "7"]})
    assert len(gone.json["contacts"]) == 2
    assert listed(admin) == []
    fields = ("number", "name", "company", "department_id", "note")
    add(admin, *({name: one[name] for name in fields} for one in gone.json["contacts"]))
    again = admin.get("contacts").json["contacts"]
    assert [one["name"] for one in again] == ["Bobby", "Alice"]
    assert again[1]["department"] == "Sales / North"


def test_what_cannot_be_is_told(admin):
    add(admin, {"number": "1001", "name": "Alice"}, {"number": "1002"})
    again = add(admin, {"number": "1001", "name": "Other"}, {"number": "10-03"}, {"number": "1003"})
    assert again["counts"] == {"add": 1, "change": 0, "same": 0, "refused": 2}
    assert {row["number"] for row in again["rows"] if row["problem"]} == {"1001", "1003"}
    assert listed(admin)[0] == ("1001", "Alice")
    taken = admin.put("contacts/entry?number=1002", {"number": "1001"})
    assert (taken.status, taken.code) == (409, "number-known")
    assert admin.put("contacts/entry?number=9", {"number": "9"}).status == 404
    for body, field in (
        ({"number": "=1"}, "number"),
        ({"number": "1 x 2"}, "number"),
        ({"number": "1002", "department_id": 77}, "department_id"),
        ({"number": "1002", "name": "a\nb"}, "name"),
    ):
        reply = admin.put("contacts/entry?number=1002", body)
        assert (reply.status, reply.field) == (422, field), body
    assert admin.get("contacts?cursor=x").status == 422


def test_pages_go_by_key_both_ways(admin):
    add(admin, *({"number": str(number)} for number in range(100, 145)))
    first = admin.get("contacts?page_size=20").json
    assert (first["total"], first["previous"]) == (45, "")
    second = admin.get(f"contacts?page_size=20&cursor={first['next']}").json
    assert [one["number"] for one in second["contacts"]] == [str(number) for number in range(120, 140)]
    last = admin.get("contacts?page_size=20&cursor=last").json
    assert ([one["number"] for one in last["contacts"]], last["next"]) == (
        ["140", "141", "142", "143", "144"],
        "",
    )
    before = admin.get(f"contacts?page_size=20&cursor={last['previous']}").json
    assert before["contacts"] == second["contacts"]


@pytest.mark.parametrize(
    "content", [CSV.encode(), CSV.encode("gbk"), CSV.replace(",", ";").encode("utf-8-sig")]
)
def test_a_table_is_shown_then_taken(admin, content):
    department(admin, "销售部")
    preview = table(admin, content)
    assert (preview.status, preview.json["done"], preview.json["counts"]["add"]) == (200, False, 2)
    assert listed(admin) == []
    done = table(admin, content, preview.json["fingerprint"])
    assert (done.json["done"], done.json["counts"]) == (True, preview.json["counts"])
    assert listed(admin) == [("1001", "李四"), ("13812340001", "张三")]
    assert admin.get("contacts?search=1001").json["contacts"][0]["department"] == "销售部"


def test_a_table_says_what_it_changes_and_what_it_refuses(admin):
    one = department(admin, "One")
    department(admin, "Sales", one)
    department(admin, "Sales", department(admin, "Two"))
    add(admin, {"number": "1001", "name": "Alice", "note": "kept"}, {"number": "1002", "name": "Bob"})
    content = (
        "Number,Name,Department\n1001,,One / Sales\n1002,Bob,\n1003,Carl,Sales\n1004,Dan,Nowhere\n"
        "1001,Twice,\n,Nobody,\n=1+1,Evil,\n1005,Eve,one\n1006," + "x" * 65 + ",\n"
    )
    preview = table(admin, content)
    outcomes = {row["line"]: row["outcome"] for row in preview.json["rows"]}
    assert outcomes == {
        2: "change", 3: "same", 4: "refused", 5: "refused", 6: "refused", 7: "refused", 8: "refused", 9: "add",
        10: "refused",
    }  # fmt: skip
    problems = {row["line"]: row["problem"] for row in preview.json["rows"] if row["problem"]}
    assert "several departments" in problems[4]
    assert "Nowhere" in problems[5]
    assert "line 2" in problems[6]
    table(admin, content, preview.json["fingerprint"])
    first = admin.get("contacts?search=1001").json["contacts"][0]
    assert (first["name"], first["department"], first["note"]) == ("Alice", "One / Sales", "kept")
    assert admin.get("contacts?search=Eve").json["contacts"][0]["department"] == "One"


def test_a_preview_that_is_out_of_date_changes_nothing(admin):
    preview = table(admin, "1001,Alice\n")
    add(admin, {"number": "1001", "name": "Other"})
    reply = table(admin, "1001,Alice\n", preview.json["fingerprint"])
    assert (reply.status, reply.code) == (409, "plan-outdated")
    assert listed(admin) == [("1001", "Other")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_can_be_taken_again(admin, kind, language):
    sales = department(admin, "Sales")
    department(admin, "North", sales)
    add(
        admin,
        {"number": "+4930", "name": "-Alice", "company": "=1+1", "department_id": sales, "note": 'a, "b"'},
        {"number": "1002", "name": "Bob"},
    )
    before = admin.get("contacts").json["contacts"]
    exported = admin.get(f"contacts/export?format={kind}&lang={language}")
    assert exported.status == 200
    assert f"contacts.{kind}" in exported.headers["Content-Disposition"]
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(exported.body)).active
        assert sheet["C3"].value == "=1+1"
        assert sheet["C3"].data_type == "s"
    same = table(admin, exported.body)
    assert same.json["counts"] == {"add": 0, "change": 0, "same": 2, "refused": 0}
    admin.post("contacts/remove", {"numbers": ["1002", "+4930"]})
    preview = table(admin, exported.body)
    table(admin, exported.body, preview.json["fingerprint"])
    assert admin.get("contacts").json["contacts"] == before
    assert "Alice" not in admin.get(f"contacts/export?format={kind}&search=bob").body.decode(
        "utf-8", "ignore"
    )


def test_a_large_table_is_taken_whole(admin):
    content = "".join(f"{number},Person {number}\n" for number in range(100_000, 118_000))
    preview = table(admin, content)
    assert preview.json["counts"]["add"] == 18_000
    assert len(preview.json["rows"]) == 500
    assert table(admin, content, preview.json["fingerprint"]).json["done"] is True
    assert admin.get("contacts?page_size=1").json["total"] == 18_000


def test_the_directory_is_not_for_those_who_see_a_part(web, admin):
    add(admin, {"number": "1001", "name": "Alice"})
    every = sorted(one.value for one in Permission if one not in (Permission.OPEN, Permission.SELF))
    masked = [one for one in every if one != "full_numbers"]
    for name, permissions, scope, code in (
        ("partly", every, {"kind": "extensions", "extensions": ["1001"]}, "needs-whole-scope"),
        ("masked", masked, {"kind": "everything"}, "needs-full-numbers"),
    ):
        role = admin.post("roles", {"name": name, "permissions": permissions}).json["id"]
        made = admin.post("users", {"name": name, "role_id": role, "scope": scope}).json
        person = web.anonymous()
        once = made["one_time_password"]
        person.post("session", {"name": name, "password": once})
        person.post("session/password", {"old_password": once, "new_password": "correct horse battery"})
        for reply in (
            person.get("contacts"),
            person.get("contacts/export"),
            person.post("contacts", {"contacts": [{"number": "5"}]}),
            person.put("contacts/entry?number=1001", {"number": "1001"}),
            person.post("contacts/remove", {"numbers": ["1001"]}),
            table(person, "5,x\n"),
        ):
            assert (reply.status, reply.code) == (403, code)
    assert listed(admin) == [("1001", "Alice")]


def test_names_stand_beside_calls_and_in_their_tables(web, admin):
    sales = department(admin, "Sales")
    add(
        admin,
        {"number": "1001", "name": "Alice", "company": "Us", "department_id": sales},
        {"number": "13812340001", "name": "13812340001 Carl", "company": "Them"},
    )
    record = make_record("1001", "13812340001")
    database = open_database(web.layout)
    calls.index_all(database, [record])
    database.close()
    row = admin.get("calls").json["calls"][0]
    assert row["caller"]["name"] == "Alice"
    assert (row["caller"]["company"], row["caller"]["department"]) == ("Us", "Sales")
    detail = admin.get(f"calls/{record.call.call_id}").json
    assert detail["callee"]["name"] == "13812340001 Carl"
    why = admin.get("why?number=1001&at=2026-11-21T12:00:00Z&window_min=1440").json
    assert why["calls"][0]["caller"]["name"] == "Alice"
    assert admin.get(f"interactions/{row['interaction_id']}").json["legs"][0]["caller"]["name"] == "Alice"
    begun = admin.post("exports/tables", {"kind": "csv"}).json
    until(
        lambda: admin.get(f"exports/{begun['id']}").json["state"] == "ready",
        what="the table is ready",
        deadline_s=60,
    )
    exported = admin.get(f"exports/{begun['id']}/file").body.decode()
    assert "Alice,Us,Sales" in exported
    permissions = [one.value for one in Permission if one is not Permission.FULL_NUMBERS]
    role = admin.post(
        "roles",
        {"name": "masked", "permissions": [one for one in permissions if one not in ("open", "self")]},
    ).json["id"]
    user = admin.post("users", {"name": "m", "role_id": role}).json["user"]["id"]
    admin.post("look", {"user_id": user})
    seen = admin.get("calls").json["calls"][0]
    assert (seen["caller"]["number"], seen["caller"]["name"]) == ("1001", "Alice")
    assert (seen["callee"]["number"], seen["callee"]["name"]) == ("138****0001", "138****0001 Carl")


async def heard(connection, word):
    """Read the stream of news until it says this."""
    async with asyncio.timeout(60):
        while word not in (frame := await connection.read_message()):
            pass
    return frame


def test_a_live_call_is_called_by_its_new_name_at_once(web, admin):
    call = make_call("1001", "5")
    call.caller = Party(number="1001", number_raw="1001", display="phone", uri="sip:1001@10.0.0.1")

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus, admin.socket("events") as connection:
            bus.set(CALL, call.call_id, LiveCall(at=NOON, call=call))
            assert "Alice" not in await heard(connection, call.call_id)
            await asyncio.to_thread(add, admin, {"number": "1001", "name": "Alice", "company": "Us"})
            await heard(connection, "Alice")
            live = await asyncio.to_thread(admin.get, "live")
            caller = live.json["calls"][0]["call"]["caller"]
            assert (caller["name"], caller["company"], caller["display"]) == ("Alice", "Us", "phone")

    asyncio.run(run())
