"""What the recording rules decide, row by row."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from appliance.domain.call import Direction
from appliance.domain.control import ControlState
from appliance.domain.ledger import Reason
from appliance.domain.policy import (
    GROUND_TEXT,
    Action,
    CallFacts,
    Decision,
    Ground,
    HeaderCondition,
    Rule,
    Rules,
    Schedule,
    Span,
    bound,
    decide,
    pattern,
)

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = 24 * 60
FACTS = CallFacts(
    caller="5039",
    callee="+861380013",
    caller_forms=("5039",),
    callee_forms=("+861380013", "+86 138 0013"),
    source=("10.0.0.1", 5060),
    destination=("10.0.0.9", 5070),
    direction=Direction.OUTGOING,
    headers={"x-queue": ("Sales-North",)},
)
OFFICE = Schedule("office", tuple(Span(day * DAY + 9 * 60, 8 * 60) for day in range(5)), UTC)
NIGHT = Schedule("sunday night", (Span(6 * DAY + 23 * 60, 120),), UTC)


def rule(**conditions: object) -> Rules:
    return Rules(rules=(Rule("r", Action.IGNORE, **conditions),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "action", "ground"),
    [
        (Rules(), Action.RECORD, Ground.MODE_ALL),
        (Rules(by_keys=True), Action.ON_DEMAND, Ground.MODE_KEYS),
        (Rules(blacklist=(pattern("5039"),)), Action.IGNORE, Ground.BLACKLIST),
        (Rules(blacklist=(pattern("50*"),)), Action.IGNORE, Ground.BLACKLIST),
        (Rules(blacklist=(pattern("*0013"),)), Action.IGNORE, Ground.BLACKLIST),
        (Rules(blacklist=(pattern("86138*"),)), Action.IGNORE, Ground.BLACKLIST),
        (Rules(blacklist=(pattern("503"), pattern("*503"), pattern("39*"))), Action.RECORD, Ground.MODE_ALL),
        (Rules(allowed=()), Action.IGNORE, Ground.NOT_ALLOWED),
        (Rules(allowed=(pattern("*39"),)), Action.RECORD, Ground.MODE_ALL),
        (Rules(allowed=(pattern("*39"),), blacklist=(pattern("5039"),)), Action.IGNORE, Ground.BLACKLIST),
        (Rules(bound={}), Action.IGNORE, Ground.NOT_BOUND),
        (Rules(bound={"5039": 4}), Action.RECORD, Ground.MODE_ALL),
        (Rules(pbx=(("10.0.0.9", 0),)), Action.RECORD, Ground.MODE_ALL),
        (Rules(pbx=(("10.0.0.9", 5060),)), Action.IGNORE, Ground.OTHER_PBX),
        (Rules(hours=OFFICE), Action.RECORD, Ground.MODE_ALL),
        (Rules(hours=NIGHT), Action.IGNORE, Ground.OUT_OF_HOURS),
        (rule(), Action.IGNORE, Ground.RULE),
        (rule(numbers=(pattern("*13"),)), Action.IGNORE, Ground.RULE),
        (rule(callers=(pattern("*13"),)), Action.RECORD, Ground.MODE_ALL),
        (rule(callees=(pattern("*13"),)), Action.IGNORE, Ground.RULE),
        (rule(trunks=(("10.0.0.1", 5060),)), Action.IGNORE, Ground.RULE),
        (rule(trunks=(("10.0.0.1", 5061),)), Action.RECORD, Ground.MODE_ALL),
        (rule(directions=(Direction.OUTGOING,)), Action.IGNORE, Ground.RULE),
        (rule(directions=(Direction.INCOMING,)), Action.RECORD, Ground.MODE_ALL),
        (rule(header=HeaderCondition("x-queue", "sales")), Action.IGNORE, Ground.RULE),
        (rule(header=HeaderCondition("x-queue", "")), Action.IGNORE, Ground.RULE),
        (rule(header=HeaderCondition("x-other", "")), Action.RECORD, Ground.MODE_ALL),
        (rule(schedule=OFFICE), Action.IGNORE, Ground.RULE),
        (rule(schedule=NIGHT), Action.RECORD, Ground.MODE_ALL),
        (rule(callers=(pattern("5039"),), schedule=NIGHT), Action.RECORD, Ground.MODE_ALL),
    ],
)
def test_each_condition_decides_as_it_says(rules: Rules, action: Action, ground: Ground) -> None:
    found = decide(FACTS, rules, MONDAY, 0.0, 0)
    assert (found.action, found.ground) == (action, ground)
    assert (found.reason is Reason.POLICY) is (action is Action.IGNORE)


def test_the_first_rule_that_is_met_decides() -> None:
    rules = Rules(
        rules=(
            Rule("night", Action.IGNORE, schedule=NIGHT),
            Rule("sales", Action.ON_DEMAND, header=HeaderCondition("x-queue", "sales")),
            Rule("all", Action.IGNORE),
        )
    )
    assert decide(FACTS, rules, MONDAY, 0.0, 0).rule == "sales"


def test_sampling_records_a_share_of_what_meets_the_rule() -> None:
    rules = Rules(rules=(Rule("some", Action.RECORD, sample_pct=25.0),))
    found = [decide(FACTS, rules, MONDAY, number / 100, 0) for number in range(100)]
    assert sum(one.action is Action.RECORD for one in found) == 25
    assert found[99].ground is Ground.SAMPLED_OUT
    assert found[99].explain("en") == "The rule “some” records 25.0 % of its calls, and this is none of them."


def test_the_licence_only_takes_away() -> None:
    rules = Rules(licensed_calls=2, blacklist=(pattern("5039"),))
    assert decide(FACTS, rules, MONDAY, 0.0, 2).ground is Ground.BLACKLIST
    free = Rules(licensed_calls=2)
    assert decide(FACTS, free, MONDAY, 0.0, 1).action is Action.RECORD
    over = decide(FACTS, free, MONDAY, 0.0, 2)
    assert (over.reason, over.ground) == (Reason.LICENCE, Ground.LICENCE)
    assert decide(FACTS, Rules(licensed_calls=0), MONDAY, 0.0, 10**6).action is Action.RECORD


def test_licence_files_are_the_upper_bound_of_what_is_set() -> None:
    for chosen, licensed, limit in (
        (0, None, None),
        (0, 3, 3),
        (5, 3, 3),
        (2, 3, 2),
        (2, None, 2),
        (7, 0, 0),
    ):
        assert bound(chosen, licensed) == limit
    over = decide(FACTS, Rules(licensed_calls=5), MONDAY, 0.0, 3, licensed=3)
    assert over.reason is Reason.LICENCE
    assert over.facts == {"licensed": 3, "live": 3}
    assert decide(FACTS, Rules(), MONDAY, 0.0, 0, licensed=0).reason is Reason.LICENCE


def test_without_room_nothing_is_recorded_and_what_is_not_to_be_recorded_keeps_its_own_reason() -> None:
    full = decide(FACTS, Rules(), MONDAY, 0.0, 0, has_room=False)
    assert (full.action, full.reason, full.ground) == (Action.IGNORE, Reason.DISK_FULL, Ground.NO_ROOM)
    listed = Rules(blacklist=(pattern("5039"),))
    assert decide(FACTS, listed, MONDAY, 0.0, 0, has_room=False).ground is Ground.BLACKLIST


def test_a_bound_extension_gives_its_channel() -> None:
    assert decide(FACTS, Rules(bound={"861380013": 9}), MONDAY, 0.0, 0).channel == 9


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 0, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), False),
    ],
)
def test_a_window_may_reach_over_the_end_of_the_week(at: datetime, inside: bool) -> None:
    assert NIGHT.covers(at) is inside


def test_a_schedule_is_read_in_its_own_time_zone() -> None:
    east = OFFICE._replace(zone=timezone(timedelta(hours=8)))
    assert not east.covers(MONDAY)
    assert east.covers(MONDAY - timedelta(hours=8))


@pytest.mark.parametrize("ground", list(Ground))
def test_every_ground_explains_itself_with_the_facts_that_are_given(ground: Ground) -> None:
    decisions = [
        decide(FACTS, rules, MONDAY, 0.99, 5)
        for rules in (
            Rules(), Rules(by_keys=True), rule(), Rules(rules=(Rule("r", Action.RECORD, sample_pct=1.0),)),
            Rules(blacklist=(pattern("5039"),)), Rules(allowed=()), Rules(bound={}), Rules(pbx=(("1.1.1.1", 0),)),
            Rules(hours=NIGHT), Rules(licensed_calls=5),
        )
    ]  # fmt: skip
    decisions.append(decide(FACTS, Rules(), MONDAY, 0.0, 0, has_room=False))
    decisions.append(Decision(action=Action.RECORD, ground=Ground.SELF_TEST))  # before any rule is asked
    decisions.append(
        Decision(action=Action.IGNORE, ground=Ground.CHANNEL_OFF, facts={"channel": 3})
    )  # on boards
    found = next(one for one in decisions if one.ground is ground)
    assert found.explanation is GROUND_TEXT[ground]
    assert "{" not in found.explain("en") + found.explain("zh")


@pytest.mark.parametrize(
    ("action", "begun"),
    [
        (Action.RECORD, ControlState.RECORDING),
        (Action.IGNORE, ControlState.EXCLUDED),
        (Action.ON_DEMAND, ControlState.IDLE),
    ],
)
def test_the_decision_says_where_control_begins(action: Action, begun: ControlState) -> None:
    assert Decision(action=action, ground=Ground.RULE).begun is begun
