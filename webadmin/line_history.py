"""The last ten minutes of each channel's line voltage and level, so that a channel's plots are full when it is opened."""

from array import array
from collections import deque
from datetime import datetime, timedelta
from math import isnan, nan
from typing import NamedTuple

from appliance.bus.topics import ChannelsNow

KEPT = timedelta(minutes=10)
_MOST = 700


class LineSample(NamedTuple):
    """One look at a channel; None where nothing is known. Units: volts, dBm0."""

    at: datetime
    volts: float | None
    level_dbm0: float | None


class _Look(NamedTuple):
    """All channels of a board at one moment, a float each: a thousand channels are 5 MB in ten minutes."""

    at: datetime
    places: dict[int, int]
    volts: "array[float]"
    levels: "array[float]"


class LineHistory:
    """All boards by name."""

    def __init__(self) -> None:
        self._boards: dict[str, deque[_Look]] = {}

    def take(self, name: str, news: ChannelsNow | None) -> None:
        """Keep one look at a board's channels; None forgets the board."""
        if news is None:
            self._boards.pop(name, None)
            return
        looks = self._boards.setdefault(name, deque(maxlen=_MOST))
        while looks and (looks[-1].at >= news.at or looks[0].at < news.at - KEPT):
            if looks[-1].at >= news.at:
                looks.pop()
            else:
                looks.popleft()
        numbers = [one.number for one in news.channels]
        before = looks[-1].places if looks else {}
        places = before if list(before) == numbers else {number: at for at, number in enumerate(numbers)}
        looks.append(
            _Look(
                news.at,
                places,
                array("f", [nan if one.volts is None else one.volts for one in news.channels]),
                array("f", [nan if one.level_dbm0 is None else one.level_dbm0 for one in news.channels]),
            )
        )

    def of(self, board: str, number: int) -> list[LineSample]:
        """What is kept of one channel, oldest first."""
        return [
            LineSample(look.at, _known(look.volts[place]), _known(look.levels[place]))
            for look in self._boards.get(board, ())
            if (place := look.places.get(number)) is not None
        ]


def _known(value: float) -> float | None:
    return None if isnan(value) else round(value, 1)
