"""Whatever is heard on a trunk, nothing is raised, and each call begins, rings, is answered and ends once, in this order."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.boards.signalling import isup, lapd, mtp, q931, tup
from appliance.boards.signalling.events import (
    TROUBLE_TEXT,
    Answered,
    Begun,
    Ended,
    Numbers,
    Ringing,
    Trouble,
)
from appliance.boards.signalling.trunk import Trunk
from appliance.core.errors import BadMessage
from appliance.settings import trunks
from appliance.settings.trunks import Label
from tests.rigs import signalling as wire
from tests.rigs.fuzz import KEPT, SIGNALLING, unpacked
from tests.rigs.signalling_reading import touch_any, touch_isdn, touch_r2, touch_ss7

SECOND = wire.SECOND
DIGITS = st.text("0123456789", min_size=0, max_size=20)
SOME_DIGITS = st.text("0123456789", min_size=1, max_size=14)


def trunk_of(**signalling):
    content = {"name": "T", "lines": [{"first_circuit": 0}, {"first_circuit": 32}], "signalling": signalling}
    return Trunk(msgspec.convert(content, trunks.Trunk))


@st.composite
def mutated(draw, originals):
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(0, 4))):
        if not data:
            break
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(data)


Q931 = [
    wire.q931(5, 5, wire.SPEECH, wire.channel(7), wire.calling("138"), wire.called("8001"), wire.redirecting("1"), wire.SENDING_COMPLETE),
    wire.q931(5, 5, b"\x96\x28\x02ab\x9d\x01\x00", wire.channel(7, interface=1), wire.element(0x28, b"\xb1Anna")),
    wire.q931(2, 5, wire.channel(7), back=True),
    wire.q931(1, 5, wire.element(0x1E, b"\x80\x88"), back=True),
    wire.q931(7, 5, back=True),
    wire.q931(0x45, 5, wire.cause(16)),
    wire.q931(0x5A, 5),
    wire.q931(0x46, 0, wire.channel_map(1, 3), wire.element(0x79, b"\x80")),
    wire.q931(0x7D, 5, wire.cause(30), wire.element(0x14, b"\x00")),
    wire.q931(0x7B, 5, wire.called("9")),
]  # fmt: skip
ISUP = [
    wire.iam(3, wire.isup_number("123", 1), (0x0A, wire.isup_number("456", 3, 0x13)), (0x28, wire.isup_number("7", 1))),
    wire.sam(3, "45"), wire.acm(3), wire.cpg(3), wire.anm(3), wire.con(3), wire.rel(3, 16), wire.rlc(3), wire.rsc(3),
    wire.grs(1, 30), wire.cgb(1, 30, 0xFFFF, 1), wire.suspend(3), wire.suspend(3, resume=True),
]  # fmt: skip
TUP = [
    wire.circuit_code(3) + bytes.fromhex(text)
    for text in (
        "110A028012113254", "210B0030080030A20178563412408888", "31304305", "4106", "120B0D406587408888", "1303",
        "1404", "16", "36", "46", "56", "17", "75", "77", "980F", "580702",
    )
]  # fmt: skip


@settings(deadline=None)
@given(st.binary(max_size=80) | mutated([wire.information_frame(text) for text in Q931]))
def test_readers_of_isdn_raise_nothing_but_bad_message(data):
    touch_isdn(data)


@settings(deadline=None)
@given(
    st.binary(max_size=80)
    | mutated([wire.signal_unit(wire.routed(5, 1, 2, text, china=True)) for text in ISUP])
    | mutated([wire.signal_unit(wire.routed(4, 1, 2, text, china=False)) for text in TUP])
)
def test_readers_of_ss7_raise_nothing_but_bad_message(data):
    touch_ss7(data)


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_lines_and_registers_never_raise(data):
    touch_r2(data)


def in_order(events):
    """Check what every listener may rely on."""
    stages = {}
    for event in events:
        if isinstance(event, Trouble):
            text = TROUBLE_TEXT[event.code]
            assert "{" not in text.render("en", **event.facts) + text.render("zh", **event.facts)
            assert event.key == "" or event.key in stages
            continue
        if isinstance(event, Begun):
            assert event.key not in stages
            stages[event.key] = []
        stage = stages[event.key]
        assert Ended not in stage
        if isinstance(event, Begun | Ringing | Answered | Ended):
            assert type(event) not in stage
            assert not (isinstance(event, Ringing) and Answered in stage)
            stage.append(type(event))
    return stages


def heard(pieces):
    """Frames of both directions with a good or a wrong numbering."""
    numbers = [0, 0]
    for port, jump, text in pieces:
        numbers[port] += jump
        yield port, numbers[port], text
        numbers[port] += 1


PIECES = st.integers(0, 1), st.sampled_from([0, 0, 0, 0, -1, 1])


@settings(deadline=None)
@given(st.lists(st.tuples(*PIECES, mutated(Q931)), max_size=40))
def test_the_story_of_an_isdn_call_is_in_order(pieces):
    trunk = trunk_of(kind="isdn")
    at_ns, events = wire.START, []
    for port, number, text in heard(pieces):
        at_ns += SECOND
        trunk.frame(port, 16, at_ns, wire.information_frame(text, number % 128))
        events += trunk.tick(at_ns)
    events += trunk.tick(at_ns + 400 * 3600 * SECOND) + trunk.drain()
    stages = in_order(events)
    assert all(Ended in stage for stage in stages.values())


@settings(deadline=None)
@given(st.lists(st.tuples(*PIECES, mutated(ISUP) | mutated(TUP), st.sampled_from([4, 5])), max_size=40))
def test_the_story_of_an_ss7_call_is_in_order(pieces):
    trunk = trunk_of(kind="ss7", label="china")
    at_ns, events = wire.START, []
    for (port, number, text), service in zip(
        heard([piece[:3] for piece in pieces]), [piece[3] for piece in pieces], strict=True
    ):
        at_ns += SECOND
        content = wire.routed(service, 1 + port, 2 - port, text, china=True)
        trunk.frame(port, 16, at_ns, wire.signal_unit(content, number))
        events += trunk.tick(at_ns)
    events += trunk.tick(at_ns + 400 * 3600 * SECOND) + trunk.drain()
    assert all(Ended in stage for stage in in_order(events).values())


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["bits", "forward", "backward"]), st.integers(0, 1), st.integers(0, 15)), max_size=80),
    st.sampled_from(["china", "itu"]),
)  # fmt: skip
def test_the_story_of_an_r2_call_is_in_order(pieces, registers):
    trunk = trunk_of(kind="r2", registers=registers)
    at_ns, events = wire.START, []
    for kind, port, value in pieces:
        at_ns += SECOND // 10
        if kind == "bits":
            trunk.bits(port, 5, at_ns, value)
        else:
            trunk.tone(port, 5, at_ns, value, is_forward=kind == "forward")
        events += trunk.tick(at_ns)
    events += trunk.tick(at_ns + 400 * 3600 * SECOND) + trunk.drain()
    assert all(Ended in stage for stage in in_order(events).values())


@settings(deadline=None)
@given(st.permutations(range(8)), st.integers(0, 390))
def test_the_order_in_which_ports_deliver_within_a_moment_changes_nothing(order, spread_ms):
    ends = wire.Dchannel()
    texts = [
        (0, Q931[0]), (1, Q931[2]), (1, Q931[3]), (1, Q931[4]), (0, wire.q931(0x0F, 5)),
        (0, Q931[5]), (1, wire.q931(0x4D, 5, back=True)), (0, Q931[6]),
    ]  # fmt: skip
    frames = [
        (port, wire.START + index * spread_ms * 1_000_000 // 8, ends.frame(port, text))
        for index, (port, text) in enumerate(texts)
    ]
    trunk = trunk_of(kind="isdn")
    # Frames of one port come in order, those of the other one sooner or later.
    rank = {index: place for place, index in enumerate(order)}
    merged = sorted(
        range(8), key=lambda index: min(rank[later] for later in range(index, 8) if frames[later][0] == frames[index][0])
    )  # fmt: skip
    for index in merged:
        port, at_ns, frame = frames[index]
        trunk.frame(port, 16, at_ns, frame)
    events = trunk.tick(wire.START + 2 * SECOND)
    stages = in_order(events)
    if spread_ms >= 8:  # else boards gave all of them the same time, and the order is lost
        assert list(stages.values()) == [[Begun, Ringing, Answered, Ended]]


# ---- what is written is what is read ------------------------------------------------------------------------------

NATURE = {0: "unknown", 1: "international", 2: "national", 4: "subscriber"}


@given(SOME_DIGITS, DIGITS, st.sampled_from(sorted(NATURE)), st.integers(1, 31), st.booleans())
def test_a_setup_is_read_as_it_was_written(callee, caller, nature, number, is_withheld):
    elements = [
        wire.channel(number),
        wire.calling(caller, nature, presentation=int(is_withheld)),
        wire.called(callee, nature),
    ]
    message = q931.read(wire.q931(5, 0x1234, *elements))
    found = q931.number(message.elements[q931.CALLED])
    assert (found.digits, found.nature) == (callee, NATURE[nature])
    found = q931.number(message.elements[q931.CALLING])
    assert (found.digits, found.is_withheld) == (caller, is_withheld)
    assert q931.channel(message.elements[q931.CHANNEL]).numbers == (number,)
    assert (message.reference, message.is_from_destination) == (0x1234, False)


@given(st.sets(st.integers(1, 31), min_size=1))
def test_a_map_of_channels_is_read_as_it_was_written(numbers):
    message = q931.read(wire.q931(0x46, 0, wire.channel_map(*numbers)))
    assert set(q931.channel(message.elements[q931.CHANNEL]).numbers) == numbers


@given(DIGITS, DIGITS, st.integers(0, 4095), st.sampled_from([1, 2, 3, 4]))
def test_an_initial_address_is_read_as_it_was_written(callee, caller, code, nature):
    text = wire.iam(code, wire.isup_number(callee, nature), (0x0A, wire.isup_number(caller, nature, 0x13)))
    message = isup.read(text)
    assert message.circuit == code
    assert isup.number(message.parameters[isup.CALLED], is_called=True).digits == callee
    assert isup.number(message.parameters[isup.CALLING]).digits == caller


@given(SOME_DIGITS, SOME_DIGITS, st.sampled_from([0, 2, 3]), st.booleans(), st.integers(0, 4095))
def test_an_address_with_additions_is_read_as_it_was_written(callee, caller, nature, is_withheld, code):
    octets = bytes([0x21, 10, nature, len(callee) << 4]) + wire.half_octets(callee) + b"\x10"
    octets += bytes([len(caller) << 4 | is_withheld << 2 | nature]) + wire.half_octets(caller)
    message = tup.read(wire.circuit_code(code) + octets)
    assert (message.called.digits, message.calling.digits) == (callee, caller)
    assert (message.calling.is_withheld, message.circuit) == (is_withheld, code)


@given(
    st.integers(0, 2**24 - 1),
    st.integers(0, 2**24 - 1),
    st.sampled_from(list(Label)),
    st.sampled_from([4, 5]),
)
def test_a_label_is_read_as_it_was_written(destination, origin, label, service):
    if label is Label.ITU:
        destination, origin = destination & 0x3FFF, origin & 0x3FFF
    text = wire.circuit_code(0x0ABC) + b"rest"
    content = wire.routed(service, destination, origin, text, china=label is Label.CHINA)
    found = mtp.route(content, label)
    assert (found.destination, found.origin, found.text) == (destination, origin, text)
    assert mtp.parsed_point_code(mtp.point_code(origin, label), label) == origin


@given(st.lists(st.integers(0, 127), min_size=1, max_size=400))
def test_a_link_that_sends_each_message_again_gives_it_once(again):
    """Go-back-n: at any moment the last few frames may be sent once more."""
    link, found = lapd.Link(), []
    for number, back in enumerate(again):
        for sent in (*range(max(0, number - back % 8), number), number):
            payload = link.accept(lapd.read(wire.information_frame(str(sent).encode(), sent)))
            found += [payload] if payload is not None else []
    assert found == [str(number).encode() for number in range(len(again))]
    assert link.lost == 0


@given(st.binary(max_size=3))
def test_short_frames_are_refused(data):
    with pytest.raises(BadMessage):
        lapd.read(data[:2])
    with pytest.raises(BadMessage):
        mtp.read(data[:2])


@given(
    SOME_DIGITS,
    SOME_DIGITS,
    st.integers(1, 14),
    st.sampled_from([0, 1]),
    st.sampled_from([1, 2, 3, 5, 8, 10]),
)
def test_the_generator_of_china_no_1_is_understood(callee, caller, ask_after, port, category):
    trunk = trunk_of(kind="r2", registers="china")
    line = wire.ChinaNo1(trunk, 5, port, category=category)
    line.idle()
    line.seize()
    line.dial(callee, caller, ask_after=min(ask_after, len(callee)))
    line.answer()
    line.wait(5000)
    line.clear()
    events = trunk.tick(line.at_ns + SECOND)
    numbers = [event for event in events if isinstance(event, Numbers)][-1]
    assert (numbers.caller, numbers.callee) == (caller, callee)
    (stage,) = in_order(events).values()
    assert stage == [Begun, Ringing, Answered, Ended]


def test_what_fuzzing_of_signalling_found_worth_keeping_still_passes():
    inputs = unpacked(KEPT / f"{SIGNALLING}.bin")
    assert len(inputs) > 50
    for data in inputs:
        touch_any(data)
