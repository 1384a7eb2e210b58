"""Programs killed, stopped and starved in the middle of calls: what was captured survives, and the ledger says so."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.files import Layout
from appliance.domain.ledger import Mark, Reason
from appliance.settings.storage import save, validate
from tests.rigs.daemons import Daemons, daemons, record_of, recorded
from tests.rigs.mirror import MirrorLab
from tests.rigs.patience import until
from tests.rigs.sipp import Sipp, answer, audio, pause, receive, receive_invite, request, sdp
from tests.rigs.traffic import Plan, make

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

INVITE = request("INVITE", sdp(), retransmit=True, in_dialog=False)


class Conversation:
    """A sipp call of a given length on the lab."""

    def __init__(self, lab: MirrorLab, name: str, talk_ms: int) -> None:
        self._waits = Sipp(
            lab, lab.callee, (receive_invite(), answer(180, "Ringing"), answer(200, "OK", sdp()), receive("ACK"), audio(),
                              receive("BYE"), answer(200, "OK", tag="")), address=lab.callee_address,
        )  # fmt: skip
        self._calls = Sipp(
            lab, lab.caller, (INVITE, receive("180"), receive("200"), request("ACK"), audio(), pause(talk_ms),
                              request("BYE", cseq=2, retransmit=True), receive("200")),
            address=lab.caller_address, remote=lab.callee_address, call_id=name,
        )  # fmt: skip

    def finish(self) -> None:
        try:
            self._calls.wait()
            self._waits.wait()
        finally:
            self._calls.close()
            self._waits.close()


@pytest.fixture
def running(layout: Layout) -> Iterator[Daemons]:
    layout.settings.write_text(
        '{"version":1,"revision":1,"capture":{"media_timeout_s":5,"keep_free_mib":16}}'
    )
    with daemons(layout) as made:
        yield made


def media_bytes(layout: Layout) -> int:
    return sum(path.stat().st_size for path in layout.spool_open.glob("*/media.pcap"))


def talk(seconds: float) -> None:
    """Let a conversation go on for its length; it is not a wait for an effect."""
    threading.Event().wait(seconds)


def test_a_call_that_outlives_a_killed_recorder_is_one_recording_marked_interrupted(
    running: Daemons, lab: MirrorLab
) -> None:
    running.broker()
    running.start("archiver")
    running.start("recorder", "--interface", lab.mirror)
    conversation = Conversation(lab, "killed@sipp", 16000)
    until(lambda: media_bytes(running.layout) > 0, what="the first audio on disk")
    talk(4)
    running.kill("recorder")
    running.start("recorder", "--interface", lab.mirror)
    conversation.finish()
    record = record_of(running.layout, "killed@sipp")
    assert Mark.INTERRUPTED in record.marks
    assert record.recording is not None
    assert record.recording.length_s > 8, "from the first word to the last, with a hole"
    assert Mark.NO_BYE not in record.marks, "the recorder that came back saw the end"
    assert min(track.packets for track in record.tracks) >= 2 * 50, (
        "at most two seconds may be missing before the kill"
    )
    until(lambda: not list(running.layout.spool_open.iterdir()), 30, "nothing else to be left")
    assert len(recorded(running.layout)) == 1


def test_a_call_that_outlives_an_ordered_restart_is_one_recording(running: Daemons, lab: MirrorLab) -> None:
    running.broker()
    running.start("archiver")
    running.start("recorder", "--interface", lab.mirror)
    conversation = Conversation(lab, "ordered@sipp", 14000)
    until(lambda: media_bytes(running.layout) > 0, what="the first audio on disk")
    talk(3)
    assert running.stop("recorder") == 0
    assert not list(running.layout.spool_ready.iterdir()), "nothing is handed over that is not over"
    before = media_bytes(running.layout)
    running.start("recorder", "--interface", lab.mirror)
    until(lambda: media_bytes(running.layout) > before, what="the call to go on in its bundle")
    conversation.finish()
    record = record_of(running.layout, "ordered@sipp")
    assert Mark.INTERRUPTED in record.marks
    assert Mark.NO_BYE not in record.marks
    assert record.recording is not None
    assert record.recording.length_s > 8
    assert len(recorded(running.layout)) == 1


def test_new_settings_of_the_capture_lose_no_call_in_progress(running: Daemons, lab: MirrorLab) -> None:
    running.broker()
    running.start("archiver")
    running.start("recorder", "--interface", lab.mirror)
    conversation = Conversation(lab, "settings@sipp", 9000)
    until(lambda: media_bytes(running.layout) > 0, what="the first audio on disk")
    changed = {"capture": {"media_timeout_s": 5, "keep_free_mib": 16, "sip_ports": [5060, 5066]}}
    save(running.layout, validate(changed), based_on_revision=1)
    until(lambda: "calls go on" in running.log("recorder"), what="the next session")
    conversation.finish()
    record = record_of(running.layout, "settings@sipp")
    assert Mark.NO_BYE not in record.marks
    assert record.recording is not None
    assert record.recording.length_s > 8
    assert min(track.packets for track in record.tracks) > 6 * 50, "hardly anything is missing"
    assert len(recorded(running.layout)) == 1


def test_a_killed_archiver_finishes_every_bundle_once(
    running: Daemons, lab: MirrorLab, tmp_path: Path
) -> None:
    truth = make(Plan(calls=30, talk_s=3, per_s=60), tmp_path / "calls.pcap")
    running.broker()
    running.start("recorder", "--interface", lab.mirror)
    replay(lab, tmp_path / "calls.pcap")
    until(lambda: len(list(running.layout.spool_ready.iterdir())) == 30, 30, "all bundles handed over")
    for _ in range(4):
        running.start("archiver")
        talk(0.15)
        running.kill("archiver")
    running.start("archiver")
    until(lambda: len(recorded(running.layout)) == 30, 60, "all calls in the ledger")
    found = {record.call.sip_call_id: record for record in recorded(running.layout)}
    for call in truth.calls:
        record = found[call["call_id"]]
        assert record.recording is not None
        hashes = {str(track.side): track.payload_sha256 for track in record.tracks}
        assert hashes == {side: track["payload_sha256"] for side, track in call["tracks"].items()}
    files = [path for path in running.layout.archive.rglob("*") if path.is_file()]
    names = Counter(path.name.split("_")[0].split(".")[0] for path in files if path.suffix == ".wav")
    assert set(names.values()) == {1}, "no call may have two files"
    assert not [path for path in files if ".tmp" in path.name or path.name.startswith(".")], (
        "no half-written file may stay"
    )


def test_recording_goes_on_without_broker_and_archiver(running: Daemons, lab: MirrorLab) -> None:
    running.broker()
    running.start("recorder", "--interface", lab.mirror)
    running.kill("broker")
    Conversation(lab, "alone@sipp", 1000).finish()
    until(lambda: list(running.layout.spool_ready.iterdir()), what="the bundle handed over")
    running.layout.bus_socket.unlink(missing_ok=True)
    running.broker()
    running.start("archiver")
    assert record_of(running.layout, "alone@sipp").recording is not None
    said = subprocess.run(
        [
            "mosquitto_sub",
            "--unix",
            str(running.layout.bus_socket),
            "-t",
            "state/program/recorder",
            "-C",
            "1",
            "-W",
            "20",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert '"alive":true' in said.stdout, "the recorder says again what it is after the broker came back"


def test_a_locked_database_delays_and_loses_nothing(running: Daemons, lab: MirrorLab) -> None:
    running.broker()
    running.start("archiver")
    running.start("recorder", "--interface", lab.mirror)
    with sqlite3.connect(running.layout.index, isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        Conversation(lab, "locked@sipp", 1000).finish()
        until(lambda: list(running.layout.archive.rglob("*.wav")), 40, "the recording, database or not")
        talk(6)
        connection.execute("ROLLBACK")
    connection.close()
    assert record_of(running.layout, "locked@sipp", 60).recording is not None


def test_a_recorder_that_is_frozen_for_longer_than_silence_may_last_loses_no_packet(
    running: Daemons, lab: MirrorLab, tmp_path: Path
) -> None:
    truth = make(Plan(calls=20, talk_s=11, per_s=40), tmp_path / "calls.pcap")
    running.broker()
    running.start("archiver")
    running.start("recorder", "--interface", lab.mirror)
    player = threading.Thread(target=replay, args=(lab, tmp_path / "calls.pcap"))
    player.start()
    until(lambda: media_bytes(running.layout) > 0, what="the first audio on disk")
    os.kill(running.pid("recorder"), signal.SIGSTOP)
    talk(5.5)  # media_timeout_s is 5
    os.kill(running.pid("recorder"), signal.SIGCONT)
    player.join()
    until(lambda: len(recorded(running.layout)) == 20, 40, "all calls in the ledger")
    assert {
        (record.call.sip_call_id, str(track.side)): track.packets
        for record in recorded(running.layout)
        for track in record.tracks
    } == {
        (call["call_id"], side): track["packets"]
        for call in truth.calls
        for side, track in call["tracks"].items()
    }


def test_an_interface_that_goes_down_and_up_is_recorded_again(running: Daemons, lab: MirrorLab) -> None:
    running.broker()
    running.start("archiver")
    running.start("recorder", "--interface", lab.mirror)
    subprocess.run(["ip", "link", "set", lab.mirror, "down"], check=True)
    talk(1.5)
    subprocess.run(["ip", "link", "set", lab.mirror, "up"], check=True)
    Conversation(lab, "after@sipp", 1000).finish()
    record = record_of(running.layout, "after@sipp")
    assert record.recording is not None


def test_a_full_disk_stops_audio_keeps_the_ledger_and_resumes(lab: MirrorLab, tmp_path: Path) -> None:
    folder = Path("/tmp") / f"tl-small-{os.getpid()}"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], check=True)
    try:
        layout = Layout(folder).make()
        layout.settings.write_text(
            '{"version":1,"revision":1,"capture":{"keep_free_mib":40,"media_timeout_s":5}}'
        )
        with daemons(layout) as running:
            running.broker()
            running.start("archiver")
            running.start("recorder", "--interface", lab.mirror)
            ballast = folder / "ballast"
            ballast.write_bytes(bytes(26 << 20))
            until(lambda: "the disk is full" in running.log("recorder"), what="the recorder to notice")
            Conversation(lab, "full@sipp", 1500).finish()
            record = record_of(layout, "full@sipp")
            assert record.reason == Reason.DISK_FULL
            ballast.unlink()
            until(lambda: "the disk has room again" in running.log("recorder"), what="the recorder to notice")
            Conversation(lab, "free@sipp", 1500).finish()
            assert record_of(layout, "free@sipp").recording is not None
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def replay(lab: MirrorLab, capture: Path) -> None:
    """Put a capture on the mirror port at its own pace."""
    subprocess.run(
        lab.inside(lab.bridge, "tcpreplay", "--quiet", "--preload-pcap", "--intf1", "mirror", str(capture)),
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_five_hundred_live_calls_without_a_kernel_drop(
    running: Daemons, lab: MirrorLab, tmp_path: Path
) -> None:
    truth = make(Plan(calls=500, talk_s=7, per_s=100), tmp_path / "calls.pcap")
    running.broker()
    running.start("recorder", "--interface", lab.mirror)
    replay(lab, tmp_path / "calls.pcap")
    until(lambda: len(list(running.layout.spool_ready.iterdir())) == 500, 60, "all bundles handed over")
    intake = subprocess.run(
        [
            "mosquitto_sub",
            "--unix",
            str(running.layout.bus_socket),
            "-t",
            "state/intake/+",
            "-C",
            "1",
            "-W",
            "20",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert '"kernel_drops":0' in intake, intake
    running.start("archiver")
    until(
        lambda: (
            not list(running.layout.spool_ready.iterdir()) and not list(running.layout.spool_work.iterdir())
        ),
        120,
    )
    found = {}
    for path in running.layout.archive.rglob("*.json"):
        record = json.loads(path.read_text())
        found[record["manifest"]["call"]["sip_call_id"]] = record
    assert len(found) == 500
    for call in truth.calls:
        tracks = {
            track["side"]: (track["packets"], track["payload_sha256"])
            for track in found[call["call_id"]]["tracks"]
        }
        assert tracks == {
            side: (track["packets"], track["payload_sha256"]) for side, track in call["tracks"].items()
        }
