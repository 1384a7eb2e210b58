"""The rules of recording on real calls: what is excluded, started, paused, stopped and discarded, by keys and by orders."""

import asyncio
import os
import tempfile
import wave
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.bus.client import Bus
from appliance.bus.command import Asking
from appliance.bus.topics import CALL, HEALTH, ControlReply, Health, LiveCall
from appliance.core.files import MEDIA_FILE, Layout
from appliance.domain.bundle import Record
from appliance.domain.control import ControlState, Verb
from appliance.domain.ledger import Mark, Reason
from appliance.domain.policy import Action, Ground
from appliance.media.packets import read_bundle_media
from appliance.media.pcm import Law, expand, level_dbfs
from appliance.settings.storage import load, save, validate
from tests.rigs.daemons import Daemons, daemons, record_of
from tests.rigs.demonstration import PhoneProcess
from tests.rigs.keys import sequence
from tests.rigs.mirror import MirrorLab, mirror_lab
from tests.rigs.patience import until, until_async
from tests.rigs.sipp import Sipp, answer, audio, pause, receive, receive_invite, request, sdp

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

PORT = 5090
INVITE = request("INVITE", sdp(), retransmit=True, in_dialog=False)
RATE_HZ = 8000
TONE = RATE_HZ // 4


class Up:
    """A call in progress, as a test acts on it."""

    def __init__(self, box: "RuleBox", phone: PhoneProcess, number: int, sip_call_id: str) -> None:
        self._box = box
        self._phone = phone
        self._number = number
        self.sip_call_id = sip_call_id

    def press(self, digits: str) -> None:
        self._phone.do("dtmf", id=self._number, digits=digits)

    @property
    def live(self) -> LiveCall | None:
        return next(
            (one for one in self._box.live.values() if one.call.sip_call_id == self.sip_call_id), None
        )

    async def stands(self, state: ControlState) -> LiveCall:
        async def look() -> LiveCall | None:
            live = self.live
            is_there = live is not None and live.control is not None and live.control.state is state
            return live if is_there else None

        found = await until_async(look, what=f"the call being {state}")
        assert found is not None
        return found

    async def order(self, verb: Verb, why: str = "") -> ControlReply:
        async def look() -> LiveCall | None:
            return self.live

        found = await until_async(look, what="news of the call")
        assert found is not None
        return await self._box.asking.order(found.call.call_id, verb, "ann", why)

    @staticmethod
    async def talk(seconds: float) -> None:
        """The length of what people say is the length of the test."""
        await asyncio.sleep(seconds)


class RuleBox:
    """Recorder and archiver on a mirror port, two phones, and somebody who gives orders."""

    def __init__(self, lab: MirrorLab, running: Daemons, folder: Path) -> None:
        self.lab = lab
        self.running = running
        self.live: dict[str, LiveCall] = {}
        self.raised: dict[str, Health] = {}
        self._runner = asyncio.Runner()
        self._speech = folder / "speech.wav"
        noise = np.random.default_rng(5).integers(-9000, 9000, RATE_HZ * 30, dtype=np.int16)
        with wave.open(str(self._speech), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(noise.tobytes())
        self._runner.run(self._start())

    async def _start(self) -> None:
        lab, common = self.lab, ("--port", str(PORT), "--rtp-port", "28000", "--play", str(self._speech))
        self._answering = await PhoneProcess.start(
            lab, lab.callee, lab.callee_address, *common, "--number", "8001", "--answer-after-s", "0.2"
        )
        self._calling = await PhoneProcess.start(
            lab, lab.caller, lab.caller_address, *common, "--number", "1001"
        )
        self._bus = Bus(self.running.layout.bus_socket, "test", announces=False)
        self.asking = Asking(self._bus)
        self._bus.subscribe(CALL, self._news)
        self._bus.subscribe(HEALTH, self._finding)
        await self._bus.__aenter__()

    def _news(self, key: str, news: LiveCall | None) -> None:
        if news is None:
            self.live.pop(key, None)
        else:
            self.live[key] = news

    def _finding(self, _key: str, found: Health | None) -> None:
        if found is not None and found.raised:
            self.raised[found.code] = found

    def condition(self, code: str) -> Health:
        """The condition of this code, waiting until it is raised."""

        async def look() -> Health | None:
            return self.raised.get(code)

        found = self._runner.run(until_async(look, what=f"the condition {code}"))
        assert found is not None
        return found

    def close(self) -> None:
        self._runner.run(self._stop())
        self._runner.close()

    async def _stop(self) -> None:
        await self._bus.__aexit__(None, None, None)
        await self._calling.close()
        await self._answering.close()

    def rules(self, **recording: Any) -> None:
        """Put these rules in force, all others being as they are by nature."""
        revision = self._save(recording)
        if revision:
            until(lambda: self._in_force(revision), what="the new rules being in force")

    async def rules_in_call(self, **recording: Any) -> None:
        revision = self._save(recording)

        async def look() -> bool:
            return self._in_force(revision)

        await until_async(look, what="the new rules being in force")

    def _save(self, recording: dict[str, Any]) -> int:
        layout = self.running.layout
        present = load(layout)
        wanted = validate({"recording": recording}).recording
        if wanted == present.recording:
            return 0
        return save(
            layout,
            validate({"capture": {"media_timeout_s": 5, "keep_free_mib": 16}, "recording": recording}),
            present.revision,
        ).revision

    def _in_force(self, revision: int) -> bool:
        return f"new recording rules revision={revision}\n" in self.running.log("recorder")

    def call(
        self,
        during: Callable[[Up], Awaitable[None]] | None = None,
        *,
        caller: str = "1001",
        callee: str = "8001",
        headers: dict[str, str] | None = None,
        play: Path | None = None,
    ) -> Record:
        """Place a call, let `during` happen while it is up, hang up; what the ledger says of it."""
        sip_call_id = self._runner.run(self.place(during, caller, callee, headers or {}, play))
        return record_of(self.running.layout, sip_call_id)

    async def place(
        self,
        during: Callable[[Up], Awaitable[None]] | None = None,
        caller: str = "1001",
        callee: str = "8001",
        headers: dict[str, str] | None = None,
        play: Path | None = None,
    ) -> str:
        to = f"sip:{callee}@{self.lab.callee_address}:{PORT}"
        self._calling.do(
            "call", **{"from": caller}, to=to, headers=headers or {}, play=str(play or self._speech)
        )
        placed = await self._calling.expect("calling")
        await self._calling.expect("state", state="CONFIRMED")
        await (during or (lambda up: up.talk(1.0)))(
            Up(self, self._calling, placed["id"], placed["sip_call_id"])
        )
        self._calling.do("hangup", id=placed["id"])
        await self._calling.expect("state", state="DISCONNECTED")
        return str(placed["sip_call_id"])

    def sound(self, record: Record) -> np.ndarray:
        """The recording as linear samples [n, 2]."""
        assert record.recording is not None
        content = (self.running.layout.archive / record.recording.file).read_bytes()
        law = {6: Law.ALAW, 7: Law.ULAW}[int.from_bytes(content[20:22], "little")]
        at = content.index(b"data")
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        return expand(np.frombuffer(content[at + 8 : at + 8 + size], np.uint8), law).reshape(-1, 2)

    def packets_kept(self, record: Record) -> int:
        """How many RTP packets the box still holds of a call."""
        found = list(self.running.layout.data.rglob(f"{record.call.call_id}/{MEDIA_FILE}"))
        return sum(
            stream.packets
            for path in found
            if path.stat().st_size > 24
            for stream in read_bundle_media(path).streams
        )

    def frame(self, record: Record, number: int) -> int:
        """Where the order of this number stands in the recording."""
        assert record.recording is not None
        after = record.manifest.control[number].at - record.recording.starts_at
        return round(after.total_seconds() * RATE_HZ)


@pytest.fixture(scope="module")
def box() -> Iterator[RuleBox]:
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder, mirror_lab() as lab:
        layout = Layout(Path(folder)).make()
        save(layout, validate({"capture": {"media_timeout_s": 5, "keep_free_mib": 16}}), 0)
        with daemons(layout) as running:
            running.broker()
            running.start("archiver")
            running.start("recorder", "--interface", lab.mirror)
            made = RuleBox(lab, running, Path(folder))
            try:
                yield made
            finally:
                made.close()


def verbs(record: Record) -> list[str]:
    return [order.verb.value for order in record.manifest.control]


def assert_excluded(record: Record, box: RuleBox, ground: Ground, reason: Reason = Reason.POLICY) -> None:
    assert record.recording is None
    assert record.reason is reason
    assert record.manifest.policy is not None
    assert record.manifest.policy.action is Action.IGNORE
    assert record.manifest.policy.ground is ground
    assert record.manifest.policy.explain("en")
    assert record.manifest.policy.explain("zh")
    assert record.call.answered_at is not None
    assert any(message.label.startswith("INVITE") for message in record.manifest.messages)
    assert box.packets_kept(record) == 0


def assert_recorded(record: Record) -> None:
    assert record.reason is None
    assert record.recording is not None


def test_a_blacklisted_number_keeps_its_row_and_no_audio(box: RuleBox) -> None:
    box.rules(blacklist=[{"number": "10*"}, {"number": "*8001", "enabled": False}])
    record = box.call()
    assert_excluded(record, box, Ground.BLACKLIST)
    assert record.manifest.policy is not None
    assert record.manifest.policy.explain("en") == "1001 is on the blacklist (entry 10*)."
    assert_recorded(box.call(caller="2001"))


def test_with_the_allow_list_only_its_numbers_are_recorded(box: RuleBox) -> None:
    box.rules(allow_list_on=True, allow_list=[{"number": "*02"}])
    assert_excluded(box.call(), box, Ground.NOT_ALLOWED)
    assert_recorded(box.call(callee="8002"))


def test_with_bound_extensions_only_they_are_recorded_on_their_channel(box: RuleBox) -> None:
    box.rules(work_mode="bound", extensions=[{"number": "8003", "channel": 7, "name": "Ann"}])
    assert_excluded(box.call(), box, Ground.NOT_BOUND)
    record = box.call(callee="8003")
    assert_recorded(record)
    assert record.manifest.policy is not None
    assert record.manifest.policy.channel == 7


def test_the_first_rule_that_is_met_decides_by_a_sip_header(box: RuleBox) -> None:
    box.rules(
        rules=[
            {
                "name": "works council",
                "action": "ignore",
                "header_name": "X-Queue",
                "header_contains": "COUNCIL",
            },
            {"name": "the rest", "action": "record"},
        ]
    )
    record = box.call(headers={"X-Queue": "the works council"})
    assert_excluded(record, box, Ground.RULE)
    assert record.manifest.policy is not None
    assert record.manifest.policy.rule == "works council"
    record = box.call()
    assert_recorded(record)
    assert record.manifest.policy is not None
    assert record.manifest.policy.rule == "the rest"


def test_a_call_over_the_licence_has_a_row_a_mark_and_an_alarm(box: RuleBox) -> None:
    box.rules(licensed_calls=1)
    others: list[str] = []

    async def another(up: Up) -> None:
        await up.stands(ControlState.RECORDING)
        others.append(await box.place(None, "1002", "8002"))

    record = box.call(another)
    assert_recorded(record)
    over = record_of(box.running.layout, others[0])
    assert_excluded(over, box, Ground.LICENCE, Reason.LICENCE)
    assert Mark.OVER_LICENCE in over.marks
    box.running.start("watchdog")
    assert box.condition("over_licence").facts["calls"] == 1
    assert_recorded(box.call())


def test_without_look_back_a_recording_begins_at_its_start_key_and_ends_at_its_stop_key(box: RuleBox) -> None:
    box.rules(mode="keys", look_back=False, start_key="*1", stop_key="*2")

    async def press(up: Up) -> None:
        await up.stands(ControlState.IDLE)
        await up.talk(1.0)
        up.press("*1")
        await up.stands(ControlState.RECORDING)
        await up.talk(1.5)
        up.press("*2")
        await up.stands(ControlState.STOPPED)
        await up.talk(1.0)

    record = box.call(press)
    assert_recorded(record)
    assert verbs(record) == ["start", "stop"]
    assert {Mark.ON_DEMAND, Mark.STOPPED} <= set(record.marks)
    start, stop = record.manifest.control
    assert start.by == "caller"
    assert record.recording is not None
    assert record.recording.starts_at == start.at
    assert record.recording.length_s == pytest.approx((stop.at - start.at).total_seconds(), abs=0.025)
    heard = box.sound(record)
    assert all(level_dbfs(heard[RATE_HZ // 2 : RATE_HZ, side]) > -30 for side in (0, 1))
    spoken_s = record.recording.length_s
    assert box.packets_kept(record) == pytest.approx(2 * 50 * spoken_s, abs=20)


def test_with_look_back_a_recording_has_the_beginning_of_the_call(box: RuleBox) -> None:
    box.rules(mode="keys", look_back=True, start_key="7", stop_key="", key_source="rfc4733")

    async def press(up: Up) -> None:
        await up.stands(ControlState.IDLE)
        await up.talk(1.0)
        up.press("7")
        await up.stands(ControlState.RECORDING)
        await up.talk(0.5)

    record = box.call(press)
    assert_recorded(record)
    assert record.recording is not None
    assert record.recording.length_s == pytest.approx(record.call.talk_s, abs=0.3)


def test_a_call_that_nobody_started_leaves_its_row_and_no_audio(box: RuleBox) -> None:
    box.rules(mode="keys", look_back=True)
    record = box.call()
    assert record.recording is None
    assert record.reason is Reason.NOT_STARTED
    assert box.packets_kept(record) == 0
    assert record.manifest.messages


def test_a_discard_key_leaves_nothing_but_the_row(box: RuleBox) -> None:
    box.rules(discard_key="#9")

    async def press(up: Up) -> None:
        await up.stands(ControlState.RECORDING)
        await up.talk(0.5)
        up.press("#9")
        await up.stands(ControlState.DISCARDED)

    record = box.call(press)
    assert record.recording is None
    assert record.reason is Reason.DISCARDED
    assert verbs(record) == ["discard"]
    assert box.packets_kept(record) == 0


def test_keys_are_heard_as_tones_in_the_audio_also_in_a_pause(box: RuleBox, tmp_path: Path) -> None:
    box.rules(
        mode="keys",
        look_back=False,
        start_key="*1",
        pause_key="7",
        resume_key="8",
        stop_key="*2",
        key_source="tones",
    )
    talk = np.random.default_rng(6).integers(-3000, 3000, RATE_HZ * 3, dtype=np.int16)
    keys = [sequence(one) for one in ("*1", "7", "8", "*2")]
    sound = np.concatenate(
        [part for key in keys for part in (talk, key)] + [np.zeros(RATE_HZ * 60, np.int16)]
    )
    path = tmp_path / "tones.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound.tobytes())

    async def listen(up: Up) -> None:
        for state in (
            ControlState.RECORDING,
            ControlState.PAUSED,
            ControlState.RECORDING,
            ControlState.STOPPED,
        ):
            await up.stands(state)

    record = box.call(listen, play=path)
    assert_recorded(record)
    assert verbs(record) == ["start", "pause", "resume", "stop"]
    assert {order.by for order in record.manifest.control} == {"caller"}
    noted = [event.detail for event in record.call.events if event.kind == "dtmf"]
    assert "8" not in noted, "what is pressed in a pause is not stored"
    assert record.recording is not None
    assert record.recording.length_s == pytest.approx(10.1, abs=1.0)


@pytest.mark.parametrize(
    ("kind", "source"),
    [("application/dtmf-relay", "info"), ("application/dtmf", "info"), ("application/dtmf-relay", "both")],
)
def test_keys_come_by_sip_info(box: RuleBox, kind: str, source: str) -> None:
    box.rules(mode="keys", look_back=False, start_key="*1", stop_key="*2", key_source=source)

    def info(digit: str, cseq: int) -> str:
        body = f"Signal={digit}\nDuration=160\n" if kind.endswith("relay") else digit
        return request("INFO", body, cseq=cseq).replace("application/sdp", kind)

    keys = [step for cseq, digit in enumerate("*1", 2) for step in (info(digit, cseq), receive("200"))]
    more = [step for cseq, digit in enumerate("*2", 4) for step in (info(digit, cseq), receive("200"))]
    caller = (INVITE, receive("100", optional=True), receive("180", optional=True), receive("200"), request("ACK"),
              audio(), pause(500), *keys, pause(1200), *more, pause(300), request("BYE", cseq=6), receive("200"))  # fmt: skip
    callee = (receive_invite(), answer(180, "Ringing"), answer(200, "OK", sdp()), receive("ACK"), audio(),
              *[step for _ in range(4) for step in (receive("INFO"), answer(200, "OK", tag=""))],
              receive("BYE"), answer(200, "OK", tag=""))  # fmt: skip
    lab, name = box.lab, f"info-{source}-{kind.rpartition('/')[2]}@sipp"
    waits = Sipp(lab, lab.callee, callee, address=lab.callee_address)
    calls = Sipp(lab, lab.caller, caller, address=lab.caller_address, remote=lab.callee_address, call_id=name)
    try:
        calls.wait()
        waits.wait()
    finally:
        calls.close()
        waits.close()
    record = record_of(box.running.layout, name)
    assert_recorded(record)
    assert verbs(record) == ["start", "stop"]
    assert record.recording is not None
    assert record.recording.length_s == pytest.approx(1.2, abs=0.25)


def test_a_pause_is_a_tone_exact_silence_and_a_tone_and_costs_no_length(box: RuleBox) -> None:
    box.rules()
    digits = "4111"

    async def act(up: Up) -> None:
        await up.stands(ControlState.RECORDING)
        await up.talk(1.0)
        reply = await up.order(Verb.PAUSE, "card number")
        assert reply.accepted
        assert reply.control is not None
        assert Verb.RESUME in reply.control.verbs
        up.press(digits)
        await up.talk(1.6)
        refused = await up.order(Verb.START)
        assert not refused.accepted
        assert refused.refusal is not None
        assert (await up.order(Verb.RESUME)).accepted
        await up.talk(1.0)
        assert (await up.order(Verb.KEEP)).accepted
        assert not (await up.order(Verb.DISCARD)).accepted

    record = box.call(act)
    assert_recorded(record)
    assert verbs(record) == ["pause", "resume", "keep"]
    first = record.manifest.control[0]
    assert (first.by, first.why) == ("ann", "card number")
    assert {Mark.PAUSED, Mark.KEPT} <= set(record.marks)
    assert Mark.LOSS not in record.marks
    assert all(track.lost == 0 for track in record.tracks)
    assert record.recording is not None
    assert record.recording.length_s == pytest.approx(record.call.talk_s, abs=0.3)

    heard = box.sound(record)
    begin, end = box.frame(record, 0), box.frame(record, 1)
    for side in (0, 1):
        silence = heard[begin + TONE : end - TONE, side]
        assert silence.size > RATE_HZ
        assert np.abs(silence).max() <= 8, "silence is the law's own zero"
        for tone in (heard[begin : begin + TONE, side], heard[end - TONE : end, side]):
            assert level_dbfs(tone) == pytest.approx(-20.0, abs=0.3)
            spectrum = np.abs(np.fft.rfft(tone))
            assert np.argmax(spectrum) * RATE_HZ / tone.size == pytest.approx(1000, abs=4)
        assert level_dbfs(heard[begin - RATE_HZ // 2 : begin - RATE_HZ // 10, side]) > -30
        assert level_dbfs(heard[end + RATE_HZ // 10 : end + RATE_HZ // 2, side]) > -30

    assert not [event for event in record.call.events if event.kind == "dtmf"], (
        "digits of a pause are not stored"
    )
    paused = [(record.manifest.control[0].at, record.manifest.control[1].at)]
    path = next(box.running.layout.data.rglob(f"{record.call.call_id}/{MEDIA_FILE}"))
    for stream in read_bundle_media(path).streams:
        inside = [
            at_ns
            for at_ns in stream.arrival_ns.tolist()
            if paused[0][0].timestamp() + 0.05 < at_ns / 1e9 < paused[0][1].timestamp() - 0.05
        ]
        assert inside == []


def test_a_forgotten_pause_ends_by_itself(box: RuleBox) -> None:
    box.rules(auto_resume_s=1)

    async def act(up: Up) -> None:
        await up.stands(ControlState.RECORDING)
        await up.talk(0.5)
        assert (await up.order(Verb.PAUSE)).accepted
        await up.stands(ControlState.PAUSED)
        await up.stands(ControlState.RECORDING)
        await up.talk(0.5)

    record = box.call(act)
    assert_recorded(record)
    assert verbs(record) == ["pause", "resume"]
    assert record.manifest.control[1].by == "time-out"


def test_a_call_paused_from_its_first_word_to_its_last_says_so(box: RuleBox) -> None:
    box.rules()

    async def act(up: Up) -> None:
        assert (await up.order(Verb.PAUSE)).accepted
        await up.talk(1.0)

    record = box.call(act)
    # The first packets may have come before the order; then the recording is nothing but the pause.
    if record.recording is None:
        assert record.reason is Reason.PAUSED
    else:
        assert Mark.PAUSED in record.marks


def test_new_rules_end_no_call_and_hold_for_the_next(box: RuleBox) -> None:
    box.rules()

    async def change(up: Up) -> None:
        await up.stands(ControlState.RECORDING)
        await box.rules_in_call(blacklist=[{"number": "1001"}])
        await up.talk(0.5)

    record = box.call(change)
    assert_recorded(record)
    assert Mark.INTERRUPTED not in record.marks
    assert Mark.JOINED_LATE not in record.marks
    assert_excluded(box.call(), box, Ground.BLACKLIST)


def test_an_order_for_no_call_is_refused(box: RuleBox) -> None:
    async def ask() -> ControlReply:
        return await box.asking.order("nocall", Verb.PAUSE, "ann")

    reply = box._runner.run(ask())
    assert not reply.accepted
    assert reply.refusal is not None


def test_nothing_went_wrong_in_all_of_this(box: RuleBox) -> None:
    assert not list(box.running.layout.spool_quarantine.iterdir())
    log = box.running.log("recorder") + box.running.log("archiver")
    assert "Traceback" not in log, log[-3000:]
