"""The door for privileged actions over a real socket: what comes back, who is let in, what hostile callers achieve."""

import asyncio
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
import pytest

from appliance.core.errors import Broken, Busy, Conflict, Denied, Invalid, Refused, TimedOut
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.system import door, doorkeeper, privileged
from appliance.system.door import Action, NoHelper, Nothing, Order, Wish
from appliance.system.doorkeeper import Doorkeeper
from appliance.system.machine import Machine
from appliance.system.privileged import power, probe
from tests.rigs.daemons import daemons
from tests.rigs.patience import until, until_async


class Count(Wish, frozen=True, kw_only=True):
    to: Annotated[int, msgspec.Meta(ge=0, le=10)] = 3
    how: str = ""


class Sum(msgspec.Struct, frozen=True):
    total: int
    by: str


STATE: dict[str, int] = {"entered": 0, "finished": 0, "cancelled": 0}
GATE: dict[str, asyncio.Event] = {}


async def count(wish: Count, order: Order) -> Sum:
    for number in range(wish.to):
        await order.say(str(number).encode())
    return Sum(sum(range(wish.to)), order.by)


async def fail(wish: Count, order: Order) -> Nothing:
    if wish.how == "invalid":
        raise Invalid(
            field="ports[0]", problem=Text(en="{{ {value} }} is bad", zh="{{ {value} }} 不对"), value="x"
        )
    if wish.how == "conflict":
        raise Conflict(what="It")
    await asyncio.to_thread(os.stat, "/nowhere/at/all")
    return Nothing()


async def wait(wish: Count, order: Order) -> Nothing:
    STATE["entered"] += 1
    try:
        await GATE["open"].wait()
        STATE["finished"] += 1
    except asyncio.CancelledError:
        STATE["cancelled"] += 1
        raise
    return Nothing()


async def flood(wish: Count, order: Order) -> Nothing:
    STATE["entered"] += 1
    while True:
        await order.say(b"x" * 65536)


WORDS = Text(en="Test", zh="测试")
COUNT = Action("count", WORDS, Count, Sum, count, anywhere=True)
FAIL = Action("fail", WORDS, Count, Nothing, fail, anywhere=True)
WAIT = Action("wait", WORDS, Count, Nothing, wait, anywhere=True, alone="wait")
TOOL = Action("tool", WORDS, Count, Nothing, wait, anywhere=True, ends_with_caller=True)
SHORT = Action("short", WORDS, Count, Nothing, wait, anywhere=True, within_s=0.1)
FLOOD = Action("flood", WORDS, Count, Nothing, flood, anywhere=True)
CLOSED = Action("closed", WORDS, Count, Sum, count)
ACTIONS = {one.name: one for one in (COUNT, FAIL, WAIT, TOOL, SHORT, FLOOD, CLOSED)}


@contextlib.asynccontextmanager
async def helper(layout: Layout, *, users: frozenset[int] | None = None) -> AsyncIterator[Doorkeeper]:
    STATE.update(entered=0, finished=0, cancelled=0)
    GATE["open"] = asyncio.Event()
    keeper = Doorkeeper(layout, Machine(), ACTIONS, users if users is not None else frozenset({os.geteuid()}))
    await keeper.listen()
    try:
        yield keeper
    finally:
        await keeper.close()


async def raw(layout: Layout, *pieces: bytes) -> dict | None:
    """Say these bytes at the door; the one frame that comes back, None when it only closes."""
    reader, writer = await asyncio.open_unix_connection(str(layout.helper_socket))
    try:
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        content = await door.read_frame(reader, door.ANSWER_BYTES)
        return json.loads(content)
    except (EOFError, ConnectionError):
        return None
    finally:
        writer.close()


def frame(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def test_an_answer_comes_back_after_what_was_streamed(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout):
            parts: list[bytes] = []
            answer = await door.ask(layout, COUNT, Count(to=4), by="alice", on_part=parts.append)
            assert answer == Sum(6, "alice")
            assert parts == [b"0", b"1", b"2", b"3"]

    asyncio.run(test())


def test_errors_keep_family_code_and_both_languages(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout):
            with pytest.raises(Conflict) as conflict:
                await door.ask(layout, FAIL, Count(how="conflict"), by="a")
            assert conflict.value.code == "conflict"
            assert "It has changed" in conflict.value.message("en")
            assert "已被更改" in conflict.value.message("zh")
            with pytest.raises(Invalid) as wrong:
                await door.ask(layout, FAIL, Count(how="invalid"), by="a")
            assert wrong.value.facts["field"] == "ports[0]"
            assert wrong.value.message("en") == "ports[0]: { x } is bad"
            assert wrong.value.message("zh") == "ports[0]：{ x } 不对"
            with pytest.raises(Broken) as failure:
                await door.ask(layout, FAIL, Count(), by="a")
            assert failure.value.code == "action-failed"

    asyncio.run(test())


def test_what_changes_the_machine_is_refused_where_it_is_no_appliance(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout):
            with pytest.raises(Refused) as refused:
                await door.ask(layout, CLOSED, Count(), by="a")
            assert refused.value.code == "not-here"

    asyncio.run(test())


def test_the_wish_is_judged_by_its_type(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout):
            with pytest.raises(Invalid) as wrong:
                await door.ask(layout, COUNT, msgspec.structs.replace(Count(), to=11), by="a")
            assert wrong.value.facts["field"] == "to"

    asyncio.run(test())


HOSTILE = {
    "another protocol": [b"GET / HTTP/1.1\r\n\r\n"],
    "a giant": [struct.pack(">I", 2**32 - 1), b"x" * 1000],
    "just too large": [struct.pack(">I", door.CALL_BYTES + 1)],
    "no JSON": [frame(b"\xff\xfe\x00nothing")],
    "an empty frame": [frame(b"")],
    "another shape": [frame(b"[1, 2, 3]")],
    "more than belongs there": [frame(b'{"action":"count","by":"a","wish":{},"and":1}')],
    "an unknown action": [frame(b'{"action":"../../bin/sh","by":"a","wish":{}}')],
    "an unknown member": [frame(b'{"action":"count","by":"a","wish":{"to":1,"sudo":true}}')],
    "a deep nest": [frame(b'{"action":"count","by":"a","wish":' + b"[" * 50_000 + b"]" * 50_000 + b"}")],
    "a long name": [frame(b'{"action":"count","by":"' + b"a" * 1000 + b'","wish":{}}')],
    "a broken name": [frame(b'{"action":"count","by":"\xff","wish":{}}')],
}


@pytest.mark.parametrize("pieces", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_caller_is_answered_and_the_next_one_served(layout: Layout, pieces: list[bytes]) -> None:
    async def test() -> None:
        async with helper(layout):
            told = await raw(layout, *pieces)
            assert told is not None
            assert told["t"] == "failed", told
            assert told["code"] in {"garbled", "not-found", "invalid"}
            assert (await door.ask(layout, COUNT, Count(), by="a")).total == 3

    asyncio.run(test())


def test_a_caller_who_says_nothing_is_sent_away(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorkeeper, "FIRST_FRAME_S", 0.2)

    async def test() -> None:
        async with helper(layout) as keeper:
            told = await raw(layout, b"\0\0")
            assert told is not None
            assert told["code"] == "timed-out"
            await until_async(lambda: _true(keeper.is_idle), what="the helper to be idle")

    asyncio.run(test())


async def _true(value: bool) -> bool:
    return value


def test_a_caller_cut_off_leaves_nothing_behind(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout) as keeper:
            _, writer = await asyncio.open_unix_connection(str(layout.helper_socket))
            writer.write(struct.pack(">I", 100) + b"half")
            await writer.drain()
            writer.close()
            await until_async(lambda: _true(keeper.is_idle), what="the helper to be idle")
            assert (await door.ask(layout, COUNT, Count(), by="a")).total == 3

    asyncio.run(test())


def test_an_action_beyond_its_time_is_ended(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout):
            with pytest.raises(TimedOut):
                await door.ask(layout, SHORT, Count(), by="a")
            assert STATE["cancelled"] == 1

    asyncio.run(test())


def test_only_one_at_a_time_where_an_action_wants_it(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout):
            first = asyncio.create_task(door.ask(layout, WAIT, Count(), by="a"))
            await until_async(lambda: _true(STATE["entered"] == 1), what="the first to be inside")
            with pytest.raises(Busy):
                await door.ask(layout, WAIT, Count(), by="b")
            GATE["open"].set()
            await first
            await door.ask(layout, WAIT, Count(), by="b")

    asyncio.run(test())


def test_a_tool_ends_with_its_caller_and_other_work_goes_on(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout):
            for action in (TOOL, WAIT):
                before = STATE["entered"]
                asked = asyncio.create_task(door.ask(layout, action, Count(), by="a"))
                await until_async(
                    lambda before=before: _true(STATE["entered"] > before), what="it to be inside"
                )
                asked.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await asked
            await until_async(lambda: _true(STATE["cancelled"] == 1), what="the tool to be cancelled")
            GATE["open"].set()
            await until_async(lambda: _true(STATE["finished"] == 1), what="the other work to finish")
            assert STATE["cancelled"] == 1

    asyncio.run(test())


def test_a_caller_who_does_not_read_cannot_hold_the_helper(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorkeeper, "SEND_S", 0.2)

    async def test() -> None:
        async with helper(layout) as keeper:
            silent = socket.socket(socket.AF_UNIX)
            silent.setblocking(False)
            await asyncio.get_running_loop().sock_connect(silent, str(layout.helper_socket))
            silent.send(frame(b'{"action":"flood","by":"a","wish":{}}'))
            await until_async(lambda: _true(STATE["entered"] == 1), what="the flood to begin")
            await until_async(lambda: _true(keeper.is_idle), what="the helper to be idle")
            silent.close()

    asyncio.run(test())


def test_too_many_callers_are_told_so(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorkeeper, "MOST_CALLERS", 2)

    async def test() -> None:
        async with helper(layout):
            waiting = [asyncio.create_task(door.ask(layout, TOOL, Count(), by="a")) for _ in range(2)]
            await until_async(lambda: _true(STATE["entered"] == 2), what="both to be inside")
            with pytest.raises(Busy):
                await door.ask(layout, COUNT, Count(), by="a")
            GATE["open"].set()
            await asyncio.gather(*waiting)

    asyncio.run(test())


def test_a_user_who_is_not_ours_is_refused_by_the_kernels_word(layout: Layout) -> None:
    async def test() -> None:
        async with helper(layout, users=frozenset({4_000_000})):
            with pytest.raises(Denied):
                await door.ask(layout, COUNT, Count(), by="root")

    asyncio.run(test())


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_another_user_of_the_machine_is_refused(layout: Layout) -> None:
    script = (
        "import os, socket, sys; os.setgid(65534); os.setuid(65534)\n"
        "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n"
        'c = b\'{"action":"count","by":"root","wish":{}}\'\n'
        "s.sendall(len(c).to_bytes(4, 'big') + c); sys.stdout.buffer.write(s.recv(65536))"
    )

    async def test() -> None:
        async with helper(layout):
            layout.data.chmod(0o755)
            layout.run.chmod(0o755)
            layout.helper_socket.chmod(0o666)
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-c", script, str(layout.helper_socket), stdout=subprocess.PIPE
            )
            told, _ = await child.communicate()
            assert json.loads(told[4:])["family"] == "Denied"

    asyncio.run(test())


def test_every_registered_action_is_bounded_and_told_in_both_languages() -> None:
    for name, action in privileged.make().items():
        assert name == action.name
        assert 0 < action.within_s <= 4 * 3600, name
        assert issubclass(action.wish, Wish), name
        assert action.wish.__struct_config__.forbid_unknown_fields, name


@pytest.mark.parametrize("host", ["-f", "--help", "a b", "a;b", "$(id)", "", "a/b", "`x`", "a\nb", "x" * 300])
def test_a_host_that_is_none_never_reaches_a_program(host: str) -> None:
    for wish in (probe.Ping, probe.Trace):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"host": host}, wish)


def test_the_program_itself_serves_and_refuses_what_belongs_to_an_appliance(layout: Layout) -> None:
    with daemons(layout) as running:
        running.start("helper")
        parts: list[bytes] = []
        asyncio.run(
            door.ask(layout, probe.PING, probe.Ping(host="127.0.0.1", count=1), by="a", on_part=parts.append)
        )
        assert b"1 packets transmitted, 1 received" in b"".join(parts)
        with pytest.raises(Refused) as refused:
            door.ask_now(layout, power.RESTART, power.Restart(), by="a")
        assert refused.value.code == "not-here"
        until(lambda: "privileged action" in running.log("helper"), what="the journal to tell")
        assert running.stop("helper") == 0
        with pytest.raises(NoHelper):
            door.ask_now(layout, power.RESTART, power.Restart(), by="a")


def test_started_by_its_socket_it_serves_and_ends_when_idle(layout: Layout) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from appliance.daemons import helper, Options; from appliance.core.service import run\n"
        "from appliance.core.files import Layout\n"
        "helper.IDLE_S = 0.5\n"
        "sys.exit(run('helper', lambda s: helper.main(s, Options(layout=Layout(Path(sys.argv[1]))))))"
    )
    words = ["systemd-socket-activate", "-l", str(layout.helper_socket), sys.executable, "-c", program]
    process = subprocess.Popen([*words, str(layout.data)], stderr=subprocess.DEVNULL)
    try:
        until(layout.helper_socket.exists, what="the socket")
        parts: list[bytes] = []
        wish = probe.Ping(host="127.0.0.1", count=1)
        asyncio.run(door.ask(layout, probe.PING, wish, by="a", on_part=parts.append))
        assert b"1 received" in b"".join(parts)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def test_too_large_an_answer_never_fills_the_asking_program(layout: Layout) -> None:
    async def test() -> None:
        async def lie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(struct.pack(">I", 2**31))
            await writer.drain()
            writer.close()

        async with await asyncio.start_unix_server(lie, str(layout.helper_socket)):
            with pytest.raises(Refused) as refused:
                await door.ask(layout, COUNT, Count(), by="a")
            assert refused.value.code == "garbled"

    asyncio.run(test())
