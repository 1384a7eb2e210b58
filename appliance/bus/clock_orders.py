"""Orders to the time keeper, asked and answered over the bus; `ClockAsking` gives them, `obey` is the time keeper's."""

import asyncio
import os
from collections.abc import Callable
from itertools import count

from appliance.bus.client import Bus
from appliance.bus.topics import CLOCK_OBEYED, CLOCK_ORDER, ClockOrder, ClockReply
from appliance.core.clock import Clock
from appliance.core.errors import TimedOut, Unreachable
from appliance.domain.timekeeping import ClockDeed

ANSWER_S = 5.0
_PROGRAM = "timesync"


class ClockAsking:
    """Make it before the bus is entered; its methods belong to the event loop's thread."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._name = f"{bus.program}-{os.getpid()}-{id(self):x}"
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[ClockReply]] = {}
        bus.subscribe(CLOCK_OBEYED, self._answered)

    async def order(
        self, deed: ClockDeed, by: str, *, offset_s: float = 0.0, with_calls: bool = False
    ) -> ClockReply:
        """Have the time keeper do it.

        Raises: Unreachable without a broker, TimedOut without an answer
        """
        if not self._bus.is_connected:
            raise Unreachable(peer=_PROGRAM, during=deed.value)
        order_id = f"{self._name}-{next(self._numbers)}"
        waiting: asyncio.Future[ClockReply] = asyncio.get_running_loop().create_future()
        self._waiting[order_id] = waiting
        order = ClockOrder(
            at=self._clock.now(), id=order_id, deed=deed, by=by, offset_s=offset_s, with_calls=with_calls
        )
        try:
            self._bus.hint(CLOCK_ORDER, "", order)
            async with asyncio.timeout(ANSWER_S):
                return await waiting
        except TimeoutError as error:
            raise TimedOut(during=_PROGRAM) from error
        finally:
            del self._waiting[order_id]

    def _answered(self, key: str, reply: ClockReply | None) -> None:
        waiting = self._waiting.get(key)
        if reply is not None and waiting is not None and not waiting.done():
            waiting.set_result(reply)


def obey(bus: Bus, act: Callable[[ClockOrder], ClockReply]) -> None:
    """Have `act` called in the event loop's thread for each order, and answer it. Call before the bus is entered."""

    def ordered(_key: str, order: ClockOrder | None) -> None:
        if order is not None:
            bus.hint(CLOCK_OBEYED, order.id, act(order))

    bus.subscribe(CLOCK_ORDER, ordered)
