"""`tapeline calls`: the ledger as a table or as JSON lines."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from appliance.commands.report import row_report
from appliance.commands.where import existing
from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.domain.access import EVERYTHING
from appliance.settings.storage import load
from appliance.store.calls import CallFilter, CallRow, Match, Sort, find
from appliance.store.database import Database, open_database
from appliance.store.search import MAX_PAGE_SIZE

_EPILOG = """\
TIME is a date (2026-11-21), or a date and time (2026-11-21T14:05, local unless it names a zone:
2026-11-21T14:05:00Z). --to is exclusive; a bare date there means its end."""

_LIMIT = Text(en="must not be negative", zh="不能为负数")
_TIME = Text(en="must be a date or a date and time", zh="应为日期或日期时间")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.epilog = _EPILOG
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--from", dest="begin", metavar="TIME", help="calls that began then or later")
    parser.add_argument("--to", dest="end", metavar="TIME", help="calls that began before")
    parser.add_argument("--number", default="", help="caller's or callee's number, or a part of it")
    parser.add_argument(
        "--match", choices=[kind.value for kind in Match], default=Match.CONTAINS.value, help="how (contains)"
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--recorded", action="store_true", help="only calls with a recording")
    chosen.add_argument("--not-recorded", action="store_true", help="only calls without a recording")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="at most N calls (all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object per call")


def execute(chosen: argparse.Namespace) -> int:
    """List, oldest first.

    Raises: NotFound, Invalid
    """
    if chosen.limit < 0:
        raise Invalid(field="--limit", problem=_LIMIT)
    layout = existing(chosen.data)
    wanted = CallFilter(
        started_from=moment("--from", chosen.begin, end_of_day=False) if chosen.begin else None,
        started_until=moment("--to", chosen.end, end_of_day=True) if chosen.end else None,
        number=chosen.number,
        match=Match(chosen.match),
        recorded=True if chosen.recorded else False if chosen.not_recorded else None,
        sort=Sort.OLDEST,
        page_size=MAX_PAGE_SIZE,
    )
    database = open_database(layout)
    encoder = msgspec.json.Encoder()
    paths = load(layout).paths

    def as_json(row: CallRow) -> str:
        return encoder.encode(row_report(row, layout, paths)).decode()

    try:
        written = _list(database, wanted, chosen.limit, as_json if chosen.json else _line)
    finally:
        database.close()
    if not chosen.json:
        sys.stdout.write(f"{written} calls\n")
    return 0


def _list(database: Database, wanted: CallFilter, limit: int, line: Callable[[CallRow], str]) -> int:
    written = 0
    page = 1
    while True:
        rows = find(database, msgspec.structs.replace(wanted, page=page), scope=EVERYTHING).calls
        for row in rows:
            if limit and written >= limit:
                return written
            sys.stdout.write(line(row) + "\n")
            written += 1
        if len(rows) < wanted.page_size:
            return written
        page += 1


def _line(row: CallRow) -> str:
    what = ", ".join(row.codecs) if row.reason is None else row.reason.value
    marks = f"  [{' '.join(row.marks)}]" if row.marks else ""
    started = row.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    length = str(timedelta(seconds=round(row.duration_s)))
    return f"{row.call_id}  {started}  {length:>8}  {_name(row.caller.number)} → {_name(row.callee.number)}  {what}{marks}"


def _name(number: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in number) or "?"


def moment(option: str, text: str, *, end_of_day: bool) -> datetime:
    """A time as the user wrote it, aware UTC.

    Raises: Invalid
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.astimezone()
        if end_of_day and len(text) <= len("2026-01-01"):
            moment += timedelta(days=1)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid(field=option, problem=_TIME) from error
