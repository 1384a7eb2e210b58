"""The alarm of calls over the licence, told as a story."""

from datetime import UTC, datetime, timedelta

from appliance.bus.topics import Intake
from appliance.health import Seen, make

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(check, minutes: float, over: int):
    at = START + timedelta(minutes=minutes)
    counters = {"over_licence": over, "licensed_calls": 30}
    intake = {"eth1": Intake(at=at, interface="eth1", link_up=True, counters=counters)}
    (finding,) = check.findings(
        Seen(at=at, watched_s=60, programs={}, intake=intake, queues={}, free_bytes=1, low_bytes=0)
    )
    return finding


def test_calls_over_the_licence_are_told_for_an_hour_and_added_up():
    check = make("licence")
    assert not told(check, 0, 0).raised
    first = told(check, 1, 2)
    assert first.raised
    assert first.facts == {"calls": 2, "licensed": 30}
    assert told(check, 30, 5).facts["calls"] == 5
    assert told(check, 31, 1).facts["calls"] == 6, "a new session counts from zero"
    assert told(check, 91, 1).raised
    assert not told(check, 92, 1).raised


def test_without_a_limit_there_is_nothing_to_tell():
    check = make("licence")
    at = START
    intake = {"eth1": Intake(at=at, interface="eth1", link_up=True, counters={})}
    seen = Seen(at=at, watched_s=60, programs={}, intake=intake, queues={}, free_bytes=1, low_bytes=0)
    assert [finding.raised for finding in check.findings(seen)] == [False]
