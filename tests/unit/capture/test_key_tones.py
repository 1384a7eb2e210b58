"""Keys in the packets of a tap: both sides, other codecs, lost and repeated packets."""

import struct

import numpy as np
import pytest

from appliance.capture.keytones import Ear
from appliance.domain.bundle import Payload
from appliance.domain.call import Side
from appliance.media.pcm import Law, compress
from tests.rigs.keys import sequence
from tests.rigs.records import NOON

FRAME = 160


def frames(keys, side=0, ssrc=7, payload_type=8, drop=(), twice=(), **how):
    """The tap's bytes of one speaker who presses these keys, 20 ms a packet."""
    codes = compress(sequence(keys, **how), Law.ALAW if payload_type == 8 else Law.ULAW)
    data = b""
    for number in range(len(codes) // FRAME):
        if number in drop:
            continue
        head = struct.pack(">BBHII", 0x80, payload_type, number, number * FRAME, ssrc)
        packet = head + codes[number * FRAME : (number + 1) * FRAME].tobytes()
        data += (struct.pack(">BH", side, len(packet)) + packet) * (2 if number in twice else 1)
    return data


@pytest.fixture
def ear():
    made = Ear()
    yield made
    made.close()


def test_each_side_is_heard_by_itself(ear):
    assert ear.hear(frames("*1")) == [(Side.CALLER, "*"), (Side.CALLER, "1")]
    assert ear.hear(frames("9", side=1, ssrc=8, payload_type=0)) == [(Side.CALLEE, "9")]


def test_frames_may_come_in_any_pieces(ear):
    data = frames("#")
    found = [one for at in range(0, len(data), 97) for one in ear.hear(data[at : at + 97])]
    assert found == [(Side.CALLER, "#")]


def test_a_lost_packet_does_not_make_two_of_one_key(ear):
    assert ear.hear(frames("5", on_ms=240, drop={10, 14})) == [(Side.CALLER, "5")]


def test_repeated_packets_are_heard_once(ear):
    assert ear.hear(frames("55", twice=set(range(100)))) == [(Side.CALLER, "5"), (Side.CALLER, "5")]


def test_two_presses_with_silence_that_was_not_sent_between_them_are_two(ear):
    # 100 ms silence, key, 160 ms silence not sent but for its ends, key
    assert ear.hear(frames("44", off_ms=200, drop=set(range(16, 24)))) == [
        (Side.CALLER, "4"),
        (Side.CALLER, "4"),
    ]


def test_what_a_payload_type_means_is_learnt_and_unknown_ones_are_passed_over(ear):
    strange = frames("3", payload_type=98).replace(b"\x80\x08", b"\x80\x62")
    assert ear.hear(strange) == []
    ear.learn([Payload(at=NOON, side=Side.CALLER, payload_type=98, encoding="PCMU", clock_hz=8000)])
    assert ear.hear(strange) == [(Side.CALLER, "3")]


def test_rubbish_is_passed_over(ear):
    assert ear.hear(struct.pack(">BH", 0, 3) + b"abc" + struct.pack(">BH", 9, 1) + b"x") == []
    assert ear.hear(frames("2")) == [(Side.CALLER, "2")]


def test_silence_is_no_key(ear):
    assert ear.hear(frames("")) == []
    assert not np.any(sequence(""))
