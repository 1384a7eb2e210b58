"""How long an export still takes: nothing is said before there is something to compute from."""

from webadmin.exports import Pace


def paced(*seen):
    pace = Pace()
    for at_s, done in seen:
        pace.reached(at_s, done)
    return pace


def test_nothing_is_said_at_the_beginning():
    assert Pace().left_s(10, 100) is None
    assert paced((0, 5)).left_s(10, 100) is None
    assert paced((0, 0), (1.9, 50)).left_s(1.9, 100) is None


def test_what_is_left_follows_from_what_was_done():
    pace = paced((0, 0), (2, 10), (4, 20))
    assert pace.left_s(4, 100) == 16
    assert pace.left_s(5, 100) == 15, "time goes on between two looks"


def test_what_began_in_the_middle_is_not_counted_as_done_now():
    assert paced((0, 900), (10, 910)).left_s(10, 1000) == 90


def test_what_stands_still_has_no_end_in_sight():
    assert paced((0, 0), (10, 50)).left_s(31, 100) is None
    assert paced((0, 50), (5, 50), (10, 50)).left_s(10, 100) is None


def test_what_is_done_has_nothing_left_and_what_is_only_finished_off_says_nothing():
    assert paced((0, 0), (10, 100)).left_s(10, 100) is None


def test_an_unknown_whole_says_nothing():
    assert paced((0, 0), (10, 100)).left_s(10, 0) is None


def test_only_the_last_while_counts():
    slow_then_fast = [(at, at) for at in range(100)] + [(100 + at, 100 + 10 * at) for at in range(30)]
    left_s = paced(*slow_then_fast).left_s(129, 1390)
    assert left_s is not None
    assert 99 <= left_s <= 101


def test_a_download_that_begins_anew_is_measured_anew():
    assert paced((0, 0), (10, 500), (11, 0), (12, 10)).left_s(12, 1000) is None


def test_the_memory_of_a_long_download_stays_small():
    pace = paced(*((at / 100, at) for at in range(100_000)))
    assert len(pace._seen) < 100
