"""The verdict between the network and our copy, and how losses cluster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.call import Side
from appliance.domain.quality import (
    PROOF_TEXT,
    VERDICT_TEXT,
    Drops,
    Gap,
    Judgement,
    Proof,
    Reported,
    Verdict,
    Watched,
    bursts,
    judge,
    together,
)

S = 1_000_000_000
PACKETS = 1000


def gaps(*seconds, packets=1):
    return [Gap(int(at * S), int((at + 0.02 * (packets + 1)) * S), packets) for at in seconds]


def watched(caller=(), callee=(), *, heard_of_caller=None, heard_of_callee=None, callee_packets=PACKETS):
    return [
        Watched(Side.CALLER, PACKETS, list(caller), heard_of_caller),
        Watched(Side.CALLEE, callee_packets, list(callee), heard_of_callee),
    ]


def verdicts(streams, drops=()):
    return [one.verdict for one in judge(streams, drops)]


def proofs(judgement: Judgement):
    return {one.proof: one.packets for one in judgement.evidence}


def test_nothing_missing_is_clean():
    found = judge(watched(heard_of_caller=Reported(0, 0)))
    assert [one.verdict for one in found] == [Verdict.CLEAN, Verdict.CLEAN]
    assert together(found) == (Verdict.CLEAN, [])


def test_a_far_end_that_lost_nothing_proves_our_copy_wrong():
    (caller, callee) = judge(watched(gaps(1, 5, 9), heard_of_caller=Reported(0, 3)))
    assert (caller.verdict, caller.copy, caller.network) == (Verdict.COPY, 3, 0)
    assert proofs(caller) == {Proof.FAR_END_HAS_IT: 3}
    assert callee.verdict is Verdict.CLEAN


def test_a_far_end_that_lost_the_same_confirms_the_network():
    (caller, _) = judge(watched(gaps(1, 5, 9), heard_of_caller=Reported(3, 3)))
    assert (caller.verdict, caller.copy, caller.network) == (Verdict.NETWORK, 0, 3)
    assert proofs(caller) == {Proof.FAR_END_LOST_IT: 3}


def test_a_far_end_that_lost_some_of_it_blames_both():
    (caller, _) = judge(watched(gaps(1, 5, 9, 13), heard_of_caller=Reported(2, 4)))
    assert (caller.verdict, caller.copy, caller.network) == (Verdict.BOTH, 2, 2)


def test_what_the_far_end_lost_although_we_have_it_was_lost_behind_the_mirror():
    (caller, _) = judge(watched(heard_of_caller=Reported(7, 0)))
    assert caller.verdict is Verdict.NETWORK
    assert proofs(caller) == {Proof.LOST_BEHIND_US: 7}
    assert caller.network == 0, "our copy lacks none of them"


def test_the_far_end_is_believed_before_a_coincidence():
    found = judge(
        watched(gaps(1, 5), gaps(1, 5), heard_of_caller=Reported(2, 2), heard_of_callee=Reported(2, 2))
    )
    assert [one.verdict for one in found] == [Verdict.NETWORK] * 2


def test_gaps_of_both_directions_at_once_are_our_copy():
    found = judge(watched(gaps(1, 5, 9), gaps(1.01, 5.02, 9)))
    assert [one.verdict for one in found] == [Verdict.COPY] * 2
    assert proofs(found[0]) == {Proof.BOTH_DIRECTIONS: 3}


def test_one_chance_coincidence_among_many_gaps_proves_nothing():
    found = judge(watched(gaps(1, 5, 9, 13, 17), gaps(1, 3, 7, 11, 15)))
    assert [one.verdict for one in found] == [Verdict.UNKNOWN] * 2
    assert proofs(found[0]) == {Proof.NO_WITNESS: 5}


def test_one_long_hole_of_both_directions_counts_among_many_gaps():
    caller = sorted([*gaps(1, 5, 9, 13, 17), *gaps(30, packets=50)])
    callee = sorted([*gaps(2, 6, 10, 14, 18), *gaps(30.1, packets=48)])
    (found, _) = judge(watched(caller, callee))
    assert (found.verdict, found.copy) == (Verdict.COPY, 50)
    assert proofs(found) == {Proof.BOTH_DIRECTIONS: 50, Proof.NO_WITNESS: 5}


def test_gaps_of_one_direction_beside_a_whole_one_are_the_network():
    found = judge(watched(gaps(1, 5, 9)))
    assert [one.verdict for one in found] == [Verdict.NETWORK, Verdict.CLEAN]
    assert proofs(found[0]) == {Proof.OTHER_DIRECTION_WHOLE: 3}


def test_a_direction_hardly_there_is_no_witness():
    assert verdicts(watched(gaps(1, 5, 9), callee_packets=20))[0] is Verdict.UNKNOWN
    assert verdicts([Watched(Side.CALLER, PACKETS, gaps(1))]) == [Verdict.UNKNOWN]


def test_a_gap_while_the_port_dropped_packets_is_our_copy():
    found = judge(watched(gaps(1, 30)), [Drops(29 * S, 31 * S, 400)])
    assert found[0].verdict is Verdict.BOTH
    assert proofs(found[0]) == {Proof.PORT_DROPPED: 1, Proof.OTHER_DIRECTION_WHOLE: 1}


def test_few_drops_explain_no_more_than_their_number():
    (caller, _) = judge(watched(gaps(30, packets=100)), [Drops(29 * S, 31 * S, 5)])
    assert (caller.copy, caller.network, caller.verdict) == (5, 95, Verdict.NETWORK)


def test_drops_at_another_time_explain_nothing():
    assert verdicts(watched(gaps(30)), [Drops(10 * S, 11 * S, 500)])[0] is Verdict.NETWORK


def test_the_call_adds_its_streams_up():
    found = judge(
        watched(gaps(1, 5), gaps(3, 7), heard_of_caller=Reported(0, 2), heard_of_callee=Reported(2, 2))
    )
    verdict, evidence = together(found)
    assert verdict is Verdict.BOTH
    assert {one.proof: one.packets for one in evidence} == {
        Proof.FAR_END_HAS_IT: 2,
        Proof.FAR_END_LOST_IT: 2,
    }


def test_every_verdict_and_proof_has_its_words():
    assert set(VERDICT_TEXT) == set(Verdict)
    assert set(PROOF_TEXT) == set(Proof)
    assert "7" in PROOF_TEXT[Proof.NO_WITNESS].render("zh", packets=7)


def test_single_losses_far_apart_are_no_burst():
    found = bursts([(100, 1), (50, 1), (16, 1)], 1000)
    assert (found.mean, found.percent, found.density) == (1.0, 0.0, 0.0)


def test_losses_with_few_packets_between_are_one_burst():
    found = bursts([(100, 2), (5, 1), (15, 1), (200, 1)], 1000)
    assert found.mean == pytest.approx(5 / 4)
    assert found.percent == pytest.approx(100 * 24 / 1000), "2 + 5 + 1 + 15 + 1"
    assert found.density == pytest.approx(100 * 4 / 24)


_GAPS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 20)), max_size=30)


@st.composite
def _streams(draw):
    found = []
    for side in Side:
        at, holes = 0, []
        for before, lost in draw(_GAPS):
            at += before * 20_000_000
            holes.append(Gap(at, at + (lost + 1) * 20_000_000, lost))
            at += (lost + 1) * 20_000_000
        total = sum(hole.packets for hole in holes)
        missing = draw(st.integers(0, total))
        reported = draw(st.none() | st.builds(Reported, st.integers(0, 2 * total + 3), st.just(missing)))
        found.append(Watched(side, draw(st.integers(0, 3000)), holes, reported))
    return found


@given(_streams(), st.lists(st.builds(Drops, st.integers(0, S), st.integers(S, 9 * S), st.integers(0, 50))))
def test_every_missing_packet_is_accounted_for_once(streams, drops):
    for stream, found in zip(streams, judge(streams, drops), strict=True):
        missing = sum(gap.packets for gap in stream.gaps)
        told = proofs(found)
        behind = told.pop(Proof.LOST_BEHIND_US, 0)
        assert sum(told.values()) == missing
        assert found.network + found.copy + told.get(Proof.NO_WITNESS, 0) == missing
        assert (found.verdict is Verdict.CLEAN) == (missing == 0 and behind == 0)


@given(_GAPS)
def test_bursts_stay_within_the_stream(holes):
    expected = sum(before + lost for before, lost in holes) + 10
    found = bursts(holes, expected)
    assert 0 <= found.percent <= 100
    assert 0 <= found.density <= 100
    assert (found.mean == 0) == (not holes)
