"""The reader's counts beside those of an independent analyser, on one file with every kind of disorder."""

import hashlib
import random
import re
import shutil
import subprocess
from collections import defaultdict

import pytest

from appliance.media.packets import read_bundle_media
from tests.rigs.capture_file import CaptureFile, rtp_packet, udp_packet

PACKETS = 3000
PORTS = (4000, 5000)
FIRST_SEQ = 65_000


def packet(direction, index):
    body = hashlib.sha256(f"{direction} {index}".encode()).digest() * 5
    return rtp_packet(FIRST_SEQ + index, 160 * index + 2**32 - 1000, body, ssrc=0xABC0 + direction)


@pytest.fixture
def disorder(tmp_path):
    """Two directions, 2 % lost, 2 % up to five places late, 1 % twice, but for the `quiet` packets."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)

    def make(quiet):
        wire = []
        for direction in range(2):
            for index in range(PACKETS):
                fate = 1.0 if index in quiet else chance.random()
                at_ms = index * 20 + direction * 3
                if fate < 0.02:
                    continue
                if fate < 0.04:
                    at_ms += chance.randint(1, 5) * 20 + 1
                wire.append((at_ms, direction, index))
                if 0.04 <= fate < 0.05:
                    wire.append((at_ms + 7, direction, index))
        wire.sort()
        file = CaptureFile()
        for at_ms, direction, index in wire:
            ends = [(f"10.0.0.{1 + side}", PORTS[side]) for side in (direction, 1 - direction)]
            file.add(at_ms, udp_packet(*ends, packet(direction, index)))
        return file.write(tmp_path / "media.pcap")

    return make


def tshark(path, *arguments):
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    decode = [word for port in PORTS for word in ("-d", f"udp.port=={port},rtp")]
    command = ["tshark", "-r", str(path), *decode, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_packets_and_loss_are_those_of_tsharks_stream_table(disorder):
    # tshark 4.0 takes the last packet of a stream for its highest, and counts a wrap twice when it is reordered.
    wrap = 65_536 - FIRST_SEQ
    path = disorder({0, *range(wrap - 10, wrap + 10), *range(PACKETS - 10, PACKETS)})
    found = {}
    for line in tshark(path, "-q", "-z", "rtp,streams").splitlines():
        # Start, end, source, port, destination, port, SSRC, payload, packets, lost (in percent)
        match = re.match(
            r"\s*[\d.]+\s+[\d.]+\s+([\d.]+)\s+(\d+)\s+[\d.]+\s+\d+\s+(0x\w+)\s+.*?(\d+)\s+(-?\d+) \(", line
        )
        if match:
            found[int(match[3], 16)] = (f"{match[1]}:{match[2]}", int(match[4]), int(match[5]))
    streams = read_bundle_media(path).streams
    # The analyser counts every packet seen, and takes each copy off its loss.
    assert found == {one.ssrc: (one.source, one.seen, one.expected - one.seen) for one in streams}
    assert len(found) == 2


def test_copies_order_and_payload_are_those_of_tsharks_packet_list(disorder):
    path = disorder({0})
    rows = defaultdict(list)
    fields = ["rtp.ssrc", "rtp.seq", "rtp.payload"]
    for line in tshark(
        path, "-T", "fields", *(word for name in fields for word in ("-e", name))
    ).splitlines():
        ssrc, seq, payload = line.split("\t")
        # Not rtp.extseq: tshark 4.0 gives a stream's first packet 65536, whatever its number.
        place = (int(seq) - FIRST_SEQ) % 65_536
        rows[int(ssrc, 16)].append((place, bytes.fromhex(payload.replace(":", ""))))
    for stream in read_bundle_media(path).streams:
        seen = rows.pop(stream.ssrc)
        distinct = dict(seen)
        order = sorted(distinct)
        newest, late, known = -1, 0, set()
        for place, _ in seen:
            late += place < newest and place not in known
            newest = max(newest, place)
            known.add(place)
        assert stream.packets == len(distinct)
        assert stream.duplicates == len(seen) - len(distinct)
        assert stream.reordered == late
        assert (stream.seq - FIRST_SEQ).tolist() == order
        content = b"".join(distinct[place] for place in order)
        assert stream.payload_sha256 == hashlib.sha256(content).hexdigest()
        assert min(stream.duplicates, stream.reordered, stream.lost) > 0
    assert not rows
