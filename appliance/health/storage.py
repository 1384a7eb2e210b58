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
    def findings(self, seen: Seen) -> list[Finding]:
        found = []
        for shelf, state in seen.storage.items():
            facts = _facts(state)
            wrong = _CODES.get(state.problem, "storage_failing") if state.problem else ""
            codes = dict.fromkeys(_CODES.values())
            found += [Finding(code, code == wrong, facts, f"{shelf}.{code}") for code in codes]
            is_instead = state.current and state.instead_since is not None
            found.append(Finding("storage_changed", is_instead, {"path": state.path}, f"{shelf}.changed"))
        return found


def _facts(state: StorageState) -> dict[str, int | float | str]:
    return {"path": state.path, "problem": state.detail or state.problem}


def make() -> _Check:
    """The check `storage`."""
    return _Check()
