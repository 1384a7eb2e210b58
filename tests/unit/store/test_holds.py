import peewee
import pytest

from appliance.core.errors import NotFound
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Deletion
from appliance.domain.ledger import Reason
from appliance.store import calls, holds
from appliance.store.database import open_database
from appliance.store.holds import AlreadyDeleted, AlreadyHeld, Held, Wish
from tests.rigs.records import NOON, make_record


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


@pytest.fixture
def call(database):
    record = make_record(call_id="0first")
    calls.index(database, record)
    return record


def wish(call_id="0first"):
    return Wish(call_id, "asked by the customer", "eva", NOON)


def deleted(record):
    record.deletion = Deletion(by="eva", why="x", asked_at=NOON, at=NOON, recording=record.recording)
    record.recording, record.reason = None, Reason.DELETED
    return record


def test_a_hold_says_who_why_and_when_and_is_kept_after_it_was_lifted(database, call):
    holds.hold(database, "0first", "case 7", "olga", NOON)
    found = holds.in_force(database, "0first")
    assert (found.reason, found.author, found.at, found.lifted_at) == ("case 7", "olga", NOON, None)
    assert holds.held(database) == {"0first"}
    holds.lift(database, "0first", "pavel", NOON)
    assert holds.in_force(database, "0first") is None
    assert holds.held(database) == frozenset()
    assert [(one.reason, one.lifted_by) for one in holds.history(database, "0first")] == [("case 7", "pavel")]
    with pytest.raises(NotFound):
        holds.lift(database, "0first", "pavel", NOON)


def test_a_call_is_held_once_and_only_when_it_is_there(database, call):
    holds.hold(database, "0first", "case 7", "olga", NOON)
    with pytest.raises(AlreadyHeld):
        holds.hold(database, "0first", "case 8", "olga", NOON)
    with pytest.raises(NotFound):
        holds.hold(database, "nowhere", "case 8", "olga", NOON)


def test_a_held_call_cannot_be_asked_to_be_deleted(database, call):
    holds.hold(database, "0first", "case 7", "olga", NOON)
    with pytest.raises(Held) as refused:
        holds.ask_deletion(database, wish())
    assert "case 7" in refused.value.message()
    assert holds.wishes(database) == []


def test_a_hold_withdraws_a_deletion_that_was_not_done_yet(database, call):
    holds.ask_deletion(database, wish())
    assert [one.call_id for one in holds.wishes(database)] == ["0first"]
    holds.hold(database, "0first", "case 7", "olga", NOON)
    assert holds.wishes(database) == []
    holds.lift(database, "0first", "olga", NOON)
    assert holds.wishes(database) == []


def test_the_index_itself_refuses_to_delete_a_held_call(database, call):
    holds.hold(database, "0first", "case 7", "olga", NOON)
    with pytest.raises(peewee.IntegrityError, match="held"):
        calls.index(database, deleted(call))
    assert calls.row(database, "0first", scope=EVERYTHING).reason is None
    with pytest.raises(peewee.IntegrityError, match="held"):
        database.execute("INSERT INTO deletions VALUES ('0first', 'x', 'y', 0)", ())


def test_what_is_deleted_can_be_neither_held_nor_deleted_again(database, call):
    holds.ask_deletion(database, wish())
    calls.index(database, deleted(call))
    assert holds.wishes(database) == []
    assert [one.author for one in holds.wishes(database, done=True)] == ["eva"]
    with pytest.raises(AlreadyDeleted):
        holds.hold(database, "0first", "too late", "olga", NOON)
    with pytest.raises(AlreadyDeleted):
        holds.ask_deletion(database, wish())


def test_holds_outlive_an_index_made_anew(layout, database, call):
    holds.hold(database, "0first", "case 7", "olga", NOON)
    calls.rebuild(database, [layout.archive])
    assert calls.is_empty(database)
    assert holds.held(database) == {"0first"}
