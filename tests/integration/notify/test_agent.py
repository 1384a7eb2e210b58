"""The SNMP agent: a real snmpd of ours asked by real managers, with and without the right keys."""

import asyncio
import contextlib
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import INTAKE, STORAGE, Intake, StorageState
from appliance.core.clock import SystemClock
from appliance.core.service import Service
from appliance.daemons import Options, snmp
from appliance.domain.ledger import Reason
from appliance.settings import storage
from appliance.settings.root import Settings
from appliance.store import alarms, calls
from appliance.store.alarms import Found
from appliance.store.database import open_database
from appliance.system.snmp import TREE
from tests.rigs.broker import Broker
from tests.rigs.patience import until_async
from tests.rigs.ports import free_port
from tests.rigs.records import make_record

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIB = Path(__file__).parents[3] / "rootfs/usr/share/snmp/mibs/TAPELINE-MIB.txt"
STUBS = Path(__file__).parents[2] / "rigs/mibs"
AUTHENTICATION, PRIVACY = "authentic-7", "private-77"
V3 = [
    "-v3",
    "-l",
    "authPriv",
    "-u",
    "monitor",
    "-a",
    "SHA-256",
    "-A",
    AUTHENTICATION,
    "-x",
    "AES",
    "-X",
    PRIVACY,
]


def test_the_mib_is_correct(tmp_path):
    (tmp_path / "smi.conf").write_text(f"path {STUBS}\n")
    told = subprocess.run(
        ["smilint", "-c", str(tmp_path / "smi.conf"), "-s", "-l", "4", str(MIB)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout + told.stderr) == (0, "")


@pytest.fixture
def filled(layout):
    database = open_database(layout)
    calls.index(database, make_record())
    calls.index(database, make_record(at=NOON + timedelta(hours=1), reason=Reason.BUSY))
    low = Found("disk_low", "low", "warning", raised=True, facts={"free_mib": 7})
    alarms.record(database, [low], NOON, timedelta(minutes=15))
    database.close()
    port = free_port()
    before = storage.load(layout)
    content = {
        "monitoring": {
            "snmp": {
                "enabled": True,
                "port": port,
                "authentication": AUTHENTICATION,
                "privacy": PRIVACY,
                "community": "public99",
                "location": "Hall 3",
            }
        }
    }
    wanted = msgspec.convert(content, Settings).monitoring
    storage.save(layout, msgspec.structs.replace(before, monitoring=wanted), before.revision, "test")
    return port


@contextlib.asynccontextmanager
async def running(layout):
    service = Service("snmp", SystemClock())
    bus = Bus(layout.bus_socket, "recorder", SystemClock())
    task = asyncio.create_task(snmp.main(service, Options(layout)))
    try:
        async with bus:
            port = Intake(
                at=NOON,
                interface="eth1",
                link_up=True,
                counters={"packets": 5_000_000_000, "rtp": 7, "kernel_drops": 3},
            )
            bus.set(INTAKE, "eth1", port)
            bus.set(
                STORAGE,
                "first",
                StorageState(at=NOON, path="/data/archive", current=True, total_bytes=9, free_bytes=4),
            )
            yield
    finally:
        service.stop("the test is over")
        await asyncio.wait_for(task, 60)


async def asked(words, oid, *, names=False):
    """What a manager is answered; '' for none."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "MIBS": "TAPELINE-MIB" if names else "",
        "MIBDIRS": f"{STUBS}:{MIB.parent}",
        "SNMP_PERSISTENT_DIR": "/nonexistent",
    }
    process = await asyncio.create_subprocess_exec(
        *words, oid, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    out, _ = await process.communicate()
    return out.decode() if process.returncode == 0 else ""


def test_managers_are_answered_from_the_index_and_the_news(layout, filled):
    broker = Broker(layout.run).start()
    peer = f"127.0.0.1:{filled}"
    walk = ["snmpwalk", "-t", "2", "-r", "1", "-Ou"]

    async def main():
        async with running(layout):

            async def whole():
                told = await asked([*walk, *V3, peer], TREE, names=True)
                return told if "eth1" in told else ""

            told = await until_async(whole, what="the walk")
            for line in (
                "tapelineCallsRecorded.0 = Counter64: 1",
                "tapelineCallsMissing.0 = Counter64: 1",
                "tapelineReasonName.2 = STRING: busy",
                "tapelineReasonCalls.2 = Counter64: 1",
                "tapelineMirrorName.1 = STRING: eth1",
                "tapelineMirrorPackets.1 = Counter64: 5000000000",
                "tapelineMirrorDropped.1 = Counter64: 3",
                "tapelineStorageFree.1 = Counter64: 4 bytes",
                "tapelineAlarmText.1 = STRING: Little disk space is left: 7 MiB",
                "tapelineAlarmSeverity.1 = INTEGER: warning(3)",
                "tapelineAlarmRaisedAt.1 = STRING: 2026-11-21,12:0:0.0,+0:0",
                "tapelineAlarmTextZh.1 = STRING: 磁盘剩余空间不足：7 MiB",
            ):
                assert line in told, told
            assert "not-accessible" not in told
            system = await asked([*walk, "-v2c", "-c", "public99", peer], "1.3.6.1.2.1.1")
            assert "Hall 3" in system
            assert await asked([*walk, *V3, peer], "1.3.6.1.2.1.25.1.1") != ""  # HOST-RESOURCES-MIB
            assert "lo" in await asked([*walk, *V3, peer], "1.3.6.1.2.1.31.1.1.1.1")  # IF-MIB
            for wrong in (
                ["-v2c", "-c", "public"],
                ["-v3", "-l", "noAuthNoPriv", "-u", "monitor"],
                [*V3[:-1], "wrong-wrong"],
                ["-v3", "-l", "authNoPriv", *V3[3:9]],
            ):
                assert await asked([*walk, *wrong, peer], TREE) == "", wrong
            # Nothing can be changed, keys and rights cannot be read.
            assert await asked(["snmpset", *V3, peer, "1.3.6.1.2.1.1.4.0", "s"], "somebody") == ""
            assert "No Such" in await asked(["snmpget", *V3, peer], "1.3.6.1.6.3.15.1.1.1.0")
            assert await asked(["snmpset", *V3, peer, f"{TREE}.1.1.2.0", "s"], "x") == ""

    asyncio.run(main())
    broker.kill()


def test_what_is_no_question_gets_no_answer_and_harms_nothing(layout, filled):
    command = [os.sys.executable, "-m", "appliance.commands.tapeline", "snmp", "--data", str(layout.data)]
    questions = (
        b"PING\nget\n.1.2.x\ngetnext\nnonsense\nset\n.1\nstring x\nfoo\nget\n." + b"9." * 3000 + b"\nPING\n"
    )
    done = subprocess.run(command, input=questions, capture_output=True, check=False, timeout=60)
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, lines[0], lines[3]) == (0, "PONG", "not-writable")
    assert set(lines) == {"PONG", "NONE", "not-writable"}
