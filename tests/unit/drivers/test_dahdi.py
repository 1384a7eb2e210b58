"""Cards through DAHDI: what the kernel tells becomes readings. The kernel is doubled at its system calls, nowhere else."""

import errno
import os
import select
from itertools import pairwise

import numpy as np
import pytest

from drivers.boards.board import BoardFault, Event, Fault, Kind
from drivers.boards.dahdi import BLOCK, DahdiBoard
from drivers.boards.dahdi_kernel import System
from drivers.boards.dahdi_setup import Carries, Use, Wish
from tests.rigs.dahdi import (
    CAS,
    CLEAR,
    E1_ABLE,
    E1_FRAMING,
    EXCHANGE,
    GET_EVENT,
    GET_PARAMETERS,
    HDLC,
    LINE_ABLE,
    MTP2,
    SPAN_STATE,
    FakeKernel,
)


def sounds(number: int, at: int, count: int) -> bytes:
    """Octets of which each tells its channel and its moment."""
    return bytes((number * 37 + moment * 11 + (moment >> 8)) & 0xFF for moment in range(at, at + count))


def kernel_of(*, e1: int = 0, lines: int = 0) -> FakeKernel:
    kernel = FakeKernel(sounds)
    for _ in range(e1):
        kernel.add(31, E1_ABLE, framing_able=E1_FRAMING)
    if lines:
        kernel.add(lines, LINE_ABLE)
    return kernel


def wish(carries: Carries = Carries.ISDN, *timeslots: int, **more) -> Wish:
    """Every E1 port used in the same way."""
    return Wish(uses=dict.fromkeys(range(64), Use(carries, frozenset(timeslots or (16,)))), **more)


def run(board: DahdiBoard, count: int):
    found = []
    while len(found) < count:
        reading = board.read(1.0)
        assert reading is not None
        found.append(reading)
    return found


def heard(readings, place: int) -> bytes:
    return b"".join(reading.audio[place].tobytes() for reading in readings)


def test_every_octet_of_every_channel_comes_in_order():
    kernel = kernel_of(e1=2, lines=4)
    with DahdiBoard(wish(), kernel) as board:
        description = board.describe()
        begin = kernel.samples
        readings = run(board, 12)
    for place, channel in enumerate(description.channels):
        if channel.kind is not Kind.DCHANNEL:
            assert heard(readings, place) == sounds(place + 1, begin, 12 * BLOCK), channel
    assert all(later.at_ns - before.at_ns == 100_000_000 for before, later in pairwise(readings))
    assert not any(reading.lost for reading in readings)


def test_a_card_is_described_as_its_spans_are_used():
    kernel = kernel_of(e1=2, lines=3)
    with DahdiBoard(wish(crc4=True), kernel) as board:
        told = board.describe()
    assert told.model == "Nobody Card of tests"
    assert told.serial == "PCI Bus 01 Slot 05"
    assert [(span.number, span.framing) for span in told.spans] == [
        (1, "HDB3/CCS/CRC4"),
        (2, "HDB3/CCS/CRC4"),
    ]
    first = told.channels[:31]
    assert [one.timeslot for one in first] == list(range(1, 32))
    assert {one.kind for one in first if one.timeslot != 16} == {Kind.VOICE}
    assert first[15].kind is Kind.DCHANNEL
    assert {(one.kind, one.span, one.law) for one in told.channels[62:]} == {(Kind.ANALOG, 0, "mu")}
    assert {one.law for one in first} == {"A"}
    assert [kernel.spans[number].clock for number in (1, 2)] == [1, 2]
    assert all(span.is_started for span in kernel.spans.values())


def test_only_the_spans_of_the_board_are_touched():
    kernel = kernel_of(e1=4)
    with DahdiBoard(wish(spans=frozenset({3, 4})), kernel) as board:
        assert [span.number for span in board.describe().spans] == [3, 4]
        assert {one.number for one in kernel.channels.values() if one.owner} == set(range(63, 125))
    assert {one.signalling for one in kernel.channels.values() if one.span < 3} == {0}
    assert kernel.is_all_closed


def test_more_channels_than_the_tools_know_are_set_up_and_read():
    kernel = kernel_of(e1=40)
    with DahdiBoard(wish(Carries.NOTHING), kernel) as board:
        readings = run(board, 1)
        assert readings[0].audio.shape == (1240, BLOCK)
        assert len({heard(readings, place) for place in range(1240)}) > 200


@pytest.mark.parametrize(
    ("carries", "able", "timeslot_16", "others"),
    [
        (Carries.ISDN, E1_ABLE, HDLC, CLEAR),
        (Carries.SS7, E1_ABLE, HDLC, CLEAR),
        (Carries.SS7, E1_ABLE | 1 << 20, MTP2, CLEAR),
        (Carries.CAS, E1_ABLE, 0, CAS),
        (Carries.NOTHING, E1_ABLE, CLEAR, CLEAR),
    ],
)
def test_signalling_decides_what_timeslots_are(carries, able, timeslot_16, others):
    kernel = FakeKernel(sounds)
    kernel.add(31, able, framing_able=E1_FRAMING)
    DahdiBoard(wish(carries), kernel).close()
    used = {one.position: one.signalling for one in kernel.channels.values()}
    assert used.pop(16) == timeslot_16
    assert set(used.values()) == {others}


def test_signalling_on_other_timeslots_is_found_there():
    kernel = kernel_of(e1=1)
    DahdiBoard(wish(Carries.ISDN, 1, 31), kernel).close()
    assert {one.position for one in kernel.channels.values() if one.signalling == HDLC} == {1, 31}


def test_each_port_carries_what_is_its_own():
    kernel = kernel_of(lines=2)
    for _ in range(3):
        kernel.add(31, E1_ABLE, framing_able=E1_FRAMING)
    uses = {0: Use(Carries.CAS), 2: Use(Carries.ISDN, frozenset({1}))}
    with DahdiBoard(Wish(uses=uses), kernel) as board:
        assert [span.framing for span in board.describe().spans] == ["HDB3", "HDB3/CCS", "HDB3/CCS"]
    used = {(one.span, one.position): one.signalling for one in kernel.channels.values()}
    assert (used[2, 1], used[2, 16], used[3, 16], used[4, 1], used[4, 16]) == (CAS, 0, CLEAR, HDLC, CLEAR)


def test_what_stands_right_is_not_set_again():
    kernel = kernel_of(e1=1)
    DahdiBoard(wish(), kernel).close()
    kernel.lies[0x404CDA13] = kernel.lies[0x4024DA12] = lambda _: pytest.fail("set again")
    DahdiBoard(wish(), kernel).close()


def test_what_another_program_has_is_left_to_it():
    kernel = kernel_of(e1=1)
    DahdiBoard(wish(Carries.CAS), kernel).close()
    kernel.channels[7].is_owned_elsewhere = True
    with pytest.raises(BoardFault) as told:
        DahdiBoard(wish(), kernel)
    assert told.value.fault is Fault.REFUSED
    assert "channel 7" in told.value.problem
    assert kernel.channels[7].signalling == CAS
    assert kernel.is_all_closed


def test_a_span_that_is_not_there_is_missing():
    with pytest.raises(BoardFault) as told:
        DahdiBoard(wish(spans=frozenset({1, 9})), kernel_of(e1=1))
    assert (told.value.fault, told.value.problem) == (Fault.MISSING, "there is no span 9")
    with pytest.raises(BoardFault) as told:
        DahdiBoard(wish(), kernel_of())
    assert told.value.fault is Fault.MISSING


def test_channels_nobody_set_up_are_missing():
    with pytest.raises(BoardFault) as told:
        DahdiBoard(wish(sets_up=False), kernel_of(e1=1))
    assert told.value.fault is Fault.MISSING


def test_frames_come_without_their_check_sum_and_with_their_moment():
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(), kernel) as board:
        run(board, 1)
        for text in (b"\x02\x01\x7f", bytes(range(256)) + b"more"):
            kernel.deliver(16, text)
        kernel.deliver(16, b"")
        began_ns = kernel.wall_ns()
        frames = [frame for reading in run(board, 2) for frame in reading.frames]
    assert [frame.octets for frame in frames] == [b"\x02\x01\x7f", bytes(range(256)) + b"more"]
    assert {(frame.span, frame.timeslot) for frame in frames} == {(1, 16)}
    assert all(0 <= frame.at_ns - began_ns < 10_000_000 for frame in frames)


def test_bits_are_told_when_they_change_and_only_then():
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(Carries.CAS), kernel) as board:
        assert run(board, 1)[0].bits.tolist() == [0] * 30
        kernel.channels[5].bits = 0b1001
        kernel.happen(5, 13)
        kernel.happen(6, 13)
        reading = run(board, 1)[0]
    assert [(one.place, one.event, one.value) for one in reading.events] == [(4, Event.BITS, "1001")]
    assert reading.bits.tolist()[4] == 9


def test_events_of_a_line_are_told():
    kernel = kernel_of(lines=2)
    with DahdiBoard(wish(), kernel) as board:
        assert kernel.channels[1].signalling == EXCHANGE
        run(board, 1)
        kernel.happen(
            2, 18, 2, 17, 17, 1, 0x10000 | ord("3"), 0x20000 | ord("5"), 3, 30, 12345, 0x10000 | ord("x")
        )
        readings = run(board, 2)
    told = [(one.place, one.event, one.value) for reading in readings for one in reading.events]
    assert told == [
        (1, Event.RING, ""),
        (1, Event.RING_END, ""),
        (1, Event.POLARITY, "-"),
        (1, Event.POLARITY, "+"),
        (1, Event.HOOK, "on"),
        (1, Event.PULSE, "3"),
    ]
    assert not any(reading.lost for reading in readings)


def test_the_port_of_a_telephone_tells_its_hook():
    kernel = FakeKernel(sounds)
    kernel.add(1, 1 << 12 | 1 << 5)
    with DahdiBoard(wish(), kernel) as board:
        kernel.happen(1, 2, 1)
        told = [(one.event, one.value) for one in run(board, 1)[0].events]
    assert told == [(Event.HOOK, "off"), (Event.HOOK, "on")]


def test_voltage_is_told_where_the_card_knows_it():
    kernel = kernel_of(lines=3)
    kernel.channels[1].volts, kernel.channels[3].volts = -48_000, 9_000
    with DahdiBoard(wish(), kernel) as board:
        assert board.describe().has_volts
        volts = run(board, 1)[0].volts
        assert volts[[0, 2]].tolist() == [-48, 9]
        assert np.isnan(volts[1])
    with DahdiBoard(wish(), kernel_of(lines=1)) as board:
        assert not board.describe().has_volts
        assert run(board, 1)[0].volts is None


def test_alarms_of_a_span_are_told_when_they_begin_and_end():
    kernel = kernel_of(e1=2)
    with DahdiBoard(wish(), kernel) as board:
        run(board, 1)
        kernel.spans[2].alarms = 1 << 3 | 1 << 8
        kernel.happen(40, 4)
        began = [one for reading in run(board, 1) for one in reading.spans]
        kernel.spans[2].alarms = 0
        ended = [one for reading in run(board, 11) for one in reading.spans]
    assert [(one.span, one.alarms) for one in (*began, *ended)] == [(2, {"red", "los"}), (2, frozenset())]


def test_who_reads_late_gets_what_was_kept_and_is_told_what_was_not():
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(Carries.NOTHING), kernel) as board:
        begin = kernel.samples
        first = run(board, 3)
        kernel.run(8000 * 5)
        readings = run(board, 60)
    lost = [reading.lost for reading in readings]
    gap = lost.index(next(filter(None, lost)))
    assert sum(map(bool, lost)) == 1
    assert sum(one.event is Event.OVERRUN for reading in readings for one in reading.events) == 1
    before = [*first, *readings[:gap]]
    for place in range(31):
        assert heard(before, place) == sounds(place + 1, begin, len(before) * BLOCK)
        after = begin + len(before) * BLOCK + lost[gap]
        assert heard(readings[gap:], place) == sounds(place + 1, after, len(readings[gap:]) * BLOCK)
    assert gap >= 31
    assert kernel.wall_ns() - readings[-1].at_ns < 120_000_000


def test_who_is_too_slow_all_the_time_loses_what_he_is_told_and_keeps_channels_in_step():
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(Carries.NOTHING), kernel) as board:
        at, gaps = kernel.samples, 0
        for _ in range(300):
            reading = board.read(5.0)
            kernel.run(1200)
            if reading.lost:  # told by the clock, so as exact as the reader is in time
                near = range(at + reading.lost - 1200, at + reading.lost + 1200)
                at = next(one for one in near if reading.audio[0].tobytes() == sounds(1, one, BLOCK))
                gaps += 1
            for place in range(31):
                assert reading.audio[place].tobytes() == sounds(place + 1, at, BLOCK)
            at += BLOCK
        assert gaps
        assert kernel.samples - at <= 33 * BLOCK + 1200


def test_a_short_stall_loses_nothing_and_bends_no_clock():
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(Carries.NOTHING), kernel) as board:
        begin = kernel.samples
        first = run(board, 3)
        kernel.run(8000 * 2)
        readings = [*first, *run(board, 40)]
    assert heard(readings, 12) == sounds(13, begin, 43 * BLOCK)
    assert {later.at_ns - before.at_ns for before, later in pairwise(readings)} == {100_000_000}


def test_a_channel_that_stands_still_is_silent_and_holds_up_nobody():
    kernel = kernel_of(e1=2)
    with DahdiBoard(wish(Carries.NOTHING), kernel) as board:
        run(board, 2)
        for number in range(32, 63):
            kernel.channels[number].stands_still = True
        readings = run(board, 20)
        assert all(set(heard(readings[2:], place)) == {0xD5} for place in range(31, 62))
        assert len(set(heard(readings, 0))) > 100
        assert {one.place for reading in readings for one in reading.events} == set(range(31, 62))
        for number in range(32, 63):
            kernel.channels[number].stands_still = False
        run(board, 4)
        later = run(board, 10)
    for place in (0, 40):
        content = heard(later, place)
        assert any(content == sounds(place + 1, at, len(content)) for at in range(0, kernel.samples, 8)), (
            place
        )


def test_a_reader_that_stood_still_itself_takes_no_channel_for_silent(monkeypatch):
    """One channel's blocks are there a little later than the others'; before they are, the reader is not let run for a second."""
    kernel = kernel_of(e1=1)
    late, reads, stalls = 31, kernel.read, [0, 8000]

    def read(fd, into):
        count = reads(fd, into)
        if stalls:
            kernel.run(stalls.pop(0))
        return count

    with DahdiBoard(wish(Carries.NOTHING), kernel) as board:
        kernel.channels[late].stands_still = True
        kernel.run(16)
        kernel.channels[late].stands_still = False
        monkeypatch.setattr(kernel, "read", read)
        readings = [board.read(5.0) for _ in range(20)]
    assert not any(reading.events or reading.lost for reading in readings)
    content = heard(readings, late - 1)
    assert any(content == sounds(late, at, len(content)) for at in range(0, 64, 8))


def test_the_kernel_is_read_without_waiting():
    reader, writer = os.pipe2(os.O_NONBLOCK)
    into = memoryview(bytearray(8))
    with pytest.raises(BlockingIOError):
        System().read(reader, into)
    os.write(writer, b"abc")
    assert System().read(reader, into[2:]) == 3
    assert bytes(into) == b"\0\0abc\0\0\0"
    os.close(writer)
    os.close(reader)
    with pytest.raises(OSError, match="Bad file descriptor"):
        System().read(reader, into)


def test_a_silent_card_gives_no_reading():
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(), kernel) as board:
        for channel in kernel.channels.values():
            channel.stands_still = True
        assert board.read(0.5) is None


def test_one_system_call_brings_a_block():
    kernel = kernel_of(e1=4)
    with DahdiBoard(wish(Carries.NOTHING), kernel) as board:
        run(board, 1)
        before = kernel.reads
        run(board, 64)
    assert (kernel.reads - before) / (64 * 124) < 1.1


@pytest.mark.parametrize("moment", ["waiting", "event", "span"])
def test_a_card_that_is_taken_out_is_gone(moment):
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(), kernel) as board:
        run(board, 1)
        if moment == "waiting":
            kernel.agenda.append((kernel.samples + 400, lambda: setattr(kernel, "is_gone", True)))
        elif moment == "event":
            kernel.happen(3, 20)
        else:
            kernel.spans.clear()
        with pytest.raises(BoardFault) as told:
            run(board, 20)
    assert told.value.fault is Fault.GONE
    assert kernel.is_all_closed


def test_no_driver_is_a_missing_board():
    class Bare(System):
        def open(self, path: str) -> int:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))

    with pytest.raises(BoardFault) as told:
        DahdiBoard(wish(), Bare())
    assert told.value.fault is Fault.MISSING


def test_too_many_open_files_are_a_fault():
    class Full(System):
        def waiter(self):
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with pytest.raises(BoardFault) as told:
        DahdiBoard(Wish(), Full())
    assert told.value.fault is Fault.BROKEN


def test_a_device_one_may_not_open_is_refused():
    class Locked(System):
        def open(self, path: str) -> int:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    with pytest.raises(BoardFault) as told:
        DahdiBoard(wish(), Locked())
    assert told.value.fault is Fault.REFUSED


def _number(argument: bytearray, value: int) -> None:
    argument[:4] = value.to_bytes(4, "little", signed=True)


@pytest.mark.parametrize("request_", [SPAN_STATE, GET_PARAMETERS])
@pytest.mark.parametrize("value", [-1, 0, 1 << 30])
def test_nonsense_about_spans_and_channels_is_a_fault(request_, value):
    kernel = kernel_of(e1=1)
    kernel.lies[request_] = lambda argument: _number(argument, value)
    with pytest.raises(BoardFault) as told:
        DahdiBoard(wish(), kernel)
    assert told.value.fault is Fault.BROKEN
    assert kernel.is_all_closed


@pytest.mark.parametrize("count", [0, 799, 801, 70_000, -1])
def test_a_block_of_another_size_is_a_fault(count):
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(), kernel) as board:
        kernel.read_lie = lambda _: count
        with pytest.raises(BoardFault) as told:
            run(board, 2)
    assert told.value.fault is Fault.BROKEN


def test_events_without_end_are_a_fault():
    kernel = kernel_of(e1=1)
    with DahdiBoard(wish(), kernel) as board:
        kernel.lies[GET_EVENT] = lambda argument: _number(argument, 99)
        kernel.happen(3, 99)
        with pytest.raises(BoardFault) as told:
            run(board, 2)
    assert told.value.fault is Fault.BROKEN


def test_a_closed_board_reads_no_more():
    kernel = kernel_of(e1=1)
    board = DahdiBoard(wish(), kernel)
    board.close()
    board.close()
    with pytest.raises(BoardFault):
        board.read(0.1)


def test_the_waiter_is_the_kernels_own(tmp_path):
    system = System()
    waiter = system.waiter()
    read_end, write_end = os.pipe()
    try:
        waiter.register(read_end, select.EPOLLIN | select.EPOLLET)
        os.write(write_end, b"12345")
        assert list(waiter.poll(5, 10)) == [(read_end, select.EPOLLIN)]
        block = np.zeros(8, np.uint8)
        assert system.read(read_end, block.data) == 5
        assert block.tobytes() == b"12345\0\0\0"
        assert list(waiter.poll(0, 10)) == []
    finally:
        waiter.close()
        for fd in (read_end, write_end):
            system.close(fd)
