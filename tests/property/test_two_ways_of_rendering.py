"""Unharmed calls are rendered by the engine, all others packet by packet in Python: both make the very same recording.

Each call here is made by its senders, put through a network that may lose, repeat, delay and reorder, and written as a
bundle's media file. The general way is always asked; where the quick one takes the call, files, peaks and every figure
of the ledger must agree.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.archive import production
from appliance.archive.production import AUDIO_FILE, PEAKS_FILE, Job, Production, produce
from appliance.core.files import MEDIA_FILE
from appliance.domain.bundle import Manifest
from appliance.domain.call import Side
from appliance.domain.control import Heard
from appliance.domain.ledger import Mark
from appliance.media import plain
from appliance.media.packets import open_recorded
from appliance.settings.archive import Archive, LossFill
from tests.rigs.rtp_streams import CALLEE, CALLER, MS, PORTS, START_NS, S, at, manifest, payload, stream, talk


class Voice(NamedTuple):
    """One sender and what the network does to it. Units: seconds, parts in a million, milliseconds."""

    side: Side
    start_s: float
    packets: int
    ticks: int
    payload_type: int
    ppm: float
    jitter_ms: int
    harm: str
    ssrc: int
    wraps: bool


def voices(most: int) -> st.SearchStrategy[list[Voice]]:
    one = st.builds(
        Voice,
        side=st.sampled_from([CALLER, CALLEE]),
        start_s=st.floats(-3, 6),
        packets=st.integers(1, most),
        ticks=st.sampled_from([160, 160, 80, 240, 161]),
        payload_type=st.sampled_from([8, 8, 0]),
        ppm=st.sampled_from([0, 0, 40, -150, 3000]),
        jitter_ms=st.sampled_from([0, 1, 15, 70, 130]),
        harm=st.sampled_from(
            ["", "", "", "lost", "twice", "swapped", "late", "clock", "restart", "silence", "short"]
        ),
        ssrc=st.integers(1, 2**32 - 1),
        wraps=st.booleans(),
    )
    return st.lists(one, min_size=1, max_size=4, unique_by=lambda voice: voice.ssrc)


def sent(voice: Voice, seed: int) -> list:
    random = np.random.default_rng(seed)
    codes = [random.integers(0, 256, voice.ticks, np.uint8).tobytes() for _ in range(voice.packets)]
    if voice.harm == "silence":
        codes = [b"\xd5" * voice.ticks if index % 3 else code for index, code in enumerate(codes)]
    packets = talk(
        codes,
        voice.payload_type,
        start_s=voice.start_s,
        ticks=voice.ticks,
        ppm=voice.ppm,
        seq=65_500 if voice.wraps else 100,
        timestamp=2**32 - 4000 if voice.wraps else 50_000,
        delays_ns=random.integers(0, voice.jitter_ms * MS + 1, voice.packets),
    )
    middle = voice.packets // 2
    if voice.harm == "lost" and voice.packets > 3:
        del packets[middle]
    elif voice.harm == "twice":
        packets.append(packets[middle]._replace(arrival_ns=packets[middle].arrival_ns + 90 * MS))
    elif voice.harm == "swapped" and voice.packets > 3:
        a, b = packets[middle - 1], packets[middle]
        packets[middle - 1 : middle + 1] = [a._replace(arrival_ns=b.arrival_ns + MS), b]
    elif voice.harm == "late":
        packets[middle:] = [one._replace(arrival_ns=one.arrival_ns + 95 * MS) for one in packets[middle:]]
    elif voice.harm == "clock":
        packets[middle:] = [one._replace(timestamp=one.timestamp + 777) for one in packets[middle:]]
    elif voice.harm == "restart":
        packets[middle:] = [one._replace(seq=one.seq + 20_000) for one in packets[middle:]]
    elif voice.harm == "short":
        packets[middle] = packets[middle]._replace(payload=packets[middle].payload[: voice.ticks // 2])
    return packets


class Told(NamedTuple):
    """What one side's receiver reports of the other's stream. Units: seconds, packets, `highest` as on the wire."""

    side: Side
    at_s: float
    lost: int
    highest: int
    about: int


def told_by(most: int) -> st.SearchStrategy[list[Told]]:
    one = st.builds(
        Told,
        side=st.sampled_from([CALLER, CALLEE]),
        at_s=st.floats(0, 9),
        lost=st.sampled_from([0, 0, 0, 1, 7, -1]),
        highest=st.integers(0, 500) | st.sampled_from([65_530, 65_600, 70_000]),
        about=st.integers(0, 3),
    )
    return st.lists(one, max_size=most)


def report_of(told: Told, ssrcs: list[int], sent_before: int) -> bytes:
    """A sender report with one block. Source: RFC 3550 §6.4.1."""
    about = ssrcs[told.about % len(ssrcs)]
    ntp = (1000 + sent_before) << 32
    block = struct.pack(
        ">IBxHIIII", about, 0, 0, told.highest, 33, (1000 + sent_before - 1) & 0xFFFFFFFF, 6554
    )
    block = block[:4] + (told.lost & 0xFFFFFF).to_bytes(4) + block[8:]
    report = struct.pack(">BBHIQIII", 0x81, 200, 12, ssrcs[0], ntp, 0, 1, 160) + block
    return report[:44] + (((ntp >> 16) - (1 << 16)) & 0xFFFFFFFF).to_bytes(4) + report[48:]


def file_of(voices_sent: list[tuple[Voice, list]], path: Path, reports: Sequence[Told] = ()) -> None:
    """A bundle's media file, in order of arrival. Source: draft-ietf-opsawg-pcap, RFC 791, RFC 768, RFC 3550 §5.1."""
    records = []
    ssrcs = [voice.ssrc for voice, _ in voices_sent]
    for number, told in enumerate(sorted(reports, key=lambda one: one.at_s)):
        (host, port), (to, to_port) = (end.split(":") for end in PORTS[told.side])
        ports = (int(port) + 1, int(to_port) + 1)
        records.append(
            (
                START_NS + int(told.at_s * S),
                datagram((host, to), ports, report_of(told, ssrcs, number)),
            )
        )
    for voice, packets in voices_sent:
        (host, port), (to, to_port) = (end.split(":") for end in PORTS[voice.side])
        for one in packets:
            rtp = struct.pack(
                ">BBHII", 0x80, one.payload_type, one.seq & 0xFFFF, one.timestamp & 0xFFFFFFFF, voice.ssrc
            )
            rtp += one.payload
            records.append((one.arrival_ns, datagram((host, to), (int(port), int(to_port)), rtp)))
    records.sort(key=lambda record: record[0])
    with path.open("wb") as file:
        file.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 65575, 101))
        for at_ns, ip in records:
            file.write(struct.pack("<IIII", at_ns // S, at_ns % S, len(ip), len(ip)) + ip)


def datagram(hosts: tuple[str, str], ports: tuple[int, int], data: bytes) -> bytes:
    """Source: RFC 791, RFC 768."""
    udp = struct.pack(">HHHH", *ports, 8 + len(data), 0) + data
    addresses = bytes(map(int, ".".join(hosts).split(".")))
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + addresses + udp


class Made(NamedTuple):
    production: Production
    audio: bytes
    peaks: bytes


def made(folder: Path, told: Manifest, wanted: Archive) -> Made:
    for name in (AUDIO_FILE, PEAKS_FILE):
        (folder / name).unlink(missing_ok=True)
    found = produce(Job(folder=str(folder), manifest=told, settings=wanted))
    contents = [
        (folder / name).read_bytes() if (folder / name).exists() else b"" for name in (AUDIO_FILE, PEAKS_FILE)
    ]
    return Made(found, *contents)


def both(
    folder: Path,
    voices_sent: list[tuple[Voice, list]],
    told: Manifest,
    wanted: Archive,
    reports: Sequence[Told] = (),
) -> bool:
    """Whether the quick way took the call; fails when the two ways differ."""
    file_of(voices_sent, folder / MEDIA_FILE, reports)
    took = []

    def watched(*given):
        took.append(plain.render_plain(*given))
        return took[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(production, "render_plain", watched)
        quick = made(folder, told, wanted)
        patch.setattr(production, "render_plain", lambda *_: None)
        general = made(folder, told, wanted)
    assert quick.production == general.production
    assert quick.audio == general.audio
    assert quick.peaks == general.peaks
    return took[-1] is not None


def told_of(voices_sent: list[tuple[Voice, list]], talk_s: tuple[float, float], **facts) -> Manifest:
    streams = [(voice.side, stream(packets, voice.side, voice.ssrc)) for voice, packets in voices_sent]
    formats = [payload(side, number, name) for side in Side for number, name in ((8, "PCMA"), (0, "PCMU"))]
    return manifest(streams, talk_s=talk_s, payloads=formats, **facts)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_make_the_same_recording(tmp_path: Path, data: st.DataObject) -> None:
    chosen = data.draw(voices(400))
    voices_sent = [(voice, sent(voice, index)) for index, voice in enumerate(chosen)]
    told = told_of(
        voices_sent,
        (data.draw(st.floats(0, 2)), data.draw(st.floats(2.1, 12))),
        marks=data.draw(st.sampled_from([[], [Mark.JOINED_LATE], [Mark.CAPTURE_LOSS]])),
    )
    both(
        tmp_path,
        voices_sent,
        told,
        Archive(
            early_media=data.draw(st.booleans()),
            loss_fill=data.draw(st.sampled_from(list(LossFill))),
            min_length_s=data.draw(st.sampled_from([0.0, 0.0, 3.0])),
        ),
        data.draw(told_by(6)),
    )


@pytest.mark.parametrize("lost", [0, 3])
def test_a_plain_call_whose_ends_report_goes_the_quick_way(tmp_path: Path, lost: int) -> None:
    voices_sent = [
        (voice, sent(voice, index))
        for index, voice in enumerate(
            [
                Voice(CALLER, 0.1, 400, 160, 8, 0, 5, "", 7, wraps=True),
                Voice(CALLEE, 0.0, 410, 160, 0, 0, 5, "swapped", 8, wraps=False),
            ]
        )
    ]
    reports = [
        Told(side, 2.0 * number, lost, highest, about)
        for number in range(1, 4)
        for side, highest, about in (
            (CALLEE, 65_500 + 90 * number & 0xFFFF, 0),
            (CALLER, 100 + 95 * number, 1),
        )
    ]
    file_of(voices_sent, tmp_path / MEDIA_FILE, reports)
    media = open_recorded(tmp_path / MEDIA_FILE).bundle_media()
    assert len(media.received_reports) == 6
    assert [one.lost for one in media.received_reports] == [lost] * 6
    assert both(tmp_path, voices_sent, told_of(voices_sent, (0.0, 8.0)), Archive(), reports)
    made_of = produce(
        Job(folder=str(tmp_path), manifest=told_of(voices_sent, (0.0, 8.0)), settings=Archive())
    )
    far_ends = [track.quality.far_end for track in made_of.tracks]
    assert [(one.reports, one.lost) for one in far_ends] == [(3, lost)] * 2


@pytest.mark.parametrize("ppm", [0, 30, 200, -200])
@pytest.mark.parametrize("seconds", [25, 70, 700])
def test_both_ways_agree_on_long_calls_whose_senders_drift(tmp_path: Path, seconds: int, ppm: float) -> None:
    voices_sent = [
        (voice, sent(voice, index))
        for index, voice in enumerate(
            Voice(side, 0.1, seconds * 50, 160, 8, ppm, 3, "", 7 + index, wraps=False)
            for index, side in enumerate(Side)
        )
    ]
    told = told_of(voices_sent, (0.0, seconds + 1.0))
    took = both(tmp_path, voices_sent, told, Archive())
    assert took == (abs(ppm) * seconds < 7000)


def test_the_plainest_call_goes_the_quick_way(tmp_path: Path) -> None:
    voices_sent = [
        (voice, sent(voice, index))
        for index, voice in enumerate(
            [
                Voice(CALLER, 0.1, 200, 160, 8, 0, 5, "", 7, wraps=True),
                Voice(CALLEE, 0.0, 210, 160, 0, 0, 5, "", 8, wraps=False),
            ]
        )
    ]
    assert both(tmp_path, voices_sent, told_of(voices_sent, (0.0, 4.0)), Archive())


@pytest.mark.parametrize("harm", ["lost", "clock", "restart", "short"])
def test_a_harmed_stream_is_not_taken_for_plain(tmp_path: Path, harm: str) -> None:
    voice = Voice(CALLER, 0.0, 200, 160, 8, 0, 0, harm, 7, wraps=False)
    file_of([(voice, sent(voice, 1))], tmp_path / MEDIA_FILE)
    assert open_recorded(tmp_path / MEDIA_FILE).outline is None


def test_what_may_be_heard_only_in_part_is_cut_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = Voice(CALLER, 0.0, 400, 160, 8, 0, 5, "", 7, wraps=False)
    voices_sent = [(voice, sent(voice, 1))]
    told = told_of(voices_sent, (0.0, 8.0))
    monkeypatch.setattr(Manifest, "heard", Heard(at(2.01), at(5.005), ()))
    assert both(tmp_path, voices_sent, told, Archive())


def test_the_first_moment_of_a_stream_is_told_to_the_nanosecond(tmp_path: Path) -> None:
    voice = Voice(CALLER, 0.0, 100, 160, 8, 0, 0, "", 7, wraps=False)
    file_of([(voice, sent(voice, 1))], tmp_path / MEDIA_FILE)
    outline = open_recorded(tmp_path / MEDIA_FILE).outline
    assert outline is not None
    assert outline.streams[0].plain.base_ns == START_NS
    assert outline.streams[0].plain.ticks == 16_000
