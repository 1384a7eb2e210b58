"""A stream's figures from its columns: over time, beside the receiver's reports, and the sound of each side."""

from dataclasses import replace

import numpy as np
import pytest

from appliance.core.clock import from_ns
from appliance.domain import emodel
from appliance.domain.call import Side
from appliance.domain.quality import CaptureDrops, Proof, Verdict
from appliance.media import decode
from appliance.media.packets import ReceivedReport, SentReport
from appliance.media.pcm import Law, Sound, compress
from appliance.media.peaks import read_peaks, write_peaks
from appliance.media.quality import MOST_STEPS, STEP_S, Spoken, assess, sounds
from tests.rigs.rtp_streams import CALLEE, MS, START_NS, S, chop, media, stream, talk

TALK_S = 30


def packets(lost=(), seconds=TALK_S, **more):
    return [one for one in talk(chop(bytes(160 * 50 * seconds)), **more) if one.seq - 1000 not in set(lost)]


def spoken(*streams, encoding="PCMA"):
    return [Spoken(side, one, encoding, 8000) for side, one in zip(Side, streams, strict=False)]


def report(of, at_s, *, lost, highest, last_report=0, delay=0, jitter_ticks=8):
    """What the receiver of a stream says `at_s` seconds into the call."""
    return ReceivedReport(
        at_ns=START_NS + round(at_s * S),
        src=of.destination.replace(":5000", ":5001").replace(":4000", ":4001"),
        dst=of.source,
        reporter=99,
        ssrc=of.ssrc,
        fraction_lost=0,
        lost=lost,
        highest=highest,
        jitter_ticks=jitter_ticks,
        last_report=last_report,
        delay=delay,
    )


def test_a_clean_stream_is_as_good_as_its_codec():
    caller, callee = stream(packets()), stream(packets(), CALLEE)
    found = assess(spoken(caller, callee), media(caller, callee))
    one = found.streams[0]
    assert (one.mos, one.mos_worst, one.verdict, one.late) == (4.41, 4.41, Verdict.CLEAN, 0)
    assert one.series is not None
    assert one.series.lost == [0] * (TALK_S // STEP_S)
    assert one.series.mos == [4.41] * (TALK_S // STEP_S)
    assert found.call.mos == 4.41
    assert not found.is_lossy


def test_loss_shows_in_its_five_seconds_and_nowhere_else():
    caller, callee = stream(packets(lost=range(600, 625))), stream(packets(), CALLEE)
    found = assess(spoken(caller, callee), media(caller, callee))
    one = found.streams[0]
    assert one.series is not None
    assert one.series.lost == [0, 0, 25, 0, 0, 0]
    assert one.series.mos[2] < 3.5 < 4.4 < min(one.series.mos[:2] + one.series.mos[3:])
    assert (one.lost_percent, one.burst_mean) == (pytest.approx(25 / 15, abs=1e-3), 25)
    assert one.verdict is Verdict.NETWORK
    assert (found.is_lossy, found.is_copy_lossy) == (True, False)


def test_steps_without_packets_stay_empty_in_the_chart():
    there = [one for one in packets() if not 8 * S <= one.arrival_ns - START_NS < 21 * S]
    caller = stream(there)
    (one,) = assess(spoken(caller), media(caller)).streams
    assert one.series is not None
    assert [mos > 0 for mos in one.series.mos] == [True, True, False, False, True, True]
    assert sum(one.series.lost) == 650


def test_a_long_call_has_a_coarser_chart_instead_of_a_larger_one():
    payloads = [b""] * 3000
    caller = stream(talk(payloads, ticks=8000 * 5))
    (one,) = assess(spoken(caller), media(caller)).streams
    assert one.series is not None
    assert one.series.step_s == 20
    assert len(one.series.mos) <= MOST_STEPS


def test_jitter_is_the_mean_change_of_transit_time():
    delays = np.where(np.arange(1500) % 2, 10 * MS, 0)
    caller = stream(packets(delays_ns=delays))
    (one,) = assess(spoken(caller), media(caller)).streams
    assert one.jitter_mean_ms == pytest.approx(10, abs=0.1)
    assert one.series is not None
    assert one.series.jitter_ms == [pytest.approx(10, abs=0.1)] * 6


def test_packets_that_come_too_late_for_a_telephone_lower_the_mos():
    delays = np.zeros(1500, int)
    delays[700:720] = np.arange(400, 0, -20) * MS
    caller = stream(packets(delays_ns=delays))
    (one,) = assess(spoken(caller), media(caller)).streams
    assert one.late == 16
    assert one.mos < 4.41
    assert one.lost_percent == 0


def test_a_sender_that_paused_without_counting_on_is_neither_late_nor_jittery():
    first = packets(seconds=10)
    after = [one._replace(arrival_ns=one.arrival_ns + 60 * S) for one in packets(seconds=20)[500:]]
    caller = stream(first + after)
    (one,) = assess(spoken(caller), media(caller)).streams
    assert (one.late, one.mos) == (0, 4.41)
    assert one.jitter_max_ms < 1


def test_a_receiver_that_has_what_we_miss_acquits_the_network_and_keeps_the_mos():
    caller, callee = stream(packets(lost=range(500, 600))), stream(packets(), CALLEE)
    bundle = media(caller, callee)
    bundle = replace(bundle, received_reports=[report(caller, 29, lost=0, highest=1000 + 1449)])
    found = assess(spoken(caller, callee), bundle)
    assert found.streams[0].verdict is Verdict.COPY
    assert found.streams[0].lost_copy == 100
    assert found.streams[0].mos == 4.41
    assert found.streams[0].mos_worst < 3
    assert (found.is_lossy, found.is_copy_lossy) == (False, True)


@pytest.mark.parametrize("told", [1, 2])
def test_a_receiver_counts_from_two_packets_in_sequence_on_and_what_was_lost_before_is_not_our_copys(told):
    caller, callee = stream(packets(lost=[1, 700])), stream(packets(), CALLEE)
    reports = [report(caller, 29, lost=told, highest=1000 + 1400)]
    found = assess(spoken(caller, callee), replace(media(caller, callee), received_reports=reports))
    assert (found.streams[0].verdict, found.streams[0].lost_copy) == (Verdict.NETWORK, 0)
    assert not found.is_copy_lossy
    assert Proof.LOST_BEHIND_US not in {one.proof for one in found.call.evidence}


def test_only_what_the_report_can_speak_of_is_compared():
    caller, callee = stream(packets(lost=[500, 1400])), stream(packets(), CALLEE)
    bundle = replace(media(caller, callee), received_reports=[report(caller, 15, lost=1, highest=1000 + 749)])
    (one, _) = assess(spoken(caller, callee), bundle).streams
    assert {proof.proof: proof.packets for proof in one.evidence} == {
        Proof.FAR_END_LOST_IT: 1,
        Proof.OTHER_DIRECTION_WHOLE: 1,
    }


def test_the_receivers_own_count_of_wraps_does_not_matter():
    caller, callee = (
        stream(packets(seq=65_000, lost=range(-64_000 + 1200, -64_000 + 1210))),
        stream(packets()),
    )
    caller = stream([one for one in packets(seq=65_000) if not 700 <= one.seq - 65_000 < 710])
    bundle = replace(
        media(caller, callee),
        received_reports=[report(caller, 29, lost=10, highest=(65_000 + 1449) & 0xFFFF)],
    )
    (one, _) = assess(spoken(caller, callee), bundle).streams
    assert (one.verdict, one.lost_network) == (Verdict.NETWORK, 10)


def test_losses_before_we_came_are_not_held_against_our_copy():
    caller = stream(packets())
    reports = [report(caller, 5, lost=40, highest=1249), report(caller, 29, lost=40, highest=2449)]
    bundle = replace(media(caller), received_reports=reports)
    (one,) = assess(spoken(caller), bundle, joined_late=True).streams
    assert one.verdict is Verdict.CLEAN
    (one,) = assess(spoken(caller), bundle).streams
    assert one.verdict is Verdict.NETWORK
    assert one.evidence[0].proof is Proof.LOST_BEHIND_US
    assert one.mos < 4.41, "the far end did hear the loss"


def test_the_way_to_the_far_end_and_back_is_measured_from_the_mirror():
    caller = stream(packets())
    ntp = 0xAABBCCDD_12345678
    sent = SentReport(START_NS + 5 * S, caller.source, caller.destination, caller.ssrc, ntp, 250)
    answer = report(
        caller, 5.75, lost=0, highest=1250, last_report=(ntp >> 16) & 0xFFFFFFFF, delay=65536 // 2
    )
    bundle = replace(media(caller), sent_reports=[sent], received_reports=[answer])
    (one,) = assess(spoken(caller), bundle).streams
    assert one.far_end is not None
    assert one.far_end.round_trip_ms == 250
    assert one.far_end.jitter_max_ms == 1


def test_drops_of_the_port_at_that_moment_are_our_copy():
    caller, callee = stream(packets(lost=range(500, 510))), stream(packets(), CALLEE)
    drops = CaptureDrops(from_at=from_ns(START_NS + 10 * S), until_at=from_ns(START_NS + 11 * S), packets=300)
    found = assess(spoken(caller, callee), media(caller, callee), [drops])
    assert found.call.verdict is Verdict.COPY


def test_a_stream_of_one_packet_has_its_figures():
    caller = stream(packets()[:1])
    (one,) = assess(spoken(caller), media(caller)).streams
    assert one.mos == 4.41


def _tone(amplitude, seconds=10):
    return (amplitude * np.sin(np.arange(8000 * seconds) * 2 * np.pi * 1000 / 8000)).astype(np.int16)


@pytest.mark.parametrize("law", [None, Law.ALAW, Law.ULAW])
def test_level_silence_and_clipping_of_each_side(law):
    left = _tone(10_362)  # -13 dBFS, root mean square
    left[40_000:] = 0
    right = np.where(np.arange(80_000) % 100 < 50, 32_767, -32_768).astype(np.int16)
    both = np.stack([left, right], axis=1)
    sound = Sound(both if law is None else compress(both, law), 8000, law)
    _, levels = read_peaks(write_peaks(sound))
    caller, callee = sounds(sound, levels[0][1])
    assert (caller.side, callee.side) == (Side.CALLER, Side.CALLEE)
    assert caller.level_dbfs == pytest.approx(-13, abs=0.3)
    assert caller.silence_percent == pytest.approx(50, abs=0.5)
    assert (caller.clipping_percent, callee.clipping_percent) == (0, 100)
    assert callee.level_dbfs == pytest.approx(0, abs=0.2)


def test_a_side_that_says_nothing_is_silence():
    sound = Sound(np.full((8000, 2), 0xD5, np.uint8), 8000, Law.ALAW)
    _, levels = read_peaks(write_peaks(sound))
    for side in sounds(sound, levels[0][1]):
        assert (side.level_dbfs, side.silence_percent) == (-96, 100)


def test_every_codec_that_is_played_has_its_row_in_the_e_model():
    assert {name for name in decode.ENCODINGS if emodel.impairment(name) is emodel.UNKNOWN} == set()
