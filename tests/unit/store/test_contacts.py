"""The directory: entries put, changed and removed, names beside calls, pages by key."""

import pytest

from appliance.core.errors import Invalid, NotFound
from appliance.domain.access import EVERYTHING
from appliance.store import calls, contacts, departments, directory, rights
from appliance.store.calls import CallFilter
from appliance.store.contacts import Wanted, Which
from appliance.store.database import open_database
from appliance.store.directory import Entry, Known, LineKind
from appliance.store.walk import walk
from tests.rigs.records import make_record


@pytest.fixture
def database(layout):
    opened = open_database(layout)
    yield opened
    opened.close()


@pytest.fixture
def full(database):
    sales = departments.create(database, "Sales", None).id
    north = departments.create(database, "North", sales).id
    directory.put(
        database,
        [
            Entry("1001", "Alice", "Us", sales, is_extension=True, kind=LineKind.IP),
            Entry("1002", "Bob", "Us", north, is_extension=True, kind=LineKind.ANALOG),
            Entry("+49 30 123", "Carla", "Müller & Co", note="a customer"),
        ],
    )
    return database


def numbers(page):
    return [entry.number for entry in page.entries]


def test_parties_of_calls_are_named_wherever_their_rows_come_from(full):
    record = make_record("1001", "004930123")
    other = make_record("49-30-123", "1002")
    calls.index_all(full, [record, other])
    found = calls.find(full, CallFilter(caller="1001", match=calls.Match.EXACT), scope=EVERYTHING).calls[0]
    assert (found.caller.name, found.caller.company, found.caller.department) == ("Alice", "Us", "Sales")
    assert found.callee.name == ""
    one = calls.row(full, other.call.call_id, scope=EVERYTHING)
    assert (one.caller.name, one.callee.name, one.callee.department) == ("Carla", "Bob", "North")
    walked = [row.caller.name for row, _ in walk(full, CallFilter(), None, EVERYTHING)]
    assert sorted(walked) == ["Alice", "Carla"]


def test_a_new_name_stands_beside_old_calls_too(full):
    record = make_record("1001", "2")
    calls.index_all(full, [record])
    directory.replace(full, "1001", Entry("1001", "Alice Cooper"))
    assert calls.row(full, record.call.call_id, scope=EVERYTHING).caller.name == "Alice Cooper"


def test_names_alone_raise_the_revision(full):
    before = rights.revision_of(full)
    directory.replace(full, "1001", Entry("1001", "Alicia"))
    assert rights.revision_of(full) > before
    assert directory.everybody(full)["1001"] == Known("Alicia", "", "")


def test_an_extension_keeps_number_and_kind_when_its_contact_is_changed(full):
    after = directory.replace(full, "1002", Entry("1002", "Robert"))
    assert (after.is_extension, after.kind) == (True, LineKind.ANALOG)
    with pytest.raises(directory.IsExtension):
        directory.replace(full, "1002", Entry("1003"))
    with pytest.raises(directory.IsExtension):
        directory.remove(full, ["+4930123", "1002"])
    assert directory.find(full, "4930123") is not None


def test_a_contact_takes_another_number_unless_it_is_known(full):
    directory.replace(full, "4930123", Entry("5", "Carla"))
    assert directory.find(full, "+4930123") is None
    with pytest.raises(directory.NumberKnown):
        directory.replace(full, "5", Entry("1001"))
    with pytest.raises(NotFound):
        directory.replace(full, "77", Entry("78"))
    assert directory.remove(full, ["5", "5", "6"])[0].name == "Carla"


def test_what_is_no_extension_any_more_keeps_its_name(full):
    directory.put(full, [Entry("1003", is_extension=True, kind=LineKind.IP)])
    directory.retire(full, ["1001", "1003", "9"])
    assert directory.find(full, "1001")[1:6] == ("Alice", "Us", 1, False, None)
    assert directory.find(full, "1003") is None


def test_bound_numbers_join_the_directory_once_and_names_known_there_win(full):
    assert directory.adopt(full, {"1001": "Old", "4930123": "Old", "1009": "Ina"}) == 2
    assert directory.find(full, "1001").name == "Alice"
    assert directory.find(full, "4930123").name == "Carla"
    assert directory.find(full, "4930123").is_extension
    assert directory.find(full, "1009") == Entry("1009", "Ina", is_extension=True, kind=LineKind.IP)
    assert directory.adopt(full, {"1009": "Other"}) == 0


def test_more_entries_than_there_is_room_for_change_nothing(full, monkeypatch):
    monkeypatch.setattr(directory, "MAX_ENTRIES", 4)
    with pytest.raises(directory.DirectoryFull):
        directory.put(full, [Entry("7"), Entry("8")])
    assert directory.find(full, "7") is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["1001", "1002", "+49 30 123"]),
        (Wanted(search="ALI"), ["1001"]),
        (Wanted(search="customer"), ["+49 30 123"]),
        (Wanted(number="00"), ["1001", "1002"]),
        (Wanted(number="+49 30"), ["+49 30 123"]),
        (Wanted(company="us", name="b"), ["1002"]),
        (Wanted(department_id=1), ["1001", "1002"]),
        (Wanted(department_id=2), ["1002"]),
        (Wanted(which=Which.CONTACTS), ["+49 30 123"]),
        (Wanted(which=Which.EXTENSIONS, search="%"), []),
    ],
)
def test_filters(full, wanted, expected):
    assert numbers(contacts.look(full, wanted, size=10)) == expected
    assert [entry.number for entry in contacts.walk(full, wanted)] == expected


def test_pages_by_key_meet_every_entry_once_in_both_directions(database):
    directory.put(database, [Entry(str(number)) for number in range(1000, 1025)])
    forth, cursor = [], ""
    while True:
        page = contacts.look(database, Wanted(), size=7, cursor=cursor)
        assert page.total == 25
        forth.append(numbers(page))
        if not (cursor := page.next):
            break
    assert [len(one) for one in forth] == [7, 7, 7, 4]
    back, cursor = [], contacts.LAST
    while True:
        page = contacts.look(database, Wanted(), size=7, cursor=cursor)
        back.append(numbers(page))
        if not (cursor := page.previous):
            break
    assert back[::-1] == forth
    assert numbers(contacts.look(database, Wanted(), size=7, page=3)) == forth[2]
    assert numbers(contacts.look(database, Wanted(), size=7, page=9)) == []
    with pytest.raises(Invalid):
        contacts.look(database, Wanted(), size=7, cursor="x1")


def test_paths_of_departments_begin_at_the_top(full):
    assert departments.paths(full) == {1: "Sales", 2: "Sales / North"}
