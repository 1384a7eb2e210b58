"""Names in the archive: `YYYY/MM/DD/<call_id>_<caller>_<callee>` and a suffix, all relative to the archive.

A name is made from the manifest alone, so a second attempt writes the same files. Numbers come from hostile
signalling: only harmless characters survive, and the length is bounded well below a file name's 255 bytes.
"""

import re
from datetime import UTC

from appliance.domain.call import Call

RECORD_SUFFIX = ".json"
_MAX_PARTY = 32
_MAX_ID = 64
_HARMFUL = re.compile(r"[^A-Za-z0-9+.-]+")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")


def stem_of(call: Call) -> str:
    """The path of a call's files without suffix, by the UTC date of its start."""
    day = call.started_at.astimezone(UTC)
    name = "_".join((_part(call.call_id, _MAX_ID), _party(call.caller.number), _party(call.callee.number)))
    return f"{day:%Y/%m/%d}/{name}"


def is_bundle_name(name: str) -> bool:
    """Whether a folder of the spool can be a bundle: nothing hidden, nothing that leaves the folder."""
    return _ID.fullmatch(name) is not None


def _party(number: str) -> str:
    return _part(number, _MAX_PARTY) or "unknown"


def _part(text: str, limit: int) -> str:
    return _HARMFUL.sub("-", text)[:limit].strip(".-")
