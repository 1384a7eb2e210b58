"""What is written down beside an export, so that it outlives the panel that made it; never a password, nor what follows from one.

Two files: what was ordered and by whom, written when it is begun, and what came out, written by the child at its end.
When the first was touched last is when the export was used last.
"""

import contextlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import msgspec

from appliance.core import log
from appliance.core.files import Layout, sync_file_system, write_atomically
from webadmin.export_order import Order, Prepared

RECORD_FILE = "export.json"
PREPARED_FILE = "prepared.json"
_MODE = 0o600
_MOST_BYTES = 16 * 1024 * 1024
"""Ten thousand ticked calls and a scope of as many extensions are one."""

Noted = TypeVar("Noted", bound=msgspec.Struct)

_logger = log.get(__name__)
_encoder = msgspec.json.Encoder()


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An export as it was begun. `encrypted`: a password belongs to it, which whoever fetches must know."""

    order: Order
    name: str
    masked: bool
    encrypted: bool
    begun_at: Annotated[datetime, msgspec.Meta(tz=True)]


class Found(NamedTuple):
    """An export that was left by an earlier life of the panel; `prepared` is None while it was not ready."""

    id: str
    record: Record
    used_at: datetime
    prepared: Prepared | None


def begin(folder: Path, record: Record) -> None:
    """Make the folder, and write the record into it.

    Raises: OSError
    """
    folder.mkdir(0o700, parents=True)
    write_atomically(folder / RECORD_FILE, _encoder.encode(record), mode=_MODE)
    used(folder, record.begun_at)


def finish(folder: Path, prepared: Prepared) -> None:
    """Note that everything is in the folder, once it would survive a power cut.

    Raises: OSError
    """
    sync_file_system(folder)
    write_atomically(folder / PREPARED_FILE, _encoder.encode(prepared), mode=_MODE)


def used(folder: Path, at: datetime) -> None:
    """Note when it was used last; one whose folder has vanished needs no note."""
    with contextlib.suppress(OSError):
        os.utime(folder / RECORD_FILE, (at.timestamp(), at.timestamp()))


def found(layout: Layout) -> list[Found]:
    """All that an earlier life of the panel left; whatever else lies there is removed, what is damaged told in the log."""
    every: list[Found] = []
    try:
        paths = sorted(layout.exports.iterdir()) if layout.exports.is_dir() else []
    except OSError as error:
        _logger.warning("exports cannot be looked for", extra={"problem": error.strerror})
        return every
    for path in paths:
        one = _read(path, layout)
        if one is None:
            remove(path)
        else:
            every.append(one)
    return every


def empty(folder: Path) -> None:
    """Leave nothing but the record: what else is there can be given out no more."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name != RECORD_FILE:
                remove(path)


def remove(path: Path) -> None:
    """A folder with all that is in it, or a file; a link, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _read(folder: Path, layout: Layout) -> Found | None:
    path = folder / RECORD_FILE
    if folder.is_symlink() or not path.is_file():
        return None  # half begun, or a packet sample
    record = _decoded(path, Record)
    if record is None:
        return None
    prepared = _decoded(folder / PREPARED_FILE, Prepared) if (folder / PREPARED_FILE).exists() else None
    try:
        used_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        used_at = record.begun_at
    order = msgspec.structs.replace(record.order, folder=str(folder), data=str(layout.data))
    return Found(folder.name, msgspec.structs.replace(record, order=order), used_at, prepared)


def _decoded(path: Path, into: type[Noted]) -> Noted | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_BYTES), type=into)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        told = {"export": path.parent.name, "file": path.name, "problem": type(error).__name__}
        _logger.warning("what was noted of an export is damaged", extra=told)
        return None
