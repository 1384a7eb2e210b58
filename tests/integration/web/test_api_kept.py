import struct
from datetime import timedelta

import pytest

from appliance.core.clock import to_ns
from appliance.core.files import MEDIA_FILE
from tests.rigs.records import NOON

INVITE = (
    b"INVITE sip:1001@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\n"
    b"To: <sip:1001@x>\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
)
OK = INVITE.replace(b"INVITE sip:1001@10.0.0.2 SIP/2.0", b"SIP/2.0 200 OK")


def packet(source, destination, payload):
    """One UDP datagram from and to port 5060 (RFC 791, RFC 768), checksums left out."""
    udp = struct.pack(">HHHH", 5060, 5060, 8 + len(payload), 0) + payload
    addresses = bytes(map(int, source.split("."))) + bytes(map(int, destination.split(".")))
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) + addresses + udp


def capture(packets):
    """A nanosecond capture of raw IP: [(at, packet)]."""
    found = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101)
    for at, content in packets:
        seconds, rest_ns = divmod(to_ns(at), 1_000_000_000)
        found += struct.pack("<IIII", seconds, rest_ns, len(content), len(content)) + content
    return found


@pytest.fixture
def kept(box):
    """The packets of the recorded call, as the archiver keeps them; the answer stands before the INVITE."""
    folder = box.web.layout.spool_kept / box.recorded
    folder.mkdir()
    media = capture(
        [
            (NOON + timedelta(seconds=2), packet("10.0.0.2", "10.0.0.1", OK)),
            (NOON, packet("10.0.0.1", "10.0.0.2", INVITE)),
        ]
    )
    (folder / MEDIA_FILE).write_bytes(media)
    yield folder
    (folder / MEDIA_FILE).unlink()
    folder.rmdir()


def test_the_ladder_has_the_texts_while_the_packets_are_kept(box, kept):
    steps = box.viewer.get(f"calls/{box.recorded}/ladder").json["messages"]
    assert [step["raw"].encode() for step in steps] == [INVITE, OK]
    assert box.viewer.get(f"calls/{box.recorded}").json["bundle_available"] is True


def test_the_packets_are_downloaded_in_order_of_time(box, kept):
    reply = box.viewer.get(f"calls/{box.recorded}/pcap")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/vnd.tcpdump.pcap"
    assert f'filename="{box.recorded}.pcap"' in reply.headers["Content-Disposition"]
    assert reply.body.index(INVITE) < reply.body.index(OK)
    assert len(reply.body) == (kept / MEDIA_FILE).stat().st_size


def test_damaged_packets_are_refused_and_the_ladder_does_without(box, kept):
    (kept / MEDIA_FILE).write_bytes(b"not a capture at all")
    reply = box.viewer.get(f"calls/{box.recorded}/pcap")
    assert (reply.status, reply.code) == (422, "bad-bundle")
    assert str(kept) not in reply.json["error"]["message"]
    steps = box.viewer.get(f"calls/{box.recorded}/ladder").json["messages"]
    assert [step["raw"] for step in steps] == [None, None]
