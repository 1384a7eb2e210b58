from datetime import UTC, datetime

import pytest

from appliance.core.clock import ManualClock
from webadmin.repeats import ANEW_AFTER, Repeats


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 21, tzinfo=UTC))


def test_the_same_of_another_person_is_no_repeat(clock):
    repeats = Repeats(clock)
    assert not repeats.is_repeat("anna", "calls")
    assert repeats.is_repeat("anna", "calls")
    assert not repeats.is_repeat("ben", "calls")
    assert not repeats.is_repeat("anna", "other calls")


def test_what_goes_on_is_written_anew_after_a_while(clock):
    repeats = Repeats(clock)
    assert not repeats.is_repeat("anna", "calls")
    clock.at_mono_s += ANEW_AFTER.total_seconds() - 1
    assert repeats.is_repeat("anna", "calls")
    clock.at_mono_s += 1
    assert not repeats.is_repeat("anna", "calls")


def test_memory_of_what_was_asked_is_bounded(clock):
    repeats = Repeats(clock)
    for number in range(5000):
        assert not repeats.is_repeat("anna", str(number))
    assert not repeats.is_repeat("anna", "0")
    assert repeats.is_repeat("anna", "4999")
