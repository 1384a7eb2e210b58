import msgspec
import pytest

from appliance.capture.bundles import Bundles
from appliance.core.clock import from_ns
from appliance.core.files import MANIFEST_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.domain.call import Call, Party


def manifest(call_id="0a", **facts):
    call = Call(
        call_id=call_id,
        sip_call_id="",
        interaction_id=call_id,
        caller=Party(),
        callee=Party(),
        started_at=from_ns(0),
    )
    return Manifest(call=call, **facts)


@pytest.fixture(params=[True, False], ids=["durable", "import"])
def bundles(tmp_path, request):
    return Bundles(Layout(tmp_path).make(), durable=request.param)


def test_a_finished_bundle_is_handed_over_whole(bundles):
    layout = bundles.layout
    bundles.open(manifest())
    bundles.renew({"0a": bundles.encode(manifest())})
    assert bundles.finish([manifest(complete=True)]) == []
    assert list(layout.spool_open.iterdir()) == []
    found = (layout.spool_ready / "0a" / MANIFEST_FILE).read_bytes()
    assert msgspec.json.decode(found, type=Manifest).complete
    assert [path.name for path in (layout.spool_ready / "0a").iterdir()] == [MANIFEST_FILE]


@pytest.mark.parametrize("is_engine_first", [False, True])
def test_a_call_that_begins_has_a_name_once_folders_are_made(bundles, is_engine_first):
    folder = bundles.layout.spool_open / "0a"
    bundles.open(manifest())
    assert bundles.is_behind
    assert not folder.exists(), "nobody who begins a call waits for the disk"
    if is_engine_first:
        folder.mkdir()
    bundles.make()
    assert msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest).call.call_id == "0a"
    assert not bundles.is_behind


def test_one_bundle_the_disk_refuses_is_told_and_stops_no_other(bundles):
    layout = bundles.layout
    for call_id in ("0a", "0b", "0c"):
        bundles.open(manifest(call_id))
    (layout.spool_ready / "0b").write_text("in the way")
    refused = bundles.finish([manifest("0a"), manifest("0b"), manifest("0c")])
    assert [one.call.call_id for one in refused] == ["0b"]
    assert sorted(path.name for path in layout.spool_ready.iterdir() if path.is_dir()) == ["0a", "0c"]
    (layout.spool_ready / "0b").unlink()
    assert bundles.finish(refused) == []


def test_a_folder_that_could_not_be_made_at_the_start_is_made_at_the_end(bundles):
    assert bundles.finish([manifest("0late")]) == []
    assert (bundles.layout.spool_ready / "0late" / MANIFEST_FILE).exists()


def test_renewing_a_bundle_that_was_handed_over_makes_no_new_one(bundles):
    bundles.renew({"0gone": b"{}"})
    assert list(bundles.layout.spool_open.iterdir()) == []


def test_many_bundles_are_handed_over_together_and_those_refused_are_told(bundles):
    layout = bundles.layout
    names = [f"0{number}" for number in range(10)]
    for name in names:
        bundles.open(manifest(name))
    (layout.spool_ready / "03").write_text("in the way")
    refused = bundles.finish([manifest(name, complete=True) for name in names])
    assert [one.call.call_id for one in refused] == ["03"]
    ready = sorted(path for path in layout.spool_ready.iterdir() if path.is_dir())
    assert [path.name for path in ready] == [name for name in names if name != "03"]
    for path in ready:
        assert msgspec.json.decode((path / MANIFEST_FILE).read_bytes(), type=Manifest).complete
