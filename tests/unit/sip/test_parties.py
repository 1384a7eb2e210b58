"""Caller, callee, direction: which header is believed."""

import pytest

from appliance.domain.call import Direction
from appliance.sip.message import read
from appliance.sip.parties import direction, normalise, parties


def invite(
    sender="<sip:100@a.test>",
    to="<sip:200@b.test>",
    uri="sip:200@b.test",
    *extra,
    start="INVITE {uri} SIP/2.0",
):
    lines = [
        start.format(uri=uri),
        f"From: {sender};tag=a",
        f"To: {to}",
        "Call-ID: x",
        "CSeq: 1 INVITE",
        *extra,
    ]
    return read(("\r\n".join(lines) + "\r\n\r\n").encode())


def test_the_usual_call_names_both_ends():
    who = parties(
        invite('"Zhang =?utf-8?B?5byg?=" <sip:+49%2030-1@a.test:5070>'), "10.0.0.1:5060", "10.0.0.2:5060"
    )
    assert (who.caller.number, who.caller.number_raw, who.caller.display) == (
        "+49301",
        "+49%2030-1",
        "Zhang 张",
    )
    assert (who.caller.uri, who.caller.address) == ("sip:+49%2030-1@a.test:5070", "10.0.0.1:5060")
    assert (who.callee.number, who.callee.address) == ("200", "10.0.0.2:5060")
    assert not who.is_redirected


@pytest.mark.parametrize(
    ("sender", "headers", "number", "display"),
    [
        (
            '"Anonymous" <sip:anonymous@anonymous.invalid>',
            ('P-Asserted-Identity: "Alice" <sip:+4930100@carrier.test>, <tel:+4930100>',),
            "+4930100",
            "Alice",
        ),
        ("<sip:anonymous@a.test>", ("P-Preferred-Identity: <tel:+49-30-100>",), "+4930100", ""),
        (
            "<sip:unavailable@a.test>",
            (
                'Remote-Party-ID: "B" <sip:9@x>;party=called',
                'Remote-Party-ID: "A" <sip:8@x>;party=calling;privacy=full',
            ),
            "8",
            "A",
        ),
        ('"Alice" <sip:100@a.test>', ("P-Asserted-Identity: <sip:+4930100@carrier.test>",), "100", "Alice"),
        ("<sip:a.test>", ("Contact: <sip:77@10.0.0.1>",), "77", ""),
        ("<sip:anonymous@anonymous.invalid>", (), "anonymous", ""),
    ],
)
def test_an_anonymous_caller_is_named_by_the_network(sender, headers, number, display):
    who = parties(invite(sender, "<sip:200@b.test>", "sip:200@b.test", *headers))
    assert (who.caller.number, who.caller.display) == (number, display)


def test_the_callee_is_who_was_dialled_not_the_contact_it_was_sent_to():
    assert parties(invite(uri="sip:k3j4@10.0.0.7:40001;line=x")).callee.number == "200"
    assert parties(invite(to="<sip:b.test>", uri="sip:300@b.test")).callee.number == "300"


@pytest.mark.parametrize(
    ("headers", "diverted_from"),
    [
        (("Diversion: <sip:250@b.test>;reason=no-answer, <sip:200@b.test>;reason=unconditional",), "200"),
        (("Diversion: <tel:+49-30-5>;reason=user-busy",), "+49305"),
        (
            ("History-Info: <sip:200@b.test?Reason=SIP%3Bcause%3D302>;index=1, <sip:300@c.test>;index=1.1",),
            "200",
        ),
        (("History-Info: <sip:200@b.test>;index=1, <sip:300@c.test;cause=486>;index=1.1;mp=1",), "200"),
    ],
)
def test_a_diverted_call_names_the_new_target_and_the_old(headers, diverted_from):
    who = parties(invite("<sip:100@a.test>", "<sip:200@b.test>", "sip:300@c.test", *headers))
    assert (who.callee.number, who.diverted_from, who.is_redirected) == ("300", diverted_from, True)


def test_a_history_without_a_diversion_redirects_nothing():
    header = "History-Info: <sip:200@b.test>;index=1, <sip:200@10.0.0.9>;index=1.1;rc=1"
    who = parties(invite("<sip:100@a.test>", "<sip:200@b.test>", "sip:200@10.0.0.9", header))
    assert not who.is_redirected


def test_of_a_response_the_caller_is_who_it_goes_to():
    who = parties(invite(start="SIP/2.0 200 OK"), "10.0.0.2:5060", "10.0.0.1:5060")
    assert (who.caller.number, who.caller.address, who.callee.address) == (
        "100",
        "10.0.0.1:5060",
        "10.0.0.2:5060",
    )


@pytest.mark.parametrize(
    ("user", "context", "number"),
    [
        ("+49 (30) 123-4.5", "", "+493012345"),
        ("tel:+1-201-555-0123;ext=7", "", "+12015550123"),
        ("0049301", "", "0049301"),
        ("*21#", "", "*21#"),
        ("30123;phone-context=+49", "", "+4930123"),
        ("30123", "+49-30", "+493030123"),
        ("30123", "example.com", "30123"),
        ("+4930", "+1", "+4930"),
        ("Alice.Smith", "", "Alice.Smith"),
        ("alice-1", "", "alice-1"),
        ("", "", ""),
    ],
)
def test_numbers_are_normalised_and_names_left(user, context, number):
    assert normalise(user, context) == number


@pytest.mark.parametrize(
    ("source", "destination", "services", "expected"),
    [
        ("1.2.3.4:5060", "10.0.0.1:5060", [], Direction.UNKNOWN),
        ("1.2.3.4:5060", "10.0.0.1:5060", ["1.2.3.4"], Direction.INCOMING),
        ("10.0.0.1:5060", "1.2.3.4:5060", ["1.2.3.4:5060"], Direction.OUTGOING),
        ("10.0.0.1:5060", "1.2.3.4:5070", ["1.2.3.4:5060"], Direction.INTERNAL),
        ("10.0.0.1:5060", "10.0.0.2:5060", ["1.2.3.4"], Direction.INTERNAL),
        ("1.2.3.4:5060", "1.2.3.5:5060", ["1.2.3.4", "1.2.3.5"], Direction.UNKNOWN),
        ("[2001:db8::1]:5060", "[fe80::1]:5060", ["2001:DB8:0:0::1"], Direction.INCOMING),
        ("[2001:db8::1]:5060", "[fe80::1]:5060", ["[2001:db8::1]:5061"], Direction.INTERNAL),
    ],
)
def test_direction_is_told_by_the_addresses_of_the_carrier(source, destination, services, expected):
    assert direction(source, destination, services) is expected
