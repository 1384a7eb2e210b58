"""A box whose devices were recorded: what is plugged in changes as a test says, and PID 1 notes what it is told.

Helper, door, report and news are the real ones. `served` runs the helper and the watch in a thread.
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import DEVICES, Devices
from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.system import devices, door, plugged
from appliance.system.devices import Found
from appliance.system.doorkeeper import Doorkeeper
from appliance.system.machine import Machine
from appliance.system.privileged import power, storage
from tests.rigs import recorded
from tests.rigs.patience import until

SECOND = recorded.disk("sdb", 500, **recorded.SATA)
PREPARED = recorded.disk("sdb", 500, **recorded.SATA, ID_FS_TYPE="ext4", ID_FS_LABEL="tapeline-rec")


class PluggedBox:
    """`fails` is a file with a word that makes systemctl refuse; `told` is what systemctl and busctl were told."""

    def __init__(self, layout: Layout, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layout = layout
        self.found: list[Found] = recorded.system()
        self.mounts: dict[str, list[str]] = {}
        self.log = folder / "told"
        self.log.touch()
        self.fails = folder / "fails"
        self.fails.write_text("nothing")
        monkeypatch.setattr(devices, "found", lambda *_: self._now()[0])
        monkeypatch.setattr(devices, "mounts", lambda *_: self._now()[1])
        note = f'echo "$0 $@" >>{self.log}; case "$@" in *"$(cat {self.fails})"*) echo refused; exit 1;; esac'
        self.machine = Machine(
            is_appliance=True,
            systemctl=("sh", "-c", note, "systemctl"),
            busctl=("sh", "-c", note, "busctl"),
            prepare_order=folder / "prepare-disk.json",
            media=Path("/run/media"),
        )

    @property
    def told(self) -> list[str]:
        return self.log.read_text().splitlines()

    def _now(self) -> tuple[list[Found], dict[str, list[str]]]:
        """The second disk is what was made of it: erased and mounted when PID 1 was told so."""
        if SECOND not in self.found:
            return self.found, self.mounts
        told = self.told
        is_prepared = "systemctl start tapeline-prepare.service" in told
        found = [PREPARED if is_prepared and one == SECOND else one for one in self.found]
        mounting = [line for line in told if line.endswith("data-second.mount")]
        is_mounted = mounting[-1:] == ["systemctl start data-second.mount"]
        return found, self.mounts | ({SECOND.number: ["/data/second"]} if is_mounted else {})

    @contextlib.asynccontextmanager
    async def helper(self) -> AsyncIterator[None]:
        actions = {one.name: one for one in (*storage.ACTIONS, *power.ACTIONS)}
        keeper = Doorkeeper(self.layout, self.machine, actions, frozenset({os.geteuid()}))
        await keeper.listen()
        try:
            yield
        finally:
            await keeper.close()

    def ask(self, action: Any, wish: Any) -> Any:
        async def once() -> Any:
            async with self.helper():
                return await door.ask(self.layout, action, wish, by="eva")

        return asyncio.run(once())

    @contextlib.contextmanager
    def served(self) -> Iterator[None]:
        """The helper at the door, and the report renewed and told on as the watchdog does."""
        ready, stop = threading.Event(), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready, stop)), daemon=True)
        thread.start()
        until(ready.is_set, what="the helper")
        try:
            yield
        finally:
            stop.set()
            thread.join(60)

    async def _serve(self, ready: threading.Event, stop: threading.Event) -> None:
        clock = SystemClock()
        bus = Bus(self.layout.bus_socket, "plugging", clock)
        last = None
        async with self.helper(), bus:
            while not stop.is_set():
                now = plugged.look(clock.now())
                if not now.is_like(last):
                    last = now
                    plugged.write(self.layout, now)
                    bus.set(DEVICES, "", Devices(at=now.at))
                ready.set()
                await asyncio.sleep(0.1)
