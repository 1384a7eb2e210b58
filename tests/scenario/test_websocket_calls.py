"""A call whose signalling is SIP over WebSocket, between two real peers, seen on the mirror port."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.files import Layout
from appliance.domain.call import Side
from tests.rigs.daemons import Daemons, daemons, record_of
from tests.rigs.mirror import MirrorLab

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")
ROOT = Path(__file__).parents[2]
PORT = "8088"


@pytest.fixture
def running(layout: Layout, lab: MirrorLab) -> Iterator[Daemons]:
    with daemons(layout) as made:
        made.broker()
        made.start("archiver")
        made.start("recorder", "--interface", lab.mirror)
        yield made


def phone(lab: MirrorLab, namespace: str, *words: str) -> subprocess.Popen[str]:
    command = lab.inside(namespace, sys.executable, "-m", "tests.rigs.wsphone", *words)
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_a_call_over_websocket_is_recorded_as_it_was_said(running: Daemons, lab: MirrorLab) -> None:
    callee = phone(lab, lab.callee, "answer", lab.callee_address, PORT, lab.caller_address)
    try:
        assert callee.stdout is not None
        assert callee.stdout.readline() == "READY\n"
        caller = phone(lab, lab.caller, "call", lab.caller_address, PORT, lab.callee_address, "3")
        told, _ = caller.communicate(timeout=90)
        heard, _ = callee.communicate(timeout=30)
    finally:
        callee.kill()
    said = {
        Side.CALLER: told.split("SAID ")[1].split()[0],
        Side.CALLEE: heard.split("SAID ")[1].split()[0],
    }
    record = record_of(running.layout, told.split("CALL ")[1].split()[0])
    assert record.recording is not None
    assert record.call.transport == "ws"
    assert (record.call.caller.number, record.call.callee.number) == ("1001", "8001")
    assert record.call.ended_by is Side.CALLER
    labels = [(message.label, message.transport) for message in record.manifest.messages]
    assert labels == [
        ("INVITE", "ws"),
        ("180 Ringing", "ws"),
        ("200 OK", "ws"),
        ("ACK", "ws"),
        ("BYE", "ws"),
        ("200 OK", "ws"),
    ]
    assert {track.side: track.payload_sha256 for track in record.tracks} == said
