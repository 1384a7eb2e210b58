"""A soak: calls of three kinds cross a mirror port while programs are killed and the port goes down, and then the
ledger is compared with what the senders say.

    python -m tests.rigs.soak --minutes 30 --seed 7        # `make soak MINUTES=30 SEED=7`

The senders: own ones with an exact account of every packet, sipp pairs, pjsua2 telephones (answered, busy, given up).
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from appliance.capture.recovery import close_orphans
from appliance.core.files import Layout
from appliance.domain.bundle import Record
from appliance.domain.ledger import Reason, reason_of_failure
from appliance.settings.capture import Capture
from tests.rigs.accounts import Balance, Placed, balance
from tests.rigs.daemons import Daemons, daemons
from tests.rigs.demonstration import PhoneProcess
from tests.rigs.mirror import MirrorLab, mirror_lab, sh
from tests.rigs.patience import until
from tests.rigs.sipp import Sipp, answer, audio, pause, receive, receive_invite, request, sdp
from tests.rigs.speech import conversation
from tests.rigs.traffic import Plan, make

SETTINGS = '{"version":1,"revision":1,"capture":{"media_timeout_s":8,"keep_free_mib":16}}'
_MEDIA_PORTS = 20000
_RINGS_MS = 800
_RINGS_S = Capture().setup_timeout_s
_REASONS = frozenset({Reason.BUSY, Reason.CANCELLED, Reason.NO_ANSWER})


class Soak:
    """One run: `run` returns the balance, whose `problems` are empty when all is well."""

    def __init__(
        self, lab: MirrorLab, layout: Layout, seed: int, seconds: float, say: Callable[[str], object]
    ) -> None:
        self.events: Counter[str] = Counter()
        self.blind: list[tuple[float, float]] = []
        self.placed: list[Placed] = []
        self._lab = lab
        self._layout = layout
        self._seed = seed
        self._end_s = time.time() + seconds
        self._say = say
        self._scratch = Path(tempfile.mkdtemp(prefix="tl-soak-", dir=layout.data))
        self._failed = threading.Event()

    def run(self) -> Balance:
        self._layout.settings.write_text(SETTINGS)
        with daemons(self._layout) as box, ThreadPoolExecutor(4) as threads:
            box.broker()
            box.start("archiver")
            box.start("recorder", "--interface", self._lab.mirror)
            work = [
                threads.submit(self._guarded, senders)
                for senders in (self._own_calls, self._sipp_calls, self._phone_calls)
            ]
            try:
                self._chaos(box)
            finally:
                self._end_s = 0
            failed = [
                f"a sender failed: {future.exception()!r}"
                for future in work
                if future.exception() is not None
            ]
            made = self._settle(box)
            made.problems += failed
            return made

    def _guarded(self, senders: Callable[[random.Random], None]) -> None:
        """A sender that fails ends the run."""
        done = False
        try:
            senders(random.Random(f"{self._seed} {senders.__name__}"))
            done = True
        finally:
            if not done:
                self._failed.set()

    def _over(self) -> bool:
        return time.time() >= self._end_s or self._failed.is_set()

    # -- what goes wrong

    def _chaos(self, box: Daemons) -> None:
        chance = random.Random(f"{self._seed} chaos")
        acts = [
            *(self._kill_recorder, self._restart_recorder, self._kill_archiver),
            *(self._kill_broker, self._flap, self._freeze),
        ]
        coming: list[Callable[[Daemons, random.Random], None]] = []
        while not self._over():
            self._failed.wait(chance.uniform(4, 14))
            if self._over():
                break
            coming = coming or chance.sample(acts, len(acts))
            act = coming.pop()
            self._say(
                f"{time.strftime('%H:%M:%S')} {act.__name__.strip('_')}, {len(self.placed)} calls placed"
            )
            self.events[act.__name__.strip("_")] += 1
            act(box, chance)

    def _kill_recorder(self, box: Daemons, _chance: random.Random) -> None:
        begin_s = time.time()
        box.kill("recorder")
        box.start("recorder", "--interface", self._lab.mirror, ready_s=240)
        # What was read but not yet written went with it; what came while it started nobody read.
        self.blind.append((begin_s - 2.5, time.time() + 0.5))

    def _restart_recorder(self, box: Daemons, _chance: random.Random) -> None:
        """In order, as for new software: nothing that was read is lost."""
        begin_s = time.time()
        assert box.stop("recorder") == 0
        box.start("recorder", "--interface", self._lab.mirror, ready_s=240)
        self.blind.append((begin_s, time.time() + 0.5))

    def _kill_archiver(self, box: Daemons, chance: random.Random) -> None:
        box.kill("archiver")
        self._failed.wait(chance.uniform(0, 2))
        box.start("archiver", ready_s=240)

    def _kill_broker(self, box: Daemons, chance: random.Random) -> None:
        box.kill("broker")
        self._failed.wait(chance.uniform(0, 3))
        self._layout.bus_socket.unlink(missing_ok=True)
        box.broker()

    def _flap(self, _box: Daemons, chance: random.Random) -> None:
        begin_s = time.time()
        sh("ip", "link", "set", self._lab.mirror, "down")
        self._failed.wait(chance.uniform(0.2, 2.5))
        sh("ip", "link", "set", self._lab.mirror, "up")
        self.blind.append((begin_s, time.time() + 0.5))

    def _freeze(self, box: Daemons, chance: random.Random) -> None:
        """The recorder stands still for a while; nothing may be lost."""
        os.kill(box.pid("recorder"), signal.SIGSTOP)
        self._failed.wait(chance.uniform(0.5, 4))
        os.kill(box.pid("recorder"), signal.SIGCONT)

    # -- who calls

    def _own_calls(self, chance: random.Random) -> None:
        """Batch after batch of overlapping calls from a sender that knows each packet."""
        first = 0
        while not self._over():
            plan = Plan(
                calls=chance.randint(4, 10),
                first=first,
                talk_s=chance.uniform(3, 14),
                per_s=chance.uniform(0.5, 3),
                seed=self._seed * 100_000 + first,
                law=chance.choice(["PCMA", "PCMU"]),
                tcp=chance.random() < 0.3,
            )
            first += plan.calls
            capture = self._scratch / "own.pcap"
            truth = make(plan, capture)
            done = subprocess.run(
                self._lab.inside(
                    self._lab.bridge, sys.executable, "-m", "tests.rigs.sender", "mirror", str(capture)
                ),
                capture_output=True, text=True, check=True, timeout=180, cwd=Path(__file__).parents[2],
            )  # fmt: skip
            report = json.loads(done.stdout)
            shift_s = report["began_s"] - report["first_ns"] / 1e9
            self.placed += [
                Placed(
                    call_id=call["call_id"],
                    begin_s=call["answered_at_ns"] / 1e9 - 0.4 + shift_s,
                    end_s=call["ended_at_ns"] / 1e9 + shift_s,
                    media=tuple((host, 1, 65535) for host in call["hosts"]),
                    packets={side: track["packets"] for side, track in call["tracks"].items()},
                    hashes={side: track["payload_sha256"] for side, track in call["tracks"].items()},
                )
                for call in truth.calls
            ]

    def _sipp_calls(self, chance: random.Random) -> None:
        """One call after the other, each on ports of its own, some declined."""
        number = 0
        while not self._over():
            number += 1
            name, port = f"soak-{self._seed}-{number}@sipp", 30000 + number * 4 % 8000
            talk_ms = chance.randint(1500, 12000)
            declined = chance.random() < 0.15
            waits, calls = _declined() if declined else _answered(talk_ms)
            callee = Sipp(
                self._lab, self._lab.callee, waits, address=self._lab.callee_address, port=5160, rtp_port=port
            )
            begin_s = time.time()
            caller = Sipp(
                self._lab, self._lab.caller, calls, address=self._lab.caller_address, port=5160, rtp_port=port,
                remote=f"{self._lab.callee_address}:5160", call_id=name,
            )  # fmt: skip
            try:
                caller.wait()
                callee.wait()
            finally:
                caller.close()
                callee.close()
            hosts, end_s = (self._lab.caller_address, self._lab.callee_address), time.time()
            self.placed.append(
                Placed(
                    call_id=name,
                    begin_s=begin_s,
                    end_s=end_s,
                    late_s=end_s
                    - (_RINGS_MS if declined else talk_ms) / 1000
                    - begin_s,  # programs start slowly
                    media=tuple((host, port, port + 3) for host in hosts),
                    unanswered=frozenset({Reason.BUSY}) if declined else frozenset(),
                )
            )

    def _phone_calls(self, chance: random.Random) -> None:
        asyncio.run(self._telephones(chance))

    async def _telephones(self, chance: random.Random) -> None:
        """Two telephones; those that hang are taken away and others put in their place."""
        spoken = conversation(self._scratch, 0)
        lab = self._lab
        common = ("--rtp-port", str(_MEDIA_PORTS), "--codec", "PCMA")
        while not self._over():
            answering = await PhoneProcess.start(
                lab, lab.callee, lab.callee_address, *common, "--number", "8001", "--play", str(spoken[1])
            )
            calling = await PhoneProcess.start(
                lab, lab.caller, lab.caller_address, *common, "--play", str(spoken[0])
            )
            # A pipe that nobody empties would stop the telephone in the end.
            listening = asyncio.create_task(_drained(answering))
            try:
                while not self._over() and await self._telephone(chance, calling):
                    pass
            finally:
                listening.cancel()
                await calling.close()
                await answering.close()

    async def _telephone(self, chance: random.Random, calling: PhoneProcess) -> bool:
        kind = chance.choice(["8001", "8001", "8001", "busy", "silent"])
        facts = {"cancel_after_s": 2} if kind == "silent" else {"hangup_after_s": chance.uniform(2, 12)}
        begin_s = time.time()
        calling.do("call", to=f"sip:{kind}@{self._lab.callee_address}:5060", **facts)
        sip_call_id, is_over, answered, code = "", False, False, 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(120):
                async for event in calling.events():
                    sip_call_id = str(event.get("sip_call_id") or sip_call_id)
                    answered |= event.get("state") == "CONFIRMED"
                    code = int(event.get("code") or code)
                    if event["event"] == "state" and event["state"] == "DISCONNECTED":
                        is_over = True
                        break
        refused = frozenset() if answered or code < 300 else frozenset({reason_of_failure(code)})
        hosts = (self._lab.caller_address, self._lab.callee_address)
        self.placed.append(
            Placed(
                call_id=sip_call_id,
                begin_s=begin_s,
                end_s=time.time(),
                media=tuple((host, _MEDIA_PORTS, _MEDIA_PORTS + 201) for host in hosts),
                unanswered=refused if kind == "8001" else _REASONS,
            )
        )
        return is_over

    # -- the end

    def _settle(self, box: Daemons) -> Balance:
        """Let the box finish, then compare.

        A call whose end was not seen ends when its media has ceased, one that only rang when it has rung for too long.
        """
        layout = self._layout
        try:
            until(
                lambda: not any((path / "media.pcap").exists() for path in layout.spool_open.iterdir()),
                _RINGS_S + 120,
                "every call with audio to end",
            )
        except AssertionError:
            for path in layout.spool_open.glob("*/manifest.json"):
                self._say(f"still open: {path.read_text(errors='replace')[:4000]}")
            raise
        assert box.stop("recorder") == 0
        # What is left are calls without audio whose end nobody saw; no recorder comes back for them.
        close_orphans(layout, 0, time.time())
        until(
            lambda: not list(layout.spool_ready.iterdir()) and not list(layout.spool_work.iterdir()),
            180,
            "everything to be archived",
        )
        assert box.stop("archiver") == 0
        records = [
            msgspec.json.decode(path.read_bytes(), type=Record)
            for path in sorted(layout.archive.rglob("*.json"))
        ]
        made = balance(self.placed, records, self.blind)
        with contextlib.closing(sqlite3.connect(layout.index)) as database:
            indexed = sorted(call_id for (call_id,) in database.execute("SELECT call_id FROM calls"))
        if indexed != sorted(record.call.call_id for record in records):
            made.problems.append(f"{len(indexed)} rows in the index, {len(records)} records in the archive")
        left = [*layout.spool_open.iterdir(), *layout.spool_quarantine.iterdir()]
        if left:
            made.problems.append(f"left in the spool: {left}")
        if half := list(layout.archive.rglob("*.tmp")):
            made.problems.append(f"half-written files: {half}")
        return made


async def _drained(phone: PhoneProcess) -> None:
    async for _ in phone.events():
        pass


def _answered(talk_ms: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    waits = (
        *(receive_invite(), answer(180, "Ringing"), answer(200, "OK", sdp()), receive("ACK"), audio()),
        *(receive("BYE"), answer(200, "OK", tag="")),
    )
    calls = (
        *(request("INVITE", sdp(), retransmit=True, in_dialog=False), receive("180"), receive("200")),
        *(request("ACK"), audio(), pause(talk_ms), request("BYE", cseq=2, retransmit=True), receive("200")),
    )
    return waits, calls


def _declined() -> tuple[tuple[str, ...], tuple[str, ...]]:
    waits = (
        receive_invite(),
        answer(180, "Ringing"),
        pause(_RINGS_MS),
        answer(486, "Busy Here"),
        receive("ACK"),
    )
    calls = (
        *(request("INVITE", sdp(), retransmit=True, in_dialog=False), receive("180"), receive("486")),
        request("ACK"),
    )
    return waits, calls


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Calls, kills and flaps; the ledger must equal the senders' accounts"
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1, 10_000)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder, mirror_lab() as lab:
        soak = Soak(
            lab, Layout(Path(folder)).make(), seed, options.minutes * 60, lambda line: print(line, flush=True)
        )
        made = soak.run()
        print(dict(soak.events))
        print(f"{made.placed} placed, {made.rows} rows: {made.whole} whole, {made.in_pieces} in pieces, "
              f"{made.damaged} with a mark or reason, {made.unseen} nobody could see")  # fmt: skip
        for problem in made.problems:
            print(problem)
        if made.problems:
            log = Path(folder) / "log" / "recorder.log"
            Path("soak-recorder.log").write_bytes(log.read_bytes()[-2_000_000:])
    sys.exit(bool(made.problems))


if __name__ == "__main__":
    main()
