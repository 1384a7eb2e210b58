"""Live state and the listening socket, against a real broker and a real socket."""

import asyncio
import os
import socket
import struct
from datetime import UTC, datetime
from functools import partial

import msgspec
import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import CALL, INTAKE, MEDIA, NetCount
from appliance.capture.leg import Leg
from appliance.capture.live import LiveNews, told
from appliance.capture.seen import NetsSeen, StreamCount, SubnetSeen, VlanSeen
from appliance.core.clock import ManualClock
from appliance.domain.bundle import Payload
from appliance.domain.call import Call, CallState, Party, Side
from appliance.media.listening import ListeningPost
from appliance.media.live import Tapped
from tests.rigs.broker import Broker

CLOCK = ManualClock(datetime(2026, 1, 2, tzinfo=UTC))
DEADLINE_S = 60


def leg_of(call_id="0call"):
    leg = Leg(
        Call(
            call_id=call_id,
            sip_call_id="x@y",
            interaction_id=call_id,
            caller=Party(number="1"),
            callee=Party(number="2"),
            started_at=CLOCK.at,
        ),
        1,
        0,
    )
    leg.media.payloads.append(
        Payload(at=CLOCK.at, side=Side.CALLER, payload_type=8, encoding="PCMA", clock_hz=8000)
    )
    return leg


def count(side, packets=10, lost=1, last_ns=5):
    return StreamCount(
        side=side, src="a:1", dst="b:2", ssrc=1, pt=8, packets=packets, bytes=1, expected=packets + lost, lost=lost,
        duplicates=0, reordered=0, jitter_ticks=16.0, clock_hz=8000, first_ns=1, last_ns=last_ns,
    )  # fmt: skip


async def until(condition):
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - the broker is another process
            await asyncio.sleep(0.01)


@pytest.fixture
def broker(tmp_path):
    broker = Broker(tmp_path).start()
    yield broker
    broker.kill()


def test_a_call_appears_changes_and_vanishes_and_its_figures_come_with_it(broker):
    live, figures = {}, []

    async def main():
        page = Bus(broker.socket, "page", announces=False)
        page.subscribe(CALL, lambda key, news: live.pop(key) if news is None else live.update({key: news}))
        page.subscribe(MEDIA, lambda key, news: figures.append(news))
        bus = Bus(broker.socket, "recorder")
        news = LiveNews(bus, CLOCK)
        async with page, bus:
            await until(lambda: page.is_connected and bus.is_connected)
            leg = leg_of()
            news.calls([leg])
            await until(lambda: "0call" in live)
            leg.call.state = CallState.UP
            leg.media.codecs["caller"] = "PCMA"
            news.calls([leg])
            await until(lambda: live["0call"].call.state is CallState.UP)
            assert live["0call"].codecs == {"caller": "PCMA"}
            news.media(
                {"0call": [count(0), count(0, packets=5, lost=2, last_ns=9), count(1)], "unknown": [count(0)]}
            )
            await until(lambda: figures)
            assert list(figures[0].calls) == ["0call"]
            caller = figures[0].calls["0call"]["caller"]
            assert (caller.packets, caller.lost, caller.jitter_ms) == (15, 3, 2.0)
            leg.call.state = CallState.ENDED
            news.calls([leg])
            await until(lambda: not live)

    asyncio.run(main())


def test_what_vlans_and_subnets_bring_is_told_with_their_port(broker):
    ports = {}
    counts = {"packets": 9, "sip": 1, "rtp": 8, "streams": 3, "one_way": 2}

    async def main():
        page = Bus(broker.socket, "page", announces=False)
        page.subscribe(INTAKE, lambda key, news: ports.update({key: news}))
        bus = Bus(broker.socket, "recorder")
        news = LiveNews(bus, CLOCK)
        async with page, bus:
            await until(lambda: page.is_connected and bus.is_connected)
            nets = NetsSeen(
                [VlanSeen(**counts, vlan=20), VlanSeen(**counts)],
                [SubnetSeen(**counts, subnet="10.0.0.0/24")],
            )
            news.intake("eth1", {}, is_link_up=True, nets=nets)
            await until(lambda: ports)

    asyncio.run(main())
    assert ports["eth1"].vlans == [NetCount(name="20", **counts), NetCount(name="", **counts)]
    assert ports["eth1"].subnets == [NetCount(name="10.0.0.0/24", **counts)]


def test_a_killed_recorders_live_calls_are_cleared_by_the_next(broker):
    live = {}

    async def main():
        page = Bus(broker.socket, "page", announces=False)
        page.subscribe(CALL, lambda key, news: live.pop(key) if news is None else live.update({key: news}))
        async with page:
            async with Bus(broker.socket, "killed") as killed:
                LiveNews(killed, CLOCK).calls([leg_of("0left")])
                await until(lambda: "0left" in live)
            bus = Bus(broker.socket, "recorder")
            news = LiveNews(bus, CLOCK)
            async with bus:
                news.calls([leg_of("0new")])
                await until(lambda: set(live) == {"0new"})

    asyncio.run(main())


def listen(tmp_path, legs, words, *, tapped=None):
    """Send `words` to a listening post; everything it answers."""
    path = tmp_path / "listen.sock"

    def tap(call_id, descriptor):
        tapped.append((call_id, os.dup(descriptor)))

    async def main():
        async with ListeningPost(path, partial(told, legs), tap):
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(words)
            await writer.drain()
            async with asyncio.timeout(DEADLINE_S):
                line = await reader.readline()
                for _, descriptor in tapped or ():
                    with socket.socket(fileno=descriptor) as end:
                        end.send(struct.pack("!BH", 1, 3) + b"rtp")
                rest = await reader.read()
            writer.close()
            return line, rest

    return asyncio.run(main())


def test_a_listener_is_told_the_payloads_and_then_gets_frames(tmp_path):
    tapped = []
    leg = leg_of()
    line, rest = listen(tmp_path, {"0call": leg}, b"0call\n", tapped=tapped)
    assert line.startswith(b"ok ")
    told = msgspec.json.decode(line[3:], type=Tapped)
    assert (told.payloads, told.crypto) == (leg.media.payloads, {})
    assert tapped[0][0] == "0call"
    assert rest == struct.pack("!BH", 1, 3) + b"rtp"


@pytest.mark.parametrize("words", [b"0other\n", b"../../etc\n", b"\xff\xfe\n", b"\n"])
def test_a_listener_to_nothing_is_told_so(tmp_path, words):
    assert listen(tmp_path, {"0call": leg_of()}, words) == (b"gone\n", b"")


def test_a_listener_to_a_call_that_is_over_is_told_so(tmp_path):
    leg = leg_of()
    leg.call.state = CallState.ENDED
    assert listen(tmp_path, {"0call": leg}, b"0call\n") == (b"gone\n", b"")


def test_a_listener_that_talks_without_end_is_cut_off(tmp_path):
    assert listen(tmp_path, {}, b"x" * 5000) == (b"", b"")
