"""The daily test call is asked for at its time, once, through the door, and its verdict is read when it is there."""

import asyncio
import contextlib
import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance.domain.selftest import SelfTest
from appliance.health.testing import SelfTests
from appliance.settings.root import Settings
from appliance.system.doorkeeper import Doorkeeper
from appliance.system.machine import Machine
from appliance.system.privileged import selftest
from tests.rigs.patience import until_async

SIX = datetime(2026, 11, 21, 6, tzinfo=UTC)
SETTINGS = msgspec.convert({"time": {"zone": "UTC"}}, Settings)


@pytest.fixture
def machine(tmp_path, layout):
    """A box whose systemctl writes down what it is asked, and a verdict."""
    verdict = msgspec.json.encode(SelfTest(at=SIX + timedelta(minutes=1), passed=True)).decode()
    script = tmp_path / "systemctl"
    script.write_text(f"#!/bin/sh\necho \"$@\" >> {tmp_path}/asked\necho '{verdict}' > {layout.self_test}\n")
    script.chmod(0o755)
    return Machine(is_appliance=True, systemctl=(str(script),))


@contextlib.asynccontextmanager
async def helper(layout, machine):
    keeper = Doorkeeper(
        layout, machine, {one.name: one for one in selftest.ACTIONS}, frozenset({os.geteuid()})
    )
    await keeper.listen()
    try:
        yield
    finally:
        await keeper.close()


def test_the_daily_call_is_asked_for_once(layout, machine, tmp_path):
    asked = tmp_path / "asked"

    async def main():
        async with helper(layout, machine):
            tests = SelfTests(layout)
            tests.look(SIX - timedelta(minutes=1), SETTINGS)  # yesterday's was too long ago
            assert tests.last is None
            tests.look(SIX, SETTINGS)

            async def is_read():
                tests.look(SIX + timedelta(seconds=2), SETTINGS)
                return tests.last

            assert (await until_async(is_read, what="the verdict")).passed
            for minutes in (2, 60, 119, 600):
                tests.look(SIX + timedelta(minutes=minutes), SETTINGS)
            await tests.close()

    asyncio.run(main())
    assert asked.read_text().splitlines() == ["start tapeline-selftest.service"]


def test_a_damaged_verdict_is_no_verdict(layout):
    layout.self_test.write_text("{")
    tests = SelfTests(layout)
    tests.look(SIX - timedelta(hours=3), SETTINGS)
    assert tests.last is None
