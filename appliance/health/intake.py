"""Does the mirror port bring anything, and is all of it taken? Told from counters that only grow.

A loss stays reported for a while after the last one, so that somebody who looks sees it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from appliance.bus.topics import Intake
from appliance.health import Finding, Seen

SILENT_AFTER = timedelta(seconds=60)
LOSS_SHOWN_FOR = timedelta(minutes=10)
_LOSSES = (
    "kernel_drops",
    "hold_overflow",
    "event_overflow",
    "message_overflow",
    "flow_overflow",
    "tcp_overflow",
)


class _Port(NamedTuple):
    """What is remembered of one port: totals last seen, when packets last came, loss since it was last quiet."""

    packets: int
    moved_at: datetime
    losses: int
    lost: int = 0
    lost_at: datetime | None = None


class _Check:
    def __init__(self) -> None:
        self._ports: dict[str, _Port] = {}

    def findings(self, seen: Seen) -> list[Finding]:
        self._ports = {
            key: _renewed(self._ports.get(key), intake, seen.at) for key, intake in seen.intake.items()
        }
        found: list[Finding] = []
        for key, intake in seen.intake.items():
            port = self._ports[key]
            facts: dict[str, int | float | str] = {"interface": intake.interface}
            silent = intake.link_up and seen.at - port.moved_at > SILENT_AFTER
            found += [
                Finding("link_down", not intake.link_up, facts, f"{key}.link"),
                Finding("port_silent", silent, facts, f"{key}.silent"),
                Finding("packets_lost", port.lost > 0, {**facts, "lost": port.lost}, f"{key}.lost"),
            ]
        return found


def _renewed(before: _Port | None, intake: Intake, at: datetime) -> _Port:
    packets = intake.counters.get("packets", 0)
    losses = sum(intake.counters.get(name, 0) for name in _LOSSES)
    if before is None or packets < before.packets or losses < before.losses:
        # The first sight of a recorder's life: what it has already lost counts, too.
        return _Port(packets, at, losses, losses, at if losses else None)
    moved_at = at if packets != before.packets or not intake.link_up else before.moved_at
    if losses > before.losses:
        return _Port(packets, moved_at, losses, before.lost + losses - before.losses, at)
    if before.lost_at is not None and at - before.lost_at > LOSS_SHOWN_FOR:
        return _Port(packets, moved_at, losses)
    return _Port(packets, moved_at, losses, before.lost, before.lost_at)


def make() -> _Check:
    """The check `intake`."""
    return _Check()
