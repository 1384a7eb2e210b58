"""Demonstration calls: two real phones in namespaces that talk to each other, over and over.

Within the first half minute there are live calls, finished recordings in two languages, a busy number, a call
that is given up, one on hold and one with key presses.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.rigs.mirror import MirrorLab
from tests.rigs.speech import conversation

_CALLERS = (("1001", "Bob Miller"), ("1002", "李雷"), ("1003", "Carol Jones"), ("+8613800138000", "韩梅梅"))
_CALLEES = ("8001", "8002", "8003", "+4930123456")


class PhoneProcess:
    """One phone child process; `events` are its JSON lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, lab: MirrorLab, namespace: str, address: str, *options: str) -> "PhoneProcess":
        process = await asyncio.create_subprocess_exec(
            *lab.inside(namespace, sys.executable, "-m", "tests.rigs.phone", "--address", address, *options),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        phone = cls(process)
        await phone.expect("ready")
        return phone

    async def events(self) -> AsyncIterator[dict]:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            if line.startswith(b'{"event"'):
                yield json.loads(line)

    async def expect(self, event: str, deadline_s: float = 60, **facts: object) -> dict:
        """The next event of this kind with these facts; others are passed over."""
        async with asyncio.timeout(deadline_s):
            async for found in self.events():
                if found["event"] == event and all(found.get(name) == value for name, value in facts.items()):
                    return found
        message = f"the phone ended before {event}"
        raise RuntimeError(message)

    def do(self, kind: str, **facts: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": kind, **facts}).encode() + b"\n")

    async def close(self) -> None:
        if self._process.returncode is None:
            self.do("quit")
            try:
                async with asyncio.timeout(3):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


class Demonstration:
    """Places calls until closed. `folder` receives the spoken WAV files, which tests compare with."""

    def __init__(self, lab: MirrorLab, folder: Path) -> None:
        self._lab = lab
        self._folder = folder
        self._task: asyncio.Task[None] | None = None
        self._phones: list[PhoneProcess] = []

    async def start(self) -> None:
        spoken = [conversation(self._folder, number) for number in range(3)]
        for number, codec in enumerate(("PCMA", "PCMU", "G722")):
            port, rtp = str(5060 + number), str(20000 + number * 1000)
            common = ("--port", port, "--rtp-port", rtp, "--codec", codec)
            answering = await PhoneProcess.start(
                *(self._lab, self._lab.callee, self._lab.callee_address, *common),
                *("--number", "8001", "--name", "Harbour Logistics", "--play", str(spoken[number][1])),
                *("--answer-after-s", "1.5"),
            )
            calling = await PhoneProcess.start(
                *(
                    self._lab,
                    self._lab.caller,
                    self._lab.caller_address,
                    *common,
                    "--play",
                    str(spoken[number][0]),
                )
            )
            self._phones += [calling, answering]
        self._task = asyncio.create_task(self._place_calls())

    async def _place_calls(self) -> None:
        drains = [asyncio.create_task(self._drain(phone)) for phone in self._phones]
        try:
            round_number = 0
            while True:
                for line in range(3):
                    self._place(line, round_number, hangup_after_s=(9, 14, 22)[(line + round_number) % 3])
                    await asyncio.sleep(2)
                if round_number % 2 == 0:
                    self._place(0, round_number + 1, to="busy", hangup_after_s=2)
                    await asyncio.sleep(1)
                    self._place(1, round_number + 1, to="silent", cancel_after_s=3)
                await asyncio.sleep(14)
                round_number += 1
        finally:
            for drain in drains:
                drain.cancel()

    def _place(self, line: int, round_number: int, to: str = "", **facts: object) -> None:
        number, name = _CALLERS[(line + round_number) % len(_CALLERS)]
        called = to or _CALLEES[(line + 2 * round_number) % len(_CALLEES)]
        uri = f"sip:{called}@{self._lab.callee_address}:{5060 + line}"
        self._phones[line * 2].do("call", **{"from": number}, name=name, to=uri, **facts)

    @staticmethod
    async def _drain(phone: PhoneProcess) -> None:
        async for event in phone.events():
            if event["event"] == "media" and event["id"] == 1:
                phone.do("dtmf", id=event["id"], digits="42#")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for phone in self._phones:
            await phone.close()
