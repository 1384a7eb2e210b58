"""Is there space left? Low is twice what the recorder needs; full is where it has stopped.

Both clear with a tenth of slack, so that a disk at the edge does not flicker.
"""

from appliance.health import Finding, Seen

_MIB = 1 << 20
_LOW_TIMES = 2
_SLACK = 1.1


class _Check:
    def __init__(self) -> None:
        self._full = False
        self._low = False

    def findings(self, seen: Seen) -> list[Finding]:
        self._full = seen.free_bytes < seen.low_bytes * (_SLACK if self._full else 1)
        self._low = seen.free_bytes < _LOW_TIMES * seen.low_bytes * (_SLACK if self._low else 1)
        facts: dict[str, int | float | str] = {"free_mib": seen.free_bytes // _MIB}
        return [
            Finding("disk_full", self._full, facts, "full"),
            Finding("disk_low", self._low and not self._full, facts, "low"),
        ]


def make() -> _Check:
    """The check `disk`."""
    return _Check()
