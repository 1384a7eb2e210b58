"""The tracker: each rule of the dialog list, message by message."""

import pytest

from appliance.domain.call import Side
from appliance.sip.events import (
    Answered,
    BranchLost,
    CancelAsked,
    Cause,
    Dtmf,
    EarlyMedia,
    Ended,
    Forked,
    Held,
    JoinedLate,
    MediaDescribed,
    Redirected,
    Reoffered,
    Replaces,
    Resumed,
    Ringing,
    SessionTimer,
    Started,
    TransferAsked,
)
from tests.rigs.sipwire import ALICE, BOB, CAROL, PROXY, SECOND_NS, Wire, answered, request, response, sdp


def ports(wire, side):
    return [event.session.audio.port for event in wire.of(MediaDescribed) if event.side is side]


def test_a_plain_call_is_told_once_from_invite_to_bye():
    wire = answered()
    wire.back(request("BYE", 7, by_callee=True, callee_tag="b"))
    wire.pass_by(response(200, "BYE", 7, by_callee=True, callee_tag="b"))
    assert wire.kinds() == ["Started", "MediaDescribed", "Ringing", "Answered", "MediaDescribed", "Ended"]
    assert (ports(wire, Side.CALLER), ports(wire, Side.CALLEE)) == ([4000], [5000])
    ended = wire.of(Ended)[0]
    assert (ended.cause, ended.by, ended.answered, ended.status_code) == (Cause.BYE, Side.CALLEE, True, 0)
    assert len(wire.tracker) == 0


def test_the_sender_of_a_bye_is_told_by_tags_not_by_addresses():
    wire = answered()
    wire.pass_by(request("BYE", 2, callee_tag="b"), PROXY, CAROL)
    assert wire.of(Ended)[0].by is Side.CALLER


def test_retransmissions_of_everything_change_nothing():
    wire = Wire()
    for _ in range(3):
        wire.pass_by(request("INVITE", body=sdp()))
    for _ in range(3):
        wire.back(response(180, callee_tag="b"))
    for _ in range(3):
        wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000)))
        wire.pass_by(request("ACK", callee_tag="b", branches=("z9hG4bK-ack",)))
    for _ in range(3):
        wire.pass_by(request("BYE", 2, callee_tag="b"))
        wire.back(response(200, "BYE", 2, callee_tag="b"))
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    assert wire.kinds() == ["Started", "MediaDescribed", "Ringing", "Answered", "MediaDescribed", "Ended"]


def test_echoes_of_an_ended_call_are_absorbed_for_32_seconds_only():
    wire = answered()
    wire.pass_by(request("BYE", 2, callee_tag="b"))
    wire.wait(31)
    assert wire.pass_by(request("BYE", 2, callee_tag="b")) == []
    wire.wait(60)
    assert [type(event) for event in wire.pass_by(request("BYE", 2, callee_tag="b"))] == [JoinedLate, Ended]


def test_early_media_is_described_before_the_answer_and_not_again_after():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(183, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    assert wire.kinds() == ["Started", "MediaDescribed", "EarlyMedia", "MediaDescribed", "Answered"]
    assert wire.of(MediaDescribed)[1].early
    assert wire.of(EarlyMedia)[0].tag == "b"


def test_an_answer_that_differs_from_the_early_media_is_described_anew():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(183, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5002)))
    assert ports(wire, Side.CALLEE) == [5000, 5002]


def test_of_a_fork_the_branch_that_answers_wins_and_the_loser_is_named():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(183, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.back(response(183, callee_tag="c", body=sdp("10.0.0.3", 6000)))
    wire.back(response(200, callee_tag="c", body=sdp("10.0.0.3", 6000)))
    assert [event.tag for event in wire.of(Forked)] == ["c"]
    assert wire.of(Answered)[0].tag == "c"
    assert [(event.tag, event.session.audio.port) for event in wire.of(BranchLost)] == [("b", 5000)]


def test_a_peer_that_changes_its_tag_but_not_its_media_loses_no_branch():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(183, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.back(response(200, callee_tag="c", body=sdp("10.0.0.2", 5000)))
    assert wire.of(BranchLost) == []


def test_hanging_up_on_a_branch_that_answered_too_late_does_not_end_the_call():
    wire = answered()
    wire.back(response(200, callee_tag="late", body=sdp("10.0.0.3", 6000)))
    wire.pass_by(request("BYE", 2, callee_tag="late"))
    assert wire.of(Ended) == []
    wire.pass_by(request("BYE", 3, callee_tag="b"))
    assert len(wire.of(Ended)) == 1


def test_hanging_up_on_the_first_of_two_answers_goes_on_with_the_second():
    wire = answered()
    wire.back(response(200, callee_tag="late", body=sdp("10.0.0.3", 6000)))
    wire.pass_by(request("BYE", 2, callee_tag="b"))
    assert wire.of(Ended) == []
    assert ports(wire, Side.CALLEE) == [5000, 6000]
    wire.pass_by(request("BYE", 3, callee_tag="late"))
    assert wire.of(Ended)[0].by is Side.CALLER


@pytest.mark.parametrize("code", [401, 407])
def test_a_challenge_and_the_second_invite_are_one_call(code):
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(code, callee_tag="x"))
    wire.pass_by(request("ACK", callee_tag="x"))
    wire.pass_by(request("INVITE", 2, branches=("z9hG4bK-2",), body=sdp()))
    wire.back(response(200, number=2, callee_tag="b", branches=("z9hG4bK-2",), body=sdp("10.0.0.2", 5000)))
    assert wire.kinds() == ["Started", "MediaDescribed", "Answered", "MediaDescribed"]


def test_a_phone_that_answers_the_challenge_with_a_new_from_tag_is_still_one_call():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(401, callee_tag="x"))
    wire.pass_by(request("INVITE", 2, caller_tag="a2", branches=("z9hG4bK-2",), body=sdp()))
    wire.back(response(200, number=2, caller_tag="a2", callee_tag="b", branches=("z9hG4bK-2",)))
    assert len(wire.of(Started)) == 1
    assert len(wire.of(Answered)) == 1


def test_a_phone_that_keeps_the_to_tag_of_the_challenge_is_still_setting_up():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(401, callee_tag="x"))
    wire.pass_by(request("INVITE", 2, callee_tag="x", branches=("z9hG4bK-2",), body=sdp()))
    assert wire.of(Answered) == []
    wire.back(response(486, number=2, callee_tag="x", branches=("z9hG4bK-2",)))
    assert (wire.of(Ended)[0].cause, wire.of(Ended)[0].status_code) == (Cause.FAILED, 486)


def test_a_challenge_that_is_never_answered_fails_with_its_code_when_it_was_seen():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(407, callee_tag="x"))
    challenged_ns = wire.now_ns
    assert wire.wait(20) == []
    (ended,) = wire.wait(13)
    assert (ended.cause, ended.status_code, ended.at_ns) == (Cause.FAILED, 407, challenged_ns)


@pytest.mark.parametrize("code", [404, 480, 486, 503, 603])
def test_a_final_failure_ends_the_call_with_its_code(code):
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(code, callee_tag="b"))
    wire.pass_by(request("ACK", callee_tag="b"))
    ended = wire.of(Ended)
    assert [(one.cause, one.status_code, one.by) for one in ended] == [(Cause.FAILED, code, Side.CALLEE)]


def test_another_attempt_after_a_final_failure_is_another_call():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(486, callee_tag="b"))
    wire.pass_by(request("INVITE", 2, branches=("z9hG4bK-2",), body=sdp()))
    first, second = wire.of(Started)
    assert first.key != second.key
    assert first.call_id == second.call_id


def test_a_redirection_is_noted_and_the_next_attempt_is_the_same_call():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(302, callee_tag="b", extra=("Contact: <sip:300@carol.test>",)))
    wire.pass_by(request("INVITE", 2, branches=("z9hG4bK-2",), body=sdp()), ALICE, CAROL)
    wire.back(response(200, number=2, callee_tag="c", branches=("z9hG4bK-2",)), CAROL, ALICE)
    assert [(one.status_code, one.target) for one in wire.of(Redirected)] == [(302, "sip:300@carol.test")]
    assert (len(wire.of(Started)), len(wire.of(Answered)), wire.of(Ended)) == (1, 1, [])


def test_behind_a_forking_proxy_a_call_fails_only_when_the_callers_own_transaction_does():
    wire = Wire()
    wire.pass_by(request("INVITE", branches=("z9hG4bK-1",), body=sdp()), ALICE, PROXY)
    wire.pass_by(request("INVITE", branches=("z9hG4bK-p1", "z9hG4bK-1"), body=sdp()), PROXY, BOB)
    wire.pass_by(request("INVITE", branches=("z9hG4bK-p2", "z9hG4bK-1"), body=sdp()), PROXY, CAROL)
    wire.back(response(486, callee_tag="b", branches=("z9hG4bK-p1", "z9hG4bK-1")), BOB, PROXY)
    wire.back(response(180, callee_tag="c", branches=("z9hG4bK-p2", "z9hG4bK-1")), CAROL, PROXY)
    wire.wait(60)
    assert wire.of(Ended) == []
    wire.back(response(603, callee_tag="c", branches=("z9hG4bK-p2", "z9hG4bK-1")), CAROL, PROXY)
    assert wire.of(Ended) == []
    wire.back(response(603, callee_tag="c", branches=("z9hG4bK-1",)), PROXY, ALICE)
    assert [one.status_code for one in wire.of(Ended)] == [603]


def test_seen_only_behind_a_forking_proxy_a_call_fails_when_every_branch_has():
    wire = Wire()
    wire.pass_by(request("INVITE", branches=("z9hG4bK-p1", "z9hG4bK-1"), body=sdp()), PROXY, BOB)
    wire.pass_by(request("INVITE", branches=("z9hG4bK-p2", "z9hG4bK-1"), body=sdp()), PROXY, CAROL)
    wire.back(response(486, callee_tag="b", branches=("z9hG4bK-p1", "z9hG4bK-1")), BOB, PROXY)
    assert wire.of(Ended) == []
    wire.back(response(603, callee_tag="c", branches=("z9hG4bK-p2", "z9hG4bK-1")), CAROL, PROXY)
    assert [one.status_code for one in wire.of(Ended)] == [603]


def test_a_call_seen_on_both_sides_of_a_proxy_is_one_call():
    wire = Wire()
    wire.pass_by(request("INVITE", branches=("z9hG4bK-1",), body=sdp()), ALICE, PROXY)
    wire.pass_by(request("INVITE", branches=("z9hG4bK-p", "z9hG4bK-1"), body=sdp()), PROXY, BOB)
    ok = sdp("10.0.0.2", 5000)
    wire.back(response(200, callee_tag="b", branches=("z9hG4bK-p", "z9hG4bK-1"), body=ok), BOB, PROXY)
    wire.back(response(200, callee_tag="b", branches=("z9hG4bK-1",), body=ok), PROXY, ALICE)
    wire.pass_by(request("BYE", 2, callee_tag="b"), ALICE, PROXY)
    wire.pass_by(request("BYE", 2, callee_tag="b", branches=("z9hG4bK-q", "z9hG4bK-b")), PROXY, BOB)
    assert wire.kinds() == ["Started", "MediaDescribed", "Answered", "MediaDescribed", "Ended"]


def relayed(wire):
    """A call through a proxy that relays media: the second hop names the proxy's ports."""
    wire.pass_by(request("INVITE", branches=("z9hG4bK-1",), body=sdp("10.0.0.1", 4000)), ALICE, PROXY)
    wire.pass_by(
        request("INVITE", branches=("z9hG4bK-p", "z9hG4bK-1"), body=sdp("10.0.0.9", 9000)), PROXY, BOB
    )
    far = ("z9hG4bK-p", "z9hG4bK-1")
    wire.back(response(200, callee_tag="b", branches=far, body=sdp("10.0.0.2", 5000)), BOB, PROXY)


def test_behind_a_relaying_proxy_only_the_descriptions_of_one_hop_count():
    wire = Wire()
    relayed(wire)
    wire.back(
        response(200, callee_tag="b", branches=("z9hG4bK-1",), body=sdp("10.0.0.9", 9002)), PROXY, ALICE
    )
    wire.wait(5)
    assert (ports(wire, Side.CALLER), ports(wire, Side.CALLEE)) == ([4000], [9002])


def test_behind_a_relaying_proxy_the_far_answer_is_used_when_no_near_one_comes():
    wire = Wire()
    relayed(wire)
    assert ports(wire, Side.CALLEE) == []
    wire.wait(1.1)
    assert ports(wire, Side.CALLEE) == [5000]


def test_a_waiting_description_is_used_when_the_call_ends_first():
    wire = Wire()
    relayed(wire)
    wire.pass_by(request("BYE", 2, callee_tag="b"), ALICE, PROXY)
    assert wire.kinds()[-2:] == ["MediaDescribed", "Ended"]


def test_a_late_offer_is_in_the_answer_and_its_answer_in_the_ack():
    wire = Wire()
    wire.pass_by(request("INVITE"))
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.pass_by(request("ACK", callee_tag="b", branches=("z9hG4bK-ack",), body=sdp()))
    described = [(one.side, one.is_offer) for one in wire.of(MediaDescribed)]
    assert described == [(Side.CALLEE, True), (Side.CALLER, False)]


def test_a_late_offer_in_a_reliable_183_is_answered_in_the_prack():
    wire = Wire()
    wire.pass_by(request("INVITE"))
    wire.back(response(183, callee_tag="b", body=sdp("10.0.0.2", 5000), extra=("RSeq: 1", "Require: 100rel")))
    wire.pass_by(request("PRACK", 2, callee_tag="b", body=sdp()))
    described = [(one.side, one.is_offer, one.early) for one in wire.of(MediaDescribed)]
    assert described == [(Side.CALLEE, True, True), (Side.CALLER, False, True)]


def test_an_offer_in_a_prack_counts_when_it_is_answered():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(183, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.pass_by(request("PRACK", 2, callee_tag="b", body=sdp(port=4002)))
    assert ports(wire, Side.CALLER) == [4000]
    wire.back(response(200, "PRACK", 2, callee_tag="b", body=sdp("10.0.0.2", 5002)))
    assert (ports(wire, Side.CALLER), ports(wire, Side.CALLEE)) == ([4000, 4002], [5000, 5002])


def test_a_reinvite_of_the_callee_changes_both_sides_when_it_is_accepted():
    wire = answered()
    wire.back(request("INVITE", 50, by_callee=True, callee_tag="b", body=sdp("10.0.0.2", 5010, formats="0")))
    assert ports(wire, Side.CALLEE) == [5000]
    wire.pass_by(response(200, number=50, by_callee=True, callee_tag="b", body=sdp(port=4010, formats="0")))
    assert (ports(wire, Side.CALLER), ports(wire, Side.CALLEE)) == ([4000, 4010], [5000, 5010])
    assert [(one.side, one.status_code) for one in wire.of(Reoffered)] == [
        (Side.CALLEE, 0),
        (Side.CALLEE, 200),
    ]


def test_a_refused_reinvite_and_glare_change_nothing():
    wire = answered()
    before = len(wire.of(MediaDescribed))
    wire.pass_by(request("INVITE", 2, callee_tag="b", branches=("z9hG4bK-r",), body=sdp(port=4444)))
    wire.back(request("INVITE", 60, by_callee=True, callee_tag="b", body=sdp("10.0.0.2", 5555)))
    wire.back(response(491, number=2, callee_tag="b", branches=("z9hG4bK-r",)))
    wire.pass_by(response(491, number=60, by_callee=True, callee_tag="b"))
    wire.pass_by(request("ACK", 2, callee_tag="b", branches=("z9hG4bK-r",)))
    assert len(wire.of(MediaDescribed)) == before
    assert wire.of(Ended) == []


def test_an_accepted_reinvite_whose_answer_was_not_seen_counts_by_its_ack():
    wire = answered()
    wire.pass_by(request("INVITE", 2, callee_tag="b", branches=("z9hG4bK-r",), body=sdp(port=4444)))
    wire.pass_by(request("ACK", 2, callee_tag="b", branches=("z9hG4bK-other",)))
    assert ports(wire, Side.CALLER) == [4000, 4444]


def test_a_session_refresh_with_the_same_media_describes_nothing():
    wire = answered()
    before = len(wire.of(MediaDescribed))
    wire.pass_by(request("UPDATE", 2, callee_tag="b"))
    wire.back(response(200, "UPDATE", 2, callee_tag="b"))
    wire.pass_by(request("INVITE", 3, callee_tag="b", body=sdp(version=2)))
    wire.back(response(200, number=3, callee_tag="b", body=sdp("10.0.0.2", 5000, version=2)))
    assert len(wire.of(MediaDescribed)) == before


def test_an_update_in_mid_call_describes_both_sides():
    wire = answered()
    wire.pass_by(request("UPDATE", 2, callee_tag="b", body=sdp(port=4006)))
    wire.back(response(200, "UPDATE", 2, callee_tag="b", body=sdp("10.0.0.2", 5006)))
    assert (ports(wire, Side.CALLER)[-1], ports(wire, Side.CALLEE)[-1]) == (4006, 5006)


@pytest.mark.parametrize(
    "offer",
    [sdp(direction="sendonly"), sdp(direction="inactive"), sdp("0.0.0.0"), sdp(direction="recvonly")],
    ids=["sendonly", "inactive", "null address", "recvonly"],
)
def test_every_form_of_hold_is_told_and_taken_back(offer):
    wire = answered()
    wire.pass_by(request("INVITE", 2, callee_tag="b", body=offer))
    wire.back(response(200, number=2, callee_tag="b", body=sdp("10.0.0.2", 5000, direction="recvonly")))
    assert [one.side for one in wire.of(Held)] == [Side.CALLER]
    wire.pass_by(request("INVITE", 3, callee_tag="b", body=sdp()))
    wire.back(response(200, number=3, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    assert [one.side for one in wire.of(Resumed)] == [Side.CALLER]


def test_both_sides_may_hold_and_each_resumes_for_itself():
    wire = answered()
    wire.pass_by(request("INVITE", 2, callee_tag="b", body=sdp(direction="sendonly")))
    wire.back(response(200, number=2, callee_tag="b", body=sdp("10.0.0.2", 5000, direction="recvonly")))
    wire.back(
        request(
            "INVITE", 70, by_callee=True, callee_tag="b", body=sdp("10.0.0.2", 5000, direction="inactive")
        )
    )
    wire.pass_by(response(200, number=70, by_callee=True, callee_tag="b", body=sdp(direction="inactive")))
    assert [one.side for one in wire.of(Held)] == [Side.CALLER, Side.CALLEE]
    wire.pass_by(request("INVITE", 3, callee_tag="b", body=sdp()))
    wire.back(response(200, number=3, callee_tag="b", body=sdp("10.0.0.2", 5000, direction="sendonly")))
    assert [one.side for one in wire.of(Resumed)] == [Side.CALLER]


def test_a_one_way_call_from_the_beginning_is_not_on_hold():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp(direction="recvonly")))
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000, direction="sendonly")))
    assert wire.of(Held) == []


def test_a_cancelled_call_says_who_gave_up():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(180, callee_tag="b"))
    wire.pass_by(request("CANCEL"))
    wire.back(response(200, "CANCEL"))
    wire.back(response(487, callee_tag="b"))
    assert len(wire.of(CancelAsked)) == 1
    ended = wire.of(Ended)[0]
    assert (ended.cause, ended.by, ended.status_code) == (Cause.CANCELLED, Side.CALLER, 487)


def test_a_cancel_whose_487_is_not_seen_ends_the_call_when_it_was_asked():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.pass_by(request("CANCEL"))
    asked_ns = wire.now_ns
    (ended,) = wire.wait(33)
    assert (ended.cause, ended.at_ns) == (Cause.CANCELLED, asked_ns)


def test_an_answer_that_crosses_the_cancel_is_an_answer():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.pass_by(request("CANCEL"))
    wire.back(response(200, "CANCEL"))
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.wait(40)
    assert len(wire.of(Answered)) == 1
    assert wire.of(Ended) == []


def test_a_proxys_cancel_of_a_losing_branch_is_not_the_callers():
    wire = Wire()
    wire.pass_by(request("INVITE", branches=("z9hG4bK-1",), body=sdp()), ALICE, PROXY)
    wire.pass_by(request("INVITE", branches=("z9hG4bK-p", "z9hG4bK-1"), body=sdp()), PROXY, BOB)
    wire.pass_by(request("CANCEL", branches=("z9hG4bK-p",)), PROXY, BOB)
    wire.back(response(487, callee_tag="b", branches=("z9hG4bK-p", "z9hG4bK-1")), BOB, PROXY)
    assert wire.of(Ended) == []


def test_a_call_without_any_final_answer_ends_after_the_setup_timeout():
    wire = Wire(setup_timeout_s=100)
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(180, callee_tag="b"))
    ringing_ns = wire.now_ns
    assert wire.wait(99) == []
    (ended,) = wire.wait(2)
    assert (ended.cause, ended.at_ns, ended.answered) == (Cause.NO_ANSWER, ringing_ns, False)


def test_an_answer_that_was_not_seen_is_inferred_from_the_ack():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.pass_by(request("ACK", callee_tag="b", branches=("z9hG4bK-ack",)))
    assert [(one.tag, one.inferred) for one in wire.of(Answered)] == [("b", True)]


def test_the_ack_of_a_failure_is_no_answer():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.pass_by(request("ACK", callee_tag="b"))
    assert wire.of(Answered) == []


def test_a_silent_call_ends_when_it_was_last_heard_of():
    wire = answered(session_timeout_s=600)
    key = wire.of(Started)[0].key
    wire.wait(500)
    wire.tracker.touch(key, wire.now_ns)
    heard_ns = wire.now_ns
    assert wire.wait(599) == []
    (ended,) = wire.wait(2)
    assert (ended.cause, ended.at_ns, ended.answered) == (Cause.SILENT, heard_ns, True)


def test_the_session_timer_is_told_and_shortens_the_patience():
    wire = Wire(session_timeout_s=7200)
    wire.pass_by(request("INVITE", body=sdp()))
    timer = ("Session-Expires: 90;refresher=uac",)
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000), extra=timer))
    assert [one.interval_s for one in wire.of(SessionTimer)] == [90]
    assert wire.wait(121) == []
    assert [one.cause for one in wire.wait(2)] == [Cause.SILENT]


def test_a_bye_after_a_concluded_end_is_no_new_call_but_a_reinvite_is():
    wire = answered(session_timeout_s=600)
    wire.wait(601)
    assert len(wire.of(Ended)) == 1
    assert wire.pass_by(request("BYE", 2, callee_tag="b")) == []
    wire.pass_by(request("INVITE", 3, callee_tag="b", body=sdp()))
    assert len(wire.of(JoinedLate)) == 1


def test_capture_may_end_a_call_once():
    wire = answered()
    key = wire.of(Started)[0].key
    (ended,) = wire.tracker.end(key, wire.now_ns)
    assert ended.cause is Cause.STOPPED
    assert wire.tracker.end(key, wire.now_ns) == []
    assert wire.back(request("BYE", 9, by_callee=True, callee_tag="b")) == []


@pytest.mark.parametrize(
    ("first", "is_answered"),
    [
        (request("INVITE", 5, callee_tag="b", body=sdp()), True),
        (request("UPDATE", 5, callee_tag="b", body=sdp()), True),
        (request("ACK", 5, callee_tag="b", body=sdp()), True),
        (response(200, number=5, callee_tag="b", body=sdp("10.0.0.2", 5000)), True),
        (response(180, number=5, callee_tag="b"), False),
    ],
    ids=["re-INVITE", "UPDATE", "ACK with SDP", "200", "180"],
)
def test_a_call_that_was_up_before_we_looked_is_joined_late(first, is_answered):
    wire = Wire()
    wire.pass_by(first) if first.is_request else wire.back(first)
    assert [one.answered for one in wire.of(JoinedLate)] == [is_answered]
    wire.back(request("BYE", 9, by_callee=True, callee_tag="b"))
    assert [(one.by, one.answered) for one in wire.of(Ended)] == [(Side.CALLEE, is_answered)]


def test_of_a_call_joined_by_its_reinvite_both_descriptions_are_learnt():
    wire = Wire()
    wire.pass_by(request("INVITE", 5, callee_tag="b", body=sdp()))
    wire.back(response(200, number=5, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    assert (ports(wire, Side.CALLER), ports(wire, Side.CALLEE)) == ([4000], [5000])


@pytest.mark.parametrize(
    "first",
    [
        request("ACK", callee_tag="b"),
        request("INFO", callee_tag="b"),
        response(100),
        response(486, callee_tag="b"),
        request("OPTIONS"),
        response(200, "BYE", callee_tag="b"),
        request("CANCEL"),
    ],
)
def test_what_proves_no_call_begins_none(first):
    wire = Wire()
    assert wire.pass_by(first) == []


def test_an_answer_that_overtakes_its_invite_is_one_call():
    wire = Wire()
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.pass_by(request("INVITE", body=sdp()))
    assert wire.kinds() == ["JoinedLate", "MediaDescribed", "MediaDescribed"]
    assert ports(wire, Side.CALLER) == [4000]


def test_digits_by_info_are_told_once_each():
    wire = answered()
    for number, text in (
        (10, b"Signal=5\r\nDuration=160\r\n"),
        (11, b"Signal= *\r\n"),
        (12, b"Signal=11\r\nDuration=80"),
    ):
        for _ in range(2):
            wire.pass_by(request("INFO", number, callee_tag="b", body=text, kind="application/dtmf-relay"))
    wire.back(request("INFO", 3, by_callee=True, callee_tag="b", body=b"7", kind="application/dtmf"))
    assert [(one.side, one.digit, one.duration_ms) for one in wire.of(Dtmf)] == [
        (Side.CALLER, "5", 160),
        (Side.CALLER, "*", 0),
        (Side.CALLER, "#", 80),
        (Side.CALLEE, "7", 0),
    ]


def test_transfers_are_noted_blind_and_attended():
    wire = answered()
    wire.pass_by(request("REFER", 2, callee_tag="b", extra=("Refer-To: <sip:300@carol.test>",)))
    attended = "Refer-To: <sip:400@dave.test?Replaces=other%40host%3Bto-tag%3Dx%3Bfrom-tag%3Dy>"
    wire.back(request("REFER", 3, by_callee=True, callee_tag="b", extra=(attended,)))
    assert [(one.side, one.target, one.replaces) for one in wire.of(TransferAsked)] == [
        (Side.CALLER, "sip:300@carol.test", ""),
        (Side.CALLEE, "sip:400@dave.test", "other@host"),
    ]


def test_a_replaced_dialog_is_named_with_its_key():
    wire = answered()
    key = wire.of(Started)[0].key
    header = ("Replaces: call-1@test;to-tag=b;from-tag=a",)
    wire.pass_by(request("INVITE", call_id="call-2@test", caller_tag="z", body=sdp(), extra=header))
    assert [(one.other_call_id, one.other_key) for one in wire.of(Replaces)] == [("call-1@test", key)]


def test_two_dialogs_of_one_call_id_are_two_calls():
    wire = Wire()
    wire.pass_by(request("INVITE", caller_tag="a", body=sdp()))
    wire.pass_by(request("INVITE", caller_tag="z", body=sdp("10.0.0.9", 9000)), PROXY, CAROL)
    wire.back(response(200, caller_tag="z", callee_tag="c"), CAROL, PROXY)
    first, second = wire.of(Started)
    assert wire.of(Answered)[0].key == second.key != first.key


def test_peers_that_echo_the_same_tag_are_told_apart_by_address():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(200, callee_tag="a", body=sdp("10.0.0.2", 5000)))
    wire.back(request("BYE", 5, by_callee=True, callee_tag="a"))
    assert wire.of(Ended)[0].by is Side.CALLEE


def test_a_bye_before_the_answer_ends_an_unanswered_call():
    wire = Wire()
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(180, callee_tag="b"))
    wire.pass_by(request("BYE", 2, callee_tag="b"))
    assert (wire.of(Ended)[0].cause, wire.of(Ended)[0].answered) == (Cause.BYE, False)


def test_a_bye_that_was_not_seen_is_known_by_its_answer():
    wire = answered()
    wire.back(response(200, "BYE", 2, callee_tag="b"))
    assert wire.of(Ended)[0].by is Side.CALLER


def test_memory_is_bounded_and_unanswered_calls_go_first():
    wire = Wire(max_calls=3)
    wire.pass_by(request("INVITE", call_id="up", body=sdp()))
    wire.back(response(200, call_id="up", callee_tag="b"))
    for number in range(10):
        wire.pass_by(request("INVITE", call_id=f"flood-{number}", body=sdp()))
    assert len(wire.tracker) == 3
    assert {one.cause for one in wire.of(Ended)} == {Cause.EVICTED}
    assert "up" not in {one.call_id for one in wire.of(Ended)}


def test_one_call_id_cannot_hold_the_tracker_busy():
    wire = Wire()
    for number in range(100):
        wire.pass_by(request("INVITE", caller_tag=f"t{number}"))
    assert len(wire.tracker) == 8


def test_a_clock_that_is_set_ends_no_call():
    wire = answered(session_timeout_s=600)
    wire.pass_by(request("INVITE", call_id="ringing"))
    jump_ns = 86400 * SECOND_NS
    wire.tracker.shift(jump_ns)
    wire.now_ns += jump_ns
    assert wire.wait(1) == []
    assert [one.cause for one in wire.wait(700)] == [Cause.NO_ANSWER, Cause.SILENT]


def test_an_unreadable_description_is_counted_and_the_call_goes_on():
    wire = Wire()
    wire.pass_by(request("INVITE", body=b"m=audio none RTP/AVP 0\r\n"))
    wire.back(response(200, callee_tag="b"))
    wire.pass_by(request("BYE", 2, callee_tag="b"))
    assert wire.kinds() == ["Started", "Answered", "Ended"]
    assert wire.tracker.unreadable_sdp == 1


def test_ringing_is_told_once_with_its_code():
    wire = Wire()
    wire.pass_by(request("INVITE"))
    wire.back(response(100))
    wire.back(response(181, callee_tag="b"))
    wire.back(response(180, callee_tag="b"))
    assert [one.status_code for one in wire.of(Ringing)] == [181]
    assert [one.status_code for one in wire.of(Redirected)] == [181]


def test_byes_of_calls_that_never_were_fill_no_ledger_and_are_counted():
    wire = Wire(max_joined=3)
    for number in range(10):
        wire.pass_by(request("BYE", 2, call_id=f"{number}@x", callee_tag="b"))
    assert len(wire.of(JoinedLate)) == 3
    assert wire.tracker.unjoined == 7
    wire.wait(2)
    for number in range(10, 15):
        wire.pass_by(request("BYE", 2, call_id=f"{number}@x", callee_tag="b"))
    assert len(wire.of(JoinedLate)) == 3 + 2
    wire.pass_by(request("INVITE", call_id="real@x", body=sdp()))
    assert len(wire.of(Started)) == 1
