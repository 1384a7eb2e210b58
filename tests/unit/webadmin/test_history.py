from datetime import UTC, datetime, timedelta

from appliance.bus.topics import Intake
from webadmin.history import CHARTED, KEPT, Histories, History

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def look(seconds, packets=0):
    return Intake(
        at=NOON + timedelta(seconds=seconds), interface="eth1", link_up=True, counters={"packets": packets}
    )


def seconds(history):
    return [(at - NOON).total_seconds() for at, _ in history.samples]


def test_five_minutes_are_kept_and_no_more():
    history = History()
    for second in range(1000):
        history.take(look(second))
    assert seconds(history)[0] == 999 - KEPT.total_seconds()
    assert seconds(history)[-1] == 999


def test_news_that_come_too_often_cost_no_history():
    history = History()
    for tenth in range(50_000):
        history.take(look(tenth / 10))
    times = seconds(history)
    assert times[-1] == 4999.9
    assert times[-1] - times[0] > 290
    assert len(times) < 400


def test_after_the_clock_was_set_back_the_past_is_forgotten_not_mixed_in():
    history = History()
    for second in (0, 10, 20, 5, 6):
        history.take(look(second))
    assert seconds(history) == [0, 5, 6]


def test_a_counter_that_is_not_told_is_none_seen():
    history = History()
    history.take(look(0, packets=7))
    assert dict(zip(CHARTED, history.samples[0][1], strict=True)) == dict.fromkeys(CHARTED, 0) | {
        "packets": 7
    }


def test_a_port_that_is_gone_is_forgotten():
    ports = {"eth1": look(0)}
    histories = Histories(lambda: ports)
    histories.hear(("intake", "eth1"), None)
    assert len(histories.of("eth1")) == 1
    ports.clear()
    histories.hear(("hello", ""), None)
    assert histories.of("eth1") == []
