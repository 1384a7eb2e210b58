"""Whatever passes in whatever order: the tracker never raises, and every call begins once and ends once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.sip.dialog import Tracker
from appliance.sip.events import Ended, Event, JoinedLate, Started
from tests.rigs.sipwire import ALICE, BOB, CAROL, PROXY, SECOND_NS, START_NS, request, response, sdp

TAGS = st.sampled_from(["", "a", "b", "c"])
BODIES = st.sampled_from(
    [
        b"",
        sdp(),
        sdp("10.0.0.2", 5000),
        sdp("10.0.0.9", 9000, direction="sendonly"),
        sdp("0.0.0.0"),
        sdp(port=0),
        b"m=audio x",
        b"Signal=1\r\n",
    ]
)
PLACES = st.sampled_from([ALICE, BOB, CAROL, PROXY])
COMMON = {
    "caller_tag": TAGS,
    "callee_tag": TAGS,
    "by_callee": st.booleans(),
    "branches": st.sampled_from([("z9hG4bK-1",), ("z9hG4bK-2",), ("z9hG4bK-p", "z9hG4bK-1"), ("old",)]),
    "call_id": st.sampled_from(["one", "two"]),
    "body": BODIES,
    "kind": st.sampled_from(["application/sdp", "application/dtmf-relay"]),
    "extra": st.sampled_from(
        [(), ("Session-Expires: 90",), ("Replaces: one;to-tag=a;from-tag=b",), ("Refer-To: <sip:x@y>",)]
    ),
}
METHODS = ["INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "INFO", "REFER", "OPTIONS"]


@st.composite
def messages(draw):
    more = {name: draw(values) for name, values in COMMON.items()}
    method = draw(st.sampled_from(METHODS))
    number = draw(st.integers(1, 3))
    if draw(st.booleans()):
        return request(method, number, **more)
    return response(
        draw(st.sampled_from([100, 180, 181, 183, 200, 302, 401, 481, 486, 487, 491, 603])),
        method,
        number,
        **more,
    )


STEPS = st.lists(
    st.tuples(messages(), PLACES, PLACES, st.sampled_from([0, 1, 10, 40, 300]))
    | st.sampled_from(["tick", "shift", "touch", "end"]),
    max_size=40,
)


def check(events: list[Event]) -> None:
    begun: dict[int, str] = {}
    ended: set[int] = set()
    for event in events:
        if isinstance(event, Started | JoinedLate):
            assert event.key not in begun
            begun[event.key] = event.call_id
        assert begun[event.key] == event.call_id, "an event of a call that has not begun"
        assert event.key not in ended, "an event after the end"
        if isinstance(event, Ended):
            ended.add(event.key)
    assert ended == set(begun)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.integers(1, 4))
def test_every_call_begins_once_and_ends_once_whatever_passes(steps, max_calls):
    tracker = Tracker(setup_timeout_s=60, session_timeout_s=200, max_calls=max_calls)
    now_ns = START_NS
    events: list[Event] = []
    for step in steps:
        if step == "tick":
            events += tracker.tick(now_ns)
        elif step == "shift":
            tracker.shift(3 * SECOND_NS)
            now_ns += 3 * SECOND_NS
        elif step == "touch" and events:
            tracker.touch(events[-1].key, now_ns)
        elif step == "end" and events:
            events += tracker.end(events[-1].key, now_ns)
        elif isinstance(step, tuple):
            message, source, destination, after_s = step
            now_ns += after_s * SECOND_NS
            events += tracker.feed(message, now_ns, "udp", source, destination)
        assert len(tracker) <= max_calls
    for _ in range(4):
        now_ns += 400 * SECOND_NS
        events += tracker.tick(now_ns)
    assert len(tracker) == 0
    check(events)


def whole_call(call_id, tag):
    more = {"call_id": call_id, "caller_tag": "a"}
    return [
        (request("INVITE", body=sdp(), **more), ALICE, BOB),
        (response(401, callee_tag="x", **more), BOB, ALICE),
        (request("ACK", callee_tag="x", **more), ALICE, BOB),
        (request("INVITE", 2, branches=("z9hG4bK-2",), body=sdp(), **more), ALICE, BOB),
        (response(180, number=2, callee_tag=tag, branches=("z9hG4bK-2",), **more), BOB, ALICE),
        (
            response(
                200, number=2, callee_tag=tag, branches=("z9hG4bK-2",), body=sdp("10.0.0.2", 5000), **more
            ),
            BOB,
            ALICE,
        ),
        (request("ACK", 2, callee_tag=tag, branches=("z9hG4bK-3",), **more), ALICE, BOB),
        (
            request("INVITE", 9, by_callee=True, callee_tag=tag, body=sdp("10.0.0.2", 5002), **more),
            BOB,
            ALICE,
        ),
        (response(200, number=9, by_callee=True, callee_tag=tag, body=sdp(), **more), ALICE, BOB),
        (request("BYE", 3, callee_tag=tag, **more), ALICE, BOB),
        (response(200, "BYE", 3, callee_tag=tag, **more), BOB, ALICE),
    ]


@settings(deadline=None)
@given(st.permutations(whole_call("one", "b") + whole_call("two", "b")))
def test_a_call_whose_messages_are_shuffled_still_ends_once(steps):
    tracker = Tracker(setup_timeout_s=60, session_timeout_s=200)
    events: list[Event] = []
    now_ns = START_NS
    for message, source, destination in steps:
        now_ns += SECOND_NS // 100
        events += tracker.feed(message, now_ns, "udp", source, destination)
    events += tracker.tick(now_ns + 400 * SECOND_NS)
    check(events)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10), max_size=30))
def test_losing_and_repeating_messages_in_order_never_makes_a_second_call(doubled):
    tracker = Tracker(setup_timeout_s=60, session_timeout_s=200)
    events: list[Event] = []
    now_ns = START_NS
    for index, (message, source, destination) in enumerate(whole_call("one", "b")):
        for _ in range(1 + doubled.count(index)):
            now_ns += SECOND_NS // 100
            events += tracker.feed(message, now_ns, "udp", source, destination)
    assert sum(isinstance(event, Started | JoinedLate) for event in events) == 1
    check(events)
