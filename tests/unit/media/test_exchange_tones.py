"""Tones of exchanges, MFC and fax, made here from sines."""

import numpy as np
import pytest

from appliance.domain.tones import PATTERNS, Country, FaxKind, MfcDirection, ToneKind, custom_tone
from appliance.media.tones.fax import FaxTones
from appliance.media.tones.mfc import MfcTones
from appliance.media.tones.progress import ProgressTones
from tests.rigs.linetones import RATE_HZ, V23, fsk, line, noise, silence, sines
from tests.rigs.signalling import BACKWARD, FORWARD, PAIRS

CADENCES = [
    (Country.CHINA, ToneKind.RINGBACK, (450,), 1000, 4000),
    (Country.CHINA, ToneKind.BUSY, (450,), 350, 350),
    (Country.CHINA, ToneKind.CONGESTION, (450,), 700, 700),
    (Country.ITU, ToneKind.RINGBACK, (425,), 1000, 4000),
    (Country.ITU, ToneKind.BUSY, (425,), 500, 500),
    (Country.ITU, ToneKind.CONGESTION, (425,), 250, 250),
    (Country.US, ToneKind.RINGBACK, (440, 480), 2000, 4000),
    (Country.US, ToneKind.BUSY, (480, 620), 500, 500),
    (Country.US, ToneKind.CONGESTION, (480, 620), 250, 250),
    (Country.US, ToneKind.CONGESTION, (480, 620), 300, 200),
]
DIAL = [(Country.CHINA, (450,)), (Country.ITU, (425,)), (Country.US, (350, 440))]


def heard(tones, sound, block=800):
    return [one for at in range(0, sound.size, block) for one in tones.feed(sound[at : at + block])]


def cadence(frequencies_hz, on_ms, off_ms, dbm0=-15.0, times=4, noise_dbm0=-55.0, seed=1):
    rng = np.random.default_rng(seed)
    parts = [silence(500)]
    for _ in range(times):
        parts += [sines(frequencies_hz, on_ms, dbm0), silence(off_ms)]
    sound = np.concatenate([*parts, silence(6000)])
    return line(sound + noise(sound.size, noise_dbm0, rng))


@pytest.mark.parametrize("dbm0", [-5, -20, -38])
@pytest.mark.parametrize(("country", "kind", "frequencies_hz", "on_ms", "off_ms"), CADENCES)
def test_each_countrys_tones_are_told_apart_once_each(country, kind, frequencies_hz, on_ms, off_ms, dbm0):
    sound = cadence(frequencies_hz, on_ms, off_ms, dbm0, noise_dbm0=min(-55, dbm0 - 20))
    began, ended = heard(ProgressTones(country), sound)
    assert (began.kind, began.ended_at, ended.kind) == (kind, None, kind)
    assert began.at == ended.at == pytest.approx(4000, abs=400)
    last = 500 + 4 * on_ms + 3 * off_ms
    assert ended.ended_at == pytest.approx(last * 8, abs=400)


@pytest.mark.parametrize("share", [-1, 1])
@pytest.mark.parametrize(("country", "kind", "frequencies_hz", "on_ms", "off_ms"), CADENCES)
def test_the_frequencies_may_be_off_as_far_as_the_table_says(
    country, kind, frequencies_hz, on_ms, off_ms, share
):
    tolerance = next(one.tolerance_hz for one in PATTERNS[country] if one.kind is kind)
    off = tuple(hz + share * tolerance for hz in frequencies_hz)
    assert [one.kind for one in heard(ProgressTones(country), cadence(off, on_ms, off_ms))] == [kind, kind]


@pytest.mark.parametrize(("country", "frequencies_hz"), DIAL)
def test_a_dial_tone_is_told_while_it_sounds_and_when_it_stops(country, frequencies_hz):
    tones = ProgressTones(country)
    began, ended = heard(tones, cadence(frequencies_hz, 4000, 0, times=1))
    assert (began.kind, began.at) == (ToneKind.DIAL, pytest.approx(4000, abs=400))
    assert ended.ended_at == pytest.approx(36000, abs=400)


def test_a_dial_tone_that_is_dialled_into_after_a_second_is_no_ringing():
    rng = np.random.default_rng(2)
    digits = [sines((770, 1336), 120, -12), silence(60)] * 8
    sound = np.concatenate([silence(300), sines((450,), 1000, -12), *digits, silence(3000)])
    assert heard(ProgressTones(Country.CHINA), line(sound + noise(sound.size, -60, rng))) == []


def test_clicks_neither_make_nor_break_a_tone():
    sound = cadence((450,), 700, 700, times=5).copy()
    for at in range(4300, sound.size, 4777):
        sound[at : at + 60] = 20_000
    assert [one.kind for one in heard(ProgressTones(Country.CHINA), sound)] == [ToneKind.CONGESTION] * 2


def test_ringing_that_is_answered_ends_with_its_last_burst():
    rng = np.random.default_rng(3)
    ring = [sines((450,), 1000, -14), silence(4000)]
    talk = noise(RATE_HZ * 8, -20, rng)
    sound = np.concatenate([silence(100), *ring, *ring[:1], silence(1500), talk])
    began, ended = heard(ProgressTones(Country.CHINA), line(sound))
    assert (began.kind, ended.ended_at) == (ToneKind.RINGBACK, pytest.approx(6100 * 8, abs=400))


def test_other_sounds_are_no_tones():
    rng = np.random.default_rng(4)
    sounds = [noise(RATE_HZ * 20, -15, rng), sines((1000,), 4000, -10), sines((697, 1209), 3000, -10)]
    for country in Country:
        assert heard(ProgressTones(country), line(np.concatenate(sounds))) == []


def test_a_tone_of_somebodys_own_is_heard():
    tones = ProgressTones([custom_tone((1400,), 400, 15_000), custom_tone((2600,), 150, 0)])
    beep = heard(tones, cadence((1400,), 400, 15_000, times=3))
    assert {one.kind for one in beep} == {ToneKind.CUSTOM}
    single = heard(ProgressTones([custom_tone((2600,), 150, 0)]), cadence((2600,), 150, 2000, times=1))
    assert [one.ended_at is None for one in single][:1] == [True]


def signals(frequencies_hz, low_dbm0, high_dbm0, on_ms=80, off_hz=0.0, off_ms=77, before_ms=107):
    rng = np.random.default_rng(6)
    parts = [silence(before_ms)]
    for low, high in PAIRS:
        pair = (frequencies_hz[low] + off_hz, frequencies_hz[high] - off_hz)
        parts += [sines(pair, on_ms, [low_dbm0, high_dbm0], rng), silence(off_ms)]
    sound = np.concatenate([*parts, silence(200)])
    return line(sound + noise(sound.size, -62, rng))


@pytest.mark.parametrize(("low", "high"), [(-5, -5), (-12, -12), (-20, -27), (-27, -20), (-35, -35)])
@pytest.mark.parametrize("off_hz", [-10, 0, 10])
@pytest.mark.parametrize("direction", list(MfcDirection))
def test_all_fifteen_signals_are_told_in_their_order(direction, low, high, off_hz):
    frequencies_hz = FORWARD if direction is MfcDirection.FORWARD else BACKWARD
    found = heard(MfcTones(direction), signals(frequencies_hz, low, high, off_hz=off_hz))
    began = [one for one in found if one.ended_at is None]
    assert [one.signal for one in began] == list(range(1, 16))
    assert [one.signal for one in found if one.ended_at is not None] == list(range(1, 16))
    for place, one in enumerate(began):
        assert one.at == pytest.approx((107 + place * 157) * 8, abs=200)


@pytest.mark.parametrize("before_ms", range(100, 120, 3))
@pytest.mark.parametrize("direction", list(MfcDirection))
def test_signals_of_exchanges_that_answer_at_once_are_told_wherever_they_begin(direction, before_ms):
    """As two programs in one room make them: 40 ms, and as long a pause."""
    frequencies_hz = FORWARD if direction is MfcDirection.FORWARD else BACKWARD
    for low, high in ((-8, -8), (-20, -27)):
        sound = signals(frequencies_hz, low, high, on_ms=40, off_ms=40, before_ms=before_ms)
        found = heard(MfcTones(direction), sound)
        assert [one.signal for one in found if one.ended_at is None] == list(range(1, 16))


def test_the_same_signal_again_is_told_again():
    sound = np.concatenate([silence(107), *[sines((1380, 1500), 40, -10), silence(40)] * 20, silence(100)])
    assert [one.signal for one in heard(MfcTones(MfcDirection.FORWARD), line(sound))] == [1] * 40


def test_a_signal_of_seven_milliseconds_is_none():
    """Q.455: not taken for a signal."""
    sound = np.concatenate([silence(101), *[sines((1380, 1500), 7, -5), silence(43)] * 20, silence(100)])
    assert heard(MfcTones(MfcDirection.FORWARD), line(sound)) == []


def test_signals_of_the_other_direction_and_single_tones_are_none():
    other = signals(BACKWARD, -10, -10)
    assert heard(MfcTones(MfcDirection.FORWARD), other) == []
    assert heard(MfcTones(MfcDirection.FORWARD), cadence((1500,), 300, 300, -10)) == []


def fax(sound):
    with FaxTones() as tones:
        return [one.kind for one in heard(tones, line(sound))]


def test_fax_machines_are_recognised_by_their_tones():
    calling = np.concatenate([silence(500), *[sines((1100,), 500, -12), silence(3000)] * 2])
    assert set(fax(calling)) == {FaxKind.CNG}
    assert fax(np.concatenate([silence(200), sines((2100,), 3000, -12), silence(500)])) == [FaxKind.CED]


def test_the_flags_before_a_fax_message_are_recognised():
    flags = fsk([0, 1, 1, 1, 1, 1, 1, 0] * 40, (1650.0, 1850.0), -14, bits_s=300)
    assert fax(np.concatenate([silence(300), flags, silence(300)])) == [FaxKind.PREAMBLE]


def test_a_caller_told_by_fsk_is_no_fax():
    bits = [0, 1] * 150 + [1] * 180
    assert fax(np.concatenate([silence(300), fsk(bits, V23, -14), silence(300)])) == []
