"""Backups brought to real servers, read back, listed, fetched, deleted; and servers that fail."""

import contextlib

import msgspec
import pytest

from appliance.backup import desk as desks
from appliance.backup.desk import Desk
from appliance.settings import storage
from appliance.settings.secret import SHOWN, hidden
from appliance.store import calls
from appliance.store.database import open_database
from appliance.system import plugged
from appliance.system.plugged import Plugged, Stick
from tests.rigs import places
from tests.rigs.backing import do, save
from tests.rigs.ports import free_port
from tests.rigs.records import NOON, make_record

SERVERS = {
    "ftp": places.ftp,
    "ftps": lambda folder: places.ftp(folder, tls=True),
    "sftp": places.sftp,
    "smb": places.smb,
    "s3": places.s3,
}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def filled(layout):
    database = open_database(layout)
    calls.index_all(database, [make_record(at=NOON, call_id=f"c{place:03d}") for place in range(50)])
    database.close()
    return layout


@pytest.fixture(params=SERVERS)
def place(request, tmp_path):
    """The name of a place and its settings, its server running."""
    with SERVERS[request.param](tmp_path / "served") as settings:
        yield "ftp" if request.param == "ftps" else request.param, settings


def test_a_backup_goes_there_is_read_back_listed_fetched_rehearsed_and_deleted(filled, place):
    name, settings = place
    save(filled, box={"enabled": False}, **{name: settings})
    trial = do(filled, desks.Try(place=name))
    assert trial.is_good, trial.problem
    run = do(filled, desks.Make())
    assert run.places == {name: None}, run.places
    shelf = Desk(filled).state().shelves[name]
    assert [(one.name, one.bytes) for one in shelf.backups] == [(run.subject, run.bytes)]
    assert shelf.problem is None
    assert do(filled, desks.Fetch(place=name, name=run.subject)).is_good
    assert (Desk(filled).fetched / run.subject).stat().st_size == run.bytes
    rehearsal = do(filled, desks.Rehearse(place=name, name=run.subject))
    assert rehearsal.is_good, rehearsal.problem
    assert Desk(filled).rehearsed().calls == 50
    assert do(filled, desks.Delete(place=name, name=run.subject)).is_good
    assert Desk(filled).state().shelves[name].backups == []
    assert do(filled, desks.Fetch(place=name, name=run.subject)).problem is not None


def test_a_wrong_password_is_told_and_the_backup_still_reaches_the_other_places(filled, place):
    name, settings = place
    if name == "s3":
        pytest.skip("the stand-in takes any key")
    broken = {"private_key": "", "password": "wrong"} if name == "sftp" else {"password": "wrong"}
    save(filled, box={"enabled": True}, **{name: settings | broken})
    run = do(filled, desks.Make())
    assert run.places["box"] is None
    assert run.places[name] is not None
    assert places.PASSWORD not in run.places[name].en
    assert not run.is_good
    summary = Desk(filled).summary()
    assert summary.made_at is None
    assert summary.problem is not None
    shown = hidden(msgspec.to_builtins(storage.load(filled)))
    assert SHOWN in str(shown)
    assert places.PASSWORD not in str(shown)


def test_a_server_that_is_away_or_another_one_is_told(filled, tmp_path):
    with places.sftp(tmp_path / "served") as settings:
        other = settings["host_key"][:-6] + ("A" * 6)
        save(filled, box={"enabled": False}, sftp=settings | {"host_key": other})
        assert do(filled, desks.Try(place="sftp")).problem is not None
        save(filled, box={"enabled": False}, sftp=settings)
        assert do(filled, desks.Try(place="sftp")).is_good
    gone = do(filled, desks.Make())
    assert gone.places["sftp"] is not None
    save(filled, box={"enabled": False}, ftp={"enabled": True, "server": "127.0.0.1", "port": free_port()})
    assert do(filled, desks.Try(place="ftp")).problem is not None


def test_a_usb_stick_is_used_when_one_is_there(filled, tmp_path):
    save(filled, box={"enabled": False}, usb={"enabled": True})
    assert "USB" in do(filled, desks.Make()).places["usb"].en
    stick = Stick(
        name="sdz1", path="/dev/sdz1", size_bytes=1 << 33, kind="vfat", label="SAFE", mounts=[str(tmp_path)]
    )
    plugged.write(filled, Plugged(at=NOON, sticks=[stick]))
    run = do(filled, desks.Make())
    assert run.is_good, run.places
    assert (tmp_path / "tapeline-backups" / run.subject).stat().st_size == run.bytes
    shelf = desks.Desk(filled).state().shelves["usb"]
    assert shelf.label == "SAFE"
    assert shelf.free_bytes is not None
    assert [one.name for one in shelf.backups] == [run.subject]


def test_nothing_is_brought_nowhere(filled):
    save(filled, box={"enabled": False})
    assert do(filled, desks.Make()).problem is not None


def test_what_came_back_changed_is_no_backup(filled, tmp_path, monkeypatch):
    """A server that stores something else is found out by reading back."""
    with contextlib.ExitStack() as stack:
        settings = stack.enter_context(places.ftp(tmp_path / "served"))
        save(filled, box={"enabled": False}, ftp=settings)
        monkeypatch.setattr("appliance.backup.packing.sha256_of", lambda _: "0" * 64)
        run = do(filled, desks.Make())
        assert "read back" in run.places["ftp"].en
        assert not list((tmp_path / "served").rglob("*.age"))
