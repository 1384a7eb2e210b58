"""Two small disks under a running archiver: one fills up, one is pulled out; every call is recorded and can be played."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.core.files import STORAGE_MARK_FILE, Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.settings import storage
from appliance.settings.paths import Shelf
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.bundles import make_bundle
from tests.rigs.daemons import Daemons, daemons, recorded, tapeline
from tests.rigs.patience import until
from tests.rigs.records import NOON

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")

MIB = 1 << 20


class Disk:
    """A tmpfs at a folder, to be pulled out and put back (as an empty one)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.mount()

    def mount(self, size: str = "8m") -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "disk", str(self.folder)], check=True)

    def hide(self) -> None:
        """As pulled out: the folder is empty, its content comes back with `show`."""
        self._away = self.folder.with_name(self.folder.name + "-away")
        self._away.mkdir(exist_ok=True)
        subprocess.run(["mount", "--move", str(self.folder), str(self._away)], check=True)

    def show(self) -> None:
        subprocess.run(["mount", "--move", str(self._away), str(self.folder)], check=True)

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)

    def close(self) -> None:
        for folder in (self.folder, self.folder.with_name(self.folder.name + "-away")):
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


class Box:
    """A running archiver with two disks; calls are handed to it through its spool."""

    def __init__(self, running: Daemons, first: Disk, second: Disk) -> None:
        self.running, self.first, self.second = running, first, second
        self.layout = running.layout
        self._calls = 0

    def call(self, talk_s: float = 1.0) -> Record:
        """One call, archived."""
        self._calls += 1
        name = make_bundle(self.layout, at=NOON + timedelta(minutes=self._calls), talk_s=talk_s).name
        return until(
            lambda: next((one for one in recorded(self.layout) if one.call.call_id == name), None),
            60,
            f"call {self._calls} in the ledger",
        )

    def state(self, shelf: Shelf) -> dict:
        status = tapeline("status", "--data", str(self.layout.data), "--json")
        return json.loads(status.stdout)["storage"].get(shelf, {})


@pytest.fixture
def box(layout: Layout) -> Iterator[Box]:
    # Mounts are moved below, which a shared parent mount does not allow.
    subprocess.run(["mount", "--bind", str(layout.data), str(layout.data)], check=True)
    subprocess.run(["mount", "--make-private", str(layout.data)], check=True)
    first, second = Disk(layout.data / "a"), Disk(layout.data / "b")
    try:
        wanted = {"first": str(first.folder), "second": str(second.folder), "keep_free_mib": 1}
        storage.save(layout, storage.validate({"paths": wanted}), 0)
        with daemons(layout) as running:
            running.broker()
            running.start("archiver")
            yield Box(running, first, second)
    finally:
        first.close()
        second.close()
        subprocess.run(["umount", "-l", str(layout.data)], check=False)


def check_playable(box: Box, record: Record) -> None:
    assert record.recording is not None
    out = box.layout.data / "out.wav"
    tapeline("export", record.call.call_id, "--data", str(box.layout.data), "--out", str(out))
    assert hashlib.sha256(out.read_bytes()).hexdigest() == record.recording.sha256


def test_a_full_disk_and_a_pulled_one_lose_no_recording(box: Box) -> None:
    before = box.call()
    assert before.recording is not None
    assert before.recording.storage == str(box.first.folder)

    ballast = box.first.folder / "ballast"
    free = os.statvfs(box.first.folder)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - MIB // 2))
    after_full = box.call()
    assert after_full.recording is not None
    assert after_full.recording.storage == str(box.second.folder), "the first path is full"
    until(lambda: storage.load(box.layout).paths.current is Shelf.SECOND, 30, "the settings to say so")
    until(lambda: box.state(Shelf.SECOND).get("instead_since"), 30, "the change-over in the news")
    assert box.state(Shelf.FIRST)["problem"] == "full"
    check_playable(box, before)
    check_playable(box, after_full)

    ballast.unlink()
    assert box.call().recording.storage == str(box.second.folder), "changed back by hand only"
    box.second.hide()
    after_pull = box.call()
    assert after_pull.recording.storage == str(box.first.folder), "the second path is gone"
    assert not list(box.second.folder.iterdir()), "nothing is written into the empty mount point"
    until(lambda: box.state(Shelf.SECOND).get("problem") == "missing", 30, "the news of it")
    check_playable(box, after_pull)
    away = tapeline(
        "export", after_full.call.call_id, "--data", str(box.layout.data), "--out", "/dev/null", check=False
    )
    assert away.returncode != 0
    box.second.show()
    until(lambda: box.state(Shelf.SECOND).get("problem") == "", 60, "the path to be good again")
    check_playable(box, after_full)

    log = box.running.log("archiver")
    assert log.count("recordings go to another storage path") == 2


def test_a_disk_that_turned_read_only_is_left_in_the_middle_of_work(box: Box) -> None:
    box.call()
    box.first.remount("ro")
    record = box.call()
    assert record.recording.storage == str(box.second.folder)
    until(lambda: box.state(Shelf.FIRST).get("problem") == "read_only", 30, "the news of it")
    check_playable(box, record)


def test_with_no_path_left_calls_wait_and_are_archived_when_one_comes_back(box: Box) -> None:
    box.call()
    box.first.hide()
    box.second.hide()
    name = make_bundle(box.layout, at=NOON + timedelta(hours=1), talk_s=1.0).name
    until(lambda: "a bundle has to wait" in box.running.log("archiver"), 30, "the bundle to wait")
    assert not list(box.first.folder.iterdir())
    box.second.show()
    until(lambda: any(one.call.call_id == name for one in recorded(box.layout)), 60, "the call in the ledger")


def test_an_index_made_anew_without_a_path_takes_its_records_in_when_it_comes_back(box: Box) -> None:
    record = box.call()
    storage.save(
        box.layout,
        storage.validate(
            {
                "paths": {
                    "first": str(box.first.folder),
                    "second": str(box.second.folder),
                    "keep_free_mib": 1,
                    "current": "second",
                }
            }
        ),
        storage.load(box.layout).revision,
    )
    other = box.call()
    assert other.recording.storage == str(box.second.folder)
    box.running.stop("archiver")
    for path in box.layout.data.glob("index.sqlite*"):
        path.unlink()
    box.first.hide()
    box.running.start("archiver")
    database = open_database(box.layout)
    until(lambda: calls.get(database, other.call.call_id, scope=EVERYTHING), 30, "the second path's records")
    assert calls.get(database, record.call.call_id, scope=EVERYTHING) is None
    box.first.show()
    until(lambda: calls.get(database, record.call.call_id, scope=EVERYTHING), 30, "the first path's records")
    database.close()
    check_playable(box, record)
    assert (box.first.folder / STORAGE_MARK_FILE).is_file()
