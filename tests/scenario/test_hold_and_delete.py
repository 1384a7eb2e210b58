"""A recording on its way out: what is held stays whatever asks for it, what is deleted is accounted for."""

import asyncio
import contextlib
from datetime import timedelta

import msgspec
import pytest

from appliance.archive.erasure import Eraser
from appliance.archive.reaper import Reaper
from appliance.core.clock import SystemClock
from appliance.core.service import Service
from appliance.daemons import Options, archiver
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.domain.ledger import Reason
from appliance.store import calls, holds
from appliance.store.database import open_database
from appliance.store.holds import Held, Wish
from tests.rigs.bundles import make_bundle
from tests.rigs.patience import until_async
from tests.rigs.records import NOON

# The MQTT library leaves a refused Unix socket to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@contextlib.asynccontextmanager
async def archiving(layout):
    service = Service("archiver", SystemClock())
    task = asyncio.create_task(archiver.main(service, Options(layout)))
    try:
        yield service
    finally:
        service.stop("the test is over")
        await asyncio.wait_for(task, 30)


async def holds_true(condition, what):
    async def ask():
        return condition()

    await until_async(ask, what=what, deadline_s=60)


def archived(layout, count=1):
    """Bundles through the real archiver; the ids."""
    names = [make_bundle(layout).name for _ in range(count)]

    async def main():
        async with archiving(layout):
            await holds_true(
                lambda: all((layout.spool_kept / name).is_dir() for name in names), "all to be archived"
            )

    asyncio.run(main())
    return names


def record_on_disk(layout, call_id):
    (path,) = layout.archive.rglob(f"{call_id}_*.json")
    return msgspec.json.decode(path.read_bytes(), type=Record)


def test_a_held_call_survives_the_reaper_and_every_way_to_delete_it(layout):
    held, other = archived(layout, 2)
    database = open_database(layout)
    audio = layout.archive / calls.row(database, held, scope=EVERYTHING).file
    holds.hold(database, held, "case 7", "olga", NOON)
    with pytest.raises(Held):
        holds.ask_deletion(database, Wish(held, "space", "eva", NOON))
    # A program that writes past the door is refused by the file itself, and the eraser looks again.
    database.script("DROP TRIGGER deletions_refused")
    database.execute("INSERT INTO deletions VALUES (?, 'space', 'eva', 0)", (held,))
    assert Eraser(layout, database).run() == []
    late = type("Late", (SystemClock,), {"now": lambda _: NOON + timedelta(days=9000)})()
    reaped = Reaper(layout, 1 << 62, lambda: holds.held(database), late).run()
    assert [*reaped.expired, *reaped.sacrificed] == [other]
    assert audio.is_file()
    assert (layout.spool_kept / held).is_dir()
    assert calls.row(database, held, scope=EVERYTHING).recorded
    database.close()


def test_a_deleted_call_is_gone_and_accounted_for(layout):
    (name,) = archived(layout)
    database = open_database(layout)
    before = calls.get(database, name, scope=EVERYTHING)
    audio = layout.archive / before.recording.file
    peaks = layout.archive / before.recording.peaks_file
    assert audio.is_file()
    assert peaks.is_file()
    holds.ask_deletion(database, Wish(name, "asked by the customer", "eva", NOON))

    async def main():
        async with archiving(layout):
            await holds_true(
                lambda: calls.row(database, name, scope=EVERYTHING).reason is Reason.DELETED,
                "the row to say so",
            )
            await holds_true(lambda: not audio.exists(), "the file to go")

    asyncio.run(main())
    assert not peaks.exists()
    assert not (layout.spool_kept / name).exists()
    for record in (calls.get(database, name, scope=EVERYTHING), record_on_disk(layout, name)):
        assert (record.reason, record.recording) == (Reason.DELETED, None)
        told = record.deletion
        assert (told.by, told.why, told.asked_at) == ("eva", "asked by the customer", NOON)
        assert told.recording == before.recording
    calls.rebuild(database, [layout.archive])
    assert calls.row(database, name, scope=EVERYTHING).reason is Reason.DELETED
    database.close()


def test_a_deletion_that_was_cut_off_is_finished_at_the_next_start(layout):
    (name,) = archived(layout)
    database = open_database(layout)
    audio = layout.archive / calls.row(database, name, scope=EVERYTHING).file
    holds.ask_deletion(database, Wish(name, "asked by the customer", "eva", NOON))
    eraser = Eraser(layout, database)
    eraser._mark(holds.wishes(database)[0])  # the program dies after its transaction
    assert audio.is_file()
    Eraser(layout, database).run()
    assert not audio.exists()
    assert record_on_disk(layout, name).reason is Reason.DELETED
    Eraser(layout, database).run()
    database.close()
