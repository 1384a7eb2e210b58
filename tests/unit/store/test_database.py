import contextlib
import sqlite3

import peewee
import pytest

from appliance.core.errors import Busy
from appliance.store.database import IndexDamaged, IndexTooNew, open_database
from appliance.store.migrations import MIGRATIONS
from appliance.store.models import Calls, Merged, Numbers, Quarters, Records, Ties


def test_a_new_index_has_the_newest_version(layout):
    database = open_database(layout)
    assert database.number("PRAGMA user_version") == len(MIGRATIONS)
    assert database.rows(Calls.select()) == []
    database.close()


def test_opening_again_changes_nothing(layout):
    open_database(layout).close()
    before = schema_of(layout.index)
    open_database(layout).close()
    assert schema_of(layout.index) == before


@pytest.mark.parametrize("model", [Numbers, Calls, Records, Quarters, Merged, Ties])
def test_models_and_migrations_agree(layout, model):
    open_database(layout).close()
    with sqlite3.connect(layout.index) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({model._meta.table_name})")]
    connection.close()
    assert columns == [field.column_name for field in model._meta.sorted_fields]
    assert model.writer == "archiver"


def test_an_index_of_a_newer_release_is_refused_not_guessed(layout):
    open_database(layout).close()
    with sqlite3.connect(layout.index) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    with pytest.raises(IndexTooNew) as caught:
        open_database(layout)
    assert caught.value.facts["version"] == 9999


def test_a_file_that_is_no_database_is_told_from_a_busy_one(layout):
    layout.index.write_bytes(b"this is no database at all, but long enough to be looked at" * 100)
    with pytest.raises(IndexDamaged):
        open_database(layout)


def test_a_writer_waits_its_time_and_then_says_busy(layout):
    database = open_database(layout, busy_timeout_s=0.05)
    with sqlite3.connect(layout.index, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy), database.write():
            pytest.fail("two writers at once")
        assert database.rows(Calls.select()) == [], "readers are not locked out"
        other.execute("ROLLBACK")
    other.close()
    with database.write():
        database.run(Numbers.insert(number="1", reversed="1"))
    database.close()


def test_a_failed_transaction_leaves_nothing_behind(layout):
    database = open_database(layout)
    with contextlib.suppress(peewee.IntegrityError), database.write():
        database.run(Numbers.insert(number="1", reversed="1"))
        database.run(Numbers.insert(number="1", reversed="1"))
        pytest.fail("a number may stand there only once")
    assert database.rows(Numbers.select()) == []
    database.close()


def schema_of(path):
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    return found
