"""Slows down whoever guesses passwords: per name and per address, exponentially, in tables of bounded size."""

from collections import OrderedDict
from typing import ClassVar, NamedTuple

from appliance.core.clock import Clock
from appliance.core.errors import Later
from appliance.core.text import Text


class Throttled(Later):
    """Too many failed attempts. Facts: after_s."""

    text = Text(
        en="Too many attempts; try again in {after_s} seconds.", zh="尝试次数过多，请在 {after_s} 秒后重试。"
    )


class Patience(NamedTuple):
    """How many failures are free, and the longest delay after more of them."""

    free: int
    longest_s: float


class _Failures:
    __slots__ = ("count", "until_mono_s")

    def __init__(self) -> None:
        self.count = 0
        self.until_mono_s = 0.0


class Throttle:
    """Counts attempts before they are judged, so that parallel ones cannot slip through.

    A name is delayed briefly only, so that nobody can lock a person out for long; an address is delayed longer.
    Who wants names to be locked says so: `lock_after` failures (0 = never) for `lock_s`.
    """

    FORGET_S: ClassVar[float] = 3600.0
    CAPACITY: ClassVar[int] = 4096
    NAME: ClassVar[Patience] = Patience(free=5, longest_s=30.0)
    ADDRESS: ClassVar[Patience] = Patience(free=15, longest_s=900.0)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lock_after = 0
        self.lock_s = 0.0
        self._names: OrderedDict[str, _Failures] = OrderedDict()
        self._addresses: OrderedDict[str, _Failures] = OrderedDict()

    def begin(self, name: str, address: str) -> None:
        """Count an attempt as failed until `succeeded` is called.

        Raises: Throttled when the name or the address must wait
        """
        now_mono_s = self._clock.mono_s()
        held = [
            failures.until_mono_s - now_mono_s
            for table, key in ((self._names, name), (self._addresses, address))
            if (failures := table.get(key)) is not None and failures.until_mono_s > now_mono_s
        ]
        if held:
            error = Throttled(after_s=int(max(held)) + 1)
            error.after_s = float(error.facts["after_s"])
            raise error
        self._count(self._names, name, self.NAME, now_mono_s)
        self._count(self._addresses, address, self.ADDRESS, now_mono_s)

    def succeeded(self, name: str, address: str) -> None:
        """Forgive the name; the address only loses the one failure that this attempt was counted as."""
        self._names.pop(name, None)
        failures = self._addresses.get(address)
        if failures is not None:
            failures.count = max(0, failures.count - 1)
            failures.until_mono_s = 0.0

    def forgive(self, name: str) -> None:
        """Unlock a name: an administrator has given a new way in."""
        self._names.pop(name, None)

    @property
    def sizes(self) -> tuple[int, int]:
        """Entries of both tables, never above `CAPACITY`."""
        return len(self._names), len(self._addresses)

    def _count(
        self, table: OrderedDict[str, _Failures], key: str, patience: Patience, now_mono_s: float
    ) -> None:
        failures = table.pop(key, None) or _Failures()
        if now_mono_s - failures.until_mono_s > self.FORGET_S:
            failures.count = 0
        failures.count += 1
        beyond = min(failures.count - patience.free, 20)
        delay_s = min(patience.longest_s, 2.0**beyond) if beyond > 0 else 0.0
        if patience is self.NAME and 0 < self.lock_after <= failures.count:
            delay_s = max(delay_s, self.lock_s)
        failures.until_mono_s = now_mono_s + delay_s
        table[key] = failures
        while len(table) > self.CAPACITY:
            table.popitem(last=False)
