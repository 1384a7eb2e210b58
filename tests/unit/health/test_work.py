"""Checks of what is expected of the box: recordings while people work, test calls, peace at the door, notices that arrive."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.core.text import Text
from appliance.domain.hours import Hours, is_open, opened_at
from appliance.domain.selftest import SelfTest
from appliance.health import Seen, Work, make
from appliance.health.testing import due

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)  # a Friday
OFFICE = Hours("08:00", "18:00", ("monday", "friday"))


def seen(at=NINE, **more):
    return Seen(at=at, watched_s=999, programs={}, intake={}, queues={}, free_bytes=1, low_bytes=0, **more)


def silent(minutes, at=NINE, hours=OFFICE, limit=30):
    story = seen(at, work=Work(hours, SHANGHAI, limit), recorded_at=at - timedelta(minutes=minutes))
    (found,) = make("recordings").findings(story)
    return found.raised, found.facts["minutes"]


def test_nothing_recorded_for_too_long_is_told():
    assert silent(29) == (False, 29)
    assert silent(30) == (True, 30)


def test_the_night_does_not_count():
    assert silent(14 * 60) == (True, 60)
    assert silent(14 * 60, limit=61) == (False, 60)
    assert not silent(600, at=NINE.replace(hour=18))[0]
    assert not silent(6000, at=NINE + timedelta(days=1))[0]


def test_without_a_limit_silence_is_nothing():
    assert make("recordings").findings(seen(recorded_at=NINE - timedelta(days=9))) == []


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (Hours(), "2026-11-20T03:00", "2026-11-20T00:00"),
        (Hours("08:00", "18:00"), "2026-11-20T18:00", None),
        (Hours("22:00", "06:00"), "2026-11-20T05:00", "2026-11-19T22:00"),
        (Hours("22:00", "06:00", ("thursday",)), "2026-11-20T05:00", "2026-11-19T22:00"),
        (Hours("22:00", "06:00", ("friday",)), "2026-11-20T05:00", None),
        (Hours("07:00", "07:00"), "2026-11-20T05:00", "2026-11-19T07:00"),
    ],
)
def test_when_the_hours_began(hours, at, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    begun = None if expected is None else datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)
    assert opened_at(hours, moment, SHANGHAI) == begun
    assert is_open(hours, moment, SHANGHAI) is (begun is not None)


def test_a_failed_test_call_stands_until_one_passes():
    check = make("selftest")
    assert check.findings(seen()) == []
    problem = Text(en="gone", zh="丢失")
    (failed,) = check.findings(seen(self_test=SelfTest(at=NINE, passed=False, problem=problem)))
    assert failed.raised
    (passed,) = check.findings(seen(self_test=SelfTest(at=NINE, passed=True)))
    assert not passed.raised


def test_when_the_test_call_is_due():
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert due("", noon, SHANGHAI) is None
    assert due("06:00", noon, SHANGHAI) == datetime(2026, 11, 20, 6, tzinfo=SHANGHAI)
    assert due("21:00", noon, SHANGHAI) == datetime(2026, 11, 19, 21, tzinfo=SHANGHAI)


def test_many_refused_sign_ins_are_an_attack():
    (calm,) = make("sign_ins").findings(seen(refused_sign_ins={"10.0.0.7": 20}))
    (attack,) = make("sign_ins").findings(seen(refused_sign_ins={"10.0.0.7": 20, "10.0.0.8": 10}))
    assert (calm.raised, attack.raised) == (False, True)
    assert attack.facts == {"refused": 30, "address": "10.0.0.7"}


def test_notices_that_do_not_get_through_are_told_by_their_target():
    check = make("notices")
    assert not any(found.raised for found in check.findings(seen()))
    (stuck,) = [found for found in check.findings(seen(stuck_notices={"email": "refused"})) if found.raised]
    facts = {"target": "mail", "target_zh": "邮件", "problem": "refused"}
    assert (stuck.facts, stuck.subject) == (facts, "email")
