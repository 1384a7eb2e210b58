"""One run of a program, measured: CPU, time, memory."""

import json
import os
import resource
import subprocess
import sys
import time
from typing import NamedTuple


class Run(NamedTuple):
    """Units: CPU seconds (user and system, of all processes of the run), wall seconds, peak resident KiB of the largest."""

    cpu_s: float
    system_s: float
    wall_s: float
    peak_kib: int


def measure(command: list[str]) -> Run:
    """Run a command to its end, which has to be a good one.

    In a fork of its own, so that RUSAGE_CHILDREN holds this run alone. Raises: SystemExit
    """
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        started = time.monotonic()
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        took_s = time.monotonic() - started
        facts = [used.ru_utime + used.ru_stime, used.ru_stime, took_s, used.ru_maxrss, done.returncode]
        os.write(writer, json.dumps(facts).encode())
        if done.returncode:
            sys.stderr.write(done.stderr.decode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        *facts, code = json.load(pipe)
    if code:
        message = f"{command[0]} ended with {code}"
        raise SystemExit(message)
    return Run(*facts)
