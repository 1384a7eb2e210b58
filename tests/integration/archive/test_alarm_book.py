"""The watchdog's alarms in the index: raised once, kept over a restart, over when the condition is over."""

import asyncio
import contextlib
import sqlite3
from datetime import timedelta

import msgspec
import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import HEALTH
from appliance.core.clock import SystemClock
from appliance.core.service import Service
from appliance.daemons import Options, watchdog
from appliance.settings import storage
from appliance.store import alarms
from appliance.store.alarms import Wanted
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.patience import until_async

ALL = Wanted()
NO_DISK_HAS_THIS = 1_048_576
EVERY_DISK_HAS_THIS = 16


@pytest.fixture
def broker(layout):
    made = Broker(layout.run).start()
    yield made
    made.kill()


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


@contextlib.asynccontextmanager
async def running(layout):
    service = Service("watchdog", SystemClock())
    task = asyncio.create_task(watchdog.main(service, Options(layout)))
    try:
        yield service
    finally:
        service.stop("the test is over")
        await asyncio.wait_for(task, 60)


def want_free(layout, mib):
    settings = storage.load(layout)
    capture = msgspec.structs.replace(settings.capture, keep_free_mib=mib)
    storage.save(layout, msgspec.structs.replace(settings, capture=capture), settings.revision, "test")


async def holds(condition, what):
    async def ask():
        return condition()

    return await until_async(ask, what=what)


def disk(database):
    return [one for one in alarms.find(database, ALL, before=None, limit=50) if one.code == "disk_full"]


def test_a_full_disk_is_one_alarm_until_there_is_space(layout, broker, database):
    want_free(layout, NO_DISK_HAS_THIS)

    async def main():
        async with running(layout):
            await holds(lambda: disk(database), "the alarm")
        (first,) = disk(database)
        assert (first.state, first.severity, first.subject) == ("active", "critical", "full")
        alarms.acknowledge(database, first.id, "olga", "a bigger one is ordered", first.raised_at)
        async with running(layout):
            await holds(lambda: disk(database)[0].seen_at > first.seen_at, "the restarted watchdog's word")
            (again,) = disk(database)
            assert (again.raised_at, again.occurrences, again.state) == (first.raised_at, 1, "acknowledged")
            want_free(layout, EVERY_DISK_HAS_THIS)
            await holds(lambda: disk(database)[0].state == "cleared", "the end of the alarm")

    asyncio.run(main())


def test_what_stood_before_a_start_is_not_over_because_nothing_is_known_yet(layout, broker, database):
    before = alarms.Found("port_silent", "recorder.silent", "warning", raised=True, facts={"interface": "x"})
    alarms.record(database, [before], SystemClock().now(), timedelta(minutes=15))
    want_free(layout, NO_DISK_HAS_THIS)

    async def main():
        async with running(layout):
            await holds(lambda: disk(database), "a round of checks that was written down")
            assert ("port_silent", "recorder.silent") in alarms.standing(database)

    asyncio.run(main())


def test_a_locked_index_holds_up_no_check_and_loses_no_alarm(layout, broker, database):
    want_free(layout, NO_DISK_HAS_THIS)
    lock = sqlite3.connect(layout.index, isolation_level=None)
    said = {}
    bus = Bus(layout.bus_socket, "test")
    bus.subscribe(HEALTH, said.__setitem__)

    async def main():
        async with bus, running(layout):
            await holds(lambda: disk(database), "the first alarm")
            lock.execute("BEGIN IMMEDIATE")
            want_free(layout, EVERY_DISK_HAS_THIS)
            await holds(lambda: "disk.full" in said and not said["disk.full"].raised, "the checks going on")
            assert disk(database)[0].state == "active"
            lock.execute("ROLLBACK")
            await holds(lambda: disk(database)[0].state == "cleared", "the end of the alarm")

    asyncio.run(main())
    lock.close()
