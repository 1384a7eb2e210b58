"""What an earlier life of the panel left of its exports: found, forgotten in time, and no trouble when it is damaged."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance.core.clock import ManualClock
from appliance.core.errors import NotFound
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING, ScopeKind
from appliance.settings.paths import Paths
from appliance.store.people import Person
from appliance.store.search import CallFilter
from webadmin import export_record
from webadmin.export_order import ENTRIES_FILE, TABLE_FILE, Kind, Order, Prepared
from webadmin.exports import KEPT, Exports, State, owner_of

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
PERSON = Person(
    id=3,
    name="ann",
    must_change=False,
    created_at=AT - timedelta(days=9),
    last_sign_in_at=AT,
    real_name="",
    role_id=2,
    role_name="viewer",
    built_in=None,
    is_super=False,
    is_enabled=True,
    kind=ScopeKind.EVERYTHING,
    scope=EVERYTHING,
)
ANN = owner_of(PERSON)
PREPARED = Prepared(calls=7, missing=1, peak_rss_kib=1)


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path / "data").make()


@pytest.fixture
def clock():
    return ManualClock(AT)


def left(layout, key="one", *, kind=Kind.CSV, encrypted=False, prepared=PREPARED, at=AT):
    """An export as the panel leaves it when it is killed."""
    folder = layout.exports / key
    order = Order(
        kind=kind,
        data=str(layout.data),
        paths=Paths(),
        person=PERSON,
        language="en",
        tz="UTC",
        columns=[],
        call_ids=None,
        wanted=CallFilter(number="1001"),
        format="",
        template="{id}",
        folder=str(folder),
    )
    record = export_record.Record(
        order=order, name="calls.csv", masked=False, encrypted=encrypted, begun_at=at
    )
    export_record.begin(folder, record)
    (folder / (ENTRIES_FILE if kind is Kind.ZIP else TABLE_FILE)).write_bytes(b"")
    if prepared is not None:
        export_record.finish(folder, prepared)
    return folder


def restarted(layout, clock):
    async def read(work, *args):
        return work(*args)

    return Exports(layout, clock, read)


def test_what_was_ready_is_found_again_by_its_owner_alone(layout, clock):
    left(layout)
    exports = restarted(layout, clock)
    found = exports.find("one", ANN)
    assert (found.state, found.calls, found.missing, found.name) == (State.READY, 7, 1, "calls.csv")
    assert (found.order.wanted.number, found.order.person, found.scope) == ("1001", PERSON, EVERYTHING)
    for other in ((PERSON.id, AT), (4, PERSON.created_at)):
        assert exports.of(other) == []
        with pytest.raises(NotFound):
            exports.find("one", other)


def test_nobody_but_the_panel_may_read_what_was_noted(layout):
    folder = left(layout)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes.pop("one") == 0o700
    assert (modes["export.json"], modes["prepared.json"]) == (0o600, 0o600)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"name": 7}',
        b"[" * 100_000,
        b'{"order": ' * 100_000,
        b"\0" * 4096,
    ],
    ids=range(8),
)
def test_a_damaged_record_is_told_and_removed(layout, clock, caplog, content):
    folder = left(layout)
    left(layout, "two")
    (folder / "export.json").write_bytes(content)
    exports = restarted(layout, clock)
    assert [one.id for one in exports.of(ANN)] == ["two"]
    assert not folder.exists()
    assert "damaged" in caplog.text


def without_zone(fields):
    fields["begun_at"] = "2026-11-21T12:00:00"


def unknown_kind(fields):
    fields["order"]["kind"] = "tar"


def unknown_field(fields):
    fields["password"] = "right-horse battery"


@pytest.mark.parametrize("spoil", [without_zone, unknown_kind, unknown_field])
def test_a_record_that_says_what_none_says_is_damaged(layout, clock, spoil):
    folder = left(layout)
    fields = msgspec.json.decode((folder / "export.json").read_bytes())
    spoil(fields)
    (folder / "export.json").write_bytes(msgspec.json.encode(fields))
    assert restarted(layout, clock).of(ANN) == []
    assert not folder.exists()


def test_a_record_leads_nowhere_but_to_its_own_folder(layout, clock, tmp_path):
    folder, elsewhere = left(layout), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / TABLE_FILE).write_bytes(b"not an export")
    fields = msgspec.json.decode((folder / "export.json").read_bytes())
    fields["order"]["folder"] = str(elsewhere)
    (folder / "export.json").write_bytes(msgspec.json.encode(fields))
    exports = restarted(layout, clock)
    assert exports.find("one", ANN).folder == folder
    asyncio.run(exports.drop("one", ANN))
    assert (elsewhere / TABLE_FILE).exists()
    assert not folder.exists()


def test_a_note_that_is_damaged_is_of_an_export_that_was_not_ready(layout, clock):
    folder = left(layout)
    (folder / "prepared.json").write_bytes(b'{"calls": ')
    found = restarted(layout, clock).find("one", ANN)
    assert (found.state, found.needs_password) == (State.FAILED, False)
    assert "make it again" in found.problem.en
    assert [path.name for path in folder.iterdir()] == ["export.json"]


def test_what_was_locked_can_be_given_out_no_more_and_lies_there_no_more(layout, clock):
    folder = left(layout, kind=Kind.ZIP, encrypted=True)
    found = restarted(layout, clock).find("one", ANN)
    assert (found.state, found.encrypted, found.needs_password) == (State.FAILED, True, True)
    assert [path.name for path in folder.iterdir()] == ["export.json"]


@pytest.mark.parametrize("line", [b"nonsense\n", b'["a","/x",-1,0]\n', b'["a","/x",1e300,0]\n', b"\xff\n"])
def test_an_archive_whose_list_is_damaged_is_gone_and_nothing_else(layout, clock, line):
    folder = left(layout, kind=Kind.ZIP)
    (folder / ENTRIES_FILE).write_bytes(line)
    exports = restarted(layout, clock)
    found = exports.find("one", ANN)
    asyncio.run(exports.look(found))
    assert found.state is State.FAILED
    assert "no longer on the recorder" in found.problem.en


def test_the_last_use_decides_how_long_it_is_kept_over_restarts(layout, clock):
    folder = left(layout)
    clock.at += KEPT - timedelta(minutes=1)
    exports = restarted(layout, clock)
    asyncio.run(exports.look(exports.find("one", ANN)))
    clock.at += KEPT - timedelta(minutes=1)
    assert len(restarted(layout, clock).of(ANN)) == 1
    clock.at += timedelta(minutes=2)
    assert restarted(layout, clock).of(ANN) == []
    assert not folder.exists()


def test_a_clock_that_was_set_back_keeps_nothing_for_ever(layout, clock):
    folder = left(layout, at=AT + timedelta(days=400))
    exports = restarted(layout, clock)
    clock.at += KEPT + timedelta(seconds=1)
    asyncio.run(exports.sweep())
    assert exports.of(ANN) == []
    assert not folder.exists()


def test_a_time_of_use_that_no_calendar_knows_is_none(layout, clock):
    folder = left(layout)
    try:
        os.utime(folder / "export.json", (2**40, 2**40))
    except OSError:
        pytest.skip("this file system knows no such time")
    assert len(restarted(layout, clock).of(ANN)) == 1


def test_nothing_else_is_left_lying_and_no_link_is_followed(layout, clock, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "export.json").write_bytes(b"{}")
    layout.exports.mkdir()
    (layout.exports / "sample-x.pcap").write_bytes(b"packets")
    (layout.exports / "link").symlink_to(outside)
    (layout.exports / "half").mkdir()
    (layout.exports / "half" / "table").write_bytes(b"")
    (layout.exports / "folder" / "export.json").mkdir(parents=True)
    assert restarted(layout, clock).of(ANN) == []
    assert list(layout.exports.iterdir()) == []
    assert (outside / "export.json").exists()


def test_a_file_in_place_of_the_folder_is_no_trouble(layout, clock):
    layout.exports.write_bytes(b"")
    assert restarted(layout, clock).of(ANN) == []


def test_closing_leaves_what_is_ready(layout, clock):
    folder = left(layout)
    restarted(layout, clock).close()
    assert (folder / TABLE_FILE).exists()
