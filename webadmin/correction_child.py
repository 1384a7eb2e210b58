"""The child process that plans a correction of past calls: reading days of signalling takes minutes, and nobody's page waits.

`python -m webadmin.correction_child FD`: receives a `Wanted`, tells `Share` while it works and `Ready` or `Failed` at the end. It leaves
the plan in the folder: what would be corrected, and beside it all that the preview shows.
"""

import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from appliance.core.errors import ApplianceError, Full, NotFound
from appliance.core.files import Layout
from appliance.settings.storage import load
from appliance.store.database import Database
from appliance.system.child import end_with_parent, parent
from webadmin.correction_order import (
    CHANGES_FILE,
    SHOWN_FILE,
    CorrectionRow,
    Failed,
    Ready,
    Share,
    Told,
    Wanted,
)
from webadmin.correction_plan import plan

_NICENESS = 10
_TELL_EVERY_S = 0.25

_encoder = msgspec.json.Encoder()
_wanted = msgspec.json.Decoder(Wanted)


def main() -> None:
    """Plan what is wanted."""
    end_with_parent()
    os.nice(_NICENESS)
    link = parent(int(sys.argv[1]))
    wanted = _wanted.decode(link.recv_bytes())
    try:
        told: Told = prepare(wanted, Teller(link))
    except OSError as error:
        full = Full(path=wanted.folder)
        told = Failed(en=str(error) or full.message(), zh=full.message("zh"))
    except ApplianceError as error:
        told = Failed(en=error.message(), zh=error.message("zh"))
    link.send_bytes(_encoder.encode(told))
    link.close()


class Teller:
    """Tells how far it came, four times a second at most."""

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._told_s = 0.0

    def __call__(self, share: float) -> None:
        """That share is done."""
        now_s = time.monotonic()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._link.send_bytes(_encoder.encode(Share(percent=int(100 * share))))


def prepare(wanted: Wanted, teller: Teller) -> Ready:
    """Do the work.

    Raises: NotFound for a trunk that is not in the settings, Later from the index, OSError
    """
    layout, folder = Layout(Path(wanted.data)), Path(wanted.folder)
    trunk = next((one for one in load(layout).boards.trunks if one.name == wanted.trunk), None)
    if trunk is None:
        raise NotFound(what=wanted.trunk)
    changes = left = 0
    database = Database(layout.index)
    try:
        found = plan(layout, database, trunk, wanted.since, wanted.until, teller)
        with (folder / SHOWN_FILE).open("wb") as shown, (folder / CHANGES_FILE).open("wb") as order:
            for one in found.planned:
                row = CorrectionRow(
                    call_id=one.call_id,
                    at=one.at,
                    channel=one.channel,
                    before=one.before,
                    after=one.after,
                    is_left=one.correction is None,
                )
                shown.write(_encoder.encode(row) + b"\n")
                if one.correction is None:
                    left += 1
                else:
                    changes += 1
                    order.write(_encoder.encode(one) + b"\n")
    finally:
        database.close()
    return Ready(calls=found.calls, changes=changes, left=left)


if __name__ == "__main__":
    main()
