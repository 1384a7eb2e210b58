"""Captures made elsewhere: every call once, parties right, packets and payload hashes equal to the sender's."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.rigs.daemons import imported
from tests.rigs.networks import WRAPPINGS
from tests.rigs.traffic import Plan, Truth, make


def compare(truth: Truth, calls: list[dict]) -> None:
    assert Counter(call["call_id"] for call in calls) == Counter(call["call_id"] for call in truth.calls)
    found = {call["call_id"]: call for call in calls}
    for sent in truth.calls:
        call = found[sent["call_id"]]
        assert (call["caller"], call["callee"]) == (sent["caller"], sent["callee"])
        assert call["state"] == "recorded", call
        assert call["reason"] is None
        assert call["duration_s"] == pytest.approx(sent["talk_s"], abs=0.02)
        seen = {track["side"]: track for track in call["tracks"]}
        assert len(call["tracks"]) == 2
        for side, track in sent["tracks"].items():
            assert {name: seen[side][name] for name in track} == track, (sent["call_id"], side)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"vlan": 100},
        {"ipv6": True},
        {"tcp": True},
        {"tcp": True, "ipv6": True, "vlan": 7},
        {"law": "PCMU"},
        {"loss": 0.02, "reorder": 0.02},
        {"loss": 0.02, "reorder": 0.02, "tcp": True},
        {"ws": True},
        {"ws": True, "late": True, "ipv6": True},
    ],
    ids=lambda options: "-".join(options) or "plain",
)
def test_every_call_of_the_sender_is_recorded_exactly(tmp_path: Path, options: dict) -> None:
    truth = make(Plan(calls=40, talk_s=4, **options), tmp_path / "calls.pcap")
    compare(truth, imported(tmp_path / "data", tmp_path / "calls.pcap"))


WRAPS = [*WRAPPINGS, "hep", "vxlan+gre+mpls", "erspan3+ip_in_ip+pppoe"]


@pytest.mark.parametrize(
    "options",
    [
        *({"wrap": wrap} for wrap in WRAPS),
        {"wrap": "ip_in_ip", "ipv6": True},
        {"wrap": "erspan2", "ipv6": True, "vlan": 9},
        {"wrap": "hep", "ipv6": True},
        {"wrap": "gre", "tcp": True},
        {"wrap": "vxlan", "ws": True, "twice": True},
        {"mtu": 128},
        {"mtu": 160, "ipv6": True},
        {"mtu": 300, "vlan": 9, "twice": True},
        {"wrap": "vxlan", "mtu": 200},
        {"twice": True},
        {"twice": True, "tcp": True, "vlan": 9},
        {"wrap": "erspan2", "twice": True},
        {"wrap": "vxlan", "twice": True, "loss": 0.02, "reorder": 0.02},
    ],
    ids=lambda options: "-".join(f"{name}={value}" for name, value in options.items()),
)
def test_every_call_is_recorded_exactly_through_every_network(tmp_path: Path, options: dict) -> None:
    truth = make(Plan(calls=10, talk_s=2, **options), tmp_path / "calls.pcap")
    compare(truth, imported(tmp_path / "data", tmp_path / "calls.pcap"))


@pytest.mark.timeout(900)  # two thousand calls on a machine that has other work
@pytest.mark.parametrize(("calls", "per_s"), [(200, 40), (1000, 100), (2000, 200)])
def test_hundreds_and_thousands_of_concurrent_calls_lose_nothing(
    tmp_path: Path, calls: int, per_s: float
) -> None:
    try:
        truth = make(Plan(calls=calls, talk_s=11, per_s=per_s), tmp_path / "calls.pcap")
        compare(truth, imported(tmp_path / "data", tmp_path / "calls.pcap"))
    finally:
        shutil.rmtree(tmp_path, ignore_errors=True)


def test_the_ledger_counts_the_dialogs_that_tshark_counts(tmp_path: Path) -> None:
    make(Plan(calls=60, talk_s=1, tcp=True), tmp_path / "tcp.pcap")
    make(Plan(calls=60, talk_s=1, seed=2), tmp_path / "udp.pcap")
    for capture in (tmp_path / "tcp.pcap", tmp_path / "udp.pcap"):
        independent = subprocess.run(
            ["tshark", "-r", str(capture), "-Y", "sip.Method == INVITE", "-T", "fields", "-e", "sip.Call-ID"],
            check=True,
            capture_output=True,
            text=True,
        )
        dialogs = {name for line in independent.stdout.split("\n") for name in line.split(",") if name}
        calls = imported(tmp_path / capture.stem, capture)
        assert {call["call_id"] for call in calls} == dialogs
        assert len(calls) == len(dialogs)
