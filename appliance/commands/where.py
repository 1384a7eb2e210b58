"""The data directory that a command is pointed at."""

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
