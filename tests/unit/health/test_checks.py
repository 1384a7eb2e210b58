"""Each check is told a story."""

from datetime import UTC, timedelta

import msgspec
import pytest

from appliance.bus.topics import BoardState, Intake, ProgramState, Queue, SpanState, StorageState, TimeState
from appliance.core.text import Text
from appliance.domain.backup import Summary
from appliance.domain.call import DataType
from appliance.domain.condition import CONDITIONS
from appliance.domain.hours import Hours
from appliance.domain.licence import Judged, Licence, LicenceState, together
from appliance.domain.selftest import SelfTest
from appliance.health import CHECKS, Seen, Work, make
from appliance.system.disks import Disk, Raid, Report, Smart
from appliance.system.temperature import Sensor
from tests.rigs.records import NOON

GIB = 1 << 30
WELL = Disk(path="/dev/sda", size_bytes=GIB, serial="Z1", smart=Smart(passed=True, bad_sectors=0))
MIRRORED = Raid(path="/dev/md0", level="raid1", state="clean", disks=2, missing=0)
LICENCE = Licence(
    serial="ACME-1", customer="", device="any", issued_on=NOON.date(), channels={DataType.IP: 30}
)
HEALTHY = Report(at=NOON, disks=[WELL], raids=[MIRRORED])
FULL_OF_LIFE = {name: ProgramState(at=NOON, alive=True) for name in ("recorder", "archiver", "webadmin")}


def seen(at_s=0, **more):
    facts = {
        "at": NOON + timedelta(seconds=at_s),
        "watched_s": 100.0 + at_s,
        "programs": FULL_OF_LIFE,
        "intake": {},
        "queues": {},
        "free_bytes": 100 * GIB,
        "low_bytes": GIB,
        "time": TimeState(at=NOON, synchronised=True),
        "disks": HEALTHY,
        "backup": Summary(at=NOON, expected=True, made_at=NOON),
        "work": Work(Hours(), UTC, 30),
        "recorded_at": NOON,
        "self_test": SelfTest(at=NOON, passed=True),
        "sensors": [Sensor("CPU", 50.0, 90.0, 100.0)],
        "licensed": together([Judged("ACME-1", LicenceState.GOOD, LICENCE)]),
    }
    return Seen(**(facts | more))


def raised(check, story):
    return {(finding.code, finding.subject) for finding in check.findings(story) if finding.raised}


@pytest.mark.parametrize("name", CHECKS)
def test_a_healthy_box_raises_nothing_and_every_code_has_words(name):
    port = Intake(at=NOON, interface="eth1", link_up=True, counters={"packets": 1})
    queue = Queue(at=NOON, ready=1, working=0, quarantined=0)
    path = StorageState(at=NOON, path="/mnt/a", current=True)
    board = BoardState(at=NOON, name="one", driver="replay", first_channel=1, spans=[SpanState(number=1)])
    findings = make(name).findings(
        seen(intake={"eth1": port}, queues={"archive": queue}, storage={"first": path}, boards={"one": board})
    )
    assert findings
    for finding in findings:
        assert not finding.raised
        condition = CONDITIONS[finding.code]
        for language in ("en", "zh"):
            assert "{" not in condition.title.render(language, **finding.facts)
            assert "{" not in condition.remedy.render(language, **finding.facts)


def test_every_subject_of_a_check_is_told_apart():
    port = Intake(at=NOON, interface="eth1", link_up=True, counters={"packets": 1})
    for name in CHECKS:
        findings = make(name).findings(seen(intake={"a": port, "b": port}))
        assert len({finding.subject for finding in findings}) == len(findings)


def test_a_dead_program_is_missed_at_once_and_a_silent_one_after_a_while():
    check = make("programs")
    dead = FULL_OF_LIFE | {"recorder": ProgramState(at=NOON, alive=False)}
    assert raised(check, seen(programs=dead)) == {("program_down", "recorder")}
    silent = {name: state for name, state in FULL_OF_LIFE.items() if name != "archiver"}
    assert raised(check, seen(programs=silent, watched_s=5.0)) == set()
    assert raised(check, seen(programs=silent, watched_s=30.0)) == {("program_down", "archiver")}


def test_a_program_that_not_every_box_has_is_missed_once_it_has_spoken():
    check = make("programs")
    assert raised(check, seen()) == set()
    with_mails = FULL_OF_LIFE | {"notifier": ProgramState(at=NOON, alive=True)}
    assert raised(check, seen(programs=with_mails)) == set()
    dead = with_mails | {"notifier": ProgramState(at=NOON, alive=False)}
    assert raised(check, seen(programs=dead)) == {("program_down", "notifier")}
    # Another broker knows nothing of what was said before.
    assert raised(check, seen(watched_s=5.0)) == set()
    assert raised(check, seen(watched_s=30.0)) == {("program_down", "notifier")}


def test_the_watchdog_is_silent_about_itself():
    check = make("programs")
    raised(check, seen(programs=FULL_OF_LIFE | {"watchdog": ProgramState(at=NOON, alive=True)}))
    assert raised(check, seen(watched_s=30.0)) == set()


def test_without_a_broker_nothing_is_said_of_programs():
    assert make("programs").findings(seen(programs={}, watched_s=0.0)) == []


def test_the_disk_warns_before_it_is_full_and_does_not_flicker():
    check = make("disk")
    assert raised(check, seen(free_bytes=3 * GIB)) == set()
    assert raised(check, seen(free_bytes=2 * GIB - 1)) == {("disk_low", "low")}
    assert raised(check, seen(free_bytes=GIB - 1)) == {("disk_full", "full")}
    assert raised(check, seen(free_bytes=GIB + 1)) == {("disk_full", "full")}
    assert raised(check, seen(free_bytes=2 * GIB)) == {("disk_low", "low")}
    assert raised(check, seen(free_bytes=3 * GIB)) == set()


def test_a_backlog_is_told_by_age_not_by_number():
    check = make("backlog")
    many = Queue(at=NOON, ready=100_000, working=1, quarantined=0, oldest_s=10.0)
    assert raised(check, seen(queues={"archive": many})) == set()
    old = Queue(at=NOON, ready=1, working=0, quarantined=0, oldest_s=200.0)
    assert raised(check, seen(queues={"archive": old})) == {("backlog", "waiting")}
    assert raised(check, seen(at_s=300, queues={"archive": many})) == {("backlog", "waiting")}, (
        "an archiver that says nothing more does not make the wait shorter"
    )


def test_calls_set_aside_are_reported():
    queue = Queue(at=NOON, ready=0, working=0, quarantined=2)
    assert raised(make("backlog"), seen(queues={"archive": queue})) == {("calls_set_aside", "set_aside")}


def port(link_up=True, **counters):
    return {"eth1": Intake(at=NOON, interface="eth1", link_up=link_up, counters=counters)}


def test_a_port_that_brings_nothing_is_silent_until_it_does():
    check = make("intake")
    assert raised(check, seen(0, intake=port(packets=10))) == set()
    assert raised(check, seen(59, intake=port(packets=10))) == set()
    assert raised(check, seen(61, intake=port(packets=10))) == {("port_silent", "eth1.silent")}
    assert raised(check, seen(62, intake=port(packets=11))) == set()


def test_a_port_without_link_is_not_also_silent():
    check = make("intake")
    check.findings(seen(0, intake=port(packets=10)))
    assert raised(check, seen(100, intake=port(link_up=False, packets=10))) == {("link_down", "eth1.link")}
    assert raised(check, seen(101, intake=port(packets=10))) == set(), "the silence begins with the link"


def test_lost_packets_are_shown_for_a_while_with_their_number():
    check = make("intake")
    check.findings(seen(0, intake=port(packets=10, kernel_drops=0)))
    story = seen(2, intake=port(packets=20, kernel_drops=5, hold_overflow=2))
    assert raised(check, story) == {("packets_lost", "eth1.lost")}
    found = {finding.code: finding.facts for finding in check.findings(seen(300, intake=story.intake))}
    assert found["packets_lost"]["lost"] == 7
    packets = port(packets=30, kernel_drops=5, hold_overflow=2)
    assert raised(check, seen(900, intake=packets)) == set()


def test_a_restarted_recorder_begins_to_count_anew():
    check = make("intake")
    check.findings(seen(0, intake=port(packets=1000, kernel_drops=5)))
    assert raised(check, seen(700, intake=port(packets=3, kernel_drops=0))) == set()


def test_a_port_that_is_gone_is_forgotten():
    check = make("intake")
    check.findings(seen(0, intake=port(link_up=False)))
    assert check.findings(seen(1)) == []


def test_a_set_clock_is_shown_for_an_hour():
    check = make("clock")
    assert raised(check, seen(0)) == set()
    assert raised(check, seen(1, jump_s=-3600.04)) == {("clock_set", "")}
    assert raised(check, seen(3000)) == {("clock_set", "")}
    assert raised(check, seen(3700)) == set()


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ("full", "storage_full"),
        ("exhausted", "storage_full"),
        ("missing", "storage_gone"),
        ("other_disk", "storage_other_disk"),
        ("read_only", "storage_failing"),
        ("failed", "storage_failing"),
    ],
)
def test_a_storage_path_in_trouble_is_told_and_the_change_over_with_it(problem, code):
    check = make("storage")
    bad = StorageState(at=NOON, path="/mnt/a", current=False, problem=problem)
    good = StorageState(at=NOON, path="/mnt/b", current=True, instead_since=NOON)
    assert raised(check, seen(storage={"first": bad, "second": good})) == {
        (code, f"first.{code}"),
        ("storage_changed", "second.changed"),
    }
    mended = StorageState(at=NOON, path="/mnt/a", current=True)
    rested = StorageState(at=NOON, path="/mnt/b", current=False)
    assert raised(check, seen(storage={"first": mended, "second": rested})) == set()


def test_settings_that_cannot_be_read_are_told():
    check = make("settings")
    assert raised(check, seen(settings_problem="line 1", settings_revision=4)) == {
        ("settings_unreadable", "")
    }
    assert raised(check, seen()) == set()


def test_an_index_that_fails_for_a_moment_alarms_nobody():
    check = make("index")
    assert raised(check, seen(0, index_problem="busy")) == set()
    assert raised(check, seen(29, index_problem="busy")) == set()
    assert raised(check, seen(31)) == set()
    assert raised(check, seen(33, index_problem="busy")) == set()
    assert raised(check, seen(63, index_problem="busy")) == {("index_failing", "")}
    assert raised(check, seen(65)) == set()


def test_a_dying_disk_a_worn_one_and_a_degraded_array_are_told_apart():
    check = make("disks")

    def story(**smart):
        disk = msgspec.structs.replace(WELL, smart=Smart(**smart))
        return seen(disks=Report(at=NOON, disks=[disk], raids=[MIRRORED]))

    assert raised(check, story(passed=False, bad_sectors=9)) == {("disk_failing", "Z1.failing")}
    assert raised(check, story(passed=True, bad_sectors=9)) == {("disk_wearing", "Z1.wearing")}
    assert raised(check, story(passed=True, worn_percent=95)) == {("disk_wearing", "Z1.wearing")}
    assert raised(check, story(problem="Unable to detect device type")) == set()
    lame = msgspec.structs.replace(MIRRORED, missing=1)
    assert raised(check, seen(disks=Report(at=NOON, raids=[lame]))) == {
        ("raid_degraded", "/dev/md0.degraded")
    }
    assert check.findings(seen(disks=None)) == []


def test_a_path_that_fills_up_is_told_in_time_and_does_not_flicker():
    check = make("storage")

    def story(days, warn_days=14, **more):
        path = StorageState(at=NOON, path="/mnt/a", current=True, days_left=days, **more)
        return seen(storage={"first": path}, warn_days=warn_days)

    def codes(told):
        return {code for code, _ in raised(check, told)}

    assert codes(story(None)) == codes(story(14)) == codes(story(3, warn_days=0)) == set()
    assert codes(story(13)) == codes(story(14)) == {"storage_fills"}
    assert codes(story(15)) == set()
    assert codes(story(None, stopped=True)) == {"recording_stopped"}
    assert codes(story(None, sacrificed=3)) == {"retention_overridden"}


def test_a_backup_that_failed_or_that_nobody_makes_is_told():
    check = make("backup")

    def story(at_s=0, **more):
        return seen(at_s, backup=Summary(**({"at": NOON, "expected": True} | more)))

    assert raised(check, story(problem=Text(en="full", zh="已满"))) == {("backup_failed", "failed")}
    due = {"at": NOON + timedelta(hours=4), "due_at": NOON}
    assert raised(check, story(4 * 3600, **due)) == {("backup_overdue", "overdue")}
    assert raised(check, story(3600 + 60)) == {("backup_overdue", "overdue")}
    assert raised(check, story(9 * 3600, expected=False)) == set()
    assert check.findings(seen(backup=None)) == []
