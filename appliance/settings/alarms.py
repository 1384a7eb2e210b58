"""Settings of alarms: how long they are kept and when a condition that comes back is the same alarm."""

from typing import Annotated

from appliance.core.text import Text
from appliance.settings.field import Section, setting


class Alarms(Section, frozen=True, kw_only=True):
    """What becomes of the conditions that the watchdog finds."""

    keep_days: Annotated[
        int,
        setting(
            Text(en="Keep alarms that are over for", zh="已消除告警保留"),
            unit="d",
            ge=1,
            le=3650,
            reload="watchdog",
        ),
    ] = 365
    same_within_min: Annotated[
        int,
        setting(
            Text(en="The same alarm again when it comes back within", zh="多长时间内再次出现视为同一告警"),
            help=Text(
                en="Its acknowledgement then still counts, and nobody is woken twice by something that flickers.",
                zh="此时原有确认仍然有效，避免反复波动的状况多次打扰。",
            ),
            unit="min",
            ge=0,
            le=1440,
            reload="watchdog",
        ),
    ] = 15
