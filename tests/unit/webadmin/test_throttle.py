from datetime import UTC, datetime

import pytest

from appliance.core.clock import ManualClock
from webadmin.throttle import Throttle, Throttled


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture
def throttle(clock):
    return Throttle(clock)


def fail_until_throttled(throttle, name, address):
    for attempt in range(1000):
        try:
            throttle.begin(name, address)
        except Throttled as error:
            return attempt, error
    raise AssertionError("never throttled")


def test_a_few_mistakes_are_free(throttle):
    for _ in range(Throttle.NAME.free):
        throttle.begin("anna", "10.0.0.1")


def test_guessing_one_name_is_delayed_and_says_how_long(throttle):
    attempts, error = fail_until_throttled(throttle, "anna", "10.0.0.1")
    assert attempts == Throttle.NAME.free + 1
    assert error.facts["after_s"] >= 2
    assert error.after_s == error.facts["after_s"]


def test_the_delay_doubles_up_to_its_longest(throttle, clock):
    delays = []
    for _ in range(20):
        _, error = fail_until_throttled(throttle, "anna", "10.0.0.1")
        delays.append(error.after_s)
        clock.at_mono_s += error.after_s
    assert delays == sorted(delays)
    assert delays[1] > delays[0]
    assert delays[-1] >= Throttle.NAME.longest_s


def test_a_name_is_never_locked_for_longer_than_half_a_minute(throttle):
    delays = []
    for number in range(200):
        try:
            throttle.begin("anna", f"10.0.0.{number}")
        except Throttled as error:
            delays.append(error.after_s)
    assert 0 < max(delays) <= Throttle.NAME.longest_s + 1


def test_guessing_many_names_from_one_address_is_delayed(throttle, clock):
    refused = 0
    for number in range(Throttle.ADDRESS.free + 5):
        try:
            throttle.begin(f"name-{number}", "10.0.0.1")
        except Throttled:
            refused += 1
    assert refused
    throttle.begin("somebody", "10.0.0.2")


def test_success_forgives_the_name(throttle):
    for _ in range(50):
        throttle.begin("anna", "10.0.0.1")
        throttle.succeeded("anna", "10.0.0.1")


def test_success_does_not_forgive_what_the_address_did_to_others(throttle):
    for number in range(Throttle.ADDRESS.free):
        throttle.begin(f"name-{number}", "10.0.0.1")
    throttle.begin("own", "10.0.0.1")
    throttle.succeeded("own", "10.0.0.1")
    throttle.begin("next", "10.0.0.1")
    with pytest.raises(Throttled):
        throttle.begin("another", "10.0.0.1")


def test_failures_are_forgotten_after_an_hour(throttle, clock):
    fail_until_throttled(throttle, "anna", "10.0.0.1")
    clock.at_mono_s += Throttle.FORGET_S + 60
    for _ in range(Throttle.NAME.free):
        throttle.begin("anna", "10.0.0.1")


def test_the_tables_stay_bounded(throttle):
    for number in range(Throttle.CAPACITY + 500):
        throttle.begin(f"name-{number}", f"address-{number}")
    assert throttle.sizes == (Throttle.CAPACITY, Throttle.CAPACITY)
