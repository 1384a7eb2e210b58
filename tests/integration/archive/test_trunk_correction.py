"""`tapeline trunks`: past calls get what kept signalling says of them, once their trunk is set as it is."""

from datetime import timedelta

import msgspec
import pytest

from appliance.archive.correction import Correction, corrected
from appliance.archive.layout import RECORD_SUFFIX
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.kept import Keeper, Place, channels_of
from appliance.commands.tapeline import main
from appliance.domain.access import EVERYTHING
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.past_calls import AT, heard, recorded, trunk
from tests.rigs.records import make_record


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


def ask(layout, *more):
    return main(["trunks", "--data", str(layout.data), "--from", AT.isoformat(), "--to", (AT + timedelta(hours=1)).isoformat(), *more])  # fmt: skip


def known(database, record):
    call = calls.get(database, record.call.call_id, scope=EVERYTHING).call
    return call.caller.number, call.callee.number


def test_past_calls_get_what_their_signalling_says_once_it_is_understood(layout, database, capsys):
    heard(layout, trunk(layout, "itu"))
    record, path = recorded(layout, database)
    assert ask(layout, "--yes") == 0
    assert known(database, record) == ("", "")
    trunk(layout, "china")
    assert ask(layout) == 0
    assert "1 would be corrected" in capsys.readouterr().out
    assert known(database, record) == ("", "")
    assert ask(layout, "--yes") == 0
    assert known(database, record) == ("01087654321", "02112345")
    assert not path.exists()
    (written,) = layout.archive.rglob(f"*{RECORD_SUFFIX}")
    found = msgspec.json.decode(written.read_bytes(), type=type(record))
    assert found == calls.get(database, record.call.call_id, scope=EVERYTHING)
    assert found.recording == record.recording
    assert found.call.started_at == record.call.started_at
    assert found.call.answered_at == AT + timedelta(seconds=4)
    assert [step.label for step in found.manifest.messages] == ["IAM", "ACM", "ANM", "REL", "RLC"]


def test_to_correct_twice_changes_nothing_more(layout, database, capsys):
    heard(layout, trunk(layout, "china"))
    recorded(layout, database)
    assert ask(layout, "--yes") == 0
    capsys.readouterr()
    assert ask(layout, "--yes") == 0
    assert "1 calls, 0 corrected" in capsys.readouterr().out


def test_the_index_made_anew_knows_the_correction(layout, database):
    heard(layout, trunk(layout, "china"))
    record, _ = recorded(layout, database)
    ask(layout, "--yes")
    calls.rebuild(database, [layout.archive])
    assert known(database, record) == ("01087654321", "02112345")


def test_a_recording_with_its_caller_on_the_other_track_is_left_as_it_is(layout, database, capsys):
    heard(layout, trunk(layout, "china"), port=1)
    record, _ = recorded(layout, database)
    ask(layout, "--yes")
    assert known(database, record) == ("", "")
    assert "other track" in capsys.readouterr().err


def test_another_channel_and_another_time_are_other_calls(layout, database):
    heard(layout, trunk(layout, "china"))
    record, _ = recorded(layout, database)
    record.manifest.lines = [
        msgspec.structs.replace(line, channel=line.channel + 1) for line in record.manifest.lines
    ]
    calls.index(database, record)
    later, _ = recorded(layout, database, call_id="later0000000")
    later.manifest.call.started_at += timedelta(minutes=10)
    later.manifest.call.ended_at += timedelta(minutes=10)
    calls.index(database, later)
    ask(layout, "--yes")
    assert known(database, record) == known(database, later) == ("", "")


def test_a_trunk_of_another_name_is_left_out(layout, database):
    heard(layout, trunk(layout, "china"))
    record, _ = recorded(layout, database)
    ask(layout, "--yes", "--trunk", "上海")
    assert known(database, record) == ("", "")
    ask(layout, "--yes", "--trunk", "北京")
    assert known(database, record) == ("01087654321", "02112345")


def test_channels_are_noted_over_restarts(layout):
    one = trunk(layout, "china")
    Keeper(layout.signalling, one).channels({1: Place(Circuit(0, 1), 0)})
    Keeper(layout.signalling, one).channels({2: Place(Circuit(0, 2), 1)})
    assert channels_of(layout.signalling, one) == {1: Place(Circuit(0, 1), 0), 2: Place(Circuit(0, 2), 1)}


def test_what_signalling_does_not_know_stays():
    record = make_record("123", "456")
    better = corrected(record, Correction(caller="", callee="789"))
    assert (better.call.caller.number, better.call.callee.number) == ("123", "789")
    assert corrected(record, Correction(caller="", callee="456")) is None
