"""The machine of a line: whatever is measured, calls begin, are answered and end in order, one at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.boards.triggers import Act, Bounds, Did, Edge, Phase, Plan, Seen, Standing, gone, step

steps = st.lists(st.tuples(st.sampled_from(Seen), st.integers(-9000, 90_000)), max_size=60)
plans = st.builds(Plan, st.sampled_from(Bounds), st.integers(8000, 480_000))


def run(plan: Plan, moves: list[tuple[Seen, int]]) -> tuple[Standing, list[Act]]:
    standing, acts, at = Standing(), [], 0
    for seen, ahead in moves:
        at = max(0, at + ahead)
        standing, found = step(plan, standing, Edge(seen, at))
        acts += found
    return standing, acts


@given(plans, steps)
def test_a_line_has_one_call_at_a_time_and_its_acts_are_in_order(plan, moves):
    standing, acts = run(plan, moves)
    is_up, is_answered = False, False
    for before, act in zip([Act(Did.ENDED, 0), *acts], acts, strict=False):
        assert act.at >= before.at
        assert is_up is (act.did is not Did.BEGAN)
        if act.did is Did.BEGAN:
            is_up, is_answered = True, False
        elif act.did is Did.ANSWERED:
            assert not is_answered
            is_answered = True
        elif act.did is Did.CUT:
            assert is_answered
        else:
            is_up = False
    assert is_up is (standing.phase is not Phase.IDLE)


@given(plans, steps)
def test_whatever_is_up_ends_with_the_board(plan, moves):
    standing, acts = run(plan, moves)
    after, last = gone(standing, acts[-1].at + 1 if acts else 0)
    assert after.phase is Phase.IDLE
    assert [act.did for act in last] == ([Did.ENDED] if standing.phase is not Phase.IDLE else [])


@given(st.integers(8000, 480_000), steps)
def test_a_line_that_is_not_looked_at_has_no_calls(longest, moves):
    assert run(Plan(Bounds.NOTHING, longest), moves)[1] == []


@given(st.integers(8000, 480_000), steps)
def test_pieces_of_a_line_that_is_always_recorded_are_never_longer_than_wished(longest, moves):
    plan = Plan(Bounds.ALWAYS, longest)
    _, acts = run(plan, [(Seen.OPEN, 0), *moves])
    begun = 0
    for act in acts:
        if act.did is Did.CUT:
            assert act.at - begun == longest
            begun = act.at
        elif act.did is Did.BEGAN:
            begun = act.at


@pytest.mark.parametrize("bounds", [Bounds.VOLTAGE, Bounds.VOICE])
@given(moves=steps)
def test_only_a_ring_makes_a_call_incoming(bounds, moves):
    unrung = [(seen, ahead) for seen, ahead in moves if seen is not Seen.RING]
    assert all(act.rang is not True for act in run(Plan(bounds, 80_000), unrung)[1])
