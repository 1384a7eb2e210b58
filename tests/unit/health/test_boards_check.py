"""Conditions of boards, told from stories."""

from datetime import UTC, datetime, timedelta

from appliance.bus.topics import BoardState, SpanState
from appliance.health import Seen, make

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def state(**facts):
    return BoardState(at=NOON, name="one", driver="replay", first_channel=1, **facts)


def raised(check, board, at=NOON):
    seen = Seen(
        at=at,
        watched_s=60,
        programs={},
        intake={},
        queues={},
        free_bytes=1,
        low_bytes=0,
        boards={"one": board},
    )
    return {finding.code: finding.facts for finding in check.findings(seen) if finding.raised}


def test_a_board_that_is_read_raises_nothing():
    assert raised(make("boards"), state(spans=[SpanState(number=1)])) == {}


def test_a_board_that_is_gone_is_named_with_its_problem():
    found = raised(make("boards"), state(fault="gone", problem="unplugged"))
    assert found == {"board_gone": {"board": "one", "problem": "unplugged"}}


def test_each_span_in_alarm_is_a_condition_of_its_own():
    spans = [SpanState(number=3, alarms=["ais", "los"]), SpanState(number=4)]
    found = raised(make("boards"), state(spans=spans))
    assert found == {"trunk_alarm": {"board": "one", "span": 3, "alarms": "AIS LOS"}}


def test_a_loss_is_shown_for_a_while_and_then_over():
    check = make("boards")
    assert "board_losing" not in raised(check, state())
    assert raised(check, state(lost_samples=800))["board_losing"] == {
        "board": "one",
        "lost_ms": 100,
        "overruns": 0,
    }
    assert "board_losing" in raised(check, state(lost_samples=800), NOON + timedelta(minutes=9))
    assert "board_losing" not in raised(check, state(lost_samples=800), NOON + timedelta(minutes=11))


def test_a_board_that_was_opened_anew_counts_from_nothing():
    check = make("boards")
    raised(check, state(overruns=5))
    raised(check, state(overruns=0), NOON + timedelta(minutes=11))
    found = raised(check, state(overruns=2), NOON + timedelta(minutes=12))
    assert found["board_losing"]["overruns"] == 2


def test_calls_over_the_licence_of_a_board_are_told():
    check = make("boards")
    assert raised(check, state(over_licence=2, licensed_channels=8)) == {
        "over_licence": {"calls": 2, "licensed": 8}
    }
