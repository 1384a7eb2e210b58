"""Raw streams of a trunk, from the octets of its timeslots to files."""

import msgspec
import numpy as np
import pytest

from appliance.boards.signalling import pcapng
from appliance.boards.streams import Streams
from appliance.settings import trunks
from drivers.boards.board import Channel, Description, Frame, Kind, Reading, Span
from tests.rigs import signalling as wire

SECOND = wire.SECOND
BLOCK = 800
FRAMES = [bytes([index]) * (index % 40 + 5) for index in range(60)] + [b"\x7e\x7d\xff" * 10, bytes(200)]


def board(kind=Kind.CLEAR):
    """One span with all its timeslots but 0."""
    channels = tuple(Channel(kind, span=1, timeslot=slot) for slot in range(1, 32))
    return Description("test", channels, (Span(1),))


def streams(folder, stream, *timeslots):
    trunk = {"name": "T", "lines": [{}], "raw": [{"stream": stream, "timeslots": list(timeslots)}]}
    return Streams(folder, msgspec.convert(trunk, trunks.Trunk))


def play(raw, description, rows, *, port=0, frames=()):
    """`rows`: timeslot -> its octets, played in blocks of a tenth of a second."""
    length = max((len(row) for row in rows.values()), default=BLOCK)
    audio = np.full((31, length + -length % BLOCK), 0x7E, np.uint8)
    for timeslot, row in rows.items():
        audio[timeslot - 1, : len(row)] = np.frombuffer(row, np.uint8)
    for index in range(0, audio.shape[1], BLOCK):
        at_ns = wire.START + index * 125_000
        raw.take(description, {1: (0, port)}, Reading(at_ns, audio[:, index : index + BLOCK], frames=frames))
    raw.close()
    return audio


def written(folder):
    return {
        path.parent.name: [octets for _, _, octets in pcapng.read(path)] for path in folder.rglob("*.pcapng")
    }


@pytest.mark.parametrize("port", [0, 1])
def test_frames_of_timeslots_are_found_and_written(tmp_path, port):
    raw = streams(tmp_path, "hdlc", 3, 16)
    play(raw, board(), {3: wire.hdlc_octets(FRAMES[:20]), 16: wire.hdlc_octets(FRAMES[20:])}, port=port)
    assert written(tmp_path) == {
        f"port-{port}-timeslot-03": FRAMES[:20],
        f"port-{port}-timeslot-16": FRAMES[20:],
    }


def test_frames_that_a_card_found_are_taken_as_they_are(tmp_path):
    raw = streams(tmp_path, "ss7_64k", 16)
    unit = wire.signal_unit(b"\x85abcdef")
    heard = tuple(
        Frame(1, slot, wire.START, octets) for slot, octets in ((16, unit), (16, wire.FILL_IN), (17, unit))
    )
    play(raw, board(Kind.DCHANNEL), {}, frames=heard)
    assert written(tmp_path) == {"port-0-timeslot-16": [unit]}


def test_a_link_of_two_megabit_is_read_over_all_its_timeslots(tmp_path):
    slots = [slot for slot in range(1, 32) if slot != 16]
    units = [wire.long_signal_unit(bytes([index]) * 270, forward=index) for index in range(200)]
    line = wire.hdlc_octets([wire.long_signal_unit(b""), *units])
    line += b"\x7e" * (-len(line) % len(slots))
    rows = {slot: line[place :: len(slots)] for place, slot in enumerate(slots)}
    play(streams(tmp_path, "ss7_2m", *reversed(slots)), board(), rows)
    assert written(tmp_path) == {"port-0-timeslot-01": units}


def test_transparent_data_are_written_octet_by_octet(tmp_path):
    data = bytes(range(256)) * 25
    audio = play(streams(tmp_path, "transparent", 5), board(), {5: data})
    (path,) = tmp_path.rglob("*.raw")
    assert path.read_bytes() == audio[4].tobytes()
    assert int(path.stem) == wire.START


def test_spans_of_other_lines_are_no_part_of_it(tmp_path):
    raw = streams(tmp_path, "transparent", 5)
    raw.take(board(), {1: (1, 0)}, Reading(wire.START, np.zeros((31, BLOCK), np.uint8)))
    raw.close()
    assert list(tmp_path.iterdir()) == []
