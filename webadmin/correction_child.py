"""The child process that plans a correction of past calls: reading days of signalling takes minutes, and nobody's page waits.

`python -m webadmin.correction_child FD`: receives a `Wanted`, tells `Share` while it works and `Ready` or `Failed` at the end. It leaves
the plan in the folder: what would be corrected, and beside it all that the preview shows.
"""

from pathlib import Path

import msgspec

from appliance.core.errors import NotFound
from appliance.core.files import Layout
from appliance.settings.storage import load
from appliance.store.database import Database
from webadmin.child_work import Teller, work
from webadmin.correction_order import (
    CHANGES_FILE,
    SHOWN_FILE,
    CorrectionRow,
    Ready,
    Share,
    Wanted,
)
from webadmin.correction_plan import plan

_encoder = msgspec.json.Encoder()


def main() -> None:
    """Plan what is wanted."""
    work(Wanted, prepare)


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
        found = plan(
            layout,
            database,
            trunk,
            wanted.since,
            wanted.until,
            lambda share: teller(Share(percent=int(100 * share))),
        )
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
