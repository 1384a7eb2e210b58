"""A ZIP archive that is written nowhere: its layout follows from the sizes of its files, so any part can be made.

Entries are stored, not compressed (recordings do not shrink), and their checksums stand in front of them, as every
reader understands: each file is read once for its checksum and, from the page cache, once more for its content. What
is kept in memory is four numbers an entry.
Source: PKWARE APPNOTE 6.3.10 §4.3 (structure), §4.4.4 (bit 11: UTF-8), §4.5.3 (ZIP64)
"""

import struct
import zlib
from array import array
from bisect import bisect_right
from pathlib import Path

import msgspec

from appliance.core.errors import Corrupt
from appliance.core.text import Text
from webadmin.export_order import Entry

_UTF8 = 1 << 11
_LIMIT = 0xFFFF_FFFF
_MOST_ENTRIES = 0xFFFF
_UNKNOWN = 1 << 32
_BLOCK_BYTES = 1 << 20
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
        en="{file} has changed since the download was prepared; prepare it anew.",
        zh="准备下载后文件 {file} 已变化，请重新准备。",
    )


class Archive:
    """The archive of a list of entries, a JSON array a line."""

    def __init__(self, listing: Path) -> None:
        self._listing = listing
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
                central += _CENTRAL.size + name + (12 if offset >= _LIMIT else 0)
                offset += _LOCAL.size + name + entry.size
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

        Raises: Changed, OSError
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
        name = entry.name.encode()
        head_bytes = _LOCAL.size + len(name)
        if at < start + head_bytes:
            head = (
                _LOCAL.pack(
                    b"PK\3\4", 20, _UTF8, 0, entry.modified & 0xFFFF, entry.modified >> 16,
                    self._crc(place, entry), entry.size, entry.size, len(name), 0,
                )
                + name
            )  # fmt: skip
            return head[at - start : stop - start]
        skip = at - start - head_bytes
        wanted = min(stop - at, entry.size - skip, _BLOCK_BYTES)
        with Path(entry.path).open("rb") as file:
            file.seek(skip)
            content = file.read(wanted)
        if len(content) != wanted:
            raise Changed(file=entry.name)
        return content

    def _of_central(self, at: int, stop: int) -> bytes:
        within = at - self._central_at
        place = bisect_right(self._central, within) - 1
        entry = self._entry(place)
        name = entry.name.encode()
        offset = self._starts[place]
        is_far = offset >= _LIMIT
        extra = struct.pack("<HHQ", 1, 8, offset) if is_far else b""
        head = (
            _CENTRAL.pack(
                b"PK\1\2", _MADE_BY_UNIX, 45 if is_far else 20, _UTF8, 0, entry.modified & 0xFFFF,
                entry.modified >> 16, self._crc(place, entry), entry.size, entry.size, len(name), len(extra),
                0, 0, 0, _REGULAR_FILE, _LIMIT if is_far else offset,
            )
            + name
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
        with self._listing.open("rb") as file:
            file.seek(self._lines[place])
            return _decoder.decode(file.readline())

    def _crc(self, place: int, entry: Entry) -> int:
        if self._crcs[place] == _UNKNOWN:
            crc = size = 0
            with Path(entry.path).open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    crc = zlib.crc32(block, crc)
                    size += len(block)
            if size != entry.size:
                raise Changed(file=entry.name)
            self._crcs[place] = crc
        return self._crcs[place]
