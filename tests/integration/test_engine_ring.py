"""The engine on a live interface: a veth pair whose far end lies in a namespace made for the test."""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import capture_engine
import msgspec
import pytest

from tests.rigs.capture_file import rtp_packet, udp_packet
from tests.rigs.patience import until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="packet sockets and namespaces need root")

A, B = ("10.0.0.1", 4000), ("10.0.0.2", 5000)
PAYLOADS = [(8, 8000, False)]
MESSAGE = b"OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nContent-Length: 0\r\n\r\n"

# Reads frames, each after its length, and puts them on the interface.
SENDER = """
import socket, struct, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind((sys.argv[1], 0))
while head := sys.stdin.buffer.read(2):
    wire.send(sys.stdin.buffer.read(struct.unpack(">H", head)[0]))
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def ethernet(packet, tag=b""):
    return bytes.fromhex("020000000001020000000002") + tag + b"\x08\x00" + packet


def rtp(number, source=A, destination=B):
    return ethernet(
        udp_packet(source, destination, rtp_packet(number, number * 160, bytes([number % 256]) * 160))
    )


class Cable:
    """`here` is captured, frames given to `send` come out of it."""

    def __init__(self, number):
        mark = f"{os.getpid() % 100000}{number}"
        self.space, self.here, self.there = f"tlcable{mark}", f"tlh{mark}", f"tlt{mark}"
        ip("netns", "add", self.space)
        self.plug()

    def plug(self):
        ip("link", "add", self.here, "type", "veth", "peer", "name", self.there, "netns", self.space)
        for name in (self.here, self.there):
            inside = ["-n", self.space] if name == self.there else []
            # No router solicitations of ours: only what a test sends is counted.
            ip(*inside, "link", "set", name, "addrgenmode", "none")
            ip(*inside, "link", "set", name, "up")
        until(self._is_up, what="the cable is up")

    def _is_up(self):
        done = subprocess.run(["ip", "-j", "link", "show", self.here], check=True, capture_output=True)
        return json.loads(done.stdout)[0]["operstate"] == "UP"

    def unplug(self):
        ip("link", "del", self.here)

    def send(self, *frames):
        words = ["ip", "netns", "exec", self.space, sys.executable, "-c", SENDER, self.there]
        data = b"".join(struct.pack(">H", len(frame)) + frame for frame in frames)
        subprocess.run(words, input=data, check=True)

    def close(self):
        subprocess.run(["ip", "link", "del", self.here], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", self.space], check=False, capture_output=True)


@pytest.fixture
def cable():
    with contextlib.closing(Cable(0)) as made:
        yield made


class Listener:
    """An engine, everything it has told, and its spool."""

    def __init__(self, interface, spool, threads=1, **changes):
        self.spool = spool
        (spool / "call").mkdir(parents=True)
        config = {
            "source": {
                "kind": "ring",
                "interfaces": interface.split(","),
                "ring_bytes": 8 << 20,
                "block_bytes": 1 << 18,
                "threads": threads,
                "fanout_group": os.getpid() & 0xFFFF,
            },
            "spool": str(spool),
            "media_file": "media.pcap",
            "sip_ports": [5060],
            "sip_anywhere": True,
            "batch_messages": 100,
            "batch_ms": 250,
            "hold_s": 5.0,
            "hold_bytes": 1 << 24,
            "orphan_after_s": 60.0,
            "max_flows": 1000,
            "max_tcp_streams": 100,
            "max_tcp_bytes": 1 << 16,
            "max_message_bytes": 1 << 16,
            "max_events": 10000,
            "write_block_bytes": 1 << 16,
            "flush_s": 0.2,
            "fsync_s": 0.5,
            "min_free_bytes": 0,
            **changes,
        }
        self.engine = capture_engine.Engine(json.dumps(config).encode())
        self.told = []

    def of(self, kind):
        self.told += msgspec.msgpack.decode(self.engine.poll(100))
        return [event for event in self.told if event["t"] == kind]

    def counters(self):
        return msgspec.msgpack.decode(self.engine.counters())

    def recorded(self):
        header, _ = capture_engine.read_media(str(self.spool / "call" / "media.pcap"))
        return msgspec.msgpack.decode(header)


@pytest.fixture
def listener(cable, tmp_path):
    made = Listener(cable.here, tmp_path / "spool")
    yield made
    made.engine.stop()


def test_a_live_call_is_recorded_from_its_first_packet(cable, listener):
    before_ns = time.time_ns()
    tag = struct.pack(">HH", 0x8100, 42)
    early = [rtp(number) for number in range(20)]
    cable.send(*early, ethernet(udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), MESSAGE), tag))
    message = until(lambda: listener.of("sip"), what="the message")[0]
    # The card or the kernel takes the tag out of the frame; it is told all the same.
    assert (message["data"], message["vlan"], message["whole"]) == (MESSAGE, 42, True)
    assert before_ns < message["at_ns"] <= listener.engine.now_ns() <= time.time_ns()
    listener.engine.obey([("call", [message["id"]])])
    listener.engine.obey([("call", 1, *B, B[1] + 1, PAYLOADS)])
    cable.send(*(rtp(number) for number in range(20, 500)))
    until(lambda: listener.counters()["rtp"] >= 500, what="all media")
    counts = msgspec.msgpack.decode(listener.engine.close("call"))
    assert [(row["packets"], row["lost"], row["duplicates"], row["side"]) for row in counts] == [
        (500, 0, 0, 0)
    ]
    media = listener.recorded()
    assert [row["data"] for row in media["messages"]] == [MESSAGE]
    assert [row["packets"] for row in media["streams"]] == [500]
    until(lambda: listener.counters()["kernel_received"] >= 501, what="the kernel's counters")
    told = listener.counters()
    assert (told["kernel_drops"], told["packets"], told["adopted"], told["write_errors"]) == (0, 501, 20, 0)


def test_blocks_reach_the_file_while_the_call_lasts(cable, listener):
    listener.engine.obey([("call", 1, *B, 0, PAYLOADS)])
    cable.send(*(rtp(number) for number in range(10)))
    path = listener.spool / "call" / "media.pcap"
    until(lambda: path.exists() and listener.counters()["written_packets"] == 10, what="a block is written")
    assert [row["packets"] for row in listener.recorded()["streams"]] == [10]


def test_several_threads_share_the_packets_and_lose_none(cable, tmp_path):
    listener = Listener(cable.here, tmp_path / "spool", threads=3)
    ends = [(("10.0.0.1", 4000 + 2 * number), ("10.0.0.2", 5000)) for number in range(8)]
    listener.engine.obey([("call", 1, *B, 0, PAYLOADS)])
    cable.send(*(rtp(number, *pair) for number in range(100) for pair in ends))
    until(lambda: listener.counters()["rtp"] >= 800, what="all media")
    counts = msgspec.msgpack.decode(listener.engine.close("call"))
    assert [(row["packets"], row["duplicates"]) for row in counts] == [(100, 0)] * 8
    listener.engine.stop()


def test_an_interface_that_goes_down_is_told_and_comes_back(cable, listener):
    ip("link", "set", cable.here, "down")
    until(lambda: listener.of("link"), what="the link is down")
    ip("link", "set", cable.here, "up")
    until(lambda: len(listener.of("link")) == 2, what="the link is up")
    assert [event["up"] for event in listener.of("link")] == [False, True]
    cable.send(ethernet(udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), MESSAGE)))
    assert until(lambda: listener.of("sip"), what="a message afterwards")[0]["data"] == MESSAGE


def test_an_interface_that_is_made_again_is_listened_to(cable, listener):
    cable.unplug()
    until(lambda: listener.of("link"), what="the link is down")
    cable.plug()
    until(lambda: len(listener.of("link")) == 2, what="the link is up")
    cable.send(ethernet(udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), MESSAGE)))
    assert until(lambda: listener.of("sip"), what="a message afterwards")[0]["data"] == MESSAGE


def test_every_packet_of_a_flood_is_read_or_counted_as_dropped(cable, tmp_path):
    ring = {
        "kind": "ring",
        "interface": cable.here,
        "ring_bytes": 1 << 15,
        "block_bytes": 1 << 14,
        "threads": 1,
        "fanout_group": 1,
    }
    listener = Listener(cable.here, tmp_path / "spool", source=ring)
    cable.send(*(rtp(number) for number in range(3000)))

    def accounted():
        told = listener.counters()
        return told["kernel_received"] == 3000 and told["packets"] + told["kernel_drops"] == 3000

    until(accounted, what="all 3000 packets")
    listener.engine.stop()


def test_waiting_for_events_leaves_the_interpreter_to_others(cable, listener):
    polling, done = threading.Event(), threading.Event()

    def poll():
        polling.set()
        listener.engine.poll(20_000)
        done.set()

    thread = threading.Thread(target=poll)
    thread.start()
    assert polling.wait(10)
    # This thread can only go on because the poll does not hold the lock.
    cable.send(ethernet(udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), MESSAGE)))
    assert done.wait(10)
    thread.join(10)


def test_a_missing_interface_and_an_impossible_ring_are_refused(tmp_path, cable):
    with pytest.raises(OSError, match="interface"):
        Listener("nosuchif0", tmp_path / "one")
    ring = {
        "kind": "ring",
        "interface": cable.here,
        "ring_bytes": 1,
        "block_bytes": 1,
        "threads": 1,
        "fanout_group": 1,
    }
    with pytest.raises(ValueError, match="block_bytes"):
        Listener(cable.here, tmp_path / "two", source=ring)


def test_stopping_a_live_engine_ends_its_threads_and_writes_everything(cable, listener):
    listener.engine.obey([("call", 1, *B, 0, PAYLOADS)])
    cable.send(*(rtp(number) for number in range(50)))
    until(lambda: listener.counters()["rtp"] == 50, what="all media")
    listener.engine.stop()
    tasks = Path("/proc/self/task").iterdir()
    assert not [name for name in (task / "comm" for task in tasks) if name.read_text().startswith("engine-")]
    assert [row["packets"] for row in listener.recorded()["streams"]] == [50]


def test_a_listener_hears_a_live_call(cable, listener):
    listener.engine.obey([("call", 1, *B, 0, PAYLOADS)])
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(10)
        listener.engine.tap("call", ours.fileno())
        cable.send(rtp(7))
        assert theirs.recv(1000)[:3] == struct.pack(">BH", 0, 172)


def test_both_directions_on_two_ports_are_one_call(cable, tmp_path):
    with contextlib.closing(Cable(1)) as other:
        listener = Listener(f"{cable.here},{other.here},nosuch0", tmp_path / "spool", threads=2)
        listener.engine.obey([("call", 0, *A, 0, PAYLOADS)])
        listener.engine.obey([("call", 1, *B, 0, PAYLOADS)])
        forth, back = [rtp(n) for n in range(300)], [rtp(n, B, A) for n in range(300)]
        cable.send(*forth, ethernet(udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), MESSAGE)))
        other.send(*back)
        until(lambda: listener.counters()["rtp"] >= 600, what="all media")
        assert [event["interface"] for event in until(lambda: listener.of("sip"), what="SIP")] == [cable.here]

        def figures():
            return msgspec.msgpack.decode(listener.engine.counters_by_interface())

        def received():
            told = figures()
            return [told[port.here]["kernel_received"] for port in (cable, other)] == [301, 300]

        until(received, what="the kernel's counters")
        told = figures()
        assert [told[port.here]["packets"] for port in (cable, other)] == [301, 300]
        assert [told[name]["link_down"] for name in (cable.here, other.here, "nosuch0")] == [0, 0, 1]
        links = until(lambda: listener.of("link"), what="the missing port is told")
        assert [(event["interface"], event["up"]) for event in links] == [("nosuch0", False)]
        counts = msgspec.msgpack.decode(listener.engine.close("call"))
        assert sorted((row["side"], row["packets"], row["lost"]) for row in counts) == [
            (0, 300, 0),
            (1, 300, 0),
        ]
        listener.engine.stop()


def test_only_missing_ports_are_refused(tmp_path):
    with pytest.raises(OSError, match="No such device"):
        Listener("nosuch0,nosuch1", tmp_path / "spool")


def test_the_next_call_on_a_port_is_recorded_from_its_first_packet(cable, listener):
    listener.engine.obey([("call", 1, *B, 0, PAYLOADS)])
    cable.send(*(rtp(number) for number in range(50)))
    until(lambda: listener.counters()["rtp"] >= 50, what="the first call")
    listener.engine.obey([("call", 2000)])
    sdp = f"c=IN IP4 {B[0]}\r\nm=audio {B[1]} RTP/AVP 8\r\n".encode()
    offer = MESSAGE.replace(b"OPTIONS", b"INVITE").replace(b"Length: 0", b"Length: %d" % len(sdp)) + sdp
    second = [
        ethernet(udp_packet(A, B, rtp_packet(number, number * 160, bytes(160), ssrc=99)))
        for number in range(40)
    ]
    cable.send(ethernet(udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), offer)), *second)
    until(lambda: listener.counters()["rtp"] >= 90, what="the second call")
    (listener.spool / "next").mkdir()
    listener.engine.obey([("next", 1, *B, 0, PAYLOADS)])
    found = {
        name: [row["packets"] for row in msgspec.msgpack.decode(listener.engine.close(name))]
        for name in ("call", "next")
    }
    assert found == {"call": [50], "next": [40]}


def test_of_a_scan_only_what_is_answered_is_told(cable, tmp_path):
    listener = Listener(cable.here, tmp_path / "spool", calls_at_once_per_s=1, unanswered_s=60)

    def said(start, call, method="INVITE", tag=""):
        fields = f"Via: SIP/2.0/UDP h\r\nTo: <sip:b>{tag}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n\r\n"
        text = f"{start}\r\n{fields}".encode()
        return ethernet(udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), text))

    names = [f"scan-{number}" for number in range(50)]
    cable.send(*(said("INVITE sip:b SIP/2.0", name) for name in names))
    until(lambda: listener.counters()["sip_udp"] >= 50, what="the scan")
    assert listener.counters()["calls_waited"] >= 48
    cable.send(
        said("SIP/2.0 180 Ringing", names[-1], tag=";tag=b"), said("SIP/2.0 404 No", names[-2], tag=";tag=b")
    )
    until(lambda: len(listener.of("sip")) >= 3, what="the call that is answered")
    told = [event["data"].split(b"\r\n", 1)[0] for event in listener.of("sip")]
    assert told[-2:] == [b"INVITE sip:b SIP/2.0", b"SIP/2.0 180 Ringing"]
    until(lambda: listener.counters()["sip_udp"] >= 52, what="the refusal")
    over = msgspec.msgpack.decode(listener.engine.attempts(1000, True))
    assert len(over) + len(told) - 2 == 49
    assert [len(one) for one in over] == [1] * (len(over) - 1) + [2]
    assert over[-1][1]["data"].startswith(b"SIP/2.0 404")
    listener.engine.stop()
