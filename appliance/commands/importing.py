"""`tapeline import`: capture files in, recordings and ledger rows out; no broker, no daemon."""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec

from appliance.archive.direct import Direct
from appliance.archive.pipeline import Archiver
from appliance.archive.shelves import Shelves
from appliance.capture import recovery
from appliance.capture.bundles import sync_everything
from appliance.capture.replay import Progress, Replay, Replayed
from appliance.commands.report import report
from appliance.core.clock import SystemClock
from appliance.core.errors import BadCapture, Broken, Busy, Later
from appliance.core.files import Layout, Lock
from appliance.core.garbage import collect_rarely
from appliance.domain.access import EVERYTHING
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
last audio and marked "no_bye". Their packets stay in the files: with --keep-packets a copy of each call's is
kept in the directory, too, for as long as the settings say. A call that the directory holds already, packet for packet, is reported but
not recorded again: a capture may be imported twice, and after a crash again. What can be read is imported, whatever else cannot.

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
    parser.add_argument("--keep-packets", action="store_true", help="keep each call's packets as well")
    parser.add_argument("--json", action="store_true", help="print one JSON object per call at the end")


def execute(chosen: argparse.Namespace) -> int:
    """Read, archive, index, report.

    Raises: BadCapture, Busy, SettingsUnreadable, EngineDead
    """
    collect_rarely()
    unreadable = [(path, problem) for path in chosen.files if (problem := _refusal(path))]
    refused = {path for path, _ in unreadable}
    files = [path for path in chosen.files if path not in refused]
    problems = [BadCapture(path=str(path), problem=problem).message() for path, problem in unreadable]
    stalled = None
    if files:
        layout = Layout(chosen.data.resolve()).make()
        settings = load(layout)
        if not chosen.keep_packets:
            archive = msgspec.structs.replace(settings.archive, keep_bundle_h=0)
            settings = msgspec.structs.replace(settings, archive=archive)
        meter = _Meter()
        with closing(open_database(layout)) as database:
            run = _Run(layout, settings, database, meter, is_kept=chosen.keep_packets)
            with closing(run):
                replayed = run.read(files)
                found, stalled = run.archive(replayed)
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
    rows = calls.find(
        database, CallFilter(sip_call_id=call.sip_call_id, started_from=call.started_at), scope=EVERYTHING
    ).calls
    for row in rows:
        record = calls.get(database, row.call_id, scope=EVERYTHING)
        if record is not None and _seen(record.manifest) == _seen(manifest):
            return row.call_id
    return None


def _seen(manifest: Manifest) -> list[object]:
    """Without the end of the call: the archive puts it right where the clock was set, and the last message tells it."""
    return [
        [(message.at, message.source, message.destination, message.label) for message in manifest.messages],
        sorted((stream.source, stream.ssrc, stream.packets, stream.last_at) for stream in manifest.streams),
    ]


class _Run:
    """One import, alone with the data directory. Raises: Busy."""

    def __init__(
        self, layout: Layout, settings: Settings, database: Database, meter: "_Meter", *, is_kept: bool
    ) -> None:
        self._layout = layout
        self._settings = settings
        self._database = database
        self._meter = meter
        self._is_kept = is_kept
        self._records: dict[str, Record] = {}
        self._lock = Lock(layout.capture_lock)
        try:
            clock = SystemClock()
            shelves = Shelves(layout, settings.paths, clock)
            self._archiver = Archiver(
                layout, settings, database, recover=recovery.rebuild, clock=clock, shelves=shelves
            )
        except Busy:
            self._lock.close()
            raise
        self._direct = Direct(layout, settings, database, shelves, clock, self._indexed)

    def close(self) -> None:
        """Let others work here."""
        self._archiver.close()
        self._lock.close()

    def read(self, paths: list[Path]) -> Replayed:
        """Read everything, and archive at once what needs no bundle.

        What an earlier import left half done comes first, so that its calls are known when they are read again.
        """
        recovery.close_all(self._layout)
        while self._archiver.run_pending(_AT_ONCE):
            pass
        is_first = calls.is_empty(self._database)
        replay = Replay(
            [path.absolute() for path in paths],
            self._settings.capture,
            self._layout,
            known=(lambda _: None) if is_first else partial(_known, self._database),
            direct=(lambda *_: False) if self._is_kept else self._direct.take,
            is_taken=(lambda _: False) if is_first else self._is_taken,
        )
        return replay.run(self._meter.reading)

    def archive(self, replayed: Replayed) -> tuple[list[Record], Later | Broken | None]:
        """Archive everything that waits; the records of this import's calls, in the order of the calls' ends."""
        self._direct.flush()
        while done := self._archiver.run_pending(_AT_ONCE):
            self._indexed(done)
            self._meter.archiving(len(self._records), len(replayed.call_ids) - replayed.known)
        sync_everything()
        # What is not among the records was known before.
        found = [
            self._records.get(call_id) or calls.get(self._database, call_id, scope=EVERYTHING)
            for call_id in replayed.call_ids
        ]
        return [record for record in found if record is not None], self._archiver.stalled

    def _indexed(self, records: Sequence[Record]) -> None:
        self._records.update((record.call.call_id, record) for record in records)

    def _is_taken(self, call_id: str) -> bool:
        return calls.row(self._database, call_id, scope=EVERYTHING) is not None


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
        if record.reason is not None:
            reasons[record.reason.value] = reasons.get(record.reason.value, 0) + 1
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
