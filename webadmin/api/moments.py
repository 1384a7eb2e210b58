"""Times and time zones as parameters: times with a zone, and within what the index can hold."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text

Moment = Annotated[datetime, msgspec.Meta(tz=True)]

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
