from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.domain.access import EVERYTHING, Scope, ScopeKind
from appliance.domain.call import Direction, Party
from appliance.domain.ledger import Reason
from appliance.store import calls, departments, directory, people, statistics
from appliance.store.database import open_database
from appliance.store.directory import Entry
from appliance.store.rights import ADMINISTRATOR_ID, VIEWER_ID, Rights, granted
from appliance.store.statistics import Period
from tests.rigs.records import make_record

BERLIN = ZoneInfo("Europe/Berlin")
# The clock of Berlin goes back an hour in the night to 25 October 2026.
SINCE = datetime(2026, 10, 25, tzinfo=BERLIN).astimezone(UTC)
PERIOD = Period(SINCE, datetime(2026, 10, 26, tzinfo=BERLIN).astimezone(UTC), BERLIN)
ONLY_1002 = Scope(numbers=frozenset({"1002"}))


@pytest.fixture
def database(layout):
    made = open_database(layout)
    sales = departments.create(made, "Sales", None)
    directory.put(
        made,
        [
            Entry("1001", name="Ann", department_id=sales.id, is_extension=True),
            Entry("1002", name="Bob", is_extension=True),
            Entry("1003", is_extension=True),
            Entry("4930123456", name="No extension"),
        ],
    )
    trunk = Party(number="4930123456", number_raw="4930123456", address="192.0.2.7:5060")
    first = make_record(callee="1001", at=SINCE, talk_s=30, direction=Direction.INCOMING)
    first.manifest.call.caller = trunk
    calls.index_all(
        made,
        [
            first,
            make_record(
                callee="1001",
                at=SINCE + timedelta(hours=1),
                talk_s=0,
                reason=Reason.NO_ANSWER,
                direction=Direction.INCOMING,
            ),
            make_record(
                caller="1002",
                callee="00861012345678",
                at=SINCE + timedelta(hours=24, minutes=50),
                direction=Direction.OUTGOING,
            ),
            make_record(
                caller="1001",
                callee="1002",
                at=SINCE + timedelta(hours=2),
                talk_s=10,
                direction=Direction.INTERNAL,
            ),
            make_record(caller="1001", callee="1002", at=SINCE - timedelta(seconds=1), talk_s=10),
            make_record(caller="1001", callee="1002", at=SINCE + timedelta(hours=25), talk_s=10),
        ],
    )
    yield made
    made.close()


def test_only_configured_extensions_are_counted_each_for_what_it_did(database):
    found = {
        one.entry.number: one.sums for one in statistics.by_extension(database, PERIOD, scope=EVERYTHING)
    }
    assert list(found) == ["1001", "1002", "1003"]
    ann = found["1001"]
    assert (ann.incoming, ann.outgoing, ann.unanswered, ann.recordings, ann.talk_s) == (2, 1, 1, 2, 40.0)
    bob = found["1002"]
    assert (bob.incoming, bob.outgoing, bob.recordings) == (1, 1, 2)
    assert found["1003"] == statistics.Sums()


def test_a_scope_is_part_of_every_question(database):
    assert [one.entry.number for one in statistics.by_extension(database, PERIOD, scope=ONLY_1002)] == [
        "1002"
    ]
    assert statistics.by_department(database, PERIOD, scope=ONLY_1002) == []
    assert sum(map(sum, statistics.by_hour(database, PERIOD, scope=ONLY_1002))) == 2
    assert sum(one.calls for one in statistics.by_kind(database, PERIOD, "grade", scope=ONLY_1002)) == 2
    assert statistics.destinations(database, PERIOD, scope=Scope(numbers=frozenset({"1001"}))) == []


def test_departments_are_the_sums_of_their_extensions(database):
    (sales,) = statistics.by_department(database, PERIOD, scope=EVERYTHING)
    assert (sales.name, sales.sums.recordings, sales.sums.talk_s, sales.plays) == ("Sales", 2, 40.0, 0)


def test_hours_are_those_of_the_place_on_a_day_of_25_hours(database):
    grid = statistics.by_hour(database, PERIOD, scope=EVERYTHING)
    assert {
        (day, hour): calls for day, row in enumerate(grid) for hour, calls in enumerate(row) if calls
    } == {
        (6, 0): 1,
        (6, 1): 1,
        (6, 2): 1,
        (6, 23): 1,
    }
    assert grid == statistics.by_hour(database, PERIOD, scope=Scope(numbers=frozenset({"1001", "1002"}))), (
        "tallies and calls tell the same"
    )


@pytest.mark.parametrize("scope", [EVERYTHING, Scope(numbers=frozenset({"1001", "1002"}))])
def test_trunks_and_quality_count_every_call_once(database, scope):
    trunks = {one.key: one for one in statistics.by_kind(database, PERIOD, "trunk", scope=scope)}
    assert (trunks["192.0.2.7"].calls, trunks["192.0.2.7"].recordings, trunks[""].calls) == (1, 1, 3)
    assert sum(one.calls for one in statistics.by_kind(database, PERIOD, "grade", scope=scope)) == 4


def test_numbers_called_out_to_are_told(database):
    assert statistics.destinations(database, PERIOD, scope=EVERYTHING) == [("00861012345678", 1, 30.0)]


def test_every_user_is_in_the_table_of_persons(database):
    assert statistics.by_person(database, PERIOD, scope=EVERYTHING) == []


def test_a_head_of_department_reads_of_own_people_only(database):
    """Who else is there, and how often they sign in, is a hint about calls of others."""
    given = {
        "boss": Rights(ADMINISTRATOR_ID),
        "head": Rights(VIEWER_ID, kind=ScopeKind.EXTENSIONS, extensions=("1001", "1002")),
        "clerk": Rights(VIEWER_ID, kind=ScopeKind.EXTENSIONS, extensions=("1002",)),
        "other": Rights(VIEWER_ID, kind=ScopeKind.EXTENSIONS, extensions=("1002", "1003")),
        "nobody": Rights(VIEWER_ID, kind=ScopeKind.EXTENSIONS),
    }
    scopes = {
        name: granted(database, people.create(database, name, rights, "hash", SINCE, one_time=False).id).scope
        for name, rights in given.items()
    }

    def seen_by(name):
        return {one.name for one in statistics.by_person(database, PERIOD, scope=scopes[name])}

    assert seen_by("boss") == set(given)
    assert seen_by("head") == {"head", "clerk"}
    assert seen_by("clerk") == {"clerk"}
    assert seen_by("nobody") == set()
