"""RTP timestamps and arrival times of one stream → where each packet belongs on the wall clock.

A packet's place is its RTP timestamp, seen from the moment the stream's quickest packets arrived, so jitter moves
nothing and packets that follow one another stay joined. What is surprising: timestamps are believed only as long
as arrival does not contradict them. A lasting jump of their difference (restart, resumed hold, another epoch)
begins a new *run* with an anchor of its own, timestamps that do not move with the audio are replaced by counting,
and the sender's clock drift is taken out in small steps where the audio is quiet.
Pure arithmetic. Source: RFC 3550 §5.1 (timestamp), §6.4.1 (transit time)
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Loudness = Callable[[int, int], Floats]
"""Level of each row from the first up to (not including) the second, in dBFS."""

_S = 1_000_000_000
_MS = 1_000_000
_JUMP_NS = 100 * _MS
_LATEST_NS = 3 * _S
_ANCHOR_NS = 5 * _S
_MOST_JUMPS = 20_000
_TRUST_ROWS = 256
_BLOCK_NS = 10 * _S
_DRIFT_NS = 60 * _S
_LONG_NS = 600 * _S
_STEP_NS = 7 * _MS
_SHORT_STEP_NS = 20 * _MS
_BLOCK_ROWS = 25
_SLOPE_BLOCKS = 200
_FASTEST = 0.01
_QUIET_DBFS = -45.0
_AUDIBLE_STEP_NS = 2 * _MS


class Rows(NamedTuple):
    """The audio packets of one stream in one format, in sequence order.

    Shape: all [n], n >= 1. `missing` = packets lost before the row, `ticks` = RTP timestamp and `spoken` = length
    of the row's audio, both in ticks of `clock_hz`
    """

    ticks: Ints
    arrival_ns: Ints
    missing: Ints
    spoken: Ints
    clock_hz: int

    def spoken_before(self) -> Ints:
        """The length of the previous row's audio."""
        return np.concatenate((self.spoken[:1], self.spoken[:-1]))


class Placement(NamedTuple):
    """Where the rows go.

    Shape: all [n]. `base_ns` is the moment of tick 0 on the wall clock (equal within a run), `ticks` the row's place
    from there, `inserted` the ticks of drift correction that begin with this row (negative: dropped)
    """

    base_ns: Ints
    ticks: Ints
    inserted: Ints
    clock_hz: int

    def at_ns(self) -> Ints:
        """Each row's moment on the wall clock."""
        return self.base_ns + (self.ticks * (_S / self.clock_hz)).astype(np.int64)

    def frames(self, origin_ns: int, rate_hz: int) -> Ints:
        """Each row's first frame counted from `origin_ns`; neighbours within a run stay exactly joined."""
        bases, index = np.unique(self.base_ns, return_inverse=True)
        starts = np.rint((bases - origin_ns) * (rate_hz / _S)).astype(np.int64)
        return np.asarray(starts[index] + self.ticks * rate_hz // self.clock_hz)


def place(rows: Rows, loudness: Loudness) -> Placement:
    """Anchor every row to the wall clock."""
    tick_ns = _S / rows.clock_hz
    steps = _believable_steps(rows)
    arrived = rows.arrival_ns - rows.arrival_ns[0]
    starts = _runs(arrived, steps, tick_ns)
    if starts is None:
        steps = _counted_steps(rows)
        starts = _runs(arrived, steps, tick_ns) or [0]
    limit = int((np.ptp(arrived) + 10 * _S) / tick_ns)
    base = np.empty(arrived.size, np.int64)
    ticks = np.empty(arrived.size, np.int64)
    inserted = np.zeros(arrived.size, np.int64)
    for first, last in zip(starts, [*starts[1:], arrived.size], strict=True):
        own = np.concatenate(([0], np.cumsum(steps[first + 1 : last])))
        own = np.clip(own, -limit, limit).astype(np.int64)
        late = arrived[first:last] - own * tick_ns
        anchor = _floor(late[arrived[first:last] - arrived[first] <= _ANCHOR_NS])
        base[first:last] = rows.arrival_ns[0] + round(anchor)
        for row, part in _corrections(
            late - anchor,
            own * tick_ns,
            tick_ns,
            lambda a, b, at=first: loudness(at + a, at + b),  # type: ignore[misc]
        ):
            inserted[first + row] += part
        ticks[first:last] = own + np.cumsum(inserted[first:last])
    return Placement(base, ticks, inserted, rows.clock_hz)


def _believable_steps(rows: Rows) -> Floats:
    """Ticks from row to row, counted instead of read where most timestamps of a stretch contradict audio and arrival.

    Shape: [n], the first is 0
    """
    steps: Floats = np.diff(rows.ticks, prepend=rows.ticks[:1]).astype(np.float64)
    joined = rows.missing == 0
    joined[0] = False
    odd = joined & (steps != rows.spoken_before())
    if not odd.any():
        return steps
    waited = np.diff(rows.arrival_ns, prepend=rows.arrival_ns[:1]) * (rows.clock_hz / _S)
    lies = odd & (np.abs(waited - steps) > np.abs(waited - rows.spoken_before()))
    edges = np.arange(0, steps.size, _TRUST_ROWS)
    lying = np.add.reduceat(lies, edges, dtype=np.int64)
    told = np.add.reduceat(joined, edges, dtype=np.int64)
    bad = (lying * 2 > told) & (lying >= 4)
    near = bad | np.append(bad[1:], False) | np.append(False, bad[:-1])
    whole, part = (np.repeat(one, _TRUST_ROWS)[: steps.size] for one in (bad, near))
    rubbish = whole | (part & lies)
    return np.asarray(np.where(rubbish, _counted_steps(rows), steps), np.float64)


def _counted_steps(rows: Rows) -> Floats:
    """Ticks from row to row by counting audio and lost packets, blind to timestamps."""
    before = rows.spoken_before()
    counted = before * (1 + np.minimum(rows.missing, 500)).astype(np.float64)
    counted[0] = 0
    return np.asarray(counted, np.float64)


def _runs(arrived: Ints, steps: Floats, tick_ns: float) -> list[int] | None:
    """The rows where a new run begins, the first being 0; None when jumps are so many that nothing can be believed.

    A jump is lasting when the quickest packets after it are off from the quickest before it. A stalled network
    that catches up, or one packet that came late, is none.
    """
    jumps = np.abs(np.diff(arrived, prepend=arrived[:1]) - steps * tick_ns) > _JUMP_NS
    if not jumps.any():
        return [0]
    edges = [0, *np.flatnonzero(jumps).tolist()]
    if len(edges) > _MOST_JUMPS:
        return None
    late = arrived - np.cumsum(steps) * tick_ns
    found = [0]
    floor = _quickest(late, arrived, 0, edges[1], forward=False)
    for index in range(1, len(edges)):
        first = edges[index]
        last = edges[index + 1] if index + 1 < len(edges) else arrived.size
        ahead = _quickest(late, arrived, first, last, forward=True)
        if _comes_back(late, arrived, edges, index, ahead - floor):
            continue
        if abs(ahead - floor) > _JUMP_NS:
            found.append(first)
        floor = _quickest(late, arrived, first, last, forward=False)
    return found


def _comes_back(late: Floats, arrived: Ints, edges: list[int], index: int, off_ns: float) -> bool:
    """Whether the stretch is late, not displaced: what follows it is where what preceded it was."""
    if not _JUMP_NS < off_ns < _LATEST_NS or index + 1 >= len(edges):
        return False
    first = edges[index + 1]
    last = edges[index + 2] if index + 2 < len(edges) else arrived.size
    here = _quickest(late, arrived, edges[index], first, forward=True)
    return abs(_quickest(late, arrived, first, last, forward=True) - here + off_ns) <= _JUMP_NS


def _quickest(late: Floats, arrived: Ints, first: int, last: int, *, forward: bool) -> float:
    """The least lateness among the first (or last) two seconds of a stretch."""
    reach = 400
    part = slice(first, min(last, first + reach)) if forward else slice(max(first, last - reach), last)
    times = arrived[part]
    near = times - times[0] <= 2 * _S if forward else times[-1] - times <= 2 * _S
    return float(late[part][near].min())


def _floor(late: Floats) -> float:
    """The lateness of the quickest packets, proof against two that lie."""
    if late.size < 2 * _BLOCK_ROWS:
        return float(late.min())
    return float(np.partition(late, 2)[2])


def _corrections(late: Floats, at_ns: Floats, tick_ns: float, loudness: Loudness) -> list[tuple[int, int]]:
    """Where to insert (or drop, negative) how many ticks, so that lateness stays near zero over a long run.

    Straight drift is followed in steps of 7 ms from one minute on; what remains (a sender that paused, another
    route) in steps of 20 ms, or of 7 ms in runs of ten minutes and more. Thirty clean seconds are never touched.
    """
    span_ns = float(at_ns[-1] - at_ns[0])
    if span_ns < _BLOCK_NS * 2:
        return []
    edges = np.searchsorted(np.maximum.accumulate(at_ns), np.arange(0, span_ns, _BLOCK_NS)).tolist()
    blocks = [
        (first, last, _floor(late[first:last]))
        for first, last in zip(edges, [*edges[1:], late.size], strict=True)
        if last - first >= _BLOCK_ROWS
    ]
    middle = np.array([(at_ns[first] + at_ns[last - 1]) / 2 for first, last, _ in blocks])
    lowest = np.array([floor for _, _, floor in blocks])
    found: list[tuple[int, int]] = []
    done = 0
    for (first, last, _), target in zip(blocks, _wanted(middle, lowest, span_ns, tick_ns), strict=True):
        if target != done:
            found += _spread(first, last, target - done, tick_ns, loudness)
            done = target
    return found


def is_steady(lateness: Sequence[tuple[int, int]], span_ns: int, clock_hz: int) -> bool:
    """Whether nothing has to be inserted or dropped in a run.

    `lateness`: (middle, least lateness) of each of its blocks, nanoseconds; none for a run below twenty seconds
    """
    if span_ns < _DRIFT_NS and all(abs(lowest) < _STEP_NS for _, lowest in lateness):
        return True
    middle, lowest = np.array(lateness, np.float64).T
    return not any(_wanted(middle, lowest, span_ns, _S / clock_hz))


def _wanted(middle: Floats, lowest: Floats, span_ns: float, tick_ns: float) -> list[int]:
    """By how many ticks the audio of each block is to be moved from where its timestamps put it."""
    if middle.size < 2:
        return [0] * middle.size
    slope = _slope(middle, lowest) if span_ns >= _DRIFT_NS else 0.0
    rest = _rolling_minimum(lowest - slope * middle)
    limit = _STEP_NS if span_ns >= _LONG_NS else _SHORT_STEP_NS
    wanted = _followed(slope * middle, _STEP_NS) + _followed(rest, limit)
    moved: list[int] = np.rint(wanted / tick_ns).astype(int).tolist()
    return moved


def _slope(at_ns: Floats, lowest: Floats) -> float:
    """Drift of lateness, as seconds a second, by the median over all pairs (Theil-Sen); 0 when it is beyond belief."""
    if at_ns.size < 6:
        return 0.0
    pick = np.unique(np.linspace(0, at_ns.size - 1, min(at_ns.size, _SLOPE_BLOCKS)).astype(int))
    left, right = np.triu_indices(pick.size, max(1, pick.size // 4))
    at, low = at_ns[pick], lowest[pick]
    slope = float(np.median((low[right] - low[left]) / (at[right] - at[left])))
    return slope if abs(slope) <= _FASTEST else 0.0


def _rolling_minimum(values: Floats) -> Floats:
    """The least of each value and its two neighbours on either side."""
    padded = np.pad(values, 2, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 5).min(axis=1))


def _followed(wanted: Floats, limit: float) -> Floats:
    """A staircase that follows `wanted` and moves only when it is off by `limit`."""
    found = np.empty(wanted.size)
    level = 0.0
    for index, target in enumerate(wanted.tolist()):
        if abs(target - level) >= limit:
            level = target
        found[index] = level
    return found


def _spread(first: int, last: int, ticks: int, tick_ns: float, loudness: Loudness) -> list[tuple[int, int]]:
    """All at once in a pause of the talk, else in steps of 2 ms where it is quietest."""
    levels = loudness(first + 1, last)
    order = np.argsort(levels, kind="stable")
    if levels[order[0]] <= _QUIET_DBFS:
        return [(first + 1 + int(order[0]), ticks)]
    parts = min(order.size, max(1, round(abs(ticks) * tick_ns / _AUDIBLE_STEP_NS)))
    return [
        (first + 1 + int(row), (ticks * (index + 1)) // parts - (ticks * index) // parts)
        for index, row in enumerate(order[:parts])
    ]
