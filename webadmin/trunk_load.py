"""How full trunks were: channels in use by hour of the day, the busiest hour, and how many calls it turned away.

Source: ITU-T E.600 (busy hour), E.501 §3 with `domain/erlang.py` (share of calls blocked)
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from appliance.domain.erlang import blocked, offered_for
from appliance.settings.root import Settings
from appliance.settings.trunks import voice_channels
from appliance.store import occupancy
from appliance.store.database import Database
from appliance.store.occupancy import Quarter
from appliance.store.row import from_us, to_us
from appliance.store.statistics import Period
from appliance.store.tallies import QUARTER_US

_QUARTERS_AN_HOUR = 4


class HourLoad(msgspec.Struct, frozen=True, kw_only=True):
    """Channels in use in one hour of the clock, over all days: mean (its traffic in erlang), and most at once."""

    hour: int
    mean: float
    peak: int


class BusyHour(msgspec.Struct, frozen=True, kw_only=True):
    """The clock hour with the most traffic.

    Units: traffic in erlang; per cent, null where the channels are not known or would not have carried it
    """

    at: datetime
    traffic: float
    peak: int
    occupancy_percent: float | None
    blocked_percent: float | None


class TrunkLoad(msgspec.Struct, frozen=True, kw_only=True):
    """One trunk; `channels` is null when nobody has said how many it has, `hours` are 24."""

    trunk: str
    channels: int | None
    hours: list[HourLoad]
    busiest: BusyHour


def channels_of(settings: Settings) -> dict[str, int]:
    """How many channels which trunk has, as far as the settings tell."""
    told = (one.rpartition("=") for one in settings.capture.trunk_channels)
    over_ip = {address: int(channels) for address, _, channels in told}
    return over_ip | {one.name: voice_channels(one) for one in settings.boards.trunks}


def loads(
    database: Database, period: Period, channels: Mapping[str, int], now: datetime
) -> dict[str, TrunkLoad]:
    """The trunks that were in use; what lies in the future is no hour without calls."""
    until = min(period.until, now)
    if until <= period.since:
        return {}
    hours = _Hours(period, until)
    return {
        trunk: _load(trunk, quarters, channels.get(trunk), hours)
        for trunk, quarters in occupancy.of_trunks(database, period.since, until).items()
        if quarters
    }


class _Hour(NamedTuple):
    """The quarter that an hour of the clock begins with, and which hour that is."""

    begin: int
    hour: int


class _Hours:
    """The hours of a clock: an hour that comes twice in a night is two."""

    def __init__(self, period: Period, until: datetime) -> None:
        self.zone = period.zone
        self.of: dict[int, _Hour] = {}
        for quarter in range(to_us(period.since) // QUARTER_US, -(-to_us(until) // QUARTER_US)):
            at = from_us(quarter * QUARTER_US).astimezone(period.zone)
            self.of[quarter] = _Hour(quarter - at.minute // 15, at.hour)
        self.quarters = Counter(one.hour for one in self.of.values())


def _load(trunk: str, quarters: list[Quarter], channels: int | None, hours: _Hours) -> TrunkLoad:
    held, highest = [0.0] * 24, [0] * 24
    traffic: dict[int, float] = {}
    peaks: dict[int, int] = {}
    for quarter, mean, peak in quarters:
        begin, hour = hours.of[quarter]
        held[hour] += mean
        highest[hour] = max(highest[hour], peak)
        traffic[begin] = traffic.get(begin, 0.0) + mean / _QUARTERS_AN_HOUR
        peaks[begin] = max(peaks.get(begin, 0), peak)
    busiest = max(traffic, key=lambda begin: (traffic[begin], -begin))
    most = traffic[busiest]
    offered = None if channels is None else offered_for(most, channels)
    return TrunkLoad(
        trunk=trunk,
        channels=channels,
        hours=[
            HourLoad(hour=hour, mean=round(held[hour] / (hours.quarters[hour] or 1), 2), peak=highest[hour])
            for hour in range(24)
        ],
        busiest=BusyHour(
            at=from_us(busiest * QUARTER_US).astimezone(hours.zone),
            traffic=round(most, 2),
            peak=peaks[busiest],
            occupancy_percent=None if channels is None else round(100 * most / channels, 1),
            blocked_percent=None
            if channels is None or offered is None
            else round(100 * blocked(offered, channels), 2),
        ),
    )
