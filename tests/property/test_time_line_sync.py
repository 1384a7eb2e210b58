"""Both sides stay together over an hour, whatever their clocks, the network and losses do."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.media.timeline import Placement, Rows, place
from tests.rigs.rtp_streams import MS, START_NS, S

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sent_rows(count, *, ppm, jitter_ms, seed, loss=0.0, quiet=0.0):
    """Rows of a sender whose clock is fast by `ppm`, and the moment each was really spoken.

    `quiet`: share of talk spurts left out (silence suppression), `loss`: share of packets lost
    """
    rng = np.random.default_rng(seed)
    index = np.arange(count)
    spoken_at = START_NS + np.rint(index * 20 * MS / (1 + ppm * 1e-6)).astype(np.int64)
    arrival = spoken_at + rng.gamma(1.5, max(jitter_ms, 0.001) * MS / 3, count).astype(np.int64)
    pauses = np.repeat(rng.random(count // 100 + 1) < quiet, 100)[:count]
    lost = rng.random(count) < loss
    seq = np.cumsum(~pauses)
    kept = np.flatnonzero(~pauses & ~lost)
    rows = Rows(
        ticks=7_000 + kept * 160,
        arrival_ns=arrival[kept],
        missing=np.diff(seq[kept], prepend=seq[kept[0]] - 1) - 1,
        spoken=np.full(kept.size, 160),
        clock_hz=8000,
    )
    return rows, spoken_at[kept]


def loud(first, last):
    return np.full(last - first, -20.0)


def placed(rows: Rows, loudness=loud) -> Placement:
    return place(rows, loudness)


@QUICK
@given(
    st.floats(-100, 100),
    st.floats(0, 12),
    st.integers(0, 2**32),
    st.floats(0, 0.05),
    st.sampled_from([0.0, 0.4]),
)
def test_each_side_stays_within_ten_milliseconds_over_an_hour(ppm, jitter_ms, seed, loss, quiet):
    """Two sides within 10 ms of the truth are within 20 ms of one another."""
    rows, spoken_at = sent_rows(180_000, ppm=ppm, jitter_ms=jitter_ms, seed=seed, loss=loss, quiet=quiet)
    off_ms = (placed(rows).at_ns() - spoken_at) / MS
    assert np.abs(off_ms).max() <= 10


@QUICK
@given(
    st.floats(-100, 100), st.floats(0, 12), st.integers(0, 2**32), st.integers(50, 2900), st.floats(0, 0.05)
)
def test_a_call_below_a_minute_is_never_corrected(ppm, jitter_ms, seed, count, loss):
    rows, spoken_at = sent_rows(count, ppm=ppm, jitter_ms=jitter_ms, seed=seed, loss=loss)
    got = placed(rows)
    assert not got.inserted.any()
    assert np.unique(got.base_ns).size == 1
    assert np.array_equal(np.diff(got.ticks), np.diff(rows.ticks))
    assert np.abs(got.at_ns() - spoken_at).max() <= 12 * MS


@pytest.mark.parametrize("ppm", [-300, 300])
def test_corrections_are_small_and_in_pauses_where_there_are_any(ppm):
    rows, spoken_at = sent_rows(90_000, ppm=ppm, jitter_ms=3, seed=5)

    def loudness(first, last):
        return np.where(np.arange(first, last) % 50 < 5, -70.0, -15.0)

    got = placed(rows, loudness)
    where = np.flatnonzero(got.inserted)
    assert where.size
    assert (where % 50 < 5).all()
    assert np.abs(got.inserted).max() <= 12 * 8
    assert np.abs(got.at_ns() - spoken_at).max() <= 14 * MS


def test_without_a_pause_a_correction_is_made_in_steps_of_two_milliseconds():
    rows, _ = sent_rows(180_000, ppm=100, jitter_ms=1, seed=6)
    got = placed(rows)
    assert got.inserted.any()
    assert np.abs(got.inserted).max() <= 20


@QUICK
@given(st.integers(0, 2**32), st.integers(1, 400), st.data())
def test_no_timestamps_and_no_arrivals_break_the_time_line(seed, count, data):
    """Rubbish costs nothing but its own place: no exception, and every place is near the packets' arrival."""
    rng = np.random.default_rng(seed)
    span = data.draw(st.sampled_from([1, 10**3, 10**6, 2**40]))
    rows = Rows(
        ticks=rng.integers(-span, span + 1, count),
        arrival_ns=START_NS
        + np.sort(rng.integers(0, data.draw(st.sampled_from([1, S, 3600 * S])) + 1, count)),
        missing=rng.integers(0, data.draw(st.sampled_from([1, 5, 60_000])), count),
        spoken=rng.integers(0, 4000, count),
        clock_hz=data.draw(st.sampled_from([8000, 16000, 48000])),
    )
    got = placed(rows)
    frames = got.frames(int(rows.arrival_ns[0]), 16000)
    reach = int(np.ptp(rows.arrival_ns)) + 40 * S
    assert np.abs(got.at_ns() - rows.arrival_ns[0]).max() <= 2 * reach
    assert np.abs(frames).max() <= 2 * reach * 16000 // S + 16000
