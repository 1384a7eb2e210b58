"""What a recording rule may ask of a call, each tried on a real one: where it goes, when, through what, and chance."""

import itertools
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from appliance.core.files import Layout
from appliance.domain.bundle import Record
from appliance.domain.call import Direction
from appliance.domain.ledger import Reason
from appliance.domain.policy import Ground
from appliance.settings.recording import Weekday
from appliance.settings.storage import load, save, validate
from tests.rigs.daemons import Daemons, daemons, record_of, recorded
from tests.rigs.mirror import MirrorLab, mirror_lab
from tests.rigs.patience import until
from tests.rigs.sipp import Sipp, answer, audio, pause, receive, receive_invite, request, sdp

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

CALLER, CALLEE = MirrorLab.caller_address, MirrorLab.callee_address
ELSEWHERE = "10.77.0.99"
INVITE = request("INVITE", sdp(), retransmit=True, in_dialog=False)
_numbers = itertools.count(1)


class Office:
    """Recorder and archiver on a mirror port, and calls from 1001 to whom one likes."""

    def __init__(self, lab: MirrorLab, running: Daemons) -> None:
        self.running = running
        self._lab = lab

    def settings(self, *, recording: dict[str, Any] | None = None, **capture: Any) -> None:
        """Put these in force, all others being as they are by nature."""
        layout, told = self.running.layout, self._told()
        present = load(layout)
        content = {"capture": {"keep_free_mib": 16, **capture}, "recording": recording or {}}
        wanted = validate(content)
        if (wanted.capture, wanted.recording) == (present.capture, present.recording):
            return
        save(layout, wanted, present.revision)
        until(lambda: self._told() > told, what="the new settings being in force")

    def _told(self) -> int:
        log = self.running.log("recorder")
        return log.count("new recording rules revision=") + log.count("recording interface=")

    def call(self, callee: str = "8001", *, port: int = 5060) -> str:
        """A short call; its Call-ID."""
        name, lab = f"rule-{next(_numbers)}@sipp", self._lab
        waits = Sipp(
            lab, lab.callee, (receive_invite(), answer(180, "Ringing"), answer(200, "OK", sdp()), receive("ACK"), audio(),
                              receive("BYE"), answer(200, "OK", tag="")), address=CALLEE, port=port,
        )  # fmt: skip
        calls = Sipp(
            lab, lab.caller, (INVITE, receive("180"), receive("200"), request("ACK"), audio(), pause(900),
                              request("BYE", cseq=2, retransmit=True), receive("200")),
            address=CALLER, port=port, remote=f"{CALLEE}:{port}", call_id=name, service=callee,
        )  # fmt: skip
        try:
            calls.wait()
            waits.wait()
        finally:
            calls.close()
            waits.close()
        return name

    def record(self, callee: str = "8001") -> Record:
        return record_of(self.running.layout, self.call(callee))


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder, mirror_lab() as lab:
        layout = Layout(Path(folder)).make()
        save(layout, validate({"capture": {"keep_free_mib": 16}}), 0)
        with daemons(layout) as running:
            running.broker()
            running.start("archiver")
            running.start("recorder", "--interface", lab.mirror)
            until(lambda: "recording interface=" in running.log("recorder"), what="the first session")
            yield Office(lab, running)


def hours(begin_h: int, end_h: int) -> list[dict[str, Any]]:
    """A schedule of all days, in hours from now, in UTC."""
    begin, end = (datetime.now(UTC) + timedelta(hours=shift) for shift in (begin_h, end_h))
    window = {"days": list(Weekday), "begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}
    return [{"name": "office hours", "windows": [window]}]


def rule(**conditions: Any) -> dict[str, Any]:
    return {"rules": [{"name": "private", "action": "ignore", **conditions}]}


IGNORED = [
    ("number", rule(numbers=["8001"])),
    ("prefix", rule(callees=["80*"])),
    ("ending", rule(callers=["*001"])),
    ("trunk", rule(trunks=[f"{CALLEE}:5060"])),
    ("schedule", {**rule(schedule="office hours"), "schedules": hours(-2, 2), "time_zone": "UTC"}),
]
PASSED_OVER = [
    ("number", rule(numbers=["8002"])),
    ("prefix", rule(callees=["10*"])),
    ("ending", rule(callers=["*002"])),
    ("trunk", rule(trunks=[f"{CALLEE}:5061", ELSEWHERE])),
    ("schedule", {**rule(schedule="office hours"), "schedules": hours(3, 6), "time_zone": "UTC"}),
    ("switched off", rule(numbers=["8001"], enabled=False)),
    ("one of two conditions", rule(numbers=["8001"], callers=["1002"])),
]


@pytest.mark.parametrize("recording", [one for _, one in IGNORED], ids=[name for name, _ in IGNORED])
def test_a_rule_that_is_met_decides(office: Office, recording: dict[str, Any]) -> None:
    office.settings(recording=recording)
    record = office.record()
    assert (record.recording, record.reason) == (None, Reason.POLICY)
    assert record.manifest.policy is not None
    assert (record.manifest.policy.ground, record.manifest.policy.rule) == (Ground.RULE, "private")


@pytest.mark.parametrize("recording", [one for _, one in PASSED_OVER], ids=[name for name, _ in PASSED_OVER])
def test_a_rule_that_is_not_met_is_passed_over(office: Office, recording: dict[str, Any]) -> None:
    office.settings(recording=recording)
    record = office.record()
    assert record.recording is not None
    assert record.manifest.policy is not None
    assert record.manifest.policy.ground is Ground.MODE_ALL


def test_the_direction_follows_the_service_addresses_is_reversed_and_decides(office: Office) -> None:
    outgoing = rule(directions=["outgoing"])
    office.settings(recording=outgoing, service_addresses=[ELSEWHERE, f"{CALLEE}:5060"])
    record = office.record()
    assert record.call.direction is Direction.OUTGOING
    assert record.reason is Reason.POLICY
    office.settings(
        recording={**outgoing, "reverse_direction": True}, service_addresses=[ELSEWHERE, f"{CALLEE}:5060"]
    )
    record = office.record()
    assert record.call.direction is Direction.INCOMING
    assert record.recording is not None
    office.settings(recording=outgoing, service_addresses=[CALLER])
    assert office.record().call.direction is Direction.INCOMING
    office.settings(recording=outgoing, service_addresses=[f"{CALLER}:5099"])
    assert office.record().call.direction is Direction.INTERNAL


def test_of_all_calls_only_a_share_is_recorded(office: Office) -> None:
    sampled = {"rules": [{"name": "a sample", "action": "record", "callees": ["80*"], "sample_pct": 0}]}
    office.settings(recording=sampled)
    record = office.record()
    assert record.reason is Reason.POLICY
    assert record.manifest.policy is not None
    assert record.manifest.policy.ground is Ground.SAMPLED_OUT
    assert office.record("9001").recording is not None, "another rule's call"
    sampled["rules"][0]["sample_pct"] = 100
    office.settings(recording=sampled)
    assert office.record().recording is not None


def test_outside_of_the_recording_time_nothing_is_recorded(office: Office) -> None:
    office.settings(
        recording={"recording_time": "office hours", "schedules": hours(3, 6), "time_zone": "UTC"}
    )
    record = office.record()
    assert record.reason is Reason.POLICY
    assert record.manifest.policy is not None
    assert record.manifest.policy.ground is Ground.OUT_OF_HOURS
    office.settings(
        recording={"recording_time": "office hours", "schedules": hours(-2, 2), "time_zone": "UTC"}
    )
    assert office.record().recording is not None


def test_with_pbx_addresses_only_their_calls_are_recorded(office: Office) -> None:
    office.settings(recording={"pbx_addresses": [ELSEWHERE, f"{CALLEE}:5061"]})
    record = office.record()
    assert record.reason is Reason.POLICY
    assert record.manifest.policy is not None
    assert record.manifest.policy.ground is Ground.OTHER_PBX
    office.settings(recording={"pbx_addresses": [ELSEWHERE, f"{CALLEE}:5060"]})
    assert office.record().recording is not None


def test_signalling_is_looked_for_on_its_ports_and_elsewhere_only_when_wished(office: Office) -> None:
    office.settings(sip_ports=[5077], sip_anywhere=False, join_late=False)
    missed, found = office.call(port=5066), office.call(port=5077)
    assert record_of(office.running.layout, found).recording is not None
    assert missed not in {record.call.sip_call_id for record in recorded(office.running.layout)}
    office.settings(sip_ports=[5077], sip_anywhere=True, join_late=False)
    assert record_of(office.running.layout, office.call(port=5066)).recording is not None
