from datetime import UTC, datetime, timedelta

import pytest

from appliance.core.errors import Invalid
from appliance.core.files import Layout
from appliance.domain.operation import Kind, Result
from appliance.store import operations
from appliance.store.database import open_database
from appliance.store.operations import Broken, Entry, Head, Wanted

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    database = open_database(Layout(tmp_path).make())
    yield database
    database.close()


def entry(minutes=0, **facts):
    whole = {
        "at": NOON + timedelta(minutes=minutes),
        "user": "Anna",
        "address": "10.0.0.7",
        "system": "Linux",
        "browser": "Chrome 131",
        "module": "calls",
        "operation": "calls.search",
        "kind": Kind.QUERY,
        "result": Result.DONE,
    }
    return Entry(**(whole | facts))


def ids(rows):
    return [row.id for row in rows]


def test_rows_are_found_newest_first_and_page_by_page(database):
    operations.append(database, [entry(n) for n in range(10)])
    first = operations.find(database, Wanted(), limit=4)
    assert ids(first) == [10, 9, 8, 7]
    assert ids(operations.find(database, Wanted(), before=first[-1].id, limit=4)) == [6, 5, 4, 3]
    assert first[0].entry == entry(9)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"user": "anna"}, [3, 1]),
        ({"user": "ANNA", "kind": Kind.DELETE}, [3]),
        ({"module": "users"}, [2]),
        ({"operation": "keeping.delete"}, [3]),
        ({"result": Result.REFUSED}, [2]),
        ({"address": "10.0.0.8"}, [2]),
        ({"text": "13812340001"}, [1]),
        ({"text": "1234"}, [1]),
        ({"text": "删除"}, [3]),
        ({"text": "wrong pass"}, [2]),
        ({"text": "WRONG"}, [2]),
        ({"text": "wrong ness"}, []),
        ({"text": '"; DROP'}, []),
        ({"user": "anna", "module": "users"}, []),
        ({"since": NOON + timedelta(minutes=1)}, [3, 2]),
        ({"until": NOON + timedelta(minutes=1)}, [1]),
        ({"since": NOON + timedelta(minutes=1), "until": NOON + timedelta(minutes=2), "user": "bob"}, [2]),
        ({"since": NOON + timedelta(days=3)}, []),
    ],
)
def test_every_filter_finds_what_fits_and_nothing_else(database, wanted, found):
    operations.append(
        database,
        [
            entry(0, parameters='{"number":"13812340001"}'),
            entry(
                1,
                user="Bob",
                address="10.0.0.8",
                module="users",
                operation="users.create",
                kind=Kind.ADD,
                result=Result.REFUSED,
                error='{"code":"x","en":"Wrong password"}',
            ),
            entry(2, operation="keeping.delete", kind=Kind.DELETE, parameters='{"why":"删除录音"}'),
        ],
    )
    assert ids(operations.find(database, Wanted(**wanted))) == found


def test_pieces_of_a_text_that_stand_apart_do_not_fit(database):
    operations.append(database, [entry(parameters='{"a":"abcd","b":"cdef"}') for _ in range(300)])
    operations.append(database, [entry(parameters='{"a":"abcdef"}')])
    operations.append(database, [entry(parameters='{"a":"abcd","b":"cdef"}') for _ in range(300)])
    assert ids(operations.find(database, Wanted(text="abcdef"), limit=5)) == [301]


@pytest.mark.parametrize("text", ["ab", "录", "a b c"])
def test_a_text_too_short_for_the_index_is_refused(database, text):
    with pytest.raises(Invalid):
        operations.find(database, Wanted(text=text))


def test_a_clock_that_jumps_hides_nothing(database):
    operations.append(database, [entry(0), entry(60 * 24 * 400), entry(-60 * 24 * 30), entry(1)])
    wanted = Wanted(since=NOON, until=NOON + timedelta(hours=1))
    assert ids(operations.find(database, wanted)) == [4, 1]
    assert ids(operations.find(database, Wanted(since=NOON + timedelta(days=399)))) == [2]
    assert ids(operations.find(database, Wanted(until=NOON - timedelta(days=1)))) == [3]


def filled(database, rows=20):
    return operations.append(database, [entry(n) for n in range(rows)])


def test_an_untouched_log_is_intact(database):
    head = filled(database)
    found = operations.check(database, 0, 1000, [head])
    assert (found.to_id, found.broken, found.hash.hex()) == (20, None, head.hash)
    half = operations.check(database, 0, 10)
    assert (half.to_id, half.last_id, half.broken) == (10, 20, None)
    assert operations.check(database, half.to_id, 10, [head]).to_id == 20


@pytest.mark.parametrize(
    "column", ["at_us", "user", "address", "system", "browser", "module", "operation", "kind", "result"]
)
def test_a_changed_row_is_told(database, column):
    filled(database)
    database.script(f"UPDATE operations SET {column} = 0 WHERE id = 7")
    assert operations.check(database, 0, 1000).broken == Broken(7, "changed")


def test_a_removed_row_is_told(database):
    filled(database)
    database.script("DELETE FROM operations WHERE id = 7")
    assert operations.check(database, 0, 1000).broken == Broken(7, "removed")


def test_the_first_row_cannot_be_removed_either(database):
    filled(database)
    database.script("DELETE FROM operations WHERE id = 1")
    assert operations.check(database, 0, 1000).broken == Broken(1, "removed")


def test_exchanged_rows_are_told(database):
    filled(database)
    database.script("UPDATE operations SET id = 100 WHERE id = 7")
    database.script("UPDATE operations SET id = 7 WHERE id = 8")
    database.script("UPDATE operations SET id = 8 WHERE id = 100")
    assert operations.check(database, 0, 1000).broken == Broken(7, "changed")


def test_a_cut_end_contradicts_the_anchor(database):
    head = filled(database)
    database.script("DELETE FROM operations WHERE id > 15")
    assert operations.check(database, 0, 1000).broken is None
    assert operations.check(database, 0, 1000, [head]).broken == Broken(16, "truncated")


def test_a_log_written_anew_contradicts_the_anchor(database):
    head = filled(database)
    database.script("DELETE FROM operations")
    operations.append(database, [entry(n, user="Eve") for n in range(25)])
    assert operations.check(database, 0, 1000).broken is None
    assert operations.check(database, 0, 1000, [head]).broken == Broken(20, "replaced")


def test_an_anchor_of_an_empty_log_fits_every_log(database):
    assert operations.holds(database, Head(id=0, hash=operations.START.hex()))
    filled(database)
    assert operations.holds(database, operations.head(database))
    assert not operations.holds(database, Head(id=20, hash="00" * 32))
