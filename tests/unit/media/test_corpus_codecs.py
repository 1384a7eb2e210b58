"""Real captures of one known sentence, codec by codec, against the G.711 call of the same sentence.

The captures are not part of the repository; without them these tests are skipped.
"""

from pathlib import Path

import numpy as np
import pytest

from appliance.media.pcm import Law, resample
from appliance.media.render import render
from appliance.settings.archive import Archive, WavPcm
from tests.rigs.rtp_streams import CALLEE, CALLER, START_NS, S, at, captured, manifest, media, payload

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
G711 = CORPUS / "NormB+sipnab" / "sip-rtp-g711.pcap"
pytestmark = pytest.mark.skipif(not G711.exists(), reason="the corpus is not here")


def heard(one, side, payloads):
    """The speech of one captured stream as 8 kHz samples."""
    facts = manifest(
        [(side, one)],
        payloads=payloads,
        talk_s=((one.first_ns - START_NS) / S, (one.last_ns - START_NS) / S + 0.04),
        started_s=-(10**9),
    )
    got = render(facts, media(one), Archive(format=WavPcm()))
    assert got.sound is not None
    assert got.tracks[0].decoded
    return resample(np.ascontiguousarray(got.sound.samples[:, 1]), got.sound.sample_rate_hz, 8000), got


def envelope(samples):
    whole = samples[: samples.size // 160 * 160].astype(float).reshape(-1, 160)
    return np.sqrt(np.mean(whole**2, axis=1))


def likeness(one, other):
    """Correlation of two energy envelopes at the best of a few shifts."""
    best = 0.0
    for shift in range(-8, 9):
        a, b = (one[shift:], other) if shift >= 0 else (one, other[-shift:])
        size = min(a.size, b.size)
        best = max(best, float(np.corrcoef(a[:size], b[:size])[0, 1]))
    return best


@pytest.fixture(scope="module")
def sentence():
    one = next(one for one in captured(G711, [8]) if one.packets == 414)
    return envelope(heard(one, CALLEE, [])[0])


@pytest.mark.parametrize(
    ("name", "index", "number", "encoding", "clock_hz", "fmtp", "least", "wide"),
    [
        ("NormB+sipnab/sip-rtp-g711.pcap", 0, 0, "PCMU", 8000, "", 0.998, False),
        ("rickwporter+rtp-pcap/sip-rtp-gsm.pcap", 0, 3, "GSM", 8000, "", 0.996, False),
        ("rickwporter+rtp-pcap/sip-rtp-g722.pcap", 0, 9, "G722", 8000, "", 0.99, True),
        ("rickwporter+rtp-pcap/sip-rtp-g729a.pcap", 0, 18, "G729", 8000, "annexb=no", 0.975, False),
        ("rickwporter+rtp-pcap/sip-rtp-ilbc.pcap", 0, 99, "iLBC", 8000, "mode=30", 0.99, False),
        ("rickwporter+rtp-pcap/sip-rtp-opus.pcap", 0, 99, "opus", 48000, "useinbandfec=1", 0.97, True),
        ("rickwporter+rtp-pcap/sip-rtp-speex.pcap", 0, 99, "speex", 8000, "", 0.95, False),
        ("rickwporter+rtp-pcap/sip-rtp-speex.pcap", 1, 99, "speex", 16000, "", 0.97, True),
        ("rickwporter+rtp-pcap/sip-rtp-speex.pcap", 2, 99, "speex", 32000, "", 0.98, True),
    ],
)
def test_the_sentence_is_understood(name, index, number, encoding, clock_hz, fmtp, least, wide, sentence):
    one = captured(CORPUS / name, [number])[index]
    samples, got = heard(one, CALLEE, [payload(CALLEE, number, encoding, clock_hz, fmtp, at_s=-(10**9))])
    assert likeness(envelope(samples), sentence) >= least
    assert got.sound.sample_rate_hz == (16000 if wide else 8000)
    assert got.sound.length_s == pytest.approx((one.last_ns - one.first_ns) / S + 0.04, abs=0.02)
    assert "part_undecoded" not in got.marks


def test_every_payload_byte_of_a_real_g711_stream_is_in_the_file():
    for number, law in ((8, Law.ALAW), (0, Law.ULAW)):
        one = max(captured(G711, [number]), key=lambda each: each.packets)
        facts = manifest(
            [(CALLEE, one)],
            talk_s=((one.first_ns - START_NS) / S, (one.last_ns - START_NS) / S + 0.03),
            started_s=-(10**9),
        )
        got = render(facts, media(one), Archive())
        assert got.sound.law is law
        assert bytes(one.payload) in got.sound.samples[:, 1].tobytes()


def test_silence_suppression_in_a_real_call_keeps_its_length():
    streams = captured(CORPUS / "NormB+sipnab" / "rtp-protocol.pcap", [8, 13])
    pair = list(zip((CALLER, CALLEE), streams[:2], strict=True))
    first, last = min(one.first_ns for one in streams), max(one.last_ns for one in streams)
    facts = manifest(
        [(side, one) for side, one in pair],
        talk_s=((first - START_NS) / S, (last - START_NS) / S),
        started_s=-(10**9),
    )
    got = render(facts, media(*streams[:2]), Archive())
    assert "loss" not in got.marks
    assert got.sound.length_s == pytest.approx((last - first) / S, abs=0.0201)
    assert abs((got.starts_at - at((first - START_NS) / S)).total_seconds()) < 0.02
    for column in (0, 1):
        codes = np.ascontiguousarray(got.sound.samples[:, column])
        assert 0 < np.count_nonzero(codes != 0xD5) <= 160 * streams[column].pts[8]
