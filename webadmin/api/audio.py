"""Recordings: played by ranges, saved under a name that says whose call it is, converted for download; waveforms."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from appliance.core.errors import ApplianceError, Invalid, Later, NotFound
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.bundle import Recording
from appliance.domain.roles import Permission
from appliance.media.convert import Region, convert
from appliance.media.encoders import make
from appliance.media.excerpt import Excerpt, excerpt, sound_of
from appliance.media.peaks import write_window
from appliance.settings.archive import Format
from appliance.settings.paths import Paths, absent, find
from webadmin import audit
from webadmin.api.calls import row_and_record
from webadmin.api.zones import ZoneName, zone_of
from webadmin.export_names import name_of
from webadmin.files import Answer, BytesAnswer, FileAnswer, RangedAnswer, StreamAnswer
from webadmin.operation import Asked, Nothing
from webadmin.panel import Panel

PEAKS_TYPE = "application/octet-stream"


class NoRecording(NotFound):
    """The call is known, but has no audio. Facts: what."""

    text = Text(en="Call {what} has no recording.", zh="通话 {what} 没有录音。")


Wanted = Literal["wav_pcm", "wav_g711", "opus", "flac", "mp3"]
Place = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]
MAX_WINDOW_S = 120.0


class RecordingAway(Later):
    """The file may lie on a storage path that is not there now. Facts: what, path."""

    text = Text(
        en="The recording of call {what} is not to be found; the storage path {path} is not there.",
        zh="找不到通话 {what} 的录音；存储路径 {path} 不存在或未挂载。",
    )
    after_s = 30.0


_FOR_PLAYERS = (None, "wav_pcm")
"""What a page needs in order to play a recording; to have other formats made is saving it."""


class AudioQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`download` makes the browser save the file; another `format` than the recording's converts it.

    Units: `from` and `to` are seconds of the recording; one that is left out is its beginning or end
    """

    download: bool = False
    format: Wanted | None = None
    from_s: Place | None = msgspec.field(name="from", default=None)
    to_s: Place | None = msgspec.field(name="to", default=None)
    tz: ZoneName | None = None


class PeaksQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both times for a finer waveform of at most two minutes, with `peaks` columns; without them the whole one."""

    from_s: Place | None = msgspec.field(name="from", default=None)
    to_s: Place | None = msgspec.field(name="to", default=None)
    peaks: Annotated[int, msgspec.Meta(ge=16, le=8000)] = 2000


async def play(asked: Asked[AudioQuery, Nothing]) -> Answer:
    """The audio of a call or of a region of it, channel 0 = caller."""
    row, record = await row_and_record(asked)
    recording = record.recording
    if recording is None:
        raise NoRecording(what=row.call_id)
    query = asked.query
    may_save = asked.visitor.may(Permission.DOWNLOAD)
    if query.download or query.format not in _FOR_PLAYERS:
        asked.visitor.demand(Permission.DOWNLOAD)
    region = region_of(query.from_s, query.to_s, recording.length_s)
    if not asked.is_continued:
        facts = {} if region is None else {"from_s": region.start_s, "to_s": region.stop_s}
        action = "recording downloaded" if query.download else "recording played"
        audit.note(asked, action, call=row.call_id, format=query.format or recording.format, **facts)
    name = ""
    if query.download or (query.format and may_save):
        zone = await asked.panel.read(zone_of, query.tz or asked.panel.settings.time.zone)
        template = asked.panel.settings.web.download_name
        name = name_of(asked.visitor.row(row), template, zone, asked.language) + _part(region)
    return await sound(asked.panel, recording, row.call_id, wanted=query.format, region=region, name=name)


async def sound(
    panel: Panel,
    recording: Recording,
    call_id: str,
    *,
    wanted: Wanted | None,
    region: Region | None,
    name: str,
) -> Answer:
    """A recording or a region of it as an answer; `name` without suffix makes the browser save it.

    Whatever is WAV can be entered anywhere, so that a player may jump; compressed formats are sent as they are made.
    Raises: NoRecording, Busy, BadBundle
    """
    path = await panel.read(archived, panel.layout, panel.settings.paths, recording.file, call_id)
    configured = panel.settings.archive.format
    tag = wanted or recording.format
    if region is None and tag == recording.format:
        encoder = make(format_of(tag, configured))
        saved = f"{name}{encoder.suffix}" if name else ""
        return FileAnswer(path, encoder.media_type, file_name=saved, etag=recording.sha256)
    if tag == "wav_pcm" or (tag == "wav_g711" and recording.format == tag):
        found = await _entered(panel, path, region, call_id, linear=tag == "wav_pcm")
        if found is not None:
            etag = f"{recording.sha256}-{tag}" + (f"-{region.start_s}-{region.stop_s}" if region else "")
            saved = f"{name}{Path(recording.file).suffix}" if name else ""
            return RangedAnswer(found, found.media_type, file_name=saved, etag=etag)
    panel.conversions.enter()
    try:
        encoder, chunks = await panel.read(
            convert,
            path,
            format_of(tag, configured),
            sample_rate_hz=recording.sample_rate_hz,
            length_s=recording.length_s,
            region=region,
        )
    except FileNotFoundError as error:
        panel.conversions.leave()
        raise NoRecording(what=call_id) from error
    except (ApplianceError, OSError):
        panel.conversions.leave()
        raise
    saved = f"{name}{encoder.suffix}" if name else ""
    return StreamAnswer(chunks, encoder.media_type, file_name=saved, done=panel.conversions.leave)


async def peaks(asked: Asked[PeaksQuery, Nothing]) -> FileAnswer | BytesAnswer:
    """The waveform of a call, or a finer one of a short window of it."""
    _, record = await row_and_record(asked)
    recording = record.recording
    if recording is None:
        raise NoRecording(what=record.call.call_id)
    query = asked.query
    region = region_of(query.from_s, query.to_s, recording.length_s)
    return await waves(asked.panel, recording, record.call.call_id, region=region, columns=query.peaks)


async def waves(
    panel: Panel,
    recording: Recording,
    call_id: str,
    *,
    region: Region | None,
    columns: int,
    longest_s: float = MAX_WINDOW_S,
) -> FileAnswer | BytesAnswer:
    """The peaks of a recording as an answer.

    Raises: NoRecording, Invalid for a window that is too long
    """
    if region is None:
        path = await panel.read(archived, panel.layout, panel.settings.paths, recording.peaks_file, call_id)
        return FileAnswer(path, PEAKS_TYPE, etag=f"peaks-{recording.sha256}")
    if region.stop_s - region.start_s > longest_s:
        raise Invalid(
            field="to",
            problem=Text(en="must be at most two minutes after “from”", zh="与起点相距不得超过两分钟"),
        )
    path = await panel.read(archived, panel.layout, panel.settings.paths, recording.file, call_id)
    try:
        content = await panel.work(
            _window, path, region, recording.sample_rate_hz, recording.length_s, columns
        )
    except FileNotFoundError as error:
        raise NoRecording(what=call_id) from error
    etag = f"peaks-{recording.sha256}-{region.start_s}-{region.stop_s}-{columns}"
    return BytesAnswer(content, PEAKS_TYPE, etag=etag)


def region_of(from_s: float | None, to_s: float | None, length_s: float) -> Region | None:
    """The region that is asked for, None for the whole.

    Raises: Invalid when nothing of the recording is in it
    """
    if from_s is None and to_s is None:
        return None
    region = Region(from_s or 0.0, length_s if to_s is None else min(to_s, length_s))
    if region.stop_s <= region.start_s:
        field = "from" if region.start_s >= length_s else "to"
        raise Invalid(field=field, problem=Text(en="is outside the recording", zh="超出录音范围"))
    return region


async def _entered(
    panel: Panel, path: Path, region: Region | None, call_id: str, *, linear: bool
) -> Excerpt | None:
    try:
        return await panel.read(excerpt, path, region, linear=linear)
    except FileNotFoundError as error:
        raise NoRecording(what=call_id) from error


def _window(path: Path, region: Region, sample_rate_hz: int, length_s: float, columns: int) -> bytes:
    return write_window(sound_of(path, region, sample_rate_hz=sample_rate_hz, length_s=length_s), columns)


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


def _part(region: Region | None) -> str:
    """Which seconds a file holds, behind its name."""
    return "" if region is None else f"_{region.start_s:.1f}-{region.stop_s:.1f}s"


def format_of(tag: str, configured: Format) -> Format:
    """The settings of a format: those in force where it is the archive's own, else the defaults."""
    if tag_of(configured) == tag:
        return configured
    chosen: Format = msgspec.convert({"kind": tag}, Format)
    return chosen


def tag_of(chosen: Format) -> str:
    """The name of a format, as in settings and records."""
    return str(type(chosen).__struct_config__.tag)
