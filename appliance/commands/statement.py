"""`tapeline statement verify`: proves every statement by its signature, by the one before it, and by the ledger."""

import argparse
import sys
from pathlib import Path

import msgspec

from appliance.archive.statements import FLAW_TEXT, Statements, against_ledger
from appliance.commands.where import existing
from appliance.domain.statement import digest, sentence
from appliance.store.database import open_database

_INTACT, _NOT = 0, 1


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of the report; `flaw` is empty for one that is as it was made."""

    number: int
    sha256: str
    flaw: str
    said: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints."""

    intact: bool
    statements: list[Line]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("act", choices=("verify", "make"), help="prove all, or ask the archiver for one")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def execute(chosen: argparse.Namespace) -> int:
    """0 when every statement is as it was made and the ledger still holds what they say, 1 when not.

    Raises: NotFound, BadKey
    """
    layout = existing(chosen.data)
    book = Statements(layout)
    if chosen.act == "make":
        book.ask()
        sys.stdout.write("the archiver makes it as soon as it runs\n")
        return _INTACT
    database = open_database(layout)
    try:
        kept = [against_ledger(database, one) for one in book.followed()]
    finally:
        database.close()
    lines = [
        Line(
            number=one.number,
            sha256=digest(one.content) if one.content else "",
            flaw=one.flaw or "",
            said=sentence(one.statement, "en") if one.statement else "",
        )
        for one in kept
    ]
    is_intact = not any(line.flaw for line in lines)
    if chosen.json:
        sys.stdout.write(msgspec.json.encode(Report(intact=is_intact, statements=lines)).decode() + "\n")
    else:
        for one, line in zip(kept, lines, strict=True):
            found = f"NOT INTACT: {FLAW_TEXT[one.flaw].render('en')}" if one.flaw else line.said
            sys.stdout.write(f"{line.number}  {found}\n")
        sys.stdout.write(
            f"{len(lines)} statements, {'all as they were made' if is_intact else 'NOT ALL AS THEY WERE MADE'}\n"
        )
    return _INTACT if is_intact else _NOT
