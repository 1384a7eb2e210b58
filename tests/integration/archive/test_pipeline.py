"""The archiver against real bundles, children, files and index."""

import hashlib
import os
import signal
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from appliance.archive.pipeline import Archiver
from appliance.archive.production import Job
from appliance.archive.worker import Fault, Workers
from appliance.core.clock import ManualClock, id_time
from appliance.core.errors import BadBundle, Busy, NotFound
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, REASON_FILE
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import KEPT_FOR_GOOD, Manifest, Record
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from appliance.settings import storage
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.bundles import make_bundle, make_manifest, payload_of
from tests.rigs.records import NOON


@pytest.fixture
def database(layout):
    made = open_database(layout, busy_timeout_s=0.1)
    yield made
    made.close()


@pytest.fixture
def settings():
    return storage.validate({"archive": {"keep_bundle_h": 1}})


@pytest.fixture
def archiver(layout, database, settings):
    made = Archiver(layout, settings, database, clock=ManualClock(NOON))
    yield made
    made.close()


def files(layout):
    return {path.name: path for path in layout.archive.rglob("*") if path.is_file()}


def audio_of(layout, record):
    return layout.archive / record.recording.file


def test_a_bundle_becomes_a_recording_a_record_and_a_row(layout, database, archiver):
    name = make_bundle(layout, talk_s=1.0).name
    (record,) = archiver.run_pending()
    assert archiver.stalled is None
    audio = audio_of(layout, record)
    content = audio.read_bytes()
    assert hashlib.sha256(content).hexdigest() == record.recording.sha256
    assert len(content) == record.recording.bytes
    assert record.reason is None
    assert record.recording.length_s == pytest.approx(1.0, abs=0.02)
    assert {track.side: track.payload_sha256 for track in record.tracks} == {
        side: hashlib.sha256(b"".join(payload_of(side, number) for number in range(50))).hexdigest()
        for side in Side
    }
    assert payload_of(Side.CALLER, 3) in content[::2] + content[1::2], "A-law goes in as it came"
    stored = msgspec.json.decode(audio.with_suffix(".json").read_bytes(), type=Record)
    assert stored == record == calls.get(database, name, scope=EVERYTHING)
    assert (layout.archive / record.recording.peaks_file).read_bytes()[:4] == b"TPK1"
    assert len(files(layout)) == 3


def test_the_bundle_is_kept_as_long_as_the_setting_says(layout, archiver):
    name = make_bundle(layout).name
    (record,) = archiver.run_pending()
    assert record.bundle_kept_until == NOON + timedelta(hours=1)
    assert (layout.spool_kept / name / MEDIA_FILE).exists()
    assert not list(layout.spool_work.iterdir())


def test_a_bundle_that_need_not_be_kept_is_gone(layout, database):
    make_bundle(layout)
    archiver = Archiver(layout, storage.validate({"archive": {"keep_bundle_h": 0}}), database)
    (record,) = archiver.run_pending()
    archiver.close()
    assert record.bundle_kept_until is None
    assert not [path for folder in (layout.spool_work, layout.spool_kept) for path in folder.iterdir()]


@pytest.mark.parametrize(
    ("bundle", "reason", "marks"),
    [
        ({"media": b"", "talk_s": 30.0}, Reason.NO_MEDIA, []),
        ({"reason": Reason.BUSY, "media": b""}, Reason.BUSY, []),
        ({"reason": Reason.ENCRYPTED}, Reason.ENCRYPTED, []),
        ({"encoding": "EVS", "payload_type": 96}, Reason.UNSUPPORTED_PAYLOAD, []),
        ({"sides": (Side.CALLER,)}, None, [Mark.ONE_WAY]),
    ],
)
def test_every_call_ends_in_a_recording_or_a_reason(layout, database, archiver, bundle, reason, marks):
    name = make_bundle(layout, **bundle).name
    (record,) = archiver.run_pending()
    assert record.reason is reason
    assert (record.recording is None) is (reason is not None)
    assert record.marks == marks
    row = calls.row(database, name, scope=EVERYTHING)
    assert (row.reason, bool(row.file)) == (reason, reason is None)


def test_what_cannot_be_decoded_keeps_its_packets_for_good(layout, archiver):
    name = make_bundle(layout, encoding="EVS", payload_type=96).name
    (record,) = archiver.run_pending()
    assert record.bundle_kept_until == KEPT_FOR_GOOD
    assert (layout.spool_kept / name / MEDIA_FILE).exists()


def test_a_minimum_length_leaves_a_reason(layout, database):
    make_bundle(layout, talk_s=1.0)
    archiver = Archiver(layout, storage.validate({"archive": {"min_length_s": 2}}), database)
    (record,) = archiver.run_pending()
    archiver.close()
    assert record.reason is Reason.TOO_SHORT
    assert not [path for path in files(layout).values() if path.suffix == ".wav"]


@pytest.mark.parametrize("kind", ["wav_g711", "wav_pcm", "wav_adpcm", "opus", "flac", "mp3"])
def test_every_format_is_filed_with_its_hash(layout, database, kind):
    make_bundle(layout, talk_s=2.0)
    archiver = Archiver(layout, storage.validate({"archive": {"format": {"kind": kind}}}), database)
    (record,) = archiver.run_pending()
    archiver.close()
    content = audio_of(layout, record).read_bytes()
    assert record.recording.format == kind
    assert hashlib.sha256(content).hexdigest() == record.recording.sha256


@pytest.mark.parametrize(
    "poison",
    [
        {"manifest": b"{"},
        {"manifest": b"", "media": b""},
        {"manifest": msgspec.json.encode(make_manifest())},
        {"media": b"no capture at all, but long enough to be one"},
    ],
    ids=["unreadable", "empty", "anothers", "no-capture"],
)
def test_a_poisonous_bundle_is_set_aside_and_blocks_nothing(layout, database, archiver, poison):
    bad = make_bundle(layout, **poison).name
    good = [make_bundle(layout).name for _ in range(3)]
    records = {record.call.call_id: record for record in archiver.run_pending()}
    assert records[bad].reason is Reason.DAMAGED
    assert all(records[name].recording for name in good)
    assert calls.row(database, bad, scope=EVERYTHING).reason is Reason.DAMAGED
    reason = msgspec.json.decode((layout.spool_quarantine / bad / REASON_FILE).read_bytes())
    assert reason["problem"]
    assert records[bad].call.started_at == pytest.approx(id_time(bad), abs=timedelta(seconds=1))
    assert archiver.run_pending() == []


def test_a_lost_manifest_is_rebuilt_by_whoever_can(layout, database, settings):
    lost = make_bundle(layout, manifest=b"")
    rebuilt = make_manifest(call_id=lost.name)

    def recover(folder: Path):
        assert (folder / MEDIA_FILE).exists()
        return rebuilt

    archiver = Archiver(layout, settings, database, recover=recover)
    (record,) = archiver.run_pending()
    archiver.close()
    assert record.recording is not None
    assert (layout.spool_kept / lost.name / MANIFEST_FILE).exists()


def test_a_manifest_that_nobody_can_rebuild_is_a_damage(layout, database, settings):
    lost = make_bundle(layout, manifest=b"")

    def recover(folder: Path):
        raise BadBundle(bundle=folder.name, problem="nothing in it")

    archiver = Archiver(layout, settings, database, recover=recover)
    (record,) = archiver.run_pending()
    archiver.close()
    assert (record.call.call_id, record.reason) == (lost.name, Reason.DAMAGED)


def test_a_bundle_that_hangs_its_worker_twice_is_set_aside(layout, database, settings):
    name = make_bundle(layout).name
    impatient = Workers(1, least_s=-1e6)
    archiver = Archiver(layout, settings, database, workers=impatient)
    (record,) = archiver.run_pending()
    archiver.close()
    assert record.reason is Reason.DAMAGED
    assert b"worker-hung" in (layout.spool_quarantine / name / REASON_FILE).read_bytes()


def test_a_worker_that_dies_costs_one_bundle_at_most_and_those_behind_it_are_produced(layout, settings):
    folders = [make_bundle(layout) for _ in range(40)]
    jobs = [
        Job(
            folder=str(one),
            manifest=msgspec.json.decode((one / MANIFEST_FILE).read_bytes(), type=Manifest),
            settings=settings.archive,
        )
        for one in folders
    ]
    workers = Workers(1)
    answers = {}
    for job, answer in workers.run(jobs):
        assert job.folder not in answers
        answers[job.folder] = answer
        if len(answers) == 1:
            children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
            for child in children:
                os.kill(int(child), signal.SIGKILL)
    workers.close()
    assert set(answers) == {job.folder for job in jobs}
    faults = [answer for answer in answers.values() if isinstance(answer, Fault)]
    assert len(faults) <= 1
    assert all(fault.kind == "died" for fault in faults)


def test_a_bundle_taken_out_of_quarantine_is_tried_again(layout, database, settings):
    name = make_bundle(layout).name
    archiver = Archiver(layout, settings, database, workers=Workers(1, least_s=-1e6))
    archiver.run_pending()
    archiver.close()
    (layout.spool_quarantine / name / REASON_FILE).unlink()
    (layout.spool_quarantine / name).rename(layout.spool_ready / name)
    archiver = Archiver(layout, settings, database)
    (record,) = archiver.run_pending()
    archiver.close()
    assert record.recording is not None
    assert calls.find(database, calls.CallFilter(), scope=EVERYTHING).total == 1


def test_a_locked_index_delays_the_row_not_the_recording(layout, database, archiver):
    first = make_bundle(layout).name
    with sqlite3.connect(layout.index, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert archiver.run_pending() == []
        assert isinstance(archiver.stalled, Busy)
        assert [path for path in files(layout) if path.endswith(".wav")], "the recording is there"
        second = make_bundle(layout).name
        assert archiver.run_pending() == []
        assert len([path for path in files(layout) if path.endswith(".wav")]) == 2
        other.execute("ROLLBACK")
    other.close()
    assert {record.call.call_id for record in archiver.run_pending()} == {first, second}
    assert archiver.stalled is None
    assert calls.find(database, calls.CallFilter(recorded=True), scope=EVERYTHING).total == 2


def test_a_restart_finds_what_was_not_indexed(layout, database, settings, archiver):
    name = make_bundle(layout).name
    with sqlite3.connect(layout.index, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        archiver.run_pending()
        archiver.close()
        other.execute("ROLLBACK")
    other.close()
    made_at = {path: path.stat().st_mtime_ns for path in files(layout).values()}
    again = Archiver(layout, settings, database)
    assert [record.call.call_id for record in again.run_pending()] == [name]
    again.close()
    assert {path: path.stat().st_mtime_ns for path in files(layout).values()} == made_at, (
        "nothing is made twice"
    )


def test_a_recording_that_does_not_match_its_record_is_made_again(layout, database, settings, archiver):
    name = make_bundle(layout).name
    (before,) = archiver.run_pending()
    archiver.close()
    (layout.spool_kept / name).rename(layout.spool_work / name)
    audio = audio_of(layout, before)
    audio.write_bytes(audio.read_bytes()[:100])
    again = Archiver(layout, settings, database)
    (record,) = again.run_pending()
    again.close()
    assert record.recording == before.recording
    assert hashlib.sha256(audio.read_bytes()).hexdigest() == record.recording.sha256


def test_one_call_can_be_archived_by_name(layout, archiver):
    name, other = make_bundle(layout).name, make_bundle(layout).name
    assert archiver.process(name).recording is not None
    assert [path.name for path in layout.spool_ready.iterdir()] == [other]
    with pytest.raises(NotFound):
        archiver.process("nothing")


def test_two_archivers_never_work_on_one_spool(layout, database, settings, archiver):
    with pytest.raises(Busy):
        Archiver(layout, settings, database)
    assert archiver.run_pending() == []


def test_a_limit_is_kept(layout, archiver):
    names = sorted(make_bundle(layout, at=NOON + timedelta(seconds=n)).name for n in range(5))
    assert [record.call.call_id for record in archiver.run_pending(2)] == names[:2]
    assert len(archiver.run_pending()) == 3


def test_several_workers_do_what_one_does(layout, database):
    names = {make_bundle(layout).name for _ in range(12)}
    archiver = Archiver(layout, storage.validate({"archive": {"workers": 3}}), database, batch=5)
    assert {record.call.call_id for record in archiver.run_pending()} == names
    archiver.close()
    assert calls.find(database, calls.CallFilter(recorded=True), scope=EVERYTHING).total == 12


def test_an_interrupted_run_blames_no_bundle(layout, database, settings):
    names = {make_bundle(layout).name for _ in range(3)}
    for _ in range(8):
        stopped = Workers(1)
        stopped.interrupt()
        archiver = Archiver(layout, settings, database, workers=stopped)
        assert archiver.run_pending() == []
        archiver.close()
        assert {path.name for path in layout.spool_work.iterdir()} == names
    archiver = Archiver(layout, settings, database)
    assert {record.call.call_id for record in archiver.run_pending() if record.recording} == names
    archiver.close()
