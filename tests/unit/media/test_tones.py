"""Keys in the audio, made here from sines, not by the library that finds them."""

import wave

import numpy as np
import pytest

from appliance.domain.tones import RATE_HZ
from appliance.media.pcm import Law, compress, expand
from appliance.media.tones.keys import KeyTones
from tests.rigs.keys import KEYS, sequence
from tests.rigs.speech import conversation


def found(samples, block=1600):
    with KeyTones() as tones:
        return "".join(tones.feed(samples[at : at + block]) for at in range(0, len(samples), block))


@pytest.mark.parametrize("law", list(Law))
@pytest.mark.parametrize("level_dbfs", [-6, -20, -30])
def test_every_key_is_recognised_through_g711(law, level_dbfs):
    sound = expand(compress(sequence(KEYS, level_dbfs=level_dbfs), law), law)
    assert found(sound) == KEYS


@pytest.mark.parametrize("block", [80, 160, 333, 8000])
def test_blocks_may_be_of_any_length(block):
    assert found(sequence("*14#"), block) == "*14#"


def test_a_key_that_is_held_counts_once_and_pressed_twice_counts_twice():
    assert found(sequence("5", on_ms=2000)) == "5"
    assert found(sequence("55", on_ms=80, off_ms=80)) == "55"


def test_keys_are_found_over_noise():
    noise = np.random.default_rng(3).normal(0, 180, 40000)
    sound = sequence("0123456789", level_dbfs=-15).astype(float)
    sound += noise[: sound.size]
    assert found(sound.astype(np.int16)) == "0123456789"


def test_silence_noise_and_single_tones_are_no_keys():
    seconds = np.arange(RATE_HZ * 20) / RATE_HZ
    assert found(np.zeros(RATE_HZ * 5, np.int16)) == ""
    assert found(np.random.default_rng(4).integers(-9000, 9000, RATE_HZ * 20).astype(np.int16)) == ""
    for hz in (350, 425, 440, 697, 1209, 1477):
        assert found((np.sin(2 * np.pi * hz * seconds) * 8000).astype(np.int16)) == ""


@pytest.mark.parametrize("number", [0, 1, 2])
def test_speech_is_not_taken_for_keys(tmp_path, number):
    for path in conversation(tmp_path, number)[:2]:
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        for gain in (0.5, 1.0):
            assert found((sound[:: rate // RATE_HZ] * gain).astype(np.int16)) == ""
