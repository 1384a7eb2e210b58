"""Looks at the network that take a while: each runs beside the requests, is asked for by its number, can be ended.

Ping, the way to a host and packet samples go through the helper; names and ports are asked by this program itself.
"""

import asyncio
import contextlib
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from appliance.core.clock import Clock
from appliance.core.errors import ApplianceError, Busy, NotFound
from appliance.core.files import Layout
from appliance.core.text import Language, Text
from appliance.system import door
from appliance.system.privileged import probe

MOST_AT_ONCE = 4
KEPT = 16
OUTPUT_CHARACTERS = 64 * 1024
LOOKUP_S = 15.0
CONNECT_S = 5.0


class ProbeKind(StrEnum):
    """What is looked at."""

    PING = "ping"
    TRACE = "trace"
    LOOKUP = "lookup"
    PORT = "port"
    SAMPLE = "sample"


class ProbeState(StrEnum):
    """Where a look stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ENDED = "ended"


_ADDRESS = Text(en="{name} has the address {address}", zh="{name} 的地址为 {address}")
_NAME = Text(en="{address} is called {name}", zh="{address} 的名称为 {name}")
_NO_ADDRESS = Text(en="{name} has no address ({problem})", zh="{name} 没有地址（{problem}）")
_LOOKUP_LATE = Text(en="no name server answers", zh="域名服务器无应答")
_OPEN = Text(
    en="{host} port {port}: open ({milliseconds} ms)", zh="{host} 端口 {port}：开放（{milliseconds} 毫秒）"
)
_CLOSED = Text(en="{host} port {port}: refused", zh="{host} 端口 {port}：拒绝连接")
_SILENT = Text(
    en="{host} port {port}: no answer within {seconds} s", zh="{host} 端口 {port}：{seconds} 秒内无应答"
)
_NO_WAY = Text(en="{host} port {port}: {problem}", zh="{host} 端口 {port}：{problem}")


@dataclass
class Probe:
    """One look; `file` is where a packet sample is."""

    id: str
    owner: int
    kind: ProbeKind
    target: str
    file: Path | None = None
    output: str = ""
    size_bytes: int = 0
    state: ProbeState = ProbeState.RUNNING
    error: ApplianceError | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    def say(self, text: str) -> None:
        """Add to what is shown; what is too much is left out at the end."""
        self.output = (self.output + text)[:OUTPUT_CHARACTERS]


Work = Callable[[Probe], Awaitable[None]]


class Probes:
    """All of them; its methods belong to the event loop's thread. `read` runs what touches files."""

    def __init__(self, layout: Layout, clock: Clock, read: Callable[..., Awaitable[Any]]) -> None:
        self._layout = layout
        self._clock = clock
        self._read = read
        self._all: dict[str, Probe] = {}

    async def begin(self, owner: int, kind: ProbeKind, target: str, work: Work) -> Probe:
        """Start a look.

        Raises: Busy when too many go on already
        """
        if sum(one.state is ProbeState.RUNNING for one in self._all.values()) >= MOST_AT_ONCE:
            raise Busy(what="webadmin")
        for old in [one for one in self._all.values() if one.state is not ProbeState.RUNNING][
            : -KEPT or None
        ]:
            await self._forget(old)
        made = Probe(secrets.token_urlsafe(16), owner, kind, target)
        self._all[made.id] = made
        made.task = asyncio.create_task(self._run(made, work))
        return made

    def find(self, key: str, owner: int) -> Probe:
        """One's own look.

        Raises: NotFound
        """
        found = self._all.get(key)
        if found is None or found.owner != owner:
            raise NotFound(what=key)
        return found

    async def end(self, key: str, owner: int) -> None:
        """End it if it goes on, and forget it.

        Raises: NotFound
        """
        found = self.find(key, owner)
        if found.task is not None and not found.task.done():
            found.task.cancel()
            await asyncio.gather(found.task, return_exceptions=True)
        await self._forget(found)

    def close(self) -> None:
        """End all."""
        for one in self._all.values():
            if one.task is not None:
                one.task.cancel()

    async def _forget(self, probe: Probe) -> None:
        self._all.pop(probe.id, None)
        if probe.file is not None:
            await self._read(probe.file.unlink, missing_ok=True)

    @staticmethod
    async def _run(made: Probe, work: Work) -> None:
        try:
            await work(made)
            made.state = ProbeState.DONE
        except ApplianceError as error:
            made.error = error
            made.state = ProbeState.FAILED
        except asyncio.CancelledError:
            made.state = ProbeState.ENDED

    def ping(self, host: str, count: int, by: str) -> Work:
        """Echo requests, as the system's own program tells of them."""

        async def work(made: Probe) -> None:
            wish = probe.Ping(host=host, count=count)
            await door.ask(self._layout, probe.PING, wish, by=by, on_part=_told(made))

        return work

    def trace(self, host: str, by: str) -> Work:
        """The way to a host, as the system's own program tells of it."""

        async def work(made: Probe) -> None:
            await door.ask(self._layout, probe.TRACE, probe.Trace(host=host), by=by, on_part=_told(made))

        return work

    def sample(self, interface: str, packets: int, seconds: int, by: str) -> Work:
        """Packets of a mirror port into a file."""

        async def work(made: Probe) -> None:
            folder = self._layout.exports
            await self._read(folder.mkdir, 0o700, parents=True, exist_ok=True)
            path = folder / f"sample-{made.id}.pcap"
            file = await self._read(path.open, "wb")
            made.file = path

            async def take(piece: bytes) -> None:
                await self._read(file.write, piece)
                made.size_bytes += len(piece)

            try:
                wish = probe.Sample(interface=interface, most_packets=packets, most_s=seconds)
                await door.ask(self._layout, probe.SAMPLE, wish, by=by, on_part=take)
            finally:
                await self._read(file.close)

        return work


def lookup(host: str, language: Language) -> Work:
    """The addresses of a name, or the name of an address."""

    async def work(made: Probe) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(LOOKUP_S):
                found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
                addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
                for address in addresses:
                    if address != host:
                        made.say(_ADDRESS.render(language, name=host, address=address) + "\n")
                    name = await _name_of(address)
                    if name:
                        made.say(_NAME.render(language, address=address, name=name) + "\n")
        except TimeoutError:
            problem = _LOOKUP_LATE.render(language)
            made.say(_NO_ADDRESS.render(language, name=host, problem=problem) + "\n")
        except socket.gaierror as error:
            made.say(_NO_ADDRESS.render(language, name=host, problem=error.strerror) + "\n")

    return work


async def _name_of(address: str) -> str:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(socket.gaierror):
        name, _ = await loop.getnameinfo((address, 0), socket.NI_NAMEREQD)
        return name
    return ""


def port(host: str, number: int, language: Language) -> Work:
    """Whether somebody listens there."""

    async def work(made: Probe) -> None:
        began_s = time.monotonic()
        facts = {"host": host, "port": number}
        try:
            async with asyncio.timeout(CONNECT_S):
                _, writer = await asyncio.open_connection(host, number)
            writer.close()
            took = round((time.monotonic() - began_s) * 1000)
            told = _OPEN.render(language, **facts, milliseconds=took)
        except ConnectionRefusedError:
            told = _CLOSED.render(language, **facts)
        except TimeoutError:
            told = _SILENT.render(language, **facts, seconds=round(CONNECT_S))
        except OSError as error:
            told = _NO_WAY.render(language, **facts, problem=error.strerror or type(error).__name__)
        made.say(told + "\n")

    return work


def _told(made: Probe) -> Callable[[bytes], None]:
    return lambda piece: made.say(piece.decode("utf-8", "replace"))
