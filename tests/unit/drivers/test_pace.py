"""The moments of blocks follow the card's clock by the box's."""

import pytest

from drivers.boards.pace import Pace

BLOCK_NS = 100_000_000


def moments(drift: float, blocks: int) -> list[int]:
    """How far each moment is from the truth when the card's clock runs so much too slow, waiting 0 to 3 ms longer."""
    pace = Pace(800)
    found = []
    for block in range(blocks):
        begin = round(block * BLOCK_NS * (1 + drift))
        at_ns, lost = pace.take(begin + BLOCK_NS + block % 4 * 1_000_000, has_waited=True)
        assert not lost
        found.append(at_ns - begin)
    return found


@pytest.mark.parametrize("drift", [0, 1e-4, -1e-4, 1e-3])
def test_a_clock_that_drifts_is_followed_for_ever(drift):
    assert max(abs(off) for off in moments(drift, 20_000)) < 4_000_000


def test_a_stall_bends_nothing():
    pace = Pace(800)
    found = [pace.take(BLOCK_NS * (n + 1), has_waited=True)[0] for n in range(10)]
    late = BLOCK_NS * 40
    found += [pace.take(late, has_waited=False)[0] for n in range(20)]
    assert found == [BLOCK_NS * n for n in range(30)]
    assert pace.is_behind(late)
    assert not pace.is_behind(BLOCK_NS * 31)


def test_who_is_woken_late_once_bends_nothing():
    pace = Pace(800)
    found = [pace.take(BLOCK_NS * (n + 1), has_waited=True)[0] for n in range(10)]
    late = BLOCK_NS * 40
    found += [pace.take(late, has_waited=n == 0)[0] for n in range(30)]
    found += [pace.take(BLOCK_NS * (n + 1), has_waited=True)[0] for n in range(40, 80)]
    assert found == [BLOCK_NS * n for n in range(80)]


def test_time_that_the_card_did_not_count_is_taken_over_at_once_and_once():
    pace = Pace(800)
    for n in range(10):
        pace.take(BLOCK_NS * (n + 1), has_waited=True)
    stood = BLOCK_NS * 33
    found = [pace.take(BLOCK_NS * (n + 1) + stood, has_waited=True)[0] - BLOCK_NS * n for n in range(10, 60)]
    assert set(found) == {0, stood}
    assert found == sorted(found)
    assert found.index(stood) < 32


def test_what_was_lost_is_counted_by_the_clock():
    pace = Pace(800)
    pace.take(BLOCK_NS, has_waited=True)
    pace.has_gap = True
    assert pace.take(BLOCK_NS * 7 // 2, has_waited=True) == (BLOCK_NS * 5 // 2, 1200)
    assert pace.take(BLOCK_NS * 9 // 2, has_waited=True) == (BLOCK_NS * 7 // 2, 0)
