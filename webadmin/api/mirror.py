"""The mirror ports: all counters now, the last five minutes of those that are charted, and what each VLAN brings."""

from datetime import datetime

import msgspec

from appliance.bus.topics import NetCount
from webadmin.history import CHARTED
from webadmin.operation import Asked, Nothing

_FEWEST_STREAMS = 3
"""One stray stream alarms nobody."""


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


class NetView(NetCount, frozen=True, kw_only=True):
    """A VLAN or subnet; `is_lame`: of most of its streams the other direction is missing."""

    is_lame: bool


class NetsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What all ports together bring from each VLAN and subnet, the heaviest first."""

    vlans: list[NetView]
    subnets: list[NetView]


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


async def show_nets(asked: Asked[Nothing, Nothing]) -> NetsAnswer:
    """VLANs and subnets that the mirror brings, with what is missing of them."""
    intakes = [intake for _, intake in sorted(asked.panel.live.intake.items()) if asked.visitor.sees_box]
    return NetsAnswer(
        vlans=[_net(one) for intake in intakes for one in intake.vlans],
        subnets=[_net(one) for intake in intakes for one in intake.subnets],
    )


def _net(count: NetCount) -> NetView:
    is_lame = count.streams >= _FEWEST_STREAMS and 2 * count.one_way >= count.streams
    return NetView(**msgspec.structs.asdict(count), is_lame=is_lame)


def _history(samples: list[tuple[datetime, tuple[int, ...]]]) -> PortHistory:
    return PortHistory(
        at=[at for at, _ in samples],
        counters={name: [values[place] for _, values in samples] for place, name in enumerate(CHARTED)},
    )
