"""`tapeline trunks`: the kept signalling of trunks is understood anew, and past calls get what it says."""

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.archive.correction import Correction, correct, corrected
from appliance.boards.signalling.kept import PastCall, Place, channels_of, match, reread
from appliance.commands.calls import moment
from appliance.commands.where import become_owner, existing
from appliance.core.clock import from_ns, to_ns
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.domain.call import DataType, Side
from appliance.settings import trunks
from appliance.settings.root import Settings
from appliance.settings.storage import load
from appliance.store.calls import get
from appliance.store.database import Database, open_database
from appliance.store.walk import walk
from appliance.store.wanted import CallFilter

_MOST_MESSAGES = 500
_LONGEST = timedelta(hours=4)
_EPILOG = """\
After the settings of a trunk were corrected (point codes, circuit codes, prefixes, register signals), the calls of the time
between --from and --to are read again from the raw signalling that was kept, and each is matched with its recording by
channel and time. Without --yes it is only told what would change. Audio and times of beginning never change.
TIME is a date (2026-11-21), or a date and time (2026-11-21T14:05, local unless it names a zone)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.epilog = _EPILOG
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--trunk", default="", metavar="NAME", help="only this trunk (all)")
    parser.add_argument(
        "--from", dest="begin", metavar="TIME", required=True, help="calls that began then or later"
    )
    parser.add_argument("--to", dest="end", metavar="TIME", help="calls that began before (now)")
    parser.add_argument("--yes", action="store_true", help="correct the calls")


def execute(chosen: argparse.Namespace) -> int:
    """Read, match, tell, correct.

    Raises: NotFound, Invalid, Later
    """
    layout = existing(chosen.data)
    become_owner(layout)
    settings = load(layout)
    begin = moment("--from", chosen.begin, end_of_day=False)
    end = moment("--to", chosen.end, end_of_day=True) if chosen.end else datetime.now(UTC)
    total = changed = 0
    with closing(open_database(layout)) as database:
        for trunk in settings.boards.trunks:
            if chosen.trunk in ("", trunk.name):
                found = _of_trunk(layout, settings, database, trunk, begin, end, is_meant=chosen.yes)
                total, changed = total + found[0], changed + found[1]
    sys.stdout.write(
        f"{total} calls, {changed} {'corrected' if chosen.yes else 'would be corrected (--yes)'}\n"
    )
    return 0


def _of_trunk(
    layout: Layout,
    settings: Settings,
    database: Database,
    trunk: trunks.Trunk,
    begin: datetime,
    end: datetime,
    *,
    is_meant: bool,
) -> tuple[int, int]:
    """How many calls the signalling knows of, and how many recordings know less."""
    past = reread(layout.signalling, trunk, to_ns(begin), to_ns(end))
    places = channels_of(layout.signalling, trunk)
    changed = 0
    # A recording that voice began is shorter than its call, and may begin well after it.
    wanted = CallFilter(data_type=DataType.E1, started_from=begin, started_until=end + _LONGEST)
    for row, _ in walk(database, wanted, None, EVERYTHING):
        record = get(database, row.call_id, scope=EVERYTHING)
        call = _call_of(record, places, past) if record is not None else None
        correction = _correction(record, call, places) if record is not None and call is not None else None
        if record is None or correction is None:
            continue
        better = corrected(record, correction)
        if better is None:
            continue
        if is_meant and not correct(layout, settings.paths, database, row.call_id, correction):
            continue
        changed += 1
        sys.stdout.write(f"{row.call_id}  {_parties(record)}  =>  {_parties(better)}\n")
    return len(past), changed


def _call_of(record: Record, places: dict[int, Place], past: list[PastCall]) -> PastCall | None:
    """The call on the circuit of a recording's channel, at its time."""
    place = next((places[line.channel] for line in record.manifest.lines if line.channel in places), None)
    if place is None:
        return None
    begun_ns = to_ns(record.call.started_at)
    ended_ns = to_ns(record.call.ended_at) if record.call.ended_at is not None else begun_ns
    return match(past, "", place.circuit, begun_ns, ended_ns)


def _correction(record: Record, call: PastCall, places: dict[int, Place]) -> Correction | None:
    """What the signalling says; None when the recording has the caller on the other track."""
    for line in record.manifest.lines:
        place = places.get(line.channel)
        if place is not None and line.side is not None:
            is_caller = place.port == call.from_port
            if is_caller is not (line.side is Side.CALLER):
                sys.stderr.write(f"{record.call.call_id}: its caller is on the other track, left as it is\n")
                return None
    by = None
    if call.by_port is not None:
        by = Side.CALLER if call.by_port == call.from_port else Side.CALLEE
    return Correction(
        caller=call.caller,
        callee=call.callee,
        caller_name=call.caller_name,
        ringing_at=from_ns(call.ringing_ns) if call.ringing_ns else None,
        answered_at=from_ns(call.answered_ns) if call.answered_ns else None,
        ended_by=by,
        messages=call.steps[:_MOST_MESSAGES],
    )


def _parties(record: Record) -> str:
    return f"{record.call.caller.number or '?'} → {record.call.callee.number or '?'}"
