"""Names, schedules and the tidying of backups."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.backup import (
    Kind,
    Schedule,
    is_due,
    moments,
    name_of,
    named,
    next_at,
    outdated,
    slug,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("host", ["Recorder 1", "box", "", "录音", "a" * 80, "-x-"])
def test_a_name_says_what_it_was_made_of(host):
    name = name_of(slug(host), NOON, Kind.AUDIO)
    found = named(name)
    assert (found.box, found.at, found.kind) == (slug(host), NOON, Kind.AUDIO)


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "tapeline-box-20261120T120000Z-plain.tar.gz.age.part",
        "tapeline-box-20261320T120000Z-plain.tar.gz.age",
        "../tapeline-box-20261120T120000Z-plain.tar.gz.age",
        "tapeline-box-20261120T120000Z-evil.tar.gz.age",
    ],
)
def test_other_files_are_no_backups(name):
    assert named(name) is None


KINDS = st.sampled_from(Kind)
AGES = st.integers(0, 500)


@given(
    st.lists(
        st.tuples(AGES, KINDS, st.sampled_from(["mine", "theirs"])), max_size=40, unique_by=lambda x: x[0]
    ),
    st.integers(1, 10),
    st.integers(0, 12),
)
def test_the_newest_stay_with_one_of_each_month_and_others_are_never_touched(drawn, keep, months):
    names = [name_of(box, NOON - timedelta(days=days), kind) for days, kind, box in drawn] + ["photo.jpg"]
    gone = outdated(names, "mine", keep, months)
    assert all(named(name).box == "mine" for name in gone)
    left = [named(name) for name in names if name not in gone and named(name)]
    own = sorted(
        (one for one in map(named, names) if one and one.box == "mine" and one.kind is not Kind.UNDO),
        key=lambda one: one.at,
        reverse=True,
    )
    assert set(own[:keep]) <= set(left)
    for month in sorted({f"{one.at:%Y%m}" for one in own}, reverse=True)[:months]:
        assert any(f"{one.at:%Y%m}" == month for one in left if one.kind is not Kind.UNDO)
    undo = [one for one in left if one.kind is Kind.UNDO and one.box == "mine"]
    assert len(undo) <= 3
    assert outdated([one.name for one in left], "mine", keep, months) == []


def daily(zone=UTC, **more):
    return Schedule(**({"days": frozenset(), "at_min": 150, "every_h": 0, "zone": zone} | more))


def test_the_time_is_that_of_the_box_also_when_clocks_change():
    found = moments(daily(SHANGHAI), NOON, NOON + timedelta(days=2))
    assert [at.hour for at in found] == [18, 18]
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert len(moments(daily(BERLIN), spring, spring + timedelta(days=1))) == 1
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert len(moments(daily(BERLIN), autumn, autumn + timedelta(days=1))) == 1


def test_weekdays_and_intervals():
    friday_only = daily(days=frozenset({4}))
    assert next_at(friday_only, NOON) == datetime(2026, 11, 27, 2, 30, tzinfo=UTC)
    every = daily(every_h=6)
    assert [at.hour for at in moments(every, NOON, NOON + timedelta(days=1))] == [18, 0, 6, 12]


def test_what_was_missed_is_made_up_for_once_and_what_failed_is_tried_again_each_hour():
    at = datetime(2026, 11, 21, 3, tzinfo=UTC)
    made = at - timedelta(days=5)
    assert is_due(daily(), made, made, at)
    assert not is_due(daily(), at, at, at + timedelta(hours=5))
    assert not is_due(daily(), made, at, at + timedelta(minutes=59))
    assert is_due(daily(), made, at, at + timedelta(minutes=60))
    # Switched on for the first time: the moments before do not count.
    assert not is_due(daily(), None, None, at)
    assert is_due(daily(), None, None, datetime(2026, 11, 21, 2, 30, 30, tzinfo=UTC))
    # A clock that was ahead holds nothing up.
    assert is_due(daily(), at + timedelta(days=900), at + timedelta(days=900), at)
