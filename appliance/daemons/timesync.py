"""The box's clock: asks the time servers, slews while calls run, steps only at the start or when nothing is live.

On a machine that is not a box (`--measure-only`) the clock is compared, and left to whoever keeps it.
"""

import asyncio
from collections import deque

from appliance.bus.client import Bus
from appliance.bus.clock_orders import obey
from appliance.bus.topics import CALLS, TIME, ClockOrder, ClockReply, TimeSample, TimeState
from appliance.core import log
from appliance.core.service import Service
from appliance.core.text import Text
from appliance.daemons import Options
from appliance.domain.timekeeping import (
    SYNCHRONISED_WITHIN_S,
    Act,
    ClockDeed,
    Sample,
    Trouble,
    act,
    believed,
    trouble_of,
)
from appliance.settings.storage import Kept
from appliance.system import ntp
from appliance.system.kernel_clock import KernelClock

_logger = log.get(__name__)

HISTORY = 288
FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 300.0
_PULSE_S = 120.0
_LOOK_S = 1.0
_NOT_OURS = Text(en="The clock of this machine is not kept by Tapeline.", zh="本机时钟不由录音系统维护。")


class Timekeeper:
    """Everything between two questions to the servers; without a `clock` it only measures."""

    def __init__(self, service: Service, bus: Bus, clock: KernelClock | None) -> None:
        self._service = service
        self._bus = bus
        self._clock = clock
        self._live: set[str] = set()
        self._history: deque[TimeSample] = deque(maxlen=HISTORY)
        self._has_stepped = False
        self._last_good: TimeSample | None = None
        self.retry_s = FIRST_RETRY_S
        self.is_wanted_now = False
        self._may_step_once = False
        bus.own(TIME)
        obey(bus, self.order)
        for topic in CALLS:
            bus.subscribe(topic, self._call)

    def _call(self, call_id: str, news: object) -> None:
        (self._live.discard if news is None else self._live.add)(call_id)

    def order(self, order: ClockOrder) -> ClockReply:
        """What a person wants at once. A step under running calls is theirs to decide, not ours."""
        at = self._service.clock.now()
        if order.deed is not ClockDeed.ASK:
            if self._clock is None:
                return ClockReply(at=at, accepted=False, refusal=_NOT_OURS)
            if self._live and not order.with_calls:
                return ClockReply(at=at, accepted=False, calls=len(self._live))
        if order.deed is ClockDeed.SET and self._clock is not None:
            self._clock.step(order.offset_s)
            self._has_stepped = True
            _logger.warning("clock set by hand", extra={"offset_s": round(order.offset_s, 6), "by": order.by})
        else:
            self.is_wanted_now = True
            self._may_step_once = order.deed is ClockDeed.STEP
        return ClockReply(at=at, accepted=True, calls=len(self._live))

    async def ask(self, servers: list[str], interval_s: float) -> float:
        """Ask once and act; the seconds until the next time."""
        self.is_wanted_now = False
        may_step = self._may_step_once or not self._has_stepped or not self._live
        self._may_step_once = False
        samples, problems = await asyncio.to_thread(ntp.ask, servers)
        best = believed(samples)
        if best is None:
            problem = Trouble.CONTRADICTION if samples else Trouble.SILENCE
            self._tell(problem, problems)
            self.retry_s = min(self.retry_s * 2, LONGEST_RETRY_S)
            return min(self.retry_s, interval_s)
        if self._clock is None:
            chosen = Act.LEAVE if abs(best.offset_s) <= SYNCHRONISED_WITHIN_S else Act.WAIT
        else:
            chosen = act(best.offset_s, may_step=may_step)
            self._do(self._clock, chosen, best)
        at = self._service.clock.now()
        self._last_good = TimeSample(
            at=at, server=best.server, offset_s=best.offset_s, doubt_s=best.distance_s, act=chosen
        )
        self._history.append(self._last_good)
        self._tell("", problems)
        self.retry_s = FIRST_RETRY_S
        # After a step or a long slew the result is looked at soon.
        return min(interval_s, 30.0) if chosen is not Act.LEAVE and abs(best.offset_s) > 0.01 else interval_s

    def _do(self, clock: KernelClock, chosen: Act, best: Sample) -> None:
        if chosen is Act.STEP:
            clock.step(best.offset_s)
            self._has_stepped = True
            _logger.warning(
                "clock stepped", extra={"offset_s": round(best.offset_s, 6), "server": best.server}
            )
        elif chosen is Act.SLEW:
            clock.slew(best.offset_s)
            self._has_stepped = True
            _logger.info("clock slewed", extra={"offset_s": round(best.offset_s, 6), "server": best.server})
        elif chosen is Act.LEAVE:
            self._has_stepped = True
        if chosen is not Act.WAIT:
            clock.declare(best.distance_s)

    def _tell(self, problem: str, problems: dict[str, str]) -> None:
        last = self._last_good
        if problem:
            said = trouble_of(problem)
            self._service.status(f"not synchronised: {said.en}", f"未同步：{said.zh}")
        elif last is not None:
            milliseconds = f"{last.offset_s * 1000:+.1f} ms"
            self._service.status(f"{last.server}: {milliseconds}", f"{last.server}：{milliseconds}")
        self._bus.set(
            TIME,
            "",
            TimeState(
                at=self._service.clock.now(),
                synchronised=not problem and last is not None and last.act is not Act.WAIT,
                server=last.server if last else "",
                offset_s=last.offset_s if last else 0.0,
                doubt_s=last.doubt_s if last else 0.0,
                problem=problem,
                failing=problems,
                history=list(self._history),
            ),
        )


async def main(service: Service, options: Options) -> None:
    """Keep the clock right until told to stop."""
    layout = options.layout.make()
    kept = Kept(layout)
    bus = Bus(layout.bus_socket, service.name, service.clock)
    keeper = Timekeeper(service, bus, None if options.measure_only else KernelClock())
    pulse = service.pulse("asking", _PULSE_S)
    async with bus:
        service.on_status(bus.report)
        service.ready()
        next_mono_s = service.clock.mono_s()
        while not await service.sleep(_LOOK_S):
            pulse.beat()
            if kept.renewed():
                next_mono_s = service.clock.mono_s()
            time = kept.now.time
            if not time.enabled or not time.servers:
                service.status("switched off", "已关闭")
            elif keeper.is_wanted_now or service.clock.mono_s() >= next_mono_s:
                next_mono_s = await keeper.ask(time.servers, time.interval_min * 60) + service.clock.mono_s()
