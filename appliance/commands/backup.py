"""`tapeline backup`: make one now, list what there is, show the recovery key; without the page."""

import argparse
import contextlib
import sys
import time
from pathlib import Path

from appliance.backup import desk as desks
from appliance.backup.desk import Deed, Desk, Run, Wish
from appliance.backup.keeper import Keeper
from appliance.commands.where import become_owner, existing
from appliance.core.clock import SystemClock
from appliance.core.errors import Busy, NotFound
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.settings.backup import PLACES
from appliance.system import age

_DONE, _FAILED = 0, 1
_BY = "command line"
_LOOK_S = 0.5
_IDLE = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument(
        "act", choices=("make", "list", "key"), help="make one now, list the backups, print the recovery key"
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")


def execute(chosen: argparse.Namespace) -> int:
    """0 when it was done in every place, 1 when not.

    Raises: NotFound
    """
    layout = existing(chosen.data)
    become_owner(layout)
    if chosen.act == "key":
        found = age.keys(layout.backup_key)
        if not found:
            raise NotFound(what="a recovery key; it is made with the first backup")
        Desk(layout).key_was_shown(SystemClock().now())
        sys.stdout.write(f"{found[0]}\n")
        return _DONE
    if chosen.act == "list":
        run = carry_out(layout, desks.List())
        for name, shelf in Desk(layout).state().shelves.items():
            for one in shelf.backups:
                sys.stdout.write(f"{name}  {one.bytes:>14}  {one.name}\n")
            if shelf.problem is not None:
                sys.stdout.write(f"{name}  {shelf.problem.en}\n")
        return _DONE if run is None or run.is_good else _FAILED
    return told(carry_out(layout, desks.Make()))


def carry_out(layout: Layout, deed: Deed) -> Run | None:
    """Have a wish carried out, by the backup program when it runs, else here; None for what is not remembered."""
    desk = Desk(layout)
    wish = desk.ask(deed, _BY)
    idle = 0
    while idle < _IDLE:
        # Between two of its steps a program at work may look idle for a moment.
        idle = 0 if _is_waiting(desk, wish) else idle + 1
        try:
            with contextlib.closing(Keeper(layout, SystemClock())) as keeper:
                while keeper.round(storage.load(layout)):
                    pass
                keeper.summary(storage.load(layout))
                break
        except Busy:
            time.sleep(_LOOK_S)
    return next((run for run in desk.state().runs if run.id == wish.id), None)


def _is_waiting(desk: Desk, wish: Wish) -> bool:
    is_done = any(run.id == wish.id for run in desk.state().runs)
    is_wished = any(one.id == wish.id for one in desk.wishes())
    return not is_done and (is_wished or desk.job() is not None or desk.journal.exists())


def told(run: Run | None) -> int:
    """Say how it went; the exit status."""
    if run is None:
        return _FAILED
    if run.subject:
        sys.stdout.write(f"{run.subject}\n")
    if run.problem is not None:
        sys.stdout.write(f"failed: {run.problem.en}\n")
    for name, problem in run.places.items():
        shown = PLACES[name].en if name in PLACES else name
        sys.stdout.write(f"{shown}: {problem.en if problem else 'done and read back'}\n")
    return _DONE if run.is_good else _FAILED
