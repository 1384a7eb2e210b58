"""Bundle folders: made, renewed and handed over by one rename.

A live recorder writes *durably*: the manifest and its folder are on disk before the rename, so that a power cut never
shows a half-made bundle. An import does not: the captures are still there, and one sync at its end is enough.
"""

import os
import shutil
from pathlib import Path

import msgspec

from appliance.capture.engine import secure
from appliance.core import log
from appliance.core.files import MANIFEST_FILE, Layout, fsync_directory, write_atomically
from appliance.domain.bundle import Manifest

_logger = log.get(__name__)

TAKEN_UP_FILE = "resumed"
"""In an open bundle: how often a recorder went on with it after a crash."""

MANY = 4
"""From so many bundles on, one `syncfs` is cheaper than two fsyncs of each."""

_ENCODER = msgspec.json.Encoder()


class Bundles:
    """The folders of the calls being captured. `renew` and `finish` are called from one thread, in order."""

    def __init__(self, layout: Layout, *, durable: bool, shelf: Path | None = None) -> None:
        """`shelf`: where the folders are until they are handed over, `spool/open` when it is not told."""
        self.layout = layout
        self.durable = durable
        self.shelf = shelf or layout.spool_open

    def open(self, manifest: Manifest) -> None:
        """Make the folder; the engine makes the media file in it. A full disk is survived until `finish`.

        Live, the manifest is there at once, so that a call which begins at the moment of a crash has a name.
        """
        call_id = manifest.call.call_id
        folder = self.shelf / call_id
        try:
            folder.mkdir(exist_ok=True)
            path = folder / MANIFEST_FILE
            if self.durable and not path.exists():
                path.write_bytes(_ENCODER.encode(manifest))
        except OSError as error:
            _logger.error("no folder for a call", extra={"call": call_id, "problem": str(error)})  # noqa: TRY400

    def renew(self, contents: dict[str, bytes]) -> None:
        """Replace the manifests of open bundles: call id -> what `encode` gave. Lost on a full disk until the next."""
        for call_id, content in contents.items():
            try:
                write_atomically(self.shelf / call_id / MANIFEST_FILE, content, durable=False)
            except OSError as error:
                _logger.error(  # noqa: TRY400 - a full disk is no bug of ours
                    "manifest not written", extra={"call": call_id, "problem": str(error)}
                )

    def leave(self, contents: dict[str, bytes]) -> None:
        """Renew the manifests of bundles that another session may go on with: an orderly stop never counts against them."""
        self.renew(contents)
        for call_id in contents:
            (self.shelf / call_id / TAKEN_UP_FILE).unlink(missing_ok=True)
        self._secured()

    def finish(self, manifests: list[Manifest]) -> list[Manifest]:
        """Write the final manifests and hand the bundles over; those that the disk refused, to be tried again."""
        together = self.durable and len(manifests) >= MANY
        written = [one for one in manifests if self._write(one, durable=self.durable and not together)]
        if together and not self._secured():
            written = []
        moved = [one.call.call_id for one in written if self._move(one.call.call_id)]
        if self.durable and moved:
            fsync_directory(self.layout.spool_ready)
            fsync_directory(self.shelf)
        handed_over = set(moved)
        return [one for one in manifests if one.call.call_id not in handed_over]

    def discard(self, call_id: str) -> None:
        """Remove the open bundle of a call that turned out to be another's."""
        shutil.rmtree(self.shelf / call_id, ignore_errors=True)

    @staticmethod
    def encode(manifest: Manifest) -> bytes:
        """A manifest as it is stored, so that it may change while its picture is being written."""
        return _ENCODER.encode(manifest)

    def _write(self, manifest: Manifest, *, durable: bool) -> bool:
        """Write the final manifest; False when the disk refused."""
        call_id = manifest.call.call_id
        path = self.shelf / call_id / MANIFEST_FILE
        content = _ENCODER.encode(manifest)
        try:
            path.parent.mkdir(exist_ok=True)  # it could not be made when the call began, if the disk was full
            if self.durable:
                write_atomically(path, content, durable=durable)
            else:
                path.write_bytes(content)
        except OSError as error:
            _refused(call_id, error)
            return False
        return True

    def _secured(self) -> bool:
        """Bring the manifests of many bundles to the disk at once."""
        try:
            secure(self.shelf)
        except OSError as error:
            _refused("", error)
            return False
        return True

    def _move(self, call_id: str) -> bool:
        try:
            (self.shelf / call_id).rename(self.layout.spool_ready / call_id)
        except OSError as error:
            _refused(call_id, error)
            return False
        return True


def _refused(call_id: str, error: OSError) -> None:
    _logger.error("bundle not handed over", extra={"call": call_id, "problem": str(error)})


def sync_everything() -> None:
    """Bring all that was written to disk, once."""
    os.sync()
