"""An archiver in a process of its own that kills itself at a named step.

python -m tests.rigs.archiving DATA STEP COUNT      # SIGKILL when STEP comes for the COUNTth time; "never" = not
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from appliance.archive.pipeline import Archiver
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.store.database import open_database

STEPS = ("claimed", "produced", "audio", "peaks", "record", "synced", "indexed", "finished")


def archive_in_a_child(layout: Layout, step: str = "never", count: int = 1) -> int:
    """The child's exit status; -9 when the step came."""
    command = [sys.executable, "-m", "tests.rigs.archiving", str(layout.data), step, str(count)]
    return subprocess.run(command, check=False, timeout=120, cwd=Path(__file__).parents[2]).returncode


def main() -> None:
    folder, fatal, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    left = [count]

    def step(name: str, _call_id: str) -> None:
        if name == fatal:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    layout = Layout(Path(folder)).make()
    database = open_database(layout)
    archiver = Archiver(layout, storage.load(layout), database, step=step, batch=2)
    archiver.run_pending()
    archiver.close()
    database.close()


if __name__ == "__main__":
    main()
