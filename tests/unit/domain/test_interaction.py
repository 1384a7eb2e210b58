"""The tree of a conversation: every call once, under what explains it most."""

from datetime import timedelta

import pytest

from appliance.domain.interaction import RELATION_TEXT, Member, Relation, RelationKind, tree
from tests.rigs.records import NOON


def member(name, at_s, *related):
    return Member(
        name,
        f"{name}@sip",
        NOON + timedelta(seconds=at_s),
        [
            Relation(kind=RelationKind(kind), at=NOON, call_id="" if "@" in other else other, sip_call_id=other if "@" in other else "")
            for kind, other in related
        ],
    )  # fmt: skip


def drawn(*members):
    return [(one.call_id, one.parent, one.kind and one.kind.value, one.depth) for one in tree(members)]


def test_no_call_is_no_tree_and_one_call_is_its_own():
    assert tree([]) == []
    assert drawn(member("a", 0, ("leg_of", "gone"))) == [("a", "", None, 0)]


def test_a_leg_hangs_on_the_leg_it_follows():
    assert drawn(member("c", 2, ("leg_of", "b")), member("a", 0), member("b", 1, ("leg_of", "a"))) == [
        ("a", "", None, 0),
        ("b", "a", "leg_of", 1),
        ("c", "b", "leg_of", 2),
    ]


def test_an_attended_transfer_shows_the_consultation_and_what_came_of_it():
    first, consultation = member("a", 0), member("b", 10, ("consultation", "a"))
    result = member("c", 20, ("replaces", "b"), ("transferred_from", "a"))
    assert drawn(result, consultation, first) == [
        ("a", "", None, 0),
        ("b", "a", "consultation", 1),
        ("c", "a", "transferred_from", 1),
    ]


def test_a_tie_noted_in_the_earlier_call_counts_for_the_later_one():
    assert drawn(member("a", 0, ("consultation", "b@sip")), member("b", 10)) == [
        ("a", "", None, 0),
        ("b", "a", "consultation", 1),
    ]


def test_a_call_without_a_tie_hangs_on_the_first():
    assert drawn(member("a", 0), member("b", 1), member("c", 2)) == [
        ("a", "", None, 0),
        ("b", "a", "leg_of", 1),
        ("c", "a", "leg_of", 1),
    ]


def test_calls_that_name_each_other_or_themselves_are_drawn_once():
    members = (
        member("a", 0, ("replaces", "b"), ("leg_of", "a")),
        member("b", 0, ("replaces", "a"), ("leg_of", "b@sip")),
    )
    assert drawn(*members) == [("a", "", None, 0), ("b", "a", "replaces", 1)]


@pytest.mark.parametrize("kind", RelationKind)
def test_every_relation_has_a_text(kind):
    assert RELATION_TEXT[kind].en
    assert RELATION_TEXT[kind].zh
