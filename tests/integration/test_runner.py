"""The runner against real child processes that speak systemd's notification protocol."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from appliance.core.errors import Invalid
from appliance.core.files import Layout
from appliance.system import broker
from appliance.system.runner import Program, Runner
from tests.rigs.patience import until_async

SPEAKS = """
import os, signal, socket, sys
def say(text):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.connect(os.environ["NOTIFY_SOCKET"]); s.send(text.encode())
say("READY=1\\nSTATUS=here I am %d" % os.getpid())
signal.pause()
"""


def program(name: str, source: str = SPEAKS) -> Program:
    return Program(name, [sys.executable, "-c", source])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_programs_start_in_order_show_their_state_and_stop(tmp_path: Path) -> None:
    shown: list[tuple[str, str, str]] = []

    async def scenario() -> None:
        programs = [program("first"), program("second")]
        runner = Runner(programs, tmp_path, lambda p: shown.append((p.name, p.state, p.status)))
        await runner.start()
        pids = [p.pid for p in programs]
        await runner.stop()
        assert all(pid is not None and not alive(pid) for pid in pids)

    asyncio.run(scenario())
    states = [(name, state) for name, state, _ in shown]
    assert states.index(("first", "ready")) < states.index(("second", "starting"))
    assert any(status.startswith("here I am") for _, _, status in shown)
    assert states[-2:] == [("second", "stopped"), ("first", "stopped")]


def test_a_killed_program_is_started_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        one = program("one")
        runner = Runner([one], tmp_path, lambda _: None)
        await runner.start()
        first = one.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)

        async def replaced() -> bool:
            return one.pid not in (None, first) and one.state == "ready"

        await until_async(replaced)
        assert one.restarts == 1
        await runner.stop()

    asyncio.run(scenario())


def test_a_program_that_never_gets_ready_is_a_clear_failure(tmp_path: Path) -> None:
    async def scenario() -> None:
        runner = Runner([program("mute", "import signal; signal.pause()")], tmp_path, lambda _: None)
        with pytest.raises(TimeoutError):
            await runner.start(ready_s=1.0)
        await runner.stop()

    asyncio.run(scenario())


def test_a_path_too_long_for_a_socket_is_refused_by_name(tmp_path: Path) -> None:
    deep = Layout(tmp_path / ("d" * 120)).make()
    with pytest.raises(Invalid) as refusal:
        broker.prepare(deep)
    assert refusal.value.facts["field"] == "data"
    assert "socket" in refusal.value.message("en")
    assert "套接字" in refusal.value.message("zh")
