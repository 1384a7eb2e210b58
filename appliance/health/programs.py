"""Are the programs alive? The broker says of each that died; one that never spoke is missed after a while."""

from appliance.health import Finding, Seen

EXPECTED = ("recorder", "archiver", "webadmin")
"""On every box. Others are expected from the moment they have spoken: not every box has them."""

_SELF = "watchdog"
_TIME_TO_SPEAK_S = 20.0


class _Check:
    def __init__(self) -> None:
        self._known = dict.fromkeys(EXPECTED)

    def findings(self, seen: Seen) -> list[Finding]:
        self._known.update(dict.fromkeys(program for program in sorted(seen.programs) if program != _SELF))
        if seen.watched_s <= 0.0:
            return []
        return [
            Finding("program_down", _is_down(seen, program), {"program": program}, program)
            for program in self._known
        ]


def _is_down(seen: Seen, program: str) -> bool:
    state = seen.programs.get(program)
    if state is None:
        return seen.watched_s > _TIME_TO_SPEAK_S
    return not state.alive


def make() -> _Check:
    """The check `programs`."""
    return _Check()
