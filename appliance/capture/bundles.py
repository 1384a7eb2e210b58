"""Bundle folders: made, renewed and handed over by one rename.

A live recorder writes *durably*: the manifest and its folder are on disk before the rename, so that a power cut never
shows a half-made bundle. An import does not: the captures are still there, and one sync at its end is enough.
"""

import os
from collections import deque
from pathlib import Path
from threading import Lock

import msgspec

from appliance.capture.engine import move_all, put_all, secure
from appliance.core import log
from appliance.core.files import CALLS_FILE, MANIFEST_FILE, Layout, fsync_directory, fsync_file
from appliance.domain.bundle import Manifest

_logger = log.get(__name__)

TAKEN_UP_FILE = "resumed"
"""In an open bundle: how often a recorder went on with it after a crash."""

MANY = 4
"""From so many bundles on, one `syncfs` is cheaper than two fsyncs of each."""

_ENCODER = msgspec.json.Encoder()


class Bundles:
    """The folders of the calls being captured.

    `open` never waits for the disk: folders are made by `make`, in any thread, before anything else is done with them.
    `renew`, `leave` and `finish` are called from one thread, in order.
    """

    def __init__(self, layout: Layout, *, durable: bool, shelf: Path | None = None) -> None:
        """`shelf`: where the folders are until they are handed over, `spool/open` when it is not told."""
        self.layout = layout
        self.durable = durable
        self.shelf = shelf or layout.spool_open
        self._opened: deque[tuple[str, bytes]] = deque()
        self._making = Lock()

    def open(self, manifest: Manifest) -> None:
        """A call begins; `make` will make its folder, unless the engine, which puts the media file there, was first."""
        self._opened.append((manifest.call.call_id, _ENCODER.encode(manifest)))

    @property
    def is_behind(self) -> bool:
        """Whether calls began for which nothing was made."""
        return bool(self._opened)

    def make(self) -> None:
        """Make the folders of calls that began, each with its manifest, so that a call in which a crash comes has a name.

        Made or refused, none waits any more when this returns. A full disk is survived until `finish`.
        """
        with self._making:
            contents = [self._opened.popleft() for _ in range(len(self._opened))]
            if contents:
                _named(
                    put_all(self.shelf, MANIFEST_FILE, contents, makes=True), [name for name, _ in contents]
                )

    def renew(self, contents: dict[str, bytes]) -> None:
        """Replace the manifests of open bundles: call id -> what `encode` gave. Lost on a full disk until the next."""
        self.make()
        _named(put_all(self.shelf, MANIFEST_FILE, list(contents.items()), makes=False), list(contents))

    def leave(self, contents: dict[str, bytes]) -> None:
        """Renew the manifests of bundles that another session may go on with: an orderly stop never counts against them."""
        self.renew(contents)
        for call_id in contents:
            (self.shelf / call_id / TAKEN_UP_FILE).unlink(missing_ok=True)
        self._secured(list(contents))

    def finish(self, manifests: list[Manifest]) -> list[Manifest]:
        """Write the final manifests and hand the bundles over; those that the disk refused, to be tried again."""
        self.make()
        contents = [(one.call.call_id, _ENCODER.encode(one)) for one in manifests]
        # A folder could not be made when the call began, if the disk was full.
        written = _named(
            put_all(self.shelf, MANIFEST_FILE, contents, makes=True), [name for name, _ in contents]
        )
        if self.durable and not self._secured(written):
            written = []
        moved = _named(move_all(self.shelf, self.layout.spool_ready, written), written)
        if self.durable and moved:
            fsync_directory(self.layout.spool_ready)
            fsync_directory(self.shelf)
        handed_over = set(moved)
        return [one for one in manifests if one.call.call_id not in handed_over]

    def finish_attempts(self, manifests: list[Manifest]) -> bool:
        """Hand many calls without packets over in one folder, which bears the first one's name; False when the disk refused."""
        shelf, name = self.layout.spool_importing, manifests[0].call.call_id
        put = put_all(shelf, CALLS_FILE, [(name, _ENCODER.encode(manifests))], makes=True)
        if not _named(put, [name]):
            return False
        try:
            if self.durable:
                secure(shelf)
            (shelf / name).rename(self.layout.spool_ready / name)
            if self.durable:
                fsync_directory(self.layout.spool_ready)
        except OSError as error:
            _refused(name, str(error))
            return False
        return True

    @staticmethod
    def encode(manifest: Manifest) -> bytes:
        """A manifest as it is stored, so that it may change while its picture is being written."""
        return _ENCODER.encode(manifest)

    def _secured(self, bundles: list[str]) -> bool:
        """Bring the manifests of bundles to the disk, of many at once."""
        try:
            if len(bundles) >= MANY:
                secure(self.shelf)
            for name in bundles if len(bundles) < MANY else ():
                fsync_file(self.shelf / name / MANIFEST_FILE)
                fsync_directory(self.shelf / name)
        except OSError as error:
            _refused("", str(error))
            return False
        return True


def _named(problems: list[str], bundles: list[str]) -> list[str]:
    """Those of the bundles that nothing was wrong with; the others are named."""
    for name, problem in zip(bundles, problems, strict=True):
        if problem:
            _refused(name, problem)
    return [name for name, problem in zip(bundles, problems, strict=True) if not problem]


def _refused(call_id: str, problem: str) -> None:
    _logger.error("the disk refused what belongs to a bundle", extra={"call": call_id, "problem": problem})


def sync_everything() -> None:
    """Bring all that was written to disk, once."""
    os.sync()
