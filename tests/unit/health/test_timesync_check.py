from datetime import UTC, datetime, timedelta

from appliance.bus.topics import TimeState
from appliance.domain.condition import CONDITIONS
from appliance.health import Seen, make

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def findings(check, minutes, state):
    at = START + timedelta(minutes=minutes)
    seen = Seen(
        at=at,
        watched_s=60,
        programs={},
        intake={},
        queues={},
        free_bytes=1,
        low_bytes=0,
        time=state and state(at),
    )
    return check.findings(seen)


def raised(check, minutes, state):
    return [finding.raised for finding in findings(check, minutes, state)]


def lost(at):
    return TimeState(at=at, synchronised=False, problem="no server answers")


def good(at):
    return TimeState(at=at, synchronised=True)


def test_a_clock_without_a_server_is_told_after_ten_minutes_and_taken_back_at_once():
    check = make("timesync")
    assert raised(check, 0, good) == [False]
    assert raised(check, 1, lost) == [False]
    assert raised(check, 10, lost) == [False]
    assert raised(check, 12, lost) == [True]
    assert raised(check, 13, good) == [False]


def test_where_no_clock_program_runs_nothing_is_said():
    check = make("timesync")
    assert raised(check, 0, None) == []


def test_both_languages_say_why_in_their_own_words():
    check = make("timesync")
    findings(check, 0, lost)
    (finding,) = findings(check, 12, lost)
    kind = CONDITIONS[finding.code]
    assert "no server answers" in kind.told("en", finding.facts)
    assert "无应答" in kind.told("zh", finding.facts)
    assert "no server" not in kind.told("zh", finding.facts)
