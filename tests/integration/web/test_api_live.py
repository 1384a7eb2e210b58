import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from tornado.httpclient import HTTPClientError

from appliance.bus.client import Bus
from appliance.bus.topics import (
    CALL,
    HEALTH,
    INDEXED,
    INTAKE,
    MEDIA,
    CallIndexed,
    Health,
    Intake,
    LiveCall,
    LiveMedia,
    StreamNow,
)
from appliance.domain.bundle import Payload
from appliance.domain.call import CallState, Side
from appliance.domain.roles import Permission
from tests.rigs.patience import until_async
from tests.rigs.records import make_call
from webadmin import events, sockets
from webadmin.panel import MAX_LISTENERS
from webadmin.routes import ROUTES

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEADLINE_S = 60


def live_call(call_id, state=CallState.UP, **codecs):
    return LiveCall(at=AT, call=make_call(call_id=call_id, state=state), codecs=codecs)


class Page:
    """A page that listens to the news and knows which calls are live."""

    def __init__(self, connection):
        self._connection = connection
        self._waiting = []
        self.calls = set()

    async def until(self, condition):
        """Take news until one fits; returns it."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                while not self._waiting:
                    frame = await self._connection.read_message()
                    assert frame is not None, (self._connection.close_code, self._connection.close_reason)
                    self._waiting = msgspec.json.decode(frame)
                news = self._waiting.pop(0)
                self._learn(news)
                if condition(news):
                    return news

    def _learn(self, news):
        if news["t"] == "hello":
            self.calls = {call["call"]["call_id"] for call in news["calls"]}
        elif news["t"] == "call":
            self.calls.add(news["call"]["call"]["call_id"])
        elif news["t"] == "gone":
            self.calls.discard(news["call_id"])


@asynccontextmanager
async def page_of(browser, path="events"):
    async with browser.socket(path) as connection:
        yield Page(connection)


def test_a_page_sees_calls_appear_change_and_vanish(web):
    admin = web.administrator()

    async def run():
        async with page_of(admin) as page:
            hello = await page.until(lambda news: news["t"] == "hello")
            assert hello["calls"] == []
            async with Bus(web.layout.bus_socket, "recorder") as bus:
                bus.set(CALL, "a", live_call("a", CallState.RINGING))
                assert (await page.until(lambda news: news["t"] == "call"))["call"]["call"][
                    "state"
                ] == "ringing"
                bus.set(CALL, "a", live_call("a", caller="PCMA"))
                news = await page.until(
                    lambda news: news["t"] == "call" and news["call"]["call"]["state"] == "up"
                )
                assert news["call"]["codecs"] == {"caller": "PCMA"}
                bus.hint(
                    MEDIA,
                    "",
                    LiveMedia(at=AT, calls={"a": {"caller": StreamNow(packets=9, lost=1, jitter_ms=2.5)}}),
                )
                media = await page.until(lambda news: news["t"] == "media")
                assert media["calls"]["a"]["caller"]["lost"] == 1
                reply = await asyncio.to_thread(admin.get, "live")
                assert [
                    (call["call"]["call_id"], call["media"]["caller"]["packets"])
                    for call in reply.json["calls"]
                ] == [("a", 9)]
                bus.clear(CALL, "a")
                bus.hint(INDEXED, "", CallIndexed(at=AT, call_id="a", recorded=True))
                assert (await page.until(lambda news: news["t"] == "gone"))["call_id"] == "a"
                assert (await page.until(lambda news: news["t"] == "indexed"))["recorded"] is True
                assert (await asyncio.to_thread(admin.get, "live")).json["calls"] == []

    asyncio.run(run())


def test_a_page_that_comes_later_is_told_what_is(web):
    admin = web.administrator()

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus:
            bus.report("recording", "正在录音")
            bus.set(
                INTAKE,
                "eth1",
                Intake(at=AT, interface="eth1", link_up=True, counters={"packets": 12, "sip_udp": 3}),
            )
            bus.set(HEALTH, "disk", Health(at=AT, raised=True, code="disk_full"))
            bus.set(CALL, "a", live_call("a"))

            async def home_knows():
                home = (await asyncio.to_thread(admin.get, "home?lang=zh")).json
                return home if home["conditions"] and home["intake"] and home["live_now"] else None

            home = await until_async(home_knows)
            assert home["conditions"][0]["title"] == "磁盘已满，录音已停止"
            assert ("recorder", "正在录音") in [
                (program["name"], program["status"]) for program in home["programs"]
            ]
            async with page_of(admin, "events?lang=zh") as page:
                hello = await page.until(lambda news: news["t"] == "hello")
                assert [call["call"]["call_id"] for call in hello["calls"]] == ["a"]
                assert hello["health"][0]["title"] == "磁盘已满，录音已停止"
                question = "why?number=777777&at=2026-11-21T12:00:00Z"
                note = (await asyncio.to_thread(admin.get, question)).json["intake_note"]
                assert "eth1" in note
                assert "12 packets" in note

    asyncio.run(run())


def test_the_page_survives_a_dead_broker_and_heals(layout, broker, web):
    admin = web.administrator()

    async def run():
        async with page_of(admin) as page, Bus(layout.bus_socket, "recorder") as bus:
            bus.set(CALL, "stays", live_call("stays"))
            bus.set(CALL, "ends", live_call("ends"))
            await page.until(lambda news: page.calls == {"stays", "ends"})
            broker.kill()
            await until_async(lambda: _is(not bus.is_connected))
            assert (await asyncio.to_thread(admin.get, "calls")).status == 200
            bus.clear(CALL, "ends")
            broker.start()
            await page.until(lambda news: page.calls == {"stays"})
            bus.set(CALL, "new", live_call("new"))
            await page.until(lambda news: page.calls == {"stays", "new"})

    asyncio.run(run())


async def _is(value):
    return value


def test_a_stream_of_news_ends_with_its_session(web, monkeypatch):
    monkeypatch.setattr(sockets, "RECHECK_S", 0.05)
    admin = web.administrator()

    async def run():
        async with admin.socket("events") as connection:
            assert await connection.read_message()
            await asyncio.to_thread(admin.delete, "session")
            async with asyncio.timeout(DEADLINE_S):
                while await connection.read_message() is not None:
                    pass
            assert connection.close_code == 4401

    asyncio.run(run())


def test_pages_that_leave_abruptly_harm_nobody(web):
    admin = web.administrator()

    async def run():
        async with AsyncExitStack() as stack, Bus(web.layout.bus_socket, "recorder") as bus:
            connections = [await stack.enter_async_context(admin.socket("events")) for _ in range(10)]
            for number in range(50):
                bus.set(CALL, str(number), live_call(str(number)))
            for connection in connections:
                connection.protocol.stream.close()
            async with page_of(admin) as page:
                await page.until(lambda news: "49" in str(news))
        assert (await asyncio.to_thread(admin.get, "home")).status == 200

    asyncio.run(run())


def test_what_a_page_says_is_ignored_and_too_much_ends_it(web):
    admin = web.administrator()

    async def run():
        async with admin.socket("events") as connection:
            await connection.write_message("hello?")
            await connection.write_message(b"\x00\xff", binary=True)
            page = Page(connection)
            await page.until(lambda news: news["t"] == "hello")
            await connection.write_message("x" * 100_000)
            async with asyncio.timeout(DEADLINE_S):
                while await connection.read_message() is not None:
                    pass

    asyncio.run(run())


class Tap:
    """The recorder's side of live listening, by its protocol: one line in, one line out, then frames."""

    def __init__(self, layout):
        self._path = layout.listen_socket
        self.asked = []
        self.payloads = [
            Payload(at=AT, side=side, payload_type=8, encoding="PCMA", clock_hz=8000) for side in Side
        ]
        self.end = asyncio.Event()

    async def __aenter__(self):
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        return self

    async def __aexit__(self, *_):
        self.end.set()
        self._server.close()
        self._path.unlink()

    async def _serve(self, reader, writer):
        call_id = (await reader.readline()).decode().strip()
        self.asked.append(call_id)
        if call_id == "gone":
            writer.write(b"gone\n")
        else:
            writer.write(b"ok " + msgspec.json.encode({"payloads": self.payloads}) + b"\n")
            sequence = 0
            while not self.end.is_set():
                for side, octet in ((0, 0x2A), (1, 0xD5)):
                    rtp = bytes([0x80, 8]) + sequence.to_bytes(2, "big") + (sequence * 160).to_bytes(4, "big")
                    rtp += (side + 1).to_bytes(4, "big") + bytes([octet]) * 160
                    writer.write(bytes([side]) + len(rtp).to_bytes(2, "big") + rtp)
                sequence = (sequence + 1) % 65536
                try:
                    await asyncio.wait_for(self.end.wait(), 0.02)
                except TimeoutError:
                    continue
        writer.close()


def test_both_sides_of_a_live_call_are_heard(web):
    admin = web.administrator()

    async def run():
        async with Tap(web.layout) as tap, admin.socket("live/0call/audio") as connection:
            opening = msgspec.json.decode(await connection.read_message())
            assert opening == {"sample_rate_hz": 8000, "channels": 2}
            heard = np.zeros((0, 2), np.int16)
            async with asyncio.timeout(DEADLINE_S):
                while heard.shape[0] < 8000:
                    block = await connection.read_message()
                    heard = np.concatenate([heard, np.frombuffer(block, "<i2").reshape(-1, 2)])
                tap.end.set()
                while await connection.read_message() is not None:
                    pass
            assert tap.asked == ["0call"]
            assert np.abs(heard[:, 0]).max() > 20_000
            assert np.abs(heard[:, 1]).max() < 100
            assert (connection.close_code, connection.close_reason) == (1000, "the call has ended")

    asyncio.run(run())


def test_places_of_pages_that_left_are_free_again(web, monkeypatch):
    monkeypatch.setattr(events, "MAX_READERS", 5)
    admin = web.administrator()

    async def stays():
        async with admin.socket("events") as connection:
            return await connection.read_message()

    async def run():
        for _ in range(6):
            async with AsyncExitStack() as stack:
                connections = [await stack.enter_async_context(admin.socket("events")) for _ in range(5)]
                for connection in connections:
                    assert await connection.read_message()
                assert await closing(admin, "events") == 1013
                for connection in connections:
                    connection.protocol.stream.close()
            assert await until_async(stays)

    asyncio.run(run())


async def closing(browser, path):
    """The code with which a socket is closed."""
    async with browser.socket(path) as connection:
        async with asyncio.timeout(DEADLINE_S):
            while await connection.read_message() is not None:
                pass
        return connection.close_code


def test_a_call_that_is_not_live_cannot_be_heard(web):
    admin = web.administrator()

    async def run():
        async with Tap(web.layout):
            assert await closing(admin, "live/gone/audio") == 4404

    asyncio.run(run())


def test_without_a_recorder_listening_is_put_off(web):
    assert asyncio.run(closing(web.administrator(), "live/0call/audio")) == 1013


def test_a_recorder_that_answers_rubbish_is_no_recorder(web):
    admin = web.administrator()

    async def rubbish(reader, writer):
        await reader.readline()
        writer.write(b"ok {not json\n")
        writer.close()

    async def run():
        server = await asyncio.start_unix_server(rubbish, web.layout.listen_socket)
        assert await closing(admin, "live/0call/audio") == 1013
        server.close()

    asyncio.run(run())


def test_only_so_many_may_listen_at_once(web):
    admin = web.administrator()

    async def run():
        async with Tap(web.layout), AsyncExitStack() as stack:
            listeners = [
                await stack.enter_async_context(admin.socket("live/0call/audio"))
                for _ in range(MAX_LISTENERS)
            ]
            for listener in listeners:
                assert await listener.read_message()
            assert await closing(admin, "live/0call/audio") == 1013
            listeners[0].close()

            async def has_room():
                async with admin.socket("live/0call/audio") as connection:
                    return await connection.read_message()

            assert await until_async(has_room)

    asyncio.run(run())


def test_a_codec_change_in_mid_call_opens_the_tap_anew(web):
    admin = web.administrator()

    async def run():
        async with Tap(web.layout) as tap, Bus(web.layout.bus_socket, "recorder") as bus:
            bus.set(CALL, "0call", live_call("0call", caller="PCMA"))

            async def is_live():
                return (await asyncio.to_thread(admin.get, "live")).json["calls"]

            await until_async(is_live)
            async with admin.socket("live/0call/audio") as connection:
                assert await connection.read_message()
                bus.set(CALL, "0call", live_call("0call", caller="G722"))
                await until_async(lambda: _is(len(tap.asked) == 2))
                assert await connection.read_message()

    asyncio.run(run())


def without_live(web, admin):
    """Somebody who may do everything but see live calls, and the role's id."""
    permissions = [one.value for one in Permission if one not in (*_EVERYBODYS, *_OF_LIVE_CALLS)]
    role_id = admin.post("roles", {"name": "no live calls", "permissions": permissions}).json["id"]
    return web.viewer(admin, "nolive", role_id), role_id, permissions


_EVERYBODYS = (Permission.OPEN, Permission.SELF)
_OF_LIVE_CALLS = (Permission.LIVE, Permission.LISTEN_LIVE, Permission.CONTROL)


async def _refusal(browser, path):
    with pytest.raises(HTTPClientError) as refused:
        async with browser.socket(path):
            pass
    return refused.value.code


def test_who_may_not_see_live_calls_learns_nothing_of_them(web):
    admin = web.administrator()
    browser, _, _ = without_live(web, admin)
    live = make_call("0199555123", "88001122", call_id="live-call-77")

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus:
            bus.set(CALL, "live-call-77", LiveCall(at=AT, call=live))

            async def is_known():
                return (await asyncio.to_thread(admin.get, "home")).json["live_now"] == 1

            await until_async(is_known)
            for path in ("events", "live/live-call-77/audio"):
                assert await _refusal(browser, path) == 403
            for route in ROUTES:
                if "GET" in route.operations and "{" not in route.path:
                    reply = await asyncio.to_thread(browser.get, route.path)
                    said = reply.body.decode("utf-8", "replace")
                    assert not [
                        word for word in ("live-call-77", "0199555123", "88001122") if word in said
                    ], route
            for path in ("live", "live/channels"):
                assert (await asyncio.to_thread(browser.get, path)).status == 403
            assert (await asyncio.to_thread(browser.get, "home")).json["live_now"] is None
            order = await asyncio.to_thread(browser.post, "live/live-call-77/control", {"verb": "pause"})
            assert order.status == 403

    asyncio.run(run())


def test_news_end_when_the_right_to_live_calls_is_taken_but_not_the_session(web, monkeypatch):
    monkeypatch.setattr(sockets, "RECHECK_S", 0.05)
    admin = web.administrator()
    browser, role_id, permissions = without_live(web, admin)
    given = {"name": "live calls", "permissions": [*permissions, "live"]}
    assert admin.put(f"roles/{role_id}", given).status == 200

    async def run():
        async with browser.socket("events") as connection:
            assert await connection.read_message()
            taken = {"name": "none again", "permissions": permissions}
            assert (await asyncio.to_thread(admin.put, f"roles/{role_id}", taken)).status == 200
            async with asyncio.timeout(DEADLINE_S):
                while await connection.read_message() is not None:
                    pass
            assert connection.close_code == 4403
        assert (await asyncio.to_thread(browser.get, "session")).json["user"]["name"] == "nolive"

    asyncio.run(run())
