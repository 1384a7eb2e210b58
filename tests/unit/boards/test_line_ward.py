"""What the line doctor observes: hours of lines made here, and the advice that follows."""

import numpy as np
import pytest

from appliance.boards.doctor import Ward
from appliance.domain.doctor import Case, diagnose
from appliance.domain.tones import ToneKind, threshold_dbm0
from appliance.media.tones.frames import power_of

LINES = 6
SECONDS = 400


def lived(ward, seconds=SECONDS, volts=(48.0, 9.0), noise_dbm0=-58.0, speech_dbm0=-24.0, seed=1):
    """A quarter of the time in use, two thirds of that talk in spurts of a second; batches of 100 ms, silence while idle."""
    rng = np.random.default_rng(seed)
    for batch in range(seconds * 10):
        in_use = batch % 400 >= 300
        talks = in_use and batch % 15 < 10
        dbm0 = (speech_dbm0 if talks else noise_dbm0) if in_use else -85
        swing = rng.normal(0, 4 if talks else 0.5, (LINES, 5))
        power = np.array([[power_of(dbm0 + one) for one in row] for row in swing], np.float32)
        level = (volts[1] if in_use else volts[0]) if volts else None
        ward.observe(power, None if level is None else (level + rng.normal(0, 0.5, LINES)).astype(np.float32))


@pytest.mark.parametrize("sign", [1, -1])
def test_thresholds_of_a_line_with_voltage_fit_it_whatever_its_polarity(sign):
    ward = Ward(LINES)
    lived(ward, volts=(48.0 * sign, 9.0 * sign))
    found = diagnose(ward.case(2))
    assert (found.idle_v, found.in_use_v) == (pytest.approx(48, abs=1), pytest.approx(9, abs=1))
    assert 11 < found.off_hook_v.value < found.on_hook_v.value < 46
    assert found.noise_dbm0 == pytest.approx(-58, abs=2)
    assert found.speech_dbm0 == pytest.approx(-24, abs=3)
    assert -56 <= threshold_dbm0(int(found.level.value)) <= -26
    assert found.voice_ms is not None
    assert 2000 <= found.silence_ms.value <= 60_000


def test_a_line_without_voltage_gets_a_recording_level_alone():
    ward = Ward(LINES)
    lived(ward, volts=None)
    found = diagnose(ward.case(0))
    assert found.off_hook_v is None
    assert -56 <= threshold_dbm0(int(found.level.value)) <= -26


def test_what_was_stored_is_gone_on_with_and_what_does_not_fit_is_left_out():
    ward, other = Ward(LINES), Ward(LINES)
    lived(ward, 60)
    ward.toned(1, ToneKind.BUSY)
    other.take_up(1, ward.case(1))
    assert other.case(1) == ward.case(1)
    other.take_up(2, Case(volts=[1, 2, 3]))
    assert sum(other.case(2).volts) == 0


def test_unknown_voltages_are_passed_over():
    ward = Ward(2)
    ward.observe(np.ones((2, 5), np.float32), np.array([np.nan, 50], np.float32))
    assert sum(ward.case(0).volts) == 0
    assert sum(ward.case(1).volts) == 1
