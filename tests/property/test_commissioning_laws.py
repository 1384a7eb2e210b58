from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from appliance.domain.call import Direction, Side
from appliance.domain.commissioning import CallSeen, Extension, Finding, Standing, Surroundings, judge

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NUMBERS = ["1001", "1002", "8001", "+492115551234", "02115551234", "anna", ""]

extensions = some.lists(
    some.sampled_from(["1001", "1002", "02115551234", "Anna", "٣٤", "²"]).map(
        lambda number: Extension(number=number)
    ),
    unique_by=lambda one: one.number,
)
calls = some.lists(
    some.builds(
        CallSeen,
        call_id=some.uuids().map(str),
        at=some.integers(0, 100).map(lambda minutes: NOON + timedelta(minutes=minutes)),
        caller=some.sampled_from(NUMBERS) | some.text(max_size=8),
        callee=some.sampled_from(NUMBERS),
        direction=some.sampled_from(Direction),
        is_answered=some.booleans(),
        is_over=some.booleans(),
        is_encrypted=some.booleans(),
        up_s=some.floats(0, 20),
        packets=some.dictionaries(some.sampled_from(Side), some.integers(0, 60)),
        saw_unbound=some.booleans(),
    ),
    max_size=6,
)
around = some.builds(
    Surroundings,
    is_recording=some.booleans(),
    has_link=some.booleans(),
    packets=some.integers(0, 2),
    sip=some.integers(0, 2),
    audio=some.integers(0, 2),
    finds_sip_anywhere=some.booleans(),
    knows_trunks=some.booleans(),
)


@given(extensions, calls, around)
def test_every_extension_gets_one_row_in_the_order_of_the_list(listed, seen, port):
    assert [row.extension for row in judge(listed, seen, port)] == listed


@given(extensions, calls, calls, around)
def test_later_calls_never_take_a_pass_away(listed, before, after, port):
    passed = {row.extension.number for row in judge(listed, before, port) if row.standing is Standing.PASSED}
    still = {
        row.extension.number
        for row in judge(listed, [*before, *after], port)
        if row.standing is Standing.PASSED
    }
    assert passed <= still


@given(extensions, calls, around)
def test_what_has_not_passed_says_why_or_may_still_pass(listed, seen, port):
    for row in judge(listed, seen, port):
        if row.standing is Standing.PASSED:
            assert row.causes == []
            assert not {Finding.FAILED, Finding.WAITING} & set(row.findings.values())
        elif row.standing is Standing.RUNNING:
            assert row.call is not None
            assert not row.call.is_over
        else:
            assert row.causes


@given(extensions, calls, around)
def test_the_order_in_which_calls_are_told_does_not_matter(listed, seen, port):
    standings = [row.standing for row in judge(listed, seen, port)]
    if len({call.at for call in seen}) == len(seen):
        assert [row.standing for row in judge(listed, seen[::-1], port)] == standings
