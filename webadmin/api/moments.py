"""Times and time zones as parameters: times with a zone, and within what the index can hold."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Zone = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$")]
"""The name of a time zone as in Europe/Berlin, which `zone_of` finds."""

_FIRST = datetime(1971, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)


def bounded(at: datetime | None, field: str) -> datetime | None:
    """The time itself.

    Raises: Invalid when calculating with it could leave the calendar
    """
    if at is not None and not _FIRST <= at <= _LAST:
        raise Invalid(
            field=field, problem=Text(en="must lie between 1971 and 2200", zh="必须在 1971 年至 2200 年之间")
        )
    return at


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name; touches files.

    Raises: Invalid
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(field="tz", problem=Text(en="is not a known time zone", zh="不是已知的时区")) from error
