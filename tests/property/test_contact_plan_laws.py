"""What rows do to the directory: laws that hold for any rows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.store.directory import Entry, LineKind
from appliance.store.row import number_key
from webadmin.contact_plan import (
    MOST_LETTERS,
    Book,
    ContactWish,
    contact_wishes,
    fingerprint,
    is_number,
    plan_contacts,
)
from webadmin.extension_plan import Outcome, Wish
from webadmin.extension_rows import plan_extensions
from webadmin.sheet import TableRow

BOOK = Book({1: "Firm", 2: "Firm / Sales", 3: "Firm / Office", 4: "Firm / Office / Sales"})

numbers = st.sampled_from(["1001", "1002", "+1001", "10-02", "", "=1", "x y", "alice", "9" * 65]) | st.text(
    max_size=6
)
words = st.sampled_from(["", "Alice", " Bob ", "x" * 65, "a\nb"]) | st.text(max_size=5)
places = st.sampled_from(["", "Sales", "firm/sales", "Firm / Office / SALES", "Office", "Nowhere", "/"])
kinds = st.sampled_from(["", "IP", "analog", "数字（E1）", "satellite"])
wishes = st.lists(
    st.builds(
        ContactWish,
        line=st.just(0),
        number=numbers,
        name=words,
        company=words,
        department=places,
        kind=kinds,
        note=words,
    ),
    max_size=12,
).map(lambda rows: [row._replace(line=line) for line, row in enumerate(rows)])
present = st.dictionaries(
    st.sampled_from(["1001", "1002", "alice"]),
    st.builds(
        lambda name, department, is_extension: (name, department, is_extension),
        st.sampled_from(["", "Old"]),
        st.sampled_from([None, 1, 2]),
        st.booleans(),
    ),
).map(
    lambda found: {
        number: Entry(
            number,
            name,
            department_id=department,
            is_extension=is_extension,
            kind=LineKind.E1 if is_extension else None,
        )
        for number, (name, department, is_extension) in found.items()
    }
)


@settings(deadline=None, max_examples=60)
@given(wishes, present, st.booleans())
def test_no_row_is_dropped_and_no_number_is_written_twice(rows, known, may_change):
    made = plan_contacts(rows, known, BOOK, may_change=may_change)
    assert [row.line for row in made] == [row.line for row in rows]
    taken = [row for row in made if row.outcome is not Outcome.REFUSED]
    keys = [number_key(row.entry.number) for row in taken]
    assert len(keys) == len(set(keys))
    for row in made:
        assert (row.problem is None) == (row.outcome is not Outcome.REFUSED)
        if row.problem is not None:
            assert row.problem.render("en", **row.facts)
            assert row.problem.render("zh", **row.facts)
    for row in taken:
        entry = row.entry
        assert is_number(entry.number)
        assert max(len(entry.name), len(entry.company)) <= MOST_LETTERS
        assert (entry.name + entry.company + entry.note).isprintable()
        if row.before is None:
            assert row.outcome is Outcome.ADD
        else:
            assert may_change
            assert (entry.number, entry.kind, entry.is_extension) == (
                row.before.number, row.before.kind, row.before.is_extension,
            )  # fmt: skip
            assert entry.name or not row.before.name, "an empty cell leaves what is known"


@settings(deadline=None, max_examples=60)
@given(wishes, present)
def test_what_was_done_once_changes_nothing_the_second_time(rows, known):
    made = plan_contacts(rows, known, BOOK, may_change=True)
    after = known | {
        number_key(row.entry.number): row.entry for row in made if row.outcome is not Outcome.REFUSED
    }
    again = plan_contacts(rows, after, BOOK, may_change=True)
    assert {row.outcome for row in again} <= {Outcome.SAME, Outcome.REFUSED}
    assert [row.outcome is Outcome.REFUSED for row in again] == [
        row.outcome is Outcome.REFUSED for row in made
    ]


@settings(deadline=None, max_examples=60)
@given(wishes, wishes, present)
def test_two_plans_have_one_fingerprint_only_when_they_are_the_same(one, other, known):
    first = plan_contacts(one, known, BOOK, may_change=True)
    second = plan_contacts(other, known, BOOK, may_change=True)
    is_same = [row[:4] for row in first] == [row[:4] for row in second]
    assert (fingerprint(first) == fingerprint(second)) == is_same


@settings(deadline=None, max_examples=60)
@given(wishes, present, st.booleans())
def test_every_extension_of_a_plan_has_both_binding_and_entry(rows, known, may_change):
    bindings = [Wish(row.line, row.number, "") for row in rows]
    made = plan_extensions(bindings, rows, [], known, BOOK, may_change=may_change)
    assert [one.row.line for one in made.rows] == [row.line for row in rows]
    taken = [one for one in made.rows if one.row.outcome is not Outcome.REFUSED]
    assert all(one.row.entry.is_extension and one.row.entry.kind for one in taken)
    assert {one.channel for one in taken} == {one.channel for one in made.after}
    assert {number_key(one.row.entry.number) for one in taken} == {
        number_key(one.number) for one in made.after
    }
    assert not any(one.name for one in made.after), "names belong to the directory"


def test_a_department_is_found_by_path_or_by_a_name_that_only_one_has():
    rows = [
        ContactWish(line, f"100{line}", department=said)
        for line, said in enumerate(["firm /office", "Office", "Sales", " Firm/Office/Sales "])
    ]
    made = plan_contacts(rows, {}, BOOK, may_change=True)
    assert [row.entry.department_id for row in made] == [3, 3, None, 4]
    assert [row.outcome for row in made].count(Outcome.REFUSED) == 1


def test_columns_stand_in_any_order_under_headings_of_either_language():
    table = [TableRow(1, ("备注", "单位", "电话", "姓名")), TableRow(2, ("n", "c", "1001", "Alice"))]
    assert contact_wishes(table) == [ContactWish(2, "1001", "Alice", "c", note="n")]
