from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import pytest

from appliance.core.files import Layout
from appliance.domain.operation import Kind, Result
from appliance.store import operations
from appliance.store.database import open_database
from appliance.store.operations import Entry, load_anchors
from webadmin.agents import named
from webadmin.oplog import OperationLog, OperationLogEnded
from webadmin.parameters import MAX_JSON, SECRET, as_json, plain


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path).make()


@pytest.fixture
def database(layout):
    database = open_database(layout)
    yield database
    database.close()


def entry(number):
    return Entry(
        at=datetime(2026, 11, 21, tzinfo=UTC),
        user=f"user {number}",
        address="",
        system="",
        browser="",
        module="calls",
        operation="calls.search",
        kind=Kind.QUERY,
        result=Result.DONE,
    )


def written(layout, database, *numbers):
    log = OperationLog(layout, database)
    for number in numbers:
        log.add(entry(number))
    log.close()


def test_a_normal_stop_loses_nothing_and_keeps_the_order(layout, database):
    written(layout, database, *range(1500))
    users = [row.entry.user for row in operations.find(database, operations.Wanted(), limit=2000)]
    assert users == [f"user {number}" for number in reversed(range(1500))]
    anchors = load_anchors(layout)
    assert anchors.newest == operations.head(database)
    assert not anchors.kept
    assert operations.check(database, 0, 5000, [anchors.newest]).broken is None


def test_what_was_added_is_there_after_a_flush(layout, database):
    log = OperationLog(layout, database)
    log.add(entry(1))
    log.flush()
    assert operations.head(database).id == 1
    log.close()


def test_a_writer_that_ended_is_noticed(layout, database):
    log = OperationLog(layout, database)
    log.check()
    log.close()
    with pytest.raises(OperationLogEnded):
        log.check()


def test_going_on_after_a_cut_does_not_cover_it_up(layout, database):
    written(layout, database, *range(10))
    database.script("DELETE FROM operations WHERE id > 6")
    written(layout, database, *range(20))
    anchors = load_anchors(layout)
    assert [anchor.id for anchor in anchors.kept] == [10]
    broken = operations.check(database, 0, 5000, [anchors.newest, *anchors.kept]).broken
    assert broken == operations.Broken(10, "replaced")


def test_rows_written_just_before_a_kill_are_no_contradiction(layout, database):
    written(layout, database, 1, 2)
    operations.append(database, [entry(3)])
    written(layout, database, 4)
    anchors = load_anchors(layout)
    assert (anchors.newest.id, anchors.kept) == (4, [])


def test_a_damaged_anchor_is_told(layout, database):
    written(layout, database, 1)
    layout.operations_anchor.write_text("{")
    anchors = load_anchors(layout)
    found = operations.check(database, 0, 5000, [anchors.newest, *anchors.kept])
    assert found.broken is not None


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            ("Windows 10/11", "Edge 131"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
            ("macOS", "Safari 17"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.47",
            ("iOS 17", "WeChat 8"),
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", ("Linux", "Firefox 133")),
        ("Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36", ("Android 14", "Chrome 130")),
        ("curl/8.5.0", ("", "curl 8")),
        ("", ("", "")),
        ("\x00" * 5000, ("", "")),
    ],
)  # fmt: skip
def test_browsers_are_told_apart(agent, expected):
    assert named(agent) == expected


class Inner(msgspec.Struct):
    code: Annotated[str, msgspec.Meta(extra=SECRET)] = ""
    name: str = ""


class Body(msgspec.Struct):
    name: str
    password: Annotated[str, msgspec.Meta(min_length=1, extra=SECRET)]
    maybe: Annotated[str, msgspec.Meta(extra=SECRET)] | None = None
    inner: list[Inner] = []
    free: dict[str, Any] = {}
    flag: bool = False
    numbers: list[str] = []


def test_secrets_are_left_out_wherever_they_stand():
    body = Body(
        name="anna",
        password="s3cret!",
        maybe="s3cret!",
        inner=[Inner(code="s3cret!", name="x")],
        free={"password": "s3cret!"},
    )
    assert plain(body) == {"name": "anna", "inner": [{"name": "x"}]}


def test_what_is_long_is_cut():
    shown = plain(Body(name="x" * 5000, password="p", numbers=[str(n) for n in range(1000)]))
    assert len(shown["name"]) == 201
    assert shown["numbers"][-1] == "… 1000"
    assert len(as_json({str(n): "y" * 900 for n in range(100)})) <= MAX_JSON
