"""Do the storage paths take recordings? Told by the archiver, which is the one that writes there."""

from appliance.bus.topics import StorageState
from appliance.health import Finding, Seen

_CODES = {
    "full": "storage_full",
    "exhausted": "storage_full",
    "missing": "storage_gone",
    "other_disk": "storage_other_disk",
    "read_only": "storage_failing",
    "failed": "storage_failing",
}


class _Check:
    def __init__(self) -> None:
        self._short: dict[str, bool] = {}

    def findings(self, seen: Seen) -> list[Finding]:
        found = []
        for shelf, state in seen.storage.items():
            facts = _facts(state)
            wrong = _CODES.get(state.problem, "storage_failing") if state.problem else ""
            codes = dict.fromkeys(_CODES.values())
            found += [Finding(code, code == wrong, facts, f"{shelf}.{code}") for code in codes]
            is_instead = state.current and state.instead_since is not None
            found.append(Finding("storage_changed", is_instead, {"path": state.path}, f"{shelf}.changed"))
            found += self._room(shelf, state, seen.warn_days)
        return found

    def _room(self, shelf: str, state: StorageState, warn_days: int) -> list[Finding]:
        """What is coming, or was done, for want of space. A day of slack, so that the forecast does not flicker."""
        days = state.days_left
        was_short = self._short.get(shelf, False)
        is_short = (
            state.current
            and days is not None
            and warn_days > 0
            and days < warn_days + (1 if was_short else 0)
        )
        self._short[shelf] = is_short
        facts: dict[str, int | float | str] = {
            "path": state.path,
            "days": days or 0,
            "calls": state.sacrificed,
        }
        return [
            Finding("storage_fills", is_short, facts, f"{shelf}.fills"),
            Finding("recording_stopped", state.current and state.stopped, facts, f"{shelf}.stopped"),
            Finding(
                "retention_overridden", state.current and state.sacrificed > 0, facts, f"{shelf}.overridden"
            ),
        ]


def _facts(state: StorageState) -> dict[str, int | float | str]:
    return {"path": state.path, "problem": state.detail or state.problem}


def make() -> _Check:
    """The check `storage`."""
    return _Check()
