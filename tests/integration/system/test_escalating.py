"""A program that stays down: what the box is asked to do, through a real door, remembered over a restart."""

import asyncio
import contextlib
import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance.health import Finding
from appliance.health.escalating import Escalation
from appliance.system.doorkeeper import Doorkeeper
from appliance.system.machine import Machine
from appliance.system.privileged import power
from tests.rigs.patience import until

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(tmp_path):
    return tmp_path / "asked"


@contextlib.asynccontextmanager
async def box(layout, tmp_path, asked):
    script = tmp_path / "systemctl"
    state = tmp_path / "state"
    script.write_text(
        f'#!/bin/sh\nif [ "$1" = show ]; then cat {state} 2>/dev/null || true; else echo "$@" >> {asked}; fi\n'
    )
    script.chmod(0o755)
    machine = Machine(is_appliance=True, systemctl=(str(script),))
    actions = {one.name: one for one in power.ACTIONS}
    keeper = Doorkeeper(layout, machine, actions, frozenset({os.geteuid()}))
    await keeper.listen()
    try:
        yield keeper
    finally:
        await keeper.close()


def down(program):
    return {"programs": [Finding("program_down", True, {"program": program}, program)]}


def words(asked):
    return asked.read_text().splitlines() if asked.exists() else []


def test_a_program_is_started_anew_then_the_box_and_a_restart_forgets_nothing(layout, tmp_path, asked):
    async def main():
        async with box(layout, tmp_path, asked) as keeper:
            escalation = Escalation(layout)
            for minute in range(14):
                before = len(words(asked))
                escalation.look(
                    down("recorder"), NOON + minute * MINUTE, 3600 + 60 * minute, may_restart=True
                )
                await escalation.close()
                assert len(words(asked)) - before <= 1
            program = "--no-block restart tapeline@recorder.service"
            await asyncio.to_thread(until, lambda: keeper.is_idle, what="every order to be given")
            assert words(asked) == [program] * 3 + ["--no-block reboot"]
            again = Escalation(layout)
            for minute in range(14, 60):
                again.look(down("recorder"), NOON + minute * MINUTE, 3600 + 60 * minute, may_restart=True)
                await again.close()
            await asyncio.to_thread(until, lambda: keeper.is_idle, what="every order to be given")
            assert words(asked).count("--no-block reboot") == 1

    asyncio.run(main())


def test_what_comes_up_again_is_left_alone(layout, tmp_path, asked):
    async def main():
        async with box(layout, tmp_path, asked):
            escalation = Escalation(layout)
            for minute in range(30):
                found = down("recorder") if minute % 2 else {"programs": []}
                escalation.look(found, NOON + minute * MINUTE, 3600, may_restart=True)
                await escalation.close()

    asyncio.run(main())
    assert words(asked) == []


def test_without_a_helper_nothing_breaks(layout):
    async def main():
        escalation = Escalation(layout)
        escalation.look(down("recorder"), NOON, 3600, may_restart=True)
        escalation.look(down("recorder"), NOON + 2 * MINUTE, 3600, may_restart=True)
        await escalation.close()

    asyncio.run(main())


@pytest.mark.parametrize("name", ["", "x.service", "../x", "--force", "a b", "x" * 21])
def test_only_names_of_programs_reach_systemd(name):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": name}, power.RestartProgram)


def test_what_takes_long_to_start_is_not_started_anew_for_ever(layout, tmp_path, asked):
    """A large index that is brought up to date takes half an hour; a program that dies again and again is another matter."""
    (tmp_path / "state").write_text("ActiveState=activating\nNRestarts=0\n")

    async def main():
        async with box(layout, tmp_path, asked) as keeper:
            escalation = Escalation(layout)
            for minute in range(40):
                escalation.look(down("webadmin"), NOON + minute * MINUTE, 3600, may_restart=True)
                await escalation.close()
            assert words(asked) == []
            (tmp_path / "state").write_text("ActiveState=activating\nNRestarts=7\n")
            for minute in range(40, 43):
                escalation.look(down("webadmin"), NOON + minute * MINUTE, 3600, may_restart=True)
                await escalation.close()
            await asyncio.to_thread(until, lambda: keeper.is_idle, what="the order to be given")
            assert words(asked) == ["--no-block restart tapeline@webadmin.service"]

    asyncio.run(main())
