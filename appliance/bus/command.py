"""Orders to a live call's recording, asked and answered over the bus.

`Asking` belongs to who gives orders, `obey` to the recorder. An order that nobody answers in time is told as such: it
may have been obeyed all the same, and the live news say so.
Source: MQTT 5.0 §4.10 (request and response), with a topic of the asker's own instead of its properties
"""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from itertools import count

from appliance.bus.client import Bus
from appliance.bus.topics import CONTROL, CONTROLLED, LINE_CONTROL, ControlOrder, ControlReply
from appliance.core.clock import Clock, SystemClock
from appliance.core.errors import TimedOut, Unreachable
from appliance.domain.control import Answer, Verb

ANSWER_S = 3.0


class Asking:
    """Gives orders. Make it before the bus is entered; its methods belong to the event loop's thread."""

    def __init__(self, bus: Bus, clock: Clock | None = None) -> None:
        self._bus = bus
        self._clock = clock or SystemClock()
        self._name = f"{bus.program}-{os.getpid()}-{id(self):x}"
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[ControlReply]] = {}
        bus.subscribe(CONTROLLED, self._answered)

    async def order(
        self,
        call_id: str,
        verb: Verb,
        by: str,
        why: str = "",
        within_s: float = ANSWER_S,
        *,
        is_on_board: bool = False,
    ) -> ControlReply:
        """Have the recorder, or the program of the boards, do something with the recording of a live call.

        Raises: Unreachable without a broker, TimedOut without an answer
        """
        if not self._bus.is_connected:
            raise Unreachable(peer="recorder", during=verb.value)
        order_id = f"{self._name}-{next(self._numbers)}"
        waiting: asyncio.Future[ControlReply] = asyncio.get_running_loop().create_future()
        self._waiting[order_id] = waiting
        try:
            order = ControlOrder(
                at=self._clock.now(), id=order_id, call_id=call_id, verb=verb, by=by, why=why
            )
            self._bus.hint(LINE_CONTROL if is_on_board else CONTROL, "", order)
            async with asyncio.timeout(within_s):
                return await waiting
        except TimeoutError as error:
            raise TimedOut(during=verb.value) from error
        finally:
            del self._waiting[order_id]

    def _answered(self, key: str, reply: ControlReply | None) -> None:
        waiting = self._waiting.get(key)
        if reply is not None and waiting is not None and not waiting.done():
            waiting.set_result(reply)


def obey_on_boards(
    bus: Bus, clock: Clock, take: Callable[[ControlOrder, Callable[[Answer], None]], None]
) -> None:
    """Have `take` called for each order to a call on a board; it answers when it has been obeyed, in the same thread."""

    def ordered(_key: str, order: ControlOrder | None) -> None:
        if order is not None:
            take(order, partial(_reply, bus, clock, order.id))

    bus.subscribe(LINE_CONTROL, ordered)


def _reply(bus: Bus, clock: Clock, order_id: str, answer: Answer) -> None:
    refusal, control = answer
    reply = ControlReply(at=clock.now(), accepted=refusal is None, refusal=refusal, control=control)
    bus.hint(CONTROLLED, order_id, reply)


def obey(bus: Bus, clock: Clock, act: Callable[[ControlOrder], Answer]) -> None:
    """Have `act` called in the event loop's thread for each order, and answer it. Call before the bus is entered."""

    def ordered(_key: str, order: ControlOrder | None) -> None:
        if order is None:
            return
        _reply(bus, clock, order.id, act(order))

    bus.subscribe(CONTROL, ordered)
