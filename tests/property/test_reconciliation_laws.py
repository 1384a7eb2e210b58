"""Laws of comparing the exchange's list with the ledger."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.reconciliation import Ledgered, Listed, read_moment, reconcile, span

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NUMBERS = st.sampled_from(["1001", "1002", "+4930123456", "030123456", "", "anna"])
SECONDS = st.integers(0, 60)


@st.composite
def lists(draw):
    listed = [
        Listed(line, NOON + timedelta(seconds=at), caller, callee)
        for line, (at, caller, callee) in enumerate(
            draw(st.lists(st.tuples(SECONDS, NUMBERS, NUMBERS), max_size=12))
        )
    ]
    ours = []
    for name, (at, ring, caller, callee) in enumerate(
        draw(st.lists(st.tuples(SECONDS, st.none() | SECONDS, NUMBERS, NUMBERS), max_size=12))
    ):
        began = NOON + timedelta(seconds=at)
        answered = None if ring is None else began + timedelta(seconds=ring)
        ours.append(Ledgered(str(name), began, answered, caller, callee, ""))
    return listed, ours


@given(lists(), st.floats(0, 30))
def test_every_entry_of_both_lists_stands_once_and_pairs_keep_the_tolerance(both, tolerance_s):
    listed, ours = both
    pairs = reconcile(listed, ours, tolerance_s)
    assert Counter(pair.listed for pair in pairs if pair.listed) == Counter(listed)
    assert Counter(pair.ledgered for pair in pairs if pair.ledgered) == Counter(ours)
    for entry, call, apart_s in pairs:
        if entry and call:
            moments = (call.started_at, call.answered_at or call.started_at)
            assert apart_s == min(abs((entry.at - at).total_seconds()) for at in moments)
            assert apart_s <= tolerance_s


@given(lists(), st.randoms())
def test_the_order_of_neither_list_matters(both, chance):
    listed, ours = both
    before = reconcile(listed, ours, 10)
    chance.shuffle(listed)
    chance.shuffle(ours)
    assert set(reconcile(listed, ours, 10)) == set(before)


@given(lists())
def test_a_list_that_is_the_ledger_matches_as_a_whole(both):
    _, ours = both
    listed = [Listed(line, call.started_at, call.caller, call.callee) for line, call in enumerate(ours)]
    distinct = len({(call.started_at, call.caller, call.callee) for call in ours}) == len(ours)
    if distinct and all(call.caller and call.callee and call.answered_at is None for call in ours):
        pairs = reconcile(listed, ours, 0)
        assert all(pair.listed and pair.ledgered for pair in pairs)


@pytest.mark.parametrize(
    ("listed", "ours", "is_one"),
    [
        ("1001", "1001", True),
        ("1001", "1002", False),
        ("030-123456", "+4930123456", True),
        ("123456", "030123456", False),
        ("", "1001", True),
        ("Anna", "anna", True),
    ],
)
def test_numbers_agree_as_people_write_them(listed, ours, is_one):
    entry = Listed(1, NOON, listed, "8001")
    call = Ledgered("a", NOON, None, ours, "8001", "")
    (first, *_) = pairs = reconcile([entry], [call], 0)
    assert (len(pairs) == 1) is is_one
    assert (first.listed is not None and first.ledgered is not None) is is_one


@pytest.mark.parametrize(
    "text",
    ["2026-11-21 12:00:00", "2026-11-21T12:00:00Z", "21.11.2026 12:00", "21/11/2026 12:00:00", "1795262400",
     "1795262400000", "2026/11/21 12:00", "20261121120000", "2026-11-21T13:00:00+01:00"],
)  # fmt: skip
def test_times_are_read_as_exchanges_write_them(text):
    assert read_moment(text, UTC, day_first=True) == NOON


def test_day_and_month_are_told_apart_by_whoever_knows():
    assert read_moment("05/11/2026 12:00", UTC, day_first=True).month == 11
    assert read_moment("05/11/2026 12:00", UTC, day_first=False).month == 5
    for text in ("", "noon", "2026-13-40 99:00", "9" * 13, "٣" * 10):
        assert read_moment(text, UTC, day_first=False) is None


def test_the_span_of_a_list_is_widened_by_the_tolerance():
    assert span([], 5) is None
    entries = [Listed(1, NOON + timedelta(seconds=9), "", ""), Listed(2, NOON, "", "")]
    assert span(entries, 5) == (NOON - timedelta(seconds=5), NOON + timedelta(seconds=14))
