"""`tapeline status`: what a data directory holds, and what the programs on it say of themselves."""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from appliance.bus.client import Bus
from appliance.bus.topics import CALLS, INTAKE, PROGRAM, STORAGE, Intake, LiveCall, ProgramState, StorageState
from appliance.commands.where import existing
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.settings.storage import load
from appliance.store.calls import CallFilter, find
from appliance.store.database import open_database

_NEWS_S = 2.0
_SETTLED_S = 0.3


class Status(msgspec.Struct, kw_only=True):
    """What is told; `programs` is None when no broker runs there."""

    data: str
    calls: int = 0
    recorded: int = 0
    spool: dict[str, int] = {}
    free_bytes: int = 0
    settings_revision: int = 0
    programs: dict[str, ProgramState] | None = None
    intake: dict[str, Intake] = {}
    storage: dict[str, StorageState] = {}
    live: dict[str, LiveCall] = {}
    problems: list[str] = []


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def execute(chosen: argparse.Namespace) -> int:
    """Tell it; 0 whatever the state is.

    Raises: NotFound
    """
    layout = existing(chosen.data)
    status = _look(layout)
    if layout.bus_socket.exists():
        asyncio.run(_listen(layout, status))
    if chosen.json:
        sys.stdout.buffer.write(msgspec.json.encode(status) + b"\n")
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(_text(status))
    return 0


def _look(layout: Layout) -> Status:
    """What lies on disk. An index that cannot be read is told like everything else."""
    usage = os.statvfs(layout.data)
    status = Status(data=str(layout.data), free_bytes=usage.f_bavail * usage.f_frsize)
    status.spool = {
        path.name: sum(1 for entry in os.scandir(path) if entry.is_dir())
        for path in (
            layout.spool_open,
            layout.spool_ready,
            layout.spool_work,
            layout.spool_kept,
            layout.spool_quarantine,
        )
    }
    try:
        status.settings_revision = load(layout).revision
    except ApplianceError as error:
        status.problems.append(error.message())
    try:
        if layout.index.exists():
            database = open_database(layout)
            try:
                status.calls = find(database, CallFilter(page_size=1), scope=EVERYTHING).total
                status.recorded = find(
                    database, CallFilter(page_size=1, recorded=True), scope=EVERYTHING
                ).total
            finally:
                database.close()
    except ApplianceError as error:
        status.problems.append(error.message())
    return status


async def _listen(layout: Layout, status: Status) -> None:
    """Collect the retained news: until it has been quiet for a moment, two seconds at most."""
    bus = Bus(layout.bus_socket, f"status-{os.getpid()}", announces=False)
    programs: dict[str, ProgramState] = {}
    heard = asyncio.Event()

    def keep(table: dict[str, Any], key: str, news: msgspec.Struct | None) -> None:
        heard.set()
        if news is not None:
            table[key] = news

    bus.subscribe(PROGRAM, lambda key, news: keep(programs, key, news))
    bus.subscribe(INTAKE, lambda key, news: keep(status.intake, key, news))
    bus.subscribe(STORAGE, lambda key, news: keep(status.storage, key, news))
    for topic in CALLS:
        bus.subscribe(topic, lambda key, news: keep(status.live, key, news))
    async with bus:
        try:
            async with asyncio.timeout(_NEWS_S):
                while True:
                    async with asyncio.timeout(_SETTLED_S if programs else None):
                        await heard.wait()
                    heard.clear()
        except TimeoutError:
            status.programs = programs if bus.is_connected else None


def _text(status: Status) -> str:
    lines = [
        f"data        {status.data}, {status.free_bytes / 2**30:.1f} GiB free, settings revision {status.settings_revision}",
        f"calls       {status.calls}, {status.recorded} recorded",
        "spool       " + ", ".join(f"{count} {name}" for name, count in status.spool.items()),
    ]
    if status.programs is None:
        lines.append("programs    no message broker is running here")
    for name, program in sorted((status.programs or {}).items()):
        lines.append(f"{name:<11} {'up' if program.alive else 'DOWN'}: {program.status}")
    for interface, intake in sorted(status.intake.items()):
        counters = intake.counters
        lines.append(
            f"intake      {interface}: link {'up' if intake.link_up else 'DOWN'}, "
            f"{counters.get('packets', 0):,} packets, {counters.get('kernel_drops', 0):,} dropped"
        )
    lines.extend(
        f"storage     {shelf} path {state.path}: {state.problem or 'good'}"
        f"{', in use' if state.current else ''}, {state.free_bytes / 2**30:.1f} GiB free"
        for shelf, state in sorted(status.storage.items())
    )
    lines.extend(
        f"live        {key}  {live.call.caller.number} → {live.call.callee.number}  {live.call.state.value}"
        for key, live in sorted(status.live.items())
    )
    lines.extend(f"problem     {problem}" for problem in status.problems)
    return "".join(line + "\n" for line in lines)
