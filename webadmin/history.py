"""The last five minutes of each mirror port's counters, so that a page's charts are full when it is opened."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from appliance.bus.topics import Intake

KEPT = timedelta(minutes=5)
_MOST = 400
_APART = timedelta(milliseconds=900)

CHARTED = (
    "packets",
    "bytes",
    "sip_udp",
    "sip_tcp",
    "rtp",
    "rtp_unbound",
    "kernel_drops",
    "held_now",
    "bundles_now",
)


class History:
    """Samples of one port, oldest first: the moment, and the values of `CHARTED`."""

    def __init__(self) -> None:
        self.samples: deque[tuple[datetime, tuple[int, ...]]] = deque(maxlen=_MOST)

    def take(self, intake: Intake) -> None:
        """Keep one look at the counters; a second within the same second replaces it, older ones than `KEPT` go."""
        sample = (intake.at, tuple(intake.counters.get(name, 0) for name in CHARTED))
        samples = self.samples
        while samples and (samples[-1][0] >= intake.at or _is_close(samples, intake.at)):
            samples.pop()
        samples.append(sample)
        while samples[0][0] < intake.at - KEPT:
            samples.popleft()


class Histories:
    """All ports by the key of their news."""

    def __init__(self, intake: Callable[[], dict[str, Intake]]) -> None:
        self._intake = intake
        self._ports: dict[str, History] = {}

    def hear(self, key: tuple[str, str], _: object) -> None:
        """Take a look at a port's counters when there is news of it."""
        kind, port = key
        news = self._intake()
        if kind == "intake" and port in news:
            self._ports.setdefault(port, History()).take(news[port])
        self._ports = {name: history for name, history in self._ports.items() if name in news}

    def of(self, port: str) -> list[tuple[datetime, tuple[int, ...]]]:
        """What is kept of one port."""
        history = self._ports.get(port)
        return list(history.samples) if history else []


def _is_close(samples: deque[tuple[datetime, tuple[int, ...]]], at: datetime) -> bool:
    """Whether the newest sample can be spared: the one before it is less than a second old, too."""
    return len(samples) > 1 and at - samples[-2][0] < _APART
