import base64
import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from datetime import datetime, timedelta

import openpyxl
import pytest

from appliance.domain.call import DATA_TYPE_TEXT, DataType
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.patience import until
from tests.rigs.records import NOON, make_record
from tests.rigs.secrecy import told_in
from tests.rigs.sevenzip import unlocked


def begun(browser, what, **body):
    reply = browser.post(f"exports/{what}", body)
    assert reply.status == 202, reply
    return reply.json["id"]


def ready(browser, key):
    def look():
        found = browser.get(f"exports/{key}").json
        assert found["state"] != "failed", found
        return found["state"] == "ready" and found

    return until(look, deadline_s=90, what="the export")


def fetched(browser, what, **body):
    key = begun(browser, what, **body)
    told = ready(browser, key)
    reply = browser.get(f"exports/{key}/file")
    assert reply.status == 200, reply
    return reply, told


def test_all_hits_of_a_query_come_as_an_archive_with_its_index(box):
    reply, told = fetched(box.viewer, "recordings", query={"number": "4930123456"}, tz="Europe/Berlin")
    assert reply.headers["Content-Type"] == "application/zip"
    assert (told["calls"], told["missing"], told["size_bytes"]) == (1, 0, len(reply.body))
    with zipfile.ZipFile(io.BytesIO(reply.body)) as found:
        assert found.testzip() is None
        name = "2026-11-21_13-00-00_4930123456_1001.wav"
        assert found.namelist() == [name, "calls.csv", "calls.json"]
        assert found.read(name) == box.file
        (listed,) = json.loads(found.read("calls.json"))
        assert (listed["name"], listed["call_id"]) == (name, box.recorded)
        assert listed["sha256"] == hashlib.sha256(found.read(name)).hexdigest()
        rows = list(csv.reader(io.StringIO(found.read("calls.csv").decode("utf-8-sig"))))
        assert len(rows) == 2
        assert listed["sha256"] in rows[1]
        assert rows[1][-1] == name


def test_a_download_that_broke_goes_on_where_it_stopped(box):
    key = begun(box.viewer, "recordings", call_ids=[box.recorded, box.refused])
    told = ready(box.viewer, key)
    first = box.viewer.get(f"exports/{key}/file", Range="bytes=0-9999")
    assert (first.status, len(first.body)) == (206, 10_000)
    rest = box.viewer.get(f"exports/{key}/file", Range="bytes=10000-", If_Range=first.headers["ETag"])
    assert rest.status == 206
    assert rest.headers["Content-Range"] == f"bytes 10000-{told['size_bytes'] - 1}/{told['size_bytes']}"
    with zipfile.ZipFile(io.BytesIO(first.body + rest.body)) as found:
        assert found.testzip() is None
        assert len(found.namelist()) == 3
    assert box.viewer.get(f"exports/{key}").json["sent_bytes"] == told["size_bytes"]


@pytest.mark.parametrize(("wanted", "suffix"), [("opus", ".opus"), ("mp3", ".mp3"), ("wav_g711", ".wav")])
def test_recordings_are_converted_on_the_way(box, wanted, suffix):
    reply, _ = fetched(box.viewer, "recordings", call_ids=[box.recorded], format=wanted)
    with zipfile.ZipFile(io.BytesIO(reply.body)) as found:
        (name, *_) = found.namelist()
        assert name.endswith(suffix)
        assert 0 < len(found.read(name)) < len(box.file)


def test_a_workbook_has_a_frozen_head_a_filter_and_real_dates(box):
    reply, _ = fetched(box.viewer, "tables", kind="xlsx", tz="Asia/Shanghai")
    book = openpyxl.load_workbook(io.BytesIO(reply.body))
    sheet = book.active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    heads = [cell.value for cell in sheet[1]]
    assert heads[:2] == ["Start", "Ringing"]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == 3
    recorded = next(row for row in rows if row["Call"] == box.recorded)
    assert recorded["Start"] == datetime(2026, 11, 21, 20, 0)  # noqa: DTZ001 - a sheet knows no zones
    assert recorded["Recording"] == "Recorded"
    assert recorded["Marks"] == "One side only"
    assert recorded["Talk time"].total_seconds() == 3
    refused = next(row for row in rows if row["Call"] == box.refused)
    assert refused["Recording"] == "Busy"


def test_chosen_columns_in_the_readers_language(box):
    key = box.viewer.post("exports/tables?lang=zh", {"kind": "csv", "columns": ["callee", "state"]}).json[
        "id"
    ]
    ready(box.viewer, key)
    body = box.viewer.get(f"exports/{key}/file").body
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[0] == ["被叫号码", "录音"]
    assert ["Müller", "忙线"] in rows
    refused = box.viewer.post("exports/tables", {"columns": ["nonsense"]})
    assert (refused.status, refused.field) == (422, "columns")
    assert box.viewer.post("exports/tables", {"tz": "Mars/Base"}).field == "tz"


def test_calls_of_every_kind_of_line_are_told_apart_in_list_and_table(playground):
    database = open_database(playground.web.layout)
    made = {kind: make_record("5550001", "1009", data_type=kind) for kind in DataType}
    calls.index_all(database, made.values())
    database.close()
    for kind, record in made.items():
        ((shown,),) = [
            playground.viewer.get(f"calls?number=5550001&data_type={kind.value}").json["calls"],
        ]
        assert (shown["call_id"], shown["data_type"]) == (record.call.call_id, kind.value)
    body, _ = fetched(
        playground.viewer,
        "tables",
        kind="csv",
        query={"number": "5550001"},
        columns=["data_type", "call_id"],
    )
    told = {
        call_id: kind for kind, call_id in list(csv.reader(io.StringIO(body.body.decode("utf-8-sig"))))[1:]
    }
    assert told == {record.call.call_id: DATA_TYPE_TEXT[kind].en for kind, record in made.items()}


def test_an_export_belongs_to_whoever_asked_and_can_be_cancelled(box):
    key = begun(box.viewer, "tables")
    assert box.admin.get(f"exports/{key}").status == 404
    assert box.admin.get(f"exports/{key}/file").status == 404
    ready(box.viewer, key)
    assert key in [one["id"] for one in box.viewer.get("exports").json["exports"]]
    assert box.viewer.delete(f"exports/{key}").status == 204
    assert box.viewer.get(f"exports/{key}/file").status == 404
    assert not (box.web.layout.exports / key).exists()


def test_recordings_whose_file_is_gone_are_told_in_the_index(playground):
    box = playground
    database = open_database(box.web.layout)
    calls.index_all(
        database,
        [make_record(f"2{n}", "77", at=NOON + timedelta(seconds=n), call_id=f"many{n}") for n in range(3000)],
    )
    database.close()
    gone = begun(box.viewer, "recordings", query={"callee": "77"})
    told = ready(box.viewer, gone)
    assert (told["calls"], told["missing"]) == (3000, 3000)
    body = box.viewer.get(f"exports/{gone}/file").body
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert found.namelist() == ["calls.csv", "calls.json"]
        assert found.read("calls.csv").decode("utf-8-sig").count("the file is missing") == 3000


def words_of_loss(browser, key):
    """What is told of a lost export, in both languages, after looking at it every way there is."""
    told = [browser.get(f"exports/{key}?lang={language}") for language in ("en", "zh")]
    listed = [one for one in browser.get("exports").json["exports"] if one["id"] == key]
    assert [one.status for one in told] == [200, 200], told
    assert [one.json["state"] for one in told] + [one["state"] for one in listed] == ["failed"] * 3
    refused = browser.get(f"exports/{key}/file?lang=zh")
    assert (refused.status, refused.code) == (404, "export-gone")
    assert "重新生成" in refused.json["error"]["message"]
    return [one.json["problem"] for one in told]


@pytest.mark.parametrize(
    ("what", "file"), [("tables", "table"), ("recordings", "entries.jsonl"), ("recordings", "")], ids=str
)
@pytest.mark.parametrize("first_asked", ["exports", "exports/{}", "exports/{}/file"], ids=str)
def test_an_export_whose_file_has_vanished_is_told_gone_and_made_again(playground, what, file, first_asked):
    browser = playground.viewer
    key = begun(browser, what)
    before = ready(browser, key)
    folder = playground.web.layout.exports / key
    if file:
        (folder / file).unlink()
    else:
        shutil.rmtree(folder)
    first = browser.get(first_asked.format(key))
    assert first.status == (404 if first_asked.endswith("file") else 200), first
    english, chinese = words_of_loss(browser, key)
    assert "no longer on the recorder" in english
    assert "已不在" in chinese
    anew = browser.post(f"exports/{key}/again")
    assert (anew.status, anew.json["state"]) == (202, "preparing")
    after = ready(browser, anew.json["id"])
    assert (after["calls"], after["size_bytes"] > 0) == (before["calls"], True)
    assert browser.get(f"exports/{after['id']}/file").status == 200
    assert browser.get(f"exports/{key}").status == 404, "the new one stands in its place"


def test_a_recording_that_goes_while_its_archive_waits_is_named_and_the_rest_made_again(playground):
    box = playground
    database = open_database(box.web.layout)
    passing = make_record("5550003", "99", call_id="passing")
    calls.index_all(database, [passing])
    database.close()
    path = box.web.layout.archive / passing.recording.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(box.file)
    key = begun(box.viewer, "recordings", call_ids=["passing", box.recorded])
    ready(box.viewer, key)
    path.unlink()
    refused = box.viewer.get(f"exports/{key}/file")
    assert (refused.status, refused.code) == (422, "changed")
    assert "5550003_99.wav is gone" in refused.json["error"]["message"]
    english, _ = words_of_loss(box.viewer, key)
    assert "5550003_99.wav is gone" in english
    anew = box.viewer.post(f"exports/{key}/again").json
    assert ready(box.viewer, anew["id"])["missing"] == 1
    with zipfile.ZipFile(io.BytesIO(box.viewer.get(f"exports/{anew['id']}/file").body)) as found:
        assert len(found.namelist()) == 3


LOCK = "right-horse battery"


def test_an_archive_with_a_password_opens_with_it_only_and_goes_on_where_it_stopped(playground, tmp_path):
    box = playground
    key = begun(box.viewer, "recordings", query={"number": "4930123456"}, password=LOCK)
    told = ready(box.viewer, key)
    assert told["encrypted"]
    first = box.viewer.get(f"exports/{key}/file", Range="bytes=0-4000")
    rest = box.viewer.get(f"exports/{key}/file", Range="bytes=4001-", If_Range=first.headers["ETag"])
    whole = first.body + rest.body
    assert len(whole) == told["size_bytes"]
    found = unlocked(whole, LOCK, tmp_path)
    assert box.file in found.values()
    (listed,) = json.loads(found["calls.json"])
    assert found[listed["name"]] == box.file
    assert unlocked(whole, "wrong horse battery", tmp_path) is None
    names = zipfile.ZipFile(io.BytesIO(whole)).namelist()
    assert not any("4930123456" in name for name in names), "names stand there in clear"
    assert b"4930123456" not in whole


def test_a_locked_archive_is_made_again_with_its_password(playground, tmp_path):
    browser = playground.viewer
    key = begun(browser, "recordings", call_ids=[playground.recorded], password=LOCK)
    ready(browser, key)
    shutil.rmtree(playground.web.layout.exports / key)
    anew = browser.post(f"exports/{key}/again").json["id"]
    assert ready(browser, anew)["encrypted"]
    found = unlocked(browser.get(f"exports/{anew}/file").body, LOCK, tmp_path)
    assert playground.file in found.values()


def test_the_password_is_written_nowhere(playground, caplog):
    box = playground
    caplog.set_level("DEBUG")
    key = begun(box.viewer, "recordings", call_ids=[box.recorded], password=LOCK)
    ready(box.viewer, key)
    assert box.viewer.get(f"exports/{key}/file").status == 200
    assert LOCK not in caplog.text
    assert told_in(box.web.layout.data, LOCK) == []
    rows = box.admin.get("operations?operation=exports.begin_recordings").json["operations"]
    assert rows
    assert rows[0]["parameters"]["encrypted"] is True


@pytest.mark.parametrize("password", ["elevenlongs", "密码密码密码密码密码密码", "twelve\tletters", "x" * 65])
def test_a_password_that_is_short_or_not_the_same_everywhere_is_refused(box, password):
    refused = box.viewer.post("exports/recordings", {"call_ids": [box.recorded], "password": password})
    assert (refused.status, refused.field) == (422, "password")
    assert password not in refused.body.decode()


def test_making_it_again_asks_for_the_rights_of_today(playground):
    box = playground
    role = box.admin.post("roles", {"name": "takes away", "permissions": ["calls", "export"]}).json["id"]
    taker = box.web.viewer(box.admin, "taker", role)
    key = begun(taker, "tables")
    ready(taker, key)
    assert box.viewer.post(f"exports/{key}/again").status == 404
    shutil.rmtree(box.web.layout.exports / key)
    changed = box.admin.put(f"roles/{role}", {"name": "takes away", "permissions": ["calls"]})
    assert changed.status == 200, changed
    assert taker.post(f"exports/{key}/again").status == 403


def test_no_room_for_an_export_is_said_like_any_other_failure(playground):
    folder = playground.web.layout.exports
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_bytes(b"")  # stands where the folder has to be
    try:
        begun_there = playground.viewer.post("exports/tables", {"kind": "csv"})
        assert (begun_there.status, begun_there.json["state"]) == (202, "failed"), begun_there
        assert "could not be written" in begun_there.json["problem"]
    finally:
        folder.unlink()
    anew = playground.viewer.post(f"exports/{begun_there.json['id']}/again").json
    ready(playground.viewer, anew["id"])


def test_a_damaged_recording_keeps_nobody_from_the_others(playground):
    database = open_database(playground.web.layout)
    damaged = make_record("5550002", "88", call_id="damaged")
    calls.index_all(database, [damaged])
    database.close()
    path = playground.web.layout.archive / damaged.recording.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not a sound")
    reply, told = fetched(
        playground.viewer, "recordings", call_ids=["damaged", playground.recorded], format="flac"
    )
    assert (told["calls"], told["missing"]) == (2, 1)
    with zipfile.ZipFile(io.BytesIO(reply.body)) as found:
        assert [name.rpartition(".")[2] for name in found.namelist()] == ["flac", "csv", "json"]
        assert "could not be converted" in found.read("calls.csv").decode("utf-8-sig")
    _, told = fetched(playground.viewer, "recordings", call_ids=["damaged"])
    assert told["missing"] == 0, "as it was recorded it is there"


ALIKE = ("13812340001", "13899990001", "+86 138-1234-0001", "8613812340001")
"""Two that look alike when masked; one written in two ways."""

TOKEN = re.compile("n:[0-9a-f]{16}")


@pytest.fixture(scope="module")
def callers(playground):
    """Calls of these numbers to 8001, and a person who sees them masked."""
    database = open_database(playground.web.layout)
    made = [
        make_record(number, "8001", at=NOON - timedelta(days=2, seconds=place), call_id=f"alike{place}")
        for place, number in enumerate(ALIKE)
    ]
    calls.index_all(database, made)
    database.close()
    granted = ["calls", "export", "download"]
    role = playground.admin.post("roles", {"name": "analyst", "permissions": granted}).json["id"]
    return playground.web.viewer(playground.admin, "analyst", role)


def table(reply):
    """The rows of a CSV file by the heads of its columns."""
    head, *rows = csv.reader(io.StringIO(reply.decode("utf-8-sig")))
    return [dict(zip(head, row, strict=True)) for row in rows]


def sheet(reply):
    head, *rows = openpyxl.load_workbook(io.BytesIO(reply)).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


QUERY = {"callee": "8001"}


def test_whoever_sees_masked_numbers_can_tell_apart_what_looks_alike(playground, callers, caplog):
    caplog.set_level("DEBUG")
    found = []
    for kind, read in (("csv", table), ("xlsx", sheet), ("csv", table)):
        reply, _ = fetched(callers, "tables", kind=kind, query=QUERY, columns=["caller", "callee", "call_id"])
        rows = read(reply.body)
        assert [*rows[0]] == ["Caller", "Callee", "Call", "Caller token", "Callee token"]
        numbers = [row["Caller"].removeprefix("'") for row in rows]  # before a + in CSV, for Excel's sake
        tokens = [(row["Caller token"], row["Callee token"]) for row in rows]
        ids = [row["Call"] for row in rows]
        found.append({one: (number, *pair) for one, number, pair in zip(ids, numbers, tokens, strict=True)})
    assert found[0] == found[1] == found[2], "the same in every export"
    shown = [found[0][f"alike{place}"] for place in range(len(ALIKE))]
    assert shown[0][0] == shown[1][0] == "138****0001"
    first, other, written, again = [token for _, token, _ in shown]
    assert len({first, other, written}) == 3
    assert written == again
    assert len({callee for *_, callee in shown}) == 1
    assert all(TOKEN.fullmatch(token) for row in shown for token in row[1:])
    assert not [token for row in shown for token in row[1:] if "13812340001" in token or "99990001" in token]
    key = playground.web.layout.token_key.read_bytes()
    for folder in playground.web.layout.exports.iterdir():
        record = (folder / "export.json").read_bytes()
        assert not [form for form in (key, key.hex().encode(), base64.b64encode(key)) if form in record]
    assert key.hex() not in caplog.text


def test_the_index_of_an_archive_has_the_same_tokens(playground, callers):
    reply, _ = fetched(callers, "tables", kind="csv", query=QUERY)
    of_table = {row["Call"]: (row["Caller token"], row["Callee token"]) for row in table(reply.body)}
    key = begun(callers, "recordings", query=QUERY)
    ready(callers, key)
    with zipfile.ZipFile(io.BytesIO(callers.get(f"exports/{key}/file").body)) as found:
        index = found.read("calls.csv").decode("utf-8-sig").encode()
        listed = json.loads(found.read("calls.json"))
    rows = table(index)
    assert [*rows[0]][-3:] == ["Caller token", "Callee token", "Name in the archive"]
    assert {row["Call"]: (row["Caller token"], row["Callee token"]) for row in rows} == of_table
    assert {one["call_id"]: (one["caller_token"], one["callee_token"]) for one in listed} == of_table
    assert not [number for number in ALIKE if number in index.decode() + json.dumps(listed)]


def test_the_columns_of_tokens_speak_chinese(callers):
    key = callers.post("exports/tables?lang=zh", {"kind": "csv", "columns": ["callee"]}).json["id"]
    ready(callers, key)
    (row, *_) = table(callers.get(f"exports/{key}/file").body)
    assert [*row] == ["被叫号码", "主叫号码代号", "被叫号码代号"]


def test_whoever_sees_whole_numbers_gets_no_tokens_even_if_asked_for(playground, callers):
    reply, _ = fetched(playground.viewer, "tables", kind="csv", query=QUERY)
    rows = table(reply.body)
    assert {row["Caller"].removeprefix("'") for row in rows} == set(ALIKE)
    assert not [head for head in rows[0] if "token" in head]
    reply, _ = fetched(playground.viewer, "recordings", query=QUERY)
    with zipfile.ZipFile(io.BytesIO(reply.body)) as found:
        assert b"oken" not in found.read("calls.csv") + found.read("calls.json")
    for browser in (playground.viewer, callers):
        asked = browser.post("exports/tables", {"columns": ["caller_token"]})
        assert (asked.status, asked.field) == (422, "columns")


def test_who_sees_whole_numbers_today_gets_no_tokens_when_the_export_is_made_again(playground, callers):
    role = playground.admin.post("roles", {"name": "learner", "permissions": ["calls", "export"]}).json["id"]
    learner = playground.web.viewer(playground.admin, "learner", role)
    key = begun(learner, "tables", kind="csv", query=QUERY)
    ready(learner, key)
    granted = {"name": "learner", "permissions": ["calls", "export", "full_numbers"]}
    assert playground.admin.put(f"roles/{role}", granted).status == 200
    anew = learner.post(f"exports/{key}/again").json["id"]
    ready(learner, anew)
    assert b"token" not in learner.get(f"exports/{anew}/file").body


def test_no_export_is_made_without_the_key_of_the_tokens(playground, callers):
    kept = playground.web.layout.token_key
    aside = kept.rename(kept.with_name("aside"))
    kept.mkdir()  # can be no key
    try:
        key = begun(callers, "tables", kind="csv")
        failed = until(
            lambda: (found := callers.get(f"exports/{key}").json)["state"] == "failed" and found,
            what="the failure",
        )
        assert "could not be written" in failed["problem"]
        key = begun(playground.viewer, "tables", kind="csv")
        ready(playground.viewer, key)
    finally:
        kept.rmdir()
        aside.rename(kept)


def test_exports_need_their_permissions(box):
    assert box.anonymous.post("exports/tables", {}).status == 401
    assert box.anonymous.get("exports").status == 401
