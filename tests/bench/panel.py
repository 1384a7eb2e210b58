"""`make bench`, the panel's part: player, wall of channels, searching, a crowd on the same index, the operation log.

`--data` keeps the invented calls (about 6 GB for ten million) for the next time.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=10_000_000)
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the operation log")
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))
    kept = ("--data", str(folder), "--calls", str(options.calls))
    sections = (
        ("player",),
        ("wall",),
        ("search", *kept),
        ("crowd", *kept),
        ("operations", "--rows", str(options.rows)),
    )
    try:
        for name, *given in sections:
            print(f"-- {name}", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.bench.{name}", *given], check=True)
    finally:
        if options.data is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
