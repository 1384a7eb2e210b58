"""Policies of retention carried out by the archiver: what goes, what stays, what is left after a crash."""

import asyncio
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from appliance.core.clock import SystemClock
from appliance.core.service import Service
from appliance.daemons import Options, archiver
from appliance.domain.access import EVERYTHING
from appliance.domain.ledger import Reason
from appliance.domain.retention import Cause
from appliance.settings import storage
from appliance.store import calls, holds
from appliance.store.database import open_database
from tests.rigs.expiring import STEPS, archived, expire_in_a_child, expirer, now, record_of, save
from tests.rigs.patience import until_async

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

GIB = 1 << 30


@pytest.fixture
def database(layout):
    opened = open_database(layout)
    yield opened
    opened.close()


def left(database):
    page = calls.find(database, calls.CallFilter(recorded=True), scope=EVERYTHING)
    return sorted(row.call_id for row in page.calls)


def files(layout):
    return sorted(path.name.split("_")[0] for path in layout.archive.rglob("*.wav"))


def test_old_recordings_go_and_the_ledger_says_by_which_policy(layout, database):
    names = archived(layout, database, [40, 31, 29, 1])
    before = calls.get(database, names[0], scope=EVERYTHING).recording
    save(layout, keep_days=30)
    gone = expirer(layout, database).run()
    assert [record.call.call_id for record in gone] == names[:2]
    assert left(database) == files(layout) == names[2:]
    for record in (calls.get(database, names[0], scope=EVERYTHING), record_of(layout, names[0])):
        assert record.reason is Reason.EXPIRED
        assert record.recording is None
        assert record.deletion.recording == before
        assert record.deletion.expiry.cause is Cause.AGE
        assert (record.deletion.expiry.policy, record.deletion.expiry.keep_days) == ("", 30)
    calls.rebuild(database, [layout.archive])
    assert calls.row(database, names[0], scope=EVERYTHING).reason is Reason.EXPIRED


def test_a_held_call_stays_whatever_its_age_and_goes_when_the_hold_is_lifted(layout, database):
    names = archived(layout, database, [400, 300])
    holds.hold(database, names[0], "case 7", "olga", now())
    save(layout, keep_days=7, least_days=0)
    assert [record.call.call_id for record in expirer(layout, database).run()] == names[1:]
    assert left(database) == names[:1]
    # Past every door: the index itself refuses.
    with pytest.raises(Exception, match="held"):
        database.execute("UPDATE calls SET reason = 'expired', file = '' WHERE call_id = ?", (names[0],))
    holds.lift(database, names[0], "olga", now())
    expirer(layout, database).run()
    assert left(database) == []


def test_a_class_of_its_own_and_a_size(layout, database):
    names = archived(layout, database, [9, 8, 7, 6])
    database.execute("INSERT INTO tags VALUES (?, 'gold', 'eva', 0)", (names[0],))
    save(
        layout,
        keep_days=0,
        least_days=0,
        most_gib=2500 / GIB,
        classes=[{"name": "Gold", "tags": ["gold"], "keep_days": 3650}],
    )
    gone = expirer(layout, database).run()
    assert [record.call.call_id for record in gone] == names[1:2]
    assert gone[0].deletion.expiry.cause is Cause.SIZE


def test_a_changed_policy_begins_only_after_its_grace(layout, database):
    archived(layout, database, [40])
    save(layout, keep_days=30, grace_h=24)
    assert expirer(layout, database).run() == []
    late = type("Late", (SystemClock,), {"now": lambda _: SystemClock.now(_) + timedelta(hours=25)})()
    assert len(expirer(layout, database, clock=late).run()) == 1


def test_nothing_goes_while_it_is_switched_off_and_no_more_than_the_rate_allows(layout, database):
    archived(layout, database, [40] * 10)
    save(layout, keep_days=30, enabled=False)
    assert expirer(layout, database).run() == []
    save(layout, keep_days=30, most_per_minute=4)
    one = expirer(layout, database)
    assert len(one.run()) == 4
    assert one.run() == []


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_is_made_up_for(layout, database, step, count):
    names = archived(layout, database, [40, 39, 38, 1])
    save(layout, keep_days=30)
    count = 1 if step == "noted" else count
    assert expire_in_a_child(layout, step, count) == -9
    assert expire_in_a_child(layout) == 0
    assert left(database) == files(layout) == names[3:]
    assert all(record_of(layout, name).reason is Reason.EXPIRED for name in names[:3])
    assert not list(layout.archive.rglob("*.peaks"))[1:]
    assert not layout.expiring.exists()


class TightDisk:
    """As much room as a test says."""

    def __init__(self, monkeypatch, free_bytes):
        self.free_bytes = free_bytes
        real = archiver.Shelves.standing
        monkeypatch.setattr(
            "appliance.archive.shelves.Shelves.standing",
            lambda shelves, root: real(shelves, root)._replace(free_bytes=self.free_bytes),
        )


def test_a_full_disk_deletes_the_oldest_that_may_go(layout, database, monkeypatch):
    names = archived(layout, database, [40, 30, 20, 2])
    holds.hold(database, names[0], "case 7", "olga", now())
    low = {"low_first_gib": 10_000 / GIB, "keep_days": 0, "least_days": 7}
    disk = TightDisk(monkeypatch, 10_000 - 500)
    save(layout, when_full="warn", **low)
    assert expirer(layout, database).run() == []
    save(layout, when_full="delete", **low)
    one = expirer(layout, database)
    gone = one.run()
    assert [record.call.call_id for record in gone] == names[1:3]
    assert {record.deletion.expiry.cause for record in gone} == {Cause.SPACE}
    assert one.sacrificed == 2
    assert one.run() == []
    assert left(database) == [names[0], names[3]]
    disk.free_bytes = 50_000
    assert one.run() == []


def test_a_full_disk_stops_recording_until_there_is_room(layout, database, monkeypatch):
    archived(layout, database, [40])
    disk = TightDisk(monkeypatch, 9_000)
    save(layout, when_full="stop", low_first_gib=10_000 / GIB)
    one = expirer(layout, database)
    assert one.run() == []
    assert layout.recording_stopped.exists()
    disk.free_bytes = 10_500
    one.run()
    assert layout.recording_stopped.exists(), "a disk at the edge must not flicker"
    disk.free_bytes = 11_500
    one.run()
    assert not layout.recording_stopped.exists()


def test_the_archiver_itself_does_it(layout, database):
    names = archived(layout, database, [40, 1])
    save(layout, keep_days=30)

    async def main():
        service = Service("archiver", SystemClock())
        task = asyncio.create_task(archiver.main(service, Options(layout)))

        async def gone():
            return left(database) == names[1:]

        try:
            await until_async(gone, what="the old recording to go", deadline_s=60)
        finally:
            service.stop("the test is over")
            await asyncio.wait_for(task, 30)

    asyncio.run(main())
    assert files(layout) == names[1:]


def test_settings_of_retention_survive_as_they_are(layout):
    saved = save(layout, classes=[{"name": "A", "extensions": ["10*"], "keep_days": 9}])
    assert storage.load(layout).retention == saved.retention
    assert msgspec.to_builtins(saved.retention)["classes"][0]["least_days"] == 0
    assert Path(layout.settings).exists()
