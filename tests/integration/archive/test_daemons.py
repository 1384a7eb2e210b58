"""Archiver and watchdog as daemons, against a real broker."""

import asyncio
import contextlib

import pytest

from appliance.archive.statements import Statements
from appliance.bus.client import Bus
from appliance.bus.topics import HEALTH, INDEXED, PROGRAM, QUEUE
from appliance.core.clock import SystemClock
from appliance.core.service import Service
from appliance.daemons import Options, archiver, watchdog
from appliance.domain.access import EVERYTHING
from appliance.domain.statement import Occasion
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.bundles import make_bundle
from tests.rigs.patience import until_async


@pytest.fixture
def broker(layout):
    made = Broker(layout.run).start()
    yield made
    made.kill()


class Listener:
    """Everything that was said, by topic."""

    def __init__(self, layout):
        self.bus = Bus(layout.bus_socket, "test")
        self.said = {topic.path: {} for topic in (HEALTH, PROGRAM, QUEUE, INDEXED)}
        self.indexed = []
        for topic in (HEALTH, PROGRAM, QUEUE):
            self.bus.subscribe(
                topic, lambda key, news, topic=topic: self.said[topic.path].update({key: news})
            )
        self.bus.subscribe(INDEXED, lambda _key, news: self.indexed.append(news))

    def of(self, topic):
        return self.said[topic.path]


@contextlib.asynccontextmanager
async def running(module, layout):
    service = Service(module.__name__.rsplit(".", maxsplit=1)[-1], SystemClock())
    task = asyncio.create_task(module.main(service, Options(layout)))
    try:
        yield service
    finally:
        service.stop("the test is over")
        await asyncio.wait_for(task, 20)


async def holds(condition, what):
    async def ask():
        return condition()

    await until_async(ask, what=what)


def test_a_bundle_handed_over_is_archived_and_announced(layout, broker):
    async def main():
        listener = Listener(layout)
        async with listener.bus, running(archiver, layout) as service:
            await holds(lambda: service.is_ready, "ready")
            await holds(lambda: "archiver" in listener.of(PROGRAM), "the archiver's word")
            name = make_bundle(layout).name
            await holds(lambda: listener.indexed, "the news of the row")
            assert (listener.indexed[0].call_id, listener.indexed[0].recorded) == (name, True)
            await holds(lambda: "1 calls" in listener.of(PROGRAM)["archiver"].status, "the status")
            assert listener.of(QUEUE)["archive"].ready == 0
        return name

    name = asyncio.run(main())
    database = open_database(layout)
    assert calls.get(database, name, scope=EVERYTHING) is not None
    database.close()


# The MQTT library leaves a refused Unix socket to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_archiver_works_without_a_broker(layout):
    name = make_bundle(layout).name

    async def main():
        async with running(archiver, layout):
            await holds((layout.spool_kept / name).exists, "the bundle to be archived")

    asyncio.run(main())


def test_a_lost_index_is_made_again_from_the_archive(layout, broker):
    names = [make_bundle(layout).name for _ in range(3)]

    async def main():
        async with running(archiver, layout):
            await holds(lambda: len(list(layout.spool_kept.iterdir())) == len(names), "all archived")
        for path in layout.data.glob(f"{layout.index.name}*"):
            path.unlink()
        async with running(archiver, layout) as service:
            await holds(lambda: service.is_ready, "ready again")

    asyncio.run(main())
    database = open_database(layout)
    assert sorted(
        row.call_id for row in calls.find(database, calls.CallFilter(), scope=EVERYTHING).calls
    ) == sorted(names)
    database.close()


def test_the_watchdog_says_what_is_wrong_and_when_it_is_over(layout, broker):
    async def main():
        listener = Listener(layout)
        async with listener.bus, running(watchdog, layout):
            async with running(archiver, layout):
                await holds(
                    lambda: (news := listener.of(HEALTH).get("programs.archiver")) and not news.raised,
                    "the archiver found well",
                )
            await holds(
                lambda: listener.of(HEALTH)["programs.archiver"].raised, "the stopped archiver to be missed"
            )
            health = listener.of(HEALTH)["programs.archiver"]
            assert (health.code, health.facts) == ("program_down", {"program": "archiver"})
            async with running(archiver, layout):
                await holds(lambda: not listener.of(HEALTH)["programs.archiver"].raised, "its return")

    asyncio.run(main())


def test_a_statement_that_is_wished_for_is_made_by_the_archiver(layout, broker):
    async def main():
        book = Statements(layout)
        async with running(archiver, layout) as service:
            await holds(lambda: service.is_ready, "ready")
            book.ask()
            await holds(lambda: not book.is_asked, "the wish is taken up")
        kept = list(book.followed())
        assert kept
        assert all(one.flaw is None for one in kept)
        assert kept[-1].statement.occasion is Occasion.ASKED

    asyncio.run(main())
