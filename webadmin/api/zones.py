"""Time zones as parameters, by their IANA names."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text

ZoneName = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$")]


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name as in Europe/Berlin; touches files.

    Raises: Invalid
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(field="tz", problem=Text(en="is not a known time zone", zh="不是已知的时区")) from error
