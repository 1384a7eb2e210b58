"""Was anything recorded lately, while people work? Only the time within the working hours counts."""

from datetime import timedelta

from appliance.domain.hours import opened_at
from appliance.health import Finding, Seen


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        work = seen.work
        if work is None or seen.recorded_at is None:
            return []
        began_at = opened_at(work.hours, seen.at, work.zone)
        if began_at is None:
            return [Finding("no_recordings", False, {"minutes": work.silent_min})]  # noqa: FBT003 - the field's value
        silent = seen.at - max(seen.recorded_at, began_at)
        minutes = int(silent / timedelta(minutes=1))
        return [Finding("no_recordings", minutes >= work.silent_min, {"minutes": minutes})]


def make() -> _Check:
    """The check `recordings`."""
    return _Check()
