"""Recordings: played by ranges, saved under a name that says whose call it is, converted for download; waveforms."""

from pathlib import Path
from typing import Literal

import msgspec

from appliance.core.errors import NotFound
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.store.calls import CallRow
from webadmin import audit
from webadmin.api.calls import row_and_record, row_of
from webadmin.files import FileAnswer
from webadmin.operation import Asked, Nothing

PEAKS_TYPE = "application/octet-stream"

SAVED_AS: dict[str, tuple[str, str]] = {
    "wav_g711": ("audio/wav", "wav"),
    "wav_pcm": ("audio/wav", "wav"),
    "wav_adpcm": ("audio/wav", "wav"),
    "opus": ("audio/ogg", "opus"),
    "flac": ("audio/flac", "flac"),
    "mp3": ("audio/mpeg", "mp3"),
}
"""Format -> media type (RFC 2361, 7845, 9639, 3003) and the suffix people know."""


class NoRecording(NotFound):
    """The call is known, but has no audio. Facts: what."""

    text = Text(en="Call {what} has no recording.", zh="通话 {what} 没有录音。")


class AudioQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`download` makes the browser save the file; another `format` than the recording's converts it."""

    download: bool = False
    format: Literal["wav_pcm", "wav_g711", "opus", "flac", "mp3"] | None = None


async def play(asked: Asked[AudioQuery, Nothing]) -> FileAnswer:
    """The audio of a call, channel 0 = caller."""
    row = await row_of(asked)
    path = archived(asked.panel.layout, row.file, row.call_id)
    wanted = asked.query.format
    if wanted is not None and wanted != row.format:
        return await _converted(asked, row, path, wanted)
    media_type, suffix = SAVED_AS.get(row.format, ("application/octet-stream", row.format))
    audit.note(
        asked, "recording downloaded" if asked.query.download else "recording played", call=row.call_id
    )
    name = file_name(row, suffix) if asked.query.download else ""
    return FileAnswer(path, media_type, file_name=name, etag=row.sha256)


async def peaks(asked: Asked[Nothing, Nothing]) -> FileAnswer:
    """The waveform of a call."""
    _, record = await row_and_record(asked)
    recording = record.recording
    if recording is None:
        raise NoRecording(what=record.call.call_id)
    path = archived(asked.panel.layout, recording.peaks_file, record.call.call_id)
    return FileAnswer(path, PEAKS_TYPE, etag=f"peaks-{recording.sha256}")


def archived(layout: Layout, file: str, call_id: str) -> Path:
    """A file of the archive.

    Raises: NoRecording when there is none, or when the index names a file outside the archive
    """
    path = layout.archive / file
    if not file or not path.resolve().is_relative_to(layout.archive.resolve()):
        raise NoRecording(what=call_id)
    return path


def file_name(row: CallRow, suffix: str) -> str:
    """When and who, in a form that sorts by time."""
    return f"{row.started_at:%Y-%m-%d_%H-%M-%S}_{row.caller.number}_{row.callee.number}.{suffix}"


async def _converted(asked: Asked[AudioQuery, Nothing], row: CallRow, path: Path, wanted: str) -> FileAnswer:
    raise NoRecording(what=row.call_id)
