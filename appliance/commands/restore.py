"""`tapeline restore`: a backup is opened aside and counted; with `--yes` the box becomes what it holds."""

import argparse
import sys
from pathlib import Path

from appliance.backup import desk as desks
from appliance.backup.desk import Desk, Rehearsed
from appliance.commands.backup import carry_out, told
from appliance.commands.where import become_owner
from appliance.core.errors import NotFound
from appliance.core.files import Layout
from appliance.settings.backup import PLACES
from appliance.store.database import open_database

_DONE, _FAILED = 0, 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("backup", help="a file, or the name of a backup in a place")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="the data directory, made if missing"
    )
    parser.add_argument(
        "--place", choices=list(PLACES), default="box", help="where the name is looked for (box)"
    )
    parser.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="a file with the recovery key, for backups of another box",
    )
    parser.add_argument("--yes", action="store_true", help="restore it; without this it is only tried")
    parser.add_argument(
        "--with-network", action="store_true", help="network and storage paths, too, not only the rest"
    )


def execute(chosen: argparse.Namespace) -> int:
    """0 when it could be opened (and was restored), 1 when not.

    Raises: NotFound
    """
    layout = Layout(chosen.data.resolve())
    layout.data.mkdir(parents=True, exist_ok=True)
    become_owner(layout)
    layout.make()
    open_database(layout).close()
    key = chosen.key_file.read_text("ascii").strip() if chosen.key_file else ""
    key = next((line for line in key.splitlines() if not line.startswith("#")), "")
    path = Path(chosen.backup)
    if path.is_file():
        deed = desks.Rehearse(file=str(path.resolve()), key=key)
    elif path.name == chosen.backup:
        deed = desks.Rehearse(place=chosen.place, name=chosen.backup, key=key)
    else:
        raise NotFound(what=chosen.backup)
    run = carry_out(layout, deed)
    found = Desk(layout).rehearsed()
    if run is None or not run.is_good or found is None:
        return told(run) or _FAILED
    _say(found)
    if not chosen.yes:
        sys.stdout.write("only tried; --yes restores it\n")
        return _DONE
    return told(carry_out(layout, desks.Restore(keep_network=not chosen.with_network)))


def _say(found: Rehearsed) -> None:
    until = f" until {found.until:%Y-%m-%d %H:%M} UTC" if found.until else ""
    sys.stdout.write(
        f"made {found.head.made_at:%Y-%m-%d %H:%M} UTC by {found.head.box}, release {found.head.release}\n"
        f"would restore {found.calls} calls{until}, {found.recordings} with a recording, "
        f"{found.audio_files} files of recordings, {found.people} people\n"
    )
    if found.missing:
        sys.stdout.write(f"{found.missing} calls of this box are not in it; those in its archive stay\n")
