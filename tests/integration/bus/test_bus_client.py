import asyncio
import os
import socket
import sys
from datetime import UTC, datetime

import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import BUNDLE, PROGRAM, QUEUE, BundleReady, ProgramState, Queue
from appliance.bus.watching import Client
from tests.rigs.broker import Broker

AT = datetime(2026, 1, 2, tzinfo=UTC)
DEADLINE_S = 60


@pytest.fixture
def broker(tmp_path):
    broker = Broker(tmp_path)
    yield broker
    broker.kill()


async def until(condition):
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - the broker is another process
            await asyncio.sleep(0.01)


def queue(ready):
    return Queue(at=AT, ready=ready, working=0, quarantined=0)


class Seen:
    """A subscriber's picture of one topic."""

    def __init__(self, bus, *topics):
        self.news = {}
        self.history = []
        for topic in topics:
            bus.subscribe(topic, self.receive)

    def receive(self, key, news):
        self.history.append((key, news))
        if news is None:
            self.news.pop(key, None)
        else:
            self.news[key] = news


def test_state_reaches_a_late_subscriber_and_a_cleared_subject_is_told(broker):
    broker.start()

    async def main():
        async with Bus(broker.socket, "owner") as owner:
            owner.set(QUEUE, "spool", queue(3))
            await until(lambda: owner.is_connected)
            late = Bus(broker.socket, "late")
            seen = Seen(late, QUEUE)
            async with late:
                await until(lambda: seen.news.get("spool") == queue(3))
                owner.clear(QUEUE, "spool")
                await until(lambda: seen.history[-1] == ("spool", None))

    asyncio.run(main())


def test_a_program_lives_without_a_broker_and_publishes_its_newest_state_when_one_comes(broker):
    async def main():
        async with Bus(broker.socket, "owner") as owner:
            for ready in range(5000):
                owner.set(QUEUE, "spool", queue(ready))
                owner.hint(BUNDLE, "", BundleReady(at=AT, call_id=str(ready)))
            assert owner.dropped_hints == 5000
            broker.start()
            reader = Bus(broker.socket, "reader")
            seen = Seen(reader, QUEUE)
            async with reader:
                await until(lambda: seen.history)
                assert seen.history[0] == ("spool", queue(4999))

    asyncio.run(main())


def test_owned_state_is_published_again_after_the_broker_was_killed(broker):
    broker.start()

    async def main():
        async with Bus(broker.socket, "owner") as owner:
            owner.set(QUEUE, "spool", queue(1))
            owner.report("recording", facts={"calls": 2})
            await until(lambda: owner.is_connected)
            broker.kill()
            await until(lambda: not owner.is_connected)
            owner.set(QUEUE, "spool", queue(2))
            broker.start()
            await until(lambda: owner.is_connected)
            reader = Bus(broker.socket, "reader")
            seen = Seen(reader, QUEUE, PROGRAM)
            async with reader:
                await until(lambda: seen.news.get("spool") == queue(2) and "owner" in seen.news)
                assert seen.news["owner"].status == "recording"
                assert seen.news["owner"].facts == {"calls": 2}

    asyncio.run(main())


def test_a_died_program_is_announced_by_its_last_will_and_a_stopped_one_by_itself(broker):
    broker.start()

    async def main():
        reader = Bus(broker.socket, "reader")
        seen = Seen(reader, PROGRAM)
        async with reader:
            async with Bus(broker.socket, "stopped") as stopped:
                stopped.report("works")
                await until(lambda: seen.news.get("stopped", ProgramState(at=AT, alive=False)).alive)
            await until(lambda: not seen.news["stopped"].alive)
            assert seen.news["stopped"].status == "stopped"
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-c", CHILD, str(broker.socket), stdout=asyncio.subprocess.DEVNULL
            )
            await until(lambda: "child" in seen.news and seen.news["child"].alive)
            child.kill()
            await child.wait()
            await until(lambda: not seen.news["child"].alive)
            assert seen.news["child"].status == "died"

    asyncio.run(main())


CHILD = """
import asyncio, sys
from pathlib import Path
from appliance.bus.client import Bus
async def main():
    async with Bus(Path(sys.argv[1]), "child") as bus:
        bus.report("works")
        await asyncio.Event().wait()
asyncio.run(main())
"""


def test_state_left_by_an_earlier_life_is_swept_and_own_state_stays(broker):
    broker.start()

    async def main():
        async with Bus(broker.socket, "earlier") as earlier:
            earlier.set(QUEUE, "left", queue(1))
            earlier.set(QUEUE, "again", queue(1))
            await until(lambda: earlier.is_connected)
        reader = Bus(broker.socket, "reader")
        seen = Seen(reader, QUEUE)
        async with reader:
            await until(lambda: set(seen.news) == {"left", "again"})
            now = Bus(broker.socket, "now")
            now.own(QUEUE)
            now.set(QUEUE, "again", queue(2))
            async with now:
                await until(lambda: seen.news == {"again": queue(2)})

    asyncio.run(main())


def test_unreadable_news_is_counted_and_the_next_is_delivered(broker):
    broker.start()

    async def main():
        reader = Bus(broker.socket, "reader")
        seen = Seen(reader, QUEUE)
        async with reader:
            await until(lambda: reader.is_connected)
            for payload in ("{", '{"at": "never"}', "\\xff"):
                sender = await asyncio.create_subprocess_exec(
                    "mosquitto_pub", "--unix", str(broker.socket), "-t", "state/queue/bad", "-m", payload
                )
                assert await sender.wait() == 0
            await until(lambda: reader.unreadable_news == 3)
            async with Bus(broker.socket, "owner") as owner:
                owner.set(QUEUE, "good", queue(1))
                await until(lambda: "good" in seen.news)

    asyncio.run(main())


def test_a_watcher_is_told_of_connect_and_loss(broker):
    broker.start()
    told = []

    async def main():
        bus = Bus(broker.socket, "watcher")
        bus.on_connection(told.append)
        async with bus:
            await until(lambda: told == [True])
            broker.kill()
            await until(lambda: told == [True, False])
            broker.start()
            await until(lambda: told == [True, False, True])

    asyncio.run(main())


def test_a_failing_receiver_is_not_swallowed(broker):
    broker.start()
    reported = []

    async def main():
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: reported.append(context["exception"])
        )
        bus = Bus(broker.socket, "reader")
        bus.subscribe(QUEUE, lambda key, news: 1 // 0)
        async with bus, Bus(broker.socket, "owner") as owner:
            owner.set(QUEUE, "x", queue(1))
            await until(lambda: reported)

    asyncio.run(main())
    assert isinstance(reported[0], ZeroDivisionError)


def test_what_is_cleared_before_anybody_was_told_of_it_is_not_told_at_all(broker):
    broker.start()

    async def main():
        reader = Bus(broker.socket, "reader")
        seen = Seen(reader, QUEUE)
        async with reader, Bus(broker.socket, "other") as other:
            other.set(QUEUE, "other", queue(1))
            await until(lambda: "other" in seen.news)
            owner = Bus(broker.socket, "owner")
            owner.set(QUEUE, "brief", queue(2))
            owner.clear(QUEUE, "brief")
            owner.set(QUEUE, "kept", queue(3))
            async with owner:
                await until(lambda: "kept" in seen.news)
                owner.clear(QUEUE, "kept")
                await until(lambda: "kept" not in seen.news)
        assert [key for key, _ in seen.history] == ["other", "kept", "kept"]

    asyncio.run(main())


def test_a_socket_that_is_closed_before_it_is_watched_is_nobodys():
    """As when the broker dies while a program connects: its number may be another file's by then."""

    async def scene():
        client = Client("/nowhere", transport="unix")
        loop = asyncio.get_running_loop()
        one, other = socket.socketpair()
        number = one.fileno()
        client._on_socket_open(client._client, None, one)
        client._on_socket_register_write(client._client, None, one)
        one.close()
        os.dup2(other.fileno(), number)
        for _ in range(3):
            await asyncio.sleep(0)
        watched = loop.remove_reader(number), loop.remove_writer(number)
        os.close(number)
        other.close()
        return watched

    assert asyncio.run(scene()) == (False, False)
