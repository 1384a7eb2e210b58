"""Whatever the bytes, the readers raise BadMessage or nothing, and so do all accessors."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.core.errors import BadMessage
from appliance.sip.message import read
from appliance.sip.parties import normalise
from appliance.sip.sdp import read_sdp
from appliance.sip.uri import read_address, read_uri, split_values
from tests.rigs.fuzz import KEPT, READER, unpacked
from tests.rigs.reading import touch_any, touch_description, touch_message, touch_traffic

SDP = (
    b"v=0\r\no=- 1 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\na=fingerprint:sha-256 A\r\n"
    b"m=audio 4000 RTP/AVP 8 97 101\r\na=rtpmap:97 opus/48000/2\r\na=fmtp:97 x=1\r\na=rtcp:4003 IN IP4 10.0.0.3\r\n"
    b"a=candidate:1 1 UDP 1 10.0.0.7 6000 typ host\r\na=crypto:1 A inline:b\r\na=ptime:20\r\na=inactive\r\n"
    b"m=video 0 RTP/AVP 31\r\nm=image 1 udptl t38\r\nc=IN IP6 ::1\r\n"
)
MESSAGE = (
    b"INVITE sip:+49;phone-context=+4@b:5060;x?y=z SIP/2.0\r\nv: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1,SIP/2.0/TCP b\r\n"
    b'f: "A \\" =?utf-8?B?5byg?=" <sip:a%20@[::1]:1;p>;tag=1\r\nTo: <tel:+1-2;phone-context=x>\r\n ;tag=2\r\ni: x@y\r\n'
    b"CSeq: 1 INVITE\r\nContact: *, <sip:a@b>\r\nReplaces: x;to-tag=1;from-tag=2\r\nRefer-To: <sip:a@b?Replaces=c%3Bd>\r\n"
    b"x: 1800;refresher=uac\r\nDiversion: <sip:1@b>;reason=x\r\nHistory-Info: <sip:a@b?cause=1>;index=1\r\n"
    b"P-Asserted-Identity: <sip:anonymous@x>, <tel:+1>\r\nSession-ID: 1\r\n"
    b"c: multipart/mixed;boundary=b\r\n\r\n--b\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=12\r\nDuration=1\r\n"
    b"--b\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\ndj0wDQo=\r\n--b\r\n"
    b"Content-Type: multipart/x;boundary=c\r\n\r\n--c\r\nc: application/sdp\r\n\r\n"
    + SDP
    + b"\r\n--c--\r\n--b--\r\n"
)


@st.composite
def mutated(draw, original: bytes) -> bytes:
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 20))
        data[at : at + length] = draw(
            st.binary(max_size=12)
            | st.sampled_from(
                [
                    b"\r\n",
                    b"\n",
                    b'"',
                    b"<",
                    b">",
                    b";",
                    b",",
                    b"%",
                    b":",
                    b"=?utf-8?Q?=",
                    b"\x00",
                    b"[",
                    b"\\",
                ]
            )
        )
    return bytes(data)


@settings(deadline=None)
@given(
    st.binary(max_size=600)
    | mutated(MESSAGE)
    | mutated(MESSAGE).map(
        lambda data: data.replace(b"INVITE sip:+49;phone-context=+4@b:5060;x?y=z SIP/2.0", b"SIP/2.0 200 OK")
    )
)
def test_the_message_reader_raises_nothing_but_bad_message(data):
    with contextlib.suppress(BadMessage):
        touch_message(data)


@settings(deadline=None)
@given(st.integers(0, len(MESSAGE)))
def test_a_message_cut_anywhere_raises_nothing_but_bad_message(length):
    with contextlib.suppress(BadMessage):
        touch_message(MESSAGE[:length])


@settings(deadline=None, max_examples=max(20, settings().max_examples // 4))
@given(st.lists(st.tuples(st.integers(0, 255), mutated(MESSAGE)), max_size=6))
def test_the_tracker_survives_whatever_the_reader_lets_pass(pieces):
    touch_traffic(b"".join(bytes([head]) + data.replace(b"\0", b" ") + b"\0" for head, data in pieces))


@settings(deadline=None)
@given(st.binary(max_size=600) | mutated(SDP))
def test_the_reader_of_descriptions_raises_nothing_but_bad_message(data):
    with contextlib.suppress(BadMessage):
        touch_description(data)


@settings(deadline=None)
@given(st.text(max_size=200) | st.text(alphabet='"\\<>,;:@%[]?=ab \n', max_size=60))
def test_addresses_and_numbers_never_raise(text):
    _ = read_uri(text), read_address(text), normalise(text, text)
    values = split_values(text)
    assert all(value == value.strip() and value for value in values)


@settings(deadline=None)
@given(st.lists(st.text(alphabet='"\\<>;ab ', max_size=10), max_size=6))
def test_splitting_loses_nothing_but_commas_and_space(pieces):
    text = ",".join(pieces)
    assert bare("".join(split_values(text))) == bare(text)


def test_what_fuzzing_found_worth_keeping_still_passes():
    inputs = unpacked(KEPT / f"{READER}.bin")
    assert len(inputs) > 50
    for data in inputs:
        touch_any(data)


def bare(text):
    return "".join(text.replace(",", "").split())


def test_the_original_of_the_mutations_is_readable():
    message = read(MESSAGE)
    assert [body.kind for body in message.bodies] == [
        "application/dtmf-relay",
        "application/sdp",
        "application/sdp",
    ]
    assert len(read_sdp(message.bodies[2].content).media) == 3
