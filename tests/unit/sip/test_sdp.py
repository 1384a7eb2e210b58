"""Session descriptions: what is learnt about where, what and how."""

import pytest

from appliance.core.errors import BadMessage
from appliance.sip.sdp import is_encrypted, read_sdp, same_media, spoken_to

HEAD = "v=0\no=alice 1 7 IN IP4 host\ns=call\nc=IN IP4 10.0.0.1/127\nt=0 0\n"


def media(lines: str, head: str = HEAD):
    return read_sdp((head + lines).encode()).media[0]


def test_formats_are_known_by_rtpmap_or_by_the_static_table():
    one = media(
        "m=audio 4000 RTP/AVP 0 8 9 18 3 97 101 99\na=rtpmap:97 opus/48000/2\na=fmtp:97 useinbandfec=1\na=rtpmap:101 telephone-event/8000\na=fmtp:18 annexb=no\na=rtpmap:8 PCMA/8000"
    )
    assert [(f.payload_type, f.encoding, f.clock_hz, f.channels) for f in one.formats] == [
        (0, "PCMU", 8000, 1),
        (8, "PCMA", 8000, 1),
        (9, "G722", 8000, 1),
        (18, "G729", 8000, 1),
        (3, "GSM", 8000, 1),
        (97, "opus", 48000, 2),
        (101, "telephone-event", 8000, 1),
        (99, "", 0, 1),
    ]
    assert (one.formats[5].fmtp, one.formats[3].fmtp) == ("useinbandfec=1", "annexb=no")
    assert [f.is_event for f in one.formats] == [False] * 6 + [True, False]


def test_the_media_line_wins_over_the_session_line():
    session = read_sdp(
        (
            HEAD
            + "a=sendonly\nm=audio 4000 RTP/AVP 0\nm=audio 4002/2 RTP/AVP 0\nc=IN IP6 2001:DB8:0::1\na=sendrecv\na=ptime:20.0\n"
        ).encode()
    )
    assert [(m.address, m.port, m.direction, m.ptime_ms) for m in session.media] == [
        ("10.0.0.1", 4000, "sendonly", 0),
        ("2001:db8::1", 4002, "sendrecv", 20),
    ]
    assert (session.version, session.name, session.address) == ("7", "call", "10.0.0.1")


@pytest.mark.parametrize(
    ("lines", "port", "address"),
    [
        ("m=audio 4000 RTP/AVP 0\n", 4001, ""),
        ("m=audio 4000 RTP/AVP 0\na=rtcp:53020\n", 53020, ""),
        ("m=audio 4000 RTP/AVP 0\na=rtcp:53020 IN IP4 10.9.9.9\n", 53020, "10.9.9.9"),
        ("m=audio 4000 RTP/AVP 0\na=rtcp-mux\n", 4000, ""),
        ("m=audio 65535 RTP/AVP 0\n", 65535, ""),
        ("m=audio 0 RTP/AVP 0\n", 0, ""),
    ],
)
def test_the_rtcp_port_is_told_or_follows(lines, port, address):
    assert (media(lines).rtcp_port, media(lines).rtcp_address) == (port, address)


@pytest.mark.parametrize(
    ("lines", "is_secret"),
    [
        ("m=audio 4000 RTP/AVP 0\n", False),
        ("m=audio 4000 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\n", True),
        ("m=audio 4000 RTP/AVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\n", True),
        ("a=fingerprint:sha-256 AA:BB\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\n", True),
        ("m=audio 4000 RTP/SAVP 0\nm=audio 4002 RTP/AVP 0\n", False),
        ("m=image 4000 udptl t38\n", False),
    ],
)
def test_encryption_is_seen_in_profile_keys_or_fingerprint(lines, is_secret):
    assert read_sdp((HEAD + lines).encode()).is_encrypted is is_secret


def test_keys_offered_on_trial_count_only_when_the_answer_takes_them():
    offer = read_sdp((HEAD + "m=audio 4000 RTP/AVP 0\na=crypto:1 X inline:abc\n").encode())
    plain = read_sdp((HEAD + "m=audio 5000 RTP/AVP 0\n").encode())
    assert is_encrypted(offer, None)
    assert not is_encrypted(offer, plain)


def test_rejected_null_and_foreign_media_are_told():
    session = read_sdp(
        (
            HEAD
            + "m=audio 0 RTP/AVP 0\nm=audio 4000 RTP/AVP 8\nm=image 4100 udptl t38\nm=audio 4200 RTP/AVP 0\nc=IN IP4 0.0.0.0\n"
        ).encode()
    )
    assert [m.is_rejected for m in session.media] == [True, False, False, False]
    assert session.media[3].is_null
    assert session.media[2].words == ("t38",)
    assert session.audio is session.media[1]
    assert len(session.audios) == 2


@pytest.mark.parametrize(
    ("lines", "is_null"),
    [
        ("", True),
        ("a=candidate:1 1 UDP 2130706431 10.0.0.7 6000 typ host\n", False),
        ("a=ice-ufrag:x\n", False),
        ("a=ice-options:trickle\n", False),
    ],
)
def test_without_a_default_address_ice_is_no_hold(lines, is_null):
    one = media("c=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0\n" + lines)
    assert (one.is_null, one.has_address) == (is_null, False)
    above = media("c=IN IP6 ::\n" + lines + "m=audio 9 RTP/AVP 0\n")
    assert (above.is_null, above.has_address) == (is_null, False)


def test_candidates_are_kept_and_those_for_rtp_over_udp_named():
    one = media(
        "m=audio 4000 RTP/AVP 0\na=candidate:1 1 UDP 2130706431 10.0.0.7 6000 typ host\na=candidate:1 2 UDP 1 10.0.0.7 6001 typ host\na=candidate:2 1 TCP 1 10.0.0.7 9 typ host\na=candidate:bad\na=mid:0\n"
    )
    assert len(one.candidates) == 4
    assert one.candidate_ports == (("10.0.0.7", 6000),)
    assert one.mid == "0"


def test_malformed_attributes_are_passed_over():
    one = media(
        "m=audio 4000 RTP/AVP 0 x 300\na=rtpmap:x\na=rtpmap:0 PCMU\na=fmtp:\na=ptime:soon\na=rtcp:none\na=\na\nfoo\n="
    )
    assert [(f.payload_type, f.encoding, f.clock_hz) for f in one.formats] == [(0, "PCMU", 8000)]
    assert one.rtcp_port == 4001


def test_line_ends_charset_and_missing_lines_are_forgiven():
    session = read_sdp(b"s=Zo\xeb\r\nm=AUDIO 4000 RTP/AVP 0\r\nc=IN IP4 [10.0.0.1]")
    assert (session.name, session.media[0].kind, session.media[0].address) == ("Zoë", "audio", "10.0.0.1")


@pytest.mark.parametrize(
    ("data", "problem", "offset"),
    [
        (b"", "no session description", 0),
        (b"Signal=5\r\n", "no session description", 0),
        (b"v=0\r\nm=audio\r\n", "m= line is too short", 5),
        (b"v=0\r\ns=\xeb\r\nm=audio x RTP/AVP 0\r\n", "port of the m= line is no number", 10),
        (b"v=0\nm=audio 65536 RTP/AVP 0", "port of the m= line is no number", 4),
        (b"v=0\n" + b"m=audio 1 RTP/AVP 0\n" * 65, "too many m= lines", 4 + 64 * 20),
    ],
)
def test_what_is_no_description_says_where_and_why(data, problem, offset):
    with pytest.raises(BadMessage) as caught:
        read_sdp(data)
    assert caught.value.facts == {"problem": problem, "offset": offset}


def test_audio_is_spoken_in_the_numbers_of_the_listener_first():
    offer = media("m=audio 4000 RTP/AVP 97 0\na=rtpmap:97 opus/48000/2\n")
    answer = media("m=audio 5000 RTP/AVP 111 0\na=rtpmap:111 opus/48000/2\n")
    assert [f.payload_type for f in spoken_to(answer)] == [111, 0]
    assert [f.payload_type for f in spoken_to(answer, offer)] == [111, 0, 97]


def test_the_same_media_in_other_words_is_the_same_media():
    one = read_sdp((HEAD + "m=audio 4000 RTP/AVP 0\n").encode())
    assert same_media(one, read_sdp((HEAD.replace(" 7 ", " 8 ") + "m=audio 4000 RTP/AVP 8\n").encode()))
    assert not same_media(one, read_sdp((HEAD + "m=audio 4002 RTP/AVP 0\n").encode()))
