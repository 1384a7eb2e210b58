"""`tapeline snmp`: the SNMP agent's child that answers for our part of the MIB, over its standard input and output.

Source: snmpd.conf(5), pass_persist
"""

import argparse
import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from appliance.bus.client import Bus
from appliance.bus.topics import (
    CALL,
    CALLS,
    INTAKE,
    LINE_CALL,
    PROGRAM,
    QUEUE,
    STORAGE,
    TIME,
    Intake,
    LiveCall,
    ProgramState,
    Queue,
    StorageState,
    TimeState,
    Topic,
)
from appliance.commands.where import existing
from appliance.core.clock import SystemClock
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.notify.mib import Oid, Seen, Tree, Value
from appliance.settings.storage import Kept
from appliance.store import alarms, figures
from appliance.store.alarms import Alarm
from appliance.store.database import Database, open_database
from appliance.system.temperature import Thermometer

_FRESH_S = 2.0
_COUNTED_S = 15.0
_MOST_ALARMS = 1000
_MOST_OID = 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")


def execute(chosen: argparse.Namespace) -> int:
    """Answer until the agent closes our input.

    Raises: NotFound
    """
    asyncio.run(_serve(existing(chosen.data)))
    return 0


class _Sight:
    """What is known: retained news as it comes, the index looked into now and then."""

    def __init__(self, layout: Layout, bus: Bus) -> None:
        self._layout = layout
        self._kept = Kept(layout)
        self._clock = SystemClock()
        self._thermometer = Thermometer(self._clock)
        self._news: dict[Topic[Any], dict[str, Any]] = {}
        self._database: Database | None = None
        self._alarms: list[Alarm] = []
        self._reasons: dict[str, int] = {}
        self._counted_mono_s = -_COUNTED_S
        self._tree: Tree | None = None
        self._made_mono_s = 0.0
        for topic in (*CALLS, INTAKE, PROGRAM, QUEUE, STORAGE, TIME):
            self._follow(bus, topic)
        bus.on_connection(self._connection)

    def tree(self) -> Tree:
        """The objects, at most two seconds old."""
        now = self._clock.mono_s()
        if self._tree is None or now - self._made_mono_s >= _FRESH_S:
            if now - self._counted_mono_s >= _COUNTED_S:
                self._count()
                self._counted_mono_s = now
            self._tree, self._made_mono_s = Tree(self._seen()), now
        return self._tree

    def _seen(self) -> Seen:
        self._kept.renewed()
        calls: dict[str, LiveCall] = {**self._news.get(CALL, {}), **self._news.get(LINE_CALL, {})}
        intake: dict[str, Intake] = self._news.get(INTAKE, {})
        storage: dict[str, StorageState] = self._news.get(STORAGE, {})
        programs: dict[str, ProgramState] = self._news.get(PROGRAM, {})
        queues: dict[str, Queue] = self._news.get(QUEUE, {})
        times: dict[str, TimeState] = self._news.get(TIME, {})
        return Seen(
            device_name=self._kept.now.alarms.email.device_name,
            live=calls,
            intake=intake,
            storage=storage,
            programs=programs,
            queue=next(iter(queues.values()), None),
            time=next(iter(times.values()), None),
            reasons=self._reasons,
            alarms=self._alarms,
            sensors=self._thermometer.sensors(self._kept.now.alarms.too_hot_c),
        )

    def _count(self) -> None:
        """Look into the index; while it cannot be read, what was read before is told."""
        try:
            if self._database is None:
                self._database = open_database(self._layout)
            found: list[Alarm] = []
            for state in ("active", "acknowledged"):
                wanted = msgspec.convert({"state": state}, alarms.Wanted)
                found += alarms.find(self._database, wanted, before=None, limit=_MOST_ALARMS)
            self._alarms, self._reasons = found, figures.by_reason(self._database)
        except ApplianceError:
            if self._database is not None:
                self._database.close()
            self._database = None

    def _follow(self, bus: Bus, topic: Topic[Any]) -> None:
        table = self._news.setdefault(topic, {})

        def keep(key: str, news: msgspec.Struct | None) -> None:
            if news is None:
                table.pop(key, None)
            else:
                table[key] = news

        bus.subscribe(topic, keep)

    def _connection(self, is_up: bool) -> None:  # noqa: FBT001 - the bus calls it so
        if is_up:
            for table in self._news.values():
                table.clear()


async def _serve(layout: Layout) -> None:
    loop = asyncio.get_running_loop()
    bus = Bus(layout.bus_socket, f"snmp-{os.getpid()}", announces=False)
    sight = _Sight(layout, bus)
    with contextlib.suppress(BrokenPipeError):
        async with bus:
            while (asked := await loop.run_in_executor(None, _question, sys.stdin.buffer)) is not None:
                sys.stdout.buffer.write(_answer(sight, asked))
                sys.stdout.buffer.flush()


def _question(source: BinaryIO) -> list[bytes] | None:
    """The lines of the agent's next question, None at the end."""
    verb = source.readline(_MOST_OID).strip().lower()
    if not verb:
        return None
    following = {b"get": 1, b"getnext": 1, b"set": 2}.get(verb, 0)
    return [verb, *(source.readline(_MOST_OID).strip() for _ in range(following))]


def _answer(sight: _Sight, asked: list[bytes]) -> bytes:
    verb, *operands = asked
    if verb == b"ping":
        return b"PONG\n"
    if verb == b"set":
        return b"not-writable\n"
    oid = _oid(operands[0]) if operands else None
    if oid is None:
        return b"NONE\n"
    if verb == b"get":
        value = sight.tree().get(oid)
        return b"NONE\n" if value is None else _written(oid, value)
    found = sight.tree().next(oid)
    return b"NONE\n" if found is None else _written(*found)


def _oid(text: bytes) -> Oid | None:
    try:
        return tuple(int(part) for part in text.decode("ascii").strip(".").split("."))
    except ValueError:
        return None


def _written(oid: Oid, value: Value) -> bytes:
    return f".{'.'.join(map(str, oid))}\n{value.kind}\n{value.text}\n".encode()
