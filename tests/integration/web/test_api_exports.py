import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta

import openpyxl
import pytest

from appliance.domain.call import DATA_TYPE_TEXT, DataType
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.patience import until
from tests.rigs.records import NOON, make_record


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


def test_exports_need_their_permissions(box):
    assert box.anonymous.post("exports/tables", {}).status == 401
    assert box.anonymous.get("exports").status == 401
