"""What crosses the border: every field, every counter, every error, on captures written byte by byte."""

import gzip
import hashlib
import json
import re
import socket
import struct
from pathlib import Path

import capture_engine
import msgspec
import pytest

from tests.rigs.capture_file import CaptureFile, rtp_packet, tcp_segment, udp_packet

ENGINE = Path(__file__).parents[3] / "drivers" / "engine"
CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"

START_NS = 1_700_000_000_000_000_000
A, B = ("10.0.0.1", 4000), ("10.0.0.2", 5000)
A_SIP, B_SIP = ("10.0.0.1", 5060), ("10.0.0.2", 5060)
PAYLOADS = [(8, 8000, False), (101, 8000, True)]


def sip(method="INVITE", number=1):
    return (
        f"{method} sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z{number}\r\n"
        f"Call-ID: {number}@h\r\nContent-Length: 0\r\n\r\n"
    ).encode()


def settings(spool, *paths, **changes):
    return {
        "source": {"kind": "file", "paths": [str(path) for path in paths]},
        "spool": str(spool),
        "media_file": "media.pcap",
        "sip_ports": [5060],
        "sip_anywhere": True,
        "batch_messages": 100,
        "batch_ms": 250,
        "hold_s": 5.0,
        "hold_bytes": 1 << 20,
        "orphan_after_s": 1.0,
        "max_flows": 1000,
        "max_tcp_streams": 100,
        "max_tcp_bytes": 1 << 16,
        "max_message_bytes": 1 << 16,
        "max_events": 1000,
        "write_block_bytes": 1 << 16,
        "flush_s": 1.0,
        "fsync_s": 1.0,
        "min_free_bytes": 0,
        **changes,
    }


def start(config):
    return capture_engine.Engine(json.dumps(config).encode())


def polled(engine):
    return msgspec.msgpack.decode(engine.poll(5000))


def drain(engine, on_sip=lambda _event: None):
    """Every event up to the end of the files."""
    seen = []
    while not seen or seen[-1]["t"] != "end":
        for event in polled(engine):
            seen.append(event)
            if event["t"] == "sip":
                on_sip(event)
    return seen


def of(events, kind):
    return [event for event in events if event["t"] == kind]


def counters(engine):
    return msgspec.msgpack.decode(engine.counters())


def talk(capture, source, destination, numbers, begin_ms=0.0, ssrc=7, payload_type=8):
    for number in numbers:
        packet = rtp_packet(number, number * 160, bytes([number % 256]) * 160, ssrc, payload_type)
        capture.add(begin_ms + number * 20, udp_packet(source, destination, packet))


@pytest.fixture
def spool(tmp_path):
    folder = tmp_path / "spool"
    (folder / "call").mkdir(parents=True)
    return folder


@pytest.fixture
def call(tmp_path):
    """One call: its INVITE, 50 packets from A to B with a digit among them, 30 from B to A."""
    capture = CaptureFile()
    capture.add(0, udp_packet(A_SIP, B_SIP, sip()))
    talk(capture, A, B, range(1, 51), begin_ms=1000)
    talk(capture, B, A, range(1, 31), begin_ms=2000, ssrc=9)
    for number in range(51, 56):
        event = struct.pack(">BBH", 5, 0x80 if number > 53 else 0, (number - 50) * 160)
        capture.add(3000 + number, udp_packet(A, B, rtp_packet(number, 51 * 160, event, 7, 101)))
    report = struct.pack(">BBHI", 0x80, 201, 1, 7)
    capture.add(3100, udp_packet(("10.0.0.1", 4001), ("10.0.0.2", 5001), report))
    return capture.write(tmp_path / "call.pcap")


def record(engine):
    """Bind the call at its INVITE, read to the end, close it."""

    def bind(event):
        engine.obey([("call", [event["id"]])])
        engine.obey([("call", 0, A[0], A[1], A[1] + 1, PAYLOADS)])
        engine.obey([("call", 1, B[0], B[1], B[1] + 1, PAYLOADS)])

    events = drain(engine, bind)
    engine.obey([("call", 500)])
    return events, msgspec.msgpack.decode(engine.close("call"))


def test_a_sip_message_has_every_field_of_the_contract(spool, call):
    event = of(drain(start(settings(spool, call))), "sip")[0]
    assert event == {
        "t": "sip", "id": event["id"], "at_ns": START_NS, "transport": "udp", "src": "10.0.0.1", "src_port": 5060,
        "dst": "10.0.0.2", "dst_port": 5060, "data": sip(), "vlan": None, "whole": True,
        "interface": None,
    }  # fmt: skip


def test_streams_digits_and_statistics_have_every_field_of_the_contract(spool, call):
    events, counts = record(start(settings(spool, call)))
    assert of(events, "stream") == [
        {"t": "stream", "bundle": "call", "side": 0, "ssrc": 7, "pt": 8, "src": "10.0.0.1:4000",
         "dst": "10.0.0.2:5000", "at_ns": START_NS + 1_020_000_000},
        {"t": "stream", "bundle": "call", "side": 1, "ssrc": 9, "pt": 8, "src": "10.0.0.2:5000",
         "dst": "10.0.0.1:4000", "at_ns": START_NS + 2_020_000_000},
    ]  # fmt: skip
    assert of(events, "dtmf") == [
        {
            "t": "dtmf",
            "bundle": "call",
            "side": 0,
            "digit": "5",
            "at_ns": START_NS + 3_051_000_000,
            "duration_ms": 80,
            "paused": False,
            "ssrc": 7,
        }
    ]
    jitter = counts[0].pop("jitter_ticks")
    assert isinstance(jitter, float)
    assert counts[0] == {
        "side": 0, "src": "10.0.0.1:4000", "dst": "10.0.0.2:5000", "ssrc": 7, "pt": 8, "pts": {8: 50, 101: 5},
        "packets": 55, "bytes": 50 * 160 + 5 * 4, "expected": 55, "lost": 0, "duplicates": 0, "reordered": 0,
        "clock_hz": 8000, "clock_changes": 0, "first_ns": START_NS + 1_020_000_000,
        "last_ns": START_NS + 3_055_000_000, "rtcp_packets": 1, "snapped": 0,
    }  # fmt: skip
    assert events[-1] == {"t": "end", "errors": []}


def test_the_media_file_holds_every_packet_of_the_call(spool, call):
    engine = start(settings(spool, call))
    record(engine)
    path = spool / "call" / "media.pcap"
    assert path.read_bytes()[:4] == bytes.fromhex("4d3cb2a1")
    header, _ = capture_engine.read_media(str(path))
    media = msgspec.msgpack.decode(header)
    assert [message["data"] for message in media["messages"]] == [sip()]
    assert (media["rtcp"], media["other"], media["truncated"]) == (1, 0, False)
    sent = hashlib.sha256(b"".join(bytes([number]) * 160 for number in range(1, 31))).hexdigest()
    assert [(row["ssrc"], row["packets"]) for row in media["streams"]] == [(7, 55), (9, 30)]
    assert media["streams"][1]["payload_sha256"] == sent
    assert counters(engine)["written_packets"] == 1 + 55 + 30 + 1
    assert counters(engine)["written_bytes"] == path.stat().st_size


def test_the_counters_are_those_of_the_contract(spool, call):
    engine = start(settings(spool, call))
    paragraph = (ENGINE / "README.md").read_text().split("\nCounters (")[1].split("\n\n")[0].split("):", 1)[1]
    names = [name for name in re.findall(r"`([a-z_]+)`", paragraph) if name != "_now"]
    assert list(counters(engine)) == names
    record(engine)
    told = counters(engine)
    assert (told["packets"], told["udp"], told["sip_udp"], told["rtp"], told["rtcp"]) == (87, 87, 1, 85, 1)
    assert (told["rtp_unbound"], told["bundles_now"], told["write_errors"]) == (0, 0, 0)


def test_running_statistics_name_their_bundles(spool, call):
    engine = start(settings(spool, call))
    engine.obey([("call", 1, *B, 0, PAYLOADS)])
    drain(engine)
    streams = msgspec.msgpack.decode(engine.streams())
    assert {name: [row["packets"] for row in rows] for name, rows in streams.items()} == {"call": [55, 30]}


def test_the_clock_of_a_file_is_its_newest_packet(spool, call):
    engine = start(settings(spool, call))
    assert engine.now_ns() == 0
    drain(engine)
    assert engine.now_ns() == START_NS + 3_100_000_000


def test_media_before_its_signalling_is_adopted(spool, tmp_path):
    capture = CaptureFile()
    talk(capture, A, B, range(1, 101))
    capture.add(2500, udp_packet(A_SIP, B_SIP, sip()))
    engine = start(settings(spool, capture.write(tmp_path / "early.pcap")))
    events, counts = record(engine)
    assert counts[0]["packets"] == 100
    orphan = of(events, "orphan")[0]
    assert orphan == {
        "t": "orphan", "src": "10.0.0.1", "src_port": 4000, "dst": "10.0.0.2", "dst_port": 5000, "ssrc": 7, "pt": 8,
        "packets": orphan["packets"], "first_ns": START_NS + 20_000_000,
    }  # fmt: skip
    told = counters(engine)
    assert (told["held"], told["adopted"], told["rtp_unbound"]) == (100, 100, 100)


def test_sip_over_tcp_in_any_order_comes_whole_and_is_kept(spool, tmp_path):
    stream = sip("INVITE", 1) + b"\r\n\r\n" + sip("ACK", 2)
    capture = CaptureFile()
    # Joined in the middle of a connection: the first segment begins with a message.
    pieces = [(0, 60), (100, 200), (60, 100), (90, 160), (200, len(stream))]
    for number, (begin, end) in enumerate(pieces):
        capture.add(number, tcp_segment(A_SIP, ("10.0.0.2", 40000), 5000 + begin, stream[begin:end]))
    engine = start(settings(spool, capture.write(tmp_path / "tcp.pcap")))
    messages = of(drain(engine, lambda event: engine.obey([("call", [event["id"]])])), "sip")
    assert [(event["data"], event["transport"], event["whole"]) for event in messages] == [
        (sip("INVITE", 1), "tcp", True), (sip("ACK", 2), "tcp", True),
    ]  # fmt: skip
    engine.close("call")
    header, _ = capture_engine.read_media(str(spool / "call" / "media.pcap"))
    kept = msgspec.msgpack.decode(header)["messages"]
    assert [(message["data"], message["transport"]) for message in kept] == [
        (sip("INVITE", 1), "tcp"), (sip("ACK", 2), "tcp"),
    ]  # fmt: skip


def ethernet(packet, *tags):
    return bytes(12) + b"".join(struct.pack(">HH", kind, tag) for kind, tag in tags) + b"\x08\x00" + packet


def pcap(frames, magic=0xA1B2C3D4, order="<", link=1):
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    for number, frame in enumerate(frames):
        out += struct.pack(order + "IIII", 1_700_000_000, number, len(frame), len(frame)) + frame
    return out


def pcapng(frames):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    # Two interfaces, the second with nanosecond resolution.
    out += block(1, struct.pack("<HHI", 101, 0, 0))
    out += block(1, struct.pack("<HHIHHBxxxHH", 1, 0, 0, 9, 1, 9, 0, 0))
    for number, frame in enumerate(frames):
        at = START_NS + number * 1000
        out += block(6, struct.pack("<IIIII", 1, at >> 32, at & 0xFFFFFFFF, len(frame), len(frame)) + frame)
    return out


@pytest.mark.parametrize("form", ["micro", "nano", "big", "pcapng", "gzip", "pcapng-gzip", "cut"])
def test_every_form_of_capture_is_read(spool, tmp_path, form):
    frames = [
        ethernet(udp_packet(A_SIP, B_SIP, sip()), (0x8100, 100)),
        ethernet(udp_packet(A_SIP, B_SIP, sip("ACK")), (0x88A8, 0x6000 | 200), (0x8100, 100)),
        ethernet(udp_packet(A_SIP, B_SIP, sip("BYE"))),
    ]
    content = {
        "micro": pcap(frames),
        "nano": pcap(frames, 0xA1B23C4D),
        "big": pcap(frames, order=">"),
        "pcapng": pcapng(frames),
        "gzip": gzip.compress(pcap(frames)),
        "pcapng-gzip": gzip.compress(pcapng(frames)),
        "cut": pcap([*frames, bytes(100)])[:-50],
    }[form]
    path = tmp_path / "capture"
    path.write_bytes(content)
    engine = start(settings(spool, path))
    events = drain(engine)
    assert [event["vlan"] for event in of(events, "sip")] == [100, 200, None]
    assert events[-1]["errors"] == []
    assert counters(engine)["truncated_files"] == (form == "cut")


def test_several_files_are_merged_by_time(spool, tmp_path):
    ours, theirs = CaptureFile(), CaptureFile()
    for number in range(6):
        file, ends = ((ours, (A_SIP, B_SIP)), (theirs, (B_SIP, A_SIP)))[number % 2]
        file.add(number * 10, udp_packet(*ends, sip("INFO", number)))
    paths = [theirs.write(tmp_path / "theirs.pcap"), ours.write(tmp_path / "ours.pcap")]
    messages = of(drain(start(settings(spool, *paths))), "sip")
    assert [event["data"] for event in messages] == [sip("INFO", number) for number in range(6)]


def test_files_that_cannot_be_read_are_named_and_the_others_are_read(spool, tmp_path, call):
    text, damaged = tmp_path / "notes.txt", tmp_path / "damaged.pcap"
    text.write_text("this is no capture, whatever its name says")
    damaged.write_bytes(
        pcap([ethernet(udp_packet(B_SIP, A_SIP, sip()))]) + struct.pack("<IIII", 1, 1, 1 << 31, 9) * 9
    )
    other = tmp_path / "usb.pcap"
    other.write_bytes(pcap([b"x"], link=189))
    missing = tmp_path / "missing.pcap"
    events = drain(start(settings(spool, text, damaged, missing, other, tmp_path, call)))
    assert len(of(events, "sip")) == 2
    errors = {error["path"]: error for error in events[-1]["errors"]}
    assert set(errors) == {str(path) for path in (text, damaged, missing, other, tmp_path)}
    assert "not a capture" in errors[str(text)]["problem"]
    assert "189" in errors[str(other)]["problem"]
    assert errors[str(damaged)]["offset"] == len(damaged.read_bytes()) - 9 * 16


def test_a_batch_ends_after_its_messages(spool, tmp_path):
    capture = CaptureFile()
    for number in range(25):
        capture.add(number, udp_packet(A_SIP, B_SIP, sip("INFO", number)))
    engine = start(settings(spool, capture.write(tmp_path / "many.pcap"), batch_messages=10))
    assert [len(of(polled(engine), "sip")) for _ in range(3)] == [10, 10, 5]
    assert polled(engine) == []


def test_a_batch_ends_after_its_capture_time(spool, tmp_path):
    capture = CaptureFile()
    for number in range(100):
        capture.add(number * 20, udp_packet(A, B, rtp_packet(number, number * 160, b"x" * 160)))
    engine = start(settings(spool, capture.write(tmp_path / "long.pcap"), batch_ms=200))
    polled(engine)
    assert counters(engine)["packets"] == 11


def test_a_message_can_be_kept_until_the_next_poll_only(spool, tmp_path):
    capture = CaptureFile()
    for number in range(2):
        capture.add(number, udp_packet(A_SIP, B_SIP, sip("INFO", number)))
    engine = start(settings(spool, capture.write(tmp_path / "two.pcap"), batch_messages=1))
    first = polled(engine)[0]["id"]
    polled(engine)
    assert f"message {first} " in engine.obey([("call", [first])])[0]


def test_nonsense_is_refused_with_the_right_error(spool, call):
    for change in [
        {"hold_s": -1},
        {"extra": 1},
        {"source": {"kind": "file", "paths": []}},
        {"sip_ports": [70000]},
    ]:
        with pytest.raises(ValueError, match="configuration"):
            start(settings(spool, call, **change))
    with pytest.raises(ValueError, match="configuration"):
        capture_engine.Engine(b"not json")
    with pytest.raises(FileNotFoundError):
        start(settings(spool / "nowhere", call))
    engine = start(settings(spool, call))
    for arguments in [
        ("call", 2, "10.0.0.1", 1, 2, []),
        ("call", 0, "example.org", 1, 2, []),
        ("call", 0, "10.0.0.1", 70000, 2, []),
        ("call", 0, "10.0.0.1", 1, -1, []),
        ("call", 0, "10.0.0.1", 1, 2, [(300, 8000, False)]),
        ("../call", 0, "10.0.0.1", 1, 2, []),
    ]:
        assert "is no" in engine.obey([arguments])[0]
    assert engine.obey([("call", 500), ("call", 0, *A, 1 << 70, []), ("call", 0, *A, 0, [])])[::2] == ["", ""]
    with pytest.raises(OSError, match="descriptor"):
        engine.tap("call", 9999)


def test_a_listener_hears_every_packet_and_its_side(spool, call):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        engine = start(settings(spool, call))
        engine.obey([("call", 0, *A, 0, PAYLOADS)])
        engine.tap("call", ours.fileno())
        ours.close()
        drain(engine)
        engine.close("call")
        heard = b"".join(iter(lambda: theirs.recv(65536), b""))
    frames = []
    while heard:
        side, length = struct.unpack_from(">BH", heard)
        frames.append((side, heard[3 : 3 + length]))
        heard = heard[3 + length :]
    assert sorted(side for side, _ in frames) == [0] * 55 + [1] * 30
    assert frames[0][1] == rtp_packet(1, 160, b"\x01" * 160)


def test_a_slow_listener_loses_packets_and_the_recording_none(spool, tmp_path):
    capture = CaptureFile()
    talk(capture, A, B, range(1, 5001))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        engine = start(settings(spool, capture.write(tmp_path / "long.pcap")))
        engine.obey([("call", 1, *B, 0, PAYLOADS)])
        engine.tap("call", ours.fileno())
        drain(engine)
    assert counters(engine)["tap_drops"] > 0
    assert msgspec.msgpack.decode(engine.close("call"))[0]["packets"] == 5000


def test_a_closed_bundle_stays_closed(spool, call):
    engine = start(settings(spool, call))
    record(engine)
    engine.obey([("call", 0, *A, 0, PAYLOADS)])
    assert msgspec.msgpack.decode(engine.close("call")) == []
    assert counters(engine)["after_close"] == 1


def test_stopping_writes_what_is_there_and_ends_the_engine(spool, call):
    engine = start(settings(spool, call, flush_s=1000.0))
    engine.obey([("call", 1, *B, 0, PAYLOADS)])
    drain(engine)
    engine.stop()
    engine.stop()
    header, _ = capture_engine.read_media(str(spool / "call" / "media.pcap"))
    assert [row["packets"] for row in msgspec.msgpack.decode(header)["streams"]] == [55, 30]
    assert polled(engine) == []
    with pytest.raises(RuntimeError, match="stopped"):
        engine.obey([("call", 1, *B, 0, PAYLOADS)])


def test_a_sorted_copy_is_in_time_order(spool, tmp_path):
    capture = CaptureFile()
    talk(capture, A, B, range(1, 11))
    capture.add(300, udp_packet(A_SIP, B_SIP, sip()))
    engine = start(settings(spool, capture.write(tmp_path / "early.pcap")))
    record(engine)
    copy = capture_engine.sorted_capture(str(spool / "call" / "media.pcap"))
    times, at = [], 24
    while at < len(copy):
        seconds, fraction, length = struct.unpack_from("<III", copy, at)
        times.append((seconds, fraction))
        at += 16 + length
    assert len(times) == 11
    assert times == sorted(times)


def test_the_module_was_built_from_these_sources():
    assert capture_engine.source_hash(ENGINE) == capture_engine.SOURCE_HASH, "the engine must be built anew"
    assert capture_engine.source_hash(Path(__file__).parent) is None


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real captures is not here")
@pytest.mark.parametrize(
    "name", ["NormB+sipnab/SIP_DTMF2.cap", "derived/dtmf2-vlan100.pcap", "derived/dtmf2-qinq.pcap"]
)
def test_the_digits_of_a_real_call_are_read(spool, name):
    engine = start(settings(spool, CORPUS / name))

    def bind(_event):
        payloads = [(8, 8000, False), (96, 8000, True)]
        engine.obey([("call", 0, "192.168.105.110", 4376, 4377, payloads)])
        engine.obey([("call", 1, "192.168.105.172", 4376, 4377, payloads)])

    events = drain(engine, bind)
    assert "".join(event["digit"] for event in of(events, "dtmf")) == "6789123"
    counts = {
        row["ssrc"]: (row["packets"], row["lost"]) for row in msgspec.msgpack.decode(engine.close("call"))
    }
    assert counts == {0x5711BF84: (666, 0), 0x9A7B5382: (665, 2)}
    assert len(of(events, "sip")) == 29


def test_a_bundle_in_memory_is_what_its_file_would_have_been(tmp_path, spool, call):
    record(start(settings(spool, call)))
    (spool / "call" / "media.pcap").rename(tmp_path / "file.pcap")
    expected = (tmp_path / "file.pcap").read_bytes()
    for memory_bytes in (1, 1 << 20):
        engine = start(settings(spool, call, memory_bytes=memory_bytes, write_block_bytes=1000))
        record(engine)
        assert not (spool / "call" / "media.pcap").exists()
        assert engine.take("call", 1000) is None
        media = engine.take("call", 1 << 20)
        media.save(str(tmp_path / "saved.pcap"))
        assert (tmp_path / "saved.pcap").read_bytes() == expected
        assert media.columns() == capture_engine.read_media(str(tmp_path / "file.pcap"))
        assert engine.take("call", 1 << 20) is None
        other = start(settings(spool, call, memory_bytes=memory_bytes, write_block_bytes=1000))
        record(other)
        other.take_to("call", str(tmp_path / "written.pcap"))
        assert (tmp_path / "written.pcap").read_bytes() == expected


def test_a_media_file_with_events_has_no_outline(spool, call):
    record(start(settings(spool, call)))
    assert capture_engine.Media(str(spool / "call" / "media.pcap")).outline() is None


def test_a_media_file_that_cannot_be_written_or_read_is_an_error_with_its_number(tmp_path, spool, call):
    record(start(settings(spool, call)))
    media = capture_engine.Media(str(spool / "call" / "media.pcap"))
    with pytest.raises(FileNotFoundError):
        media.save(str(tmp_path / "missing" / "x"))
    with pytest.raises(FileNotFoundError):
        capture_engine.Media(str(tmp_path / "missing"))
    with pytest.raises(ValueError, match="not plain"):
        media.render("", "", b"", 1, (0, 1), 0xD5, False, bytes(512), [(99, 0, 0, None)])


def test_what_each_subnet_brings_is_counted(call, spool):
    engine = start(settings(spool, call))
    drain(engine)
    told = msgspec.msgpack.decode(engine.counters_by_net())
    (untagged,) = told["vlans"]
    # The flow back is too short for a stream, but it was heard.
    assert untagged == {"vlan": None, "packets": 87, "sip": 1, "rtp": 85, "streams": 1, "one_way": 0}
    (subnet,) = told["subnets"]
    assert subnet == {"subnet": "10.0.0.0/24", "packets": 87, "sip": 1, "rtp": 85, "streams": 1, "one_way": 0}


def test_keys_are_told_but_not_written_when_they_are_to_be_blank(call, spool):
    engine = start(settings(spool, call, blank_keys=True))
    engine.obey([("call", 1, *B, B[1] + 1, PAYLOADS)])
    events = drain(engine)
    assert [event["digit"] for event in of(events, "dtmf")] == ["5"]
    engine.close("call")
    header, blob = capture_engine.read_media(str(spool / "call" / "media.pcap"))
    (stream,) = [one for one in msgspec.msgpack.decode(header)["streams"] if one["ssrc"] == 7]
    payload = blob[stream["payload_at"] :][: stream["payload_bytes"]]
    starts = struct.unpack_from(f"<{stream['packets']}I", blob, stream["start_at"])
    types = blob[stream["pt_at"] :][: stream["packets"]]
    codes = {payload[start] for start, kind in zip(starts, types, strict=True) if kind == 101}
    assert codes == {255}
    assert stream["pts"] == {8: 50, 101: 5}
    assert stream["lost"] == 0
