"""Real telephones lose packets in the network or only in our copy, and the ledger says which; SRTP becomes sound."""

import asyncio
import os
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.core.files import Layout
from appliance.domain.bundle import Record
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import Proof, Verdict
from appliance.media.live import LiveDecoder, split_frames
from appliance.media.pcm import level_dbfs
from tests.rigs.daemons import Daemons, daemons, record_of
from tests.rigs.demonstration import PhoneProcess
from tests.rigs.mirror import MirrorLab, mirror_lab
from tests.rigs.patience import until_async
from webadmin.listen import tapped

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root"),
    pytest.mark.timeout(180),
]


class Box:
    """The lab with the recorder and the archiver running on its mirror port."""

    def __init__(self, lab: MirrorLab, running: Daemons) -> None:
        self.lab = lab
        self.running = running
        self._port = 5100
        self.speech = running.layout.data / "noise.wav"
        noise = np.random.default_rng(5).integers(-9000, 9000, 8000 * 30, dtype=np.int16)
        with wave.open(str(self.speech), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(noise.tobytes())

    def call(self, talk_s: float, *options: str, talking: Callable[[], None] = lambda: None) -> Record:
        """Two phones talk; `talking` is done once the call is up."""
        self._port += 2
        return record_of(self.running.layout, asyncio.run(self._placed(talk_s, options, talking)))

    async def _placed(self, talk_s: float, options: tuple[str, ...], talking: Callable[[], None]) -> str:
        lab, port = self.lab, str(self._port)
        common = ("--port", port, "--rtp-port", str(self._port * 5), *options)
        answering = await PhoneProcess.start(lab, lab.callee, lab.callee_address, *common, "--number", "8009")
        calling = await PhoneProcess.start(lab, lab.caller, lab.caller_address, *common, "--number", "1009")
        try:
            calling.do("call", to=f"sip:8009@{lab.callee_address}:{port}", hangup_after_s=talk_s)
            placed = await calling.expect("calling")
            await calling.expect("state", state="CONFIRMED")
            talking()
            await calling.expect("state", deadline_s=talk_s + 20, state="DISCONNECTED")
        finally:
            lab.lose_no_more()
            await calling.close()
            await answering.close()
        return str(placed["sip_call_id"])


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with (
        tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder,
        mirror_lab() as lab,
        daemons(Layout(Path(folder)).make()) as running,
    ):
        running.broker()
        running.start("archiver")
        running.start("recorder", "--interface", lab.mirror)
        yield Box(lab, running)


def of(record: Record, side: Side):
    (track,) = [track for track in record.tracks if track.side is side]
    return track.quality


def proofs(record: Record) -> set[Proof]:
    return {one.proof for one in record.quality.evidence}


def test_a_clean_call_is_clean_and_both_ends_confirm_it(box: Box) -> None:
    record = box.call(7, "--codec", "PCMA")
    assert record.quality.verdict is Verdict.CLEAN
    assert record.quality.mos > 3.5, "a busy machine sends late, but nothing is lost"
    assert not {Mark.LOSS, Mark.CAPTURE_LOSS} & set(record.marks)
    assert all(of(record, side).far_end.lost == 0 for side in Side)
    assert {sound.side for sound in record.quality.sounds} == set(Side)


def test_loss_on_the_wire_is_the_networks_because_the_far_end_reports_it(box: Box) -> None:
    lab = box.lab
    record = box.call(12, "--codec", "PCMA", talking=lambda: lab.lose(lab.caller_address, on_the_wire=True))
    caller = of(record, Side.CALLER)
    assert caller.lost_percent > 8
    assert caller.verdict is Verdict.NETWORK
    assert Proof.FAR_END_LOST_IT in proofs(record)
    assert caller.far_end.lost > 20
    assert caller.mos < 4
    assert of(record, Side.CALLEE).verdict is Verdict.CLEAN
    assert record.quality.verdict is Verdict.NETWORK
    assert Mark.LOSS in record.marks
    assert Mark.CAPTURE_LOSS not in record.marks, (record.quality.evidence, caller.far_end)


def test_loss_of_the_mirror_alone_is_our_copy_because_the_far_end_has_it_all(box: Box) -> None:
    lab = box.lab
    record = box.call(12, "--codec", "PCMU", talking=lambda: lab.lose(lab.callee_address, on_the_wire=False))
    callee = of(record, Side.CALLEE)
    assert callee.lost_percent > 8
    assert callee.far_end.lost == 0
    assert Proof.FAR_END_HAS_IT in proofs(record)
    assert callee.lost_copy > 20
    assert record.quality.verdict in (Verdict.COPY, Verdict.BOTH), "the last seconds no report speaks of"
    assert Mark.CAPTURE_LOSS in record.marks


def test_a_call_encrypted_with_keys_in_its_signalling_is_heard(box: Box) -> None:
    record = box.call(3, "--codec", "PCMA", "--srtp")
    assert record.reason is None
    assert record.recording is not None
    assert Mark.DECRYPTED in record.marks
    assert record.decryption.failed == 0
    assert record.decryption.authentic >= 250
    assert {track.side for track in record.tracks} == set(Side)
    assert all(track.decoded and track.codec == "PCMA" for track in record.tracks)
    assert record.reason is not Reason.ENCRYPTED


def test_a_call_encrypted_with_keys_in_its_signalling_is_listened_to_live(box: Box) -> None:
    heard: list[np.ndarray] = []

    async def listen() -> None:
        async def only_one() -> list[str]:
            found = [folder.name for folder in box.running.layout.spool_open.iterdir()]
            return found if len(found) == 1 else []

        (call_id,) = await until_async(only_one, 30, "the earlier call handed over")

        async def both() -> bool:
            async with tapped(box.running.layout, call_id) as (told, _):
                return set(told.crypto) == set(Side)

        await until_async(both, 30, "the keys of both sides")
        async with tapped(box.running.layout, call_id) as (told, reader):
            decoder = LiveDecoder(told.payloads, told.crypto)
            buffer = bytearray()
            async with asyncio.timeout(30):
                while sum(map(len, heard)) < 16000:
                    buffer += await reader.read(65536)
                    for side, packet in split_frames(buffer):
                        decoder.feed(side, packet, time.monotonic())
                    sound = np.frombuffer(decoder.take(time.monotonic()), "<i2").reshape(-1, 2)
                    if sound.size:
                        heard.append(sound)
            assert not decoder.is_locked_out

    def talking() -> None:
        thread = threading.Thread(target=lambda: results.append(asyncio.run(listen())))
        thread.start()
        threads.append(thread)

    threads: list[threading.Thread] = []
    results: list[None] = []
    box.call(9, "--codec", "PCMA", "--srtp", "--play", str(box.speech), talking=talking)
    threads[0].join()
    assert results == [None], "the listener came to its end"
    sound = np.concatenate(heard)
    assert all(level_dbfs(sound[8000:, side].copy()) > -40 for side in (0, 1)), (
        "both sides are heard, in clear"
    )


def test_every_program_lived(box: Box) -> None:
    log = box.running.log("recorder") + box.running.log("archiver")
    assert "Traceback" not in log, log[-3000:]
    assert not list(box.running.layout.spool_quarantine.iterdir())
