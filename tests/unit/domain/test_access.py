import pytest

from appliance.domain.access import EVERYTHING, NOTHING, Scope, masked


def test_a_scope_admits_calls_with_one_end_inside():
    scope = Scope(numbers=frozenset({"8001", "8002"}))
    assert scope.admits(("13800138000", "8001"))
    assert not scope.admits(("13800138000", "8003"))
    assert EVERYTHING.admits(())
    assert not NOTHING.admits(("8001",))


def test_a_scope_covers_those_that_know_of_no_call_beyond_it():
    sales, north = Scope(numbers=frozenset({"8001", "8002"})), Scope(numbers=frozenset({"8001"}))
    assert EVERYTHING.covers(sales)
    assert EVERYTHING.covers(NOTHING)
    assert sales.covers(north)
    assert sales.covers(sales)
    assert not north.covers(sales)
    assert not sales.covers(EVERYTHING)
    assert not sales.covers(NOTHING)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812340001", "138****0001"),
        ("+8613812340001", "+861****0001"),
        ("4930123456", "493****456"),
        ("62345678", "62****78"),
        ("555123", "5****3"),
        ("10086", "10086"),
        ("8001", "8001"),
        ("*8", "*8"),
        ("alice.miller", "ali****ller"),
        ("bob", "****b"),
        ("", ""),
        ("+", "+"),
    ],
)
def test_a_masked_number_keeps_what_tells_calls_apart(number, shown):
    assert masked(number) == shown
    assert masked(shown) == shown
