"""`tapeline export`: one call's recording, converted where asked for, or its packets."""

import argparse
import shutil
from pathlib import Path
from typing import Any

import msgspec

from appliance.commands.where import existing
from appliance.core.errors import Invalid, NotFound
from appliance.core.files import MEDIA_FILE, Layout
from appliance.core.text import Text
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.domain.ledger import REASON_TEXT
from appliance.media.convert import convert_file
from appliance.media.packets import sorted_capture
from appliance.settings.archive import Format
from appliance.settings.paths import named
from appliance.settings.storage import load
from appliance.store.calls import CallFilter, find, get
from appliance.store.database import Database, open_database

FORMATS = ("source", "wav", "wav_pcm", "wav_g711", "wav_adpcm", "opus", "flac", "mp3", "pcap")

_EPILOG = """\
formats:
  source     the recording as it was archived
  wav        the recording if it is a WAV file, else 16-bit PCM WAV
  wav_pcm, wav_g711, wav_adpcm, opus, flac, mp3   converted
  pcap       the call's SIP and RTP packets, while they are kept"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.epilog = _EPILOG
    parser.add_argument("id", metavar="ID", help="our id of the call, or its SIP Call-ID")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--format", choices=FORMATS, default="source", help="what to write (source)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write it")


def execute(chosen: argparse.Namespace) -> int:
    """Write the file.

    Raises: NotFound, Invalid, BadBundle
    """
    layout = existing(chosen.data)
    database = open_database(layout)
    try:
        record = _record(database, chosen.id)
    finally:
        database.close()
    if chosen.out.is_dir() or not chosen.out.absolute().parent.is_dir():
        raise Invalid(
            field="--out", problem=Text(en="{path} cannot be written", zh="无法写入 {path}"), path=chosen.out
        )
    if chosen.format == "pcap":
        chosen.out.write_bytes(_packets(layout, record))
    else:
        _audio(layout, record, chosen.format, chosen.out)
    return 0


def _record(database: Database, name: str) -> Record:
    record = get(database, name, scope=EVERYTHING)
    if record is None:
        page = find(database, CallFilter(sip_call_id=name, page_size=1), scope=EVERYTHING)
        record = get(database, page.calls[0].call_id, scope=EVERYTHING) if page.calls else None
    if record is None:
        raise NotFound(what=f"call {name}")
    return record


def _packets(layout: Layout, record: Record) -> bytes:
    for shelf in (layout.spool_kept, layout.spool_work, layout.spool_ready, layout.spool_quarantine):
        path = shelf / record.call.call_id / MEDIA_FILE
        if path.is_file():
            return sorted_capture(path)
    raise NotFound(
        what=f"the packets of call {record.call.call_id} (kept {record.bundle_kept_until or 'no longer'})"
    )


def _audio(layout: Layout, record: Record, wanted: str, out: Path) -> None:
    recording = record.recording
    if recording is None:
        why = REASON_TEXT[record.reason].render("en") if record.reason is not None else "?"
        raise NotFound(what=f"a recording of call {record.call.call_id} ({why})")
    path = named(layout, load(layout).paths, recording.file)
    if not path.is_file():
        raise NotFound(what=str(path))
    is_wav = recording.format.startswith("wav_")
    if wanted in ("source", recording.format) or (wanted == "wav" and is_wav):
        shutil.copyfile(path, out)
        return
    kind: Any = msgspec.convert({"kind": "wav_pcm" if wanted == "wav" else wanted}, Format)
    convert_file(path, kind, out, sample_rate_hz=recording.sample_rate_hz, length_s=recording.length_s)
