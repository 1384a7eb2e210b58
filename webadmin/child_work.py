"""What the panel's child processes have in common: told once what to do, they tell how far they are, and why not."""

import errno
import os
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from appliance.core.errors import ApplianceError, Full
from appliance.core.text import Language, Text
from appliance.system.child import end_with_parent, parent

_NICENESS = 10
_TELL_EVERY_S = 0.25
_UNWRITTEN = Text(
    en="It could not be written ({problem}). Begin anew; if it fails again, look at the storage page.",
    zh="写入失败（{problem}）。请重新开始；若仍失败，请检查存储页面。",
)

_encoder = msgspec.json.Encoder()


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """It cannot be done, and what the reader may know of it."""

    en: str
    zh: str

    def render(self, language: Language) -> str:
        """In the reader's language; it is no pattern any more, whatever stands in it."""
        return self.zh if language == "zh" else self.en


class Teller:
    """Tells how far it came, four times a second at most; None has nobody to be told."""

    def __init__(self, link: Connection | None) -> None:
        self._link = link
        self._told_s = 0.0

    def __call__(self, progress: msgspec.Struct) -> None:
        """That much is done."""
        now_s = time.monotonic()
        if self._link is not None and now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._link.send_bytes(_encoder.encode(progress))


def work(wanted: type[Any], do: Callable[[Any, Teller], msgspec.Struct]) -> None:
    """Receive what is wanted (it names its data directory `data`), do it, tell the outcome and end."""
    end_with_parent()
    os.nice(_NICENESS)
    link = parent(int(sys.argv[1]))
    order = msgspec.json.decode(link.recv_bytes(), type=wanted)
    try:
        told = do(order, Teller(link))
    except OSError as error:
        told = failed(error, order.data)
    except ApplianceError as error:
        told = refused(error)
    link.send_bytes(_encoder.encode(told))
    link.close()


def refused(error: ApplianceError) -> Failed:
    """What an error says."""
    return Failed(en=error.message(), zh=error.message("zh"))


def failed(error: OSError, path: str) -> Failed:
    """Why the disk with this path did not take it; never a file's own name, which tells numbers."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return refused(Full(path=path))
    facts = {"problem": error.strerror or type(error).__name__}
    return Failed(en=_UNWRITTEN.render("en", **facts), zh=_UNWRITTEN.render("zh", **facts))
