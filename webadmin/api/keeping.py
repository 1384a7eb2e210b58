"""Whether a recording stays: legal holds, deletion in two steps, and the proof that a file is what it was."""

import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.store import holds
from appliance.store.calls import CallRow
from appliance.store.holds import AlreadyDeleted, Held, Wish
from webadmin import audit
from webadmin.api.annotations import AnnotationsView, view
from webadmin.api.audio import NoRecording, archived
from webadmin.api.calls import row_and_record, row_of
from webadmin.operation import Asked, Nothing

WhyText = Annotated[str, msgspec.Meta(max_length=500)]


class HoldWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the call must be kept."""

    reason: WhyText


class DeletionWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the recording is to be deleted; the second step carries the `confirmation` of the first."""

    reason: WhyText
    confirmation: Annotated[str, msgspec.Meta(max_length=128)] = ""


class DeletionStep(msgspec.Struct, frozen=True, kw_only=True):
    """The first step answers with a `confirmation`, the second with `asked`: the archiver deletes within seconds."""

    confirmation: str
    asked: bool
    file: str
    bytes: int
    length_s: float


class FileEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """The file as it is now against what the record says of it. `signature`: "" as long as records are not signed."""

    algorithm: str
    expected: str
    found: str
    matches: bool
    file: str
    bytes: int
    found_bytes: int
    archived_at: datetime | None
    checked_at: datetime
    signature: str


async def hold(asked: Asked[Nothing, HoldWish]) -> AnnotationsView:
    """Put a call under a legal hold: nothing can delete it until the hold is lifted."""
    row = await row_of(asked)
    reason, author = _reason(asked.body.reason), _name(asked)
    await asked.panel.ask(holds.hold, row.call_id, reason, author, asked.panel.now())
    audit.note(asked, "hold set", call=row.call_id, why=reason)
    return await view(asked)


async def lift(asked: Asked[Nothing, Nothing]) -> AnnotationsView:
    """Lift the legal hold of a call."""
    row = await row_of(asked)
    await asked.panel.ask(holds.lift, row.call_id, _name(asked), asked.panel.now())
    audit.note(asked, "hold lifted", call=row.call_id)
    return await view(asked)


async def delete(asked: Asked[Nothing, DeletionWish]) -> DeletionStep:
    """Delete a recording, in two steps; the call stays in the ledger with who and why."""
    row = await row_of(asked)
    reason = _reason(asked.body.reason)
    if not row.recorded:
        wish = await asked.panel.ask(holds.wish_of, row.call_id)
        raise AlreadyDeleted(what=row.call_id) if wish else NoRecording(what=row.call_id)
    protection = await asked.panel.ask(holds.in_force, row.call_id)
    if protection is not None:
        audit.note(asked, "deletion refused", call=row.call_id, why=reason)
        raise Held(what=row.call_id, reason=protection.reason, author=protection.author)
    expected = _confirmation(asked, row, reason)
    given = asked.body.confirmation
    if not given:
        return _step(row, confirmation=expected, asked=False)
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise Invalid(
            field="confirmation", problem=Text(en="is not that of this deletion", zh="与本次删除不符")
        )
    wish = Wish(row.call_id, reason, _name(asked), asked.panel.now())
    await asked.panel.ask(holds.ask_deletion, wish)
    audit.note(asked, "deletion asked", call=row.call_id, why=reason)
    return _step(row, confirmation="", asked=True)


async def evidence(asked: Asked[Nothing, Nothing]) -> FileEvidence:
    """The recording's SHA-256, computed now, beside the one of the record."""
    row, record = await row_and_record(asked)
    recording = record.recording
    if recording is None:
        raise NoRecording(what=row.call_id)
    panel = asked.panel
    path = await panel.read(archived, panel.layout, panel.settings.paths, recording.file, row.call_id)
    try:
        found, size_bytes = await asked.panel.work(_hash, path)
    except FileNotFoundError:
        found, size_bytes = "", 0
    audit.note(asked, "recording verified", call=row.call_id, matches=str(found == recording.sha256))
    return FileEvidence(
        algorithm="SHA-256",
        expected=recording.sha256,
        found=found,
        matches=found == recording.sha256,
        file=recording.file,
        bytes=recording.bytes,
        found_bytes=size_bytes,
        archived_at=record.archived_at,
        checked_at=asked.panel.now(),
        signature="",
    )


def _confirmation(asked: Asked[Nothing, DeletionWish], row: CallRow, reason: str) -> str:
    """Follows from the session, the call, its file and the reason: nothing needs to be stored between the steps."""
    said = f"delete\n{row.call_id}\n{row.sha256}\n{reason}"
    return hmac.new(asked.visitor.csrf_token.encode(), said.encode(), hashlib.sha256).hexdigest()


def _step(row: CallRow, *, confirmation: str, asked: bool) -> DeletionStep:
    return DeletionStep(
        confirmation=confirmation, asked=asked, file=row.file, bytes=row.bytes, length_s=row.length_s
    )


def _hash(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _reason(reason: str) -> str:
    if len(reason.strip()) < 3:
        raise Invalid(field="reason", problem=Text(en="must say why", zh="须填写原因"))
    return reason.strip()


def _name(asked: Asked[Nothing, HoldWish] | Asked[Nothing, Nothing] | Asked[Nothing, DeletionWish]) -> str:
    person = asked.visitor.actor
    return person.name if person else ""
