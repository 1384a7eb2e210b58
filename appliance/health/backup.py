"""Are there backups when there should be? Told by the backup program, which looks after itself."""

from datetime import timedelta

from appliance.core.text import Text
from appliance.domain.condition import sentence
from appliance.health import Finding, Seen

_LATE = timedelta(hours=3)
_SILENT = timedelta(hours=1)


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        told = seen.backup
        if told is None:
            return []
        facts = sentence("problem", told.problem or Text(en="", zh=""))
        # A schedule that nobody carries out fails as silently as a disk that nobody reads.
        is_late = told.due_at is not None and seen.at - told.due_at > _LATE and told.problem is None
        is_silent = told.expected and seen.at - told.at > _SILENT
        return [
            Finding("backup_failed", told.problem is not None, facts, "failed"),
            Finding("backup_overdue", told.expected and (is_late or is_silent), {}, "overdue"),
        ]


def make() -> _Check:
    """The check `backup`."""
    return _Check()
