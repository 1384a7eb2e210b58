"""A program begins again with large pages: once, as itself, and only when nobody else has chosen."""

import os
import subprocess
import sys

_PROGRAM = """
import os, sys
from appliance.system.large_pages import begin_again
told = [os.environ.get(name, "") for name in ("GLIBC_TUNABLES", "OPENBLAS_NUM_THREADS")]
print(",".join(told), os.getpid(), *sys.argv[1:], flush=True)
begin_again()
"""


def _told(**environment: str) -> list[list[str]]:
    chosen = ("GLIBC_TUNABLES", "OPENBLAS_NUM_THREADS")
    known = {name: value for name, value in os.environ.items() if name not in chosen}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _PROGRAM, "one", "two words"],
        env=known | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [line.split(" ", 2) for line in done.stdout.splitlines()]


def test_it_begins_once_more_as_the_same_process_with_the_same_arguments() -> None:
    first, second = _told()
    assert first[0] == ","
    assert second[0].startswith("glibc.malloc.hugetlb=1:")
    assert second[0].endswith(",1")
    assert second[1:] == [first[1], "one two words"]


def test_what_somebody_chose_stays() -> None:
    (only,) = _told(GLIBC_TUNABLES="glibc.malloc.tcache_count=7")
    assert only[0] == "glibc.malloc.tcache_count=7,"
    _, again = _told(OPENBLAS_NUM_THREADS="2")
    assert again[0].endswith(",2")
