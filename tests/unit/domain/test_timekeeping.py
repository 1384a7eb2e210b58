import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.timekeeping import Act, Sample, act, believed


def sample(offset_s, distance_s=0.01, server="a", stratum=2):
    return Sample(server, offset_s, distance_s, stratum)


def test_the_nearest_of_those_that_agree_is_believed():
    near, far, liar = sample(0.5, 0.002, "near"), sample(0.503, 0.02, "far"), sample(9.0, 0.0001, "liar")
    assert believed([far, liar, near]) is near


def test_two_that_contradict_each_other_are_not_believed():
    assert believed([sample(0.0), sample(5.0)]) is None
    assert believed([]) is None


def test_a_single_server_is_believed():
    only = sample(-3.0)
    assert believed([only]) is only


@given(
    st.lists(st.floats(-0.004, 0.004), min_size=3, max_size=8),
    st.lists(st.floats(10, 1e6), max_size=2),
    st.randoms(),
)
def test_a_majority_near_the_truth_always_wins(truthful, liars, random):
    liars = liars[: (len(truthful) - 1) // 2]
    samples = [sample(value, 0.005) for value in truthful] + [sample(value, 0.0001) for value in liars]
    random.shuffle(samples)
    best = believed(samples)
    assert best is not None
    assert abs(best.offset_s) <= 0.004


@pytest.mark.parametrize(
    ("offset_s", "may_step", "expected"),
    [
        (0.0001, True, Act.LEAVE),
        (0.2, False, Act.SLEW),
        (-0.2, True, Act.SLEW),
        (3600.0, True, Act.STEP),
        (-3600.0, False, Act.WAIT),
    ],
)
def test_the_clock_is_stepped_only_when_it_may_be(offset_s, may_step, expected):
    assert act(offset_s, may_step=may_step) is expected
