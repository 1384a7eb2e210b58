"""`make bench`, section crowd: fifty people page and listen at once while calls are archived and indexed.

The panel and the archiver are the programs themselves, bundles are handed over as the recorder does. Every person has
a page open that hears the news, looks through lists (narrowed, deep, the last page), opens calls, looks at the home
page, and listens to a recording of ten minutes in real time. A page with the newest calls loads them again at news, as
ours does. Told are the times until an answer was whole, for sound until its first bytes; beside them the same for a
request that asks nothing of the index, for the machine is slow at times.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from appliance.core.clock import sortable_id, to_ns
from appliance.core.files import Layout
from appliance.domain.access import ScopeKind
from appliance.domain.bundle import Recording
from appliance.domain.roles import Permission
from appliance.media.encoders import make
from appliance.media.pcm import Law, Sound, compress
from appliance.media.peaks import write_peaks
from appliance.settings.archive import WavG711
from appliance.store import calls, departments, people, roles
from appliance.store.database import Database, open_database
from tests.bench.live import cpu_s
from tests.bench.search import DEPARTMENTS, directory_of
from tests.rigs.bundles import make_bundle
from tests.rigs.daemons import Daemons
from tests.rigs.many_calls import FIRST_EXTENSION, Shape, fill
from tests.rigs.ports import free_port
from tests.rigs.records import make_record

_EXTENSIONS = 2000
_LENGTH_S = 600
_TALK_S = 20.0
_BYTES_A_SECOND = 16_000
_PIECE_S = 10
_SOON_S = 1.5
_WARM_S = 5.0
_ASKED = 10
_MARK = os.getpid()
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Kept:
    """What was measured. Units: seconds."""

    took: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    is_on: bool = False

    def add(self, kind: str, seconds: float) -> None:
        if self.is_on:
            self.took.setdefault(kind, []).append(seconds)


class Line:
    """One connection of a browser that is kept open, asked one thing at a time."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self._cookie = cookie
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, **headers: str) -> tuple[int, bytes, float]:
        """Status, content, and seconds until its first byte."""
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._ends
        given = {"Host": "127.0.0.1", "Cookie": self._cookie, **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        begun = time.perf_counter()
        writer.write(f"GET /api/v1/{path} HTTP/1.1\r\n{lines}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        size = next(
            int(line.partition(":")[2]) for line in head if line.lower().startswith("content-length:")
        )
        first = await reader.read(1) if size else b""
        waited = time.perf_counter() - begun
        rest = await reader.readexactly(size - len(first)) if size else b""
        return int(head[0].split()[1]), first + rest, waited

    def close(self) -> None:
        if self._ends is not None:
            self._ends[1].close()


class Somebody:
    """One of the crowd."""

    def __init__(
        self, number: int, port: int, cookie: str, heard: list[str], kept: Kept, pause_s: float
    ) -> None:
        self._luck = random.Random(number)
        self._port = port
        self._cookie = cookie
        self._lines = [Line(port, cookie) for _ in range(3)]
        self._heard = heard
        self._kept = kept
        self._pause_s = pause_s
        self._is_newest = False
        self._news = asyncio.Event()

    async def live(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow())
                tasks.create_task(self._look())
                tasks.create_task(self._listen())
                tasks.create_task(self._renew())
        finally:
            for line in self._lines:
                line.close()

    async def _asked(self, kind: str, path: str, line: int = 0, **headers: str) -> bytes:
        begun = time.perf_counter()
        status, content, waited = await self._lines[line].get(path, **headers)
        self._kept.add(kind, waited if kind == "sound" else time.perf_counter() - begun)
        if status not in (200, 206):
            self._kept.failed.append(f"{status} {path} {content[:200]!r}")
        return content

    async def _list(self, kind: str, query: str, line: int = 0) -> dict[str, Any]:
        """A page of the list and what people have put on its calls, as the page asks for both."""
        found: dict[str, Any] = json.loads(await self._asked(kind, f"calls?page_size=25{query}", line))
        ids = ",".join(row["call_id"] for row in found.get("calls", []))
        if ids:
            await self._asked("annotations", f"annotations?ids={quote(ids)}", line)
        return found

    async def _follow(self) -> None:
        request = HTTPRequest(f"ws://127.0.0.1:{self._port}/api/v1/events", headers={"Cookie": self._cookie})
        connection = await websocket_connect(request, max_message_size=64 << 20)
        try:
            while (frame := await connection.read_message()) is not None:
                if '"indexed"' in str(frame):
                    self._news.set()
            self._kept.failed.append("the news ended")
        finally:
            connection.close()

    async def _renew(self) -> None:
        """The newest calls come in by themselves."""
        while True:
            await self._news.wait()
            await asyncio.sleep(_SOON_S)
            self._news.clear()
            if self._is_newest:
                await self._list("newest, by itself", "", 2)

    async def _look(self) -> None:
        await asyncio.sleep(self._luck.random() * self._pause_s)
        while True:
            await self._act()
            await asyncio.sleep(self._pause_s * (0.5 + self._luck.random()))

    async def _act(self) -> None:
        luck = self._luck
        self._is_newest = False
        digits = "".join(luck.choice("0123456789") for _ in range(luck.choice((3, 4, 5, 7))))
        month = datetime(2024, 12, 1, tzinfo=UTC) + timedelta(days=luck.randrange(600))
        span = f"&from={quote(month.isoformat())}&to={quote((month + timedelta(days=30)).isoformat())}"
        deed = luck.randrange(10)
        if deed < 3:
            self._is_newest = True
            await self._list("newest", "")
        elif deed < 5:
            await self._list("number contains", f"&number={digits}" + luck.choice(("", span)))
        elif deed < 7:
            query = luck.choice(
                ("&call_type=missed", "&recorded=no", "&mark=one_way", f"&min_s={luck.randrange(60, 900)}",
                 f"&extension={FIRST_EXTENSION + luck.randrange(_EXTENSIONS)}", "&max_mos=3", f"&sort=-duration{span}")
            )  # fmt: skip
            found = await self._list("filtered", query)
            for _ in range(2):
                if found.get("next"):
                    await asyncio.sleep(self._pause_s / 3)
                    found = await self._list("next page", f"{query}&cursor={found['next']}")
        elif deed < 8:
            found = await self._list("last page", "&cursor=last")
            await asyncio.sleep(self._pause_s / 3)
            await self._list("deep page", f"&page={1 + int(found['total'] * luck.random() * 0.9 / 25)}")
        elif deed < 9:
            call_id = luck.choice(self._heard)
            await self._asked("a call", f"calls/{call_id}")
            await self._asked("annotations", f"calls/{call_id}/annotations")
        else:
            await self._asked("home", "home?days=14&tz=Asia/Shanghai")

    async def _listen(self) -> None:
        """A recording, in real time; now and then another one."""
        await asyncio.sleep(self._luck.random() * _PIECE_S)
        while True:
            call_id = self._luck.choice(self._heard)
            await self._asked("waves", f"calls/{call_id}/peaks", 1)
            at = self._luck.randrange(_LENGTH_S // 2)
            for _ in range(self._luck.randrange(1, 5)):
                begin = at * _BYTES_A_SECOND
                end = begin + _PIECE_S * _BYTES_A_SECOND - 1
                await self._asked("sound", f"calls/{call_id}/audio", 1, Range=f"bytes={begin}-{end}")
                at += _PIECE_S
                await asyncio.sleep(_PIECE_S)


def extension_of(n: int) -> str:
    """Whose recordings the person of this place may hear."""
    return str(FIRST_EXTENSION + (n % DEPARTMENTS if n % 3 == 1 else 7 * n))


def crowd(database: Database, count: int) -> list[str]:
    """People of three kinds, signed in: those who see everything, a department's, an extension's. Their cookies."""
    directory_of(database)
    tree = sorted(one.id for one in departments.everything(database))
    full = roles.create(database, f"Crowd {_MARK}", set(Permission), None).id
    masked = roles.create(
        database, f"Crowd {_MARK}, masked", set(Permission) - {Permission.FULL_NUMBERS}, None
    ).id
    now = datetime.now(UTC)
    timeouts = people.Timeouts(timedelta(hours=8), timedelta(hours=8))
    for n in range(count):
        rights = (
            people.Rights(full, kind=ScopeKind.EVERYTHING),
            people.Rights(full, kind=ScopeKind.DEPARTMENTS, departments=(tree[n % len(tree)],)),
            people.Rights(
                masked if n % 2 else full, kind=ScopeKind.EXTENSIONS, extensions=(extension_of(n),)
            ),
        )[n % 3]
        made = people.create(database, f"crowd {_MARK} {n}", rights, "hash", now, one_time=False)
        people.open_session(database, made.id, f"crowd-{_MARK}-{n}", now, timeouts, ("127.0.0.1", "bench"))
    return [f"tapeline=crowd-{_MARK}-{n}" for n in range(count)]


def record(layout: Layout, database: Database, count: int) -> list[str]:
    """A long recording for each person; their ids. One content, many names."""
    at = np.arange(8000 * _LENGTH_S)
    tone = (np.sin(at * 0.4) * 9000).astype(np.int16)
    sound = Sound(compress(np.stack([tone, tone], axis=1), Law.ALAW), 8000, Law.ALAW)
    content, waves = layout.data / "long.wav", layout.data / "long.peaks"
    written = make(WavG711()).write(sound, content)
    waves.write_bytes(write_peaks(sound))
    found = []
    for n in range(count):
        begun = datetime.now(UTC) - timedelta(hours=2, minutes=n)
        made = make_record("13912345678", extension_of(n), at=begun, talk_s=float(_LENGTH_S))
        known = made.recording
        assert known is not None
        path = layout.archive / known.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(content)
        (layout.archive / known.peaks_file).hardlink_to(waves)
        made.recording = Recording(
            file=known.file, format="wav_g711", sha256=written.sha256, bytes=written.bytes, sample_rate_hz=8000,
            channels=2, starts_at=begun, length_s=float(_LENGTH_S), peaks_file=known.peaks_file,
        )  # fmt: skip
        calls.index(database, made)
        found.append(made.call.call_id)
    return found


def prepare(layout: Layout, count: int, apart_s: float) -> list[Path]:
    """Bundles of the calls that will end, made before the clock runs."""
    apart = Layout(layout.data / "crowd").make()
    found = []
    for n in range(count):
        at = datetime.now(UTC) + timedelta(seconds=n * apart_s)
        extension = str(FIRST_EXTENSION + (n * 37) % _EXTENSIONS)
        found.append(
            make_bundle(
                apart,
                talk_s=_TALK_S,
                at=at,
                caller=f"138{n:08}",
                callee=extension,
                call_id=sortable_id(to_ns(at)),
            )
        )
    return found


async def end_calls(layout: Layout, bundles: list[Path], apart_s: float) -> None:
    """Hand the bundles over, one by one."""
    for bundle in bundles:
        bundle.rename(layout.spool_ready / bundle.name)
        await asyncio.sleep(apart_s)


async def trivial(port: int, kept: Kept) -> None:
    """What a request costs that asks nothing of the index."""
    line = Line(port, "")
    try:
        while True:
            begun = time.perf_counter()
            await line.get("session")
            kept.add("(nothing asked)", time.perf_counter() - begun)
            await asyncio.sleep(0.1)
    finally:
        line.close()


async def one_by_one(port: int, pid: int, cookies: list[str], recordings: list[str]) -> None:
    """Each question alone: what it takes of the processor, which no other load changes much."""
    month = "&from=2026-09-01T00:00:00Z&to=2026-10-01T00:00:00Z"
    found = json.loads((await Line(port, cookies[0]).get("calls"))[1])
    ids = quote(",".join(row["call_id"] for row in found["calls"]))
    questions = {
        "(nothing asked)": "session?lang=en",
        "newest": "calls?page_size=25",
        "annotations": f"annotations?ids={ids}",
        "number contains": "calls?page_size=25&number=4711",
        "contains, a month": "calls?page_size=25&number=471" + month,
        "missed": "calls?page_size=25&call_type=missed",
        "longest of a month": "calls?page_size=25&sort=-duration" + month,
        "last page": "calls?page_size=25&cursor=last",
        "deep page": f"calls?page_size=25&page={found['total'] // 50}",
        "a call": f"calls/{recordings[0]}",
        "home": "home?days=14&tz=Asia/Shanghai",
        "waves": f"calls/{recordings[0]}/peaks",
        "sound": f"calls/{recordings[0]}/audio",
    }
    print("    one by one: ms of the processor a request (whoever sees all, a department's, an extension's)")
    for title, path in questions.items():
        told = []
        for n in (0, 1, 2):
            asked = path.replace(recordings[0], recordings[n])
            line = Line(port, "" if title.startswith("(") else cookies[n])
            headers = {"Range": f"bytes=0-{_PIECE_S * _BYTES_A_SECOND - 1}"} if title == "sound" else {}
            await line.get(asked, **headers)
            before = cpu_s(pid)
            for _ in range(_ASKED):
                await line.get(asked, **headers)
            told.append(1000 * (cpu_s(pid) - before) / _ASKED)
            line.close()
        print(f"    {title:<20} " + "  ".join(f"{value:7.1f}" for value in told))


@contextlib.asynccontextmanager
async def running(*works: Coroutine[Any, Any, None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def busy_s() -> float:
    """Processor seconds of the whole machine that were not idle."""
    fields = [int(value) for value in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / _TICKS


def tell(title: str, took: list[float]) -> None:
    values = sorted(value * 1000 for value in took)
    if len(values) < 2:
        return
    at = [values[min(len(values) - 1, int(len(values) * part))] for part in (0.5, 0.95, 0.99)]
    print(
        f"    {title:<20} {len(values):6} asked   p50 {at[0]:7.1f}   p95 {at[1]:7.1f}   p99 {at[2]:7.1f}   worst {values[-1]:7.1f} ms"
    )


async def measure(
    layout: Layout,
    daemons: Daemons,
    port: int,
    crowd_of: list[Somebody],
    options: argparse.Namespace,
    kept: Kept,
) -> None:
    apart_s = 60 / options.a_minute
    bundles = prepare(layout, int((options.seconds + _WARM_S) / apart_s), apart_s)
    alone = Kept(is_on=True)
    async with running(trivial(port, alone)):
        await asyncio.sleep(3)
    tell("(nothing asked), idle", alone.took["(nothing asked)"])
    pids = {name: daemons.pid(name) for name in ("webadmin", "archiver", "broker")}
    async with running(
        trivial(port, kept), end_calls(layout, bundles, apart_s), *(somebody.live() for somebody in crowd_of)
    ) as tasks:
        await asyncio.sleep(_WARM_S)
        begun, all_busy, own = time.monotonic(), busy_s(), time.process_time()
        before = {name: cpu_s(pid) for name, pid in pids.items()}
        kept.is_on = True
        await asyncio.sleep(options.seconds)
        kept.is_on = False
        lasted = time.monotonic() - begun
        spent = {name: 100 * (cpu_s(pid) - before[name]) / lasted for name, pid in pids.items()}
        spent["this bench"] = 100 * (time.process_time() - own) / lasted
        whole = 100 * (busy_s() - all_busy) / lasted
        over = [task for task in tasks if task.done() and task.exception()]
        kept.failed += [repr(task.exception()) for task in over]
    everything = [value for kind, values in kept.took.items() if not kind.startswith("(") for value in values]
    print(
        f"crowd: {len(crowd_of)} people, {options.a_minute} calls a minute, {len(everything) / lasted:.0f} requests/s"
    )
    tell("all", everything)
    for kind, values in sorted(kept.took.items()):
        tell(kind, values)
    others = whole - sum(spent.values())
    print(
        "    processor, % of one of "
        f"{os.cpu_count()}: " + ", ".join(f"{name} {value:.0f}" for name, value in spent.items())
        + f", others of this machine {others:.0f}; load {os.getloadavg()[0]:.1f}"
    )  # fmt: skip
    print(f"    calls archived and indexed meanwhile: {indexed(layout, bundles)} of {len(bundles)}")
    for line in dict.fromkeys(kept.failed):
        print(f"    FAILED {line}")


def indexed(layout: Layout, bundles: list[Path]) -> int:
    """How many of the handed-over calls have a row."""
    database = open_database(layout)
    try:
        ids = json.dumps([bundle.name for bundle in bundles])
        return int(
            database.execute(
                "SELECT count(*) FROM calls WHERE call_id IN (SELECT value FROM json_each(?))", (ids,)
            )[0][0]
        )
    finally:
        database.close()


@contextlib.contextmanager
def served(layout: Layout) -> Iterator[tuple[Daemons, int]]:
    daemons = Daemons(layout)
    try:
        port = free_port()
        daemons.broker()
        daemons.start("archiver")
        daemons.start("webadmin", "--port", str(port))
        yield daemons, port
    finally:
        daemons.close()


def report(layout: Layout, database: Database, options: argparse.Namespace) -> None:
    """Make the crowd, let it loose, tell."""
    cookies = crowd(database, options.people)
    recordings = record(layout, database, options.people)
    kept = Kept()
    with served(layout) as (daemons, port):
        everybody = [
            Somebody(n, port, cookie, recordings if n % 3 == 0 else [recordings[n]], kept, options.pause_s)
            for n, cookie in enumerate(cookies)
        ]
        asyncio.run(one_by_one(port, daemons.pid("webadmin"), cookies, recordings))
        if not options.alone:
            asyncio.run(measure(layout, daemons, port, everybody, options, kept))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument(
        "--data", type=Path, help="an index made before, by the section search or by this one"
    )
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--a-minute", type=int, default=100)
    parser.add_argument("--pause-s", type=float, default=4.0, help="the mean between two acts of one person")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--alone", action="store_true", help="only what each question costs by itself")
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))
    layout = Layout(folder).make()
    database = open_database(layout)
    try:
        if calls.is_empty(database):
            fill(database, Shape(options.calls))
        report(layout, database, options)
    finally:
        database.close()
        if options.data is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
