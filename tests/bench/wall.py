"""What one page on the live calls costs the panel: 2000 calls up, their figures as the recorder tells them.

`python -m tests.bench.wall` – the panel's processor time with no page and with ten pages, and from the difference that
of one. Per cent of one core. Every page takes all news; none may fall behind.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from appliance.bus.client import Bus
from appliance.bus.topics import CALL, MEDIA, LiveCall, LiveMedia, StreamNow
from appliance.core.files import Layout
from appliance.domain.call import Call, CallState
from tests.bench.live import cpu_s
from tests.rigs.daemons import Daemons
from tests.rigs.patience import until_async
from tests.rigs.ports import free_port
from tests.rigs.records import make_call
from tests.rigs.web import PASSWORD, Browser

_TURNS_A_SECOND = 10
_CHANGES_A_TURN = 2
_make: Callable[..., Call] = make_call


async def _pages(port: int, cookie: str, count: int, stack: AsyncExitStack) -> list[asyncio.Task[int]]:
    opened = []
    for _ in range(count):
        request = HTTPRequest(f"ws://127.0.0.1:{port}/api/v1/events", headers={"Cookie": cookie})
        connection = await websocket_connect(request, max_message_size=64 << 20)
        stack.callback(connection.close)
        opened.append(asyncio.create_task(_read(connection)))
    return opened


async def _read(connection: WebSocketClientConnection) -> int:
    frames = 0
    while await connection.read_message() is not None:
        frames += 1
    return frames


def _call(place: int, state: CallState = CallState.UP) -> LiveCall:
    at = datetime.now(UTC)
    call = _make(f"49{place:08}", str(10_000 + place), at=at, call_id=f"wall{place:05}", state=state)
    return LiveCall(at=at, call=call, codecs={})


async def _load(bus: Bus, calls: int, seconds: float) -> None:
    """The recorder's manners: a tenth of all figures in every turn, some calls begin and end."""
    turn = 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        now = StreamNow(packets=turn * 5, lost=0, jitter_ms=1.0)
        part = range(turn % _TURNS_A_SECOND, calls, _TURNS_A_SECOND)
        media = {f"wall{place:05}": {"caller": now, "callee": now} for place in part}
        bus.hint(MEDIA, "", LiveMedia(at=datetime.now(UTC), calls=media))
        for change in range(_CHANGES_A_TURN):
            place = (turn * _CHANGES_A_TURN + change) % calls
            bus.set(CALL, f"wall{place:05}", _call(place, CallState.HELD if turn % 2 else CallState.UP))
        turn += 1
        await asyncio.sleep(1 / _TURNS_A_SECOND)


async def _measure(
    port: int, process_id: int, browser: Browser, bus: Bus, calls: int, pages: int, seconds: float
) -> float:
    async with AsyncExitStack() as stack:
        readers = await _pages(port, browser.cookie, pages, stack)
        await _load(bus, calls, 2)
        before, began = cpu_s(process_id), time.monotonic()
        await _load(bus, calls, seconds)
        spent = 100 * (cpu_s(process_id) - before) / (time.monotonic() - began)
        lost = sum(reader.done() for reader in readers)
    if lost:
        raise SystemExit(f"{lost} pages fell behind")
    return spent


async def _run(
    layout: Layout, port: int, process_id: int, browser: Browser, calls: int, pages: int, seconds: float
) -> None:
    bus = Bus(layout.bus_socket, "recorder")
    async with bus:
        for place in range(calls):
            bus.set(CALL, f"wall{place:05}", _call(place))

        async def all_live() -> bool:
            reply = await asyncio.to_thread(browser.get, "live")
            return len(reply.json["calls"]) == calls

        await until_async(all_live, what="all calls are live")
        alone = await _measure(port, process_id, browser, bus, calls, 0, seconds)
        watched = await _measure(port, process_id, browser, bus, calls, pages, seconds)
    one = (watched - alone) / pages
    sys.stdout.write(
        f"{calls} live calls: panel {alone:.1f} % alone, {watched:.1f} % with {pages} pages, {one:.2f} % a page\n"
    )


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder:
        layout = Layout(Path(folder)).make()
        with closing(Daemons(layout)) as daemons:
            port = free_port()
            daemons.broker()
            daemons.start("webadmin", "--port", str(port))
            browser = Browser(port)
            browser.get("session")
            once = layout.one_time_password.read_text().strip()
            browser.post("setup", {"one_time_password": once, "name": "admin", "password": PASSWORD})
            asyncio.run(
                _run(
                    layout,
                    port,
                    daemons.pid("webadmin"),
                    browser,
                    options.calls,
                    options.pages,
                    options.seconds,
                )
            )


if __name__ == "__main__":
    main()
