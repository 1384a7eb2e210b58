"""Searches that a page repeats by itself: one row of the operation log for many minutes of an open list."""

from collections import OrderedDict
from datetime import timedelta

from appliance.core.clock import Clock

ANEW_AFTER = timedelta(minutes=10)
_MOST = 4096


class Repeats:
    """Who asked what, and when it was last written down.

    An open list of calls asks again at every new call. Each such row would say what the one before said; a million of
    them a month hide the rows that matter.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._written: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def is_repeat(self, *key: str) -> bool:
        """Whether the very same was written within ten minutes; if not, it counts as written now."""
        now = self._clock.mono_s()
        written = self._written.get(key)
        if written is not None and now - written < ANEW_AFTER.total_seconds():
            return True
        self._written[key] = now
        self._written.move_to_end(key)
        if len(self._written) > _MOST:
            self._written.popitem(last=False)
        return False
