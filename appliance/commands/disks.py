"""`tapeline disks`: what the machine's disks say of themselves; with `--write` for the panel and the watchdog."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

import msgspec

from appliance.commands.where import existing
from appliance.system import disks


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument(
        "--write", action="store_true", help="leave the report for the panel and the watchdog"
    )


def execute(chosen: argparse.Namespace) -> int:
    """0 when the disks could be asked, 1 when not.

    Raises: NotFound
    """
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
