"""Were there more calls than may be recorded at once? Shown for an hour after the last of them."""

from datetime import datetime, timedelta

from appliance.health import Finding, Seen

SHOWN_FOR = timedelta(hours=1)


class _Port:
    """What one mirror port has counted; a counter that fell belongs to a new session."""

    def __init__(self) -> None:
        self.before = 0
        self.calls = 0
        self.at: datetime | None = None

    def took(self, counted: int, at: datetime) -> None:
        new = counted - self.before if counted >= self.before else counted
        self.before = counted
        if new:
            self.calls += new
            self.at = at
        elif self.at is not None and abs(at - self.at) > SHOWN_FOR:
            self.at, self.calls = None, 0


class _Check:
    def __init__(self) -> None:
        self._ports: dict[str, _Port] = {}

    def findings(self, seen: Seen) -> list[Finding]:
        found = []
        for interface, intake in seen.intake.items():
            port = self._ports.setdefault(interface, _Port())
            port.took(intake.counters.get("over_licence", 0), seen.at)
            facts: dict[str, int | float | str] = {
                "calls": port.calls,
                "licensed": intake.counters.get("licensed_calls", 0),
            }
            found.append(Finding("over_licence", port.at is not None, facts, interface))
        return found


def make() -> _Check:
    """The check `licence`."""
    return _Check()
