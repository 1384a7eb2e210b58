"""Which calls are asked for: every filter there is, whether it came from a form, an address or a line of words."""

from datetime import datetime
from enum import StrEnum

import msgspec

from appliance.core.text import Text
from appliance.domain.call import DataType, Direction
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import Verdict


class Match(StrEnum):
    """How a number is compared; a pattern has `*` for anything and `?` for one sign."""

    PREFIX = "prefix"
    SUFFIX = "suffix"
    CONTAINS = "contains"
    EXACT = "exact"
    PATTERN = "pattern"


class Sort(StrEnum):
    """Order of the list; ties in the order they were indexed. By quality stand only calls that have one.

    By number only short lists can be put in order: `TooManyToSort` says so of longer ones.
    """

    NEWEST = "-started_at"
    OLDEST = "started_at"
    LONGEST = "-duration"
    SHORTEST = "duration"
    BEST = "-mos"
    WORST = "mos"
    CALLER = "caller"
    CALLER_BACK = "-caller"
    CALLEE = "callee"
    CALLEE_BACK = "-callee"


class CallType(StrEnum):
    """What a call was for the firm; a missed one came in and nobody answered, an automatic one had no signalling."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    MISSED = "missed"
    INTERNAL = "internal"
    AUTOMATIC = "automatic"


CALL_TYPE_TEXT: dict[CallType, Text] = {
    CallType.INCOMING: Text(en="Incoming", zh="呼入"),
    CallType.OUTGOING: Text(en="Outgoing", zh="呼出"),
    CallType.MISSED: Text(en="Missed", zh="未接"),
    CallType.INTERNAL: Text(en="Internal", zh="内部"),
    CallType.AUTOMATIC: Text(en="Automatic", zh="自动录音"),
}


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls; everything given must hold.

    `started_from` is inclusive, `started_until` exclusive; `number` is either party, `extension` either party exactly;
    `name`, `company` and `department` (an id, with all below it) are those that the directory knows of either party.
    `reviewed` is what the person with the id `reader` has noted.
    `as_masked`: numbers are compared in the form that is shown to people who see them in part only, so that nobody can
    try out the hidden digits; a number typed in full finds all that look like it.
    Units: talk seconds
    """

    started_from: datetime | None = None
    started_until: datetime | None = None
    number: str = ""
    caller: str = ""
    callee: str = ""
    match: Match = Match.CONTAINS
    extension: str = ""
    name: str = ""
    company: str = ""
    department: int | None = None
    data_type: DataType | None = None
    call_type: CallType | None = None
    conference: bool | None = None
    encrypted: bool | None = None
    direction: Direction | None = None
    recorded: bool | None = None
    reason: Reason | None = None
    mark: Mark | None = None
    codec: str = ""
    trunk: str = ""
    tag: str = ""
    note: str = ""
    reviewed: bool | None = None
    reader: int = 0
    without_number: str = ""
    without_mark: Mark | None = None
    without_reason: Reason | None = None
    without_tag: str = ""
    min_s: float | None = None
    max_s: float | None = None
    max_mos: float | None = None
    verdict: Verdict | None = None
    interaction_id: str = ""
    sip_call_id: str = ""
    sort: Sort = Sort.NEWEST
    page: int = 1
    page_size: int = 25
    as_masked: bool = False
