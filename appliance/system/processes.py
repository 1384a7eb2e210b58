"""What our programs cost, read from /proc: the processor time and memory of each with all its children.

Source: proc_pid_stat(5), proc_pid_cmdline(5)
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
_PARENT, _USER, _SYSTEM, _THREADS, _STARTED, _RESIDENT = 1, 11, 12, 17, 19, 21  # fields after the name


class Process(NamedTuple):
    """One program. `cpu_s` since it began; memory and threads as they are now, its children's with its own."""

    process_id: int
    started_ticks: int
    cpu_s: float
    memory_bytes: int
    threads: int


class _Stat(NamedTuple):
    parent: int
    ticks: int
    threads: int
    started: int
    pages: int


def of_programs(wanted: dict[str, Sequence[Sequence[str]]], proc: Path = PROC) -> dict[str, Process]:
    """The processes whose command line holds all of a program's runs of words; those that are not there are left out."""
    stats: dict[int, _Stat] = {}
    roots: dict[str, int] = {}
    for folder in proc.iterdir():
        if not folder.name.isdigit():
            continue
        stat = _stat(folder)
        if stat is None:
            continue
        number = int(folder.name)
        stats[number] = stat
        words = _words(folder)
        for name, runs in wanted.items():
            if words and all(_holds(words, run) for run in runs):
                # A child that has kept its parent's words is not the program.
                roots[name] = min(number, roots.get(name, number), key=lambda one: stats[one].started)
    return {name: _whole(root, stats) for name, root in roots.items()}


def of_own(proc: Path = PROC) -> Process:
    """The program that asks."""
    stats = {int(one.name): stat for one in proc.iterdir() if one.name.isdigit() and (stat := _stat(one))}
    return _whole(os.getpid(), stats)


def _whole(root: int, stats: dict[int, _Stat]) -> Process:
    children: dict[int, list[int]] = {}
    for number, stat in stats.items():
        children.setdefault(stat.parent, []).append(number)
    family, waiting = [], [root]
    while waiting:
        number = waiting.pop()
        family.append(stats[number])
        waiting += children.get(number, [])
    return Process(
        process_id=root,
        started_ticks=stats[root].started,
        cpu_s=sum(one.ticks for one in family) / os.sysconf("SC_CLK_TCK"),
        memory_bytes=sum(one.pages for one in family) * os.sysconf("SC_PAGE_SIZE"),
        threads=sum(one.threads for one in family),
    )


def _stat(folder: Path) -> _Stat | None:
    """None for a process that ended while it was looked at."""
    try:
        content = (folder / "stat").read_text("ascii", "replace")
    except OSError:
        return None
    # The name in brackets may hold anything, brackets too.
    fields = content.rpartition(")")[2].split()
    return _Stat(
        parent=int(fields[_PARENT]),
        ticks=int(fields[_USER]) + int(fields[_SYSTEM]),
        threads=int(fields[_THREADS]),
        started=int(fields[_STARTED]),
        pages=int(fields[_RESIDENT]),
    )


def _words(folder: Path) -> list[str]:
    try:
        return (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
    except OSError:
        return []


def _holds(words: Sequence[str], run: Sequence[str]) -> bool:
    return any(list(words[at : at + len(run)]) == list(run) for at in range(len(words) - len(run) + 1))
