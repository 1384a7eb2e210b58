"""Calls of ISDN trunks, as both directions of a D-channel tell them."""

import msgspec
import pytest

from appliance.boards.signalling.events import (
    Answered,
    Begun,
    Circuit,
    Ended,
    Noted,
    Numbers,
    Placed,
    Ringing,
    Trouble,
)
from appliance.boards.signalling.trunk import SILENT_NS, Trunk
from appliance.settings import trunks
from tests.rigs import signalling as wire

SECOND = wire.SECOND


class Line:
    """A tapped trunk with one D-channel; `say` lets a second pass."""

    def __init__(self, **settings):
        self.trunk = Trunk(msgspec.convert({"name": "PRI", "lines": [{}], **settings}, trunks.Trunk))
        self.ends = wire.Dchannel()
        self.at_ns = wire.START
        self.events = []

    def say(self, port, text, e1=0, timeslot=16):
        self.at_ns += SECOND
        self.trunk.frame(port, timeslot, self.at_ns, self.ends.frame(port, text), e1)
        self.events += self.trunk.tick(self.at_ns + SECOND)

    def hear(self, port, frame):
        self.at_ns += SECOND
        self.trunk.frame(port, 16, self.at_ns, frame)
        self.events += self.trunk.tick(self.at_ns + SECOND)

    def setup(self, port=0, reference=5, number=7, callee="8001", caller="13800138000", *more):
        self.say(
            port,
            wire.q931(
                5,
                reference,
                wire.SPEECH,
                wire.channel(number),
                wire.calling(caller),
                wire.called(callee),
                *more,
            ),
        )

    def told(self, *kinds):
        return [event for event in self.events if isinstance(event, kinds)]

    def troubles(self):
        return [event.code for event in self.told(Trouble)]

    def wait(self, seconds):
        self.at_ns += seconds * SECOND
        self.events += self.trunk.tick(self.at_ns + SECOND)


@pytest.fixture
def line():
    return Line()


def test_a_whole_call_is_told_with_its_times_and_parties(line):
    line.setup()
    begun_ns = line.at_ns
    line.say(1, wire.q931(2, 5, wire.channel(7), back=True))
    line.say(1, wire.q931(1, 5, back=True))
    ringing_ns = line.at_ns
    line.say(1, wire.q931(7, 5, back=True))
    answered_ns = line.at_ns
    line.say(0, wire.q931(0x0F, 5))
    line.say(1, wire.q931(0x45, 5, wire.cause(16), back=True))
    ended_ns = line.at_ns
    line.say(0, wire.q931(0x4D, 5))
    line.say(1, wire.q931(0x5A, 5, back=True))

    (begun,) = line.told(Begun)
    assert (begun.at_ns, begun.from_port, begun.circuit) == (begun_ns, 0, Circuit(0, 7))
    assert (begun.caller, begun.callee, begun.bearer) == ("13800138000", "8001", "speech")
    assert [event.at_ns for event in line.told(Ringing)] == [ringing_ns]
    assert [event.at_ns for event in line.told(Answered)] == [answered_ns]
    (ended,) = line.told(Ended)
    assert (ended.at_ns, ended.cause, ended.by_port) == (ended_ns, 16, 1)
    assert line.troubles() == []
    assert {event.key for event in line.told(Begun, Ringing, Answered, Noted, Ended)} == {begun.key}


def test_the_ladder_has_every_message_once_and_in_order(line):
    line.setup()
    for port, kind in ((1, 2), (1, 1), (1, 7), (0, 0x0F), (0, 0x45), (1, 0x4D), (0, 0x5A)):
        line.say(port, wire.q931(kind, 5, back=port == 1))
    steps = [step for event in line.events for step in getattr(event, "steps", ())]
    assert [step.label for step in steps] == [
        "SETUP", "CALL PROCEEDING", "ALERTING", "CONNECT", "CONNECT ACKNOWLEDGE", "DISCONNECT", "RELEASE", "RELEASE COMPLETE",
    ]  # fmt: skip
    assert (steps[0].source, steps[0].destination, steps[0].transport) == ("PRI 1", "PRI 2", "q931")
    assert (steps[1].source, steps[1].destination) == ("PRI 2", "PRI 1")
    assert steps[0].at.timestamp() == pytest.approx(wire.START / SECOND + 1)


def test_a_call_from_the_other_end_has_its_caller_there(line):
    line.setup(port=1)
    assert line.told(Begun)[0].from_port == 1


def test_both_ends_may_choose_the_same_reference(line):
    line.setup(port=0, reference=9, number=1, callee="1111")
    line.setup(port=1, reference=9, number=2, callee="2222")
    line.say(0, wire.q931(7, 9, back=True))
    (answered,) = line.told(Answered)
    assert answered.key == next(event.key for event in line.told(Begun) if event.callee == "2222")
    assert line.troubles() == []


def test_overlap_dialling_grows_the_number(line):
    line.say(0, wire.q931(5, 3, wire.SPEECH, wire.channel(4), wire.called("80")))
    line.say(1, wire.q931(0x0D, 3, wire.channel(4), back=True))
    line.say(0, wire.q931(0x7B, 3, wire.called("0")))
    line.say(0, wire.q931(0x7B, 3, wire.element(0x2C, b"1")))
    assert [event.callee for event in line.told(Numbers)] == ["800", "8001"]


def test_digits_of_the_called_end_are_no_part_of_the_number(line):
    line.setup(callee="80")
    line.say(1, wire.q931(0x7B, 5, wire.called("99"), back=True))
    assert line.told(Numbers) == []


def test_frames_that_come_twice_count_once(line):
    text = wire.q931(5, 5, wire.SPEECH, wire.channel(7), wire.called("8001"))
    frame = wire.information_frame(text, 0)
    for again in (frame, frame, wire.information_frame(text, 0, poll=1)):
        line.hear(0, again)
    assert len(line.told(Begun)) == 1
    assert line.troubles() == []
    assert line.trunk.counts().repeated == 2


def test_a_setup_that_is_repeated_for_want_of_an_answer_is_the_same_call(line):
    line.setup()
    line.setup()
    assert len(line.told(Begun)) == 1
    assert line.troubles() == []


def test_a_repeated_sequence_number_after_a_new_start_of_the_link_is_a_new_message(line):
    line.setup(reference=1, number=1)
    line.hear(0, wire.SABME)
    line.hear(1, wire.UNNUMBERED_ACK)
    line.ends = wire.Dchannel()
    line.setup(reference=2, number=2)
    assert len(line.told(Begun)) == 2
    assert "lost" not in line.troubles()


def test_lost_frames_are_counted(line):
    line.setup(reference=1, number=1)
    line.ends.sent[0] += 3
    line.setup(reference=2, number=2)
    assert [event.facts["count"] for event in line.told(Trouble) if event.code == "lost"] == ["3"]


def test_a_lost_connect_is_made_up_by_its_acknowledgement(line):
    line.setup()
    line.say(0, wire.q931(0x0F, 5))
    assert len(line.told(Answered)) == 1


def test_a_lost_release_does_not_keep_the_channel(line):
    line.setup(reference=5, number=7)
    line.say(1, wire.q931(7, 5, back=True))
    line.setup(reference=6, number=7, callee="8002")
    assert [event.cause for event in line.told(Ended)] == [0]
    assert len(line.told(Begun)) == 2
    assert "lost-end" in line.troubles()


def test_a_reference_that_is_used_again_is_another_call(line):
    line.setup(reference=5, number=7)
    line.say(1, wire.q931(7, 5, back=True))
    line.setup(reference=5, number=8, callee="8002")
    assert [event.callee for event in line.told(Begun)] == ["8001", "8002"]
    assert len(line.told(Ended)) == 1


def test_an_answer_that_names_another_channel_moves_the_call(line):
    line.setup(number=7)
    line.say(1, wire.q931(2, 5, wire.channel(9), back=True))
    assert [event.circuit for event in line.told(Placed)] == [Circuit(0, 9)]


def test_two_ends_that_ask_for_the_same_channel_keep_a_call_each(line):
    line.setup(port=0, reference=1, number=7, callee="1111")
    line.setup(port=1, reference=2, number=7, callee="2222")
    line.say(0, wire.q931(2, 2, wire.channel(8), back=True))
    assert "glare" in line.troubles()
    assert line.told(Ended) == []
    assert [event.circuit for event in line.told(Placed)] == [Circuit(0, 8)]


def test_of_two_calls_for_one_channel_the_one_that_is_refused_says_why(line):
    line.setup(port=0, reference=1, number=7, callee="1111")
    line.setup(port=1, reference=2, number=7, callee="2222")
    line.say(0, wire.q931(2, 2, wire.channel(7), back=True))
    line.say(1, wire.q931(0x5A, 1, wire.cause(44), back=True))
    callees = {event.key: event.callee for event in line.told(Begun)}
    assert [(callees[event.key], event.cause) for event in line.told(Ended)] == [("1111", 44)]
    assert line.troubles() == ["glare"]


def test_a_restart_ends_the_calls_of_its_channels(line):
    line.setup(reference=1, number=1)
    line.setup(reference=2, number=2)
    line.setup(reference=3, number=3)
    line.say(0, wire.q931(0x46, 0, wire.channel_map(1, 3), wire.element(0x79, b"\x80")))
    keys = {event.key: event.circuit.timeslot for event in line.told(Begun)}
    assert sorted(keys[event.key] for event in line.told(Ended)) == [1, 3]
    assert line.troubles() == ["restarted", "restarted"]


def test_a_restart_of_the_interface_ends_all_its_calls(line):
    line.setup(reference=1, number=1)
    line.setup(reference=2, number=2)
    line.say(1, wire.q931(0x46, 0, wire.element(0x79, b"\x87")))
    assert len(line.told(Ended)) == 2


def test_a_side_that_knows_of_no_call_ends_it(line):
    line.setup()
    line.say(1, wire.q931(0x7D, 5, wire.cause(30), wire.element(0x14, b"\x00"), back=True))
    assert [event.cause for event in line.told(Ended)] == [30]


def test_a_release_that_is_never_completed_ends_the_call_when_it_was_begun(line):
    line.setup()
    line.say(0, wire.q931(0x45, 5, wire.cause(31)))
    released_ns = line.at_ns
    assert line.told(Ended) == []
    line.wait(5)
    assert [(event.at_ns, event.cause, event.by_port) for event in line.told(Ended)] == [(released_ns, 31, 0)]


def test_a_call_without_end_ends_some_day(line):
    line.setup()
    line.wait(301)
    assert [event.cause for event in line.told(Ended)] == [0]
    assert line.troubles() == ["never-ended"]


def test_an_answered_call_may_last(line):
    line.setup()
    line.say(1, wire.q931(7, 5, back=True))
    line.wait(3600)
    assert line.told(Ended) == []


def test_a_call_whose_beginning_was_not_heard_is_known_by_its_channel(line):
    line.say(1, wire.q931(1, 5, wire.channel(7), back=True))
    (begun,) = line.told(Begun)
    assert (begun.is_late, begun.from_port, begun.circuit, begun.caller) == (True, 0, Circuit(0, 7), "")
    assert len(line.told(Ringing)) == 1
    assert "late" in line.troubles()


def test_the_end_of_an_unknown_call_is_nothing(line):
    line.say(1, wire.q931(0x45, 5, wire.cause(16), back=True))
    assert line.events == []


def test_an_answer_in_the_same_moment_as_its_question_is_put_behind_it(line):
    setup = wire.q931(5, 5, wire.SPEECH, wire.channel(7), wire.calling("12"), wire.called("8001"))
    line.trunk.frame(1, 16, line.at_ns, line.ends.frame(1, wire.q931(2, 5, wire.channel(7), back=True)))
    line.trunk.frame(0, 16, line.at_ns, line.ends.frame(0, setup))
    line.events += line.trunk.tick(line.at_ns + SECOND)
    assert len(line.told(Begun)) == 1
    assert line.told(Numbers)[-1].callee == "8001"
    assert line.told(Ended) == []


def test_a_direction_that_lags_behind_is_put_into_order(line):
    at_ns = line.at_ns
    line.trunk.frame(
        1, 16, at_ns + 50_000_000, line.ends.frame(1, wire.q931(2, 5, wire.channel(7), back=True))
    )
    assert line.trunk.tick(at_ns + 100_000_000) == []
    line.trunk.frame(0, 16, at_ns, line.ends.frame(0, wire.q931(5, 5, wire.channel(7), wire.called("8001"))))
    events = line.trunk.tick(at_ns + SECOND)
    assert [type(event) for event in events] == [Begun, Noted]


def test_numbers_get_the_prefixes_of_their_kind():
    line = Line(national_prefix="0", international_prefix="00")
    line.say(
        0,
        wire.q931(
            5, 1, wire.channel(1), wire.calling("491711234567", kind=1), wire.called("1012345678", kind=2)
        ),
    )
    (begun,) = line.told(Begun)
    assert (begun.caller, begun.callee) == ("00491711234567", "01012345678")


def test_a_withheld_number_is_told_as_such(line):
    line.say(0, wire.q931(5, 1, wire.channel(1), wire.calling("123", presentation=1), wire.called("1")))
    assert line.told(Begun)[0].is_withheld


def test_a_redirected_call_names_who_redirected(line):
    line.say(0, wire.q931(5, 1, wire.channel(1), wire.called("1"), wire.redirecting("8888")))
    assert line.told(Begun)[0].redirecting == "8888"


def test_the_name_on_the_display_may_be_chinese(line):
    line.say(
        0, wire.q931(5, 1, wire.channel(1), wire.called("1"), wire.element(0x28, "张三".encode("gb18030")))
    )
    assert line.told(Begun)[0].caller_name == "张三"


def test_one_d_channel_may_control_several_lines():
    line = Line(
        lines=[{"first_circuit": 0}, {"first_circuit": 32, "has_signalling": False}],
    )
    line.say(0, wire.q931(5, 1, wire.channel(1, interface=1), wire.called("1")))
    line.say(0, wire.q931(5, 2, wire.channel(1, interface=0), wire.called("2")))
    assert [event.circuit for event in line.told(Begun)] == [Circuit(1, 1), Circuit(0, 1)]


def test_a_reserve_d_channel_continues_the_calls_of_the_first():
    line = Line(
        lines=[{}, {"first_circuit": 32}, {"first_circuit": 64, "has_signalling": False}],
    )
    line.say(0, wire.q931(5, 1, wire.channel(1, interface=2), wire.called("1")))
    line.ends = wire.Dchannel()
    line.say(1, wire.q931(7, 1, back=True), e1=1)
    assert len(line.told(Answered)) == 1


def test_d_channels_of_their_own_keep_their_calls_apart():
    line = Line(lines=[{}, {"first_circuit": 32}])
    line.say(0, wire.q931(5, 1, wire.channel(1), wire.called("1")))
    line.ends = wire.Dchannel()
    line.say(0, wire.q931(5, 1, wire.channel(1), wire.called("2")), e1=1)
    line.say(1, wire.q931(7, 1, wire.channel(1, interface=0), back=True), e1=1)
    first, second = line.told(Begun)
    assert (first.circuit, second.circuit) == (Circuit(0, 1), Circuit(1, 1))
    assert line.told(Placed) == []
    assert [event.key for event in line.told(Answered)] == [second.key]


def test_several_terminals_of_one_channel_keep_their_calls_apart(line):
    for tei, callee in ((3, "31"), (4, "41")):
        text = wire.q931(5, 1, wire.channel(tei), wire.called(callee))
        line.hear(0, wire.information_frame(text, 0, tei=tei))
    line.hear(1, wire.information_frame(wire.q931(7, 1, back=True), 0, tei=4))
    (answered,) = line.told(Answered)
    assert answered.key == next(event.key for event in line.told(Begun) if event.callee == "41")


def test_only_one_direction_is_told_and_its_calls_are_kept(line):
    line.setup(port=0)
    line.say(0, wire.q931(0x0F, 5))
    line.say(0, wire.q931(0x45, 5, wire.cause(16)))
    line.say(0, wire.q931(0x4D, 5))
    for _ in range(20):
        line.hear(0, wire.RECEIVER_READY)
    line.wait(SILENT_NS // SECOND + 1)
    assert len(line.told(Begun)) == len(line.told(Answered)) == len(line.told(Ended)) == 1
    assert [event.facts for event in line.told(Trouble) if event.code == "one-direction"] == [{"port": "1"}]


def test_a_link_that_falls_silent_is_told_once(line):
    for port in (0, 1):
        line.hear(port, wire.RECEIVER_READY)
    line.wait(SILENT_NS // SECOND + 5)
    line.wait(SILENT_NS // SECOND + 5)
    assert line.troubles() == ["silent", "silent"]
    assert {event.facts["port"] for event in line.told(Trouble)} == {"0", "1"}


def test_what_cannot_be_read_is_told_and_costs_nothing_else(line):
    line.setup()
    line.hear(0, b"\x00")
    line.hear(1, b"")
    line.say(1, wire.q931(7, 5, back=True))
    assert line.troubles() == ["unreadable", "unreadable"]
    assert len(line.told(Answered)) == 1


def test_there_are_never_more_calls_than_a_trunk_can_have(line):
    for reference in range(1, 4200):
        line.trunk.frame(0, 16, line.at_ns, line.ends.frame(0, wire.q931(5, reference, wire.called("1"))))
    line.events += line.trunk.tick(line.at_ns + SECOND)
    assert len(line.told(Begun)) == 4096
    assert set(line.troubles()) == {"overload"}


def test_what_is_up_stays_up_when_nothing_more_comes(line):
    line.trunk.frame(
        0, 16, line.at_ns, line.ends.frame(0, wire.q931(5, 1, wire.channel(1), wire.called("1")))
    )
    assert [type(event) for event in line.trunk.drain()] == [Begun]
