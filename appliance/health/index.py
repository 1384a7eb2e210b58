"""Can the index be written? Told once it has failed for a while: a busy moment is none of anybody's business."""

from datetime import datetime, timedelta

from appliance.health import Finding, Seen

FAILS_FOR = timedelta(seconds=30)


class _Check:
    def __init__(self) -> None:
        self._since: datetime | None = None

    def findings(self, seen: Seen) -> list[Finding]:
        if not seen.index_problem:
            self._since = None
        elif self._since is None or self._since > seen.at:
            self._since = seen.at
        raised = self._since is not None and seen.at - self._since >= FAILS_FOR
        return [Finding("index_failing", raised, {"problem": seen.index_problem})]


def make() -> _Check:
    """The check `index`."""
    return _Check()
