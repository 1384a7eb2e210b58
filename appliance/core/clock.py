"""Time behind one protocol, sortable ids, and the detection of clock jumps."""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What programs may ask about time; tests pass a manual one."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""

    def mono_s(self) -> float:
        """Monotonic seconds, for measuring and waiting."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        return datetime.now(UTC)

    def mono_s(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()


class ManualClock:
    """A clock that moves only when told to, for tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.at_mono_s = 0.0

    def now(self) -> datetime:
        """The time it was set to."""
        return self.at

    def mono_s(self) -> float:
        """Seconds it was advanced by."""
        return self.at_mono_s


class JumpDetector:
    """Tells when the wall clock moved against the monotonic one.

    Units: tolerance and result in seconds; positive = the wall clock was set forward
    """

    def __init__(self, clock: Clock, tolerance_s: float = 0.5) -> None:
        self._clock = clock
        self._tolerance_s = tolerance_s
        self._offset_s = self._measure_s()

    def jump_s(self) -> float:
        """The jump since the last call, 0.0 when within tolerance."""
        offset_s = self._measure_s()
        moved_s = offset_s - self._offset_s
        self._offset_s = offset_s
        return moved_s if abs(moved_s) > self._tolerance_s else 0.0

    def _measure_s(self) -> float:
        return self._clock.now().timestamp() - self._clock.mono_s()


def from_ns(at_ns: int) -> datetime:
    """Nanoseconds since the epoch as aware UTC, to the microsecond."""
    return _EPOCH + timedelta(
        0, 0, at_ns // 1000
    )  # half of the time of `fromtimestamp`; a call has thirty moments


def to_ns(at: datetime) -> int:
    """Aware time as nanoseconds since the epoch, without floating point."""
    whole = at.replace(microsecond=0)
    return int(whole.timestamp()) * 1_000_000_000 + at.microsecond * 1000


_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def sortable_id(at_ns: int, chance: int | None = None) -> str:
    """A new identifier of 20 characters that sorts by time: 10 for milliseconds, 10 random.

    `chance`: 56 bits instead of random ones. Shape: lower-case Crockford base 32
    """
    if chance is None:
        chance = int.from_bytes(os.urandom(7))
    value = (at_ns // 1_000_000 & ((1 << 50) - 1)) << 50 | chance >> 6
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(95, -1, -5))


def id_time(identifier: str) -> datetime | None:
    """The moment a sortable id was made for, to the millisecond; None for anything else."""
    if len(identifier) != 20 or any(character not in _ALPHABET for character in identifier):
        return None
    value = 0
    for character in identifier[:10]:
        value = value << 5 | _ALPHABET.index(character)
    try:
        return from_ns(value * 1_000_000)
    except (ValueError, OverflowError, OSError):
        return None
