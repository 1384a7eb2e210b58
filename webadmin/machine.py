"""What the panel remembers of the box itself: the clock's state, starts of the programs, what each costs just now."""

from datetime import datetime
from typing import NamedTuple

from appliance.bus import topics
from appliance.bus.client import Bus
from appliance.bus.topics import ProgramState, TimeState
from appliance.core.clock import Clock
from appliance.system.processes import Process

SHORTEST_S = 1.0
"""Two looks that are closer give no useful share of a processor."""


class _Look(NamedTuple):
    mono_s: float
    process: Process


class Machine:
    """Everything here belongs to the event loop's thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.since = clock.now()
        self.time: TimeState | None = None
        self._started: dict[str, datetime] = {}
        self._restarts: dict[str, int] = {}
        self._looks: dict[str, _Look] = {}
        self._shares: dict[str, float] = {}

    def subscribe(self, bus: Bus) -> None:
        """Take what concerns the box from this connection to the bus."""
        bus.subscribe(topics.TIME, self.take_time)
        bus.subscribe(topics.PROGRAM, self.take_program)

    def take_time(self, _: str, news: TimeState | None) -> None:
        """How right the clock is."""
        self.time = news

    def take_program(self, name: str, news: ProgramState | None) -> None:
        """A program's word on itself: another moment of start is another life."""
        if news is None or not news.alive or news.started_at is None:
            return
        before = self._started.get(name)
        if before is not None and before != news.started_at:
            self._restarts[name] = self._restarts.get(name, 0) + 1
        self._started[name] = news.started_at

    def restarts(self, name: str) -> int:
        """How often a program began anew since `since`."""
        return self._restarts.get(name, 0)

    def cpu_percent(self, name: str, process: Process) -> float | None:
        """How much of one processor a program takes since the look before; None at the first look."""
        now = self._clock.mono_s()
        before = self._looks.get(name)
        is_same = before is not None and before.process[:2] == process[:2]
        if before is None or not is_same:
            self._shares.pop(name, None)
        elif now - before.mono_s < SHORTEST_S:
            return self._shares.get(name)
        else:
            # A child that ended has taken its time along.
            spent_s = max(0.0, process.cpu_s - before.process.cpu_s)
            self._shares[name] = 100 * spent_s / (now - before.mono_s)
        self._looks[name] = _Look(now, process)
        return self._shares.get(name)
