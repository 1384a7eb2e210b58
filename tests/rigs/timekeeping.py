"""The real time keeper on a real bus whose kernel clock is put in its place: no test may move the machine's clock."""

import asyncio
import threading
from typing import Self

from appliance.bus.client import Bus
from appliance.bus.topics import CALL, LiveCall
from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.core.service import Service
from appliance.daemons.timesync import Timekeeper
from appliance.domain.call import CallState
from tests.rigs.patience import until
from tests.rigs.records import make_call


class NotedClock:
    """What the kernel would have been told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, float]] = []

    def slew(self, offset_s: float) -> None:
        self.said.append(("slew", offset_s))

    def step(self, offset_s: float) -> None:
        self.said.append(("step", offset_s))

    def declare(self, error_s: float) -> None:
        self.said.append(("declare", error_s))


class TimeProgram:
    """Runs until the `with` block ends; asks `servers` at its start and whenever it is ordered to."""

    def __init__(self, layout: Layout, servers: list[str], *, is_ours: bool = True) -> None:
        self.clock = NotedClock()
        self._layout = layout
        self._servers = servers
        self._is_ours = is_ours
        self._loop = asyncio.new_event_loop()
        self._leave = asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self.keeper: Timekeeper | None = None
        self._calls: Bus | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self.keeper is not None and self.keeper._last_good is not None, what="the first answer")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join(20)
        self._loop.close()

    def calls_run(self, *call_ids: str) -> None:
        """These calls are live from now on."""
        assert self.keeper is not None

        def tell() -> None:
            assert self._calls is not None
            for call_id in call_ids:
                call = make_call(call_id=call_id, state=CallState.UP)
                self._calls.set(CALL, call_id, LiveCall(at=SystemClock().now(), call=call))

        self._loop.call_soon_threadsafe(tell)
        until(lambda: len(self.keeper._live) == len(call_ids), what="the calls to be live")

    async def _run(self) -> None:
        bus = Bus(self._layout.bus_socket, "timesync")
        self._calls = Bus(self._layout.bus_socket, "recorder")
        keeper = Timekeeper(Service("timesync", SystemClock()), bus, self.clock if self._is_ours else None)
        async with bus, self._calls:
            await keeper.ask(self._servers, 3600)
            self.keeper = keeper
            while not self._leave.is_set():
                if keeper.is_wanted_now:
                    await keeper.ask(self._servers, 3600)
                await asyncio.sleep(0.02)
