"""Do notices of alarms reach those who are to be told? One that was tried in vain several times is told on the page."""

from appliance.core.text import Text
from appliance.domain.condition import sentence
from appliance.health import Finding, Seen
from appliance.store.notices import TARGETS

_SPOKEN = {"email": Text(en="mail", zh="邮件")}


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        return [
            Finding(
                "notices_waiting",
                target in seen.stuck_notices,
                {
                    **sentence("target", _SPOKEN.get(target, Text(en=target, zh=target))),
                    "problem": seen.stuck_notices.get(target, ""),
                },
                target,
            )
            for target in TARGETS
        ]


def make() -> _Check:
    """The check `notices`."""
    return _Check()
