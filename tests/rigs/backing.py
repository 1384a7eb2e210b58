"""A keeper of backups in a process of its own that kills itself at a named step.

python -m tests.rigs.backing DATA STEP COUNT      # SIGKILL when STEP comes for the COUNTth time; "never" = not
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from appliance.backup.desk import Deed, Desk, Run
from appliance.backup.keeper import Keeper
from appliance.core.clock import Clock, SystemClock
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.settings.root import Settings


def keep_in_a_child(layout: Layout, step: str = "never", count: int = 1) -> int:
    """The child does all that waits; its exit status, -9 when the step came."""
    command = [sys.executable, "-m", "tests.rigs.backing", str(layout.data), step, str(count)]
    return subprocess.run(command, check=False, timeout=300, cwd=Path(__file__).parents[2]).returncode


def save(layout: Layout, **backup: object) -> Settings:
    """Save settings of backups."""
    current = storage.load(layout)
    content = msgspec.to_builtins(current) | {"backup": backup}
    return storage.save(layout, storage.validate(content), current.revision)


def do(layout: Layout, deed: Deed, by: str = "eva", clock: Clock | None = None) -> Run:
    """Wish, have everything done, and say how it went."""
    desk = Desk(layout)
    wish = desk.ask(deed, by)
    with contextlib.closing(Keeper(layout, clock or SystemClock())) as keeper:
        while keeper.round(storage.load(layout)):
            pass
        keeper.summary(storage.load(layout))
    runs = [run for run in desk.state().runs if run.id == wish.id]
    assert runs, f"nothing is told of {deed}"
    return runs[0]


def main() -> None:
    folder, fatal, left = sys.argv[1], sys.argv[2], [int(sys.argv[3])]

    def step(name: str) -> None:
        if name == fatal:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    layout = Layout(Path(folder)).make()
    keeper = Keeper(layout, SystemClock(), step)
    while keeper.round(storage.load(layout)):
        pass


if __name__ == "__main__":
    main()
