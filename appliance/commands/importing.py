"""`tapeline import`: capture files in, recordings and ledger rows out; no broker, no daemon."""

import argparse
import sys
import time
from pathlib import Path

import msgspec

from appliance.archive.pipeline import Archiver
from appliance.capture import recovery
from appliance.capture.bundles import sync_everything
from appliance.capture.replay import Progress, Replay, Replayed
from appliance.commands.report import CallReport, report
from appliance.core.errors import BadCapture, Broken, Later
from appliance.core.files import Layout, Lock
from appliance.domain.bundle import Record
from appliance.settings.root import Settings
from appliance.settings.storage import load
from appliance.store import calls
from appliance.store.database import Database, open_database

UNREADABLE = 2
FAILED = 1

_AT_ONCE = 64
_EVERY_S = 0.2
_EPILOG = """\
Several files are read as one capture, merged by time (a call may go on in the next file); pcap in micro-
or nanoseconds, pcapng, and either of them gzipped. Calls that are still up at the end are closed at their
last audio and marked "no_bye".

With --json, one object per call is printed at the end, a line each: call_id (the SIP Call-ID), id (ours),
caller, callee, state (recorded, not_recorded), reason, started_at, answered_at, ended_at, duration_s,
tracks (side, codec, ssrc, packets, lost, payload_sha256), file (absolute), sha256, marks.

exit status: 0 every file was read to its end, 1 something could not be archived,
             2 wrong arguments or a file that cannot be read"""


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
    for path in chosen.files:
        _check(path)
    layout = Layout(chosen.data.absolute()).make()
    settings = load(layout)
    meter = _Meter()
    replayed = _read(chosen.files, layout, settings, meter)
    found, stalled = _archive(replayed, layout, settings, meter)
    meter.clear()
    _write(found, layout, as_json=chosen.json)
    for problem in replayed.problems:
        sys.stderr.write(f"tapeline: {problem}\n")
    if replayed.problems:
        return UNREADABLE
    if stalled is not None:
        sys.stderr.write(f"tapeline: {stalled.message()}\n")
        return FAILED
    return 0


def _check(path: Path) -> None:
    """Complain about what cannot be opened before anything is done.

    Raises: BadCapture
    """
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise BadCapture(path=str(path), problem=error.strerror or str(error)) from error


def _read(paths: list[Path], layout: Layout, settings: Settings, meter: "_Meter") -> Replayed:
    lock = Lock(layout.capture_lock)
    try:
        recovery.close_all(layout)
        return Replay([path.absolute() for path in paths], settings.capture, layout).run(meter.reading)
    finally:
        lock.close()


def _archive(
    replayed: Replayed, layout: Layout, settings: Settings, meter: "_Meter"
) -> tuple[list[Record], Later | Broken | None]:
    """Archive everything that waits; the records of this import's calls, in the order of the calls' ends."""
    database = open_database(layout)
    records: dict[str, Record] = {}
    try:
        archiver = Archiver(layout, settings, database, recover=recovery.rebuild)
        try:
            while done := archiver.run_pending(_AT_ONCE):
                records.update((record.call.call_id, record) for record in done)
                meter.archiving(len(records), len(replayed.call_ids))
            stalled = archiver.stalled
        finally:
            archiver.close()
        sync_everything()
        found = [records.get(call_id) or _indexed(database, call_id) for call_id in replayed.call_ids]
    finally:
        database.close()
    return [record for record in found if record is not None], stalled


def _indexed(database: Database, call_id: str) -> Record | None:
    """A call that another archiver took meanwhile."""
    return calls.get(database, call_id)


def _write(records: list[Record], layout: Layout, *, as_json: bool) -> None:
    if as_json:
        encoder = msgspec.json.Encoder()
        for record in records:
            sys.stdout.buffer.write(encoder.encode(report(record, layout)) + b"\n")
        sys.stdout.buffer.flush()
        return
    recorded = sum(record.recording is not None for record in records)
    sys.stdout.write(
        f"{len(records)} calls, {recorded} recorded, {len(records) - recorded} without a recording\n"
    )
    reasons: dict[str, int] = {}
    for record in records:
        row: CallReport = report(record, layout)
        if row.reason is not None:
            reasons[row.reason] = reasons.get(row.reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        sys.stdout.write(f"  {reason}: {count}\n")


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
