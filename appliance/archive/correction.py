"""Corrects what the ledger knows of a call that is archived already: who called whom, and what its signalling said.

The audio, its file and the moment the call began stay. The record's name has the numbers in it, so a corrected record is
written under its new name before the old one goes; everything may be done twice.
"""

from datetime import datetime

import msgspec

from appliance.archive.layout import RECORD_SUFFIX, stem_of
from appliance.core.errors import Later
from appliance.core.files import Layout, fsync_directory, write_atomically
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Message, Record
from appliance.domain.call import Call, Party, Side
from appliance.settings.paths import Paths, find
from appliance.store import calls
from appliance.store.database import Database

_encoder = msgspec.json.Encoder()


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What is known better now. Moments that are None stay as they are."""

    caller: str
    callee: str
    caller_name: str = ""
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_by: Side | None = None
    messages: list[Message] = []


def corrected(record: Record, correction: Correction) -> Record | None:
    """The record with the correction; None when it changes nothing."""
    call = record.call
    better = msgspec.structs.replace(
        call,
        caller=_party(call.caller, correction.caller, correction.caller_name),
        callee=_party(call.callee, correction.callee, ""),
        ringing_at=correction.ringing_at or call.ringing_at,
        answered_at=correction.answered_at or call.answered_at,
        ended_by=correction.ended_by or call.ended_by,
    )
    messages = correction.messages or record.manifest.messages
    if better == call and messages == record.manifest.messages:
        return None
    return msgspec.structs.replace(
        record, manifest=msgspec.structs.replace(record.manifest, call=better, messages=messages)
    )


def correct(
    layout: Layout, paths: Paths, database: Database, call_id: str, correction: Correction
) -> Record | None:
    """Correct an archived call; its record as it has been written, None when there was nothing to correct.

    A recording that was deleted is left alone, one whose record is on a storage path that is not there as well.

    Raises: Later from the index or the disk
    """
    with database.write():
        old = calls.get(database, call_id, scope=EVERYTHING)
        if old is None or old.deletion is not None:
            return None
        written = find(layout, paths, _name(old.call))
        new = corrected(old, correction)
        if written is None or new is None:
            return None
        root = written.parents[_name(old.call).count("/")]
        place = root / _name(new.call)
        calls.index(database, new)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(place, _encoder.encode(new))
            if place != written:
                written.unlink(missing_ok=True)
                fsync_directory(written.parent)
        except OSError as error:
            raise Later(path=str(place), problem=error.strerror or str(error)) from error
    return new


def _name(call: Call) -> str:
    return f"{stem_of(call)}{RECORD_SUFFIX}"


def _party(party: Party, number: str, name: str) -> Party:
    if (not number or number == party.number) and (not name or name == party.display):
        return party
    return msgspec.structs.replace(
        party,
        number=number or party.number,
        number_raw=number or party.number_raw,
        display=name or party.display,
    )
