"""`tapeline trunks`: the kept signalling of trunks is understood anew, and past calls get what it says."""

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from appliance.archive.correction import correct
from appliance.archive.corrections import Known
from appliance.commands.calls import moment
from appliance.commands.where import become_owner, existing
from appliance.settings.storage import load
from appliance.store.database import open_database
from webadmin.correction_plan import plan

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
            if chosen.trunk not in ("", trunk.name):
                continue
            found = plan(layout, database, trunk, begin, end)
            total += found.calls
            for one in found.planned:
                if one.correction is None:
                    sys.stderr.write(f"{one.call_id}: its caller is on the other track, left as it is\n")
                elif not chosen.yes or correct(layout, settings.paths, database, one.call_id, one.correction):
                    changed += 1
                    sys.stdout.write(f"{one.call_id}  {_parties(one.before)}  =>  {_parties(one.after)}\n")
    sys.stdout.write(
        f"{total} calls, {changed} {'corrected' if chosen.yes else 'would be corrected (--yes)'}\n"
    )
    return 0


def _parties(known: Known) -> str:
    return f"{known.caller or '?'} → {known.callee or '?'}"
