"""Calls that are handed on: transfers, pick-up, parking and groups, played by real peers through a mirror port.

Every conversation must come out as one interaction whose tree says how each call came out of an earlier one.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.domain.interaction import Member, RelationKind, tree
from appliance.domain.ledger import Reason
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.daemons import Daemons, daemons, record_of
from tests.rigs.mirror import MirrorLab, mirror_lab
from tests.rigs.sipp import Sipp, answer, audio, callee_request, pause, receive, receive_invite, request, sdp

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

ANN, EXCHANGE = MirrorLab.caller_address, MirrorLab.callee_address
BOB, CAROL, DAVE = "10.77.0.11", "10.77.0.12", "10.77.0.13"

INVITE = request("INVITE", sdp(), retransmit=True, in_dialog=False)
RINGING = (receive("100", optional=True), receive("180", optional=True))
UP = (*RINGING, receive("200"), request("ACK"), audio())
HANG_UP = (request("BYE", cseq=2, retransmit=True), receive("200"))
RINGS = (receive_invite(), answer(180, "Ringing"), pause(100))
TALKS = (answer(200, "OK", sdp()), receive("ACK"), audio())
TAKES_BYE = (receive("BYE"), answer(200, "OK", tag=""))
TAKES_REFER = (receive("REFER"), answer(202, "Accepted", tag=""))
REPORTS = (
    request(
        "NOTIFY",
        "SIP/2.0 200 OK\n",
        cseq=2,
        headers="Event: refer\nSubscription-State: terminated;reason=noresource\n",
        kind="message/sipfrag;version=2.0",
    ),
    receive("200"),
)
TAKES_REPORT = (receive("NOTIFY"), answer(200, "OK", tag=""))
ELSEWHERE = 'Reason: SIP;cause=200;text="Call completed elsewhere"\n'
GIVEN_UP = (
    request("CANCEL", in_dialog=False, headers=ELSEWHERE),
    receive("200"),
    receive("487"),
    request("ACK"),
)
IS_CANCELLED = (
    receive("CANCEL"),
    answer(200, "OK", tag=""),
    answer(487, "Request Terminated").replace("[last_CSeq:]", "CSeq: 1 INVITE"),
    receive("ACK"),
)


class Leg(NamedTuple):
    """One call between two scripts; `port` is both ends' own, so that legs do not meet."""

    name: str
    source: str
    destination: str
    caller: tuple[str, ...]
    callee: tuple[str, ...]
    port: int
    dialled: str = "8001"


class Box:
    """The lab with the recorder and the archiver; Ann, Bob and the rest on one side, the exchange on the other."""

    def __init__(self, lab: MirrorLab, running: Daemons) -> None:
        self.lab = lab
        self.running = running
        for address in (BOB, DAVE):
            lab.address(lab.caller, address)
        lab.address(lab.callee, CAROL)

    def play(self, *legs: Leg) -> dict[str, Record]:
        """Play every leg at once; the ledger's records when all have gone to their ends."""
        peers = [self._peer(leg, is_caller=False) for leg in legs]
        try:
            peers += [self._peer(leg, is_caller=True) for leg in legs]
            for peer in peers:
                peer.wait()
        finally:
            for peer in peers:
                peer.close()
        return {leg.name: record_of(self.running.layout, f"{leg.name}@sipp") for leg in legs}

    def _peer(self, leg: Leg, *, is_caller: bool) -> Sipp:
        address = leg.source if is_caller else leg.destination
        inside = self.lab.callee if address in (EXCHANGE, CAROL) else self.lab.caller
        return Sipp(
            self.lab,
            inside,
            leg.caller if is_caller else leg.callee,
            address=address,
            port=leg.port,
            remote=f"{leg.destination}:{leg.port}" if is_caller else "",
            rtp_port=30000 + (leg.port - 5000) * 20 + (10 if is_caller else 0),
            call_id=f"{leg.name}@sipp" if is_caller else "",
            service=leg.dialled,
        )

    def ids(self, *names: str) -> set[str]:
        """The interaction ids that the index has for these calls."""
        database = open_database(self.running.layout)
        try:
            found = {
                row.sip_call_id: row.interaction_id
                for row in calls.find(database, calls.CallFilter(page_size=100), scope=EVERYTHING).calls
            }
        finally:
            database.close()
        return {found[f"{name}@sipp"] for name in names}


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder, mirror_lab() as lab:
        layout = Layout(Path(folder)).make()
        layout.settings.write_text(
            '{"version":1,"revision":1,"capture":{"keep_free_mib":16,"park_numbers":["700"],"sip_ports":[5060]}}'
        )
        with daemons(layout) as running:
            running.broker()
            running.start("archiver")
            running.start("recorder", "--interface", lab.mirror)
            yield Box(lab, running)


def branches(records: dict[str, Record]) -> dict[str, tuple[str, RelationKind | None]]:
    """Name -> parent's name and relation, as the page draws it."""
    names = {record.call.call_id: name for name, record in records.items()}
    members = [
        Member(record.call.call_id, record.call.sip_call_id, record.call.started_at, record.call.related)
        for record in records.values()
    ]
    return {names[one.call_id]: (names.get(one.parent, ""), one.kind) for one in tree(members)}


def kinds(record: Record) -> list[str]:
    return [event.kind for event in record.call.events]


def test_a_blind_transfer(box: Box) -> None:
    refer = callee_request(
        "REFER",
        caller=f"{ANN}:5101",
        headers=f"Refer-To: <sip:8003@{CAROL}:5102>\nReferred-By: <sip:8001@{EXCHANGE}>\n",
    )
    first = Leg(
        "blind-first", ANN, EXCHANGE,
        (INVITE, *UP, *TAKES_REFER, pause(1500), *REPORTS, *TAKES_BYE),
        (*RINGS, *TALKS, pause(1500), refer, receive("202"), *TAKES_REPORT,
         callee_request("BYE", cseq=2, caller=f"{ANN}:5101"), receive("200")),
        5101,
    )  # fmt: skip
    referred = request(
        "INVITE", sdp(), retransmit=True, in_dialog=False, headers=f"Referred-By: <sip:8001@{EXCHANGE}>\n"
    )
    second = Leg(
        "blind-second", ANN, CAROL, (pause(2500), referred, *UP, pause(1000), *HANG_UP),
        (*RINGS, *TALKS, *TAKES_BYE), 5102, "8003",
    )  # fmt: skip
    records = box.play(first, second)
    assert branches(records) == {
        "blind-first": ("", None),
        "blind-second": ("blind-first", RelationKind.TRANSFERRED_FROM),
    }
    assert len(box.ids(*records)) == 1
    told = kinds(records["blind-first"])
    assert told.index("transfer") < told.index("transferred") < told.index("bye")
    assert all(record.recording is not None for record in records.values())


def test_an_attended_transfer(box: Box) -> None:
    replaces = "ask@sipp%3Bto-tag%3Ds1%3Bfrom-tag%3Dc1"
    refer = callee_request(
        "REFER", caller=f"{ANN}:5111", headers=f"Refer-To: <sip:8003@{CAROL}:5113?Replaces={replaces}>\n"
    )
    first = Leg(
        "attended", ANN, EXCHANGE,
        (INVITE, *UP, *TAKES_REFER, pause(1500), *REPORTS, *TAKES_BYE),
        (*RINGS, *TALKS, pause(3000), refer, receive("202"), *TAKES_REPORT,
         callee_request("BYE", cseq=2, caller=f"{ANN}:5111"), receive("200")),
        5111,
    )  # fmt: skip
    ask = Leg(
        "ask", EXCHANGE, BOB, (pause(1200), INVITE, *UP, *TAKES_BYE),
        (*RINGS, *TALKS, pause(3000), callee_request("BYE", caller=f"{EXCHANGE}:5112"), receive("200")),
        5112, "8003",
    )  # fmt: skip
    replacing = request(
        "INVITE",
        sdp(),
        retransmit=True,
        in_dialog=False,
        headers="Replaces: ask@sipp;to-tag=s1;from-tag=c1\n",
    )
    result = Leg(
        "result", ANN, CAROL, (pause(4000), replacing, *UP, pause(1000), *HANG_UP),
        (*RINGS, *TALKS, *TAKES_BYE), 5113, "8003",
    )  # fmt: skip
    records = box.play(first, ask, result)
    assert branches(records) == {
        "attended": ("", None),
        "ask": ("attended", RelationKind.CONSULTATION),
        "result": ("attended", RelationKind.TRANSFERRED_FROM),
    }
    assert len(box.ids(*records)) == 1
    replaced = [tie for tie in records["result"].call.related if tie.kind is RelationKind.REPLACES]
    assert [tie.call_id for tie in replaced] == [records["ask"].call.call_id]


def test_a_call_picked_up_by_a_code(box: Box) -> None:
    inbound = Leg(
        "rang-in", ANN, EXCHANGE, (INVITE, *UP, pause(1500), *HANG_UP),
        (*RINGS, pause(2500), *TALKS, *TAKES_BYE), 5121,
    )  # fmt: skip
    rings = Leg(
        "rang", EXCHANGE, BOB, (pause(400), INVITE, receive("100", optional=True), receive("180"), pause(1800), *GIVEN_UP),
        (receive_invite(), answer(180, "Ringing"), *IS_CANCELLED), 5122,
    )  # fmt: skip
    picks = Leg(
        "picks", DAVE, EXCHANGE, (pause(2000), INVITE, *UP, pause(1500), *HANG_UP),
        (receive_invite(), pause(100), *TALKS, *TAKES_BYE), 5123, "*8",
    )  # fmt: skip
    records = box.play(inbound, rings, picks)
    assert branches(records) == {
        "rang-in": ("", None),
        "rang": ("rang-in", RelationKind.LEG_OF),
        "picks": ("rang", RelationKind.PICKED_UP),
    }
    assert len(box.ids(*records)) == 1
    assert records["rang"].reason is Reason.ELSEWHERE


def test_a_call_parked_and_fetched(box: Box) -> None:
    inbound = Leg(
        "park-in", ANN, EXCHANGE, (INVITE, *UP, pause(6000), *HANG_UP), (*RINGS, pause(800), *TALKS, *TAKES_BYE), 5131,
    )  # fmt: skip
    refer = callee_request(
        "REFER",
        caller=f"{EXCHANGE}:5132",
        headers=f"Refer-To: <sip:700@{EXCHANGE}>\nReferred-By: <sip:8001@{BOB}>\n",
    )
    parks = Leg(
        "parks", EXCHANGE, BOB,
        (pause(400), INVITE, *UP, *TAKES_REFER, *REPORTS, request("BYE", cseq=3, retransmit=True), receive("200")),
        (*RINGS, *TALKS, pause(1500), refer, receive("202"), *TAKES_REPORT, *TAKES_BYE), 5132,
    )  # fmt: skip
    fetches = Leg(
        "fetches", DAVE, EXCHANGE, (pause(4000), INVITE, *UP, pause(1500), *HANG_UP),
        (receive_invite(), pause(100), *TALKS, *TAKES_BYE), 5133, "700",
    )  # fmt: skip
    records = box.play(inbound, parks, fetches)
    assert branches(records) == {
        "park-in": ("", None),
        "parks": ("park-in", RelationKind.LEG_OF),
        "fetches": ("parks", RelationKind.PICKED_UP),
    }
    assert len(box.ids(*records)) == 1


def test_a_group_that_rings_through_an_exchange(box: Box) -> None:
    inbound = Leg(
        "group-in", ANN, EXCHANGE, (INVITE, *UP, pause(1200), *HANG_UP), (*RINGS, pause(2000), *TALKS, *TAKES_BYE), 5141,
    )  # fmt: skip
    rings = Leg(
        "group-rings", EXCHANGE, BOB,
        (pause(400), INVITE, receive("100", optional=True), receive("180"), pause(1500), *GIVEN_UP),
        (receive_invite(), answer(180, "Ringing"), *IS_CANCELLED), 5142,
    )  # fmt: skip
    takes = Leg(
        "group-takes", EXCHANGE, DAVE, (pause(400), INVITE, *UP, pause(1500), *HANG_UP),
        (*RINGS, pause(1300), *TALKS, *TAKES_BYE), 5143,
    )  # fmt: skip
    records = box.play(inbound, rings, takes)
    assert len(box.ids(*records)) == 1
    assert {kind for _, kind in branches(records).values()} == {None, RelationKind.LEG_OF}
    assert records["group-rings"].reason is Reason.ELSEWHERE
    assert records["group-takes"].recording is not None


def test_no_two_of_these_conversations_became_one(box: Box) -> None:
    first = ("blind-first", "attended", "rang-in", "park-in", "group-in")
    assert len(box.ids(*first)) == len(first)
    assert not list(box.running.layout.spool_quarantine.iterdir())
    log = box.running.log("recorder") + box.running.log("archiver")
    assert "Traceback" not in log, log[-3000:]
