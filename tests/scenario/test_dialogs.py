"""Every turn a dialog can take, played by real sipp and pjsua2 peers through a mirror port into the running recorder."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.files import Layout
from appliance.domain.bundle import Record, StreamKind
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from tests.rigs.daemons import Daemons, daemons, record_of, recorded
from tests.rigs.demonstration import PhoneProcess
from tests.rigs.mirror import MirrorLab, mirror_lab
from tests.rigs.patience import until
from tests.rigs.sipp import Sipp, answer, audio, callee_request, pause, receive, receive_invite, request, sdp

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

INVITE = request("INVITE", sdp(), retransmit=True, in_dialog=False)
HANG_UP = (request("BYE", cseq=2, retransmit=True), receive("200"))
ANSWERED = (
    receive("100", optional=True),
    receive("180", optional=True),
    receive("200"),
    request("ACK"),
    audio(),
)
RINGS = (receive_invite(), answer(180, "Ringing"), pause(100))
TALKS = (answer(200, "OK", sdp()), receive("ACK"), audio())
TAKES_BYE = (receive("BYE"), answer(200, "OK", tag=""))


class Box:
    """The lab with the recorder and the archiver running on its mirror port."""

    def __init__(self, lab: MirrorLab, running: Daemons) -> None:
        self.lab = lab
        self.running = running
        self._calls = 0

    def call(
        self,
        caller: tuple[str, ...],
        callee: tuple[str, ...],
        *,
        service: str = "8001",
        transport: str = "u1",
    ) -> Record:
        """Play both scripts to their ends and return what the ledger says."""
        self._calls += 1
        name = f"{os.environ['PYTEST_CURRENT_TEST'].split('::')[-1].split(' ')[0]}-{self._calls}@sipp"
        waits = Sipp(self.lab, self.lab.callee, callee, address=self.lab.callee_address, transport=transport)
        calls = Sipp(
            self.lab,
            self.lab.caller,
            caller,
            address=self.lab.caller_address,
            remote=self.lab.callee_address,
            call_id=name,
            service=service,
            transport=transport,
        )
        try:
            calls.wait()
            waits.wait()
        finally:
            calls.close()
            waits.close()
        return record_of(self.running.layout, name)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder, mirror_lab() as lab:
        layout = Layout(Path(folder)).make()
        layout.settings.write_text(
            '{"version":1,"revision":1,"capture":{"media_timeout_s":5,"keep_free_mib":16}}'
        )
        with daemons(layout) as running:
            running.broker()
            running.start("archiver")
            running.start("recorder", "--interface", lab.mirror)
            yield Box(lab, running)


def kinds(record: Record) -> list[str]:
    return [event.kind for event in record.call.events]


def assert_recorded(record: Record, talk_s: float, *marks: Mark) -> None:
    assert record.reason is None
    assert record.recording is not None
    assert record.call.talk_s == pytest.approx(talk_s, abs=0.4)
    assert {track.side for track in record.tracks} == {Side.CALLER, Side.CALLEE}
    assert set(marks) <= set(record.marks)


def test_a_plain_call_is_recorded_with_both_sides(box: Box) -> None:
    record = box.call((INVITE, *ANSWERED, pause(1500), *HANG_UP), (*RINGS, *TALKS, *TAKES_BYE))
    assert_recorded(record, 1.5)
    assert record.recording is not None
    assert record.recording.length_s == pytest.approx(record.call.talk_s, abs=0.02)
    assert record.call.caller.number == "1001"
    assert record.call.caller.display == "Ann Caller"
    assert record.call.callee.number == "8001"
    assert record.call.ringing_at is not None
    assert record.call.ended_by == Side.CALLER
    assert all(track.lost == 0 for track in record.tracks)


def test_signalling_over_tcp_is_recorded(box: Box) -> None:
    record = box.call((INVITE, *ANSWERED, pause(800), *HANG_UP), (*RINGS, *TALKS, *TAKES_BYE), transport="t1")
    assert_recorded(record, 0.8)
    assert record.call.transport == "tcp"


def test_the_callee_may_hang_up(box: Box) -> None:
    record = box.call(
        (INVITE, *ANSWERED, receive("BYE"), answer(200, "OK", tag="")),
        (*RINGS, *TALKS, pause(1000), callee_request("BYE"), receive("200")),
    )
    assert_recorded(record, 1.0)
    assert record.call.ended_by == Side.CALLEE


def test_a_retransmitted_invite_is_one_call(box: Box) -> None:
    record = box.call(
        (INVITE, *ANSWERED, pause(600), *HANG_UP),
        (receive_invite(), pause(1700), *(answer(180, "Ringing"), pause(200)), *TALKS, *TAKES_BYE),
    )
    assert_recorded(record, 0.6)
    invites = [message for message in record.manifest.messages if message.label.startswith("INVITE")]
    assert len(invites) >= 3
    assert (
        sum(other.call.sip_call_id == record.call.sip_call_id for other in recorded(box.running.layout)) == 1
    )


def test_early_media_is_kept_before_the_answer(box: Box) -> None:
    record = box.call(
        (INVITE, receive("183"), receive("200"), request("ACK"), audio(), pause(1000), *HANG_UP),
        (receive_invite(), answer(183, "Session Progress", sdp()), audio(), pause(1200), answer(200, "OK", sdp()), receive("ACK"), *TAKES_BYE),
    )  # fmt: skip
    assert_recorded(record, 1.0, Mark.EARLY_MEDIA)
    assert record.recording is not None
    assert record.recording.length_s == pytest.approx(record.call.talk_s + 1.2, abs=0.3)


def test_of_forked_answers_the_one_that_was_taken_counts(box: Box) -> None:
    record = box.call(
        (INVITE, receive("180"), receive("183"), receive("200"), request("ACK"), audio(), pause(700), *HANG_UP),
        (receive_invite(), answer(180, "Ringing", tag="x"), answer(183, "Progress", sdp(), tag="y"), pause(200), *TALKS, *TAKES_BYE),
    )  # fmt: skip
    assert_recorded(record, 0.7, Mark.FORKED)


def test_a_challenge_and_a_second_invite_are_one_call(box: Box) -> None:
    record = box.call(
        (
            INVITE,
            receive("407"),
            request("ACK"),
            request(
                "INVITE", sdp(), cseq=2, in_dialog=False, headers="Proxy-Authorization: Digest username=x\n"
            ),
            receive("200"),
            request("ACK", cseq=2),
            audio(),
            pause(700),
            request("BYE", cseq=3),
            receive("200"),
        ),
        (
            receive_invite(),
            answer(407, "Proxy Authentication Required", tag="z"),
            receive("ACK"),
            receive_invite(),
            *TALKS,
            *TAKES_BYE,
        ),
    )
    assert_recorded(record, 0.7)
    assert record.call.status_code in (None, 200)


def test_a_late_offer_in_the_answer_is_understood(box: Box) -> None:
    record = box.call(
        (request("INVITE", in_dialog=False), receive("180", optional=True), receive("200"), request("ACK", sdp()), audio(), pause(800), *HANG_UP),
        (*RINGS, *TALKS, *TAKES_BYE),
    )  # fmt: skip
    assert_recorded(record, 0.8)


def test_a_reinvite_that_changes_the_codec_goes_on_in_the_same_recording(box: Box) -> None:
    record = box.call(
        (INVITE, *ANSWERED, pause(800), request("INVITE", sdp("PCMU"), cseq=2), receive("200"), request("ACK", cseq=2), audio("PCMU"),
         pause(800), request("BYE", cseq=3), receive("200")),
        (*RINGS, *TALKS, receive("INVITE"), answer(200, "OK", sdp("PCMU"), tag=""), receive("ACK"), audio("PCMU"), *TAKES_BYE),
    )  # fmt: skip
    assert_recorded(record, 1.6, Mark.CODEC_CHANGED)
    assert {track.codec for track in record.tracks} == {"PCMA", "PCMU"} or Mark.CODEC_CHANGED in record.marks


def test_an_update_inside_the_dialog_is_followed(box: Box) -> None:
    record = box.call(
        (INVITE, *ANSWERED, pause(500), request("UPDATE", sdp(), cseq=2), receive("200"), pause(500), request("BYE", cseq=3), receive("200")),
        (*RINGS, *TALKS, receive("UPDATE"), answer(200, "OK", sdp(), tag=""), *TAKES_BYE),
    )  # fmt: skip
    assert_recorded(record, 1.0)


def test_hold_and_resume_leave_one_recording_with_a_silence(box: Box) -> None:
    record = box.call(
        (INVITE, *ANSWERED, pause(700), request("INVITE", sdp(direction="sendonly"), cseq=2), receive("200"), request("ACK", cseq=2),
         audio(stop=True), pause(900), request("INVITE", sdp(), cseq=3), receive("200"), request("ACK", cseq=3), audio(), pause(700),
         request("BYE", cseq=4), receive("200")),
        (*RINGS, *TALKS, receive("INVITE"), answer(200, "OK", sdp(direction="recvonly"), tag=""), receive("ACK"), audio(stop=True),
         receive("INVITE"), answer(200, "OK", sdp(), tag=""), receive("ACK"), audio(), *TAKES_BYE),
    )  # fmt: skip
    assert_recorded(record, 2.3, Mark.HELD)
    assert kinds(record).index("hold") < kinds(record).index("resume")


def test_a_cancelled_call_has_its_reason(box: Box) -> None:
    record = box.call(
        (
            INVITE,
            receive("180"),
            pause(400),
            request("CANCEL", in_dialog=False),
            receive("200"),
            receive("487"),
            request("ACK"),
        ),
        (
            receive_invite(),
            answer(180, "Ringing"),
            receive("CANCEL"),
            answer(200, "OK", tag=""),
            answer(487, "Request Terminated").replace("[last_CSeq:]", "CSeq: 1 INVITE"),
            receive("ACK"),
        ),
    )
    assert record.recording is None
    assert record.reason == Reason.CANCELLED


@pytest.mark.parametrize(
    ("code", "phrase", "reason"),
    [
        (486, "Busy Here", Reason.BUSY),
        (600, "Busy Everywhere", Reason.BUSY),
        (603, "Decline", Reason.REJECTED),
        (403, "Forbidden", Reason.REJECTED),
        (480, "Temporarily Unavailable", Reason.NO_ANSWER),
        (404, "Not Found", Reason.FAILED),
        (503, "Service Unavailable", Reason.FAILED),
    ],
)
def test_a_refused_call_has_its_reason_and_code(box: Box, code: int, phrase: str, reason: Reason) -> None:
    record = box.call(
        (INVITE, receive(str(code)), request("ACK")), (receive_invite(), answer(code, phrase), receive("ACK"))
    )
    assert record.recording is None
    assert (record.reason, record.call.status_code) == (reason, code)


def test_an_answered_call_without_audio_says_so(box: Box) -> None:
    silent = (receive("180", optional=True), receive("200"), request("ACK"))
    record = box.call(
        (INVITE, *silent, pause(500), *HANG_UP),
        (*RINGS, answer(200, "OK", sdp()), receive("ACK"), *TAKES_BYE),
    )
    assert (record.reason, record.recording) == (Reason.NO_MEDIA, None)


def test_one_way_audio_is_a_mark_and_a_stereo_file(box: Box) -> None:
    record = box.call(
        (INVITE, *ANSWERED, pause(900), *HANG_UP),
        (*RINGS, answer(200, "OK", sdp()), receive("ACK"), *TAKES_BYE),
    )
    assert record.recording is not None
    assert record.recording.channels == 2
    assert Mark.ONE_WAY in record.marks
    assert {track.side for track in record.tracks} == {Side.CALLER}


def test_encrypted_media_without_keys_is_named(box: Box) -> None:
    secure = sdp().replace("RTP/AVP", "RTP/SAVP") + "a=fingerprint:sha-256 AA:BB\na=setup:actpass\n"
    record = box.call(
        (request("INVITE", secure, in_dialog=False), *ANSWERED, pause(600), *HANG_UP),
        (*RINGS, answer(200, "OK", secure), receive("ACK"), audio(), *TAKES_BYE),
    )
    assert (record.reason, record.recording) == (Reason.ENCRYPTED, None)


def test_a_lost_bye_ends_the_call_at_its_last_audio(box: Box) -> None:
    lab = box.lab
    name = "lost-bye@sipp"
    waits = Sipp(lab, lab.callee, (*RINGS, *TALKS, pause(60000)), address=lab.callee_address)
    calls = Sipp(
        lab,
        lab.caller,
        (INVITE, *ANSWERED, pause(60000)),
        address=lab.caller_address,
        remote=lab.callee_address,
        call_id=name,
    )
    try:
        until(
            lambda: any(
                "lost-bye" in p.read_text() for p in box.running.layout.spool_open.glob("*/manifest.json")
            ),
            20,
        )
        subprocess.run(
            ["sleep", "1.5"], check=True
        )  # the length of the conversation, not a wait for an effect
    finally:
        calls.close()
        waits.close()
    record = record_of(box.running.layout, name, 40)
    assert Mark.NO_BYE in record.marks
    assert record.recording is not None
    assert record.call.talk_s < 4


def test_two_legs_through_a_pbx_are_one_interaction(box: Box) -> None:
    lab = box.lab
    second = "10.77.0.11"
    lab.address(lab.caller, second)
    callee = Sipp(lab, lab.caller, (*RINGS, *TALKS, *TAKES_BYE), address=second, rtp_port=34000)
    pbx_in = Sipp(lab, lab.callee, (*RINGS, pause(600), *TALKS, *TAKES_BYE), address=lab.callee_address)
    caller = Sipp(
        lab, lab.caller, (INVITE, *ANSWERED, pause(1500), *HANG_UP), address=lab.caller_address,
        remote=lab.callee_address, call_id="leg-one@sipp",
    )  # fmt: skip
    # The PBX dials on only once it was called.
    until(
        lambda: any(
            "leg-one" in path.read_text() for path in box.running.layout.spool_open.glob("*/manifest.json")
        )
    )
    pbx_out = Sipp(
        lab, lab.callee, (pause(400), INVITE, *ANSWERED, pause(900), *HANG_UP), address=lab.callee_address, port=5070, rtp_port=36000,
        remote=second, call_id="leg-two@sipp",
    )  # fmt: skip
    peers = (callee, pbx_in, caller, pbx_out)
    try:
        for peer in peers:
            peer.wait()
    finally:
        for peer in peers:
            peer.close()
    first, last = (record_of(box.running.layout, name) for name in ("leg-one@sipp", "leg-two@sipp"))
    assert first.recording is not None
    assert last.recording is not None
    assert first.call.call_id != last.call.call_id
    assert first.call.interaction_id == last.call.interaction_id


def test_a_call_that_was_already_up_is_recorded_and_marked(layout: Layout, lab: MirrorLab) -> None:
    with daemons(layout) as running:
        running.broker()
        running.start("archiver")
        waits = Sipp(lab, lab.callee, (*RINGS, *TALKS, *TAKES_BYE), address=lab.callee_address)
        calls = Sipp(
            lab, lab.caller, (INVITE, *ANSWERED, pause(12000), *HANG_UP), address=lab.caller_address,
            remote=lab.callee_address, call_id="late@sipp",
        )  # fmt: skip
        try:
            subprocess.run(["sleep", "1"], check=True)  # the call goes on before there is a recorder
            running.start("recorder", "--interface", lab.mirror)
            calls.wait()
            waits.wait()
        finally:
            calls.close()
            waits.close()
        record = record_of(layout, "late@sipp")
        assert Mark.JOINED_LATE in record.marks
        assert record.recording is not None
        assert record.recording.length_s > 5
        assert {track.side for track in record.tracks} == {Side.CALLER, Side.CALLEE}
        assert len(recorded(layout)) == 1, "the audio and its BYE are one call, not two"


@pytest.mark.parametrize("codec", ["PCMU", "G722", "GSM", "iLBC", "speex"])
def test_phones_with_other_codecs_are_recorded(box: Box, codec: str) -> None:
    async def place() -> str:
        lab = box.lab
        common = ("--port", "5080", "--rtp-port", "27000", "--codec", codec)
        answering = await PhoneProcess.start(lab, lab.callee, lab.callee_address, *common, "--number", "8009")
        calling = await PhoneProcess.start(lab, lab.caller, lab.caller_address, *common, "--number", "1009")
        try:
            calling.do("call", to=f"sip:8009@{lab.callee_address}:5080", hangup_after_s=2)
            placed = await calling.expect("calling")
            await calling.expect("state", state="CONFIRMED")
            calling.do("dtmf", id=placed["id"], digits="5")
            await calling.expect("state", state="DISCONNECTED")
            return placed["sip_call_id"]
        finally:
            await calling.close()
            await answering.close()

    record = record_of(box.running.layout, asyncio.run(place()))
    assert_recorded(record, 2.0)
    assert all(track.decoded for track in record.tracks)
    heard = [track for track in record.tracks if track.kind is StreamKind.AUDIO]
    assert {track.codec.upper() for track in heard} == {codec.upper()}
    assert "dtmf" in kinds(record)


def test_no_call_was_lost_in_all_of_this(box: Box) -> None:
    assert not list(box.running.layout.spool_quarantine.iterdir())
    log = box.running.log("recorder") + box.running.log("archiver")
    assert "Traceback" not in log, log[-3000:]
