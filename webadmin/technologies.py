"""How much the box has, uses and may use of each technology: IP and SIPREC by its calls, analog and E1 by its boards."""

from collections import Counter
from typing import NamedTuple

from appliance.domain.call import DataType
from appliance.domain.licence import Licensed
from appliance.domain.policy import bound
from appliance.settings.recording import WorkMode
from webadmin.panel import Panel

_KIND = {DataType.ANALOG: "analog", DataType.E1: "voice"}
"""What the boards call the channels of a technology."""


class Technology(NamedTuple):
    """`channels`: bound extensions, channels of the boards; `in_use`: calls now; `limit`: calls at once, None for any number."""

    name: DataType
    channels: int
    in_use: int
    limit: int | None


def technologies(panel: Panel, licensed: Licensed) -> list[Technology]:
    """All of them, whether the box has any of it or not."""
    recording = panel.settings.recording
    chosen = {DataType.IP: 0 if recording.work_mode is WorkMode.BOUND else recording.licensed_calls}
    channels = Counter({DataType.IP: len(recording.extensions)})
    kinds = Counter(place.kind for board in panel.live.boards.values() for place in board.places)
    channels.update({name: kinds[kind] for name, kind in _KIND.items()})
    calls = Counter(live.call.data_type for live in panel.live.calls.values())
    in_use = {**calls, **dict.fromkeys(_KIND, 0), **recorded(panel)}
    return [
        Technology(
            name, channels[name], in_use.get(name, 0), bound(chosen.get(name, 0), licensed.limit(name))
        )
        for name in DataType
    ]


def recorded(panel: Panel) -> Counter[DataType]:
    """Calls on boards that take a place of the licence now."""
    found: Counter[DataType] = Counter()
    for card in panel.settings.boards.cards:
        told = panel.live.channels.get(card.name)
        if told is not None:
            found.update(told.recorded)
    return found
