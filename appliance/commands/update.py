"""`tapeline update`: what the units of the update run; people use the page."""

import argparse
import asyncio
import sys
from pathlib import Path

from appliance.core import log
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout, write_atomically
from appliance.settings import storage
from appliance.settings.paths import roots
from appliance.store import before
from appliance.system.update import Updating

_STEPS = {
    "install": "write the uploaded bundle into the other slot",
    "switch": "wait for the planned time, then start the other slot on trial",
    "prove": "keep the slot that runs once it works, or return to the other",
    "copy": "put settings and index aside before another release starts",
    "settle": "take an index back that a newer release has changed",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.epilog = "\n".join(f"  {name:<8} {text}" for name, text in _STEPS.items())
    parser.add_argument("step", choices=list(_STEPS), metavar="STEP", help="which step")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--by", default="", help="who wants it")


def execute(chosen: argparse.Namespace) -> int:
    """0 = done."""
    log.configure("update")
    layout = Layout(chosen.data.absolute())
    try:
        if chosen.step == "copy":
            _copy(layout)
        elif chosen.step == "settle":
            _settle(layout)
        else:
            updating = Updating(layout)
            work = {
                "install": lambda: updating.install(chosen.by),
                "switch": updating.switch,
                "prove": updating.prove,
            }[chosen.step]
            asyncio.run(work())
    except ApplianceError as error:
        problem = error.facts.get("problem", "")
        sys.stderr.write(f"{error.message()} {problem if isinstance(problem, str) else ''}\n".rstrip() + "\n")
        return 1
    return 0


def _copy(layout: Layout) -> None:
    folder = layout.before_update
    folder.mkdir(parents=True, exist_ok=True)
    for path in (layout.settings, layout.secrets):
        if path.exists():
            write_atomically(folder / path.name, path.read_bytes(), mode=0o600)
    before.keep(layout)


def _settle(layout: Layout) -> None:
    """Settings of a version that is not known here are left aside by their reader, which has the last good ones."""
    settings, problem = storage.in_force(layout)
    for path in (layout.settings, layout.secrets):
        kept = layout.before_update / path.name
        if problem and kept.exists():
            path.rename(layout.before_update / f"newer-{path.name}")
            write_atomically(path, kept.read_bytes(), mode=0o600 if path == layout.secrets else 0o640)
    indexed = before.put_back(layout, roots(layout, settings.paths))
    if indexed is not None:
        sys.stdout.write(f"the index from before the update is back, {indexed} records read\n")
