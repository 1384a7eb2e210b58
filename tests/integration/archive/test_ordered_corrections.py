"""Corrections that were ordered are carried out by the archiver, whatever it dies of in between."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance.archive import corrections
from appliance.archive.correction import Correction
from appliance.archive.corrections import Corrector, Known, Ordered, Planned
from appliance.archive.layout import RECORD_SUFFIX, stem_of
from appliance.core.clock import SystemClock
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Deletion
from appliance.domain.ledger import Reason
from appliance.settings.storage import load
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.records import NOON, make_record

CALLS = 150
NOTHING = Known(
    caller="", callee="", caller_name="", ringing_at=None, answered_at=None, ended_by=None, steps=0
)


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


@pytest.fixture
def records(layout, database):
    found = []
    for place in range(CALLS):
        record = make_record("1", "2", NOON + timedelta(minutes=place), call_id=f"call{place:08}")
        path = layout.archive / f"{stem_of(record.call)}{RECORD_SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(record))
        calls.index(database, record)
        found.append(record)
    return found


def order(layout, records):
    """Each call gets its place as its caller; one line cannot be read."""
    layout.corrections.mkdir()
    plan = layout.corrections / "plan.jsonl"
    lines = [
        msgspec.json.encode(
            Planned(
                call_id=record.call.call_id,
                at=record.call.started_at,
                channel=1,
                before=NOTHING,
                after=NOTHING,
                correction=Correction(caller=f"9{place:03}", callee=""),
            )
        )
        for place, record in enumerate(records)
    ]
    lines[7] = b"{rubbish"
    plan.write_bytes(b"".join(line + b"\n" for line in lines))
    at = datetime(2026, 11, 21, tzinfo=UTC)
    ordered = Ordered(id="x", by="admin", at=at, trunk="t", since=at, until=at, total=len(records))
    corrections.order(layout, plan, ordered)


def corrector(layout, database):
    return Corrector(layout, load(layout).paths, database, SystemClock())


def callers(database, records):
    return [calls.get(database, one.call.call_id, scope=EVERYTHING).call.caller.number for one in records]


def test_an_order_is_carried_out_a_few_calls_at_a_time_by_archivers_that_die(layout, database, records):
    order(layout, records)
    assert corrections.newest(layout).ended_at is None
    note = layout.corrections / "progress.json"
    rounds, found = 0, []
    while corrections.newest(layout).ended_at is None:
        before = note.read_bytes()
        corrector(layout, database).run()
        if rounds == 1:
            note.write_bytes(before)  # died before it was noted
        else:
            found.append(corrections.newest(layout).done)
        rounds += 1
    assert found == sorted(found)
    assert rounds == 4
    ended = corrections.newest(layout)
    assert (ended.done, ended.total) == (CALLS, CALLS)
    expected = [f"9{place:03}" for place in range(CALLS)]
    expected[7] = "1"
    assert callers(database, records) == expected
    assert corrector(layout, database).run() == []
    written = {path.stem for path in layout.archive.rglob(f"*{RECORD_SUFFIX}")}
    assert len(written) == CALLS


def test_a_recording_that_was_deleted_meanwhile_is_left_alone(layout, database, records):
    order(layout, records[:9])
    gone = records[3]
    gone.deletion = Deletion(by="a", why="b", asked_at=NOON, at=NOON, recording=gone.recording)
    gone.recording, gone.reason = None, Reason.DELETED
    calls.index(database, gone)
    assert len(corrector(layout, database).run()) == 7
    assert callers(database, [gone]) == ["1"]
    ended = corrections.newest(layout)
    assert (ended.done, ended.corrected) == (9, 7)


def test_an_order_without_its_note_is_dropped(layout, database, records):
    order(layout, records)
    (layout.corrections / "progress.json").write_bytes(b"{")
    assert corrector(layout, database).run() == []
    assert corrections.newest(layout) is None
    assert callers(database, records[:1]) == ["1"]
