"""`make bench`: what recording costs, beside the cheapest program that reads the same file.

Each pair runs in turn, `tcpdump -r F -w /dev/null` and `tapeline import F`, so that a machine whose speed drifts
drifts for both; the median of the ratios is what counts. CPU seconds are user + system of all processes.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.rigs.traffic import Plan, make


def measure(command: list[str]) -> tuple[float, float, int]:
    """CPU seconds, wall seconds and the peak resident size (KiB) of one run.

    A fork of its own, so that RUSAGE_CHILDREN holds this run alone.
    """
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        started = time.monotonic()
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        facts = [used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss, done.returncode]
        os.write(writer, json.dumps(facts).encode())
        if done.returncode:
            sys.stderr.write(done.stderr.decode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        cpu_s, wall_s, peak_kib, code = json.load(pipe)
    if code:
        message = f"{command[0]} ended with {code}"
        raise SystemExit(message)
    return cpu_s, wall_s, peak_kib


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, nargs="+", default=[200, 1000, 2000])
    parser.add_argument("--talk-s", type=float, default=30.0)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tapeline-bench-"))
    print("calls  packets    program               CPU s   wall s  packets/CPU-s  calls/s  peak MiB  ratio")
    try:
        for calls in options.calls:
            capture = folder / f"c{calls}.pcap"
            truth = make(Plan(calls=calls, talk_s=options.talk_s, per_s=max(40.0, calls / 10)), capture)
            floor, ours = [], []
            for run in range(options.runs):
                floor.append(measure(["tcpdump", "-r", str(capture), "-w", "/dev/null"]))
                data = folder / f"data{run}"
                tapeline = str(Path(sys.executable).with_name("tapeline"))
                ours.append(measure([tapeline, "import", str(capture), "--data", str(data)]))
                shutil.rmtree(data)
            ratio = statistics.median(mine[0] / theirs[0] for mine, theirs in zip(ours, floor, strict=True))
            for name, runs in (("tcpdump -w /dev/null", floor), ("tapeline import", ours)):
                cpu_s, wall_s = (
                    statistics.median(run[0] for run in runs),
                    statistics.median(run[1] for run in runs),
                )
                archived = f"{calls / wall_s:7.0f}" if runs is ours else "       "
                shown = f"{ratio:5.1f}x" if runs is ours else "     1"
                print(
                    f"{calls:5}  {truth.packets:9}  {name:<20} {cpu_s:6.2f}  {wall_s:6.2f}  {truth.packets / cpu_s:13,.0f}"
                    f"  {archived}  {max(run[2] for run in runs) / 1024:8.0f}  {shown}"
                )
            capture.unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
