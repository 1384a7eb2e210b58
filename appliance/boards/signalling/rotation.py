"""Files that follow one another, named by the time of their beginning, bounded in age and bytes altogether.

The name is the index: what was heard at a time is in the last file that begins before it. What cannot be written is
counted and left out: keeping raw signalling must never stop the recording of calls.
"""

import logging
from pathlib import Path
from typing import BinaryIO

_LOG = logging.getLogger(__name__)
_DAY_NS = 86_400_000_000_000
_RETRY_NS = 10_000_000_000
_BEHIND_NS = 10_000_000_000
"""Ports are behind one another; only a clock that was set back begins a file."""


class Rotation:
    """The files of one folder; `suffix` with its dot.

    A file is closed when it has `most_file_bytes` or its first record is `longest_ns` old.
    """

    def __init__(
        self,
        folder: Path,
        suffix: str,
        *,
        keep_days: int | None,
        keep_bytes: int,
        most_file_bytes: int = 8 << 20,
        longest_ns: int = 3_600_000_000_000,
    ) -> None:
        self.folder = folder
        self.left_out = 0
        self._suffix = suffix
        self._keep_days = keep_days
        self._keep_bytes = keep_bytes
        self._most_file_bytes = min(most_file_bytes, max(keep_bytes // 4, 4096))
        self._longest_ns = longest_ns
        self._file: BinaryIO | None = None
        self._begun_ns = 0
        self._size = 0
        self._failed_ns: int | None = None

    def needs_file(self, at_ns: int) -> bool:
        """Whether the next record begins a file."""
        return (
            self._file is None
            or self._size >= self._most_file_bytes
            or not -_BEHIND_NS <= at_ns - self._begun_ns < self._longest_ns
        )

    def begin(self, at_ns: int, head: bytes) -> bool:
        """Close the file and begin another one with `head`; whether that was possible."""
        self.close()
        if self._failed_ns is not None and 0 <= at_ns - self._failed_ns < _RETRY_NS:
            return False
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._prune(at_ns)
            self._file = (self.folder / f"{at_ns:020d}{self._suffix}").open("wb")
            self._begun_ns, self._size, self._failed_ns = at_ns, 0, None
        except OSError as error:
            self._fail(at_ns, error)
            return False
        return self.write(at_ns, head)

    def write(self, at_ns: int, octets: bytes) -> bool:
        """Add to the file that was begun; what has no file is left out and counted."""
        if self._file is None:
            self.left_out += 1
            return False
        try:
            self._file.write(octets)
        except OSError as error:
            self.left_out += 1
            self._fail(at_ns, error)
            return False
        self._size += len(octets)
        return True

    def flush(self) -> None:
        """Give what was written to the system; to be called about once a second."""
        if self._file is not None:
            try:
                self._file.flush()
            except OSError as error:
                self._fail(self._begun_ns + self._longest_ns, error)

    def close(self) -> None:
        """End the file."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError as error:
                _LOG.warning("end of a file lost", extra={"path": str(self.folder), "problem": str(error)})

    def _fail(self, at_ns: int, error: OSError) -> None:
        if self._failed_ns is None:
            _LOG.warning("raw signalling left out", extra={"path": str(self.folder), "problem": str(error)})
        self._failed_ns = at_ns
        self.close()

    def _prune(self, now_ns: int) -> None:
        """Remove what is too old, and the oldest while there is too much."""
        found = files(self.folder, self._suffix)
        sizes = {path: path.stat().st_size for _, path in found}
        # Half a file of room, so that a full folder is not looked through again for each new one.
        room = self._keep_bytes - self._most_file_bytes
        total = sum(sizes.values())
        for index, (_, path) in enumerate(found):
            ended_ns = found[index + 1][0] if index + 1 < len(found) else now_ns
            is_old = self._keep_days is not None and ended_ns < now_ns - self._keep_days * _DAY_NS
            if not is_old and total <= room:
                break
            total -= sizes[path]
            path.unlink(missing_ok=True)


def files(folder: Path, suffix: str) -> list[tuple[int, Path]]:
    """The files of a folder in the order of time, with when each begins."""
    if not folder.is_dir():
        return []
    return sorted(
        (int(path.stem), path) for path in folder.iterdir() if path.suffix == suffix and path.stem.isdecimal()
    )
