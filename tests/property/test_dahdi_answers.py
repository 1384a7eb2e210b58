"""Whatever the kernel driver of cards answers, a board is read or a fault is told, nothing else."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.boards.board import BoardFault
from drivers.boards.dahdi import BLOCK, DahdiBoard
from drivers.boards.dahdi_kernel import MOST_CHANNELS, MOST_SPANS, read_channel, read_span
from drivers.boards.dahdi_setup import Carries, Use, Wish
from tests.rigs.dahdi import (
    E1_ABLE,
    E1_FRAMING,
    GET_BITS,
    GET_EVENT,
    GET_PARAMETERS,
    GET_STATS,
    SPAN_STATE,
    FakeKernel,
    Parameters,
    SpanState,
)

NUMBER = st.integers(-(1 << 31), (1 << 31) - 1)
SPANS = st.builds(
    lambda head, name, words, tail: (head + name + words)[:294].ljust(294, b"\0")[: 314 - 20] + tail,
    st.integers(-2, MOST_SPANS + 2).map(lambda value: value.to_bytes(4, "little", signed=True)),
    st.binary(min_size=60, max_size=60),
    st.binary(min_size=230, max_size=230),
    st.binary(min_size=20, max_size=20),
)


@given(st.one_of(SPANS, st.binary(min_size=314, max_size=314), st.binary(max_size=400)))
def test_a_span_is_understood_or_refused(content):
    try:
        span = read_span(content)
    except BoardFault:
        return
    told = SpanState.from_buffer_copy(content)
    assert (span.number, span.channels, span.spans) == (told.span, told.channels, told.spans)
    assert 0 < span.number <= MOST_SPANS
    assert span.name.isprintable()
    assert span.is_digital == bool(told.able & 0x7FF)
    assert ("red" in span.alarms) == bool(told.alarms & 8)


@given(
    st.one_of(
        st.tuples(
            st.lists(st.integers(-2, 600), min_size=12, max_size=12), st.binary(min_size=88, max_size=88)
        ).map(lambda parts: struct.pack("=12i", *parts[0]) + parts[1]),
        st.binary(min_size=136, max_size=136),
        st.binary(max_size=200),
    )
)
def test_a_channel_is_understood_or_refused(content):
    try:
        channel = read_channel(content)
    except BoardFault:
        return
    told = Parameters.from_buffer_copy(content)
    assert (channel.number, channel.span, channel.position) == (told.channel, told.span, told.position)
    assert 0 < channel.number <= MOST_CHANNELS
    assert channel.law == ("A" if told.law == 2 else "mu")
    assert channel.name.isprintable()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([SPAN_STATE, GET_PARAMETERS, GET_BITS, GET_EVENT, GET_STATS]),
    st.integers(0, 40),
    NUMBER,
    st.lists(NUMBER, max_size=5),
    st.sampled_from(list(Carries)),
)
def test_a_driver_that_lies_stops_the_board_and_nothing_else(request_, at, value, events, carries):
    kernel = FakeKernel(lambda _, __, count: bytes(count))
    kernel.add(3, E1_ABLE, framing_able=E1_FRAMING)

    def lie(argument: bytearray) -> None:
        spot = at * 4 % (len(argument) - 3)
        argument[spot : spot + 4] = value.to_bytes(4, "little", signed=True)

    try:
        with DahdiBoard(Wish(uses={0: Use(carries, frozenset({2}))}), kernel) as board:
            kernel.lies[request_] = lie
            kernel.happen(1, *(event & 0xFFFFFFFF for event in events))
            for _ in range(3):
                reading = board.read(1)
                assert reading is None or reading.audio.shape == (len(board.describe().channels), BLOCK)
    except BoardFault:
        pass
    assert kernel.is_all_closed
