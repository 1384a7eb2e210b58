"""Whatever the order of indexing, the index holds the same conversations, as naive joining would make them."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.interaction import Relation, RelationKind, tree
from appliance.store import calls
from appliance.store.calls import CallFilter
from appliance.store.database import open_database
from appliance.store.models import Calls, Merged
from tests.rigs.records import NOON, make_record

NAMES = [f"{number:02}" for number in range(8)]
SPEC = st.tuples(
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.booleans(), st.sampled_from(NAMES)), max_size=3),
)
SPECS = st.dictionaries(st.sampled_from(NAMES), SPEC, min_size=1)


def record(name, spec):
    interaction, ties = spec
    related = [
        Relation(kind=RelationKind.REPLACES, at=NOON, call_id=other) if by_ours
        else Relation(kind=RelationKind.REPLACES, at=NOON, sip_call_id=f"{other}@x")
        for by_ours, other in ties
    ]  # fmt: skip
    return make_record(
        call_id=name,
        sip_call_id=f"{name}@x",
        at=NOON + timedelta(seconds=int(name)),
        interaction_id=min(interaction, name),
        related=related,
    )


def naive(specs):
    """The ids of each call's conversation by joining sets until nothing changes."""
    groups = [{name, min(spec[0], name)} for name, spec in specs.items()]
    groups += [
        {name, other}
        for name, (_, ties) in specs.items()
        for by_ours, other in ties
        if by_ours or other in specs
    ]
    changed = True
    while changed:
        changed = False
        for group in groups:
            for other in groups:
                if group & other and group != other:
                    group.update(other)
                    other.update(group)
                    changed = True
    return {name: min(next(group for group in groups if name in group)) for name in specs}


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(specs=SPECS, data=st.data())
def test_the_order_of_indexing_makes_no_difference(tmp_path, specs, data):
    layout = Layout(tmp_path / "data").make()
    order = data.draw(st.permutations(list(specs)))
    again = data.draw(st.lists(st.sampled_from(order), max_size=3))
    database = open_database(layout)
    try:
        with database.write():
            database.run(Calls.delete())
            database.run(Merged.delete())
        for name in (*order, *again):
            calls.index(database, record(name, specs[name]))
        page = calls.find(database, CallFilter(page_size=100), scope=EVERYTHING)
    finally:
        database.close()
    assert {row.call_id: row.interaction_id for row in page.calls} == naive(specs)


@given(specs=SPECS, data=st.data())
def test_a_tree_holds_every_call_once_and_parents_first(specs, data):
    members = [record(name, spec).call for name, spec in data.draw(st.permutations(list(specs.items())))]
    seen = []
    for branch in tree(members):
        assert (branch.parent == "") == (branch.depth == 0) == (not seen)
        assert not branch.parent or branch.parent in seen
        seen.append(branch.call_id)
    assert sorted(seen) == sorted(specs)
