"""`make bench`: what recording costs, beside the cheapest programs that do the same work; one section a module here.

CPU seconds are user + system of all processes of a run.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.bench import boards, imports, live


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, nargs="+", default=[200, 1000, 2000])
    parser.add_argument("--talk-s", type=float, default=30.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to work; beside it nothing is removed")
    parser.add_argument(
        "--long", action="store_true", help="live: ten minutes of 2000 calls, five of new ones"
    )
    parser.add_argument("--only", choices=["boards", "imports", "live"], help="one section alone")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tapeline-bench-", dir=options.folder))
    try:
        if options.only in (None, "imports"):
            imports.report(folder, options.calls, options.talk_s, options.runs)
        if options.only in (None, "live"):
            live.report(long=options.long)
        if options.only in (None, "boards"):
            boards.report(folder, long=options.long)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
