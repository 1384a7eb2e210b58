"""A recorder may die at any byte: what it left is one bundle, readable, with nothing invented."""

import tempfile
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.capture.recovery import close_all
from appliance.core.clock import from_ns, sortable_id
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.domain.call import Call, CallState, Party
from appliance.domain.ledger import Mark, Reason
from tests.rigs.wire import EPOCH_NS, Wire

CALL_ID = sortable_id(EPOCH_NS)
RECORD_BYTES = 16 + 20 + 8 + 12 + 160


def whole_media():
    wire = Wire()
    call = wire.call("cut@x")
    call.invite(0)
    call.answer(1)
    call.talk(1, 1.6)
    with tempfile.TemporaryDirectory() as folder:
        return wire.write(Path(folder) / "m", as_bundle=True).read_bytes()


MEDIA = whole_media()
MANIFEST = msgspec.json.encode(
    Manifest(
        call=Call(
            call_id=CALL_ID,
            sip_call_id="cut@x",
            interaction_id=CALL_ID,
            caller=Party(number="1001"),
            callee=Party(number="1002"),
            started_at=from_ns(EPOCH_NS),
        )
    )
)


@settings(max_examples=150, deadline=None)
@given(
    media_bytes=st.none() | st.integers(0, len(MEDIA)),
    manifest_bytes=st.none() | st.integers(0, len(MANIFEST)) | st.just(len(MANIFEST)),
)
def test_any_cut_leaves_one_readable_bundle(media_bytes, manifest_bytes):
    with tempfile.TemporaryDirectory() as data:
        layout = Layout(Path(data)).make()
        folder = layout.spool_open / CALL_ID
        folder.mkdir()
        if media_bytes is not None:
            (folder / MEDIA_FILE).write_bytes(MEDIA[:media_bytes])
        if manifest_bytes is not None:
            (folder / MANIFEST_FILE).write_bytes(MANIFEST[:manifest_bytes])
        assert close_all(layout) == [CALL_ID]
        assert list(layout.spool_open.iterdir()) == []
        found = (layout.spool_ready / CALL_ID / MANIFEST_FILE).read_bytes()
        manifest = msgspec.json.decode(found, type=Manifest)
    assert manifest.complete
    assert manifest.call.call_id == CALL_ID
    assert manifest.call.state is CallState.ENDED
    assert manifest.call.ended_at >= manifest.call.started_at
    assert Mark.INTERRUPTED in manifest.marks
    packets = sum(stream.packets for stream in manifest.streams)
    assert packets <= 60
    assert (manifest.reason is Reason.INTERRUPTED) == (packets == 0 or manifest.call.answered_at is None)
