"""A session from start to stop on the real engine, with a clock that the test sets."""

import asyncio
import contextlib
import socket
import struct
import threading
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance.bus.client import Bus
from appliance.capture import bundles, session
from appliance.capture.bundles import TAKEN_UP_FILE, Bundles
from appliance.capture.engine import on_files
from appliance.capture.live import LiveNews
from appliance.capture.mirror import Mirror
from appliance.capture.seen import DiskChanged, LinkChanged, OrphanSeen
from appliance.capture.session import Session, status_line
from appliance.core.clock import ManualClock
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout
from appliance.core.service import Pulse
from appliance.domain.bundle import Manifest
from appliance.domain.call import CallState
from appliance.domain.ledger import Mark, Reason
from appliance.settings.storage import validate
from tests.rigs.patience import until
from tests.rigs.wire import Wire

HOUR_NS = 3600 * 1_000_000_000


class Box:
    """Everything a recorder is made of, on a capture file."""

    def __init__(self, tmp_path, wire, clock=None, **capture):
        self.layout = Layout(tmp_path / "data").make()
        settings = validate({"capture": {"keep_free_mib": 16, **capture}}).capture
        self.clock = clock or ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.engine = on_files([wire.write(tmp_path / "c.pcap")], settings, self.layout)
        self.bundles = Bundles(self.layout, durable=True)
        self.mirror = Mirror(self.engine, self.bundles, settings, "eth9")
        news = LiveNews(Bus(self.layout.bus_socket, "recorder"), self.clock)
        self.session = Session(self.engine, self.mirror, self.bundles, news, self.clock, is_live=True)
        self.stopping = asyncio.Event()

    def run(self):
        asyncio.run(self.session.run(self.stopping, Pulse("capture", 9, self.clock)))

    def manifests(self):
        assert list(self.layout.spool_open.iterdir()) == []
        return [read_manifest(folder) for folder in sorted(self.layout.spool_ready.iterdir())]

    def until_answered(self, sip_call_id="session@x"):
        while not self.mirror.origin.has_ended:
            self.mirror.handle(self.engine.poll(100))
            for leg in self.mirror.legs.values():
                if leg.is_answered and leg.call.sip_call_id == sip_call_id:
                    return leg
        raise AssertionError("no call was answered")


def read_manifest(folder):
    return msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)


def one_call(end_s=5.0):
    wire = Wire()
    call = wire.call("session@x")
    call.invite(0)
    call.ring(0.5)
    call.answer(1)
    call.talk(1, end_s)
    call.bye(end_s)
    return wire


def test_a_call_is_recorded_and_handed_over(tmp_path):
    box = Box(tmp_path, one_call())
    box.run()
    (manifest,) = box.manifests()
    assert (manifest.complete, manifest.interface, manifest.marks) == (True, "eth9", [])
    assert box.session.handed_over == 1


def test_a_disk_that_stands_still_delays_no_signalling(tmp_path, monkeypatch):
    box = Box(tmp_path, one_call())
    put_all = bundles.put_all

    def slowly(*arguments, **named):
        until(lambda: box.mirror.origin.has_ended, 60, "everything to be read while the disk stands still")
        return put_all(*arguments, **named)

    monkeypatch.setattr(bundles, "put_all", slowly)
    box.run()
    (manifest,) = box.manifests()
    assert (manifest.complete, manifest.marks) == (True, [])


class Setting(ManualClock):
    """A clock that somebody sets after it was read so often."""

    def __init__(self, after, by):
        super().__init__(datetime(2026, 1, 1, tzinfo=UTC))
        self.after, self.by, self.reads = after, by, 0

    def now(self):
        self.reads += 1
        return self.at + self.by if self.reads > self.after else self.at


@pytest.mark.parametrize("by", [timedelta(hours=5), timedelta(hours=-5), timedelta(seconds=2)])
def test_a_clock_that_is_set_during_a_call_marks_it_and_ends_nothing(tmp_path, by):
    box = Box(tmp_path, one_call(), Setting(8, by))
    box.run()
    (manifest,) = box.manifests()
    assert manifest.marks == [Mark.CLOCK_JUMP]
    kinds = [event.kind for event in manifest.call.events]
    assert kinds.count("clock_jump") == 1
    assert kinds[-1] == "bye"


@pytest.mark.parametrize("jump_s", [7300.0, -7300.0])
def test_every_deadline_moves_with_the_clock(tmp_path, jump_s):
    box = Box(tmp_path, one_call(), media_timeout_s=5)
    leg = box.until_answered()
    leg.last_media_ns = box.engine.now_ns()
    box.mirror.clock_jumped(jump_s)
    then_ns = box.engine.now_ns() + round(jump_s * 1e9)
    box.mirror.tick(then_ns)
    box.mirror.media_counted({}, then_ns)
    assert leg.call.state is CallState.UP
    box.mirror.media_counted({}, then_ns + 6_000_000_000)
    assert leg.call.state is CallState.ENDED


@pytest.mark.parametrize("jump_s", [7300.0, -7300.0])
def test_a_bye_that_waits_for_silence_waits_over_a_jump_of_the_clock(tmp_path, jump_s):
    wire = Wire()
    wire.call("heard@x").talk(0, 9)
    wire.call("heard@x").bye(8.9)
    box = Box(tmp_path, wire)
    while not box.mirror.origin.has_ended:
        box.mirror.handle(box.engine.poll(100))
    (leg,) = box.mirror.legs.values()
    box.mirror.media_counted(box.engine.streams(), box.engine.now_ns())
    assert not leg.is_ended
    box.mirror.clock_jumped(jump_s)
    then_ns = box.engine.now_ns() + round(jump_s * 1e9)
    box.mirror.media_counted({}, then_ns + 11_000_000_000)
    assert not leg.is_ended
    box.mirror.media_counted({}, then_ns + 13_000_000_000)
    assert leg.is_ended
    assert leg.call.sip_call_id == "heard@x"
    assert [one.call_id for one in box.mirror.legs.values()] == [leg.call_id]
    box.engine.stop()


def test_a_stop_leaves_what_is_up_for_the_next_session_and_hands_over_what_is_over(tmp_path):
    wire = one_call()
    short = wire.call("over@x", caller_host="10.0.0.7", callee_host="10.0.0.8")
    short.invite(0.1)
    short.answer(0.2)
    short.bye(0.3)
    box = Box(tmp_path, wire)
    leg = box.until_answered()
    folder = box.layout.spool_open / leg.call_id
    box.bundles.make()
    (folder / TAKEN_UP_FILE).write_bytes(b"2")
    box.stopping.set()
    box.run()
    (over,) = [read_manifest(path) for path in box.layout.spool_ready.iterdir()]
    assert (over.call.sip_call_id, over.complete) == ("over@x", True)
    assert list(box.layout.spool_open.iterdir()) == [folder]
    left = read_manifest(folder)
    assert (left.call.sip_call_id, left.complete) == ("session@x", False)
    assert left.call.answered_at is not None
    assert (folder / MEDIA_FILE).stat().st_size > 24
    assert not (folder / TAKEN_UP_FILE).exists(), "an orderly stop is no crash"


def test_signalling_waits_in_the_engine_while_too_many_calls_wait_for_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "MOST_OVER", 3)
    monkeypatch.setattr(session, "CLOSED_TOGETHER", 2)
    wire = Wire()
    for number in range(40):
        call = wire.call(f"brief-{number}@x", caller_host=f"10.1.0.{number}", port=20000 + 2 * number)
        call.invite(number)
        call.fail(number + 0.1, 486)
    box = Box(tmp_path, wire)
    disk = threading.Event()
    finish, polls = Bundles.finish, []

    def slow(bundles, manifests):
        assert disk.wait(60)
        return finish(bundles, manifests)

    def counted(timeout_ms, poll=box.engine.poll):
        polls.append(timeout_ms)
        return poll(timeout_ms)

    monkeypatch.setattr(Bundles, "finish", slow)
    monkeypatch.setattr(box.engine, "poll", counted)

    async def main():
        running = asyncio.create_task(box.session.run(box.stopping, Pulse("capture", 9, box.clock)))
        waits = asyncio.wait_for(is_waiting(running), 60)
        assert await waits, "nothing waited for the disk"
        disk.set()
        await running

    async def is_waiting(running):
        """Whether rounds go by in which nothing is polled, before everything was."""
        rounds, told = 0, -1
        while rounds < 3 and not running.done():
            await asyncio.wait({box.session._finishing or running}, timeout=0.3)
            rounds = rounds + 1 if len(polls) == told else 0
            told = len(polls)
        return not running.done() and not box.mirror.origin.has_ended

    asyncio.run(main())
    assert [one.call.sip_call_id for one in box.manifests()] == [f"brief-{n}@x" for n in range(40)]
    assert {one.reason for one in box.manifests()} == {Reason.BUSY}


def test_packets_lost_on_the_way_in_mark_only_the_calls_that_were_up(tmp_path):
    wire = one_call()
    later = wire.call("later@x", caller_host="10.0.0.7", callee_host="10.0.0.8")
    later.invite(20)
    later.answer(21)
    later.talk(21, 22)
    later.bye(22)
    box = Box(tmp_path, wire)
    box.until_answered()
    box.mirror.capture_lost(5 * 10**9, 6 * 10**9, 40)
    box.mirror.capture_lost(6 * 10**9, 7 * 10**9, 2)
    box.mirror.capture_lost(9 * 10**9, 10 * 10**9, 3)
    box.run()
    marks = {manifest.call.sip_call_id: manifest.marks for manifest in box.manifests()}
    assert marks == {"session@x": [Mark.CAPTURE_LOSS], "later@x": []}
    drops = {manifest.call.sip_call_id: manifest.capture_drops for manifest in box.manifests()}
    assert [(one.from_at.second, one.until_at.second, one.packets) for one in drops["session@x"]] == [
        (5, 7, 42),
        (9, 10, 3),
    ]
    assert drops["later@x"] == []


def test_the_status_line_says_what_is_wrong(tmp_path):
    box = Box(tmp_path, one_call())
    box.until_answered()
    assert status_line(box.mirror, 0) == "1 calls up, 1 seen, 0 handed over"
    box.mirror.origin.take(DiskChanged(full=True, free_bytes=0), [])
    box.mirror.origin.take(LinkChanged(up=False), [])
    assert status_line(box.mirror, 0).endswith("DISK FULL, LINK DOWN")
    box.engine.stop()


def test_a_manifest_is_on_disk_while_the_call_is_up(tmp_path):
    """So that a kill -9 leaves more than packets."""
    box = Box(tmp_path, one_call(end_s=30))
    seen = []

    async def main():
        task = asyncio.create_task(box.session.run(box.stopping, Pulse("capture", 9, box.clock)))
        while not task.done() and not seen:
            with contextlib.suppress(msgspec.DecodeError):  # it is being overwritten just now
                seen.extend(
                    manifest
                    for path in box.layout.spool_open.glob(f"*/{MANIFEST_FILE}")
                    if (manifest := msgspec.json.decode(path.read_bytes(), type=Manifest)).call.answered_at
                )
            box.clock.at_mono_s += 1
            box.clock.at += timedelta(seconds=1)
            await asyncio.sleep(0)
        box.stopping.set()
        await task

    asyncio.run(main())
    assert seen
    assert not seen[0].complete
    assert seen[0].call.sip_call_id == "session@x"


def test_a_listener_hears_both_sides_until_the_call_ends(tmp_path):
    box = Box(tmp_path, one_call(end_s=3))
    leg = box.until_answered()
    ours, theirs = socket.socketpair()
    box.engine.tap(leg.call_id, theirs.fileno())
    theirs.close()
    box.run()
    ours.settimeout(20)
    heard = b""
    while chunk := ours.recv(65536):
        heard += chunk
    ours.close()
    frames = []
    while heard:
        side, length = struct.unpack_from("!BH", heard)
        frames.append((side, heard[3 : 3 + length]))
        heard = heard[3 + length :]
    assert {side: sum(1 for one, _ in frames if one == side) for side in (0, 1)} == {0: 100, 1: 100}
    assert {packet[1] for _, packet in frames} == {8}
    assert {int.from_bytes(packet[8:12]) for side, packet in frames if side == 0} == {40020}


def test_a_listener_that_does_not_read_costs_only_itself(tmp_path):
    box = Box(tmp_path, one_call(end_s=60))
    leg = box.until_answered()
    ours, theirs = socket.socketpair()
    box.engine.tap(leg.call_id, theirs.fileno())
    theirs.close()
    box.run()
    ours.close()
    (manifest,) = box.manifests()
    assert {stream.packets for stream in manifest.streams} == {2950}


def test_audio_that_was_told_before_its_signalling_was_read_is_no_call_of_its_own(tmp_path):
    box = Box(tmp_path, one_call())
    leg = box.until_answered()
    (place, *_) = leg.media.bindings.values()
    late = OrphanSeen(
        src="10.9.9.9", src_port=4000, dst=place.address, dst_port=place.port, ssrc=77, pt=8, packets=200, first_ns=1
    )  # fmt: skip
    box.mirror.handle([late])
    assert list(box.mirror.legs.values()) == [leg]
    box.run()
    (manifest,) = box.manifests()
    assert manifest.call.sip_call_id == "session@x"
