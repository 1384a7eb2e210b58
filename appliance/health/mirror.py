"""Does the mirror bring whole calls? Told from what arrived of the last calls, so that no single call alarms."""

from typing import NamedTuple

from appliance.bus.topics import Intake
from appliance.health import Finding, Seen

FEWEST = 3
_HALF = 0.5
_QUARTER = 0.25


class _Kind(NamedTuple):
    """A condition, the counter that tells of it, all counters it is a share of, and the share that raises it."""

    code: str
    counter: str
    among: tuple[str, ...]
    share: float


_HEARD = ("calls_whole_now", "calls_one_way_now", "calls_without_audio_now")
_KINDS = (
    _Kind("mirror_losing", "calls_losing_now", ("calls_watched_now",), _QUARTER),
    _Kind("mirror_one_way", "calls_one_way_now", _HEARD, _HALF),
    _Kind("sip_without_rtp", "calls_without_audio_now", _HEARD, _HALF),
    _Kind(
        "rtp_without_sip", "calls_without_signalling_now", (*_HEARD, "calls_without_signalling_now"), _HALF
    ),
)


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        return [_finding(key, intake, kind) for key, intake in seen.intake.items() for kind in _KINDS]


def _finding(key: str, intake: Intake, kind: _Kind) -> Finding:
    calls = intake.counters.get(kind.counter, 0)
    among = sum(intake.counters.get(name, 0) for name in kind.among)
    return Finding(
        kind.code,
        calls >= FEWEST and calls >= kind.share * among,
        {
            "interface": intake.interface,
            "calls": calls,
            "among": among,
            "address": intake.missing_from or "–",
        },
        f"{key}.{kind.code}",
    )


def make() -> _Check:
    """The check `mirror`."""
    return _Check()
