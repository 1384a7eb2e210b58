"""`tapeline disks`: what the machine's disks say of themselves; with `--write` for the panel and the watchdog.

With `--prepare` the order that the helper left is carried out: a disk becomes one for recordings.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

import msgspec

from appliance.commands.where import existing
from appliance.core.errors import ApplianceError
from appliance.system import disks, formatting
from appliance.system.machine import Machine


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument(
        "--write", action="store_true", help="leave the report for the panel and the watchdog"
    )
    parser.add_argument(
        "--prepare", action="store_true", help="erase the disk that was chosen on the page for recordings"
    )


def execute(chosen: argparse.Namespace) -> int:
    """0 when the disks could be asked, 1 when not.

    Raises: NotFound
    """
    if chosen.prepare:
        return prepare(chosen.data, Machine().prepare_order)
    layout = existing(chosen.data)
    report = asyncio.run(disks.look())
    if chosen.write:
        disks.write(layout, report)
        owner = layout.data.stat()
        if os.geteuid() == 0:
            os.chown(layout.disks_report, owner.st_uid, owner.st_gid)
    else:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report)).decode() + "\n")
    return 1 if report.problem else 0


def prepare(data: Path, order: Path) -> int:
    """Erase the disk of the order, which is looked at once more; 1 with the reason beside the order.

    It will belong to whom the data belongs, of which no more is read than that.
    """
    problem = formatting.problem_of(order)
    problem.unlink(missing_ok=True)
    owner = data.stat()
    try:
        disk = formatting.fit(formatting.take(order), disks.now())
        asyncio.run(formatting.make(Path(disk.path), (owner.st_uid, owner.st_gid)))
    except (ApplianceError, OSError, msgspec.MsgspecError) as error:
        told = error.message() if isinstance(error, ApplianceError) else str(error)
        problem.write_text(told, "utf-8")
        sys.stderr.write(f"{told}\n")
        return 1
    return 0
