"""The mirror ports: all counters now, and the last five minutes of those that are charted."""

from datetime import datetime

import msgspec

from webadmin.history import CHARTED
from webadmin.operation import Asked, Nothing


class PortHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One column a counter, each as long as `at`; counters only grow, except those ending in `_now`."""

    at: list[datetime]
    counters: dict[str, list[int]]


class PortView(msgspec.Struct, frozen=True, kw_only=True):
    """A mirror port. `counters` have the engine's names and count since the recorder started."""

    interface: str
    at: datetime
    link_up: bool
    counters: dict[str, int]
    history: PortHistory


class MirrorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All ports that report; `since` is when the recorder started, null when it is not known to run."""

    since: datetime | None
    ports: list[PortView]


async def show(asked: Asked[Nothing, Nothing]) -> MirrorAnswer:
    """What arrives at the mirror ports, now and in the last five minutes."""
    live, histories = asked.panel.live, asked.panel.histories
    recorder = live.programs.get("recorder")
    return MirrorAnswer(
        since=recorder.started_at if recorder and recorder.alive else None,
        ports=[
            PortView(
                interface=intake.interface,
                at=intake.at,
                link_up=intake.link_up,
                counters=intake.counters,
                history=_history(histories.of(key)),
            )
            for key, intake in sorted(live.intake.items())
            if asked.visitor.sees_box
        ],
    )


def _history(samples: list[tuple[datetime, tuple[int, ...]]]) -> PortHistory:
    return PortHistory(
        at=[at for at, _ in samples],
        counters={name: [values[place] for _, values in samples] for place, name in enumerate(CHARTED)},
    )
