"""When samples were heard: the clock of a card, which gives none, followed by the box's.

Source: none, our own: a block that was waited for ended just now; one that lay ready ended earlier, when nobody knows.
"""

from drivers.boards.board import RATE_HZ

_S = 1_000_000_000
_DRAWN = 10
"""The part of a difference that a block is moved by: clocks drift by millionths, waiting varies by milliseconds."""


class Pace:
    """The moments of blocks of one size, in order. Units: nanoseconds of a clock that is never set."""

    def __init__(self, samples: int) -> None:
        self.has_gap = False
        """Samples were lost before the next block, nobody knows how many."""
        self._block_ns = samples * _S // RATE_HZ
        self._expected_ns: int | None = None

    def take(self, now_ns: int, *, has_waited: bool) -> tuple[int, int]:
        """A block came: when its first sample was heard, and how many are missing before it."""
        newest_ns = now_ns - self._block_ns
        late_ns = 0 if self._expected_ns is None else newest_ns - self._expected_ns
        has_gap, self.has_gap = self.has_gap, False
        at_ns, lost = newest_ns, 0
        if late_ns > 0 and has_gap:
            lost = late_ns * RATE_HZ // _S
        elif late_ns > 0:
            at_ns -= late_ns - (late_ns // _DRAWN if has_waited else 0)
        self._expected_ns = at_ns + self._block_ns
        return at_ns, lost

    def is_behind(self, now_ns: int) -> bool:
        """Whether more blocks lie ready."""
        return self._expected_ns is not None and now_ns - self._expected_ns > self._block_ns
