"""A ZIP archive that is written nowhere: its layout follows from the sizes of its files, so any part can be made.

Entries are stored, not compressed (recordings do not shrink), and their checksums stand in front of them, as every
reader understands: each file is read once for its checksum and, from the page cache, once more for its content. What
is kept in memory is four numbers an entry. With a password each file is encrypted; then a code behind it stands for
its checksum, and the same holds for it.
Source: PKWARE APPNOTE 6.3.10 §4.3 (structure), §4.4.4 (bit 11: UTF-8), §4.5.3 (ZIP64)
"""

import struct
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import msgspec

from appliance.core.errors import Corrupt, NotFound
from appliance.core.text import Text
from webadmin import zip_aes
from webadmin.export_order import Entry

_UTF8 = 1 << 11
_LIMIT = 0xFFFF_FFFF
_MOST_ENTRIES = 0xFFFF
_UNKNOWN = 1 << 32
_BLOCK_BYTES = 1 << 20
_KEPT_KEYS = 8
_NEEDED = 20
_NEEDED_WIDE = 45
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END_64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4sHHHHIIH")
_MADE_BY_UNIX = 3 << 8 | 45
_REGULAR_FILE = 0o100640 << 16

_decoder = msgspec.json.Decoder(Entry)


class Changed(Corrupt):
    """A file is not what it was when the archive was laid out. Facts: file."""

    text = Text(
        en="{file} is gone or has changed since the export was prepared; make the export again.",
        zh="导出准备完成后，文件 {file} 已不存在或已变化，请重新生成导出。",
    )


class ExportGone(NotFound):
    """What was prepared is no longer there. Facts: what."""

    text = Text(
        en="{what} is no longer on the recorder; make the export again.",
        zh="{what} 已不在录音设备上，请重新生成导出。",
    )


class Archive:
    """The archive of a list of entries, a JSON array a line; with a lock it opens with a password only."""

    def __init__(self, listing: Path, lock: zip_aes.Lock | None = None) -> None:
        self._listing = listing
        self._is_locked = lock is not None
        self._more = zip_aes.MORE_BYTES if lock else 0
        self._extra = zip_aes.EXTRA if lock else b""
        self._keys = lru_cache(_KEPT_KEYS)(lock.keys) if lock else None
        self._lines = array("Q")
        self._starts = array("Q")
        self._central = array("Q")
        self._crcs = array("Q")
        offset = line_at = central = 0
        with listing.open("rb") as file:
            for line in file:
                entry = _decoder.decode(line)
                name = len(entry.name.encode())
                self._lines.append(line_at)
                self._starts.append(offset)
                self._central.append(central)
                self._crcs.append(_UNKNOWN)
                line_at += len(line)
                stored = entry.size + self._more
                central += _CENTRAL.size + name + len(self._extra) + len(_wide(entry.size, stored, offset))
                offset += _LOCAL.size + name + len(self._extra) + len(_wide(entry.size, stored)) + stored
        self._central_at = offset
        self._central_bytes = central
        self._end_at = offset + central
        self._end = self._make_end()
        self.size = self._end_at + len(self._end)

    @property
    def entries(self) -> int:
        """How many files are in it."""
        return len(self._starts)

    def read(self, start: int, stop: int) -> bytes:
        """The bytes `start` to `stop`, the last not included.

        Raises: Changed, ExportGone
        """
        parts: list[bytes] = []
        at = start
        while at < stop:
            if at >= self._end_at:
                piece = self._end[at - self._end_at : stop - self._end_at]
            elif at >= self._central_at:
                piece = self._of_central(at, stop)
            else:
                piece = self._of_entry(at, stop)
            parts.append(piece)
            at += len(piece)
        return b"".join(parts)

    def _of_entry(self, at: int, stop: int) -> bytes:
        place = bisect_right(self._starts, at) - 1
        # Empty files share their neighbour's place only when their names are empty, which none is.
        entry = self._entry(place)
        start = self._starts[place]
        head = self._head(place, entry)
        if at < start + len(head):
            return head[at - start : stop - start]
        skip, size = at - start - len(head), stop - at
        if self._keys is None:
            return _content(entry, skip, min(size, _BLOCK_BYTES))
        keys = self._keys(place)
        if skip < zip_aes.HEAD_BYTES:
            return keys.head[skip : skip + size]
        skip -= zip_aes.HEAD_BYTES
        if skip < entry.size:
            return keys.encrypted(_content(entry, skip, min(size, _BLOCK_BYTES)), skip)
        skip -= entry.size
        return _code(entry, keys)[skip : skip + size]

    def _head(self, place: int, entry: Entry) -> bytes:
        extra = _wide(entry.size, entry.size + self._more) + self._extra
        return _LOCAL.pack(b"PK\3\4", *self._described(place, entry, extra)) + entry.name.encode() + extra

    def _described(self, place: int, entry: Entry, extra: bytes) -> tuple[int, ...]:
        """What stands alike before the file and in the directory."""
        stored = entry.size + self._more
        is_wide = stored >= _LIMIT
        needed = zip_aes.VERSION_NEEDED if self._is_locked else _NEEDED_WIDE if extra else _NEEDED
        return (
            needed,
            _UTF8 | zip_aes.ENCRYPTED if self._is_locked else _UTF8,
            zip_aes.METHOD if self._is_locked else 0,
            entry.modified & 0xFFFF,
            entry.modified >> 16,
            0 if self._is_locked else self._crc(place, entry),
            _LIMIT if is_wide else stored,
            _LIMIT if is_wide else entry.size,
            len(entry.name.encode()),
            len(extra),
        )

    def _of_central(self, at: int, stop: int) -> bytes:
        within = at - self._central_at
        place = bisect_right(self._central, within) - 1
        entry = self._entry(place)
        offset = self._starts[place]
        extra = _wide(entry.size, entry.size + self._more, offset) + self._extra
        head = (
            _CENTRAL.pack(
                b"PK\1\2", _MADE_BY_UNIX, *self._described(place, entry, extra), 0, 0, 0, _REGULAR_FILE,
                min(offset, _LIMIT),
            )
            + entry.name.encode()
            + extra
        )  # fmt: skip
        skip = within - self._central[place]
        return head[skip : skip + stop - at]

    def _make_end(self) -> bytes:
        count, size, offset = self.entries, self._central_bytes, self._central_at
        plain = _END.pack(
            b"PK\5\6", 0, 0, min(count, _MOST_ENTRIES), min(count, _MOST_ENTRIES), min(size, _LIMIT),
            min(offset, _LIMIT), 0,
        )  # fmt: skip
        if count < _MOST_ENTRIES and size < _LIMIT and offset < _LIMIT:
            return plain
        wide = _END_64.pack(b"PK\6\6", _END_64.size - 12, _MADE_BY_UNIX, 45, 0, 0, count, count, size, offset)
        return wide + _LOCATOR.pack(b"PK\6\7", 0, self._end_at, 1) + plain

    def _entry(self, place: int) -> Entry:
        try:
            with self._listing.open("rb") as file:
                file.seek(self._lines[place])
                return _decoder.decode(file.readline())
        except (OSError, msgspec.DecodeError) as error:
            raise ExportGone(what=self._listing.name) from error

    def _crc(self, place: int, entry: Entry) -> int:
        if self._crcs[place] == _UNKNOWN:
            crc = 0
            for block in _blocks(entry):
                crc = zlib.crc32(block, crc)
            self._crcs[place] = crc
        return self._crcs[place]


def _wide(size: int, stored: int, offset: int = 0) -> bytes:
    """The numbers that do not fit into 32 bits, as an extra field; nothing where all fit."""
    wide = [*((size, stored) if stored >= _LIMIT else ()), *((offset,) if offset >= _LIMIT else ())]
    return struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""


def _content(entry: Entry, skip: int, most: int) -> bytes:
    wanted = min(entry.size - skip, most)
    with _opened(entry) as file:
        file.seek(skip)
        content = file.read(wanted)
    if len(content) != wanted:
        raise Changed(file=entry.name)
    return content


def _blocks(entry: Entry) -> Iterator[bytes]:
    """All of a file; it must be as long as it was."""
    size = 0
    with _opened(entry) as file:
        while block := file.read(_BLOCK_BYTES):
            size += len(block)
            yield block
    if size != entry.size:
        raise Changed(file=entry.name)


def _code(entry: Entry, keys: zip_aes.Keys) -> bytes:
    code, position = keys.code(), 0
    for block in _blocks(entry):
        code.update(keys.encrypted(block, position))
        position += len(block)
    return code.digest()[: zip_aes.CODE_BYTES]


@contextmanager
def _opened(entry: Entry) -> Iterator[BinaryIO]:
    try:
        with Path(entry.path).open("rb") as file:
            yield file
    except OSError as error:
        raise Changed(file=entry.name) from error
