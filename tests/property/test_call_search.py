"""`find` equals a filter written down naively, for any calls and any question."""

import fnmatch
from datetime import timedelta
from unittest import mock

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING, Scope
from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.store import calls, search
from appliance.store.calls import CallFilter, Match, Sort
from appliance.store.database import open_database
from appliance.store.models import Calls, Records
from appliance.store.row import number_key
from appliance.store.wanted import CallType
from tests.rigs.records import NOON, make_record

NUMBERS = st.one_of(
    st.from_regex(r"\+?[0-9]{0,6}", fullmatch=True),
    st.sampled_from(["alice", "bob-2", "4930123456", "+4930123456", "", "anonymous", 'a"b', "%_", "张三"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6),
)
RECORDS = st.builds(
    make_record,
    caller=NUMBERS,
    callee=NUMBERS,
    at=st.integers(0, 50).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    talk_s=st.sampled_from([0.0, 1.5, 30.0, 3600.0]),
    reason=st.none() | st.sampled_from([Reason.BUSY, Reason.NO_MEDIA]),
    marks=st.lists(st.sampled_from(list(Mark)), max_size=3, unique=True).map(tuple),
    codecs=st.lists(st.sampled_from(["PCMA", "PCMU", "G722"]), max_size=2).map(tuple),
    direction=st.sampled_from(Direction),
    mos=st.sampled_from([None, 4.41, 4.41, 3.2, 1.0]),
)
TIMES = st.none() | st.integers(-10, 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
FILTERS = st.builds(
    CallFilter,
    started_from=TIMES,
    started_until=TIMES,
    number=st.just("") | NUMBERS | st.from_regex(r"[0-9*?]{1,5}", fullmatch=True),
    caller=st.just("") | NUMBERS,
    callee=st.just("") | NUMBERS,
    match=st.sampled_from(Match),
    direction=st.none() | st.sampled_from(Direction),
    recorded=st.none() | st.booleans(),
    reason=st.none() | st.sampled_from([Reason.BUSY, Reason.NO_MEDIA]),
    mark=st.none() | st.sampled_from(list(Mark)),
    without_mark=st.none() | st.sampled_from(list(Mark)),
    call_type=st.none() | st.sampled_from([CallType.INCOMING, CallType.MISSED, CallType.INTERNAL]),
    codec=st.sampled_from(["", "", "PCMA", "G722", "nothing"]),
    min_s=st.none() | st.sampled_from([0.0, 1.5, 31.0, 1e300]),
    max_s=st.none() | st.sampled_from([-1.0, 1.5, 30.0, 1e300]),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 3),
    page_size=st.integers(1, 5),
)


# Most filters together leave nothing to turn pages of.
LISTS = st.builds(
    CallFilter,
    recorded=st.sampled_from([None, None, True]),
    number=st.sampled_from(["", "", "1", "4930"]),
    max_s=st.sampled_from([None, None, 30.0]),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 3),
    page_size=st.integers(1, 5),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    made = open_database(Layout(tmp_path_factory.mktemp("index")).make())
    yield made
    made.close()


# Few calls are always gathered: without that the index is walked, or the newest of each key are merged.
GATHERED = st.sampled_from([0, 3, search.GATHERED])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(RECORDS, max_size=12), wanted=FILTERS | LISTS, gathered=GATHERED)
def test_find_equals_a_naive_filter(database, records, wanted, gathered):
    expected = indexed(database, records, wanted)
    with mock.patch.object(search, "GATHERED", gathered):
        page = calls.find(database, wanted, scope=EVERYTHING)
        assert search.count(database, wanted, scope=EVERYTHING) == len(expected)
    assert page.is_exact
    assert page.total == len(expected)
    first = (wanted.page - 1) * wanted.page_size
    assert page.calls == expected[first : first + wanted.page_size]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(RECORDS, max_size=12), wanted=FILTERS | LISTS, gathered=GATHERED)
def test_pages_by_key_are_the_list_in_both_directions(database, records, wanted, gathered):
    wanted = msgspec.structs.replace(wanted, page=1)
    expected = indexed(database, records, wanted)
    with mock.patch.object(search, "GATHERED", gathered):
        page = calls.find(database, wanted, scope=EVERYTHING)
        assert page.previous == ""
        forward = [page.calls]
        while page.next:
            page = calls.find(database, wanted, scope=EVERYTHING, cursor=page.next)
            forward.append(page.calls)
        page = calls.find(database, wanted, scope=EVERYTHING, cursor="last")
        assert page.next == ""
        assert page.calls == forward[-1]
        back = [page.calls]
        while page.previous:
            page = calls.find(database, wanted, scope=EVERYTHING, cursor=page.previous)
            back.append(page.calls)
        assert [row for part in search.each(database, wanted, scope=EVERYTHING) for row in part] == expected
    assert [row for part in forward for row in part] == expected
    assert back[::-1] == forward


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    records=st.lists(RECORDS, max_size=12),
    wanted=FILTERS | LISTS,
    numbers=st.frozensets(NUMBERS.map(number_key), max_size=4),
    gathered=GATHERED,
)
def test_no_question_leaves_its_scope(database, records, wanted, numbers, gathered):
    scope = Scope(numbers=numbers)
    inside = [
        row
        for row in indexed(database, records, wanted)
        if scope.admits((number_key(row.caller.number), number_key(row.callee.number)))
    ]
    with mock.patch.object(search, "GATHERED", gathered):
        page = calls.find(database, wanted, scope=scope)
    assert page.total == len(inside)
    first = (wanted.page - 1) * wanted.page_size
    assert [row.call_id for row in page.calls] == [
        row.call_id for row in inside[first : first + wanted.page_size]
    ]


def indexed(database, records, wanted):
    """Index these calls alone; those that match, in the list's order."""
    with database.write():
        database.run(Records.delete())
        database.run(Calls.delete())
    calls.index_all(database, records)
    found = [
        (order(calls.row_of(record), wanted.sort, place), calls.row_of(record))
        for place, record in enumerate(records)
        if holds(calls.row_of(record), wanted)
    ]
    return [row for _, row in sorted(found, key=lambda one: one[0], reverse=wanted.sort.startswith("-"))]


def order(row, sort, place):
    if "calle" in sort:
        party = row.caller if "caller" in sort else row.callee
        return (number_key(party.number), row.started_at, place)
    if "duration" in sort:
        return (row.duration_s, row.started_at, place)
    return (row.mos, row.started_at, place) if "mos" in sort else (row.started_at, place)


def holds(row, wanted):
    caller, callee = number_key(row.caller.number), number_key(row.callee.number)
    return all(
        (
            wanted.started_from is None or row.started_at >= wanted.started_from,
            wanted.started_until is None or row.started_at < wanted.started_until,
            matches(wanted.number, wanted.match, caller) or matches(wanted.number, wanted.match, callee),
            matches(wanted.caller, wanted.match, caller),
            matches(wanted.callee, wanted.match, callee),
            wanted.direction is None or row.direction is wanted.direction,
            wanted.recorded is None or row.recorded is wanted.recorded,
            wanted.reason is None or row.reason is wanted.reason,
            wanted.mark is None or wanted.mark in row.marks,
            not wanted.codec or wanted.codec in row.codecs,
            wanted.min_s is None or row.duration_s >= wanted.min_s,
            wanted.max_s is None or row.duration_s <= wanted.max_s,
            "mos" not in wanted.sort or row.mos is not None,
            wanted.call_type is None or of_type(row, wanted.call_type),
            wanted.without_mark is None or wanted.without_mark not in row.marks,
        )
    )


def matches(number, match, key):
    if not number.strip():
        return True
    wanted = number_key(number)
    return {
        Match.EXACT: key == wanted,
        Match.PREFIX: key.startswith(wanted),
        Match.SUFFIX: key.endswith(wanted),
        Match.CONTAINS: wanted in key,
        Match.PATTERN: fnmatch.fnmatchcase(key, number.strip().lower().removeprefix("+").replace("[", "[[]"))
        if set("*?") & set(number)
        else key == wanted,
    }[match]


def of_type(row, call_type):
    if call_type is CallType.MISSED:
        return row.direction is Direction.INCOMING and row.answered_at is None
    return row.direction == call_type.value
