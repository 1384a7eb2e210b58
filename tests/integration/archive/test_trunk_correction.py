"""`tapeline trunks`: past calls get what kept signalling says of them, once their trunk is set as it is."""

from datetime import timedelta

import msgspec
import pytest

from appliance.archive.correction import Correction, corrected
from appliance.archive.layout import RECORD_SUFFIX, stem_of
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.kept import Keeper, Place, channels_of
from appliance.commands.tapeline import main
from appliance.core.clock import from_ns
from appliance.domain.access import EVERYTHING
from appliance.domain.call import DataType, Side
from appliance.domain.line import Line
from appliance.settings import trunks
from appliance.settings.storage import load, save
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs import signalling as wire
from tests.rigs.records import make_record

SECOND = wire.SECOND
AT = from_ns(wire.START)
CHANNEL = 34


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


def trunk(layout, label):
    """The one trunk of the settings, its E1 on the channels 32 and up."""
    one = msgspec.convert(
        {"name": "北京", "lines": [{"first_circuit": 64}], "signalling": {"kind": "ss7", "label": label}},
        trunks.Trunk,
    )
    settings = load(layout)
    boards = msgspec.structs.replace(settings.boards, trunks=[one])
    save(layout, msgspec.structs.replace(settings, boards=boards), settings.revision, "test")
    return one


def heard(layout, one, *, port=0):
    """A call on circuit 67, that is timeslot 3, from the exchange at `port`."""
    keeper = Keeper(layout.signalling, one)
    keeper.channels({31 + slot: Place(Circuit(0, slot), 0) for slot in range(1, 32)})
    keeper.channels({131 + slot: Place(Circuit(0, slot), 1) for slot in range(1, 32)})
    link = wire.SignallingLink((0x010203, 0x010205))
    callee, caller = wire.isup_number("2112345", 3), (0x0A, wire.isup_number("1087654321", 3, 0x13))
    for second, from_port, text in (
        (0, port, wire.iam(67, callee, caller)),
        (1, 1 - port, wire.acm(67)),
        (4, 1 - port, wire.anm(67)),
        (34, port, wire.rel(67, 16)),
        (34, 1 - port, wire.rlc(67)),
    ):
        keeper.frame(from_port, 16, wire.START + second * SECOND, link.unit(from_port, 5, text))
    keeper.close()


def recorded(layout, database, **facts):
    """A recording that voice began on that channel, whose parties nobody knew."""
    record = make_record("", "", AT + timedelta(seconds=2), data_type=DataType.E1, **facts)
    record.manifest.lines = [
        Line(file="line-34.g711", law="PCMA", starts_at=AT, channel=CHANNEL, side=Side.CALLER),
        Line(file="line-134.g711", law="PCMA", starts_at=AT, channel=134, side=Side.CALLEE),
    ]
    path = layout.archive / f"{stem_of(record.call)}{RECORD_SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(record))
    calls.index(database, record)
    return record, path


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
