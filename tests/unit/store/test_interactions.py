"""Conversations in the index: joined whenever the tie between their calls becomes known."""

import json
from datetime import timedelta

import msgspec
import pytest

from appliance.domain.access import EVERYTHING
from appliance.domain.interaction import Relation, RelationKind
from appliance.store import calls
from appliance.store.calls import CallFilter
from appliance.store.database import open_database
from tests.rigs.records import NOON, make_record


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


def record(name, at_s=0, *, interaction="", related=(), **more):
    ties = [
        Relation(
            kind=RelationKind.REPLACES,
            at=NOON + timedelta(seconds=at_s),
            call_id="" if "@" in other else other,
            sip_call_id=other if "@" in other else "",
        )
        for other in related
    ]
    facts = {
        "call_id": name,
        "sip_call_id": f"{name}@x",
        "interaction_id": interaction or name,
        "related": ties,
    }
    return make_record(at=NOON + timedelta(seconds=at_s), **(facts | more))


def found(database):
    page = calls.find(database, CallFilter(page_size=100), scope=EVERYTHING)
    return {row.call_id: row.interaction_id for row in page.calls}


def test_a_call_that_names_an_archived_one_joins_its_conversation(database):
    calls.index_all(database, [record("a"), record("b", interaction="a"), record("x")])
    calls.index(database, record("c", 9, related=["b"]))
    assert found(database) == {"a": "a", "b": "a", "c": "a", "x": "x"}


def test_two_conversations_that_were_archived_apart_become_one(database):
    calls.index_all(database, [record("a"), record("b", interaction="a")])
    calls.index_all(database, [record("m", 5), record("n", 6, interaction="m")])
    calls.index(database, record("z", 9, related=["n", "a"]))
    assert set(found(database).values()) == {"a"}


def test_the_call_that_is_named_may_be_archived_later(database):
    calls.index(database, record("b", 9, related=["a@x"]))
    assert found(database) == {"b": "b"}
    calls.index(database, record("a", 0))
    assert found(database) == {"a": "a", "b": "a"}


def test_a_record_with_an_id_that_was_merged_meanwhile_follows(database):
    calls.index(database, record("m", 5))
    calls.index(database, record("z", 9, related=["m", "a"]))
    calls.index(database, record("n", 6, interaction="m"))
    assert found(database) == {"m": "a", "n": "a", "z": "a"}


def test_a_call_whose_own_id_was_merged_before_it_came_follows(database):
    calls.index(database, record("z", 9, related=["m", "a"]))
    calls.index(database, record("m", 5))
    assert found(database) == {"m": "a", "z": "a"}


def test_indexing_again_does_not_take_a_call_out_of_its_conversation(database):
    first = record("a")
    calls.index_all(database, [first, record("b", 9)])
    calls.index(database, record("c", 10, related=["a", "b"]))
    calls.index(database, record("b", 9))
    calls.index(database, first)
    assert set(found(database).values()) == {"a"}


def test_a_namesake_of_another_day_is_another_call(database):
    old = record("a", 0, sip_call_id="same@x")
    old.manifest.call.started_at = NOON - timedelta(days=2)
    calls.index(database, old)
    calls.index(database, record("b", 9, related=["same@x"]))
    assert found(database) == {"a": "a", "b": "b"}


def test_no_call_joins_another_by_an_empty_name(database):
    calls.index_all(database, [record("a", sip_call_id=""), record("b", 1, sip_call_id="")])
    calls.index(database, record("c", 2, sip_call_id="", related=[]))
    assert found(database) == {"a": "a", "b": "b", "c": "c"}


def test_a_rebuild_joins_them_again(layout, database):
    for made in (record("b", 9, related=["a@x"]), record("a"), record("m", 20, related=["b"])):
        path = layout.archive / "2026/11/21" / f"{made.call.call_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(made))
    assert calls.rebuild(database, [layout.archive]).indexed == 3
    assert found(database) == {"a": "a", "b": "a", "m": "a"}
    for path in (layout.archive / "2026/11/21").iterdir():
        path.unlink()
    calls.rebuild(database, [layout.archive])
    assert found(database) == {}
    assert database.number("SELECT count(*) FROM merged") == 0
    assert database.number("SELECT count(*) FROM ties") == 0


def test_the_legs_of_a_conversation_come_with_what_they_know_of_each_other(database):
    calls.index_all(database, [record("a"), record("b", 9, related=["a"]), record("x")])
    for name in ("a", "b"):
        legs = calls.legs(database, name, scope=EVERYTHING)
        assert [leg.row.call_id for leg in legs] == ["a", "b"]
        assert legs[0].related == []
        assert [relation.call_id for relation in legs[1].related] == ["a"]
    assert calls.legs(database, "nobody", scope=EVERYTHING) == []


def test_a_record_of_an_older_release_has_no_relations(database):
    old = json.loads(msgspec.json.encode(record("a")))
    assert "related" not in old["manifest"]["call"]
