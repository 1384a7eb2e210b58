"""A recording whose storage path is not there waits to be deleted, so that it never comes back."""

import msgspec
import pytest

from appliance.archive.erasure import Eraser
from appliance.core.files import STORAGE_MARK_FILE
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Expiry
from appliance.domain.ledger import Reason
from appliance.domain.retention import Cause
from appliance.settings import storage
from appliance.settings.paths import awaited
from appliance.store import calls, holds
from appliance.store.database import open_database
from appliance.store.holds import Wish
from tests.rigs.expiring import archived
from tests.rigs.records import NOON


@pytest.fixture
def database(layout):
    opened = open_database(layout)
    yield opened
    opened.close()


@pytest.fixture(params=[True, False], ids=["path noted", "path not noted"])
def away(request, layout, database, tmp_path):
    """A recording on the second path, which was taken away: settings, the call's id, the path, and where it lies now."""
    second, aside = tmp_path / "second", tmp_path / "aside"
    second.mkdir()
    (second / STORAGE_MARK_FILE).write_text("{}")
    paths = storage.validate({"paths": {"second": str(second)}}).paths
    (name,) = archived(layout, database, [3], root=second)
    if request.param:
        record = calls.get(database, name, scope=EVERYTHING)
        record.recording = msgspec.structs.replace(record.recording, storage=str(second))
        calls.index(database, record)
    second.rename(aside)
    second.mkdir()  # the place where it is mounted
    return paths, name, second, aside


def bring_back(second, aside):
    second.rmdir()
    aside.rename(second)


def test_a_recording_whose_path_is_not_there_is_deleted_when_it_is_back(layout, database, away):
    paths, name, second, aside = away
    holds.ask_deletion(database, Wish(name, "asked by the customer", "eva", NOON))
    eraser = Eraser(layout, database, paths=paths)
    assert eraser.run() == []
    recording = calls.get(database, name, scope=EVERYTHING).recording
    assert awaited(layout, paths, recording.file, recording.storage) == paths.second
    bring_back(second, aside)
    assert awaited(layout, paths, recording.file, recording.storage) == ""
    (erased,) = eraser.run()
    assert erased.wish.call_id == name
    assert not (second / recording.file).exists()
    calls.rebuild(database, [layout.archive, second])
    assert calls.row(database, name, scope=EVERYTHING).reason is Reason.DELETED


def test_those_that_wait_hold_up_no_other(layout, database, away, monkeypatch):
    paths, name, _, _ = away
    (here,) = archived(layout, database, [1], first=1)
    for call_id in (name, here):
        holds.ask_deletion(database, Wish(call_id, "asked by the customer", "eva", NOON))
    monkeypatch.setattr("appliance.archive.erasure._AT_ONCE", 1)
    assert [one.wish.call_id for one in Eraser(layout, database, paths=paths).run()] == [here]


def test_what_a_policy_would_delete_waits_as_well(layout, database, away):
    paths, name, second, aside = away
    eraser = Eraser(layout, database, paths=paths)
    expiry = Expiry(policy="", cause=Cause.AGE, keep_days=1, most_gib=0)
    assert eraser.expire(name, expiry) is None
    assert calls.row(database, name, scope=EVERYTHING).recorded
    bring_back(second, aside)
    assert eraser.expire(name, expiry).reason is Reason.EXPIRED


def test_a_deletion_cut_off_by_a_path_that_went_is_finished_when_it_is_back(layout, database, away):
    paths, name, second, aside = away
    bring_back(second, aside)
    holds.ask_deletion(database, Wish(name, "asked by the customer", "eva", NOON))
    eraser = Eraser(layout, database, paths=paths)
    file = eraser._mark(holds.wishes(database)[0]).deletion.recording.file
    second.rename(aside)
    second.mkdir()
    assert eraser.run() == []
    bring_back(second, aside)
    assert (second / file).exists()
    eraser.run()
    assert not (second / file).exists()


def test_a_file_that_is_lost_on_a_path_that_is_there_keeps_nobody_waiting(layout, database):
    (name,) = archived(layout, database, [1])
    (layout.archive / calls.row(database, name, scope=EVERYTHING).file).unlink()
    holds.ask_deletion(database, Wish(name, "asked by the customer", "eva", NOON))
    assert len(Eraser(layout, database).run()) == 1
