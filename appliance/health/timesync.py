"""Does the clock follow a time server? Told after a while without one; a box that has no such program is not asked."""

from datetime import datetime, timedelta

from appliance.domain.condition import sentence
from appliance.domain.timekeeping import Trouble, trouble_of
from appliance.health import Finding, Seen

PATIENCE = timedelta(minutes=10)


class _Check:
    def __init__(self) -> None:
        self._since: datetime | None = None

    def findings(self, seen: Seen) -> list[Finding]:
        if seen.time is None:
            self._since = None
            return []
        if seen.time.synchronised:
            self._since = None
        elif self._since is None:
            self._since = seen.at
        late = self._since is not None and abs(seen.at - self._since) > PATIENCE
        trouble = trouble_of(seen.time.problem or Trouble.TOO_FAR)
        return [Finding("clock_unsynchronised", late, sentence("problem", trouble))]


def make() -> _Check:
    """The check `timesync`."""
    return _Check()
