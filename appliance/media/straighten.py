"""Arrival times of a call during which the recorder's clock was set → arrival times of one steady clock.

Packets are stamped with wall time. When that is set back, what follows would be placed before the answer and lost;
when it is set forward, an hour of silence would appear. Sequence numbers and timestamps show the jump.
Source: RFC 3550 §5.1
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from appliance.media.packets import MediaStream

_S = 1_000_000_000
_BACK_NS = _S // 2
_FORWARD_NS = 2 * _S
_PACKET_NS = 20_000_000
_MOST_JUMPS = 20


def straighten(streams: Sequence[MediaStream], *, clock_jumped: bool) -> tuple[list[MediaStream], int]:
    """The streams with steady arrival, and by how much the last moment of the call has to be moved.

    A jump back is seen in any case, a jump forward is taken for a hold unless the clock is known to have been set.
    """
    found: list[MediaStream] = []
    moved_ns = 0
    for stream in streams:
        steps = np.diff(stream.arrival_ns)
        odd = (steps < -_BACK_NS) | ((steps > _FORWARD_NS) & clock_jumped)
        if not odd.any():
            found.append(stream)
            continue
        shifts = np.zeros(stream.packets, np.int64)
        for row in np.flatnonzero(odd)[:_MOST_JUMPS].tolist():
            if _lasting(stream, row):
                shifts[row + 1 :] += _PACKET_NS - int(steps[row])
        moved_ns = max(moved_ns, int(shifts[-1]), key=abs)
        found.append(replace(stream, arrival_ns=stream.arrival_ns + shifts))
    return found, moved_ns


def _lasting(stream: MediaStream, row: int) -> bool:
    """Whether the packets after the step stay on its far side and follow those before it without a loss."""
    arrival_ns = stream.arrival_ns
    if stream.seq[row + 1] != stream.seq[row] + 1:
        return False
    before, after = arrival_ns[max(0, row - 10) : row + 1], arrival_ns[row + 1 : row + 11]
    if arrival_ns[row + 1] < arrival_ns[row]:
        return bool(np.median(after) < np.median(before) - _BACK_NS / 2)
    return bool(after.min() > before.max() + _FORWARD_NS / 2)
