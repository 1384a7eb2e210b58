"""The rules of the time line, on bundles made by hand."""

from dataclasses import replace

import av
import msgspec
import numpy as np
import pytest

from appliance.domain.call import CallEvent
from appliance.domain.ledger import Mark, Reason
from appliance.media import mix
from appliance.media.pcm import Law, compress, expand
from appliance.media.render import render
from appliance.settings.archive import Archive, Flac, LossFill, WavPcm
from tests.rigs.rtp_streams import (
    CALLEE,
    CALLER,
    MS,
    PORTS,
    Packet,
    S,
    at,
    chop,
    manifest,
    media,
    payload,
    stream,
    talk,
)

SILENT_A = b"\xd5"


def noise(seconds: float, seed: int) -> bytes:
    """Codes no stretch of which repeats, so that finding them proves where they are."""
    return np.random.default_rng(seed).integers(0, 256, round(seconds * 8000), np.uint8).tobytes()


def columns(rendered) -> tuple[bytes, bytes]:
    assert rendered.sound is not None, rendered.reason
    return rendered.sound.samples[:, 0].tobytes(), rendered.sound.samples[:, 1].tobytes()


def rendered_pair(caller: list[Packet], callee: list[Packet], settings: Archive | None = None, **facts):
    streams = [
        (side, stream(packets, side)) for side, packets in ((CALLER, caller), (CALLEE, callee)) if packets
    ]
    return render(manifest(streams, **facts), media(*[one for _, one in streams]), settings or Archive())


def jitter(count: int, seed: int, most_ms: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, most_ms * MS, count)


def test_clean_g711_is_bit_exact_and_unbroken_under_jitter():
    a, b = noise(10, 1), noise(10, 2)
    got = rendered_pair(
        talk(chop(a), start_s=0.005, delays_ns=jitter(500, 3)),
        talk(chop(b), start_s=0.031, delays_ns=jitter(500, 4)),
        talk_s=(0, 10.1),
    )
    left, right = columns(got)
    assert got.sound.law is Law.ALAW
    assert abs(left.find(a) - 40) <= 16
    assert abs(right.find(b) - 248) <= 16
    assert left.replace(a, b"").strip(SILENT_A) == b""
    assert got.marks == []
    assert got.reason is None


def test_the_first_packet_late_does_not_move_the_rest():
    a = noise(4, 1)
    delays = np.zeros(200, np.int64)
    delays[0] = 80 * MS
    left, _ = columns(rendered_pair(talk(chop(a), delays_ns=delays), talk(chop(noise(4, 2))), talk_s=(0, 4)))
    assert left == a


@pytest.mark.parametrize("lead_s", [0.0, 0.3])
def test_the_file_is_as_long_as_the_talk(lead_s):
    packets = talk(chop(noise(5, 1)), start_s=lead_s)
    got = rendered_pair(packets, talk(chop(noise(5, 2)), start_s=0.1), talk_s=(0, 5.2345))
    assert abs(got.sound.length_s - 5.2345) <= 0.0201
    assert got.starts_at == at(0)


def test_a_packet_that_came_before_the_end_is_there_whole():
    a = noise(1, 1)
    left, _ = columns(rendered_pair(talk(chop(a)), talk(chop(noise(1, 2))), talk_s=(0, 0.985)))
    assert left == a


def test_a_packet_that_came_after_the_end_is_left_out():
    a = noise(2, 1)
    left, _ = columns(rendered_pair(talk(chop(a)), talk(chop(noise(2, 2))), talk_s=(0, 0.995)))
    assert left == a[:8000]


def test_early_media_begins_the_file_and_is_marked():
    ring = noise(3, 1)
    talk_a = noise(2, 2)
    got = rendered_pair(talk(chop(talk_a), start_s=3), talk(chop(ring)), talk_s=(3, 5))
    left, right = columns(got)
    assert got.marks == [Mark.EARLY_MEDIA]
    assert got.starts_at == at(0)
    assert right.startswith(ring)
    assert left == SILENT_A * 24000 + talk_a


def test_early_media_is_left_out_when_not_wanted():
    ring = noise(3, 1)
    got = rendered_pair(
        talk(chop(noise(2, 2)), start_s=1), talk(chop(ring)), Archive(early_media=False), talk_s=(1, 3)
    )
    _, right = columns(got)
    assert right == ring[8000:]
    assert got.marks == []
    assert got.starts_at == at(1)


def test_early_media_of_a_call_never_answered_is_no_recording():
    got = rendered_pair([], talk(chop(noise(3, 1))), talk_s=None)
    assert (got.sound, got.reason) == (None, Reason.NO_ANSWER)
    assert len(got.tracks) == 1


def test_a_reason_that_capture_knows_stands():
    one = stream(talk(chop(noise(1, 1))))
    facts = manifest([(CALLER, one)])
    facts.reason = Reason.ENCRYPTED
    got = render(facts, media(one), Archive())
    assert (got.sound, got.reason, len(got.tracks)) == (None, Reason.ENCRYPTED, 1)


def test_no_packets_are_no_media():
    assert render(manifest([]), media(), Archive()).reason is Reason.NO_MEDIA


def test_a_call_joined_late_begins_with_its_first_media():
    a = noise(2, 1)
    got = rendered_pair(
        talk(chop(a), start_s=7),
        talk(chop(noise(2, 2)), start_s=7.01),
        talk_s=(0, 9),
        marks=[Mark.JOINED_LATE],
    )
    assert got.starts_at == at(7)
    assert columns(got)[0].startswith(a)


def test_one_side_only_is_marked():
    got = rendered_pair(talk(chop(noise(1, 1))), [], talk_s=(0, 1))
    assert got.marks == [Mark.ONE_WAY]
    assert columns(got)[1] == SILENT_A * 8000


def test_a_loss_is_silence_of_its_length_and_marked():
    a = noise(2, 1)
    packets = talk(chop(a))
    del packets[50:53]
    got = rendered_pair(packets, talk(chop(noise(2, 2))), talk_s=(0, 2))
    assert columns(got)[0] == a[:8000] + SILENT_A * 480 + a[8480:]
    assert got.marks == [Mark.LOSS]
    assert got.tracks[0].lost == 3


def test_a_loss_can_be_concealed():
    tone = compress(
        (np.sin(np.arange(16000) * 2 * np.pi * 400 / 8000) * 8000).astype(np.int16), Law.ALAW
    ).tobytes()
    packets = talk(chop(tone))
    del packets[50:60]
    got = rendered_pair(packets, talk(chop(noise(2, 2))), Archive(loss_fill=LossFill.CONCEAL), talk_s=(0, 2))
    left = columns(got)[0]
    gap = expand(np.frombuffer(left[8000:9600], np.uint8), Law.ALAW).astype(float)
    assert left[:8000] == tone[:8000]
    assert left[9600:] == tone[9600:]
    assert np.abs(gap[:80]).max() > 6000
    assert np.abs(gap[480:]).max() <= 8


def test_reordered_and_doubled_packets_change_nothing():
    a = noise(2, 1)
    packets = talk(chop(a))
    packets[10], packets[11] = (
        packets[10]._replace(arrival_ns=packets[11].arrival_ns + MS),
        packets[11],
    )
    packets.append(packets[40]._replace(arrival_ns=packets[40].arrival_ns + 5 * MS))
    got = rendered_pair(packets, talk(chop(noise(2, 2))), talk_s=(0, 2))
    assert columns(got)[0] == a
    assert got.marks == []
    assert (got.tracks[0].duplicates, got.tracks[0].reordered) == (1, 1)


def test_silence_suppression_keeps_the_place_of_what_follows_and_is_no_loss():
    a = noise(4, 1)
    packets = [packet for packet in talk(chop(a)) if not 30 <= packet.seq - 1000 < 130]
    packets = [packet._replace(seq=1000 + index) for index, packet in enumerate(packets)]
    got = rendered_pair(packets, talk(chop(noise(4, 2))), talk_s=(0, 4))
    assert columns(got)[0] == a[:4800] + SILENT_A * 16000 + a[20800:]
    assert got.marks == []


def test_comfort_noise_packets_are_silence_and_no_loss():
    a = noise(2, 1)
    packets = talk(chop(a))
    packets[20:40] = [packets[20]._replace(payload_type=13, payload=b"\x40")]
    packets = [packet._replace(seq=1000 + index) for index, packet in enumerate(packets)]
    got = rendered_pair(packets, talk(chop(noise(2, 2))), talk_s=(0, 2))
    assert columns(got)[0] == a[:3200] + SILENT_A * 3200 + a[6400:]
    assert got.marks == []
    assert got.tracks[0].codec == "PCMA"


def test_telephone_events_are_skipped_and_cost_nothing_else():
    a = noise(2, 1)
    packets = talk(chop(a))
    for index in range(20, 26):
        packets[index] = packets[index]._replace(
            payload_type=101, payload=b"\x05\x0a\x00\xa0", timestamp=53_200
        )
    got = rendered_pair(
        packets,
        talk(chop(noise(2, 2))),
        talk_s=(0, 2),
        payloads=[payload(CALLER, 8, "PCMA"), payload(CALLER, 101, "telephone-event")],
    )
    assert columns(got)[0] == a[:3200] + SILENT_A * 960 + a[4160:]
    assert got.marks == []


@pytest.mark.parametrize("frozen", [True, False])
def test_audio_after_a_hold_stands_where_it_was_heard(frozen):
    """Some senders stop their RTP clock on hold, others let it run."""
    a, b = noise(2, 1), noise(2, 2)
    after = talk(chop(b), start_s=32, seq=1100, timestamp=50_000 + (16_000 if frozen else 32 * 8000))
    left, _ = columns(rendered_pair(talk(chop(a)) + after, talk(chop(noise(1, 3))), talk_s=(0, 34)))
    assert left == a + SILENT_A * 240_000 + b


def test_a_restart_of_the_timestamps_breaks_nothing():
    a = noise(4, 1)
    packets = talk(chop(a))
    packets[100:] = [packet._replace(timestamp=packet.timestamp - 3_000_000_000) for packet in packets[100:]]
    left, _ = columns(rendered_pair(packets, talk(chop(noise(4, 2))), talk_s=(0, 4)))
    assert left == a


def test_timestamps_that_stand_still_are_replaced_by_counting():
    a = noise(4, 1)
    packets = [packet._replace(timestamp=777) for packet in talk(chop(a), delays_ns=jitter(200, 5, 10))]
    got = rendered_pair(packets, talk(chop(noise(4, 2))), talk_s=(0, 4))
    left, _ = columns(got)
    assert left.find(a[:31000]) in range(17)


def test_timestamps_that_begin_to_stand_still_lose_no_audio():
    a = noise(40, 1)
    packets = talk(chop(a))
    packets[1000:] = [packet._replace(timestamp=packets[1000].timestamp) for packet in packets[1000:]]
    left, _ = columns(rendered_pair(packets, talk(chop(noise(4, 2))), talk_s=(0, 40)))
    assert left[:160_000] == a[:160_000]
    heard = np.frombuffer(left, np.uint8) == np.frombuffer(a, np.uint8)
    assert heard.mean() > 0.8


def test_timestamps_of_a_wrong_clock_are_replaced_by_counting():
    a = noise(6, 1)
    packets = talk(chop(a))
    packets = [packet._replace(timestamp=2 * packet.timestamp) for packet in packets]
    left, _ = columns(rendered_pair(packets, talk(chop(noise(6, 2))), talk_s=(0, 6)))
    assert left == a


def test_one_packet_with_an_absurd_timestamp_is_heard_when_it_came():
    a = noise(2, 1)
    packets = talk(chop(a))
    packets[50] = packets[50]._replace(timestamp=packets[50].timestamp + 900_000_000)
    left, _ = columns(rendered_pair(packets, talk(chop(noise(2, 2))), talk_s=(0, 2)))
    assert left == a


def test_a_network_that_stalls_and_catches_up_moves_nothing():
    a = noise(8, 1)
    delays = np.zeros(400, np.int64)
    delays[100:200] = np.arange(100, 0, -1) * 20 * MS
    got = rendered_pair(talk(chop(a), delays_ns=delays), talk(chop(noise(8, 2))), talk_s=(0, 8))
    assert columns(got)[0] == a


def test_one_packet_a_quarter_of_a_second_late_keeps_its_place():
    a = noise(4, 1)
    delays = np.zeros(200, np.int64)
    delays[100] = 250 * MS
    left, _ = columns(rendered_pair(talk(chop(a), delays_ns=delays), talk(chop(noise(4, 2))), talk_s=(0, 4)))
    assert left == a


def test_a_second_ssrc_goes_on_where_the_first_ended():
    a, b = noise(2, 1), noise(2, 2)
    first = stream(talk(chop(a)), CALLER, ssrc=1)
    second = stream(talk(chop(b), start_s=2, seq=1, timestamp=9), CALLER, ssrc=2)
    other = stream(talk(chop(noise(4, 3))), CALLEE, ssrc=3)
    got = render(
        manifest([(CALLER, first), (CALLER, second), (CALLEE, other)], talk_s=(0, 4)),
        media(first, other, second),
        Archive(),
    )
    assert columns(got)[0] == a + b
    assert got.marks == [Mark.SSRC_CHANGED]


def test_where_two_streams_of_a_side_overlap_the_later_is_heard():
    ring, voice = noise(4, 1), noise(2, 2)
    first = stream(talk(chop(ring)), CALLEE, ssrc=1)
    second = stream(talk(chop(voice), start_s=1), CALLEE, ssrc=2)
    got = render(
        manifest([(CALLEE, first), (CALLEE, second)], talk_s=(0, 4)), media(first, second), Archive()
    )
    assert columns(got)[1] == ring[:8000] + voice + ring[24000:]


def test_a_change_of_law_in_mid_call_is_transcoded_and_marked():
    a = compress((np.sin(np.arange(16000) / 9) * 9000).astype(np.int16), Law.ALAW).tobytes()
    packets = talk(chop(a))
    u = compress(expand(np.frombuffer(a, np.uint8), Law.ALAW), Law.ULAW).tobytes()
    packets[60:] = [
        packet._replace(payload_type=0, payload=u[160 * index : 160 * index + 160])
        for index, packet in enumerate(packets[60:], 60)
    ]
    got = rendered_pair(packets, talk(chop(a)), talk_s=(0, 2))
    left = np.frombuffer(columns(got)[0], np.uint8)
    assert columns(got)[0][:9600] == a[:9600]
    assert got.marks == [Mark.CODEC_CHANGED]
    off = np.abs(expand(left, Law.ALAW).astype(int) - expand(np.frombuffer(a, np.uint8), Law.ALAW))
    assert off.max() <= 512


def test_the_file_has_the_law_of_the_caller():
    a, b = noise(1, 1), noise(1, 2)
    got = rendered_pair(talk(chop(a), 0), talk(chop(b), 8), talk_s=(0, 1))
    assert got.sound.law is Law.ULAW
    assert columns(got)[0] == a
    want = expand(np.frombuffer(b, np.uint8), Law.ALAW)
    found = expand(np.frombuffer(columns(got)[1], np.uint8), Law.ULAW)
    assert np.array_equal(found, expand(compress(want, Law.ULAW), Law.ULAW))


def test_other_formats_get_linear_samples():
    a, b = noise(1, 1), noise(1, 2)
    got = rendered_pair(talk(chop(a), 0), talk(chop(b), 8), Archive(format=WavPcm()), talk_s=(0, 1))
    assert got.sound.law is None
    assert np.array_equal(got.sound.samples[:, 0], expand(np.frombuffer(a, np.uint8), Law.ULAW))
    assert np.array_equal(got.sound.samples[:, 1], expand(np.frombuffer(b, np.uint8), Law.ALAW))


def test_a_codec_nobody_decodes_is_a_reason():
    got = rendered_pair(
        talk(chop(noise(1, 1)), 96), [], payloads=[payload(CALLER, 96, "EVS", 16000)], talk_s=(0, 1)
    )
    assert (got.sound, got.reason) == (None, Reason.UNSUPPORTED_PAYLOAD)
    assert (got.tracks[0].codec, got.tracks[0].decoded) == ("EVS", False)


def test_one_side_undecodable_leaves_the_other_and_a_mark():
    a = noise(1, 1)
    got = rendered_pair(talk(chop(a)), talk(chop(noise(1, 2)), 99), talk_s=(0, 1))
    assert columns(got)[0] == a
    assert got.marks == [Mark.ONE_WAY, Mark.PART_UNDECODED]
    assert [track.decoded for track in got.tracks] == [True, False]


def test_a_payload_type_changes_its_meaning_with_a_reinvite():
    a = noise(2, 1)
    facts = [payload(CALLER, 96, "PCMA"), payload(CALLER, 96, "PCMU", at_s=0.99)]
    got = rendered_pair(talk(chop(a), 96), talk(chop(noise(2, 2))), payloads=facts, talk_s=(0, 2))
    left = columns(got)[0]
    assert left[:8000] == a[:8000]
    assert got.marks == [Mark.CODEC_CHANGED]
    want = expand(np.frombuffer(a[8000:], np.uint8), Law.ULAW)
    assert np.array_equal(
        expand(np.frombuffer(left[8000:], np.uint8), Law.ALAW), expand(compress(want, Law.ALAW), Law.ALAW)
    )


def test_a_stream_the_manifest_never_heard_of_speaks_for_its_address():
    a, b = noise(1, 1), noise(1, 2)
    known, late = stream(talk(chop(a)), CALLER), stream(talk(chop(b)), CALLEE, ssrc=99)
    got = render(manifest([(CALLER, known)], talk_s=(0, 1)), media(known, late), Archive())
    assert columns(got) == (a, b)


def test_without_any_stream_in_the_manifest_hosts_tell_the_side():
    a, b = noise(1, 1), noise(1, 2)
    callee, caller = stream(talk(chop(b)), CALLEE), stream(talk(chop(a)), CALLER)
    got = render(manifest([], talk_s=(0, 1)), media(callee, caller), Archive())
    assert columns(got) == (a, b)


def test_two_streams_that_answer_one_another_are_never_on_one_side():
    a, b = noise(1, 1), noise(1, 2)
    one = stream(talk(chop(a)), ssrc=1, ports=("10.0.0.1:4374", "10.0.0.9:4376"))
    back = stream(talk(chop(b), start_s=0.01), ssrc=2, ports=("10.0.0.9:4376", "10.0.0.1:4376"))
    got = render(manifest([(CALLER, one), (CALLER, back)], talk_s=(0, 1.01)), media(one, back), Archive())
    assert [track.side for track in got.tracks] == [CALLER, CALLEE]
    left, right = columns(got)
    assert (a in left, b in right, got.marks) == (True, True, [])


def test_a_clock_set_back_in_mid_call_loses_nothing():
    a, b = noise(4, 1), noise(4, 2)

    def wound(packets):
        return [
            packet._replace(arrival_ns=packet.arrival_ns - (3600 * S if index >= 100 else 0))
            for index, packet in enumerate(packets)
        ]

    got = rendered_pair(wound(talk(chop(a))), wound(talk(chop(b))), talk_s=(0, 4 - 3600))
    assert columns(got) == (a, b)


@pytest.mark.parametrize("back_s", [2, 30, 3600])
@pytest.mark.parametrize("has_bye", [True, False])
def test_the_end_of_a_call_is_found_though_the_clock_was_set_back(back_s, has_bye):
    a, b = noise(4, 1), noise(4, 2)
    streams = [
        (
            side,
            stream(
                [
                    packet._replace(arrival_ns=packet.arrival_ns - (back_s * S if index >= 100 else 0))
                    for index, packet in enumerate(talk(chop(sent)))
                ],
                side,
            ),
        )
        for side, sent in ((CALLER, a), (CALLEE, b))
    ]
    told = manifest(streams, talk_s=(0, max(0, 4.1 - back_s)), marks=[] if has_bye else [Mark.NO_BYE])
    if has_bye:
        told.call.events.append(CallEvent(at=at(4.1 - back_s), kind="bye"))
    got = render(told, media(*[one for _, one in streams]), Archive())
    left, right = columns(got)
    assert (left.startswith(a), right.startswith(b)) == (True, True)
    assert got.sound.length_s == pytest.approx(4.1 if has_bye else 4.0, abs=0.0201)
    assert got.marks == [Mark.CLOCK_JUMP]
    assert (got.ended_at - at(0)).total_seconds() == pytest.approx(4.1 if has_bye else 4.0, abs=0.0201)


def test_an_absurd_end_is_bounded_by_what_was_captured():
    got = rendered_pair(talk(chop(noise(1, 1))), talk(chop(noise(1, 2))), talk_s=(0, 10_000_000))
    assert got.sound.length_s < 3


def test_hostile_timestamps_cost_no_memory_and_raise_nothing():
    rng = np.random.default_rng(9)
    packets = [
        packet._replace(timestamp=int(rng.integers(-(2**40), 2**40))) for packet in talk(chop(noise(4, 1)))
    ]
    got = rendered_pair(packets, talk(chop(noise(4, 2))), talk_s=(0, 4))
    assert got.sound.frames == 32000


def test_hostile_payload_lengths_raise_nothing():
    rng = np.random.default_rng(8)
    packets = talk([rng.bytes(int(rng.integers(0, 1500))) for _ in range(300)])
    got = rendered_pair(packets, talk(chop(noise(4, 2))), talk_s=(0, 6))
    assert got.sound.length_s == pytest.approx(6, abs=0.02)


def test_too_short_is_a_reason_when_the_setting_says_so():
    got = rendered_pair(
        talk(chop(noise(1, 1))), talk(chop(noise(1, 2))), Archive(min_length_s=2.0), talk_s=(0, 1)
    )
    assert (got.sound, got.reason) == (None, Reason.TOO_SHORT)


def test_tracks_carry_the_facts_of_their_streams():
    one = stream(talk(chop(noise(1, 1))), CALLER)
    got = render(manifest([(CALLER, one)], talk_s=(0, 1)), media(replace(one, reordered=4)), Archive())
    track = got.tracks[0]
    assert (track.side, track.codec, track.ssrc, track.packets) == (CALLER, "PCMA", one.ssrc, 50)
    assert (track.source, track.destination) == PORTS[CALLER]
    assert (track.payload_sha256, track.reordered) == (one.payload_sha256, 4)
    assert msgspec.json.decode(msgspec.json.encode(track), type=type(track)) == track


def g722(seconds: float) -> list[bytes]:
    context = av.CodecContext.create("g722", "w")
    context.sample_rate, context.layout, context.format = 16000, "mono", "s16"
    context.open()
    tone = (np.sin(np.arange(round(seconds * 16000)) / 16000 * 2 * np.pi * 500) * 8000).astype(np.int16)
    packets = []
    for index in range(0, tone.size - 319, 320):
        frame = av.AudioFrame.from_ndarray(tone[None, index : index + 320], format="s16", layout="mono")
        frame.sample_rate = 16000
        packets += [bytes(packet) for packet in context.encode(frame)]
    return packets


def pitch_hz(samples, rate_hz):
    return np.abs(np.fft.rfft(samples)).argmax() * rate_hz / samples.size


def test_beside_a_wideband_side_a_g711_side_stays_bit_exact_in_a_g711_file():
    a = noise(3, 1)
    got = rendered_pair(talk(chop(a)), talk(g722(3), 9), talk_s=(0, 3))
    assert (got.sound.sample_rate_hz, got.sound.law) == (8000, Law.ALAW)
    assert columns(got)[0] == a
    assert pitch_hz(expand(got.sound.samples[:, 1], Law.ALAW), 8000) == pytest.approx(500, abs=1)


def test_other_formats_keep_the_wideband():
    a = compress(
        (np.sin(np.arange(24000) / 8000 * 2 * np.pi * 700) * 8000).astype(np.int16), Law.ALAW
    ).tobytes()
    got = rendered_pair(talk(chop(a)), talk(g722(3), 9), Archive(format=Flac()), talk_s=(0, 3))
    assert (got.sound.sample_rate_hz, got.sound.frames) == (16000, 48000)
    assert pitch_hz(got.sound.samples[:, 0], 16000) == pytest.approx(700, abs=1)
    assert pitch_hz(got.sound.samples[:, 1], 16000) == pytest.approx(500, abs=1)


def test_a_lost_packet_of_a_compressed_codec_moves_nothing():
    packets = talk(g722(3), 9)
    del packets[70:75]
    whole = rendered_pair(talk(g722(3), 9), [], Archive(format=Flac()), talk_s=(0, 3))
    got = rendered_pair(packets, [], Archive(format=Flac()), talk_s=(0, 3))
    assert got.marks == [Mark.ONE_WAY, Mark.LOSS]
    left, want = got.sound.samples[:, 0], whole.sound.samples[:, 0]
    assert np.array_equal(left[: 70 * 320], want[: 70 * 320])
    assert not left[70 * 320 : 75 * 320].any()
    assert np.abs(left[-16000:].astype(int) - want[-16000:]).max() < 200


def test_claps_stay_together_though_clocks_drift_apart(monkeypatch):
    """The same claps heard by both sides, whose clocks drift apart by 200 ppm: 240 ms in these twenty minutes."""
    monkeypatch.setattr(mix, "_MAPPED_BYTES", 1 << 20)
    length_s, every_s = 1200, 7.3
    sides = []
    for ppm, seed, start_s in ((100, 1, 0.0), (-100, 2, 0.011)):
        rate_hz = 8000 * (1 + ppm * 1e-6)
        codes = np.full(round(length_s * rate_hz) // 160 * 160, 0xD5, np.uint8)
        for clap_s in np.arange(1, length_s - 1, every_s):
            at_frame = round((clap_s - start_s) * rate_hz)
            codes[at_frame : at_frame + 24] = 0x2A
        count = codes.size // 160
        sides.append(talk(chop(codes.tobytes()), ppm=ppm, start_s=start_s, delays_ns=jitter(count, seed, 8)))
    got = rendered_pair(*sides, talk_s=(0, length_s))
    assert isinstance(got.sound.samples, np.memmap)
    assert got.marks == []
    heard = []
    for column in (0, 1):
        loud = np.flatnonzero(got.sound.samples[:, column] == 0x2A)
        heard.append(loud[np.diff(loud, prepend=-9999) > 4000])
    assert heard[0].size == heard[1].size == np.arange(1, length_s - 1, every_s).size
    assert np.abs(heard[0] - heard[1]).max() <= 160
    assert np.abs(heard[0] / 8000 - np.arange(1, length_s - 1, every_s)).max() <= 0.012
    assert got.sound.length_s == pytest.approx(length_s, abs=0.02)
