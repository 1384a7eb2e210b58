from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from appliance.domain.hours import is_open
from appliance.notify import event
from appliance.notify.planning import alive, alive_since, plan
from appliance.notify.rules import rules
from appliance.settings.root import Settings
from appliance.store.alarms import Alarm

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday
MINUTE = timedelta(minutes=1)
ZONE = ZoneInfo("UTC")


def rule(zone="UTC", **given):
    """The rule of mails."""
    content = {
        "enabled": True,
        "receivers": ["a@example.org", "b@example.org"],
        "device_name": "Hall 3",
        **given,
    }
    (made,) = rules(msgspec.convert({"time": {"zone": zone}, "alarms": {"email": content}}, Settings))
    return made


def alarm(key=1, **given):
    made = Alarm(
        id=key,
        code="disk_low",
        subject="low",
        severity="warning",
        facts={"free_mib": 7},
        raised_at=NOON,
        seen_at=NOON,
        occurrences=1,
        cleared_at=None,
        acknowledged_by="",
        acknowledged_at=None,
        note="",
        snoozed_by="",
        snoozed_until=None,
    )
    return made._replace(**given)


def told(of, *, before=None, after=0, zone=ZONE, sent=0, **given):
    made = plan(rule(**given), of, before or {}, sent, NOON + after * MINUTE, zone)
    return [(one.alarm_id, one.occasion) for one in made]


def test_a_new_alarm_is_told_once_with_device_and_both_languages():
    (one,) = plan(rule("Asia/Shanghai"), [alarm()], {}, 0, NOON, ZoneInfo("Asia/Shanghai"))
    assert one.receivers == ("a@example.org", "b@example.org")
    assert one.title.startswith("[Hall 3] Alarm: Little disk space is left: 7 MiB")
    assert "磁盘剩余空间不足：7 MiB" in one.content
    assert "2026-11-21 20:00:00 +0800" in one.content
    assert told([alarm()], before={1: ("raised", NOON)}, after=600) == []


def test_what_is_over_is_told_only_to_who_knew_of_it():
    over = alarm(cleared_at=NOON + MINUTE)
    assert told([over]) == []
    assert told([over], before={1: ("raised", NOON)}) == [(1, "cleared")]
    assert told([over], before={1: ("cleared", NOON)}) == []
    assert told([over], before={1: ("raised", NOON)}, tell_cleared=False) == []
    assert told([alarm()], before={1: ("cleared", NOON)}) == [(1, "raised")]


def test_nobody_is_told_of_what_is_acknowledged_or_snoozed():
    assert told([alarm(acknowledged_at=NOON)]) == []
    snoozed = alarm(snoozed_until=NOON + 30 * MINUTE)
    assert told([snoozed], after=29) == []
    assert told([snoozed], after=30) == [(1, "raised")]


def test_critical_only():
    assert told([alarm(), alarm(2, severity="critical")], only_critical=True) == [(2, "raised")]


def test_what_nobody_acknowledges_goes_to_those_above_once():
    given = {"escalate_after_min": 30, "escalation_receivers": ["boss@example.org"]}
    before = {1: ("raised", NOON)}
    assert told([alarm()], before=before, after=29, **given) == []
    assert told([alarm()], before=before, after=30, **given) == [(1, "escalated")]
    assert told([alarm(acknowledged_at=NOON)], before=before, after=30, **given) == []
    assert told([alarm()], before={1: ("escalated", NOON)}, after=90, **given) == []
    (one,) = plan(rule(**given), [alarm()], before, 0, NOON + 30 * MINUTE, ZONE)
    assert one.receivers == ("boss@example.org",)


def test_no_more_than_the_hour_allows_and_the_oldest_first():
    many = [alarm(key, raised_at=NOON - key * MINUTE) for key in range(1, 6)]
    assert told(many, sent=1, most_per_hour=3) == [(5, "raised"), (4, "raised")]
    assert told(many, sent=3, most_per_hour=3) == []


@pytest.mark.parametrize(
    ("begin", "end", "days", "at", "expected"),
    [
        ("00:00", "00:00", [], "2026-11-21T03:00", True),
        ("08:00", "18:00", [], "2026-11-21T07:59", False),
        ("08:00", "18:00", [], "2026-11-21T08:00", True),
        ("08:00", "18:00", [], "2026-11-21T18:00", False),
        ("22:00", "06:00", [], "2026-11-21T05:59", True),
        ("22:00", "06:00", [], "2026-11-21T06:00", False),
        ("22:00", "06:00", ["friday"], "2026-11-21T05:00", True),
        ("22:00", "06:00", ["friday"], "2026-11-21T23:00", False),
        ("00:00", "00:00", ["monday"], "2026-11-21T12:00", False),
        ("00:00", "00:00", ["saturday"], "2026-11-21T12:00", True),
    ],
)
def test_hours_and_days(begin, end, days, at, expected):
    zone = ZoneInfo("Asia/Shanghai")
    moment = datetime.fromisoformat(at).replace(tzinfo=zone)
    assert is_open(rule(begin=begin, end=end, days=days).hours, moment, zone) is expected


def test_outside_the_hours_an_alarm_waits_and_is_told_if_it_still_stands():
    given = {"begin": "13:00", "end": "14:00"}
    assert told([alarm()], after=59, **given) == []
    assert told([alarm()], after=60, **given) == [(1, "raised")]
    assert told([alarm(cleared_at=NOON + MINUTE)], after=60, **given) == []


def test_the_daily_mail_comes_once_and_is_not_made_up_for_half_a_day_later():
    wanted = rule(alive_at="11:30")
    assert alive_since(wanted, NOON, ZONE) == NOON - 30 * MINUTE
    assert alive_since(wanted, NOON - 60 * MINUTE, ZONE) == NOON - timedelta(days=1, minutes=30)
    assert alive(wanted, 2, told_today=False, at=NOON, zone=ZONE).occasion == "alive"
    assert alive(wanted, 2, told_today=True, at=NOON, zone=ZONE) is None
    assert alive(wanted, 2, told_today=False, at=NOON + 180 * MINUTE, zone=ZONE) is None
    assert alive(rule(), 2, told_today=False, at=NOON, zone=ZONE) is None


def machines(**monitoring):
    made = rules(msgspec.convert({"monitoring": monitoring}, Settings))
    return [(one.target, one.receivers) for one in made]


def test_who_gave_nowhere_to_send_to_is_told_nothing():
    assert machines() == []
    assert machines(snmp={"receivers": ["a", "b:1162"]}) == [("snmp", ("a", "b:1162"))]
    assert machines(syslog={"enabled": True}) == []
    syslog = {"enabled": True, "server": "log.example.org", "port": 6514}
    assert machines(syslog=syslog) == [("syslog", ("log.example.org:6514",))]
    assert machines(syslog={**syslog, "alarms": False}) == []


def test_each_machine_gets_a_notice_of_its_own_and_what_is_over_with_it():
    content = {"alarms": {"webhook": {"addresses": ["https://a.example/1", "https://b.example/2"]}}}
    (wanted,) = rules(msgspec.convert(content, Settings))
    made = plan(wanted, [alarm()], {}, 0, NOON, ZONE)
    assert [one.receivers for one in made] == [("https://a.example/1",), ("https://b.example/2",)]
    told_before = {1: ("raised", NOON)}
    (over, _) = plan(wanted, [alarm(cleared_at=NOON)], told_before, 0, NOON, ZONE)
    read = event.read(over.content)
    assert (read.occasion, read.is_over, read.alarm, read.facts) == ("cleared", True, 1, {"free_mib": 7})
    assert (over.title, read.title.zh) == ("Little disk space is left: 7 MiB", "磁盘剩余空间不足：7 MiB")
