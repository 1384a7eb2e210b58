"""Calls that are over: remembered as long as something may trickle in, and no longer."""

from appliance.sip.tracked import MEMORY_NS, EndedCalls, Seen, TrackedCall
from tests.rigs.sipwire import ALICE, BOB, SECOND_NS, request

HOUR_NS = 3600 * SECOND_NS


def call(name: str) -> TrackedCall:
    return TrackedCall(1, Seen(request("INVITE", call_id=name), 0, "UDP", ALICE, BOB))


def test_calls_are_forgotten_when_nothing_can_come_any_more():
    ended = EndedCalls(max_calls=1000, doubt_ns=HOUR_NS)
    for second in range(500):
        ended.remember(call(f"certain-{second}"), second * SECOND_NS, is_certain=True)
    assert len(ended) == MEMORY_NS // SECOND_NS + 1


def test_a_doubtful_end_is_remembered_longer_but_never_more_calls_than_may_be():
    ended = EndedCalls(max_calls=100, doubt_ns=HOUR_NS)
    ended.remember(call("doubtful"), 0, is_certain=False)
    for second in range(99):
        ended.remember(call(f"certain-{second}"), second * SECOND_NS, is_certain=True)
    assert ended.absorbs(request("BYE", 2, call_id="doubtful"), HOUR_NS)
    ended.remember(call("one too many"), 99 * SECOND_NS, is_certain=True)
    assert not ended.absorbs(request("BYE", 2, call_id="doubtful"), HOUR_NS)
    assert len(ended) == MEMORY_NS // SECOND_NS + 1
