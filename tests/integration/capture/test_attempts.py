"""Calls that nobody answered while very many began: told as the way of all calls tells them, and handed over together."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from appliance.bus.client import Bus
from appliance.capture import engine
from appliance.capture.attempts import Attempts
from appliance.capture.bundles import Bundles
from appliance.capture.live import LiveNews
from appliance.capture.mirror import Mirror
from appliance.capture.replay import Replay
from appliance.capture.seen import SipSeen, SourceEnded
from appliance.capture.session import Session
from appliance.capture.waiting import Notebook, left_over
from appliance.core.clock import ManualClock
from appliance.core.files import CALLS_FILE, MANIFEST_FILE, Layout
from appliance.core.service import Pulse
from appliance.domain.bundle import Manifest
from appliance.domain.ledger import Reason
from appliance.settings.storage import validate
from tests.rigs.wire import CALLER, Wire

SETTINGS = validate({"capture": {"keep_free_mib": 16, "setup_timeout_s": 20}}).capture


def refused(call, code=404):
    call.invite(0)
    call.fail(0.5, code)


def cancelled(call, headers=""):
    call.invite(0)
    call.request(3, "CANCEL", initial=True, branch=f"z9hG4bK{call.call_id}INVITE1False", headers=headers)
    call.response(3.1, 200, method="CANCEL")
    call.fail(3.2, 487)


def challenged_twice(call):
    refused(call, 401)
    call.cseq = 2
    call.request(0.7, "INVITE", initial=True)
    call.fail(0.9, 403)


def repeated(call):
    for again_s in (0, 0.5, 1.5):
        call.request(again_s, "INVITE", initial=True)


STORIES = {
    "not found": (refused, Reason.FAILED),
    "busy": (lambda call: refused(call, 486), Reason.BUSY),
    "challenged": (lambda call: refused(call, 401), Reason.FAILED),
    "challenged, then refused": (challenged_twice, Reason.REJECTED),
    "cancelled": (cancelled, Reason.CANCELLED),
    "taken elsewhere": (
        lambda call: cancelled(call, "Reason: SIP;cause=200;text=elsewhere\r\n"),
        Reason.ELSEWHERE,
    ),
    "not answered": (lambda call: call.invite(0), Reason.NO_ANSWER),
    "not even heard": (repeated, Reason.NO_ANSWER),
}


def seen_in(path, layout):
    packets = engine.on_files([path], SETTINGS, layout)
    found = []
    while batch := packets.poll(1000):
        found += [event for event in batch if isinstance(event, SipSeen)]
    packets.stop()
    return found


def comparable(manifest):
    plain = msgspec.to_builtins(manifest)
    plain["call"] |= {"call_id": "", "interaction_id": ""}
    return plain


@pytest.mark.parametrize("story", STORIES)
def test_an_attempt_is_told_as_the_way_of_all_calls_tells_it(tmp_path, story):
    act, reason = STORIES[story]
    wire = Wire()
    act(wire.call("attempt@x", headers="Diversion: <sip:1009@x>\r\n"))
    layout = Layout(tmp_path / "data").make()
    told = Attempts(SETTINGS, "").manifest(seen_in(wire.write(tmp_path / "c.pcap"), layout), is_cut=False)
    wire.udp(90, (CALLER, 9), (CALLER, 10), b"time passes")
    done = Replay([wire.write(tmp_path / "later.pcap")], SETTINGS, layout).run(lambda _: None)
    (call_id,) = done.call_ids
    known = msgspec.json.decode((layout.spool_ready / call_id / MANIFEST_FILE).read_bytes(), type=Manifest)
    assert told.complete
    assert told.reason is reason
    assert comparable(told) == comparable(known)


def test_an_attempt_that_the_end_of_recording_cut_short_says_so(tmp_path):
    wire = Wire()
    wire.call("attempt@x").invite(0)
    layout = Layout(tmp_path / "data").make()
    seen = seen_in(wire.write(tmp_path / "c.pcap"), layout)
    assert Attempts(SETTINGS, "").manifest(seen, is_cut=True).reason is Reason.INTERRUPTED


def test_what_tells_of_no_call_is_no_row():
    nonsense = SipSeen(
        id=1, at_ns=1, transport="udp", src=CALLER, src_port=1, dst=CALLER, dst_port=2,
        data=b"INVITE sip:b SIP/2.0\r\nTo: <sip:b>\r\n\r\n",
    )  # fmt: skip
    assert Attempts(SETTINGS, "").manifest([nonsense], is_cut=False) is None


def let_few_begin(monkeypatch):
    """One call a second is told at once."""
    configure = engine._config

    def waiting(*facts, **more):
        return configure(*facts, **more) | {"calls_at_once_per_s": 1, "unanswered_s": 20}

    monkeypatch.setattr(engine, "_config", waiting)


class Box:
    """A recorder on a capture file of which one new call a second is told at once."""

    def __init__(self, tmp_path, wire, monkeypatch, left_over=(), layout=None):
        let_few_begin(monkeypatch)
        self.layout = layout or Layout(tmp_path / "data").make()
        packets = engine.on_files([wire.write(tmp_path / "c.pcap")], SETTINGS, self.layout)
        clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        bundles = Bundles(self.layout, durable=True)
        self.mirror = Mirror(packets, bundles, SETTINGS, "eth9")
        news = LiveNews(Bus(self.layout.bus_socket, "recorder"), clock)
        self.session = Session(packets, self.mirror, bundles, news, clock, is_live=True, left_over=left_over)
        asyncio.run(self.session.run(asyncio.Event(), Pulse("capture", 9, clock)))

    def own(self):
        """Those with a folder of their own, by Call-ID."""
        paths = self.layout.spool_ready.glob(f"*/{MANIFEST_FILE}")
        found = [msgspec.json.decode(path.read_bytes(), type=Manifest) for path in paths]
        return {one.call.sip_call_id: one for one in found}

    def together(self):
        paths = sorted(self.layout.spool_ready.glob(f"*/{CALLS_FILE}"))
        found = [msgspec.json.decode(path.read_bytes(), type=list[Manifest]) for path in paths]
        assert [path.parent.name for path in paths] == [each[0].call.call_id for each in found]
        return [one for each in found for one in each]


def test_a_scan_gets_its_rows_and_calls_among_it_are_recorded_whole(tmp_path, monkeypatch):
    wire = Wire()
    real = [wire.call(f"real-{number}@x", port=20000 + 10 * number) for number in range(3)]
    for number, call in enumerate(real):
        begin_s = 0.05 + 0.3 * number
        call.invite(begin_s)
        call.ring(begin_s + 0.4)
        call.answer(begin_s + 1)
        call.talk(begin_s + 1, begin_s + 6)
        call.bye(begin_s + 6)
    for number in range(40):
        scan = wire.call(f"scan-{number}@x", caller_host=f"203.0.113.{number}")
        scan.request(number / 20, "INVITE", initial=True)
        if number % 2:
            scan.fail(number / 20 + 0.01, 404)
    box = Box(tmp_path, wire, monkeypatch)
    own, together = box.own(), box.together()
    assert {name for name in own if name.startswith("real")} == {call.call_id for call in real}
    for call in real:
        manifest = own[call.call_id]
        assert [message.label for message in manifest.messages][:2] == ["INVITE", "100 Trying"]
        assert [(stream.packets, stream.lost) for stream in manifest.streams] == [(250, 0)] * 2
        assert manifest.marks == []
    rows = sorted(
        [*(name for name in own if name.startswith("scan")), *(one.call.sip_call_id for one in together)]
    )
    assert rows == sorted(f"scan-{number}@x" for number in range(40))
    assert len(together) > 30
    refused_ones = {one.call.sip_call_id for one in together if one.call.status_code == 404}
    assert refused_ones == {one.call.sip_call_id for one in together if int(one.call.sip_call_id[5:-2]) % 2}
    assert box.session.handed_over == box.mirror.calls_seen == 43
    assert list(box.layout.spool_open.iterdir()) == list(box.layout.spool_importing.iterdir()) == []


def test_attempts_that_the_disk_refuses_are_handed_over_later(tmp_path):
    bundles = Bundles(Layout(tmp_path).make(), durable=True)
    wire = Wire()
    refused(wire.call("attempt@x"))
    seen = seen_in(wire.write(tmp_path / "c.pcap"), bundles.layout)
    manifest = Attempts(SETTINGS, "").manifest(seen, is_cut=False)
    name = manifest.call.call_id
    (bundles.layout.spool_ready / name).write_text("in the way")
    assert not bundles.finish_attempts([manifest])
    (bundles.layout.spool_ready / name).unlink()
    assert bundles.finish_attempts([manifest])
    assert [path.name for path in (bundles.layout.spool_ready / name).iterdir()] == [CALLS_FILE]


class Noted:
    """A recorder on a capture of ten calls that nobody answers, of which it was told one; its notes, and then it is killed."""

    def __init__(self, tmp_path, monkeypatch):
        let_few_begin(monkeypatch)
        wire = Wire()
        for number in range(10):
            wire.call(f"scan-{number}@x", caller_host=f"203.0.113.{number}").request(
                number / 20, "INVITE", initial=True
            )
        self.layout = Layout(tmp_path / "data").make()
        self.engine = engine.on_files([wire.write(tmp_path / "c.pcap")], SETTINGS, self.layout)
        while not any(isinstance(event, SourceEnded) for event in self.engine.poll(1000)):
            pass
        self.notebook = Notebook(self.layout, self.engine)

    def left_over(self):
        return left_over(self.layout, Attempts(SETTINGS, "eth9"))


WAITING = {f"scan-{number}@x" for number in range(1, 10)}


def test_what_waited_when_a_recorder_was_killed_is_told_to_the_next(tmp_path, monkeypatch):
    box = Noted(tmp_path, monkeypatch)
    for _ in range(3):
        box.notebook.note()
    rows = box.left_over()
    assert len(rows) == 9
    assert {row.call.sip_call_id for row in rows} == WAITING
    assert {(row.reason, row.call.callee.number) for row in rows} == {(Reason.INTERRUPTED, "1002")}


@pytest.mark.parametrize("is_refused", [False, True])
def test_what_is_left_over_gets_its_rows_and_stays_noted_until_then(tmp_path, monkeypatch, is_refused):
    noted = Noted(tmp_path / "before", monkeypatch)
    noted.notebook.note()
    left = noted.left_over()
    wire = Wire()
    for number in range(4):
        wire.call(f"new-{number}@x").invite(number / 20)
    if is_refused:
        monkeypatch.setattr(Bundles, "finish_attempts", lambda _bundles, _manifests: False)
    box = Box(tmp_path, wire, monkeypatch, left, noted.layout)
    expected = set() if is_refused else WAITING | {f"new-{number}@x" for number in range(1, 4)}
    assert {row.call.sip_call_id for row in box.together()} == expected
    assert box.layout.waiting_calls.exists() is is_refused
    assert len(noted.left_over()) == (9 if is_refused else 0)


def test_what_has_its_row_or_a_bundle_already_is_not_told_again(tmp_path, monkeypatch):
    box = Noted(tmp_path, monkeypatch)
    box.notebook.note()
    done = [Attempts(SETTINGS, "").manifest(one, is_cut=True) for one in box.engine.attempts(4, is_last=True)]
    box.notebook.note()
    (other,) = [
        Attempts(SETTINGS, "").manifest(one, is_cut=True) for one in box.engine.attempts(1, is_last=False)
    ]
    bundles = Bundles(box.layout, durable=True)
    bundles.open(other)
    bundles.make()
    told = {row.call.sip_call_id for row in box.left_over()}
    assert told == WAITING - {one.call.sip_call_id for one in [*done, other]}
    assert len(told) == 4


def test_an_attempt_that_is_told_twice_has_one_id(tmp_path, monkeypatch):
    box = Noted(tmp_path, monkeypatch)
    found = box.engine.attempts(9, is_last=True)
    assert len(found) == 9
    ids = [
        [Attempts(SETTINGS, "").manifest(one, is_cut=is_cut).call.call_id for one in found]
        for is_cut in (True, False)
    ]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 9


def test_notes_that_were_cut_off_anywhere_are_read_as_far_as_they_go(tmp_path, monkeypatch):
    box = Noted(tmp_path, monkeypatch)
    box.notebook.note()
    whole = box.layout.waiting_calls.read_bytes()
    box.engine.attempts(9, is_last=True)
    box.notebook.note()
    both = box.layout.waiting_calls.read_bytes()
    assert both.startswith(whole)
    for length in range(0, len(both) + 1, 7):
        box.layout.waiting_calls.write_bytes(both[:length])
        expected = 0 if length < len(whole) or length == len(both) else 9
        assert len(box.left_over()) == expected, length
    box.layout.waiting_calls.write_bytes(b"\xff" * 99)
    assert box.left_over() == []


def test_an_orderly_end_leaves_no_notes(tmp_path, monkeypatch):
    wire = Wire()
    for number in range(4):
        wire.call(f"scan-{number}@x").invite(number / 20)
    box = Box(tmp_path, wire, monkeypatch)
    assert len(box.together()) == 3
    assert not box.layout.waiting_calls.exists()
