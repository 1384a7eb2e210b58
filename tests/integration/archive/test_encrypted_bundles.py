"""A call encrypted with keys that stood in its signalling becomes a recording; one without keys stays unread."""

import base64
import hashlib

import msgspec
import pylibsrtp
import pytest

from appliance.archive.pipeline import Archiver
from appliance.core.clock import ManualClock, to_ns
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import KEPT_FOR_GOOD
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from appliance.settings import storage
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.bundles import CALLEE, CALLER, make_manifest, packet, payload_of, pcap, rtp
from tests.rigs.records import NOON

KEYS = {Side.CALLER: bytes(range(30)), Side.CALLEE: bytes(range(100, 130))}
ENDS = {Side.CALLER: (CALLER, CALLEE), Side.CALLEE: (CALLEE, CALLER)}


def sip(side, *, key, reply):
    """An INVITE or its answer, with one a=crypto line."""
    address, port = ENDS[side][0]
    line = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{base64.b64encode(key).decode()}\r\n" if key else ""
    body = (
        f"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/SAVP 8\r\n{line}"
        + ("" if key else "a=fingerprint:sha-256 00:11\r\n")
    )
    start = "SIP/2.0 200 OK" if reply else "INVITE sip:200@pbx.invalid SIP/2.0"
    return (
        f"{start}\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa\r\nFrom: <sip:100@pbx.invalid>;tag=a\r\n"
        f"To: <sip:200@pbx.invalid>;tag=b\r\nCall-ID: one\r\nCSeq: 1 INVITE\r\n"
        f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def sender(key):
    return pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND))


def encrypted(layout, keys, *, offered=None, reason=Reason.ENCRYPTED, changed_at=100):
    """A ready bundle whose audio is SRTP under `keys`; `offered` are those that stand in the signalling.

    `changed_at`: the number of the packet from which on other keys are used, which nobody saw.
    """
    offered = keys if offered is None else offered
    manifest = make_manifest(talk_s=2.0, reason=reason)
    start_ns = to_ns(manifest.call.answered_at)
    signalling = [((CALLER[0], 5060), (CALLEE[0], 5060)), ((CALLEE[0], 5060), (CALLER[0], 5060))]
    records = [
        packet(start_ns - 10**9 + index, *ends, sip(side, key=offered.get(side), reply=index == 1))
        for index, (side, ends) in enumerate(zip(Side, signalling, strict=True))
    ]
    sessions = {side: (sender(key), sender(key[::-1])) for side, key in keys.items()}
    for number in range(100):
        for side, session in sessions.items():
            secret = session[number >= changed_at].protect(rtp(side, number, 8, payload_of(side, number)))
            records.append(packet(start_ns + number * 20_000_000, *ENDS[side], secret))
    folder = layout.spool_ready / manifest.call.call_id
    folder.mkdir()
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    (folder / MEDIA_FILE).write_bytes(pcap(records))
    return manifest.call.call_id


@pytest.fixture
def database(layout):
    made = open_database(layout, busy_timeout_s=0.1)
    yield made
    made.close()


@pytest.fixture
def archiver(layout, database):
    settings = storage.validate({"archive": {"keep_bundle_h": 1}})
    made = Archiver(layout, settings, database, clock=ManualClock(NOON))
    yield made
    made.close()


def clear_sha256(side):
    return hashlib.sha256(b"".join(payload_of(side, number) for number in range(100))).hexdigest()


@pytest.mark.parametrize("reason", [Reason.ENCRYPTED, None])
def test_a_call_whose_keys_were_seen_is_recorded_to_the_bit(layout, database, archiver, reason):
    call_id = encrypted(layout, KEYS, reason=reason)
    record = archiver.process(call_id)
    assert record.reason is record.manifest.reason is None
    assert Mark.DECRYPTED in record.marks
    assert record.recording is not None
    assert record.recording.length_s == pytest.approx(2.0)
    assert {track.side: track.payload_sha256 for track in record.tracks} == {
        side: clear_sha256(side) for side in Side
    }
    assert (record.decryption.keys, record.decryption.authentic, record.decryption.failed) == (2, 200, 0)
    row = calls.row(database, call_id, scope=EVERYTHING)
    assert Mark.DECRYPTED in row.marks
    kept = (layout.spool_kept / call_id / MEDIA_FILE).read_bytes()
    assert payload_of(Side.CALLER, 5) not in kept, "the packets stay encrypted on disk"


def test_a_call_without_keys_stays_unread_and_says_so(layout, archiver):
    record = archiver.process(encrypted(layout, KEYS, offered={}))
    assert record.reason is Reason.ENCRYPTED
    assert (record.recording, record.decryption) == (None, None)
    assert [track.packets for track in record.tracks] == [100, 100]


def test_keys_that_open_nothing_are_counted(layout, archiver):
    record = archiver.process(encrypted(layout, KEYS, offered={side: bytes(30) for side in Side}))
    assert record.reason is Reason.ENCRYPTED
    assert (record.decryption.authentic, record.decryption.failed) == (0, 200)
    assert Mark.DECRYPTED not in record.marks


def test_the_side_without_a_key_is_left_out_as_it_would_be_noise(layout, archiver):
    record = archiver.process(encrypted(layout, KEYS, offered={Side.CALLER: KEYS[Side.CALLER]}))
    assert record.recording is not None
    assert {Mark.ONE_WAY, Mark.PART_UNDECODED} <= set(record.marks)
    assert [(track.side, track.packets, track.decoded) for track in record.tracks] == [
        (Side.CALLER, 100, True),
        (Side.CALLEE, 100, False),
    ]
    assert record.decryption.failed == 100


def test_what_came_under_a_key_that_nobody_saw_is_told_and_its_packets_are_kept_for_good(
    layout, database, archiver
):
    call_id = encrypted(layout, KEYS, changed_at=40)
    record = archiver.process(call_id)
    assert {Mark.DECRYPTED, Mark.PART_UNDECODED} <= set(record.marks)
    assert record.bundle_kept_until == KEPT_FOR_GOOD
    assert [(track.side, track.codec, track.packets, track.decoded) for track in record.tracks] == [
        (Side.CALLER, "PCMA", 40, True),
        (Side.CALLEE, "PCMA", 40, True),
        (Side.CALLER, "PCMA", 60, False),
        (Side.CALLEE, "PCMA", 60, False),
    ]
    row = calls.row(database, call_id, scope=EVERYTHING)
    assert (row.packets, row.lost) == (200, 0)


def test_a_few_packets_that_no_key_opens_are_stray_ones(layout, archiver):
    record = archiver.process(encrypted(layout, KEYS, changed_at=75))
    assert record.decryption.failed == 50
    assert Mark.PART_UNDECODED not in record.marks
    assert [track.packets for track in record.tracks] == [75, 75]
