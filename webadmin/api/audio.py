"""Recordings: played by ranges, saved under a name that says whose call it is, converted for download; waveforms."""

from pathlib import Path
from typing import Literal

import msgspec

from appliance.core.errors import ApplianceError, Later, NotFound
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.bundle import Recording
from appliance.media.convert import convert
from appliance.media.encoders import make
from appliance.settings.archive import Format
from appliance.settings.paths import Paths, absent, find
from appliance.store.calls import CallRow
from webadmin import audit
from webadmin.api.calls import row_and_record
from webadmin.files import FileAnswer, StreamAnswer
from webadmin.operation import Asked, Nothing

PEAKS_TYPE = "application/octet-stream"


class NoRecording(NotFound):
    """The call is known, but has no audio. Facts: what."""

    text = Text(en="Call {what} has no recording.", zh="通话 {what} 没有录音。")


class RecordingAway(Later):
    """The file may lie on a storage path that is not there now. Facts: what, path."""

    text = Text(
        en="The recording of call {what} is not to be found; the storage path {path} is not there.",
        zh="找不到通话 {what} 的录音；存储路径 {path} 不存在或未挂载。",
    )
    after_s = 30.0


class AudioQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`download` makes the browser save the file; another `format` than the recording's converts it."""

    download: bool = False
    format: Literal["wav_pcm", "wav_g711", "opus", "flac", "mp3"] | None = None


async def play(asked: Asked[AudioQuery, Nothing]) -> FileAnswer | StreamAnswer:
    """The audio of a call, channel 0 = caller."""
    row, record = await row_and_record(asked)
    recording = record.recording
    if recording is None:
        raise NoRecording(what=row.call_id)
    panel = asked.panel
    path = await panel.read(archived, panel.layout, panel.settings.paths, recording.file, row.call_id)
    configured = asked.panel.settings.archive.format
    wanted = asked.query.format
    if wanted is not None and wanted != recording.format:
        return await _converted(asked, recording, path, format_of(wanted, configured), row)
    encoder = make(format_of(recording.format, configured))
    if not asked.is_continued:
        action = "recording downloaded" if asked.query.download else "recording played"
        audit.note(asked, action, call=row.call_id)
    name = file_name(row, encoder.suffix) if asked.query.download else ""
    return FileAnswer(path, encoder.media_type, file_name=name, etag=recording.sha256)


async def peaks(asked: Asked[Nothing, Nothing]) -> FileAnswer:
    """The waveform of a call."""
    _, record = await row_and_record(asked)
    recording = record.recording
    if recording is None:
        raise NoRecording(what=record.call.call_id)
    panel = asked.panel
    path = await panel.read(
        archived, panel.layout, panel.settings.paths, recording.peaks_file, record.call.call_id
    )
    return FileAnswer(path, PEAKS_TYPE, etag=f"peaks-{recording.sha256}")


def archived(layout: Layout, paths: Paths, file: str, call_id: str) -> Path:
    """A file of the archive, on whichever storage path it lies.

    Raises: RecordingAway, NoRecording when there is none, or when the index names a file outside the archive
    """
    found = find(layout, paths, file)
    if found is not None:
        return found
    away = absent(layout, paths)
    if away and file:
        raise RecordingAway(what=call_id, path=", ".join(map(str, away)))
    raise NoRecording(what=call_id)


def file_name(row: CallRow, suffix: str) -> str:
    """When and who, in a form that sorts by time."""
    return f"{row.started_at:%Y-%m-%d_%H-%M-%S}_{row.caller.number}_{row.callee.number}{suffix}"


async def _converted(
    asked: Asked[AudioQuery, Nothing], recording: Recording, path: Path, wanted: Format, row: CallRow
) -> StreamAnswer:
    panel = asked.panel
    panel.conversions.enter()
    try:
        encoder, chunks = await panel.read(
            convert, path, wanted, sample_rate_hz=recording.sample_rate_hz, length_s=recording.length_s
        )
    except FileNotFoundError as error:
        panel.conversions.leave()
        raise NoRecording(what=row.call_id) from error
    except (ApplianceError, OSError):
        panel.conversions.leave()
        raise
    audit.note(asked, "recording downloaded", call=row.call_id, format=tag_of(wanted))
    name = file_name(row, encoder.suffix)
    return StreamAnswer(chunks, encoder.media_type, file_name=name, done=panel.conversions.leave)


def format_of(tag: str, configured: Format) -> Format:
    """The settings of a format: those in force where it is the archive's own, else the defaults."""
    if tag_of(configured) == tag:
        return configured
    chosen: Format = msgspec.convert({"kind": tag}, Format)
    return chosen


def tag_of(chosen: Format) -> str:
    """The name of a format, as in settings and records."""
    return str(type(chosen).__struct_config__.tag)
