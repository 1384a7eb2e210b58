"""Capture files become bundles, as fast as they can be read; no broker, no daemon.

The engine reads several files as one, merged by time: a call may begin in one file of a rotated capture and end in
another, and captures of two ports of one switch belong together.
Source: RFC 3550 §A.1 (the engine's statistics), libpcap's file format
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from appliance.capture.bundles import Bundles
from appliance.capture.engine import on_files
from appliance.capture.mirror import Mirror
from appliance.core.clock import sortable_id
from appliance.core.errors import Full
from appliance.core.files import MEDIA_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.media.packets import Recorded
from appliance.settings.capture import Capture

POLL_MS = 1000
TICK_NS = 200_000_000
COUNT_NS = 10_000_000_000


class Replayed(NamedTuple):
    """What was made of the files: the calls in order, and what could not be read.

    `known` of them were in the ledger before and were not handed over again.
    """

    call_ids: list[str]
    problems: list[str]
    counters: dict[str, int]
    unreadable_messages: int
    known: int


class Progress(NamedTuple):
    """How far it is."""

    packets: int
    bytes: int
    calls: int


class Replay:
    """One run over a list of files; the caller holds the capture lock.

    `known` tells the id of a call that is in the ledger already, so that a capture may be read twice. `direct` archives
    a call from its packets in memory, or says that it cannot: then a bundle is written. Ids follow from `name` (of the
    captures) and the moment, so that a second run after a crash makes the same; `is_taken` tells that another call has one.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        settings: Capture,
        layout: Layout,
        known: Callable[[Manifest], str | None] = lambda _: None,
        direct: Callable[[Manifest, Recorded], bool] = lambda *_: False,
        is_taken: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._engine = on_files(paths, settings, layout, in_memory=True)
        self._bundles = _Unopened(layout, durable=False, shelf=layout.spool_importing)
        self._layout = layout
        self._direct = direct
        ids = _Ids(paths, is_taken)
        self._mirror = Mirror(self._engine, self._bundles, settings, new_id=ids.make)
        self._call_ids: list[str] = []
        self._find_known = known
        self._known = 0
        self._tick_ns = 0
        self._count_ns = 0

    def run(self, on_progress: Callable[[Progress], None]) -> Replayed:
        """Read everything; every call seen is handed over when this returns.

        Raises: EngineDead, Full
        """
        while not self._mirror.origin.has_ended:
            self._mirror.handle(self._engine.poll(POLL_MS))
            if self._let_time_pass(self._engine.now_ns()):
                counters = self._engine.counters()
                on_progress(
                    Progress(counters.get("packets", 0), counters.get("bytes", 0), self._mirror.calls_seen)
                )
        self._mirror.media_counted(self._engine.streams(), self._engine.now_ns())
        self._mirror.end_all(self._engine.now_ns())
        self._hand_over(None)
        counters = self._engine.counters()
        self._engine.stop()
        return Replayed(
            self._call_ids,
            self._mirror.origin.problems,
            counters,
            self._mirror.messages.unreadable,
            self._known,
        )

    def _let_time_pass(self, now_ns: int) -> bool:
        """Whether enough time of the capture has passed to do what is due."""
        if now_ns - self._tick_ns < TICK_NS:
            return False
        self._tick_ns = now_ns
        self._mirror.tick(now_ns)
        if now_ns - self._count_ns >= COUNT_NS:
            self._count_ns = now_ns
            self._mirror.media_counted(self._engine.streams(), now_ns)
        self._hand_over(now_ns)
        return True

    def _hand_over(self, now_ns: int | None) -> None:
        manifests = []
        for leg in self._mirror.take_due(now_ns):
            leg.counted(self._engine.close(leg.call_id))
            manifest = leg.manifest(self._mirror.interface, complete=True)
            known = self._find_known(manifest)
            self._call_ids.append(known or leg.call_id)
            recorded = self._engine.take(leg.call_id)
            if known is not None:
                self._known += 1
            elif recorded is None or not self._direct(manifest, recorded):
                self._write(leg.call_id, recorded)
                manifests.append(manifest)
        if self._bundles.finish(manifests):
            raise Full(path=str(self._layout.spool_importing))

    def _write(self, call_id: str, recorded: Recorded | None) -> None:
        """Raises: Full."""
        folder = self._layout.spool_importing / call_id
        try:
            folder.mkdir(exist_ok=True)
            if recorded is None:
                self._engine.take_to(call_id, folder / MEDIA_FILE)
            else:
                recorded.save(folder / MEDIA_FILE)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise Full(path=str(folder)) from error


class _Unopened(Bundles):
    """Bundles whose folders are made when they are over, whole, and aside until then.

    In `spool/open` half a bundle would be taken for a call that a recorder was killed in, and get a row of its own.
    """

    def open(self, manifest: Manifest) -> None:
        pass


class _Ids:
    """Ids of calls that are the same whenever the same captures are read."""

    def __init__(self, paths: Sequence[Path], is_taken: Callable[[str], bool]) -> None:
        self._name = "\0".join(str(path) for path in paths)
        self._is_taken = is_taken
        self._made: Counter[int] = Counter()

    def make(self, at_ns: int) -> str:
        self._made[at_ns] += 1
        of = f"{self._name}\0{at_ns}\0{self._made[at_ns]}".encode(errors="surrogateescape")
        found = sortable_id(at_ns, int.from_bytes(hashlib.blake2b(of, digest_size=7).digest()))
        return sortable_id(at_ns) if self._is_taken(found) else found
