"""USB sticks opened for as long as they are needed and let go again, so that they may be pulled out at any other time.

Root mounts through the door; on a machine that is no appliance a stick is used where somebody has mounted it.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from appliance.core import log
from appliance.core.errors import ApplianceError, Later, NotFound, Refused
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.system import door, plugged
from appliance.system.door import NoHelper
from appliance.system.plugged import Stick
from appliance.system.privileged import storage as orders

_logger = log.get(__name__)


class NoStick(Later):
    """No stick is plugged in that could be used."""

    text = Text(
        en="No USB stick with a FAT or exFAT file system is plugged in.",
        zh="未插入 FAT 或 exFAT 格式的 U 盘。",
    )
    after_s = 60.0


def there(layout: Layout) -> list[Stick]:
    """The sticks that are plugged in."""
    report = plugged.read(layout)
    return report.sticks if report else []


@contextlib.asynccontextmanager
async def opened(
    layout: Layout, name: str = "", *, by: str, writable: bool = False
) -> AsyncIterator[tuple[Stick, Path]]:
    """A stick and where it is; the first one without a name.

    Raises: NoStick, NotFound, InUse, ToolFailed
    """
    sticks = there(layout)
    stick = next((one for one in sticks if name in ("", one.name)), None)
    if stick is None:
        if name:
            raise NotFound(what=name)
        raise NoStick
    place, is_ours = await _open(layout, stick, by=by, writable=writable)
    try:
        yield stick, place
    finally:
        if is_ours:
            await _close(layout, stick.name, by)


async def _open(layout: Layout, stick: Stick, *, by: str, writable: bool) -> tuple[Path, bool]:
    wish = orders.OpenStick(name=stick.name, writable=writable)
    try:
        return Path((await door.ask(layout, orders.OPEN_STICK, wish, by=by)).path), True
    except (NoHelper, Refused) as error:
        if stick.mounts and (isinstance(error, NoHelper) or error.code == "not-here"):
            return Path(stick.mounts[0]), False
        raise


async def _close(layout: Layout, name: str, by: str) -> None:
    """Somebody else may still read or write there, and lets it go then."""
    try:
        await door.ask(layout, orders.CLOSE_STICK, orders.CloseStick(name=name), by=by)
    except ApplianceError as error:
        _logger.info("a stick is not let go yet", extra={"stick": name, "problem": error.message()})
