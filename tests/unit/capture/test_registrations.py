"""Telephones that register: seen by number, told once a minute, and a storm of them bounded."""

import pytest

from appliance.capture.registrations import AGAIN_S, MAX_KNOWN, MOST_A_SECOND, Registrations

S = 1_000_000_000


def register(to, name=b"To"):
    return b"REGISTER sip:pbx SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:x@pbx>\r\n%s: %s\r\n\r\n" % (
        name,
        to,
    )


def numbers(registrations):
    return [one.number for one in registrations.take_new()]


@pytest.mark.parametrize(
    ("to", "name", "number"),
    [
        (b"<sip:8001@pbx>", b"To", "8001"),
        (b'"Front; desk" <sip:8001@pbx;transport=tcp>', b"t", "8001"),
        (b"sip:+49-30-123@pbx", b"TO ", "+4930123"),
        (b"<sip:Anna@pbx>", b"To", "Anna"),
    ],
)
def test_a_register_tells_the_number_however_it_is_written(to, name, number):
    registrations = Registrations()
    assert registrations.take(register(to, name), 5 * S, "10.0.0.1:5060")
    assert registrations.take_new() == [(number, 5 * S, "10.0.0.1:5060")]
    assert registrations.take_new() == []


@pytest.mark.parametrize(
    "data", [b"INVITE sip:a SIP/2.0\r\nTo: <sip:1@x>\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n", b""]
)
def test_other_messages_are_left_for_others(data):
    assert not Registrations().take(data, 0, "")


@pytest.mark.parametrize("to", [b"", b"<", b"<sip:>", b'"', b"\xff\xfe"])
def test_what_names_nobody_is_no_news(to):
    registrations = Registrations()
    assert registrations.take(register(to), 0, "10.0.0.1:5060")
    registrations.take_new()
    assert registrations.take(b"REGISTER sip:pbx SIP/2.0\r\n\r\n", 0, "10.0.0.1:5060")
    assert registrations.take_new() == []


def test_a_telephone_that_stays_is_told_again_after_a_minute_and_one_that_moves_at_once():
    registrations = Registrations()
    message = register(b"<sip:8001@pbx>")
    for second in range(AGAIN_S):
        registrations.take(message, second * S, "10.0.0.1:5060")
    assert [one.at_ns for one in registrations.take_new()] == [0]
    registrations.take(message, AGAIN_S * S, "10.0.0.1:5060")
    assert numbers(registrations) == ["8001"]
    registrations.take(message, AGAIN_S * S + 1, "10.0.0.2:5060")
    assert [one.address for one in registrations.take_new()] == ["10.0.0.2:5060"]
    registrations.take(message, 0, "10.0.0.2:5060")
    assert numbers(registrations) == ["8001"], "the clock was set back"


def test_a_storm_is_looked_at_in_part_and_remembered_in_part():
    registrations = Registrations()
    for number in range(5 * MOST_A_SECOND):
        registrations.take(register(b"<sip:%d@pbx>" % number), 7 * S + number, "10.0.0.1:5060")
    assert len(registrations.take_new()) == MOST_A_SECOND
    for number in range(1_000_000, 1_000_100 + MAX_KNOWN):
        at_ns = (8 + (number - 1_000_000) // MOST_A_SECOND) * S
        registrations.take(register(b"<sip:%d@pbx>" % number), at_ns, "10.0.0.1:5060")
    assert len(registrations._known) == MAX_KNOWN
    assert len(registrations.take_new()) == MAX_KNOWN
