"""The rhythm of one line's tones: bursts and pauses in, tones of the exchange out. Pure arithmetic on edges."""

from collections.abc import Mapping

from appliance.domain.tones import RATE_HZ, Pattern, Tone

NEVER = 1 << 60
_BELIEVE_MS = 1000
_LOUDEST_SHARE = 0.4


class Rhythm:
    """Bursts of chords against the patterns of each chord.

    `deadline` is how many samples the present state may last before `lasts` is to be asked.
    """

    def __init__(self, patterns: Mapping[int, tuple[Pattern, ...]]) -> None:
        self._patterns = patterns
        self.deadline = NEVER
        self._chord = 0
        self._begun_at = 0
        self._pause_ms = 0
        self._first_at: dict[Pattern, int] = {}
        self._count: dict[Pattern, int] = {}
        self._candidate: Pattern | None = None
        self._sounding: Tone | None = None
        self._pattern: Pattern | None = None
        self._last_end = 0

    def changes(self, was: int, now: int, at: int, lasted_ms: int) -> list[Tone]:
        """The state `was` (a chord, 0 none) ended at this sample after so many milliseconds, and `now` begins."""
        found = self._burst_over(was, at, lasted_ms) if was else []
        if not was:
            self._pause_ms = lasted_ms
            self._candidate = None
        if now:
            if was:
                self._pause_ms = 0
            self._begun_at = at
            self.deadline = self._longest_wait(now)
        else:
            self.deadline = self._pause_wait()
        return found

    def lasts(self, state: int, frames: int, loud_frames: int) -> list[Tone]:
        """The present state has lasted until its deadline."""
        if state:
            self.deadline = NEVER
            for one in self._patterns[state]:
                if one.off_ms is None:
                    return self._begins(one, self._begun_at)
            return []
        if self._candidate is not None:
            candidate, self._candidate = self._candidate, None
            self.deadline = self._pause_wait()
            if loud_frames <= frames * _LOUDEST_SHARE:
                found = self._begins(candidate, self._first_at[candidate])
                self.deadline = self._pause_wait()
                return found
            self._count.clear()
            return []
        self.deadline = NEVER
        self._count.clear()
        return self._ends()

    def _burst_over(self, chord: int, at: int, lasted_ms: int) -> list[Tone]:
        """A burst ended."""
        pause_ms, self._pause_ms = self._pause_ms, 0
        if self._pattern is not None and self._pattern.off_ms is None:
            self._last_end = at
            return self._ends()
        matching = [
            one
            for one in self._patterns[chord]
            if one.off_ms is not None and one.on_ms[0] <= lasted_ms <= one.on_ms[1]
        ]
        for one in list(self._count):
            if one not in matching:
                del self._count[one]
        found: list[Tone] = []
        for one in matching:
            assert one.off_ms is not None
            goes_on = one.off_ms[0] <= pause_ms <= one.off_ms[1]
            count = self._count.get(one, 0)
            if not (count and goes_on):
                count, self._first_at[one] = 0, self._begun_at
            self._count[one] = count + 1
            if one is self._pattern:
                self._last_end = at
            elif count + 1 >= one.cycles:
                if one.cycles == 1:
                    self._candidate = one
                else:
                    found += self._begins(one, self._first_at[one])
                self._last_end = at
        if self._pattern is not None and self._pattern not in matching:
            found = [*self._ends(), *found]
        return found

    def _begins(self, pattern: Pattern, at: int) -> list[Tone]:
        if pattern is self._pattern:
            return []
        last_end = self._last_end
        ended = self._ends(at)
        self._last_end = last_end
        self._pattern = pattern
        self._sounding = Tone(at, pattern.kind, None)
        return [*ended, self._sounding]

    def _ends(self, latest: int = NEVER) -> list[Tone]:
        sounding, self._sounding, self._pattern = self._sounding, None, None
        return [sounding._replace(ended_at=min(self._last_end, latest))] if sounding else []

    def _longest_wait(self, chord: int) -> int:
        waits = [one.on_ms[0] for one in self._patterns[chord] if one.off_ms is None]
        return _samples(min(waits)) if waits else NEVER

    def _pause_wait(self) -> int:
        if self._candidate is not None and self._candidate is not self._pattern:
            assert self._candidate.off_ms is not None
            return _samples(min(self._candidate.off_ms[0], _BELIEVE_MS))
        if self._pattern is not None and self._pattern.off_ms is not None:
            return _samples(self._pattern.off_ms[1] + 100)
        return NEVER


def _samples(milliseconds: int) -> int:
    return min(milliseconds * RATE_HZ // 1000, NEVER)
