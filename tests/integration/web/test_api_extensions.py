"""Bound extensions by API: nothing is dropped in silence, and a table shows what it would do before it does it."""

import base64
import io

import openpyxl
import pytest

from tests.rigs.patience import until

CSV = "分机号,通道号,姓名\n1001,1,张三\n1002,2,李四\n"


@pytest.fixture
def admin(web):
    return web.administrator()


def listed(admin, query="page_size=200"):
    page = admin.get(f"extensions?{query}").json
    return [(one["number"], one["channel"], one["name"]) for one in page["extensions"]]


def add(admin, *rows):
    return admin.post("extensions", {"extensions": [dict(zip(("number", "channel", "name"), row, strict=False)) for row in rows]})  # fmt: skip


def table(admin, content, fingerprint=""):
    raw = content.encode() if isinstance(content, str) else content
    return admin.post(
        "extensions/table", {"content": base64.b64encode(raw).decode(), "fingerprint": fingerprint}
    )


def outcomes(reply):
    return {row["line"]: row["outcome"] for row in reply.json["rows"]}


def test_extensions_are_added_found_changed_and_removed(admin):
    assert add(admin, ("1001", 5, "Alice"), ("1002",), ("1003",)).json["counts"]["add"] == 3
    assert listed(admin) == [("1002", 1, ""), ("1003", 2, ""), ("1001", 5, "Alice")]
    assert listed(admin, "search=alice") == [("1001", 5, "Alice")]
    assert listed(admin, "search=100&page=2&page_size=2") == [("1001", 5, "Alice")]
    changed = admin.put("extensions/entry?number=1002", {"number": "1009", "channel": 9, "name": "Bob"})
    assert [changed.json[name] for name in ("number", "channel", "name", "kind")] == ["1009", 9, "Bob", "ip"]
    assert admin.post("extensions/remove", {"numbers": ["1003", "1001", "7"]}).status == 204
    assert listed(admin) == [("1009", 9, "Bob")]


def test_duplicates_of_a_batch_are_reported_each_with_its_reason(admin):
    add(admin, ("1001", 1))
    reply = add(admin, ("1001", 2), ("1002", 1), ("1003", 3), ("1003", 4), ("=1", 5), ("1 004",))
    assert reply.json["counts"] == {"add": 2, "change": 0, "same": 0, "refused": 4}
    refused = {row["number"]: row["problem"] for row in reply.json["rows"] if row["outcome"] == "refused"}
    assert "channel 1" in refused["1001"]
    assert "1001" in refused["1002"]
    assert "line 3" in refused["1003"]
    assert refused["=1"]
    assert listed(admin) == [("1001", 1, ""), ("1004", 2, ""), ("1003", 3, "")]


def test_a_change_that_would_collide_is_a_conflict(admin):
    add(admin, ("1001", 1), ("1002", 2))
    for body in ({"number": "1001", "channel": 1}, {"number": "1002"}, {"number": "1003", "channel": 2}):
        reply = admin.put("extensions/entry?number=1001", body)
        expected = 200 if body["number"] == "1001" else 409
        assert reply.status == expected, body
        if expected == 409:
            assert reply.code == "extension-refused"
    assert admin.put("extensions/entry?number=9", {"number": "9"}).status == 404


@pytest.mark.parametrize(
    "content",
    [CSV.encode(), CSV.encode("utf-8-sig"), CSV.encode("gbk"), CSV.encode("utf-16"), CSV.replace(",", ";").encode()],
    ids=["utf-8", "utf-8 with mark", "gbk", "utf-16", "semicolons"],
)  # fmt: skip
def test_a_table_in_any_encoding_is_shown_then_taken(admin, content):
    preview = table(admin, content)
    assert (preview.status, preview.json["done"], preview.json["counts"]["add"]) == (200, False, 2)
    assert listed(admin) == []
    done = table(admin, content, preview.json["fingerprint"])
    assert (done.json["done"], done.json["counts"]) == (True, preview.json["counts"])
    assert listed(admin) == [("1001", 1, "张三"), ("1002", 2, "李四")]


def test_a_workbook_is_taken(admin):
    book = openpyxl.Workbook()
    for row in (["Name", "Extension"], ["Alice", 1001], ["Bob", "1002"], ["", "=1+1"]):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    preview = table(admin, written.getvalue())
    assert outcomes(preview) == {2: "add", 3: "add"}
    table(admin, written.getvalue(), preview.json["fingerprint"])
    assert listed(admin) == [("1001", 1, "Alice"), ("1002", 2, "Bob")]


def test_a_table_changes_what_is_known_and_says_what_it_refuses(admin):
    add(admin, ("1001", 1, "Alice"), ("1002", 2, "Bob"))
    content = "1001,1,Alice\n1002,9,\n1003,1,\n1003,8,\n,4,\n@1,5,\n=cmd|x!A1,6,\n1004,0,\n1004,x,\n1005,\n"
    preview = table(admin, content)
    assert outcomes(preview) == {
        1: "same", 2: "change", 3: "refused", 4: "add", 5: "refused", 6: "refused", 7: "refused",
        8: "refused", 9: "refused", 10: "add",
    }  # fmt: skip
    assert [row["outcome"] for row in preview.json["rows"]][:6] == ["refused"] * 6
    table(admin, content, preview.json["fingerprint"])
    assert listed(admin) == [("1001", 1, "Alice"), ("1005", 2, ""), ("1003", 8, ""), ("1002", 9, "Bob")]


def test_a_preview_that_is_out_of_date_changes_nothing(admin):
    preview = table(admin, CSV)
    add(admin, ("1001", 4))
    reply = table(admin, CSV, preview.json["fingerprint"])
    assert (reply.status, reply.code) == (409, "plan-outdated")
    assert listed(admin) == [("1001", 4, "")]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"PK\x03\x04" + b"\0" * 50, 422, "unreadable-table"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 50, 422, "unreadable-table"),
        (b"\x81\xff\xff,1\n", 422, "unreadable-table"),
        (b"1001,1\n" * 100_000, 413, "too-many-rows"),
        (b"x" * (4 * 1024 * 1024 + 1), 422, "invalid"),
        (b"", 422, "invalid"),
    ],
    ids=["no workbook", "old excel", "no encoding", "100000 rows", "too large", "empty"],
)
def test_a_hostile_table_is_refused_and_changes_nothing(admin, content, status, code):
    for language in ("en", "zh"):
        reply = table(admin, content)
        assert (reply.status, reply.code) == (status, code), language
    assert listed(admin) == []


def test_a_large_table_is_taken_whole_and_long_lists_do_not_choke_the_settings(admin):
    content = "".join(f"{number},{number - 9999},\n" for number in range(10_000, 20_000))
    preview = table(admin, content)
    assert preview.json["counts"]["add"] == 10_000
    assert len(preview.json["rows"]) == 500
    assert table(admin, content, preview.json["fingerprint"]).json["done"] is True
    more = table(admin, "30000,,\n")
    assert more.json["counts"] == {"add": 0, "change": 0, "same": 0, "refused": 1}
    settings = admin.get("settings").json
    settings.pop("problem", None)
    assert len(settings["settings"]["recording"]["extensions"]) == 10_000
    settings["settings"]["web"]["idle_timeout_min"] = 45
    assert admin.put("settings", settings).status == 200


def test_the_page_is_told_whether_extensions_are_bound_at_all(admin):
    assert admin.get("extensions").json["bound"] is False
    read = admin.get("rules").json
    admin.put("rules", {"version": read["version"], "rules": {**read["rules"], "work_mode": "bound"}})
    assert admin.get("extensions").json["bound"] is True


def department(admin, name, parent=None):
    return admin.post("departments", {"name": name, "parent_id": parent}).json["id"]


def shown(admin, query=""):
    names = ("number", "channel", "name", "company", "department", "kind", "note")
    return [tuple(one[name] for name in names) for one in admin.get(f"extensions?{query}").json["extensions"]]


def test_an_extension_is_bound_and_called_on_one_page(admin):
    sales = department(admin, "Sales")
    north = department(admin, "North", sales)
    one = {
        "number": "1001",
        "channel": 3,
        "name": "Alice",
        "company": "Us",
        "department_id": north,
        "note": "x",
    }
    reply = admin.post(
        "extensions", {"extensions": [{**one, "kind": "analog"}, {"number": "1002", "name": "Bob"}]}
    )
    assert reply.json["rows"][0]["department"] == "Sales / North"
    alice = ("1001", 3, "Alice", "Us", "Sales / North", "analog", "x")
    assert shown(admin) == [("1002", 1, "Bob", "", "", "ip", ""), alice]
    for query in ("kind=analog", f"department={sales}", "search=us", "search=3"):
        assert shown(admin, query) == [alice], query
    bound = admin.get("settings").json["settings"]["recording"]["extensions"]
    assert [(one["number"], one["channel"], one["name"]) for one in bound] == [
        ("1002", 1, ""),
        ("1001", 3, ""),
    ]
    contact = admin.get("contacts?search=alice").json["contacts"][0]
    assert (contact["is_extension"], contact["department"]) == (True, "Sales / North")
    revision = admin.get("settings").json["revision"]
    body = {"number": "1001", "channel": 3, "name": "Alicia", "kind": "e1"}
    assert admin.put("extensions/entry?number=1001", body).status == 200
    assert shown(admin, "search=ali") == [("1001", 3, "Alicia", "", "", "e1", "")]
    assert admin.get("settings").json["revision"] == revision, "a new name is no new recording rule"
    renamed = admin.put("contacts/entry?number=1001", {"number": "1001", "name": "Ali"})
    assert renamed.status == 200
    assert shown(admin, "kind=e1")[0][2] == "Ali"


def test_a_removed_extension_leaves_its_name_and_takes_it_up_again(admin):
    add(admin, ("1001", 1, "Alice"), ("1002", 2))
    admin.post("extensions/remove", {"numbers": ["1001", "1002"]})
    contacts = [(one["number"], one["is_extension"]) for one in admin.get("contacts").json["contacts"]]
    assert contacts == [("1001", False)]
    assert add(admin, ("1001", 5)).json["counts"]["add"] == 1
    assert listed(admin) == [("1001", 5, "Alice")]


def test_an_extension_does_not_take_the_number_of_a_contact(admin):
    add(admin, ("1001", 1, "Alice"))
    admin.post("contacts", {"contacts": [{"number": "1002", "name": "Bob"}]})
    reply = admin.put("extensions/entry?number=1001", {"number": "1002", "channel": 1})
    assert (reply.status, reply.code) == (409, "number-known")
    assert listed(admin) == [("1001", 1, "Alice")]


def test_names_that_an_older_release_kept_with_the_bindings_move_to_the_directory(admin):
    read = admin.get("settings").json
    read["settings"]["recording"]["extensions"] = [
        {"number": "1001", "channel": 1, "name": "Alice"}, {"number": "1002", "channel": 2, "name": "Bob"},
    ]  # fmt: skip
    admin.post("contacts", {"contacts": [{"number": "1002", "name": "Robert"}]})
    saved = admin.put("settings", {"revision": read["revision"], "settings": read["settings"]})
    assert saved.status == 200
    assert listed(admin)[0] == ("1001", 1, "Alice")
    until(
        lambda: admin.get("contacts?which=extensions").json["total"] == 2,
        what="the bound ones are in the directory",
    )
    assert listed(admin) == [("1001", 1, "Alice"), ("1002", 2, "Robert")]
    admin.put("contacts/entry?number=1001", {"number": "1001", "name": "Alicia"})
    assert listed(admin)[0] == ("1001", 1, "Alicia"), "the directory is the only source of names"


def test_a_table_brings_names_departments_and_kinds(admin):
    department(admin, "销售部")
    content = "分机号,通道号,姓名,单位,部门,类型\n1001,1,张三,本公司,销售部,模拟\n1002,2,李四,,无此部门,IP\n1003,3,王五,,,卫星\n1004,1,,,,\n"
    preview = table(admin, content)
    assert outcomes(preview) == {2: "add", 3: "refused", 4: "refused", 5: "refused"}
    table(admin, content, preview.json["fingerprint"])
    assert shown(admin) == [("1001", 1, "张三", "本公司", "销售部", "analog", "")]
    same = table(admin, "1001,1,,,,,\n")
    assert same.json["counts"] == {"add": 0, "change": 0, "same": 1, "refused": 0}
