"""Pauses in the sound, and what leaves a media file that may not be heard."""

import struct

import numpy as np
import pytest

from appliance.core.errors import BadBundle
from appliance.domain.bundle import Manifest
from appliance.domain.control import Control, Verb
from appliance.domain.ledger import Mark
from appliance.domain.policy import Action, Decision, Ground
from appliance.media.pcm import Law, expand, level_dbfs
from appliance.media.render import render
from appliance.media.signalling import keep_signalling
from appliance.settings.archive import Archive, LossFill
from tests.rigs.rtp_streams import (
    CALLEE,
    CALLER,
    START_NS,
    Packet,
    S,
    at,
    chop,
    manifest,
    media,
    stream,
    talk,
)

RATE_HZ = 8000
TONE = RATE_HZ // 4


def noise(seconds: float, seed: int) -> bytes:
    return np.random.default_rng(seed).integers(0, 256, round(seconds * RATE_HZ), np.uint8).tobytes()


def decided(action: Action = Action.RECORD, *, look_back: bool = False) -> Decision:
    return Decision(action=action, ground=Ground.MODE_ALL, look_back=look_back)


def ordered(verb: Verb, offset_s: float) -> Control:
    return Control(at=at(offset_s), verb=verb, by="ann")


def outside(packets: list[Packet], begin_s: float, end_s: float) -> list[Packet]:
    """What the engine writes of a stream that was paused."""
    return [one for one in packets if not START_NS + begin_s * S <= one.arrival_ns < START_NS + end_s * S]


def codes(manifested: Manifest, *packets: list[Packet], settings: Archive | None = None):
    streams = [stream(own, side) for side, own in zip((CALLER, CALLEE), packets, strict=True)]
    rendered = render(manifested, media(*streams), settings or Archive())
    assert rendered.sound is not None, rendered.reason
    return rendered, np.asarray(rendered.sound.samples)


def both(seed: int = 1) -> tuple[list[Packet], list[Packet]]:
    return talk(chop(noise(10, seed))), talk(chop(noise(10, seed + 1)))


def known(*packets: list[Packet], **facts: object) -> Manifest:
    return manifest(
        [(side, stream(own, side)) for side, own in zip((CALLER, CALLEE), packets, strict=True)], **facts
    )


@pytest.mark.parametrize("fill", list(LossFill))
def test_outside_of_its_pauses_a_recording_is_what_it_would_have_been(fill: LossFill) -> None:
    whole = both()
    settings = Archive(loss_fill=fill)
    _, plain = codes(known(*whole), *whole, settings=settings)
    kept = [outside(outside(own, 2.0, 4.0), 6.0, 6.3) for own in whole]
    paused = known(*whole)
    paused.policy = decided()
    paused.control = [
        ordered(Verb.PAUSE, 2.0),
        ordered(Verb.RESUME, 4.0),
        ordered(Verb.PAUSE, 6.0),
        ordered(Verb.RESUME, 6.3),
    ]
    rendered, found = codes(paused, *kept, settings=settings)
    assert found.shape == plain.shape
    is_paused = np.zeros(len(found), np.bool_)
    is_paused[2 * RATE_HZ : 4 * RATE_HZ] = True
    is_paused[6 * RATE_HZ : 6 * RATE_HZ + 2400] = True
    assert np.array_equal(found[~is_paused], plain[~is_paused])
    assert np.all(found[2 * RATE_HZ + TONE : 4 * RATE_HZ - TONE] == 0xD5)
    assert Mark.LOSS not in rendered.marks
    assert [track.lost for track in rendered.tracks] == [0, 0]


def test_the_tones_stand_at_the_edges_and_share_a_short_pause() -> None:
    whole = both(3)
    paused = known(*whole)
    paused.policy = decided()
    paused.control = [
        ordered(Verb.PAUSE, 1.0),
        ordered(Verb.RESUME, 3.0),
        ordered(Verb.PAUSE, 5.0),
        ordered(Verb.RESUME, 5.2),
    ]
    kept = [outside(outside(own, 1.0, 3.0), 5.0, 5.2) for own in whole]
    _, found = codes(paused, *kept)
    sound = expand(found, Law.ALAW)
    for first, last in ((8000, 10000), (22000, 24000), (40000, 40800), (40800, 41600)):
        for side in (0, 1):
            tone = sound[first:last, side]
            assert level_dbfs(tone) == pytest.approx(-20.0, abs=0.2)
            assert np.argmax(np.abs(np.fft.rfft(tone))) * RATE_HZ / tone.size == pytest.approx(1000, abs=1)


def test_a_pause_that_never_ended_is_silent_to_the_end_of_the_call() -> None:
    whole = both(5)
    paused = known(*whole)
    paused.policy = decided()
    paused.control = [ordered(Verb.PAUSE, 7.0)]
    _, found = codes(paused, *[outside(own, 7.0, 99.0) for own in whole])
    assert len(found) == 10 * RATE_HZ
    assert np.all(found[7 * RATE_HZ + TONE :] == 0xD5)


def test_a_loss_outside_of_a_pause_stays_a_loss() -> None:
    whole = [outside(own, 8.0, 8.1) for own in both(7)]
    paused = known(*whole)
    paused.policy = decided()
    paused.control = [ordered(Verb.PAUSE, 2.0), ordered(Verb.RESUME, 3.0)]
    rendered, _ = codes(paused, *[outside(own, 2.0, 3.0) for own in whole])
    assert [track.lost for track in rendered.tracks] == [5, 5]


def test_a_recording_on_demand_lies_between_its_start_and_its_stop() -> None:
    whole = both(9)
    _, plain = codes(known(*whole), *whole)
    chosen = known(*whole)
    chosen.policy = decided(Action.ON_DEMAND)
    chosen.control = [ordered(Verb.START, 3.0), ordered(Verb.STOP, 5.0)]
    rendered, found = codes(chosen, *[outside(outside(own, 0, 3.0), 5.0, 99) for own in whole])
    assert rendered.starts_at == at(3.0)
    assert np.array_equal(found, plain[3 * RATE_HZ : 5 * RATE_HZ])


def test_with_look_back_it_begins_with_the_call() -> None:
    whole = both(11)
    _, plain = codes(known(*whole), *whole)
    chosen = known(*whole)
    chosen.policy = decided(Action.ON_DEMAND, look_back=True)
    chosen.control = [ordered(Verb.START, 3.0)]
    assert np.array_equal(codes(chosen, *whole)[1], plain)


def _file(*packets: bytes) -> bytes:
    content = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101)
    for packet in packets:
        content += struct.pack("<IIII", 1, 2, len(packet), len(packet)) + packet
    return content


def _ipv4(protocol: int, payload: bytes, fragment: int = 0) -> bytes:
    length = 20 + len(payload)
    return (
        struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 1, fragment, 64, protocol, 0, b"\n\0\0\1", b"\n\0\0\2")
        + payload
    )


def _ipv6(protocol: int, payload: bytes) -> bytes:
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), protocol, 64, b"a" * 16, b"b" * 16) + payload


def _udp(data: bytes) -> bytes:
    return struct.pack("!HHHH", 5060, 5060, 8 + len(data), 0) + data


SIP = [
    _ipv4(17, _udp(b"INVITE sip:x@y SIP/2.0\r\n\r\n")),
    _ipv6(17, _udp(b"SIP/2.0 200 OK\r\n\r\n")),
    _ipv4(6, bytes(40)),
    _ipv6(0, bytes([17, 0, 0, 0, 0, 0, 0, 0]) + _udp(b"BYE sip:x@y SIP/2.0\r\n\r\n")),
]
MEDIA = [
    _ipv4(17, _udp(b"\x80\x08" + bytes(170))),
    _ipv6(17, _udp(b"\x80\xc8" + bytes(30))),
    _ipv4(17, _udp(b"\0\1\0\0")),
    _ipv4(17, b"INVITE in a later fragment", fragment=185),
    _ipv4(17, _udp(b"")),
    _ipv4(1, b"ping"),
    b"\x45",
    b"",
]


def test_signalling_stays_and_media_goes(tmp_path) -> None:
    path = tmp_path / "file"
    mixed = [packet for pair in zip(SIP, MEDIA, strict=False) for packet in pair] + MEDIA[len(SIP) :]
    path.write_bytes(_file(*mixed) + b"\1\2\3")
    assert keep_signalling(path) == len(MEDIA)
    assert path.read_bytes() == _file(*SIP)
    assert keep_signalling(path) == 0


def test_a_file_that_is_none_of_ours_is_refused(tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"RIFF" + bytes(100))
    with pytest.raises(BadBundle):
        keep_signalling(path)
