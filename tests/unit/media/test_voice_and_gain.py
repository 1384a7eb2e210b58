"""Levels, talk and silence, and automatic gain."""

import numpy as np
import pytest

from appliance.domain.tones import threshold_dbm0
from appliance.media.gain import AutomaticGain, GainControl
from appliance.media.voice import Activity
from tests.rigs.linetones import RATE_HZ, line, noise, silence, sines


def turns(activity, sound, block=800):
    return [one for at in range(0, sound.shape[1], block) for one in activity.feed(sound[:, at : at + block])]


@pytest.mark.parametrize("dbm0", [3, -10, -30, -50])
def test_levels_are_those_of_the_standard(dbm0):
    activity = Activity(2)
    tone = np.rint(sines((1000,), 100, dbm0)).astype(np.int16)
    activity.feed(np.stack([tone, np.zeros_like(tone)]))
    assert activity.level_dbm0[0] == pytest.approx(dbm0, abs=0.3)
    assert activity.level_dbm0[1] == -90


def test_a_constant_is_no_sound():
    activity = Activity(1, recording_level=32, voice_ms=20)
    assert turns(activity, np.full((1, RATE_HZ), 3000, np.int16)) == []


@pytest.mark.parametrize("block", [160, 800, 1600, 333])
def test_talk_begins_where_the_voice_began_and_ends_where_it_ended(block):
    sound = np.concatenate([silence(1000), sines((500,), 2000, -20), silence(3000)])
    activity = Activity(1, recording_level=16, voice_ms=200, silence_ms=1000)
    began, ended = turns(activity, line(sound).reshape(1, -1), block)
    assert (began.is_talking, ended.is_talking) == (True, False)
    assert began.at == pytest.approx(8000, abs=160)
    assert ended.at == pytest.approx(24000, abs=160)


def test_sounds_shorter_than_the_voice_time_and_pauses_shorter_than_the_silence_time_change_nothing():
    click = [silence(500), sines((900,), 100, -10)]
    talk = [sines((500,), 600, -20), silence(700)]
    sound = line(np.concatenate([*click * 4, silence(1000), *talk * 5, silence(3000)]))
    activity = Activity(1, recording_level=16, voice_ms=300, silence_ms=1500)
    assert [one.is_talking for one in turns(activity, sound.reshape(1, -1))] == [True, False]


@pytest.mark.parametrize("level", [1, 9, 16, 32])
def test_the_recording_level_is_where_talk_begins(level):
    counts_from = threshold_dbm0(level)
    sound = np.stack([sines((700,), 500, counts_from + off) for off in (-1.5, 1.5)])
    activity = Activity(2, recording_level=level, voice_ms=100)
    found = turns(activity, np.rint(sound).astype(np.int16))
    assert [(one.channel, one.is_talking) for one in found] == [(1, True)]


def test_channels_have_parameters_of_their_own():
    activity = Activity(3, recording_level=1)
    activity.configure(1, 32, voice_ms=40, silence_ms=400)
    activity.configure(2, 32, voice_ms=900, silence_ms=400)
    sound = np.tile(np.concatenate([sines((700,), 600, -30), silence(1000)]), (3, 1))
    found = turns(activity, np.rint(sound).astype(np.int16))
    assert {one.channel for one in found} == {1}


def rms_dbm0(samples):
    return 10 * np.log10(np.mean(np.square(samples.astype(float))) / (32767**2 / 2)) + 3.14


def speech_like(dbm0, seconds, seed=7):
    """Noise in syllables of a third of a second."""
    rng = np.random.default_rng(seed)
    sound = noise(RATE_HZ * seconds, dbm0, rng)
    syllable = np.arange(sound.size) % 2700 < 2000
    return np.clip(np.rint(sound * syllable), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("dbm0", [-40, -30, -20, -10])
def test_quiet_and_loud_speech_come_to_one_level(dbm0):
    gain = AutomaticGain(1)
    out = gain.feed(speech_like(dbm0, 12).reshape(1, -1))
    assert rms_dbm0(out[0, -RATE_HZ * 4 :]) == pytest.approx(-21.3, abs=2)


def test_pauses_are_not_filled_with_noise():
    rng = np.random.default_rng(8)
    pause = np.rint(noise(RATE_HZ * 20, -62, rng)).astype(np.int16)
    gain = AutomaticGain(1)
    gain.feed(speech_like(-20, 5).reshape(1, -1))
    assert rms_dbm0(gain.feed(pause.reshape(1, -1))[0]) == pytest.approx(rms_dbm0(pause), abs=2)


def test_a_shout_after_a_whisper_is_not_clipped_and_the_gain_has_its_limits():
    gain = AutomaticGain(1, GainControl(most_up_db=18))
    gain.feed(speech_like(-45, 20).reshape(1, -1))
    assert gain.gain_db[0] == pytest.approx(18, abs=0.1)
    shout = np.rint(sines((400,), 1000, 0)).astype(np.int16)
    assert np.abs(gain.feed(shout.reshape(1, -1)).astype(int)).max() <= 30_001


def test_blocks_of_whole_frames_give_the_same_sound_and_channels_do_not_touch_each_other():
    both = np.stack([speech_like(-35, 4), speech_like(-12, 4, seed=9)])
    whole, pieces, alone = AutomaticGain(2), AutomaticGain(2), AutomaticGain(1)
    expected = whole.feed(both)
    cut = [pieces.feed(both[:, at : at + 800]) for at in range(0, both.shape[1], 800)]
    assert np.array_equal(expected, np.concatenate(cut, axis=1))
    assert np.array_equal(alone.feed(both[1:]), expected[1:])
