"""The E-model against published values.

Source: ITU-T G.107 Annex B table B.1 (MOS of R), ITU-T G.113 (02/2001) Appendix I (Ie under random loss)
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain import emodel


def test_the_default_connection_has_the_published_rating_and_mos():
    assert emodel.rating(emodel.impairment("PCMA")) == pytest.approx(93.2)
    assert emodel.mos(93.2) == pytest.approx(4.41, abs=0.005)


@pytest.mark.parametrize(("r", "mos"), [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)])
def test_mos_follows_the_published_scale(r, mos):
    assert emodel.mos(r) == pytest.approx(mos, abs=0.01)


def test_mos_ends_at_1_and_at_4_5():
    assert emodel.mos(-5) == emodel.mos(0) == 1.0
    assert emodel.mos(100) == emodel.mos(120) == 4.5


@pytest.mark.parametrize(
    ("encoding", "loss_percent", "published"),
    [
        ("G729", 0, 11),
        ("G729", 1, 15),
        ("G729", 2, 19),
        ("G729", 4, 26),
        ("G729", 8, 36),
        ("G729", 16, 49),
        ("G723", 0, 15),
        ("G723", 2, 24),
        ("G723", 8, 41),
        ("G723", 16, 55),
        ("PCMU", 0, 0),
        ("PCMU", 2, 7),
        ("PCMU", 3, 10),
        ("PCMA", 5, 15),
        ("GSM", 0, 20),
        ("GSM-EFR", 2, 21),
        ("G726-32", 0, 7),
    ],
)
def test_the_impairment_of_random_loss_is_near_the_published_table(encoding, loss_percent, published):
    assert emodel.effective(emodel.impairment(encoding), loss_percent) == pytest.approx(published, abs=1.5)


def test_g711_without_concealment_is_hurt_far_more():
    plain = emodel.effective(emodel.G711_UNCONCEALED, 2)
    assert plain == pytest.approx(95 * 2 / (2 + 4.3))
    assert plain > 4 * emodel.effective(emodel.impairment("PCMA"), 2)


def test_a_wide_codec_is_rated_on_the_wide_scale():
    assert emodel.rating(emodel.impairment("g722")) == pytest.approx((129 - 13) / 1.29)


def test_a_codec_nobody_knows_says_that_its_row_is_assumed():
    assert emodel.impairment("X-OWN").assumed
    assert not emodel.impairment("PCMA").assumed
    assert emodel.impairment("AAL2-G726-32") == emodel.impairment("G726-32")


def test_delay_costs_nothing_up_to_100_ms_and_is_felt_at_half_a_second():
    assert emodel.delay_impairment(0) == emodel.delay_impairment(100) == 0
    assert emodel.delay_impairment(150) < 1
    assert 20 < emodel.delay_impairment(500) < 35


def test_loss_in_bursts_is_worse_than_the_same_loss_at_random():
    assert emodel.burst_ratio(5, 1.0) == 1.0
    assert emodel.burst_ratio(10, 4.0) == pytest.approx(3.6)
    assert emodel.mos_of("G729", 5, 3.0) < emodel.mos_of("G729", 5, 1.0)


@given(
    st.sampled_from(sorted(emodel.CODECS)),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 1000),
    st.floats(0, 5000),
)
def test_more_loss_or_delay_never_sounds_better(encoding, loss, more, burst, delay_ms):
    low, high = sorted((loss, more))
    better = emodel.mos_of(encoding, low, 1.0, delay_ms)
    assert 1.0 <= emodel.mos_of(encoding, high, 1.0, delay_ms) <= better <= 4.5
    assert emodel.mos_of(encoding, low, burst, 0.0) >= emodel.mos_of(encoding, low, burst, delay_ms) - 1e-9
