"""`tapeline import`: capture files in, recordings and ledger rows out; no broker, no daemon."""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from appliance.archive.pipeline import Archiver
from appliance.capture import recovery
from appliance.capture.bundles import sync_everything
from appliance.capture.replay import Progress, Replay, Replayed
from appliance.commands.report import CallReport, report
from appliance.core.errors import BadCapture, Broken, Later
from appliance.core.files import Layout, Lock
from appliance.domain.bundle import Manifest, Record
from appliance.settings.paths import Paths
from appliance.settings.root import Settings
from appliance.settings.storage import load
from appliance.store import calls
from appliance.store.calls import CallFilter
from appliance.store.database import Database, open_database

UNREADABLE = 2
FAILED = 1

_AT_ONCE = 64
_EVERY_S = 0.2
_EPILOG = """\
Several files are read as one capture, merged by time (a call may go on in the next file); pcap in micro-
or nanoseconds, pcapng, and either of them gzipped. Calls that are still up at the end are closed at their
last audio and marked "no_bye". A call that the directory holds already, packet for packet, is reported but
not recorded again: a capture may be imported twice. What can be read is imported, whatever else cannot.

With --json, one object per call is printed at the end, a line each: call_id (the SIP Call-ID), id (ours),
caller, callee, state (recorded, not_recorded), reason, started_at, answered_at, ended_at, duration_s,
tracks (side, codec, ssrc, packets, lost, payload_sha256), file (absolute), sha256, marks.

exit status: 0 every file was read to its end, 1 something could not be archived,
             2 wrong arguments, or a file that cannot be read or ends within a packet"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.epilog = _EPILOG
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a capture file")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="the data directory, made if missing"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per call at the end")


def execute(chosen: argparse.Namespace) -> int:
    """Read, archive, index, report.

    Raises: BadCapture, Busy, SettingsUnreadable, EngineDead
    """
    unreadable = [(path, problem) for path in chosen.files if (problem := _refusal(path))]
    refused = {path for path, _ in unreadable}
    files = [path for path in chosen.files if path not in refused]
    problems = [BadCapture(path=str(path), problem=problem).message() for path, problem in unreadable]
    stalled = None
    if files:
        layout = Layout(chosen.data.resolve()).make()
        settings = load(layout)
        meter = _Meter()
        database = open_database(layout)
        try:
            replayed = _read(files, layout, settings, partial(_known, database), meter)
            found, stalled = _archive(replayed, layout, settings, database, meter)
        finally:
            database.close()
        meter.clear()
        _write(found, replayed.known, layout, load(layout).paths, as_json=chosen.json)
        problems += [*replayed.problems, *_cut(files, replayed)]
    for problem in problems:
        sys.stderr.write(f"tapeline: {problem}\n")
    if stalled is not None:
        sys.stderr.write(f"tapeline: {stalled.message()}\n")
    if problems:
        return UNREADABLE
    return 0 if stalled is None else FAILED


def _refusal(path: Path) -> str:
    """Why a file cannot be opened, empty when it can. A pipe is not touched: it is read once."""
    if path.is_fifo() or path.is_char_device():
        return ""
    try:
        with path.open("rb"):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _cut(files: list[Path], replayed: Replayed) -> list[str]:
    """What is said of files whose last packet is not all there; what stands before it was read."""
    count = replayed.counters.get("truncated_files", 0)
    if not count:
        return []
    which = str(files[0]) if len(files) == 1 else f"{count} of {len(files)} files"
    return [f"{which}: cut off within a packet; everything before it was read"]


def _known(database: Database, manifest: Manifest) -> str | None:
    """The id under which the ledger holds this very call: the same messages and packets at the same times."""
    call = manifest.call
    rows = calls.find(database, CallFilter(sip_call_id=call.sip_call_id, started_from=call.started_at)).calls
    for row in rows:
        record = calls.get(database, row.call_id)
        if record is not None and _seen(record.manifest) == _seen(manifest):
            return row.call_id
    return None


def _seen(manifest: Manifest) -> list[object]:
    return [
        manifest.call.ended_at,
        [(message.at, message.source, message.destination, message.label) for message in manifest.messages],
        sorted((stream.source, stream.ssrc, stream.packets, stream.last_at) for stream in manifest.streams),
    ]


def _read(
    paths: list[Path],
    layout: Layout,
    settings: Settings,
    known: Callable[[Manifest], str | None],
    meter: "_Meter",
) -> Replayed:
    lock = Lock(layout.capture_lock)
    try:
        recovery.close_all(layout)
        return Replay([path.absolute() for path in paths], settings.capture, layout, known).run(meter.reading)
    finally:
        lock.close()


def _archive(
    replayed: Replayed, layout: Layout, settings: Settings, database: Database, meter: "_Meter"
) -> tuple[list[Record], Later | Broken | None]:
    """Archive everything that waits; the records of this import's calls, in the order of the calls' ends."""
    records: dict[str, Record] = {}
    archiver = Archiver(layout, settings, database, recover=recovery.rebuild)
    try:
        while done := archiver.run_pending(_AT_ONCE):
            records.update((record.call.call_id, record) for record in done)
            meter.archiving(len(records), len(replayed.call_ids) - replayed.known)
        stalled = archiver.stalled
    finally:
        archiver.close()
    sync_everything()
    # What is not among the records was known before, or another archiver took it meanwhile.
    found = [records.get(call_id) or calls.get(database, call_id) for call_id in replayed.call_ids]
    return [record for record in found if record is not None], stalled


def _write(records: list[Record], known: int, layout: Layout, paths: Paths, *, as_json: bool) -> None:
    if as_json:
        encoder = msgspec.json.Encoder()
        for record in records:
            sys.stdout.buffer.write(encoder.encode(report(record, layout, paths)) + b"\n")
        sys.stdout.buffer.flush()
        return
    recorded = sum(record.recording is not None for record in records)
    sys.stdout.write(
        f"{len(records)} calls, {recorded} recorded, {len(records) - recorded} without a recording\n"
    )
    reasons: dict[str, int] = {}
    for record in records:
        row: CallReport = report(record, layout, paths)
        if row.reason is not None:
            reasons[row.reason] = reasons.get(row.reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        sys.stdout.write(f"  {reason}: {count}\n")
    if known:
        sys.stdout.write(f"{known} of them were known before\n")


class _Meter:
    """One line of progress on a terminal; silent elsewhere."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._next_s = 0.0

    def reading(self, progress: Progress) -> None:
        self._show(
            f"reading: {progress.packets:,} packets, {progress.bytes / 1e6:,.0f} MB, {progress.calls:,} calls"
        )

    def archiving(self, done: int, total: int) -> None:
        self._show(f"archiving: {done:,} of {total:,} calls")

    def clear(self) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _show(self, text: str) -> None:
        if self._is_shown and time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + _EVERY_S
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
