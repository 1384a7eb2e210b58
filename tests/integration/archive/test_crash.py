"""`kill -9` at every step, and a full disk: exactly one record and one file, nothing lost, nothing half."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from appliance.archive.pipeline import Archiver
from appliance.core.errors import Full
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.settings import storage
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.archiving import STEPS, archive_in_a_child
from tests.rigs.bundles import make_bundle
from tests.rigs.patience import until


def check_all_archived_once(layout, names):
    database = open_database(layout)
    page = calls.find(database, calls.CallFilter(recorded=True), scope=EVERYTHING)
    assert sorted(row.call_id for row in page.calls) == sorted(names)
    by_call = {name: list(layout.archive.rglob(f"{name}_*")) for name in names}
    for name, paths in by_call.items():
        assert sorted(path.suffix for path in paths) == [".json", ".peaks", ".wav"]
        (wav,) = (path for path in paths if path.suffix == ".wav")
        record = msgspec.json.decode(wav.with_suffix(".json").read_bytes(), type=Record)
        assert record == calls.get(database, name, scope=EVERYTHING)
        assert hashlib.sha256(wav.read_bytes()).hexdigest() == record.recording.sha256
        assert (layout.spool_kept / name).is_dir()
    database.close()
    everything = [path for path in layout.archive.rglob("*") if path.is_file()]
    assert len(everything) == 3 * len(names), "nothing else may lie in the archive"
    assert not [
        *layout.spool_ready.iterdir(),
        *layout.spool_work.iterdir(),
        *layout.spool_quarantine.iterdir(),
    ]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_one_record_and_one_file(layout, step, count):
    names = [make_bundle(layout).name for _ in range(3)]
    assert archive_in_a_child(layout, step, count) == -9
    assert archive_in_a_child(layout) == 0
    check_all_archived_once(layout, names)


def test_kills_one_after_the_other_lose_nothing(layout):
    names = [make_bundle(layout).name for _ in range(3)]
    for step in ("produced", "audio", "record", "indexed"):
        archive_in_a_child(layout, step)
    assert archive_in_a_child(layout) == 0
    check_all_archived_once(layout, names)


def test_a_format_changed_between_two_attempts_leaves_one_file(layout):
    names = [make_bundle(layout).name]
    settings = storage.validate({"archive": {"format": {"kind": "flac"}}})
    storage.save(layout, settings, 0)
    assert archive_in_a_child(layout, "audio") == -9
    storage.save(layout, storage.validate({}), 1)
    assert archive_in_a_child(layout) == 0
    check_all_archived_once(layout, names)


def test_a_bundle_that_takes_the_program_with_it_every_time_is_set_aside_at_last(layout):
    name = make_bundle(layout).name
    for _ in range(6):
        assert archive_in_a_child(layout, "produced") == -9
    assert archive_in_a_child(layout) == 0
    assert (layout.spool_quarantine / name).is_dir()


def test_no_worker_outlives_its_archiver():
    code = (
        "from appliance.system.child import Child; import signal\n"
        "child = Child('appliance.archive.worker'); print(child.process_id, flush=True); signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as parent:
        worker = Path("/proc") / parent.stdout.readline().decode().strip()
        assert worker.exists()
        parent.kill()
    until(
        lambda: not worker.exists() or "State:\tZ" in (worker / "status").read_text(), what="the worker's end"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_makes_bundles_wait_and_loses_nothing(tmp_path):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "small", str(tmp_path)], check=True)
    try:
        layout = Layout(tmp_path).make()
        database = open_database(layout)
        names = [make_bundle(layout, talk_s=2.0).name for _ in range(2)]
        ballast = tmp_path / "ballast"
        free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
        ballast.write_bytes(bytes(free - 8192))
        archiver = Archiver(layout, storage.validate({}), database)
        assert archiver.run_pending() == []
        assert isinstance(archiver.stalled, Full)
        assert not [path for path in layout.archive.rglob("*") if path.is_file()]
        ballast.unlink()
        assert {record.call.call_id for record in archiver.run_pending()} == set(names)
        archiver.close()
        database.close()
        check_all_archived_once(layout, names)
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)
