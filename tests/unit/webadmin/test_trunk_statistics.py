"""How full trunks were, as the page's table and the workbook tell it."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from appliance.domain.access import EVERYTHING, Scope
from appliance.domain.call import Direction, Party
from appliance.settings import storage
from appliance.settings.trunks import voice_channels
from appliance.store import calls
from appliance.store.database import open_database
from appliance.store.statistics import Period
from tests.rigs.records import make_record
from webadmin.statistics import Reader, Subject, Trunks, table, workbook
from webadmin.trunk_load import channels_of

SINCE = datetime(2026, 11, 2, tzinfo=UTC)
PERIOD = Period(SINCE, SINCE + timedelta(days=1), UTC)
TRUNK = "192.0.2.7"
HALF_AN_HOUR_S = 1800


@pytest.fixture
def database(layout):
    made = open_database(layout)
    records = []
    for n in range(4):
        record = make_record(
            callee="1001",
            at=SINCE + timedelta(hours=9, seconds=n),
            talk_s=HALF_AN_HOUR_S - 2,
            direction=Direction.INCOMING,
        )
        record.manifest.call.caller = Party(number="139", address=f"{TRUNK}:5060")
        records.append(record)
    tapped = make_record(at=SINCE + timedelta(hours=11), direction=Direction.OUTGOING)
    tapped.manifest.call.trunk = "City"
    inside = make_record(caller="1001", callee="1002", at=SINCE + timedelta(hours=10))
    calls.index_all(made, [*records, tapped, inside])
    yield made
    made.close()


def asked(database, channels, scope=EVERYTHING, language="en"):
    reader = Reader(language, scope, str, trunks=Trunks(channels, PERIOD.until))
    return table(database, Subject.TRUNKS, PERIOD, reader)


def test_each_trunk_tells_its_busiest_hour_and_what_it_turned_away(database):
    made = asked(database, {TRUNK: 4})
    keys = [column.key for column in made.columns]
    rows = {row[0]: dict(zip(keys, row, strict=True)) for row in made.rows}
    full = rows[TRUNK]
    assert (full["busiest"], full["traffic"], full["peak"], full["channels"]) == (
        "2026-11-02 09:00",
        2.0,
        4,
        4,
    )
    assert full["occupancy"] == 50.0
    # What was carried, 2 erlang on 4 channels, is 2.23 erlang offered; the table of 4 channels gives 10 % at 2.05, 15 % at 2.5.
    assert 10 < full["blocked"] < 15
    assert (rows["City"]["peak"], rows["City"]["channels"], rows["City"]["blocked"]) == (1, "", "")
    assert rows["No trunk"]["traffic"] == ""
    assert [load.trunk for load in made.loads] == [TRUNK, "City"]
    assert [one.hour for one in made.loads[0].hours if one.mean] == [9]


def test_too_few_channels_are_told_from_none_known(database):
    made = asked(database, {TRUNK: 2})
    assert made.loads[0].channels == 2
    assert made.loads[0].busiest.blocked_percent is None
    assert made.loads[0].busiest.occupancy_percent == 100.0


def test_whoever_sees_a_part_of_the_calls_is_told_of_no_trunk_how_full_it_was(database):
    made = asked(database, {TRUNK: 4}, Scope(numbers=frozenset({"1001"})))
    assert made.loads == []
    assert [column.key for column in made.columns] == ["trunk", "calls", "answered", "recordings", "talk"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_workbook_has_the_hours_with_a_plot_for_each_trunk(database, language):
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(asked(database, {TRUNK: 4}, language=language), "a day"))
    )
    first, hours = book.worksheets
    assert len(first._charts) == 1
    assert len(hours._charts) == 2
    lines = list(hours.iter_rows(min_row=2, values_only=True))
    assert len(lines) == 48
    assert lines[9][:4] == (TRUNK, 9, 2, 4)
    share = next(cell for cell in first[4] if cell.number_format == "0.00%")
    assert share.value == 0.5


def test_boards_know_their_channels_and_the_settings_those_over_ip():
    line = {"first_span": 1, "second_span": 2}
    settings = storage.validate(
        {
            "capture": {"trunk_channels": [f"{TRUNK}=30", "2001:db8::1=8"]},
            "boards": {
                "trunks": [
                    {"name": "ISDN", "lines": [line], "signalling": {"kind": "isdn"}},
                    {
                        "name": "SS7",
                        "lines": [line, line | {"has_signalling": False}],
                        "signalling": {"kind": "ss7", "timeslots": [1, 16]},
                    },
                    {"name": "R2", "lines": [line, line], "signalling": {"kind": "r2"}},
                    {"name": "Voice", "lines": [line], "signalling": {"kind": "none"}},
                ]
            },
        }
    )
    assert [voice_channels(one) for one in settings.boards.trunks] == [30, 29 + 31, 60, 31]
    assert channels_of(settings) == {
        TRUNK: 30, "2001:db8::1": 8, "ISDN": 30, "SS7": 60, "R2": 60, "Voice": 31,
    }  # fmt: skip
