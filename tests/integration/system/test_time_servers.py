"""The clock's daemon against a real time server; the machine's own clock is left alone by a stand-in for the kernel's."""

import asyncio
from pathlib import Path

import pytest

from appliance.bus.client import Bus
from appliance.core.clock import SystemClock
from appliance.core.service import Service
from appliance.daemons.timesync import Timekeeper
from appliance.domain.timekeeping import Act
from appliance.system import ntp
from tests.rigs.time_server import time_server


class Noted:
    """What the kernel would have been told."""

    def __init__(self):
        self.said = []

    def slew(self, offset_s):
        self.said.append(("slew", offset_s))

    def step(self, offset_s):
        self.said.append(("step", offset_s))

    def declare(self, error_s):
        self.said.append(("declare", error_s))


@pytest.fixture(scope="module")
def server():
    with time_server() as address:
        yield address


def test_a_server_that_serves_our_own_clock_is_found_to_agree(server):
    samples, problems = ntp.ask([server])
    assert problems == {}
    (sample,) = samples
    assert abs(sample.offset_s) < 0.05
    assert sample.stratum == 3


def test_a_dead_server_is_told_and_the_living_one_counts(server):
    samples, problems = ntp.ask(["127.0.0.1:9", server], tries=1, timeout_s=0.5)
    assert [sample.server for sample in samples] == [server]
    assert set(problems) == {"127.0.0.1:9"}


def test_a_host_that_does_not_exist_is_told():
    samples, problems = ntp.ask(["no-such-host.invalid"], tries=1, timeout_s=0.5)
    assert (samples, list(problems)) == ([], ["no-such-host.invalid"])


@pytest.mark.parametrize(
    ("server_name", "expected"),
    [
        ("a.b", ("a.b", 123)),
        ("a.b:124", ("a.b", 124)),
        ("[::1]:124", ("::1", 124)),
        ("fe80::1", ("fe80::1", 123)),
    ],
)
def test_a_port_may_stand_behind_the_name(server_name, expected):
    assert ntp.split(server_name) == expected


def keeper(tmp_path: Path):
    service = Service("timesync", SystemClock())
    clock = Noted()
    return Timekeeper(service, Bus(tmp_path / "none.sock", "timesync"), clock), clock


def test_an_agreeing_server_makes_the_clock_synchronised(server, tmp_path):
    timekeeper, clock = keeper(tmp_path)
    wait_s = asyncio.run(timekeeper.ask([server], 3600))
    assert wait_s in (3600, 30.0)
    assert clock.said[-1][0] == "declare"


def test_without_an_answer_it_is_asked_again_sooner_each_time_less_so(tmp_path):
    timekeeper, clock = keeper(tmp_path)
    waits = [asyncio.run(timekeeper.ask(["127.0.0.1:9"], 3600)) for _ in range(3)]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] <= 300
    assert clock.said == []


def test_while_calls_run_a_large_difference_waits(server, tmp_path, monkeypatch):
    timekeeper, clock = keeper(tmp_path)
    asyncio.run(timekeeper.ask([server], 3600))  # the start, when a step would have been allowed
    clock.said.clear()
    timekeeper._call("a-call", object())
    sample, _ = ntp.ask([server])
    monkeypatch.setattr(ntp, "ask", lambda _: ([sample[0]._replace(offset_s=7.0)], {}))
    asyncio.run(timekeeper.ask([server], 3600))
    assert clock.said == []
    timekeeper._call("a-call", None)
    asyncio.run(timekeeper.ask([server], 3600))
    assert ("step", 7.0) in clock.said


def test_a_clock_that_is_not_ours_is_compared_and_left_alone(server, tmp_path, monkeypatch):
    bus = Bus(tmp_path / "none.sock", "timesync")
    timekeeper = Timekeeper(Service("timesync", SystemClock()), bus, None)
    asyncio.run(timekeeper.ask([server], 3600))
    assert timekeeper._last_good.act is Act.LEAVE
    sample, _ = ntp.ask([server])
    monkeypatch.setattr(ntp, "ask", lambda _: ([sample[0]._replace(offset_s=7.0)], {}))
    asyncio.run(timekeeper.ask([server], 3600))
    assert timekeeper._last_good.act is Act.WAIT
