"""Keys on lines under the conditions of ITU-T Q.24."""

import numpy as np
import pytest

from appliance.domain.tones import KeySensitivity
from tests.rigs.keyed import CONDITIONS, Condition, heard, played, rate
from tests.rigs.linetones import key, line, noise, silence, sines
from tests.rigs.music import piece


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: one.name)
def test_what_the_standard_wants_heard_is_heard_and_nothing_else(condition):
    sound, digits, starts = played(condition, 48)
    hit, wrong = rate(heard(sound), digits, starts)
    assert wrong == 0
    if condition.wanted is not None:
        assert hit == (1.0 if condition.wanted else 0.0) or (condition.on_ms == 23 and hit < 0.1)


@pytest.mark.parametrize("block", [80, 160, 333, 8000])
def test_keys_are_the_same_in_blocks_of_any_length(block):
    sound, digits, _ = played(Condition("", True), 16)
    found = heard(sound, block=block)
    assert [one.digit for one in found] == digits
    assert found == heard(sound)


def test_a_key_that_is_held_or_interrupted_for_ten_milliseconds_counts_once():
    held = [silence(100), key("5", 3000, -10), silence(100)]
    broken = [key("6", 80, -10), silence(10), key("6", 80, -10), silence(100)]
    twice = [key("7", 60, -10), silence(45), key("7", 60, -10), silence(100)]
    rolled = [key("8", 60, -10), key("9", 60, -10), silence(200)]
    sound = line(np.concatenate([*held, *broken, *twice, *rolled]))
    assert "".join(one.digit for one in heard(sound)) == "567789"


def test_a_key_that_has_to_last_is_not_heard_before():
    sound = line(
        np.concatenate([silence(100), key("1", 60, -10), silence(100), key("2", 150, -10), silence(300)])
    )
    assert [one.digit for one in heard(sound, KeySensitivity(shortest_ms=100))] == ["2"]


@pytest.mark.parametrize("hz", [683, 690, 697, 754, 770, 786, 818, 832, 840])
def test_a_note_with_its_octave_is_no_key(hz):
    assert (
        heard(line(np.concatenate([silence(100), sines((hz, 2 * hz), 400, (-12, -18)), silence(100)]))) == []
    )


def test_music_is_no_key():
    rng = np.random.default_rng(5)
    assert [one for _ in range(6) for one in heard(line(piece(60, rng)))] == []


def test_noise_single_tones_and_exchange_tones_are_no_keys():
    rng = np.random.default_rng(4)
    sounds = [noise(160_000, -10, rng)]
    sounds += [sines((hz,), 1000, -8) for hz in (350, 440, 450, 697, 941, 1209, 1477, 1633, 2100)]
    sounds += [
        sines(pair, 1000, -8) for pair in ((350, 440), (480, 620), (697, 770), (1380, 1500), (697, 1900))
    ]
    assert heard(line(np.concatenate(sounds))) == []
