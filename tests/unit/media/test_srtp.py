"""SRTP is opened: published vectors, libsrtp as the sender, a real capture, and everything that goes wrong.

Source: RFC 3711 §B.3, RFC 6188 §7.2 (vectors of key derivation)
"""

import base64
import struct
from pathlib import Path

import pylibsrtp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.call import Side
from appliance.media.live import LiveDecoder
from appliance.media.packets import sorted_capture
from appliance.media.srtp import SUITES, Context, LiveSrtp, MasterKey, decrypt, master_keys
from tests.rigs.bundles import CALLEE, CALLER, packet, pcap

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
PROFILES = {
    "AES_CM_128_HMAC_SHA1_80": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
    "AEAD_AES_128_GCM": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "AEAD_AES_256_GCM": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
}
SECRET = bytes(range(1, 45))


def master(name="AES_CM_128_HMAC_SHA1_80", secret=SECRET, **more):
    suite = SUITES[name]
    return MasterKey(suite, secret[: suite.key], secret[suite.key : suite.key + suite.salt], **more)


def sender(name="AES_CM_128_HMAC_SHA1_80", secret=SECRET):
    suite = SUITES[name]
    return pylibsrtp.Session(
        pylibsrtp.Policy(
            key=secret[: suite.key + suite.salt],
            ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND,
            srtp_profile=PROFILES[name],
        )
    )


def rtp(number, *, extension=False, size=160):
    head = struct.pack(
        ">BBHII", 0x90 if extension else 0x80, 8, number & 0xFFFF, 160 * number & 0xFFFFFFFF, 77
    )
    return (
        head + (b"\xbe\xde\0\1abcd" if extension else b"") + bytes((number + at) & 255 for at in range(size))
    )


def test_session_keys_are_those_of_the_published_vectors():
    found = Context(
        MasterKey(
            SUITES["AES_CM_128_HMAC_SHA1_80"],
            bytes.fromhex("E1F97A0D3E018BE0D64FA32C06DE4139"),
            bytes.fromhex("0EC675AD498AFEEBB6960B3AABE6"),
        )
    )
    assert [key.hex() for key in found.rtp_keys] == [
        "c61e7a93744f39ee10734afe3ff7a087",
        "cebe321f6ff7716b6fd4ab49af256a156d38baa4",
        "30cbbc08863d8c85d49db34a9ae1",
    ]


def test_session_keys_of_256_bits_are_those_of_the_published_vectors():
    found = Context(
        MasterKey(
            SUITES["AES_256_CM_HMAC_SHA1_80"],
            bytes.fromhex("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6"),
            bytes.fromhex("3b04803de51ee7c96423ab5b78d2"),
        )
    )
    assert [key.hex() for key in found.rtp_keys] == [
        "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
        "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05",
        "fa31791685ca444a9e07c6c64e93",
    ]


@pytest.mark.parametrize("name", PROFILES)
def test_what_libsrtp_encrypts_is_read_over_the_wrap_of_its_numbers(name):
    tx, rx = sender(name), Context(master(name))
    for number in range(65_400, 65_700):
        clear = rtp(number, extension=number % 3 == 0)
        assert rx.rtp(tx.protect(clear)) == clear
    report = struct.pack(">BBHI", 0x81, 201, 7, 77) + bytes(24)
    assert rx.rtcp(tx.protect_rtcp(report)) == report


@pytest.mark.parametrize("name", PROFILES)
def test_one_changed_bit_is_no_longer_genuine(name):
    tx, rx = sender(name), Context(master(name))
    for at in (1, 9, 40, -1):
        bad = bytearray(tx.protect(rtp(5000 + at)))
        bad[at] ^= 1
        assert rx.rtp(bytes(bad)) is None
    bad = bytearray(tx.protect_rtcp(struct.pack(">BBHI", 0x81, 201, 7, 77) + bytes(24)))
    bad[20] ^= 1
    assert rx.rtcp(bytes(bad)) is None


def test_a_call_joined_after_many_wraps_is_read():
    tx, rx = sender(), Context(master())
    step = 20_000
    for number in range(0, 5 * 65_536, step):
        tx.protect(rtp(number))
    clear = rtp(5 * 65_536 + 10)
    assert rx.rtp(tx.protect(clear)) == clear


def test_reordering_around_a_wrap_and_repetition_change_nothing():
    tx, rx = sender(), Context(master())
    clear = [rtp(number) for number in range(65_530, 65_542)]
    secret = [tx.protect(one) for one in clear]
    order = [0, 1, 2, 7, 3, 5, 4, 4, 6, 11, 8, 9, 10, 0]
    assert [rx.rtp(secret[index]) for index in order] == [clear[index] for index in order]


def test_a_key_identifier_between_payload_and_tag_is_passed_over():
    (key,) = master_keys(
        f"1 AES_CM_128_HMAC_SHA1_80 inline:{base64.b64encode(SECRET[:30]).decode()}|2^20|1:4"
    )
    assert key.mki_bytes == 4
    protected = sender().protect(rtp(7))
    assert Context(key).rtp(protected[:-10] + b"\0\0\0\1" + protected[-10:]) == rtp(7)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "1 AES_CM_128_HMAC_SHA1_80",
        "1 F8_128_HMAC_SHA1_80 inline:aSBrbm93IGFsbCB5b3VyIGxpdHRsZSBzZWNyZXRz",
        "1 AES_CM_128_HMAC_SHA1_80 inline:tooshort",
        "1 AES_CM_128_HMAC_SHA1_80 inline:%%%%",
        "1 AES_CM_128_HMAC_SHA1_80 uri:aSBrbm93IGFsbCB5b3VyIGxpdHRsZSBzZWNyZXRz",
        "1 AES_CM_128_HMAC_SHA1_80 inline:aSBrbm93IGFsbCB5b3VyIGxpdHRsZSBzZWNyZXRz UNAUTHENTICATED_SRTP",
        "1 AES_256_CM_HMAC_SHA1_80 inline:aSBrbm93IGFsbCB5b3VyIGxpdHRsZSBzZWNyZXRz",
    ],
)
def test_a_line_that_cannot_be_used_gives_no_key(line):
    assert master_keys(line) == []


def test_a_line_may_hold_several_keys():
    text = base64.b64encode(SECRET[:30]).decode()
    assert len(master_keys(f"2 aes_cm_128_hmac_sha1_32 inline:{text}|2^31;inline:{text}|2^31")) == 2


@given(st.binary(max_size=300), st.sampled_from(sorted(SUITES)))
def test_rubbish_is_refused_and_never_an_error(content, name):
    context = Context(master(name, SECRET + bytes(8)))
    assert context.rtp(content) is None
    assert context.rtcp(content) is None


def _capture(path, packets):
    path.write_bytes(
        pcap([packet(10**18 + at * 20_000_000, *ends, data) for at, (ends, data) in enumerate(packets)])
    )
    return path


def test_a_file_is_read_with_both_sides_in_clear_and_stays_as_it_is(tmp_path):
    there, back = (CALLER, CALLEE), (CALLEE, CALLER)
    one, two = sender(), sender(secret=SECRET[::-1])
    packets = []
    for number in range(50):
        packets += [(there, one.protect(rtp(number))), (back, two.protect(rtp(900 + number)))]
    packets.append((there, rtp(60)))  # in clear among encrypted ones: nobody vouches for it
    path = _capture(tmp_path / "media.pcap", packets)
    before = path.read_bytes()
    found = decrypt(path, [master(), master(secret=SECRET[::-1])])
    assert (found.authentic, found.failed) == (100, 1)
    assert [stream.packets for stream in found.media.streams] == [50, 50]
    assert bytes(found.media.streams[0].payload) == b"".join(rtp(number)[12:] for number in range(50))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["media.pcap"]


EXTENSIONS = {
    "none": [],
    "destination": [(60, b"\0\0\1\4\0\0\0\0")],
    "hop-by-hop, routing": [(0, b"\0" * 8), (43, b"\0\2" + bytes(22))],
    "authentication": [(51, b"\0\4" + bytes(22))],
    "fragment that is whole": [(44, bytes(8))],
}


def packet_of_version_six(at_ns, extensions, data, kind=17):
    """One pcap record: raw IPv6 with these (kind, content) before UDP."""
    body = struct.pack(">HHHH", CALLER[1], CALLEE[1], 8 + len(data), 0) + data
    for own, content in reversed(extensions):
        body, kind = bytes([kind]) + content[1:] + body, own
    whole = struct.pack(">IHBB", 6 << 28, len(body), kind, 64) + bytes(15) + b"\1" + bytes(15) + b"\2" + body
    return struct.pack("<IIII", at_ns // 10**9, at_ns % 10**9, len(whole), len(whole)) + whole


@pytest.mark.parametrize("extensions", EXTENSIONS.values(), ids=EXTENSIONS)
def test_audio_behind_extension_headers_of_version_six_is_opened(tmp_path, extensions):
    tx, path = sender(), tmp_path / "media.pcap"
    path.write_bytes(
        pcap(
            packet_of_version_six(10**18 + number * 20_000_000, extensions, tx.protect(rtp(number)))
            for number in range(20)
        )
    )
    found = decrypt(path, [master()])
    assert (found.authentic, found.failed) == (20, 0)
    (stream,) = found.media.streams
    assert bytes(stream.payload) == b"".join(rtp(number)[12:] for number in range(20))


@pytest.mark.parametrize(
    "extensions",
    [
        [(60, b"\0\xff" + bytes(6))],
        [(60, bytes(8))] * 40,
        [(44, b"\0\0\0\1" + bytes(4))],
        [(51, b"\0\xff" + bytes(6))],
        [(59, bytes(8))],
    ],
)
def test_headers_that_lead_nowhere_are_passed_over(tmp_path, extensions):
    path = tmp_path / "media.pcap"
    path.write_bytes(pcap([packet_of_version_six(10**18, extensions, sender().protect(rtp(1)))]))
    assert decrypt(path, [master()])[1:3] == (0, 0)


def test_without_the_right_key_nothing_is_left_and_everything_is_counted(tmp_path):
    tx = sender()
    path = _capture(
        tmp_path / "x.pcap", [((CALLER, CALLEE), tx.protect(rtp(number))) for number in range(400)]
    )
    found = decrypt(path, [master(secret=SECRET[::-1])])
    assert (found.authentic, found.failed, found.media.streams) == (0, 400, [])
    assert [stream.packets for stream in found.unopened] == [400]


def test_a_new_key_in_the_middle_is_found(tmp_path):
    first, second = sender(), sender(secret=SECRET[::-1])
    packets = [
        ((CALLER, CALLEE), (first if number < 30 else second).protect(rtp(number))) for number in range(60)
    ]
    found = decrypt(_capture(tmp_path / "x.pcap", packets), [master(), master(secret=SECRET[::-1])])
    assert (found.authentic, found.failed) == (60, 0)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus")
def test_the_marseillaise_is_genuine_to_the_last_packet(tmp_path):
    raw = sorted_capture(next(CORPUS.rglob("marseillaise-srtp.pcap")))
    kept, at = [], 24
    while at < len(raw):
        seconds, fraction, size, _ = struct.unpack_from("<IIII", raw, at)
        at += 16 + size
        kept.append(struct.pack("<IIII", seconds, fraction, size - 14, size - 14) + raw[at - size + 14 : at])
    path = tmp_path / "m.pcap"
    path.write_bytes(pcap(kept))
    keys = master_keys("1 AES_CM_128_HMAC_SHA1_80 inline:aSBrbm93IGFsbCB5b3VyIGxpdHRsZSBzZWNyZXRz")
    found = decrypt(path, keys)
    assert (found.authentic, found.failed) == (11_888, 0)
    assert [(stream.packets, stream.lost) for stream in found.media.streams] == [(11_888, 0)]


def line(name="AES_CM_128_HMAC_SHA1_80", secret=SECRET):
    suite = SUITES[name]
    return f"1 {name} inline:{base64.b64encode(secret[: suite.key + suite.salt]).decode()}"


OTHER = bytes(range(101, 145))


def test_a_live_call_is_opened_by_the_keys_of_both_sides():
    live = LiveSrtp({Side.CALLER: [line()], Side.CALLEE: [line(secret=OTHER)]})
    caller, callee = sender(), sender(secret=OTHER)
    for number in range(5):
        assert live.rtp(Side.CALLER, caller.protect(rtp(number))) == rtp(number)
        assert live.rtp(Side.CALLEE, callee.protect(rtp(number))) == rtp(number)
    assert live.misses == 0


def test_a_call_that_is_listened_to_late_is_opened_after_its_numbers_wrapped():
    live, caller = LiveSrtp({Side.CALLER: [line()]}), sender()
    packets = [caller.protect(rtp(number)) for number in range(65_000, 66_000)]
    assert live.rtp(Side.CALLER, packets[-1]) == rtp(65_999)


def test_what_no_key_opens_is_not_heard_and_asks_for_new_keys():
    decoder, stranger = LiveDecoder([], {Side.CALLER: [line()]}), sender(secret=OTHER)
    for number in range(100):
        assert not decoder.is_locked_out
        decoder.feed(0, stranger.protect(rtp(number)), number / 50)
    assert decoder.is_locked_out
    assert not any(decoder.take(3.0))
    decoder.learn([], {Side.CALLER: [line(secret=OTHER)]})
    assert not decoder.is_locked_out
    heard = b""
    for number in range(100, 150):
        decoder.feed(0, stranger.protect(rtp(number)), 3 + number / 50)
        heard += decoder.take(3 + number / 50)
    assert any(heard)
