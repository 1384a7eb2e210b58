"""Can the settings be read? The programs go on with the last good revision; a person has to look."""

from appliance.health import Finding, Seen


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        return [
            Finding(
                "settings_unreadable",
                bool(seen.settings_problem),
                {"problem": seen.settings_problem, "revision": seen.settings_revision},
            )
        ]


def make() -> _Check:
    """The check `settings`."""
    return _Check()
