import struct

import numpy as np
import pytest

from appliance.media.live import LiveDecoder, parse_rtp, split_frames
from appliance.media.pcm import Law, expand
from tests.rigs.rtp_streams import CALLEE, CALLER, payload

PAYLOADS = [payload(CALLER, 8, "PCMA"), payload(CALLEE, 9, "G722"), payload(CALLER, 101, "telephone-event")]


def rtp(index: int, content: bytes, number: int = 8, ssrc: int = 7, timestamp: int | None = None) -> bytes:
    stamp = (4_294_967_000 + index * 160 if timestamp is None else timestamp) & 0xFFFFFFFF
    return struct.pack(">BBHII", 0x80, number, index & 0xFFFF, stamp, ssrc) + content


def codes(index: int) -> bytes:
    return np.random.default_rng(index).integers(0, 256, 160, np.uint8).tobytes()


def linear(content: bytes) -> np.ndarray:
    return expand(np.frombuffer(content, np.uint8), Law.ALAW)


def listened(decoder: LiveDecoder, events, until_s: float, every_s: float = 0.02) -> np.ndarray:
    """Feed events (moment, side, packet) and ask every 20 ms, as a web socket does."""
    blocks = []
    events = sorted(events, key=lambda one: one[0])
    for step in range(round(until_s / every_s) + 1):
        now_s = step * every_s
        while events and events[0][0] <= now_s:
            at_s, side, packet = events.pop(0)
            decoder.feed(side, packet, at_s)
        blocks.append(decoder.take(now_s))
    return np.frombuffer(b"".join(blocks), "<i2").reshape(-1, 2)


def place_of(needle: np.ndarray, haystack: np.ndarray) -> int:
    return haystack.tobytes().find(needle.tobytes()) // 2


def test_both_sides_are_heard_within_120_milliseconds_and_unbroken():
    rng = np.random.default_rng(1)
    events = [
        (index * 0.02 + float(rng.uniform(0, 0.03)), 0, rtp(index, codes(index))) for index in range(200)
    ]
    got = listened(LiveDecoder(PAYLOADS), events, 4.2)
    want = np.concatenate([linear(codes(index)) for index in range(200)])
    at = place_of(want[: 190 * 160], np.ascontiguousarray(got[:, 0]))
    assert 0 <= at <= 8000 * 0.12
    assert not got[:, 1].any()


def test_wideband_is_heard_at_the_rate_of_the_rest():
    events = [(index * 0.02, 1, rtp(index, bytes([index]) * 160, 9)) for index in range(50)]
    got = listened(LiveDecoder(PAYLOADS), events, 1.2)
    assert np.abs(got[:, 1]).max() > 0
    assert not got[:, 0].any()
    assert 8000 <= got.shape[0] <= 9760


def test_a_lost_packet_is_silence_and_moves_nothing():
    events = [(index * 0.02, 0, rtp(index, codes(index))) for index in range(50) if index != 20]
    got = np.ascontiguousarray(listened(LiveDecoder(PAYLOADS), events, 1.2)[:, 0])
    first = place_of(linear(codes(19)), got)
    assert place_of(linear(codes(21)), got) == first + 320
    assert not got[first + 160 : first + 320].any()


def test_after_a_stall_the_listener_is_never_more_than_120_milliseconds_behind():
    events = [
        (index * 0.02 + (1.0 if index >= 50 else 0), 0, rtp(index, codes(index))) for index in range(120)
    ]
    got = np.ascontiguousarray(listened(LiveDecoder(PAYLOADS), events, 4)[:, 0])
    at = place_of(linear(codes(100)), got)
    assert 100 * 160 + 8000 <= at <= 100 * 160 + 8000 + 960


@pytest.mark.parametrize("jump", [10_000_000, -5_000_000, 2**31])
def test_timestamps_that_jump_are_followed(jump):
    events = [
        (
            index * 0.02,
            0,
            rtp(index, codes(index), timestamp=1000 + index * 160 + (jump if index >= 50 else 0)),
        )
        for index in range(100)
    ]
    got = np.ascontiguousarray(listened(LiveDecoder(PAYLOADS), events, 2.2)[:, 0])
    for index in (20, 49, 60, 99):
        assert index * 160 <= place_of(linear(codes(index)), got) <= index * 160 + 960 + 320


def test_a_new_ssrc_is_heard_at_once():
    events = [(index * 0.02, 0, rtp(index, codes(index), ssrc=1 + index // 50)) for index in range(100)]
    got = np.ascontiguousarray(listened(LiveDecoder(PAYLOADS), events, 2.2)[:, 0])
    assert place_of(linear(codes(55)), got) > 0


def test_a_listener_who_slept_gets_the_present():
    decoder = LiveDecoder(PAYLOADS)
    for index in range(500):
        decoder.feed(0, rtp(index, codes(index)), index * 0.02)
    assert len(decoder.take(10.0)) == 1600 * 4


def test_blocks_come_as_time_passes():
    decoder = LiveDecoder(PAYLOADS)
    assert decoder.take(5.0) == b""
    decoder.feed(0, rtp(0, codes(0)), 5.0)
    assert decoder.take(5.01) == b""
    assert len(decoder.take(5.0201)) == 160 * 4
    assert len(decoder.take(5.0601)) == 320 * 4


def test_unknown_types_events_and_rubbish_are_passed_over():
    decoder = LiveDecoder(PAYLOADS)
    rng = np.random.default_rng(3)
    for index in range(500):
        decoder.feed(0, rng.bytes(int(rng.integers(0, 60))), index * 0.001)
        decoder.feed(
            index % 5, rtp(index, rng.bytes(20), int(rng.integers(0, 128)), ssrc=index), index * 0.001
        )
    decoder.feed(0, rtp(1, b"\x05\x0a\x00\xa0", 101), 0.5)
    assert len(decoder.take(0.6)) == 1600 * 4


def test_a_reinvite_is_learnt():
    decoder = LiveDecoder([payload(CALLER, 96, "EVS", 16000)])
    decoder.feed(0, rtp(0, codes(0), 96), 0.0)
    decoder.learn([payload(CALLER, 96, "PCMA")])
    got = listened(decoder, [(0.02, 0, rtp(1, codes(1), 96))], 0.3)
    assert place_of(linear(codes(1)), np.ascontiguousarray(got[:, 0])) >= 0


def test_header_extensions_sources_and_padding_are_taken_off():
    body = (
        struct.pack(">BBHII", 0xB1, 8, 1, 2, 3) + bytes(4) + b"\xbe\xde\x00\x01" + bytes(4) + b"audio\x00\x02"
    )
    assert parse_rtp(body).payload == b"audio"
    assert parse_rtp(body[:15]) is None
    assert parse_rtp(b"\x00" * 20) is None
    assert parse_rtp(struct.pack(">BBHII", 0xA0, 8, 1, 2, 3) + b"\xff") is None


def test_frames_are_cut_out_of_a_stream_in_any_pieces():
    frames = [(0, b"abc"), (1, b""), (1, bytes(1500)), (0, b"z")]
    content = b"".join(struct.pack(">BH", side, len(packet)) + packet for side, packet in frames)
    for size in (1, 7, 1000, 5000):
        buffer, found = bytearray(), []
        for at in range(0, len(content), size):
            buffer += content[at : at + size]
            found += split_frames(buffer)
        assert found == frames
        assert not buffer
