from datetime import UTC, datetime, timedelta

import pytest

from appliance.domain.access import EVERYTHING, Scope
from appliance.store import calls, people, reviews, search
from appliance.store.calls import CallFilter
from appliance.store.database import open_database
from appliance.store.terms import terms
from appliance.store.wanted import Sort
from tests.rigs.records import make_record

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVERY = [f"call{n:02d}" for n in range(40)]
HEARD = EVERY[::3]


@pytest.fixture
def database(layout):
    made = open_database(layout)
    calls.index_all(
        made,
        [
            make_record(
                str(100 + n % 4), "200", call_id=call_id, at=NOON - timedelta(minutes=n), talk_s=n % 5 * 10
            )
            for n, call_id in enumerate(EVERY)
        ],
    )
    yield made
    made.close()


@pytest.fixture
def readers(database):
    made = [
        people.create(database, name, people.VIEWER, "", NOON, one_time=False) for name in ("olga", "eva")
    ]
    return [one.id for one in made]


def listed(database, reader, reviewed, scope=EVERYTHING, **more):
    """The pages of the list one after the other, five calls each, and what they count."""
    wanted = CallFilter(reviewed=reviewed, reader=reader, page_size=5, **more)
    found, cursor = [], ""
    while True:
        page = search.find(database, wanted, scope=scope, cursor=cursor)
        found += [one.call_id for one in page.calls]
        cursor = page.next
        if not cursor:
            break
    assert search.count(database, wanted, scope=scope) == len(found) == len(set(found))
    return found


def test_what_one_has_reviewed_is_noted_and_taken_back(database, readers):
    olga, _ = readers
    assert reviews.mark(database, olga, HEARD, reviewed=True, scope=EVERYTHING) == set(HEARD)
    assert reviews.mark(database, olga, HEARD[:2], reviewed=True, scope=EVERYTHING) == set(HEARD[:2])
    assert reviews.among(database, olga, EVERY, scope=EVERYTHING) == set(HEARD)
    assert reviews.mark(database, olga, HEARD[1:] + EVERY[1:2], reviewed=False, scope=EVERYTHING)
    assert reviews.among(database, olga, EVERY, scope=EVERYTHING) == {HEARD[0]}


@pytest.mark.parametrize("gathered", [search.GATHERED, 0], ids=["gathered", "walked"])
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.LONGEST, Sort.SHORTEST])
def test_lists_of_what_is_reviewed_and_what_is_not_are_the_whole(
    database, readers, monkeypatch, gathered, sort
):
    monkeypatch.setattr(search, "GATHERED", gathered)
    olga, _ = readers
    reviews.mark(database, olga, HEARD, reviewed=True, scope=EVERYTHING)
    assert set(listed(database, olga, True, sort=sort)) == set(HEARD)
    assert set(listed(database, olga, False, sort=sort)) == set(EVERY) - set(HEARD)
    assert len(listed(database, olga, None, sort=sort)) == len(EVERY)
    narrow = {"number": "101", "started_from": NOON - timedelta(minutes=20)}
    near = {one for n, one in enumerate(EVERY) if n % 4 == 1 and n <= 20}
    assert set(listed(database, olga, True, sort=sort, **narrow)) == near & set(HEARD)
    assert set(listed(database, olga, False, sort=sort, **narrow)) == near - set(HEARD)


@pytest.mark.parametrize("sort", [Sort.LONGEST, Sort.SHORTEST])
def test_the_newest_calls_all_reviewed_say_nothing_of_those_before(database, readers, monkeypatch, sort):
    monkeypatch.setattr(search, "GATHERED", 10)
    monkeypatch.setattr(search, "SAMPLE", 8)
    olga, eva = readers
    reviews.mark(database, olga, EVERY[:20], reviewed=True, scope=EVERYTHING)
    for reader, left in ((olga, 20), (eva, 40)):
        wanted = CallFilter(reviewed=False, reader=reader, sort=sort, page_size=5)
        asked = terms(database, wanted, EVERYTHING)
        found = search._Search(database, asked, sort, 5, as_masked=False)
        assert found._way.hits is None, "walked from the longest on, not all calls looked at and sorted"
        assert found.total() == (left, False)
    assert set(listed(database, olga, False, sort=sort)) == set(EVERY[20:])


def test_nobody_sees_what_others_have_reviewed(database, readers):
    olga, eva = readers
    reviews.mark(database, olga, HEARD, reviewed=True, scope=EVERYTHING)
    assert reviews.among(database, eva, EVERY, scope=EVERYTHING) == frozenset()
    assert listed(database, eva, True) == []
    assert len(listed(database, eva, False)) == len(EVERY)
    reviews.mark(database, eva, EVERY, reviewed=False, scope=EVERYTHING)
    assert reviews.among(database, olga, EVERY, scope=EVERYTHING) == set(HEARD)


def test_a_call_outside_the_scope_is_neither_marked_nor_told(database, readers):
    olga, _ = readers
    scope = Scope(numbers=frozenset({"101"}))
    own = {one for n, one in enumerate(EVERY) if n % 4 == 1}
    assert reviews.mark(database, olga, EVERY, reviewed=True, scope=scope) == own
    assert reviews.among(database, olga, EVERY, scope=EVERYTHING) == own
    narrower = Scope(numbers=frozenset({"102"}))
    assert reviews.among(database, olga, EVERY, scope=narrower) == frozenset()
    assert listed(database, olga, True, scope=narrower) == []
    assert reviews.mark(database, olga, EVERY, reviewed=False, scope=narrower)
    assert reviews.among(database, olga, EVERY, scope=scope) == own


def test_marks_stay_when_a_call_is_indexed_anew_and_go_with_the_person(database, readers):
    olga, eva = readers
    for reader in readers:
        reviews.mark(database, reader, HEARD, reviewed=True, scope=EVERYTHING)
    calls.index(database, make_record("100", "200", call_id=HEARD[0], at=NOON, talk_s=99))
    assert HEARD[0] in reviews.among(database, olga, EVERY, scope=EVERYTHING)
    people.create_first(database, "admin", "", NOON)
    people.remove(database, eva)
    assert database.execute("SELECT DISTINCT user_key FROM reviewed", ()) == [(olga,)]
    database.execute("DELETE FROM calls WHERE call_id = ?", (HEARD[0],))
    assert reviews.among(database, olga, EVERY, scope=EVERYTHING) == set(HEARD[1:])
