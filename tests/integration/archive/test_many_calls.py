"""Calls that nobody answered, handed over together in one folder: a row of each, and nothing is left behind."""

from datetime import timedelta

import msgspec
import pytest

from appliance.archive.pipeline import Archiver
from appliance.core.clock import ManualClock
from appliance.core.files import CALLS_FILE
from appliance.domain.access import EVERYTHING
from appliance.domain.ledger import Reason
from appliance.settings import storage
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.bundles import make_manifest
from tests.rigs.records import NOON


@pytest.fixture
def database(layout):
    made = open_database(layout, busy_timeout_s=0.1)
    yield made
    made.close()


class Killed(Exception):
    """The program ended here."""


def archiver(layout, database, **facts):
    settings = storage.validate({"archive": {"keep_bundle_h": 24}})
    return Archiver(layout, settings, database, clock=ManualClock(NOON), **facts)


def handed_over(layout, count=5, content=None):
    manifests = [
        make_manifest(at=NOON + timedelta(seconds=n), sides=(), reason=Reason.REJECTED, call_id=f"0many{n}")
        for n in range(count)
    ]
    folder = layout.spool_ready / "0many0"
    folder.mkdir()
    (folder / CALLS_FILE).write_bytes(msgspec.json.encode(manifests) if content is None else content)
    return [one.call.call_id for one in manifests]


def rows(database, names):
    return [calls.get(database, name, scope=EVERYTHING) for name in names]


def nothing_is_left(layout):
    places = (layout.spool_ready, layout.spool_work, layout.spool_kept, layout.spool_quarantine)
    return not any(list(place.iterdir()) for place in places)


def test_each_call_of_the_folder_gets_its_record_and_its_row(layout, database):
    names = handed_over(layout)
    program = archiver(layout, database)
    done = program.run_pending()
    assert [record.call.call_id for record in done] == names
    assert [record.reason for record in rows(database, names)] == [Reason.REJECTED] * 5
    assert len(list(layout.archive.rglob("*.json"))) == 5
    assert nothing_is_left(layout)
    program.close()


@pytest.mark.parametrize("moment", ["claimed", "record", "synced", "indexed"])
def test_an_archiver_that_is_killed_over_it_does_it_again(layout, database, moment):
    names = handed_over(layout)

    def die(name, _call_id):
        if name == moment:
            raise Killed

    program = archiver(layout, database, step=die)
    with pytest.raises(Killed):
        program.run_pending()
    program.close()
    program = archiver(layout, database)
    program.run_pending()
    assert [record.call.call_id for record in rows(database, names)] == names
    assert len(list(layout.archive.rglob("*.json"))) == 5
    assert nothing_is_left(layout)
    program.close()


@pytest.mark.parametrize("content", [b"[]", b"[{", b"\xff\xfe", b'{"v":1}'])
def test_a_folder_that_cannot_be_read_is_set_aside_with_a_row(layout, database, content):
    handed_over(layout, content=content)
    program = archiver(layout, database)
    (record,) = program.run_pending()
    assert record.reason is Reason.DAMAGED
    (aside,) = layout.spool_quarantine.iterdir()
    assert (aside / CALLS_FILE).read_bytes() == content
    program.close()
