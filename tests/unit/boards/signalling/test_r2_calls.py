"""Calls of trunks with line and register signals, made by a generator of our own for China No. 1 and by hand for R2."""

import msgspec
import pytest

from appliance.boards.signalling.events import Answered, Begun, Circuit, Ended, Numbers, Ringing, Trouble
from appliance.boards.signalling.trunk import Trunk
from appliance.settings import trunks
from tests.rigs import signalling as wire

SECOND = wire.SECOND


class Tapped:
    """A trunk, and the times of the moments that matter."""

    def __init__(self, registers="china", port=0):
        settings = {"name": "SS1", "lines": [{}], "signalling": {"kind": "r2", "registers": registers}}
        self.trunk = Trunk(msgspec.convert(settings, trunks.Trunk))
        self.events = []
        self.line = wire.ChinaNo1(self.trunk, timeslot=5, port=port)

    def tick(self):
        self.events += self.trunk.tick(self.line.at_ns + SECOND)
        self.line.at_ns += 2 * SECOND

    def told(self, *kinds):
        return [event for event in self.events if isinstance(event, kinds)]

    def parties(self):
        known = self.told(Begun, Numbers)[-1]
        return known.caller, known.callee

    def labels(self):
        return [step.label for event in self.events for step in getattr(event, "steps", ())]


@pytest.fixture(params=[0, 1])
def tapped(request):
    return Tapped(port=request.param)


def test_a_whole_call_of_china_no_1(tapped):
    line = tapped.line
    line.idle()
    seized_ns = line.at_ns
    line.seize()
    line.dial("62345678", "87654321", ask_after=1, status=1)
    tapped.tick()
    answered_ns = line.at_ns
    line.answer()
    line.wait(30_000)
    ended_ns = line.at_ns
    line.clear()
    tapped.tick()
    (begun,) = tapped.told(Begun)
    assert (begun.at_ns, begun.from_port, begun.circuit) == (seized_ns, line.port, Circuit(0, 5))
    assert tapped.parties() == ("87654321", "62345678")
    assert tapped.told(Numbers)[-1].category == "subscriber"
    assert len(tapped.told(Ringing)) == 1
    assert [event.at_ns for event in tapped.told(Answered)] == [answered_ns]
    assert [(event.at_ns, event.cause, event.by_port) for event in tapped.told(Ended)] == [
        (ended_ns, 16, line.port)
    ]
    assert tapped.told(Trouble) == []


@pytest.mark.parametrize("ask_after", [1, 4, 8])
def test_the_caller_may_be_asked_for_at_any_digit(tapped, ask_after):
    tapped.line.idle()
    tapped.line.seize()
    tapped.line.dial("02087654", "13800138000", ask_after=ask_after)
    tapped.tick()
    assert tapped.parties() == ("13800138000", "02087654")


def test_a_caller_that_is_never_asked_for_stays_unknown(tapped):
    tapped.line.idle()
    tapped.line.seize()
    tapped.line.dial("110", None)
    tapped.tick()
    assert tapped.parties() == ("", "110")


def test_the_called_end_may_ask_for_all_digits_again(tapped):
    line = tapped.line
    line.idle()
    line.seize()
    line.cycle(6, 1)
    line.cycle(2, 2)  # from the first digit
    line.dial("6234", None)
    tapped.tick()
    assert tapped.parties() == ("", "6234")


@pytest.mark.parametrize(
    ("service", "status", "cause"), [(3, 4, 17), (3, 5, 1), (2, 2, 17), (2, 3, 17), (2, 4, 34), (2, 5, 1)]
)
def test_the_status_of_the_callee_is_a_cause(tapped, service, status, cause):
    line = tapped.line
    line.service = service
    line.idle()
    line.seize()
    line.dial("6234", None, status=status)
    line.clear()
    tapped.tick()
    assert [(event.cause, event.by_port) for event in tapped.told(Ended)] == [(cause, 1 - line.port)]
    assert tapped.told(Ringing) == []


@pytest.mark.parametrize(("backward", "cause"), [(4, 34), (5, 1)])
def test_a_number_that_is_refused_at_once_is_a_cause(tapped, backward, cause):
    line = tapped.line
    line.idle()
    line.seize()
    line.cycle(6, 1)
    line.cycle(2, backward)
    line.clear()
    tapped.tick()
    assert [event.cause for event in tapped.told(Ended)] == [cause]


@pytest.mark.parametrize(
    ("category", "service", "word"), [(8, 3, "priority"), (1, 4, "data"), (1, 1, "operator"), (1, 6, "test")]
)
def test_category_and_service_tell_who_calls(tapped, category, service, word):
    line = tapped.line
    line.category, line.service = category, service
    line.idle()
    line.seize()
    line.dial("6234", "1234")
    tapped.tick()
    assert tapped.told(Numbers)[-1].category == word


def test_a_callee_that_hangs_up_first_ends_the_call_then(tapped):
    line = tapped.line
    line.idle()
    line.seize()
    line.dial("6234", None)
    line.wait(1000)
    line.answer()
    line.wait(1000)
    line.hang_up_called()
    line.wait(1000)
    line.answer()  # taken up again
    line.wait(1000)
    hung_up_ns = line.at_ns
    line.hang_up_called()
    line.wait(5000)
    line.clear()
    tapped.tick()
    assert len(tapped.told(Answered)) == 1
    assert [(event.at_ns, event.by_port) for event in tapped.told(Ended)] == [(hung_up_ns, 1 - line.port)]


def test_tones_after_the_answer_are_speech(tapped):
    line = tapped.line
    line.idle()
    line.seize()
    line.dial("6234", None)
    line.answer()
    line.wait(100)
    line.cycle(7, 1)
    tapped.tick()
    assert tapped.parties() == ("", "6234")


def test_register_signals_are_wanted_from_seizure_to_answer(tapped):
    line, trunk = tapped.line, tapped.trunk
    line.idle()
    assert trunk.register_phase(5) is None
    line.seize()
    assert trunk.register_phase(5) == line.port
    line.answer()
    assert trunk.register_phase(5) is None
    line.clear()
    assert trunk.register_phase(5) is None
    line.seize()
    assert trunk.register_phase(5) == line.port


def test_the_ladder_of_a_call(tapped):
    line = tapped.line
    line.idle()
    line.seize()
    line.dial("6234", "1234")
    line.answer()
    line.wait(1000)
    line.clear()
    tapped.tick()
    assert tapped.labels() == [
        "SEIZURE", "SEIZURE ACKNOWLEDGED", "A-6", "KA 1", "ANI 1234", "A-3", "KD 3", "KB 1", "ANSWER", "CLEAR-FORWARD", "RELEASE-GUARD",
    ]  # fmt: skip


def test_a_call_in_the_midst_of_which_the_tap_begins_is_late():
    tapped = Tapped()
    tapped.line.answer()
    tapped.line.bits("calling", 0, 0)
    tapped.tick()
    (begun,) = tapped.told(Begun)
    assert begun.is_late
    assert len(tapped.told(Answered)) == 1


def test_a_call_in_the_midst_of_which_the_tap_begins_is_late_whichever_end_is_heard_first():
    tapped = Tapped()
    tapped.line.bits("calling", 0, 0)
    tapped.line.answer()
    tapped.tick()
    assert len(tapped.told(Answered)) == 1
    assert [event.code for event in tapped.told(Trouble)] == ["late"]


def test_of_two_seizures_the_one_that_stays_has_the_line():
    tapped = Tapped()
    line = tapped.line
    line.idle()
    line.bits("calling", 0, 0)
    line.wait(10)
    line.bits("called", 0, 0)
    line.wait(500)
    line.bits("calling", 1, 0)
    line.wait(100)
    line.bits("calling", 1, 1)  # acknowledges the other end's seizure
    line.wait(100)
    line.bits("calling", 0, 1)
    tapped.tick()
    first, second = tapped.told(Begun)
    assert (first.from_port, second.from_port) == (0, 1)
    assert [event.key for event in tapped.told(Ended)] == [first.key]
    assert [event.key for event in tapped.told(Answered)] == [second.key]
    assert [event.code for event in tapped.told(Trouble)] == ["glare"]


def test_a_line_in_fault_ends_its_call_unless_it_recovers_at_once():
    tapped = Tapped()
    line = tapped.line
    line.idle()
    line.seize()
    line.bits("calling", 1, 1)
    line.wait(500)
    line.bits("calling", 0, 0)
    tapped.tick()
    assert tapped.told(Ended) == []
    line.bits("calling", 1, 1)
    tapped.tick()
    line.wait(3000)
    tapped.tick()
    assert [event.cause for event in tapped.told(Ended)] == [27]


def test_blocking_is_no_call():
    tapped = Tapped()
    line = tapped.line
    line.idle()
    line.bits("called", 1, 1)
    line.wait(1000)
    line.bits("called", 1, 0)
    tapped.tick()
    assert tapped.events == []


def test_only_the_calling_direction_is_heard_and_its_calls_are_kept():
    tapped = Tapped()
    line = tapped.line
    line.bits("calling", 1, 0)
    line.bits("calling", 0, 0)
    for digit in (6, 2, 3, 4):
        tapped.trunk.tone(0, 5, line.at_ns, digit, is_forward=True)
        line.wait(100)
    line.bits("calling", 1, 0)
    tapped.tick()
    tapped.tick()
    assert tapped.parties() == ("", "6234")
    assert len(tapped.told(Ended)) == 1


def test_many_timeslots_are_kept_apart():
    tapped = Tapped()
    lines = [wire.ChinaNo1(tapped.trunk, timeslot=slot, port=slot % 2) for slot in range(1, 31) if slot != 16]
    for line in lines:
        line.idle()
        line.seize()
        line.dial(f"6{line.timeslot:03}", f"8{line.timeslot:03}")
    tapped.line.at_ns = max(line.at_ns for line in lines)
    tapped.tick()
    found = {event.key: event.circuit.timeslot for event in tapped.told(Begun)}
    last = {found[event.key]: (event.caller, event.callee) for event in tapped.told(Numbers)}
    assert last == {line.timeslot: (f"8{line.timeslot:03}", f"6{line.timeslot:03}") for line in lines}


# ---- R2 of ITU ------------------------------------------------------------------------------------------------------


def itu(*cycles):
    tapped = Tapped("itu")
    line = tapped.line
    line.idle()
    line.seize()
    for forward, backward in cycles:
        line.cycle(forward, backward)
    tapped.tick()
    return tapped


def test_a_call_of_r2_with_the_caller_asked_for():
    # as openr2's r2test dials: 8899, then A-5: category and the caller's digits, A-3, B-6
    tapped = itu((8, 1), (8, 1), (9, 1), (9, 5), (1, 5), (2, 5), (1, 5), (8, 3), (1, 6))
    assert tapped.parties() == ("218", "8899")
    assert len(tapped.told(Ringing)) == 1


def test_digits_of_r2_may_be_asked_for_again():
    tapped = itu((1, 1), (2, 2), (1, 1), (2, 7), (9, 1), (1, 1), (2, 1))
    # A-2 after 12 sends the 1 again, A-7 after 12 the digit before it
    assert tapped.parties()[1] == "912"


@pytest.mark.parametrize(("status", "cause"), [(3, 17), (4, 34), (5, 1), (8, 27), (2, 4)])
def test_the_status_of_r2_is_a_cause(status, cause):
    tapped = itu((1, 3), (1, status))
    tapped.line.clear()
    tapped.tick()
    assert [event.cause for event in tapped.told(Ended)] == [cause]


def test_what_sounds_like_signals_after_the_last_one_changes_nothing(tapped):
    line = tapped.line
    line.idle()
    line.seize()
    line.dial("62345678", "13800138000", ask_after=2)
    line.wait(200)
    for signal in (6, 4, 5, 2):  # a ring-back tone, an announcement
        line.trunk.tone(line.port, line.timeslot, line.at_ns, signal, is_forward=True)
        line.trunk.tone(1 - line.port, line.timeslot, line.at_ns, signal, is_forward=False)
        line.wait(300)
    line.clear()
    tapped.tick()
    assert tapped.parties() == ("13800138000", "62345678")
    assert tapped.told(Numbers)[-1].category == "subscriber"
    assert [event.cause for event in tapped.told(Ended)] == [16]


def test_an_acknowledgement_that_comes_before_its_seizure_opens_the_registers(tapped):
    line = tapped.line
    line.idle()
    line.bits("called", 1, 1)
    assert line.trunk.register_phase(5) == line.port
    line.bits("calling", 0, 0)
    assert line.trunk.register_phase(5) == line.port


class ReadLate:
    """A trunk whose line signals are told when they were read, which is later than they were; register signals have their place in the sound."""

    def __init__(self, trunk, late_ms):
        self.trunk, self.late_ns = trunk, late_ms * 1_000_000

    def bits(self, port, timeslot, at_ns, abcd):
        self.trunk.bits(port, timeslot, at_ns + self.late_ns, abcd)

    def tone(self, *told, **more):
        self.trunk.tone(*told, **more)


@pytest.mark.parametrize("late_ms", [60, 300, 2000])
def test_line_signals_that_are_read_late_lose_no_register_signal(tapped, late_ms):
    line = tapped.line
    line.trunk = ReadLate(tapped.trunk, late_ms)
    for callee in ("62345678", "87650000"):
        line.idle()
        line.seize()
        line.dial(callee, "13800138000", ask_after=3)
        line.wait(500 + late_ms)
        line.answer()
        line.wait(5000)
        line.clear()
        line.wait(late_ms)
        tapped.tick()
        assert tapped.parties() == ("13800138000", callee)
    assert len(tapped.told(Ringing)) == len(tapped.told(Answered)) == len(tapped.told(Ended)) == 2
