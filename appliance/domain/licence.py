"""Licences: what a vendor allows a box to record at once, per technology, and what becomes of each file. Pure.

A build without a vendor's key has no limit at all; with one, what the good files of this box name adds up.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from appliance.core.text import Text
from appliance.domain.call import DataType

ANY_DEVICE = "any"
"""A licence for whatever box, as for a fair or a trial."""

SOON = timedelta(days=30)
MOST_CHANNELS = 1_000_000

Serial = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{3,39}$")]
Device = Annotated[str, msgspec.Meta(pattern=r"^(any|TL(-[A-Z2-7]{4}){4})$")]


class LicenceState(StrEnum):
    """What is to be thought of one licence file."""

    GOOD = "good"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    FORGED = "forged"
    DAMAGED = "damaged"


LICENCE_STATE_TEXT: dict[LicenceState, Text] = {
    LicenceState.GOOD: Text(en="In force", zh="已授权"),
    LicenceState.EXPIRED: Text(en="Expired", zh="已过期"),
    LicenceState.FOREIGN: Text(en="For another device", zh="属于其他设备"),
    LicenceState.FORGED: Text(en="Not signed by the vendor", zh="非厂商签名"),
    LicenceState.DAMAGED: Text(en="Damaged", zh="文件已损坏"),
}


class Licence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the vendor signed. It holds to the end of `expires_on` (UTC), for ever without one."""

    serial: Serial
    customer: Annotated[str, msgspec.Meta(max_length=200)]
    device: Device
    issued_on: date
    expires_on: date | None = None
    channels: dict[DataType, Annotated[int, msgspec.Meta(ge=0, le=MOST_CHANNELS)]]


class Judged(NamedTuple):
    """One licence file of the box; `licence` is what it says, None when that cannot be believed or read."""

    name: str
    state: LicenceState
    licence: Licence | None = None


class Licensed(NamedTuple):
    """What a box may do. `limits` is None without a limit, as in a build without a vendor's key."""

    files: tuple[Judged, ...]
    limits: Mapping[DataType, int] | None

    def limit(self, technology: DataType) -> int | None:
        """Calls of this technology that may be recorded at once, None without a limit."""
        return None if self.limits is None else self.limits.get(technology, 0)

    def ends_on(self) -> date | None:
        """The first day on which a licence in force ends, None when none does."""
        ends = [
            one.licence.expires_on for one in self.files if one.state is LicenceState.GOOD and one.licence
        ]
        return min((end for end in ends if end is not None), default=None)


UNLIMITED = Licensed((), None)


def state_of(licence: Licence, device: str, today: date) -> LicenceState:
    """What a licence that the vendor signed means to this device on this day."""
    if licence.device not in (ANY_DEVICE, device):
        return LicenceState.FOREIGN
    if licence.expires_on is not None and today > licence.expires_on:
        return LicenceState.EXPIRED
    return LicenceState.GOOD


def together(files: Iterable[Judged]) -> Licensed:
    """What these files allow; the same licence twice counts once."""
    found = tuple(files)
    good = {
        one.licence.serial: one.licence
        for one in found
        if one.state is LicenceState.GOOD and one.licence is not None
    }
    limits = dict.fromkeys(DataType, 0)
    for licence in good.values():
        for technology, channels in licence.channels.items():
            limits[technology] += channels
    return Licensed(found, limits)
