"""Settings of the archive changed under the running box: each holds for the next call."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.core.files import MEDIA_FILE, Layout
from appliance.domain.bundle import Record
from appliance.domain.ledger import Mark, Reason
from appliance.media.pcm import SILENT_CODE, Law
from appliance.settings.storage import load, save, validate
from tests.rigs.daemons import Daemons, daemons, record_of
from tests.rigs.mirror import MirrorLab, sh
from tests.rigs.patience import until
from tests.rigs.traffic import FRAME, Plan, make

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")


class Box:
    """Recorder and archiver on a mirror port on which captures are played."""

    def __init__(self, lab: MirrorLab, running: Daemons, folder: Path) -> None:
        self.layout = running.layout
        self._lab, self._folder = lab, folder
        self._calls = 0

    def settings(self, **archive: Any) -> None:
        save(self.layout, validate({"archive": archive}), load(self.layout).revision)

    def call(self, loss: float = 0.0) -> Record:
        """One call of three seconds, archived."""
        self._calls += 1
        path = self._folder / f"{self._calls}.pcap"
        plan = Plan(calls=1, first=10 * self._calls, talk_s=3, loss=loss, seed=self._calls)
        (truth,) = make(plan, path).calls
        sh(*self._lab.inside(self._lab.bridge, "tcpreplay", "--quiet", "--intf1", "mirror", str(path)))
        return record_of(self.layout, truth["call_id"], 60)

    def codes(self, record: Record) -> np.ndarray:
        """The A-law codes of the recording [n, 2]."""
        assert record.recording is not None
        content = (self.layout.archive / record.recording.file).read_bytes()
        at = content.index(b"data") + 8
        size = int.from_bytes(content[at - 4 : at], "little")
        return np.frombuffer(content[at : at + size], np.uint8).reshape(-1, 2)

    def gaps(self, record: Record) -> int:
        """Whole frames of exact silence within the sound of either side."""
        found = 0
        for side in self.codes(record).T:
            loud = np.flatnonzero(side != SILENT_CODE[Law.ALAW])
            inside = side[loud[0] : loud[-1] + 1] == SILENT_CODE[Law.ALAW]
            edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.view(np.int8), [0]])))
            found += int(((edges[1::2] - edges[::2]) // FRAME).sum())
        return found


@pytest.fixture
def box(layout: Layout, lab: MirrorLab, tmp_path: Path) -> Iterator[Box]:
    with daemons(layout) as running:
        running.broker()
        running.start("archiver")
        running.start("recorder", "--interface", lab.mirror)
        yield Box(lab, running, tmp_path)


def test_lost_packets_are_silence_or_a_bridge_as_the_setting_says(box: Box) -> None:
    box.settings(loss_fill="silence")
    silent = box.call(loss=0.08)
    lost = sum(track.lost for track in silent.tracks)
    assert lost > 5
    assert box.gaps(silent) >= lost - 2, "a loss at the very end cannot be seen"
    box.settings(loss_fill="conceal")
    bridged = box.call(loss=0.08)
    assert sum(track.lost for track in bridged.tracks) > 5
    assert Mark.LOSS in bridged.marks or Mark.CAPTURE_LOSS in bridged.marks
    assert box.gaps(bridged) < box.gaps(silent) / 2, "only what is too long to bridge stays silent"


def test_a_call_shorter_than_the_shortest_recording_keeps_only_its_row(box: Box) -> None:
    box.settings(min_length_s=5)
    short = box.call()
    assert (short.recording, short.reason) == (None, Reason.TOO_SHORT)
    assert not list(box.layout.archive.rglob("*.wav"))
    box.settings(min_length_s=2)
    assert box.call().recording is not None


def test_packets_are_gone_with_the_call_or_kept_as_the_setting_says(box: Box) -> None:
    box.settings(keep_bundle_h=0)
    record = box.call()
    assert record.recording is not None
    assert record.bundle_kept_until is None
    until(lambda: not list(box.layout.data.glob(f"spool/*/*/{MEDIA_FILE}")), 30, "the packets to be gone")
    box.settings(keep_bundle_h=1)
    kept = box.call()
    until((box.layout.spool_kept / kept.call.call_id / MEDIA_FILE).is_file, 30, "the packets to be kept")
