"""Capture files become bundles, as fast as they can be read; no broker, no daemon.

Several files are one capture when they follow one another, as a rotated capture's do: a call may go on in the next.
When time goes back, the next file is another capture: every call is ended first, so that a stranger's packets at the
same addresses do not end in it.
Source: RFC 3550 §A.1 (the engine's statistics), libpcap's file format
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from appliance.capture.bundles import Bundles
from appliance.capture.engine import on_files
from appliance.capture.mirror import Mirror
from appliance.capture.seen import EngineEvent, SipSeen
from appliance.core.errors import Full
from appliance.core.files import Layout
from appliance.settings.capture import Capture

POLL_MS = 1000
TICK_NS = 200_000_000
COUNT_NS = 10_000_000_000
BACKWARD_NS = 2_000_000_000


class Replayed(NamedTuple):
    """What was made of the files: the bundles handed over, in order, and what could not be read."""

    call_ids: list[str]
    problems: list[str]
    counters: dict[str, int]
    unreadable_messages: int


class Progress(NamedTuple):
    """How far it is."""

    packets: int
    bytes: int
    calls: int


class Replay:
    """One run over a list of files; the caller holds the capture lock."""

    def __init__(self, paths: Sequence[Path], settings: Capture, layout: Layout) -> None:
        self._engine = on_files(paths, settings, layout)
        self._bundles = Bundles(layout, durable=False)
        self._settings = settings
        self._layout = layout
        self._mirror = Mirror(self._engine, self._bundles, settings)
        self._calls_before = 0
        self._unreadable_before = 0
        self._call_ids: list[str] = []
        self._newest_ns = 0
        self._tick_ns = 0
        self._count_ns = 0

    def run(self, on_progress: Callable[[Progress], None]) -> Replayed:
        """Read everything; every call seen is handed over when this returns.

        Raises: EngineDead, Full
        """
        while not self._mirror.has_ended:
            self._take(self._engine.poll(POLL_MS))
            self._let_time_pass(self._engine.now_ns())
            counters = self._engine.counters()
            on_progress(
                Progress(
                    counters.get("packets", 0),
                    counters.get("bytes", 0),
                    self._calls_before + self._mirror.calls_seen,
                )
            )
        self._end_capture()
        counters = self._engine.counters()
        self._engine.stop()
        unreadable = self._unreadable_before + self._mirror.unreadable
        return Replayed(self._call_ids, self._mirror.problems, counters, unreadable)

    def _take(self, batch: list[EngineEvent]) -> None:
        begin = 0
        for index, event in enumerate(batch):
            if isinstance(event, SipSeen):
                if event.at_ns < self._newest_ns - BACKWARD_NS:
                    self._mirror.handle(batch[begin:index])
                    self._begin_another()
                    begin = index
                self._newest_ns = max(self._newest_ns, event.at_ns)
        self._mirror.handle(batch[begin:])

    def _let_time_pass(self, now_ns: int) -> None:
        if now_ns < self._newest_ns - BACKWARD_NS and not self._mirror.has_ended:
            self._begin_another()
        self._newest_ns = max(self._newest_ns, now_ns)
        if abs(now_ns - self._tick_ns) < TICK_NS:
            return
        self._tick_ns = now_ns
        self._mirror.tick(now_ns)
        if abs(now_ns - self._count_ns) >= COUNT_NS:
            self._count_ns = now_ns
            self._mirror.media_counted(self._engine.streams(), now_ns)
        self._hand_over(now_ns)

    def _end_capture(self) -> None:
        self._mirror.end_all(self._newest_ns)
        self._hand_over(None)

    def _begin_another(self) -> None:
        self._end_capture()
        self._calls_before += self._mirror.calls_seen
        self._unreadable_before += self._mirror.unreadable
        self._mirror = Mirror(self._engine, self._bundles, self._settings)
        self._newest_ns = self._tick_ns = self._count_ns = 0

    def _hand_over(self, now_ns: int | None) -> None:
        manifests = []
        for leg in self._mirror.take_due(now_ns):
            leg.counted(self._engine.close(leg.call_id))
            manifests.append(leg.manifest(self._mirror.interface, complete=True))
        if self._bundles.finish(manifests):
            raise Full(path=str(self._layout.spool_open))
        self._call_ids.extend(manifest.call.call_id for manifest in manifests)
