"""Removes kept bundles whose time is over, and the oldest of the others when the disk runs short.

Bundles whose packets are the only copy of the audio are never removed, nor are those of a call under a legal hold,
whatever the disk says. The time stands in each bundle's
`keep.json` and is read once; a bundle without a readable one is treated as just put by.
"""

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.archive.spool import Keep
from appliance.core.clock import Clock, SystemClock
from appliance.core.files import KEEP_FILE, Layout
from appliance.domain.bundle import KEPT_FOR_GOOD

_UNREADABLE_KEPT = timedelta(hours=24)
_GONE = ".gone-"


class Reaped(NamedTuple):
    """Names of the removed bundles: because their time was over, and to make room."""

    expired: list[str]
    sacrificed: list[str]


class Reaper:
    """Looks after `spool/kept`. `held` tells the calls under a legal hold; when it cannot, nothing is removed.

    Units: below `low_bytes` of free space bundles go before their time, oldest first, until it is free again
    """

    def __init__(
        self, layout: Layout, low_bytes: int, held: Callable[[], frozenset[str]], clock: Clock | None = None
    ) -> None:
        self._held = held
        self._kept = layout.spool_kept
        self._low_bytes = low_bytes
        self._clock = clock or SystemClock()
        self._until: dict[str, datetime] = {}
        for gone in self._kept.glob(_GONE + "*"):
            shutil.rmtree(gone)

    def run(self) -> Reaped:
        """Remove what may go now.

        Raises: Later when the holds cannot be asked for
        """
        self._look()
        free = unheld(self._until, self._held())
        expired = expired_of(free, self._clock.now())
        for name in expired:
            self._remove(name)
        sacrificed: list[str] = []
        for name in sacrifices({name: end for name, end in free.items() if name in self._until}):
            if shutil.disk_usage(self._kept).free >= self._low_bytes:
                break
            self._remove(name)
            sacrificed.append(name)
        return Reaped(expired, sacrificed)

    def _look(self) -> None:
        present = {folder.name: folder for folder in self._kept.iterdir() if folder.is_dir()}
        for name in self._until.keys() - present.keys():
            del self._until[name]
        for name in sorted(present.keys() - self._until.keys()):
            self._until[name] = self._read(present[name])

    def _read(self, folder: Path) -> datetime:
        try:
            return msgspec.json.decode((folder / KEEP_FILE).read_bytes(), type=Keep).until
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return self._clock.now() + _UNREADABLE_KEPT

    def _remove(self, name: str) -> None:
        gone = self._kept / (_GONE + name)
        (self._kept / name).rename(gone)
        del self._until[name]
        shutil.rmtree(gone)


def unheld(until: Mapping[str, datetime], held: frozenset[str]) -> dict[str, datetime]:
    """The bundles whose call is under no hold; one handed over twice bears the call's name and a number."""
    return {
        name: end for name, end in until.items() if name not in held and name.rpartition(".")[0] not in held
    }


def expired_of(until: Mapping[str, datetime], now: datetime) -> list[str]:
    """Bundles whose time is over, by name."""
    return sorted(name for name, end in until.items() if end <= now and end < KEPT_FOR_GOOD)


def sacrifices(until: Mapping[str, datetime]) -> list[str]:
    """Bundles that may go early, the soonest to expire first; never one that is kept for good."""
    return sorted(
        (name for name, end in until.items() if end < KEPT_FOR_GOOD), key=lambda name: (until[name], name)
    )
