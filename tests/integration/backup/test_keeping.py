"""Backups made, proved, kept, tried and restored: on the same box, on a new one, and killed in the middle."""

import contextlib
import shutil
import sqlite3
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.backup import desk as desks
from appliance.backup.desk import Desk
from appliance.backup.keeper import Keeper
from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.backup import Kind, named
from appliance.settings import storage
from appliance.store import calls, snapshot
from appliance.store.database import open_database
from appliance.system import age
from appliance.system.token_key import tokens
from tests.rigs.backing import do, keep_in_a_child, save
from tests.rigs.expiring import archived
from tests.rigs.records import NOON, make_record

NO_ROOM = shutil.disk_usage("/")._replace(free=0)
BOX = {"box": {"enabled": True}}


@pytest.fixture
def database(layout):
    opened = open_database(layout)
    yield opened
    opened.close()


@pytest.fixture
def other():
    """A new box, as it comes."""
    folder = Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))
    layout = Layout(folder).make()
    open_database(layout).close()
    yield layout
    shutil.rmtree(folder, ignore_errors=True)


def backups(layout):
    return sorted(path.name for path in layout.backups.glob("*.age")) if layout.backups.exists() else []


def ids(layout):
    opened = open_database(layout)
    found = sorted(row.call_id for row in calls.find(opened, calls.CallFilter(), scope=EVERYTHING).calls)
    opened.close()
    return found


def made(layout, **settings):
    save(layout, **(BOX | settings))
    run = do(layout, desks.Make())
    assert run.is_good, (run.problem, run.places)
    return run


def rehearse(layout, name, **more):
    run = do(layout, desks.Rehearse(place="box", name=name, **more))
    assert run.is_good, run.problem
    return Desk(layout).rehearsed()


def test_a_backup_is_made_proved_and_opens_with_the_ordinary_programs(layout, database, tmp_path):
    archived(layout, database, [3, 2])
    run = made(layout)
    (name,) = backups(layout)
    assert (run.subject, run.calls, run.places) == (name, 2, {"box": None})
    assert named(name).kind is Kind.PLAIN
    opened = tmp_path / "opened"
    opened.mkdir()
    shell = f"age -d -i {layout.backup_key} {layout.backups / name} | tar xz -C {opened}"
    subprocess.run(["sh", "-c", shell], check=True)
    found = sorted(path.name for path in opened.iterdir())
    assert {"head.json", "end.json", layout.index.name, layout.settings.name, "revisions"} <= set(found)
    with sqlite3.connect(opened / layout.index.name) as copied:
        assert copied.execute("SELECT count(*) FROM calls").fetchone() == (2,)
    assert layout.backup_key.stat().st_mode & 0o777 == 0o600
    assert b"AGE-SECRET" not in (layout.backups / name).read_bytes()


def test_a_rehearsal_tells_what_is_in_it_and_changes_nothing(layout, database):
    calls.index(database, make_record(at=NOON, call_id="first"))
    name = made(layout).subject
    calls.index(database, make_record(at=NOON + timedelta(hours=1), call_id="second"))
    found = rehearse(layout, name)
    assert (found.calls, found.here_calls, found.missing, found.is_own) == (1, 2, 1, True)
    assert found.since == found.until == NOON
    assert ids(layout) == ["first", "second"]
    Desk(layout).ask(desks.Forget(), "eva")
    with contextlib.closing(Keeper(layout, SystemClock())) as keeper:
        keeper.round(storage.load(layout))
    assert Desk(layout).rehearsed() is None


def test_a_restore_brings_the_old_state_back_while_programs_have_the_index_open(layout, database):
    (kept,) = archived(layout, database, [3])
    calls.index(database, make_record(at=NOON, call_id="only-in-the-index"))
    name = made(layout).subject
    revision = storage.load(layout).revision
    database.execute("DELETE FROM calls WHERE call_id = 'only-in-the-index'", ())
    (late,) = [one for one in archived(layout, database, [2, 1]) if one == "call001"]
    rehearse(layout, name)
    run = do(layout, desks.Restore())
    assert run.is_good, run.problem
    # What the backup knows, and what this box has recorded since; by the connection that was open all the time.
    found = {row.call_id for row in calls.find(database, calls.CallFilter(), scope=EVERYTHING).calls}
    assert found == {"only-in-the-index", kept, late}
    assert layout.restored.exists()
    assert not Desk(layout).journal.exists()
    undo = [one for one in backups(layout) if named(one).kind is Kind.UNDO]
    assert len(undo) == 1
    assert storage.load(layout).revision == revision
    # And back again.
    rehearse(layout, undo[0])
    assert do(layout, desks.Restore()).is_good
    assert "only-in-the-index" not in ids(layout)


def test_settings_secrets_and_keys_come_back_but_not_the_network_unless_it_is_wanted(layout, database):
    secret = {
        "alarms": {"email": {"server": "mail.example", "password": "s3cret"}},
        "network": {"dns": ["192.0.2.1"]},
    }
    storage.save(layout, storage.validate(secret | {"backup": BOX}), 0)
    layout.sealing_key.write_bytes(b"sealed")
    token = tokens(layout).of("13812340001")
    name = do(layout, desks.Make()).subject
    changed = {"network": {"dns": ["192.0.2.9"]}, "backup": BOX}
    storage.save(layout, storage.validate(changed), 1)
    layout.sealing_key.write_bytes(b"other")
    layout.token_key.unlink()
    assert tokens(layout).of("13812340001") != token
    rehearse(layout, name)
    assert do(layout, desks.Restore(keep_network=True)).is_good
    now = storage.load(layout)
    assert (now.alarms.email.server, now.alarms.email.password) == ("mail.example", "s3cret")
    assert now.network.dns == ["192.0.2.9"]
    assert layout.sealing_key.read_bytes() == b"sealed"
    assert tokens(layout).of("13812340001") == token
    assert layout.token_key.stat().st_mode & 0o777 == 0o600
    rehearse(layout, name)
    assert do(layout, desks.Restore(keep_network=False)).is_good
    assert storage.load(layout).network.dns == ["192.0.2.1"]


def test_a_new_box_is_what_the_old_one_was_with_its_recordings(layout, database, other):
    names = archived(layout, database, [3, 2])
    calls.index(database, make_record(at=NOON, call_id="without-a-file"))
    run = made(layout, audio="all")
    assert named(run.subject).kind is Kind.AUDIO
    key = age.keys(layout.backup_key)[0]
    other.backups.mkdir()
    shutil.copy(layout.backups / run.subject, other.backups)
    refused = do(other, desks.Rehearse(place="box", name=run.subject))
    assert "recovery key" in refused.problem.en
    # As a person types it from paper.
    typed = " ".join((key[:20].lower(), key[20:]))
    found = rehearse(other, run.subject, key=typed)
    assert (found.calls, found.audio_files, found.is_own) == (3, 6, True)
    assert do(other, desks.Restore()).is_good
    assert ids(other) == sorted([*names, "without-a-file"])
    for path in layout.archive.rglob("*.*"):
        copied = other.archive / path.relative_to(layout.archive)
        assert copied.read_bytes() == path.read_bytes()
    assert age.keys(other.backup_key)[0] == key
    assert do(other, desks.Make()).is_good


def test_only_the_recordings_of_the_last_days_are_taken_when_so_wished(layout, database):
    archived(layout, database, [30, 2])
    run = made(layout, audio="recent", audio_days=7)
    assert rehearse(layout, run.subject).audio_files == 3


def test_what_is_damaged_cut_off_or_strange_is_refused_and_harms_nothing(layout, database):
    calls.index(database, make_record(at=NOON, call_id="here"))
    name = made(layout).subject
    whole = (layout.backups / name).read_bytes()
    for wrong in (whole[: len(whole) // 2], whole[:-200] + bytes(200), b"no backup at all", b""):
        (layout.backups / name).write_bytes(wrong)
        run = do(layout, desks.Rehearse(place="box", name=name))
        assert run.problem is not None
        assert Desk(layout).rehearsed() is None
    assert do(layout, desks.Restore()).problem is not None
    assert do(layout, desks.Rehearse(place="box", name=name.replace("plain", "audio"))).problem is not None
    assert ids(layout) == ["here"]


def test_a_backup_with_other_files_in_it_writes_nothing_outside(layout, database, tmp_path):
    name = made(layout).subject
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "x").write_text("x")
    public = age.public_of(age.keys(layout.backup_key)[0])
    for inner in ("../../etc/x", "/etc/x", "archive/2026/11/21/../../x"):
        shell = (
            f"tar cz -P --transform='s,.*,{inner},' -C {evil} x | age -r {public} > {layout.backups / name}"
        )
        subprocess.run(["sh", "-c", shell], check=True)
        assert "no whole backup" in do(layout, desks.Rehearse(place="box", name=name)).problem.en


@pytest.mark.parametrize("step", ["packed", "proved", "uploaded"])
def test_a_kill_while_a_backup_is_made_leaves_nothing_half(layout, database, step):
    calls.index(database, make_record(at=NOON))
    save(layout, **BOX)
    Desk(layout).ask(desks.Make(), "eva")
    assert keep_in_a_child(layout, step) == -9
    assert keep_in_a_child(layout) == 0
    run = do(layout, desks.Make())
    assert run.is_good
    for name in backups(layout):
        assert do(layout, desks.Rehearse(place="box", name=name)).is_good
    assert not list(layout.backups.glob(".*"))


@pytest.mark.parametrize(
    "step", ["kept", "journal", "settings", "keys", "audio", "index", "rebuilt", "finished"]
)
def test_a_kill_at_any_step_of_a_restore_ends_in_the_restored_state(layout, database, step):
    archived(layout, database, [3])
    calls.index(database, make_record(at=NOON, call_id="old"))
    name = made(layout, audio="all").subject
    database.execute("DELETE FROM calls WHERE call_id = 'old'", ())
    shutil.rmtree(layout.archive)
    layout.archive.mkdir()
    rehearse(layout, name)
    Desk(layout).ask(desks.Restore(), "eva")
    assert keep_in_a_child(layout, step) == -9
    assert keep_in_a_child(layout) == 0
    assert ids(layout) == ["call000", "old"]
    assert len(list(layout.archive.rglob("*.wav"))) == 1
    assert not Desk(layout).journal.exists()


def test_old_backups_go_only_once_a_new_one_is_safe(layout, database):
    calls.index(database, make_record(at=NOON))
    old = []
    for days in (100, 70, 40):
        late = SystemClock().now() - timedelta(days=days)
        clock = type("Past", (SystemClock,), {"now": lambda _, late=late: late})()
        save(layout, **BOX, keep=7, keep_months=0)
        old.append(do(layout, desks.Make(), clock=clock).subject)
    assert backups(layout) == sorted(old)
    foreign = layout.backups / old[0].replace("tapeline-", "tapeline-another-", 1)
    shutil.copy(layout.backups / old[0], foreign)
    newest = made(layout, keep=2, keep_months=0).subject
    assert backups(layout) == sorted([foreign.name, old[2], newest])


def test_a_full_disk_is_told_before_anything_is_written(layout, database, monkeypatch):
    calls.index(database, make_record(at=NOON))
    monkeypatch.setattr("appliance.backup.packing.shutil.disk_usage", lambda _: NO_ROOM)
    save(layout, **BOX)
    run = do(layout, desks.Make())
    assert run.problem is not None
    assert backups(layout) == []
    summary = Desk(layout).summary()
    assert summary.problem is not None


def test_a_backup_of_an_index_in_use_is_one_moment(layout, database):
    calls.index_all(database, [make_record(at=NOON, call_id=f"c{n:04d}") for n in range(500)])
    writer = open_database(layout)
    with writer.write():
        calls.index(writer, make_record(at=NOON, call_id="unfinished"))
        snapshot.copy(layout, layout.data / "copy.sqlite")
    writer.close()
    assert snapshot.count(layout.data / "copy.sqlite").calls == 500
