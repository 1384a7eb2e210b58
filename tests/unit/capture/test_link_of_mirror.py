"""What calls are told of a mirror port that goes down and comes back."""

from datetime import UTC, datetime

from appliance.capture.leg import Leg
from appliance.capture.origin import Origin
from appliance.capture.seen import LinkChanged
from appliance.domain.call import Call, Party
from appliance.domain.ledger import Mark
from appliance.domain.selftest import LINE


def leg_of(call_id: str) -> Leg:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return Leg(
        Call(
            call_id=call_id,
            sip_call_id=f"{call_id}@example.org",
            interaction_id=call_id,
            caller=Party(number="1"),
            callee=Party(number="2"),
            started_at=at,
        ),
        1,
        0,
    )


def test_calls_that_are_up_while_the_link_is_down_are_marked():
    origin, leg = Origin("eth1"), leg_of("0up")
    origin.take(LinkChanged(up=False, interface="eth1"), [leg])
    assert leg.marks == {Mark.CAPTURE_LOSS}
    assert not origin.is_link_up


def test_a_call_whose_invite_came_to_us_after_the_word_of_the_link_is_marked_when_it_is_back():
    """The kernel may hand over later what came before the link went down."""
    origin, leg = Origin("eth1"), leg_of("0late")
    origin.take(LinkChanged(up=False, interface="eth1"), [])
    origin.take(LinkChanged(up=True, interface="eth1"), [leg])
    assert leg.marks == {Mark.CAPTURE_LOSS}
    assert origin.is_link_up


def test_a_link_that_was_never_down_marks_nothing():
    origin, leg = Origin("eth1"), leg_of("0up")
    origin.take(LinkChanged(up=True, interface="eth1"), [leg])
    origin.take(LinkChanged(up=False, interface=LINE), [leg])
    assert leg.marks == set()
