"""The data directory that a command is pointed at."""

import os
from pathlib import Path

from appliance.core.errors import NotFound
from appliance.core.files import Layout


def existing(data: Path) -> Layout:
    """The layout of a directory that holds calls already; nothing is made in a wrong place by a typing error.

    Raises: NotFound
    """
    layout = Layout(data.resolve())
    if not layout.spool_open.is_dir():
        raise NotFound(what=f"a data directory at {data}")
    return layout.make()


def become_owner(layout: Layout) -> None:
    """As root, go on as the user whose data it is: what root writes the recorder's programs could not."""
    owner = layout.data.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
