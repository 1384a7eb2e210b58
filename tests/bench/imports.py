"""What an import costs, beside the cheapest programs that read, or copy, the same file.

The three run in turn, so that a machine whose speed drifts drifts for all; the medians of the ratios are what counts.
Nothing is deleted between the runs: a file system that has just lost thousands of files makes new ones more slowly, and
not for everyone alike. All find the capture in the page cache: an import gives back what it has read, so that it is
brought there each time. The archiver alone is measured on bundles of the same calls, as a live recorder leaves them.
Where VoIPmonitor is installed it does the same work in each turn, without its database and without quality charts.
"""

import shutil
import statistics
import sys
from pathlib import Path

from tests.bench.measure import Run, measure
from tests.rigs.traffic import Plan, make

_TAPELINE = str(Path(sys.executable).with_name("tapeline"))
_ARCHIVE = """
import sys
from pathlib import Path
from appliance.archive.pipeline import Archiver
from appliance.core.files import Layout
from appliance.settings.storage import load
from appliance.store.database import open_database
layout = Layout(Path(sys.argv[1]))
database = open_database(layout)
archiver = Archiver(layout, load(layout), database)
done = archiver.run_pending()
archiver.close()
sys.exit(len(done) != int(sys.argv[2]))
"""
_SPOOL = """
import sys
from pathlib import Path
from appliance.capture.replay import Replay
from appliance.core.files import Layout
from appliance.settings.storage import load
layout = Layout(Path(sys.argv[1])).make()
Replay([Path(sys.argv[2])], load(layout).capture, layout).run(lambda _: None)
"""

_RIVAL = shutil.which("voipmonitor")
_RIVAL_SETTINGS = """
[general]
spooldir = {spool}
nocdr = yes
savesip = no
savertp = no
savegraph = no
saveaudio = wav
sipport = 5060
managerport = 0
"""


def report(folder: Path, calls: list[int], talk_s: float, runs: int) -> None:
    """Print the section; `folder` holds captures and archives until it is removed."""
    print("import: a capture file of G.711 calls to archived, hashed, indexed WAV with waveforms")
    print(
        "calls  packets    program               CPU s (system)   wall s  packets/CPU-s  peak MiB  ratio of CPU"
    )
    for count in calls:
        capture = folder / f"c{count}.pcap"
        truth = make(Plan(calls=count, talk_s=talk_s, per_s=max(40.0, count / 10)), capture)
        read, copy, ours, theirs = [], [], [], []
        for run in range(runs):
            read.append(_cached(capture, ["tcpdump", "-r", str(capture), "-w", "/dev/null"]))
            copy.append(
                _cached(capture, ["tcpdump", "-r", str(capture), "-w", str(folder / f"copy{count}-{run}")])
            )
            ours.append(
                _cached(
                    capture, [_TAPELINE, "import", str(capture), "--data", str(folder / f"i{count}-{run}")]
                )
            )
            if _RIVAL is not None:
                theirs.append(_rival(_RIVAL, capture, count, folder / f"voipmonitor{count}-{run}"))
        _line(count, truth.packets, "tcpdump -w /dev/null", read, "")
        _line(count, truth.packets, "tcpdump -w FILE", copy, "1")
        ratios = f"{_ratio(ours, copy):.1f} ({_ratio(ours, read):.0f} of /dev/null)"
        _line(count, truth.packets, "tapeline import", ours, ratios)
        if theirs:
            ratio = f"{_ratio(theirs, ours):.1f} times what an import takes"
            _line(count, truth.packets, "voipmonitor, WAV", theirs, ratio)
    few = calls[min(1, len(calls) - 1)]
    bundles = folder / "bundles"
    measure([sys.executable, "-c", _SPOOL, str(bundles), str(folder / f"c{few}.pcap")])
    archived = measure([sys.executable, "-c", _ARCHIVE, str(bundles), str(few)])
    print(
        f"archiver alone, {few} bundles of {talk_s:.0f} s: {few / archived.cpu_s:.0f} calls per CPU-second, "
        f"{few / archived.wall_s:.0f} a second, peak {archived.peak_kib / 1024:.0f} MiB"
    )


def _cached(capture: Path, command: list[str]) -> Run:
    """Run a command that finds all of the capture in the page cache."""
    with capture.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass
    return measure(command)


def _rival(program: str, capture: Path, calls: int, spool: Path) -> Run:
    """The same calls by VoIPmonitor. Raises: SystemExit when a call has no recording"""
    spool.mkdir()
    settings = spool / "voipmonitor.conf"
    settings.write_text(_RIVAL_SETTINGS.format(spool=spool))
    used = _cached(capture, [program, "-k", "--config-file", str(settings), "-r", str(capture)])
    if (made := sum(1 for _ in spool.rglob("*.wav"))) != calls:
        message = f"voipmonitor: {made} recordings of {calls} calls"
        raise SystemExit(message)
    return used


def _ratio(ours: list[Run], theirs: list[Run]) -> float:
    return statistics.median(mine.cpu_s / other.cpu_s for mine, other in zip(ours, theirs, strict=True))


def _line(calls: int, packets: int, name: str, runs: list[Run], ratio: str) -> None:
    cpu_s = statistics.median(run.cpu_s for run in runs)
    system_s = statistics.median(run.system_s for run in runs)
    wall_s = statistics.median(run.wall_s for run in runs)
    peak_mib = max(run.peak_kib for run in runs) / 1024
    print(
        f"{calls:5}  {packets:9}  {name:<20}  {cpu_s:6.2f} ({system_s:5.2f})  {wall_s:7.2f}  {packets / cpu_s:13,.0f}"
        f"  {peak_mib:8.0f}  {ratio}",
        flush=True,
    )
