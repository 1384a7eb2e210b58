"""Live calls on the bus whose recordings obey orders by the real machine of `domain.control`, without any audio."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from typing import Self

from appliance.bus.client import Bus
from appliance.bus.command import obey
from appliance.bus.topics import CALL, ControlOrder, LiveCall
from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.domain.call import CallState
from appliance.domain.control import Answer, ControlState, Course, Verb, advance, present
from tests.rigs.records import NOON, make_call


class Recorder:
    """The calls are live, each a second younger than the one before, until the `with` block ends."""

    def __init__(self, layout: Layout, *call_ids: str, obeys: bool = True) -> None:
        self.orders: list[tuple[str, Verb, str, str]] = []
        self._layout = layout
        self._obeys = obeys
        self._courses = {call_id: Course(ControlState.RECORDING) for call_id in call_ids}
        self._loop = asyncio.new_event_loop()
        self._leave = asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join(20)
        self._loop.close()

    async def _run(self) -> None:
        self._bus = Bus(self._layout.bus_socket, "recorder")
        if self._obeys:
            obey(self._bus, SystemClock(), self._act)
        async with self._bus:
            for call_id in self._courses:
                self._tell(call_id)
            await self._leave.wait()

    def _act(self, order: ControlOrder) -> Answer:
        self.orders.append((order.call_id, order.verb, order.by, order.why))
        after = advance(self._courses[order.call_id], order.verb)
        if not isinstance(after, Course):
            return after, present(self._courses[order.call_id])
        self._courses[order.call_id] = after
        self._tell(order.call_id)
        return None, present(after)

    def _tell(self, call_id: str) -> None:
        age = list(self._courses).index(call_id)
        call = make_call(call_id=call_id, state=CallState.UP, at=NOON + timedelta(seconds=age))
        control = present(self._courses[call_id])
        self._bus.set(CALL, call_id, LiveCall(at=datetime.now(UTC), call=call, control=control))
