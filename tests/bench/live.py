"""`make bench`, live: the recorder, the archiver and the broker as they are installed, behind a veth that carries a load.

`python -m tests.bench.live` – 2000 calls at once; `--setup` – 200 new calls a second, a storm of registrations and a
scan beside them. `tcpdump -w` takes the same packets in the same run: it is the floor. Every call and every INVITE is
looked up in the archive afterwards, packets and hashes of the payload against what the sender knows.
CPU is told in per cent of one core, user + system of all threads, over the part of the run with all calls up.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from appliance.core.files import Layout
from appliance.domain.bundle import Record
from appliance.settings.storage import save, validate
from tests.rigs.daemons import Daemons, tapeline
from tests.rigs.load import Load, payload_hash
from tests.rigs.mirror import sh
from tests.rigs.patience import until

_TICKS = os.sysconf("SC_CLK_TCK")
_UNANSWERED_S = 20
_FLOOR_MB = 200
_FLOOR_FILES = 2
_LOSSES = (
    "kernel_drops",
    "ring_freezes",
    "write_overflow",
    "write_errors",
    "event_overflow",
    "message_overflow",
    "flow_overflow",
    "hold_overflow",
    "hold_expired",
)


def cpu_s(pid: int) -> float:
    """User and system time of a process with all its threads, and of its children, those that are over too."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = " ".join(
            Path(path).read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")
        ).split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS + sum(cpu_s(int(child)) for child in children)


def threads_cpu_s(pid: int) -> dict[str, float]:
    """User and system time by the names of threads."""
    found: Counter[str] = Counter()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            fields = (task / "stat").read_text().rpartition(")")[2].split()
            found[(task / "comm").read_text().strip()] += sum(map(int, fields[11:13])) / _TICKS
    return found


def _bundles(place: Path) -> int:
    with os.scandir(place) as entries:
        return sum(1 for _ in entries)


def resident_mib(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def come_first() -> None:
    """Programs of other sessions yield to those of this run: a switch does not wait for anybody's processor.

    Source: sched(7), the autogroup feature
    """
    with contextlib.suppress(OSError):
        os.setsid()
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text("-15")


@dataclass
class Sample:
    """One second of a run; `cpu` is in seconds since the start of each program."""

    at_s: float
    cpu: dict[str, float]
    threads: dict[str, float]
    packets: int
    recorder_mib: float
    archiver_mib: float
    opened: int
    ready: int


@dataclass
class Outcome:
    """What is told of a run. Units: per cent of one core, MiB; `sent` is what the sender says of itself."""

    load: dict[str, object]
    steady_s: float = 0.0
    steady_kpps: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    threads: dict[str, float] = field(default_factory=dict)
    recorder_mib: tuple[float, float, float] = (0.0, 0.0, 0.0)
    archiver_peak_mib: float = 0.0
    worst_ready: int = 0
    drain_s: float = 0.0
    losses: dict[str, int] = field(default_factory=dict)
    floor_dropped: int = 0
    sent: dict[str, float] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    exact: int = 0
    rows: int = 0
    scan_rows: int = 0
    problems: list[str] = field(default_factory=list)


@contextlib.contextmanager
def cable() -> Iterator[tuple[str, str, str]]:
    """A namespace, the interface in it, and the one here that is captured."""
    mark = os.getpid() % 1_000_000
    space, here, there = f"tlload{mark}", f"tlh{mark}", f"tlt{mark}"
    sh("ip", "netns", "add", space)
    try:
        sh("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", space)
        for words in (["ip"], ["ip", "-n", space]):
            name = here if len(words) == 1 else there
            sh(*words, "link", "set", name, "addrgenmode", "none")
            sh(*words, "link", "set", name, "up")
        yield space, there, here
    finally:
        sh("ip", "link", "del", here, check=False)
        sh("ip", "netns", "del", space, check=False)


class Run:
    """One load on one recorder."""

    def __init__(self, load: Load, folder: Path, *, deadline_s: float, floor: bool) -> None:
        self.outcome = Outcome(load=asdict(load))
        self._load = load
        self._layout = Layout(folder / "data").make()
        self._folder = folder
        self._deadline_s = deadline_s
        self._with_floor = floor
        self._samples: list[Sample] = []

    def go(self) -> Outcome:
        settings = {"archive": {"keep_bundle_h": 0}, "capture": {"setup_timeout_s": _UNANSWERED_S}}
        save(self._layout, validate(settings), based_on_revision=0)
        daemons = Daemons(self._layout)
        with cable() as (space, there, here), contextlib.closing(daemons):
            daemons.broker()
            daemons.start("recorder", "--interface", here)
            daemons.start("archiver")
            floor = self._floor(here)
            with self._sender(space, there) as sender:
                pids = {name: daemons.pid(name) for name in ("recorder", "archiver", "broker")}
                os.setpriority(os.PRIO_PROCESS, pids["recorder"], -10)
                pids |= {"sender": sender.pid} | ({"tcpdump": floor.pid} if floor else {})
                self._watch(sender, pids, Path(f"/sys/class/net/{here}/statistics/rx_packets"))
            if floor:
                floor.terminate()
                told = floor.communicate()[1].decode()
                dropped = [line for line in told.splitlines() if "dropped by kernel" in line]
                self.outcome.floor_dropped = int(dropped[0].split()[0]) if dropped else -1
            self._drain(daemons)
        self._judge()
        return self.outcome

    def _floor(self, interface: str) -> subprocess.Popen[bytes] | None:
        """tcpdump with as large a buffer as our ring; its files are used again so that they stay small."""
        if not self._with_floor:
            return None
        words = ["tcpdump", "-Z", "root", "-i", interface, "-B", "65536", "-C", str(_FLOOR_MB)]
        words += ["-W", str(_FLOOR_FILES), "-w", str(self._folder / "floor.pcap")]
        return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    @contextlib.contextmanager
    def _sender(self, space: str, interface: str) -> Iterator[subprocess.Popen[str]]:
        # A switch does not wait for the recorder's processor either.
        words = ["nice", "-n", "-15", "ip", "netns", "exec", space, sys.executable, "-m", "tests.rigs.load"]
        words += ["--interface", interface, "--truth", str(self._folder / "truth.json")]
        for name, value in asdict(self._load).items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        try:
            if process.stdout.readline() != "ready\n":
                raise SystemExit("the sender did not begin")
            yield process
        finally:
            process.kill()
            process.wait()

    def _watch(self, sender: subprocess.Popen[str], pids: dict[str, int], received: Path) -> None:
        assert sender.stdin is not None
        over = threading.Event()
        begun_s = time.monotonic()
        sender.stdin.write("go\n")
        sender.stdin.flush()
        threading.Thread(target=lambda: (sender.wait(), over.set()), daemon=True).start()
        while True:
            ended = over.wait(1.0)
            self._samples.append(
                Sample(
                    at_s=time.monotonic() - begun_s,
                    cpu={name: cpu_s(pid) for name, pid in pids.items()},
                    threads=threads_cpu_s(pids["recorder"]),
                    packets=int(received.read_text()),
                    recorder_mib=resident_mib(pids["recorder"]),
                    archiver_mib=resident_mib(pids["archiver"]),
                    opened=_bundles(self._layout.spool_open),
                    ready=_bundles(self._layout.spool_ready),
                )
            )
            if ended:
                return

    def _drain(self, daemons: Daemons) -> None:
        """Wait until everything is archived, and read the last counters."""
        begun_s = time.monotonic()
        places = (self._layout.spool_open, self._layout.spool_ready, self._layout.spool_work)
        until(
            lambda: not any(_bundles(place) for place in places),
            self._deadline_s,
            "every bundle to be archived",
        )
        self.outcome.drain_s = time.monotonic() - begun_s
        *_, last = (self._folder / "truth.json").read_text().splitlines()
        sent = json.loads(last)["sender"]["packets"]
        # Counters are told once a second; what is missing then is judged.
        with contextlib.suppress(AssertionError):
            until(lambda: self._counters()["kernel_received"] >= sent, what="all packets to be counted")
        self.outcome.counted = self._counters()
        daemons.close()

    def _counters(self) -> dict[str, int]:
        status = json.loads(tapeline("status", "--data", str(self._layout.data), "--json").stdout)
        (intake,) = status["intake"].values()
        counters: dict[str, int] = intake["counters"]
        return counters

    def _judge(self) -> None:
        outcome, load = self.outcome, self._load
        first = next((one for one in self._samples if one.at_s >= load.ramp_s + 1), self._samples[0])
        last = [one for one in self._samples if one.at_s <= load.run_s][-1]
        outcome.steady_s = last.at_s - first.at_s
        outcome.steady_kpps = (last.packets - first.packets) / outcome.steady_s / 1000

        def share(of: dict[str, float], since: dict[str, float]) -> dict[str, float]:
            used = {name: 100 * (at - since.get(name, 0.0)) / outcome.steady_s for name, at in of.items()}
            return {name: round(value, 1) for name, value in used.items()}

        outcome.cpu = share(last.cpu, first.cpu)
        threads = share(last.threads, first.threads)
        outcome.threads = dict(sorted(threads.items(), key=lambda row: -row[1])[:8])
        memory = [one.recorder_mib for one in self._samples]
        outcome.recorder_mib = (round(first.recorder_mib), round(last.recorder_mib), round(max(memory)))
        outcome.archiver_peak_mib = round(max(one.archiver_mib for one in self._samples))
        outcome.worst_ready = max(one.ready for one in self._samples)
        outcome.losses = {name: outcome.counted.get(name, 0) for name in _LOSSES}
        self._compare()

    def _compare(self) -> None:
        """Every call of the sender once, exactly as it was sent; a row for every INVITE of the scan."""
        outcome = self.outcome
        rows = [json.loads(line) for line in (self._folder / "truth.json").read_text().splitlines()]
        outcome.sent = rows.pop()["sender"]
        truth = {row["call_id"]: row for row in rows}
        decoder = msgspec.json.Decoder(Record)
        seen: Counter[str] = Counter()
        for path in self._layout.archive.rglob("*.json"):
            record = decoder.decode(path.read_bytes())
            name = record.call.sip_call_id
            seen[name] += 1
            outcome.rows += 1
            outcome.scan_rows += name.startswith("scan-")
            if name in truth:
                if problem := _difference(record, truth[name]):
                    outcome.problems.append(f"{name}: {problem}")
                else:
                    outcome.exact += 1
        missing = [name for name in truth if not seen[name]]
        twice = [name for name, count in seen.items() if count > 1]
        outcome.problems += [f"{name}: no row" for name in missing] + [f"{name}: twice" for name in twice]
        if outcome.scan_rows != outcome.sent["scanned"]:
            outcome.problems.append(f"{outcome.sent['scanned']} INVITEs scanned, {outcome.scan_rows} rows")
        received = outcome.counted.get("kernel_received", 0)
        if received != outcome.sent["packets"]:
            outcome.problems.append(f"{outcome.sent['packets']} packets sent, {received} reached the port")
        outcome.problems += [f"{name}: {count}" for name, count in outcome.losses.items() if count]


def _difference(record: Record, sent: dict[str, Any]) -> str:
    """What is not as it was sent."""
    if (record.call.caller.number, record.call.callee.number) != (sent["caller"], sent["callee"]):
        return "other parties"
    if record.recording is None:
        return f"not recorded: {record.reason}"
    tracks = {track.side: track for track in record.tracks}
    if len(tracks) != 2 or len(record.tracks) != 2:
        return f"{len(record.tracks)} tracks"
    for side, told in zip(("caller", "callee"), sent["sides"], strict=True):
        track = tracks[side]
        if (track.ssrc, track.packets, track.lost) != (told["ssrc"], told["packets"], 0):
            return f"{side}: {track.packets} of {told['packets']} packets, {track.lost} lost"
        if track.payload_sha256 != payload_hash(told["frame"], told["packets"]):
            return f"{side}: other audio"
    return ""


def show(title: str, outcome: Outcome) -> None:
    """The run in a few lines."""
    sent, cpu = outcome.sent, outcome.cpu
    print(
        f"\n{title}: {sent['packets']:,} packets, {sent['calls']:,} calls in {sent['wall_s']:.0f} s; load {os.getloadavg()[0]:.1f}"
    )
    print(
        f"  over {outcome.steady_s:.0f} s with all calls up, {outcome.steady_kpps:.0f},000 packets/s, per cent of one core:"
    )
    for name in ("recorder", "tcpdump", "archiver", "broker", "sender"):
        if name in cpu:
            print(f"    {name:<10} {cpu[name]:6.1f}")
    print("  recorder's threads: " + ", ".join(f"{name} {used}" for name, used in outcome.threads.items()))
    begin, end, peak = outcome.recorder_mib
    print(
        f"  recorder's memory: {begin} MiB at the begin, {end} at the end, {peak} at most; archiver {outcome.archiver_peak_mib}"
    )
    print(
        f"  at most {outcome.worst_ready} bundles waited for the archiver; all archived {outcome.drain_s:.0f} s after the end"
    )
    print(
        f"  lost: {sum(outcome.losses.values())}; by tcpdump: {outcome.floor_dropped}; sender at worst {sent['worst_late_ms']} ms late"
    )
    print(
        f"  {outcome.exact} of {sent['calls']} calls exact; {outcome.scan_rows} rows of {sent['scanned']} scanned INVITEs"
    )
    for problem in outcome.problems[:20]:
        print(f"  WRONG {problem}")


LIVE = Load(concurrent=2000, talk_s=45, run_s=60, ramp_s=12)
LONG_LIVE = Load(concurrent=2000, talk_s=90, run_s=600, ramp_s=60)
SETUP = Load(concurrent=600, talk_s=3, run_s=45, ramp_s=4, requests_per_min=50_000, scan=5000, scan_per_s=333)
LONG_SETUP = Load(
    concurrent=600, talk_s=3, run_s=300, ramp_s=4, requests_per_min=50_000, scan=100_000, scan_per_s=500
)


def measure(load: Load, *, deadline_s: float = 3600.0, floor: bool = True, keep: bool = False) -> Outcome:
    """Run one load in a scratch folder."""
    folder = Path(tempfile.mkdtemp(prefix="tapeline-live-"))
    try:
        return Run(load, folder, deadline_s=deadline_s, floor=floor).go()
    finally:
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def report(*, long: bool) -> None:
    """The part of `make bench` that is live: 2000 calls at once for a minute or ten, then new calls for one or five."""
    come_first()
    show("calls at once", measure(LONG_LIVE if long else LIVE))
    show("new calls, a storm and a scan", measure(LONG_SETUP if long else SETUP))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--setup", action="store_true", help="many short calls, a storm and a scan")
    parser.add_argument("--long", action="store_true", help="ten minutes, or five of --setup")
    parser.add_argument("--keep", action="store_true", help="leave the data behind")
    parser.add_argument("--no-floor", action="store_true", help="without tcpdump beside")
    for name, default in asdict(LIVE).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default))
    options = vars(parser.parse_args())
    come_first()
    setup, long, keep, no_floor = (options.pop(name) for name in ("setup", "long", "keep", "no_floor"))
    base = (LONG_SETUP if long else SETUP) if setup else (LONG_LIVE if long else LIVE)
    load = Load(**(asdict(base) | {name: value for name, value in options.items() if value is not None}))
    outcome = measure(load, floor=not no_floor, keep=keep)
    show("new calls" if setup else "calls at once", outcome)
    print(json.dumps(asdict(outcome) | {"counted": {}, "problems": len(outcome.problems)}))


if __name__ == "__main__":
    main()
