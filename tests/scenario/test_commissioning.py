"""The installer dials: real calls through a mirror port turn the extensions of the list green, or say what is missing."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.core.files import Layout
from tests.rigs.daemons import Daemons, daemons, record_of
from tests.rigs.mirror import MirrorLab, mirror_lab
from tests.rigs.patience import until
from tests.rigs.ports import free_port
from tests.rigs.sipp import Sipp, answer, audio, pause, receive, receive_invite, request, sdp
from tests.rigs.web import Browser, Web

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

CALLS = (
    request("INVITE", sdp(), retransmit=True, in_dialog=False),
    receive("100", optional=True),
    receive("180", optional=True),
    receive("200"),
    request("ACK"),
    audio(),
    pause(7000),
    request("BYE", cseq=2, retransmit=True),
    receive("200"),
)
RINGS = (receive_invite(), answer(180, "Ringing"), pause(100), answer(200, "OK", sdp()), receive("ACK"))
HANGS_UP = (receive("BYE"), answer(200, "OK", tag=""))


class Site:
    """A recorder on a mirror port, its admin panel, and the installer's browser."""

    def __init__(self, lab: MirrorLab, running: Daemons, installer: Browser) -> None:
        self.lab = lab
        self.running = running
        self.installer = installer

    def rows(self) -> dict[str, Any]:
        return {row["number"]: row for row in self.installer.get("commissioning").json["rows"]}

    def standings(self) -> dict[str, str]:
        return {number: row["standing"] for number, row in self.rows().items()}

    def dial(self, number: str, callee: tuple[str, ...], name: str) -> tuple[Sipp, Sipp]:
        waits = Sipp(self.lab, self.lab.callee, callee, address=self.lab.callee_address)
        calls = Sipp(
            self.lab,
            self.lab.caller,
            CALLS,
            address=self.lab.caller_address,
            remote=self.lab.callee_address,
            call_id=name,
            service=number,
        )
        return waits, calls


@pytest.fixture
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder, mirror_lab() as lab:
        layout = Layout(Path(folder)).make()
        with daemons(layout) as running:
            running.broker()
            running.start("archiver")
            running.start("recorder", "--interface", lab.mirror)
            with Web(layout, free_port()) as web:
                yield Site(lab, running, web.administrator())


def test_both_telephones_turn_green_while_they_talk_and_stay_green(site: Site) -> None:
    listed = {"extensions": [{"number": number} for number in ("1001", "8001", "8009")]}
    assert site.installer.put("commissioning", listed).status == 200
    talking = {"1001": "passed", "8001": "passed", "8009": "waiting"}
    phones = site.dial("8001", (*RINGS, audio(), *HANGS_UP), "green@sipp")
    try:
        until(lambda: site.standings() == talking, what="the two telephones are green")
        assert site.rows()["1001"]["call"]["is_over"] is False, "green comes while they talk, not afterwards"
        for phone in phones:
            phone.wait()
    finally:
        for phone in phones:
            phone.close()
    record = record_of(site.running.layout, "green@sipp")
    until(lambda: site.rows()["8001"]["call"]["is_over"], what="the page knows the end of the call")
    assert site.standings() == talking
    for number, row in site.rows().items():
        if number != "8009":
            assert row["call"]["call_id"] == record.call.call_id
            assert min(row["call"]["spoken"], row["call"]["heard"]) > 200
    assert site.rows()["8009"]["causes"][0]["code"] == "not_dialled"


def test_a_telephone_whose_voice_does_not_arrive_is_red_and_says_so(site: Site) -> None:
    listed = {"extensions": [{"number": "1001"}, {"number": "8002"}]}
    assert site.installer.put("commissioning", listed).status == 200
    phones = site.dial("8002", (*RINGS, *HANGS_UP), "silent@sipp")
    red = {"1001": "failed", "8002": "failed"}
    try:
        until(lambda: site.standings() == red, what="the silent telephone is red")
        for phone in phones:
            phone.wait()
    finally:
        for phone in phones:
            phone.close()
    record_of(site.running.layout, "silent@sipp")
    until(lambda: site.rows()["8002"]["call"]["is_over"], what="the page knows the end of the call")
    assert site.standings() == red
    rows = site.rows()
    assert [cause["code"] for cause in rows["8002"]["causes"]] == ["not_from"]
    assert [cause["code"] for cause in rows["1001"]["causes"]] == ["not_to"]
    assert rows["8002"]["findings"] == {
        "signalling": "passed",
        "spoken": "failed",
        "heard": "passed",
        "direction": "not_judged",
    }


def test_the_direction_is_right_with_the_trunks_addresses_and_red_with_those_of_the_wrong_side(
    site: Site,
) -> None:
    listed = {"extensions": [{"number": "1001"}]}
    assert site.installer.put("commissioning", listed).status == 200
    for turn, (trunk, standing) in enumerate(
        ((MirrorLab.caller_address, "failed"), (MirrorLab.callee_address, "passed"))
    ):
        trunk_is(site, trunk)
        phones = site.dial("8001", (*RINGS, audio(), *HANGS_UP), f"direction-{turn}@sipp")
        try:
            until(lambda wanted=standing: site.standings() == {"1001": wanted}, what=f"1001 is {standing}")
            for phone in phones:
                phone.wait()
        finally:
            for phone in phones:
                phone.close()
        row = site.rows()["1001"]
        assert row["findings"]["direction"] == standing
        assert [cause["code"] for cause in row["causes"]] == (["direction_reversed"] if turn == 0 else [])


def trunk_is(site: Site, address: str) -> None:
    """Put this trunk address into the settings and wait for the recorder's next session."""
    known = site.installer.get("settings").json
    settings = {
        **known["settings"],
        "capture": {**known["settings"]["capture"], "service_addresses": [address]},
    }
    begun = "recording interface="
    until(lambda: begun in site.running.log("recorder"), what="the recorder's first session")
    sessions = site.running.log("recorder").count(begun)
    saved = site.installer.put("settings", {"revision": known["revision"], "settings": settings})
    assert saved.status == 200, saved
    until(
        lambda: site.running.log("recorder").count(begun) > sessions,
        what="the new settings in force",
    )
