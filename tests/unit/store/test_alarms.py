from datetime import timedelta

import pytest

from appliance.core.errors import NotFound
from appliance.store import alarms
from appliance.store.alarms import AlreadyCleared, Found, Wanted
from appliance.store.database import open_database
from tests.rigs.records import NOON

MINUTE = timedelta(minutes=1)
SAME = 15 * MINUTE
LOW = Found("disk_low", "low", "warning", True, {"free_mib": 7})


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


def say(database, minutes, *found):
    alarms.record(database, found, NOON + minutes * MINUTE, SAME)


def over(found):
    return found._replace(raised=False)


def everything(database, **wanted):
    return alarms.find(database, Wanted(**wanted), before=None, limit=100)


def test_a_condition_that_stands_is_one_alarm_however_often_it_is_said(database):
    for minute in range(3):
        say(database, minute, LOW._replace(facts={"free_mib": 9 - minute}))
    (one,) = everything(database)
    assert (one.raised_at, one.seen_at, one.occurrences) == (NOON, NOON + 2 * MINUTE, 1)
    assert (one.state, one.facts, one.severity) == ("active", {"free_mib": 7}, "warning")


def test_subjects_are_told_apart(database):
    say(database, 0, LOW, LOW._replace(subject="other"))
    say(database, 1, over(LOW))
    assert [(one.subject, one.state) for one in everything(database)] == [
        ("other", "active"),
        ("low", "cleared"),
    ]
    assert set(alarms.standing(database)) == {("disk_low", "other")}


def test_what_comes_back_soon_is_the_same_alarm_and_stays_acknowledged(database):
    say(database, 0, LOW)
    alarms.acknowledge(database, 1, "olga", "cleaning up", NOON)
    say(database, 1, over(LOW))
    say(database, 16, LOW)
    (one,) = everything(database)
    assert (one.occurrences, one.state, one.note) == (2, "acknowledged", "cleaning up")


def test_what_comes_back_late_is_another_alarm_that_wants_an_answer(database):
    say(database, 0, LOW)
    alarms.acknowledge(database, 1, "olga", "", NOON)
    say(database, 1, over(LOW))
    say(database, 17, LOW)
    assert [one.state for one in everything(database)] == ["active", "cleared"]


def test_a_condition_that_never_stood_leaves_no_row(database):
    say(database, 0, over(LOW))
    assert everything(database) == []


def test_acknowledging_says_who_when_and_why_and_may_be_corrected(database):
    say(database, 0, LOW)
    alarms.acknowledge(database, 1, "olga", "looking", NOON + MINUTE)
    one = alarms.acknowledge(database, 1, "pavel", "disk ordered", NOON + 2 * MINUTE)
    assert (one.acknowledged_by, one.acknowledged_at, one.note) == (
        "pavel",
        NOON + 2 * MINUTE,
        "disk ordered",
    )
    with pytest.raises(NotFound):
        alarms.acknowledge(database, 2, "olga", "", NOON)


def test_a_snoozed_alarm_is_unanswered_and_counted_apart_until_it_wakes(database):
    say(database, 0, LOW, LOW._replace(subject="other"), LOW._replace(subject="third"))
    alarms.snooze(database, 1, "olga", NOON + 30 * MINUTE)
    alarms.acknowledge(database, 2, "olga", "", NOON)
    assert alarms.counts(database, NOON + 29 * MINUTE) == (2, 1, 1)
    assert alarms.counts(database, NOON + 30 * MINUTE) == (2, 0, 1)
    say(database, 31, over(LOW))
    with pytest.raises(AlreadyCleared):
        alarms.snooze(database, 1, "olga", NOON + 60 * MINUTE)


def test_filters_and_pages(database):
    kinds = [("disk_low", "warning"), ("disk_full", "critical")]
    for index in range(10):
        code, severity = kinds[index % 2]
        say(database, index, Found(code, str(index), severity, True, {}))
    alarms.acknowledge(database, 1, "olga", "", NOON)
    say(database, 20, Found("disk_full", "1", "critical", False, {}))
    assert len(everything(database, state="active")) == 8
    assert [one.id for one in everything(database, state="acknowledged")] == [1]
    assert [one.id for one in everything(database, state="cleared")] == [2]
    assert {one.code for one in everything(database, severity="critical")} == {"disk_full"}
    within = everything(database, since=NOON + 2 * MINUTE, until=NOON + 4 * MINUTE)
    assert [one.id for one in within] == [4, 3]
    seen, before = [], None
    while page := alarms.find(database, Wanted(code="disk_low"), before=before, limit=2):
        seen += [one.id for one in page]
        before = page[-1].id
    assert seen == [9, 7, 5, 3, 1]


def test_old_ones_are_forgotten_with_their_answers_but_never_one_that_stands(database):
    say(database, 0, LOW, LOW._replace(subject="other"))
    alarms.acknowledge(database, 1, "olga", "", NOON)
    say(database, 1, over(LOW))
    assert alarms.forget(database, NOON + MINUTE) == 0
    assert alarms.forget(database, NOON + 2 * MINUTE) == 1
    assert [one.subject for one in everything(database)] == ["other"]
    assert database.number("SELECT count(*) FROM alarm_answers") == 0
