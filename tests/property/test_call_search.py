"""`find` equals a filter written down naively, for any calls and any question."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.store import calls
from appliance.store.calls import CallFilter, Match, Sort
from appliance.store.database import open_database
from appliance.store.models import Calls, Records
from appliance.store.row import number_key
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
)
TIMES = st.none() | st.integers(-10, 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
FILTERS = st.builds(
    CallFilter,
    started_from=TIMES,
    started_until=TIMES,
    number=st.just("") | NUMBERS,
    caller=st.just("") | NUMBERS,
    callee=st.just("") | NUMBERS,
    match=st.sampled_from(Match),
    direction=st.none() | st.sampled_from(Direction),
    recorded=st.none() | st.booleans(),
    reason=st.none() | st.sampled_from([Reason.BUSY, Reason.NO_MEDIA]),
    mark=st.none() | st.sampled_from(list(Mark)),
    codec=st.sampled_from(["", "", "PCMA", "G722", "nothing"]),
    min_s=st.none() | st.sampled_from([0.0, 1.5, 31.0, 1e300]),
    max_s=st.none() | st.sampled_from([-1.0, 1.5, 30.0, 1e300]),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 3),
    page_size=st.integers(1, 5),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    made = open_database(Layout(tmp_path_factory.mktemp("index")).make())
    yield made
    made.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(RECORDS, max_size=12), wanted=FILTERS)
def test_find_equals_a_naive_filter(database, records, wanted):
    with database.write():
        database.run(Records.delete())
        database.run(Calls.delete())
    calls.index_all(database, records)
    expected = sorted(
        (calls.row_of(record) for record in records if holds(calls.row_of(record), wanted)),
        key=lambda row: order(row, wanted.sort),
        reverse=wanted.sort.startswith("-"),
    )
    page = calls.find(database, wanted, scope=EVERYTHING)
    assert page.total == len(expected)
    first = (wanted.page - 1) * wanted.page_size
    assert page.calls == expected[first : first + wanted.page_size]


def order(row, sort):
    key = (row.started_at, row.call_id)
    return (row.duration_s, *key) if "duration" in sort else key


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
    }[match]
