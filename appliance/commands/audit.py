"""`tapeline audit verify`: follows the operation log link by link and tells the first row that is not as it was."""

import argparse
import sys
from pathlib import Path

import msgspec

from appliance.commands.where import existing
from appliance.core.files import Layout
from appliance.store import operations
from appliance.store.database import Database, open_database
from appliance.store.operations import Broken, Checked, Head

_STEP = 50_000
_INTACT, _NOT = 0, 1
_SAID = {
    "changed": "row {id} was changed",
    "removed": "row {id} was removed",
    "replaced": "row {id} is not the one that the anchor remembers: the log was written anew",
    "truncated": "the log ends before row {id}, but the anchor remembers more",
}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints."""

    rows: int
    intact: bool
    sealed: str
    broken: int | None = None
    what: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("act", choices=("verify",), help="what to do with the operation log")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="ROW:HASH",
        help="a row and its seal that were written down elsewhere, as in the system's journal",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def execute(chosen: argparse.Namespace) -> int:
    """Verify; 0 when every row is as it was written, 1 when not.

    Raises: NotFound
    """
    layout = existing(chosen.data)
    anchors = [*remembered(layout), *(_anchor(text) for text in chosen.anchor)]
    database = open_database(layout)
    try:
        found = follow(database, anchors)
    finally:
        database.close()
    if chosen.json:
        report = Report(
            rows=found.to_id,
            intact=found.broken is None,
            sealed=found.hash.hex(),
            broken=found.broken.id if found.broken else None,
            what=found.broken.what if found.broken else "",
        )
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        sys.stdout.write(_sentence(found) + "\n")
    return _INTACT if found.broken is None else _NOT


def follow(database: Database, anchors: list[Head]) -> Checked:
    """The whole chain, a piece at a time so that nobody who writes has to wait."""
    after = 0
    while True:
        found = operations.check(database, after, _STEP, anchors)
        if found.broken is not None or found.to_id >= found.last_id:
            return found
        after = found.to_id


def remembered(layout: Layout) -> list[Head]:
    """The anchors that the admin panel keeps beside the index; a damaged file remembers what nothing fits."""
    found = operations.load_anchors(layout)
    return [found.newest, *found.kept] if found else []


def _anchor(text: str) -> Head:
    row, _, sealed = text.partition(":")
    if not row.isdecimal() or len(sealed) != 64:
        raise operations.BadAnchor(given=text[:100])
    return Head(id=int(row), hash=sealed.lower())


def _sentence(found: Checked) -> str:
    broken: Broken | None = found.broken
    if broken is None:
        return f"{found.to_id} operations, all as they were written; newest seal {found.hash.hex()}"
    return f"NOT INTACT: {_SAID[broken.what].format(id=broken.id)} ({found.to_id} rows before it are as they were written)"
