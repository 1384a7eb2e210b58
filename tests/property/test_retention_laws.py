"""Laws of retention: what is held stays, what is young stays, and what goes goes from the oldest on."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.retention import (
    Cause,
    Kept,
    Policy,
    days_until_full,
    due,
    effective_days,
    growth_bytes,
    sacrifices,
    youngest_due,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
# Some lie in the future, as after a clock that was ahead.
AGES_H = st.integers(-200, 5000)
DAYS = st.integers(0, 200)


@st.composite
def recordings(draw):
    drawn = draw(st.lists(st.tuples(AGES_H, st.integers(0, 1000), st.booleans()), max_size=30))
    oldest_first = sorted(drawn, key=lambda one: -one[0])
    return [
        Kept(str(place), NOW - timedelta(hours=hours), size, held)
        for place, (hours, size, held) in enumerate(oldest_first)
    ]


@st.composite
def policies(draw):
    keep_days = draw(DAYS)
    least_days = draw(st.integers(0, keep_days) if keep_days else DAYS)
    return Policy("p", keep_days, least_days, draw(st.integers(0, 8000)))


@given(recordings(), policies())
def test_a_held_call_is_never_reaped_and_nothing_younger_than_its_policy_goes(kept, policy):
    for going in due(policy, kept, sum(one.bytes for one in kept), NOW):
        age = NOW - going.kept.at
        assert not going.kept.held
        assert age >= timedelta(days=policy.least_days)
        if going.cause is Cause.AGE:
            assert policy.keep_days
            assert age >= timedelta(days=policy.keep_days)
        else:
            assert policy.most_bytes


@given(recordings(), policies())
def test_everything_whose_time_is_over_goes_and_the_class_fits_or_nothing_more_may_go(kept, policy):
    gone = {going.kept.call_id for going in due(policy, kept, sum(one.bytes for one in kept), NOW)}
    left = [one for one in kept if one.call_id not in gone]
    free = [one for one in left if not one.held]
    if policy.keep_days:
        assert all(NOW - one.at < timedelta(days=policy.keep_days) for one in free)
    if policy.most_bytes and sum(one.bytes for one in left) > policy.most_bytes:
        assert all(NOW - one.at < timedelta(days=policy.least_days) for one in free)
    if not policy.keep_days and not policy.most_bytes:
        assert not gone


@given(recordings(), policies())
def test_the_oldest_go_first_and_no_more_than_the_size_asks_for(kept, policy):
    going = list(due(policy, kept, sum(one.bytes for one in kept), NOW))
    assert [one.kept.at for one in going] == sorted(one.kept.at for one in going)
    by_size = [one for one in going if one.cause is Cause.SIZE]
    if by_size:
        left_bytes = sum(one.bytes for one in kept) - sum(one.kept.bytes for one in going)
        assert left_bytes + by_size[-1].kept.bytes > policy.most_bytes


@given(recordings(), policies())
def test_looking_no_further_than_the_youngest_that_may_go_finds_the_same(kept, policy):
    total = sum(one.bytes for one in kept)
    near = [one for one in kept if one.at <= youngest_due(policy, total, NOW)]
    assert list(due(policy, near, total, NOW)) == list(due(policy, kept, total, NOW))


@given(recordings(), policies())
def test_doing_it_twice_takes_nothing_more(kept, policy):
    gone = {going.kept.call_id for going in due(policy, kept, sum(one.bytes for one in kept), NOW)}
    left = [one for one in kept if one.call_id not in gone]
    assert list(due(policy, left, sum(one.bytes for one in left), NOW)) == []


@given(recordings(), policies(), policies(), st.integers(-10, 9000), st.randoms())
def test_a_full_disk_takes_the_oldest_that_may_go_and_stops_when_it_has_enough(
    kept, one, other, wanted, random
):
    classed = [(random.choice((one, other)), recording) for recording in kept]
    going = list(sacrifices(classed, wanted, NOW))
    for gone in going:
        assert not gone.kept.held
        assert NOW - gone.kept.at >= timedelta(days=gone.policy.least_days)
    taken = [gone.kept.bytes for gone in going]
    assert sum(taken[:-1]) < max(wanted, 1) or not taken
    if sum(taken) < wanted:
        stays = {recording.call_id for _, recording in classed} - {gone.kept.call_id for gone in going}
        for policy, recording in classed:
            is_free = not recording.held and NOW - recording.at >= timedelta(days=policy.least_days)
            assert not (is_free and recording.call_id in stays)


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**5),
    st.dictionaries(st.integers(0, 99), st.integers(1, 10**5)),
    st.integers(0, 60),
)
def test_more_space_and_shorter_keeping_never_fill_a_disk_sooner(free, low, by_day, keep_days):
    endless = 10**9
    days = days_until_full(free, low, by_day, 100, 0)
    roomier = days_until_full(free * 2 + 1, low, by_day, 100, 0)
    reaped = days_until_full(free, low, by_day, 100, keep_days)
    assert (endless if roomier is None else roomier) >= (endless if days is None else days)
    assert (endless if reaped is None else reaped) >= (endless if days is None else days)


def test_the_forecast_reckons_with_what_goes_meanwhile():
    steady = dict.fromkeys(range(70, 100), 10)
    assert days_until_full(100, 0, steady, 100, 0) == 10
    assert days_until_full(100, 0, steady, 100, 30) is None
    assert days_until_full(100, 0, {}, 100, 0) is None
    assert days_until_full(100, 90, {100: 5}, 100, 0) == 2


def test_growth_is_that_of_the_busier_of_week_and_month():
    assert growth_bytes([0, 0, 10, 10]) == 10
    assert growth_bytes([1] * 21 + [8] * 7) == 8
    assert growth_bytes([8] * 7 + [1] * 21) == (56 + 21) // 28
    assert growth_bytes([0, 0]) == 0


def test_a_size_limit_shortens_the_days_that_recordings_really_stay():
    assert effective_days(Policy("p", 30, 0, 100), 10) == 10
    assert effective_days(Policy("p", 5, 0, 100), 10) == 5
    assert effective_days(Policy("p", 0, 7, 10), 10) == 7
    assert effective_days(Policy("p"), 10) is None
