"""Transfers, pick-up, parking and conferences: the calls of one conversation, found by what the messages say."""

import pytest

from appliance.sip.aliases import Aliases
from appliance.sip.events import JoinedLate, Started
from appliance.sip.kinship import Kinship
from appliance.sip.message import read
from appliance.sip.parties import parties
from tests.rigs.sipwire import ALICE, BOB, CAROL, PROXY, SECOND_NS, Wire, sdp

DAVE = "10.0.0.4:5060"


class Family:
    """A tracker and its kinship; calls are named by their SIP Call-ID's part before the @."""

    def __init__(self, **facts):
        self.wire = Wire()
        self.kinship = Kinship(**facts)
        self.links = []
        self.names = {}

    def see(self, what, source=ALICE, destination=BOB):
        for event in self.wire.pass_by(what, source, destination):
            found = []
            if isinstance(event, Started | JoinedLate):
                name = event.call_id.partition("@")[0]
                self.names[event.key] = name
                seen = event.invite if isinstance(event, Started) else event.message
                who = parties(seen, source, destination)
                if isinstance(event, Started):
                    found = self.kinship.begin(name, event, who)
                else:
                    self.kinship.begin_late(name, event, who)
            for link in [*found, *self.kinship.take(event)]:
                self.links.append(
                    (link.call_id, link.kind.value, link.other_call_id or link.other_sip_call_id)
                )
                if link.other_call_id:
                    self.kinship.unite(link.call_id, link.other_call_id)

    def invite(self, name, source=ALICE, destination=BOB, caller="100", callee="200", *extra):
        lines = (f"f: <sip:{caller}@h>;tag={name}-a", f"t: <sip:{callee}@h>", *extra)
        self.see(
            raw(f"INVITE sip:{callee}@h SIP/2.0", name, "1 INVITE", *lines, body=sdp()), source, destination
        )

    def reply(self, name, code, source=BOB, destination=ALICE, caller="100", callee="200", *extra):
        lines = (f"f: <sip:{caller}@h>;tag={name}-a", f"t: <sip:{callee}@h>;tag={name}-b", *extra)
        body = sdp("10.0.0.2", 5000) if code == 200 else b""
        self.see(raw(f"SIP/2.0 {code} X", name, "1 INVITE", *lines, body=body), source, destination)

    def inside(self, method, name, source, destination, *extra, by_callee=False, number=2, body=b"", kind=""):
        ends = (f"<sip:100@h>;tag={name}-a", f"<sip:200@h>;tag={name}-b")
        sender, recipient = reversed(ends) if by_callee else ends
        lines = (f"f: {sender}", f"t: {recipient}", *extra)
        self.see(
            raw(f"{method} sip:x@h SIP/2.0", name, f"{number} {method}", *lines, body=body, kind=kind),
            source,
            destination,
        )

    def talk(self, name, source=ALICE, destination=BOB, caller="100", callee="200"):
        self.invite(name, source, destination, caller, callee)
        self.reply(name, 200, destination, source, caller, callee)

    def cancel(self, name, source, destination, caller, callee, reason):
        lines = (f"f: <sip:{caller}@h>;tag={name}-a", f"t: <sip:{callee}@h>", f"Reason: {reason}")
        self.see(raw(f"CANCEL sip:{callee}@h SIP/2.0", name, "1 CANCEL", *lines), source, destination)

    def together(self, *names):
        return len({self.kinship.interaction_of(name) for name in names}) == 1


def raw(start, name, cseq, *lines, body=b"", kind="application/sdp"):
    head = [
        start,
        f"Via: SIP/2.0/UDP h;branch=z9hG4bK-{name}-{cseq[0]}",
        f"Call-ID: {name}@test",
        f"CSeq: {cseq}",
        *lines,
    ]
    if body:
        head.append(f"Content-Type: {kind or 'application/sdp'}")
    return read(("\r\n".join([*head, f"Content-Length: {len(body)}"]) + "\r\n\r\n").encode() + body)


def test_a_blind_transfer_ties_the_new_call_to_the_one_it_was_asked_in():
    family = Family()
    family.talk("one")
    family.inside("REFER", "one", BOB, ALICE, "Refer-To: <sip:300@h>", by_callee=True)
    family.inside("BYE", "one", BOB, ALICE, by_callee=True, number=3)
    family.kinship.forget("one")
    family.invite("two", ALICE, CAROL, "100", "300", "Referred-By: <sip:200@h>")
    assert family.links == [("two", "transferred_from", "one")]
    assert family.kinship.interaction_of("two") == "one"


def test_a_transfer_that_the_exchange_carries_out_is_recognised_and_its_own_legs_hang_on_it():
    family = Family()
    family.talk("in", ALICE, PROXY)
    family.talk("out", PROXY, BOB)
    family.inside("REFER", "out", BOB, PROXY, "Refer-To: <sip:300@h>", by_callee=True)
    family.invite("new", PROXY, CAROL, "555", "300")
    assert family.links == [("out", "leg_of", "in"), ("new", "transferred_from", "out")]
    assert family.together("in", "out", "new")


def test_a_call_to_the_same_number_from_elsewhere_is_no_transfer():
    family = Family()
    family.talk("one")
    family.inside("REFER", "one", BOB, ALICE, "Refer-To: <sip:300@h>", by_callee=True)
    family.invite("other", DAVE, CAROL, "400", "300")
    assert family.links == []


def test_a_transfer_is_waited_for_no_longer_than_a_transaction_lasts():
    family = Family()
    family.talk("one")
    family.inside("REFER", "one", BOB, ALICE, "Refer-To: <sip:300@h>", by_callee=True)
    family.wire.now_ns += 40 * SECOND_NS
    family.invite("later", ALICE, CAROL, "100", "300")
    assert family.links == []


def test_one_transfer_brings_one_call_not_every_later_one_to_that_number():
    family = Family()
    family.talk("one")
    family.inside("REFER", "one", BOB, ALICE, "Refer-To: <sip:300@h>", by_callee=True)
    family.invite("two", ALICE, CAROL, "100", "300")
    family.invite("three", ALICE, CAROL, "100", "300")
    assert [link[0] for link in family.links] == ["two"]


def test_an_attended_transfer_joins_call_consultation_and_result():
    family = Family()
    family.talk("first", ALICE, BOB)
    family.talk("ask", BOB, CAROL, "200", "300")
    refer = "Refer-To: <sip:300@h?Replaces=ask%40test%3Bto-tag%3Dask-b%3Bfrom-tag%3Dask-a>"
    family.inside("REFER", "first", BOB, ALICE, refer, by_callee=True)
    assert family.links == [("ask", "consultation", "first")]
    family.invite("result", ALICE, CAROL, "100", "300", "Replaces: ask@test;to-tag=ask-b;from-tag=ask-a")
    assert family.links[1:] == [("result", "transferred_from", "first"), ("result", "replaces", "ask")]
    assert family.together("first", "ask", "result")


def test_an_attended_transfer_inside_the_exchange_needs_no_new_invite():
    family = Family()
    family.talk("first", ALICE, PROXY)
    family.talk("ask", ALICE, PROXY, "100", "300")
    family.inside("REFER", "first", ALICE, PROXY, "Refer-To: <sip:300@h?Replaces=ask%40test>")
    assert family.links == [("ask", "consultation", "first")]


def test_a_consultation_that_nobody_saw_is_named_by_its_call_id():
    family = Family()
    family.talk("first")
    family.inside("REFER", "first", BOB, ALICE, "Refer-To: <sip:300@h?Replaces=gone%40test>", by_callee=True)
    assert family.links == [("first", "consultation", "gone@test")]


def test_replacing_a_call_that_rings_is_a_pick_up():
    family = Family()
    family.invite("rings", PROXY, BOB)
    family.reply("rings", 180, BOB, PROXY)
    family.invite(
        "takes", CAROL, PROXY, "300", "200", "Replaces: rings@test;to-tag=rings-b;from-tag=rings-a;early-only"
    )
    assert family.links == [("takes", "picked_up", "rings")]


def test_replacing_a_call_that_is_up_is_a_take_over():
    family = Family()
    family.talk("up")
    family.invite("takes", CAROL, ALICE, "300", "100", "Replaces: up@test;to-tag=up-b;from-tag=up-a")
    assert family.links == [("takes", "replaces", "up")]


def test_replacing_what_is_over_finds_it_by_memory_and_what_was_never_seen_by_name():
    family = Family()
    family.talk("over")
    family.inside("BYE", "over", ALICE, BOB)
    family.kinship.forget("over")
    family.invite("a", CAROL, ALICE, "300", "100", "Replaces: over@test;to-tag=x;from-tag=y")
    family.invite("b", CAROL, ALICE, "300", "100", "Replaces: never@test;to-tag=x;from-tag=y")
    assert family.links == [("a", "replaces", "over"), ("b", "replaces", "never@test")]


def test_a_join_header_ties_the_listener_to_the_call():
    family = Family()
    family.talk("up")
    family.invite("supervisor", CAROL, BOB, "300", "200", "Join: up@test;to-tag=up-b;from-tag=up-a")
    assert family.links == [("supervisor", "joined", "up")]


ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'


@pytest.mark.parametrize("dialled", ["*8", "*8200", "**200", "**"])
@pytest.mark.parametrize("is_cancelled_first", [True, False])
def test_a_pick_up_code_takes_the_call_that_was_cancelled_elsewhere(dialled, is_cancelled_first):
    family = Family(pickup_codes=["*8", "**"])
    family.invite("in", ALICE, PROXY)
    family.invite("rings", PROXY, BOB)
    family.reply("rings", 180, BOB, PROXY)
    family.invite("picks", CAROL, PROXY, "300", dialled)
    if is_cancelled_first:
        family.cancel("rings", PROXY, BOB, "100", "200", ELSEWHERE)
    family.reply("picks", 200, PROXY, CAROL, "300", dialled)
    if not is_cancelled_first:
        family.cancel("rings", PROXY, BOB, "100", "200", ELSEWHERE)
    assert family.links == [("rings", "leg_of", "in"), ("picks", "picked_up", "rings")]
    assert family.together("in", "rings", "picks")


@pytest.mark.parametrize(
    ("dialled", "reason"),
    [("*8", "SIP;cause=487"), ("*8", "Q.850;cause=200"), ("*8999", ELSEWHERE), ("300", ELSEWHERE)],
)
def test_other_ends_and_other_numbers_are_no_pick_up(dialled, reason):
    family = Family(pickup_codes=["*8"])
    family.invite("rings", PROXY, BOB)
    family.invite("picks", CAROL, PROXY, "300", dialled)
    family.cancel("rings", PROXY, BOB, "100", "200", reason)
    family.reply("picks", 200, PROXY, CAROL, "300", dialled)
    assert family.links == []


def test_of_two_calls_that_were_taken_at_once_neither_is_guessed():
    family = Family(pickup_codes=["*8"])
    family.invite("one", PROXY, BOB, "111", "200")
    family.invite("two", PROXY, DAVE, "222", "400")
    family.cancel("one", PROXY, BOB, "111", "200", ELSEWHERE)
    family.cancel("two", PROXY, DAVE, "222", "400", ELSEWHERE)
    family.invite("picks", CAROL, PROXY, "300", "*8")
    family.reply("picks", 200, PROXY, CAROL, "300", "*8")
    assert family.links == []


def test_a_group_that_rang_is_picked_up_as_one():
    family = Family(pickup_codes=["*8"])
    family.invite("in", ALICE, PROXY)
    for name, phone in (("rings1", BOB), ("rings2", DAVE)):
        family.invite(name, PROXY, phone)
    for name, phone in (("rings1", BOB), ("rings2", DAVE)):
        family.cancel(name, PROXY, phone, "100", "200", ELSEWHERE)
    family.invite("picks", CAROL, PROXY, "300", "*8")
    family.reply("picks", 200, PROXY, CAROL, "300", "*8")
    assert family.together("in", "rings1", "rings2", "picks")


def test_a_parked_call_is_fetched_by_dialling_its_slot():
    family = Family(park_numbers=["70", "71"])
    family.talk("in", ALICE, PROXY)
    family.talk("out", PROXY, BOB)
    family.inside("REFER", "out", BOB, PROXY, "Refer-To: <sip:70@h>", by_callee=True)
    family.inside("BYE", "out", PROXY, BOB, number=3)
    family.kinship.forget("out")
    family.wire.now_ns += 300 * SECOND_NS
    family.invite("stranger", CAROL, PROXY, "300", "400")
    family.invite("fetch", CAROL, PROXY, "300", "71")
    assert family.links[1:] == [("fetch", "picked_up", "out")]
    assert family.together("in", "out", "fetch")
    family.invite("again", CAROL, PROXY, "300", "71")
    assert len(family.links) == 2


def test_with_two_calls_parked_only_the_slot_itself_tells():
    family = Family(park_numbers=["70", "71", "72"])
    for name, caller, slot in (("one", "111", "70"), ("two", "222", "71")):
        family.talk(name, ALICE, PROXY, caller, "200")
        family.inside("REFER", name, PROXY, PROXY, f"Refer-To: <sip:{slot}@h>", by_callee=True)
    family.invite("guess", CAROL, PROXY, "300", "72")
    assert family.links == []
    family.invite("sure", CAROL, PROXY, "300", "70")
    assert family.links == [("sure", "picked_up", "one")]


def test_a_parked_call_that_was_given_up_is_not_fetched():
    family = Family(park_numbers=["70"])
    family.talk("one", ALICE, PROXY)
    family.inside("REFER", "one", PROXY, PROXY, "Refer-To: <sip:70@h>", by_callee=True)
    family.inside("BYE", "one", ALICE, PROXY, number=3)
    family.kinship.forget("one")
    family.invite("late", CAROL, PROXY, "300", "70")
    assert family.links == []


def test_calls_to_one_focus_are_one_conference():
    family = Family()
    focus = "Contact: <sip:Room1@focus.example:5060>;isfocus"
    for name, phone in (("a", ALICE), ("b", CAROL), ("c", DAVE)):
        family.invite(name, phone, BOB, f"9{name}1", "600")
        family.reply(name, 200, BOB, phone, f"9{name}1", "600", focus)
    assert family.links == [("b", "conference", "a"), ("c", "conference", "a")]


def test_an_exchange_that_calls_itself_focus_without_a_room_makes_no_conference():
    family = Family()
    for name, phone in (("a", ALICE), ("b", CAROL)):
        family.invite(name, phone, BOB, f"9{name}1", "600")
        family.reply(name, 200, BOB, phone, f"9{name}1", "600", "Contact: <sip:10.0.0.9>;isfocus")
    assert family.links == []


def test_a_conference_ends_with_its_last_call():
    family = Family()
    focus = "Contact: <sip:room@focus>;isfocus"
    for name in ("today", "tomorrow"):
        family.invite(name, ALICE, BOB, "911", "600", focus)
        family.reply(name, 200, BOB, ALICE, "911", "600")
        family.inside("BYE", name, ALICE, BOB)
        family.kinship.forget(name)
    assert family.links == []


def test_a_header_that_names_an_archived_call_is_kept_for_the_index():
    family = Family()
    family.invite("leg", PROXY, BOB, "1", "2", "X-Call-ID: long-ago-0815@pbx")
    assert family.links == [("leg", "leg_of", "long-ago-0815@pbx")]


def test_legs_meet_across_a_translated_address():
    outside = "203.0.113.9:5060"
    family = Family(aliases=Aliases(["10.0.0.9=203.0.113.9"]))
    family.invite("in", ALICE, outside)
    family.invite("out", PROXY, BOB)
    assert family.links == [("out", "leg_of", "in")]


def test_what_is_remembered_is_bounded_and_forgotten_whole():
    family = Family(max_calls=10)
    for number in range(100):
        name = f"n{number:03}"
        family.invite(name, ALICE, BOB, f"7{number}", f"8{number}")
        if number % 2:
            family.kinship.unite(name, f"n{number - 1:03}")
        family.kinship.forget(name)
    assert len(family.kinship) == 10
    assert family.kinship.interaction_of("n001") == "n001"
    assert family.kinship.interaction_of("n099") == "n098"


@pytest.mark.parametrize(
    ("lines", "of", "others", "unusable"),
    [
        (["10.0.0.5=203.0.113.7"], "203.0.113.7", ("10.0.0.5",), []),
        (["10.0.0.5=203.0.113.7"], "10.0.0.5", ("203.0.113.7",), []),
        (["10.0.0.5=1.1.1.1", "10.0.0.5=2.2.2.2"], "2.2.2.2", ("10.0.0.5", "1.1.1.1"), []),
        (["fd00::5=2001:DB8::7"], "2001:db8::7", ("fd00::5",), []),
        (["10.0.0.5", "=", "a=b"], "10.0.0.5", (), ["10.0.0.5", "=", "a=b"]),
        (["10.0.0.5=10.0.0.5"], "10.0.0.5", (), []),
    ],
)
def test_aliases_of_an_address(lines, of, others, unusable):
    aliases = Aliases(lines)
    assert aliases.others(of) == others
    assert aliases.unusable == unusable


def test_the_inside_address_keeps_the_port():
    aliases = Aliases(["10.0.0.5=203.0.113.7", "fd00::5=2001:db8::7"])
    assert aliases.inside("203.0.113.7:5060") == "10.0.0.5:5060"
    assert aliases.inside("[2001:db8::7]:5062") == "[fd00::5]:5062"
    assert aliases.inside("192.0.2.1:5060") == "192.0.2.1:5060"
