"""When samples were heard: the clock of a card, which gives none, followed by the box's.

Source: none, our own: a block that was waited for ended just now or a little before, as late as we were woken; one that lay
ready ended earlier, when nobody knows. The least late of some blocks is the card's own clock.
"""

from drivers.boards.board import RATE_HZ

_S = 1_000_000_000
_JUDGED = 16
"""Blocks that were waited for, of which the least late one counts: a whole machine may have stood still before one of them."""


class Pace:
    """The moments of blocks of one size, in order. Units: nanoseconds of a clock that is never set."""

    def __init__(self, samples: int) -> None:
        self.has_gap = False
        """Samples were lost before the next block, nobody knows how many."""
        self._block_ns = samples * _S // RATE_HZ
        self._expected_ns: int | None = None
        self._lates_ns: list[int] = []

    def take(self, now_ns: int, *, has_waited: bool) -> tuple[int, int]:
        """A block came: when its first sample was heard, and how many are missing before it."""
        newest_ns = now_ns - self._block_ns
        late_ns = 0 if self._expected_ns is None else newest_ns - self._expected_ns
        at_ns, lost = newest_ns - max(late_ns, 0), 0
        if self.has_gap and late_ns > 0:
            at_ns, lost = newest_ns, late_ns * RATE_HZ // _S
        if self.has_gap or late_ns < 0:
            self._lates_ns.clear()
        elif has_waited:
            self._lates_ns.append(late_ns)
            if len(self._lates_ns) == _JUDGED:
                at_ns += min(self._lates_ns)
                self._lates_ns.clear()
        self.has_gap = False
        self._expected_ns = at_ns + self._block_ns
        return at_ns, lost

    def is_behind(self, now_ns: int) -> bool:
        """Whether more blocks lie ready."""
        return self._expected_ns is not None and now_ns - self._expected_ns > self._block_ns
