import csv
import io
import json

import openpyxl
import pytest

from appliance.commands.tapeline import main
from appliance.store.database import Database
from tests.rigs.web import PASSWORD

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"


def newest(admin, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return admin.get(f"operations?{asked}").json["operations"][0]


def test_a_sign_in_and_its_failure_are_logged_without_the_password(web):
    admin = web.administrator()
    stranger = web.anonymous()
    assert (
        stranger.post("session", {"name": "admin", "password": "guess the word"}, User_Agent=EDGE).status
        == 401
    )
    row = newest(admin, operation="session.sign_in")
    assert (row["user"], row["result"], row["kind"]) == ("admin", "refused", "sign_in")
    assert (row["system"], row["browser"], row["address"]) == ("Windows 10/11", "Edge 131", "127.0.0.1")
    assert row["error"]["code"] == "wrong-password"
    assert "guess" not in json.dumps(row)
    assert PASSWORD not in admin.get("operations").body.decode()


def test_every_write_and_every_read_that_matters_is_logged(playground):
    admin, call = playground.admin, playground.recorded
    admin.get("calls?number=4930")
    assert newest(admin, operation="calls.search")["parameters"] == {"number": "4930"}
    admin.get(f"calls/{call}/audio")
    row = newest(admin, operation="audio.play")
    assert (row["kind"], row["parameters"]["call_id"]) == ("listen", call)
    assert row["operation_text"] == "Play a recording"
    admin.post("lists/blacklist", {"number": "5039*", "note": "sales"})
    row = newest(admin, module="rules")
    assert (row["operation"], row["result"], row["parameters"]["number"]) == ("lists.add", "done", "5039*")
    admin.post("lists/blacklist", {"number": "5039*"})
    row = newest(admin, module="rules")
    assert (row["result"], row["error"]["code"]) == ("refused", "number-listed")
    chinese = admin.get("operations?module=rules&lang=zh").json["operations"][0]
    assert (chinese["module_text"], chinese["result_text"]) == ("录音规则", "被拒绝")
    assert "已在名单中" in chinese["error"]["message"]


def test_what_a_person_may_not_do_is_logged_as_refused(playground):
    playground.viewer.get("calls")
    assert playground.viewer.post("lists/blacklist", {"number": "1"}).status == 403
    row = newest(playground.admin, user="viewer", result="refused")
    assert (row["operation"], row["error"]["code"]) == ("lists.add", "denied")
    assert playground.viewer.get("operations").status == 403


def test_further_ranges_of_one_playing_are_one_row(playground):
    admin, call = playground.admin, playground.recorded
    before = newest(admin)["id"]
    for start in ("0-", "1000-", "2000-3000"):
        assert admin.get(f"calls/{call}/audio", Range=f"bytes={start}").status == 206
    rows = admin.get("operations?operation=audio.play").json["operations"]
    assert len([row for row in rows if row["id"] > before]) == 1


def test_a_list_that_stays_open_is_one_row_not_one_a_call(playground):
    admin = playground.admin
    admin.get("calls?number=7777")
    first = newest(admin, operation="calls.search")
    assert first["parameters"] == {"number": "7777"}
    for _ in range(3):
        assert admin.get("calls?number=7777").status == 200
    assert newest(admin, operation="calls.search")["id"] == first["id"]
    assert playground.viewer.get("calls?number=7777").status == 200
    assert newest(admin, operation="calls.search")["user"] == "viewer"
    admin.get("calls?number=7778")
    assert newest(admin, operation="calls.search")["parameters"] == {"number": "7778"}


def test_pages_of_the_log_follow_one_another(playground):
    admin = playground.admin
    for number in range(7):
        admin.get(f"calls?number=55{number}")
    first = admin.get("operations?operation=calls.search&page_size=3").json
    second = admin.get(f"operations?operation=calls.search&page_size=3&before={first['next']}").json
    numbers = [row["parameters"]["number"] for page in (first, second) for row in page["operations"]]
    assert numbers == ["556", "555", "554", "553", "552", "551"]
    assert newest(admin, text="551")["parameters"] in ({"text": "551"}, {"number": "551"})


@pytest.mark.parametrize("query", ["text=ab", "kind=nothing", "before=0", "from=yesterday", "page_size=500"])
def test_a_wrong_filter_is_refused_by_its_name(box, query):
    reply = box.admin.get(f"operations?{query}")
    assert (reply.status, reply.field) == (422, query.partition("=")[0])


def test_the_exported_tables_hold_the_rows(playground):
    admin = playground.admin
    admin.get("calls?number==2%2B3")
    reply = admin.get("operations/export?format=csv&operation=calls.search&lang=zh&tz=Asia/Shanghai")
    assert reply.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(reply.body.decode("utf-8-sig"))))
    assert rows[0][:3] == ["序号", "时间", "用户"]
    assert rows[1][10] == '{"number":"=2+3"}'
    reply = admin.get("operations/export?format=xlsx&operation=calls.search")
    sheet = openpyxl.load_workbook(io.BytesIO(reply.body)).active
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].value == "No."
    assert sheet["B2"].is_date
    assert sheet["K2"].value == '{"number":"=2+3"}'
    assert newest(admin, kind="export")["operation"] == "operations.export"


def test_a_changed_row_is_told_by_page_and_command(playground, capsys):
    admin, layout = playground.admin, playground.web.layout
    whole = admin.get("operations/verification").json
    assert (whole["done"], whole["broken"], whole["checked"]) == (True, None, whole["newest"])
    assert main(["audit", "verify", "--data", str(layout.data)]) == 0
    assert "as they were written" in capsys.readouterr().out
    assert main(["audit", "verify", "--data", str(layout.data), "--anchor", f"1:{'0' * 64}"]) == 1
    assert "row 1 " in capsys.readouterr().out
    other = Database(layout.index)
    other.script("UPDATE operations SET user = 'nobody' WHERE id = 3")
    other.close()
    found = admin.get("operations/verification").json
    assert (found["broken"], found["what"], found["checked"]) == (3, "changed", 2)
    assert main(["audit", "verify", "--data", str(layout.data), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["broken"] == 3
