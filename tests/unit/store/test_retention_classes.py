"""Classes of retention: the first whose conditions are met is a recording's own, and walks are oldest first."""

from datetime import timedelta

import msgspec
import pytest

from appliance.core.errors import Invalid
from appliance.domain.call import Direction
from appliance.domain.ledger import Reason
from appliance.domain.policy import Action, Decision, Ground
from appliance.settings import storage
from appliance.settings.retention import Retention
from appliance.store import annotations, calls, departments, directory, holds, retention
from appliance.store.database import open_database
from appliance.store.directory import Entry
from tests.rigs.records import NOON, make_record


@pytest.fixture
def database(layout):
    opened = open_database(layout)
    yield opened
    opened.close()


def classes(database, *given, **rest):
    settings = msgspec.convert({"classes": list(given), **rest}, Retention)
    return retention.classes(database, settings)


def names(database, one):
    return [kept.call_id for kept in retention.oldest(database, one)]


def record(database, name, hours_ago=0, **more):
    rule = more.pop("rule", "")
    made = make_record(at=NOON - timedelta(hours=hours_ago), call_id=name, **more)
    if rule:
        made.manifest.policy = Decision(action=Action.RECORD, ground=Ground.RULE, rule=rule)
    calls.index(database, made)


def test_every_recording_is_in_exactly_one_class_the_first_that_fits(database):
    company = departments.create(database, "Company", None).id
    sales = departments.create(database, "Sales", company).id
    directory.put(database, [Entry("2001", department_id=sales, is_extension=True)])
    record(database, "a", 9, callee="1001", direction=Direction.INCOMING)
    record(database, "b", 8, callee="2001")
    record(database, "c", 7, caller="2001", callee="3456", rule="Hot line")
    record(database, "d", 6, rule="Hot line", direction=Direction.OUTGOING)
    record(database, "e", 5)
    record(database, "f", 4, reason=Reason.BUSY)
    annotations.add_tag(database, "e", "gold", "eva", NOON)
    annotations.add_tag(database, "b", "gold", "eva", NOON)
    found = classes(
        database,
        {"name": "tagged", "tags": ["gold"]},
        {"name": "off", "enabled": False, "directions": ["incoming", "outgoing", "unknown"]},
        {"name": "sales", "departments": ["Company"]},
        {"name": "begun", "extensions": ["10*", "+3456"], "directions": ["incoming"]},
        {"name": "rule", "rules": ["Hot line"]},
    )
    by_name = {one.policy.name: names(database, one) for one in found}
    assert by_name == {"tagged": ["b", "e"], "sales": ["c"], "begun": ["a"], "rule": ["d"], "": []}
    together = [(policy.name, kept.call_id) for policy, kept in retention.oldest_of_all(database, found)]
    assert together == [("begun", "a"), ("tagged", "b"), ("sales", "c"), ("rule", "d"), ("tagged", "e")]


def test_a_class_knows_what_it_holds(database):
    for place in range(5):
        record(database, f"c{place}", place, size=100)
    holds.hold(database, "c4", "case", "eva", NOON)
    (rest,) = classes(database, keep_days=30)
    held = retention.holding(database, rest)
    assert (held.calls, held.bytes, held.held) == (5, 500, 1)
    assert (held.oldest, held.newest) == (NOON - timedelta(hours=4), NOON)
    assert retention.holding(database, rest, NOON - timedelta(hours=1)).calls == 2
    assert [kept.call_id for kept in retention.oldest(database, rest) if kept.held] == ["c4"]
    assert sum(retention.daily_bytes(database).values()) == 500


def test_a_long_walk_passes_each_recording_once_while_they_go(database):
    calls.index_all(database, [make_record(at=NOON, call_id=f"c{place:05d}") for place in range(2500)])
    (rest,) = classes(database)
    seen = []
    for kept in retention.oldest(database, rest):
        seen.append(kept.call_id)
        if len(seen) % 2:
            database.execute("DELETE FROM calls WHERE call_id = ?", (kept.call_id,))
    assert seen == [f"c{place:05d}" for place in range(2500)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (
            {"classes": [{"name": "a", "tags": ["x"]}, {"name": "a", "tags": ["y"]}]},
            "retention.classes[1].name",
        ),
        ({"classes": [{"name": "a"}]}, "retention.classes[0]"),
        (
            {"classes": [{"name": "a", "tags": ["x"], "keep_days": 5, "least_days": 6}]},
            "retention.classes[0].keep_days",
        ),
        ({"keep_days": 6, "least_days": 7}, "retention.keep_days"),
    ],
)
def test_classes_that_mean_nothing_are_refused(given, field):
    with pytest.raises(Invalid) as caught:
        storage.validate({"retention": given})
    assert caught.value.facts["field"] == field
