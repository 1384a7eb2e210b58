"""Statistics by the API: each table, its workbook, its limits."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from tests.rigs.patience import until
from webadmin.regions import region
from webadmin.statistics import Subject

DAYS = "first=2026-11-01&last=2026-11-30&tz=Asia/Shanghai"


@pytest.mark.parametrize("subject", list(Subject))
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_each_table_has_its_columns_and_its_workbook(box, subject, language):
    made = box.viewer.get(f"statistics?subject={subject}&{DAYS}", Accept_Language=language)
    assert made.status == 200, made
    assert all(len(row) == len(made.json["columns"]) for row in made.json["rows"])
    file = box.viewer.get(f"statistics/table?subject={subject}&{DAYS}", Accept_Language=language)
    assert file.status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(file.body)).active
    assert [cell.value for cell in sheet[3]][: len(made.json["columns"])] == [
        one["text"] for one in made.json["columns"]
    ]
    assert len(sheet._charts) == 1


def test_hours_and_quality_count_the_calls_of_the_box(box):
    hours = box.viewer.get(f"statistics?subject=hours&{DAYS}").json
    assert sum(sum(row[1:]) for row in hours["rows"]) == 3
    quality = box.viewer.get(f"statistics?subject=quality&{DAYS}").json
    assert sum(row[1] for row in quality["rows"]) == 3


def test_what_people_played_is_counted_once_the_log_has_it(box):
    """The log is written by the clock of today; the box's calls are of a day long ago."""
    today = datetime.now(UTC)
    days = f"first={today - timedelta(days=1):%Y-%m-%d}&last={today + timedelta(days=1):%Y-%m-%d}"

    def of_viewer():
        made = box.admin.get(f"statistics?subject=persons&{days}").json
        assert [one["key"] for one in made["columns"]] == [
            "user",
            "name",
            "sign_ins",
            "plays",
            "downloads",
            "listened",
        ]
        return next((row for row in made["rows"] if row[0] == "viewer"), ["viewer", "", 0, 0, 0, 0])

    # Others use the same box: what counts is what is added.
    plays, downloads = of_viewer()[3:5]
    assert box.viewer.get(f"calls/{box.recorded}/audio").status == 200
    assert box.viewer.get(f"calls/{box.recorded}/audio?download=true").status == 200
    until(lambda: of_viewer()[3:5] == [plays + 1, downloads + 1], what="the log to have both")


@pytest.mark.parametrize(
    "query",
    [
        "subject=hours&first=2026-11-02&last=2026-11-01",
        "subject=hours&first=2024-11-02&last=2026-11-01",
        "subject=weather&first=2026-11-01&last=2026-11-01",
        "subject=hours&first=x&last=2026-11-01",
    ],
)
def test_days_that_cannot_be_are_refused(box, query):
    assert box.viewer.get("statistics?" + query).status == 422


@pytest.mark.parametrize(
    ("number", "language", "name"),
    [
        ("13812345678", "zh", "江苏省连云港市"),
        ("01087654321", "zh", "北京市"),
        ("004930123456", "en", "Berlin"),
        ("8001", "en", ""),
        ("alice", "en", ""),
        ("", "zh", ""),
    ],
)
def test_numbers_are_at_home_where_their_first_digits_say(number, language, name):
    assert region(number, language, "CN") == name
