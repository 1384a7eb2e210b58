"""What the door to the engine's reader promises to the media engine."""

import hashlib
import os

import numpy as np
import pytest

from appliance.core.errors import BadBundle
from appliance.media.packets import read_bundle_media, sorted_capture
from tests.rigs.capture_file import MS, START_NS, CaptureFile, rtp_packet, tcp_segment, udp_packet

CALLER, CALLEE = ("10.0.0.1", 4000), ("10.0.0.2", 5000)
INVITE = b"INVITE sip:b@x SIP/2.0\r\nVia: SIP/2.0/TCP h\r\nContent-Length: 4\r\n\r\n\x00\xffdy"


def frame(index, **more):
    """Frame `index` of 20 ms; both counters wrap after a few."""
    return rtp_packet(65_530 + index, 2**32 - 500 + index * 160, payload(index), **more)


def payload(index):
    return bytes((index * 7 + at) & 0xFF for at in range(160))


def spoken(indices, file=None, at_ms=0, source=CALLER, destination=CALLEE, **more):
    file = file or CaptureFile()
    for number, index in enumerate(indices):
        file.add(at_ms + number * 20, udp_packet(source, destination, frame(index, **more)))
    return file


@pytest.fixture
def read(tmp_path):
    return lambda file: read_bundle_media(file.write(tmp_path / "media.pcap"))


def test_a_stream_is_columns_in_sequence_order(read):
    media = read(spoken(range(10)))
    [stream] = media.streams
    assert (stream.source, stream.destination, stream.ssrc) == ("10.0.0.1:4000", "10.0.0.2:5000", 7)
    assert stream.seq.tolist() == list(range(65_530, 65_540))
    assert stream.timestamp.tolist() == [2**32 - 500 + index * 160 for index in range(10)]
    assert stream.arrival_ns.tolist() == [START_NS + index * 20 * MS for index in range(10)]
    assert stream.start.tolist() == list(range(0, 1600, 160))
    assert stream.length.tolist() == [160] * 10
    assert stream.payload_type.tolist() == [8] * 10
    assert stream.marker.tolist() == [False] * 10
    dtypes = [
        column.dtype
        for column in (stream.seq, stream.start, stream.length, stream.payload_type, stream.marker)
    ]
    assert dtypes == [np.int64, np.uint32, np.uint16, np.uint8, np.bool_]
    content = b"".join(map(payload, range(10)))
    assert stream.payload == content
    assert stream.payload_sha256 == hashlib.sha256(content).hexdigest()
    assert (
        (stream.first_ns, stream.last_ns)
        == (media.first_ns, media.last_ns)
        == (START_NS, START_NS + 180 * MS)
    )
    assert not media.truncated


def test_columns_cannot_be_written(read):
    [stream] = read(spoken(range(3))).streams
    assert stream.payload.readonly
    for column in (stream.seq, stream.timestamp, stream.arrival_ns, stream.start, stream.marker):
        assert not column.flags.writeable


def test_loss_copies_and_disorder_are_counted_and_mended(read):
    [stream] = read(spoken([1, 0, 3, 2, 2, 6, 3, 5])).streams
    assert stream.seq.tolist() == [65_530, 65_531, 65_532, 65_533, 65_535, 65_536]
    assert (stream.packets, stream.seen, stream.expected) == (6, 8, 7)
    assert (stream.lost, stream.duplicates, stream.reordered, stream.strays) == (1, 2, 3, 0)
    assert stream.payload == b"".join(map(payload, [0, 1, 2, 3, 5, 6]))


def test_marker_and_payload_types_are_kept_per_packet(read):
    file = spoken([0])
    file.add(20, udp_packet(CALLER, CALLEE, frame(1, payload_type=101, marker=True)))
    [stream] = read(file).streams
    assert stream.marker.tolist() == [False, True]
    assert stream.payload_type.tolist() == [8, 101]
    assert stream.pts == {8: 1, 101: 1}


def test_a_restarted_sender_is_a_run_of_its_own(read):
    file = spoken([0, 1, 3])
    for index in range(3):
        file.add(
            1000 + index * 20,
            udp_packet(CALLER, CALLEE, rtp_packet(30_000 + index, 9_000_000 + index * 160, b"xy")),
        )
    [stream] = read(file).streams
    assert stream.run_starts == (0, 3)
    assert stream.seq.tolist() == [65_530, 65_531, 65_533, 65_534, 65_535, 65_536]
    assert stream.timestamp.tolist()[3:] == [9_000_000, 9_000_160, 9_000_320]
    assert (stream.lost, stream.packets) == (1, 6)


def test_streams_come_in_the_order_they_began(read):
    file = spoken(range(3), at_ms=100)
    spoken(range(3), file, at_ms=50, source=CALLEE, destination=CALLER)
    spoken(range(3), file, at_ms=75, ssrc=8)
    streams = read(file).streams
    assert [(stream.source, stream.ssrc) for stream in streams] == [
        ("10.0.0.2:5000", 7),
        ("10.0.0.1:4000", 8),
        ("10.0.0.1:4000", 7),
    ]


def test_version_six_ends_are_in_brackets(read):
    file = CaptureFile().add(0, udp_packet(("2001:db8::1", 4000), ("2001:db8::2", 5060), INVITE))
    spoken([0, 1], file, source=("2001:db8::1", 4000), destination=("2001:db8::2", 5000))
    media = read(file)
    assert media.messages[0].destination == "[2001:db8::2]:5060"
    assert media.streams[0].destination == "[2001:db8::2]:5000"


def test_messages_of_both_transports_are_whole_and_in_order_of_arrival(read):
    file = CaptureFile()
    file.add(30, udp_packet(("10.0.0.1", 5060), ("10.0.0.2", 5060), INVITE))
    file.add(10, tcp_segment(("10.0.0.1", 5062), ("10.0.0.2", 5060), 1000, INVITE[:30]))
    file.add(20, tcp_segment(("10.0.0.1", 5062), ("10.0.0.2", 5060), 1030, INVITE[30:] + INVITE))
    messages = read(file).messages
    assert [(message.at_ns - START_NS, message.transport, message.source) for message in messages] == [
        (20 * MS, "tcp", "10.0.0.1:5062"),
        (20 * MS, "tcp", "10.0.0.1:5062"),
        (30 * MS, "udp", "10.0.0.1:5060"),
    ]
    assert {message.data for message in messages} == {INVITE}


def test_rtcp_and_noise_are_counted(read):
    file = CaptureFile()
    file.add(0, udp_packet(CALLER, CALLEE, bytes([0x80, 201, 0, 1, 0, 0, 0, 7])))
    file.add(1, udp_packet(CALLER, CALLEE, b"noise"))
    media = read(file)
    assert (media.rtcp, media.other, media.streams, media.messages) == (1, 1, [], [])


def test_a_truncated_tail_keeps_what_is_before_it(read):
    file = spoken(range(5))
    file.content = file.content[:-1]
    media = read(file)
    assert media.truncated
    assert media.streams[0].packets == 4


def test_an_empty_file_holds_nothing(read):
    file = CaptureFile()
    file.content = b""
    media = read(file)
    assert (media.truncated, media.streams, media.first_ns, media.last_ns) == (True, [], 0, 0)


@pytest.mark.parametrize("clock_hz", [8000, 48_000])
def test_jitter_is_the_same_by_columns_and_by_the_engine(read, clock_hz):
    """Steps of 20 ms that arrive 3 ms early and late in turn; a digit of six packets with one timestamp."""
    file = CaptureFile()
    ticks = clock_hz // 50
    for index in range(200):
        digit = 100 <= index < 106
        stamp = (100 if digit else index) * ticks
        packet = rtp_packet(index, stamp, b"1234", payload_type=101 if digit else 8)
        file.add(index * 20 + (6 if index % 2 else 0), udp_packet(CALLER, CALLEE, packet))
    [stream] = read(file).streams
    assert stream.jitter_ms(clock_hz) == pytest.approx(6, abs=0.05)
    if clock_hz == 8000:
        assert stream.jitter_ms(8001) == pytest.approx(stream.jitter_ms(8000), abs=0.05)


def test_what_cannot_be_read_is_a_bad_bundle(tmp_path):
    absent, folder, wave, pipe = (tmp_path / name for name in ("absent", "folder", "wave", "pipe"))
    folder.mkdir()
    wave.write_bytes(b"RIFF....WAVE")
    os.mkfifo(pipe)
    # A pipe without a writer would block whoever opens it: there must be one.
    end = os.open(pipe, os.O_RDWR)
    for path, problem in [
        (absent, "No such file"),
        (folder, "not a regular file"),
        (wave, "not a pcap file"),
        (pipe, "not a regular file"),
    ]:
        for door in (read_bundle_media, sorted_capture):
            with pytest.raises(BadBundle) as caught:
                door(path)
            assert caught.value.facts["bundle"] == str(path)
            assert problem in caught.value.facts["problem"]
    os.close(end)


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path):
    huge = tmp_path / "huge.pcap"
    with huge.open("wb") as file:
        file.truncate(2**32)
    with pytest.raises(BadBundle, match="limit"):
        read_bundle_media(huge)


def test_a_sorted_capture_has_the_same_records_in_time_order(tmp_path):
    early, late = (udp_packet(CALLER, CALLEE, data) for data in (b"early", b"late"))
    mixed = CaptureFile().add(9, late).add(0, early).add(9, early)
    in_order = CaptureFile().add(0, early).add(9, late).add(9, early)
    assert sorted_capture(mixed.write(tmp_path / "media.pcap")) == in_order.content
