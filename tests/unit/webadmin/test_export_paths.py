import msgspec

from appliance.core.files import Layout
from appliance.settings.paths import Paths
from appliance.store import calls, people
from appliance.store.database import open_database
from appliance.store.search import CallFilter
from tests.rigs.records import NOON, make_record
from webadmin.child_work import Teller
from webadmin.export_child import prepare
from webadmin.export_order import Kind, Order


def test_a_recording_on_another_storage_path_is_in_the_archive(tmp_path):
    layout, other = Layout(tmp_path / "data").make(), tmp_path / "other"
    record = make_record(call_id="0first")
    assert record.recording is not None
    place = other / record.recording.file
    place.parent.mkdir(parents=True)
    place.write_bytes(b"RIFF")
    database = open_database(layout)
    calls.index(database, record)
    people.create_first(database, "ann", "hash", NOON)
    secret = people.find(database, "ann")
    assert secret is not None
    folder = tmp_path / "export"
    folder.mkdir()

    def missing(**paths):
        order = Order(
            kind=Kind.ZIP,
            data=str(layout.data),
            paths=msgspec.convert(paths, Paths),
            folder=str(folder),
            person=secret.person,
            language="en",
            tz="UTC",
            columns=[],
            call_ids=None,
            wanted=CallFilter(),
            format="",
            template="{call_id}",
        )
        return prepare(order, Teller(None)).missing

    assert missing() == 1
    assert missing(older=[str(other)]) == 0
    assert str(place) in (folder / "entries.jsonl").read_text()
    database.close()
