"""Tells what udev is heard to say; with a data directory, does for it what the watchdog does.

python -m tests.rigs.watching [DATA]
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from appliance.bus.client import Bus
from appliance.bus.topics import DEVICES
from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.health.plugging import Plugging
from appliance.system.devices import Change, Watch


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def heard(change: Change) -> None:
    say(msgspec.json.encode(change).decode())


async def listen() -> None:
    watch = Watch(heard).open()
    say("listening")
    await asyncio.Event().wait()
    watch.close()


async def keep(layout: Layout) -> None:
    clock = SystemClock()
    bus = Bus(layout.bus_socket, "plugging", clock)
    page = Bus(layout.bus_socket, "page", clock)
    page.subscribe(DEVICES, lambda *_: say("news"))
    plugging = Plugging(layout, clock, bus).open()
    async with page, bus:
        say("telling")
        while True:
            plugging.look()
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(keep(Layout(Path(sys.argv[1]))) if len(sys.argv) > 1 else listen())
