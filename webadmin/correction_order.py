"""What of past calls is to be planned, as the child process that does it is told, and what it tells in return."""

from datetime import datetime

import msgspec

from appliance.archive.corrections import Known
from webadmin.child_work import Failed

CHANGES_FILE = "changes.jsonl"
"""What would be corrected, as the archiver takes it."""
SHOWN_FILE = "shown.jsonl"
"""What the preview shows, a `CorrectionRow` a line."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of a trunk that began in a time; the data directory, and the folder to work in."""

    data: str
    folder: str
    trunk: str
    since: datetime
    until: datetime


class CorrectionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A past call before and after; `is_left`: it stays as it is, for its caller is on the other track."""

    call_id: str
    at: datetime
    channel: int
    before: Known
    after: Known
    is_left: bool


class Share(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How much is done."""

    percent: int


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How many calls the signalling knows of, how many recordings would be corrected, how many are left as they are."""

    calls: int
    changes: int
    left: int


Told = Share | Ready | Failed
