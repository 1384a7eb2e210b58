"""The last twenty revisions of the settings, one file each beside the settings: who saved what when.

Only files are handled here; `storage.py` decides what is read, written and put back.
"""

import re
from datetime import datetime
from typing import Any

import msgspec

from appliance.core import log
from appliance.core.files import Layout, write_atomically

MOST = 20
_NAME = re.compile(r"([0-9]{1,18})\.json")

_logger = log.get(__name__)


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One saved state. `by` is who saved it, a person or a program, "" when not known.

    `origin` is "", "import", or "restore 7" for what revision 7 had said. `secrets` names by their paths the secrets
    that this save changed; what they are stands in no revision.
    """

    revision: int
    at: datetime
    by: str = ""
    origin: str = ""
    secrets: list[str] = []
    settings: dict[str, Any] = {}


def keep(layout: Layout, revision: Revision) -> None:
    """Write a revision down and let go of the oldest; a disk that refuses costs the history, never the save."""
    folder = layout.settings_revisions
    try:
        folder.mkdir(exist_ok=True)
        write_atomically(folder / f"{revision.revision}.json", msgspec.json.encode(revision))
        for number in _numbers(layout)[MOST:]:
            (folder / f"{number}.json").unlink(missing_ok=True)
    except OSError as error:
        _logger.warning("a revision of the settings is not kept", extra={"problem": str(error)})


def kept(layout: Layout) -> list[Revision]:
    """The revisions that can be read, the newest first."""
    return [found for number in _numbers(layout) if (found := read(layout, number)) is not None]


def read(layout: Layout, number: int) -> Revision | None:
    """One revision; None when it is not there or cannot be read."""
    try:
        content = (layout.settings_revisions / f"{number}.json").read_bytes()
        return msgspec.json.decode(content, type=Revision)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _numbers(layout: Layout) -> list[int]:
    try:
        names = [entry.name for entry in layout.settings_revisions.iterdir()]
    except OSError:
        return []
    return sorted((int(found[1]) for name in names if (found := _NAME.fullmatch(name))), reverse=True)
