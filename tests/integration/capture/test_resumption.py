"""A recorder that was killed goes on with its calls: one bundle a call, told from its first message to its last."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from appliance.bus.client import Bus
from appliance.capture.bundles import Bundles
from appliance.capture.engine import on_files
from appliance.capture.live import LiveNews
from appliance.capture.mirror import Mirror
from appliance.capture.recovery import close_all
from appliance.capture.resumption import AWAY_S, MAX_TIMES, unfinished
from appliance.capture.session import Session
from appliance.capture.supervision import Supervision
from appliance.core.clock import ManualClock, from_ns, sortable_id
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout
from appliance.core.service import Pulse
from appliance.domain.bundle import Manifest
from appliance.domain.call import Call, CallState, Party, Side
from appliance.domain.control import Control, Verb
from appliance.domain.ledger import Mark, Reason
from appliance.domain.policy import Action, Decision, Ground
from appliance.settings.storage import validate
from tests.rigs.wire import EPOCH_NS, Wire

CALL_ID = sortable_id(EPOCH_NS)
END_S = 5.0
AWAY = 0.5


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path / "data").make()


def whole_call(end_s=END_S):
    wire = Wire()
    call = wire.call("killed@x")
    call.invite(0)
    call.ring(0.5)
    call.answer(1)
    call.talk(1.03, end_s)
    call.bye(end_s)
    return wire


def parts(wire, cut_s):
    """What was written before the recorder was killed, and what came once it was back."""
    before, after = Wire(), Wire()
    for at_ns, frame in wire.packets:
        at_s = (at_ns - EPOCH_NS) / 1e9
        if at_s < cut_s:
            before.packets.append((at_ns, frame))
        elif at_s >= cut_s + AWAY:
            after.packets.append((at_ns, frame))
    return before, after


def known(**facts):
    call = Call(
        call_id=CALL_ID,
        sip_call_id="killed@x",
        interaction_id="an-earlier-call",
        caller=Party(number="1001", address="10.0.0.1:5060"),
        callee=Party(number="1002", address="10.0.0.2:5060"),
        started_at=from_ns(EPOCH_NS),
    )
    return Manifest(call=call, **facts)


def leave(layout, before, manifest=None):
    """The folder of a killed recorder's call."""
    folder = layout.spool_open / CALL_ID
    folder.mkdir()
    if before.packets:
        before.write(folder / MEDIA_FILE, as_bundle=True)
    if manifest is not None:
        (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    return folder


def now_s(layout):
    return max(path.stat().st_mtime for path in layout.spool_open.iterdir())


def come_back(layout, after, tmp_path):
    """The next recorder, until all that is left of the traffic was seen; the manifests of what it handed over."""
    settings = validate({"capture": {"keep_free_mib": 16}})
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    left = unfinished(layout, now_s(layout), "eth9")
    close_all(layout, None, [one.name for one in left])
    engine = on_files([after.write(tmp_path / "after.pcap")], settings.capture, layout)
    bundles = Bundles(layout, durable=True)
    mirror = Mirror(
        engine, bundles, settings.capture, "eth9", supervision=Supervision(engine, settings.recording)
    )
    resumed = [mirror.resume(one) for one in left]
    close_all(layout, None, mirror.legs)
    news = LiveNews(Bus(layout.bus_socket, "recorder"), clock)
    session = Session(engine, mirror, bundles, news, clock, is_live=True)
    asyncio.run(session.run(asyncio.Event(), Pulse("capture", 9, clock)))
    assert list(layout.spool_open.iterdir()) == []
    assert all(resumed)
    return [
        msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)
        for folder in sorted(layout.spool_ready.iterdir())
    ]


def audio(wire):
    return sum(len(frame) == 14 + 20 + 8 + 12 + 160 for _, frame in wire.packets)


@pytest.mark.parametrize("has_manifest", [True, False])
@pytest.mark.parametrize("cut_s", [0.005, 0.2, 0.6, 1.01, 1.5, 3.0, 4.4, 4.8])
def test_a_call_that_outlives_its_recorder_stays_one_call(layout, tmp_path, cut_s, has_manifest):
    wire = whole_call()
    before, after = parts(wire, cut_s)
    leave(layout, before, known() if has_manifest else None)
    (manifest,) = come_back(layout, after, tmp_path)
    call = manifest.call
    assert (call.call_id, call.sip_call_id) == (CALL_ID, "killed@x")
    assert (call.caller.number, call.callee.number) == ("1001", "1002")
    assert call.interaction_id == ("an-earlier-call" if has_manifest else CALL_ID)
    assert Mark.INTERRUPTED in manifest.marks
    assert manifest.reason is None
    assert sum(stream.packets for stream in manifest.streams) == audio(before) + audio(after)
    assert {stream.side for stream in manifest.streams} == set(Side)
    if cut_s + AWAY < END_S:
        assert Mark.NO_BYE not in manifest.marks
        assert call.ended_at == from_ns(EPOCH_NS + round(END_S * 1e9))
    assert call.started_at == from_ns(EPOCH_NS)
    (drops,) = manifest.capture_drops
    assert drops.from_at <= from_ns(EPOCH_NS + round(cut_s * 1e9))


def test_a_call_whose_messages_were_not_written_yet_is_known_by_its_manifest(layout, tmp_path):
    _, after = parts(whole_call(8.0), 1.5)
    leave(layout, Wire(), known())
    (manifest,) = come_back(layout, after, tmp_path)
    assert manifest.call.call_id == CALL_ID
    assert sum(stream.packets for stream in manifest.streams) == audio(after)
    assert Mark.NO_BYE not in manifest.marks
    assert manifest.reason is None


def test_a_call_of_which_nothing_more_comes_is_told_as_interrupted(layout, tmp_path):
    leave(layout, Wire(), known())
    (manifest,) = come_back(layout, Wire(), tmp_path)
    assert manifest.reason is Reason.INTERRUPTED
    assert manifest.call.state is CallState.ENDED


def test_media_alone_goes_on_in_its_bundle(layout, tmp_path):
    wire = Wire()
    wire.call("never seen").talk(0, 6)
    before, after = parts(wire, 2)
    leave(layout, before)
    (manifest,) = come_back(layout, after, tmp_path)
    assert manifest.call.call_id == CALL_ID
    assert sum(stream.packets for stream in manifest.streams) == audio(before) + audio(after)


@pytest.mark.parametrize("verb", [Verb.PAUSE, Verb.STOP])
def test_what_the_last_recorder_was_told_holds_on(layout, tmp_path, verb):
    before, after = parts(whole_call(), 2)
    decision = Decision(action=Action.RECORD, ground=Ground.MODE_ALL)
    order = Control(at=from_ns(EPOCH_NS + 1_900_000_000), verb=verb, by="admin")
    leave(layout, before, known(policy=decision, control=[order]))
    (manifest,) = come_back(layout, after, tmp_path)
    assert (manifest.policy, manifest.control) == (decision, [order])
    assert sum(stream.packets for stream in manifest.streams) == audio(before)


def test_a_call_that_was_left_too_long_ago_is_closed(layout):
    before, _ = parts(whole_call(), 3)
    leave(layout, before, known())
    assert unfinished(layout, now_s(layout) + AWAY_S + 1, "eth9") == []


def test_a_bundle_that_was_taken_up_too_often_is_closed(layout):
    before, _ = parts(whole_call(), 3)
    leave(layout, before, known())
    for _ in range(MAX_TIMES):
        assert [one.name for one in unfinished(layout, now_s(layout), "eth9")] == [CALL_ID]
    assert unfinished(layout, now_s(layout), "eth9") == []


def test_a_finished_call_is_not_taken_up(layout):
    before, _ = parts(whole_call(), 9)
    leave(layout, before, known(complete=True))
    assert unfinished(layout, now_s(layout), "eth9") == []


def test_a_call_of_another_port_is_not_taken_up(layout):
    before, _ = parts(whole_call(), 3)
    leave(layout, before, known(interface="eth8"))
    assert unfinished(layout, now_s(layout), "eth9") == []
    assert [one.name for one in unfinished(layout, now_s(layout), "eth8")] == [CALL_ID]
