"""A table of many calls needs no more memory than one of few: measured in the process that writes it."""

import contextlib
import zipfile

import msgspec
import pytest

from appliance.settings.paths import Paths
from appliance.store import people
from appliance.store.database import open_database
from appliance.store.search import CallFilter
from appliance.system.child import Child
from tests.rigs.many_calls import Shape, fill
from tests.rigs.records import NOON
from webadmin.export_order import TABLE_FILE, Failed, Kind, Order, Prepared, Told

MANY, FEW = 100_000, 2_000
MORE_KIB = 24 * 1024
COLUMNS = ["started_at", "duration", "caller", "callee", "state", "call_id"]
told = msgspec.json.Decoder(Told)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def index(layout):
    database = open_database(layout)
    fill(database, Shape(MANY, outside=5_000))
    people.create_first(database, "ann", "hash", NOON)
    secret = people.find(database, "ann")
    yield layout, secret.person, database
    database.close()


def written(index, folder, kind, wanted):
    """What the child said at the end."""
    layout, person, _ = index
    folder.mkdir()
    order = Order(
        kind=kind,
        data=str(layout.data),
        paths=Paths(),
        folder=str(folder),
        person=person,
        language="en",
        tz="UTC",
        columns=COLUMNS,
        call_ids=None,
        wanted=wanted,
        format="",
        template="{call_id}",
    )
    child = Child("webadmin.export_child")
    with contextlib.closing(child):
        child.connection.send_bytes(msgspec.json.encode(order))
        while True:
            said = told.decode(child.connection.recv_bytes())
            assert not isinstance(said, Failed), said
            if isinstance(said, Prepared):
                return said


@pytest.mark.parametrize("kind", [Kind.XLSX, Kind.CSV])
def test_a_hundred_thousand_calls_take_no_more_memory_than_two_thousand(index, tmp_path, kind):
    (edge,) = index[2].execute(
        "SELECT started_at_us FROM calls ORDER BY started_at_us DESC LIMIT 1 OFFSET ?", (FEW - 1,)
    )
    since = NOON.fromtimestamp(edge[0] / 1e6, NOON.tzinfo)
    few = written(index, tmp_path / "few", kind, CallFilter(started_from=since))
    many = written(index, tmp_path / "many", kind, CallFilter())
    assert abs(few.calls - FEW) <= 1
    assert many.calls == MANY
    assert many.peak_rss_kib < few.peak_rss_kib + MORE_KIB, (few, many)
    if kind is Kind.XLSX:
        with zipfile.ZipFile(tmp_path / "many" / TABLE_FILE) as book:
            assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == MANY + 1
