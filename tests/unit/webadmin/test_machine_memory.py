"""What the panel remembers of programs: lives that followed each other, and what one costs."""

from datetime import UTC, datetime, timedelta

from appliance.bus.topics import ProgramState
from appliance.core.clock import ManualClock
from appliance.system.processes import Process
from webadmin.machine import Machine

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def state(started_at, *, alive=True):
    return ProgramState(at=NOON, alive=alive, started_at=started_at)


def test_another_moment_of_start_is_another_life():
    machine = Machine(ManualClock(NOON))
    for news in (
        state(NOON),
        state(NOON),
        state(None, alive=False),
        state(NOON + timedelta(seconds=9)),
        None,
        state(NOON + timedelta(seconds=20)),
    ):
        machine.take_program("recorder", news)
    assert machine.restarts("recorder") == 2
    assert machine.restarts("archiver") == 0


def test_the_share_of_a_processor_is_measured_between_two_looks_at_the_same_life():
    clock = ManualClock(NOON)
    machine = Machine(clock)
    assert machine.cpu_percent("archiver", Process(10, 1, 5.0, 0, 1)) is None
    clock.at_mono_s += 0.1
    assert machine.cpu_percent("archiver", Process(10, 1, 5.1, 0, 1)) is None
    clock.at_mono_s += 1.9
    assert machine.cpu_percent("archiver", Process(10, 1, 6.0, 0, 1)) == 50.0
    clock.at_mono_s += 0.1
    assert machine.cpu_percent("archiver", Process(10, 1, 6.1, 0, 1)) == 50.0
    clock.at_mono_s += 4
    assert machine.cpu_percent("archiver", Process(11, 7, 0.5, 0, 1)) is None
