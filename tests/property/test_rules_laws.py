"""Laws of the recording rules and of the control of a recording, whatever is asked of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.bundle import Manifest
from appliance.domain.call import Call, Direction, Party
from appliance.domain.control import (
    Control,
    ControlState,
    Course,
    Verb,
    advance,
    heard,
    present,
    replay,
)
from appliance.domain.ledger import Reason
from appliance.domain.policy import Action, CallFacts, Rule, Rules, Schedule, Span, decide, pattern

START = datetime(2026, 11, 21, 12, tzinfo=UTC)

numbers = st.text("0123456789+", min_size=1, max_size=8)
patterns = st.builds(
    lambda digits, kind: pattern({"exact": digits, "prefix": f"{digits}*", "suffix": f"*{digits}"}[kind]),
    st.text("0123456789", min_size=1, max_size=4),
    st.sampled_from(("exact", "prefix", "suffix")),
)
lists = st.lists(patterns, max_size=3).map(tuple)
facts = st.builds(
    lambda caller, callee, direction: CallFacts(
        caller, callee, (caller,), (callee,), ("10.0.0.1", 5060), ("10.0.0.2", 5060), direction
    ),
    numbers,
    numbers,
    st.sampled_from(Direction),
)
schedules = st.builds(
    lambda begin, length: Schedule("s", (Span(begin, length),), UTC),
    st.integers(0, 7 * 1440 - 1),
    st.integers(1, 1440),
)
rules = st.builds(
    Rules,
    by_keys=st.booleans(),
    look_back=st.booleans(),
    licensed_calls=st.integers(0, 3),
    bound=st.none() | st.dictionaries(st.text("0123456789", min_size=1, max_size=3), st.integers(1, 9)),
    blacklist=lists,
    allowed=st.none() | lists,
    hours=st.none() | schedules,
    rules=st.lists(
        st.builds(
            Rule,
            name=st.sampled_from(("a", "b")),
            action=st.sampled_from(Action),
            numbers=lists,
            schedule=st.none() | schedules,
            sample_pct=st.floats(0, 100),
        ),
        max_size=3,
    ).map(tuple),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
dice = st.floats(0, 1, exclude_max=True)
live = st.integers(0, 5)


@given(facts, rules, moments, dice, live)
def test_a_decision_is_whole_and_always_the_same(asked, book, at, thrown, others):
    found = decide(asked, book, at, thrown, others)
    assert found == decide(asked, book, at, thrown, others)
    assert (found.reason is None) is (found.action is not Action.IGNORE)
    assert "{" not in found.explain("en").replace(asked.caller, "").replace(asked.callee, "")


@given(facts, rules, moments, dice, live)
def test_what_is_blacklisted_is_never_recorded(asked, book, at, thrown, others):
    if any(one.meets((*asked.caller_forms, *asked.callee_forms)) for one in book.blacklist):
        assert decide(asked, book, at, thrown, others).action is Action.IGNORE


@given(facts, rules, moments, dice, live)
def test_no_more_than_the_licence_are_recorded(asked, book, at, thrown, others):
    found = decide(asked, book, at, thrown, others)
    if book.licensed_calls and others >= book.licensed_calls:
        assert found.action is Action.IGNORE
    free = decide(asked, book._replace(licensed_calls=0), at, thrown, others)
    assert found == free or found.reason is Reason.LICENCE


@given(facts, rules, moments, dice, st.integers(0, 2))
def test_a_rule_that_is_out_of_the_question_changes_nothing(asked, book, at, thrown, where):
    never = Rule("never", Action.RECORD, trunks=(("192.0.2.1", 0),))
    more = book._replace(rules=(*book.rules[:where], never, *book.rules[where:]))
    assert decide(asked, more, at, thrown, 0) == decide(asked, book, at, thrown, 0)


orders = st.lists(st.tuples(st.sampled_from(Verb), st.integers(0, 3000)), max_size=12).map(
    lambda rows: [
        Control(
            at=START + timedelta(milliseconds=sum(gap for _, gap in rows[: index + 1])), verb=verb, by="x"
        )
        for index, (verb, _) in enumerate(rows)
    ]
)
begins = st.sampled_from((ControlState.EXCLUDED, ControlState.IDLE, ControlState.RECORDING))


@given(begins, orders)
def test_a_recording_starts_and_stops_once(begun, given_orders):
    course, starts, stops = Course(begun), 0, 0
    for order in given_orders:
        after = advance(course, order.verb)
        if isinstance(after, Course):
            starts += order.verb is Verb.START
            stops += order.verb is Verb.STOP
            assert course.state is not ControlState.DISCARDED
            assert not (course.kept and order.verb is Verb.DISCARD)
            course = after
    assert starts <= 1
    assert stops <= 1
    assert course == replay(begun, given_orders)


@given(begins, orders)
def test_what_is_offered_is_obeyed_and_nothing_else(begun, given_orders):
    course = replay(begun, given_orders)
    offered = present(course).verbs
    for verb in Verb:
        assert isinstance(advance(course, verb), Course) is (verb in offered)
    if begun is ControlState.EXCLUDED:
        assert offered == ()


@given(begins, orders, st.booleans())
def test_pauses_lie_in_order_between_beginning_and_end(begun, given_orders, look_back):
    found = heard(begun, given_orders, look_back=look_back)
    state = replay(begun, given_orders).state
    assert (found is None) is (state in (ControlState.EXCLUDED, ControlState.IDLE, ControlState.DISCARDED))
    if found is None:
        return
    assert (found.begins_at is None) is (look_back or begun is ControlState.RECORDING)
    assert (found.ends_at is None) is (state is not ControlState.STOPPED)
    edges = [found.begins_at] if found.begins_at else []
    for begin, end in found.pauses:
        edges += [begin] if end is None else [begin, end]
    edges += [found.ends_at] if found.ends_at else []
    assert edges == sorted(edges)
    assert sum(end is None for _, end in found.pauses) == (state is ControlState.PAUSED)


@given(st.sampled_from(Action), orders, st.booleans())
def test_a_call_is_heard_or_its_row_says_why_not(action, given_orders, look_back):
    policy = decide(CallFacts(), Rules(rules=(Rule("r", action),), look_back=look_back), START, 0.0, 0)
    call = Call(
        call_id="c", sip_call_id="s", interaction_id="c", caller=Party(), callee=Party(), started_at=START
    )
    manifest = Manifest(call=call, policy=policy, control=given_orders)
    assert (manifest.heard is None) is (manifest.withheld is not None)
    assert manifest.withheld in (None, Reason.POLICY, Reason.NOT_STARTED, Reason.DISCARDED)
