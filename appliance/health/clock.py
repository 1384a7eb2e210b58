"""Was the clock set? A jump is shown for an hour; slewing is no jump."""

from datetime import datetime, timedelta

from appliance.health import Finding, Seen

SHOWN_FOR = timedelta(hours=1)


class _Check:
    def __init__(self) -> None:
        self._jump_s = 0.0
        self._at: datetime | None = None

    def findings(self, seen: Seen) -> list[Finding]:
        if seen.jump_s:
            self._jump_s, self._at = round(seen.jump_s, 1), seen.at
        elif self._at is not None and abs(seen.at - self._at) > SHOWN_FOR:
            self._at = None
        return [Finding("clock_set", self._at is not None, {"jump_s": self._jump_s})]


def make() -> _Check:
    """The check `clock`."""
    return _Check()
