"""A manifest and what was produced of it → the record of a call."""

from datetime import datetime

import msgspec

from appliance.archive.layout import stem_of
from appliance.archive.production import Production
from appliance.archive.sides import with_sides_of
from appliance.core.files import PEAKS_SUFFIX
from appliance.domain.bundle import Manifest, Record, Recording
from appliance.domain.ledger import Mark


def record_of(
    manifest: Manifest, production: Production, archived_at: datetime, *, storage: str = ""
) -> Record:
    """The record of a call whose files stand where the manifest puts them; `storage`: below which path."""
    if production.decryption is not None and production.decryption.authentic:
        manifest = msgspec.structs.replace(manifest, reason=None)  # what capture could not read was read
    if production.ended_at is not None:
        call = msgspec.structs.replace(manifest.call, ended_at=production.ended_at)
        manifest = msgspec.structs.replace(manifest, call=call)
    manifest = with_sides_of(production.tracks, manifest)
    marks = [*manifest.marks, *production.marks]
    if not manifest.complete:
        marks.append(Mark.INTERRUPTED)
    record = Record(
        manifest=manifest,
        tracks=production.tracks,
        marks=list(dict.fromkeys(marks)),
        reason=production.reason,
        quality=production.quality,
        decryption=production.decryption,
        archived_at=archived_at,
    )
    audio = production.audio
    if audio is not None:
        stem = stem_of(manifest.call)
        record.recording = Recording(
            file=stem + audio.suffix,
            format=audio.format,
            sha256=audio.sha256,
            bytes=audio.bytes,
            sample_rate_hz=audio.sample_rate_hz,
            channels=audio.channels,
            starts_at=audio.starts_at,
            length_s=audio.length_s,
            peaks_file=stem + PEAKS_SUFFIX,
            storage=storage,
        )
    return record
