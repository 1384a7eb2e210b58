"""The reader of messages: what it forgives and what it does not."""

import pytest

from appliance.core.errors import BadMessage
from appliance.sip.message import read

HEAD = (
    b"INVITE sip:bob@b.test SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.0;branch=z9hG4bK0\r\n"
    b'From: "Alice; tag=no" <sip:alice@a.test;tag=inner>;tag=real\r\n'
    b"To: <sip:bob@b.test>\r\nCall-ID: x@y\r\nCSeq: 1 INVITE\r\n"
)
SDP = b"v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"


def with_body(body: bytes, *headers: bytes) -> bytes:
    return HEAD + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


def test_the_usual_fields_are_read():
    message = read(with_body(SDP, b"Content-Type: application/sdp", b"Content-Length: %d" % len(SDP)))
    assert message.is_request
    assert (message.method, message.request_uri, message.call_id, message.cseq) == (
        "INVITE",
        "sip:bob@b.test",
        "x@y",
        1,
    )
    assert (message.from_tag, message.to_tag, message.branch, message.via_count) == (
        "real",
        "",
        "z9hG4bK1",
        2,
    )
    assert message.sdp == SDP
    assert message.flaws == []
    assert message.label == "INVITE"


def test_a_response_is_read_with_its_phrase():
    data = HEAD.replace(b"INVITE sip:bob@b.test SIP/2.0", b"SIP/2.0 486 Busy  Here") + b"\r\n"
    message = read(data)
    assert (message.is_request, message.status_code, message.phrase, message.method) == (
        False,
        486,
        "Busy  Here",
        "INVITE",
    )
    assert message.label == "486 Busy  Here"


def test_compact_forms_folding_and_odd_whitespace_are_the_same_message():
    data = (
        b"INVITE   sip:bob@b.test  SIP/2.0\r\n"
        b"v : SIP/2.0/UDP 10.0.0.1\r\n ;branch=z9hG4bK1\r\n"
        b"F:<sip:alice@a.test>\r\n\t;  tag = real\r\nt\t: <sip:bob@b.test>\r\ni:x@y\r\nCSEQ:   0001\r\n   INVITE\r\n"
        b"c: application/sdp\r\nl: %d\r\nm: <sip:alice@10.0.0.1>\r\n\r\n" % len(SDP)
    ) + SDP
    message = read(data)
    assert (message.from_tag, message.branch, message.call_id, message.cseq) == ("real", "z9hG4bK1", "x@y", 1)
    assert message.sdp == SDP
    assert message.contact == "sip:alice@10.0.0.1"


def test_bare_line_feeds_and_leading_blank_lines_are_forgiven():
    data = b"\r\n\r\n" + with_body(SDP, b"Content-Type: application/sdp").replace(b"\r\n", b"\n")
    message = read(data)
    assert message.call_id == "x@y"
    assert message.sdp == SDP.replace(b"\r\n", b"\n")


def test_headers_come_in_any_order_and_lists_over_several_lines():
    data = with_body(
        b"",
        b"Allow: INVITE, ACK",
        b"Subject: Hello, Joe",
        b"Allow: BYE",
        b'Contact: "A, B" <sip:a,b@c>, <sip:d@e>',
    )
    message = read(data)
    assert message.headers("ALLOW") == ["INVITE", "ACK", "BYE"]
    assert message.headers("subject") == ["Hello, Joe"]
    assert message.headers("contact") == ['"A, B" <sip:a,b@c>', "<sip:d@e>"]
    assert message.header("nothing") == ""
    assert message.headers("nothing") == []


def test_without_a_content_length_the_rest_is_the_body():
    assert read(with_body(SDP, b"Content-Type: application/sdp")).sdp == SDP


def test_a_content_length_that_is_too_long_yields_to_what_is_there():
    message = read(with_body(SDP, b"Content-Type: application/sdp", b"Content-Length: 9999"))
    assert message.sdp == SDP
    assert [flaw.problem for flaw in message.flaws] == ["body shorter than Content-Length"]


def test_octets_beyond_the_content_length_are_no_body():
    data = with_body(
        SDP + b"INVITE sip:x SIP/2.0\r\n", b"Content-Type: application/sdp", b"Content-Length: %d" % len(SDP)
    )
    assert read(data).sdp == SDP


def test_a_length_that_cuts_a_line_of_a_description_is_not_believed():
    message = read(with_body(SDP, b"Content-Type: application/sdp", b"Content-Length: %d" % (len(SDP) - 7)))
    assert message.sdp == SDP
    assert [flaw.problem for flaw in message.flaws] == ["data beyond Content-Length"]


def test_utf_8_is_read_and_latin_1_where_it_is_none():
    assert read(HEAD.replace(b"Alice", "爱丽丝".encode()) + b"\r\n").from_address.display == "爱丽丝; tag=no"
    assert read(HEAD.replace(b"Alice", b"Zo\xeb") + b"\r\n").from_address.display == "Zoë; tag=no"


def test_the_description_is_found_in_nested_parts():
    inner = (
        b"--in\r\nContent-Type: text/plain\r\n\r\nhello\r\n--in\r\nContent-Type: application/sdp\r\n\r\n"
        + SDP
        + b"\r\n--in--\r\n"
    )
    body = (
        b"preamble\r\n--out\r\nContent-Type: application/isup\r\n\r\n\x01\x02\r\n--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
        + inner
        + b"--out--\r\nepilogue"
    )
    message = read(with_body(body, b'Content-Type: multipart/mixed;boundary="out"'))
    assert [part.kind for part in message.bodies] == ["application/isup", "text/plain", "application/sdp"]
    assert message.bodies[0].content == b"\x01\x02"
    assert message.sdp == SDP


def test_a_multipart_body_that_is_cut_or_undeclared_still_gives_its_parts():
    body = b"--x\r\nContent-Type: application/sdp\r\n\r\n" + SDP
    assert read(with_body(body, b"Content-Type: multipart/mixed")).sdp == SDP


def test_a_body_without_a_type_that_is_a_description_is_one():
    assert read(with_body(SDP)).sdp == SDP


def test_a_base64_part_is_decoded():
    body = b"--x\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\ndj0wDQo=\r\n--x--\r\n"
    assert read(with_body(body, b"Content-Type: multipart/mixed;boundary=x")).sdp == b"v=0\r\n"


@pytest.mark.parametrize(
    ("data", "problem", "offset"),
    [
        (b"", "empty", 0),
        (b"\r\n\r\n", "empty", 0),
        (b"\x80\x60\x00\x01", "no SIP start line", 0),
        (b"GET / HTTP/1.1\r\n\r\n", "no SIP start line", 0),
        (b"\r\n" + HEAD.replace(b"SIP/2.0\r\n", b"SIP/3.0\r\n", 1), "version 'SIP/3.0'", 2),
        (HEAD.replace(b"INVITE sip", b"IN(VITE sip", 1), "method is no token", 0),
        (HEAD.replace(b"INVITE sip:bob@b.test SIP/2.0", b"SIP/2.0 99 Low"), "status code '99'", 0),
        (
            HEAD.replace(b"CSeq: 1 INVITE", b"CSeq: one INVITE"),
            "CSeq is not a number and a method",
            HEAD.index(b"CSeq"),
        ),
        (
            HEAD.replace(b"CSeq: 1 INVITE", b"CSeq: 4294967296 INVITE"),
            "CSeq number too large",
            HEAD.index(b"CSeq"),
        ),
        (HEAD.replace(b"Call-ID: x@y\r\n", b"") + b"\r\n", "no call-id header", len(HEAD) - 14 + 2),
        (HEAD.replace(b"From", b"Form") + b"\r\n", "no from header", len(HEAD) + 2),
    ],
)
def test_what_cannot_be_read_says_where_and_why(data, problem, offset):
    with pytest.raises(BadMessage) as caught:
        read(data)
    assert caught.value.facts == {"problem": problem, "offset": offset}


def test_a_line_without_a_colon_is_a_flaw_with_its_place():
    data = HEAD + b"garbage here\r\n\r\n"
    assert [(flaw.problem, flaw.offset) for flaw in read(data).flaws] == [
        ("header line without a colon", len(HEAD))
    ]
