"""A large file brought by a browser piece by piece: each is appended where it says, so an upload that broke goes on."""

import shutil
from pathlib import Path

from appliance.core.errors import Conflict, Full
from appliance.core.text import Text
from webadmin.files import Read

_SPARE_BYTES = 1 << 30


class NotNext(Conflict):
    """A piece that does not follow what is there. Facts: received."""

    text = Text(
        en="The next piece begins at {received}.",
        zh="下一段应从 {received} 开始。",
    )


class Pieces:
    """The one file that is being brought to `part`; what becomes of it when it is whole is its owner's business."""

    def __init__(self, part: Path, read: Read) -> None:
        self.part = part
        self._read = read
        self.total = 0
        self.received = 0

    @property
    def is_whole(self) -> bool:
        """Everything is there."""
        return 0 < self.total == self.received

    async def begin(self, total: int) -> None:
        """Begin anew; 0 where nobody knows how much is to come.

        Raises: Full
        """
        self.total, self.received = total, 0
        await self._read(_make_room, self.part, total)

    async def take(self, offset: int, total: int, piece: bytes) -> None:
        """Take the next piece; the first one at 0 begins anew.

        Raises: Full, NotNext
        """
        if offset == 0:
            await self.begin(total)
        if offset != self.received or total != self.total or offset + len(piece) > total:
            raise NotNext(received=self.received)
        await self._read(_append, self.part, offset, piece)
        self.received += len(piece)

    async def drop(self) -> None:
        """Forget what was brought."""
        self.forget()
        await self._read(_remove, self.part)

    def forget(self) -> None:
        """It is another's now."""
        self.total = self.received = 0


def _make_room(part: Path, total: int) -> None:
    part.parent.mkdir(exist_ok=True)
    part.unlink(missing_ok=True)
    if shutil.disk_usage(part.parent).free < total + _SPARE_BYTES:
        raise Full(path=str(part.parent))
    part.touch(mode=0o640)


def _append(part: Path, offset: int, piece: bytes) -> None:
    with part.open("r+b") as file:
        file.seek(offset)
        file.write(piece)
        file.truncate()


def _remove(part: Path) -> None:
    part.unlink(missing_ok=True)
