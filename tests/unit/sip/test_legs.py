"""Legs of one conversation: joined when sure, apart when in doubt."""

import pytest

from appliance.sip.legs import LegMatcher
from appliance.sip.message import read
from appliance.sip.parties import parties

SECOND_NS = 1_000_000_000
PHONE, PBX, CARRIER, OTHER = "10.0.0.1:5060", "10.0.0.9:5060", "1.2.3.4:5060", "10.0.0.3:5060"


class Legs:
    """A matcher, and a shorthand for adding a call: `caller>callee` at a second."""

    def __init__(self, **limits):
        self.matcher = LegMatcher(**limits)

    def add(self, name, numbers, source, destination, at_s=0.0, *headers, call_id=""):
        caller, _, callee = numbers.partition(">")
        lines = [
            f"INVITE sip:{callee}@h SIP/2.0",
            f"From: <sip:{caller}@h>;tag=1",
            f"To: <sip:{callee}@h>",
            f"Call-ID: {call_id or name + '-long-call-id@host'}",
            "CSeq: 1 INVITE",
            *headers,
        ]
        invite = read(("\r\n".join(lines) + "\r\n\r\n").encode())
        who = parties(invite, source, destination)
        return self.matcher.add(name, invite, who, int(at_s * SECOND_NS), source, destination).interaction_id


def test_two_legs_through_a_pbx_are_one_interaction():
    legs = Legs()
    assert legs.add("one", "+4930100>200", CARRIER, PBX) == "one"
    assert legs.add("two", "+4930100>200", PBX, PHONE, 1) == "one"
    assert legs.add("three", "+4930100>200", PBX, OTHER, 1.1) == "one"


@pytest.mark.parametrize("numbers", ["+4930100>31", "999>200", "004930100>31"])
def test_one_number_that_stays_is_enough_when_it_is_clear(numbers):
    legs = Legs()
    legs.add("one", "+4930100>200", CARRIER, PBX)
    assert legs.add("two", numbers, PBX, PHONE, 1) == (
        "one" if "30100" in numbers or "200" in numbers else "two"
    )


def test_a_leg_of_a_leg_keeps_the_first_interaction():
    legs = Legs()
    legs.add("one", "100>200", PHONE, PBX)
    legs.add("two", "100>200", PBX, OTHER, 1)
    assert legs.add("three", "100>300", OTHER, CARRIER, 2) == "one"


@pytest.mark.parametrize(
    ("numbers", "source", "at_s"),
    [
        ("777>888", PBX, 1),
        ("100>200", OTHER, 1),
        ("100>200", PBX, 6),
        ("100>200", PBX, -1),
        ("200>100", PBX, 1),
    ],
    ids=["other numbers", "other place", "too late", "before", "the way back"],
)
def test_without_number_place_and_time_legs_stay_apart(numbers, source, at_s):
    legs = Legs(interaction_s=5)
    legs.add("one", "100>200", PHONE, PBX, 0)
    assert legs.add("two", numbers, source, "10.0.0.7:5060", at_s) == "two"


def test_anonymous_callers_do_not_match_each_other():
    legs = Legs()
    legs.add("one", "anonymous>200", CARRIER, PBX)
    assert legs.add("two", "anonymous>31", PBX, PHONE, 1) == "two"


def test_a_doubtful_leg_belongs_to_none():
    legs = Legs()
    legs.add("one", "111>200", CARRIER, PBX)
    legs.add("two", "222>200", CARRIER, PBX, 0.1)
    assert legs.add("three", "999>200", PBX, PHONE, 1) == "three"
    assert legs.add("four", "222>200", PBX, PHONE, 1) == "two"


def test_on_one_machine_the_port_must_chain():
    legs = Legs()
    legs.add("one", "100>200", "127.0.0.1:5070", "127.0.0.1:5060")
    assert legs.add("redial", "100>200", "127.0.0.1:5070", "127.0.0.1:5060", 1) == "redial"
    assert legs.add("two", "100>200", "127.0.0.1:5060", "127.0.0.1:5080", 2) in ("one", "redial")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000",
            "Session-ID: AB30317F1A784DC48FF824D0D3715D86",
        ),
        (
            'P-Charging-Vector: icid-value="1234bc9876e";icid-generated-at=x',
            "P-Charging-Vector: orig-ioi=y;icid-value=1234bc9876e",
        ),
        ("Subject: x", "X-Call-ID: one-long-call-id@host"),
        ("Subject: x", "X-CID: one-long-call-id@host"),
        ("Subject: x", "In-Reply-To: other@x, one-long-call-id@host"),
    ],
)
def test_a_leg_that_names_its_predecessor_belongs_to_it_at_any_time(first, second):
    legs = Legs()
    legs.add("one", "100>200", PHONE, PBX, 0, first)
    assert legs.add("two", "7>8", "10.9.9.9:5060", OTHER, 500, second) == "one"


def test_a_call_id_that_contains_the_earlier_one_names_it():
    legs = Legs()
    legs.add("one", "100>200", PHONE, PBX, call_id="abcdef0123456789@phone")
    assert legs.add("two", "7>8", OTHER, CARRIER, 1, call_id="b2b_abcdef0123456789@pbx") == "one"
    assert legs.add("three", "7>8", OTHER, CARRIER, 1, call_id="short@pbx") == "three"


def test_the_nil_session_id_names_nothing():
    legs = Legs()
    nil = "Session-ID: 00000000000000000000000000000000"
    legs.add("one", "100>200", PHONE, PBX, 0, nil)
    assert legs.add("two", "7>8", OTHER, CARRIER, 1, nil) == "two"


def test_a_forgotten_call_is_matched_no_more():
    legs = Legs()
    legs.add("one", "100>200", PHONE, PBX)
    legs.matcher.forget("one")
    legs.matcher.forget("one")
    assert legs.add("two", "100>200", PBX, OTHER, 1) == "two"


def test_the_memory_of_legs_is_bounded_and_the_oldest_goes_first():
    legs = Legs(max_calls=3)
    for number in range(50):
        legs.add(f"n{number}", f"{number}11>{number}22", PHONE, PBX)
    assert legs.add("old", "011>022", PBX, OTHER, 1) == "old"
    assert legs.add("new", "4911>4922", PBX, OTHER, 1) == "n49"
