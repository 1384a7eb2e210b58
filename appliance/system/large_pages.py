"""Large pages for a program that goes through much memory.

Two thousand calls are some hundred megabytes that every packet touches elsewhere: with pages of 4 KiB the processor looks
up addresses more than it works. The C library asks for pages of 2 MiB when it is told to before a program begins, and only
then, so the program begins once more. An import spends a fifth less. Not for the recorder: of thousands of half-empty
blocks every large page would be memory.

What the end of the heap holds is kept, too: each call would give a large page back and have it cleared again. The two
limits are those that the library itself comes to after one long call. NumPy's library starts a thread a core as soon as it
is loaded, for sums that are not made here, and they turn in circles for a while first: they are left out, too.
Source: the GNU C Library's manual, "Memory Allocation Tunables" (glibc.malloc), madvise(2), MADV_HUGEPAGE
"""

import os
import sys

_TUNABLES = "GLIBC_TUNABLES"
_THREADS = "OPENBLAS_NUM_THREADS"
_LARGE = (
    f"glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold={32 << 20}:glibc.malloc.trim_threshold={64 << 20}"
)


def begin_again() -> None:
    """Begin this program once more with large pages, under the same process id; does nothing the second time.

    To be called before anything that costs. Whoever has set tunables of the C library knows better and is left alone.
    """
    if _TUNABLES in os.environ or not sys.executable:
        return
    os.environ[_TUNABLES] = _LARGE
    os.environ.setdefault(_THREADS, "1")
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the very program that runs already
