"""The box calls itself: two real telephones on the test line, recorded and judged; and what it says when things are wrong."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.domain.ledger import Mark
from appliance.domain.selftest import CALLEE, CALLEE_ADDRESS, CALLER_ADDRESS, LINE
from tests.rigs.daemons import daemons, recorded
from tests.rigs.mirror import sh

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

PHONE = Path(__file__).parents[2] / "rootfs/usr/libexec/tapeline-phone"
ENDS = {"caller": CALLER_ADDRESS, "callee": CALLEE_ADDRESS}
STRICT = {"mode": "keys", "pbx_addresses": ["10.9.9.9"]}


@pytest.fixture
def line():
    """The line as the box has it: a bridge, kept up by an idle port, and a namespace at either end."""
    marks = {end: f"tl{end}{os.getpid()}" for end in ENDS}
    sh("ip", "link", "delete", LINE, check=False)
    sh("ip", "link", "delete", "tapeline-idle", check=False)
    sh("ip", "link", "add", LINE, "type", "bridge")
    sh("ip", "link", "add", "tapeline-idle", "type", "veth", "peer", "name", "tl-idle")
    sh("ip", "link", "set", "tl-idle", "up")
    sh("ip", "link", "set", "tapeline-idle", "master", LINE, "up")
    sh("ip", "link", "set", LINE, "up")
    for end, address in ENDS.items():
        sh("ip", "netns", "add", marks[end])
        sh("ip", "link", "add", f"tl-{end}", "type", "veth", "peer", "name", "line", "netns", marks[end])
        sh("ip", "link", "set", f"tl-{end}", "master", LINE, "up")
        sh("ip", "-n", marks[end], "link", "set", "lo", "up")
        sh("ip", "-n", marks[end], "address", "add", f"{address}/30", "dev", "line")
        sh("ip", "-n", marks[end], "link", "set", "line", "up")
    yield marks
    for mark in marks.values():
        sh("ip", "netns", "delete", mark, check=False)
    sh("ip", "link", "delete", LINE, check=False)
    sh("ip", "link", "delete", "tapeline-idle", check=False)


def tapeline(*words):
    return [sys.executable, "-m", "appliance.commands.tapeline", *words]


@contextlib.contextmanager
def answering(layout, line, tmp_path):
    sound = tmp_path / "callee.wav"
    subprocess.run(tapeline("selftest", "--data", str(layout.data), "--sound", str(sound)), check=True)
    command = [
        "ip",
        "netns",
        "exec",
        line["callee"],
        sys.executable,
        str(PHONE),
        CALLEE_ADDRESS,
        CALLEE,
        str(sound),
    ]
    phone = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        phone.communicate(timeout=60)


def verdict(layout, line, *options):
    command = [
        "ip",
        "netns",
        "exec",
        line["caller"],
        *tapeline("selftest", "--data", str(layout.data), "--json", *options),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["passed"] is (done.returncode == 0), told
    assert json.loads(layout.self_test.read_text())["passed"] is told["passed"]
    return told


def test_the_box_records_its_own_call_whatever_the_rules_say(layout, line, tmp_path):
    layout.settings.write_text(json.dumps({"version": 1, "revision": 1, "recording": STRICT}))
    with daemons(layout) as running, answering(layout, line, tmp_path):
        running.broker()
        running.start("archiver")
        running.start("recorder", "--test-line", LINE)
        told = verdict(layout, line)
        assert (told["passed"], told["problem"]) == (True, ""), told
        assert min(told["caller"]["likeness"], told["callee"]["likeness"]) > 0.97
        (record,) = recorded(layout)
        assert Mark.SELF_TEST in record.marks
        assert told["call_id"] == record.call.call_id


def test_a_dead_archiver_is_found_out(layout, line, tmp_path):
    with daemons(layout) as running, answering(layout, line, tmp_path):
        running.broker()
        running.start("recorder", "--test-line", LINE)
        told = verdict(layout, line, "--within", "1")
    assert told["passed"] is False
    assert "not in the index" in told["problem"]


def test_nobody_answers(layout, line):
    told = verdict(layout, line)
    assert told["passed"] is False
    assert "could not be placed" in told["problem"]
