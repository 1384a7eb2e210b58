"""The line doctor against lines that are made up: what it advises fits the line, whatever the line."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.doctor import (
    LEVELS,
    PAUSES,
    QUIETEST_DBM0,
    SPURTS,
    VOLTS,
    WORRY_TEXT,
    Case,
    Thresholds,
    Worry,
    diagnose,
    worries,
)
from appliance.domain.tones import ToneKind, recording_level, threshold_dbm0


def bell(length, middle, width, total):
    """Counts in the shape of a bell."""
    shape = [math.exp(-(((place - middle) / width) ** 2) / 2) for place in range(length)]
    whole = sum(shape)
    return [round(total * one / whole) for one in shape]


def added(*heaps):
    return [sum(column) for column in zip(*heaps, strict=True)]


def counts(length):
    """Anything, mostly in few bins."""
    return st.dictionaries(st.integers(0, length - 1), st.integers(0, 50_000), max_size=12).map(
        lambda found: [found.get(place, 0) for place in range(length)]
    )


@settings(deadline=None)
@given(counts(len(VOLTS)), counts(len(LEVELS)), counts(len(SPURTS)), counts(len(PAUSES)))
def test_whatever_was_observed_the_advice_is_in_order_and_within_the_settings(volts, levels, spurts, pauses):
    found = diagnose(Case(volts=volts, levels=levels, spurts=spurts, pauses=pauses))
    for advice in (found.off_hook_v, found.on_hook_v, found.level, found.voice_ms, found.silence_ms):
        assert advice is None or 0 <= advice.confidence <= 1
    if found.off_hook_v and found.on_hook_v:
        assert found.in_use_v < found.off_hook_v.value < found.on_hook_v.value < found.idle_v
    assert found.level is None or 1 <= found.level.value <= 32
    assert found.voice_ms is None or 60 <= found.voice_ms.value <= 400
    assert found.silence_ms is None or 2000 <= found.silence_ms.value <= 60_000


@settings(deadline=None)
@given(
    idle=st.floats(24, 60),
    in_use=st.floats(4, 13),
    spread=st.floats(0.3, 1.2),
    share=st.floats(0.05, 0.95),
)
def test_the_thresholds_part_the_idle_line_from_the_line_in_use(idle, in_use, spread, share):
    volts = added(
        bell(len(VOLTS), idle, spread, 40_000 * (1 - share)), bell(len(VOLTS), in_use, spread, 40_000 * share)
    )
    found = diagnose(Case(volts=volts))
    assert abs(found.idle_v - idle) <= 1
    assert abs(found.in_use_v - in_use) <= 1
    assert in_use + 2 * spread < found.off_hook_v.value < found.on_hook_v.value < idle - 2 * spread
    if idle - in_use > 20:
        assert found.off_hook_v.confidence > 0.5


@settings(deadline=None)
@given(idle=st.floats(24, 60), total=st.integers(100, 100_000))
def test_a_line_that_was_never_lifted_gets_no_advice(idle, total):
    found = diagnose(Case(volts=bell(len(VOLTS), idle, 0.8, total)))
    assert found.off_hook_v is None
    assert found.on_hook_v is None
    assert abs(found.idle_v - idle) <= 1


@settings(deadline=None)
@given(
    noise=st.floats(-70, -48),
    apart=st.floats(22, 40),
    silent=st.booleans(),
    talk=st.floats(0.1, 0.7),
)
def test_the_recording_level_lies_between_noise_and_speech(noise, apart, silent, talk):
    speech = min(noise + apart, -10)
    levels = added(
        bell(len(LEVELS), noise - QUIETEST_DBM0, 1.2, 50_000 * (1 - talk)),
        bell(len(LEVELS), speech - QUIETEST_DBM0, 4, 50_000 * talk),
        [200_000 if silent and place == 2 else 0 for place in LEVELS],
    )
    found = diagnose(Case(levels=levels))
    counts_from = threshold_dbm0(int(found.level.value))
    assert noise + 2 <= counts_from <= speech


def test_more_of_the_same_changes_no_value_and_raises_confidence():
    few = added(bell(len(VOLTS), 48, 1, 200), bell(len(VOLTS), 9, 1, 100))
    many = [100 * count for count in few]
    less, more = diagnose(Case(volts=few)), diagnose(Case(volts=many))
    assert less.off_hook_v.value == more.off_hook_v.value
    assert less.off_hook_v.confidence < more.off_hook_v.confidence


def test_voltages_all_over_the_place_make_it_unsure():
    clean = added(bell(len(VOLTS), 48, 1, 5000), bell(len(VOLTS), 9, 1, 5000))
    wild = added(clean, [100 if 12 < place < 45 else 0 for place in VOLTS])
    assert (
        diagnose(Case(volts=wild)).off_hook_v.confidence
        < 0.2
        < diagnose(Case(volts=clean)).off_hook_v.confidence
    )


def test_clicks_do_not_count_as_talk_and_long_pauses_keep_a_call_together():
    spurts = [9000, 9000, 9000, *[40] * (len(SPURTS) - 3)]
    pauses = [500, *[20] * 40, *[0] * (len(PAUSES) - 41)]
    found = diagnose(Case(spurts=spurts, pauses=pauses))
    assert found.voice_ms.value > 60
    assert found.silence_ms.value >= 2 * 40 * 200


def test_faded_observations_lead_to_the_same_advice_with_less_weight():
    case = Case(
        volts=added(bell(len(VOLTS), 50, 1, 8000), bell(len(VOLTS), 8, 1, 6000)),
        tones={ToneKind.BUSY: 9, ToneKind.DIAL: 1},
    )
    faded = case.faded()
    assert abs(diagnose(faded).off_hook_v.value - diagnose(case).off_hook_v.value) <= 1
    assert sum(faded.volts) < sum(case.volts)
    assert faded.tones == {ToneKind.BUSY: 4}


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (Thresholds(18, 30, 20, 8000), []),
        (Thresholds(18, 50, 20, 8000), [Worry.IDLE_TOO_LOW]),
        (Thresholds(5, 30, 20, 8000), [Worry.IN_USE_TOO_HIGH]),
        (Thresholds(18, 30, 32, 8000), [Worry.NOISE_IS_VOICE]),
        (Thresholds(18, 30, 2, 8000), [Worry.SPEECH_IS_MISSED]),
        (Thresholds(18, 30, 20, 1000), [Worry.PAUSES_END_CALLS]),
    ],
)
def test_settings_that_do_not_fit_the_line_are_told(now, told):
    case = Case(
        volts=added(bell(len(VOLTS), 48, 1, 8000), bell(len(VOLTS), 8, 1, 8000)),
        levels=added(bell(len(LEVELS), 35, 1, 20_000), bell(len(LEVELS), 70, 4, 20_000)),
        pauses=[0] * 10 + [400] + [0] * (len(PAUSES) - 11),
    )
    assert worries(diagnose(case), now) == told


def test_every_worry_has_its_words():
    assert set(WORRY_TEXT) == set(Worry)


@settings(deadline=None)
@given(st.integers(1, 32))
def test_levels_of_the_settings_and_their_thresholds_are_one_scale(level):
    assert recording_level(threshold_dbm0(level)) == level
    assert (
        threshold_dbm0(recording_level(threshold_dbm0(level) + 0.7)) >= threshold_dbm0(level) + 0.7
        or level == 1
    )
