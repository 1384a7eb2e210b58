"""A trunk whose signalling was kept, and a recording of its call that knows nothing of it."""

from datetime import timedelta

import msgspec

from appliance.archive.layout import RECORD_SUFFIX, stem_of
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.kept import Keeper, Place
from appliance.core.clock import from_ns
from appliance.domain.call import DataType, Side
from appliance.domain.line import Line
from appliance.settings import trunks
from appliance.settings.storage import load, save
from appliance.store import calls
from tests.rigs import signalling as wire
from tests.rigs.records import make_record

SECOND = wire.SECOND
AT = from_ns(wire.START)
CHANNEL = 34


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
