"""Bundle folders: made, renewed and handed over by one rename.

A live recorder writes *durably*: the manifest and its folder are on disk before the rename, so that a power cut never
shows a half-made bundle. An import does not: the captures are still there, and one sync at its end is enough.
"""

import os
import shutil
from functools import partial

import msgspec

from appliance.core import log
from appliance.core.files import MANIFEST_FILE, Layout, fsync_directory, write_atomically
from appliance.domain.bundle import Manifest

_logger = log.get(__name__)

_ENCODER = msgspec.json.Encoder()


class Bundles:
    """The folders of the calls being captured. `renew` and `finish` are called from one thread, in order."""

    def __init__(self, layout: Layout, *, durable: bool) -> None:
        self.layout = layout
        self.durable = durable

    def open(self, manifest: Manifest) -> None:
        """Make the folder; the engine makes the media file in it. A full disk is survived until `finish`.

        Live, the manifest is there at once, so that a call which begins at the moment of a crash has a name.
        """
        call_id = manifest.call.call_id
        folder = self.layout.spool_open / call_id
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
                write_atomically(self.layout.spool_open / call_id / MANIFEST_FILE, content, durable=False)
            except OSError as error:
                _logger.error(  # noqa: TRY400 - a full disk is no bug of ours
                    "manifest not written", extra={"call": call_id, "problem": str(error)}
                )

    def finish(self, manifests: list[Manifest]) -> list[Manifest]:
        """Write the final manifests and hand the bundles over; those that the disk refused, to be tried again."""
        refused = []
        for manifest in manifests:
            call_id = manifest.call.call_id
            try:
                self._write(manifest, durable=self.durable)
                (self.layout.spool_open / call_id).rename(self.layout.spool_ready / call_id)
            except OSError as error:
                _logger.error(  # noqa: TRY400
                    "bundle not handed over", extra={"call": call_id, "problem": str(error)}
                )
                refused.append(manifest)
        if self.durable and len(refused) < len(manifests):
            fsync_directory(self.layout.spool_ready)
            fsync_directory(self.layout.spool_open)
        return refused

    def discard(self, call_id: str) -> None:
        """Remove the open bundle of a call that turned out to be another's."""
        shutil.rmtree(self.layout.spool_open / call_id, ignore_errors=True)

    @staticmethod
    def encode(manifest: Manifest) -> bytes:
        """A manifest as it is stored, so that it may change while its picture is being written."""
        return _ENCODER.encode(manifest)

    def _write(self, manifest: Manifest, *, durable: bool) -> None:
        path = self.layout.spool_open / manifest.call.call_id / MANIFEST_FILE
        content = _ENCODER.encode(manifest)
        write = partial(write_atomically, path, content) if durable else partial(path.write_bytes, content)
        try:
            write()
        except FileNotFoundError:  # the folder could not be made when the call began
            path.parent.mkdir()
            write()


def sync_everything() -> None:
    """Bring all that was written to disk, once."""
    os.sync()
