"""Bundles of boards on the disk: opened, filled with blocks of sound, renewed, handed over by one rename.

Everything here runs in one thread, in order, so that a slow disk delays the hand-over and never the boards. What a full
disk refuses is made up for by silence as soon as there is room, so that a sample's place stays its time.
Source: ITU-T G.711 (the codes of silence), unix(7)
"""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.core import log
from appliance.core.files import LINE_SUFFIX, MANIFEST_FILE, Layout, fsync_directory, write_atomically
from appliance.domain.bundle import Manifest
from appliance.domain.call import CallEvent, CallState
from appliance.domain.doctor import Case, decode_cases
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import RATE_HZ, Gap, Line

_logger = log.get(__name__)
_encoder = msgspec.json.Encoder()
_manifests = msgspec.json.Decoder(Manifest)

_FILL_BYTES = 1 << 20


def file_name(channel: int) -> str:
    """The name of a bundle's line, by the number of its channel."""
    return f"line-{channel}{LINE_SUFFIX}"


class Block(NamedTuple):
    """Sound of one line of a bundle. `silent`: the code that stands for what is missing."""

    call_id: str
    file: str
    codes: bytes
    silent: int


class _Open:
    """A file that is being written: how much is in it, and how much should be."""

    __slots__ = ("descriptor", "gaps", "missing", "written")

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.written = 0
        self.missing = 0
        self.gaps: list[Gap] = []


class Spool:
    """The folders of calls being recorded. All methods belong to one thread.

    Units: nothing of sound is written while less than `keep_free_bytes` are free
    """

    def __init__(self, layout: Layout, keep_free_bytes: int) -> None:
        self.is_full = False
        self.keep_free_bytes = keep_free_bytes
        self._cases_of = layout.line_cases
        self._folder = layout.spool_lines
        self._ready = layout.spool_ready
        self._files: dict[tuple[str, str], _Open] = {}

    def look(self) -> None:
        """See whether there is room; asked for about once a second."""
        is_full = shutil.disk_usage(self._folder).free < self.keep_free_bytes
        if is_full is not self.is_full:
            _logger.warning("the disk is full" if is_full else "the disk has room again")
        self.is_full = is_full

    def renew(self, contents: dict[str, bytes]) -> None:
        """Write the manifests of open bundles: call id -> what `encode` gave. Lost on a full disk until the next."""
        for call_id, content in contents.items():
            path = self._folder / call_id / MANIFEST_FILE
            try:
                path.parent.mkdir(exist_ok=True)
                write_atomically(path, content, durable=False)
            except OSError as error:
                _refused("manifest not written", call_id, error)

    def write(self, blocks: list[Block]) -> None:
        """Append sound to lines of open bundles."""
        for block in blocks:
            try:
                self._write(block)
            except OSError as error:
                self.is_full = True
                _refused("sound not written", block.call_id, error)

    def shorten(self, call_id: str, file: str, samples: int) -> None:
        """Cut off what was written beyond the end of a call, which is known later than it was."""
        one = self._files.get((call_id, file))
        if one is None or one.written + one.missing <= samples:
            return
        try:
            if one.written > samples:
                os.ftruncate(one.descriptor, samples)
                one.written = samples
            one.missing = min(one.missing, samples - one.written)
        except OSError as error:
            _refused("a line could not be cut", call_id, error)

    def drop(self, call_id: str) -> None:
        """Remove the sound of a call that may not be recorded after all."""
        for key in [key for key in self._files if key[0] == call_id]:
            os.close(self._files.pop(key).descriptor)
            (self._folder / call_id / key[1]).unlink(missing_ok=True)

    def finish(self, manifests: list[Manifest]) -> list[Manifest]:
        """Write the final manifests and hand the bundles over; those that the disk refused, to be tried again."""
        refused = [one for one in manifests if not self._finish(one)]
        if len(refused) < len(manifests):
            fsync_directory(self._ready)
            fsync_directory(self._folder)
        return refused

    def cases(self, board: str) -> dict[int, Case]:
        """What the line doctor observed in an earlier life."""
        try:
            return decode_cases(self._cases_of(board).read_bytes())
        except OSError:
            return {}

    def keep_cases(self, cases: dict[str, bytes]) -> None:
        """Write down what was observed: board -> what `encode_cases` gave."""
        for board, content in cases.items():
            try:
                write_atomically(self._cases_of(board), content, durable=False)
            except OSError as error:
                _refused("observations not written", board, error)

    def close(self) -> None:
        """Let go of every file; the bundles stay."""
        for one in self._files.values():
            os.close(one.descriptor)
        self._files.clear()

    @staticmethod
    def encode(manifest: Manifest) -> bytes:
        """A manifest as it is stored."""
        return _encoder.encode(manifest)

    def _write(self, block: Block) -> None:
        one = self._files.get((block.call_id, block.file))
        if one is None:
            folder = self._folder / block.call_id
            folder.mkdir(exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            one = self._files[block.call_id, block.file] = _Open(os.open(folder / block.file, flags, 0o640))
        if self.is_full:
            one.missing += len(block.codes)
            return
        if one.missing:
            self._fill(one, block.silent)
        view = memoryview(block.codes)
        while view:
            try:
                count = os.write(one.descriptor, view)
            except OSError:
                one.missing += len(view)
                raise
            one.written += count
            view = view[count:]

    @staticmethod
    def _fill(one: _Open, silent: int) -> None:
        """Silence for what the disk had no room for."""
        at = one.written
        while one.missing:
            piece = bytes([silent]) * min(one.missing, _FILL_BYTES)
            count = os.write(one.descriptor, piece)
            one.written += count
            one.missing -= count
        one.gaps.append(Gap(at=at, samples=one.written - at))

    def _finish(self, manifest: Manifest) -> bool:
        call_id = manifest.call.call_id
        folder = self._folder / call_id
        try:
            folder.mkdir(exist_ok=True)
            manifest = self._closed(manifest)
            write_atomically(folder / MANIFEST_FILE, _encoder.encode(manifest))
            folder.rename(self._ready / call_id)
        except OSError as error:
            _refused("bundle not handed over", call_id, error)
            return False
        return True

    def _closed(self, manifest: Manifest) -> Manifest:
        """The manifest with what the disk did to its lines, whose files are brought to the disk."""
        lines: list[Line] = []
        marks = list(manifest.marks)
        for line in manifest.lines:
            one = self._files.pop((manifest.call.call_id, line.file), None)
            if one is None:
                lines.append(line)
                continue
            try:
                os.fsync(one.descriptor)
            finally:
                os.close(one.descriptor)
            gaps = list(one.gaps)
            if one.missing:
                gaps.append(Gap(at=one.written, samples=one.missing))
            if gaps and Mark.DISK_FULL not in marks:
                marks.append(Mark.DISK_FULL)
            lines.append(
                msgspec.structs.replace(line, gaps=sorted([*line.gaps, *gaps], key=lambda gap: gap.at))
            )
        return msgspec.structs.replace(manifest, lines=lines, marks=marks)


def close_all(layout: Layout) -> int:
    """Hand over what an earlier life left open, with the sound that is there; how many bundles that was."""
    closed = 0
    for folder in sorted(layout.spool_lines.iterdir()):
        if not folder.is_dir():
            continue
        try:
            _close(folder)
            folder.rename(layout.spool_ready / folder.name)
            closed += 1
        except OSError as error:
            _refused("an open bundle could not be closed", folder.name, error)
    if closed:
        fsync_directory(layout.spool_ready)
        _logger.warning("calls that were interrupted were closed", extra={"calls": closed})
    return closed


def _close(folder: Path) -> None:
    """Say in the manifest where the call was cut off; a manifest that cannot be read is the archiver's to judge."""
    try:
        manifest = _manifests.decode((folder / MANIFEST_FILE).read_bytes())
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        _logger.error("a manifest is damaged", extra={"call": folder.name, "problem": str(error)})  # noqa: TRY400 - told in words
        return
    call = manifest.call
    ends = [call.started_at]
    for line in manifest.lines:
        path = folder / line.file
        size = path.stat().st_size if path.exists() else 0
        ends.append(line.starts_at + timedelta(seconds=size / RATE_HZ))
    if call.state is not CallState.ENDED:
        call.ended_at = max(ends)
        call.state = CallState.ENDED
        call.events.append(CallEvent(at=call.ended_at, kind="timeout"))
        if call.answered_at is None:
            manifest.reason = manifest.reason or Reason.INTERRUPTED
    if Mark.INTERRUPTED not in manifest.marks:
        manifest.marks.append(Mark.INTERRUPTED)
    write_atomically(folder / MANIFEST_FILE, _encoder.encode(manifest))


def _refused(what: str, call_id: str, error: OSError) -> None:
    _logger.error(what, extra={"call": call_id, "problem": str(error)})
